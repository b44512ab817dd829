//! Deliveries: a shipment against a line, with two dated acts.
//!
//! *Handed over* is the day on which the goods passed to the carrier; *accepted*
//! is the day on which title passed. Which of the two makes a delivery count is
//! the counting rule of a figure, never a property of the delivery.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Contract;
use super::line::{Line, LineSums, check_reference};
use super::serial::{SerialFacts, check_accepted, record};
use crate::document::{Document, text};
use crate::ledger::{Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition};
use crate::money::{Money, Quantity, divide_rounded, price_of};

const SERIALS: &str =
    "one for each item, none borne by another item of the line; a reason where others were recorded";

/// The lifecycle of a delivery.
pub const MACHINE: Machine = Machine {
    subject: "delivery",
    initial: "handed_over",
    rows: &[
        Transition::row(
            "handed_over",
            "accept",
            "accepted",
            "a date not before the hand-over; the acceptance document; where the contract asks for them, the serial numbers",
        ),
        Transition::row("handed_over", "return", "returned", "a date not before the hand-over; a reason"),
        Transition::row("handed_over", "record_serials", "handed_over", SERIALS),
        Transition::row("accepted", "record_serials", "accepted", SERIALS),
        Transition::row("handed_over", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("accepted", "annul", "annulled", "recorded in error; a reason"),
    ],
};

/// Which act makes a delivery count: a convention of every figure of deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counting {
    /// Counted on the day of acceptance, when title passes (SAMM C9.13).
    TitlePassed,
    /// Counted on the day of hand-over to the carrier (constructive delivery).
    HandedOver,
}

impl Counting {
    /// Both rules.
    pub const ALL: [Counting; 2] = [Counting::TitlePassed, Counting::HandedOver];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Counting::TitlePassed => "title_passed",
            Counting::HandedOver => "handed_over",
        }
    }

    /// The words for people.
    pub fn name(self) -> &'static str {
        match self {
            Counting::TitlePassed => "title passed (accepted)",
            Counting::HandedOver => "handed over to the carrier",
        }
    }
}

impl fmt::Display for Counting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Counting {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Counting, Refusal> {
        Counting::ALL.into_iter().find(|c| c.word() == text.trim()).ok_or_else(|| {
            Refusal::new("counting.unknown", format!("{text:?} is not a counting rule."))
                .field("counting")
                .missing("title_passed or handed_over")
        })
    }
}

/// `delivery.handed_over.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryHandedOver {
    /// The number that others give the delivery, if they do; no two of a contract have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// Bill of lading, waybill or the like.
    pub document: Document,
}

/// `delivery.accepted.v1`, which restates what it accepts, so that it can be read by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryAccepted {
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// The acceptance certificate.
    pub document: Document,
}

/// `delivery.returned.v1`: the recipient did not accept; the quantity is owed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryReturned {
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `delivery.annulled.v1`: recorded in error. Its acts cease to count from when
/// the annulment is known; what was known before stays readable as known then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryAnnulled {
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// The day of the hand-over that falls away.
    pub handed_over_on: Date,
    /// The day of the acceptance that falls away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Date>,
}

/// A change of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the act, `document` the paper behind it.
pub enum DeliveryCommand {
    HandOver {
        line: String,
        reference: Option<String>,
        quantity: Quantity,
        on: Date,
        document: Document,
    },
    Accept {
        on: Date,
        document: Document,
    },
    Return {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
    /// The serial numbers of its items, whole: what was recorded before falls away.
    RecordSerials {
        on: Date,
        serials: Vec<String>,
        document: Option<Document>,
        reason: Option<String>,
    },
    Annul {
        reason: String,
    },
}

/// The state of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number, `LINE.n`.
    pub number: String,
    /// The number that others give it.
    pub reference: Option<String>,
    /// Number of the line.
    pub line: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// Day of hand-over.
    pub handed_over_on: Date,
    /// Day of acceptance.
    pub accepted_on: Option<Date>,
    /// Serial numbers of its items.
    pub serials: Vec<String>,
    /// The day on which they were recorded last.
    pub serials_on: Option<Date>,
}

