//! What an end-user certificate says: who issued it under which number, for whom, what for, and what is undertaken.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::line::check_category;
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::{Money, Quantity, Unit};
use crate::partner::check_state_code;
use crate::payment::schedule::words;
use crate::search::fold;
use crate::transfer::content::{MOST_LINES, TransferParty};

/// Intermediaries at most.
const MOST_NAMED: usize = 50;

/// What the end user, or its government, undertakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undertaking {
    /// The goods serve the stated use and no other.
    StatedUse,
    /// They are not passed on without the consent of the exporting state.
    NoReexport,
    /// They are not diverted on their way.
    NoDiversion,
    /// Their receipt is confirmed.
    DeliveryVerification,
    /// The exporting state may see them where they are.
    Inspection,
    /// Old ones are destroyed as the new ones come.
    NewForOld,
}

words! { Undertaking, "an undertaking", "certificate.undertaking",
    StatedUse = "stated_use", "the stated use and no other";
    NoReexport = "no_reexport", "no re-export without consent";
    NoDiversion = "no_diversion", "no diversion";
    DeliveryVerification = "delivery_verification", "receipt is confirmed";
    Inspection = "inspection", "verification on the spot is allowed";
    NewForOld = "new_for_old", "old ones are destroyed as new ones come";
}

impl Undertaking {
    /// Those without which a certificate carries no transfer.
    pub const NEEDED: [Undertaking; 4] = [
        Undertaking::StatedUse,
        Undertaking::NoReexport,
        Undertaking::DeliveryVerification,
        Undertaking::Inspection,
    ];
}

/// Goods that a certificate is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateLine {
    /// What.
    pub description: String,
    /// Control-list entry, as the authority classifies what the certificate describes.
    pub category: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// What all of it is worth, where the certificate says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Money>,
}

/// `certificate.registered.v1`: the certificate as it was handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateContent {
    /// Number of the party that issued it.
    pub issuer: String,
    /// The state whose authority that is, ISO 3166-1 alpha-3; none for an international organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The number under which the issuer registered it.
    pub register_number: String,
    /// When it was issued.
    pub issued_on: Date,
    /// Its last day, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<Date>,
    /// Number of the party that exports.
    pub exporter: String,
    /// Number of the party that uses the goods.
    pub end_user: String,
    /// The state of final destination, ISO 3166-1 alpha-3.
    pub destination: String,
    /// Others on the way, by role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub intermediaries: Vec<TransferParty>,
    /// The contract that it names, as it names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract_number: Option<String>,
    /// Goods.
    pub lines: Vec<CertificateLine>,
    /// What they are for, in its words.
    pub end_use: String,
    /// What is undertaken.
    pub undertakings: BTreeSet<Undertaking>,
    /// Who signed.
    pub signatory: String,
    /// As what.
    pub position: String,
    /// Whether it bears the seal of the issuer.
    pub sealed: bool,
    /// The paper.
    pub document: Document,
}

/// A text by which two of them are told to be the same: without regard to case, accents and blanks.
pub fn folded(text: &str) -> String {
    let words: Vec<String> = fold(text).split_whitespace().map(str::to_owned).collect();
    words.join(" ")
}

/// A register number by which two of them are told to be the same: signs between its letters and digits are written this
/// way today and that way tomorrow.
pub fn number_key(number: &str) -> String {
    fold(number).chars().filter(|c| c.is_alphanumeric()).collect()
}

impl CertificateContent {
    /// What tells it from all others of its issuer.
    pub fn key(&self) -> String {
        number_key(&self.register_number)
    }

    /// All parties that it names, once each.
    pub fn named(&self) -> BTreeSet<&str> {
        let intermediaries = self.intermediaries.iter().map(|party| party.party.as_str());
        intermediaries.chain([self.issuer.as_str(), &self.exporter, &self.end_user]).collect()
    }

