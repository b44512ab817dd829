//! What stands in the way of a contract's completion and of its closing: each condition by itself, so that the
//! contract's page lists them and a refusal names the first that does not hold.
//!
//! *Completed* says that everything was delivered. *Closed* says that nothing is owed by anybody any more: it
//! follows a completion or a termination, once all that was begun under the contract has its end.

use jiff::civil::Date;

use super::Contract;
use crate::ledger::{Fallible, Refusal};

/// What the conditions are worked out from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosureFacts {
    /// Lines that are not accepted in full.
    pub open_lines: Vec<String>,
    /// Deliveries of lines whose items are known by serial numbers, accepted before that was agreed, without them.
    pub without_serials: Vec<String>,
    /// The day of the last delivery act.
    pub last_act: Option<Date>,
    /// Milestones that are neither reached nor cancelled.
    pub milestones: Vec<String>,
    /// Open slippages.
    pub slippages: Vec<String>,
    /// Corrective plans under way.
    pub corrective_plans: Vec<String>,
    /// Offset obligations that are neither discharged nor released.
    pub offsets: Vec<String>,
    /// Scheduled instalments of which something is unpaid; none where payments are not the reader's to know.
    pub unpaid: Option<Vec<String>>,
    /// Penalties that are claimed or agreed; none where payments are not the reader's to know.
    pub penalties: Option<Vec<String>>,
    /// The last day of the last warranty.
    pub warranty_until: Option<Date>,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Stable identifier for programs.
    pub code: &'static str,
    /// What must hold, in words.
    pub words: &'static str,
    /// What stands in its way; none where it holds.
    pub open: Option<String>,
}

impl Condition {
    fn of(code: &'static str, words: &'static str, open: &[String]) -> Condition {
        Condition { code, words, open: (!open.is_empty()).then(|| open.join(", ")) }
    }

    fn check(self, what: &str) -> Fallible<()> {
        match self.open {
            None => Ok(()),
            Some(open) => Err(Refusal::new(self.code, format!("{what}: {open}.")).missing(self.words)),
        }
    }
}

fn claims(contract: &Contract) -> Condition {
    let open: Vec<String> = contract
        .claims
        .iter()
        .filter(|claim| claim.settled_on.is_none())
        .map(|claim| format!("claim {}", claim.number()))
        .collect();
    Condition::of("contract.open_claim", "every claim settled", &open)
}

/// What must hold before a contract is completed.
pub fn completion(contract: &Contract, facts: &ClosureFacts) -> Vec<Condition> {
    vec![
        Condition::of(
            "contract.open_lines",
            "every line accepted in full, or amended to what was accepted",
            &facts.open_lines,
        ),
        Condition::of(
            "contract.serials",
            "the serial numbers of every item that is known by one",
            &facts.without_serials,
        ),
        claims(contract),
    ]
}

/// What must hold before a contract that is completed or terminated is closed on a day.
pub fn closing(contract: &Contract, facts: &ClosureFacts, on: Date) -> Vec<Condition> {
    let mut all = vec![
        claims(contract),
        Condition::of("contract.open_milestones", "every milestone reached or cancelled", &facts.milestones),
        Condition::of("contract.open_slippages", "every slippage ended", &facts.slippages),
        Condition::of(
            "contract.open_corrective_plans",
            "every corrective plan closed or withdrawn",
            &facts.corrective_plans,
        ),
        Condition::of(
            "contract.open_offsets",
            "every offset obligation discharged or released",
            &facts.offsets,
        ),
    ];
    if let Some(unpaid) = &facts.unpaid {
        let words = "every instalment paid in full, or withdrawn";
        all.push(Condition::of("contract.unpaid", words, unpaid));
    }
    if let Some(penalties) = &facts.penalties {
        all.push(Condition::of("contract.open_penalties", "every penalty settled or waived", penalties));
    }
    let warranty =
        facts.warranty_until.filter(|until| *until >= on).map(|until| vec![format!("until {until}")]);
    all.push(Condition::of(
        "contract.warranty",
        "the end of the last warranty",
        warranty.as_deref().unwrap_or_default(),
    ));
    all
}

/// Refuses what is not complete on a day.
pub(super) fn check_completion(contract: &Contract, facts: &ClosureFacts, on: Date) -> Fallible<()> {
    for condition in completion(contract, facts) {
        let what = match condition.code {
            "contract.open_lines" => "Not accepted in full",
            "contract.serials" => "Accepted without serial numbers",
            _ => "Open",
        };
        condition.check(what)?;
    }
    if let Some(last) = facts.last_act.filter(|last| *last > on) {
        return Err(Refusal::new(
            "contract.order",
            format!("The last delivery act is of {last}, after {on}."),
        )
        .field("on")
        .missing(format!("a date from {last}")));
    }
    Ok(())
}

/// Refuses what cannot be closed on a day.
pub(super) fn check_closure(contract: &Contract, facts: &ClosureFacts, on: Date) -> Fallible<()> {
    for condition in closing(contract, facts, on) {
        let what = match condition.code {
            "contract.unpaid" => "Not paid in full",
            "contract.warranty" => "Under warranty",
            _ => "Open",
        };
        condition.check(what)?;
    }
    Ok(())
}
