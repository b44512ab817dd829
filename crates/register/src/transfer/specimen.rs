//! Specimen signatures of an authority that issues end-user certificates: who may sign, as what, from when until when.
//!
//! One person files a specimen by its paper and another confirms it: whoever could do both could make any forgery genuine.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::certificate::folded;
use super::{another_person, in_order};
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{
    Context, Fact, Fallible, Machine, NewEvent, Refusal, StateWord, Subject, SubjectKind, Transition,
    check_year,
};

/// The lifecycle of one specimen.
pub const MACHINE: Machine = Machine {
    subject: "specimen signature",
    initial: "proposed",
    rows: &[
        Transition::row("proposed", "confirm", "confirmed", "another person than the one who filed it"),
        Transition::row("proposed", "reject", "rejected", "another person; a reason"),
        Transition::row("confirmed", "end", "ended", "its last day; the paper; a reason"),
    ],
};

/// `specimens.proposed.v1`: a specimen as the authority sent it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewSpecimen {
    /// Who signs.
    pub signatory: String,
    /// As what.
    pub position: String,
    /// The first day on which the signature counts.
    pub valid_from: Date,
    /// The last one, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
    /// The paper with the signature.
    pub document: Document,
}

/// `specimens.confirmed.v1`, `specimens.rejected.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecimenJudged {
    /// Number of the specimen, from 1.
    pub specimen: u32,
}

/// `specimens.ended.v1`: the signature counts no more after a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpecimenEnded {
    /// Number of the specimen, from 1.
    pub specimen: u32,
    /// Its last day.
    pub until: Date,
    /// The paper.
    pub document: Document,
}

/// A change of the specimens of an authority; the first one makes the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum SpecimenCommand {
    Propose { on: Date, specimen: NewSpecimen },
    Confirm { on: Date, specimen: u32 },
    Reject { on: Date, specimen: u32, reason: String },
    End { on: Date, specimen: u32, until: Date, reason: String, document: Document },
}

impl SpecimenCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            SpecimenCommand::Propose { .. } => CommandKind::SpecimenPropose,
            SpecimenCommand::Confirm { .. } | SpecimenCommand::Reject { .. } => CommandKind::SpecimenReview,
            SpecimenCommand::End { .. } => CommandKind::SpecimenEnd,
        }
    }
}

/// One specimen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specimen {
    /// Its number, from 1.
    pub number: u32,
    /// As it was filed, with its last day as it stands now.
    pub filed: NewSpecimen,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// Who filed it.
    pub filed_by: String,
    /// When.
    pub filed_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

/// Where a signatory stands with the specimens on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatoryStanding {
    /// A specimen in that position is in force.
    InForce,
    /// A specimen is in force, in another position.
    OtherPosition(String),
    /// A specimen that would be in force waits for a second person.
    Proposed,
    /// There is a specimen, and it is not in force on the day.
    OutOfForce,
    /// There is none, and there are some of others.
    Unknown,
    /// Nobody’s specimen was confirmed so far: it cannot be told who may sign.
    NoneOnFile,
}

/// The specimens of an authority: the subject is its party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Specimens {
    /// Number of the authority’s party.
    pub authority: String,
    /// Who may know of them: that of the party.
    pub label: Label,
    /// All of them, in the order in which they were filed.
    pub specimens: Vec<Specimen>,
    /// The day of their last change.
    pub last_on: Date,
}

impl Specimens {
    /// Folds one event: `by` is the account that acted.
    pub fn apply(
        state: &mut Option<Specimens>,
        subject: &Subject,
        on: Date,
        (by, label): (&str, &Label),
        fact: &Fact,
    ) {
        let this = state.get_or_insert_with(|| Specimens {
            authority: subject.key.clone(),
            label: label.clone(),
            specimens: Vec::new(),
            last_on: on,
        });
        let (number, step) = match fact {
            Fact::SpecimenProposed(filed) => {
                let number = u32::try_from(this.specimens.len()).unwrap_or(u32::MAX).saturating_add(1);
                this.specimens.push(Specimen {
                    number,
                    filed: filed.clone(),
                    state: MACHINE.initial,
                    filed_by: by.to_owned(),
                    filed_on: on,
                });
                this.last_on = on;
                return;
            }
            Fact::SpecimenConfirmed(judged) => (judged.specimen, "confirm"),
            Fact::SpecimenRejected(judged) => (judged.specimen, "reject"),
            Fact::SpecimenEnded(ended) => (ended.specimen, "end"),
            _ => return,
        };
        this.last_on = on;
        let Some(specimen) = this.specimens.iter_mut().find(|one| one.number == number) else { return };
        if let Ok(next) = MACHINE.next(specimen.state, step) {
            specimen.state = next;
        }
        if let Fact::SpecimenEnded(ended) = fact {
            specimen.filed.valid_until = Some(ended.until);
        }
    }

    /// A specimen by its number.
    pub fn get(&self, number: u32) -> Option<&Specimen> {
        self.specimens.iter().find(|one| one.number == number)
    }

