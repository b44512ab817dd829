//! The chair's brief: figures with their conventions and their provenance.
//!
//! The store gathers [`Facts`], sums of what the reader may see at a horizon;
//! [`compute`] turns them into a [`Brief`]. Every figure has a [`FigureName`],
//! and [`provenance`] says of each how it opens: into rows of the register, or
//! into the figures from which it is worked out.

mod alert;
mod breakdown;
mod compute;
mod facts;
mod figure;
mod forecast;
pub(crate) mod interval;
mod payment;
mod pipeline;
mod provenance;

pub use compute::{compute, is_due, owed};
pub use facts::{
    Conventions, Delivered, Facts, GroupFacts, LineCount, OpenLine, Outstanding, PlanFacts, Planned, Slip,
    StateCount,
};
pub use figure::{FigureName, month_name};
pub use forecast::{BackTest, Forecast, Method, SLIP_LINES};
pub use interval::INTERVAL_YEARS;
pub use payment::{
    BankMoney, ContractMoney, Exposure, NO_BANK, PartnerMoney, PaymentFacts, Payments, UnpaidInstalment,
    exposures, payments,
};
pub use pipeline::{PartnerPipeline, Pipeline, PipelineDeadline, opportunities};
pub use provenance::{Operand, OpportunityPart, PlanPart, Provenance, Sources, Span, provenance};

use jiff::civil::Date;

use crate::contract::plan::PlanVersion;
use crate::label::Label;
use crate::money::Decimal;

/// A value that may be unknown, and then says why. Never zero for unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known<T> {
    /// The value.
    Value(T),
    /// Why there is none.
    Unknown(String),
}

impl<T> Known<T> {
    /// The value, if there is one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Known::Value(value) => Some(value),
            Known::Unknown(_) => None,
        }
    }

    /// The reason, if there is no value.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Known::Value(_) => None,
            Known::Unknown(reason) => Some(reason),
        }
    }

    /// Another value worked out from this one; an unknown stays so, for the same reason.
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Known<U> {
        self.and_then(|value| Known::Value(with(value)))
    }

    /// Another value that may be unknown for a reason of its own.
    pub fn and_then<U>(self, with: impl FnOnce(T) -> Known<U>) -> Known<U> {
        match self {
            Known::Value(value) => with(value),
            Known::Unknown(reason) => Known::Unknown(reason),
        }
    }
}

/// The brief. All amounts are minor units of the conventions' currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// What the figures are figures of.
    pub conventions: Conventions,
    /// The join of the markings of all that it was gathered from, by whoever gathered it; it bears it
    /// wherever it is shown.
    pub marking: Option<Label>,
    /// The plan version used, and when it was approved.
    pub plan: Known<PlanVersion>,
    /// Deliveries of the year to date.
    pub deliveries: Deliveries,
    /// Contracts by how they are carried out.
    pub contracts: Contracts,
    /// Comparison with the year before.
    pub previous_year: PreviousYear,
    /// What is still owed, and what is new.
    pub order_book: OrderBook,
    /// Forecasts to the end of the year, one a method, in the order of [`Method::ALL`].
    pub forecasts: Vec<Forecast>,
    /// The earlier years that the forecasts and their back-tests use, in their order.
    pub earlier_years: Vec<EarlierYear>,
    /// What the bottom-up forecast adds to what is delivered.
    pub remaining: Remaining,
    /// By partner, the largest delivered first, then the largest planned, then by code.
    pub by_partner: Vec<Breakdown>,
    /// By group, in order of code; membership as of the brief's date.
    pub by_group: Vec<Breakdown>,
    /// Month by month of the brief's year, January to December.
    pub months: Vec<Month>,
    /// What needs attention, the most valuable first within each kind.
    pub alerts: Vec<Alert>,
    /// What came in, and what is owed for what was delivered.
    pub payments: Payments,
    /// Opportunities before a contract.
    pub pipeline: Pipeline,
}

/// Deliveries of the year to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deliveries {
    /// Delivered from 1 January to the brief's date.
    pub delivered: i64,
    /// How many deliveries that is.
    pub count: i64,
    /// The plan of the whole year.
    pub plan_year: Known<i64>,
    /// The plan to the brief's date.
    pub plan_to_date: Known<i64>,
    /// Delivered ÷ plan of the year.
    pub execution_pct: Known<Decimal>,
    /// Delivered ÷ plan to date (schedule performance index).
    pub spi: Known<Decimal>,
    /// Lines accepted in full by their contractual date ÷ lines due by the brief's date.
    pub on_time_pct: Known<Decimal>,
    /// The same of the lines due in the year to date.
    pub on_time_year_pct: Known<Decimal>,
    /// Lines due by the brief's date and not delivered in full.
    pub overdue_lines: i64,
    /// The value that they still owe.
    pub overdue_value: i64,
}

/// Contracts by how they are carried out, as of the brief's date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contracts {
    /// In force.
    pub in_force: i64,
    /// Of these, without an overdue line and without an open claim.
    pub as_planned: i64,
    /// Of these, all others.
    pub behind: i64,
}

