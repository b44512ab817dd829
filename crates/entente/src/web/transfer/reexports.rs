//! The list of re-exports, and its table for spreadsheets.

use askama::Template;
use entente_register::transfer::reexport::MACHINE;
use entente_store::reader::{ReexportFilter, ReexportRow};

use super::{Links, Named, Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, text, ways, yes};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A re-export in a list.
#[derive(Debug, Clone)]
pub(crate) struct ReexportCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) authority: String,
    pub(crate) end_user: String,
    /// `BRA to IND`.
    pub(crate) states: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) requested_on: String,
    pub(crate) decided_on: String,
    pub(crate) valid_until: String,
    pub(crate) label: String,
}

impl ReexportCells {
    pub(crate) fn of(row: &ReexportRow, way: &Way) -> ReexportCells {
        let this = &row.reexport;
        let content = &this.requested.content;
        let decision = this.decision.as_ref();
        let until = decision.and_then(|decision| decision.proposal.valid_until);
        ReexportCells {
            number: this.number.clone(),
            href: way.to(&format!("/reexports/{}", this.number)),
            title: content.title.clone(),
            authority: row.authority_name.clone(),
            end_user: row.end_user_name.clone(),
            states: format!("{} to {}", content.origin.as_deref().unwrap_or_default(), content.destination),
            state: show::capital(this.state),
            state_word: this.state,
            requested_on: show::day(this.requested_on),
            decided_on: decision.map(|decision| show::day(decision.on)).unwrap_or_default(),
            valid_until: until.map(show::day).unwrap_or_default(),
            label: this.label.to_string(),
        }
    }
}

/// A re-export on the page of a licence or of a certificate.
#[derive(Debug, Clone)]
pub(crate) struct ReexportLink {
    pub(crate) reexport: Named,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) words: String,
}

impl ReexportLink {
    pub(in crate::web) fn of(row: &ReexportRow, links: &Links) -> ReexportLink {
        let this = &row.reexport;
        let content = &this.requested.content;
        ReexportLink {
            reexport: Named::number(&this.number, links.reexport(&this.number)),
            state: show::capital(this.state),
            state_word: this.state,
            words: format!("{}, to {} in {}", content.title, row.end_user_name, content.destination),
        }
    }
}

#[derive(Template)]
#[template(path = "transfer/reexports.html")]
pub(crate) struct ReexportsPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) states: Vec<Choice>,
    pub(crate) words: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<ReexportCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

fn filter(visit: &Visit) -> Answer<ReexportFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().chain(["running"]).map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    Ok(ReexportFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        destination: given("destination"),
        of: given("of"),
        words: given("text"),
    })
}

/// `GET /reexports`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.reexports(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let chosen = filter.state.clone().unwrap_or_default();
    let named = |value: &str, name: String| Choice { value: value.to_owned(), name, chosen: chosen == value };
    let mut states =
        vec![named("", "All states".to_owned()), named("running", "Waiting for a decision".to_owned())];
    states.extend(MACHINE.states().into_iter().map(|state| named(state, show::capital(state))));
    crate::web::page(&ReexportsPage {
        frame: visit
            .frame(Part::Transfers, "Re-exports", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.reexport.label)),
        tabs: tabs(visit.actor(), &way, Place::Reexports),
        states,
        words: filter.words.clone().unwrap_or_default(),
        hidden: visit.hidden(),
        clear: (filter != ReexportFilter::default()).then(|| way.to("/reexports")),
        rows: listing.rows.iter().map(|row| ReexportCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/reexports.{ending}"), &own)),
    })
}

const COLUMNS: &[&str] = &[
    "number",
    "title",
    "state",
    "authority",
    "authority_name",
    "origin",
    "end_user",
    "end_user_name",
    "destination",
    "requested_on",
    "decided_on",
    "valid_until",
    "bound",
    "label",
];

/// `GET /reexports.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows =
        every(("re-exports", "state, destination or words"), |page| reader.reexports(&filter, page)).await?;
    let row = |row: &ReexportRow| -> Vec<Out> {
        let this = &row.reexport;
        let content = &this.requested.content;
        let decision = this.decision.as_ref();
        vec![
            text(&this.number),
            text(&content.title),
            text(this.state),
            text(&content.applicant),
            text(&row.authority_name),
            text(content.origin.as_deref().unwrap_or_default()),
            text(content.end_users().into_iter().next().unwrap_or_default()),
            text(&row.end_user_name),
            text(&content.destination),
            Out::Date(this.requested_on),
            day(decision.map(|decision| decision.on)),
            day(decision.and_then(|decision| decision.proposal.valid_until)),
            yes(this.unbound().is_empty()),
            text(this.label.to_string()),
        ]
    };
    let table = Table { name: "re-exports", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}
