//! Which changes of a plan version may happen.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    MACHINE, Plan, PlanAgreed, PlanAnswer, PlanApproved, PlanCommand, PlanDrafted, PlanItem, PlanItemsAdded,
    PlanObjected, PlanPlace, PlanProposalApproved, PlanProposed, PlanVersion,
};
use crate::access::{Actor, Role};
use crate::document::text;
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Occurred, Refusal, SubjectKind, YEARS};
use crate::money::{Currency, Money};

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct PlanFacts {
    /// For the lines named in items that exist and are open to the actor: label and currency.
    pub lines: BTreeMap<String, (Label, Currency)>,
    /// The day on which the year's latest frozen version was approved.
    pub previous_approval: Option<Date>,
    /// The parties that make what stands in the version, by number: the places that each has in it, and the join of
    /// their markings. All of them for a proposal, the one that answers for an answer.
    pub makers: BTreeMap<String, (BTreeSet<PlanPlace>, Label)>,
}

/// The roles that record the answer of any manufacturer. Who has none of them answers for the own party alone.
const RECORDERS: [Role; 3] = [Role::Secretary, Role::ContractOfficer, Role::Operator];

/// Whether an actor answers a proposal for its own party alone.
pub fn answers_for_own(actor: &Actor) -> bool {
    !actor.roles.iter().any(|role| RECORDERS.contains(role))
}

/// Decides a change of a plan version.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Plan>,
    version: PlanVersion,
    facts: &PlanFacts,
    context: &Context,
    command: PlanCommand,
) -> Fallible<Vec<NewEvent>> {
    let with_reason = |on, label: &Label, fact, reason| {
        Ok(vec![NewEvent {
            subject: SubjectKind::Plan.subject(version.key()),
            occurred_on: on,
            label: label.clone(),
            fact,
            reason,
        }])
    };
    let event = |on, label: &Label, fact| with_reason(on, label, fact, None);
    let (command, plan) = match (command, state) {
        (PlanCommand::Draft { year, currency }, _) => {
            if !YEARS.contains(&year) {
                return Err(Refusal::new("plan.year", format!("{year} is not a year of plans."))
                    .field("year")
                    .missing("a year from 1900 to 2999"));
            }
            let fact = Fact::PlanDrafted(PlanDrafted { currency });
            return event(context.today, &Label::of(Level::Official), fact);
        }
        (_, None) => return Err(Refusal::not_found("plan version", &version.to_string())),
        (command, Some(plan)) => (command, plan),
    };
    let step = match command {
        PlanCommand::AddItems { .. } | PlanCommand::Draft { .. } => "add_items",
        PlanCommand::Propose { .. } => "propose",
        PlanCommand::Agree { .. } => "agree",
        PlanCommand::Object { .. } => "object",
        PlanCommand::Return { .. } => "return",
        PlanCommand::Approve { .. } => "approve",
        PlanCommand::Discard => "discard",
    };
    if plan.state == "frozen" {
        return Err(Refusal::new(
            "plan.frozen",
            format!("Version {} of the plan for {} is frozen.", version.version, version.year),
        )
        .missing("a new version of the plan"));
    }
    MACHINE.next(plan.state, step)?;
    match command {
        PlanCommand::Draft { .. } | PlanCommand::Discard => {
            event(context.today, &plan.label, Fact::PlanDiscarded(Default::default()))
        }
        PlanCommand::AddItems { items } => {
            let label = check_items(plan, facts, &items)?;
            event(context.today, &label, Fact::PlanItemsAdded(PlanItemsAdded { items }))
        }
        PlanCommand::Propose { on, document } => {
            context.not_in_future("on", on)?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            check_not_empty(plan)?;
            let manufacturers = facts.makers.keys().cloned().collect();
            event(on, &plan.label, Fact::PlanProposed(PlanProposed { manufacturers, document }))
        }
        PlanCommand::Agree { manufacturer, on, document } => {
            let (_, label) = check_answer(plan, facts, context, (&manufacturer, on))?;
            document.check(context)?;
            if plan.answers.get(&manufacturer) == Some(&Some(PlanAnswer::Agreed)) {
                return Err(Refusal::new(
                    "plan.agreed_already",
                    format!("{manufacturer} agreed to plan {version} already."),
                )
                .field("manufacturer")
                .missing("a manufacturer that has not agreed"));
            }
            event(on, label, Fact::PlanAgreed(PlanAgreed { manufacturer, document }))
        }
        PlanCommand::Object { manufacturer, mut items, on, document, reason } => {
            let (places, label) = check_answer(plan, facts, context, (&manufacturer, on))?;
            if let Some(document) = &document {
                document.check(context)?;
            }
            text("plan.reason", "reason", &reason, 1000)?;
            items.sort_unstable();
            items.dedup();
            if let Some(other) = items.iter().find(|item| !places.contains(item)) {
                return Err(Refusal::new(
                    "plan.not_made",
                    format!("Plan {version} holds no item {other} that {manufacturer} makes."),
                )
                .field("items")
                .missing("items of the plan that it makes, each by its line and day"));
            }
            let fact = Fact::PlanObjected(PlanObjected { manufacturer, items, document });
            with_reason(on, label, fact, Some(reason))
        }
        PlanCommand::Return { on, reason } => {
            not_before(plan, context, on, plan.answered_on)?;
            text("plan.reason", "reason", &reason, 1000)?;
            with_reason(on, &plan.label, Fact::PlanReturned(Occurred {}), Some(reason))
        }
        PlanCommand::Approve { on, document, reason } => {
            context.not_in_future("on", on)?;
            document.check(context)?;
            check_not_empty(plan)?;
            if context.actor.account == plan.drafted_by {
                return Err(Refusal::new("plan.own_draft", format!("You drafted plan {version}."))
                    .missing("the approval of another person"));
            }
            if let Some(previous) = facts.previous_approval.filter(|previous| *previous > on) {
                return Err(Refusal::new(
                    "plan.order",
                    format!("The version before was approved on {previous}, after {on}."),
                )
                .field("on")
                .missing(format!("a date from {previous}")));
            }
            if plan.proposed_on.is_none() {
                // Nobody was asked, so there is nobody to go without.
                return match reason {
                    None => event(on, &plan.label, Fact::PlanApproved(PlanApproved { document })),
                    Some(_) => Err(Refusal::new(
                        "plan.not_proposed",
                        format!("Plan {version} was not proposed to anybody."),
                    )
                    .field("reason")
                    .missing("no reason, or a proposal first")),
                };
            }
            not_before(plan, context, on, plan.answered_on)?;
            let (objecting, unanswered) = check_agreed(plan, reason.as_deref())?;
            let approved = PlanProposalApproved { document, objecting, unanswered };
            with_reason(on, &plan.label, Fact::PlanProposalApproved(approved), reason)
        }
    }
}

