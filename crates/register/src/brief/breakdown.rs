//! The brief's figures cut by partner, by group and by month.

use std::collections::{BTreeMap, BTreeSet};

use super::compute::{percent, total};
use super::facts::{Facts, PlanFacts};
use super::{Breakdown, Known, Month};

/// Sums of one partner.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    delivered: i64,
    planned: i64,
    previous: i64,
}

/// Sums of the partners that have any.
fn sums<'a>(facts: &'a Facts, plan: &Known<&'a PlanFacts>) -> BTreeMap<&'a str, Sums> {
    let year = facts.conventions.as_of.year();
    let mut all: BTreeMap<&str, Sums> = BTreeMap::new();
    let mut add = |partner: &'a str, field: fn(&mut Sums) -> &mut i64, amount: i64| {
        let sum = field(all.entry(partner).or_default());
        *sum = sum.saturating_add(amount);
    };
    for d in &facts.delivered {
        if d.year == year {
            add(&d.partner, |s| &mut s.delivered, d.to_date);
        } else if d.year == year - 1 {
            add(&d.partner, |s| &mut s.previous, d.to_date);
        }
    }
    if let Known::Value(plan) = plan {
        for item in &plan.items {
            add(&item.partner, |s| &mut s.planned, item.amount);
        }
    }
    all.retain(|_, s| s.delivered != 0 || s.planned != 0 || s.previous != 0);
    all
}

fn row(code: &str, name: &str, members: Vec<String>, of: &[Sums], plan: &Known<&PlanFacts>) -> Breakdown {
    let delivered = total(of.iter().map(|s| s.delivered));
    let planned = plan.clone().map(|_| total(of.iter().map(|s| s.planned)));
    Breakdown {
        code: code.to_owned(),
        name: name.to_owned(),
        delivered,
        execution_pct: planned
            .clone()
            .and_then(|planned| percent(delivered, planned, "nothing is planned for the year")),
        planned,
        previous_same_date: total(of.iter().map(|s| s.previous)),
        members,
    }
}

/// By partner: those with deliveries or a plan in the year, or deliveries in the year before to the same date.
pub(super) fn by_partner(facts: &Facts, plan: &Known<&PlanFacts>) -> Vec<Breakdown> {
    let mut rows: Vec<Breakdown> = sums(facts, plan)
        .into_iter()
        .map(|(code, s)| {
            let name = facts.partners.get(code).map_or(code, String::as_str);
            row(code, name, Vec::new(), &[s], plan)
        })
        .collect();
    let planned = |b: &Breakdown| b.planned.value().copied();
    rows.sort_by(|a, b| {
        (b.delivered, planned(b)).cmp(&(a.delivered, planned(a))).then_with(|| a.code.cmp(&b.code))
    });
    rows
}

/// By group: the sum over the members on the brief's day. A member that is no partner adds nothing.
pub(super) fn by_group(facts: &Facts, plan: &Known<&PlanFacts>) -> Vec<Breakdown> {
    let sums = sums(facts, plan);
    let mut rows: Vec<Breakdown> = facts
        .groups
        .iter()
        .map(|group| {
            // Once each, however the membership is written.
            let members: BTreeSet<&String> = group.members.iter().collect();
            let of: Vec<Sums> = members.iter().filter_map(|m| sums.get(m.as_str()).copied()).collect();
            row(&group.code, &group.name, members.into_iter().cloned().collect(), &of, plan)
        })
        .collect();
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows
}

/// The twelve months of the brief's year. What came in a month after the last that is known is not nothing:
/// it is not known. (Should there be acts of such days, they are shown: the months sum to the whole.)
pub(super) fn months(facts: &Facts, plan: &Known<&PlanFacts>) -> Vec<Month> {
    let as_of = facts.conventions.as_of;
    let year = as_of.year();
    let last = facts.conventions.known_until().unwrap_or(as_of);
    let delivered =
        |year: i16, month: i8| facts.delivered.iter().filter(move |d| d.year == year && d.month == month);
    let is_known =
        |month: i8| (year, month) <= (last.year(), last.month()) || delivered(year, month).next().is_some();
    (1..=12)
        .map(|month| Month {
            month,
            delivered: (month <= as_of.month() && is_known(month))
                .then(|| total(delivered(year, month).map(|d| d.to_date))),
            planned: plan
                .clone()
                .map(|plan| total(plan.items.iter().filter(|i| i.month == month).map(|i| i.amount))),
            previous: total(delivered(year - 1, month).map(|d| d.amount)),
            delivered_sum: (month <= as_of.month() && is_known(month)).then(|| {
                total(
                    facts.delivered.iter().filter(|d| d.year == year && d.month <= month).map(|d| d.to_date),
                )
            }),
            planned_sum: plan
                .clone()
                .map(|plan| total(plan.items.iter().filter(|i| i.month <= month).map(|i| i.amount))),
        })
        .collect()
}
