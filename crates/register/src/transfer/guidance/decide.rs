//! What may be done about guidance.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::standing::StandingAssessment;
use super::{Guidance, GuidanceContent, GuidanceEnded, GuidanceJudged, GuidanceProposed, MACHINE};
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind, check_year};
use crate::party::check_may_mark;
use crate::transfer::licence::{Licence, LicenceFact, MACHINE as LICENCE};
use crate::transfer::{another_person, in_order};

/// A first edition of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewGuidance {
    /// The day on which it is proposed.
    pub on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What it says.
    pub content: Box<GuidanceContent>,
    /// The paper that it rests on.
    pub document: Document,
}

/// A change of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum GuidanceCommand {
    Propose { on: Date, content: Box<GuidanceContent>, document: Document },
    Confirm { on: Date, edition: u32 },
    Reject { on: Date, edition: u32, reason: String },
    Withdraw { on: Date, edition: u32 },
    End { on: Date, edition: u32, until: Date, reason: String, document: Document },
}

impl GuidanceCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            GuidanceCommand::Propose { .. } | GuidanceCommand::Withdraw { .. } => {
                CommandKind::GuidancePropose
            }
            GuidanceCommand::Confirm { .. } | GuidanceCommand::Reject { .. } => CommandKind::GuidanceReview,
            GuidanceCommand::End { .. } => CommandKind::GuidanceEnd,
        }
    }
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct GuidanceFacts {
    /// The markings of the parties that it names and the actor may see, by number.
    pub parties: BTreeMap<String, Label>,
    /// Whether the territory that it names is a group of states.
    pub is_group: bool,
    /// Every licence to the territory that can still be drawn down, or is suspended, whoever may read of it.
    pub licences: Vec<Licence>,
}

/// Opens a file with its first edition.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn open(
    number: &str,
    facts: &GuidanceFacts,
    context: &Context,
    new: NewGuidance,
) -> Fallible<Vec<NewEvent>> {
    let NewGuidance { on, label, content, document } = new;
    check_may_mark(context, &label)?;
    propose((number, &label), facts, context, (on, *content, document))
}

fn propose(
    (number, label): (&str, &Label),
    facts: &GuidanceFacts,
    context: &Context,
    (on, content, document): (Date, GuidanceContent, Document),
) -> Fallible<Vec<NewEvent>> {
    context.not_in_future("on", on)?;
    document.check(context)?;
    check(&content, context, on)?;
    if let GuidanceContent::StandingAssessment(standing) = &content
        && !facts.is_group
    {
        crate::partner::check_state_code("territory", &standing.territory).map_err(|refusal| {
            refusal.missing("an ISO 3166-1 code of three capital letters, or the code of a group of states")
        })?;
    }
    for (field, party) in named(&content) {
        match facts.parties.get(party) {
            None => return Err(Refusal::not_found("party", party).field(field)),
            Some(of) if !label.dominates(of) => {
                return Err(Refusal::new(
                    "guidance.marking",
                    format!("{party} is marked {of}, the {} {label}.", content.kind().name()),
                )
                .field(field)
                .missing("what every reader of it may know of, or a higher marking"));
            }
            Some(_) => {}
        }
    }
    let fact = Fact::GuidanceProposed(GuidanceProposed { content, document });
    Ok(vec![event((number, label), on, fact, None)])
}

