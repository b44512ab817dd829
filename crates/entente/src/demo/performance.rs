//! The demonstration's milestones: what contracts signed from 2011 on are to reach beside their deliveries.
//!
//! They are drawn from a source of their own, so that nothing else of the demonstration depends on them.

use std::collections::BTreeMap;

use entente_register::performance::MilestoneKind;
use jiff::civil::Date;

use super::calendar::{END, Second, add, workday_before, workday_from};
use super::deal::{Deal, Fate};
use super::draw::Draw;
use super::script::{Act, Entry, recorded_of};

/// Contracts signed before this year have no milestones in the register.
const FIRST_YEAR: i16 = 2011;

/// What is to be reached, and how it goes.
#[derive(Debug, Clone)]
pub(super) struct Goal {
    pub(super) kind: MilestoneKind,
    /// The position of the line that it is of.
    pub(super) line: Option<usize>,
    pub(super) planned: Date,
    /// In the order of their days.
    pub(super) turns: Vec<(Date, Turn)>,
}

/// What happens to a milestone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Turn {
    /// The day on which it is expected now.
    Forecast(Date),
    Reach,
}

/// The milestones of each contract, in their order.
pub(super) fn goals(draw: &mut Draw, deals: &[Deal]) -> Vec<Vec<Goal>> {
    deals.iter().map(|deal| of_deal(draw, deal)).collect()
}

fn of_deal(draw: &mut Draw, deal: &Deal) -> Vec<Goal> {
    let (Some(signed), Some(in_force)) = (deal.signed, deal.in_force) else { return Vec::new() };
    // Drawn whether it is needed or not, so that one contract's course moves no other's.
    let (takes_part, early, late, warned) =
        (draw.chance(45), draw.between(-6, 20), draw.between(15, 80), draw.chance(55));
    let ended = matches!(deal.fate, Fate::Terminated(_));
    if !takes_part || ended || signed.year() < FIRST_YEAR {
        return Vec::new();
    }
    let mut goals = vec![Goal {
        kind: MilestoneKind::EntryIntoForce,
        line: None,
        planned: workday_from(add(signed, 60)),
        turns: vec![(in_force, Turn::Reach)],
    }];
    let Some(first) = deal.items.iter().position(|item| item.added_later.is_none()) else { return goals };
    let item = &deal.items[first];
    // What is handed over was tested at the factory some weeks before.
    if let Some(tested) = item.first_hand_over().map(|on| workday_before(add(on, -early.abs() - 14))) {
        let tested = tested.max(in_force);
        let planned =
            if warned { workday_before(add(tested, -late)) } else { workday_from(add(tested, early)) };
        let mut turns = Vec::new();
        let told = workday_before(add(planned, -10));
        if warned && told > in_force {
            turns.push((told, Turn::Forecast(workday_from(add(planned, late - 8)))));
        }
        turns.push((tested, Turn::Reach));
        goals.push(Goal { kind: MilestoneKind::FactoryAcceptance, line: Some(first), planned, turns });
    }
    let last = deal.items.iter().map(|item| item.due).max().unwrap_or(item.due);
    let trained = workday_from(add(last, early + 25));
    goals.push(Goal {
        kind: MilestoneKind::TrainingCompleted,
        line: None,
        planned: workday_from(add(last, 30)),
        turns: if deal.completed.is_some() { vec![(trained, Turn::Reach)] } else { Vec::new() },
    });
    goals.push(Goal {
        kind: MilestoneKind::EndOfWarranty,
        line: None,
        planned: add(last, 365),
        turns: Vec::new(),
    });
    for goal in &mut goals {
        goal.turns.retain(|(on, _)| *on >= signed && *on < END);
    }
    goals
}

/// Their acts, each after what it needs: the milestones after the signature, the entry into force after the
/// contract's own.
pub(super) fn entries(
    draw: &mut Draw,
    goals: &[Vec<Goal>],
    deals: &[Deal],
    before: &BTreeMap<usize, (Second, Second)>,
) -> Vec<Entry> {
    let mut all = Vec::new();
    for (d, goals) in goals.iter().enumerate() {
        let (Some(&(signature, entry)), Some(on)) = (before.get(&d), deals[d].signed) else { continue };
        let mut planned = signature;
        for n in 0..goals.len() {
            planned += 90;
            all.push(Entry { recorded: planned, on, act: Act::PlanMilestone(d, n) });
        }
        for (n, goal) in goals.iter().enumerate() {
            let mut last = planned.max(entry);
            for (t, (on, _)) in goal.turns.iter().enumerate() {
                last = recorded_of(draw, *on).max(last + 60);
                all.push(Entry { recorded: last, on: *on, act: Act::MoveMilestone(d, n, t) });
            }
        }
    }
    all
}
