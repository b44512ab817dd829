//! Forecasts to the end of the year, each with an interval and a back-test.

use jiff::civil::Date;

use super::Known;
use super::figure::FigureName;
use crate::money::Decimal;

/// How a forecast is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Method {
    /// Delivered to date × days of the year ÷ days to date.
    RunRate,
    /// Delivered to date ÷ the share of the year that earlier years had delivered by the same date.
    Seasonal,
    /// The plan of the year.
    Plan,
    /// Delivered to date + what lines due by the year's end still owe × (1 − measured slip probability).
    BottomUp,
}

impl Method {
    /// All methods, in the order in which they are shown.
    pub const ALL: [Method; 4] = [Method::RunRate, Method::Seasonal, Method::Plan, Method::BottomUp];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Method::RunRate => "run_rate",
            Method::Seasonal => "seasonal",
            Method::Plan => "plan",
            Method::BottomUp => "bottom_up",
        }
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Method::RunRate => "run-rate",
            Method::Seasonal => "seasonal share of earlier years",
            Method::Plan => "plan",
            Method::BottomUp => "bottom-up from open lines",
        }
    }

    /// The rule in words.
    pub fn rule(self) -> &'static str {
        match self {
            Method::RunRate => "delivered to date × days of the year ÷ days to date",
            Method::Seasonal => {
                "delivered to date ÷ the share of their totals that earlier years had delivered by the same date (all earlier years pooled)"
            }
            Method::Plan => "the plan of the year as it stands",
            Method::BottomUp => {
                "delivered to date + what open lines due by the year’s end still owe × (1 − the partner’s measured share of lines that slipped over a year’s end)"
            }
        }
    }

    /// The figures that it is worked out from.
    pub fn operands(self) -> Vec<FigureName> {
        match self {
            Method::RunRate => vec![FigureName::Delivered],
            Method::Seasonal => {
                vec![FigureName::Delivered, FigureName::PreviousSameDate, FigureName::PreviousDelivered]
            }
            Method::Plan => vec![FigureName::PlanYear],
            Method::BottomUp => vec![FigureName::Delivered, FigureName::Backlog],
        }
    }
}

/// What the method would have said in an earlier year on the same date, and what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackTest {
    /// The year.
    pub year: i16,
    /// What the method says with that year's data to the same date.
    pub forecast: i64,
    /// What was delivered in the whole year.
    pub actual: i64,
}

/// A forecast of the deliveries of the whole year, in minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    /// How it is made.
    pub method: Method,
    /// The forecast itself.
    pub mid: Known<i64>,
    /// The 80 % interval, low and high; unknown with fewer than three years to test on.
    pub interval: Known<(i64, i64)>,
    /// Against the total of the year before, in per cent.
    pub change_on_previous_year_pct: Known<Decimal>,
    /// Mean absolute error of the back-tests, in per cent of what came.
    pub backtest_error_pct: Known<Decimal>,
    /// The back-tests, by year.
    pub backtests: Vec<BackTest>,
}

/// Where a date stands in its year: (days to date, days of the year).
pub(super) fn days(as_of: Date) -> (i64, i64) {
    (i64::from(as_of.day_of_year()), i64::from(as_of.days_in_year()))
}
