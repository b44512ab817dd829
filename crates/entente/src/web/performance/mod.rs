//! How a contract is performed: sections of its page.

mod milestone;
#[cfg(test)]
pub(crate) mod sample;

use entente_register::ledger::Subject;
use entente_store::reader::ContractPerformance;
use jiff::civil::Date;

use super::history::{Act, acts_of};
use super::way::Way;
use milestone::MilestoneCells;

/// How a contract is performed, written for people.
#[derive(Debug, Clone)]
pub(crate) struct PerformanceView {
    pub(crate) milestones: Vec<MilestoneCells>,
    /// How many milestones are overdue, in words; none where none is.
    pub(crate) overdue: Option<String>,
}

pub(crate) fn view(performance: &ContractPerformance, as_of: Date, way: &Way) -> PerformanceView {
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