fn check_not_empty(plan: &Plan) -> Fallible<()> {
    if plan.items > 0 {
        return Ok(());
    }
    Err(Refusal::new("plan.empty", format!("Plan {} has no item.", plan.version))
        .missing("at least one item"))
}

/// Checks items to be added, and gives the version's label with theirs.
fn check_items(plan: &Plan, facts: &PlanFacts, items: &[PlanItem]) -> Fallible<Label> {
    let mut label = plan.label.clone();
    if items.is_empty() {
        return Err(Refusal::new("plan.no_item", "No item is given.")
            .field("items")
            .missing("at least one item"));
    }
    for (position, item) in items.iter().enumerate() {
        let at = |name: &str| format!("items[{position}].{name}");
        let Some((line_label, currency)) = facts.lines.get(&item.line) else {
            return Err(Refusal::not_found("line", &item.line).field(at("line")));
        };
        if *currency != plan.currency {
            return Err(Refusal::new(
                "plan.currency",
                format!("Line {} is in {currency}, the plan in {}.", item.line, plan.currency),
            )
            .field(at("line"))
            .missing(format!("a line in {}", plan.currency)));
        }
        if item.planned_on.year() != plan.version.year {
            return Err(Refusal::new(
                "plan.other_year",
                format!("{} is not in {}.", item.planned_on, plan.version.year),
            )
            .field(at("planned_on"))
            .missing(format!("a date in {}", plan.version.year)));
        }
        let amount = Money::parse(&at("amount"), &item.amount, plan.currency)?;
        if amount.minor <= 0 || amount.decimal() != item.amount {
            return Err(Refusal::new(
                "plan.amount",
                format!("{:?} is not an amount above zero with its decimals.", item.amount),
            )
            .field(at("amount"))
            .missing(format!("an amount such as {}", Money::new(125_000, plan.currency).decimal())));
        }
        label = label.join(line_label);
    }
    Ok(label)
}

/// Checks who answers for which manufacturer on which day, and gives the places that it has in the plan and the
/// marking of its answer.
fn check_answer<'f>(
    plan: &Plan,
    facts: &'f PlanFacts,
    context: &Context,
    (manufacturer, on): (&str, Date),
) -> Fallible<&'f (BTreeSet<PlanPlace>, Label)> {
    if answers_for_own(&context.actor) && context.actor.party.as_deref() != Some(manufacturer) {
        return Err(Refusal::new(
            "plan.not_own",
            format!("{} answers for its own party alone.", context.actor.name),
        )
        .field("manufacturer")
        .missing("the number of your own party"));
    }
    let made = facts.makers.get(manufacturer).filter(|_| plan.answers.contains_key(manufacturer));
    let Some(made) = made else {
        return Err(Refusal::new(
            "plan.not_asked",
            format!("Plan {} was not proposed to {manufacturer:?}.", plan.version),
        )
        .field("manufacturer")
        .missing("the number of a manufacturer whose lines stand in it"));
    };
    not_before(plan, context, on, plan.proposed_on)?;
    Ok(made)
}

/// Refuses a day before that of the proposal, or of its last answer.
fn not_before(plan: &Plan, context: &Context, on: Date, last: Option<Date>) -> Fallible<()> {
    context.not_in_future("on", on)?;
    match last.filter(|last| *last > on) {
        None => Ok(()),
        Some(last) => Err(Refusal::new(
            "plan.before_proposal",
            format!("Plan {} was proposed or answered on {last}, after {on}.", plan.version),
        )
        .field("on")
        .missing(format!("a date from {last}"))),
    }
}

/// Who has not agreed to a proposed plan, and that it is said why it is approved without them.
fn check_agreed(plan: &Plan, reason: Option<&str>) -> Fallible<(Vec<String>, Vec<String>)> {
    let objecting = plan.answering(Some(PlanAnswer::Objected));
    let unanswered = plan.answering(None);
    match reason {
        Some(reason) => text("plan.reason", "reason", reason, 1000)?,
        None if objecting.is_empty() && unanswered.is_empty() => {}
        None => {
            let said = [(&objecting, "objected"), (&unanswered, "not answered")]
                .into_iter()
                .filter(|(numbers, _)| !numbers.is_empty())
                .map(|(numbers, word)| format!("{word}: {}", numbers.join(", ")))
                .collect::<Vec<_>>()
                .join("; ");
            return Err(Refusal::new(
                "plan.not_agreed",
                format!("Not every manufacturer agreed to plan {} ({said}).", plan.version),
            )
            .field("reason")
            .missing("the agreement of each, or a reason for approving without it"));
        }
    }
    Ok((objecting, unanswered))
}
