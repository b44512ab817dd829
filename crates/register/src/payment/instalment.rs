//! Instalments: what is to be paid, and when.
//!
//! Whether one is paid is no part of its state: receipts say so.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::due::DueRule;
use super::schedule::{Schedule, check_open, words};
use super::{check_bank, check_positive, check_state};
use crate::contract::Contract;
use crate::contract::line::check_reference;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition};
use crate::money::Money;

/// The lifecycle of an instalment. Whether it is paid is no state of it: receipts say so.
pub const MACHINE: Machine = Machine {
    subject: "instalment",
    initial: "scheduled",
    rows: &[
        Transition {
            from: "scheduled",
            step: "amend",
            to: "scheduled",
            condition: "an amount not below what is received; the signed document; another amount only in an open schedule",
        },
        Transition {
            from: "scheduled",
            step: "withdraw",
            to: "withdrawn",
            condition: "an open schedule; nothing received for it; a reason",
        },
        Transition {
            from: "scheduled",
            step: "annul",
            to: "annulled",
            condition: "recorded in error; an open schedule; nothing received for it; a reason",
        },
        Transition {
            from: "withdrawn",
            step: "annul",
            to: "annulled",
            condition: "recorded in error; an open schedule; nothing received for it; a reason",
        },
    ],
};

/// What is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstalmentKind {
    /// Before anything is delivered.
    Advance,
    /// For progress.
    Milestone,
    /// For what is delivered.
    OnDelivery,
    /// Later, on credit: a repayment of the principal alone. Interest is left out.
    DeferredCredit,
    /// What is kept back until the warranty ends or the like.
    Retention,
}

words! { InstalmentKind, "a kind of instalment", "instalment.kind",
    Advance = "advance", "advance";
    Milestone = "milestone", "milestone";
    OnDelivery = "on_delivery", "on delivery";
    DeferredCredit = "deferred_credit", "deferred credit";
    Retention = "retention", "retention";
}

/// Who gives the credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lender {
    /// A bank, which is named.
    Bank,
    /// The exporter's state, by an agreement on credit.
    State,
}

words! { Lender, "a lender", "instalment.lender",
    Bank = "bank", "bank credit";
    State = "state", "state credit";
}

/// `instalment.scheduled.v1`: the event's date is the day on which it was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstalmentScheduled {
    /// The number that the contract gives it; no two instalments of a contract have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What is paid for.
    pub kind: InstalmentKind,
    /// How much.
    pub amount: Money,
    /// When it is due.
    pub due: DueRule,
    /// Who gives the credit, of an instalment on credit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lender: Option<Lender>,
    /// The party that pays, lends or guarantees as a bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `instalment.amended.v1`: the instalment as it stands from the event's date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InstalmentAmended {
    /// How much.
    pub amount: Money,
    /// When it is due.
    pub due: DueRule,
    /// The party that pays, lends or guarantees as a bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The signed amendment.
    pub document: Document,
}

/// A new instalment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `InstalmentScheduled`.
pub struct NewInstalment {
    pub reference: Option<String>,
    pub kind: InstalmentKind,
    pub amount: Money,
    pub due: DueRule,
    pub lender: Option<Lender>,
    pub bank: Option<String>,
    /// Marking: the contract's, which may be left out.
    pub label: Option<Label>,
    /// When it was agreed.
    pub on: Date,
    pub document: Option<Document>,
}

/// What an amendment changes; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InstalmentChange {
    /// New amount.
    pub amount: Option<Money>,
    /// New rule.
    pub due: Option<DueRule>,
    /// New bank.
    pub bank: Option<String>,
}

/// A change of an instalment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum InstalmentCommand {
    Schedule(Box<NewInstalment>),
    Amend { on: Date, change: InstalmentChange, document: Document, reason: String },
    Withdraw { on: Date, reason: String },
    Annul { reason: String },
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InstalmentFacts {
    /// The schedule of the contract.
    pub schedule: Schedule,
    /// The label of the bank named, if the register holds it and the actor may see it.
    pub bank: Option<Label>,
    /// Whether the line named by the rule, or whose delivery it names, is there.
    pub line_exists: bool,
    /// Whether another instalment of the contract has the same reference.
    pub reference_taken: bool,
    /// What is received for it, in minor units.
    pub received: i64,
}

