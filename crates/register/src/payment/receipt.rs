//! Receipts: money that has come in, and the instalments that it pays.
//!
//! A receipt is of one contract. Its value is what it is worth in the contract's currency: the amount itself,
//! or the amount at a rate that the fact states. It pays instalments up to its value, and none of them
//! beyond what is open.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::instalment::Instalment;
use super::rate::{ExchangeRate, RateState};
use super::schedule::words;
use super::{check_bank, check_positive, check_state};
use crate::contract::Contract;
use crate::contract::line::check_reference;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition};
use crate::money::{Currency, Money, check_amount};

/// The lifecycle of a receipt.
pub const MACHINE: Machine = Machine {
    subject: "receipt",
    initial: "recorded",
    rows: &[
        Transition {
            from: "recorded",
            step: "allocate",
            to: "recorded",
            condition: "instalments of the contract and of the receipt’s marking; no more than the receipt has left, nor than each of them has open",
        },
        Transition {
            from: "recorded",
            step: "annul",
            to: "annulled",
            condition: "recorded in error; a reason",
        },
    ],
};

/// At which rate a receipt in another currency is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBasis {
    /// The rate that the contract fixes.
    ContractRate,
    /// The rate of the day on which the money came in.
    RateOfTheDay,
}

words! { RateBasis, "a basis of a rate", "receipt.basis",
    ContractRate = "contract_rate", "contract rate";
    RateOfTheDay = "rate_of_the_day", "rate of the day";
}

/// How an amount in another currency became the value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Which rate.
    pub basis: RateBasis,
    /// The rate itself, as it was quoted then.
    pub quoted: ExchangeRate,
    /// The day for which it holds.
    pub dated: Date,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// Its key in the table of rates.
    pub rate: String,
}

/// What of a receipt pays one instalment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// Number of the instalment.
    pub instalment: String,
    /// How much, in the contract's currency.
    pub amount: Money,
}

/// `receipt.recorded.v1`: the event's date is the day on which the money came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptRecorded {
    /// The number that others give it, such as the bank's; no two receipts of a contract have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// How much came in.
    pub amount: Money,
    /// What it is worth in the contract's currency.
    pub value: Money,
    /// How the one became the other; none in the contract's own currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
    /// The party that paid or passed it on as a bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The bank's advice, or the like.
    pub document: Document,
    /// What it pays.
    pub allocations: Vec<Allocation>,
}

/// `receipt.allocated.v1`: it pays these as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptAllocated {
    /// What it pays.
    pub allocations: Vec<Allocation>,
}

/// `receipt.annulled.v1`: recorded in error. It ceases to count from when the annulment is known, and so does
/// all that it paid; what was known before stays readable as known then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiptAnnulled {
    /// How much came in.
    pub amount: Money,
    /// What it was worth in the contract's currency.
    pub value: Money,
    /// The day of the receipt that falls away.
    pub received_on: Date,
}

/// A new receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `ReceiptRecorded`.
pub struct NewReceipt {
    pub reference: Option<String>,
    /// The day on which the money came in.
    pub on: Date,
    pub amount: Money,
    /// Which rate, where the amount is not in the contract's currency.
    pub basis: Option<RateBasis>,
    pub bank: Option<String>,
    pub document: Document,
    pub allocations: Vec<Allocation>,
}

/// A change of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub enum ReceiptCommand {
    Record(Box<NewReceipt>),
    Allocate { allocations: Vec<Allocation> },
    Annul { reason: String },
}

impl ReceiptCommand {
    /// What it is to pay.
    pub fn allocations(&self) -> &[Allocation] {
        match self {
            ReceiptCommand::Record(new) => &new.allocations,
            ReceiptCommand::Allocate { allocations } => allocations,
            ReceiptCommand::Annul { .. } => &[],
        }
    }
}

/// An instalment as the rule of a receipt sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenInstalment {
    /// As it stands.
    pub instalment: Instalment,
    /// What is received for it, in minor units.
    pub received: i64,
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptFacts {
    /// The instalments named that the register holds and the actor may see.
    pub instalments: BTreeMap<String, OpenInstalment>,
    /// The rate that is asked for, where the register has it.
    pub rate: Option<RateState>,
    /// The label of the bank named, if the register holds it and the actor may see it.
    pub bank: Option<Label>,
    /// Whether another receipt of the contract has the same reference.
    pub reference_taken: bool,
    /// The day of the contract's signature.
    pub signed_on: Option<Date>,
}

