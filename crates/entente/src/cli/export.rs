//! `entente export TABLE`: gives tables out, as `entente import` takes them.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::ledger::Refusal;
use entente_store::{Fault, FaultKind};

use super::{Context, Done, progress};
use crate::book::{Rows, What, file_of, gather, ocds, write_csv, write_workbook};

const EXAMPLES: &str = "\
Examples:
  entente export contracts > contracts.csv
  entente export book --to book.xlsx
  entente export book --to FOLDER --known-at 2012-10-01T00:00:00Z
  entente export ocds --to book.json
  entente export ocds --scope public --publisher 'State Commission' --prefix ocds-a1b2c3 > public.json

What you may see is given out, as known at the instant. The papers themselves are not: a backup
holds them. `entente import book` takes it as it is, and every figure of the brief comes out to the
cent, as of any day; so does `entente import ocds` of a package of full scope. Not in a book are
reports, published forecasts, plans that were given up, what was recorded in error, earlier answers
to a claim and the basis of a price revision: `entente backup` moves a register whole. A package of
public scope holds what is marked PUBLIC and nothing else, whoever asks for it, and says of each
closed field that it is closed.";

/// For whom a package is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Scope {
    /// All that you may see
    Full,
    /// What everyone may see
    Public,
}

/// What `export` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// What is given out
    #[arg(value_enum)]
    what: What,
    /// File to write, .csv or .xlsx; for a book .xlsx or a folder, for OCDS .json [default: standard output]
    #[arg(long, value_name = "PATH")]
    to: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    overwrite: bool,
    /// Horizon: what was recorded after this instant is not known [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// For whom an OCDS package is made
    #[arg(long, value_enum, default_value = "full", help_heading = "OCDS")]
    scope: Scope,
    /// Who publishes it
    #[arg(long, value_name = "NAME", default_value = "Entente", help_heading = "OCDS")]
    publisher: String,
    /// Prefix of its identifiers: the one that the Open Contracting Partnership gave the publisher
    #[arg(long, default_value = ocds::PREFIX, help_heading = "OCDS")]
    prefix: String,
    /// Address at which our extension’s extension.json is published
    #[arg(long, value_name = "URI", default_value = ocds::CONTRACT_EXECUTION, help_heading = "OCDS")]
    extension: String,
}

/// Gives tables out.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let is_package = arguments.what == What::Ocds;
    let is_public = arguments.scope == Scope::Public;
    if is_public && !is_package {
        return Err(Refusal::new("book.scope", "A table is given out whole, to whoever may see it.")
            .field("scope")
            .missing("`entente export ocds --scope public`, which is made to be published")
            .into());
    }
    let target = target(arguments.what, arguments.to.as_deref(), arguments.overwrite)?;
    let known_at = match &arguments.known_at {
        Some(text) => Some(entente_register::ledger::parse_instant("known_at", text)?),
        None => None,
    };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let actor = if is_public { actor.limited_to_public() } else { actor };
    let reader = store.reader(&actor, None, known_at).await?;
    let bar = progress::bar("Reading the book");
    let told = bar.clone();
    let read = gather(&reader, &move |events| told.set_position(events)).await;
    bar.finish_and_clear();
    let published = reader.known_at();
    drop(reader);
    store.close().await;
    let mut book = read?;
    if is_package {
        let Arguments { publisher, prefix, extension, .. } = arguments;
        let options = ocds::Options { publisher, prefix, extension, published, is_public };
        let mut package = Vec::new();
        ocds::write(&book, &options, &mut package)?;
        return write_package(context, &package, target);
    }
    let tables = arguments.what.tables();
    book.rows.retain(|of, _| tables.contains(of));
    write(context, &book.rows, target)
}

enum Target {
    Output,
    Csv(PathBuf),
    Workbook(PathBuf),
    Folder(PathBuf),
    Package(PathBuf),
}

/// Where to, checked before anything is read.
fn target(what: What, to: Option<&Path>, overwrite: bool) -> Result<Target, Refusal> {
    let refuse =
        |message: String, missing: &str| Refusal::new("book.target", message).field("to").missing(missing);
    let is_book = matches!(what, What::Book | What::Payments);
    let Some(path) = to else {
        return match is_book {
            false => Ok(Target::Output),
            true => Err(refuse("It is many tables.".into(), "--to with a folder, or with a .xlsx file")),
        };
    };
    if what == What::Ocds {
        check_free("to", "book.target", path, path.exists(), overwrite)?;
        return Ok(Target::Package(path.to_owned()));
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let target = match (ending.as_deref(), is_book) {
        (Some("xlsx"), _) => Target::Workbook(path.to_owned()),
        (Some("csv"), false) => Target::Csv(path.to_owned()),
        (Some("csv"), true) => {
            return Err(refuse("It is many tables, and CSV is one.".into(), "a folder, or a .xlsx file"));
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
    check_free("to", "book.target", path, is_there, overwrite)?;
    Ok(target)
}

/// Refuses to write over what is there.
///
/// # Errors
/// A refusal of this code, of this option.
pub(super) fn check_free(
    option: &'static str,
    code: &'static str,
    path: &Path,
    is_there: bool,
    overwrite: bool,
) -> Result<(), Refusal> {
    if !is_there || overwrite {
        return Ok(());
    }
    Err(Refusal::new(code, format!("{} is there already.", path.display()))
        .field(option)
        .missing("another name, or --overwrite"))
}

fn write_package(context: &mut Context, package: &[u8], target: Target) -> Done {
    let Target::Package(path) = target else { return context.out.bytes(package) };
    std::fs::write(&path, package).map_err(|e| cannot(&path, &e))?;
    context.out.note(&format!("{} bytes in {}.", package.len(), path.display()));
    Ok(())
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
        Target::Csv(path) | Target::Package(path) => {
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

/// What became of a file that could not be written.
pub(super) fn cannot(path: &Path, error: &std::io::Error) -> Fault {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull => FaultKind::DiskFull,
        _ => FaultKind::Internal,
    };
    Fault { kind, doing: format!("writing {}", path.display()), cause: error.to_string() }
}
