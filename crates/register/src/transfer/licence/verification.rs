//! Delivery verification: the end user confirms what it received, by a day.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Licence, LicenceIssued};
use crate::document::Document;
use crate::ledger::{Context, Fallible, Refusal};
use crate::money::{Quantity, Unit};
use crate::payment::schedule::words;
use crate::transfer::content::TransferKind;

/// Days after a shipment within which its delivery is to be verified, where the licence says nothing else.
pub const USUAL_DAYS: u32 = 90;

/// Days at most that a licence may give.
pub const MOST_DAYS: u32 = 1_095;

/// Days before the day on which one is reminded.
pub const REMIND_DAYS: i32 = 30;

/// What was confirmed of a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// The day of the confirmation.
    pub on: Date,
    /// How much.
    pub quantity: Quantity,
    /// The paper.
    pub document: Document,
}

/// Where a verification stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerificationStanding {
    /// Its day is past.
    Overdue,
    /// Its day is near: the end user is reminded.
    Remind,
    /// There is time.
    Awaited,
    /// All of it is confirmed.
    Verified,
}

words! { VerificationStanding, "a standing of a verification", "verification.standing",
    Overdue = "overdue", "overdue";
    Remind = "remind", "to be reminded";
    Awaited = "awaited", "awaited";
    Verified = "verified", "verified";
}

/// The verification of one shipment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Reference of the write-off.
    pub reference: String,
    /// Number of the line.
    pub line: u32,
    /// Number of the delivery.
    pub delivery: Option<String>,
    /// When the goods went.
    pub shipped_on: Date,
    /// How much went.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// How much of it is confirmed.
    pub verified: Quantity,
    /// By when all of it is to be.
    pub due_on: Date,
}

impl Verification {
    /// What is not confirmed yet.
    pub fn open(&self) -> Quantity {
        Quantity(self.quantity.0.saturating_sub(self.verified.0))
    }

    /// Where it stands on a day.
    pub fn standing_on(&self, day: Date) -> VerificationStanding {
        let remind_from = self.due_on.checked_sub(jiff::Span::new().days(REMIND_DAYS)).unwrap_or(Date::MIN);
        match self.open() {
            Quantity::ZERO => VerificationStanding::Verified,
            _ if day > self.due_on => VerificationStanding::Overdue,
            _ if day >= remind_from => VerificationStanding::Remind,
            _ => VerificationStanding::Awaited,
        }
    }
}

impl LicenceIssued {
    /// The parties that use the goods, or what they are built into, once each.
    pub fn end_users(&self) -> BTreeSet<&str> {
        let users = self.parties.iter().filter(|party| party.role.uses());
        users.map(|party| party.party.as_str()).collect()
    }

    /// Within how many days a delivery is to be verified; none where nothing goes that somebody abroad could confirm.
    pub fn verified_within(&self) -> Option<u32> {
        match self.kind {
            TransferKind::Export | TransferKind::Temporary | TransferKind::Brokering => {
                Some(self.verification_days.unwrap_or(USUAL_DAYS))
            }
            TransferKind::Import
            | TransferKind::Transit
            | TransferKind::Technology
            | TransferKind::Service => None,
        }
    }
}

impl Licence {
    /// The verifications of all shipments that stand, the nearest day first.
    pub fn verifications(&self) -> Vec<Verification> {
        let Some(days) = self.issued.verified_within() else { return Vec::new() };
        let of = |(reference, (on, written)): (&String, &(Date, super::WriteOff))| {
            let verified = self.verified.get(reference).into_iter().flatten();
            let unit = self.issued.lines.iter().find(|line| line.number == written.line)?.unit;
            Some(Verification {
                reference: reference.clone(),
                line: written.line,
                delivery: written.delivery.clone(),
                shipped_on: *on,
                quantity: written.quantity,
                unit,
                verified: Quantity(verified.fold(0, |sum, one| sum.saturating_add(one.quantity.0))),
                due_on: on.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(Date::MAX),
            })
        };
        let mut all: Vec<Verification> = self.written_off.iter().filter_map(of).collect();
        all.sort_by(|one, other| (one.due_on, &one.reference).cmp(&(other.due_on, &other.reference)));
        all
    }

    /// By when the next delivery is to be verified.
    pub fn verification_due_on(&self) -> Option<Date> {
        self.verifications().into_iter().find(|one| one.open() > Quantity::ZERO).map(|one| one.due_on)
    }

    /// Whether a confirmation is of a shipment that stands, and of no more than is not confirmed yet.
    pub(super) fn check_verified(
        &self,
        context: &Context,
        (on, reference, quantity): (Date, &str, Quantity),
    ) -> Fallible<()> {
        context.not_in_future("on", on)?;
        let all = self.verifications();
        let Some(of) = all.iter().find(|one| one.reference == reference) else {
            return Err(Refusal::new(
                "licence.reference",
                format!("No write-off {reference} that is to be verified stands."),
            )
            .field("reference")
            .missing("the reference of a write-off that stands"));
        };
        if on < of.shipped_on {
            return Err(Refusal::new(
                "licence.verified",
                format!("{on} is before {}, the day on which the goods went.", of.shipped_on),
            )
            .field("on")
            .missing(format!("a date from {}", of.shipped_on)));
        }
        of.unit.check_whole("quantity", quantity.positive("quantity")?)?;
        if quantity > of.open() {
            return Err(Refusal::new(
                "licence.verified",
                format!("Of write-off {reference} {} are to be confirmed, and not {quantity}.", of.open()),
            )
            .field("quantity")
            .missing(format!("at most {}", of.open())));
        }
        Ok(())
    }
}
