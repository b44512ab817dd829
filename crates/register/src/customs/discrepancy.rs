//! What customs say and the register does not take, or the other way round: it is open until an officer closes it.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::format::UsageRow;
use super::told;
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Refusal, StateWord, Subject, SubjectKind, Transition,
};
use crate::money::{Money, Quantity, Unit};
use crate::payment::schedule::words;
use crate::transfer::licence::Licence;

/// The lifecycle of a discrepancy.
pub const MACHINE: Machine = Machine {
    subject: "discrepancy",
    initial: "open",
    rows: &[Transition::row(
        "open",
        "close",
        "closed",
        "a reason; the paper; a write-off that it names stands",
    )],
};

/// Who did not take what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The register refused a row of usage data.
    Usage,
    /// Customs rejected a licence.
    Reply,
}

words! { Origin, "an origin of a discrepancy", "discrepancy.origin",
    Usage = "usage", "a row of usage data that was refused";
    Reply = "reply", "a licence that customs did not take";
}

/// A shipment as customs say it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipment {
    /// Number of the line of the licence.
    pub line: u32,
    /// The declaration with its item.
    pub reference: String,
    /// The day.
    pub on: Date,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// What it was worth.
    pub value: Money,
    /// Number of the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<String>,
}

/// `discrepancy.opened.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscrepancyOpened {
    /// Who did not take it.
    pub origin: Origin,
    /// Number of the run: in for usage data, out for a licence.
    pub run: u32,
    /// The line of the file on which it stands.
    pub row: u32,
    /// Number of the licence, as customs wrote it.
    pub licence: String,
    /// What went, where it is about a shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<Shipment>,
    /// Code of the refusal.
    pub code: String,
    /// Its words.
    pub words: String,
}

impl DiscrepancyOpened {
    /// Of a row that was refused.
    pub(super) fn of_usage(run: u32, row: &UsageRow, refusal: &Refusal) -> DiscrepancyOpened {
        DiscrepancyOpened {
            origin: Origin::Usage,
            run,
            row: row.row,
            licence: row.licence.clone(),
            shipment: Some(Shipment {
                line: row.line,
                reference: row.reference(),
                on: row.on,
                quantity: row.quantity,
                unit: row.unit,
                value: row.value,
                delivery: row.delivery.clone(),
            }),
            code: refusal.code.to_owned(),
            words: refusal.message.clone(),
        }
    }

    pub(super) fn event(self, on: Date, number: &str, label: &Label) -> NewEvent {
        NewEvent {
            subject: SubjectKind::Discrepancy.subject(number),
            occurred_on: on,
            label: label.clone(),
            fact: Fact::DiscrepancyOpened(self),
            reason: None,
        }
    }
}

/// A write-off by which a discrepancy is settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settlement {
    /// Number of the licence.
    pub licence: String,
    /// Reference of the write-off.
    pub reference: String,
}

impl Settlement {
    /// Of a licence and a reference: both, or neither.
    ///
    /// # Errors
    /// `discrepancy.settlement` where only one of them is given.
    pub fn of(licence: Option<String>, reference: Option<String>) -> Fallible<Option<Settlement>> {
        match (licence, reference) {
            (None, None) => Ok(None),
            (Some(licence), Some(reference)) => Ok(Some(Settlement { licence, reference })),
            (licence, _) => {
                let (field, missing) = match licence {
                    Some(_) => ("reference", "the reference of its write-off"),
                    None => ("licence", "the licence of the write-off"),
                };
                Err(Refusal::new("discrepancy.settlement", "Of the write-off, one half is said.")
                    .field(field)
                    .missing(missing))
            }
        }
    }
}

/// `discrepancy.closed.v1`: the event’s reason says how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiscrepancyClosed {
    /// The paper that shows it.
    pub document: Document,
    /// The write-off that was recorded afterwards, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settlement: Option<Settlement>,
}

/// A change of a discrepancy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum DiscrepancyCommand {
    /// Closes it.
    Close {
        /// The day.
        on: Date,
        /// How it was dealt with.
        reason: String,
        /// The paper that shows it.
        document: Document,
        /// The write-off that was recorded afterwards, where one was.
        settlement: Option<Settlement>,
    },
}

