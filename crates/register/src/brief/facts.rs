//! What the store gathers for a brief: sums over what the reader may see, at one horizon.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::payment::PaymentFacts;
use crate::contract::delivery::Counting;
use crate::contract::plan::PlanVersion;
use crate::money::Currency;
use crate::opportunity::analysis::Considered;

/// What every figure of a brief is a figure of. Printed with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conventions {
    /// The cut-off: acts dated after this day do not count.
    pub as_of: Date,
    /// The horizon: what was recorded after this instant is not known.
    pub known_at: Timestamp,
    /// Which act makes a delivery count.
    pub counting: Counting,
    /// The plan version asked for; none for the latest approved by the cut-off.
    pub plan: Option<PlanVersion>,
    /// Figures are of contracts priced in this currency, at contract price.
    pub currency: Currency,
    /// Of which contracts, by the reader's clearance alone: `all contracts`.
    pub scope: String,
    /// Currencies of other contracts open to the reader; each has a brief of its own.
    pub other_currencies: Vec<Currency>,
}

impl Conventions {
    /// The last day that is known, where the cut-off lies past it.
    pub fn known_until(&self) -> Option<Date> {
        let day = TimeZone::UTC.to_datetime(self.known_at).date();
        (self.as_of > day).then_some(day)
    }

    /// What must be said beside every figure, where the cut-off lies past what is known: what came
    /// after is not nothing, it is not known.
    pub fn caution(&self) -> Option<String> {
        let day = self.known_until()?;
        Some(format!(
            "what happened after {day} is not known; amounts, shares and ratios to {} hold only what was recorded by then, and a forecast takes the days after it for days without a delivery",
            self.as_of
        ))
    }
}

/// Deliveries of one partner in one month, by the counting rule, up to the cut-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// Calendar year of the act.
    pub year: i16,
    /// Month of the act, 1 to 12.
    pub month: i8,
    /// Code of the partner.
    pub partner: String,
    /// Sum over the whole month, up to the cut-off.
    pub amount: i64,
    /// Of that, up to the cut-off's month and day in its own year.
    pub to_date: i64,
    /// Deliveries in `amount`, less those taken back.
    pub count: i64,
    /// Deliveries in `to_date`, less those taken back.
    pub count_to_date: i64,
}

/// Planned deliveries of one partner in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Month, 1 to 12.
    pub month: i8,
    /// Code of the partner.
    pub partner: String,
    /// Sum over the whole month.
    pub amount: i64,
    /// Of that, up to the cut-off's month and day in the plan's year.
    pub to_date: i64,
}

/// A frozen plan version: for the brief's year the one chosen, for an earlier
/// year the one in force on the cut-off's month and day of that year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFacts {
    /// Which.
    pub version: PlanVersion,
    /// When it was approved.
    pub approved_on: Date,
    /// Its items, summed.
    pub items: Vec<Planned>,
}

/// A line not delivered in full at the cut-off, of a contract signed, in force or suspended.
///
/// The cut-off is the close of its day, so a line due on that very day and not
/// delivered in full is overdue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenLine {
    /// Number of the line.
    pub line: String,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// What it is.
    pub description: String,
    /// Contractual date.
    pub due_on: Date,
    /// Price of the whole line.
    pub amount: i64,
    /// Delivered of it by the counting rule, up to the cut-off.
    pub delivered: i64,
    /// State of the contract at the cut-off.
    pub contract_state: String,
}

/// Lines due by the cut-off, and those delivered in full by their date, by year in which they were due.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LineCount {
    /// Year in which the lines were due.
    pub year: i16,
    /// Lines due.
    pub due: i64,
    /// Of these, delivered in full on or before the contractual date.
    pub on_time: i64,
}

/// For an earlier year: what lines due by its end still owed on the cut-off's month and day of that year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outstanding {
    /// The year.
    pub year: i16,
    /// Code of the partner.
    pub partner: String,
    /// Value still owed then.
    pub amount: i64,
}

/// Of the lines due in a whole calendar year: how many were not delivered in full by its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// The year.
    pub year: i16,
    /// Code of the partner.
    pub partner: String,
    /// Lines due in it.
    pub due: i64,
    /// Of these, not delivered in full by 31 December.
    pub slipped: i64,
}

/// Contracts in a state at the cut-off that matters for the brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateCount {
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// Its title.
    pub title: String,
    /// `in_force` or `suspended`.
    pub state: String,
    /// Claims open at the cut-off.
    pub open_claims: i64,
    /// Lines reported to slip, at the cut-off.
    pub slippages: i64,
}

/// A group and its members on the cut-off's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupFacts {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Members, ISO 3166-1 alpha-3, in order.
    pub members: Vec<String>,
}

/// Everything that [`super::compute`] needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// What the figures are figures of.
    pub conventions: Conventions,
    /// Deliveries of all years up to the cut-off.
    pub delivered: Vec<Delivered>,
    /// Sum of the deliveries of the twelve months to the cut-off.
    pub delivered_twelve_months: i64,
    /// At most one plan a year; the brief's year among them if it has one.
    pub plans: Vec<PlanFacts>,
    /// Why the plan asked for cannot be used, if it cannot.
    pub plan_missing: Option<String>,
    /// Lines not delivered in full.
    pub open_lines: Vec<OpenLine>,
    /// Lines due, by year.
    pub line_counts: Vec<LineCount>,
    /// What was outstanding at the same date of earlier years.
    pub outstanding: Vec<Outstanding>,
    /// Lines that slipped over the end of earlier years.
    pub slips: Vec<Slip>,
    /// Contracts in force or suspended.
    pub contracts: Vec<StateCount>,
    /// Value of the contracts signed in the year to date.
    pub signed: i64,
    /// How many.
    pub signed_count: i64,
    /// Names of partners by code.
    pub partners: BTreeMap<String, String>,
    /// Groups and their members.
    pub groups: Vec<GroupFacts>,
    /// Money of contracts.
    pub payments: PaymentFacts,
    /// Opportunities, in the order of their numbers.
    pub opportunities: Vec<Considered>,
}
