//! The answer to a question, with everything that it rests on.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::exception::Opening;
use super::fit::Missing;
use super::rule::Certainty;
use super::word::worded;

worded! {
    /// What comes of a question, the mildest first. The answer is the gravest of what its rules say.
    Outcome, "embargo.outcome", "outcome" {
        /// No measure stands against it.
        Pass = "pass",
        /// It passes only with a recorded consideration of what the measure calls for.
        Vigilance = "vigilance",
        /// Someone is to be told first.
        Notify = "notify",
        /// Someone is to approve first.
        Approve = "approve",
        /// It cannot be told, and nothing passes until it can.
        Hold = "hold",
        /// A measure forbids it.
        Blocked = "blocked",
    }
}

worded! {
    /// What a finding does to the answer.
    Bearing, "embargo.bearing", "bearing" {
        /// It binds.
        Binding = "binding",
        /// A measure of a body that does not bind by policy: shown.
        Advisory = "advisory",
        /// A measure that some states alone claim to be in force: shown.
        Claimed = "claimed",
    }
}

/// What one rule says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// Its regime.
    pub regime: String,
    /// The body that made it.
    pub body: String,
    /// The resolution.
    pub resolution: String,
    /// The paragraph; none where it is not on file.
    pub paragraph: Option<String>,
    /// What it does to the answer.
    pub bearing: Bearing,
    /// What it comes to.
    pub outcome: Outcome,
    /// Why, in words.
    pub why: String,
    /// What opens it, if an exception does.
    pub opening: Option<Opened>,
    /// Facts that are missing.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub missing: BTreeSet<Missing>,
    /// The last day of its term, where that has ended and nothing is recorded: renewal is to be confirmed.
    pub confirm_renewal: Option<Date>,
    /// States that dispute that it is in force.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub disputed_by: BTreeSet<String>,
    /// States that alone claim that it is in force.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub claimed_by: BTreeSet<String>,
    /// How certain the record is.
    pub certainty: Certainty,
    /// What may still open what it blocks; decides nothing.
    pub otherwise: Option<String>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Where it stands.
    pub source: String,
    /// The day on which the record was compared with its source.
    pub verified_on: Date,
}

impl Finding {
    /// The resolution with its paragraph, as it is cited.
    pub fn citation(&self) -> String {
        super::rule::cited(&self.resolution, self.paragraph.as_deref())
    }
}

/// The exception that opens a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Opened {
    /// How.
    pub kind: Opening,
    /// Who is told, or who approves.
    pub by: Option<String>,
    /// Days beforehand, or within which silence is consent.
    pub days: Option<u16>,
    /// Working days and not days of the calendar.
    pub working_days: bool,
    /// The resolution with its paragraph.
    pub citation: String,
    /// What it lets through, in words.
    pub words: String,
}

/// A reason to hold that is no rule’s.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hold {
    /// Stable identifier: `no_origin`, `no_rules`, `regime_missing`, `not_covered` or `beyond_scope`.
    pub code: &'static str,
    /// Why.
    pub why: String,
    /// What would settle it.
    pub missing: String,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// What comes of it.
    pub outcome: Outcome,
    /// What each rule says that bears on it, in the order of the rules.
    pub findings: Vec<Finding>,
    /// Reasons to hold that are no rule’s.
    pub holds: Vec<Hold>,
    /// What else is to be known of the regimes that are about these states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What must be recorded before anyone decides, in words: vigilance, disputes, claims, renewals, notifications,
    /// approvals.
    pub to_record: Vec<String>,
}

impl Judgement {
    /// Everything that is missing, once each, in words.
    pub fn missing(&self) -> BTreeSet<String> {
        let facts = self.findings.iter().filter(|f| f.bearing == Bearing::Binding).flat_map(|f| &f.missing);
        facts
            .map(|fact| fact.what.clone())
            .chain(self.holds.iter().map(|hold| hold.missing.clone()))
            .collect()
    }

    /// Findings of rules that some states dispute, or that some alone claim.
    pub fn disputes(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| !f.disputed_by.is_empty() || !f.claimed_by.is_empty())
    }
}
