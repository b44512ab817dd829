//! An end-user certificate: what the state that receives goods declares and undertakes, and whether it can be relied on.
//!
//! It is registered as it was handed in, also where it is false: a forgery that is on record is found again. Whoever issued
//! it is asked whether it is authentic. It serves one application and no other. What stands against a transfer because of
//! it is worked out by [`check`], and by nobody’s judgement.

pub mod check;
mod content;
mod decide;
#[cfg(test)]
pub(super) mod tests;

pub use content::{CertificateContent, CertificateLine, Undertaking, folded, number_key};
pub use decide::{BoundTo, CertificateCommand, CertificateFacts, NewCertificate, decide, register};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};
use crate::payment::schedule::words;

/// The lifecycle of a certificate.
pub const MACHINE: Machine = Machine {
    subject: "certificate",
    initial: "registered",
    rows: &[
        Transition::row("registered", "ask", "registered", "no answer is awaited; the letter"),
        Transition::row("registered", "answer", "registered", "an inquiry that awaits one; the paper"),
        Transition::row(
            "registered",
            "bind",
            "bound",
            "an application of its exporter that names its end user and has no other certificate of it",
        ),
        Transition::row(
            "registered",
            "void",
            "voided",
            "not answered to be false; a reason: recorded in error",
        ),
        Transition::row("registered", "revoke", "revoked", "the paper by which the issuer took it back"),
        Transition::row("bound", "ask", "bound", "no answer is awaited; the letter"),
        Transition::row("bound", "answer", "bound", "an inquiry that awaits one; the paper"),
        Transition::row("bound", "release", "registered", "its application was not granted; a reason"),
        Transition::row("bound", "revoke", "revoked", "the paper by which the issuer took it back"),
    ],
};

/// Through whom the issuer is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The authority that issued it, directly.
    Issuer,
    /// The embassy of its state here.
    TheirEmbassy,
    /// The own embassy there.
    OwnEmbassy,
}

words! { Channel, "a way of asking", "certificate.channel",
    Issuer = "issuer", "the issuing authority";
    TheirEmbassy = "their_embassy", "the embassy of its state";
    OwnEmbassy = "own_embassy", "the own embassy there";
}

/// What the issuer says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authenticity {
    /// It issued it, and it says what it said.
    Authentic,
    /// It did not, or not so.
    NotAuthentic,
    /// It cannot tell.
    Unknown,
}

words! { Authenticity, "an answer", "certificate.authenticity",
    Authentic = "authentic", "authentic";
    NotAuthentic = "not_authentic", "not authentic";
    Unknown = "unknown", "cannot be told";
}

/// `certificate.authenticity_asked.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthenticityAsked {
    /// Through whom.
    pub channel: Channel,
    /// Who is asked, by name.
    pub to: String,
    /// The letter.
    pub document: Document,
}

/// `certificate.authenticity_answered.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthenticityAnswered {
    /// Number of the inquiry, from 1.
    pub inquiry: u32,
    /// What is said.
    pub answer: Authenticity,
    /// The paper.
    pub document: Document,
}

/// `certificate.bound.v1`: it serves this application and no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateBound {
    /// Number of the application.
    pub application: String,
}

/// `certificate.revoked.v1`: the issuer took it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRevoked {
    /// The paper.
    pub document: Document,
}

/// An inquiry whether it is authentic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inquiry {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub asked_on: Date,
    /// What was asked of whom.
    pub asked: AuthenticityAsked,
    /// When it was answered, and how.
    pub answered: Option<(Date, AuthenticityAnswered)>,
}

/// Where the question stands whether it is authentic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AuthenticityStanding {
    /// Nobody was asked.
    NotAsked,
    /// Somebody was, on that day.
    Asked(Date),
    /// The answer, and its day. That it is not authentic stands, whatever is said later.
    Answered(Authenticity, Date),
}