impl Delivery {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Delivery>, subject: &Subject, on: Date, fact: &Fact) {
        match (fact, state) {
            (Fact::DeliveryHandedOver(h), state) => {
                *state = Some(Delivery {
                    number: subject.key.clone(),
                    reference: h.reference.clone(),
                    line: h.line.clone(),
                    quantity: h.quantity,
                    amount: h.amount,
                    state: MACHINE.initial,
                    handed_over_on: on,
                    accepted_on: None,
                    serials: Vec::new(),
                    serials_on: None,
                });
            }
            (Fact::DeliverySerialsRecorded(s), Some(d)) => {
                d.serials.clone_from(&s.serials);
                d.serials_on = Some(on);
            }
            (Fact::DeliveryAccepted(_), Some(d)) => {
                d.state = "accepted";
                d.accepted_on = Some(on);
            }
            (Fact::DeliveryReturned(_), Some(d)) => d.state = "returned",
            (Fact::DeliveryAnnulled(_), Some(d)) => d.state = "annulled",
            _ => {}
        }
    }
}

/// Decides the hand-over of a new delivery with the next number of its line. Beside its reference stands
/// whether another delivery of the contract has the same.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn hand_over(
    contract: &Contract,
    line: &Line,
    sums: &LineSums,
    number: &str,
    context: &Context,
    (reference, taken): (Option<String>, bool),
    (quantity, on, document): (Quantity, Date, Document),
) -> Fallible<Vec<NewEvent>> {
    context.not_in_future("on", on)?;
    document.check(context)?;
    if let Some(reference) = &reference {
        check_reference("delivery", "delivery.reference", reference, taken)?;
    }
    quantity.positive("quantity")?;
    if contract.state != "in_force" {
        return Err(Refusal::new(
            "state",
            format!("Contract {} is {}.", contract.number, contract.state.replace('_', " ")),
        )
        .missing("a contract in force"));
    }
    if let Some(start) = contract.in_force_on.filter(|start| on < *start) {
        return Err(Refusal::new(
            "delivery.before_force",
            format!("Contract {} entered into force on {start}, after {on}.", contract.number),
        )
        .field("on")
        .missing(format!("a date from {start}")));
    }
    if on < line.added_on {
        return Err(Refusal::new(
            "delivery.before_line",
            format!("Line {} was agreed on {}, after {on}.", line.number, line.added_on),
        )
        .field("on")
        .missing(format!("a date from {}", line.added_on)));
    }
    let rest = Quantity(line.quantity.0 - sums.handed_over.0);
    if quantity > rest {
        return Err(Refusal::new(
            "delivery.beyond_line",
            format!(
                "{quantity} is more than line {} still owes: {} ordered, {} handed over.",
                line.number, line.quantity, sums.handed_over
            ),
        )
        .field("quantity")
        .missing(format!("a quantity of at most {rest}")));
    }
    // The whole rest can always be handed over: an older event may hold a part of a piece.
    if quantity != rest {
        line.unit.check_whole("quantity", quantity)?;
    }
    let left = left_of(line, sums, rest)?;
    // Pro rata of what is left: the last delivery takes all of it, so that the
    // deliveries of a line sum to its price to the last minor unit.
    let part = divide_rounded(i128::from(left) * i128::from(quantity.0), i128::from(rest.0));
    let minor = i64::try_from(part).unwrap_or(left);
    Ok(vec![NewEvent {
        subject: SubjectKind::Delivery.subject(number),
        occurred_on: on,
        label: contract.label.clone(),
        fact: Fact::DeliveryHandedOver(DeliveryHandedOver {
            reference,
            line: line.number.clone(),
            quantity,
            amount: Money::new(minor, contract.currency),
            document,
        }),
        reason: None,
    }])
}

