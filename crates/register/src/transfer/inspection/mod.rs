//! An inspection after shipment: what went under a licence is seen where it is used, piece by piece.
//!
//! What is missing, or used otherwise than was undertaken, is an incident. From then on nothing goes to that end user: every
//! open licence of it is stopped by the same command, and no new one passes its checks, until an officer closes the
//! incident and another person lifts the suspension of each licence.

mod decide;
#[cfg(test)]
mod tests;

pub use decide::{InspectionCommand, InspectionFacts, NewInspection, NewVisit, decide, plan};

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::contract::serial::folded;
use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};
use crate::payment::schedule::words;

/// The lifecycle of an inspection.
pub const MACHINE: Machine = Machine {
    subject: "inspection",
    initial: "planned",
    rows: &[
        Transition::row(
            "planned",
            "visit",
            "favourable",
            "all serial numbers seen, or accounted for by a paper; the report",
        ),
        Transition::row("planned", "visit_in_vain", "unable", "nothing could be seen; the report"),
        Transition::row(
            "planned",
            "find_incident",
            "incident",
            "serial numbers are missing, the use is another, or access was refused; the report",
        ),
        Transition::row("planned", "cancel", "cancelled", "a reason"),
        Transition::row("incident", "close", "closed", "a reason; the paper"),
    ],
};

/// What came of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitOutcome {
    /// All is there and used as was undertaken.
    Favourable,
    /// Something is missing, or used otherwise.
    Unfavourable,
    /// It could not be seen, through nobody’s fault there.
    Unable,
    /// The end user did not let it be seen, though it undertook to.
    AccessRefused,
}

words! { VisitOutcome, "an outcome of a visit", "inspection.outcome",
    Favourable = "favourable", "favourable";
    Unfavourable = "unfavourable", "unfavourable";
    Unable = "unable", "unable to see";
    AccessRefused = "access_refused", "access refused";
}

/// `inspection.planned.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectionPlanned {
    /// Number of the licence under which the goods went.
    pub licence: String,
    /// Number of the party that uses them.
    pub end_user: String,
    /// Number of the certificate by which it may be done, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The day of the visit.
    pub visit_on: Date,
}

/// What became of an item that is not there any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounted {
    /// Its serial number.
    pub serial: String,
    /// What became of it: fired in an exercise, destroyed, lost in an accident.
    pub how: String,
    /// The paper that shows it.
    pub document: Document,
}

/// `inspection.visited.v1`: the event’s date is the day of the visit. What was to be seen stands with what was seen, so that
/// the finding can be read by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectionVisited {
    /// What came of it.
    pub outcome: VisitOutcome,
    /// Serial numbers of what went under the licence.
    pub expected: Vec<String>,
    /// Serial numbers that were seen.
    pub seen: Vec<String>,
    /// What became of others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounted: Vec<Accounted>,
    /// What was found, in words.
    pub findings: String,
    /// The report.
    pub document: Document,
}

impl InspectionVisited {
    /// Serial numbers that were neither seen nor accounted for. Where nothing could be seen, none is missing.
    pub fn missing(&self) -> Vec<&str> {
        if matches!(self.outcome, VisitOutcome::Unable | VisitOutcome::AccessRefused) {
            return Vec::new();
        }
        let accounted = self.accounted.iter().map(|one| folded(&one.serial));
        let found: BTreeSet<String> =
            self.seen.iter().map(|serial| folded(serial)).chain(accounted).collect();
        self.expected.iter().filter(|serial| !found.contains(&folded(serial))).map(String::as_str).collect()
    }

    /// Serial numbers that were seen, and that nothing says went there under the licence.
    pub fn strange(&self) -> Vec<&str> {
        let expected: BTreeSet<String> = self.expected.iter().map(|serial| folded(serial)).collect();
        self.seen.iter().filter(|serial| !expected.contains(&folded(serial))).map(String::as_str).collect()
    }

