//! Years as a timeline: each contract from its signature to its last line, with the days of its lines.

use std::collections::BTreeMap;

use askama::Template;
use entente_register::contract::MACHINE;
use entente_register::ledger::{Fallible, Refusal};
use entente_store::reader::{
    ContractFilter, ContractRow, ContractSort, DueFilter, DueLine, DueState, Page, Reader,
};
use jiff::civil::Date;

use super::month::reader_counting;
use crate::chart::{Mark, Span, Svg, Years, span, years};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, day, every, text, whole};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A contract on the timeline.
#[derive(Debug, Clone)]
pub(crate) struct SpanCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) partner: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) span: Svg,
    /// The same in words.
    pub(crate) words: String,
    pub(crate) late: bool,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct TimelineView {
    pub(crate) from: i16,
    pub(crate) to: i16,
    pub(crate) earlier: String,
    pub(crate) later: String,
    pub(crate) calendar: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) partners: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) scale: Svg,
    pub(crate) rows: Vec<SpanCells>,
    pub(crate) counted: String,
}

#[derive(Template)]
#[template(path = "calendar/timeline.html")]
pub(crate) struct TimelinePage {
    pub(crate) frame: Frame,
    pub(crate) view: TimelineView,
    pub(crate) pages: Pages,
}

/// Contracts on a page.
const CONTRACTS: i64 = 30;

/// Contracts of which the lines are read at once for a table.
const CHUNK: usize = 500;

/// Years on a page.
const YEARS: i16 = 5;

/// Reads a year.
fn year_of(text: &str) -> Fallible<i16> {
    text.parse().ok().filter(|year| (1900..=2990).contains(year)).ok_or_else(|| {
        Refusal::new("year.malformed", format!("{text:?} is no year."))
            .field("from")
            .missing("a year from 1900 to 2990")
    })
}

/// The states that can be chosen; contracts in force unless another is asked for.
fn states() -> Vec<(&'static str, &'static str)> {
    MACHINE.states().into_iter().chain(["all"]).map(|state| (state, state)).collect()
}

/// The state that is asked for, and how contracts are narrowed by it and by the partner.
fn filter(visit: &Visit) -> Answer<(&'static str, ContractFilter)> {
    let state = one_of("state", visit.parameter("state"), &states(), "in_force")?;
    let filter = ContractFilter {
        partner: visit.parameter("partner").map(str::to_owned),
        state: (state != "all").then(|| state.to_owned()),
        ..ContractFilter::default()
    };
    Ok((state, filter))
}

/// `GET /timeline`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let from = match visit.parameter("from") {
        Some(text) => year_of(text)?,
        None => reader.as_of().year() - 1,
    };
    let (state, filter) = filter(&visit)?;
    let partner = filter.partner.clone();
    let page = Page { limit: CONTRACTS, ..visit.page };
    let contracts = reader.contracts(&filter, ContractSort::SignedOn, true, page).await?;
    let lines = lines_of(&reader, &contracts.rows).await?;
    let names = reader.partners().await?;
    let frame = visit
        .frame(Part::Calendar, "Timeline of contracts", &reader)
        .marked_by(contracts.rows.iter().map(|row| &row.label));
    let scale = Years { from, to: from + YEARS - 1, today: reader.as_of() };
    let way = visit.way();
    let to = |from: i16| {
        way.with(
            "/timeline",
            &[
                ("from", &from.to_string()),
                ("state", if state == "in_force" { "" } else { state }),
                ("partner", partner.as_deref().unwrap_or_default()),
            ],
        )
    };
    let view = TimelineView {
        from,
        to: scale.to,
        earlier: to(from - 1),
        later: to(from + 1),
        calendar: way.with("/calendar", &[("partner", partner.as_deref().unwrap_or_default())]),
        hidden: visit.hidden(),
        partners: Choice::partners("All", &names, partner.as_deref()),
        states: states()
            .into_iter()
            .map(|(word, _)| Choice {
                value: word.to_owned(),
                name: show::capital(word),
                chosen: word == state,
            })
            .collect(),
        scale: years(scale),
        rows: contracts
            .rows
            .iter()
            .map(|row| cells(row, lines.get(&row.number).map_or(&[][..], Vec::as_slice), scale, &way))
            .collect(),
        counted: reader_counting(&visit).to_owned(),
    };
    let pages = visit.pages(&contracts);
    crate::web::page(&TimelinePage { frame, view, pages })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "contract",
    "title",
    "partner",
    "partner_name",
    "state",
    "signed_on",
    "first_due_on",
    "last_due_on",
    "last_completed_on",
    "lines",
    "overdue_lines",
    "delivered_lines",
    "lines_to_come",
    "lines_not_delivered_by_the_end",
    "amount",
    "currency",
    "counting",
    "label",
];

