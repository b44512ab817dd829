//! Reports of exporters and manufacturers: the list, and one by itself.

use askama::Template;
use axum::extract::Path;
use entente_register::access::{CommandKind, may_command};
use entente_register::ledger::{Subject, SubjectKind};
use entente_register::report::{MACHINE, Reported};
use entente_store::reader::{ReportFilter, ReportRow, ReportView};

use super::act::bulk::Bulk;
use super::act::{Offers, Stands};
use super::frame::{Choice, Frame, Part};
use super::history::{Act, Paper, acts, path};
use super::page;
use super::show;
use super::spreadsheet::{Table, day, every, optional, text};
use super::visit::{Pages, Visit, one_of};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};

/// A report, written for people.
#[derive(Debug, Clone)]
pub(crate) struct ReportCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) what: String,
    /// What was reported, field by field.
    pub(crate) said: Vec<(&'static str, String)>,
    /// What it is about, and its page.
    pub(crate) about: (String, String),
    /// The contract, and its page.
    pub(crate) contract: (String, String),
    pub(crate) title: String,
    pub(crate) party: String,
    pub(crate) party_href: String,
    pub(crate) note: Option<String>,
    pub(crate) filed_on: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) ended_on: Option<String>,
    pub(crate) reason: Option<String>,
    /// What was recorded by it, and its page.
    pub(crate) recorded: Option<(String, String)>,
    pub(crate) paper: Option<Paper>,
    pub(crate) label: String,
}

impl ReportCells {
    pub(crate) fn of(row: &ReportRow, way: &Way) -> ReportCells {
        let report = &row.report;
        let linked = |subject: &Subject| {
            (format!("{} {}", subject.kind.word(), subject.key), way.to(&path(subject.kind, &subject.key)))
        };
        let evidence = report.evidence.as_ref().or(report.filed.document.as_ref());
        let party = &report.filed.party;
        ReportCells {
            number: report.number.clone(),
            href: way.to(&format!("/reports/{}", report.number)),
            what: show::capital(report.filed.reported.name()),
            said: said(&report.filed.reported),
            about: linked(&report.filed.reported.about()),
            contract: (row.contract.clone(), way.to(&path(SubjectKind::Contract, &row.contract))),
            title: row.title.clone(),
            party: row.party_name.clone().unwrap_or_else(|| party.clone()),
            party_href: way.to(&format!("/parties/{party}")),
            note: report.filed.note.clone(),
            filed_on: show::day(report.filed_on),
            state: show::capital(report.state),
            state_word: report.state,
            ended_on: report.ended.as_ref().map(|(day, _)| show::day(*day)),
            reason: report.ended.as_ref().map(|(_, why)| why.clone()).filter(|why| !why.is_empty()),
            recorded: report
                .recorded
                .as_ref()
                .and_then(|recorded| recorded.parse::<Subject>().ok())
                .map(|subject| linked(&subject)),
            paper: evidence.map(|paper| Paper::of(paper, SubjectKind::Report, &report.number, way)),
            label: report.label.to_string(),
        }
    }
}

fn said(reported: &Reported) -> Vec<(&'static str, String)> {
    let mut all = vec![("On", show::day(reported.on()))];
    match reported {
        Reported::HandedOver { quantity, reference, .. } => {
            all.push(("Quantity", quantity.to_string()));
            all.extend(reference.clone().map(|reference| ("Reference", reference)));
        }
        Reported::Serials { serials, .. } => all.push(("Serial numbers", serials.join(", "))),
        Reported::Slips { expected_on, delay, description, .. } => {
            all.push(("Expected on", show::day(*expected_on)));
            all.push(("Cause", delay.words()));
            all.push(("In words", description.clone()));
        }
        Reported::Expected { expected_on, delay, reason, .. } => {
            all.push(("Expected on", show::day(*expected_on)));
            all.extend(delay.map(|delay| ("Cause", delay.words())));
            all.push(("In words", reason.clone()));
        }
        Reported::Accepted { .. } | Reported::Reached { .. } => {}
    }
    all
}

#[derive(Template)]
#[template(path = "report/list.html")]
pub(crate) struct ReportsPage {
    pub(crate) frame: Frame,
    pub(crate) states: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    /// The contract that the list is narrowed to.
    pub(crate) contract: String,
    pub(crate) clear: Option<String>,
    pub(crate) rows: Vec<ReportCells>,
    pub(crate) pages: Pages,
    /// Whether the reader files reports, or answers them.
    pub(crate) files: bool,
    /// What can be done with those that are chosen.
    pub(crate) bulk: Option<Bulk>,
}

#[derive(Template)]
#[template(path = "report/page.html")]
pub(crate) struct ReportPage {
    pub(crate) frame: Frame,
    pub(crate) report: ReportCells,
    pub(crate) offers: Offers,
    pub(crate) history: Vec<Act>,
}

/// How the list is narrowed.
fn filter(visit: &Visit) -> Answer<ReportFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    Ok(ReportFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        contract: visit.parameter("contract").filter(|number| !number.is_empty()).map(str::to_owned),
    })
}

