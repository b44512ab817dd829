//! Commands about applications and licences, with what the register holds of all that they name.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use crate::access::{Actor, Role};
use crate::label::Label;
use crate::ledger::{Context, Fallible, NewEvent, Refusal, SubjectKind};
use crate::party::check_may_mark;
use crate::transfer::application::{Application, ApplicationCommand, DecisionFacts, decide};
use crate::transfer::content::{Content, Request};
use crate::transfer::licence::{GateFacts, Licence, LicenceCommand, decide as decide_on_licence};

/// A new application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewApplication {
    /// The day on which it is drafted.
    pub on: Date,
    /// Who may know of it, and of the licence that comes of it.
    pub label: Label,
    /// What is applied for.
    pub content: Box<Content>,
}

/// What the register holds of what an application names.
#[derive(Debug, Clone, Default)]
pub struct RegisterFacts {
    /// The markings of the parties that the actor may see, by number.
    pub parties: BTreeMap<String, Label>,
    /// The marking of the contract that it names, if the actor may see it.
    pub contract: Option<Label>,
    /// Of the lines of contracts that it names, those that are there, by number.
    pub lines: BTreeSet<String>,
    /// The application whose advance opinion it names, if the actor may see it.
    pub advance_opinion: Option<Application>,
}

/// What the rules of an application need to know.
#[derive(Debug, Clone, Default)]
pub struct ApplicationFacts {
    /// What it names.
    pub named: RegisterFacts,
    /// What a decision rests on.
    pub decision: DecisionFacts,
}

/// What the rules of a licence need to know.
#[derive(Debug, Clone, Default)]
pub struct LicenceFacts {
    /// What the gate before a shipment asks.
    pub gate: GateFacts,
    /// The line of a contract whose delivery a write-off names, if the actor may see it.
    pub delivered_line: Option<String>,
    /// By line of the licence, the line of a contract that it fulfils.
    pub contract_lines: BTreeMap<u32, String>,
}

/// Drafts an application.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn draft_application(
    number: &str,
    facts: &ApplicationFacts,
    context: &Context,
    new: NewApplication,
) -> Fallible<Vec<NewEvent>> {
    let NewApplication { on, label, content } = new;
    check_may_mark(context, &label)?;
    check_applicant(&context.actor, &content.applicant)?;
    check_named(&facts.named, &content, &label)?;
    events(None, number, &label, facts, context, ApplicationCommand::Draft { on, content })
}

/// Decides a change of an application.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide_application(
    this: &Application,
    facts: &ApplicationFacts,
    context: &Context,
    command: ApplicationCommand,
) -> Fallible<Vec<NewEvent>> {
    match &command {
        ApplicationCommand::Revise { content, .. } => {
            check_applicant(&context.actor, &this.content.applicant)?;
            check_named(&facts.named, content, &this.label)?;
        }
        ApplicationCommand::Submit { .. } => {
            check_applicant(&context.actor, &this.content.applicant)?;
            check_named(&facts.named, &this.content, &this.label)?;
        }
        ApplicationCommand::Discard { .. }
        | ApplicationCommand::Withdraw { .. }
        | ApplicationCommand::Answer { .. }
        | ApplicationCommand::Appeal { .. } => check_applicant(&context.actor, &this.content.applicant)?,
        ApplicationCommand::AskOpinion { agency, .. } => {
            check_party(&facts.named, "agency", agency, &this.label)?;
        }
        ApplicationCommand::Route { .. } => {
            for agency in facts.decision.routed.agencies.keys() {
                if !this.consulted.contains_key(agency) {
                    check_party(&facts.named, "agency", agency, &this.label)?;
                }
            }
        }
        // Whoever could confirm for any agency would be the second person of none.
        ApplicationCommand::ConfirmOpinion { agency, .. }
            if context.actor.party.as_deref() != Some(agency) =>
        {
            return Err(Refusal::new("transfer.agency", format!("You do not speak for {agency}."))
                .field("agency")
                .missing("an account of that agency"));
        }
        ApplicationCommand::GiveOpinion { opinion, .. } => {
            let is_own = context.actor.roles.contains(&Role::ConsultedAgency)
                && context.actor.party.as_deref() == Some(&opinion.agency);
            if !is_own && !context.actor.roles.contains(&Role::LicensingOfficer) {
                return Err(Refusal::new(
                    "transfer.agency",
                    format!("You do not speak for {}.", opinion.agency),
                )
                .field("agency")
                .missing("an account of that agency, or a licensing officer with its paper"));
            }
            if !is_own && opinion.document.is_none() {
                return Err(Refusal::new(
                    "transfer.agency",
                    format!("The opinion of {} is recorded by its paper.", opinion.agency),
                )
                .field("document")
                .missing("the paper by which the agency gave its opinion"));
            }
        }
        _ => {}
    }
    events(Some(this), &this.number, &this.label, facts, context, command)
}

