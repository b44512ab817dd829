//! `entente transfer report`: what a year’s transfers come to, for those to whom a state reports.

use clap::{Args, ValueEnum};
use entente_register::label::{Clearance, Label, Level};
use entente_register::money::group;
use entente_register::transfer::annual::{AnnualReport, Basis, Direction, Outside, ReportKind, Row};

use super::View;
use crate::api::transfer::annual::{AnnualReportObject, audience_of};
use crate::cli::{Context, Done};

const NOTES: &str = "\
Authorised is what the licences of the year granted; actual is what was written off in it: the two are never added up. Of
what is marked above the audience the report says how many rows it is, and nothing else. The same --as-of and --known-at
give the same bytes for ever.";

#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub(super) struct Arguments {
    /// To whom
    #[arg(value_enum)]
    report: To,
    /// Of which year
    year: i16,
    /// Up to which marking is told
    #[arg(long, value_name = "MARKING", default_value = "PUBLIC")]
    audience: String,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// The Arms Trade Treaty: categories I to VIII, authorised and actual
    ArmsTradeTreaty,
    /// The United Nations Register of Conventional Arms: actual transfers
    RegisterOfArms,
    /// The tables of the Common Position: by control list and destination, with what was refused
    CommonPosition,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For a spreadsheet, a row each; what is withheld as a row that says so
    Csv,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let kind = match arguments.report {
        To::ArmsTradeTreaty => ReportKind::ArmsTradeTreaty,
        To::RegisterOfArms => ReportKind::RegisterOfArms,
        To::CommonPosition => ReportKind::CommonPosition,
    };
    let audience = audience_of(Some(&arguments.audience))?;
    let (store, reader) = arguments.view.reader(context).await?;
    let report = reader.annual_report(kind, arguments.year, &Clearance::of(audience)).await?;
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&AnnualReportObject::of(&report, audience)),
        Format::Csv => context.out.csv(&COLUMNS, cells(&report)),
        Format::Text => context.out.print(&text(&report, audience)),
    }
}

fn text(report: &AnnualReport, audience: Level) -> String {
    let mut text = format!("{}, {}", report.kind.name(), report.year);
    if !report.is_whole() {
        text.push_str(&format!(", up to {}: the year is not over", report.until));
    }
    text.push_str(&format!("\nTold up to {}; to be sent by {}\n", Label::of(audience), report.due_on));
    if report.is_partial {
        text.push_str("\nNot to be sent like this: there are markings that you may not see, and this is a part of the report.\n");
    }
    let unplaced = report.unplaced();
    if unplaced > 0 {
        let lines = if unplaced == 1 { "line has" } else { "lines have" };
        text.push_str(&format!(
            "\nNot to be sent like this: {unplaced} {lines} no class, so that nobody can say where they belong.\n"
        ));
    }
    for direction in Direction::ALL {
        text.push_str(&table_text(report, *direction));
    }
    let beside: Vec<_> = report.beside.iter().filter(|one| !one.withheld).collect();
    if !beside.is_empty() {
        text.push_str("\nIn no table\n");
        for why in Outside::ALL {
            let count = beside.iter().filter(|one| one.why == *why).count();
            if count > 0 {
                text.push_str(&format!("  {count} × {}\n", why.name()));
            }
        }
    }
    text
}

fn table_text(report: &AnnualReport, direction: Direction) -> String {
    let mut text = format!("\n{}\n", capital(direction.name()));
    let (withheld, mut told) = (report.withheld(direction), report.told(direction).peekable());
    if report.is_nil(direction) {
        text.push_str("  Nil: there is nothing to report.\n");
    } else if told.peek().is_none() && withheld == 0 {
        text.push_str("  Nothing that is open to you.\n");
    }
    for row in told {
        let quantity =
            row.quantity.map(|quantity| format!(" {} {}", group(&quantity.to_string()), row.key.unit));
        let values =
            row.values.iter().map(|value| format!("{} {}", value.currency.code(), group(&value.decimal())));
        let (one, several) = match row.key.basis {
            Basis::Refused => ("application", "applications"),
            _ => ("licence", "licences"),
        };
        text.push_str(&format!(
            "  {:<5} {}  {}{}  {}  {} {}\n",
            row.key.category.word(),
            row.key.state,
            row.key.basis.word(),
            quantity.unwrap_or_default(),
            values.collect::<Vec<_>>().join(", "),
            row.licences,
            if row.licences == 1 { one } else { several },
        ));
    }
    if withheld > 0 {
        text.push_str(&format!("  {withheld} withheld\n"));
    }
    text
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

const COLUMNS: [&str; 16] = [
    "report",
    "year",
    "direction",
    "category",
    "category_name",
    "state",
    "via",
    "basis",
    "quantity",
    "unit",
    "values",
    "licences",
    "revoked",
    "descriptions",
    "sources",
    "withheld",
];

fn cells(report: &AnnualReport) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for direction in Direction::ALL {
        let base =
            || vec![report.kind.word().to_owned(), report.year.to_string(), direction.word().to_owned()];
        for row in report.told(*direction) {
            let mut cells = base();
            cells.extend(row_cells(row));
            cells.push("no".to_owned());
            rows.push(cells);
        }
        for _ in 0..report.withheld(*direction) {
            let mut cells = base();
            cells.resize(COLUMNS.len() - 1, String::new());
            cells.push("yes".to_owned());
            rows.push(cells);
        }
    }
    rows
}

fn row_cells(row: &Row) -> Vec<String> {
    let joined = |words: Vec<String>| words.join("; ");
    vec![
        row.key.category.word().to_owned(),
        row.key.category.name().to_owned(),
        row.key.state.clone(),
        joined(row.key.via.clone()),
        row.key.basis.word().to_owned(),
        row.quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
        row.key.unit.to_owned(),
        joined(
            row.values.iter().map(|value| format!("{} {}", value.currency.code(), value.decimal())).collect(),
        ),
        row.licences.to_string(),
        row.revoked.to_string(),
        joined(row.descriptions.iter().cloned().collect()),
        joined(row.sources.iter().map(ToString::to_string).collect()),
    ]
}
