//! `entente export TABLE`: gives tables out, as `entente import` takes them.

use std::path::{Path, PathBuf};

use clap::Args;
use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::ledger::Refusal;
use entente_store::{Fault, FaultKind};

use super::import::What;
use super::{Context, Done, progress};
use crate::book::{Rows, export, file_of, write_csv, write_workbook};

const EXAMPLES: &str = "\
Examples:
  entente export contracts > contracts.csv
  entente export book --to book.xlsx
  entente export book --to FOLDER --known-at 2012-10-01T00:00:00Z

What you may see is given out, as known at the instant. The papers themselves are not: a backup
holds them. `entente import book` takes it as it is, and gives the same figures.";

/// What `export` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What is given out
    #[arg(value_enum)]
    what: What,
    /// File to write, .csv or .xlsx; for a book .xlsx or a folder [default: CSV on standard output]
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    overwrite: bool,
    /// Horizon: what was recorded after this instant is not known [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
}

/// Gives tables out.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let target = target(arguments.what, arguments.to.as_deref(), arguments.overwrite)?;
    let known_at = match &arguments.known_at {
        Some(text) => Some(entente_register::ledger::parse_instant("known_at", text)?),
        None => None,
    };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let reader = store.reader(&actor, None, known_at).await?;
    let bar = progress::bar("Reading the book");
    let told = bar.clone();
    let read = export(&reader, &move |events| told.set_position(events)).await;
    bar.finish_and_clear();
    drop(reader);
    store.close().await;
    let mut rows = read?;
    if let Some(table) = arguments.what.table() {
        rows.retain(|of, _| *of == table);
    }
    write(context, &rows, target)
}

enum Target {
    Output,
    Csv(PathBuf),
    Workbook(PathBuf),
    Folder(PathBuf),
}

/// Where to, checked before anything is read.
fn target(what: What, to: Option<&Path>, overwrite: bool) -> Result<Target, Refusal> {
    let refuse =
        |message: String, missing: &str| Refusal::new("book.target", message).field("to").missing(missing);
    let is_book = what.table().is_none();
    let Some(path) = to else {
        return match is_book {
            false => Ok(Target::Output),
            true => Err(refuse("A book is many tables.".into(), "--to with a folder, or with a .xlsx file")),
        };
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let target = match (ending.as_deref(), is_book) {
        (Some("xlsx"), _) => Target::Workbook(path.to_owned()),
        (Some("csv"), false) => Target::Csv(path.to_owned()),
        (Some("csv"), true) => {
            return Err(refuse("A book is many tables, and CSV is one.".into(), "a folder, or a .xlsx file"));
        }
        (_, true) => Target::Folder(path.to_owned()),
        (_, false) => {
            return Err(refuse(
                format!("{} is neither .csv nor .xlsx.", path.display()),
                "a .csv or .xlsx file",
            ));
        }
    };
    let is_there = match &target {
        Target::Folder(folder) => Table::ALL.iter().any(|table| file_of(folder, *table).exists()),
        _ => path.exists(),
    };
    if is_there && !overwrite {
        return Err(refuse(format!("{} is there already.", path.display()), "another name, or --overwrite"));
    }
    Ok(target)
}

fn write(context: &mut Context, rows: &Rows, target: Target) -> Done {
    let total: usize = rows.values().map(|rows| rows.len().saturating_sub(1)).sum();
    match target {
        Target::Output => {
            for rows in rows.values() {
                let mut bytes = Vec::new();
                write_csv(&mut bytes, rows)?;
                context.out.bytes(&bytes)?;
            }
            return Ok(());
        }
        Target::Csv(path) => {
            for rows in rows.values() {
                write_file(&path, rows)?;
            }
            context.out.note(&format!("{total} rows in {}.", path.display()));
        }
        Target::Workbook(path) => {
            let bytes = write_workbook(rows)?;
            std::fs::write(&path, bytes).map_err(|e| cannot(&path, &e))?;
            context.out.note(&format!("{total} rows in {}.", path.display()));
        }
        Target::Folder(folder) => {
            std::fs::create_dir_all(&folder).map_err(|e| cannot(&folder, &e))?;
            for (table, rows) in rows {
                write_file(&file_of(&folder, *table), rows)?;
            }
            context.out.note(&format!("{total} rows in {}.", folder.display()));
        }
    }
    Ok(())
}

fn write_file(path: &Path, rows: &[Vec<Cell>]) -> Done {
    let file = std::fs::File::create(path).map_err(|e| cannot(path, &e))?;
    Ok(write_csv(std::io::BufWriter::new(file), rows)?)
}

fn cannot(path: &Path, error: &std::io::Error) -> Fault {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull => FaultKind::DiskFull,
        _ => FaultKind::Internal,
    };
    Fault { kind, doing: format!("writing {}", path.display()), cause: error.to_string() }
}
