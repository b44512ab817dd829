//! What may be done about a licence.

use jiff::civil::Date;
use serde::Serialize;

use super::{Licence, LicenceFact, MACHINE, WriteOff};
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal};
use crate::money::{Money, Quantity};
use crate::transfer::check::{Check, OnRecord, pass};
use crate::transfer::{Decided, in_order};

/// A change of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum LicenceCommand {
    /// `on` is the day of the shipment.
    WriteOff {
        on: Date,
        written: WriteOff,
    },
    Correct {
        on: Date,
        reference: String,
        reason: String,
    },
    Meet {
        on: Date,
        condition: u32,
        document: Document,
    },
    /// `on` is the day of the confirmation.
    Verify {
        on: Date,
        reference: String,
        quantity: Quantity,
        document: Document,
    },
    Suspend {
        on: Date,
        reason: String,
    },
    Reinstate {
        on: Date,
        reason: String,
    },
    Revoke {
        on: Date,
        reason: String,
    },
    Close {
        on: Date,
        reason: String,
    },
}

impl LicenceCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            LicenceCommand::WriteOff { .. } => CommandKind::LicenceWriteOff,
            LicenceCommand::Correct { .. } => CommandKind::LicenceCorrect,
            LicenceCommand::Meet { .. } => CommandKind::LicenceMeet,
            LicenceCommand::Verify { .. } => CommandKind::LicenceVerify,
            LicenceCommand::Suspend { .. } => CommandKind::LicenceSuspend,
            LicenceCommand::Reinstate { .. } => CommandKind::LicenceReinstate,
            LicenceCommand::Revoke { .. } => CommandKind::LicenceRevoke,
            LicenceCommand::Close { .. } => CommandKind::LicenceClose,
        }
    }
}

/// What the gate needs to know before goods go: the checks of the application as they are now, and what is on record of it.
#[derive(Debug, Clone, Default)]
pub struct GateFacts {
    /// Checks.
    pub checks: Vec<Check>,
    /// What is on record.
    pub on_record: OnRecord,
    /// Incidents at its end users.
    pub incidents: Vec<Incident>,
}

/// An incident that an inspection found at an end user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Number of the inspection; none where the licence’s readers may not know of it.
    pub inspection: Option<String>,
    /// Number of the end user.
    pub end_user: String,
    /// When it was closed, and by whom.
    pub closed: Option<(Date, String)>,
}

/// Decides a change of a licence. A write-off that is on record already gives nothing, and changes nothing.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Licence,
    facts: &GateFacts,
    context: &Context,
    command: LicenceCommand,
) -> Fallible<Vec<Decided<LicenceFact>>> {
    let step = |step: &str, on: Date| {
        MACHINE.next(this.state, step)?;
        in_order(context, ("Licence", &this.number, this.last_on), on)
    };
    let reasoned = |reason: &str| text("licence.reason", "reason", reason, 1000);
    let one = |on, fact, reason| Ok(vec![Decided { on, fact, reason }]);
    match command {
        LicenceCommand::WriteOff { on, written } => {
            if is_replay(this, on, &written)? {
                return Ok(Vec::new());
            }
            check_not_stopped(this)?;
            MACHINE.next(this.state, "write_off")?;
            context.not_in_future("on", on)?;
            check_write_off(this, facts, context, on, &written)?;
            one(on, LicenceFact::WrittenOff(written), None)
        }
        LicenceCommand::Correct { on, reference, reason } => {
            MACHINE.next(this.state, "correct")?;
            context.not_in_future("on", on)?;
            reasoned(&reason)?;
            if !this.written_off.contains_key(&reference) {
                return Err(Refusal::new("licence.reference", format!("No write-off {reference} stands."))
                    .field("reference")
                    .missing("the reference of a write-off that stands"));
            }
            one(on, LicenceFact::Corrected { reference }, Some(reason))
        }
        LicenceCommand::Meet { on, condition, document } => {
            step("meet", on)?;
            document.check(context)?;
            let is_there = this.issued.conditions.iter().any(|known| known.number == condition);
            if !is_there || this.met.contains_key(&condition) {
                return Err(Refusal::new(
                    "licence.condition",
                    format!("No condition {condition} is left to meet."),
                )
                .field("condition")
                .missing("the number of a condition that is not met"));
            }
            one(on, LicenceFact::ConditionMet { condition, document }, None)
        }
        LicenceCommand::Verify { on, reference, quantity, document } => {
            MACHINE.next(this.state, "verify")?;
            document.check(context)?;
            this.check_verified(context, (on, &reference, quantity))?;
            one(on, LicenceFact::DeliveryVerified { reference, quantity, document }, None)
        }
        LicenceCommand::Suspend { on, reason } => {
            step("suspend", on)?;
            reasoned(&reason)?;
            one(on, LicenceFact::Suspended, Some(reason))
        }
        LicenceCommand::Reinstate { on, reason } => {
            step("reinstate", on)?;
            reasoned(&reason)?;
            this.check_another(&context.actor.account)?;
            check_incidents(this, facts, &context.actor.account)?;
            one(on, LicenceFact::Reinstated, Some(reason))
        }
        LicenceCommand::Revoke { on, reason } => {
            step("revoke", on)?;
            reasoned(&reason)?;
            one(on, LicenceFact::Revoked, Some(reason))
        }
        LicenceCommand::Close { on, reason } => {
            step("close", on)?;
            reasoned(&reason)?;
            check_all_verified(this)?;
            one(on, LicenceFact::Closed, Some(reason))
        }
    }
}

