//! Annual reports of transfers, on one page: to whom, of which year, and up to which marking.

use askama::Template;
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::Refusal;
use entente_register::money::group;
use entente_register::transfer::annual::{AnnualReport, Basis, Beside, Direction, ReportKind, Row, Source};
use jiff::civil::Date;

use super::{Links, Named, Place, tabs};
use crate::api::transfer::annual::audience_of;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::opportunity::list::deadline_word;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, text, ways, yes};
use crate::web::visit::Visit;

/// Markings of an audience.
pub(super) const AUDIENCES: [Level; 4] = [Level::Public, Level::Official, Level::Confidential, Level::Secret];

/// Years that are offered.
const YEARS: i16 = 10;

/// Sources of a row that are shown without being opened.
const SHOWN: usize = 3;

/// A row of a report.
#[derive(Debug, Clone)]
pub(crate) struct AnnualCells {
    pub(crate) category: String,
    pub(crate) category_name: &'static str,
    pub(crate) state: String,
    pub(crate) via: String,
    pub(crate) basis: String,
    pub(crate) quantity: String,
    pub(crate) values: Vec<String>,
    pub(crate) licences: String,
    pub(crate) remarks: Vec<String>,
    pub(crate) descriptions: String,
    pub(crate) sources: Vec<(Named, String)>,
    pub(crate) more_sources: Vec<(Named, String)>,
    pub(crate) withheld: bool,
}

/// A table of a report.
#[derive(Debug, Clone)]
pub(crate) struct AnnualTable {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) state_name: &'static str,
    pub(crate) nil: bool,
    pub(crate) withheld: usize,
    pub(crate) rows: Vec<AnnualCells>,
}

/// What is in no table.
#[derive(Debug, Clone)]
pub(crate) struct BesideCells {
    pub(crate) why: &'static str,
    pub(crate) what: String,
    pub(crate) source: Named,
    pub(crate) reference: String,
    pub(crate) withheld: bool,
}

#[derive(Template)]
#[template(path = "transfer/annual.html")]
pub(crate) struct AnnualPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) reports: Vec<Choice>,
    pub(crate) years: Vec<Choice>,
    pub(crate) audiences: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) name: &'static str,
    pub(crate) year: i16,
    pub(crate) audience: String,
    pub(crate) until: Option<String>,
    pub(crate) due_on: String,
    pub(crate) due_word: String,
    pub(crate) partial: bool,
    pub(crate) unplaced: usize,
    pub(crate) rule: &'static str,
    pub(crate) annual: Vec<AnnualTable>,
    pub(crate) beside: Vec<BesideCells>,
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// What is asked for.
struct Wanted {
    kind: ReportKind,
    year: i16,
    audience: Level,
}

fn wanted(visit: &Visit, as_of: Date) -> Answer<Wanted> {
    let kind = match visit.parameter("report") {
        Some(word) => word.parse().map_err(|refusal: Refusal| refusal.field("report"))?,
        None => ReportKind::ArmsTradeTreaty,
    };
    // What is due next is of the last year that is over.
    let last = as_of.year().saturating_sub(1);
    let year = match visit.parameter("year") {
        Some(text) => text.parse().map_err(|_| {
            Refusal::new("transfer.report_year", format!("{text:?} is no year."))
                .field("year")
                .missing("a year, for example 2026")
        })?,
        None => last,
    };
    Ok(Wanted { kind, year, audience: audience_of(visit.parameter("audience"))? })
}

fn rule(kind: ReportKind) -> &'static str {
    match kind {
        ReportKind::ArmsTradeTreaty => {
            "Article 13, paragraph 3. Authorised is what the licences of the year granted, actual what was written off in it; the two are never added up. Parts (Article 4) and ammunition (Article 3) are in no category."
        }
        ReportKind::RegisterOfArms => {
            "Actual transfers alone, by the day on which they were written off: their departure or arrival. Small arms and light weapons, VIII here, have a form of their own."
        }
        ReportKind::CommonPosition => {
            "Article 8, paragraph 2. By entry of the control list and destination, amounts in their own currencies; what was refused with its criteria, by the last decision on each application."
        }
    }
}

