//! The demonstration's contract lines and their shipments.

use entente_register::money::Unit;
use jiff::civil::Date;

/// How a line was amended, once, before anything of it was handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amended {
    /// It was due earlier before.
    Due { on: Date, before: Date },
    /// It was for fewer before.
    Quantity { on: Date, before: i64 },
    /// It had another price before, in per cent of the present one.
    Price { on: Date, percent_before: i64 },
}

impl Amended {
    /// The day of the amendment.
    pub(super) fn on(self) -> Date {
        match self {
            Amended::Due { on, .. } | Amended::Quantity { on, .. } | Amended::Price { on, .. } => on,
        }
    }
}

/// A line of a contract as it stands in the end.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// What is sold.
    pub(super) description: &'static str,
    /// Unit.
    pub(super) unit: Unit,
    /// Control-list entry.
    pub(super) category: &'static str,
    /// Whole units.
    pub(super) quantity: i64,
    /// Price of one, in cents.
    pub(super) unit_price: i64,
    /// Contractual date.
    pub(super) due: Date,
    /// How it was amended.
    pub(super) amended: Option<Amended>,
    /// The amendment of the contract that added it, if one did.
    pub(super) added_later: Option<Date>,
    /// Whether its price is one of those that the stated figures fix.
    pub(super) fixed_price: bool,
    /// Its shipments, in the order of their plan.
    pub(super) batches: Vec<Batch>,
}

impl Item {
    /// The first day on which something of it was handed over, rightly or in error.
    pub(super) fn first_hand_over(&self) -> Option<Date> {
        let mishaps = self.batches.iter().filter_map(|b| b.mishap).map(|m| match m {
            Mishap::Returned { handed_over, .. } | Mishap::Annulled { handed_over, .. } => handed_over,
        });
        self.batches.iter().filter_map(|b| b.handed_over).chain(mishaps).min()
    }

    /// The price before the amendment: whole hundreds of dollars, like every other.
    pub(super) fn first_price(&self) -> i64 {
        match self.amended {
            Some(Amended::Price { percent_before, .. }) => {
                (self.unit_price * percent_before / 100 / 10_000).max(1) * 10_000
            }
            _ => self.unit_price,
        }
    }
}

/// What went wrong before a shipment went well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mishap {
    /// A first one was handed over on that day and returned on the other.
    Returned { handed_over: Date, returned: Date },
    /// One was recorded in error, with its acceptance or without, and taken back on the last day.
    Annulled { handed_over: Date, accepted: Option<Date>, annulled: Date },
}

/// One shipment.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    /// The day by which the plan has it.
    pub(super) planned: Date,
    /// Whole units.
    pub(super) quantity: i64,
    /// When it was handed over to the carrier.
    pub(super) handed_over: Option<Date>,
    /// When it was accepted.
    pub(super) accepted: Option<Date>,
    /// The day on which its acceptance came into the register, where that is fixed.
    pub(super) recorded_on: Option<Date>,
    /// What went wrong before.
    pub(super) mishap: Option<Mishap>,
}
