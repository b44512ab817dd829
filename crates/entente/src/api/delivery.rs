//! Acts of delivery.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::money::Quantity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{OnWithPaper, OnWithReason, Paper, on, paper};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::Json;
use crate::app::App;
use crate::error::Answer;

/// Goods handed over to the carrier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOver {
    /// The number that others give it, such as a waybill's; no two deliveries of a contract have the same.
    #[serde(default)]
    reference: Option<String>,
    /// How much, a decimal string.
    quantity: String,
    /// The day of the hand-over.
    #[schema(format = Date)]
    on: String,
    /// Bill of lading, waybill or the like.
    document: Paper,
}

/// Records a hand-over against a line: a new delivery.
#[utoipa::path(post, path = "/lines/{number}/deliveries", tag = "contracts", params(("number" = String, Path, description = "Number of the line"), NewHeaders), request_body = HandOver, responses((status = 201, description = "Handed over", body = ReceiptObject)))]
pub(crate) async fn hand_over_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<HandOver>,
) -> Answer {
    let command = DeliveryCommand::HandOver {
        line: number,
        reference: body.reference,
        quantity: Quantity::parse("quantity", &body.quantity)?,
        on: on(&body.on)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Delivery { number: None, command }).await
}

/// Records the acceptance of a delivery: title passes.
#[utoipa::path(post, path = "/deliveries/{number}/accept", tag = "contracts", params(("number" = String, Path, description = "Number of the delivery"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Accepted", body = ReceiptObject)))]
pub(crate) async fn accept_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = DeliveryCommand::Accept { on: on(&body.on)?, document: body.document.read()? };
    change.carry_out(&app, Command::Delivery { number: Some(number), command }).await
}

/// Records that the recipient did not accept a delivery.
#[utoipa::path(post, path = "/deliveries/{number}/return", tag = "contracts", params(("number" = String, Path, description = "Number of the delivery"), Headers), request_body = OnWithReason, responses((status = 200, description = "Returned", body = ReceiptObject)))]
pub(crate) async fn return_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command =
        DeliveryCommand::Return { on: on(&body.on)?, reason: body.reason, document: paper(body.document)? };
    change.carry_out(&app, Command::Delivery { number: Some(number), command }).await
}

/// Serial numbers of the items of a delivery.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordSerials {
    /// The day of the list or of the inspection.
    #[schema(format = Date)]
    on: String,
    /// All of them, each as it stands on the item.
    serials: Vec<String>,
    /// The list that was handed over, or the protocol of the inspection.
    #[serde(default)]
    document: Option<Paper>,
    /// Why, where others were recorded before.
    #[serde(default)]
    reason: Option<String>,
}

/// Records the serial numbers of a delivery, in place of those recorded before.
#[utoipa::path(post, path = "/deliveries/{number}/serials", tag = "contracts", params(("number" = String, Path, description = "Number of the delivery"), Headers), request_body = RecordSerials, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_serials(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordSerials>,
) -> Answer {
    let command = DeliveryCommand::RecordSerials {
        on: on(&body.on)?,
        serials: body.serials,
        document: paper(body.document)?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Delivery { number: Some(number), command }).await
}

/// Why a delivery falls away.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Annul {
    /// Why.
    reason: String,
}

/// Annuls a delivery that was recorded in error.
#[utoipa::path(post, path = "/deliveries/{number}/annul", tag = "contracts", params(("number" = String, Path, description = "Number of the delivery"), Headers), request_body = Annul, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annul>,
) -> Answer {
    let command = DeliveryCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Delivery { number: Some(number), command }).await
}