/// What an inspection stopped says by which one: that it is suspended alone would help nobody.
fn check_not_stopped(this: &Licence) -> Fallible<()> {
    if this.state != "suspended" {
        return Ok(());
    }
    if this.stops.is_empty() && !this.reopenings.is_empty() {
        let words: Vec<String> = this.reopenings.iter().map(super::Reopening::words).collect();
        let said = format!("Licence {} is suspended. {}", this.number, words.join(" "));
        return Err(Refusal::new("licence.reopened", said).missing(
            "the licence looked at again, and the suspension lifted by another person, with a reason",
        ));
    }
    if this.stops.is_empty() {
        return Ok(());
    }
    let words: Vec<String> = this.stops.iter().map(super::Stop::words).collect();
    Err(Refusal::new("licence.stopped", format!("Licence {} is suspended. {}", this.number, words.join(" ")))
        .missing("the incident closed by an officer, and the suspension lifted by another person"))
}

/// A licence that an incident stopped goes on once the incident is closed, and not by whoever closed it.
fn check_incidents(this: &Licence, facts: &GateFacts, account: &str) -> Fallible<()> {
    let named = |incident: &Incident| match &incident.inspection {
        Some(number) => format!("of inspection {number} at {}", incident.end_user),
        None => format!("at {}", incident.end_user),
    };
    let open: Vec<String> =
        facts.incidents.iter().filter(|incident| incident.closed.is_none()).map(named).collect();
    if !open.is_empty() {
        return Err(Refusal::new("licence.incident", format!("The incident {} is open.", open.join(", ")))
            .missing("the incident closed, with the paper that shows how"));
    }
    // By the inspection and not by days: a closing may be dated back. Where an inspection is not named, any incident at the
    // end user may be the one.
    let has_stopped = |incident: &Incident| {
        this.stops.iter().any(|stop| match (&stop.inspection, &incident.inspection) {
            (Some(stopped), Some(found)) => stopped == found,
            _ => stop.end_user == incident.end_user,
        })
    };
    let is_closer = |incident: &&Incident| {
        has_stopped(incident) && incident.closed.as_ref().is_some_and(|(_, by)| by == account)
    };
    match facts.incidents.iter().find(is_closer) {
        None => Ok(()),
        Some(incident) => Err(Refusal::new(
            "transfer.two_people",
            format!("You closed the incident {} yourself.", named(incident)),
        )
        .missing("another person: one closes the incident, and another lets the licence go on")),
    }
}

