//! What the forecasts rest on, for programs: earlier years, and what is still owed.

use entente_register::brief::{EarlierYear, FigureName, PartnerRemaining, Remaining};
use entente_register::money::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::brief_json::Writer;

/// An earlier year, as forecasts and their back-tests use it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct EarlierYearObject {
    /// Which.
    pub year: i16,
    /// Delivered in the whole of it.
    pub delivered: String,
    /// Delivered in it to the same day of the year.
    pub delivered_same_date: String,
    /// Its plan, as it stood on the same day.
    pub plan: Option<String>,
    /// What lines due by its end still owed on the same day.
    pub outstanding: String,
    /// Lines due in it.
    pub lines_due: i64,
    /// Of these, not delivered in full by its end.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    #[schema(value_type = Option<f64>)]
    pub slip_pct: Option<Decimal>,
}

impl EarlierYearObject {
    pub(super) fn of(year: &EarlierYear, writer: &mut Writer<'_>) -> EarlierYearObject {
        EarlierYearObject {
            year: year.year,
            delivered: writer.amount(year.delivered),
            delivered_same_date: writer.amount(year.delivered_same_date),
            plan: writer.money(&FigureName::YearPlan(year.year), &year.plan),
            outstanding: writer.amount(year.outstanding),
            lines_due: year.lines_due,
            lines_slipped: year.lines_slipped,
            slip_pct: writer.known(&FigureName::YearSlip(year.year), &year.slip_pct),
        }
    }
}

/// What lines due by the year's end still owe, and how often such lines slipped over a year's end.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RemainingObject {
    /// The value that they still owe.
    pub value: String,
    /// Lines due in all earlier years.
    pub lines_due: i64,
    /// Of these, not delivered in full by the end of their year.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    #[schema(value_type = Option<f64>)]
    pub slip_pct: Option<Decimal>,
    /// By partner, in order of code.
    pub by_partner: Vec<PartnerRemainingObject>,
}

/// The same of one partner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartnerRemainingObject {
    /// ISO 3166-1 alpha-3.
    pub partner: String,
    /// The value that lines due by the year's end still owe.
    pub value: String,
    /// The partner's lines due in all earlier years.
    pub lines_due: i64,
    /// Of these, not delivered in full by the end of their year.
    pub lines_slipped: i64,
    /// Lines slipped ÷ lines due.
    #[schema(value_type = Option<f64>)]
    pub slip_pct: Option<Decimal>,
    /// By whose lines the slip is measured: `partner`, or `all` where the partner had too few.
    pub measured_by: &'static str,
    /// What of the value is expected by the year's end; null where no slip is measured.
    pub expected: Option<String>,
}

impl RemainingObject {
    pub(super) fn of(remaining: &Remaining, writer: &mut Writer<'_>) -> RemainingObject {
        RemainingObject {
            value: writer.amount(remaining.value),
            lines_due: remaining.lines_due,
            lines_slipped: remaining.lines_slipped,
            slip_pct: writer.known(&FigureName::Slip, &remaining.slip_pct),
            by_partner: remaining
                .by_partner
                .iter()
                .map(|row| PartnerRemainingObject::of(row, writer))
                .collect(),
        }
    }
}

impl PartnerRemainingObject {
    fn of(row: &PartnerRemaining, writer: &mut Writer<'_>) -> PartnerRemainingObject {
        PartnerRemainingObject {
            partner: row.partner.clone(),
            value: writer.amount(row.value),
            lines_due: row.lines_due,
            lines_slipped: row.lines_slipped,
            slip_pct: writer.known(&FigureName::PartnerSlip(row.partner.clone()), &row.slip_pct),
            measured_by: row.measured_by,
            expected: row.expected.map(|minor| writer.amount(minor)),
        }
    }
}
