//! The link: line of contract ↔ licence ↔ end-user certificate ↔ delivery ↔ verification ↔ inspection, as one graph; and
//! the breaks in it.
//!
//! | module | what |
//! |---|---|
//! | [`node`] | what is linked, each with its own days |
//! | [`delivery`] | what breaks at a delivery, and at a write-off |
//! | [`licence`] | what breaks at a licence, at a line of a contract that is to be delivered, and at an inspection |
//! | [`graph`] | the whole: nodes, edges with their quantities, the rows in which it is read, and all breaks |
//!
//! A break is what the register knows to be wanting or to disagree on a day. Where it cannot know, a break says so and why
//! ([`Untold`]), and is none. Nothing here is stored: a break ends when what it names is mended, by the ordinary act.

pub mod delivery;
pub mod graph;
pub mod licence;
pub mod node;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::access::Reading;
use crate::money::{Quantity, Unit};
use crate::payment::schedule::words;

pub use graph::{Edge, Graph, NodeName, Row, RowKind, Sums};
pub use node::{
    ApplicationLine, ApplicationNode, CertificateNode, DeliveryNode, Demanded, InspectionNode, LicenceNode,
    LicensedLine, LineNode, Node, Shipped,
};

/// Days ahead within which a line that is to be delivered wants a licence, where nothing else is said.
pub const USUAL_AHEAD: u32 = 90;

/// Days ahead at most.
pub const MOST_AHEAD: u32 = 1_095;

/// What is broken, in the order in which it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakKind {
    /// A delivery was handed over and no write-off names it.
    DeliveredWithoutLicence,
    /// The write-offs that name a delivery sum to less than was handed over.
    DeliveredMore,
    /// They sum to more.
    WrittenOffMore,
    /// More of a delivery is confirmed than stands delivered.
    VerifiedMore,
    /// A write-off of a licence line that is for a line of a contract names no delivery.
    NoDeliveryNamed,
    /// A write-off names a delivery of another line than its licence line is for.
    OtherLine,
    /// A write-off names a delivery that is not handed over, or stands no more.
    NotDelivered,
    /// The day of verification has passed, and less is confirmed than went.
    VerifiedLess,
    /// No certificate of an end user serves the application of a licence that needs one.
    NoCertificate,
    /// The certificates are for less than was granted.
    CertificateLess,
    /// A certificate has lapsed, and something may still go under it.
    CertificateLapsed,
    /// The issuer took a certificate back, and something may still go under it.
    CertificateRevoked,
    /// The issuer said that a certificate is not authentic.
    CertificateRefuted,
    /// An inspection found less than went, and the incident is open.
    InspectedLess,
    /// A line is to be delivered soon, and no licence in use covers it.
    DueWithoutLicence,
    /// Licences in use for a line leave less than it still owes.
    LicensedLess,
}

words! { BreakKind, "a kind of break", "break.kind",
    DeliveredWithoutLicence = "delivered_without_licence", "delivered without licence";
    DeliveredMore = "delivered_more_than_written_off", "delivered more than written off";
    WrittenOffMore = "written_off_more_than_delivered", "written off more than delivered";
    VerifiedMore = "verified_more_than_delivered", "verified more than delivered";
    NoDeliveryNamed = "written_off_without_delivery", "written off without a delivery";
    OtherLine = "written_off_for_another_line", "written off for another line";
    NotDelivered = "written_off_and_not_delivered", "written off and not delivered";
    VerifiedLess = "verified_less_than_delivered", "verified less than delivered";
    NoCertificate = "licensed_without_certificate", "licensed without certificate";
    CertificateLess = "certified_less_than_licensed", "certified less than licensed";
    CertificateLapsed = "certificate_lapsed", "certificate lapsed";
    CertificateRevoked = "certificate_revoked", "certificate taken back";
    CertificateRefuted = "certificate_not_authentic", "certificate not authentic";
    InspectedLess = "inspected_less_than_delivered", "inspected less than delivered";
    DueWithoutLicence = "due_without_licence", "due without licence";
    LicensedLess = "licensed_less_than_contracted", "licensed less than contracted";
}

