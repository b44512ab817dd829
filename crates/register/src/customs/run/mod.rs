//! One file of the exchange: a run out, with what customs answered to it, or a run in, with what became of each row.

mod decide;

pub use decide::{
    ExportFacts, UsageFacts, Verdict, action, answer, check_export, check_sequence, export, receive,
    write_off,
};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::told;
use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};
use crate::money::{Money, Quantity, Unit};

/// The lifecycle of a run out. A run in is judged by the command that brings it.
pub const MACHINE: Machine = Machine {
    subject: "run",
    initial: "sent",
    rows: &[Transition::row(
        "sent",
        "answer",
        "answered",
        "the reply of customs to every licence of the run",
    )],
};

/// The state of a run in.
pub const JUDGED: &str = "judged";

/// Out or in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Licence data, to customs.
    Out,
    /// Usage data, from customs.
    In,
}

impl Direction {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Direction::Out => "out",
            Direction::In => "in",
        }
    }

    /// The series of its runs.
    pub fn series(self) -> &'static str {
        match self {
            Direction::Out => "OUT",
            Direction::In => "IN",
        }
    }

    /// The key of a run: `OUT-7`.
    pub fn key(self, run: u32) -> String {
        format!("{}-{run}", self.series())
    }
}

/// `customs_run.exported.v1`: licence data left. The file stands under the hash of its document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunExported {
    /// Number of the run.
    pub run: u32,
    /// When the file was made, as it says.
    pub made_at: String,
    /// What was recorded after this entry of the ledger is told,
    pub from: i64,
    /// up to this one.
    pub until: i64,
    /// The highest marking of what customs were told.
    pub marking: Label,
    /// Numbers of the licences that stand in it.
    pub licences: Vec<String>,
    /// The file.
    pub file: Document,
}

/// A licence that customs did not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LicenceRejected {
    /// Its number.
    pub licence: String,
    /// Their code.
    pub code: String,
    /// Their words.
    pub words: String,
    /// Number of the discrepancy that it opened.
    pub discrepancy: String,
}

/// `customs_run.answered.v1`: what customs took of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunAnswered {
    /// When customs made it, as they wrote it.
    pub made_at: String,
    /// How many licences they took.
    pub accepted: u32,
    /// Those that they did not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<LicenceRejected>,
    /// The file.
    pub file: Document,
}

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RowOutcome {
    /// It was written off.
    Accepted,
    /// It was written off before, to the letter.
    OnRecord,
    /// The licence’s rule refused it.
    Refused {
        /// Code of the refusal.
        code: String,
        /// Its words.
        words: String,
        /// Number of the discrepancy that it opened.
        discrepancy: String,
    },
}

/// A row of usage data, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowJudged {
    /// The line of the file on which it stands.
    pub row: u32,
    /// Number of the licence.
    pub licence: String,
    /// Number of its line.
    pub line: u32,
    /// The declaration with its item.
    pub reference: String,
    /// The day on which the goods went.
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
    /// What became of it.
    pub outcome: RowOutcome,
}

/// `customs_run.received.v1`: usage data came in, and each of its rows was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageReceived {
    /// Number of the run.
    pub run: u32,
    /// When customs made it, as they wrote it.
    pub made_at: String,
    /// Rows.
    pub rows: Vec<RowJudged>,
    /// The file.
    pub file: Document,
    /// The reply to it.
    pub reply: Document,
}

impl UsageReceived {
    /// How many rows stand: written off now, or before.
    pub fn accepted(&self) -> usize {
        self.rows.iter().filter(|row| !matches!(row.outcome, RowOutcome::Refused { .. })).count()
    }
}

/// What a run holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunContent {
    /// Licence data, with the day and the content of the answer.
    Out(RunExported, Option<(Date, RunAnswered)>),
    /// Usage data.
    In(UsageReceived),
}

/// The state of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomsRun {
    /// Its key, `OUT-7`.
    pub key: String,
    /// Who may know of it: up to which marking customs were told.
    pub label: Label,
    /// The day on which it left or came.
    pub on: Date,
    /// Who sent it or brought it.
    pub by: String,
    /// State of [`MACHINE`], or [`JUDGED`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// What it holds.
    pub content: RunContent,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    let word = String::deserialize(deserializer)?;
    let known = MACHINE.states().into_iter().chain([JUDGED]).find(|state| *state == word);
    known.ok_or_else(|| serde::de::Error::custom(format!("{word:?} is no state of a run")))
}

impl CustomsRun {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<CustomsRun>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        fact: &Fact,
    ) {
        let (state_word, content) = match fact {
            Fact::CustomsRunExported(exported) => (MACHINE.initial, RunContent::Out(exported.clone(), None)),
            Fact::CustomsRunReceived(received) => (JUDGED, RunContent::In(received.clone())),
            Fact::CustomsRunAnswered(answered) => {
                if let Some(this) = state {
                    if let Ok(next) = MACHINE.next(this.state, "answer") {
                        this.state = next;
                    }
                    if let RunContent::Out(_, answer) = &mut this.content {
                        *answer = Some((on, answered.clone()));
                    }
                }
                return;
            }
            _ => return,
        };
        *state = Some(CustomsRun {
            key: subject.key.clone(),
            label: label.clone(),
            on,
            by: by.to_owned(),
            state: state_word,
            content,
        });
    }

    /// The run as customs see it: why a row was refused is told as in the reply.
    #[must_use]
    pub fn outside(mut self) -> CustomsRun {
        if let RunContent::In(received) = &mut self.content {
            for row in &mut received.rows {
                if let RowOutcome::Refused { code, words, .. } = &mut row.outcome {
                    let (outside, said) = told(code, words);
                    (*code, *words) = (outside.to_owned(), said.to_owned());
                }
            }
        }
        self
    }

    /// Out or in.
    pub fn direction(&self) -> Direction {
        match self.content {
            RunContent::Out(..) => Direction::Out,
            RunContent::In(_) => Direction::In,
        }
    }

    /// Its number.
    pub fn run(&self) -> u32 {
        match &self.content {
            RunContent::Out(exported, _) => exported.run,
            RunContent::In(received) => received.run,
        }
    }

    /// The file.
    pub fn file(&self) -> &Document {
        match &self.content {
            RunContent::Out(exported, _) => &exported.file,
            RunContent::In(received) => &received.file,
        }
    }

    /// The reply to it; none where customs have not answered yet.
    pub fn reply(&self) -> Option<&Document> {
        match &self.content {
            RunContent::Out(_, answer) => answer.as_ref().map(|(_, answer)| &answer.file),
            RunContent::In(received) => Some(&received.reply),
        }
    }

    /// Licences, or rows, that it holds.
    pub fn holds(&self) -> usize {
        match &self.content {
            RunContent::Out(exported, _) => exported.licences.len(),
            RunContent::In(received) => received.rows.len(),
        }
    }

    /// How many of them were taken, and how many were not; none where customs have not answered yet.
    pub fn taken(&self) -> Option<(usize, usize)> {
        match &self.content {
            RunContent::Out(_, answer) => answer.as_ref().map(|(_, answer)| {
                (usize::try_from(answer.accepted).unwrap_or(usize::MAX), answer.rejected.len())
            }),
            RunContent::In(received) => {
                let accepted = received.accepted();
                Some((accepted, received.rows.len().saturating_sub(accepted)))
            }
        }
    }
}
