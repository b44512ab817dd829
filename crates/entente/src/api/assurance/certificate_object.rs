//! Objects that reads of certificates give out.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::certificate::{
    AuthenticityStanding, Certificate, CertificateLine, Inquiry, Undertaking,
};
use entente_register::transfer::check::CheckOutcome;
use entente_store::reader::{CertificateRow, CertificateView, SharedCertificate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};
use crate::api::transfer::object::TransferPartyObject;

/// A certificate in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateRowObject {
    pub(crate) number: String,
    /// Number of the party that issued it.
    pub(crate) issuer: String,
    pub(crate) issuer_name: String,
    /// The number under which the issuer registered it.
    pub(crate) register_number: String,
    #[schema(format = Date)]
    pub(crate) issued_on: String,
    #[schema(format = Date)]
    pub(crate) expires_on: Option<String>,
    /// Number of the party that exports.
    pub(crate) exporter: String,
    pub(crate) exporter_name: String,
    /// Number of the party that uses the goods.
    pub(crate) end_user: String,
    pub(crate) end_user_name: String,
    /// ISO 3166-1 alpha-3.
    pub(crate) destination: String,
    /// `registered`, `bound`, `voided` or `revoked`.
    pub(crate) state: &'static str,
    /// Number of the application that it serves.
    pub(crate) application: Option<String>,
    #[schema(format = Date)]
    pub(crate) registered_on: String,
    /// Marking.
    pub(crate) label: String,
}

impl CertificateRowObject {
    pub(crate) fn of(row: &CertificateRow) -> CertificateRowObject {
        let names = (&row.issuer_name, &row.exporter_name, &row.end_user_name);
        CertificateRowObject::named(&row.certificate, names.0, names.1, names.2)
    }

    fn named(this: &Certificate, issuer: &str, exporter: &str, end_user: &str) -> CertificateRowObject {
        let said = &this.content;
        CertificateRowObject {
            number: this.number.clone(),
            issuer: said.issuer.clone(),
            issuer_name: issuer.to_owned(),
            register_number: said.register_number.clone(),
            issued_on: said.issued_on.to_string(),
            expires_on: said.expires_on.map(|day| day.to_string()),
            exporter: said.exporter.clone(),
            exporter_name: exporter.to_owned(),
            end_user: said.end_user.clone(),
            end_user_name: end_user.to_owned(),
            destination: said.destination.clone(),
            state: this.state,
            application: this.application.clone(),
            registered_on: this.registered_on.to_string(),
            label: this.label.to_string(),
        }
    }
}

/// Goods of a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateLineObject {
    description: String,
    /// Control-list entry.
    category: String,
    quantity: String,
    /// UN/ECE code.
    unit: &'static str,
    value: Option<String>,
    /// ISO 4217 code of the value.
    currency: Option<&'static str>,
}

impl CertificateLineObject {
    fn of(line: &CertificateLine) -> CertificateLineObject {
        CertificateLineObject {
            description: line.description.clone(),
            category: line.category.clone(),
            quantity: line.quantity.to_string(),
            unit: line.unit.code(),
            value: line.value.map(|value| value.decimal()),
            currency: line.value.map(|value| value.currency.code()),
        }
    }
}

/// An inquiry whether a certificate is authentic.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InquiryObject {
    /// From 1.
    number: u32,
    /// `issuer`, `their_embassy` or `own_embassy`.
    channel: &'static str,
    /// Who was asked.
    to: String,
    #[schema(format = Date)]
    asked_on: String,
    /// The letter.
    letter: DocumentObject,
    /// `authentic`, `not_authentic` or `unknown`; null while it is awaited.
    answer: Option<&'static str>,
    #[schema(format = Date)]
    answered_on: Option<String>,
    /// The answer’s paper.
    document: Option<DocumentObject>,
}