/// The state of an instalment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instalment {
    /// Number, `CONTRACT.In`.
    pub number: String,
    /// The number that the contract gives it.
    pub reference: Option<String>,
    /// What is paid for.
    pub kind: InstalmentKind,
    /// How much.
    pub amount: Money,
    /// When it is due.
    pub due: DueRule,
    /// Who gives the credit.
    pub lender: Option<Lender>,
    /// The party that pays, lends or guarantees as a bank.
    pub bank: Option<String>,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// When it was agreed.
    pub scheduled_on: Date,
    /// The day of its last change.
    pub last_on: Date,
}

impl Instalment {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Instalment>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        match (fact, state) {
            (Fact::InstalmentScheduled(s), state) => {
                *state = Some(Instalment {
                    number: subject.key.clone(),
                    reference: s.reference.clone(),
                    kind: s.kind,
                    amount: s.amount,
                    due: s.due.clone(),
                    lender: s.lender,
                    bank: s.bank.clone(),
                    label: label.clone(),
                    state: MACHINE.initial,
                    scheduled_on: on,
                    last_on: on,
                });
            }
            (Fact::InstalmentAmended(a), Some(instalment)) => {
                instalment.amount = a.amount;
                instalment.due = a.due.clone();
                instalment.bank.clone_from(&a.bank);
                instalment.last_on = on;
            }
            (Fact::InstalmentWithdrawn(_), Some(instalment)) => {
                instalment.state = "withdrawn";
                instalment.last_on = on;
            }
            (Fact::InstalmentAnnulled(_), Some(instalment)) => instalment.state = "annulled",
            _ => {}
        }
    }
}

/// The marking of a new instalment: that of its contract. Under another one, what the schedule and the contract's
/// value show to those below would tell the sum of what is hidden from them.
///
/// # Errors
/// `payment.label` if another one is asked for.
pub fn label_of(contract: &Contract, asked: Option<&Label>) -> Fallible<Label> {
    match asked {
        Some(label) if *label != contract.label => Err(Refusal::new(
            "payment.label",
            format!("The payment is marked {label}, its contract {}.", contract.label),
        )
        .field("label")
        .missing("the marking of the contract, or none")),
        _ => Ok(contract.label.clone()),
    }
}

