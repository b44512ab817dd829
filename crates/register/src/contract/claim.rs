//! Claims of the recipient: discrepancies of what was delivered, and defects under warranty.
//!
//! A claim is always recorded, however late it comes: whether it came within its window stands with it, and what is
//! made of that is for those who settle it. An open claim keeps a contract from being completed and from being closed.

use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Contract;
use super::delivery::Delivery;
use super::line::contract_of;
use crate::document::{Document, text};
use crate::ledger::{Context, Fact, Fallible, Refusal};
use crate::money::{Money, Quantity, check_amount};
use crate::payment::schedule::words;

/// What is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// Fewer than invoiced.
    Shortage,
    /// More than ordered.
    Overage,
    /// Damaged in transit.
    Damage,
    /// Not what was ordered.
    WrongItem,
    /// Below the agreed quality.
    Quality,
    /// Papers missing or wrong.
    Documentation,
}

impl ClaimKind {
    /// All kinds.
    pub const ALL: [ClaimKind; 6] = [
        ClaimKind::Shortage,
        ClaimKind::Overage,
        ClaimKind::Damage,
        ClaimKind::WrongItem,
        ClaimKind::Quality,
        ClaimKind::Documentation,
    ];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            ClaimKind::WrongItem => "wrong_item",
            other => other.name(),
        }
    }

    /// The word for people.
    pub fn name(self) -> &'static str {
        match self {
            ClaimKind::Shortage => "shortage",
            ClaimKind::Overage => "overage",
            ClaimKind::Damage => "damage",
            ClaimKind::WrongItem => "wrong item",
            ClaimKind::Quality => "quality",
            ClaimKind::Documentation => "documentation",
        }
    }
}

impl FromStr for ClaimKind {
    type Err = Refusal;

    fn from_str(word: &str) -> Result<ClaimKind, Refusal> {
        ClaimKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
            let words: Vec<&str> = ClaimKind::ALL.iter().map(|kind| kind.word()).collect();
            Refusal::new("claim.kind", format!("{word:?} is not a kind of claim."))
                .field("kind")
                .missing(format!("one of {}", words.join(", ")))
        })
    }
}

/// `claim.opened.v1`, which is read and not written any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimOpened {
    /// Number within the contract, from 1.
    pub claim: u32,
    /// What is claimed.
    pub kind: ClaimKind,
    /// In words.
    pub description: String,
}

/// `claim.opened.v2`: the event's date is the day on which it was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimRaised {
    /// Number within the contract, from 1.
    pub claim: u32,
    /// What is claimed.
    pub kind: ClaimKind,
    /// In words.
    pub description: String,
    /// Whether it is raised under warranty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warranty: bool,
    /// The delivery that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// How much of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
    /// What is asked for in money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The last day of its window, by the terms of the contract and the acceptance of the delivery as they stood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window_ends_on: Option<Date>,
    /// The recipient's report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `claim.answered.v1`: what the seller says to it; it stays open until it is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimAnswered {
    /// Number within the contract.
    pub claim: u32,
    /// Whether the seller accepts it.
    pub accepted: bool,
    /// What the seller says.
    pub answer: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `claim.settled.v1`, which is read and not written any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimSettled {
    /// Number within the contract.
    pub claim: u32,
    /// How it was settled.
    pub outcome: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `claim.settled.v2`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimEnded {
    /// Number within the contract.
    pub claim: u32,
    /// How, where it is one of the usual ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Settlement>,
    /// How, in words.
    pub outcome: String,
    /// What was credited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The delivery by which it was made good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

impl From<ClaimOpened> for ClaimRaised {
    /// What the first version said is all that is known of such a claim.
    fn from(old: ClaimOpened) -> ClaimRaised {
        ClaimRaised {
            claim: old.claim,
            kind: old.kind,
            description: old.description,
            warranty: false,
            delivery: None,
            quantity: None,
            amount: None,
            window_ends_on: None,
            document: None,
        }
    }
}

impl From<ClaimSettled> for ClaimEnded {
    /// What the first version said is all that is known of such a settlement.
    fn from(old: ClaimSettled) -> ClaimEnded {
        ClaimEnded {
            claim: old.claim,
            settlement: None,
            outcome: old.outcome,
            amount: None,
            delivery: None,
            document: old.document,
        }
    }
}

/// The usual ways in which claims are settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settlement {
    /// What was wanting came, or other goods for those that were wrong.
    Replaced,
    /// It was mended.
    Repaired,
    /// Money was given back or the price lowered.
    Credited,
    /// The seller did not owe it.
    Rejected,
    /// The recipient took it back.
    Withdrawn,
}

words! { Settlement, "a settlement", "claim.settlement",
    Replaced = "replaced", "replaced";
    Repaired = "repaired", "repaired";
    Credited = "credited", "credited";
    Rejected = "rejected", "rejected";
    Withdrawn = "withdrawn", "withdrawn";
}

/// A new claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `ClaimRaised`; `on` is the day on which it was raised.
pub struct NewClaim {
    pub on: Date,
    pub kind: ClaimKind,
    pub description: String,
    pub warranty: bool,
    pub delivery: Option<String>,
    pub quantity: Option<Quantity>,
    pub amount: Option<Money>,
    pub document: Option<Document>,
}

impl NewClaim {
    /// A claim of which nothing is known but what it is.
    pub fn of(on: Date, kind: ClaimKind, description: impl Into<String>) -> NewClaim {
        NewClaim {
            on,
            kind,
            description: description.into(),
            warranty: false,
            delivery: None,
            quantity: None,
            amount: None,
            document: None,
        }
    }
}

/// How a claim is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `ClaimEnded`; `on` is the day of the settlement.
pub struct ClaimSettlement {
    pub claim: u32,
    pub on: Date,
    pub settlement: Option<Settlement>,
    pub outcome: String,
    pub amount: Option<Money>,
    pub delivery: Option<String>,
    pub document: Option<Document>,
}

impl ClaimSettlement {
    /// A settlement in words alone.
    pub fn of(claim: u32, on: Date, outcome: impl Into<String>) -> ClaimSettlement {
        ClaimSettlement {
            claim,
            on,
            settlement: None,
            outcome: outcome.into(),
            amount: None,
            delivery: None,
            document: None,
        }
    }
}

/// A claim as the contract's state holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What was claimed, with its number within the contract.
    pub raised: ClaimRaised,
    /// When it was raised.
    pub opened_on: Date,
    /// When it was answered, and how.
    pub answered: Option<(Date, ClaimAnswered)>,
    /// When it was settled.
    pub settled_on: Option<Date>,
    /// How it was settled.
    pub settled: Option<ClaimEnded>,
}

