//! Changes of delivery plans.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::contract::plan::{PlanCommand, PlanItem};
use entente_register::ledger::{Fallible, parse_date};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Nothing, Paper, at, on};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::Json;
use super::read::plan_version;
use crate::app::App;
use crate::error::Answer;

/// A version to draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftPlan {
    /// Calendar year.
    year: i16,
    /// ISO 4217 code of its amounts.
    currency: String,
}

/// Drafts the next version of a year's plan.
#[utoipa::path(post, path = "/plans", tag = "plans", params(NewHeaders), request_body = DraftPlan, responses((status = 201, description = "Drafted", body = ReceiptObject)))]
pub(crate) async fn draft_plan(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<DraftPlan>,
) -> Answer {
    let command = PlanCommand::Draft { year: body.year, currency: at("currency", body.currency.parse())? };
    change.carry_out(&app, Command::Plan { version: None, command }).await
}

/// Items to add to a draft.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddItems {
    /// The items.
    items: Vec<Item>,
}

/// A planned delivery.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Item {
    /// Number of the line.
    line: String,
    /// The day by which it is planned, within the plan's year.
    #[schema(format = Date)]
    planned_on: String,
    /// Planned value, a decimal string.
    #[schema(examples("1250000.00"))]
    amount: String,
}

/// Adds items to a draft.
#[utoipa::path(post, path = "/plans/{year}/{version}/items", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = AddItems, responses((status = 200, description = "Added", body = ReceiptObject)))]
pub(crate) async fn add_plan_items(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<AddItems>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let items = body
        .items
        .into_iter()
        .enumerate()
        .map(|(position, item)| {
            let planned_on = parse_date(&format!("items[{position}].planned_on"), &item.planned_on)?;
            Ok(PlanItem { line: item.line, planned_on, amount: item.amount })
        })
        .collect::<Fallible<Vec<PlanItem>>>()?;
    change.carry_out(&app, Command::Plan { version, command: PlanCommand::AddItems { items } }).await
}

/// The approval of a plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApprovePlan {
    /// The day of the decision.
    #[schema(format = Date)]
    on: String,
    /// The decision.
    document: Paper,
    /// Why a proposed version is approved without the agreement of a manufacturer that was asked.
    #[serde(default)]
    reason: Option<String>,
}

/// Approves a draft, or a version that was proposed, which another person has drafted; from then on it is frozen. One
/// that was proposed needs the agreement of every manufacturer that was asked, or a reason.
#[utoipa::path(post, path = "/plans/{year}/{version}/approve", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = ApprovePlan, responses((status = 200, description = "Frozen", body = ReceiptObject)))]
pub(crate) async fn approve_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<ApprovePlan>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let ApprovePlan { on: day, document, reason } = body;
    let command = PlanCommand::Approve { on: on(&day)?, document: document.read()?, reason };
    change.carry_out(&app, Command::Plan { version, command }).await
}

/// Discards a version that is not approved.
#[utoipa::path(post, path = "/plans/{year}/{version}/discard", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = Nothing, responses((status = 200, description = "Discarded", body = ReceiptObject)))]
pub(crate) async fn discard_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(Nothing {}): Json<Nothing>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    change.carry_out(&app, Command::Plan { version, command: PlanCommand::Discard }).await
}
