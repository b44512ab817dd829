//! The link of one thing, on its page: the chain from the contract to the inspection as one table, and what is broken of it.

use axum::extract::Path;
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::money::{Quantity, Unit};
use entente_register::transfer::link::{Row, RowKind};
use entente_store::reader::{LinkFocus, LinkView, Reader};
use jiff::civil::Date;

use super::breaks::BreakCells;
use super::{Links, Named};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::line::counted;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, optional, text};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Rows of a chain on a page at most; the table for spreadsheets has all.
const MOST: usize = 200;

/// Breaks beside it at most; the list has the others.
const MOST_BREAKS: usize = 10;

/// A row of the chain.
#[derive(Debug, Clone)]
pub(crate) struct ChainCells {
    pub(crate) level: u8,
    pub(crate) kind: String,
    pub(crate) name: Named,
    /// Its line, or the reference of a write-off.
    pub(crate) part: String,
    pub(crate) title: String,
    /// Its day, in words.
    pub(crate) when: String,
    /// The delivery that a write-off names.
    pub(crate) delivery: Option<Named>,
    /// From contracted to inspected, empty where the step does not apply.
    pub(crate) sums: [String; 7],
}

/// The section of a page.
#[derive(Debug, Clone)]
pub(crate) struct LinkSection {
    pub(crate) rows: Vec<ChainCells>,
    /// How many rows are not shown.
    pub(crate) more: usize,
    pub(crate) breaks: Vec<BreakCells>,
    /// How many breaks are not shown.
    pub(crate) more_breaks: i64,
    /// The list of all breaks of the contract.
    pub(crate) all_breaks: Option<String>,
    /// Whether something may be hidden from the reader.
    pub(crate) partial: bool,
    /// Where its table for spreadsheets is, without the ending.
    pub(crate) table: String,
}

/// The names of the steps, in their order.
pub(crate) const STEPS: [&str; 7] =
    ["Contracted", "Applied for", "Licensed", "Written off", "Delivered", "Verified", "Inspected"];

impl LinkSection {
    /// The section of a page with its marking; none where the reader is not told of the chain, or there is none.
    pub(in crate::web) async fn of(
        visit: &Visit,
        reader: &Reader,
        focus: LinkFocus,
    ) -> Answer<Option<(LinkSection, Option<Label>)>> {
        if !reader.tells_chain() {
            return Ok(None);
        }
        let view = reader.link(&focus).await?;
        let is_linked = view.rows.iter().any(|row| row.kind != RowKind::Line) || !view.breaks.rows.is_empty();
        if !is_linked {
            return Ok(None);
        }
        let way = visit.way();
        let links = Links::of(visit.actor(), &way);
        let section = section(&view, &focus, reader.as_of(), &links, &way);
        Ok(Some((section, view.label)))
    }
}

/// The section of a page beside its marking, as a page takes both: the marking is at least the page’s own.
pub(in crate::web) fn apart(
    found: Option<(LinkSection, Option<Label>)>,
    own: &Label,
) -> (Option<LinkSection>, Label) {
    match found {
        None => (None, own.clone()),
        Some((section, label)) => {
            let label = label.map_or_else(|| own.clone(), |label| own.join(&label));
            (Some(section), label)
        }
    }
}

/// Writes it for people.
pub(crate) fn section(
    view: &LinkView,
    focus: &LinkFocus,
    as_of: Date,
    links: &Links,
    way: &Way,
) -> LinkSection {
    let contract = view.graph.lines.values().map(|line| line.contract.as_str()).next();
    let shown = i64::try_from(view.breaks.rows.len().min(MOST_BREAKS)).unwrap_or(i64::MAX);
    LinkSection {
        more: view.rows.len().saturating_sub(MOST),
        rows: view.rows.iter().take(MOST).map(|row| cells(row, as_of, links)).collect(),
        more_breaks: view.breaks.total.saturating_sub(shown),
        breaks: view.breaks.rows.iter().take(MOST_BREAKS).map(|row| BreakCells::of(row, links)).collect(),
        all_breaks: contract.map(|contract| way.with("/breaks", &[("contract", contract), ("told", "both")])),
        partial: view.partial,
        table: path(focus),
    }
}