/// The state of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Number, `CONTRACT.Rn`.
    pub number: String,
    /// The number that others give it.
    pub reference: Option<String>,
    /// How much came in.
    pub amount: Money,
    /// What it is worth in the contract's currency.
    pub value: Money,
    /// How the one became the other.
    pub conversion: Option<Conversion>,
    /// What it pays.
    pub allocations: Vec<Allocation>,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// The day on which the money came in.
    pub received_on: Date,
}

impl Receipt {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Receipt>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        match (fact, state) {
            (Fact::ReceiptRecorded(r), state) => {
                *state = Some(Receipt {
                    number: subject.key.clone(),
                    reference: r.reference.clone(),
                    amount: r.amount,
                    value: r.value,
                    conversion: r.conversion.clone(),
                    allocations: r.allocations.clone(),
                    label: label.clone(),
                    state: MACHINE.initial,
                    received_on: on,
                });
            }
            (Fact::ReceiptAllocated(a), Some(receipt)) => {
                receipt.allocations.extend(a.allocations.iter().cloned());
            }
            (Fact::ReceiptAnnulled(_), Some(receipt)) => receipt.state = "annulled",
            _ => {}
        }
    }

    /// What pays no instalment yet, in minor units.
    pub fn unallocated(&self) -> i64 {
        self.value.minor - sum(&self.allocations)
    }
}

fn sum(allocations: &[Allocation]) -> i64 {
    allocations.iter().fold(0, |sum, one| sum.saturating_add(one.amount.minor))
}

/// The marking of a new receipt: that of the instalments that it pays, which all have the same.
///
/// Otherwise one who may read of an instalment, and not of all that its receipt pays, would see it unpaid.
///
/// # Errors
/// `not_found` for an instalment that is not open to the actor; `receipt.marking`.
pub fn label_of(contract: &Contract, facts: &ReceiptFacts, allocations: &[Allocation]) -> Fallible<Label> {
    let mut label: Option<&Label> = None;
    for allocation in allocations {
        let of_instalment = &find(facts, allocation)?.instalment.label;
        if label.is_some_and(|label| label != of_instalment) {
            return Err(marked_otherwise(&allocation.instalment));
        }
        label = Some(of_instalment);
    }
    Ok(label.unwrap_or(&contract.label).clone())
}

fn marked_otherwise(instalment: &str) -> Refusal {
    Refusal::new("receipt.marking", format!("Instalment {instalment} is marked otherwise than the receipt."))
        .field("allocations")
        .missing("instalments of one marking; what pays others is a receipt of its own")
}

fn find<'f>(facts: &'f ReceiptFacts, allocation: &Allocation) -> Fallible<&'f OpenInstalment> {
    facts
        .instalments
        .get(&allocation.instalment)
        .ok_or_else(|| Refusal::not_found("instalment", &allocation.instalment).field("allocations"))
}

/// Decides a change of a receipt. `number` is its number, or the next one for a new receipt.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Receipt>,
    contract: &Contract,
    number: &str,
    facts: &ReceiptFacts,
    context: &Context,
    command: ReceiptCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: &Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Receipt.subject(number),
            occurred_on: on,
            label: label.clone(),
            fact,
            reason,
        }])
    };
    match (command, state) {
        (ReceiptCommand::Record(new), _) => {
            let new = *new;
            context.not_in_future("on", new.on)?;
            check_state(
                contract,
                &["signed", "in_force", "suspended", "completed", "terminated"],
                "a contract that is signed",
            )?;
            if let Some(signed_on) = facts.signed_on.filter(|signed_on| new.on < *signed_on) {
                return Err(Refusal::new(
                    "receipt.before_signature",
                    format!("Contract {} was signed on {signed_on}, after {}.", contract.number, new.on),
                )
                .field("on")
                .missing(format!("a date from {signed_on}")));
            }
            if let Some(reference) = &new.reference {
                check_reference("receipt", "receipt.reference", reference, facts.reference_taken)?;
            }
            check_positive("amount", &new.amount, new.amount.currency)?;
            new.document.check(context)?;
            let label = label_of(contract, facts, &new.allocations)?;
            check_bank(new.bank.as_deref(), facts.bank.as_ref(), &label)?;
            let (value, conversion) = value_of(&new, contract, facts)?;
            check_allocations(&new.allocations, value, contract.currency, facts)?;
            let fact = Fact::ReceiptRecorded(ReceiptRecorded {
                reference: new.reference,
                amount: new.amount,
                value,
                conversion,
                bank: new.bank,
                document: new.document,
                allocations: new.allocations,
            });
            event(new.on, &label, fact, None)
        }
        (_, None) => Err(Refusal::not_found("receipt", number)),
        (ReceiptCommand::Allocate { allocations }, Some(receipt)) => {
            MACHINE.next(receipt.state, "allocate")?;
            if allocations.is_empty() {
                return Err(Refusal::new("receipt.nothing_allocated", "No instalment is named.")
                    .field("allocations")
                    .missing("at least one instalment and amount"));
            }
            for allocation in &allocations {
                if find(facts, allocation)?.instalment.label != receipt.label {
                    return Err(marked_otherwise(&allocation.instalment));
                }
            }
            let left = Money::new(receipt.unallocated(), contract.currency);
            check_allocations(&allocations, left, contract.currency, facts)?;
            // What it pays was paid when the money came in.
            let fact = Fact::ReceiptAllocated(ReceiptAllocated { allocations });
            event(receipt.received_on, &receipt.label, fact, None)
        }
        (ReceiptCommand::Annul { reason }, Some(receipt)) => {
            MACHINE.next(receipt.state, "annul")?;
            text("receipt.reason", "reason", &reason, 1000)?;
            let fact = Fact::ReceiptAnnulled(ReceiptAnnulled {
                amount: receipt.amount,
                value: receipt.value,
                received_on: receipt.received_on,
            });
            event(context.today, &receipt.label, fact, Some(reason))
        }
    }
}

