//! What may be done about an inspection, and what follows for the licences of its end user.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::{
    Accounted, IncidentClosed, Inspection, InspectionPlanned, InspectionVisited, MACHINE, VisitOutcome,
    listed,
};
use crate::access::CommandKind;
use crate::contract::serial::{MOST_SERIALS, folded};
use crate::document::{Document, text};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Occurred, Refusal, SubjectKind, check_year};
use crate::transfer::in_order;
use crate::transfer::licence::{Licence, LicenceFact, MACHINE as LICENCE};

/// An inspection that is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewInspection {
    /// The day on which it is planned.
    pub on: Date,
    /// Number of the licence.
    pub licence: String,
    /// Number of the end user.
    pub end_user: String,
    /// The day of the visit.
    pub visit_on: Date,
    /// Why this one was chosen.
    pub reason: String,
}

/// What a visit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewVisit {
    /// The day of the visit.
    pub on: Date,
    /// What came of it.
    pub outcome: VisitOutcome,
    /// Serial numbers that were seen.
    pub seen: Vec<String>,
    /// What became of others.
    pub accounted: Vec<Accounted>,
    /// What was found, in words.
    pub findings: String,
    /// The report.
    pub document: Document,
}

/// A change of an inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum InspectionCommand {
    Visit(NewVisit),
    Cancel { on: Date, reason: String },
    Close { on: Date, reason: String, document: Document },
}

impl InspectionCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            InspectionCommand::Visit(_) => CommandKind::InspectionVisit,
            InspectionCommand::Cancel { .. } => CommandKind::InspectionCancel,
            InspectionCommand::Close { .. } => CommandKind::InspectionClose,
        }
    }
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct InspectionFacts {
    /// Serial numbers of what went under the licence and was not returned.
    pub expected: Vec<String>,
    /// Every licence that names the end user and can still be drawn down, or is suspended, whoever may read of it.
    pub licences: Vec<Licence>,
}

/// Plans an inspection of what went under a licence: `certificate` is that of the end user, where it has one.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn plan(
    number: &str,
    (licence, certificate): (&Licence, Option<String>),
    context: &Context,
    new: NewInspection,
) -> Fallible<Vec<NewEvent>> {
    let NewInspection { on, end_user, visit_on, reason, .. } = new;
    context.not_in_future("on", on)?;
    text("inspection.reason", "reason", &reason, 1000)?;
    check_year("visit_on", visit_on)?;
    if visit_on < licence.issued_on {
        return Err(Refusal::new(
            "inspection.visit_on",
            format!("{visit_on} is before {}, on which the licence was issued.", licence.issued_on),
        )
        .field("visit_on")
        .missing(format!("a date from {}", licence.issued_on)));
    }
    let names =
        |party: &&crate::transfer::content::TransferParty| party.role.uses() && party.party == end_user;
    if licence.issued.parties.iter().find(names).is_none() {
        return Err(Refusal::new(
            "inspection.end_user",
            format!("{end_user} is no end user of licence {}.", licence.number),
        )
        .field("end_user")
        .missing("an end user that the licence names"));
    }
    if licence.written_off.is_empty() {
        return Err(Refusal::new(
            "inspection.nothing_went",
            format!("Nothing was written off of licence {}.", licence.number),
        )
        .field("licence")
        .missing("a licence under which goods went"));
    }
    let planned = InspectionPlanned { licence: licence.number.clone(), end_user, certificate, visit_on };
    Ok(vec![NewEvent {
        subject: SubjectKind::Inspection.subject(number),
        occurred_on: on,
        label: licence.label.clone(),
        fact: Fact::InspectionPlanned(planned),
        reason: Some(reason),
    }])
}