impl Claim {
    /// Number within the contract.
    pub fn number(&self) -> u32 {
        self.raised.claim
    }

    /// Whether it was raised after its window; none where no window is known.
    pub fn is_late(&self) -> Option<bool> {
        self.raised.window_ends_on.map(|end| self.opened_on > end)
    }

    /// Folds a fact of a claim into the claims of a contract.
    pub(super) fn apply(claims: &mut Vec<Claim>, on: Date, fact: &Fact) {
        let open = |raised| Claim { raised, opened_on: on, answered: None, settled_on: None, settled: None };
        match fact {
            Fact::ClaimOpened(old) => claims.push(open(old.clone().into())),
            Fact::ClaimRaised(raised) => claims.push(open(raised.clone())),
            Fact::ClaimAnswered(answer) => {
                if let Some(claim) = find(claims, answer.claim) {
                    claim.answered = Some((on, answer.clone()));
                }
            }
            Fact::ClaimSettled(old) => settle(claims, on, old.clone().into()),
            Fact::ClaimEnded(ended) => settle(claims, on, ended.clone()),
            _ => {}
        }
    }
}

fn find(claims: &mut [Claim], number: u32) -> Option<&mut Claim> {
    claims.iter_mut().find(|claim| claim.number() == number)
}

fn settle(claims: &mut [Claim], on: Date, ended: ClaimEnded) {
    if let Some(claim) = find(claims, ended.claim) {
        claim.settled_on = Some(on);
        claim.settled = Some(ended);
    }
}

/// Decides a new claim. `named` is the delivery that it names, if that is there.
pub(super) fn raise(
    contract: &Contract,
    named: Option<&Delivery>,
    context: &Context,
    new: NewClaim,
) -> Fallible<Fact> {
    context.not_in_future("on", new.on)?;
    text("claim.description", "description", &new.description, 1000)?;
    if let Some(document) = &new.document {
        document.check(context)?;
    }
    check_money(contract, new.amount)?;
    let of = match &new.delivery {
        None => None,
        Some(number) => Some(delivered(contract, named, number, new.on)?),
    };
    if let Some(quantity) = new.quantity {
        quantity.positive("quantity")?;
        let Some(of) = of else {
            return Err(Refusal::new("claim.delivery", "A quantity is claimed, and not of which delivery.")
                .field("delivery")
                .missing("the number of the delivery"));
        };
        // More may come than was invoiced by any measure; of what came, no more than came is wanting or broken.
        if new.kind != ClaimKind::Overage && quantity > of.quantity {
            return Err(Refusal::new(
                "claim.quantity",
                format!("Delivery {} is of {}; {quantity} are claimed.", of.number, of.quantity),
            )
            .field("quantity")
            .missing(format!("a quantity of at most {}", of.quantity)));
        }
    }
    if new.warranty && of.is_none_or(|of| of.accepted_on.is_none()) {
        return Err(Refusal::new("claim.warranty", "A warranty begins with the acceptance of a delivery.")
            .field("delivery")
            .missing("the number of an accepted delivery"));
    }
    let claim = contract.claims.iter().map(Claim::number).max().unwrap_or(0) + 1;
    let window_ends_on = of.and_then(|of| contract.terms.window_of(new.kind, new.warranty, of));
    Ok(Fact::ClaimRaised(ClaimRaised {
        claim,
        kind: new.kind,
        description: new.description,
        warranty: new.warranty,
        delivery: new.delivery,
        quantity: new.quantity,
        amount: new.amount,
        window_ends_on,
        document: new.document,
    }))
}

