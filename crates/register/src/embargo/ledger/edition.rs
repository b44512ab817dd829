//! A rule file in the ledger: what is in force of it, and the edition that was proposed last.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::embargo::fault::Text;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};

/// What two people do about an edition, and about a change of the policy.
pub(super) const ROWS: &[Transition] = &[
    Transition::row("proposed", "confirm", "in_force", "another person than the one who proposed it"),
    Transition::row(
        "proposed",
        "reject",
        "rejected",
        "another person than the one who proposed it; a reason",
    ),
    Transition::row("proposed", "withdraw", "withdrawn", "the one who proposed it; a reason"),
    Transition::row("in_force", "replace", "replaced", "the confirmation of a later one"),
];

/// The lifecycle of an edition of a rule file.
pub const MACHINE: Machine = Machine { subject: "embargo edition", initial: "proposed", rows: ROWS };

/// What a rule file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionKind {
    /// A body: its name, its seat, and the span and the regimes by which all its measures are on file.
    Body,
    /// A regime, with its rules.
    Regime,
}

impl EditionKind {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            EditionKind::Body => "body",
            EditionKind::Regime => "regime",
        }
    }
}

/// What a text says that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// A body or a regime.
    pub kind: EditionKind,
    /// Its identifier.
    pub id: String,
    /// The body: of a regime the one whose measures it is, of a body its own identifier.
    pub body: String,
    /// Identifiers of its rules.
    pub rules: BTreeSet<String>,
}

/// `embargo.proposed.v1`: an edition that comes into force once another person confirms it. The event’s reason says why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionProposed {
    /// A body or a regime.
    pub kind: EditionKind,
    /// The body whose measures these are.
    pub body: String,
    /// The file’s name, as it was given.
    pub file: String,
    /// The whole text.
    pub text: String,
    /// SHA-256 of the text, hexadecimal.
    pub content: String,
    /// Identifiers of its rules.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub rules: BTreeSet<String>,
}

/// `embargo.confirmed.v1`, `embargo.rejected.v1`, `embargo.withdrawn.v1`: about which text. The event’s reason says why,
/// where one is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditionJudged {
    /// SHA-256 of the text, hexadecimal.
    pub content: String,
}

/// A text to be proposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRuleFile {
    /// The file’s name, for people and for faults.
    pub file: String,
    /// The whole text, TOML.
    pub text: String,
    /// Why: the resolution that changed something, or what became of a term.
    pub reason: String,
}

/// What is asked of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // `content` is the hash of the text that was looked at; without it, none is asked for.
pub enum EditionCommand {
    Propose(NewRuleFile),
    /// The second person’s word.
    Confirm {
        content: Option<String>,
        reason: Option<String>,
    },
    Reject {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
}

/// Who did something, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionAct {
    /// Key of the account.
    pub by: String,
    /// The day.
    pub on: Date,
    /// Why; none where nobody said.
    pub reason: Option<String>,
}

/// An edition of a rule file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Its number within the file’s editions, from 1.
    pub number: u32,
    /// What was proposed.
    pub proposed: EditionProposed,
    /// By whom, when and why.
    pub proposal: EditionAct,
    /// What the second person, or the proposer, said.
    pub decision: Option<EditionAct>,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Edition {
    /// Its file, named as people find it.
    pub fn as_text(&self) -> Text<'_> {
        Text { name: &self.proposed.file, text: &self.proposed.text }
    }
}

/// The state of a rule file: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleFile {
    /// Identifier of the body or regime.
    pub id: String,
    /// A body or a regime.
    pub kind: EditionKind,
    /// The body whose measures these are.
    pub body: String,
    /// The edition in force; none where none was confirmed.
    pub in_force: Option<Edition>,
    /// The edition that was proposed last.
    pub latest: Edition,
    /// The day of its last change.
    pub last_on: Date,
}

impl RuleFile {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<RuleFile>,
        subject: &Subject,
        on: Date,
        actor: &str,
        (fact, reason): (&Fact, Option<&str>),
    ) {
        let act = EditionAct { by: actor.to_owned(), on, reason: reason.map(str::to_owned) };
        if let Fact::EmbargoProposed(proposed) = fact {
            let edition = |number| Edition {
                number,
                proposed: proposed.clone(),
                proposal: act,
                decision: None,
                state: MACHINE.initial,
            };
            match state {
                Some(this) => {
                    this.latest = edition(this.latest.number.saturating_add(1));
                    this.last_on = on;
                }
                None => {
                    *state = Some(RuleFile {
                        id: subject.key.clone(),
                        kind: proposed.kind,
                        body: proposed.body.clone(),
                        in_force: None,
                        latest: edition(1),
                        last_on: on,
                    });
                }
            }
            return;
        }
        let Some(this) = state else { return };
        let after = match fact {
            Fact::EmbargoConfirmed(_) => "in_force",
            Fact::EmbargoRejected(_) => "rejected",
            Fact::EmbargoWithdrawn(_) => "withdrawn",
            _ => return,
        };
        this.latest.state = after;
        this.latest.decision = Some(act);
        if after == "in_force" {
            this.in_force = Some(this.latest.clone());
        }
        this.last_on = on;
    }

    /// The edition that waits for a second person, if one does.
    pub fn waiting(&self) -> Option<&Edition> {
        Some(&self.latest).filter(|edition| edition.state == MACHINE.initial)
    }

    /// The edition in force, or the one that waits where none is.
    pub(super) fn standing(&self) -> Option<&Edition> {
        self.in_force.as_ref().or_else(|| self.waiting())
    }
}
