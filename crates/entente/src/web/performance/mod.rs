//! How a contract is performed: sections of its page.

mod claim;
mod corrective;
pub(in crate::web) mod list;
mod milestone;
mod offset;
#[cfg(test)]
pub(crate) mod sample;
mod slippage;
pub(in crate::web) mod table;

use entente_register::ledger::Subject;
use entente_store::reader::ContractPerformance;
use jiff::civil::Date;

use super::history::{Act, acts_of};
use super::way::Way;
pub(crate) use claim::ClaimCells;
use corrective::CorrectiveCells;
use milestone::MilestoneCells;
use offset::OffsetCells;
use slippage::SlippageCells;

/// How a contract is performed, written for people.
#[derive(Debug, Clone)]
pub(crate) struct PerformanceView {
    pub(crate) milestones: Vec<MilestoneCells>,
    /// How many milestones are overdue, in words; none where none is.
    pub(crate) overdue: Option<String>,
    pub(crate) slippages: Vec<SlippageCells>,
    pub(crate) claims: Vec<ClaimCells>,
    /// Windows of claims, warranties and serial numbers, a sentence each.
    pub(crate) terms: Vec<String>,
    pub(crate) corrective_plans: Vec<CorrectiveCells>,
    pub(crate) offsets: Vec<OffsetCells>,
    /// What is the next step of the contract: `completed` or `closed`.
    pub(crate) step: &'static str,
    pub(crate) conditions: Vec<ConditionCells>,
}

/// A condition of the next step.
#[derive(Debug, Clone)]
pub(crate) struct ConditionCells {
    pub(crate) words: String,
    /// What stands in its way; none where it holds.
    pub(crate) open: Option<String>,
}

pub(crate) fn view(
    performance: &ContractPerformance,
    state: &str,
    as_of: Date,
    way: &Way,
) -> PerformanceView {
    let overdue = performance.milestones.iter().filter(|one| one.state.is_overdue(as_of)).count();
    PerformanceView {
        milestones: performance
            .milestones
            .iter()
            .map(|one| MilestoneCells::of(&one.state, as_of, way))
            .collect(),
        overdue: (overdue > 0).then(|| {
            super::show::counted(i64::try_from(overdue).unwrap_or(i64::MAX), "milestone", "milestones")
        }),
        slippages: performance.slippages.iter().map(|one| SlippageCells::of(&one.state, way)).collect(),
        claims: ClaimCells::all(&performance.claims, &performance.contract, way),
        terms: claim::terms(&performance.terms),
        corrective_plans: performance
            .corrective_plans
            .iter()
            .map(|one| CorrectiveCells::of(&one.state, as_of, way))
            .collect(),
        offsets: performance.offsets.iter().map(|one| OffsetCells::of(&one.state, as_of, way)).collect(),
        step: if state == "in_force" { "completed" } else { "closed" },
        conditions: performance
            .conditions
            .iter()
            .map(|one| ConditionCells { words: super::show::capital(one.words), open: one.open.clone() })
            .collect(),
    }
}

/// The acts of a contract with those of its performance among them, in the order in which they were recorded.
pub(crate) fn with_acts(
    contract: Vec<(jiff::Timestamp, Act)>,
    performance: &ContractPerformance,
    way: &Way,
) -> Vec<Act> {
    let mut all = contract;
    for (subject, row) in &performance.history {
        let Ok(subject) = subject.parse::<Subject>() else { continue };
        all.extend(acts_of(row, &subject, way).map(|act| (row.recorded_at, act)));
    }
    // Stable: what was recorded by one command stays in its order.
    all.sort_by_key(|(recorded, _)| *recorded);
    all.into_iter().map(|(_, act)| act).collect()
}
