//! The pipeline before a contract: open opportunities, deadlines, the win rate and what may be expected.
//!
//! Conventions are those of [`crate::opportunity::analysis`]; the period is the year to date. Numbers are of
//! all opportunities that the reader may see, whatever their currency; amounts are of those that were offered
//! in the brief's currency.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::Known;
use super::compute::{percent, total};
use super::facts::{Conventions, Facts};
use super::provenance::OpportunityPart;
use crate::money::Decimal;
use crate::opportunity::analysis::{Considered, NOTHING_DECIDED, weigh};

/// Figures of opportunities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pipeline {
    /// All that were ever registered; where there is none, there is nothing to say.
    pub registered: i64,
    /// Not ended.
    pub open: i64,
    /// Of these, to be answered within thirty days.
    pub due_soon: i64,
    /// Of these, to be answered before the cut-off, and not answered.
    pub overdue: i64,
    /// Won in the year to date.
    pub won: i64,
    /// Lost in the year to date.
    pub lost: i64,
    /// Won ÷ (won + lost).
    pub win_pct: Known<Decimal>,
    /// What was offered of those won.
    pub won_value: i64,
    /// What was offered of those won or lost.
    pub decided_value: i64,
    /// The one ÷ the other.
    pub win_value_pct: Known<Decimal>,
    /// Expected of what is offered and not decided.
    pub expected_intake: i64,
    /// By partner, those with the most open first.
    pub by_partner: Vec<PartnerPipeline>,
    /// Those to be answered within thirty days, the nearest first.
    pub deadlines: Vec<PipelineDeadline>,
}

/// Open opportunities with one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerPipeline {
    /// Code of the partner.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Not ended.
    pub open: i64,
    /// Of these, to be answered within thirty days.
    pub due_soon: i64,
    /// What was offered of them and is not decided.
    pub offered_value: i64,
}

/// An opportunity that is to be answered soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PipelineDeadline {
    /// Number.
    pub number: String,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// By when.
    pub deadline: Date,
}

/// The year to date.
fn period(conventions: &Conventions) -> (Date, Date) {
    (date(conventions.as_of.year(), 1, 1), conventions.as_of)
}

/// The opportunities behind a figure, each with its amount: what was offered in the brief's currency, nothing
/// where there is no such offer, and for the expected order intake what is expected of it.
pub fn opportunities<'f>(
    facts: &'f Facts,
    part: OpportunityPart,
    partner: Option<&str>,
) -> Vec<(&'f Considered, i64)> {
    let conventions = &facts.conventions;
    let period = period(conventions);
    let value = |one: &Considered| one.value.filter(|v| v.currency == conventions.currency).map(|v| v.minor);
    let rows: Vec<&Considered> = facts
        .opportunities
        .iter()
        .filter(|one| partner.is_none_or(|partner| one.partner == partner))
        .filter(|one| match part {
            OpportunityPart::Open => one.is_open(),
            OpportunityPart::DueSoon => one.is_due_soon(conventions.as_of),
            OpportunityPart::Overdue => one.is_overdue(conventions.as_of),
            OpportunityPart::Decided => one.is_decided(period),
            OpportunityPart::WonValue => one.is_decided(period) && one.is_won() && value(one).is_some(),
            OpportunityPart::DecidedValue => one.is_decided(period) && value(one).is_some(),
            OpportunityPart::Expected => one.expected().is_some() && value(one).is_some(),
        })
        .collect();
    if part == OpportunityPart::Expected {
        let weighed = weigh(rows.iter().map(|one| (value(one).unwrap_or(0), one.probability.unwrap_or(0))));
        return rows.into_iter().zip(weighed).collect();
    }
    rows.into_iter().map(|one| (one, value(one).unwrap_or(0))).collect()
}

/// Works out the figures of opportunities.
pub(super) fn pipeline(facts: &Facts) -> Pipeline {
    let of = |part| opportunities(facts, part, None);
    let count = |rows: &[(&Considered, i64)]| i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let sum = |rows: &[(&Considered, i64)]| total(rows.iter().map(|(_, amount)| *amount));
    let (open, due_soon, decided) =
        (of(OpportunityPart::Open), of(OpportunityPart::DueSoon), of(OpportunityPart::Decided));
    let won = i64::try_from(decided.iter().filter(|(one, _)| one.is_won()).count()).unwrap_or(i64::MAX);
    let won_value = sum(&of(OpportunityPart::WonValue));
    let decided_value = sum(&of(OpportunityPart::DecidedValue));
    let mut deadlines: Vec<PipelineDeadline> = due_soon
        .iter()
        .filter_map(|(one, _)| {
            Some(PipelineDeadline {
                number: one.number.clone(),
                title: one.title.clone(),
                partner: one.partner.clone(),
                deadline: one.deadline?,
            })
        })
        .collect();
    deadlines.sort_by(|a, b| (a.deadline, &a.number).cmp(&(b.deadline, &b.number)));
    Pipeline {
        registered: i64::try_from(facts.opportunities.len()).unwrap_or(i64::MAX),
        open: count(&open),
        due_soon: count(&due_soon),
        overdue: count(&of(OpportunityPart::Overdue)),
        won,
        lost: count(&decided) - won,
        win_pct: percent(won, count(&decided), NOTHING_DECIDED),
        won_value,
        decided_value,
        win_value_pct: percent(
            won_value,
            decided_value,
            "nothing was decided that was offered in this currency",
        ),
        expected_intake: sum(&of(OpportunityPart::Expected)),
        by_partner: by_partner(facts, &open),
        deadlines,
    }
}

fn by_partner(facts: &Facts, open: &[(&Considered, i64)]) -> Vec<PartnerPipeline> {
    let mut partners: BTreeMap<&str, PartnerPipeline> = BTreeMap::new();
    for (one, amount) in open {
        let row = partners.entry(&one.partner).or_insert_with(|| PartnerPipeline {
            code: one.partner.clone(),
            name: facts.partners.get(&one.partner).unwrap_or(&one.partner).clone(),
            open: 0,
            due_soon: 0,
            offered_value: 0,
        });
        row.open += 1;
        row.due_soon += i64::from(one.is_due_soon(facts.conventions.as_of));
        row.offered_value = row.offered_value.saturating_add(*amount);
    }
    let mut rows: Vec<PartnerPipeline> = partners.into_values().collect();
    rows.sort_by(|a, b| {
        (Reverse(a.open), Reverse(a.offered_value), &a.code).cmp(&(
            Reverse(b.open),
            Reverse(b.offered_value),
            &b.code,
        ))
    });
    rows
}
