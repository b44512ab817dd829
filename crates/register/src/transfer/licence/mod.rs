//! A licence: what was granted, for how long and on what conditions, and the write-offs against it.
//!
//! Every shipment is written off under a reference that others give, such as the number of a customs declaration. The
//! same write-off again changes nothing; another one under the same reference is refused; what is more than is left is
//! refused. Whether a licence is exhausted or expired is worked out and never stored.

mod decide;
mod verification;

pub use decide::{GateFacts, Incident, LicenceCommand, decide};
pub use verification::{MOST_DAYS, REMIND_DAYS, USUAL_DAYS, Verification, VerificationStanding, Verified};

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::another_person;
use super::content::{TransferKind, TransferParty};
use super::opinion::Criterion;
use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fallible, Machine, StateWord, Transition};
use crate::money::{Currency, Money, Quantity, Unit};

/// The lifecycle of a licence.
pub const MACHINE: Machine = Machine {
    subject: "licence",
    initial: "issued",
    rows: &[
        Transition::row(
            "issued",
            "write_off",
            "issued",
            "a day of its validity; conditions met; no more than is left; no check stands against it now",
        ),
        Transition::row("issued", "correct", "issued", "a write-off that stands; a reason"),
        Transition::row("issued", "meet", "issued", "a condition that is not met; the paper"),
        Transition::row("issued", "verify", "issued", "a shipment that is not verified whole; the paper"),
        Transition::row("issued", "suspend", "suspended", "a reason"),
        Transition::row("issued", "stop", "suspended", "an inspection found an incident at its end user"),
        Transition::row(
            "issued",
            "reopen",
            "suspended",
            "the standing assessment of its destination is worse",
        ),
        Transition::row("issued", "revoke", "revoked", "a reason"),
        Transition::row("suspended", "correct", "suspended", "a write-off that stands; a reason"),
        Transition::row("suspended", "meet", "suspended", "a condition that is not met; the paper"),
        Transition::row(
            "suspended",
            "verify",
            "suspended",
            "a shipment that is not verified whole; the paper",
        ),
        Transition::row("suspended", "stop", "suspended", "an inspection found an incident at its end user"),
        Transition::row(
            "suspended",
            "reopen",
            "suspended",
            "the standing assessment of its destination is worse",
        ),
        Transition::row(
            "suspended",
            "reinstate",
            "issued",
            "another person than the one who suspended it, or confirmed the assessment by which it was re-opened; no incident open at its end user, and another person than the one who closed it; a reason",
        ),
        Transition::row("suspended", "revoke", "revoked", "a reason"),
        Transition::row("revoked", "correct", "revoked", "a write-off that stands; a reason"),
        Transition::row("revoked", "verify", "revoked", "a shipment that is not verified whole; the paper"),
        Transition::row(
            "issued",
            "close",
            "closed",
            "a reason: given back, or used up and accounted for; every delivery verified",
        ),
        Transition::row("suspended", "close", "closed", "a reason; every delivery verified"),
        Transition::row("revoked", "close", "closed", "a reason; every delivery verified"),
    ],
};

/// One line of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceLine {
    /// Its number: that of the line of the application.
    pub number: u32,
    /// What.
    pub description: String,
    /// Control-list entry.
    pub category: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// What it is worth, in the licence’s currency.
    pub value: Money,
}

/// A condition of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceCondition {
    /// Its number, from 1.
    pub number: u32,
    /// What is to be done.
    pub text: String,
    /// By when; none for one that comes before the first shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// A licence as it is issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceIssued {
    /// Number of the application.
    pub application: String,
    /// What may be done.
    pub kind: TransferKind,
    /// Number of the party that may.
    pub holder: String,
    /// The state that the goods go to.
    pub destination: String,
    /// Parties by role.
    pub parties: Vec<TransferParty>,
    /// The currency of its values.
    pub currency: Currency,
    /// What may go.
    pub lines: Vec<LicenceLine>,
    /// The first day of its validity.
    pub valid_from: Date,
    /// The last one.
    pub valid_until: Date,
    /// On what conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<LicenceCondition>,
    /// Days after a shipment within which its delivery is to be verified; none for [`USUAL_DAYS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_days: Option<u32>,
}

/// A shipment that is written off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteOff {
    /// What tells it from all others of the licence: the number of the customs declaration with its item.
    pub reference: String,
    /// Number of the line.
    pub line: u32,
    /// How much went.
    pub quantity: Quantity,
    /// What it was worth, in the licence’s currency.
    pub value: Money,
    /// Number of the delivery that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// The declaration.
    pub document: Document,
}