/// Comparison with the year before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousYear {
    /// Delivered in the whole of the year before.
    pub delivered: i64,
    /// Delivered in it to the same day of the year.
    pub delivered_same_date: i64,
    /// This year's deliveries to date against that, in per cent.
    pub delivered_change_pct: Known<Decimal>,
    /// This year's plan against the whole of the year before, in per cent.
    pub plan_change_pct: Known<Decimal>,
}

/// What is still owed, and what is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderBook {
    /// Value of all contracts signed and not ended, less what is delivered under them.
    pub backlog: i64,
    /// Backlog ÷ deliveries of the twelve months to the brief's date.
    pub years_of_cover: Known<Decimal>,
    /// Value of the contracts signed in the year to date, as they stand.
    pub signed: i64,
    /// How many they are.
    pub signed_count: i64,
    /// Signed ÷ delivered in the year to date.
    pub book_to_bill: Known<Decimal>,
}

/// An earlier year, as forecasts and back-tests use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierYear {
    /// Which.
    pub year: i16,
    /// Delivered in the whole of it.
    pub delivered: i64,
    /// Delivered in it to the same day of the year.
    pub delivered_same_date: i64,
    /// Its plan, as it stood on the same day.
    pub plan: Known<i64>,
    /// What lines due by its end still owed on the same day.
    pub outstanding: i64,
    /// Lines due in it.
    pub lines_due: i64,
    /// Of these, not delivered in full by its end.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    pub slip_pct: Known<Decimal>,
}

/// What lines due by the year's end still owe, and how often such lines slipped over a year's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remaining {
    /// The value that they still owe.
    pub value: i64,
    /// Lines due in all earlier years.
    pub lines_due: i64,
    /// Of these, not delivered in full by the end of their year.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    pub slip_pct: Known<Decimal>,
    /// By partner, in order of code: those to whom something is owed.
    pub by_partner: Vec<PartnerRemaining>,
}

/// Slip is measured by the partner's own lines.
pub const MEASURED_BY_OWN: &str = "partner";
/// Slip is measured by the lines of all partners, because the partner had too few.
pub const MEASURED_BY_ALL: &str = "all";

/// The same of one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerRemaining {
    /// Code of the partner.
    pub partner: String,
    /// The value that lines due by the year's end still owe.
    pub value: i64,
    /// The partner's lines due in all earlier years.
    pub lines_due: i64,
    /// Of these, not delivered in full by the end of their year.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    pub slip_pct: Known<Decimal>,
    /// By whose lines the slip is measured: [`MEASURED_BY_OWN`] or [`MEASURED_BY_ALL`].
    pub measured_by: &'static str,
    /// What of the value is expected by the year's end; none where no slip is measured at all.
    pub expected: Option<i64>,
}

/// One row of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breakdown {
    /// Code of the partner or group.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Delivered in the year to date.
    pub delivered: i64,
    /// Planned for the year.
    pub planned: Known<i64>,
    /// Delivered ÷ planned.
    pub execution_pct: Known<Decimal>,
    /// Delivered in the year before to the same day.
    pub previous_same_date: i64,
    /// States counted, for a group: its members on the brief's date.
    pub members: Vec<String>,
}

/// One month of the brief's year, amounts within the month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// 1 to 12.
    pub month: i8,
    /// Delivered in it, up to the brief's date; none for months after it, or after the last that is known.
    pub delivered: Option<i64>,
    /// Planned in it.
    pub planned: Known<i64>,
    /// Delivered in the same month of the year before.
    pub previous: i64,
    /// Delivered from January to its end; none where `delivered` is none.
    pub delivered_sum: Option<i64>,
    /// Planned from January to its end.
    pub planned_sum: Known<i64>,
}

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertKind {
    /// A line due by the brief's date and not delivered in full.
    Overdue,
    /// A line due within [`ALERT_DAYS`] after it.
    DueSoon,
    /// A contract in force with an overdue line or an open claim, or a suspended one.
    AtRisk,
    /// An instalment whose day has come and of which something is open.
    InstalmentOverdue,
}

impl AlertKind {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            AlertKind::Overdue => "overdue",
            AlertKind::DueSoon => "due_soon",
            AlertKind::AtRisk => "at_risk",
            AlertKind::InstalmentOverdue => "instalment_overdue",
        }
    }
}

/// How far ahead lines are announced, in days.
pub const ALERT_DAYS: i32 = 90;

/// Something that needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What sort.
    pub kind: AlertKind,
    /// Number of the contract.
    pub contract: String,
    /// Number of the line, where it is about one.
    pub line: Option<String>,
    /// Number of the instalment, where it is about one.
    pub instalment: Option<String>,
    /// Code of the partner.
    pub partner: String,
    /// What it is, for people: the line's description or the contract's title.
    pub title: String,
    /// The contractual date, where it is about a line or an instalment.
    pub due_on: Option<Date>,
    /// The value still owed.
    pub value: i64,
    /// Why, in words.
    pub reason: String,
}
