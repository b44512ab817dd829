//! Yearly delivery plans. A version is drafted, filled, approved by another
//! person, and from then on frozen: a change is a new version.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::label::{Label, Level};
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition, YEARS,
};
use crate::money::{Currency, Money};

/// The lifecycle of a plan version.
pub const MACHINE: Machine = Machine {
    subject: "plan version",
    initial: "draft",
    rows: &[
        Transition::row(
            "draft",
            "add_items",
            "draft",
            "items of lines in the plan's currency, dated within its year",
        ),
        Transition::row(
            "draft",
            "approve",
            "frozen",
            "at least one item; another person than the drafter; not dated before the version before it",
        ),
        Transition::row("draft", "discard", "discarded", "no other condition"),
    ],
};

/// A year's plan at a version, written `2012:3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanVersion {
    /// Calendar year.
    pub year: i16,
    /// Version, from 1.
    pub version: u32,
}

impl PlanVersion {
    /// The key of its subject, `2012.3`.
    pub fn key(self) -> String {
        format!("{}.{}", self.year, self.version)
    }

    /// Reads a subject's key.
    pub fn from_key(key: &str) -> Option<PlanVersion> {
        let (year, version) = key.split_once('.')?;
        Some(PlanVersion { year: year.parse().ok()?, version: version.parse().ok()? })
    }
}

impl fmt::Display for PlanVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.year, self.version)
    }
}

impl FromStr for PlanVersion {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<PlanVersion, Refusal> {
        text.trim()
            .split_once(':')
            .and_then(|(year, version)| {
                let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
                if !digits(year) || !digits(version) {
                    return None;
                }
                Some(PlanVersion { year: year.parse().ok()?, version: version.parse().ok()? })
            })
            .filter(|p| YEARS.contains(&p.year) && p.version > 0)
            .ok_or_else(|| {
                Refusal::new("plan.malformed", format!("{text:?} is not a plan version."))
                    .field("plan")
                    .missing("a year and a version, for example 2012:3")
            })
    }
}

/// One planned delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanItem {
    /// Number of the line.
    pub line: String,
    /// The day by which it is planned.
    pub planned_on: Date,
    /// Planned value, a decimal string in the plan's currency.
    pub amount: String,
}

/// `plan.drafted.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanDrafted {
    /// The currency of its amounts.
    pub currency: Currency,
}

/// `plan.items_added.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanItemsAdded {
    /// The items.
    pub items: Vec<PlanItem>,
}

/// `plan.approved.v1`: from the event's date the version is in force, and frozen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanApproved {
    /// The decision that approves it.
    pub document: Document,
}

/// A change of a plan version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of approval, `document` the decision behind it.
pub enum PlanCommand {
    Draft { year: i16, currency: Currency },
    AddItems { items: Vec<PlanItem> },
    Approve { on: Date, document: Document },
    Discard,
}

/// The state of a plan version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Which.
    pub version: PlanVersion,
    /// Currency of its amounts.
    pub currency: Currency,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// Account of the drafter.
    pub drafted_by: String,
    /// How many items it holds.
    pub items: usize,
    /// Join of the labels of its items.
    pub label: Label,
}

impl Plan {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Plan>, subject: &Subject, actor: &str, label: &Label, fact: &Fact) {
        match (fact, state) {
            (Fact::PlanDrafted(drafted), state) => {
                if let Some(version) = PlanVersion::from_key(&subject.key) {
                    *state = Some(Plan {
                        version,
                        currency: drafted.currency,
                        state: MACHINE.initial,
                        drafted_by: actor.to_owned(),
                        items: 0,
                        label: label.clone(),
                    });
                }
            }
            (Fact::PlanItemsAdded(added), Some(plan)) => {
                plan.items += added.items.len();
                plan.label = plan.label.join(label);
            }
            (Fact::PlanApproved(_), Some(plan)) => plan.state = "frozen",
            (Fact::PlanDiscarded(_), Some(plan)) => plan.state = "discarded",
            _ => {}
        }
    }
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct PlanFacts {
    /// For the lines named in items that exist and are open to the actor: label and currency.
    pub lines: std::collections::BTreeMap<String, (Label, Currency)>,
    /// The day on which the year's latest frozen version was approved.
    pub previous_approval: Option<Date>,
}

