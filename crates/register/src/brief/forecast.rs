//! Forecasts to the end of the year, each with an interval and a back-test.
//!
//! Four methods stand side by side, because none is right in every year: the
//! reader sees what each says, and how far each was off before. A method is
//! tested on every earlier year with deliveries, with what that year had shown by
//! the same month and day, and with the years before it where the method needs
//! them. The back-tests use what is known at the brief's horizon: a delivery of
//! an earlier year that was recorded late counts in its year.
//! [`super::interval`] turns back-tests into an error and an interval.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::Known;
use super::compute::{NO_PREVIOUS, change, delivered_in, delivered_to_date, narrow, owed, percent, total};
use super::facts::Facts;
use super::interval::{interval, mean_error};
use super::{EarlierYear, MEASURED_BY_ALL, MEASURED_BY_OWN, PartnerRemaining, Remaining};
use crate::money::{Decimal, divide_rounded};

/// How a forecast is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
            Method::Plan => "the plan of the year as it stands, and not less than what is delivered already",
            Method::BottomUp => {
                "delivered to date + what open lines due by the year’s end still owe × (1 − the share of the partner’s lines that slipped over a year’s end in earlier years; of all partners’ lines where the partner had fewer than ten)"
            }
        }
    }

    /// The rule in words for the year of a date, with the numbers of days where it counts them.
    pub fn rule_on(self, as_of: Date) -> String {
        match self {
            Method::RunRate => {
                let (to_date, whole) = days(as_of);
                format!("{}: × {whole} ÷ {to_date}", self.rule())
            }
            _ => self.rule().to_owned(),
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
    /// From how many years the interval is, and why a bound is where it is; none without an interval.
    pub interval_note: Option<String>,
    /// Against the total of the year before, in per cent.
    pub change_on_previous_year_pct: Known<Decimal>,
    /// Mean absolute error of the back-tests, in per cent of what came.
    pub backtest_error_pct: Known<Decimal>,
    /// The back-tests, by year.
    pub backtests: Vec<BackTest>,
}

/// A partner with fewer lines due in earlier years than this is measured by all partners' lines.
pub const SLIP_LINES: i64 = 10;

/// The forecasts, one a method.
pub(super) fn forecasts(facts: &Facts, plan_year: &Known<i64>) -> Vec<Forecast> {
    let as_of = facts.conventions.as_of;
    let year = as_of.year();
    let delivered = delivered_to_date(facts, year);
    let previous = delivered_in(facts, year - 1);
    let earlier: BTreeSet<i16> = facts.delivered.iter().map(|d| d.year).filter(|y| *y < year).collect();
    let tested: Vec<(i16, i64)> =
        earlier.into_iter().map(|y| (y, delivered_in(facts, y))).filter(|(_, actual)| *actual > 0).collect();
    Method::ALL
        .into_iter()
        .map(|method| {
            let mid = match method {
                Method::RunRate => run_rate(facts, year),
                Method::Seasonal => seasonal(facts, year),
                Method::Plan => plan_year.clone(),
                Method::BottomUp => bottom_up(facts, year),
            };
            // Title does not pass back: no forecast of the year is below what is delivered in it.
            let mid = mid.and_then(|mid| Known::Value(mid.max(delivered)));
            let backtests: Vec<BackTest> = tested
                .iter()
                .filter_map(|(year, actual)| {
                    let said = match method {
                        Method::RunRate => run_rate(facts, *year),
                        Method::Seasonal => seasonal(facts, *year),
                        Method::Plan => plan_of(facts, *year),
                        Method::BottomUp => bottom_up(facts, *year),
                    };
                    let forecast = *said.value()?;
                    (forecast > 0).then_some(BackTest { year: *year, forecast, actual: *actual })
                })
                .collect();
            let interval = mid.clone().and_then(|mid| interval(mid, delivered, &backtests));
            Forecast {
                method,
                interval: interval.clone().map(|interval| interval.bounds),
                interval_note: interval.value().map(|interval| interval.note.clone()),
                change_on_previous_year_pct: mid.clone().and_then(|mid| change(mid, previous, NO_PREVIOUS)),
                backtest_error_pct: mean_error(&backtests),
                mid,
                backtests,
            }
        })
        .collect()
}

/// The cut-off's month and day in a year; 28 February stands for 29 February where there is none.
fn same_date(as_of: Date, year: i16) -> Date {
    Date::new(year, as_of.month(), as_of.day()).unwrap_or(date(year, 2, 28))
}

/// Where a date stands in its year: (days to date, days of the year).
fn days(date: Date) -> (i64, i64) {
    (i64::from(date.day_of_year()), i64::from(date.days_in_year()))
}

fn nothing_yet() -> String {
    "nothing is delivered in the year to date".to_owned()
}

fn run_rate(facts: &Facts, year: i16) -> Known<i64> {
    let delivered = delivered_to_date(facts, year);
    if delivered <= 0 {
        return Known::Unknown(nothing_yet());
    }
    let (to_date, whole) = days(same_date(facts.conventions.as_of, year));
    Known::Value(narrow(divide_rounded(i128::from(delivered) * i128::from(whole), i128::from(to_date))))
}

fn seasonal(facts: &Facts, year: i16) -> Known<i64> {
    let delivered = delivered_to_date(facts, year);
    if delivered <= 0 {
        return Known::Unknown(nothing_yet());
    }
    let earlier = || facts.delivered.iter().filter(|d| d.year < year);
    if earlier().next().is_none() {
        return Known::Unknown("no earlier year is on record".to_owned());
    }
    let (to_date, whole) = (total(earlier().map(|d| d.to_date)), total(earlier().map(|d| d.amount)));
    if to_date <= 0 {
        return Known::Unknown("earlier years had delivered nothing by this date".to_owned());
    }
    Known::Value(narrow(divide_rounded(i128::from(delivered) * i128::from(whole), i128::from(to_date))))
}

fn plan_of(facts: &Facts, year: i16) -> Known<i64> {
    facts.plans.iter().find(|p| p.version.year == year).map_or_else(
        || Known::Unknown(format!("no plan for {year} was approved by this date")),
        |plan| Known::Value(total(plan.items.iter().map(|i| i.amount))),
    )
}

/// The earlier years with anything that a forecast is worked out from, in their order.
pub(super) fn earlier_years(facts: &Facts) -> Vec<EarlierYear> {
    let this = facts.conventions.as_of.year();
    let years: BTreeSet<i16> = facts
        .delivered
        .iter()
        .map(|d| d.year)
        .chain(facts.plans.iter().map(|p| p.version.year))
        .chain(facts.outstanding.iter().map(|o| o.year))
        .chain(facts.slips.iter().map(|s| s.year))
        .filter(|year| *year < this)
        .collect();
    years
        .into_iter()
        .map(|year| {
            let slips = || facts.slips.iter().filter(move |s| s.year == year);
            let slipped =
                Slipped { due: total(slips().map(|s| s.due)), slipped: total(slips().map(|s| s.slipped)) };
            EarlierYear {
                year,
                delivered: delivered_in(facts, year),
                delivered_same_date: delivered_to_date(facts, year),
                plan: plan_of(facts, year),
                outstanding: total(facts.outstanding.iter().filter(|o| o.year == year).map(|o| o.amount)),
                lines_due: slipped.due,
                lines_slipped: slipped.slipped,
                slip_pct: slipped.pct(),
            }
        })
        .collect()
}

/// What lines due by the year's end still owe, with the probability that it slips over it.
pub(super) fn remaining(facts: &Facts) -> Remaining {
    let year = facts.conventions.as_of.year();
    let (all, by_partner) = slips_before(facts, year);
    let by_partner: Vec<PartnerRemaining> = outstanding_in(facts, year)
        .into_iter()
        .map(|(partner, value)| {
            let own = by_partner.get(partner).copied().unwrap_or_default();
            let measured = measured(partner, &by_partner, &all);
            PartnerRemaining {
                partner: partner.to_owned(),
                value,
                lines_due: own.due,
                lines_slipped: own.slipped,
                slip_pct: own.pct(),
                measured_by: if own.due >= SLIP_LINES { MEASURED_BY_OWN } else { MEASURED_BY_ALL },
                expected: (all.due > 0).then(|| measured.kept(value)),
            }
        })
        .collect();
    Remaining {
        value: total(by_partner.iter().map(|row| row.value)),
        lines_due: all.due,
        lines_slipped: all.slipped,
        slip_pct: all.pct(),
        by_partner,
    }
}

/// Lines due in earlier years, and those of them that slipped.
#[derive(Debug, Clone, Copy, Default)]
struct Slipped {
    due: i64,
    slipped: i64,
}

impl Slipped {
    /// The share that slipped, in per cent.
    fn pct(self) -> Known<Decimal> {
        percent(self.slipped, self.due, "no line was due in an earlier year, so no slip is measured")
    }

    /// What of an amount is expected not to slip; `due` is above zero.
    fn kept(self, amount: i64) -> i64 {
        let kept = i128::from(self.due) - i128::from(self.slipped);
        narrow(divide_rounded(i128::from(amount) * kept, i128::from(self.due)))
    }
}

/// The lines of the years before one: of all partners, and of each.
fn slips_before(facts: &Facts, year: i16) -> (Slipped, BTreeMap<&str, Slipped>) {
    let mut all = Slipped::default();
    let mut by_partner: BTreeMap<&str, Slipped> = BTreeMap::new();
    for slip in facts.slips.iter().filter(|s| s.year < year) {
        for sum in [&mut all, by_partner.entry(&slip.partner).or_default()] {
            sum.due = sum.due.saturating_add(slip.due);
            sum.slipped = sum.slipped.saturating_add(slip.slipped);
        }
    }
    (all, by_partner)
}

/// What lines due by a year's end owed on the cut-off's month and day in it, by partner.
fn outstanding_in(facts: &Facts, year: i16) -> BTreeMap<&str, i64> {
    let mut outstanding: BTreeMap<&str, i64> = BTreeMap::new();
    let mut owe = |partner, amount| {
        let sum = outstanding.entry(partner).or_default();
        *sum = i64::saturating_add(*sum, amount);
    };
    if year == facts.conventions.as_of.year() {
        for line in facts.open_lines.iter().filter(|l| l.due_on.year() <= year) {
            owe(line.partner.as_str(), owed(line));
        }
    } else {
        for row in facts.outstanding.iter().filter(|o| o.year == year) {
            owe(row.partner.as_str(), row.amount);
        }
    }
    outstanding
}

/// By which lines a partner is measured.
fn measured(partner: &str, by_partner: &BTreeMap<&str, Slipped>, all: &Slipped) -> Slipped {
    *by_partner.get(partner).filter(|s| s.due >= SLIP_LINES).unwrap_or(all)
}

fn bottom_up(facts: &Facts, year: i16) -> Known<i64> {
    let (all, by_partner) = slips_before(facts, year);
    if all.due <= 0 {
        return Known::Unknown("no line was due in an earlier year, so no slip is measured".to_owned());
    }
    let expected = outstanding_in(facts, year)
        .into_iter()
        .map(|(partner, amount)| measured(partner, &by_partner, &all).kept(amount));
    Known::Value(total([delivered_to_date(facts, year)].into_iter().chain(expected)))
}
