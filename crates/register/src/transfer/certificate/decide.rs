//! What may be done about an end-user certificate.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Authenticity, AuthenticityAnswered, AuthenticityAsked, AuthenticityStanding, Certificate,
    CertificateBound, CertificateContent, CertificateRevoked, Channel, MACHINE,
};
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Occurred, Refusal, SubjectKind};
use crate::party::check_may_mark;
use crate::transfer::in_order;

/// A certificate that is handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCertificate {
    /// The day on which it is registered.
    pub on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What it says.
    pub content: Box<CertificateContent>,
}

/// A change of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum CertificateCommand {
    Ask { on: Date, channel: Channel, to: String, document: Document },
    Answer { on: Date, inquiry: u32, answer: Authenticity, document: Document },
    Bind { on: Date, application: String },
    Release { on: Date, reason: String },
    Void { on: Date, reason: String },
    Revoke { on: Date, reason: String, document: Document },
}

impl CertificateCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            CertificateCommand::Ask { .. } => CommandKind::CertificateAsk,
            CertificateCommand::Answer { .. } => CommandKind::CertificateAnswer,
            CertificateCommand::Bind { .. } => CommandKind::CertificateBind,
            CertificateCommand::Release { .. } => CommandKind::CertificateRelease,
            CertificateCommand::Void { .. } => CommandKind::CertificateVoid,
            CertificateCommand::Revoke { .. } => CommandKind::CertificateRevoke,
        }
    }
}

/// The application that a certificate is to serve, as far as it is open to the actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoundTo {
    /// Its state.
    pub state: &'static str,
    /// Its marking.
    pub label: Label,
    /// Who applies.
    pub applicant: String,
    /// Who uses the goods.
    pub end_users: BTreeSet<String>,
    /// Certificates that serve it already, by end user.
    pub certificates: BTreeMap<String, String>,
    /// Whether it was granted: then goods may have gone under the certificate.
    pub is_granted: bool,
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct CertificateFacts {
    /// The markings of the parties that the actor may see, by number.
    pub parties: BTreeMap<String, Label>,
    /// The application that it is bound to, or is to be.
    pub application: Option<BoundTo>,
}

/// Registers a certificate, whatever it is worth: what stands against it is found by its checks.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn register(
    number: &str,
    facts: &CertificateFacts,
    context: &Context,
    new: NewCertificate,
) -> Fallible<Vec<NewEvent>> {
    let NewCertificate { on, label, content } = new;
    check_may_mark(context, &label)?;
    context.not_in_future("on", on)?;
    content.check(context)?;
    if on < content.issued_on {
        return Err(Refusal::new(
            "certificate.issued",
            format!("It was issued on {}, after {on}.", content.issued_on),
        )
        .field("on")
        .missing(format!("a date from {}", content.issued_on)));
    }
    for party in content.named() {
        let field = if party == content.issuer {
            "issuer"
        } else if party == content.end_user {
            "end_user"
        } else if party == content.exporter {
            "exporter"
        } else {
            "intermediaries"
        };
        match facts.parties.get(party) {
            None => return Err(Refusal::not_found("party", party).field(field)),
            Some(of_party) if !label.dominates(of_party) => {
                return Err(Refusal::new(
                    "certificate.marking",
                    format!("{party} is marked {of_party}, the certificate {label}."),
                )
                .field(field)
                .missing("parties that every reader of the certificate may know of, or a higher marking"));
            }
            Some(_) => {}
        }
    }
    Ok(vec![NewEvent {
        subject: SubjectKind::Certificate.subject(number),
        occurred_on: on,
        label,
        fact: Fact::CertificateRegistered(*content),
        reason: None,
    }])
}

