//! The queue of applications, and its table for spreadsheets.

use askama::Template;
use entente_register::access::{CommandKind, Extent, Reading, may_command, may_read};
use entente_register::transfer::application::MACHINE;
use entente_register::transfer::notice::NoticeKind;
use entente_store::reader::{ApplicationFilter, ApplicationRow, Reader};
use jiff::civil::Date;

use super::{Place, state_name, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::Offers;
use crate::web::brief::notice_title;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::opportunity::list::deadline_word;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// An application in the queue.
#[derive(Debug, Clone)]
pub(crate) struct ApplicationCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) applicant: String,
    pub(crate) applicant_name: String,
    pub(crate) destination: String,
    pub(crate) destination_name: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) submitted_on: String,
    pub(crate) due_on: String,
    pub(crate) due_word: String,
    pub(crate) late: bool,
    pub(crate) decided_on: String,
    pub(crate) label: String,
}

impl ApplicationCells {
    pub(crate) fn of(row: &ApplicationRow, as_of: Date, way: &Way) -> ApplicationCells {
        let day = |on: Option<Date>| on.map(show::day).unwrap_or_default();
        ApplicationCells {
            number: row.number.clone(),
            href: way.to(&format!("/applications/{}", row.number)),
            title: row.title.clone(),
            applicant: row.applicant.clone(),
            applicant_name: row.applicant_name.clone(),
            destination: row.destination.clone(),
            destination_name: row.destination_name.clone(),
            state: state_name(&row.state),
            state_word: row.state.clone(),
            submitted_on: day(row.submitted_on),
            due_on: day(row.due_on),
            due_word: row.due_on.map(|due| deadline_word(due, as_of)).unwrap_or_default(),
            late: row.due_on.is_some_and(|due| due < as_of),
            decided_on: day(row.decided_on),
            label: row.label.to_string(),
        }
    }
}

/// The form above a list of transfers.
#[derive(Debug, Clone)]
pub(crate) struct TransferForm {
    pub(crate) text: String,
    pub(crate) destinations: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "transfer/applications.html")]
pub(crate) struct ApplicationsPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    /// What else waits for whoever works through the queue: what, and where it is listed.
    pub(crate) tasks: Vec<(String, String)>,
    pub(crate) form: TransferForm,
    /// Whether days of opinions are told at all.
    pub(crate) opinions: bool,
    pub(crate) rows: Vec<ApplicationCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

/// Whoever decides sees what runs first; whoever applies, all of its own.
fn standard(visit: &Visit) -> &'static str {
    let decides = [CommandKind::ApplicationPropose, CommandKind::ApplicationCountersign];
    match decides.into_iter().any(|kind| may_command(visit.actor(), kind).is_ok()) {
        true => "running",
        false => "all",
    }
}

/// Whether everything of applications is read: only then is told that a decision is proposed.
fn reads_all(visit: &Visit) -> bool {
    may_read(visit.actor(), Reading::Applications) == Some(Extent::All)
}

/// The state by which is narrowed, in a word, and the filter.
fn filter(visit: &Visit) -> Answer<(&'static str, ApplicationFilter)> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().chain(["running", "all"]).map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, standard(visit))?;
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    let filter = ApplicationFilter {
        state: (state != "all").then(|| state.to_owned()),
        applicant: given("applicant"),
        destination: given("destination"),
        words: given("text"),
    };
    Ok((state, filter))
}

/// Destinations to choose from.
pub(super) fn destinations(partners: &[(String, String)], chosen: Option<&str>) -> Vec<Choice> {
    places("All destinations", partners, chosen)
}

/// States to choose from: partners, and the one that is chosen though it is none.
pub(super) fn places(all: &str, partners: &[(String, String)], chosen: Option<&str>) -> Vec<Choice> {
    let mut choices = Choice::partners(all, partners, chosen);
    if let Some(chosen) = chosen.filter(|chosen| !partners.iter().any(|(code, _)| code == chosen)) {
        choices.push(Choice { value: chosen.to_owned(), name: chosen.to_owned(), chosen: true });
    }
    choices
}

fn form(
    (state, filter): (&str, &ApplicationFilter),
    visit: &Visit,
    partners: &[(String, String)],
    way: &Way,
) -> TransferForm {
    let all = reads_all(visit);
    let named =
        |value: &'static str, name: String| Choice { value: value.to_owned(), name, chosen: value == state };
    let mut states =
        vec![named("running", "Not decided yet".to_owned()), named("all", "All states".to_owned())];
    let own = MACHINE.states().into_iter().filter(|own| all || *own != "proposed");
    states.extend(own.map(|own| named(own, state_name(own))));
    let is_narrowed = state != standard(visit)
        || filter.applicant.is_some()
        || filter.destination.is_some()
        || filter.words.is_some();
    TransferForm {
        text: filter.words.clone().unwrap_or_default(),
        destinations: destinations(partners, filter.destination.as_deref()),
        states,
        hidden: visit.hidden(),
        clear: is_narrowed.then(|| way.to("/applications")),
    }
}

