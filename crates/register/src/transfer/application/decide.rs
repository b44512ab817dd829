//! What may be done about an application.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{Application, ApplicationFact, Assessment, Condition, LineDecision, MACHINE, Proposal, Risk};
use crate::access::{CommandKind, Role};
use crate::document::{Document, text};
use crate::embargo::Class;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::Money;
use crate::transfer::check::{
    Check, CheckFacts, EndUserStanding, Established, RecordKind, check_record, pass, run,
};
use crate::transfer::content::{Content, Request};
use crate::transfer::guidance::agency::Agency;
use crate::transfer::guidance::routing::Routed;
use crate::transfer::licence::{
    LicenceCondition, LicenceFact, LicenceIssued, LicenceLine, MOST_DAYS, USUAL_DAYS,
};
use crate::transfer::opinion::{Criterion, DisagreementRule, Opinion, check_criteria, combine};
use crate::transfer::{Decided, check_span, in_order};

/// A change of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum ApplicationCommand {
    Draft {
        on: Date,
        content: Box<Content>,
    },
    Revise {
        on: Date,
        content: Box<Content>,
        reason: String,
    },
    Submit {
        on: Date,
    },
    Discard {
        on: Date,
    },
    Withdraw {
        on: Date,
        reason: String,
    },
    Ask {
        on: Date,
        text: String,
    },
    Answer {
        on: Date,
        question: u32,
        text: String,
        documents: Vec<Document>,
    },
    Establish {
        on: Date,
        party: String,
        standing: EndUserStanding,
        document: Document,
    },
    /// `reference` is the number under which the approval, notification or consideration is filed.
    Record {
        on: Date,
        check: String,
        kind: RecordKind,
        reference: String,
        document: Document,
        reason: Option<String>,
    },
    /// By a day, or by the agency’s own calendar.
    AskOpinion {
        on: Date,
        agency: String,
        due_on: Option<Date>,
    },
    /// Asks every agency that the routing rules name and that was not asked.
    Route {
        on: Date,
    },
    GiveOpinion {
        on: Date,
        opinion: Opinion,
    },
    ConfirmOpinion {
        on: Date,
        agency: String,
    },
    Assess {
        on: Date,
        assessment: Assessment,
    },
    Propose {
        on: Date,
        proposal: Proposal,
    },
    Return {
        on: Date,
        reason: String,
    },
    Countersign {
        on: Date,
    },
    Appeal {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
}

impl ApplicationCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            ApplicationCommand::Draft { .. } => CommandKind::ApplicationDraft,
            ApplicationCommand::Revise { .. } => CommandKind::ApplicationRevise,
            ApplicationCommand::Submit { .. } => CommandKind::ApplicationSubmit,
            ApplicationCommand::Discard { .. } => CommandKind::ApplicationDiscard,
            ApplicationCommand::Withdraw { .. } => CommandKind::ApplicationWithdraw,
            ApplicationCommand::Ask { .. } => CommandKind::ApplicationAsk,
            ApplicationCommand::Answer { .. } => CommandKind::ApplicationAnswer,
            ApplicationCommand::Establish { .. } => CommandKind::ApplicationEstablish,
            ApplicationCommand::Record { .. } => CommandKind::ApplicationRecord,
            ApplicationCommand::AskOpinion { .. } | ApplicationCommand::Route { .. } => {
                CommandKind::ApplicationAskOpinion
            }
            ApplicationCommand::GiveOpinion { .. } => CommandKind::ApplicationGiveOpinion,
            ApplicationCommand::ConfirmOpinion { .. } => CommandKind::ApplicationConfirmOpinion,
            ApplicationCommand::Assess { .. } => CommandKind::ApplicationAssess,
            ApplicationCommand::Propose { .. } => CommandKind::ApplicationPropose,
            ApplicationCommand::Return { .. } => CommandKind::ApplicationReturn,
            ApplicationCommand::Countersign { .. } => CommandKind::ApplicationCountersign,
            ApplicationCommand::Appeal { .. } => CommandKind::ApplicationAppeal,
        }
    }
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct DecisionFacts {
    /// What the checks are made of, as it is known now; end users stand in the application.
    pub checks: CheckFacts,
    /// The number of a new licence.
    pub licence: String,
    /// What the routing rules in force say of it.
    pub routed: Routed,
    /// How agencies are consulted, of those that are asked or to be asked, by party.
    pub agencies: BTreeMap<String, Agency>,
}

