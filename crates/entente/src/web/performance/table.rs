//! How a contract is performed, for spreadsheets: each section of its page as a table.

use axum::extract::Path;
use entente_register::contract::Claim;
use entente_register::performance::{DelayReason, OffsetObligation, Review};
use entente_store::reader::ContractPerformance;
use jiff::civil::Date;

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, amount, day, minor, optional, text, yes};
use crate::web::visit::Visit;

/// A table of how a contract is performed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Of {
    /// Lines that are, or were, expected later than agreed.
    Slippages,
    /// What is to be reached beside the deliveries.
    Milestones,
    /// Claims of the recipient.
    Claims,
    /// Actions of corrective plans.
    Actions,
    /// By when how much of an offset obligation is owed.
    Phases,
    /// What was claimed and planned against offset obligations.
    Transactions,
    /// What must hold before the next step of the contract.
    Conditions,
}

/// `GET /contracts/{number}/milestones.csv` and the like.
pub(in crate::web) async fn export(visit: Visit, number: Path<String>, of: Of, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let performance = reader.contract_performance(&number).await?;
    let as_of = reader.as_of();
    let table = match of {
        Of::Slippages => slippages(&performance),
        Of::Milestones => milestones(&performance, as_of),
        Of::Claims => claims(&performance.claims, &performance.contract),
        Of::Actions => actions(&performance, as_of),
        Of::Phases => phases(&performance),
        Of::Transactions => transactions(&performance),
        Of::Conditions => conditions(&performance),
    };
    table.answer(kind, as_of).await
}

/// `GET /deliveries/{number}/claims.csv` and `.xlsx`.
pub(in crate::web) async fn claims_of_delivery(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let delivery = reader.delivery(&number).await?;
    claims(&delivery.claims, &delivery.contract.number).answer(kind, reader.as_of()).await
}

/// Why something is late, and on whose side.
fn delay(reason: Option<DelayReason>) -> [Out; 2] {
    [optional(reason.map(|one| one.cause.word())), optional(reason.map(|one| one.side.word()))]
}

