//! The list of discrepancies with customs, and the page of one.

use askama::Template;
use axum::extract::Path;
use entente_register::customs::discrepancy::{Discrepancy, MACHINE, Origin};
use entente_register::customs::run::Direction;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{DiscrepancyFilter, DiscrepancyRow, DiscrepancyView};

use crate::api::customs::object::DISCREPANCY_COLUMNS;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::line::counted;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, day, every, optional, text, ways};
use crate::web::transfer::{Links, Named, Place, tabs};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A discrepancy in a list.
#[derive(Debug, Clone)]
pub(crate) struct DiscrepancyCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) why: String,
    /// `Usage data, run 3, line 4`.
    pub(crate) came_of: String,
    pub(crate) licence: Named,
    pub(crate) shipment: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) opened_on: String,
    pub(crate) closed_on: String,
    pub(crate) label: String,
}

fn came_of(this: &Discrepancy) -> String {
    let opened = &this.opened;
    let what = match opened.origin {
        Origin::Usage => "Usage data",
        Origin::Reply => "Reply to licence data",
    };
    format!("{what}, run {}, line {}", opened.run, opened.row)
}

/// `45 pieces on 15 June 2026, declaration D-1/2`.
fn shipment(this: &Discrepancy) -> String {
    let Some(shipment) = &this.opened.shipment else { return String::new() };
    let quantity = counted(shipment.quantity, shipment.unit);
    format!("{quantity} on {}, declaration {}", show::day(shipment.on), shipment.reference)
}

impl DiscrepancyCells {
    pub(crate) fn of(row: &DiscrepancyRow, links: &Links, way: &Way) -> DiscrepancyCells {
        let this = &row.discrepancy;
        let licence = &this.opened.licence;
        DiscrepancyCells {
            number: this.number.clone(),
            href: way.to(&format!("/discrepancies/{}", this.number)),
            why: this.opened.words.clone(),
            came_of: came_of(this),
            licence: Named {
                name: String::new(),
                number: licence.clone(),
                href: row.licence_open.then(|| links.licence(licence)).flatten(),
            },
            shipment: shipment(this),
            state: show::capital(this.state),
            state_word: this.state,
            opened_on: show::day(this.opened_on),
            closed_on: this.closing.as_ref().map(|closing| show::day(closing.on)).unwrap_or_default(),
            label: this.label.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "customs/discrepancies.html")]
pub(crate) struct DiscrepanciesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) states: Vec<Choice>,
    pub(crate) licence: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<DiscrepancyCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

fn filter(visit: &Visit) -> Answer<DiscrepancyFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    Ok(DiscrepancyFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        licence: visit.parameter("licence").map(str::to_owned),
    })
}

/// `GET /discrepancies`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.discrepancies(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let links = Links::of(visit.actor(), &way);
    let chosen = filter.state.clone().unwrap_or_default();
    let named = |value: &str, name: String| Choice { value: value.to_owned(), name, chosen: chosen == value };
    let mut states = vec![named("", "All states".to_owned())];
    states.extend(MACHINE.states().into_iter().map(|state| named(state, show::capital(state))));
    crate::web::page(&DiscrepanciesPage {
        frame: visit
            .frame(Part::Transfers, "Discrepancies with customs", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.discrepancy.label)),
        tabs: tabs(visit.actor(), &way, Place::Discrepancies),
        states,
        licence: filter.licence.clone().unwrap_or_default(),
        hidden: visit.hidden(),
        clear: (filter != DiscrepancyFilter::default()).then(|| way.to("/discrepancies")),
        rows: listing.rows.iter().map(|row| DiscrepancyCells::of(row, &links, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/discrepancies.{ending}"), &own)),
    })
}

