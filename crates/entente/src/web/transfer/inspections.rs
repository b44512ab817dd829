//! The list of inspections after shipment, and the page of one.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::transfer::inspection::MACHINE;
use entente_store::reader::{InspectionFilter, InspectionRow, InspectionView, LinkFocus};
use jiff::civil::Date;

use super::link::{LinkSection, apart};
use super::{Links, Named, Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::opportunity::list::deadline_word;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// An inspection in a list.
#[derive(Debug, Clone)]
pub(crate) struct InspectionCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) reason: String,
    pub(crate) licence: Named,
    pub(crate) end_user: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) visit_on: String,
    /// How far the visit is; empty where it was.
    pub(crate) due_word: String,
    pub(crate) late: bool,
    pub(crate) visited_on: String,
    pub(crate) label: String,
}

impl InspectionCells {
    pub(crate) fn of(row: &InspectionRow, as_of: Date, links: &Links, way: &Way) -> InspectionCells {
        let this = &row.inspection;
        let is_planned = this.state == "planned";
        let visit_on = this.planned.visit_on;
        InspectionCells {
            number: this.number.clone(),
            href: way.to(&format!("/inspections/{}", this.number)),
            reason: this.reason.clone(),
            licence: Named::number(&this.planned.licence, links.licence(&this.planned.licence)),
            end_user: row.end_user_name.clone(),
            state: show::capital(this.state),
            state_word: this.state,
            visit_on: show::day(visit_on),
            due_word: if is_planned { deadline_word(visit_on, as_of) } else { String::new() },
            late: is_planned && visit_on < as_of,
            visited_on: this.visit.as_ref().map(|visit| show::day(visit.on)).unwrap_or_default(),
            label: this.label.to_string(),
        }
    }
}

#[derive(Template)]
#[template(path = "transfer/inspections.html")]
pub(crate) struct InspectionsPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) states: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<InspectionCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

fn filter(visit: &Visit) -> Answer<InspectionFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    Ok(InspectionFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        licence: given("licence"),
        end_user: given("end_user"),
    })
}

/// `GET /inspections`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.inspections(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let links = Links::of(visit.actor(), &way);
    let chosen = filter.state.clone().unwrap_or_default();
    let named = |value: &str, name: String| Choice { value: value.to_owned(), name, chosen: chosen == value };
    let mut states = vec![named("", "All states".to_owned())];
    states.extend(MACHINE.states().into_iter().map(|state| named(state, show::capital(state))));
    let cells = |row: &InspectionRow| InspectionCells::of(row, reader.as_of(), &links, &way);
    crate::web::page(&InspectionsPage {
        frame: visit
            .frame(Part::Transfers, "Inspections after shipment", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.inspection.label)),
        tabs: tabs(visit.actor(), &way, Place::Inspections),
        states,
        hidden: visit.hidden(),
        clear: (filter != InspectionFilter::default()).then(|| way.to("/inspections")),
        rows: listing.rows.iter().map(cells).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/inspections.{ending}"), &own)),
    })
}

const COLUMNS: &[&str] = &[
    "number",
    "licence",
    "end_user",
    "end_user_name",
    "state",
    "reason",
    "visit_on",
    "visited_on",
    "expected",
    "seen",
    "missing",
    "label",
];

/// `GET /inspections.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows = every(("inspections", "licence, end_user or state"), |page| reader.inspections(&filter, page))
        .await?;
    let count = |all: usize| Out::Whole(i64::try_from(all).unwrap_or(i64::MAX));
    let row = |row: &InspectionRow| -> Vec<Out> {
        let this = &row.inspection;
        let visited = this.visit.as_ref().map(|visit| &visit.visited);
        vec![
            text(&this.number),
            text(&this.planned.licence),
            text(&this.planned.end_user),
            text(&row.end_user_name),
            text(this.state),
            text(&this.reason),
            Out::Date(this.planned.visit_on),
            day(this.visit.as_ref().map(|visit| visit.on)),
            visited.map_or(Out::Empty, |visited| count(visited.expected.len())),
            visited.map_or(Out::Empty, |visited| count(visited.seen.len())),
            visited.map_or(Out::Empty, |visited| count(visited.missing().len())),
            text(this.label.to_string()),
        ]
    };
    let table = Table { name: "inspections", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}