/// `GET /timeline.csv` and `.xlsx`: the contracts as they are narrowed, with the days of their lines.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let (_, filter) = filter(&visit)?;
    let reader = visit.reader().await?;
    let of = |page| reader.contracts(&filter, ContractSort::SignedOn, true, page);
    let contracts = every(("contracts", "state or partner"), of).await?;
    let mut rows = Vec::with_capacity(contracts.len());
    for some in contracts.chunks(CHUNK) {
        let lines = lines_of(&reader, some).await?;
        let lines_of = |row: &ContractRow| lines.get(&row.number).map_or(&[][..], Vec::as_slice);
        rows.extend(some.iter().map(|row| exported(row, lines_of(row))));
    }
    Table { name: "timeline", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

fn exported(row: &ContractRow, lines: &[DueLine]) -> Vec<Out> {
    let of = |state: DueState| Out::Whole(lines.iter().filter(|line| line.state == state).count() as i64);
    vec![
        text(&row.number),
        text(&row.title),
        text(&row.partner),
        text(&row.partner_name),
        text(&row.state),
        day(row.signed_on),
        day(lines.first().map(|line| line.due_on)),
        day(lines.last().map(|line| line.due_on)),
        day(lines.iter().filter_map(|line| line.completed_on).max()),
        Out::Whole(lines.len() as i64),
        of(DueState::Overdue),
        of(DueState::Delivered),
        of(DueState::Open),
        of(DueState::Ended),
        amount(row.amount),
        text(row.amount.currency.code()),
        text(row.counting.word()),
        text(row.label.to_string()),
    ]
}

/// All lines of the contracts of a page, by contract.
async fn lines_of(reader: &Reader, contracts: &[ContractRow]) -> Answer<BTreeMap<String, Vec<DueLine>>> {
    let numbers = contracts.iter().map(|row| row.number.clone()).collect();
    let filter = DueFilter { contracts: Some(numbers), ..DueFilter::default() };
    let mut lines: BTreeMap<String, Vec<DueLine>> = BTreeMap::new();
    for row in whole(|_| Ok(()), |page| reader.calendar(&filter, page)).await? {
        lines.entry(row.contract.clone()).or_default().push(row);
    }
    Ok(lines)
}

/// Writes a contract for people.
pub(crate) fn cells(row: &ContractRow, lines: &[DueLine], scale: Years, way: &Way) -> SpanCells {
    let of = |state: DueState| lines.iter().filter(move |line| line.state == state).count() as i64;
    let first = row.signed_on.or(lines.first().map(|line| line.due_on));
    let last = lines.last().map(|line| line.due_on).or(first);
    let words = words(row.signed_on, lines, of);
    let marks: Vec<Mark> =
        lines.iter().map(|line| Mark { on: line.due_on, class: class(line.state) }).collect();
    let svg = match (first, last) {
        (Some(from), Some(to)) => {
            let title = format!("Contract {}", row.number);
            let id = format!("c-{}", row.number);
            let to = to.max(from);
            span(scale, &Span { id: &id, from, to, marks: &marks, title: &title, words: &words })
        }
        _ => Svg::default(),
    };
    SpanCells {
        number: row.number.clone(),
        href: way.to(&format!("/contracts/{}", row.number)),
        title: row.title.clone(),
        partner: row.partner_name.clone(),
        state: show::capital(&row.state),
        state_word: row.state.clone(),
        span: svg,
        words,
        late: of(DueState::Overdue) > 0,
    }
}

fn class(state: DueState) -> &'static str {
    match state {
        DueState::Overdue => "span-overdue",
        DueState::Open => "span-open",
        DueState::Delivered => "span-delivered",
        DueState::Ended => "span-ended",
    }
}

/// `signed 3 Mar 2011; 4 lines due by 30 Jun 2014: 1 overdue, 2 delivered, 1 to come`
fn words(signed_on: Option<Date>, lines: &[DueLine], of: impl Fn(DueState) -> i64) -> String {
    let mut text =
        signed_on.map_or_else(|| "not signed".to_owned(), |on| format!("signed {}", show::day(on)));
    let Some(last) = lines.last() else {
        text.push_str("; no line");
        return text;
    };
    let number = show::counted(lines.len() as i64, "line", "lines");
    text.push_str(&format!("; {number} due by {}", show::day(last.due_on)));
    let parts: Vec<String> = [
        (DueState::Overdue, "overdue"),
        (DueState::Delivered, "delivered"),
        (DueState::Open, "to come"),
        (DueState::Ended, "not delivered by the contract’s end"),
    ]
    .into_iter()
    .filter(|(state, _)| of(*state) > 0)
    .map(|(state, word)| format!("{} {word}", show::count(of(state))))
    .collect();
    if !parts.is_empty() {
        text.push_str(&format!(": {}", parts.join(", ")));
    }
    text
}