/// What wants attention and has a list of its own among the tasks.
const LISTED: [NoticeKind; 4] = [
    NoticeKind::IncidentOpen,
    NoticeKind::CertificateInDoubt,
    NoticeKind::VerificationOverdue,
    NoticeKind::DiscrepancyOpen,
];

/// What waits beside applications, for those who do something about it, each with where it is listed.
async fn tasks(visit: &Visit, reader: &Reader, way: &Way) -> Answer<Vec<(String, String)>> {
    if may_command(visit.actor(), CommandKind::LicenceVerify).is_err() {
        return Ok(Vec::new());
    }
    let waiting = reader.transfer_tasks().await?;
    let licences = |word| way.with("/licences", &[("verification", word)]);
    let inspections = |word| way.with("/inspections", &[("state", word)]);
    let all = [
        (
            waiting.incidents,
            ("inspection with an open incident", "inspections with an open incident"),
            inspections("incident"),
        ),
        (
            waiting.overdue,
            (
                "licence with a delivery that was not verified by its day",
                "licences with a delivery that was not verified by its day",
            ),
            licences("overdue"),
        ),
        (
            waiting.remind,
            (
                "licence with a delivery to be verified within 30 days",
                "licences with a delivery to be verified within 30 days",
            ),
            licences("remind"),
        ),
        (
            waiting.reexports,
            ("re-export of which nothing is decided", "re-exports of which nothing is decided"),
            way.with("/reexports", &[("state", "running")]),
        ),
        (
            waiting.discrepancies,
            ("open discrepancy with customs", "open discrepancies with customs"),
            way.with("/discrepancies", &[("state", "open")]),
        ),
        (
            waiting.asked,
            ("certificate whose issuer has not answered", "certificates whose issuer has not answered"),
            way.with("/certificates", &[("state", "asked")]),
        ),
        (
            waiting.specimens,
            (
                "authority with a specimen signature to be confirmed",
                "authorities with a specimen signature to be confirmed",
            ),
            way.to("/specimens"),
        ),
        (
            waiting.planned,
            ("inspection that is planned", "inspections that are planned"),
            inspections("planned"),
        ),
    ];
    let waits = all.into_iter().filter(|(count, ..)| *count > 0);
    let mut tasks: Vec<(String, String)> =
        waits.map(|(count, (one, many), href)| (show::counted(count, one, many), href)).collect();
    let others = reader.notice_counts().await?.into_iter();
    tasks.extend(others.filter(|one| one.count > 0 && !LISTED.contains(&one.kind)).map(|one| {
        let href = way.with("/alerts", &[("kind", one.kind.word())]);
        (format!("{}: {}", notice_title(one.kind), one.count), href)
    }));
    Ok(tasks)
}

/// `GET /applications`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let (state, filter) = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.applications(&filter, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let own = visit.narrowing();
    crate::web::page(&ApplicationsPage {
        frame: visit
            .frame(Part::Transfers, "Applications", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        tabs: tabs(visit.actor(), &way, Place::Applications),
        tasks: tasks(&visit, &reader, &way).await?,
        form: form((state, &filter), &visit, &partners, &way),
        opinions: reads_all(&visit),
        rows: listing.rows.iter().map(|row| ApplicationCells::of(row, reader.as_of(), &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/applications.{ending}"), &own)),
        offers: Offers::new(&visit, &["draft-application"]),
    })
}

const COLUMNS: &[&str] = &[
    "number",
    "title",
    "applicant",
    "applicant_name",
    "destination",
    "destination_name",
    "state",
    "submitted_on",
    "next_opinion_due_on",
    "decided_on",
    "label",
];

/// `GET /applications.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let (_, filter) = filter(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("applications", "text, applicant, destination or state");
    let rows = every(narrowed, |page| reader.applications(&filter, page)).await?;
    let row = |row: &ApplicationRow| -> Vec<Out> {
        vec![
            text(&row.number),
            text(&row.title),
            text(&row.applicant),
            text(&row.applicant_name),
            text(&row.destination),
            text(&row.destination_name),
            text(&row.state),
            day(row.submitted_on),
            day(row.due_on),
            day(row.decided_on),
            text(row.label.to_string()),
        ]
    };
    let table = Table { name: "applications", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}