    /// In what two papers under one number differ: what was altered, or one of them is false.
    pub fn differences(&self, other: &CertificateContent) -> Vec<&'static str> {
        let papers = (&self.document.content, &other.document.content);
        let same_text = |one: &str, another: &str| folded(one) == folded(another);
        let same_optional = |one: &Option<String>, another: &Option<String>| {
            one.as_deref().map(folded) == another.as_deref().map(folded)
        };
        let found = [
            ("the day of issue", self.issued_on != other.issued_on),
            ("the last day", self.expires_on != other.expires_on),
            ("the exporter", self.exporter != other.exporter),
            ("the end user", self.end_user != other.end_user),
            ("the destination", self.destination != other.destination),
            ("the contract", !same_optional(&self.contract_number, &other.contract_number)),
            ("the goods", self.lines != other.lines),
            ("the use", !same_text(&self.end_use, &other.end_use)),
            ("the undertakings", self.undertakings != other.undertakings),
            ("the signatory", !same_text(&self.signatory, &other.signatory)),
            ("the position", !same_text(&self.position, &other.position)),
            // A paper that is held outside the register cannot be compared.
            ("the paper", papers.0.is_some() && papers.1.is_some() && papers.0 != papers.1),
        ];
        found.into_iter().filter(|(_, differs)| *differs).map(|(what, _)| what).collect()
    }

    /// Checks what can be told from the certificate alone. What it lacks is recorded as lacking: a certificate without an
    /// undertaking is on file, and carries nothing.
    ///
    /// # Errors
    /// A refusal that names the field and what is missing.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        text("certificate.register_number", "register_number", &self.register_number, 100)?;
        if self.key().is_empty() {
            return Err(Refusal::new(
                "certificate.register_number",
                "The register number has neither letters nor digits.",
            )
            .field("register_number")
            .missing("the number under which the issuer registered it"));
        }
        if let Some(state) = &self.state {
            check_state_code("state", state)?;
        }
        check_state_code("destination", &self.destination)?;
        context.not_in_future("issued_on", self.issued_on)?;
        if let Some(until) = self.expires_on {
            check_year("expires_on", until)?;
            if until < self.issued_on {
                return Err(Refusal::new(
                    "certificate.expiry",
                    format!("{until} is before {}, the day of issue.", self.issued_on),
                )
                .field("expires_on")
                .missing(format!("a date from {}", self.issued_on)));
            }
        }
        if let Some(contract) = &self.contract_number {
            text("certificate.contract_number", "contract_number", contract, 100)?;
        }
        text("certificate.end_use", "end_use", &self.end_use, 2000)?;
        text("certificate.signatory", "signatory", &self.signatory, 200)?;
        text("certificate.position", "position", &self.position, 200)?;
        if self.intermediaries.len() > MOST_NAMED {
            return Err(Refusal::new("certificate.intermediaries", "Too many intermediaries are named.")
                .field("intermediaries")
                .missing(format!("at most {MOST_NAMED}")));
        }
        self.check_lines()?;
        self.document.check(context)
    }

    fn check_lines(&self) -> Fallible<()> {
        if self.lines.is_empty() || self.lines.len() > MOST_LINES {
            return Err(Refusal::new("certificate.lines", format!("There are {} lines.", self.lines.len()))
                .field("lines")
                .missing(format!("1 to {MOST_LINES}")));
        }
        for (place, line) in self.lines.iter().enumerate() {
            let of_line = |refusal: Refusal| {
                let field = format!("lines[{place}].{}", refusal.field.clone().unwrap_or_default());
                refusal.field(field)
            };
            text("certificate.description", "description", &line.description, 300).map_err(of_line)?;
            check_category(&line.category).map_err(of_line)?;
            let quantity = line.quantity.positive("quantity").map_err(of_line)?;
            line.unit.check_whole("quantity", quantity).map_err(of_line)?;
            if let Some(value) = line.value.filter(|value| value.minor <= 0) {
                return Err(Refusal::new("certificate.value", format!("{value} is not above zero."))
                    .field(format!("lines[{place}].value"))
                    .missing("a value above zero, or none"));
            }
        }
        Ok(())
    }
}
