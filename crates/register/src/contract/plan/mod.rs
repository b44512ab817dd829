//! Yearly delivery plans. A version is drafted, filled, proposed to the manufacturers whose lines stand in it,
//! answered by them, approved by another person, and from then on frozen: a change is a new version.

mod rule;

pub use rule::{PlanFacts, answers_for_own, decide};

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, Refusal, Subject, Transition, YEARS, parse_date};
use crate::money::Currency;

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
        Transition::row("draft", "propose", "proposed", "at least one item"),
        Transition::row(
            "proposed",
            "agree",
            "proposed",
            "a manufacturer that was asked, by its own account or by the officer who records it; not agreed already; not dated before the proposal; the document",
        ),
        Transition::row(
            "proposed",
            "object",
            "proposed",
            "a manufacturer that was asked, by its own account or by the officer who records it; items that it makes; not dated before the proposal; a reason",
        ),
        Transition::row(
            "proposed",
            "return",
            "draft",
            "not dated before the proposal and its answers; a reason",
        ),
        Transition::row(
            "proposed",
            "approve",
            "frozen",
            "another person than the drafter; the agreement of every manufacturer that was asked, or a reason for going without it; not dated before the proposal and its answers, nor before the version before it",
        ),
        Transition::row("proposed", "discard", "discarded", "no other condition"),
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

/// `plan.proposed.v1`: from the event's date it waits for the answers of these manufacturers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanProposed {
    /// Numbers of the parties that make what stands in it, sorted. Empty where no line names its manufacturer.
    pub manufacturers: Vec<String>,
    /// The letter by which it was proposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `plan.agreed.v1`: on the event's date a manufacturer agreed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanAgreed {
    /// Number of the party.
    pub manufacturer: String,
    /// Its letter.
    pub document: Document,
}

/// What a manufacturer objects to: what is planned of a line on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanPlace {
    /// Number of the line.
    pub line: String,
    /// The day by which it is planned.
    pub planned_on: Date,
}

impl FromStr for PlanPlace {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<PlanPlace, Refusal> {
        let mut words = text.split_whitespace();
        let (line, day, more) = (words.next(), words.next(), words.next());
        line.zip(day.and_then(|day| parse_date("items", day).ok()))
            .filter(|_| more.is_none())
            .map(|(line, planned_on)| PlanPlace { line: line.to_owned(), planned_on })
            .ok_or_else(|| {
                Refusal::new("plan.place", format!("{text:?} is no item of a plan."))
                    .field("items")
                    .missing("a line and a day, for example O-2012-0001.1 2012-06-30")
            })
    }
}

impl fmt::Display for PlanPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.line, self.planned_on)
    }
}

/// `plan.objected.v1`: on the event's date a manufacturer objected; the event's reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanObjected {
    /// Number of the party.
    pub manufacturer: String,
    /// What it objects to, sorted; empty where to all that it makes.
    pub items: Vec<PlanPlace>,
    /// Its letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// `plan.approved.v1`: from the event's date the version is in force, and frozen. It was approved as a draft: nobody
/// was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanApproved {
    /// The decision that approves it.
    pub document: Document,
}

/// `plan.proposal_approved.v1`: from the event's date the version is in force, and frozen. It had been proposed; where
/// a manufacturer had not agreed, the event's reason says why it was approved all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanProposalApproved {
    /// The decision that approves it.
    pub document: Document,
    /// Numbers of the manufacturers that objected, sorted.
    pub objecting: Vec<String>,
    /// Numbers of the manufacturers that had not answered, sorted.
    pub unanswered: Vec<String>,
}

/// A change of a plan version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum PlanCommand {
    Draft {
        year: i16,
        currency: Currency,
    },
    AddItems {
        items: Vec<PlanItem>,
    },
    Propose {
        on: Date,
        document: Option<Document>,
    },
    Agree {
        manufacturer: String,
        on: Date,
        document: Document,
    },
    Object {
        manufacturer: String,
        /// Empty for all that it makes.
        items: Vec<PlanPlace>,
        on: Date,
        document: Option<Document>,
        reason: String,
    },
    Return {
        on: Date,
        reason: String,
    },
    Approve {
        on: Date,
        document: Document,
        /// Why it is approved without the agreement of a manufacturer. Requests of earlier programs had none, and
        /// their digests stand in registers.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    Discard,
}

/// What a manufacturer answered to a proposed plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanAnswer {
    /// It agreed.
    Agreed,
    /// It objected.
    Objected,
}

impl PlanAnswer {
    /// The word that stands in data.
    pub fn word(self) -> &'static str {
        match self {
            PlanAnswer::Agreed => "agreed",
            PlanAnswer::Objected => "objected",
        }
    }
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
    /// The day on which it was proposed; none of a draft.
    pub proposed_on: Option<Date>,
    /// The latest day of the proposal and of its answers.
    pub answered_on: Option<Date>,
    /// The manufacturers that it was proposed to, by number, each with its last answer.
    pub answers: BTreeMap<String, Option<PlanAnswer>>,
}

impl Plan {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Plan>,
        subject: &Subject,
        on: Date,
        (actor, label): (&str, &Label),
        fact: &Fact,
    ) {
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
                        proposed_on: None,
                        answered_on: None,
                        answers: BTreeMap::new(),
                    });
                }
            }
            (Fact::PlanItemsAdded(added), Some(plan)) => {
                plan.items += added.items.len();
                plan.label = plan.label.join(label);
            }
            (Fact::PlanProposed(proposed), Some(plan)) => {
                plan.state = "proposed";
                plan.proposed_on = Some(on);
                plan.answered_on = Some(on);
                plan.answers = proposed.manufacturers.iter().map(|number| (number.clone(), None)).collect();
            }
            (Fact::PlanAgreed(agreed), Some(plan)) => {
                plan.answer(on, &agreed.manufacturer, PlanAnswer::Agreed);
            }
            (Fact::PlanObjected(objected), Some(plan)) => {
                plan.answer(on, &objected.manufacturer, PlanAnswer::Objected);
            }
            (Fact::PlanReturned(_), Some(plan)) => {
                plan.state = MACHINE.initial;
                plan.proposed_on = None;
                plan.answered_on = None;
                plan.answers.clear();
            }
            (Fact::PlanApproved(_) | Fact::PlanProposalApproved(_), Some(plan)) => plan.state = "frozen",
            (Fact::PlanDiscarded(_), Some(plan)) => plan.state = "discarded",
            _ => {}
        }
    }

    fn answer(&mut self, on: Date, manufacturer: &str, answer: PlanAnswer) {
        self.answers.insert(manufacturer.to_owned(), Some(answer));
        self.answered_on = self.answered_on.max(Some(on));
    }

    /// Numbers of the manufacturers whose last answer is this one, sorted; `None` for those that have not answered.
    pub fn answering(&self, answer: Option<PlanAnswer>) -> Vec<String> {
        self.answers.iter().filter(|(_, last)| **last == answer).map(|(number, _)| number.clone()).collect()
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