    /// How many of what was expected were seen.
    pub fn seen_of_expected(&self) -> usize {
        self.seen.len() - self.strange().len()
    }

    /// What stands against the end user, in one sentence.
    pub fn words(&self) -> String {
        let missing = self.missing();
        match self.outcome {
            VisitOutcome::AccessRefused => "access was refused".to_owned(),
            _ if !missing.is_empty() => format!(
                "of {} serial numbers {} were seen and {} are missing: {}",
                self.expected.len(),
                self.seen_of_expected(),
                missing.len(),
                listed(&missing)
            ),
            outcome => format!("the outcome was {}", outcome.name()),
        }
    }

    /// The step of the machine that it is.
    fn step(&self) -> &'static str {
        match self.outcome {
            VisitOutcome::Unable => "visit_in_vain",
            VisitOutcome::Favourable if self.missing().is_empty() => "visit",
            _ => "find_incident",
        }
    }
}

/// Serial numbers named in a sentence at most.
const NAMED: usize = 10;

/// Some of many, in words.
fn listed(serials: &[&str]) -> String {
    let named = serials.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match serials.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// `inspection.closed.v1`: an incident is dealt with. The event’s reason says how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IncidentClosed {
    /// The paper that shows it.
    pub document: Document,
}

/// A visit as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The day.
    pub on: Date,
    /// Who recorded it.
    pub by: String,
    /// What came of it.
    pub visited: InspectionVisited,
}

/// An incident as it was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// How it was dealt with.
    pub reason: String,
    /// The paper.
    pub document: Document,
}

/// The state of an inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// Its number.
    pub number: String,
    /// Who may know of it: that of its licence.
    pub label: Label,
    /// What is to be inspected.
    pub planned: InspectionPlanned,
    /// Why this one was chosen.
    pub reason: String,
    /// When it was planned.
    pub planned_on: Date,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// The visit.
    pub visit: Option<Visit>,
    /// How its incident was closed, or why it was cancelled.
    pub closed: Option<Closing>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Inspection {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<Inspection>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        (fact, reason): (&Fact, Option<&str>),
    ) {
        if let Fact::InspectionPlanned(planned) = fact {
            *state = Some(Inspection {
                number: subject.key.clone(),
                label: label.clone(),
                planned: planned.clone(),
                reason: reason.unwrap_or_default().to_owned(),
                planned_on: on,
                state: MACHINE.initial,
                visit: None,
                closed: None,
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let step = match fact {
            Fact::InspectionVisited(visited) => {
                this.visit = Some(Visit { on, by: by.to_owned(), visited: visited.clone() });
                visited.step()
            }
            Fact::InspectionCancelled(_) => "cancel",
            Fact::InspectionClosed(closed) => {
                this.closed = Some(Closing {
                    on,
                    by: by.to_owned(),
                    reason: reason.unwrap_or_default().to_owned(),
                    document: closed.document.clone(),
                });
                "close"
            }
            _ => return,
        };
        if let Ok(next) = MACHINE.next(this.state, step) {
            this.state = next;
        }
        this.last_on = on;
    }

    /// That its incident is open, to readers of what bears a marking: it is named to those who may know of it.
    pub fn words_to(&self, label: &Label) -> String {
        let named = match label.dominates(&self.label) {
            true => format!("Inspection {}", self.number),
            false => "An inspection".to_owned(),
        };
        let on = self.visit.as_ref().map(|visit| format!(" of {}", visit.on)).unwrap_or_default();
        format!("{named}{on} found an incident at it, which is open: nothing goes to it until it is closed.")
    }

    /// What it found against the end user, in a sentence that names it.
    pub fn words(&self) -> String {
        match &self.visit {
            Some(visit) => format!("Inspection {} of {}: {}.", self.number, visit.on, visit.visited.words()),
            None => format!("Inspection {} is planned for {}.", self.number, self.planned.visit_on),
        }
    }
}