fn events(
    this: Option<&Application>,
    number: &str,
    label: &Label,
    facts: &ApplicationFacts,
    context: &Context,
    command: ApplicationCommand,
) -> Fallible<Vec<NewEvent>> {
    let outcome = decide(this, &facts.decision, context, command)?;
    let event = |kind: SubjectKind, key: &str, occurred_on, fact, reason| NewEvent {
        subject: kind.subject(key),
        occurred_on,
        label: label.clone(),
        fact,
        reason,
    };
    let mut events: Vec<NewEvent> = outcome
        .application
        .into_iter()
        .map(|one| event(SubjectKind::Application, number, one.on, one.fact.into(), one.reason))
        .collect();
    if let Some(one) = outcome.licence {
        let licence = &facts.decision.licence;
        events.push(event(SubjectKind::Licence, licence, one.on, one.fact.into(), one.reason));
    }
    Ok(events)
}

/// Decides a change of a licence.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide_licence(
    this: &Licence,
    facts: &LicenceFacts,
    context: &Context,
    command: LicenceCommand,
) -> Fallible<Vec<NewEvent>> {
    if let LicenceCommand::WriteOff { written, .. } = &command
        && let Some(delivery) = &written.delivery
    {
        let Some(of) = &facts.delivered_line else {
            return Err(Refusal::not_found("delivery", delivery).field("delivery"));
        };
        if facts.contract_lines.get(&written.line) != Some(of) {
            return Err(Refusal::new(
                "licence.delivery",
                format!("Delivery {delivery} is of line {of} of a contract, which line {} of the licence does not fulfil.", written.line),
            )
            .field("delivery")
            .missing("a delivery of the line of the contract that the licence is for"));
        }
    }
    let decided = decide_on_licence(this, &facts.gate, context, command)?;
    let event = |one: crate::transfer::Decided<_>| NewEvent {
        subject: SubjectKind::Licence.subject(&this.number),
        occurred_on: one.on,
        label: this.label.clone(),
        fact: crate::ledger::Fact::from(one.fact),
        reason: one.reason,
    };
    Ok(decided.into_iter().map(event).collect())
}

/// Whoever applies acts for itself; a licensing officer files what comes on paper.
fn check_applicant(actor: &Actor, applicant: &str) -> Fallible<()> {
    if actor.roles.contains(&Role::LicensingOfficer) || actor.party.as_deref() == Some(applicant) {
        return Ok(());
    }
    Err(Refusal::new("transfer.applicant", format!("You do not act for {applicant}."))
        .field("applicant")
        .missing("your own party as the applicant"))
}

/// Whether all that an application names is there, and may be known to everyone who reads it.
fn check_named(facts: &RegisterFacts, content: &Content, label: &Label) -> Fallible<()> {
    check_party(facts, "applicant", &content.applicant, label)?;
    for party in content.named() {
        check_party(facts, "parties", party, label)?;
    }
    if let Some(contract) = &content.contract {
        let Some(of_contract) = &facts.contract else {
            return Err(Refusal::not_found("contract", contract).field("contract"));
        };
        if !label.dominates(of_contract) {
            return Err(marked_higher("contract", contract, of_contract, label));
        }
    }
    if let Some(number) = &content.advance_opinion {
        check_opinion(facts.advance_opinion.as_ref(), number, content, label)?;
    }
    for (place, line) in content.lines.iter().enumerate() {
        let Some(of) = &line.contract_line else { continue };
        let is_of_contract = content.contract.as_deref() == Some(crate::contract::line::contract_of(of))
            && facts.lines.contains(of);
        if !is_of_contract {
            return Err(Refusal::not_found("line", of).field(format!("lines[{place}].contract_line")));
        }
    }
    Ok(())
}

/// Whether an application rests on an advance opinion that was given to its applicant: whether it still binds, and in what the
/// application goes beyond it, is looked at when it is decided.
fn check_opinion(
    opined: Option<&Application>,
    number: &str,
    content: &Content,
    label: &Label,
) -> Fallible<()> {
    let field = "advance_opinion";
    let opined = opined.filter(|opined| opined.content.applicant == content.applicant);
    let Some(opined) = opined else {
        return Err(Refusal::not_found("application", number).field(field));
    };
    if !label.dominates(&opined.label) {
        return Err(marked_higher(field, number, &opined.label, label));
    }
    if opined.content.request != Request::AdvanceOpinion || opined.state != "affirmed" {
        return Err(Refusal::new(
            "transfer.advance_opinion",
            format!("No favourable advance opinion was given on {number}."),
        )
        .field(field)
        .missing("an application by which one was given, or none"));
    }
    Ok(())
}

fn check_party(facts: &RegisterFacts, field: &str, party: &str, label: &Label) -> Fallible<()> {
    match facts.parties.get(party) {
        None => Err(Refusal::not_found("party", party).field(field)),
        Some(of_party) if !label.dominates(of_party) => Err(marked_higher(field, party, of_party, label)),
        Some(_) => Ok(()),
    }
}

fn marked_higher(field: &str, what: &str, of: &Label, label: &Label) -> Refusal {
    Refusal::new("transfer.marking", format!("{what} is marked {of}, the application {label}."))
        .field(field)
        .missing("what every reader of the application may know of, or a higher marking")
}
