//! From gathered facts to the brief.
//!
//! Pure and without floating point. Every percentage and ratio comes from exact
//! integers and is rounded once, half away from zero. What cannot be known is
//! [`Known::Unknown`] with its reason, never zero. Sums are taken in 128 bits
//! and end at the bounds of 64 bits, which no register reaches
//! (see [`crate::money::MAX_AMOUNT`]).

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::alert::alerts;
use super::breakdown::{by_group, by_partner, months};
use super::facts::{Facts, OpenLine, PlanFacts};
use super::forecast::{earlier_years, forecasts, remaining};
use super::payment::payments;
use super::pipeline::pipeline;
use super::{Brief, Contracts, Deliveries, Known, OrderBook, PreviousYear};
use crate::money::{Decimal, Share};

/// Works out the brief.
pub fn compute(facts: &Facts) -> Brief {
    let year = facts.conventions.as_of.year();
    let plan = plan(facts);
    let plan_year = plan.clone().map(|plan| total(plan.items.iter().map(|i| i.amount)));
    let delivered = delivered_to_date(facts, year);
    let previous = delivered_in(facts, year - 1);
    Brief {
        conventions: facts.conventions.clone(),
        marking: None,
        plan: plan.clone().map(|plan| plan.version),
        deliveries: deliveries(facts, delivered, &plan, &plan_year),
        contracts: contracts(facts),
        previous_year: previous_year(facts, delivered, previous, &plan_year),
        order_book: order_book(facts, delivered),
        forecasts: forecasts(facts, &plan_year),
        earlier_years: earlier_years(facts),
        remaining: remaining(facts),
        by_partner: by_partner(facts, &plan),
        by_group: by_group(facts, &plan),
        months: months(facts, &plan),
        alerts: alerts(facts),
        payments: payments(facts),
        pipeline: pipeline(facts),
    }
}

/// A sum that ends at the bounds of 64 bits instead of turning over.
pub(super) fn total(amounts: impl IntoIterator<Item = i64>) -> i64 {
    narrow(amounts.into_iter().map(i128::from).sum())
}

/// The nearest value that 64 bits hold.
pub(super) fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(if wide < 0 { i64::MIN } else { i64::MAX })
}

/// Delivered in a year to the cut-off's month and day.
pub(super) fn delivered_to_date(facts: &Facts, year: i16) -> i64 {
    total(facts.delivered.iter().filter(|d| d.year == year).map(|d| d.to_date))
}

/// Delivered in a year, up to the cut-off: for an earlier year, in the whole of it.
pub(super) fn delivered_in(facts: &Facts, year: i16) -> i64 {
    total(facts.delivered.iter().filter(|d| d.year == year).map(|d| d.amount))
}

/// What the line still owes.
pub fn owed(line: &OpenLine) -> i64 {
    narrow(i128::from(line.amount) - i128::from(line.delivered))
}

/// Whether the line's contractual date has come: the cut-off is the close of its day.
pub fn is_due(line: &OpenLine, as_of: Date) -> bool {
    line.due_on <= as_of
}

/// The part in per cent of the whole, with one decimal; unknown where the whole is not above zero.
pub(super) fn percent(part: i64, whole: i64, why: &str) -> Known<Decimal> {
    Share::of(part, whole).map_or_else(|| Known::Unknown(why.to_owned()), |s| Known::Value(s.percent()))
}

/// The part as a ratio to the whole, with two decimals; unknown where the whole is not above zero.
fn ratio(part: i64, whole: i64, why: &str) -> Known<Decimal> {
    Share::of(part, whole).map_or_else(|| Known::Unknown(why.to_owned()), |s| Known::Value(s.ratio()))
}

/// How much more `now` is than `then`, in per cent of `then`, with one decimal.
pub(super) fn change(now: i64, then: i64, why: &str) -> Known<Decimal> {
    percent(narrow(i128::from(now) - i128::from(then)), then, why)
}

/// Why there is no comparison with the year before.
pub(super) const NO_PREVIOUS: &str = "nothing was delivered in the year before";

/// The plan of the brief's year.
fn plan(facts: &Facts) -> Known<&PlanFacts> {
    let as_of = facts.conventions.as_of;
    if let Some(why) = &facts.plan_missing {
        return Known::Unknown(why.clone());
    }
    facts.plans.iter().find(|p| p.version.year == as_of.year()).map_or_else(
        || Known::Unknown(format!("no plan for {} was approved by {as_of}", as_of.year())),
        Known::Value,
    )
}

fn deliveries(facts: &Facts, delivered: i64, plan: &Known<&PlanFacts>, plan_year: &Known<i64>) -> Deliveries {
    let as_of = facts.conventions.as_of;
    let year = as_of.year();
    let plan_to_date = plan.clone().map(|plan| total(plan.items.iter().map(|i| i.to_date)));
    let lines = |only_year: bool| {
        let counts = || facts.line_counts.iter().filter(move |c| !only_year || c.year == year);
        (total(counts().map(|c| c.on_time)), total(counts().map(|c| c.due)))
    };
    let (on_time, due) = lines(false);
    let (on_time_year, due_year) = lines(true);
    let overdue = || facts.open_lines.iter().filter(|l| is_due(l, as_of));
    Deliveries {
        delivered,
        count: total(facts.delivered.iter().filter(|d| d.year == year).map(|d| d.count_to_date)),
        plan_year: plan_year.clone(),
        execution_pct: plan_year.clone().and_then(|plan| percent(delivered, plan, "the plan is of nothing")),
        spi: plan_to_date
            .clone()
            .and_then(|plan| ratio(delivered, plan, "nothing was planned up to this date")),
        plan_to_date,
        on_time_pct: percent(on_time, due, "no line was due by this date"),
        on_time_year_pct: percent(on_time_year, due_year, "no line was due in the year to date"),
        overdue_lines: narrow(overdue().count() as i128),
        overdue_value: total(overdue().map(owed)),
    }
}

fn contracts(facts: &Facts) -> Contracts {
    let as_of = facts.conventions.as_of;
    let overdue: BTreeSet<&str> =
        facts.open_lines.iter().filter(|l| is_due(l, as_of)).map(|l| l.contract.as_str()).collect();
    let in_force = || facts.contracts.iter().filter(|c| c.state == "in_force");
    let behind =
        in_force().filter(|c| c.open_claims > 0 || overdue.contains(c.contract.as_str())).count() as i64;
    let all = in_force().count() as i64;
    Contracts { in_force: all, as_planned: all - behind, behind }
}

fn previous_year(facts: &Facts, delivered: i64, previous: i64, plan_year: &Known<i64>) -> PreviousYear {
    let same_date = delivered_to_date(facts, facts.conventions.as_of.year() - 1);
    PreviousYear {
        delivered: previous,
        delivered_same_date: same_date,
        delivered_change_pct: change(
            delivered,
            same_date,
            "nothing was delivered in the year before to the same date",
        ),
        plan_change_pct: plan_year.clone().and_then(|plan| change(plan, previous, NO_PREVIOUS)),
    }
}

fn order_book(facts: &Facts, delivered: i64) -> OrderBook {
    let backlog = total(facts.open_lines.iter().map(owed));
    OrderBook {
        backlog,
        years_of_cover: ratio(
            backlog,
            facts.delivered_twelve_months,
            "nothing was delivered in the last twelve months",
        ),
        signed: facts.signed,
        signed_count: facts.signed_count,
        book_to_bill: ratio(facts.signed, delivered, "nothing is delivered in the year to date"),
    }
}