/// Decides a change of an instalment. `number` is its number, or the next one for a new instalment.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Instalment>,
    contract: &Contract,
    number: &str,
    facts: &InstalmentFacts,
    context: &Context,
    command: InstalmentCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: &Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Instalment.subject(number),
            occurred_on: on,
            label: label.clone(),
            fact,
            reason,
        }])
    };
    check_state(
        contract,
        &["negotiating", "signed", "in_force", "suspended", "completed"],
        "a contract that is not terminated",
    )?;
    let occurred = || crate::ledger::Occurred {};
    match (command, state) {
        (InstalmentCommand::Schedule(new), _) => {
            let new = *new;
            context.not_in_future("on", new.on)?;
            let label = label_of(contract, new.label.as_ref())?;
            check_open(&facts.schedule, contract)?;
            check_positive("amount", &new.amount, contract.currency)?;
            if let Some(reference) = &new.reference {
                check_reference("instalment", "instalment.reference", reference, facts.reference_taken)?;
            }
            new.due.check(contract, facts.line_exists)?;
            check_lender(new.kind, new.lender, new.bank.as_deref())?;
            check_bank(new.bank.as_deref(), facts.bank.as_ref(), &label)?;
            if let Some(document) = &new.document {
                document.check(context)?;
            }
            let fact = Fact::InstalmentScheduled(InstalmentScheduled {
                reference: new.reference,
                kind: new.kind,
                amount: new.amount,
                due: new.due,
                lender: new.lender,
                bank: new.bank,
                document: new.document,
            });
            event(new.on, &label, fact, None)
        }
        (_, None) => Err(Refusal::not_found("instalment", number)),
        (InstalmentCommand::Amend { on, change, document, reason }, Some(instalment)) => {
            MACHINE.next(instalment.state, "amend")?;
            in_order(instalment, context, on)?;
            text("instalment.reason", "reason", &reason, 1000)?;
            document.check(context)?;
            let amount = change.amount.unwrap_or(instalment.amount);
            let due = change.due.clone().unwrap_or_else(|| instalment.due.clone());
            let bank = change.bank.clone().or_else(|| instalment.bank.clone());
            if amount == instalment.amount && due == instalment.due && bank == instalment.bank {
                return Err(Refusal::new("instalment.nothing_amended", "The amendment changes nothing.")
                    .missing("a new amount, day or bank"));
            }
            if amount != instalment.amount {
                check_open(&facts.schedule, contract)?;
                check_positive("amount", &amount, contract.currency)?;
                if amount.minor < facts.received {
                    let received = Money::new(facts.received, contract.currency);
                    return Err(Refusal::new(
                        "instalment.below_received",
                        format!("{received} are received for instalment {number}."),
                    )
                    .field("amount")
                    .missing(format!("an amount of at least {received}")));
                }
            }
            if change.due.is_some() {
                due.check(contract, facts.line_exists)?;
            }
            if change.bank.is_some() {
                check_bank(bank.as_deref(), facts.bank.as_ref(), &instalment.label)?;
            }
            let fact = Fact::InstalmentAmended(InstalmentAmended { amount, due, bank, document });
            event(on, &instalment.label, fact, Some(reason))
        }
        (InstalmentCommand::Withdraw { on, reason }, Some(instalment)) => {
            MACHINE.next(instalment.state, "withdraw")?;
            in_order(instalment, context, on)?;
            check_unpaid(instalment, contract, facts, &reason)?;
            event(on, &instalment.label, Fact::InstalmentWithdrawn(occurred()), Some(reason))
        }
        (InstalmentCommand::Annul { reason }, Some(instalment)) => {
            MACHINE.next(instalment.state, "annul")?;
            check_unpaid(instalment, contract, facts, &reason)?;
            event(context.today, &instalment.label, Fact::InstalmentAnnulled(occurred()), Some(reason))
        }
    }
}

fn check_lender(kind: InstalmentKind, lender: Option<Lender>, bank: Option<&str>) -> Fallible<()> {
    let refused = |message: &str, field: &str, missing: &str| {
        Err(Refusal::new("instalment.lender", message).field(field).missing(missing))
    };
    match (kind, lender) {
        (InstalmentKind::DeferredCredit, None) => {
            refused("It is not said who gives the credit.", "lender", "bank or state")
        }
        (InstalmentKind::DeferredCredit, Some(Lender::Bank)) if bank.is_none() => {
            refused("It is not said which bank gives the credit.", "bank", "the party that is the bank")
        }
        (InstalmentKind::DeferredCredit, _) | (_, None) => Ok(()),
        (_, Some(_)) => {
            refused("Only an instalment on credit has a lender.", "lender", "no lender, or deferred_credit")
        }
    }
}

fn check_unpaid(
    instalment: &Instalment,
    contract: &Contract,
    facts: &InstalmentFacts,
    reason: &str,
) -> Fallible<()> {
    text("instalment.reason", "reason", reason, 1000)?;
    check_open(&facts.schedule, contract)?;
    if facts.received == 0 {
        return Ok(());
    }
    let received = Money::new(facts.received, contract.currency);
    Err(Refusal::new(
        "instalment.paid",
        format!("{received} are received for instalment {}.", instalment.number),
    )
    .missing("an instalment for which nothing is received"))
}

fn in_order(instalment: &Instalment, context: &Context, on: Date) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= instalment.last_on {
        return Ok(());
    }
    Err(Refusal::new(
        "instalment.order",
        format!(
            "Instalment {} changed last on {}; {on} is before it.",
            instalment.number, instalment.last_on
        ),
    )
    .field("on")
    .missing(format!("a date from {}", instalment.last_on)))
}