/// What a receipt is worth in the contract's currency, and how.
fn value_of(
    new: &NewReceipt,
    contract: &Contract,
    facts: &ReceiptFacts,
) -> Fallible<(Money, Option<Conversion>)> {
    let (own, other) = (contract.currency, new.amount.currency);
    match (own == other, new.basis) {
        (true, None) => return Ok((new.amount, None)),
        (true, Some(_)) => {
            return Err(Refusal::new(
                "receipt.basis",
                format!("The amount is in {own}, as the contract is."),
            )
            .field("basis")
            .missing("no rate"));
        }
        (false, None) => {
            return Err(Refusal::new(
                "receipt.basis",
                format!("The amount is in {other}, the contract in {own}."),
            )
            .field("basis")
            .missing("contract_rate or rate_of_the_day"));
        }
        (false, Some(_)) => {}
    }
    let basis = new.basis.unwrap_or(RateBasis::RateOfTheDay);
    let Some(rate) = &facts.rate else {
        let (what, missing) = match basis {
            RateBasis::ContractRate => (
                format!("Contract {} fixes no rate of {other} and {own}.", contract.number),
                format!("the rate of {other} and {own} that contract {} fixes, recorded", contract.number),
            ),
            RateBasis::RateOfTheDay => (
                format!("No rate of {other} and {own} of {} is recorded.", new.on),
                format!("the rate of {other} and {own} of {}, recorded with its source", new.on),
            ),
        };
        return Err(Refusal::new("rate.missing", what).field("basis").missing(missing));
    };
    let value = rate.quoted.convert(new.amount)?;
    check_positive("amount", &value, own)?;
    let conversion = Conversion {
        basis,
        quoted: rate.quoted,
        dated: rate.on,
        source: rate.source.clone(),
        rate: rate.number.clone(),
    };
    Ok((value, Some(conversion)))
}

fn check_allocations(
    allocations: &[Allocation],
    left: Money,
    currency: Currency,
    facts: &ReceiptFacts,
) -> Fallible<()> {
    let mut named = BTreeMap::new();
    for allocation in allocations {
        check_positive("allocations", &allocation.amount, currency)?;
        if named.insert(&allocation.instalment, ()).is_some() {
            return Err(Refusal::new(
                "receipt.named_twice",
                format!("Instalment {} is named twice.", allocation.instalment),
            )
            .field("allocations")
            .missing("each instalment once, with its whole amount"));
        }
        let open = find(facts, allocation)?;
        if open.instalment.state != "scheduled" {
            return Err(Refusal::new(
                "state",
                format!("Instalment {} is {}.", allocation.instalment, open.instalment.state),
            )
            .field("allocations")
            .missing("an instalment that is scheduled"));
        }
        let rest = Money::new(open.instalment.amount.minor - open.received, currency);
        if allocation.amount.minor > rest.minor {
            return Err(Refusal::new(
                "receipt.beyond_instalment",
                format!(
                    "{} is more than instalment {} has open: {} scheduled, {} received.",
                    allocation.amount,
                    allocation.instalment,
                    open.instalment.amount,
                    Money::new(open.received, currency)
                ),
            )
            .field("allocations")
            .missing(format!("an amount of at most {rest}")));
        }
    }
    let total = sum(allocations);
    check_amount("allocations", total)?;
    if total > left.minor {
        return Err(Refusal::new(
            "receipt.beyond_receipt",
            format!("The instalments take {}, and {left} are left.", Money::new(total, currency)),
        )
        .field("allocations")
        .missing(format!("amounts that sum to at most {left}")));
    }
    Ok(())
}