/// Decides an answer.
pub(super) fn answer(
    contract: &Contract,
    context: &Context,
    on: Date,
    answered: ClaimAnswered,
) -> Fallible<Fact> {
    context.not_in_future("on", on)?;
    text("claim.answer", "answer", &answered.answer, 1000)?;
    if let Some(document) = &answered.document {
        document.check(context)?;
    }
    open_claim(contract, answered.claim, on)?;
    Ok(Fact::ClaimAnswered(answered))
}

/// Decides a settlement. `named` is the delivery that it names, if that is there.
pub(super) fn end(
    contract: &Contract,
    named: Option<&Delivery>,
    context: &Context,
    given: ClaimSettlement,
) -> Fallible<Fact> {
    context.not_in_future("on", given.on)?;
    text("claim.outcome", "outcome", &given.outcome, 1000)?;
    if let Some(document) = &given.document {
        document.check(context)?;
    }
    open_claim(contract, given.claim, given.on)?;
    check_money(contract, given.amount)?;
    let credited = given.settlement == Some(Settlement::Credited);
    if credited != given.amount.is_some() {
        let (message, missing) = if credited {
            ("It is not said how much was credited.", "the amount that was credited")
        } else {
            ("An amount is named, and nothing was credited.", "the settlement credited, or no amount")
        };
        return Err(Refusal::new("claim.credit", message).field("amount").missing(missing));
    }
    if let Some(number) = &given.delivery {
        if given.settlement != Some(Settlement::Replaced) {
            return Err(Refusal::new("claim.replacement", "A delivery is named, and nothing was replaced.")
                .field("delivery")
                .missing("the settlement replaced, or no delivery"));
        }
        delivered(contract, named, number, given.on)?;
    }
    let ClaimSettlement { claim, on: _, settlement, outcome, amount, delivery, document } = given;
    Ok(Fact::ClaimEnded(ClaimEnded { claim, settlement, outcome, amount, delivery, document }))
}

/// A delivery of the contract that stands on a day.
fn delivered<'a>(
    contract: &Contract,
    named: Option<&'a Delivery>,
    number: &str,
    on: Date,
) -> Fallible<&'a Delivery> {
    let Some(found) = named.filter(|_| contract_of(number) == contract.number) else {
        return Err(Refusal::not_found("delivery", number).field("delivery"));
    };
    if found.state == "annulled" || found.handed_over_on > on {
        return Err(Refusal::new(
            "claim.delivery",
            if found.state == "annulled" {
                format!("Delivery {number} was recorded in error.")
            } else {
                format!("Delivery {number} was handed over on {}, after {on}.", found.handed_over_on)
            },
        )
        .field("delivery")
        .missing("a delivery that stood on that day"));
    }
    Ok(found)
}

fn check_money(contract: &Contract, amount: Option<Money>) -> Fallible<()> {
    let Some(amount) = amount else { return Ok(()) };
    check_amount("amount", amount.minor)?;
    if amount.currency == contract.currency && amount.minor > 0 {
        return Ok(());
    }
    Err(Refusal::new("claim.amount", format!("{amount} cannot be claimed under the contract."))
        .field("amount")
        .missing(format!("an amount above zero in {}, the contract’s currency", contract.currency)))
}

/// A claim that is open, and was by a day.
fn open_claim(contract: &Contract, number: u32, on: Date) -> Fallible<&Claim> {
    let open = contract.claims.iter().find(|claim| claim.number() == number).ok_or_else(|| {
        Refusal::not_found("claim", &format!("{}, claim {number}", contract.number)).field("claim")
    })?;
    if open.settled_on.is_some() {
        return Err(Refusal::new("claim.settled", format!("Claim {number} is settled already."))
            .missing("an open claim"));
    }
    let last = open.answered.as_ref().map_or(open.opened_on, |(day, _)| *day);
    if on < last {
        let what = if open.answered.is_some() { "answered" } else { "opened" };
        return Err(Refusal::new("claim.order", format!("The claim was {what} on {last}, after {on}."))
            .field("on")
            .missing(format!("a date from {last}")));
    }
    Ok(open)
}
