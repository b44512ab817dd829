//! Slippages: a line that is expected later than its contract says, why, and on whose side.
//!
//! What is agreed stays as it is, and so does every figure: a slippage says what is expected. It ends when the
//! goods come, when the date is amended, or when it is made good, and what it was stays on record.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::delay::DelayReason;
use super::{check_running, days_between, in_order};
use crate::contract::Contract;
use crate::contract::line::{Line, contract_of};
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Occurred, Refusal, StateWord, Subject, SubjectKind,
    Transition, check_year,
};
use crate::payment::schedule::words;

/// The lifecycle of a slippage.
pub const MACHINE: Machine = Machine {
    subject: "slippage",
    initial: "open",
    rows: &[
        Transition::row("open", "revise", "open", "another expected day, or another cause or side; a reason"),
        Transition::row("open", "end", "ended", "how it ended"),
        Transition::row("open", "annul", "annulled", "recorded in error; a reason"),
        Transition::row("ended", "annul", "annulled", "recorded in error; a reason"),
    ],
};

/// How a slippage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlippageEnd {
    /// The goods came, late.
    Delivered,
    /// The line is expected by its day again.
    MadeGood,
    /// The parties agreed on another day.
    DateAmended,
    /// The contract was terminated.
    FellAway,
}

words! { SlippageEnd, "an end of a slippage", "slippage.end",
    Delivered = "delivered", "delivered";
    MadeGood = "made_good", "made good";
    DateAmended = "date_amended", "date amended";
    FellAway = "fell_away", "fell away";
}