/// Decides a change of a plan version.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Plan>,
    version: PlanVersion,
    facts: &PlanFacts,
    context: &Context,
    command: PlanCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: &Label, fact| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Plan.subject(version.key()),
            occurred_on: on,
            label: label.clone(),
            fact,
            reason: None,
        }])
    };
    let (command, plan) = match (command, state) {
        (PlanCommand::Draft { year, currency }, _) => {
            if !YEARS.contains(&year) {
                return Err(Refusal::new("plan.year", format!("{year} is not a year of plans."))
                    .field("year")
                    .missing("a year from 1900 to 2999"));
            }
            let fact = Fact::PlanDrafted(PlanDrafted { currency });
            return event(context.today, &Label::of(Level::Official), fact);
        }
        (_, None) => return Err(Refusal::not_found("plan version", &version.to_string())),
        (command, Some(plan)) => (command, plan),
    };
    let step = match command {
        PlanCommand::AddItems { .. } | PlanCommand::Draft { .. } => "add_items",
        PlanCommand::Approve { .. } => "approve",
        PlanCommand::Discard => "discard",
    };
    if plan.state == "frozen" {
        return Err(Refusal::new(
            "plan.frozen",
            format!("Version {} of the plan for {} is frozen.", version.version, version.year),
        )
        .missing("a new version of the plan"));
    }
    MACHINE.next(plan.state, step)?;
    match command {
        PlanCommand::Draft { .. } | PlanCommand::Discard => {
            event(context.today, &plan.label, Fact::PlanDiscarded(Default::default()))
        }
        PlanCommand::AddItems { items } => {
            let mut label = plan.label.clone();
            if items.is_empty() {
                return Err(Refusal::new("plan.no_item", "No item is given.")
                    .field("items")
                    .missing("at least one item"));
            }
            for (position, item) in items.iter().enumerate() {
                let at = |name: &str| format!("items[{position}].{name}");
                let Some((line_label, currency)) = facts.lines.get(&item.line) else {
                    return Err(Refusal::not_found("line", &item.line).field(at("line")));
                };
                if *currency != plan.currency {
                    return Err(Refusal::new(
                        "plan.currency",
                        format!("Line {} is in {currency}, the plan in {}.", item.line, plan.currency),
                    )
                    .field(at("line"))
                    .missing(format!("a line in {}", plan.currency)));
                }
                if item.planned_on.year() != version.year {
                    return Err(Refusal::new(
                        "plan.other_year",
                        format!("{} is not in {}.", item.planned_on, version.year),
                    )
                    .field(at("planned_on"))
                    .missing(format!("a date in {}", version.year)));
                }
                let amount = Money::parse(&at("amount"), &item.amount, plan.currency)?;
                if amount.minor <= 0 || amount.decimal() != item.amount {
                    return Err(Refusal::new(
                        "plan.amount",
                        format!("{:?} is not an amount above zero with its decimals.", item.amount),
                    )
                    .field(at("amount"))
                    .missing(format!("an amount such as {}", Money::new(125_000, plan.currency).decimal())));
                }
                label = label.join(line_label);
            }
            event(context.today, &label, Fact::PlanItemsAdded(PlanItemsAdded { items }))
        }
        PlanCommand::Approve { on, document } => {
            context.not_in_future("on", on)?;
            document.check(context)?;
            if plan.items == 0 {
                return Err(Refusal::new("plan.empty", format!("Plan {version} has no item."))
                    .missing("at least one item"));
            }
            if context.actor.account == plan.drafted_by {
                return Err(Refusal::new("plan.own_draft", format!("You drafted plan {version}."))
                    .missing("the approval of another person"));
            }
            if let Some(previous) = facts.previous_approval.filter(|previous| *previous > on) {
                return Err(Refusal::new(
                    "plan.order",
                    format!("The version before was approved on {previous}, after {on}."),
                )
                .field("on")
                .missing(format!("a date from {previous}")));
            }
            event(on, &plan.label, Fact::PlanApproved(PlanApproved { document }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_nothing_else_is_read() {
        let version: PlanVersion = "2012:3".parse().unwrap();
        assert_eq!(version.to_string(), "2012:3");
        assert_eq!(PlanVersion::from_key(&version.key()), Some(version));
        for bad in ["2012", "2012:0", "2012:", ":3", "2012:-1", "+2012:3", "99999:1", "2012:3:4"] {
            assert_eq!(bad.parse::<PlanVersion>().unwrap_err().code, "plan.malformed", "{bad}");
        }
    }
}
