//! The page of an end-user certificate: what it says, what its issuer says of it, and what stands against it.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::transfer::certificate::Undertaking;
use entente_store::reader::{CertificateView, LinkFocus};
use jiff::civil::Date;

use super::certificates::authenticity;
use super::link::{LinkSection, apart};
use super::reexports::ReexportLink;
use super::{Links, Named};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::line::counted;
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, day, optional, text};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Goods of a certificate.
#[derive(Debug, Clone)]
pub(crate) struct GoodsCells {
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) quantity: String,
    pub(crate) value: String,
}

/// An inquiry.
#[derive(Debug, Clone)]
pub(crate) struct InquiryCells {
    pub(crate) number: u32,
    pub(crate) to: String,
    pub(crate) channel: &'static str,
    pub(crate) asked_on: String,
    pub(crate) letter: Option<Paper>,
    pub(crate) answer: String,
    pub(crate) answer_word: &'static str,
    pub(crate) answered_on: String,
    pub(crate) paper: Option<Paper>,
}

/// What stands against it.
#[derive(Debug, Clone)]
pub(crate) struct AgainstCells {
    pub(crate) outcome: String,
    pub(crate) shape: &'static str,
    pub(crate) why: String,
}

/// Another certificate that shares what no two may.
#[derive(Debug, Clone)]
pub(crate) struct SharedCells {
    pub(crate) certificate: Named,
    pub(crate) register_number: String,
    pub(crate) state: String,
    pub(crate) application: Option<Named>,
    pub(crate) when: &'static str,
    /// In what both differ; empty where they say the same.
    pub(crate) differs: String,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct CertificatePageView {
    pub(crate) number: String,
    pub(crate) register_number: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) application: Option<Named>,
    pub(crate) issuer: Named,
    pub(crate) issuing_state: String,
    pub(crate) issued_on: String,
    pub(crate) expires_on: String,
    pub(crate) expired: bool,
    pub(crate) exporter: Named,
    pub(crate) end_user: Named,
    pub(crate) destination: String,
    pub(crate) destination_code: String,
    pub(crate) intermediaries: Vec<(String, Named)>,
    pub(crate) contract_number: String,
    pub(crate) end_use: String,
    pub(crate) signatory: String,
    pub(crate) position: String,
    pub(crate) sealed: bool,
    pub(crate) registered_on: String,
    pub(crate) paper: Option<Paper>,
    pub(crate) goods: Vec<GoodsCells>,
    /// Each undertaking, whether it is given, and whether it is needed.
    pub(crate) undertakings: Vec<(&'static str, bool, bool)>,
    /// What is said of its authenticity; none where the reader is not told.
    pub(crate) authenticity: Option<String>,
    pub(crate) inquiries: Vec<InquiryCells>,
    pub(crate) against: Option<Vec<AgainstCells>>,
    pub(crate) shared: Vec<SharedCells>,
    /// Where the specimens of its issuer are; none where the reader may not know.
    pub(crate) specimens: Option<String>,
    /// Re-exports that it binds, of those open to the reader.
    pub(crate) reexports: Vec<ReexportLink>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/certificate.html")]
pub(crate) struct CertificatePage {
    pub(crate) frame: Frame,
    pub(crate) view: CertificatePageView,
    pub(crate) offers: Offers,
    /// The chain that it stands in.
    pub(crate) link: Option<LinkSection>,
}

/// `GET /certificates/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.certificate(&number).await?;
    let focus = LinkFocus::Certificate(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &found.certificate.label);
    let frame = visit.frame(Part::Transfers, format!("Certificate {number}"), &reader).marked(Some(&label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let mut view = view(&found, reader.as_of(), &links, &way);
    let reexports = reader.reexports_of(&number).await?;
    view.reexports = reexports.iter().map(|row| ReexportLink::of(row, &links)).collect();
    crate::web::page(&CertificatePage {
        link,
        frame,
        view,
        offers: Offers::of(&visit, &reader, Stands::Certificate(Box::new(found))),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &CertificateView, as_of: Date, links: &Links, way: &Way) -> CertificatePageView {
    let this = &found.certificate;
    let said = &this.content;
    let party = |number: &str| Named::party(number, &found.parties, links);
    let paper = |document| Some(Paper::of(document, SubjectKind::Certificate, &this.number, way));
    let told = found.against.is_some();
    CertificatePageView {
        number: this.number.clone(),
        register_number: said.register_number.clone(),
        state: show::capital(this.state),
        state_word: this.state,
        reexports: Vec::new(),
        application: this.application.as_ref().map(|of| Named::number(of, links.application(of))),
        issuer: party(&said.issuer),
        issuing_state: said.state.clone().unwrap_or_default(),
        issued_on: show::day(said.issued_on),
        expires_on: said.expires_on.map(show::day).unwrap_or_default(),
        expired: said.expires_on.is_some_and(|until| until < as_of),
        exporter: party(&said.exporter),
        end_user: party(&said.end_user),
        destination: found.destination_name.clone(),
        destination_code: said.destination.clone(),
        intermediaries: said
            .intermediaries
            .iter()
            .map(|one| (show::capital(one.role.name()), party(&one.party)))
            .collect(),
        contract_number: said.contract_number.clone().unwrap_or_default(),
        end_use: said.end_use.clone(),
        signatory: said.signatory.clone(),
        position: said.position.clone(),
        sealed: said.sealed,
        registered_on: show::day(this.registered_on),
        paper: paper(&said.document),
        goods: said
            .lines
            .iter()
            .map(|line| GoodsCells {
                description: line.description.clone(),
                category: line.category.clone(),
                quantity: counted(line.quantity, line.unit),
                value: line.value.map(|value| value.to_string()).unwrap_or_default(),
            })
            .collect(),
        undertakings: Undertaking::ALL
            .iter()
            .map(|one| (one.name(), said.undertakings.contains(one), Undertaking::NEEDED.contains(one)))
            .collect(),
        authenticity: told.then(|| authenticity(this)),
        inquiries: this
            .inquiries
            .iter()
            .map(|one| InquiryCells {
                number: one.number,
                to: one.asked.to.clone(),
                channel: one.asked.channel.name(),
                asked_on: show::day(one.asked_on),
                letter: paper(&one.asked.document),
                answer: one.answered.as_ref().map_or_else(
                    || "Awaited".to_owned(),
                    |(_, answered)| show::capital(answered.answer.name()),
                ),
                answer_word: match &one.answered {
                    None => "awaited",
                    Some((_, answered)) => match answered.answer.word() {
                        "authentic" => "pass",
                        "not_authentic" => "blocked",
                        _ => "hold",
                    },
                },
                answered_on: one.answered.as_ref().map(|(on, _)| show::day(*on)).unwrap_or_default(),
                paper: one.answered.as_ref().and_then(|(_, answered)| paper(&answered.document)),
            })
            .collect(),
        against: found.against.as_ref().map(|all| {
            let mut all: Vec<_> = all.iter().collect();
            all.sort_by_key(|(outcome, _)| std::cmp::Reverse(*outcome));
            let cells = all.into_iter().map(|(outcome, why)| AgainstCells {
                outcome: show::capital(outcome.name()),
                shape: outcome.word(),
                why: why.clone(),
            });
            cells.collect()
        }),
        shared: found
            .shared
            .iter()
            .map(|one| SharedCells {
                certificate: Named::number(
                    &one.certificate.number,
                    links.certificate(&one.certificate.number),
                ),
                register_number: one.certificate.content.register_number.clone(),
                state: show::capital(one.certificate.state),
                application: one
                    .certificate
                    .application
                    .as_ref()
                    .map(|of| Named::number(of, links.application(of))),
                when: if one.earlier { "registered before" } else { "registered after" },
                differs: one.differs.join(", "),
            })
            .collect(),
        specimens: told
            .then(|| way.to(&format!("/specimens/{}", said.issuer)))
            .filter(|_| found.specimens.is_some()),
        history: acts(&found.history, SubjectKind::Certificate, &this.number, way),
    }
}

/// A table of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfCertificate {
    /// Goods.
    Lines,
    /// Inquiries whether it is authentic.
    Inquiries,
}

/// `GET /certificates/{number}/lines.csv` and the like.
pub(in crate::web) async fn export(
    visit: Visit,
    number: Path<String>,
    of: OfCertificate,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.certificate(&number).await?;
    let this = &found.certificate;
    let table = match of {
        OfCertificate::Lines => Table {
            name: "lines",
            columns: &["certificate", "description", "category", "quantity", "unit", "value", "currency"],
            rows: this
                .content
                .lines
                .iter()
                .map(|line| {
                    vec![
                        text(&this.number),
                        text(&line.description),
                        text(&line.category),
                        Out::Amount(line.quantity.to_string()),
                        text(line.unit.code()),
                        line.value.map_or(Out::Empty, amount),
                        optional(line.value.map(|value| value.currency.code())),
                    ]
                })
                .collect(),
        },
        OfCertificate::Inquiries => Table {
            name: "inquiries",
            columns: &["certificate", "inquiry", "channel", "to", "asked_on", "answer", "answered_on"],
            rows: this
                .inquiries
                .iter()
                .map(|one| {
                    vec![
                        text(&this.number),
                        Out::Whole(i64::from(one.number)),
                        text(one.asked.channel.word()),
                        text(&one.asked.to),
                        Out::Date(one.asked_on),
                        optional(one.answered.as_ref().map(|(_, answered)| answered.answer.word())),
                        day(one.answered.as_ref().map(|(on, _)| *on)),
                    ]
                })
                .collect(),
        },
    };
    table.answer(kind, reader.as_of()).await
}
