//! Serial numbers: by which the items of a delivery are known, so that each can be found, inspected and claimed
//! about for as long as it is in use.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Contract;
use super::delivery::{Delivery, not_before_hand_over};
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal};
use crate::money::{Quantity, Unit};

/// Most serial numbers of one delivery.
pub const MOST_SERIALS: usize = 10_000;

/// `delivery.serials_recorded.v1`: all of a delivery, from the event's date on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SerialsRecorded {
    /// Each as it stands on the item.
    pub serials: Vec<String>,
    /// The list that was handed over, or the protocol of the inspection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SerialFacts {
    /// The unit of the delivery's line.
    pub unit: Option<Unit>,
    /// One of the serial numbers that another delivery of the line bears and that was not returned: which, and which
    /// delivery.
    pub taken: Option<(String, String)>,
}

/// A serial number as it is compared: without blanks around it and without regard to the case of letters.
pub fn folded(serial: &str) -> String {
    serial.trim().to_uppercase()
}

/// Decides which serial numbers a delivery bears.
pub(super) fn record(
    delivery: &Delivery,
    contract: &Contract,
    facts: &SerialFacts,
    context: &Context,
    (on, serials, document): (Date, Vec<String>, Option<Document>),
) -> Fallible<SerialsRecorded> {
    not_before_hand_over(delivery, context, on, "inspected")?;
    if contract.state == "closed" {
        return Err(Refusal::new("state", format!("Contract {} is closed.", contract.number))
            .missing("a contract that is not closed"));
    }
    if let Some(last) = delivery.serials_on.filter(|last| on < *last) {
        return Err(Refusal::new(
            "serial.order",
            format!("Serial numbers were recorded on {last}, after {on}."),
        )
        .field("on")
        .missing(format!("a date from {last}")));
    }
    if let Some(document) = &document {
        document.check(context)?;
    }
    if !facts.unit.is_some_and(Unit::counts) {
        return Err(Refusal::new("serial.unit", format!("Line {} is not counted in pieces.", delivery.line))
            .missing("a delivery of what is counted in pieces"));
    }
    let serials: Vec<String> = serials.iter().map(|serial| serial.trim().to_owned()).collect();
    check(delivery, &serials)?;
    if serials == delivery.serials {
        return Err(Refusal::new("serial.nothing_new", "These serial numbers are recorded already.")
            .field("serials")
            .missing("other serial numbers"));
    }
    if let Some((serial, other)) = &facts.taken {
        return Err(Refusal::new("serial.taken", format!("Serial number {serial} is of delivery {other}."))
            .field("serials")
            .missing("serial numbers that no other item of the line bears"));
    }
    Ok(SerialsRecorded { serials, document })
}

fn check(delivery: &Delivery, serials: &[String]) -> Fallible<()> {
    let mut seen = BTreeSet::new();
    for (place, serial) in serials.iter().enumerate() {
        let field = format!("serials[{place}]");
        text("serial.text", "serial", serial, 60)
            .map_err(|refusal| Refusal { field: Some(field.clone()), ..refusal })?;
        if serial.contains('\n') {
            return Err(Refusal::new("serial.text", "A serial number has several lines.")
                .field(field)
                .missing("one serial number to an entry"));
        }
        if !seen.insert(folded(serial)) {
            return Err(Refusal::new("serial.twice", format!("Serial number {serial} is named twice."))
                .field(field)
                .missing("each serial number once"));
        }
    }
    let most = usize::try_from(delivery.quantity.0 / 1000).unwrap_or(0).min(MOST_SERIALS);
    if serials.is_empty() || serials.len() > most {
        return Err(Refusal::new(
            "serial.count",
            format!("{} serial numbers are named for {} items.", serials.len(), delivery.quantity),
        )
        .field("serials")
        .missing(format!("from 1 to {most} serial numbers")));
    }
    Ok(())
}

/// Whether a delivery has a serial number for each of its items.
pub fn is_whole(serials: usize, quantity: Quantity) -> bool {
    i64::try_from(serials).is_ok_and(|count| count.checked_mul(1000) == Some(quantity.0))
}

/// Refuses the acceptance of items that are to be known by their serial numbers, and are not.
pub(super) fn check_accepted(delivery: &Delivery, contract: &Contract) -> Fallible<()> {
    if !contract.terms.is_serialised(&delivery.line) || is_whole(delivery.serials.len(), delivery.quantity) {
        return Ok(());
    }
    Err(Refusal::new(
        "delivery.serials",
        format!(
            "Contract {} asks for the serial number of each item of line {}: {} of {} are recorded.",
            contract.number,
            delivery.line,
            delivery.serials.len(),
            delivery.quantity
        ),
    )
    .missing("the serial numbers of the delivery, recorded before its acceptance"))
}