/// `slippage.reported.v1`: the event's date is the day of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlippageReported {
    /// The line.
    pub line: String,
    /// The day by which it is due, as its contract says at the time.
    pub due_on: Date,
    /// The day on which it is expected.
    pub expected_on: Date,
    /// Why, and on whose side.
    pub delay: DelayReason,
    /// In words.
    pub description: String,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `slippage.revised.v1`: the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlippageRevised {
    /// The day on which it is expected.
    pub expected_on: Date,
    /// Why, and on whose side.
    pub delay: DelayReason,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `slippage.ended.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlippageEnded {
    /// How.
    pub end: SlippageEnd,
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// A change of a slippage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of the facts; `on` is the day of the change.
pub enum SlippageCommand {
    Report {
        on: Date,
        line: String,
        expected_on: Date,
        delay: DelayReason,
        description: String,
        document: Option<Document>,
    },
    /// What is absent stays.
    Revise {
        on: Date,
        expected_on: Option<Date>,
        delay: Option<DelayReason>,
        reason: String,
        document: Option<Document>,
    },
    End {
        on: Date,
        end: SlippageEnd,
        document: Option<Document>,
    },
    Annul {
        reason: String,
    },
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlippageFacts {
    /// The line named, if it is there.
    pub line: Option<Line>,
    /// Whether all of it is accepted.
    pub delivered: bool,
    /// Another open slippage of the line.
    pub open: Option<String>,
}

/// The state of a slippage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slippage {
    /// Number, `CONTRACT.Sn`.
    pub number: String,
    /// The line.
    pub line: String,
    /// When it was reported.
    pub reported_on: Date,
    /// The day by which the line was due then.
    pub due_on: Date,
    /// The day on which it was expected first.
    pub first_expected_on: Date,
    /// The day on which it is expected.
    pub expected_on: Date,
    /// Why, and on whose side.
    pub delay: DelayReason,
    /// In words.
    pub description: String,
    /// How often it was revised.
    pub revisions: u32,
    /// When and how it ended.
    pub ended: Option<(Date, SlippageEnd)>,
    /// The last paper.
    pub document: Option<Document>,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Slippage {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Slippage>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        if let Fact::SlippageReported(new) = fact {
            *state = Some(Slippage {
                number: subject.key.clone(),
                line: new.line.clone(),
                reported_on: on,
                due_on: new.due_on,
                first_expected_on: new.expected_on,
                expected_on: new.expected_on,
                delay: new.delay,
                description: new.description.clone(),
                revisions: 0,
                ended: None,
                document: new.document.clone(),
                label: label.clone(),
                state: MACHINE.initial,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let document = match fact {
            Fact::SlippageRevised(revised) => {
                this.expected_on = revised.expected_on;
                this.delay = revised.delay;
                this.revisions += 1;
                &revised.document
            }
            Fact::SlippageEnded(ended) => {
                this.state = "ended";
                this.ended = Some((on, ended.end));
                &ended.document
            }
            Fact::SlippageAnnulled(_) => {
                this.state = "annulled";
                &None
            }
            _ => return,
        };
        if document.is_some() {
            this.document.clone_from(document);
        }
        this.last_on = on;
    }

    /// By how many days the line is expected after the day by which it was due.
    pub fn days(&self) -> i64 {
        days_between(self.due_on, self.expected_on)
    }
}

/// Decides a change of a slippage. `number` is its number, or the next one for a new slippage.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Slippage>,
    contract: &Contract,
    number: &str,
    facts: &SlippageFacts,
    context: &Context,
    command: SlippageCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Slippage.subject(number),
            occurred_on: on,
            label: contract.label.clone(),
            fact,
            reason,
        }])
    };
    let paper = |document: &Option<Document>| document.as_ref().map_or(Ok(()), |paper| paper.check(context));
    let (command, this) = match (command, state) {
        (SlippageCommand::Report { on, line, expected_on, delay, description, document }, _) => {
            check_running(contract)?;
            context.not_in_future("on", on)?;
            text("slippage.description", "description", &description, 1000)?;
            paper(&document)?;
            let due_on = check_line(contract, facts, &line, on)?;
            check_expected(expected_on, on, due_on)?;
            let new = SlippageReported { line, due_on, expected_on, delay, description, document };
            return event(on, Fact::SlippageReported(new), None);
        }
        (_, None) => return Err(Refusal::not_found("slippage", number)),
        (command, Some(this)) => (command, this),
    };
    let ordered = |on| in_order(context, "slippage.order", ("Slippage", number, this.last_on), on);
    match command {
        // It has returned before; no input reaches this.
        SlippageCommand::Report { .. } => {
            Err(Refusal::new("state", "The slippage is reported already.").missing("a new slippage"))
        }
        SlippageCommand::Revise { on, expected_on, delay, reason, document } => {
            MACHINE.next(this.state, "revise")?;
            check_running(contract)?;
            ordered(on)?;
            text("slippage.reason", "reason", &reason, 1000)?;
            paper(&document)?;
            let fact = SlippageRevised {
                expected_on: expected_on.unwrap_or(this.expected_on),
                delay: delay.unwrap_or(this.delay),
                document,
            };
            if (fact.expected_on, fact.delay) == (this.expected_on, this.delay) {
                return Err(Refusal::new("slippage.nothing_new", "The revision changes nothing.")
                    .field("expected_on")
                    .missing(format!("another day than {}, or another cause or side", this.expected_on)));
            }
            check_expected(fact.expected_on, on, this.due_on)?;
            event(on, Fact::SlippageRevised(fact), Some(reason))
        }
        SlippageCommand::End { on, end, document } => {
            MACHINE.next(this.state, "end")?;
            ordered(on)?;
            paper(&document)?;
            check_end(this, contract, facts, end)?;
            event(on, Fact::SlippageEnded(SlippageEnded { end, document }), None)
        }
        SlippageCommand::Annul { reason } => {
            MACHINE.next(this.state, "annul")?;
            text("slippage.reason", "reason", &reason, 1000)?;
            event(context.today, Fact::SlippageAnnulled(Occurred {}), Some(reason))
        }
    }
}

/// The day by which the line is due, of a line that can slip.
fn check_line(contract: &Contract, facts: &SlippageFacts, line: &str, on: Date) -> Fallible<Date> {
    let Some(found) = facts.line.as_ref().filter(|_| contract_of(line) == contract.number) else {
        return Err(Refusal::not_found("line", line).field("line"));
    };
    if on < found.added_on {
        return Err(Refusal::new(
            "slippage.before_line",
            format!("Line {line} was agreed on {}, after {on}.", found.added_on),
        )
        .field("on")
        .missing(format!("a date from {}", found.added_on)));
    }
    if facts.delivered {
        return Err(Refusal::new("slippage.delivered", format!("Line {line} is accepted in full."))
            .field("line")
            .missing("a line of which something is still owed"));
    }
    if let Some(other) = &facts.open {
        return Err(Refusal::new("slippage.open", format!("Slippage {other} of line {line} is open."))
            .field("line")
            .missing("a revision of that slippage, or its end"));
    }
    Ok(found.due_on)
}

/// What is expected lies ahead, and after the day by which it is due: anything else is no slippage.
fn check_expected(expected_on: Date, on: Date, due_on: Date) -> Fallible<()> {
    check_year("expected_on", expected_on)?;
    let (message, from) = if expected_on <= due_on {
        let after = due_on.tomorrow().unwrap_or(due_on);
        (format!("The line is due by {due_on}; expected on {expected_on}, it does not slip."), after)
    } else if expected_on < on {
        (format!("On {on} nothing is expected on {expected_on}, which has passed."), on)
    } else {
        return Ok(());
    };
    Err(Refusal::new("slippage.expected", message)
        .field("expected_on")
        .missing(format!("a date from {from}")))
}

/// A slippage ends as the register knows it did.
fn check_end(this: &Slippage, contract: &Contract, facts: &SlippageFacts, end: SlippageEnd) -> Fallible<()> {
    let line = &this.line;
    let due_on = facts.line.as_ref().map_or(this.due_on, |found| found.due_on);
    let (message, missing) = match end {
        SlippageEnd::Delivered if !facts.delivered => (
            format!("Line {line} is not accepted in full."),
            format!("the acceptance of what is still owed of line {line}, recorded first"),
        ),
        SlippageEnd::DateAmended if due_on == this.due_on => (
            format!("Line {line} is due by {due_on}, as it was when the slippage was reported."),
            "the amendment of the line’s day, recorded first".to_owned(),
        ),
        SlippageEnd::MadeGood if facts.delivered => {
            (format!("Line {line} is accepted in full."), "the end delivered".to_owned())
        }
        SlippageEnd::FellAway if contract.state != "terminated" => (
            format!("Contract {} is not terminated.", contract.number),
            "the termination of the contract, recorded first".to_owned(),
        ),
        _ => return Ok(()),
    };
    Err(Refusal::new("slippage.end", message).field("end").missing(missing))
}