/// Where the table of a chain is, without its ending.
fn path(focus: &LinkFocus) -> String {
    let part = match focus {
        LinkFocus::Contract(_) => "contracts",
        LinkFocus::Line(_) => "lines",
        LinkFocus::Delivery(_) => "deliveries",
        LinkFocus::Application(_) => "applications",
        LinkFocus::Licence(_) => "licences",
        LinkFocus::Certificate(_) => "certificates",
        LinkFocus::Inspection(_) => "inspections",
    };
    format!("/{part}/{}/link", focus.number())
}

fn name(row: &Row, links: &Links) -> Named {
    let number = row.number.as_str();
    let href = match row.kind {
        RowKind::Line => links.contract_line(number),
        RowKind::Application => links.application(number),
        RowKind::Licence | RowKind::WriteOff => links.licence(number),
        RowKind::Certificate => links.certificate(number),
        RowKind::Delivery => links.delivery(number),
        RowKind::Inspection => links.inspection(number),
    };
    Named::number(number, href)
}

fn cells(row: &Row, as_of: Date, links: &Links) -> ChainCells {
    let on = row.on.map(show::day);
    let when = match (row.kind, on) {
        (RowKind::Line, Some(on)) => format!("due {on}"),
        (RowKind::Licence | RowKind::Certificate, Some(on)) => format!("valid until {on}"),
        (RowKind::Delivery, Some(on)) => format!("handed over {on}"),
        (RowKind::Inspection, Some(on)) => format!("visited {on}"),
        (RowKind::Inspection, None) => "not visited yet".to_owned(),
        (RowKind::WriteOff, Some(on)) => match row.due_on {
            Some(due) if due < as_of => format!("shipped {on}, was to be verified by {}", show::day(due)),
            Some(due) => format!("shipped {on}, to be verified by {}", show::day(due)),
            None => format!("shipped {on}"),
        },
        _ => String::new(),
    };
    let sums = &row.sums;
    let quantity = |quantity: Option<Quantity>| match (quantity, row.unit) {
        (Some(quantity), Some(unit)) => counted(quantity, unit),
        _ => String::new(),
    };
    ChainCells {
        level: row.level.min(3),
        kind: show::capital(row.kind.name()),
        name: name(row, links),
        part: match row.kind {
            RowKind::Application | RowKind::Licence => format!("line {}", row.part),
            _ => row.part.clone(),
        },
        title: row.title.clone(),
        when,
        delivery: row
            .delivery
            .as_ref()
            .filter(|_| row.kind == RowKind::WriteOff)
            .map(|number| Named::number(number, links.delivery(number))),
        sums: [
            quantity(sums.contracted),
            quantity(sums.applied),
            quantity(sums.licensed),
            quantity(sums.written_off),
            quantity(sums.delivered),
            quantity(sums.verified),
            sums.inspected.map(|(seen, expected)| format!("{seen} of {expected} seen")).unwrap_or_default(),
        ],
    }
}

const COLUMNS: &[&str] = &[
    "level",
    "kind",
    "number",
    "part",
    "title",
    "on",
    "due_on",
    "delivery",
    "unit",
    "contracted",
    "applied",
    "licensed",
    "written_off",
    "delivered",
    "verified",
    "seen",
    "to_be_seen",
];

/// `GET /contracts/{number}/link.csv` and the like
pub(in crate::web) async fn export(
    visit: Visit,
    Path(number): Path<String>,
    of: &'static str,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let focus = LinkFocus::of(of, &number).ok_or_else(|| Refusal::not_found("link", &number))?;
    let view = reader.link(&focus).await?;
    let quantity =
        |quantity: Option<Quantity>| quantity.map_or(Out::Empty, |one| Out::Amount(one.to_string()));
    let rows = view.rows.iter().map(|row| {
        let sums = &row.sums;
        let count = |count: Option<u32>| count.map_or(Out::Empty, |count| Out::Whole(i64::from(count)));
        vec![
            Out::Whole(i64::from(row.level)),
            text(row.kind.word()),
            text(&row.number),
            text(&row.part),
            text(&row.title),
            day(row.on),
            day(row.due_on),
            optional(row.delivery.as_deref()),
            optional(row.unit.map(Unit::code)),
            quantity(sums.contracted),
            quantity(sums.applied),
            quantity(sums.licensed),
            quantity(sums.written_off),
            quantity(sums.delivered),
            quantity(sums.verified),
            count(sums.inspected.map(|(seen, _)| seen)),
            count(sums.inspected.map(|(_, expected)| expected)),
        ]
    });
    let table = Table { name: "link", columns: COLUMNS, rows: rows.collect() };
    table.answer(kind, reader.as_of()).await
}