impl BreakKind {
    /// What one must be allowed to read, beside contracts and licences, to be told of it.
    pub fn reading(self) -> Option<Reading> {
        match self {
            BreakKind::NoCertificate
            | BreakKind::CertificateLess
            | BreakKind::CertificateLapsed
            | BreakKind::CertificateRevoked
            | BreakKind::CertificateRefuted => Some(Reading::Certificates),
            BreakKind::InspectedLess => Some(Reading::Inspections),
            _ => None,
        }
    }

    /// Whether it follows from what is asked, recorded or found inside, of which no exporter is told.
    pub fn is_inside(self) -> bool {
        matches!(self, BreakKind::NoCertificate | BreakKind::CertificateRefuted | BreakKind::InspectedLess)
    }

    /// Its place in the list.
    pub fn rank(self) -> i64 {
        BreakKind::ALL
            .iter()
            .position(|one| *one == self)
            .and_then(|at| i64::try_from(at).ok())
            .unwrap_or(i64::MAX)
    }

    /// Whether it is about what a line of a contract still owes: then it depends on how far ahead one looks.
    pub fn is_ahead(self) -> bool {
        matches!(self, BreakKind::DueWithoutLicence | BreakKind::LicensedLess)
    }

    /// Whether it says that a licence is wanting, which cannot be told of every line.
    pub fn wants_licence(self) -> bool {
        self.is_ahead() || matches!(self, BreakKind::DeliveredWithoutLicence | BreakKind::DeliveredMore)
    }
}

/// Why it cannot be told whether something is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Untold {
    /// Both sides are counted in different units.
    Units,
    /// The line is of a service.
    Service,
    /// The exporter is of the partner state.
    Incoming,
    /// A licence for the contract does not say for which of its lines it is.
    LineNotNamed,
    /// Access was refused.
    NotSeen,
}

words! { Untold, "a reason why it cannot be told", "break.untold",
    Units = "units", "both are counted in different units, and nothing says what the one is in the other";
    Service = "service", "the line is of a service, and nothing here says which services need a licence";
    Incoming = "incoming", "its exporter is of the partner state: the goods come in, and no licence to send them out is due here";
    LineNotNamed = "line_not_named", "a licence for the contract does not say for which of its lines it is";
    NotSeen = "not_seen", "access was refused, and what is there was not seen";
}

/// Where a break is to be mended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "number")]
pub enum Place {
    /// A line of a contract.
    Line(String),
    /// A delivery.
    Delivery(String),
    /// A licence.
    Licence(String),
    /// A certificate.
    Certificate(String),
    /// An inspection.
    Inspection(String),
}

impl Place {
    /// Its number.
    pub fn number(&self) -> &str {
        match self {
            Place::Line(number)
            | Place::Delivery(number)
            | Place::Licence(number)
            | Place::Certificate(number)
            | Place::Inspection(number) => number,
        }
    }

    /// The word of its kind.
    pub fn word(&self) -> &'static str {
        match self {
            Place::Line(_) => "line",
            Place::Delivery(_) => "delivery",
            Place::Licence(_) => "licence",
            Place::Certificate(_) => "certificate",
            Place::Inspection(_) => "inspection",
        }
    }
}