/// `GET /discrepancies.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows =
        every(("discrepancies", "state or licence"), |page| reader.discrepancies(&filter, page)).await?;
    let row = |row: &DiscrepancyRow| -> Vec<Out> {
        let this = &row.discrepancy;
        let opened = &this.opened;
        let of = opened.shipment.as_ref();
        vec![
            text(&this.number),
            text(this.state),
            text(opened.origin.word()),
            Out::Whole(opened.run.into()),
            Out::Whole(opened.row.into()),
            text(&opened.licence),
            of.map_or(Out::Empty, |of| Out::Whole(of.line.into())),
            optional(of.map(|of| &of.reference)),
            day(of.map(|of| of.on)),
            of.map_or(Out::Empty, |of| Out::Amount(of.quantity.to_string())),
            optional(of.map(|of| of.unit.code())),
            of.map_or(Out::Empty, |of| amount(of.value)),
            optional(of.map(|of| of.value.currency.code())),
            text(&opened.code),
            text(&opened.words),
            Out::Date(this.opened_on),
            day(this.closing.as_ref().map(|closing| closing.on)),
            text(this.label.to_string()),
        ]
    };
    let table =
        Table { name: "discrepancies", columns: &DISCREPANCY_COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}

/// How it was closed.
#[derive(Debug, Clone)]
pub(crate) struct ClosingCells {
    pub(crate) on: String,
    pub(crate) by: String,
    pub(crate) reason: String,
    pub(crate) paper: Option<Paper>,
    /// The licence and the reference of the write-off that was recorded afterwards.
    pub(crate) settlement: Option<(Named, String)>,
}

/// Everything on the page of a discrepancy.
#[derive(Debug, Clone)]
pub(crate) struct DiscrepancyPageView {
    pub(crate) number: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) why: String,
    pub(crate) code: String,
    pub(crate) came_of: String,
    pub(crate) run: Option<String>,
    pub(crate) licence: Named,
    pub(crate) line: String,
    pub(crate) reference: String,
    pub(crate) shipped_on: String,
    pub(crate) quantity: String,
    pub(crate) value: String,
    pub(crate) delivery: String,
    pub(crate) opened_on: String,
    pub(crate) closing: Option<ClosingCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "customs/discrepancy.html")]
pub(crate) struct DiscrepancyPage {
    pub(crate) frame: Frame,
    pub(crate) view: DiscrepancyPageView,
    pub(crate) offers: Offers,
}

/// `GET /discrepancies/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.discrepancy(&number).await?;
    let frame = visit
        .frame(Part::Transfers, format!("Discrepancy {number}"), &reader)
        .marked(Some(&found.discrepancy.label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    crate::web::page(&DiscrepancyPage {
        frame,
        view: view(&found, &links, &way),
        offers: Offers::of(&visit, &reader, Stands::Discrepancy(Box::new(found))),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &DiscrepancyView, links: &Links, way: &Way) -> DiscrepancyPageView {
    let this = &found.discrepancy;
    let opened = &this.opened;
    let of = opened.shipment.as_ref();
    let direction = match opened.origin {
        Origin::Usage => Direction::In,
        Origin::Reply => Direction::Out,
    };
    let number = |number: &str, href| Named { name: String::new(), number: number.to_owned(), href };
    DiscrepancyPageView {
        number: this.number.clone(),
        state: show::capital(this.state),
        state_word: this.state,
        why: opened.words.clone(),
        code: opened.code.clone(),
        came_of: came_of(this),
        run: found.run_open.then(|| way.to(&format!("/customs-runs/{}", direction.key(opened.run)))),
        licence: number(
            &opened.licence,
            found.licence_open.then(|| links.licence(&opened.licence)).flatten(),
        ),
        line: of.map(|of| of.line.to_string()).unwrap_or_default(),
        reference: of.map(|of| of.reference.clone()).unwrap_or_default(),
        shipped_on: of.map(|of| show::day(of.on)).unwrap_or_default(),
        quantity: of.map(|of| counted(of.quantity, of.unit)).unwrap_or_default(),
        value: of.map(|of| of.value.to_string()).unwrap_or_default(),
        delivery: of.and_then(|of| of.delivery.clone()).unwrap_or_default(),
        opened_on: show::day(this.opened_on),
        closing: this.closing.as_ref().map(|closing| ClosingCells {
            on: show::day(closing.on),
            by: closing.by.clone(),
            reason: closing.reason.clone(),
            paper: Some(Paper::of(&closing.closed.document, SubjectKind::Discrepancy, &this.number, way)),
            settlement: closing
                .closed
                .settlement
                .as_ref()
                .map(|one| (number(&one.licence, links.licence(&one.licence)), one.reference.clone())),
        }),
        history: acts(&found.history, SubjectKind::Discrepancy, &this.number, way),
    }
}