impl DiscrepancyCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            DiscrepancyCommand::Close { .. } => CommandKind::DiscrepancyClose,
        }
    }
}

/// A discrepancy as it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// How it was dealt with.
    pub reason: String,
    /// The paper, and the write-off.
    pub closed: DiscrepancyClosed,
}

/// The state of a discrepancy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discrepancy {
    /// Its number.
    pub number: String,
    /// Who may know of it: that of its licence, where customs are told of it.
    pub label: Label,
    /// What it is about.
    pub opened: DiscrepancyOpened,
    /// When it was opened.
    pub opened_on: Date,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// How it was closed.
    pub closing: Option<Closing>,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Discrepancy {
    /// The discrepancy as customs see it: why is told as in the reply, and how it was dealt with inside is not.
    #[must_use]
    pub fn outside(mut self) -> Discrepancy {
        let (code, words) = told(&self.opened.code, &self.opened.words);
        let said = (code.to_owned(), words.to_owned());
        if self.opened.origin == Origin::Usage {
            (self.opened.code, self.opened.words) = said;
        }
        self.closing = None;
        self
    }

    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<Discrepancy>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        (fact, reason): (&Fact, Option<&str>),
    ) {
        match fact {
            Fact::DiscrepancyOpened(opened) => {
                *state = Some(Discrepancy {
                    number: subject.key.clone(),
                    label: label.clone(),
                    opened: opened.clone(),
                    opened_on: on,
                    state: MACHINE.initial,
                    closing: None,
                });
            }
            Fact::DiscrepancyClosed(closed) => {
                let Some(this) = state else { return };
                if let Ok(next) = MACHINE.next(this.state, "close") {
                    this.state = next;
                }
                this.closing = Some(Closing {
                    on,
                    by: by.to_owned(),
                    reason: reason.unwrap_or_default().to_owned(),
                    closed: closed.clone(),
                });
            }
            _ => {}
        }
    }
}

/// Decides a change of a discrepancy. `settled` is the licence that a settlement names, if it is open to the actor.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Discrepancy,
    settled: Option<&Licence>,
    context: &Context,
    command: DiscrepancyCommand,
) -> Fallible<Vec<NewEvent>> {
    let DiscrepancyCommand::Close { on, reason, document, settlement } = command;
    MACHINE.next(this.state, "close")?;
    crate::performance::in_order(
        context,
        "discrepancy.order",
        ("Discrepancy", &this.number, this.opened_on),
        on,
    )?;
    text("discrepancy.reason", "reason", &reason, 1000)?;
    document.check(context)?;
    if let Some(settlement) = &settlement {
        check_settlement(this, settled, settlement)?;
    }
    Ok(vec![NewEvent {
        subject: SubjectKind::Discrepancy.subject(&this.number),
        occurred_on: on,
        label: this.label.clone(),
        fact: Fact::DiscrepancyClosed(DiscrepancyClosed { document, settlement }),
        reason: Some(reason),
    }])
}

/// The write-off that settles it stands, and may be known to everyone who reads of the discrepancy.
fn check_settlement(this: &Discrepancy, settled: Option<&Licence>, settlement: &Settlement) -> Fallible<()> {
    let Some(licence) = settled else {
        return Err(Refusal::not_found("licence", &settlement.licence).field("licence"));
    };
    if !this.label.dominates(&licence.label) {
        return Err(Refusal::new(
            "discrepancy.marking",
            format!("{} is marked {}, the discrepancy {}.", licence.number, licence.label, this.label),
        )
        .field("licence")
        .missing("a licence of which every reader of the discrepancy may know, or the paper alone"));
    }
    if licence.written_off.contains_key(&settlement.reference) {
        return Ok(());
    }
    Err(Refusal::new(
        "licence.reference",
        format!("No write-off {} stands in licence {}.", settlement.reference, licence.number),
    )
    .field("reference")
    .missing("the reference of a write-off that stands"))
}