impl InquiryObject {
    fn of(inquiry: &Inquiry, subject: &str) -> InquiryObject {
        let answered = inquiry.answered.as_ref();
        InquiryObject {
            number: inquiry.number,
            channel: inquiry.asked.channel.word(),
            to: inquiry.asked.to.clone(),
            asked_on: inquiry.asked_on.to_string(),
            letter: DocumentObject::of(&inquiry.asked.document, subject, TAGGED),
            answer: answered.map(|(_, answered)| answered.answer.word()),
            answered_on: answered.map(|(on, _)| on.to_string()),
            document: answered.map(|(_, one)| DocumentObject::of(&one.document, subject, TAGGED)),
        }
    }
}

/// What stands against a certificate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgainstObject {
    /// `hold` or `blocked`.
    outcome: &'static str,
    /// In words.
    why: String,
}

/// Another certificate under the same number, or of the same paper.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedObject {
    number: String,
    register_number: String,
    /// Number of the application that it serves.
    application: Option<String>,
    /// Whether it was registered before.
    earlier: bool,
    /// In what both differ.
    differs: Vec<&'static str>,
}

impl SharedObject {
    fn of(shared: SharedCertificate) -> SharedObject {
        SharedObject {
            number: shared.certificate.number,
            register_number: shared.certificate.content.register_number,
            application: shared.certificate.application,
            earlier: shared.earlier,
            differs: shared.differs,
        }
    }
}

/// An end-user certificate.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Certificate")]
pub(crate) struct CertificateObject {
    #[serde(flatten)]
    row: CertificateRowObject,
    /// The state of the issuing authority; null for an international organisation.
    issuing_state: Option<String>,
    /// The name of the destination, where it is a partner; otherwise its code.
    destination_name: String,
    /// Others on the way, by role.
    intermediaries: Vec<TransferPartyObject>,
    /// The contract that it names, as it names it.
    contract_number: Option<String>,
    lines: Vec<CertificateLineObject>,
    end_use: String,
    /// What is undertaken.
    undertakings: Vec<&'static str>,
    signatory: String,
    position: String,
    /// Whether it bears the seal of its issuer.
    sealed: bool,
    /// The paper.
    document: DocumentObject,
    /// `not_asked`, `asked`, `authentic`, `not_authentic` or `unknown`; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticity: Option<&'static str>,
    /// Inquiries; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    inquiries: Option<Vec<InquiryObject>>,
    /// What stands against it on the reader’s day, whatever it is to carry; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<Vec<AgainstObject>>,
    /// Others that share what no two may.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    shared: Vec<SharedObject>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

fn authenticity(certificate: &Certificate) -> &'static str {
    match certificate.authenticity() {
        AuthenticityStanding::NotAsked => "not_asked",
        AuthenticityStanding::Asked(_) => "asked",
        AuthenticityStanding::Answered(answer, _) => answer.word(),
    }
}

impl CertificateObject {
    pub(crate) fn of(view: CertificateView) -> CertificateObject {
        let this = &view.certificate;
        let said = &this.content;
        let subject = SubjectKind::Certificate.subject(&this.number).to_string();
        let name = |party: &String| view.parties.get(party).unwrap_or(party).clone();
        let told = view.against.is_some();
        let against = |(outcome, why): (CheckOutcome, String)| AgainstObject { outcome: outcome.word(), why };
        CertificateObject {
            row: CertificateRowObject::named(
                this,
                &name(&said.issuer),
                &name(&said.exporter),
                &name(&said.end_user),
            ),
            issuing_state: said.state.clone(),
            destination_name: view.destination_name.clone(),
            intermediaries: TransferPartyObject::all(&said.intermediaries, &view.parties),
            contract_number: said.contract_number.clone(),
            lines: said.lines.iter().map(CertificateLineObject::of).collect(),
            end_use: said.end_use.clone(),
            undertakings: said.undertakings.iter().copied().map(Undertaking::word).collect(),
            signatory: said.signatory.clone(),
            position: said.position.clone(),
            sealed: said.sealed,
            document: DocumentObject::of(&said.document, &subject, TAGGED),
            authenticity: told.then(|| authenticity(this)),
            inquiries: told
                .then(|| this.inquiries.iter().map(|one| InquiryObject::of(one, &subject)).collect()),
            against: view.against.map(|all| all.into_iter().map(against).collect()),
            shared: view.shared.into_iter().map(SharedObject::of).collect(),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}