/// `GET /reports`
pub(super) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let state = filter.state.clone().unwrap_or_default();
    let reader = visit.reader().await?;
    let listing = reader.reports(&filter, visit.page).await?;
    let way = visit.way();
    let choice = |value: &str, name: String| Choice { value: value.to_owned(), name, chosen: value == state };
    let mut choices = vec![choice("", "All states".to_owned())];
    choices.extend(MACHINE.states().into_iter().map(|state| choice(state, show::capital(state))));
    page(&ReportsPage {
        frame: visit
            .frame(Part::Reports, "Reports", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.report.label)),
        states: choices,
        hidden: visit.hidden(),
        contract: filter.contract.clone().unwrap_or_default(),
        clear: (filter != ReportFilter::default()).then(|| way.to("/reports")),
        rows: listing.rows.iter().map(|row| ReportCells::of(row, &way)).collect(),
        pages: visit.pages(&listing),
        files: may_command(visit.actor(), CommandKind::ReportFile).is_ok(),
        bulk: Bulk::of(&visit, &reader, SubjectKind::Report, listing.rows.len()),
    })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "number",
    "state",
    "what",
    "about_kind",
    "about",
    "contract",
    "title",
    "party",
    "party_name",
    "on",
    "quantity",
    "expected_on",
    "cause",
    "side",
    "said",
    "note",
    "filed_on",
    "ended_on",
    "reason",
    "recorded",
    "label",
];

/// `GET /reports.csv` and `.xlsx`: the whole list as it is narrowed.
pub(super) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let rows = every(("reports", "state or contract"), |page| reader.reports(&filter, page)).await?;
    let rows = rows.iter().map(exported).collect();
    Table { name: "reports", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

fn exported(row: &ReportRow) -> Vec<Out> {
    let report = &row.report;
    let filed = &report.filed;
    let about = filed.reported.about();
    let mut quantity = Out::Empty;
    let mut expected = None;
    let mut delayed = None;
    let mut words = None;
    match &filed.reported {
        Reported::HandedOver { quantity: handed_over, reference, .. } => {
            quantity = Out::Amount(handed_over.to_string());
            words = reference.clone();
        }
        Reported::Serials { serials, .. } => words = Some(serials.join(", ")),
        Reported::Slips { expected_on, delay, description, .. } => {
            (expected, delayed, words) = (Some(*expected_on), Some(*delay), Some(description.clone()));
        }
        Reported::Expected { expected_on, delay, reason, .. } => {
            (expected, delayed, words) = (Some(*expected_on), *delay, Some(reason.clone()));
        }
        Reported::Accepted { .. } | Reported::Reached { .. } => {}
    }
    let ended = report.ended.as_ref();
    vec![
        text(&report.number),
        text(report.state),
        text(filed.reported.name()),
        text(about.kind.word()),
        text(about.key),
        text(&row.contract),
        text(&row.title),
        text(&filed.party),
        optional(row.party_name.as_deref()),
        Out::Date(filed.reported.on()),
        quantity,
        day(expected),
        optional(delayed.map(|delay| delay.cause.word())),
        optional(delayed.map(|delay| delay.side.word())),
        optional(words),
        optional(filed.note.as_deref()),
        Out::Date(report.filed_on),
        day(ended.map(|(on, _)| *on)),
        optional(ended.map(|(_, why)| why.as_str()).filter(|why| !why.is_empty())),
        optional(report.recorded.as_deref()),
        text(report.label.to_string()),
    ]
}

/// `GET /reports/{number}`
pub(super) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let report = reader.report(&number).await?;
    page(&ReportPage {
        frame: visit
            .frame(Part::Reports, format!("Report {number}"), &reader)
            .marked(Some(&report.row.report.label)),
        offers: Offers::of(&visit, &reader, Stands::Report(Box::new(report.clone()))),
        ..view(&report, &visit.way())
    })
}

/// Writes it for people.
pub(crate) fn view(report: &ReportView, way: &Way) -> ReportPage {
    let number = &report.row.report.number;
    ReportPage {
        frame: Frame::default(),
        report: ReportCells::of(&report.row, way),
        offers: Offers::default(),
        history: acts(&report.history, SubjectKind::Report, number, way),
    }
}

/// A report for the tests of the pages.
#[cfg(test)]
pub(crate) fn sample(state: &'static str) -> ReportView {
    use super::sample::{HOSTILE, contract, day, label, paper};
    use entente_register::performance::{DelayCause, DelayReason, DelaySide};
    use entente_register::report::{Report, ReportFiled};

    let reported = Reported::Slips {
        on: day("2012-06-01"),
        line: "O-2012-0015.1".to_owned(),
        expected_on: day("2012-10-01"),
        delay: DelayReason { cause: DelayCause::Transport, side: DelaySide::Neither },
        description: HOSTILE.to_owned(),
    };
    let report = Report {
        number: "O-2012-0015.N1".to_owned(),
        filed: ReportFiled {
            party: "O-P0001".to_owned(),
            reported,
            note: Some(HOSTILE.to_owned()),
            document: Some(paper()),
        },
        filed_on: day("2012-06-02"),
        recorded: (state == "accepted").then(|| "slippage:O-2012-0015.S1".to_owned()),
        evidence: None,
        ended: (state != "filed").then(|| (day("2012-06-05"), HOSTILE.to_owned())),
        label: label(),
        state,
        last_on: day("2012-06-05"),
    };
    let row = ReportRow {
        report,
        contract: "O-2012-0015".to_owned(),
        title: HOSTILE.to_owned(),
        party_name: Some(HOSTILE.to_owned()),
    };
    ReportView { row, history: contract().history, version: 2 }
}