fn sources(row: &Row, links: &Links) -> Vec<(Named, String)> {
    let cell = |source: &Source| {
        let href = match row.key.basis {
            Basis::Refused => links.application(&source.number),
            _ => links.licence(&source.number),
        };
        let line = format!("line {}", source.line);
        let said = source.reference.as_ref().map_or(line.clone(), |reference| format!("{line}, {reference}"));
        (Named::number(&source.number, href), said)
    };
    row.sources.iter().map(cell).collect()
}

impl AnnualCells {
    fn of(row: &Row, links: &Links) -> AnnualCells {
        let mut sources = sources(row, links);
        let more_sources = if sources.len() > SHOWN { sources.split_off(SHOWN) } else { Vec::new() };
        let mut remarks: Vec<String> =
            row.criteria.iter().map(|criterion| show::capital(criterion.name())).collect();
        if row.revoked > 0 {
            remarks.push(format!("{} revoked since", row.revoked));
        }
        AnnualCells {
            category: row.key.category.word().to_owned(),
            category_name: row.key.category.name(),
            state: if row.key.state.is_empty() { "not said".to_owned() } else { row.key.state.clone() },
            via: row.key.via.join(", "),
            basis: show::capital(row.key.basis.word()),
            quantity: row
                .quantity
                .map(|quantity| format!("{} {}", group(&quantity.to_string()), row.key.unit))
                .unwrap_or_default(),
            values: row
                .values
                .iter()
                .map(|value| {
                    format!("{} {}", value.currency.code(), show::exact(value.minor, value.currency))
                })
                .collect(),
            licences: row.licences.to_string(),
            remarks,
            descriptions: row.descriptions.iter().cloned().collect::<Vec<_>>().join("; "),
            sources,
            more_sources,
            withheld: row.key.withheld,
        }
    }
}

fn table(report: &AnnualReport, direction: Direction, links: &Links) -> AnnualTable {
    let (id, name, state_name) = match direction {
        Direction::Export => ("exports", "Exports", "Final importing state"),
        Direction::Import => ("imports", "Imports", "Exporting state"),
    };
    AnnualTable {
        id,
        name,
        state_name,
        nil: report.is_nil(direction),
        withheld: report.withheld(direction),
        rows: report
            .rows
            .iter()
            .filter(|row| row.key.direction == direction)
            .map(|row| AnnualCells::of(row, links))
            .collect(),
    }
}

impl BesideCells {
    fn of(one: &Beside, links: &Links) -> BesideCells {
        BesideCells {
            why: one.why.name(),
            what: one.description.clone(),
            source: Named::number(&one.source.number, links.licence(&one.source.number)),
            reference: one.source.reference.clone().unwrap_or_default(),
            withheld: one.withheld,
        }
    }
}

