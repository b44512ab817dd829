//! What may be done about a request for consent.

use jiff::civil::Date;
use serde::Serialize;

use super::request::{DeliveredLines, check_left};
use super::{
    GroundRecorded, MACHINE, NewUserEstablished, Reexport, ReexportConsented, ReexportItem, ReexportProposal,
    ReexportRecorded, ReexportReported, RightsConsidered, sums,
};
use crate::access::CommandKind;
use crate::document::{Document, text};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Occurred, Refusal, SubjectKind};
use crate::money::Quantity;
use crate::transfer::check::{
    Check, CheckFacts, EndUserStanding, Established, RecordKind, check_record, pass,
};
use crate::transfer::opinion::check_criteria;
use crate::transfer::{check_span, in_order};

/// Conditions at most.
const MOST_CONDITIONS: usize = 50;

/// A change of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum ReexportCommand {
    Ground {
        on: Date,
        ground: String,
        document: Document,
    },
    Establish {
        on: Date,
        party: String,
        standing: EndUserStanding,
        document: Document,
    },
    Record {
        on: Date,
        check: String,
        kind: RecordKind,
        reference: String,
        document: Document,
        reason: Option<String>,
    },
    ConsiderRights {
        on: Date,
        finding: String,
        document: Document,
    },
    Propose {
        on: Date,
        proposal: ReexportProposal,
    },
    Return {
        on: Date,
        reason: String,
    },
    Countersign {
        on: Date,
    },
    Withdraw {
        on: Date,
        reason: String,
    },
    Report {
        on: Date,
        items: Vec<ReexportItem>,
        document: Document,
    },
    Close {
        on: Date,
        reason: String,
    },
    Revoke {
        on: Date,
        reason: String,
    },
}

impl ReexportCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            ReexportCommand::Ground { .. }
            | ReexportCommand::Establish { .. }
            | ReexportCommand::Record { .. }
            | ReexportCommand::ConsiderRights { .. } => CommandKind::ReexportExamine,
            ReexportCommand::Propose { .. } => CommandKind::ReexportPropose,
            ReexportCommand::Return { .. } => CommandKind::ReexportReturn,
            ReexportCommand::Countersign { .. } => CommandKind::ReexportCountersign,
            ReexportCommand::Withdraw { .. } => CommandKind::ReexportWithdraw,
            ReexportCommand::Report { .. } => CommandKind::ReexportReport,
            ReexportCommand::Close { .. } => CommandKind::ReexportClose,
            ReexportCommand::Revoke { .. } => CommandKind::ReexportRevoke,
        }
    }
}

/// What the rule needs to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct ReexportFacts {
    /// What the checks are made of, as it is known now; end users stand in the request.
    pub checks: CheckFacts,
    /// What was delivered of its lines, and what other consents take of it.
    pub delivered: DeliveredLines,
}