/// What happens to a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact", deny_unknown_fields)]
#[allow(missing_docs)] // Fields: as those of the commands; the event’s date is the day.
pub enum LicenceFact {
    Issued(LicenceIssued),
    WrittenOff(WriteOff),
    /// A write-off was recorded in error, and what it took is left again.
    Corrected {
        reference: String,
    },
    ConditionMet {
        condition: u32,
        document: Document,
    },
    /// The end user confirmed what it received of a shipment.
    DeliveryVerified {
        reference: String,
        quantity: Quantity,
        document: Document,
    },
    Suspended,
    /// An inspection found an incident at its end user. The inspection is not named where it is marked higher.
    Stopped {
        inspection: Option<String>,
        end_user: String,
    },
    /// The standing assessment of its destination is worse than it was. The assessment, by its number and edition, and the
    /// criteria are not named where it is marked higher.
    Reopened {
        territory: String,
        assessment: Option<(String, u32)>,
        criteria: BTreeSet<Criterion>,
    },
    Reinstated,
    Revoked,
    /// It was given back, or is accounted for: nothing changes any more.
    Closed,
}

impl LicenceFact {
    /// The step of the machine that it is.
    pub fn step(&self) -> &'static str {
        match self {
            LicenceFact::Issued(_) => "issue",
            LicenceFact::WrittenOff(_) => "write_off",
            LicenceFact::Corrected { .. } => "correct",
            LicenceFact::ConditionMet { .. } => "meet",
            LicenceFact::DeliveryVerified { .. } => "verify",
            LicenceFact::Suspended => "suspend",
            LicenceFact::Stopped { .. } => "stop",
            LicenceFact::Reopened { .. } => "reopen",
            LicenceFact::Reinstated => "reinstate",
            LicenceFact::Revoked => "revoke",
            LicenceFact::Closed => "close",
        }
    }
}

/// What is left of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// How much.
    pub quantity: Quantity,
    /// What it is worth, in minor units.
    pub value: i64,
}

/// An incident by which a licence is stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// When.
    pub on: Date,
    /// Who recorded what was found; empty where the reader is not told.
    pub by: String,
    /// Number of the inspection; none where it is marked higher than the licence.
    pub inspection: Option<String>,
    /// Number of the end user.
    pub end_user: String,
}

impl Stop {
    /// Why nothing goes, in a sentence.
    pub fn words(&self) -> String {
        let inspection = match &self.inspection {
            Some(number) => format!("inspection {number}"),
            None => "an inspection".to_owned(),
        };
        format!("Since {} it is stopped: {inspection} found an incident at {}.", self.on, self.end_user)
    }
}

/// A standing assessment by which a licence is re-opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// When.
    pub on: Date,
    /// Who confirmed the assessment; empty where the reader is not told.
    pub by: String,
    /// The state or region that is worse.
    pub territory: String,
    /// Number and edition of the assessment; none where it is marked higher than the licence.
    pub assessment: Option<(String, u32)>,
    /// By which criteria it is worse.
    pub criteria: BTreeSet<Criterion>,
}

impl Reopening {
    /// Why nothing goes, in a sentence.
    pub fn words(&self) -> String {
        let by = match &self.assessment {
            Some((number, edition)) => format!(" by edition {edition} of {number}"),
            None => String::new(),
        };
        let criteria: Vec<&str> = self.criteria.iter().map(|criterion| criterion.name()).collect();
        let criteria =
            if criteria.is_empty() { String::new() } else { format!(" ({})", criteria.join(", ")) };
        format!("Since {} it is re-opened: {} is worse than it was{by}{criteria}.", self.on, self.territory)
    }
}

