//! Changes of milestones.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::parse_date;
use entente_register::performance::{DelayReason, MilestoneCommand, NewMilestone};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Annulment, OnWithPaper, OnWithReason, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A milestone to plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanMilestone {
    /// The day on which it was agreed.
    #[schema(format = Date)]
    on: String,
    /// `entry_into_force`, `advance_received`, `factory_acceptance`, `first_article`, `training_completed`,
    /// `end_of_warranty` or `other`.
    kind: String,
    /// What it is called; the name of its kind if absent, which `other` has not.
    #[serde(default)]
    name: Option<String>,
    /// The day by which it is to be reached.
    #[schema(format = Date)]
    planned_on: String,
    /// Number of the line that it is of.
    #[serde(default)]
    line: Option<String>,
    /// Number of the instalment that it releases: one that is due after a milestone.
    #[serde(default)]
    instalment: Option<String>,
    /// The paper that says so.
    #[serde(default)]
    document: Option<Paper>,
}

/// Plans a milestone of a contract.
#[utoipa::path(post, path = "/contracts/{number}/milestones", tag = "performance", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = PlanMilestone, responses((status = 201, description = "Planned", body = ReceiptObject)))]
pub(crate) async fn plan_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<PlanMilestone>,
) -> Answer {
    let command = MilestoneCommand::Plan(Box::new(NewMilestone {
        on: on(&body.on)?,
        kind: at("kind", body.kind.parse())?,
        name: body.name,
        planned_on: parse_date("planned_on", &body.planned_on)?,
        line: body.line,
        instalment: body.instalment,
        document: paper(body.document)?,
    }));
    change.carry_out(&app, Command::Milestone { number, command }).await
}

/// Another day by which a milestone is to be reached.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendMilestone {
    /// The day from which it is agreed.
    #[schema(format = Date)]
    on: String,
    /// The day by which it is to be reached.
    #[schema(format = Date)]
    planned_on: String,
    /// The signed amendment.
    document: Paper,
    /// Why.
    reason: String,
}

/// Amends the day by which a milestone is to be reached.
#[utoipa::path(post, path = "/milestones/{number}/amend", tag = "performance", params(("number" = String, Path, description = "Number of the milestone"), Headers), request_body = AmendMilestone, responses((status = 200, description = "Amended", body = ReceiptObject)))]
pub(crate) async fn amend_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AmendMilestone>,
) -> Answer {
    let command = MilestoneCommand::Amend {
        on: on(&body.on)?,
        planned_on: parse_date("planned_on", &body.planned_on)?,
        document: body.document.read()?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Milestone { number, command }).await
}

/// When a milestone is expected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForecastMilestone {
    /// The day of the forecast.
    #[schema(format = Date)]
    on: String,
    /// The day on which it is expected to be reached.
    #[schema(format = Date)]
    expected_on: String,
    /// The cause of the delay, where it is expected later than agreed: as that of a slippage.
    #[serde(default)]
    cause: Option<String>,
    /// On whose side the cause lies: `seller`, `buyer` or `neither`.
    #[serde(default)]
    side: Option<String>,
    /// Why.
    reason: String,
}

/// Records when a milestone is expected; what is agreed stays.
#[utoipa::path(post, path = "/milestones/{number}/forecast", tag = "performance", params(("number" = String, Path, description = "Number of the milestone"), Headers), request_body = ForecastMilestone, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn forecast_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ForecastMilestone>,
) -> Answer {
    let command = MilestoneCommand::Forecast {
        on: on(&body.on)?,
        expected_on: parse_date("expected_on", &body.expected_on)?,
        delay: DelayReason::read_given(body.cause.as_deref(), body.side.as_deref())?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Milestone { number, command }).await
}

/// Records that a milestone is reached, with its evidence; an instalment that waits for it gets its day.
#[utoipa::path(post, path = "/milestones/{number}/reach", tag = "performance", params(("number" = String, Path, description = "Number of the milestone"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Reached", body = ReceiptObject)))]
pub(crate) async fn reach_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = MilestoneCommand::Reach { on: on(&body.on)?, document: body.document.read()? };
    change.carry_out(&app, Command::Milestone { number, command }).await
}

/// Cancels a milestone.
#[utoipa::path(post, path = "/milestones/{number}/cancel", tag = "performance", params(("number" = String, Path, description = "Number of the milestone"), Headers), request_body = OnWithReason, responses((status = 200, description = "Cancelled", body = ReceiptObject)))]
pub(crate) async fn cancel_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command =
        MilestoneCommand::Cancel { on: on(&body.on)?, reason: body.reason, document: paper(body.document)? };
    change.carry_out(&app, Command::Milestone { number, command }).await
}

/// Annuls a milestone that was recorded in error.
#[utoipa::path(post, path = "/milestones/{number}/annul", tag = "performance", params(("number" = String, Path, description = "Number of the milestone"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_milestone(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = MilestoneCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Milestone { number, command }).await
}