/// What comes of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Of the application.
    pub application: Vec<Decided<ApplicationFact>>,
    /// The licence that is issued with it.
    pub licence: Option<Decided<LicenceFact>>,
}

fn one(on: Date, fact: ApplicationFact, reason: Option<String>) -> Outcome {
    Outcome { application: vec![Decided { on, fact, reason }], licence: None }
}

/// Decides a change of an application.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Application>,
    facts: &DecisionFacts,
    context: &Context,
    command: ApplicationCommand,
) -> Fallible<Outcome> {
    let (command, this) = match (command, state) {
        (ApplicationCommand::Draft { on, content }, None) => {
            context.not_in_future("on", on)?;
            text("transfer.title", "title", &content.title, 200)?;
            return Ok(one(on, ApplicationFact::Drafted(*content), None));
        }
        (_, None) => return Err(Refusal::not_found("application", "")),
        (command, Some(this)) => (command, this),
    };
    let step = |step: &str, on: Date| {
        MACHINE.next(this.state, step)?;
        in_order(context, ("Application", &this.number, this.last_on), on)
    };
    let reasoned = |reason: &str| text("transfer.reason", "reason", reason, 1000);
    match command {
        ApplicationCommand::Draft { .. } => {
            Err(Refusal::new("state", "The application is drafted already.").missing("a new application"))
        }
        ApplicationCommand::Revise { on, content, reason } => {
            step("revise", on)?;
            reasoned(&reason)?;
            if content.applicant != this.content.applicant {
                return Err(Refusal::new("transfer.applicant", "An application keeps its applicant.")
                    .field("applicant")
                    .missing(format!("the party {}", this.content.applicant)));
            }
            if this.state == "draft" {
                text("transfer.title", "title", &content.title, 200)?;
            } else {
                content.check(context)?;
            }
            Ok(one(on, ApplicationFact::Revised(*content), Some(reason)))
        }
        ApplicationCommand::Submit { on } => {
            step("submit", on)?;
            this.content.check(context)?;
            Ok(one(on, ApplicationFact::Submitted, None))
        }
        ApplicationCommand::Discard { on } => {
            step("discard", on)?;
            Ok(one(on, ApplicationFact::Discarded, None))
        }
        ApplicationCommand::Withdraw { on, reason } => {
            step("withdraw", on)?;
            reasoned(&reason)?;
            Ok(one(on, ApplicationFact::Withdrawn, Some(reason)))
        }
        ApplicationCommand::Ask { on, text: question } => {
            step("ask", on)?;
            text("transfer.question", "text", &question, 2000)?;
            Ok(one(on, ApplicationFact::Asked { text: question }, None))
        }
        ApplicationCommand::Answer { on, question, text: answer, documents } => {
            step("answer", on)?;
            text("transfer.answer", "text", &answer, 4000)?;
            documents.iter().try_for_each(|document| document.check(context))?;
            if !this.open_questions().any(|open| open.number == question) {
                return Err(Refusal::new("transfer.question", format!("Question {question} is not open."))
                    .field("question")
                    .missing("the number of a question that waits for an answer"));
            }
            Ok(one(on, ApplicationFact::Answered { question, text: answer, documents }, None))
        }
        ApplicationCommand::Establish { on, party, standing, document } => {
            step("establish", on)?;
            document.check(context)?;
            if !this.content.end_users().contains(party.as_str()) {
                return Err(Refusal::new(
                    "transfer.end_user",
                    format!("{party} is no end user of the application."),
                )
                .field("party")
                .missing("an end user that the application names"));
            }
            let established = Established { standing, document };
            Ok(one(on, ApplicationFact::EndUserEstablished { party, established }, None))
        }
        ApplicationCommand::Record { on, check, kind, reference, document, reason } => {
            step("record", on)?;
            document.check(context)?;
            let checks = match this.state {
                "granted" => this.gate_checks(&facts.checks),
                _ => checks(this, facts),
            };
            check_record(&checks, (&check, kind), (&reference, reason.as_deref()))?;
            Ok(one(on, ApplicationFact::Recorded { check, kind, reference, document, reason }, None))
        }
        ApplicationCommand::AskOpinion { on, agency, due_on } => {
            step("ask_opinion", on)?;
            text("transfer.agency", "agency", &agency, 200)?;
            let known = facts.agencies.get(&agency);
            let due_on = due_on_of(&agency, known, on, due_on)?;
            check_year("due_on", due_on)?;
            if due_on < on {
                return Err(Refusal::new("transfer.due", format!("{due_on} is before {on}."))
                    .field("due_on")
                    .missing(format!("a date from {on}")));
            }
            if this.consulted.contains_key(&agency) {
                return Err(Refusal::new("transfer.consulted", format!("{agency} was asked already."))
                    .field("agency")
                    .missing("an agency that was not asked"));
            }
            let confirms = known.is_some_and(|known| known.confirms);
            Ok(one(on, ApplicationFact::OpinionAsked { agency, due_on, confirms }, None))
        }
        ApplicationCommand::Route { on } => {
            step("ask_opinion", on)?;
            let new = facts.routed.agencies.keys().filter(|agency| !this.consulted.contains_key(*agency));
            let asked = new.map(|agency| {
                let known = facts.agencies.get(agency);
                let due_on = due_on_of(agency, known, on, None)?;
                let confirms = known.is_some_and(|known| known.confirms);
                let fact = ApplicationFact::OpinionAsked { agency: agency.clone(), due_on, confirms };
                Ok(Decided { on, fact, reason: None })
            });
            let application = asked.collect::<Fallible<Vec<_>>>()?;
            if application.is_empty() {
                return Err(Refusal::new(
                    "transfer.route",
                    "The routing rules name no agency that was not asked.",
                )
                .missing("routing rules in force that name one, or an agency by its number"));
            }
            Ok(Outcome { application, licence: None })
        }
        ApplicationCommand::GiveOpinion { on, opinion } => {
            step("give_opinion", on)?;
            if !this.consulted.contains_key(&opinion.agency) {
                return Err(Refusal::new("transfer.consulted", format!("{} was not asked.", opinion.agency))
                    .field("agency")
                    .missing("an agency that was asked"));
            }
            opinion.check(&this.content, context)?;
            Ok(one(on, ApplicationFact::OpinionGiven(opinion), None))
        }
        ApplicationCommand::ConfirmOpinion { on, agency } => {
            step("confirm_opinion", on)?;
            let waits = this.consulted.get(&agency).and_then(|consulted| consulted.waits.as_ref());
            let Some(by) = waits else {
                return Err(Refusal::new(
                    "transfer.opinion",
                    format!("No opinion of {agency} waits for a second person."),
                )
                .field("agency")
                .missing("an agency whose opinion was given and is to be confirmed"));
            };
            if by == &context.actor.account {
                return Err(Refusal::new("transfer.two_people", "You gave the opinion yourself.")
                    .missing("another person of the agency"));
            }
            Ok(one(on, ApplicationFact::OpinionConfirmed { agency }, None))
        }
        ApplicationCommand::Assess { on, assessment } => {
            step("assess", on)?;
            check_assessment(&assessment)?;
            Ok(one(on, ApplicationFact::Assessed(assessment), None))
        }
        ApplicationCommand::Propose { on, proposal } => {
            step("propose", on)?;
            check_proposal(this, &proposal, on)?;
            check_grounds(this, &proposal, facts)?;
            Ok(one(on, ApplicationFact::Proposed(proposal), None))
        }
        ApplicationCommand::Return { on, reason } => {
            step("return", on)?;
            reasoned(&reason)?;
            this.check_another(&context.actor.account)?;
            Ok(one(on, ApplicationFact::Returned, Some(reason)))
        }
        ApplicationCommand::Countersign { on } => countersign(this, facts, context, on),
        ApplicationCommand::Appeal { on, reason, document } => {
            step("appeal", on)?;
            reasoned(&reason)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            Ok(one(on, ApplicationFact::Appealed { document }, Some(reason)))
        }
    }
}