/// The state of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Its number.
    pub number: String,
    /// Who may know of it: that of its application.
    pub label: Label,
    /// As it was issued.
    pub issued: LicenceIssued,
    /// When.
    pub issued_on: Date,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// Who suspended it, while it is.
    pub suspended_by: Option<String>,
    /// Write-offs that stand, by reference, each with its day.
    pub written_off: BTreeMap<String, (Date, WriteOff)>,
    /// References of write-offs that were taken back.
    pub corrected: BTreeSet<String>,
    /// Numbers of conditions that are met, each with its day.
    pub met: BTreeMap<u32, Date>,
    /// What was confirmed of shipments that stand, by reference.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub verified: BTreeMap<String, Vec<Verified>>,
    /// Inspections by which it is stopped, while it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<Stop>,
    /// Standing assessments by which it is re-opened, while it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reopenings: Vec<Reopening>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Licence {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Licence>,
        number: &str,
        on: Date,
        (by, label): (&str, &Label),
        fact: &LicenceFact,
    ) {
        if let LicenceFact::Issued(issued) = fact {
            *state = Some(Licence {
                number: number.to_owned(),
                label: label.clone(),
                issued: issued.clone(),
                issued_on: on,
                state: MACHINE.initial,
                suspended_by: None,
                written_off: BTreeMap::new(),
                corrected: BTreeSet::new(),
                met: BTreeMap::new(),
                verified: BTreeMap::new(),
                stops: Vec::new(),
                reopenings: Vec::new(),
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        if let Ok(next) = MACHINE.next(this.state, fact.step()) {
            this.state = next;
        }
        match fact {
            LicenceFact::Issued(_) | LicenceFact::Revoked | LicenceFact::Closed => {}
            LicenceFact::WrittenOff(written) => {
                this.written_off.insert(written.reference.clone(), (on, written.clone()));
            }
            LicenceFact::Corrected { reference } => {
                this.written_off.remove(reference);
                this.verified.remove(reference);
                this.corrected.insert(reference.clone());
            }
            LicenceFact::ConditionMet { condition, .. } => {
                this.met.insert(*condition, on);
            }
            LicenceFact::DeliveryVerified { reference, quantity, document } => {
                let verified = Verified { on, quantity: *quantity, document: document.clone() };
                this.verified.entry(reference.clone()).or_default().push(verified);
            }
            LicenceFact::Suspended => this.suspended_by = Some(by.to_owned()),
            LicenceFact::Stopped { inspection, end_user } => {
                // Whoever had suspended it before lifts that no more than before.
                this.suspended_by.get_or_insert_with(|| by.to_owned());
                let (by, inspection, end_user) = (by.to_owned(), inspection.clone(), end_user.clone());
                this.stops.push(Stop { on, by, inspection, end_user });
            }
            LicenceFact::Reopened { territory, assessment, criteria } => {
                this.suspended_by.get_or_insert_with(|| by.to_owned());
                this.reopenings.push(Reopening {
                    on,
                    by: by.to_owned(),
                    territory: territory.clone(),
                    assessment: assessment.clone(),
                    criteria: criteria.clone(),
                });
            }
            LicenceFact::Reinstated => {
                this.suspended_by = None;
                this.stops.clear();
                this.reopenings.clear();
            }
        }
        // Shipments are told of late, and so are confirmations: the order of what is done about the licence itself is
        // kept, theirs is not.
        let is_of_shipment = matches!(
            fact,
            LicenceFact::WrittenOff(_) | LicenceFact::Corrected { .. } | LicenceFact::DeliveryVerified { .. }
        );
        if !is_of_shipment {
            this.last_on = on;
        }
    }

    /// Whether an account may reinstate it: another suspended it.
    ///
    /// # Errors
    /// `transfer.two_people`.
    pub fn check_another(&self, account: &str) -> Fallible<()> {
        if let Some(by) = &self.suspended_by {
            another_person(by, account, "You suspended it yourself.")?;
        }
        for reopening in &self.reopenings {
            another_person(
                &reopening.by,
                account,
                "You confirmed the assessment that re-opened it yourself.",
            )?;
        }
        let stops = self.stops.iter();
        stops.map(|stop| &stop.by).try_for_each(|by| {
            another_person(by, account, "You recorded the inspection that stopped it yourself.")
        })
    }

    /// What is left of a line; none where the licence has no such line.
    pub fn left(&self, line: u32) -> Option<Left> {
        let granted = self.issued.lines.iter().find(|granted| granted.number == line)?;
        let mut left = Left { quantity: granted.quantity, value: granted.value.minor };
        for (_, written) in self.written_off.values().filter(|(_, written)| written.line == line) {
            // Sums of what was within what is left at its time cannot go below zero.
            left.quantity = Quantity(left.quantity.0.saturating_sub(written.quantity.0));
            left.value = left.value.saturating_sub(written.value.minor);
        }
        Some(left)
    }

    /// Whether nothing of any line is left.
    pub fn is_exhausted(&self) -> bool {
        self.issued
            .lines
            .iter()
            .all(|line| self.left(line.number).is_none_or(|left| left.quantity == Quantity::ZERO))
    }

    /// Its state on a day, in one word: what it was taken to, or that it is exhausted, expired or not valid yet.
    pub fn word_on(&self, day: Date) -> &'static str {
        match self.state {
            "issued" if self.is_exhausted() => "exhausted",
            "issued" if day > self.issued.valid_until => "expired",
            "issued" if day < self.issued.valid_from => "not_yet_valid",
            state => state,
        }
    }

    /// Conditions that are not met by a day and should be: those of no day before the first shipment, the others by
    /// theirs.
    pub fn unmet(&self, day: Date) -> impl Iterator<Item = &LicenceCondition> {
        self.issued.conditions.iter().filter(move |condition| {
            let is_due = condition.due_on.is_none_or(|due_on| due_on < day);
            is_due && self.met.get(&condition.number).is_none_or(|met_on| *met_on > day)
        })
    }
}
