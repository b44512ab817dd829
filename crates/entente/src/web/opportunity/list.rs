//! The list of opportunities, and its table for spreadsheets.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::ledger::Refusal;
use entente_register::opportunity::{MACHINE, OpportunityKind};
use entente_store::Fault;
use entente_store::reader::{OpportunityFilter, OpportunityRow, Page};
use jiff::civil::Date;

use crate::error::{Answer, Failure};
use crate::formats::table::harmless;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
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
    pub(crate) csv: String,
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
    let mut partner_choices = vec![choice("", "All partners".to_owned(), filter.partner.is_none())];
    partner_choices.extend(
        partners.iter().map(|(code, name)| {
            choice(code, format!("{name} ({code})"), filter.partner.as_ref() == Some(code))
        }),
    );
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
        partners: partner_choices,
        states,
        kinds,
        hidden: visit.view.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
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
    let own = visit.own_parameters();
    let own: Vec<(&str, &str)> =
        own.into_iter().filter(|(name, _)| !matches!(*name, "offset" | "limit")).collect();
    crate::web::page(&OpportunitiesPage {
        frame: visit
            .frame(Part::Opportunities, "Opportunities", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.label)),
        form: form(&filter, &visit, &partners, &way),
        rows: listing.rows.iter().map(|row| OpportunityCells::of(row, reader.as_of(), &way)).collect(),
        pages: visit.pages(&listing),
        csv: way.with("/opportunities.csv", &own),
    })
}

/// Rows of a file at most.
const MOST_EXPORTED: i64 = 50_000;

/// `GET /opportunities.csv`: the whole list as it is narrowed, for a spreadsheet.
pub(in crate::web) async fn export(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let mut rows = Vec::new();
    let mut page = Page::first(500);
    loop {
        let listing = reader.opportunities(&filter, page).await?;
        if listing.total > MOST_EXPORTED {
            return Err(Refusal::new(
                "export.too_long",
                format!(
                    "The list has {} opportunities; a table holds {MOST_EXPORTED} at most.",
                    listing.total
                ),
            )
            .missing("a list narrowed by text, partner, kind or state")
            .into());
        }
        page.offset += i64::try_from(listing.rows.len()).unwrap_or(0);
        let done = listing.rows.is_empty() || page.offset >= listing.total;
        rows.extend(listing.rows);
        if done {
            break;
        }
    }
    let name = format!("attachment; filename=\"opportunities-{}.csv\"", reader.as_of());
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, csv(&rows)?).into_response())
}

/// The rows as RFC 4180.
pub(crate) fn csv(rows: &[OpportunityRow]) -> Result<Vec<u8>, Failure> {
    let broke = |e: &dyn std::fmt::Display| Failure::from(Fault::internal("writing a table", e));
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer
        .write_record([
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
        ])
        .map_err(|e| broke(&e))?;
    for row in rows {
        let day = |on: Option<Date>| on.map(|on| on.to_string()).unwrap_or_default();
        writer
            .write_record([
                &harmless(&row.number),
                &harmless(&row.title),
                &harmless(&row.partner),
                &harmless(&row.partner_name),
                &row.kind.word().to_owned(),
                &row.state,
                &row.received_on.to_string(),
                &day(row.deadline),
                &day(row.answered_on),
                &day(row.ended_on),
                &row.value.map(|value| value.decimal()).unwrap_or_default(),
                &row.value.map(|value| value.currency.code().to_owned()).unwrap_or_default(),
                &row.probability.map(|whole| whole.to_string()).unwrap_or_default(),
                &day(row.signature_on),
                &row.contract.clone().unwrap_or_default(),
                &row.label.to_string(),
            ])
            .map_err(|e| broke(&e))?;
    }
    writer.into_inner().map_err(|e| broke(&e))
}