/// By when an agency is to answer: by the day that is named, or by its own calendar.
fn due_on_of(agency: &str, known: Option<&Agency>, on: Date, due_on: Option<Date>) -> Fallible<Date> {
    match (due_on, known) {
        (Some(due_on), _) => Ok(due_on),
        (None, Some(known)) => known.due_on(on),
        (None, None) => Err(Refusal::new("transfer.due", format!("No calendar of {agency} is in force."))
            .field("due_on")
            .missing("the day by which it is to answer, or its calendar in force")),
    }
}

/// The checks as they are now.
fn checks(this: &Application, facts: &DecisionFacts) -> Vec<Check> {
    let end_users = this.end_users.clone();
    run(&this.content, &CheckFacts { end_users, ..facts.checks.clone() })
}

fn check_assessment(assessment: &Assessment) -> Fallible<()> {
    text("transfer.conclusion", "conclusion", &assessment.conclusion, 4000)?;
    for criterion in Criterion::ALL {
        let field = format!("weighed.{}", criterion.word());
        let Some(weighed) = assessment.weighed.get(criterion) else {
            return Err(Refusal::new("transfer.criterion", format!("Not weighed: {}.", criterion.name()))
                .field(field)
                .missing("every criterion weighed, each with its evidence"));
        };
        text("transfer.evidence", &field, &weighed.evidence, 4000)?;
        if let Some(mitigation) = &weighed.mitigation {
            text("transfer.mitigation", &field, mitigation, 2000)?;
        }
    }
    Ok(())
}