/// `GET /annual-reports`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let wanted = wanted(&visit, reader.as_of())?;
    let report = reader.annual_report(wanted.kind, wanted.year, &Clearance::of(wanted.audience)).await?;
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let audience = Label::of(wanted.audience).to_string();
    let choice = |value: String, name: String, chosen: bool| Choice { value, name, chosen };
    let this_year = reader.as_of().year();
    let mut years: Vec<i16> = (this_year - YEARS + 1..=this_year).rev().collect();
    if !years.contains(&wanted.year) {
        years.push(wanted.year);
    }
    let own = [
        ("report", wanted.kind.word().to_owned()),
        ("year", wanted.year.to_string()),
        ("audience", audience.clone()),
    ];
    let own: Vec<(&str, &str)> = own.iter().map(|(name, value)| (*name, value.as_str())).collect();
    crate::web::page(&AnnualPage {
        frame: visit.frame(Part::Transfers, "Annual reports", &reader),
        tabs: tabs(visit.actor(), &way, Place::AnnualReports),
        reports: ReportKind::ALL
            .iter()
            .map(|kind| choice(kind.word().to_owned(), kind.name().to_owned(), *kind == wanted.kind))
            .collect(),
        years: years
            .iter()
            .map(|year| choice(year.to_string(), year.to_string(), *year == wanted.year))
            .collect(),
        audiences: AUDIENCES
            .iter()
            .map(|level| {
                let name = Label::of(*level).to_string();
                choice(name.clone(), name, *level == wanted.audience)
            })
            .collect(),
        hidden: visit.hidden(),
        name: wanted.kind.name(),
        year: wanted.year,
        audience,
        until: (!report.is_whole()).then(|| show::day(report.until)),
        due_on: show::day(report.due_on),
        due_word: deadline_word(report.due_on, reader.as_of()),
        partial: report.is_partial,
        unplaced: report.unplaced(),
        rule: rule(wanted.kind),
        annual: vec![table(&report, Direction::Export, &links), table(&report, Direction::Import, &links)],
        beside: report.beside.iter().map(|one| BesideCells::of(one, &links)).collect(),
        tables: ways(|ending| way.with(&format!("/annual-reports.{ending}"), &own)),
    })
}

const COLUMNS: &[&str] = &[
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
    "value",
    "currency",
    "licences",
    "revoked",
    "criteria",
    "descriptions",
    "sources",
    "withheld",
];

/// `GET /annual-reports.csv` and `.xlsx`: what may be sent. A row has a line for each currency; one that is withheld says
/// that it is, and nothing else.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let wanted = wanted(&visit, reader.as_of())?;
    let report = reader.annual_report(wanted.kind, wanted.year, &Clearance::of(wanted.audience)).await?;
    // By their place among the others rows that are withheld would tell of what they are.
    let (mut withheld, told): (Vec<_>, Vec<_>) = report.rows.iter().partition(|row| row.key.withheld);
    withheld.sort_by_key(|row| row.key.direction);
    let rows = told.into_iter().chain(withheld).flat_map(|row| lines(&report, row)).collect();
    Table { name: "annual-report", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

fn lines(report: &AnnualReport, row: &Row) -> Vec<Vec<Out>> {
    let base =
        vec![text(report.kind.word()), Out::Whole(i64::from(report.year)), text(row.key.direction.word())];
    if row.key.withheld {
        let mut cells = base;
        cells.extend((cells.len()..COLUMNS.len() - 1).map(|_| Out::Empty).collect::<Vec<_>>());
        cells.push(yes(true));
        return vec![cells];
    }
    let joined = |words: Vec<String>| text(words.join("; "));
    let count = |count: usize| Out::Whole(i64::try_from(count).unwrap_or(i64::MAX));
    let values: Vec<_> = match row.values.as_slice() {
        [] => vec![None],
        values => values.iter().copied().map(Some).collect(),
    };
    values
        .into_iter()
        .map(|value| {
            let mut cells = base.clone();
            cells.extend([
                text(row.key.category.word()),
                text(row.key.category.name()),
                text(&row.key.state),
                joined(row.key.via.clone()),
                text(row.key.basis.word()),
                row.quantity.map_or(Out::Empty, |quantity| Out::Amount(quantity.to_string())),
                text(row.key.unit),
                value.map_or(Out::Empty, |value| Out::Amount(value.decimal())),
                value.map_or(Out::Empty, |value| text(value.currency.code())),
                count(row.licences),
                count(row.revoked),
                joined(row.criteria.iter().map(|criterion| criterion.word().to_owned()).collect()),
                joined(row.descriptions.iter().cloned().collect()),
                joined(row.sources.iter().map(ToString::to_string).collect()),
                yes(false),
            ]);
            cells
        })
        .collect()
}