/// Decides a change of a certificate.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Certificate,
    facts: &CertificateFacts,
    context: &Context,
    command: CertificateCommand,
) -> Fallible<Vec<NewEvent>> {
    let step = |step: &str, on: Date| {
        MACHINE.next(this.state, step)?;
        in_order(context, ("Certificate", &this.number, this.last_on), on)
    };
    let reasoned = |reason: &str| text("certificate.reason", "reason", reason, 1000);
    let one = |occurred_on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Certificate.subject(&this.number),
            occurred_on,
            label: this.label.clone(),
            fact,
            reason,
        }])
    };
    match command {
        CertificateCommand::Ask { on, channel, to, document } => {
            step("ask", on)?;
            text("certificate.to", "to", &to, 200)?;
            document.check(context)?;
            check_not_refuted(this)?;
            if let Some(awaited) = this.awaited() {
                return Err(Refusal::new(
                    "certificate.asked",
                    format!("{} was asked on {}, and has not answered.", awaited.asked.to, awaited.asked_on),
                )
                .missing("the answer to the inquiry before, “cannot be told” among them"));
            }
            let asked = AuthenticityAsked { channel, to, document };
            one(on, Fact::CertificateAuthenticityAsked(asked), None)
        }
        CertificateCommand::Answer { on, inquiry, answer, document } => {
            step("answer", on)?;
            document.check(context)?;
            if this.awaited().is_none_or(|awaited| awaited.number != inquiry) {
                return Err(Refusal::new(
                    "certificate.inquiry",
                    format!("Inquiry {inquiry} awaits no answer."),
                )
                .field("inquiry")
                .missing("the number of an inquiry that awaits an answer"));
            }
            let answered = AuthenticityAnswered { inquiry, answer, document };
            one(on, Fact::CertificateAuthenticityAnswered(answered), None)
        }
        CertificateCommand::Bind { on, application } => {
            if this.state == "bound" {
                // One use: the machine would say no more than that it is bound.
                let serves = this.application.as_deref().unwrap_or_default();
                return Err(Refusal::new(
                    "certificate.one_use",
                    format!("Certificate {} serves application {serves}, and one alone.", this.number),
                )
                .field("application")
                .missing("a certificate of its own for every application"));
            }
            step("bind", on)?;
            check_bound_to(this, facts.application.as_ref(), &application)?;
            one(on, Fact::CertificateBound(CertificateBound { application }), None)
        }
        CertificateCommand::Release { on, reason } => {
            step("release", on)?;
            reasoned(&reason)?;
            if facts.application.as_ref().is_none_or(|application| application.is_granted) {
                let serves = this.application.as_deref().unwrap_or_default();
                return Err(Refusal::new(
                    "certificate.used",
                    format!("Application {serves} was granted: certificate {} is used.", this.number),
                )
                .missing("an application that was not granted"));
            }
            one(on, Fact::CertificateReleased(Occurred::default()), Some(reason))
        }
        CertificateCommand::Void { on, reason } => {
            step("void", on)?;
            reasoned(&reason)?;
            check_not_refuted(this)?;
            one(on, Fact::CertificateVoided(Occurred::default()), Some(reason))
        }
        CertificateCommand::Revoke { on, reason, document } => {
            step("revoke", on)?;
            reasoned(&reason)?;
            document.check(context)?;
            one(on, Fact::CertificateRevoked(CertificateRevoked { document }), Some(reason))
        }
    }
}

/// What its issuer disowned stays on record as it is.
fn check_not_refuted(this: &Certificate) -> Fallible<()> {
    let AuthenticityStanding::Answered(Authenticity::NotAuthentic, on) = this.authenticity() else {
        return Ok(());
    };
    Err(Refusal::new(
        "certificate.not_authentic",
        format!("By the answer of {on} certificate {} is not authentic.", this.number),
    )
    .missing("another certificate: this one stays on record as it is"))
}

fn check_bound_to(this: &Certificate, to: Option<&BoundTo>, application: &str) -> Fallible<()> {
    let Some(to) = to else {
        return Err(Refusal::not_found("application", application).field("application"));
    };
    let refusal = |code: &'static str, message: String| Refusal::new(code, message).field("application");
    // What was granted before certificates were kept, or whose certificate was taken back, is certified afterwards.
    if !matches!(to.state, "draft" | "open" | "proposed" | "granted") {
        return Err(refusal(
            "certificate.application",
            format!("Application {application} is {}.", to.state),
        )
        .missing("an application that waits for a decision, or was granted"));
    }
    // The certificate names the application that it serves, and whoever reads the one reads of the other.
    if to.label != this.label {
        return Err(refusal(
            "certificate.marking",
            format!("The certificate is marked {}, the application {}.", this.label, to.label),
        )
        .missing("an application of the same marking: each of both names the other"));
    }
    if to.applicant != this.content.exporter {
        return Err(refusal(
            "certificate.exporter",
            format!(
                "The certificate names {} as the exporter, and {} applies.",
                this.content.exporter, to.applicant
            ),
        )
        .missing("an application of the exporter that the certificate names"));
    }
    if !to.end_users.contains(&this.content.end_user) {
        return Err(refusal(
            "certificate.end_user",
            format!(
                "The certificate is of {}, which the application does not name as an end user.",
                this.content.end_user
            ),
        )
        .missing("an application that names the end user of the certificate"));
    }
    if let Some(other) = to.certificates.get(&this.content.end_user) {
        return Err(refusal(
            "certificate.other",
            format!("Certificate {other} of {} serves the application already.", this.content.end_user),
        )
        .missing("one certificate of each end user: the other is released or revoked first"));
    }
    Ok(())
}