/// Whether a proposal is whole by itself.
fn check_proposal(this: &Application, proposal: &Proposal, on: Date) -> Fallible<()> {
    text("transfer.reason", "reason", &proposal.reason, 4000)?;
    if proposal.lines.len() != this.content.lines.len() {
        return Err(Refusal::new(
            "transfer.decision_lines",
            format!("The decision is on {} lines of {}.", proposal.lines.len(), this.content.lines.len()),
        )
        .field("lines")
        .missing("a decision on every line"));
    }
    for (place, line) in proposal.lines.iter().enumerate() {
        if let LineDecision::Refuse { criteria, reason } = line {
            let field = format!("lines[{place}]");
            text("transfer.reason", &field, reason, 1000)?;
            check_criteria(&field, criteria)?;
        }
    }
    check_request(this, proposal)?;
    match (proposal.grants(), proposal.valid_from, proposal.valid_until) {
        (false, None, None) if proposal.conditions.is_empty() && proposal.verification_days.is_none() => {
            Ok(())
        }
        (false, ..) => Err(Refusal::new("transfer.validity", "What is refused has no validity.")
            .field("valid_from")
            .missing("neither validity nor conditions, or a line that is granted")),
        (true, Some(from), Some(until)) => check_validity(proposal, (from, until), on),
        (true, ..) => Err(Refusal::new("transfer.validity", "What is granted is valid from a day to a day.")
            .field(if proposal.valid_from.is_none() { "valid_from" } else { "valid_until" })
            .missing("the first and the last day of validity")),
    }
}

