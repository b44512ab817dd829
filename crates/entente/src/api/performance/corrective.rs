//! Changes of corrective plans.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::performance::{CorrectiveCommand, NewAction};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Annulment, On, OnWithReason, Paper, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// What is to be done.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlannedAction {
    /// What.
    what: String,
    /// Who answers for it: a post or a body.
    responsible: String,
    /// By when.
    #[schema(format = Date)]
    due_on: String,
}

/// A corrective plan to propose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeCorrectivePlan {
    /// The day of the proposal.
    #[schema(format = Date)]
    on: String,
    /// What it is about: `slippage:O-2012-0001.S1`, a milestone or a line likewise; the contract itself if absent.
    #[serde(default)]
    about: Option<String>,
    /// Number of the claim that it is about.
    #[serde(default)]
    claim: Option<u32>,
    /// What is to be reached.
    goal: String,
    /// What is to be done, numbered from 1 in this order.
    actions: Vec<PlannedAction>,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Proposes a corrective plan of a contract.
#[utoipa::path(post, path = "/contracts/{number}/corrective-plans", tag = "performance", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = ProposeCorrectivePlan, responses((status = 201, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_corrective_plan(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ProposeCorrectivePlan>,
) -> Answer {
    let actions = body.actions.into_iter().enumerate().map(|(place, action)| {
        Ok(NewAction {
            due_on: parse_date(&format!("actions[{place}].due_on"), &action.due_on)?,
            what: action.what,
            responsible: action.responsible,
        })
    });
    let command = CorrectiveCommand::Propose {
        on: on(&body.on)?,
        about: body.about,
        claim: body.claim,
        goal: body.goal,
        actions: actions.collect::<Fallible<_>>()?,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// Approves a corrective plan, by another person than the one who proposed it.
#[utoipa::path(post, path = "/corrective-plans/{number}/approve", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), Headers), request_body = On, responses((status = 200, description = "Approved", body = ReceiptObject)))]
pub(crate) async fn approve_corrective_plan(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = CorrectiveCommand::Approve { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// An action that was done.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FinishAction {
    /// The day on which it was done.
    #[schema(format = Date)]
    on: String,
    /// What shows it.
    result: String,
    /// The paper that shows it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Records that an action of a corrective plan was done.
#[utoipa::path(post, path = "/corrective-plans/{number}/actions/{action}/finish", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), ("action" = u32, Path, description = "Number of the action within the plan"), Headers), request_body = FinishAction, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn finish_action(
    State(app): State<Arc<App>>,
    Path((number, action)): Path<(String, String)>,
    change: Change,
    Json(body): Json<FinishAction>,
) -> Answer {
    let command = CorrectiveCommand::FinishAction {
        on: on(&body.on)?,
        action: place(&action)?,
        result: body.result,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// Another day by which an action is to be done.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveAction {
    /// The day of the change.
    #[schema(format = Date)]
    on: String,
    /// By when it is to be done.
    #[schema(format = Date)]
    due_on: String,
    /// Why.
    reason: String,
}

/// Moves an action of a corrective plan to another day.
#[utoipa::path(post, path = "/corrective-plans/{number}/actions/{action}/move", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), ("action" = u32, Path, description = "Number of the action within the plan"), Headers), request_body = MoveAction, responses((status = 200, description = "Moved", body = ReceiptObject)))]
pub(crate) async fn move_action(
    State(app): State<Arc<App>>,
    Path((number, action)): Path<(String, String)>,
    change: Change,
    Json(body): Json<MoveAction>,
) -> Answer {
    let command = CorrectiveCommand::MoveAction {
        on: on(&body.on)?,
        action: place(&action)?,
        due_on: parse_date("due_on", &body.due_on)?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// Drops an action of a corrective plan.
#[utoipa::path(post, path = "/corrective-plans/{number}/actions/{action}/drop", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), ("action" = u32, Path, description = "Number of the action within the plan"), Headers), request_body = OnWithReason, responses((status = 200, description = "Dropped", body = ReceiptObject)))]
pub(crate) async fn drop_action(
    State(app): State<Arc<App>>,
    Path((number, action)): Path<(String, String)>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    no_paper(body.document.is_some())?;
    let command =
        CorrectiveCommand::DropAction { on: on(&body.on)?, action: place(&action)?, reason: body.reason };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// How a corrective plan ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseCorrectivePlan {
    /// The day on which it was closed.
    #[schema(format = Date)]
    on: String,
    /// Whether what it was about is mended.
    effective: bool,
    /// How that is known.
    outcome: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Closes a corrective plan of which every action is done or dropped.
#[utoipa::path(post, path = "/corrective-plans/{number}/close", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), Headers), request_body = CloseCorrectivePlan, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_corrective_plan(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<CloseCorrectivePlan>,
) -> Answer {
    let command = CorrectiveCommand::Close {
        on: on(&body.on)?,
        effective: body.effective,
        outcome: body.outcome,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// Withdraws a corrective plan.
#[utoipa::path(post, path = "/corrective-plans/{number}/withdraw", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), Headers), request_body = OnWithReason, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_corrective_plan(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command = CorrectiveCommand::Withdraw {
        on: on(&body.on)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

/// Annuls a corrective plan that was recorded in error.
#[utoipa::path(post, path = "/corrective-plans/{number}/annul", tag = "performance", params(("number" = String, Path, description = "Number of the corrective plan"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_corrective_plan(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = CorrectiveCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Corrective { number, command }).await
}

fn place(action: &str) -> Fallible<u32> {
    action.parse().map_err(|_| Refusal::not_found("action", action))
}

fn no_paper(given: bool) -> Fallible<()> {
    if given {
        return Err(Refusal::new("corrective.document", "No paper is kept with an action that is dropped.")
            .field("document")
            .missing("no document; the reason says why"));
    }
    Ok(())
}
