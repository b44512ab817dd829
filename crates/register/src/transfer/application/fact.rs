//! What happens to an application.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::document::Document;
use crate::payment::schedule::words;
use crate::transfer::check::{Check, Established, RecordKind};
use crate::transfer::content::Content;
use crate::transfer::opinion::{Criterion, DisagreementRule, Opinion};

/// How grave a risk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// None was found.
    None,
    /// Small.
    Low,
    /// To be lessened.
    Medium,
    /// Grave.
    High,
    /// It outweighs whatever stands for the transfer: nothing is granted.
    Overriding,
}

words! { Risk, "a risk", "transfer.risk",
    None = "none", "none found";
    Low = "low", "low";
    Medium = "medium", "medium";
    High = "high", "high";
    Overriding = "overriding", "overriding";
}

/// How one criterion was weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weighed {
    /// The risk that is left.
    pub risk: Risk,
    /// By what evidence.
    pub evidence: String,
    /// What lessens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mitigation: Option<String>,
}

/// The worksheet: every criterion weighed, and what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    /// By criterion.
    pub weighed: BTreeMap<Criterion, Weighed>,
    /// What follows, in words.
    pub conclusion: String,
}

/// A condition of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What is to be done.
    pub text: String,
    /// By when; none for one that comes before the first shipment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
}

/// What is decided of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision", deny_unknown_fields)]
pub enum LineDecision {
    /// It may go.
    Grant,
    /// It may not.
    Refuse {
        /// By which criteria.
        criteria: BTreeSet<Criterion>,
        /// Why.
        reason: String,
    },
}

/// A decision that one person proposes and another signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Of each line, in their order.
    pub lines: Vec<LineDecision>,
    /// The first day on which it may be used, where any line is granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Date>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// On what conditions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Days after a shipment within which its delivery is to be verified; none for the usual ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_days: Option<u32>,
    /// By which rule disagreements of agencies are resolved.
    pub rule: DisagreementRule,
    /// Why.
    pub reason: String,
}

impl Proposal {
    /// Whether any line is granted.
    pub fn grants(&self) -> bool {
        self.lines.contains(&LineDecision::Grant)
    }

    /// Numbers of the lines that are granted, from 1.
    pub fn granted(&self) -> BTreeSet<u32> {
        let lines = (1..).zip(&self.lines);
        lines.filter(|(_, line)| **line == LineDecision::Grant).map(|(number, _)| number).collect()
    }
}

/// What happens to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fact", deny_unknown_fields)]
#[allow(missing_docs)] // Fields: as those of the commands; the event’s date is the day.
pub enum ApplicationFact {
    Drafted(Content),
    Revised(Content),
    Submitted,
    Discarded,
    Withdrawn,
    Asked {
        text: String,
    },
    Answered {
        question: u32,
        text: String,
        documents: Vec<Document>,
    },
    EndUserEstablished {
        party: String,
        established: Established,
    },
    Recorded {
        check: String,
        kind: RecordKind,
        reference: String,
        document: Document,
        reason: Option<String>,
    },
    OpinionAsked {
        agency: String,
        due_on: Date,
        confirms: bool,
    },
    OpinionGiven(Opinion),
    OpinionConfirmed {
        agency: String,
    },
    Assessed(Assessment),
    Proposed(Proposal),
    Returned,
    /// With the checks on which it rests, so that the decision can be read by itself.
    Granted {
        licence: String,
        checks: Vec<Check>,
    },
    /// A favourable advance opinion, or a notice that no licence is needed; with the checks on which it rests.
    Affirmed {
        checks: Vec<Check>,
    },
    Refused,
    Appealed {
        document: Option<Document>,
    },
}

impl ApplicationFact {
    /// The step of the machine that it is.
    pub fn step(&self) -> &'static str {
        match self {
            ApplicationFact::Drafted(_) => "draft",
            ApplicationFact::Revised(_) => "revise",
            ApplicationFact::Submitted => "submit",
            ApplicationFact::Discarded => "discard",
            ApplicationFact::Withdrawn => "withdraw",
            ApplicationFact::Asked { .. } => "ask",
            ApplicationFact::Answered { .. } => "answer",
            ApplicationFact::EndUserEstablished { .. } => "establish",
            ApplicationFact::Recorded { .. } => "record",
            ApplicationFact::OpinionAsked { .. } => "ask_opinion",
            ApplicationFact::OpinionGiven(_) => "give_opinion",
            ApplicationFact::OpinionConfirmed { .. } => "confirm_opinion",
            ApplicationFact::Assessed(_) => "assess",
            ApplicationFact::Proposed(_) => "propose",
            ApplicationFact::Returned => "return",
            ApplicationFact::Granted { .. } => "countersign",
            ApplicationFact::Affirmed { .. } => "affirm",
            ApplicationFact::Refused => "countersign_refusal",
            ApplicationFact::Appealed { .. } => "appeal",
        }
    }
}