/// Whether it decides what is sought: nothing that is controlled goes without a licence, and only a licence has deliveries.
fn check_request(this: &Application, proposal: &Proposal) -> Fallible<()> {
    if this.content.request.is_licence() {
        return Ok(());
    }
    if proposal.verification_days.is_some() {
        return Err(Refusal::new("transfer.verification_days", "Nothing is delivered on what is sought.")
            .field("verification_days")
            .missing("none"));
    }
    if this.content.request == Request::ZeroNotice {
        for line in proposal.granted() {
            let place = usize::try_from(line).unwrap_or(1) - 1;
            let class = this.content.lines.get(place).map(|line| line.class);
            if class != Some(Class::Uncontrolled) {
                return Err(Refusal::new(
                    "transfer.controlled",
                    format!("Line {line} is not said to be uncontrolled: it needs a licence."),
                )
                .field(format!("lines[{place}]"))
                .missing("its refusal, or an application for a licence"));
            }
        }
    }
    Ok(())
}

fn check_validity(proposal: &Proposal, (from, until): (Date, Date), on: Date) -> Fallible<()> {
    check_span("transfer.validity", on, (from, until))?;
    if let Some(days) = proposal.verification_days.filter(|days| !(1..=MOST_DAYS).contains(days)) {
        return Err(Refusal::new(
            "transfer.verification_days",
            format!("A delivery cannot be verified within {days} days."),
        )
        .field("verification_days")
        .missing(format!("1 to {MOST_DAYS} days, or none for {USUAL_DAYS}")));
    }
    for (place, Condition { text: words, due_on }) in proposal.conditions.iter().enumerate() {
        text("transfer.condition", &format!("conditions[{place}].text"), words, 1000)?;
        if let Some(due_on) = due_on.filter(|due_on| *due_on < from) {
            return Err(Refusal::new("transfer.condition", format!("{due_on} is before {from}."))
                .field(format!("conditions[{place}].due_on"))
                .missing(format!("a date from {from}")));
        }
    }
    Ok(())
}

/// Whether a proposal rests on what it needs: it is asked when it is proposed, and again when it is signed.
fn check_grounds(this: &Application, proposal: &Proposal, facts: &DecisionFacts) -> Fallible<Vec<Check>> {
    if let Some(open) = this.open_questions().next() {
        return Err(Refusal::new(
            "transfer.question_open",
            format!("Question {} of {} has no answer.", open.number, open.asked_on),
        )
        .missing("the applicant’s answer"));
    }
    let awaited: Vec<&str> = this
        .consulted
        .iter()
        .filter(|(_, consulted)| consulted.is_awaited())
        .map(|(agency, _)| agency.as_str())
        .collect();
    if !awaited.is_empty() {
        return Err(Refusal::new(
            "transfer.opinion_awaited",
            format!("Opinions are awaited: {}.", awaited.join(", ")),
        )
        .missing(
            "the opinions that were asked for, each confirmed by a second person where its agency does so",
        ));
    }
    let not_asked: Vec<String> = facts
        .routed
        .agencies
        .iter()
        .filter(|(agency, _)| !this.consulted.contains_key(*agency))
        .map(|(agency, rules)| format!("{agency} ({})", rules.join(", ")))
        .collect();
    if !not_asked.is_empty() {
        return Err(Refusal::new(
            "transfer.route",
            format!("The routing rules name agencies that were not asked: {}.", not_asked.join("; ")),
        )
        .missing("the opinions of these agencies"));
    }
    if !proposal.grants() {
        return Ok(Vec::new());
    }
    if this.consulted.is_empty() {
        return Err(Refusal::new("transfer.no_opinion", "No agency was asked.")
            .missing("the opinion of at least one agency"));
    }
    let Some((_, assessment)) = &this.assessment else {
        return Err(Refusal::new("transfer.not_assessed", "The transfer was not assessed.")
            .missing("the assessment by all criteria"));
    };
    let overriding = assessment.weighed.iter().find(|(_, weighed)| weighed.risk == Risk::Overriding);
    if let Some((criterion, _)) = overriding {
        return Err(Refusal::new(
            "transfer.overriding_risk",
            format!("The assessment finds an overriding risk: {}.", criterion.name()),
        )
        .missing("a refusal, or another assessment"));
    }
    let granted = proposal.granted();
    for line in &granted {
        let place = usize::try_from(*line).unwrap_or(1) - 1;
        let combined = combine(this.opinions(), place);
        if combined.refuse.is_empty() {
            continue;
        }
        if proposal.rule == DisagreementRule::Strictest || !combined.is_disputed() {
            return Err(Refusal::new(
                "transfer.refused_by_agency",
                format!("Line {line} is refused by {}.", combined.refuse.join(", ")),
            )
            .field(format!("lines[{place}]"))
            .missing(match combined.is_disputed() {
                true => "its refusal, or the chair’s decision where agencies disagree",
                false => "its refusal: no agency approves it",
            }));
        }
    }
    // What is refused need not pass.
    let mut checks = checks(this, facts);
    checks.retain(|check| check.line.is_none_or(|line| granted.contains(&line)));
    pass(&checks, &this.on_record)?;
    Ok(checks)
}