/// What went under a licence that is closed is accounted for.
fn check_all_verified(this: &Licence) -> Fallible<()> {
    let open: Vec<String> = this
        .verifications()
        .into_iter()
        .filter(|one| one.open() > Quantity::ZERO)
        .map(|one| format!("{} of {} ({} of {})", one.reference, one.shipped_on, one.open(), one.quantity))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    Err(Refusal::new("licence.unverified", format!("Deliveries are not verified: {}.", open.join(", ")))
        .missing("the verification of each delivery, by its paper"))
}

/// Whether a write-off is on record already, to the letter.
fn is_replay(this: &Licence, on: Date, written: &WriteOff) -> Fallible<bool> {
    let refusal = |message: String| {
        Refusal::new("licence.reference", message)
            .field("reference")
            .missing("a reference of its own; what was recorded in error is taken back first")
    };
    let reference = &written.reference;
    match this.written_off.get(reference) {
        Some((held_on, held)) if *held_on == on && held == written => Ok(true),
        Some((held_on, held)) => Err(refusal(format!(
            "Write-off {reference} of {held_on} is on record, of {} of line {}.",
            held.quantity, held.line
        ))),
        None if this.corrected.contains(reference) => {
            Err(refusal(format!("Write-off {reference} was taken back.")))
        }
        None => Ok(false),
    }
}

fn check_write_off(
    this: &Licence,
    facts: &GateFacts,
    context: &Context,
    on: Date,
    written: &WriteOff,
) -> Fallible<()> {
    text("licence.reference", "reference", &written.reference, 100)?;
    written.document.check(context)?;
    let (from, until) = (this.issued.valid_from, this.issued.valid_until);
    if on < from || on > until {
        return Err(Refusal::new(
            "licence.validity",
            format!("Licence {} is valid from {from} to {until}, not on {on}.", this.number),
        )
        .field("on")
        .missing("a licence that is valid on the day of the shipment"));
    }
    let unmet: Vec<&str> = this.unmet(on).map(|condition| condition.text.as_str()).collect();
    if !unmet.is_empty() {
        return Err(Refusal::new("licence.condition", format!("Not met by {on}: {}.", unmet.join("; ")))
            .missing("the conditions met, each with its paper"));
    }
    let quantity = written.quantity.positive("quantity")?;
    let line = this.issued.lines.iter().find(|line| line.number == written.line);
    let (Some(line), Some(left)) = (line, this.left(written.line)) else {
        return Err(Refusal::new(
            "licence.line",
            format!("Licence {} has no line {}.", this.number, written.line),
        )
        .field("line")
        .missing("the number of a line of the licence"));
    };
    line.unit.check_whole("quantity", quantity)?;
    if quantity > left.quantity {
        let over = Quantity(quantity.0 - left.quantity.0);
        return Err(Refusal::new(
            "licence.over_quantity",
            format!(
                "Of line {} {} {} are left, and {quantity} would be {over} too many.",
                line.number,
                left.quantity,
                line.unit.counted(left.quantity)
            ),
        )
        .field("quantity")
        .missing(format!("at most {}, or a licence for the rest", left.quantity)));
    }
    let money = |minor| Money::new(minor, this.issued.currency);
    let is_currency = written.value.currency == this.issued.currency;
    if !is_currency || written.value.minor <= 0 || written.value.minor > left.value {
        return Err(Refusal::new(
            "licence.over_value",
            format!("Of line {} {} are left, and not {}.", line.number, money(left.value), written.value),
        )
        .field("value")
        .missing(format!("a value above zero and at most {}", money(left.value))));
    }
    // What was granted is asked again before each shipment, of the line that goes.
    let of_line = |check: &&Check| check.line.is_none_or(|line| line == written.line);
    let now: Vec<Check> = facts.checks.iter().filter(of_line).cloned().collect();
    if now.is_empty() {
        return Err(Refusal::new("transfer.held", "No check was made for this shipment.")
            .missing("the checks, made now"));
    }
    pass(&now, &facts.on_record)
}
