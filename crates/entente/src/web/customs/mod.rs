//! The pages of the exchange with customs.
//!
//! | address | what |
//! |---|---|
//! | `/customs` | how it stands, and the runs out and in |
//! | `/customs/usage`, `/customs/reply` | a file is tried and brought in |
//! | `/customs-runs/{key}` | a run: what it holds, and what came of each row |
//! | `/customs-runs/{key}/file`, `/reply` | its file, and the reply to it, to the byte |
//! | `/discrepancies`, `/discrepancies/{number}` | what customs say and the register does not take, until it is closed |

pub(in crate::web) mod discrepancies;
pub(in crate::web) mod file;
pub(in crate::web) mod run;
#[cfg(test)]
pub(in crate::web) mod sample;

use askama::Template;
use entente_register::access::{CommandKind, may_command};
use entente_register::customs::exchange::EXCHANGE;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{CustomsView, RunFilter, RunRow};

use super::act::{Offers, Stands};
use super::frame::{Choice, Frame, Part};
use super::history::{Act, acts};
use super::search::Tab;
use super::show;
use super::spreadsheet::{Table, every, optional, text, ways};
use super::transfer::{Place, tabs};
use super::visit::{Pages, Visit, one_of};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};

/// A run in the list.
#[derive(Debug, Clone)]
pub(crate) struct RunCells {
    pub(crate) key: String,
    pub(crate) href: String,
    /// `Licence data, out`.
    pub(crate) what: &'static str,
    pub(crate) on: String,
    pub(crate) by: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) holds: String,
    pub(crate) accepted: String,
    pub(crate) rejected: String,
    pub(crate) has_rejected: bool,
    pub(crate) label: String,
}

/// What a run is, by its direction.
fn what(direction: &str) -> &'static str {
    if direction == "out" { "Licence data, to customs" } else { "Usage data, from customs" }
}

impl RunCells {
    pub(crate) fn of(row: &RunRow, way: &Way) -> RunCells {
        let count = |number: Option<i64>| number.map(show::count).unwrap_or_default();
        RunCells {
            key: row.key.clone(),
            href: way.to(&format!("/customs-runs/{}", row.key)),
            what: what(&row.direction),
            on: show::day(row.on),
            by: row.by.clone(),
            state: show::capital(&row.state),
            state_word: row.state.clone(),
            holds: show::count(row.holds),
            accepted: count(row.taken.map(|(accepted, _)| accepted)),
            rejected: count(row.taken.map(|(_, rejected)| rejected)),
            has_rejected: row.taken.is_some_and(|(_, rejected)| rejected > 0),
            label: row.label.to_string(),
        }
    }
}

/// How the exchange stands.
#[derive(Debug, Clone)]
pub(crate) struct ExchangeCells {
    /// Empty where the reader is not told.
    pub(crate) marking: String,
    pub(crate) cleared: String,
    pub(crate) awaited_in: String,
    pub(crate) next_out: String,
    pub(crate) unanswered: String,
    pub(crate) open: String,
    pub(crate) is_open: bool,
    pub(crate) discrepancies: String,
    /// Where a file is brought in, for those who may.
    pub(crate) usage: Option<String>,
    pub(crate) reply: Option<String>,
    pub(crate) history: Vec<Act>,
}

impl ExchangeCells {
    pub(crate) fn of(view: &CustomsView, (usage, reply): (bool, bool), way: &Way) -> ExchangeCells {
        let cleared = match view.exchange.as_ref().and_then(|exchange| exchange.cleared.as_ref()) {
            Some((on, by)) => format!("since {}, by {by}", show::day(*on)),
            None => "nobody has said otherwise".to_owned(),
        };
        ExchangeCells {
            marking: view.exchange.as_ref().map(|of| of.marking.to_string()).unwrap_or_default(),
            cleared,
            awaited_in: show::count(view.last_in.saturating_add(1)),
            next_out: show::count(view.last_out.saturating_add(1)),
            unanswered: show::count(view.unanswered),
            open: show::count(view.open),
            is_open: view.open > 0,
            discrepancies: way.with("/discrepancies", &[("state", "open")]),
            usage: usage.then(|| way.to("/customs/usage")),
            reply: reply.then(|| way.to("/customs/reply")),
            history: acts(&view.history, SubjectKind::Exchange, EXCHANGE, way),
        }
    }
}

#[derive(Template)]
#[template(path = "customs/overview.html")]
pub(crate) struct CustomsPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) exchange: ExchangeCells,
    pub(crate) directions: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<RunCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

/// What the list of runs is narrowed to: the words of a state and of a direction are different ones.
const NARROWED: [(&str, &str); 5] = [
    ("", "All runs"),
    ("out", "Licence data, to customs"),
    ("sent", "Not answered by customs"),
    ("in", "Usage data, from customs"),
    ("answered", "Answered by customs"),
];

fn filter(visit: &Visit) -> Answer<(&'static str, RunFilter)> {
    let words: Vec<(&'static str, &'static str)> =
        NARROWED.iter().skip(1).map(|(word, _)| (*word, *word)).collect();
    let word = one_of("runs", visit.parameter("runs"), &words, "")?;
    let given = |words: &[&str]| words.contains(&word).then(|| word.to_owned());
    Ok((word, RunFilter { direction: given(&["out", "in"]), state: given(&["sent", "answered"]) }))
}

/// `GET /customs`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let (word, filter) = filter(&visit)?;
    let reader = visit.reader().await?;
    let view = reader.customs().await?;
    let listing = reader.customs_runs(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let may = |kind| may_command(visit.actor(), kind).is_ok();
    let brings = (may(CommandKind::CustomsUsage), may(CommandKind::CustomsReply));
    super::page(&CustomsPage {
        frame: visit
            .frame(Part::Transfers, "Exchange with customs", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        tabs: tabs(visit.actor(), &way, Place::Customs),
        exchange: ExchangeCells::of(&view, brings, &way),
        directions: NARROWED
            .iter()
            .map(|(value, name)| Choice {
                value: (*value).to_owned(),
                name: (*name).to_owned(),
                chosen: *value == word,
            })
            .collect(),
        hidden: visit.hidden(),
        clear: (!word.is_empty()).then(|| way.to("/customs")),
        rows: listing.rows.iter().map(|row| RunCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/customs.{ending}"), &own)),
        offers: Offers::of(&visit, &reader, Stands::Customs(Box::new(view))),
    })
}

const COLUMNS: &[&str] =
    &["key", "direction", "run", "on", "by", "state", "holds", "accepted", "rejected", "label"];

/// `GET /customs.csv` and `.xlsx`: the whole list of runs as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let (_, filter) = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows = every(("runs", "direction"), |page| reader.customs_runs(&filter, page)).await?;
    let count = |number: Option<i64>| number.map_or(Out::Empty, Out::Whole);
    let row = |row: &RunRow| -> Vec<Out> {
        vec![
            text(&row.key),
            text(&row.direction),
            Out::Whole(row.run),
            Out::Date(row.on),
            optional(Some(&row.by).filter(|by| !by.is_empty())),
            text(&row.state),
            Out::Whole(row.holds),
            count(row.taken.map(|(accepted, _)| accepted)),
            count(row.taken.map(|(_, rejected)| rejected)),
            text(row.label.to_string()),
        ]
    };
    let table = Table { name: "customs-runs", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}