/// Decides a change of an inspection. An incident stops the licences of the end user by the same command.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Inspection,
    facts: &InspectionFacts,
    context: &Context,
    command: InspectionCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |occurred_on, fact, reason| NewEvent {
        subject: SubjectKind::Inspection.subject(&this.number),
        occurred_on,
        label: this.label.clone(),
        fact,
        reason,
    };
    let ordered = |on| in_order(context, ("Inspection", &this.number, this.last_on), on);
    match command {
        InspectionCommand::Visit(visit) => {
            let on = visit.on;
            let visited = visited(facts, context, visit)?;
            MACHINE.next(this.state, visited.step())?;
            // A visit is told of when the report is there, and may have been before it was planned in the register.
            context.not_in_future("on", on)?;
            let is_incident = visited.step() == "find_incident";
            let mut events = Vec::new();
            if is_incident {
                events.extend(facts.licences.iter().filter_map(|licence| stopped(this, context, licence)));
            }
            // The last one, by which a request that comes again is answered: it tells of no licence.
            events.push(event(on, Fact::InspectionVisited(visited), None));
            Ok(events)
        }
        InspectionCommand::Cancel { on, reason } => {
            MACHINE.next(this.state, "cancel")?;
            ordered(on)?;
            text("inspection.reason", "reason", &reason, 1000)?;
            Ok(vec![event(on, Fact::InspectionCancelled(Occurred::default()), Some(reason))])
        }
        InspectionCommand::Close { on, reason, document } => {
            MACHINE.next(this.state, "close")?;
            ordered(on)?;
            text("inspection.reason", "reason", &reason, 1000)?;
            document.check(context)?;
            Ok(vec![event(on, Fact::InspectionClosed(IncidentClosed { document }), Some(reason))])
        }
    }
}

/// A licence of the end user stops: on the day on which it becomes known, for what went before went.
fn stopped(this: &Inspection, context: &Context, licence: &Licence) -> Option<NewEvent> {
    LICENCE.next(licence.state, "stop").ok()?;
    // Who reads of a licence need not be told of an inspection that is marked higher.
    let inspection = licence.label.dominates(&this.label).then(|| this.number.clone());
    let fact = LicenceFact::Stopped { inspection, end_user: this.planned.end_user.clone() };
    Some(NewEvent {
        subject: SubjectKind::Licence.subject(&licence.number),
        occurred_on: context.today,
        label: licence.label.clone(),
        fact: fact.into(),
        reason: None,
    })
}

/// What a visit found, once it is whole.
fn visited(facts: &InspectionFacts, context: &Context, visit: NewVisit) -> Fallible<InspectionVisited> {
    text("inspection.findings", "findings", &visit.findings, 4000)?;
    visit.document.check(context)?;
    let seen: Vec<String> = visit.seen.iter().map(|serial| serial.trim().to_owned()).collect();
    let mut named = BTreeSet::new();
    let accounted = visit.accounted.iter().map(|one| ("accounted", one.serial.as_str()));
    for (field, serial) in seen.iter().map(|serial| ("seen", serial.as_str())).chain(accounted) {
        text("inspection.serial", field, serial, 60)?;
        if !named.insert(folded(serial)) {
            return Err(Refusal::new("inspection.serial", format!("Serial number {serial} is named twice."))
                .field(field)
                .missing("each serial number once"));
        }
    }
    if named.len() > MOST_SERIALS {
        return Err(Refusal::new("inspection.serial", format!("{} serial numbers are named.", named.len()))
            .field("seen")
            .missing(format!("at most {MOST_SERIALS}")));
    }
    let expected: BTreeSet<String> = facts.expected.iter().map(|serial| folded(serial)).collect();
    for one in &visit.accounted {
        text("inspection.how", "accounted", &one.how, 500)?;
        one.document.check(context)?;
        if !expected.contains(&folded(&one.serial)) {
            return Err(Refusal::new(
                "inspection.serial",
                format!("Nothing says that {} went under the licence.", one.serial),
            )
            .field("accounted")
            .missing("serial numbers of what went under the licence"));
        }
    }
    let visited = InspectionVisited {
        outcome: visit.outcome,
        expected: facts.expected.clone(),
        seen,
        accounted: visit.accounted,
        findings: visit.findings,
        document: visit.document,
    };
    check_outcome(&visited)?;
    Ok(visited)
}

/// What is said to have come of a visit is what was seen.
fn check_outcome(visited: &InspectionVisited) -> Fallible<()> {
    let missing = visited.missing();
    let is_seen = !visited.seen.is_empty() || !visited.accounted.is_empty();
    match visited.outcome {
        VisitOutcome::Favourable if !missing.is_empty() => Err(Refusal::new(
            "inspection.missing",
            format!(
                "Of {} serial numbers {} were seen. Neither seen nor accounted for: {}.",
                visited.expected.len(),
                visited.seen_of_expected(),
                listed(&missing)
            ),
        )
        .field("outcome")
        .missing("an unfavourable outcome, or what became of each by its paper")),
        VisitOutcome::Unable | VisitOutcome::AccessRefused if is_seen => {
            Err(Refusal::new("inspection.seen", "Serial numbers are named, though nothing could be seen.")
                .field("outcome")
                .missing("a favourable or an unfavourable outcome, or no serial numbers"))
        }
        _ => Ok(()),
    }
}