/// The state of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Its number.
    pub number: String,
    /// Who may know of it.
    pub label: Label,
    /// What it says.
    pub content: CertificateContent,
    /// When it was registered.
    pub registered_on: Date,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// Inquiries whether it is authentic, in their order.
    pub inquiries: Vec<Inquiry>,
    /// Number of the application that it serves.
    pub application: Option<String>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Certificate {
    /// Folds one event.
    pub fn apply(state: &mut Option<Certificate>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        if let Fact::CertificateRegistered(content) = fact {
            *state = Some(Certificate {
                number: subject.key.clone(),
                label: label.clone(),
                content: content.clone(),
                registered_on: on,
                state: MACHINE.initial,
                inquiries: Vec::new(),
                application: None,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let step = match fact {
            Fact::CertificateAuthenticityAsked(asked) => {
                let number = u32::try_from(this.inquiries.len()).unwrap_or(u32::MAX).saturating_add(1);
                let asked = asked.clone();
                this.inquiries.push(Inquiry { number, asked_on: on, asked, answered: None });
                "ask"
            }
            Fact::CertificateAuthenticityAnswered(answered) => {
                if let Some(inquiry) = this.inquiries.iter_mut().find(|one| one.number == answered.inquiry) {
                    inquiry.answered = Some((on, answered.clone()));
                }
                "answer"
            }
            Fact::CertificateBound(bound) => {
                this.application = Some(bound.application.clone());
                "bind"
            }
            Fact::CertificateReleased(_) => {
                this.application = None;
                "release"
            }
            Fact::CertificateVoided(_) => "void",
            Fact::CertificateRevoked(_) => "revoke",
            _ => return,
        };
        if let Ok(next) = MACHINE.next(this.state, step) {
            this.state = next;
        }
        this.last_on = on;
    }

    /// Where the question stands whether it is authentic.
    pub fn authenticity(&self) -> AuthenticityStanding {
        let answers = self.inquiries.iter().filter_map(|inquiry| inquiry.answered.as_ref());
        let refuted = answers.clone().find(|(_, answered)| answered.answer == Authenticity::NotAuthentic);
        if let Some((on, answered)) = refuted {
            return AuthenticityStanding::Answered(answered.answer, *on);
        }
        match self.inquiries.last() {
            None => AuthenticityStanding::NotAsked,
            Some(Inquiry { asked_on, answered: None, .. }) => AuthenticityStanding::Asked(*asked_on),
            Some(Inquiry { answered: Some((on, answered)), .. }) => {
                AuthenticityStanding::Answered(answered.answer, *on)
            }
        }
    }

    /// Whether it may serve a transfer, and its issuer was asked about it and has not called it authentic. What its issuer has
    /// disowned stays so for ever, and can serve nothing any more: of that only what it serves already is in doubt.
    pub fn is_doubted(&self) -> bool {
        let may_serve = matches!(self.state, "registered" | "bound");
        match self.authenticity() {
            AuthenticityStanding::NotAsked | AuthenticityStanding::Answered(Authenticity::Authentic, _) => {
                false
            }
            AuthenticityStanding::Answered(Authenticity::NotAuthentic, _) => self.state == "bound",
            AuthenticityStanding::Asked(_) | AuthenticityStanding::Answered(Authenticity::Unknown, _) => {
                may_serve
            }
        }
    }

    /// The inquiry that awaits an answer.
    pub fn awaited(&self) -> Option<&Inquiry> {
        self.inquiries.iter().find(|inquiry| inquiry.answered.is_none())
    }

    /// The certificate as its exporter sees it: what it handed in, and not what is asked about it inside.
    #[must_use]
    pub fn seen_by_exporter(self) -> Certificate {
        Certificate { inquiries: Vec::new(), last_on: self.registered_on, ..self }
    }

    /// Whether what an event says may be seen by the exporter.
    pub fn admits_exporter(fact: &Fact) -> bool {
        matches!(
            fact,
            Fact::CertificateRegistered(_)
                | Fact::CertificateBound(_)
                | Fact::CertificateReleased(_)
                | Fact::CertificateVoided(_)
                | Fact::CertificateRevoked(_)
        )
    }
}