/// One break: what it names, and the two quantities that disagree.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Break {
    /// What is broken.
    pub kind: BreakKind,
    /// Why it cannot be told whether it is, where it cannot.
    pub untold: Option<Untold>,
    /// Number of the line of a contract.
    pub contract_line: Option<String>,
    /// Number of the delivery.
    pub delivery: Option<String>,
    /// Number of the licence.
    pub licence: Option<String>,
    /// Number of the line of the licence.
    pub licence_line: Option<u32>,
    /// Reference of the write-off.
    pub reference: Option<String>,
    /// Number of the certificate.
    pub certificate: Option<String>,
    /// Number of the inspection.
    pub inspection: Option<String>,
    /// How much there should be.
    pub wanted: Option<Quantity>,
    /// How much there is.
    pub found: Option<Quantity>,
    /// Code of the unit of both.
    pub unit: Option<String>,
    /// The day on which it turns: a hand-over, the last day of verification, the day of an answer, the day by which a line is due.
    pub on: Date,
}

impl Break {
    /// A break of a kind that names nothing yet.
    pub fn of(kind: BreakKind, on: Date) -> Break {
        Break {
            kind,
            untold: None,
            contract_line: None,
            delivery: None,
            licence: None,
            licence_line: None,
            reference: None,
            certificate: None,
            inspection: None,
            wanted: None,
            found: None,
            unit: None,
            on,
        }
    }

    /// With both quantities.
    #[must_use]
    fn between(self, wanted: Quantity, found: Quantity, unit: Unit) -> Break {
        Break { wanted: Some(wanted), found: Some(found), unit: Some(unit.code().to_owned()), ..self }
    }

    /// By how much both disagree.
    pub fn difference(&self) -> Option<Quantity> {
        let (wanted, found) = (self.wanted?, self.found?);
        Some(Quantity(wanted.0.saturating_sub(found.0).saturating_abs()))
    }

    /// Where it is to be mended.
    pub fn place(&self) -> Place {
        let named = |number: &Option<String>| number.clone().unwrap_or_default();
        match self.kind {
            BreakKind::DeliveredWithoutLicence
            | BreakKind::DeliveredMore
            | BreakKind::WrittenOffMore
            | BreakKind::VerifiedMore => Place::Delivery(named(&self.delivery)),
            BreakKind::NoDeliveryNamed
            | BreakKind::OtherLine
            | BreakKind::NotDelivered
            | BreakKind::VerifiedLess
            | BreakKind::NoCertificate
            | BreakKind::CertificateLess => Place::Licence(named(&self.licence)),
            BreakKind::CertificateLapsed | BreakKind::CertificateRevoked | BreakKind::CertificateRefuted => {
                Place::Certificate(named(&self.certificate))
            }
            BreakKind::InspectedLess => Place::Inspection(named(&self.inspection)),
            BreakKind::DueWithoutLicence | BreakKind::LicensedLess => Place::Line(named(&self.contract_line)),
        }
    }

    /// A quantity with its unit.
    fn counted(&self, quantity: Option<Quantity>) -> String {
        let Some(quantity) = quantity else { return "an unknown quantity".to_owned() };
        match self.unit.as_deref().and_then(|code| Unit::parse("unit", code).ok()) {
            Some(unit) => format!("{quantity} {}", unit.counted(quantity)),
            None => quantity.to_string(),
        }
    }