/// The second signature: everything is asked again, by what is known now.
fn countersign(this: &Application, facts: &DecisionFacts, context: &Context, on: Date) -> Fallible<Outcome> {
    MACHINE.next(this.state, "countersign")?;
    in_order(context, ("Application", &this.number, this.last_on), on)?;
    let Some((_, proposal)) = &this.proposal else {
        return Err(Refusal::new("transfer.no_proposal", "No decision is proposed.").missing("a proposal"));
    };
    this.check_another(&context.actor.account)?;
    if proposal.rule == DisagreementRule::Chair && !context.actor.roles.contains(&Role::Chair) {
        return Err(Refusal::new("transfer.chair", "Agencies disagree, and the chair decides.")
            .missing("the signature of the chair"));
    }
    let checks = check_grounds(this, proposal, facts)?;
    let (true, Some(valid_from), Some(valid_until)) =
        (proposal.grants(), proposal.valid_from, proposal.valid_until)
    else {
        return Ok(one(on, ApplicationFact::Refused, None));
    };
    // The day of the signature may be later than that of the proposal.
    let valid_from = valid_from.max(on);
    if valid_until < valid_from {
        return Err(Refusal::new(
            "transfer.validity",
            format!("It would have been valid until {valid_until}."),
        )
        .missing("a proposal with a later day"));
    }
    if !this.content.request.is_licence() {
        MACHINE.next(this.state, "affirm")?;
        return Ok(one(on, ApplicationFact::Affirmed { checks }, None));
    }
    let granted = proposal.granted();
    let lines = (1..)
        .zip(&this.content.lines)
        .filter(|(number, _)| granted.contains(number))
        .map(|(number, line)| {
            Ok(LicenceLine {
                number,
                description: line.description.clone(),
                category: line.category.clone(),
                quantity: line.quantity,
                unit: line.unit,
                value: Money::new(line.value()?, line.unit_price.currency),
            })
        })
        .collect::<Fallible<Vec<_>>>()?;
    let Some(currency) = this.content.currency() else {
        return Err(Refusal::new("transfer.count", "There are no lines.").missing("at least one line"));
    };
    let conditions = (1..)
        .zip(&proposal.conditions)
        .map(|(number, condition)| LicenceCondition {
            number,
            text: condition.text.clone(),
            due_on: condition.due_on,
        })
        .collect();
    let issued = LicenceIssued {
        application: this.number.clone(),
        kind: this.content.kind,
        holder: this.content.applicant.clone(),
        destination: this.content.destination.clone(),
        parties: this.content.parties.clone(),
        currency,
        lines,
        valid_from,
        valid_until,
        conditions,
        verification_days: proposal.verification_days,
    };
    let fact = ApplicationFact::Granted { licence: facts.licence.clone(), checks };
    Ok(Outcome {
        application: vec![Decided { on, fact, reason: None }],
        licence: Some(Decided { on, fact: LicenceFact::Issued(issued), reason: None }),
    })
}
