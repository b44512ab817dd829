//! What is done about an inspection.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, parse_date};
use entente_register::transfer::inspection::{Accounted, InspectionCommand, NewInspection, NewVisit};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Paper, at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::api::transfer::act::TransferReason;
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: InspectionCommand) -> Command {
    Command::Inspection { number, command }
}

/// An inspection that is planned.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanInspection {
    /// The day on which it is planned.
    #[schema(format = Date)]
    on: String,
    /// Number of the licence under which the goods went.
    licence: String,
    /// Number of the party that uses them.
    end_user: String,
    /// The day of the visit.
    #[schema(format = Date)]
    visit_on: String,
    /// Why this one was chosen.
    reason: String,
}

/// Plans an inspection of what went under a licence, under the next number of its marking.
#[utoipa::path(post, path = "/inspections", tag = "transfers", params(NewHeaders), request_body = PlanInspection, responses((status = 201, description = "Planned", body = ReceiptObject)))]
pub(crate) async fn plan_inspection(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<PlanInspection>,
) -> Answer {
    let new = NewInspection {
        on: on(&body.on)?,
        licence: body.licence,
        end_user: body.end_user,
        visit_on: parse_date("visit_on", &body.visit_on)?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Inspect(new)).await
}

/// What became of an item that is not there any more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountedBody {
    /// Its serial number.
    serial: String,
    /// What became of it.
    how: String,
    /// The paper that shows it.
    document: Paper,
}

/// What a visit found.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordVisit {
    /// The day of the visit.
    #[schema(format = Date)]
    on: String,
    /// `favourable`, `unfavourable`, `unable` or `access_refused`.
    outcome: String,
    /// Serial numbers that were seen.
    #[serde(default)]
    seen: Vec<String>,
    /// What became of others.
    #[serde(default)]
    accounted: Vec<AccountedBody>,
    /// What was found, in words.
    findings: String,
    /// The report.
    document: Paper,
}

/// Records a visit. Serial numbers that are missing, another use, or access that was refused are an incident: every open
/// licence of the end user stops by the same change.
#[utoipa::path(post, path = "/inspections/{number}/visit", tag = "transfers", params(("number" = String, Path, description = "Number of the inspection"), Headers), request_body = RecordVisit, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_visit(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordVisit>,
) -> Answer {
    let accounted = body
        .accounted
        .into_iter()
        .map(|one| Ok(Accounted { serial: one.serial, how: one.how, document: one.document.read()? }));
    let visit = NewVisit {
        on: on(&body.on)?,
        outcome: at("outcome", body.outcome.parse())?,
        seen: body.seen,
        accounted: accounted.collect::<Fallible<_>>()?,
        findings: body.findings,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, InspectionCommand::Visit(visit))).await
}

/// Cancels an inspection that is planned.
#[utoipa::path(post, path = "/inspections/{number}/cancel", tag = "transfers", params(("number" = String, Path, description = "Number of the inspection"), Headers), request_body = TransferReason, responses((status = 200, description = "Cancelled", body = ReceiptObject)))]
pub(crate) async fn cancel_inspection(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = InspectionCommand::Cancel { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// How an incident was dealt with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseIncident {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// How.
    reason: String,
    /// The paper that shows it.
    document: Paper,
}

/// Closes an incident. The licences that it stopped go on once another person reinstates each.
#[utoipa::path(post, path = "/inspections/{number}/close", tag = "transfers", params(("number" = String, Path, description = "Number of the inspection"), Headers), request_body = CloseIncident, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_incident(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<CloseIncident>,
) -> Answer {
    let command =
        InspectionCommand::Close { on: on(&body.on)?, reason: body.reason, document: body.document.read()? };
    change.carry_out(&app, about(number, command)).await
}
