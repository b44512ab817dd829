//! What is reported, and the act that it becomes.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::command::Command;
use crate::contract::Contract;
use crate::contract::delivery::DeliveryCommand;
use crate::contract::line::contract_of;
use crate::contract::serial::MOST_SERIALS;
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal, Subject, SubjectKind, check_year};
use crate::money::Quantity;
use crate::performance::{DelayReason, MilestoneCommand, SlippageCommand};

/// What happened, by the account of an exporter or a manufacturer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
#[allow(missing_docs)] // Fields: as those of the commands that they become; `on` is the day on which it happened.
pub enum Reported {
    /// Goods were handed over to the carrier.
    HandedOver { on: Date, line: String, quantity: Quantity, reference: Option<String> },
    /// The recipient accepted a delivery.
    Accepted { on: Date, delivery: String },
    /// The items of a delivery bear these serial numbers.
    Serials { on: Date, delivery: String, serials: Vec<String> },
    /// A line is expected later than agreed.
    Slips { on: Date, line: String, expected_on: Date, delay: DelayReason, description: String },
    /// A milestone was reached.
    Reached { on: Date, milestone: String },
    /// A milestone is expected on another day.
    Expected { on: Date, milestone: String, expected_on: Date, delay: Option<DelayReason>, reason: String },
}

impl Reported {
    /// In words: `handed over`, `slips`.
    pub fn name(&self) -> &'static str {
        match self {
            Reported::HandedOver { .. } => "goods handed over",
            Reported::Accepted { .. } => "delivery accepted",
            Reported::Serials { .. } => "serial numbers",
            Reported::Slips { .. } => "line slips",
            Reported::Reached { .. } => "milestone reached",
            Reported::Expected { .. } => "milestone expected on another day",
        }
    }

    /// The day on which it happened.
    pub fn on(&self) -> Date {
        match self {
            Reported::HandedOver { on, .. }
            | Reported::Accepted { on, .. }
            | Reported::Serials { on, .. }
            | Reported::Slips { on, .. }
            | Reported::Reached { on, .. }
            | Reported::Expected { on, .. } => *on,
        }
    }

    /// What it is about: a line, a delivery or a milestone.
    pub fn about(&self) -> Subject {
        match self {
            Reported::HandedOver { line, .. } | Reported::Slips { line, .. } => {
                SubjectKind::Line.subject(line)
            }
            Reported::Accepted { delivery, .. } | Reported::Serials { delivery, .. } => {
                SubjectKind::Delivery.subject(delivery)
            }
            Reported::Reached { milestone, .. } | Reported::Expected { milestone, .. } => {
                SubjectKind::Milestone.subject(milestone)
            }
        }
    }

    /// Checks what can be known before an officer looks at it: that it is of the contract, and that it is said whole.
    pub(super) fn check(&self, contract: &Contract, about_exists: bool, context: &Context) -> Fallible<()> {
        context.not_in_future("reported.on", self.on())?;
        let about = self.about();
        if contract_of(&about.key) != contract.number || !about_exists {
            return Err(Refusal::not_found(about.kind.word(), &about.key)
                .field(format!("reported.{}", about.kind.word())));
        }
        match self {
            Reported::HandedOver { quantity, .. } => {
                quantity.positive("reported.quantity")?;
            }
            Reported::Serials { serials, .. } if serials.is_empty() || serials.len() > MOST_SERIALS => {
                return Err(Refusal::new(
                    "serial.count",
                    format!("{} serial numbers are named.", serials.len()),
                )
                .field("reported.serials")
                .missing(format!("from 1 to {MOST_SERIALS} serial numbers")));
            }
            Reported::Slips { expected_on, description, .. } => {
                check_year("reported.expected_on", *expected_on)?;
                text("slippage.description", "description", description, 1000)?;
            }
            Reported::Expected { expected_on, reason, .. } => {
                check_year("reported.expected_on", *expected_on)?;
                text("milestone.reason", "reason", reason, 1000)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The act that an officer records by it, with the evidence.
    pub fn act(&self, document: Document) -> Command {
        let delivery =
            |number: Option<&String>, command| Command::Delivery { number: number.cloned(), command };
        match self.clone() {
            Reported::HandedOver { on, line, quantity, reference } => {
                delivery(None, DeliveryCommand::HandOver { line, reference, quantity, on, document })
            }
            Reported::Accepted { on, delivery: number } => {
                delivery(Some(&number), DeliveryCommand::Accept { on, document })
            }
            Reported::Serials { on, delivery: number, serials } => {
                let reason = Some("Reported by the party that delivers".to_owned());
                let document = Some(document);
                delivery(Some(&number), DeliveryCommand::RecordSerials { on, serials, document, reason })
            }
            Reported::Slips { on, line, expected_on, delay, description } => Command::Slippage {
                number: contract_of(&line).to_owned(),
                command: SlippageCommand::Report {
                    on,
                    line,
                    expected_on,
                    delay,
                    description,
                    document: Some(document),
                },
            },
            Reported::Reached { on, milestone } => {
                Command::Milestone { number: milestone, command: MilestoneCommand::Reach { on, document } }
            }
            Reported::Expected { on, milestone, expected_on, delay, reason } => Command::Milestone {
                number: milestone,
                command: MilestoneCommand::Forecast { on, expected_on, delay, reason },
            },
        }
    }
}