/// Decides a change of a request.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    this: &Reexport,
    facts: &ReexportFacts,
    context: &Context,
    command: ReexportCommand,
) -> Fallible<Vec<NewEvent>> {
    let step = |step: &str, on: Date| {
        MACHINE.next(this.state, step)?;
        in_order(context, ("Re-export", &this.number, this.last_on), on)
    };
    let reasoned = |reason: &str| text("reexport.reason", "reason", reason, 1000);
    let one = |on, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Reexport.subject(&this.number),
            occurred_on: on,
            label: this.label.clone(),
            fact,
            reason,
        }])
    };
    let occurred = Occurred::default();
    match command {
        ReexportCommand::Ground { on, ground, document } => {
            step("ground", on)?;
            text("reexport.ground", "ground", &ground, 2000)?;
            document.check(context)?;
            if this.unbound().is_empty() {
                return Err(Refusal::new(
                    "reexport.bound",
                    "The certificates of all licences promise no re-export without consent.",
                )
                .field("ground")
                .missing("no ground beside what was undertaken"));
            }
            one(on, Fact::ReexportGroundRecorded(GroundRecorded { ground, document }), None)
        }
        ReexportCommand::Establish { on, party, standing, document } => {
            step("establish", on)?;
            document.check(context)?;
            if !this.requested.content.end_users().contains(party.as_str()) {
                return Err(Refusal::new(
                    "transfer.end_user",
                    format!("{party} is no end user of the request."),
                )
                .field("party")
                .missing("an end user that the request names"));
            }
            let established = Established { standing, document };
            let fact = Fact::ReexportEndUserEstablished(NewUserEstablished { party, established });
            one(on, fact, None)
        }
        ReexportCommand::Record { on, check, kind, reference, document, reason } => {
            step("record", on)?;
            document.check(context)?;
            let checks = this.checks(&facts.checks);
            check_record(&checks, (&check, kind), (&reference, reason.as_deref()))?;
            one(
                on,
                Fact::ReexportRecorded(ReexportRecorded { check, kind, reference, document, reason }),
                None,
            )
        }
        ReexportCommand::ConsiderRights { on, finding, document } => {
            step("consider_rights", on)?;
            text("reexport.finding", "finding", &finding, 4000)?;
            document.check(context)?;
            one(on, Fact::ReexportRightsConsidered(RightsConsidered { finding, document }), None)
        }
        ReexportCommand::Propose { on, proposal } => {
            step("propose", on)?;
            check_proposal(&proposal, on)?;
            check_grounds(this, &proposal, facts)?;
            one(on, Fact::ReexportProposed(proposal), None)
        }
        ReexportCommand::Return { on, reason } => {
            step("return", on)?;
            reasoned(&reason)?;
            this.check_another(&context.actor.account)?;
            one(on, Fact::ReexportReturned(occurred), Some(reason))
        }
        ReexportCommand::Countersign { on } => {
            // Both ways lead from the same state; which one it is, the proposal says.
            step("consent", on)?;
            let Some((_, proposal)) = &this.proposal else {
                return Err(
                    Refusal::new("transfer.no_proposal", "No decision is proposed.").missing("a proposal")
                );
            };
            this.check_another(&context.actor.account)?;
            let checks = check_grounds(this, proposal, facts)?;
            if !proposal.consents {
                return one(on, Fact::ReexportRefused(occurred), None);
            }
            if proposal.valid_until.is_some_and(|until| until < on) {
                return Err(Refusal::new("reexport.validity", "The last day of the consent is past.")
                    .missing("a proposal with a later day"));
            }
            one(on, Fact::ReexportConsented(ReexportConsented { checks }), None)
        }
        ReexportCommand::Withdraw { on, reason } => {
            step("withdraw", on)?;
            reasoned(&reason)?;
            one(on, Fact::ReexportWithdrawn(occurred), Some(reason))
        }
        ReexportCommand::Report { on, items, document } => {
            MACHINE.next(this.state, "report")?;
            context.not_in_future("on", on)?;
            document.check(context)?;
            check_report(this, on, &items)?;
            one(on, Fact::ReexportReported(ReexportReported { items, document }), None)
        }
        ReexportCommand::Close { on, reason } => {
            step("close", on)?;
            reasoned(&reason)?;
            one(on, Fact::ReexportClosed(occurred), Some(reason))
        }
        ReexportCommand::Revoke { on, reason } => {
            step("revoke", on)?;
            reasoned(&reason)?;
            one(on, Fact::ReexportRevoked(occurred), Some(reason))
        }
    }
}

/// Whether a proposal is whole by itself.
fn check_proposal(proposal: &ReexportProposal, on: Date) -> Fallible<()> {
    text("reexport.reason", "reason", &proposal.reason, 4000)?;
    match (proposal.consents, proposal.valid_from, proposal.valid_until) {
        (false, None, None) if proposal.conditions.is_empty() => {
            check_criteria("criteria", &proposal.criteria)
        }
        (false, ..) => Err(Refusal::new("reexport.validity", "What is refused has no validity.")
            .field("valid_from")
            .missing("neither validity nor conditions, or consent")),
        (true, Some(from), Some(until)) => {
            if !proposal.criteria.is_empty() {
                return Err(Refusal::new("reexport.criteria", "Criteria are those of a refusal.")
                    .field("criteria")
                    .missing("no criteria, or a refusal"));
            }
            check_validity(proposal, (from, until), on)
        }
        (true, from, _) => Err(Refusal::new("reexport.validity", "Consent is valid from a day to a day.")
            .field(if from.is_none() { "valid_from" } else { "valid_until" })
            .missing("the first and the last day of validity")),
    }
}

