//! Founding a register: the first event of its ledger.

use super::event::{Context, NewEvent, SubjectKind};
use super::fact::{Fact, LedgerFounded};
use super::refusal::{Fallible, Refusal};
use crate::label::{Label, Level};

/// The key of the ledger's own subject.
const KEY: &str = "register";

/// Decides the founding of a register. `founded` says whether its ledger holds an event already.
///
/// # Errors
/// `ledger.founded` or `ledger.purpose`.
pub fn found(context: &Context, founded: bool, purpose: String) -> Fallible<Vec<NewEvent>> {
    if founded {
        return Err(
            Refusal::new("ledger.founded", "The register is founded already.").missing("an empty register")
        );
    }
    if !matches!(purpose.as_str(), "register" | "demonstration") {
        return Err(Refusal::new("ledger.purpose", format!("{purpose:?} is not a purpose of a register."))
            .field("purpose")
            .missing("register or demonstration"));
    }
    Ok(vec![NewEvent {
        subject: SubjectKind::Ledger.subject(KEY),
        occurred_on: context.today,
        label: Label::of(Level::Public),
        fact: Fact::LedgerFounded(LedgerFounded { purpose }),
        reason: None,
    }])
}

/// Refuses a change of a register that is not founded: the founding is the first event of every ledger.
///
/// # Errors
/// `ledger.not_founded`.
pub fn check_founded(founded: bool) -> Fallible<()> {
    if founded {
        return Ok(());
    }
    Err(Refusal::new("ledger.not_founded", "The register is not founded.").missing(
        "its founding by the machine's operator: `entente user add` founds it with its first account",
    ))
}
