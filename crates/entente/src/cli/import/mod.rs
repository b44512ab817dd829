//! `entente import TABLE FILE`: brings tables in, all or nothing; `entente import market` and `entente import indicators`:
//! statistics that others publish.

mod statistic;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use entente_register::ledger::Refusal;
use entente_store::Fault;

use super::{Context, Done, Halt, progress};
use crate::book::{Opened, Options, What, explain, ocds, refused};
use crate::formats::table::{Kind, template, workbook_template};

const EXAMPLES: &str = "\
Examples:
  entente import contracts --template csv > contracts.csv
  entente import deliveries september.xlsx --dry-run
  entente import deliveries september.csv
  entente import book --template xlsx > book.xlsx
  entente import book FOLDER --approve-as chair --approve-as secretary
  entente import ocds package.json --dry-run
  entente import market tiv-exports.csv
  entente import indicators population.csv

A row is found again by the reference that others gave: a contract and an opportunity by their own,
a line and a delivery by theirs within the contract. What the register holds already is left as it is; what
has moved on since is recorded; what differs is a fault. Every fault is named with its row and
column, and with a fault nothing at all is kept. A number has a point before its decimals, and
may have commas, blanks or apostrophes between its thousands; a date is 2012-09-30, or a date of
the spreadsheet.

A package of OCDS is taken by the same rules: releases are merged in the order of their dates, a
fault is named by its place in the document, and the report says what the register has no place
for. Of other publishers come contracts, parties, lines and amendments; deliveries need the
extension that docs/ocds/contract-execution describes.

Exit status: 0 if all is in, 2 if there is a fault.";

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sort {
    /// Text with commas, UTF-8
    Csv,
    /// A workbook of Excel or LibreOffice
    Xlsx,
    /// A package of Open Contracting Data
    Ocds,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What `import` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    statistic: Option<statistic::Statistic>,
    /// What is brought in
    #[arg(value_enum, required = true)]
    what: Option<What>,
    /// CSV or XLSX file; for a book a folder of CSV files, or one workbook; for OCDS a JSON file
    #[arg(required_unless_present_any = ["template", "columns"])]
    file: Option<PathBuf>,
    /// Try it, report, and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Account that approves what the file says is approved (yearly and corrective plans, the credit of offsets):
    /// nobody approves his own. Given several times, each time the first one approves who may
    #[arg(long, value_name = "NAME")]
    approve_as: Vec<String>,
    /// Control-list entry of the items of an OCDS package that are classified by other lists alone
    #[arg(long, value_name = "ENTRY")]
    category: Option<String>,
    /// Print a template with the columns and an example instead
    #[arg(long, value_enum, value_name = "SORT", conflicts_with_all = ["file", "columns"])]
    template: Option<Sort>,
    /// Say what stands in each column instead
    #[arg(long, conflicts_with = "file")]
    columns: bool,
    /// How the report is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Brings tables in.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    if let Some(statistic) = arguments.statistic {
        return statistic::run(context, statistic).await;
    }
    // The command line asks for it wherever no statistic is named.
    let what = arguments.what.ok_or_else(|| {
        Refusal::new("book.what", "It is not said what is brought in.")
            .field("what")
            .missing("a table, or a statistic")
    })?;
    if arguments.columns {
        return columns(context, what);
    }
    if let Some(sort) = arguments.template {
        return print_template(context, what, sort);
    }
    let file = arguments.file.unwrap_or_default();
    let reading = ocds::Reading { category: arguments.category.clone(), ..ocds::Reading::default() };
    let opened = Opened::of(&file, what, reading)?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let mut approvers = Vec::with_capacity(arguments.approve_as.len());
    for name in &arguments.approve_as {
        approvers.push(store.actor(name).await?);
    }
    let options = Options { is_trial: arguments.dry_run, approvers, ..Options::default() };
    let bar = progress::bar("Reading rows");
    let told = bar.clone();
    let progress = move |rows| told.set_position(rows);
    let done = opened.import(&store, &actor, options, &progress).await;
    bar.finish_and_clear();
    store.close().await;
    let report = done?;
    let text = match arguments.format {
        Format::Text => report.text(),
        Format::Json => report.json().map_err(|e| Fault::internal("writing the report", e))?,
    };
    context.out.print(&text)?;
    if report.is_clean() { Ok(()) } else { Err(Halt::Faulty) }
}

fn print_template(context: &mut Context, what: What, sort: Sort) -> Done {
    let refuse = |message: &str, missing: &str| {
        Refusal::new("book.template", message).field("template").missing(missing)
    };
    let kind = match (sort, what) {
        (Sort::Ocds, What::Ocds) => return context.out.bytes(&ocds::template()?),
        (Sort::Ocds, _) | (_, What::Ocds) => {
            return Err(refuse("A package is no table.", "entente import ocds --template ocds").into());
        }
        (Sort::Csv, _) => Kind::Csv,
        (Sort::Xlsx, _) => Kind::Xlsx,
    };
    if sort == Sort::Xlsx && context.out.is_terminal() {
        let missing = "a file: entente import … --template xlsx > template.xlsx";
        return Err(refuse("A workbook is not for a terminal.", missing).into());
    }
    let bytes = match (what.table(), kind) {
        (Some(table), kind) => template(table, kind),
        (None, Kind::Xlsx) => workbook_template(&what.tables()),
        (None, Kind::Csv) => {
            let missing = "a workbook, --template xlsx, or the template of one table (entente import --help names them)";
            return Err(refuse("It is many tables.", missing).into());
        }
    };
    context.out.bytes(&bytes.map_err(|error| refused(&error))?)
}

fn columns(context: &mut Context, what: What) -> Done {
    for table in what.tables() {
        context.out.line(table.word())?;
        context.out.print(&explain(table)?)?;
    }
    Ok(())
}
