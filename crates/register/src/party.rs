//! Parties: state authorities and companies named in contracts.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::partner::check_state_code;

/// What sort of party it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A ministry, service or armed force.
    StateAuthority,
    /// A company.
    Company,
    /// A natural person.
    Person,
}

impl PartyKind {
    /// All kinds.
    pub const ALL: [PartyKind; 3] = [PartyKind::StateAuthority, PartyKind::Company, PartyKind::Person];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            PartyKind::StateAuthority => "state_authority",
            PartyKind::Company => "company",
            PartyKind::Person => "person",
        }
    }
}

impl FromStr for PartyKind {
    type Err = Refusal;

    fn from_str(word: &str) -> Result<PartyKind, Refusal> {
        PartyKind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| {
            let words: Vec<&str> = PartyKind::ALL.iter().map(|kind| kind.word()).collect();
            Refusal::new("party.kind", format!("{word:?} is not a sort of party."))
                .field("kind")
                .missing(format!("one of {}", words.join(", ")))
        })
    }
}

/// Registers a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewParty {
    /// Full name.
    pub name: String,
    /// What sort of party.
    pub kind: PartyKind,
    /// State of establishment, ISO 3166-1 alpha-3.
    pub state: String,
    /// Marking.
    pub label: Label,
}

/// `party.registered.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyRegistered {
    /// Full name.
    pub name: String,
    /// What sort of party.
    pub kind: PartyKind,
    /// State of establishment, ISO 3166-1 alpha-3.
    pub state: String,
}

/// Decides the registration of a party under the next number of its series.
///
/// # Errors
/// `party.name`, `state.malformed` or `party.label`.
pub fn register(context: &Context, number: &str, new: NewParty) -> Fallible<Vec<NewEvent>> {
    text("party.name", "name", &new.name, 200)?;
    check_name(&new.name)?;
    check_state_code("state", &new.state)?;
    check_may_mark(context, &new.label)?;
    Ok(vec![NewEvent {
        subject: SubjectKind::Party.subject(number),
        occurred_on: context.today,
        label: new.label,
        fact: Fact::PartyRegistered(PartyRegistered { name: new.name, kind: new.kind, state: new.state }),
        reason: None,
    }])
}

/// A name is one line, and stands in lists with semicolons between them.
fn check_name(name: &str) -> Fallible<()> {
    let (message, missing) =
        match name.chars().find(|c| matches!(c, ';' | '\n') || (*c != ' ' && c.is_whitespace())) {
            None => return Ok(()),
            Some(';') => (
                "The name holds a semicolon, by which lists of names are divided.",
                "a name without a semicolon",
            ),
            Some('\n') => ("The name has more than one line.", "a name on one line"),
            Some(_) => ("The name holds a blank of another kind than a space.", "a name with plain spaces"),
        };
    Err(Refusal::new("party.name", message).field("name").missing(missing))
}

/// Nobody may mark a subject beyond what that person may then read.
///
/// # Errors
/// `label.above_clearance`.
pub fn check_may_mark(context: &Context, label: &Label) -> Fallible<()> {
    if context.actor.clearance.admits(label) {
        return Ok(());
    }
    Err(Refusal::new("label.above_clearance", format!("You are not cleared for {label}."))
        .field("label")
        .missing("a marking within your own clearance"))
}
