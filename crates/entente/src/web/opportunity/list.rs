//! The list of opportunities, and its table for spreadsheets.

use askama::Template;
use entente_register::opportunity::{MACHINE, OpportunityKind};
use entente_store::reader::{OpportunityFilter, OpportunityRow};
use jiff::civil::Date;

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::Offers;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, day, every, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// An opportunity in a list.
#[derive(Debug, Clone)]
pub(crate) struct OpportunityCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) kind: String,
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    pub(crate) state: String,
    pub(crate) state_word: String,
    pub(crate) received_on: String,
    /// The deadline of what is to be answered; else the day of the answer or of the end, with its word.
    pub(crate) day: String,
    pub(crate) day_word: String,
    /// The deadline has passed, and nothing is answered.
    pub(crate) late: bool,
    pub(crate) value: String,
    pub(crate) currency: String,
    pub(crate) probability: String,
    pub(crate) label: String,
}

impl OpportunityCells {
    pub(crate) fn of(row: &OpportunityRow, as_of: Date, way: &Way) -> OpportunityCells {
        let late = row.state == "open" && row.deadline.is_some_and(|deadline| deadline < as_of);
        let (day, word) = match (row.state.as_str(), row.deadline) {
            ("open", Some(deadline)) => (Some(deadline), deadline_word(deadline, as_of)),
            ("open", None) => (None, "no deadline".to_owned()),
            ("offered", _) => (row.answered_on, "answered".to_owned()),
            (state, _) => (row.ended_on, state.to_owned()),
        };
        OpportunityCells {
            number: row.number.clone(),
            href: way.to(&format!("/opportunities/{}", row.number)),
            title: row.title.clone(),
            kind: show::capital(row.kind.name()),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            state: show::capital(&row.state),
            state_word: row.state.clone(),
            received_on: show::day(row.received_on),
            day: day.map(show::day).unwrap_or_default(),
            day_word: word,
            late,
            value: row.value.map(|value| show::exact(value.minor, value.currency)).unwrap_or_default(),
            currency: row.value.map(|value| value.currency.code().to_owned()).unwrap_or_default(),
            probability: row.probability.map(|whole| format!("{whole} %")).unwrap_or_default(),
            label: row.label.to_string(),
        }
    }
}

/// How far a deadline is.
pub(in crate::web) fn deadline_word(deadline: Date, as_of: Date) -> String {
    let days = deadline.since(as_of).map_or(0, |span| span.get_days());
    match days {
        0 => "today".to_owned(),
        1 => "in one day".to_owned(),
        days if days > 0 => format!("in {days} days"),
        -1 => "passed by one day".to_owned(),
        days => format!("passed by {} days", -days),
    }
}

/// The form above the list.
#[derive(Debug, Clone)]
pub(crate) struct OpportunityForm {
    pub(crate) text: String,
    pub(crate) partners: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) kinds: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "opportunity/list.html")]
pub(crate) struct OpportunitiesPage {
    pub(crate) frame: Frame,
    pub(crate) form: OpportunityForm,
    pub(crate) rows: Vec<OpportunityCells>,
    pub(crate) pages: Pages,
    /// The list for spreadsheets: form and address.
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

fn filter(visit: &Visit) -> Answer<OpportunityFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().chain(["running"]).map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let kinds: Vec<(&'static str, Option<OpportunityKind>)> =
        OpportunityKind::ALL.iter().map(|kind| (kind.word(), Some(*kind))).collect();
    Ok(OpportunityFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        partner: visit.parameter("partner").map(str::to_owned),
        kind: one_of("kind", visit.parameter("kind"), &kinds, None)?,
        words: visit.parameter("text").map(str::to_owned),
    })
}

fn form(
    filter: &OpportunityFilter,
    visit: &Visit,
    partners: &[(String, String)],
    way: &Way,
) -> OpportunityForm {
    let choice = |value: &str, name: String, chosen: bool| Choice { value: value.to_owned(), name, chosen };
    let mut states = vec![
        choice("", "All states".to_owned(), filter.state.is_none()),
        choice("running", "Open or offered".to_owned(), filter.state.as_deref() == Some("running")),
    ];
    states.extend(
        MACHINE
            .states()
            .into_iter()
            .map(|state| choice(state, show::capital(state), filter.state.as_deref() == Some(state))),
    );
    let mut kinds = vec![choice("", "All kinds".to_owned(), filter.kind.is_none())];
    kinds.extend(
        OpportunityKind::ALL
            .iter()
            .map(|kind| choice(kind.word(), show::capital(kind.name()), filter.kind == Some(*kind))),
    );
    OpportunityForm {
        text: filter.words.clone().unwrap_or_default(),
        partners: Choice::partners("All partners", partners, filter.partner.as_deref()),
        states,
        kinds,
        hidden: visit.hidden(),
        clear: (*filter != OpportunityFilter::default()).then(|| way.to("/opportunities")),
    }
}

/// `GET /opportunities`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.opportunities(&filter, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let own = visit.narrowing();
    crate::web::page(&OpportunitiesPage {
        frame: visit
            .frame(Part::Opportunities, "Opportunities", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        form: form(&filter, &visit, &partners, &way),
        rows: listing.rows.iter().map(|row| OpportunityCells::of(row, reader.as_of(), &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/opportunities.{ending}"), &own)),
        offers: Offers::new(&visit, &["register-opportunity"]),
    })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "number",
    "title",
    "partner",
    "partner_name",
    "kind",
    "state",
    "received_on",
    "deadline",
    "answered_on",
    "ended_on",
    "amount",
    "currency",
    "probability",
    "signature_on",
    "contract",
    "label",
];

/// `GET /opportunities.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("opportunities", "text, partner, kind or state");
    let rows = every(narrowed, |page| reader.opportunities(&filter, page)).await?;
    table(&rows).answer(kind, reader.as_of()).await
}

/// Opportunities as a table.
pub(in crate::web) fn table(rows: &[OpportunityRow]) -> Table {
    Table { name: "opportunities", columns: COLUMNS, rows: rows.iter().map(exported).collect() }
}

fn exported(row: &OpportunityRow) -> Vec<Out> {
    vec![
        text(&row.number),
        text(&row.title),
        text(&row.partner),
        text(&row.partner_name),
        text(row.kind.word()),
        text(&row.state),
        Out::Date(row.received_on),
        day(row.deadline),
        day(row.answered_on),
        day(row.ended_on),
        row.value.map_or(Out::Empty, amount),
        row.value.map_or(Out::Empty, |value| text(value.currency.code())),
        row.probability.map_or(Out::Empty, |whole| Out::Whole(i64::from(whole))),
        day(row.signature_on),
        row.contract.as_ref().map_or(Out::Empty, text),
        text(row.label.to_string()),
    ]
}