/// What became of an item.
#[derive(Debug, Clone)]
pub(crate) struct AccountedCells {
    pub(crate) serial: String,
    pub(crate) how: String,
    pub(crate) paper: Option<Paper>,
}

/// A visit.
#[derive(Debug, Clone)]
pub(crate) struct VisitCells {
    pub(crate) on: String,
    pub(crate) by: String,
    pub(crate) outcome: String,
    /// `22 of 24 seen, 2 missing`.
    pub(crate) sums: String,
    pub(crate) missing: Vec<String>,
    pub(crate) strange: Vec<String>,
    pub(crate) seen: Vec<String>,
    pub(crate) accounted: Vec<AccountedCells>,
    pub(crate) findings: String,
    pub(crate) paper: Option<Paper>,
}

/// Everything on the page of an inspection.
#[derive(Debug, Clone)]
pub(crate) struct InspectionPageView {
    pub(crate) number: String,
    pub(crate) reason: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) licence: Named,
    pub(crate) end_user: Named,
    pub(crate) certificate: Option<Named>,
    pub(crate) planned_on: String,
    pub(crate) visit_on: String,
    pub(crate) due_word: String,
    pub(crate) late: bool,
    /// Serial numbers to be seen, while it is planned.
    pub(crate) expected: Vec<String>,
    pub(crate) visit: Option<VisitCells>,
    pub(crate) closed: Option<(String, String, String, Option<Paper>)>,
    pub(crate) stopped: Vec<Named>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/inspection.html")]
pub(crate) struct InspectionPage {
    pub(crate) frame: Frame,
    pub(crate) view: InspectionPageView,
    pub(crate) offers: Offers,
    /// The chain that it stands in.
    pub(crate) link: Option<LinkSection>,
}

/// `GET /inspections/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.inspection(&number).await?;
    let focus = LinkFocus::Inspection(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &found.inspection.label);
    let frame = visit.frame(Part::Transfers, format!("Inspection {number}"), &reader).marked(Some(&label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    crate::web::page(&InspectionPage {
        link,
        frame,
        view: view(&found, reader.as_of(), &links, &way),
        offers: Offers::of(&visit, &reader, Stands::Inspection(Box::new(found))),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &InspectionView, as_of: Date, links: &Links, way: &Way) -> InspectionPageView {
    let this = &found.inspection;
    let planned = &this.planned;
    let paper = |document| Some(Paper::of(document, SubjectKind::Inspection, &this.number, way));
    let is_planned = this.state == "planned";
    let owned = |all: Vec<&str>| all.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let visit = this.visit.as_ref().map(|visit| {
        let visited = &visit.visited;
        let missing = owned(visited.missing());
        VisitCells {
            on: show::day(visit.on),
            by: visit.by.clone(),
            outcome: show::capital(visited.outcome.name()),
            sums: format!(
                "{} of {} seen, {} accounted for, {} missing",
                visited.seen_of_expected(),
                visited.expected.len(),
                visited.accounted.len(),
                missing.len()
            ),
            strange: owned(visited.strange()),
            seen: visited.seen.clone(),
            accounted: visited
                .accounted
                .iter()
                .map(|one| AccountedCells {
                    serial: one.serial.clone(),
                    how: one.how.clone(),
                    paper: paper(&one.document),
                })
                .collect(),
            findings: visited.findings.clone(),
            paper: paper(&visited.document),
            missing,
        }
    });
    InspectionPageView {
        number: this.number.clone(),
        reason: this.reason.clone(),
        state: show::capital(this.state),
        state_word: this.state,
        licence: Named::number(&planned.licence, links.licence(&planned.licence)),
        end_user: Named::party(&planned.end_user, &found.parties, links),
        certificate: planned.certificate.as_ref().map(|of| Named::number(of, links.certificate(of))),
        planned_on: show::day(this.planned_on),
        visit_on: show::day(planned.visit_on),
        due_word: if is_planned { deadline_word(planned.visit_on, as_of) } else { String::new() },
        late: is_planned && planned.visit_on < as_of,
        expected: if is_planned { found.expected.clone() } else { Vec::new() },
        visit,
        closed: this.closed.as_ref().map(|closed| {
            (show::day(closed.on), closed.by.clone(), closed.reason.clone(), paper(&closed.document))
        }),
        stopped: found.stopped.iter().map(|number| Named::number(number, links.licence(number))).collect(),
        history: acts(&found.history, SubjectKind::Inspection, &this.number, way),
    }
}
