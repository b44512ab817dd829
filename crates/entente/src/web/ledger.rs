//! The ledger itself and the log of reads, for auditors.

use askama::Template;
use entente_store::reader::{EventRow, ReadLogRow};

use super::frame::{Frame, Part};
use super::page;
use super::show;
use super::spreadsheet::{Table, every, text};
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::parameters::ViewParameters;

/// An event in the list.
#[derive(Debug, Clone)]
pub(crate) struct EventCells {
    pub(crate) sequence: i64,
    pub(crate) recorded_at: String,
    pub(crate) actor: String,
    pub(crate) subject: String,
    pub(crate) version: u32,
    pub(crate) kind: String,
    pub(crate) occurred_on: String,
    pub(crate) label: String,
    pub(crate) payload: Option<String>,
    pub(crate) hash: String,
}

impl EventCells {
    pub(crate) fn of(row: &EventRow) -> EventCells {
        EventCells {
            sequence: row.sequence,
            recorded_at: show::instant(row.recorded_at),
            actor: row.actor.clone(),
            subject: row.subject.clone(),
            version: row.version,
            kind: row.kind.clone(),
            occurred_on: show::day(row.occurred_on),
            label: row.label.to_string(),
            payload: row.payload.clone(),
            hash: row.hash.clone(),
        }
    }
}

/// A read in the log.
#[derive(Debug, Clone)]
pub(crate) struct ReadCells {
    pub(crate) sequence: i64,
    pub(crate) read_at: String,
    pub(crate) account: String,
    pub(crate) what: String,
    pub(crate) label: String,
    pub(crate) source: String,
    pub(crate) hash: String,
}

impl ReadCells {
    pub(crate) fn of(row: &ReadLogRow) -> ReadCells {
        ReadCells {
            sequence: row.sequence,
            read_at: show::instant(row.read_at),
            account: row.account.clone(),
            what: row.what.clone(),
            label: row.label.to_string(),
            source: row.source.clone(),
            hash: row.hash.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "ledger/events.html")]
pub(super) struct EventsPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<EventCells>,
    pub(super) pages: Pages,
    pub(super) reads_href: String,
    /// `10,612 events`, of those recorded after the horizon, and the page as known now.
    pub(super) later: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "ledger/reads.html")]
pub(super) struct ReadsPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<ReadCells>,
    pub(super) pages: Pages,
    pub(super) events_href: String,
}

/// `GET /ledger`
pub(super) async fn events(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let listing = reader.events(visit.page).await?;
    let after = reader.events_after().await?;
    let now = ViewParameters {
        as_of: Some(visit.app.store.today()),
        known_at: Some(visit.app.store.now()),
        ..visit.view
    };
    let later = (after > 0).then(|| (show::counted(after, "event", "events"), Way::of(&now).to("/ledger")));
    // Of what is above the reader's clearance only the outside is shown.
    let open = listing.rows.iter().filter(|row| row.payload.is_some());
    page(&EventsPage {
        later,
        frame: visit.frame(Part::Ledger, "Ledger", &reader).marked_by(open.map(|row| &row.label)),
        rows: listing.rows.iter().map(EventCells::of).collect(),
        pages: visit.pages(&listing),
        reads_href: visit.way().to("/ledger/reads"),
    })
}

/// `GET /ledger/reads`
pub(super) async fn reads(visit: Visit) -> Answer {
    let listing = visit.reader().await?.read_log(visit.page).await?;
    page(&ReadsPage {
        frame: visit.frame_now(Part::Ledger, "Log of reads"),
        rows: listing.rows.iter().map(ReadCells::of).collect(),
        pages: visit.pages(&listing),
        events_href: visit.way().to("/ledger"),
    })
}

/// `GET /ledger.csv` and `.xlsx`: all events up to the horizon, the latest first, by their outside: a payload may be
/// longer than a cell of a workbook, and is exported whole on the command line.
pub(super) async fn export_events(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let narrowed = ("events", "an earlier instant as known on, or “entente ledger export”, which gives all");
    let rows = every(narrowed, |page| reader.events(page)).await?;
    let rows = rows.iter().map(|row| {
        vec![
            Out::Whole(row.sequence),
            text(row.recorded_at.to_string()),
            text(&row.kind),
            text(&row.subject),
            Out::Whole(i64::from(row.version)),
            Out::Date(row.occurred_on),
            text(&row.actor),
            text(row.label.to_string()),
            text(&row.hash),
        ]
    });
    let columns =
        &["sequence", "recorded_at", "event", "subject", "version", "occurred_on", "actor", "label", "hash"];
    Table { name: "ledger", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /ledger/reads.csv` and `.xlsx`: the log of reads, the latest first.
pub(super) async fn export_reads(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = every(("reads", "the pages of the log"), |page| reader.read_log(page)).await?;
    let rows = rows.iter().map(|row| {
        vec![
            Out::Whole(row.sequence),
            text(row.read_at.to_string()),
            text(&row.account),
            text(&row.what),
            text(row.label.to_string()),
            text(&row.source),
            text(&row.hash),
        ]
    });
    let columns = &["sequence", "read_at", "account", "what", "label", "from", "hash"];
    Table { name: "reads", columns, rows: rows.collect() }.answer(kind, visit.app.store.today()).await
}
