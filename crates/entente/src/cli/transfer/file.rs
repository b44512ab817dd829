//! `entente transfer file`: the full file of an application, as one archive.

use std::path::PathBuf;

use clap::Args;

use super::View;
use crate::cli::export::{cannot, check_free};
use crate::cli::{Context, Done};
use crate::formats::case_file::archive;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Number of the application
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Where it is written [default: NUMBER.zip]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    view: View,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let path = arguments.output.clone().unwrap_or_else(|| PathBuf::from(format!("{}.zip", arguments.number)));
    check_free("output", "file.output", &path, path.exists(), arguments.overwrite)?;
    let (store, reader) = arguments.view.reader(context).await?;
    let file = reader.case_file(&arguments.number).await?;
    let (as_of, known_to) = (reader.as_of(), reader.known_to());
    store.close().await;
    let bytes = archive(file, as_of, known_to)?;
    std::fs::write(&path, &bytes).map_err(|error| cannot(&path, &error))?;
    context.out.note(&format!("{} bytes in {}.", bytes.len(), path.display()));
    Ok(())
}