    /// The break in a sentence; where it cannot be told, the sentence says so and why.
    pub fn words(&self) -> String {
        let name = |number: &Option<String>| number.clone().unwrap_or_else(|| "–".to_owned());
        let (wanted, found) = (self.counted(self.wanted), self.counted(self.found));
        let (line, delivery, licence) =
            (name(&self.contract_line), name(&self.delivery), name(&self.licence));
        let (certificate, reference) = (name(&self.certificate), name(&self.reference));
        let on = self.on;
        let of_licence = match self.licence_line {
            Some(number) => format!("line {number} of licence {licence}"),
            None => format!("licence {licence}"),
        };
        if let Some(why) = self.untold {
            let what = match self.kind {
                BreakKind::DeliveredWithoutLicence | BreakKind::DeliveredMore | BreakKind::WrittenOffMore => {
                    format!("Whether delivery {delivery} of {wanted} went under a licence cannot be told")
                }
                BreakKind::InspectedLess => {
                    let inspection = name(&self.inspection);
                    format!(
                        "Whether all is there that went under licence {licence} cannot be told by inspection {inspection} of {on}"
                    )
                }
                BreakKind::CertificateLess => {
                    format!("Whether certificate {certificate} covers {of_licence} cannot be told")
                }
                _ => {
                    format!("Whether a licence covers what line {line} still owes, {wanted}, cannot be told")
                }
            };
            return format!("{what}: {}.", why.name());
        }
        match self.kind {
            BreakKind::DeliveredWithoutLicence => {
                format!(
                    "Delivery {delivery} of {wanted} was handed over on {on}, and no write-off of a licence names it."
                )
            }
            BreakKind::DeliveredMore => format!(
                "Delivery {delivery} of {on} is of {wanted}, and only {found} of it were written off."
            ),
            BreakKind::WrittenOffMore => {
                format!("Delivery {delivery} of {on} is of {wanted}, and {found} were written off for it.")
            }
            BreakKind::VerifiedMore => format!(
                "Of delivery {delivery}, which stands with {wanted}, receipt of {found} is confirmed."
            ),
            BreakKind::NoDeliveryNamed => format!(
                "Write-off {reference} of {on} under {of_licence}, {wanted}, names no delivery, though the licence is for line {line}."
            ),
            BreakKind::OtherLine => format!(
                "Write-off {reference} of {on} names delivery {delivery}, which is not of line {line} that {of_licence} is for."
            ),
            BreakKind::NotDelivered => format!(
                "Write-off {reference} of {on} under {of_licence}, {wanted}, names delivery {delivery}, which does not stand as handed over."
            ),
            BreakKind::VerifiedLess => format!(
                "Of {wanted} that went by write-off {reference} under licence {licence}, receipt of {found} was confirmed by {on}, when all of it was due."
            ),
            BreakKind::NoCertificate => format!(
                "No end-user certificate serves the application of licence {licence}, issued on {on}, and nothing on record says why."
            ),
            BreakKind::CertificateLess => format!(
                "Licence {licence} is for {wanted} of its line {}, of which certificates cover {found}.",
                self.licence_line.unwrap_or_default()
            ),
            BreakKind::CertificateLapsed => format!(
                "Certificate {certificate} lapsed on {on}, and something may still go under licence {licence}."
            ),
            BreakKind::CertificateRevoked => format!(
                "The issuer took certificate {certificate} back on {on}, and something may still go under licence {licence}."
            ),
            BreakKind::CertificateRefuted => format!(
                "By the answer of {on} certificate {certificate}, on which licence {licence} rests, is not authentic."
            ),
            BreakKind::InspectedLess => format!(
                "Inspection {} of {on} found {found} of {wanted} that went under licence {licence}, and its incident is open.",
                name(&self.inspection)
            ),
            BreakKind::DueWithoutLicence => {
                format!("Line {line} owes {wanted} by {on}, and licences in use leave {found} for it.")
            }
            BreakKind::LicensedLess => format!(
                "Line {line} still owes {wanted}, due on {on}, and the licences in use for it leave {found}."
            ),
        }
    }
}

/// A break with the days on which it stands: from the first up to, without, the last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stretch {
    /// The break.
    pub of: Break,
    /// The first day.
    pub from: Date,
    /// The day on which it stands no more; none where nothing is known to end it.
    pub to: Option<Date>,
}

/// The breaks of all days, out of the days on which something changes and what is broken on one.
pub fn stretches(days: &BTreeSet<Date>, on: impl Fn(Date) -> Vec<Break>) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    for day in days {
        let standing = on(*day);
        for open in all.iter_mut().filter(|open| open.to.is_none()) {
            if !standing.contains(&open.of) {
                open.to = Some(*day);
            }
        }
        for of in standing {
            if !all.iter().any(|open| open.to.is_none() && open.of == of) {
                all.push(Stretch { of, from: *day, to: None });
            }
        }
    }
    all.sort();
    all
}