fn slippages(performance: &ContractPerformance) -> Table {
    let rows = performance.slippages.iter().map(|one| {
        let one = &one.state;
        let [cause, side] = delay(Some(one.delay));
        vec![
            text(&one.number),
            text(one.state),
            text(&one.line),
            Out::Date(one.reported_on),
            Out::Date(one.due_on),
            Out::Date(one.first_expected_on),
            Out::Date(one.expected_on),
            Out::Whole(one.days()),
            cause,
            side,
            text(&one.description),
            Out::Whole(i64::from(one.revisions)),
            optional(one.ended.map(|(_, end)| end.word())),
            day(one.ended.map(|(on, _)| on)),
            text(one.label.to_string()),
        ]
    });
    Table {
        name: "slippages",
        columns: &[
            "number",
            "state",
            "line",
            "reported_on",
            "due_on",
            "first_expected_on",
            "expected_on",
            "days",
            "cause",
            "side",
            "description",
            "revisions",
            "end",
            "ended_on",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn milestones(performance: &ContractPerformance, as_of: Date) -> Table {
    let rows = performance.milestones.iter().map(|one| {
        let one = &one.state;
        let [cause, side] = delay(one.delay);
        vec![
            text(&one.number),
            text(one.state),
            text(one.kind.word()),
            text(&one.name),
            optional(one.line.as_deref()),
            optional(one.instalment.as_deref()),
            Out::Date(one.planned_on),
            day(one.expected_on),
            day(one.reached_on),
            day(one.cancelled.as_ref().map(|(on, _)| *on)),
            one.days_late(as_of).map_or(Out::Empty, Out::Whole),
            yes(one.is_overdue(as_of)),
            cause,
            side,
            optional(one.cancelled.as_ref().map(|(_, why)| why.as_str())),
            text(one.label.to_string()),
        ]
    });
    Table {
        name: "milestones",
        columns: &[
            "number",
            "state",
            "kind",
            "name",
            "line",
            "instalment",
            "planned_on",
            "expected_on",
            "reached_on",
            "cancelled_on",
            "days_late",
            "overdue",
            "cause",
            "side",
            "reason",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn claims(claims: &[Claim], contract: &str) -> Table {
    let rows = claims.iter().map(|claim| {
        let raised = &claim.raised;
        let answer = claim.answered.as_ref();
        let ended = claim.settled.as_ref();
        let credited = ended.and_then(|ended| ended.amount);
        vec![
            text(contract),
            Out::Whole(i64::from(claim.number())),
            text(raised.kind.word()),
            text(&raised.description),
            yes(raised.warranty),
            optional(raised.delivery.as_deref()),
            raised.quantity.map_or(Out::Empty, |quantity| Out::Amount(quantity.to_string())),
            raised.amount.map_or(Out::Empty, amount),
            optional(raised.amount.map(|money| money.currency.code())),
            Out::Date(claim.opened_on),
            day(raised.window_ends_on),
            claim.is_late().map_or(Out::Empty, yes),
            day(answer.map(|(on, _)| *on)),
            answer.map_or(Out::Empty, |(_, answer)| yes(answer.accepted)),
            optional(answer.map(|(_, answer)| answer.answer.as_str())),
            day(claim.settled_on),
            optional(ended.and_then(|ended| ended.settlement).map(|settlement| settlement.word())),
            optional(ended.map(|ended| ended.outcome.as_str())),
            credited.map_or(Out::Empty, amount),
            optional(credited.map(|money| money.currency.code())),
            optional(ended.and_then(|ended| ended.delivery.as_deref())),
        ]
    });
    Table {
        name: "claims",
        columns: &[
            "contract",
            "claim",
            "kind",
            "description",
            "under_warranty",
            "delivery",
            "quantity",
            "amount",
            "currency",
            "raised_on",
            "window_ends_on",
            "after_its_window",
            "answered_on",
            "accepted",
            "answer",
            "settled_on",
            "settlement",
            "outcome",
            "credited",
            "credited_currency",
            "replaced_by",
        ],
        rows: rows.collect(),
    }
}

fn actions(performance: &ContractPerformance, as_of: Date) -> Table {
    let rows = performance.corrective_plans.iter().flat_map(|plan| {
        let plan = &plan.state;
        (1_i64..).zip(&plan.actions).map(move |(number, action)| {
            let result = action.finished.as_ref().or(action.dropped.as_ref());
            vec![
                text(&plan.number),
                text(plan.state),
                text(&plan.goal),
                text(&plan.about),
                plan.claim.map_or(Out::Empty, |claim| Out::Whole(i64::from(claim))),
                Out::Date(plan.proposed.0),
                day(plan.approved_on),
                day(plan.closed.as_ref().map(|(on, ..)| *on)),
                plan.closed.as_ref().map_or(Out::Empty, |(_, helped, _)| yes(*helped)),
                Out::Whole(number),
                text(&action.what),
                text(&action.responsible),
                Out::Date(action.first_due_on),
                Out::Date(action.due_on),
                day(action.finished.as_ref().map(|(on, _)| *on)),
                day(action.dropped.as_ref().map(|(on, _)| *on)),
                optional(result.map(|(_, why)| why.as_str())),
                yes(plan.is_open() && action.is_overdue(as_of)),
                text(plan.label.to_string()),
            ]
        })
    });
    Table {
        name: "corrective-actions",
        columns: &[
            "plan",
            "plan_state",
            "goal",
            "about",
            "claim",
            "proposed_on",
            "approved_on",
            "closed_on",
            "helped",
            "action",
            "what",
            "responsible",
            "first_due_on",
            "due_on",
            "finished_on",
            "dropped_on",
            "result",
            "overdue",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn phases(performance: &ContractPerformance) -> Table {
    let rows = performance.offsets.iter().flat_map(|one| {
        let one: &OffsetObligation = &one.state;
        let currency = one.terms.required.currency;
        one.outlook().into_iter().zip(&one.terms.phases).map(move |(outlook, phase)| {
            vec![
                text(&one.number),
                text(one.state),
                text(&one.terms.title),
                Out::Date(outlook.by),
                Out::Amount(phase.share.to_string()),
                minor(outlook.required, currency),
                minor(outlook.accepted, currency),
                minor(outlook.under_review, currency),
                minor(outlook.planned, currency),
                minor(outlook.shortfall(), currency),
                minor(outlook.expected_shortfall(), currency),
                text(currency.code()),
                text(one.label.to_string()),
            ]
        })
    });
    Table {
        name: "offset-phases",
        columns: &[
            "obligation",
            "state",
            "title",
            "by",
            "share_pct",
            "required",
            "accepted",
            "under_review",
            "planned",
            "shortfall",
            "expected_shortfall",
            "currency",
            "label",
        ],
        rows: rows.collect(),
    }
}

/// What was claimed, and what is planned and not claimed, as on the page.
fn transactions(performance: &ContractPerformance) -> Table {
    let rows = performance.offsets.iter().flat_map(|one| {
        let one: &OffsetObligation = &one.state;
        let claimed = (1_i64..).zip(&one.claims).map(|(number, claim)| {
            let (state, on, credit, why) = match &claim.review {
                None => ("under_review", None, None, None),
                Some(Review::Accepted(on, credit)) => ("accepted", Some(*on), Some(*credit), None),
                Some(Review::Rejected(on, why)) => ("rejected", Some(*on), None, Some(why.as_str())),
            };
            vec![
                text(&one.number),
                text("claim"),
                Out::Whole(number),
                text(claim.kind.word()),
                text(&claim.description),
                Out::Date(claim.performed_on),
                amount(claim.value),
                amount(claim.credit),
                credit.map_or(Out::Empty, amount),
                text(claim.value.currency.code()),
                text(state),
                day(on),
                optional(why),
                text(one.label.to_string()),
            ]
        });
        let planned = (1_i64..).zip(&one.plans).filter(|(_, plan)| plan.claim.is_none());
        let planned = planned.map(|(number, plan)| {
            vec![
                text(&one.number),
                text("plan"),
                Out::Whole(number),
                text(plan.kind.word()),
                text(&plan.description),
                Out::Date(plan.expected_on),
                amount(plan.value),
                amount(plan.credit),
                Out::Empty,
                text(plan.value.currency.code()),
                text(if plan.dropped.is_some() { "dropped" } else { "planned" }),
                day(plan.dropped.as_ref().map(|(on, _)| *on)),
                optional(plan.dropped.as_ref().map(|(_, why)| why.as_str())),
                text(one.label.to_string()),
            ]
        });
        claimed.chain(planned).collect::<Vec<_>>()
    });
    Table {
        name: "offset-transactions",
        columns: &[
            "obligation",
            "what",
            "number",
            "kind",
            "description",
            "on",
            "value",
            "credit",
            "accepted_credit",
            "currency",
            "state",
            "decided_on",
            "reason",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn conditions(performance: &ContractPerformance) -> Table {
    let rows = performance.conditions.iter().map(|one| {
        vec![
            text(&performance.contract),
            text(one.words),
            yes(one.open.is_none()),
            optional(one.open.as_deref()),
        ]
    });
    Table { name: "conditions", columns: &["contract", "condition", "holds", "open"], rows: rows.collect() }
}
