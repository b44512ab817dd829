//! Money in and out of a contract: the schedule of its instalments, what is received for them, the rates at
//! which other currencies are counted, and the penalties for delay.
//!
//! Schedule, instalment, receipt, penalty and rate are subjects of their own. What an instalment has been
//! paid is no part of its fold: receipts name instalments, and the sums are worked out from them.
//!
//! All amounts are of the contract's currency, in whole minor units. A receipt in another currency is turned
//! into it once, at a rate that the fact itself states. Instalments on credit are of the principal alone:
//! interest is left out, because it is agreed in ways that no one rule covers exactly.

mod due;
pub mod instalment;
pub mod penalty;
pub mod rate;
pub mod receipt;
pub mod schedule;
#[cfg(test)]
mod tests;

pub use due::{DueBase, DueRule};
pub use instalment::{
    Instalment, InstalmentAmended, InstalmentChange, InstalmentCommand, InstalmentFacts, InstalmentKind,
    InstalmentScheduled, Lender, NewInstalment,
};
pub use penalty::{
    Delay, DelayFacts, Penalty, PenaltyAgreed, PenaltyCarried, PenaltyClaimed, PenaltyCommand, PenaltyFacts,
    PenaltyMoved,
};
pub use rate::{ExchangeRate, Rate, RateCommand, RateCorrected, RateRecorded};
pub use receipt::{
    Allocation, Conversion, NewReceipt, OpenInstalment, RateBasis, Receipt, ReceiptAllocated,
    ReceiptAnnulled, ReceiptCommand, ReceiptFacts, ReceiptRecorded,
};
pub use schedule::{
    Late, PenaltyTerms, Percent, Period, Schedule, ScheduleCommand, ScheduleCompleted, ScheduleFacts,
};

use crate::contract::Contract;
use crate::label::Label;
use crate::ledger::{Fallible, Refusal};
use crate::money::{Currency, Money, check_amount};

/// Refuses an amount that is not above zero, or not of the contract's currency.
fn check_positive(field: &str, amount: &Money, currency: Currency) -> Fallible<()> {
    if amount.currency != currency {
        return Err(Refusal::new(
            "payment.currency",
            format!("The amount is in {}, the contract in {currency}.", amount.currency),
        )
        .field(field)
        .missing(format!("an amount in {currency}")));
    }
    if amount.minor <= 0 {
        return Err(Refusal::new("payment.amount", format!("The amount {amount} is not above zero."))
            .field(field)
            .missing("an amount above zero"));
    }
    check_amount(field, amount.minor)
}

/// Refuses a bank that the register does not hold, or that not every reader of the subject may know of.
fn check_bank(bank: Option<&str>, of_bank: Option<&Label>, label: &Label) -> Fallible<()> {
    let Some(bank) = bank else { return Ok(()) };
    let Some(of_bank) = of_bank else { return Err(Refusal::not_found("party", bank).field("bank")) };
    if label.dominates(of_bank) {
        return Ok(());
    }
    Err(Refusal::new(
        "payment.bank_marking",
        format!("Party {bank} is marked {of_bank}, what names it {label}."),
    )
    .field("bank")
    .missing("a bank that every reader of the payment may know of"))
}

/// Refuses a contract in another state than these.
pub(crate) fn check_state(contract: &Contract, states: &[&str], missing: &str) -> Fallible<()> {
    if states.contains(&contract.state) {
        return Ok(());
    }
    Err(Refusal::new(
        "state",
        format!("Contract {} is {}.", contract.number, contract.state.replace('_', " ")),
    )
    .missing(missing))
}