/// The parties that it names, each with its field.
pub fn named(content: &GuidanceContent) -> BTreeSet<(&'static str, &str)> {
    let mut named: BTreeSet<(&'static str, &str)> =
        content.party().map(|party| ("party", party)).into_iter().collect();
    if let GuidanceContent::Routing(routing) = content {
        let agencies = routing.rules.iter().flat_map(|rule| &rule.agencies);
        named.extend(agencies.map(|agency| ("rules", agency.as_str())));
    }
    named
}

fn check(content: &GuidanceContent, context: &Context, on: Date) -> Fallible<()> {
    match content {
        GuidanceContent::StandingAssessment(standing) => standing.check(context, on),
        GuidanceContent::Denial(denial) => denial.check(context),
        GuidanceContent::Quota(quota) => quota.check(context),
        GuidanceContent::Indicator(indicator) => indicator.check(context),
        GuidanceContent::Agency(agency) => agency.check(context),
        GuidanceContent::Routing(routing) => routing.check(),
        GuidanceContent::ControlList(list) => list.check(context),
        GuidanceContent::Recognition(of) => of.check(context),
    }
}

fn event((number, label): (&str, &Label), occurred_on: Date, fact: Fact, reason: Option<String>) -> NewEvent {
    NewEvent {
        subject: SubjectKind::Guidance.subject(number),
        occurred_on,
        label: label.clone(),
        fact,
        reason,
    }
}

/// Decides a change of a file. A standing assessment that is confirmed and worse than the one before re-opens the licences
/// of its territory by the same command.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Guidance,
    facts: &GuidanceFacts,
    context: &Context,
    command: GuidanceCommand,
) -> Fallible<Vec<NewEvent>> {
    let of = (this.number.as_str(), &this.label);
    let account = context.actor.account.as_str();
    let ordered = |on| in_order(context, ("File", &this.number, this.last_on), on);
    let step = |number: u32, step: &str, on: Date| {
        let edition = this.get(number).ok_or_else(|| {
            Refusal::new("guidance.edition", format!("There is no edition {number} of {}.", this.number))
                .field("edition")
                .missing("the number of an edition")
        })?;
        MACHINE.next(edition.state, step)?;
        ordered(on)?;
        Ok::<_, Refusal>(edition)
    };
    match command {
        GuidanceCommand::Propose { on, content, document } => {
            ordered(on)?;
            check_same(this, &content)?;
            if let Some(waiting) = this.waiting() {
                return Err(Refusal::new(
                    "guidance.waiting",
                    format!("Edition {} waits for a second person.", waiting.number),
                )
                .missing("that edition confirmed, rejected or withdrawn"));
            }
            propose(of, facts, context, (on, *content, document))
        }
        GuidanceCommand::Confirm { on, edition } => {
            let found = step(edition, "confirm", on)?;
            another_person(&found.proposed_by, account, "You proposed the edition yourself.")?;
            let mut events = Vec::new();
            if let GuidanceContent::StandingAssessment(standing) = &found.content {
                events.extend(reopened(this, (edition, standing), facts, context));
            }
            // The last one, by which a request that comes again is answered: it tells of no licence.
            events.push(event(of, on, Fact::GuidanceConfirmed(GuidanceJudged { edition }), None));
            Ok(events)
        }
        GuidanceCommand::Reject { on, edition, reason } => {
            let found = step(edition, "reject", on)?;
            text("guidance.reason", "reason", &reason, 1000)?;
            another_person(&found.proposed_by, account, "You proposed the edition yourself.")?;
            Ok(vec![event(of, on, Fact::GuidanceRejected(GuidanceJudged { edition }), Some(reason))])
        }
        GuidanceCommand::Withdraw { on, edition } => {
            let found = step(edition, "withdraw", on)?;
            if found.proposed_by != account {
                return Err(Refusal::new("guidance.withdraw", "Another person proposed the edition.")
                    .missing("the account that proposed it, or its rejection by a second person"));
            }
            Ok(vec![event(of, on, Fact::GuidanceWithdrawn(GuidanceJudged { edition }), None)])
        }
        GuidanceCommand::End { on, edition, until, reason, document } => {
            let found = step(edition, "end", on)?;
            text("guidance.reason", "reason", &reason, 1000)?;
            document.check(context)?;
            check_year("until", until)?;
            // Whoever could file a warning and end it alone could make it as if it had never been.
            another_person(&found.proposed_by, account, "You proposed the edition yourself.")?;
            if until < on {
                return Err(Refusal::new("guidance.until", format!("{until} is before {on}."))
                    .field("until")
                    .missing(format!("a date from {on}: what was judged by it was judged by it")));
            }
            let ended = GuidanceEnded { edition, until, document };
            Ok(vec![event(of, on, Fact::GuidanceEnded(ended), Some(reason))])
        }
    }
}

/// An edition is of what its file is about.
fn check_same(this: &Guidance, content: &GuidanceContent) -> Fallible<()> {
    let kept = |field: &str, kept: &str| {
        Err(Refusal::new("guidance.file", format!("{} is a file of its own.", content.title()))
            .field(field)
            .missing(kept.to_owned()))
    };
    if content.kind() != this.kind {
        return kept("guidance", &format!("a {}", this.kind.name()));
    }
    match content.number(&this.label) {
        Some(number) if number != this.number => kept("number", &format!("what {} is about", this.number)),
        Some(_) => Ok(()),
        None => {
            let territory = this.editions.first().and_then(|first| first.content.territory());
            match territory {
                Some(territory) if content.territory() != Some(territory) => kept("destination", territory),
                _ => Ok(()),
            }
        }
    }
}

/// The licences of a territory that is worse than it was: each is suspended until somebody has looked at it again.
fn reopened(
    this: &Guidance,
    (edition, standing): (u32, &StandingAssessment),
    facts: &GuidanceFacts,
    context: &Context,
) -> Vec<NewEvent> {
    let before = this.in_force().and_then(|before| match &before.content {
        GuidanceContent::StandingAssessment(before) => Some(before),
        _ => None,
    });
    let criteria = standing.worse_than(before);
    if criteria.is_empty() {
        return Vec::new();
    }
    let reopen = |licence: &Licence| {
        LICENCE.next(licence.state, "reopen").ok()?;
        // Who reads of a licence need not be told of an assessment that is marked higher.
        let is_open = licence.label.dominates(&this.label);
        let fact = LicenceFact::Reopened {
            territory: standing.territory.clone(),
            assessment: is_open.then(|| (this.number.clone(), edition)),
            criteria: if is_open { criteria.clone() } else { BTreeSet::new() },
        };
        Some(NewEvent {
            subject: SubjectKind::Licence.subject(&licence.number),
            occurred_on: context.today,
            label: licence.label.clone(),
            fact: fact.into(),
            reason: None,
        })
    };
    facts.licences.iter().filter_map(reopen).collect()
}