/// What is left of a line's amount for the quantity that it still owes.
///
/// It is that quantity at the unit price, but for what roundings have added up to. If it is anything else,
/// a delivery at an earlier price fell away after the line was amended: the line's amount then still holds
/// that price, and nobody but the parties can say at which price its quantity is owed again.
///
/// # Errors
/// `delivery.price_open`.
fn left_of(line: &Line, sums: &LineSums, rest: Quantity) -> Fallible<i64> {
    let left = line.amount.minor - sums.handed_over_amount;
    let expected = price_of(rest, line.unit_price.minor)?;
    // Each delivery is rounded once, by half a minor unit at most, and so is the amount of the line.
    if left.abs_diff(expected) <= sums.deliveries.unsigned_abs() / 2 + 1 {
        return Ok(left);
    }
    Err(Refusal::new(
        "delivery.price_open",
        format!(
            "A delivery of line {} at an earlier price fell away after the line was amended: {rest} are owed \
             again, at a price that nobody has agreed.",
            line.number
        ),
    )
    .field("line")
    .missing("an amendment of the line that names the unit price of what is still owed"))
}

/// Decides a later act of a delivery.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    delivery: &Delivery,
    contract: &Contract,
    facts: &SerialFacts,
    context: &Context,
    command: DeliveryCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Delivery.subject(delivery.number.clone()),
            occurred_on: on,
            label: contract.label.clone(),
            fact,
            reason,
        }])
    };
    let (line, quantity, amount) = (delivery.line.clone(), delivery.quantity, delivery.amount);
    match command {
        DeliveryCommand::HandOver { .. } => {
            Err(Refusal::new("state", format!("Delivery {} is handed over already.", delivery.number))
                .missing("a new delivery"))
        }
        DeliveryCommand::Accept { on, document } => {
            MACHINE.next(delivery.state, "accept")?;
            not_before_hand_over(delivery, context, on, "accepted")?;
            document.check(context)?;
            check_accepted(delivery, contract)?;
            event(on, Fact::DeliveryAccepted(DeliveryAccepted { line, quantity, amount, document }), None)
        }
        DeliveryCommand::Return { on, reason, document } => {
            MACHINE.next(delivery.state, "return")?;
            not_before_hand_over(delivery, context, on, "returned")?;
            text("delivery.reason", "reason", &reason, 1000)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            event(
                on,
                Fact::DeliveryReturned(DeliveryReturned { line, quantity, amount, document }),
                Some(reason),
            )
        }
        DeliveryCommand::RecordSerials { on, serials, document, reason } => {
            MACHINE.next(delivery.state, "record_serials")?;
            let recorded = record(delivery, contract, facts, context, (on, serials, document))?;
            // What is recorded a second time corrects the first: it says why.
            if !delivery.serials.is_empty() {
                text("delivery.reason", "reason", reason.as_deref().unwrap_or_default(), 1000)?;
            }
            event(on, Fact::DeliverySerialsRecorded(recorded), reason)
        }
        DeliveryCommand::Annul { reason } => {
            MACHINE.next(delivery.state, "annul")?;
            text("delivery.reason", "reason", &reason, 1000)?;
            if matches!(contract.state, "completed" | "closed") {
                return Err(Refusal::new(
                    "state",
                    format!("Contract {} is {}.", contract.number, contract.state),
                )
                .missing("a contract that is neither completed nor closed"));
            }
            let fact = Fact::DeliveryAnnulled(DeliveryAnnulled {
                line,
                quantity,
                amount,
                handed_over_on: delivery.handed_over_on,
                accepted_on: delivery.accepted_on,
            });
            event(context.today, fact, Some(reason))
        }
    }
}

pub(super) fn not_before_hand_over(
    delivery: &Delivery,
    context: &Context,
    on: Date,
    act: &str,
) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= delivery.handed_over_on {
        return Ok(());
    }
    Err(Refusal::new(
        "delivery.order",
        format!(
            "Delivery {} cannot be {act} on {on}: it was handed over on {}.",
            delivery.number, delivery.handed_over_on
        ),
    )
    .field("on")
    .missing(format!("a date from {}", delivery.handed_over_on)))
}
