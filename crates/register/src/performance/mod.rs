//! How a contract is performed beside its deliveries and payments: what is to be reached and by when, what slips
//! and why, what is done about it, and what is owed to the buyer's economy.
//!
//! Everything here bears its contract's marking, and whether it is overdue is worked out and never stored.

pub mod corrective;
mod delay;
pub mod milestone;
pub mod offset;
mod offset_terms;
pub mod slippage;
#[cfg(test)]
mod tests;

pub use corrective::{
    Action, ActionDropped, ActionFinished, ActionMoved, CorrectiveClosed, CorrectiveCommand, CorrectiveFacts,
    CorrectiveMoved, CorrectivePlan, CorrectiveProposed, NewAction,
};
pub use delay::{DelayCause, DelayReason, DelaySide};

pub use milestone::{
    Milestone, MilestoneAmended, MilestoneCommand, MilestoneExpected, MilestoneFacts, MilestoneForecast,
    MilestoneKind, MilestoneMoved, MilestonePlanned, MilestoneReached, NewMilestone,
};
pub use offset::{
    Multiplier, OffsetAccepted, OffsetAmended, OffsetClaim, OffsetClaimed, OffsetCommand, OffsetEnded,
    OffsetFacts, OffsetKind, OffsetObligation, OffsetPhase, OffsetPlanDropped, OffsetPlanned, OffsetRejected,
    OffsetTerms, PhaseOutlook, PlannedOffset, Review, Thousandths, Transaction,
};
pub use slippage::{
    Slippage, SlippageCommand, SlippageEnd, SlippageEnded, SlippageFacts, SlippageReported, SlippageRevised,
};

use jiff::civil::Date;

use crate::contract::Contract;
use crate::ledger::{Context, Fallible, Refusal};

/// Refuses a contract under which nothing more is performed.
fn check_running(contract: &Contract) -> Fallible<()> {
    crate::payment::check_state(
        contract,
        &["negotiating", "signed", "in_force", "suspended", "completed"],
        "a contract that is neither terminated nor closed",
    )
}

/// Days from one day to another; below zero where the other is the earlier.
fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Refuses a change that is dated after today, or before the last one of its subject.
pub(crate) fn in_order(
    context: &Context,
    code: &'static str,
    (what, number, last_on): (&str, &str, Date),
    on: Date,
) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= last_on {
        return Ok(());
    }
    Err(Refusal::new(code, format!("{what} {number} changed last on {last_on}; {on} is before it."))
        .field("on")
        .missing(format!("a date from {last_on}")))
}
