//! What is done in the exchange with customs.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::discrepancy::{DiscrepancyCommand, Settlement};
use entente_register::customs::format::text_of;
use entente_register::label::Label;
use serde::Deserialize;
use utoipa::ToSchema;

use super::object::{CustomsRunObject, TriedObject};
use crate::api::body::{Nothing, Paper, at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::{Json, body, represent};
use crate::app::App;
use crate::error::Answer;

/// Up to which marking customs are told.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CustomsMarking {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// The highest marking of what they are told.
    #[schema(examples("OFFICIAL"))]
    marking: String,
    /// Why.
    reason: String,
    /// The paper by which it was decided.
    document: Paper,
}

/// Says up to which marking customs are told. Whoever says so sends them nothing.
#[utoipa::path(post, path = "/customs/marking", tag = "customs", params(Headers), request_body = CustomsMarking, responses((status = 200, description = "Set; 201 where nobody had said anything before", body = ReceiptObject)))]
pub(crate) async fn set_customs_marking(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<CustomsMarking>,
) -> Answer {
    let command = CustomsCommand::Clear {
        on: on(&body.on)?,
        marking: at("marking", body.marking.parse::<Label>())?,
        reason: body.reason,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Customs(command)).await
}

/// Sends the next run of licence data: the file is kept, and read under the run.
#[utoipa::path(post, path = "/customs/runs", tag = "customs", params(NewHeaders), request_body = Nothing, responses((status = 201, description = "Sent", body = ReceiptObject)))]
pub(crate) async fn send_licence_data(
    State(app): State<Arc<App>>,
    change: Change,
    Json(Nothing {}): Json<Nothing>,
) -> Answer {
    change.carry_out(&app, Command::Customs(CustomsCommand::Export)).await
}

/// The file in a body.
async fn file(request: Request, app: &Arc<App>) -> Answer<String> {
    Ok(text_of(body(request, app).await?.into())?)
}

/// Brings in what customs answer to a run of licence data. The same file again changes nothing.
#[utoipa::path(post, path = "/customs/replies", tag = "customs", params(NewHeaders), request_body(content = String, content_type = "text/csv", description = "The file, as docs/customs-exchange.md describes it; at most 4 MiB"), responses((status = 200, description = "Recorded, or, with `repeated`, on record already", body = ReceiptObject)))]
pub(crate) async fn bring_in_reply(State(app): State<Arc<App>>, change: Change, request: Request) -> Answer {
    let file = file(request, &app).await?;
    change.carry_out(&app, Command::Customs(CustomsCommand::Reply { file })).await
}

/// Brings in what went under licences: each row is written off by the rule of its licence, or opens a discrepancy. The same
/// file again changes nothing.
#[utoipa::path(post, path = "/customs/usage", tag = "customs", params(NewHeaders), request_body(content = String, content_type = "text/csv", description = "The file, as docs/customs-exchange.md describes it; at most 4 MiB and 5,000 rows"), responses((status = 201, description = "Brought in; 200 with `repeated` where it was before", body = ReceiptObject)))]
pub(crate) async fn bring_in_usage(State(app): State<Arc<App>>, change: Change, request: Request) -> Answer {
    let file = file(request, &app).await?;
    change.carry_out(&app, Command::Customs(CustomsCommand::Usage { file })).await
}

/// What would become of usage data: each row is judged, and nothing is kept.
#[utoipa::path(post, path = "/customs/usage/try", tag = "customs", request_body(content = String, content_type = "text/csv", description = "The file, as docs/customs-exchange.md describes it"), responses((status = 200, description = "What would become of it", body = TriedObject)))]
pub(crate) async fn try_usage(State(app): State<Arc<App>>, change: Change, request: Request) -> Answer {
    let file = file(request, &app).await?;
    let (receipt, run) = app.store.try_customs(change.actor(), CustomsCommand::Usage { file }).await?;
    let object = TriedObject { repeated: receipt.repeated, run: CustomsRunObject::tried(&run) };
    let (body, _) = represent(&object)?;
    use axum::response::IntoResponse as _;
    Ok(([(axum::http::header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// How a discrepancy was dealt with.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloseDiscrepancy {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// How.
    reason: String,
    /// The paper that shows it.
    document: Paper,
    /// Number of the licence of the write-off that was recorded afterwards; with `reference`, or neither.
    #[serde(default)]
    licence: Option<String>,
    /// Reference of that write-off.
    #[serde(default)]
    reference: Option<String>,
}

/// Closes a discrepancy, with the write-off that was recorded afterwards where there was one.
#[utoipa::path(post, path = "/discrepancies/{number}/close", tag = "customs", params(("number" = String, Path, description = "Number of the discrepancy"), Headers), request_body = CloseDiscrepancy, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_discrepancy(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<CloseDiscrepancy>,
) -> Answer {
    let command = DiscrepancyCommand::Close {
        on: on(&body.on)?,
        reason: body.reason,
        document: body.document.read()?,
        settlement: Settlement::of(body.licence, body.reference)?,
    };
    change.carry_out(&app, Command::Discrepancy { number, command }).await
}