    /// Those that wait for a second person.
    pub fn waiting(&self) -> impl Iterator<Item = &Specimen> {
        self.specimens.iter().filter(|one| one.state == "proposed")
    }

    /// Where a signatory stands on a day.
    pub fn standing_of(&self, signatory: &str, position: &str, on: Date) -> SignatoryStanding {
        let (signatory, position) = (folded(signatory), folded(position));
        let own: Vec<&Specimen> = self
            .specimens
            .iter()
            .filter(|one| one.state != "rejected" && folded(&one.filed.signatory) == signatory)
            .collect();
        let covers = |one: &&&Specimen| {
            one.filed.valid_from <= on && one.filed.valid_until.is_none_or(|until| on <= until)
        };
        let is_signed = |one: &&&Specimen| one.state != "proposed";
        let in_force: Vec<&&Specimen> = own.iter().filter(covers).filter(is_signed).collect();
        if in_force.iter().any(|one| folded(&one.filed.position) == position) {
            return SignatoryStanding::InForce;
        }
        if !in_force.is_empty() {
            let positions: Vec<&str> = in_force.iter().map(|one| one.filed.position.as_str()).collect();
            return SignatoryStanding::OtherPosition(positions.join(" and "));
        }
        if own.iter().filter(covers).any(|one| one.state == "proposed") {
            return SignatoryStanding::Proposed;
        }
        match own.is_empty() {
            false => SignatoryStanding::OutOfForce,
            true if self.specimens.iter().any(|one| matches!(one.state, "confirmed" | "ended")) => {
                SignatoryStanding::Unknown
            }
            true => SignatoryStanding::NoneOnFile,
        }
    }
}

/// Decides a change of the specimens of an authority: `party` is the marking of its party.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Specimens>,
    (authority, party): (&str, &Label),
    context: &Context,
    command: SpecimenCommand,
) -> Fallible<Vec<NewEvent>> {
    let step = |number: u32, step: &str, on: Date| -> Fallible<&Specimen> {
        let found = state.and_then(|state| state.get(number));
        let specimen = found.ok_or_else(|| {
            Refusal::new("specimen.number", format!("There is no specimen {number} of {authority}."))
                .field("specimen")
                .missing("the number of a specimen of the authority")
        })?;
        MACHINE.next(specimen.state, step)?;
        in_order(context, ("The file of", authority, state.map_or(on, |state| state.last_on)), on)?;
        Ok(specimen)
    };
    let one = |occurred_on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Specimens.subject(authority),
            occurred_on,
            label: party.clone(),
            fact,
            reason,
        }])
    };
    let account = context.actor.account.as_str();
    match command {
        SpecimenCommand::Propose { on, specimen } => {
            in_order(context, ("The file of", authority, state.map_or(on, |state| state.last_on)), on)?;
            text("specimen.signatory", "signatory", &specimen.signatory, 200)?;
            text("specimen.position", "position", &specimen.position, 200)?;
            check_year("valid_from", specimen.valid_from)?;
            check_until(&specimen, specimen.valid_until)?;
            specimen.document.check(context)?;
            one(on, Fact::SpecimenProposed(specimen), None)
        }
        SpecimenCommand::Confirm { on, specimen } => {
            let found = step(specimen, "confirm", on)?;
            another_person(&found.filed_by, account, "You filed the specimen yourself.")?;
            one(on, Fact::SpecimenConfirmed(SpecimenJudged { specimen }), None)
        }
        SpecimenCommand::Reject { on, specimen, reason } => {
            let found = step(specimen, "reject", on)?;
            text("specimen.reason", "reason", &reason, 1000)?;
            another_person(&found.filed_by, account, "You filed the specimen yourself.")?;
            one(on, Fact::SpecimenRejected(SpecimenJudged { specimen }), Some(reason))
        }
        SpecimenCommand::End { on, specimen, until, reason, document } => {
            let found = step(specimen, "end", on)?;
            text("specimen.reason", "reason", &reason, 1000)?;
            check_until(&found.filed, Some(until))?;
            // One person ends what two have confirmed, and lengthens nothing.
            if let Some(last) = found.filed.valid_until.filter(|last| until > *last) {
                return Err(Refusal::new(
                    "specimen.validity",
                    format!("{until} is after {last}, its last day."),
                )
                .field("until")
                .missing(format!("a date up to {last}, or another specimen")));
            }
            document.check(context)?;
            one(on, Fact::SpecimenEnded(SpecimenEnded { specimen, until, document }), Some(reason))
        }
    }
}

fn check_until(specimen: &NewSpecimen, until: Option<Date>) -> Fallible<()> {
    let Some(until) = until else { return Ok(()) };
    check_year("valid_until", until)?;
    if until >= specimen.valid_from {
        return Ok(());
    }
    Err(Refusal::new("specimen.validity", format!("{until} is before {}.", specimen.valid_from))
        .field("valid_until")
        .missing(format!("a date from {}", specimen.valid_from)))
}
