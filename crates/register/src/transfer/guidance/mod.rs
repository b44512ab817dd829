//! What transfers are weighed by besides lists and embargo rules: standing assessments of states and regions, denials that
//! others have notified, quotas, indicators of destinations, the agencies that are consulted with their calendars, the
//! rules by which they are, the control lists by which goods are classified,
//! and whose governments are recognised.
//!
//! Each of them is a file with editions. What loosens or binds a decision is proposed by one person and confirmed by
//! another; what only warns counts as soon as it is filed. An edition that is confirmed replaces the one before.

pub mod agency;
mod content;
pub mod control_list;
mod decide;
pub mod denial;
pub mod indicator;
pub mod quota;
pub mod recognition;
pub mod routing;
pub mod standing;
#[cfg(test)]
pub(crate) mod tests;

pub use content::{GuidanceContent, GuidanceKind};
pub use decide::{GuidanceCommand, GuidanceFacts, NewGuidance, decide, named, open};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};

/// The lifecycle of one edition.
pub const MACHINE: Machine = Machine {
    subject: "edition of guidance",
    initial: "proposed",
    rows: &[
        Transition::row("proposed", "confirm", "in_force", "another person than the one who proposed it"),
        Transition::row("proposed", "reject", "rejected", "another person; a reason"),
        Transition::row("proposed", "withdraw", "withdrawn", "the one who proposed it"),
        Transition::row("in_force", "replace", "replaced", "a later edition is in force"),
        Transition::row(
            "in_force",
            "end",
            "ended",
            "another person than the one who proposed it; its last day; the paper; a reason",
        ),
    ],
};

/// `guidance.proposed.v1`: an edition with the paper that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidanceProposed {
    /// What it says.
    pub content: GuidanceContent,
    /// The paper.
    pub document: Document,
}

/// `guidance.confirmed.v1`, `guidance.rejected.v1`, `guidance.withdrawn.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidanceJudged {
    /// Number of the edition, from 1.
    pub edition: u32,
}

/// `guidance.ended.v1`: it counts no more after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuidanceEnded {
    /// Number of the edition, from 1.
    pub edition: u32,
    /// Its last day.
    pub until: Date,
    /// The paper.
    pub document: Document,
}

/// One edition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Its number, from 1.
    pub number: u32,
    /// What it says.
    pub content: GuidanceContent,
    /// The paper that it rests on.
    pub document: Document,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_on: Date,
    /// When another person confirmed it, and who; none where it waits, or needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<(Date, String)>,
    /// Its last day, where it was ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Date>,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Edition {
    /// Whether it counts on a day.
    pub fn counts_on(&self, day: Date) -> bool {
        let stands = match (self.state, self.ended) {
            ("in_force", _) => true,
            ("ended", Some(until)) => day <= until,
            _ => false,
        };
        stands && self.content.covers(day)
    }

    /// What tells it from others, for people: `2 of 2012-03-01`.
    pub fn words(&self) -> String {
        let on = self.confirmed.as_ref().map_or(self.proposed_on, |(on, _)| *on);
        format!("{} of {on}", self.number)
    }
}

/// A file of guidance with its editions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guidance {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: GuidanceKind,
    /// Who may know of it.
    pub label: Label,
    /// All editions, in the order in which they were proposed.
    pub editions: Vec<Edition>,
    /// The day of its last change.
    pub last_on: Date,
}

impl Guidance {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<Guidance>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        fact: &Fact,
    ) {
        if let Fact::GuidanceProposed(proposed) = fact {
            let this = state.get_or_insert_with(|| Guidance {
                number: subject.key.clone(),
                kind: proposed.content.kind(),
                label: label.clone(),
                editions: Vec::new(),
                last_on: on,
            });
            this.last_on = on;
            let number = u32::try_from(this.editions.len()).unwrap_or(u32::MAX).saturating_add(1);
            let counts = !this.kind.is_by_two();
            if counts {
                this.replace();
            }
            this.editions.push(Edition {
                number,
                content: proposed.content.clone(),
                document: proposed.document.clone(),
                state: if counts { "in_force" } else { MACHINE.initial },
                proposed_by: by.to_owned(),
                proposed_on: on,
                confirmed: None,
                ended: None,
            });
            return;
        }
        let Some(this) = state else { return };
        this.last_on = on;
        let (number, step) = match fact {
            Fact::GuidanceConfirmed(judged) => (judged.edition, "confirm"),
            Fact::GuidanceRejected(judged) => (judged.edition, "reject"),
            Fact::GuidanceWithdrawn(judged) => (judged.edition, "withdraw"),
            Fact::GuidanceEnded(ended) => (ended.edition, "end"),
            _ => return,
        };
        if step == "confirm" {
            this.replace();
        }
        let Some(edition) = this.editions.iter_mut().find(|one| one.number == number) else { return };
        if let Ok(next) = MACHINE.next(edition.state, step) {
            edition.state = next;
        }
        match fact {
            Fact::GuidanceConfirmed(_) => edition.confirmed = Some((on, by.to_owned())),
            Fact::GuidanceEnded(ended) => edition.ended = Some(ended.until),
            _ => {}
        }
    }

    fn replace(&mut self) {
        for edition in &mut self.editions {
            if let Ok(next) = MACHINE.next(edition.state, "replace") {
                edition.state = next;
            }
        }
    }

    /// An edition by its number.
    pub fn get(&self, number: u32) -> Option<&Edition> {
        self.editions.iter().find(|one| one.number == number)
    }

    /// The edition in force, whatever its days say.
    pub fn in_force(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|one| one.state == "in_force")
    }

    /// The edition that counts on a day.
    pub fn on(&self, day: Date) -> Option<&Edition> {
        self.editions.iter().rev().find(|one| one.counts_on(day))
    }

    /// The edition that waits for a second person.
    pub fn waiting(&self) -> Option<&Edition> {
        self.editions.iter().rev().find(|one| one.state == "proposed")
    }

    /// How it stands, in one word: `waiting` while an edition waits for a second person, `in_force`, or `ended`.
    pub fn standing(&self) -> &'static str {
        match (self.waiting(), self.in_force()) {
            (Some(_), _) => "waiting",
            (None, Some(_)) => "in_force",
            (None, None) => "ended",
        }
    }

    /// The edition that tells what the file is about: in force, or the last one.
    pub fn shown(&self) -> Option<&Edition> {
        self.in_force().or(self.editions.last())
    }

    /// Its number, or only what it is where it is marked higher than who reads.
    pub fn words_to(&self, label: &Label) -> String {
        match label.dominates(&self.label) {
            true => self.number.clone(),
            false => format!("a {} that is marked higher", self.kind.name()),
        }
    }
}
