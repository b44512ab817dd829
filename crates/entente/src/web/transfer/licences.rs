//! The list of licences, and its table for spreadsheets.

use askama::Template;
use entente_register::transfer::licence::{Licence, MACHINE};
use entente_store::reader::{LicenceFilter, LicenceRow};
use jiff::civil::Date;

use super::list::{TransferForm, destinations};
use super::{Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::opportunity::list::deadline_word;
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, minor, text, ways, yes};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A licence in a list.
#[derive(Debug, Clone)]
pub(crate) struct LicenceCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) what: String,
    pub(crate) more: String,
    pub(crate) holder: String,
    pub(crate) holder_name: String,
    pub(crate) destination: String,
    pub(crate) destination_name: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) issued_on: String,
    pub(crate) valid_until: String,
    /// How far its end is, while it is in use.
    pub(crate) until_word: String,
    pub(crate) granted: String,
    pub(crate) left: String,
    pub(crate) currency: String,
    /// By when the next delivery is to be verified; empty where none is.
    pub(crate) verify_on: String,
    pub(crate) verify_word: String,
    pub(crate) verify_late: bool,
    pub(crate) label: String,
}

/// What was granted and what is left, in minor units.
fn values(licence: &Licence) -> (i64, i64) {
    let granted = licence.issued.lines.iter().map(|line| line.value.minor).sum();
    let left = licence.issued.lines.iter().filter_map(|line| licence.left(line.number));
    (granted, left.map(|left| left.value).sum())
}

impl LicenceCells {
    pub(crate) fn of(row: &LicenceRow, as_of: Date, way: &Way) -> LicenceCells {
        let this = &row.licence;
        let issued = &this.issued;
        let word = this.word_on(as_of);
        let (granted, left) = values(this);
        let verify_on = this.verification_due_on();
        LicenceCells {
            number: this.number.clone(),
            href: way.to(&format!("/licences/{}", this.number)),
            what: issued.lines.first().map(|line| line.description.clone()).unwrap_or_default(),
            more: match issued.lines.len() {
                0 | 1 => String::new(),
                lines => format!("and {} more", show::counted(lines as i64 - 1, "line", "lines")),
            },
            holder: issued.holder.clone(),
            holder_name: row.holder_name.clone(),
            destination: issued.destination.clone(),
            destination_name: row.destination_name.clone(),
            state: word_name(word),
            state_word: word,
            issued_on: show::day(this.issued_on),
            valid_until: show::day(issued.valid_until),
            until_word: match word {
                "issued" | "suspended" => deadline_word(issued.valid_until, as_of),
                _ => String::new(),
            },
            granted: show::exact(granted, issued.currency),
            left: show::exact(left, issued.currency),
            currency: issued.currency.code().to_owned(),
            verify_on: verify_on.map(show::day).unwrap_or_default(),
            verify_word: verify_on.map(|due| deadline_word(due, as_of)).unwrap_or_default(),
            verify_late: verify_on.is_some_and(|due| due < as_of),
            label: this.label.to_string(),
        }
    }
}

/// The word of a licence on a day, for people.
pub(in crate::web) fn word_name(word: &str) -> String {
    match word {
        "issued" => "In use".to_owned(),
        word => show::capital(word),
    }
}

#[derive(Template)]
#[template(path = "transfer/licences.html")]
pub(crate) struct LicencesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) form: TransferForm,
    /// Where the verification of deliveries stands, to choose from.
    pub(crate) verifications: Vec<Choice>,
    pub(crate) rows: Vec<LicenceCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
}

fn filter(visit: &Visit) -> Answer<LicenceFilter> {
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().chain(["expired"]).map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let standings = ["overdue", "remind", "open"].map(|word| (word, word));
    let verification = one_of("verification", visit.parameter("verification"), &standings, "")?;
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    Ok(LicenceFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        holder: given("holder"),
        destination: given("destination"),
        verification: (!verification.is_empty()).then(|| verification.to_owned()),
        words: given("text"),
    })
}

fn form(filter: &LicenceFilter, visit: &Visit, partners: &[(String, String)], way: &Way) -> TransferForm {
    let named = |value: &str, name: String| Choice {
        value: value.to_owned(),
        name,
        chosen: filter.state.as_deref().unwrap_or_default() == value,
    };
    let mut states = vec![named("", "All states".to_owned())];
    for state in MACHINE.states() {
        states.push(named(state, if state == "issued" { "Issued".to_owned() } else { word_name(state) }));
        if state == "issued" {
            states.push(named("expired", "Expired".to_owned()));
        }
    }
    TransferForm {
        text: filter.words.clone().unwrap_or_default(),
        destinations: destinations(partners, filter.destination.as_deref()),
        states,
        hidden: visit.hidden(),
        clear: (*filter != LicenceFilter::default()).then(|| way.to("/licences")),
    }
}

/// Where the verification of deliveries stands.
pub(crate) fn verifications(chosen: Option<&str>) -> Vec<Choice> {
    let all =
        [("", "Any"), ("overdue", "Overdue"), ("remind", "Due within 30 days"), ("open", "Not verified yet")];
    all.into_iter()
        .map(|(value, name)| Choice {
            value: value.to_owned(),
            name: name.to_owned(),
            chosen: value == chosen.unwrap_or_default(),
        })
        .collect()
}

/// `GET /licences`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.licences(&filter, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let own = visit.narrowing();
    crate::web::page(&LicencesPage {
        frame: visit
            .frame(Part::Transfers, "Licences", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.licence.label)),
        tabs: tabs(visit.actor(), &way, Place::Licences),
        form: form(&filter, &visit, &partners, &way),
        verifications: verifications(filter.verification.as_deref()),
        rows: listing.rows.iter().map(|row| LicenceCells::of(row, reader.as_of(), &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/licences.{ending}"), &own)),
    })
}

const COLUMNS: &[&str] = &[
    "number",
    "application",
    "what",
    "lines",
    "holder",
    "holder_name",
    "destination",
    "destination_name",
    "state",
    "issued_on",
    "valid_from",
    "valid_until",
    "granted",
    "left",
    "currency",
    "exhausted",
    "verification_due_on",
    "label",
];

/// `GET /licences.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("licences", "text, holder, destination, verification or state");
    let rows = every(narrowed, |page| reader.licences(&filter, page)).await?;
    let as_of = reader.as_of();
    let row = |row: &LicenceRow| -> Vec<Out> {
        let this = &row.licence;
        let issued = &this.issued;
        let (granted, left) = values(this);
        vec![
            text(&this.number),
            text(&issued.application),
            text(issued.lines.first().map(|line| line.description.clone()).unwrap_or_default()),
            Out::Whole(i64::try_from(issued.lines.len()).unwrap_or(i64::MAX)),
            text(&issued.holder),
            text(&row.holder_name),
            text(&issued.destination),
            text(&row.destination_name),
            text(this.word_on(as_of)),
            Out::Date(this.issued_on),
            Out::Date(issued.valid_from),
            Out::Date(issued.valid_until),
            minor(granted, issued.currency),
            minor(left, issued.currency),
            text(issued.currency.code()),
            yes(this.is_exhausted()),
            day(this.verification_due_on()),
            text(this.label.to_string()),
        ]
    };
    let table = Table { name: "licences", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, as_of).await
}
