//! `entente transfer report`: what a year’s transfers come to, for those to whom a state reports.

use clap::{Args, ValueEnum};
use entente_register::money::group;
use entente_register::transfer::annual::{Direction, Outside, Placed, ReportKind};

use super::View;
use crate::api::transfer::annual::{
    AnnualReportObject, AnnualRowObject, TableObject, audience_of, clearance_of,
};
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
    let report = reader.annual_report(kind, arguments.year, &clearance_of(audience)).await?;
    store.close().await;
    let report = AnnualReportObject::of(&report, audience);
    match arguments.format {
        Format::Json => context.out.json(&report),
        Format::Csv => context.out.csv(&COLUMNS, cells(report)),
        Format::Text => context.out.print(&text(kind, &report)),
    }
}

fn text(kind: ReportKind, report: &AnnualReportObject) -> String {
    let mut text = format!("{}, {}", kind.name(), report.year);
    if !report.whole_year {
        text.push_str(&format!(", up to {}: the year is not over", report.until));
    }
    text.push_str(&format!("\nTold up to {}; to be sent by {}\n", report.audience, report.due_on));
    if report.partial {
        text.push_str("\nNot to be sent like this: there are markings that you may not see, and this is a part of the report.\n");
    }
    if report.unplaced > 0 {
        let lines = if report.unplaced == 1 { "line has" } else { "lines have" };
        text.push_str(&format!(
            "\nNot to be sent like this: {} {lines} no class, so that nobody can say where they belong.\n",
            report.unplaced
        ));
    }
    for (table, direction) in [(&report.exports, Direction::Export), (&report.imports, Direction::Import)] {
        text.push_str(&table_text(table, direction));
    }
    if !report.beside.is_empty() {
        text.push_str("\nIn no table\n");
        for why in Outside::ALL {
            let count = report.beside.iter().filter(|one| one.why == why.word()).count();
            if count > 0 {
                text.push_str(&format!("  {count} × {}\n", why.name()));
            }
        }
    }
    text
}

fn table_text(table: &TableObject, direction: Direction) -> String {
    let mut text = format!("\n{}\n", capital(direction.name()));
    if table.nil {
        text.push_str("  Nil: there is nothing to report.\n");
    } else if table.rows.is_empty() && table.withheld == 0 {
        text.push_str("  Nothing that is open to you.\n");
    }
    for row in &table.rows {
        let quantity = row.quantity.as_ref().map(|quantity| format!(" {} {}", group(quantity), row.unit));
        let values: Vec<String> =
            row.values.iter().map(|value| format!("{} {}", value.currency, group(&value.amount))).collect();
        let what = if row.is_refusal() { ("application", "applications") } else { ("licence", "licences") };
        text.push_str(&format!(
            "  {:<5} {}  {}{}  {}  {} {}\n",
            row.category,
            row.state,
            row.basis,
            quantity.unwrap_or_default(),
            values.join(", "),
            row.licences,
            if row.licences == 1 { what.0 } else { what.1 },
        ));
    }
    if table.withheld > 0 {
        text.push_str(&format!("  {} withheld\n", table.withheld));
    }
    text
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

pub(crate) const COLUMNS: [&str; 16] = [
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

fn cells(report: AnnualReportObject) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (kind, year) = (report.report.to_owned(), report.year.to_string());
    for (table, direction) in [(report.exports, Direction::Export), (report.imports, Direction::Import)] {
        let base = || vec![kind.clone(), year.clone(), direction.word().to_owned()];
        for row in table.rows {
            let mut cells = base();
            cells.extend(row_cells(&row));
            cells.push("no".to_owned());
            rows.push(cells);
        }
        for _ in 0..table.withheld {
            let mut cells = base();
            cells.resize(COLUMNS.len() - 1, String::new());
            cells.push("yes".to_owned());
            rows.push(cells);
        }
    }
    rows
}

/// The name of a category by its number.
fn category_name(word: &str) -> &'static str {
    use entente_register::embargo::Category;
    let all = Category::ALL.iter().copied().map(Placed::Category).chain([Placed::SmallArms]);
    all.into_iter().find(|placed| placed.word() == word).map_or("", |placed| placed.name())
}

fn row_cells(row: &AnnualRowObject) -> Vec<String> {
    let values: Vec<String> =
        row.values.iter().map(|value| format!("{} {}", value.currency, value.amount)).collect();
    let sources: Vec<String> = row
        .sources
        .iter()
        .map(|source| match &source.reference {
            Some(reference) => format!("{}/{} {reference}", source.number, source.line),
            None => format!("{}/{}", source.number, source.line),
        })
        .collect();
    vec![
        row.category.clone(),
        category_name(&row.category).to_owned(),
        row.state.clone(),
        row.via.join("; "),
        row.basis.to_owned(),
        row.quantity.clone().unwrap_or_default(),
        row.unit.to_owned(),
        values.join("; "),
        row.licences.to_string(),
        row.revoked.to_string(),
        row.descriptions.join("; "),
        sources.join("; "),
    ]
}
