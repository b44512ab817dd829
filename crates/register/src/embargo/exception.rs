//! What a measure lets through, on which conditions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fit::Fit;
use super::question::{EndUser, Purpose, Question};
use super::rule::{Activity, Certainty};
use super::scope::ItemScope;
use super::target::in_area;
use super::word::worded;

worded! {
    /// How an exception opens what a measure closes, the widest first.
    Opening, "embargo.exception", "kind" {
        /// Without more.
        Exempt = "exempt",
        /// Once someone was told, and the days have run.
        Notify = "notify",
        /// Once someone has approved it.
        Approve = "approve",
    }
}

/// What an exception is about: everything that it names must be met, and what it does not name is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// End users, by the words of [`EndUser`].
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub end_users: BTreeSet<String>,
    /// Missions by name, where not every one.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub missions: BTreeSet<String>,
    /// Purposes.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub purposes: BTreeSet<Purpose>,
    /// Goods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<ItemScope>,
    /// Whether the goods are non-lethal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub non_lethal: Option<bool>,
    /// Whether the government of the destination has authorised it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorised: Option<bool>,
    /// Activities.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub activities: BTreeSet<Activity>,
    /// An area of the state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
}

impl Condition {
    /// Whether nothing is named, so that everything meets it.
    pub fn is_empty(&self) -> bool {
        *self == Condition::default()
    }

    /// Whether a transfer meets it.
    pub fn fit(&self, question: &Question) -> Fit {
        let mut fit = self.by_end_user(&question.end_user);
        if !self.purposes.is_empty() {
            fit = fit.and(match question.purpose {
                Some(purpose) => Fit::of(self.purposes.contains(&purpose)),
                None => Fit::unknown("purpose", "what the goods are for"),
            });
        }
        if let Some(items) = &self.items {
            fit = fit.and(items.fit(&question.item));
        }
        if let Some(asked) = self.non_lethal {
            fit = fit.and(match question.item.is_non_lethal() {
                Some(is) => Fit::of(is == asked),
                None => Fit::unknown("non_lethal", "whether the goods are non-lethal"),
            });
        }
        if let Some(asked) = self.authorised {
            fit = fit.and(match question.authorised {
                Some(is) => Fit::of(is == asked),
                None => {
                    Fit::unknown("authorised", "whether the government of the destination has authorised it")
                }
            });
        }
        if !self.activities.is_empty() {
            fit = fit.and(Fit::of(self.activities.contains(&question.activity)));
        }
        if let Some(area) = &self.area {
            fit = fit.and(in_area(area, &question.area));
        }
        fit
    }

    fn by_end_user(&self, end_user: &EndUser) -> Fit {
        let who = match end_user {
            _ if self.end_users.is_empty() => Fit::Yes,
            EndUser::Unknown => Fit::unknown("end_user", "who the end user is"),
            known => Fit::of(self.end_users.contains(known.word())),
        };
        if self.missions.is_empty() {
            return who;
        }
        who.and(match end_user {
            EndUser::Mission { name: Some(name) } => Fit::of(self.missions.contains(name)),
            EndUser::Mission { name: None } => Fit::unknown("end_user", "which mission it is"),
            EndUser::Unknown => Fit::unknown("end_user", "who the end user is"),
            _ => Fit::No,
        })
    }
}

/// What a measure lets through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// How it opens.
    pub kind: Opening,
    /// Who is told, or who approves; none where nobody is.
    pub by: Option<String>,
    /// Days beforehand, or within which silence is consent; as `words` say.
    pub days: Option<u16>,
    /// Working days and not days of the calendar.
    pub working_days: bool,
    /// The resolution that made it.
    pub resolution: String,
    /// The paragraph; none where it is not on file.
    pub paragraph: Option<String>,
    /// First instant at which it opens.
    pub valid_from: Timestamp,
    /// First instant at which it opens no more, if it ever does so.
    pub valid_to: Option<Timestamp>,
    /// Instant from which it was known.
    pub known_from: Timestamp,
    /// What it is about.
    pub when: Condition,
    /// What it lets through, in words.
    pub words: String,
    /// How certain the record is. One that is not certain opens nothing: it holds.
    pub certainty: Certainty,
}

impl Exception {
    /// Whether it opens at an instant as known at another.
    pub fn is_in_force(&self, at: Timestamp, known_at: Timestamp) -> bool {
        self.known_from <= known_at && self.valid_from <= at && self.valid_to.is_none_or(|end| at < end)
    }
}
