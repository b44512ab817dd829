//! The register of end-user certificates, and its table for spreadsheets.

use askama::Template;
use entente_register::access::{Extent, Reading, may_read};
use entente_register::transfer::certificate::{AuthenticityStanding, Certificate, MACHINE};
use entente_store::reader::{CertificateFilter, CertificateRow};
use jiff::civil::Date;

use super::{Links, Named, Place, tabs};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::Offers;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::search::Tab;
use crate::web::show;
use crate::web::spreadsheet::{Table, day, every, optional, text, ways, yes};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A certificate in a list.
#[derive(Debug, Clone)]
pub(crate) struct CertificateCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) register_number: String,
    pub(crate) issuer: String,
    pub(crate) end_user: String,
    pub(crate) destination: String,
    pub(crate) issued_on: String,
    pub(crate) expires_on: String,
    pub(crate) expired: bool,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    /// What is said of its authenticity; empty where the reader is not told.
    pub(crate) authenticity: String,
    pub(crate) application: Option<Named>,
    pub(crate) label: String,
}

/// What is said of the authenticity of a certificate.
pub(in crate::web) fn authenticity(this: &Certificate) -> String {
    match this.authenticity() {
        AuthenticityStanding::NotAsked => "not asked yet".to_owned(),
        AuthenticityStanding::Asked(on) => format!("asked {}, no answer yet", show::day(on)),
        AuthenticityStanding::Answered(answer, on) => {
            format!("{}, answered {}", answer.name(), show::day(on))
        }
    }
}

impl CertificateCells {
    pub(crate) fn of(
        row: &CertificateRow,
        as_of: Date,
        told: bool,
        links: &Links,
        way: &Way,
    ) -> CertificateCells {
        let this = &row.certificate;
        let said = &this.content;
        CertificateCells {
            number: this.number.clone(),
            href: way.to(&format!("/certificates/{}", this.number)),
            register_number: said.register_number.clone(),
            issuer: row.issuer_name.clone(),
            end_user: row.end_user_name.clone(),
            destination: said.destination.clone(),
            issued_on: show::day(said.issued_on),
            expires_on: said.expires_on.map(show::day).unwrap_or_default(),
            expired: said.expires_on.is_some_and(|day| day < as_of),
            state: show::capital(this.state),
            state_word: this.state,
            authenticity: if told { authenticity(this) } else { String::new() },
            application: this
                .application
                .as_ref()
                .map(|number| Named::number(number, links.application(number))),
            label: this.label.to_string(),
        }
    }
}

/// The form above the register.
#[derive(Debug, Clone)]
pub(crate) struct CertificateForm {
    pub(crate) text: String,
    pub(crate) states: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "transfer/certificates.html")]
pub(crate) struct CertificatesPage {
    pub(crate) frame: Frame,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) form: CertificateForm,
    /// Whether what is asked about them is told.
    pub(crate) told: bool,
    pub(crate) rows: Vec<CertificateCells>,
    pub(crate) pages: Pages,
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) offers: Offers,
}

fn is_told(visit: &Visit) -> bool {
    may_read(visit.actor(), Reading::Certificates) == Some(Extent::All)
}

fn filter(visit: &Visit) -> Answer<CertificateFilter> {
    let beside: &[&'static str] = if is_told(visit) { &["asked"] } else { &[] };
    let states: Vec<(&'static str, &'static str)> =
        MACHINE.states().into_iter().chain(beside.iter().copied()).map(|state| (state, state)).collect();
    let state = one_of("state", visit.parameter("state"), &states, "")?;
    let given = |name: &str| visit.parameter(name).map(str::to_owned);
    Ok(CertificateFilter {
        state: (!state.is_empty()).then(|| state.to_owned()),
        issuer: given("issuer"),
        end_user: given("end_user"),
        application: given("application"),
        words: given("text"),
    })
}

fn form(filter: &CertificateFilter, visit: &Visit, way: &Way) -> CertificateForm {
    let named = |value: &str, name: String| Choice {
        value: value.to_owned(),
        name,
        chosen: filter.state.as_deref().unwrap_or_default() == value,
    };
    let mut states = vec![named("", "All states".to_owned())];
    if is_told(visit) {
        states.push(named("asked", "Answer awaited".to_owned()));
    }
    states.extend(MACHINE.states().into_iter().map(|state| named(state, show::capital(state))));
    CertificateForm {
        text: filter.words.clone().unwrap_or_default(),
        states,
        hidden: visit.hidden(),
        clear: (*filter != CertificateFilter::default()).then(|| way.to("/certificates")),
    }
}

/// `GET /certificates`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let listing = reader.certificates(&filter, visit.page).await?;
    let way = visit.way();
    let own = visit.narrowing();
    let links = Links::of(visit.actor(), &way);
    let told = is_told(&visit);
    let cells = |row: &CertificateRow| CertificateCells::of(row, reader.as_of(), told, &links, &way);
    crate::web::page(&CertificatesPage {
        frame: visit
            .frame(Part::Transfers, "End-user certificates", &reader)
            .marked_by(listing.rows.iter().map(|row| &row.certificate.label)),
        tabs: tabs(visit.actor(), &way, Place::Certificates),
        form: form(&filter, &visit, &way),
        told,
        rows: listing.rows.iter().map(cells).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/certificates.{ending}"), &own)),
        offers: Offers::new(&visit, &["register-certificate"]),
    })
}

const COLUMNS: &[&str] = &[
    "number",
    "issuer",
    "issuer_name",
    "register_number",
    "issued_on",
    "expires_on",
    "exporter",
    "exporter_name",
    "end_user",
    "end_user_name",
    "destination",
    "signatory",
    "position",
    "sealed",
    "state",
    "application",
    "registered_on",
    "label",
];

/// `GET /certificates.csv` and `.xlsx`: the whole register as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("certificates", "text, issuer, end_user, application or state");
    let rows = every(narrowed, |page| reader.certificates(&filter, page)).await?;
    let row = |row: &CertificateRow| -> Vec<Out> {
        let this = &row.certificate;
        let said = &this.content;
        vec![
            text(&this.number),
            text(&said.issuer),
            text(&row.issuer_name),
            text(&said.register_number),
            Out::Date(said.issued_on),
            day(said.expires_on),
            text(&said.exporter),
            text(&row.exporter_name),
            text(&said.end_user),
            text(&row.end_user_name),
            text(&said.destination),
            text(&said.signatory),
            text(&said.position),
            yes(said.sealed),
            text(this.state),
            optional(this.application.as_deref()),
            Out::Date(this.registered_on),
            text(this.label.to_string()),
        ]
    };
    let table = Table { name: "certificates", columns: COLUMNS, rows: rows.iter().map(row).collect() };
    table.answer(kind, reader.as_of()).await
}