fn check_validity(proposal: &ReexportProposal, (from, until): (Date, Date), on: Date) -> Fallible<()> {
    check_span("reexport.validity", on, (from, until))?;
    if proposal.conditions.len() > MOST_CONDITIONS {
        return Err(Refusal::new(
            "reexport.condition",
            format!("There are {} conditions.", proposal.conditions.len()),
        )
        .field("conditions")
        .missing(format!("at most {MOST_CONDITIONS}")));
    }
    for (place, condition) in proposal.conditions.iter().enumerate() {
        text("reexport.condition", &format!("conditions[{place}]"), condition, 1000)?;
    }
    Ok(())
}

/// Whether consent rests on what it needs: it is asked when it is proposed, and again when it is signed.
fn check_grounds(
    this: &Reexport,
    proposal: &ReexportProposal,
    facts: &ReexportFacts,
) -> Fallible<Vec<Check>> {
    if !proposal.consents {
        return Ok(Vec::new());
    }
    let what = "are confirmed to have been received";
    check_left(&this.requested.items, &facts.delivered, |delivered| delivered.received, what)?;
    let unbound = this.unbound();
    if !unbound.is_empty() && this.ground.is_none() {
        return Err(Refusal::new(
            "reexport.unbound",
            format!(
                "No certificate promises to ask before goods of {} are passed on, and no ground is on record.",
                unbound.join(", ")
            ),
        )
        .missing("the ground on which consent is asked for, with its paper"));
    }
    if this.rights.is_none() {
        return Err(Refusal::new("reexport.rights", "Rights of third parties were not considered.")
            .missing("what rights of third parties there are in the goods, with the paper that shows it"));
    }
    let checks = this.checks(&facts.checks);
    pass(&checks, &this.on_record)?;
    Ok(checks)
}

/// What was passed on went within the days of the consent, and is no more than was consented to.
fn check_report(this: &Reexport, on: Date, items: &[ReexportItem]) -> Fallible<()> {
    // What went before the signature went without consent, whatever day was proposed.
    let days = this.decision.as_ref().and_then(|decision| {
        let proposal = &decision.proposal;
        Some((proposal.valid_from?.max(decision.on), proposal.valid_until?))
    });
    let Some((from, until)) = days else {
        return Err(Refusal::new("reexport.validity", "Nothing was consented to.").missing("a consent"));
    };
    if on < from || on > until {
        return Err(Refusal::new(
            "reexport.validity",
            format!("Consent was given for {from} to {until}, and not for {on}."),
        )
        .field("on")
        .missing("a day within the consent; what went without it is no part of it"));
    }
    if items.is_empty() {
        return Err(Refusal::new("reexport.items", "Nothing is said to have been passed on.")
            .field("items")
            .missing("what was passed on"));
    }
    let (consented, reported) = (sums(&this.requested.items), this.reported());
    for (place, item) in items.iter().enumerate() {
        let field = format!("items[{place}].quantity");
        item.quantity.positive(&field)?;
        let lines = this.requested.items.iter().zip(&this.requested.content.lines);
        let unit = lines.into_iter().find(|(of, _)| of.licence == item.licence && of.line == item.line);
        let Some((_, line)) = unit else {
            return Err(Refusal::new(
                "reexport.items",
                format!("Line {} of licence {} is no part of the consent.", item.line, item.licence),
            )
            .field(format!("items[{place}].line"))
            .missing("lines that were consented to"));
        };
        line.unit.check_whole(&field, item.quantity)?;
    }
    for (key, quantity) in sums(items) {
        let of = |sums: &super::Sums| sums.get(&key).copied().unwrap_or(Quantity::ZERO);
        let left = Quantity(of(&consented).0.saturating_sub(of(&reported).0));
        if quantity > left {
            let place = items.iter().position(|item| (item.licence.clone(), item.line) == key);
            return Err(Refusal::new(
                "reexport.over_consented",
                format!(
                    "Of line {} of licence {} {left} are left of the consent, and not {quantity}.",
                    key.1, key.0
                ),
            )
            .field(format!("items[{}].quantity", place.unwrap_or(0)))
            .missing(format!("at most {left}, or another consent")));
        }
    }
    Ok(())
}
