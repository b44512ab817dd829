//! `entente execution-report`: the year's report as a file to print or to keep.

use std::path::{Path, PathBuf};

use clap::Args;
use entente_register::ledger::Refusal;
use entente_store::Fault;

use super::brief::View;
use super::export::{cannot, check_free};
use super::{Context, Done};
use crate::app::Defaults;
use crate::formats::{report_html, report_pdf};

const EXAMPLES: &str = "\
Examples:
  entente execution-report --output report-2012.pdf --as-of 2012-12-31
  entente execution-report --output report.pdf --as-of 2012-09-30 --known-at 2012-10-01T00:00:00Z
  entente execution-report --output report.html --plan 2012:3 --currency EUR
  entente execution-report --output report.pdf --as secretary --overwrite

The ending of the file says how it is written: .pdf is set on A4 sheets, with the marking at the head and
the foot of each, and is PDF/A-2a and PDF/UA-1; .html is one file with its style within, made to be printed.
Both hold the same figures, those of `entente brief`. With --known-at the same report comes out to the byte.";

/// What `execution-report` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// File to write, .pdf or .html
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Replace what is there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    view: View,
}

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Pdf,
    Html,
}

/// Writes the report.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let path = arguments.output;
    let form = form(&path)?;
    check_free("output", "report.output", &path, path.exists(), arguments.overwrite)?;
    let view = arguments.view.parameters()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let defaults = Defaults::of(&store).await?;
    let view = view.or(&defaults);
    let reader = store.reader(&actor, view.as_of, view.known_at).await?;
    let brief = reader.brief(&view.options()).await?;
    store.close().await;
    let bytes = match form {
        Form::Pdf => report_pdf::bytes(&brief, defaults.demonstration)?,
        Form::Html => report_html::text(&brief, defaults.demonstration)?.into_bytes(),
    };
    write(&path, &bytes)?;
    let marking = brief.marking.map(|marking| format!(", marked {marking}")).unwrap_or_default();
    context.out.note(&format!("{} bytes in {}{marking}.", bytes.len(), path.display()));
    Ok(())
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    std::fs::write(path, bytes).map_err(|e| cannot(path, &e))
}

/// By the ending of the file, looked at before anything is read.
fn form(path: &Path) -> Result<Form, Refusal> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("pdf") => Ok(Form::Pdf),
        Some("html" | "htm") => Ok(Form::Html),
        _ => Err(Refusal::new("report.output", format!("{} is neither .pdf nor .html.", path.display()))
            .field("output")
            .missing("a file whose name ends in .pdf or .html")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_form() {
        assert_eq!(form(Path::new("a/report.PDF")).unwrap(), Form::Pdf);
        assert_eq!(form(Path::new("report.html")).unwrap(), Form::Html);
        for bad in ["report", "report.docx", ".pdf"] {
            let refusal = form(Path::new(bad)).unwrap_err();
            assert_eq!((refusal.code, refusal.field.as_deref()), ("report.output", Some("output")), "{bad}");
        }
    }
}
