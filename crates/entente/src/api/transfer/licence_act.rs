//! What is done about a licence: shipments written off, conditions met, and what stops it.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money, Quantity};
use entente_register::transfer::licence::{LicenceCommand, WriteOff};
use serde::Deserialize;
use utoipa::ToSchema;

use super::act::{TransferReason, ordinal};
use crate::api::body::{OnWithPaper, Paper, at, on};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: LicenceCommand) -> Command {
    Command::Licence { number, command }
}

/// A shipment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteOffShipment {
    /// The day of the shipment.
    #[schema(format = Date)]
    on: String,
    /// What tells it from all others of the licence: the number of the customs declaration with its item. The same
    /// write-off again changes nothing and is answered alike; another one under it is refused.
    reference: String,
    /// Number of the line.
    line: u32,
    /// How much went, a decimal string.
    quantity: String,
    /// What it was worth, a decimal string.
    value: String,
    /// ISO 4217 code of the value: that of the licence.
    currency: String,
    /// Number of the delivery that it belongs to.
    #[serde(default)]
    delivery: Option<String>,
    /// The declaration.
    document: Paper,
}

/// Writes a shipment off. What is more than is left, out of its validity, or blocked by now is refused.
#[utoipa::path(post, path = "/licences/{number}/write-offs", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = WriteOffShipment, responses((status = 200, description = "Written off", body = ReceiptObject)))]
pub(crate) async fn write_off(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<WriteOffShipment>,
) -> Answer {
    let currency: Currency = at("currency", body.currency.parse())?;
    // A write-off holds minor units alone: they are of the licence’s currency, which never changes.
    let own = change.reader(&app).await?.licence(&number).await?.licence.issued.currency;
    if currency != own {
        return Err(Refusal::new("licence.currency", format!("The licence is in {own}, not in {currency}."))
            .field("currency")
            .missing(format!("a value in {own}"))
            .into());
    }
    let written = WriteOff {
        reference: body.reference,
        line: body.line,
        quantity: Quantity::parse("quantity", &body.quantity)?,
        value: Money::parse("value", &body.value, currency)?,
        delivery: body.delivery,
        document: body.document.read()?,
    };
    let command = LicenceCommand::WriteOff { on: on(&body.on)?, written };
    change.carry_out(&app, about(number, command)).await
}

/// A write-off that was recorded in error.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectWriteOff {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Its reference, which is not used again.
    reference: String,
    /// Why.
    reason: String,
}

/// Takes a write-off back: what it took is left again.
#[utoipa::path(post, path = "/licences/{number}/write-offs/correct", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = CorrectWriteOff, responses((status = 200, description = "Taken back", body = ReceiptObject)))]
pub(crate) async fn correct_write_off(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<CorrectWriteOff>,
) -> Answer {
    let command =
        LicenceCommand::Correct { on: on(&body.on)?, reference: body.reference, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Records that a condition is met, by which paper.
#[utoipa::path(post, path = "/licences/{number}/conditions/{condition}/meet", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), ("condition" = u32, Path, description = "Number of the condition, from 1"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Met", body = ReceiptObject)))]
pub(crate) async fn meet_condition(
    State(app): State<Arc<App>>,
    Path((number, condition)): Path<(String, String)>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = LicenceCommand::Meet {
        on: on(&body.on)?,
        condition: ordinal("condition", &condition)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// What the end user confirms to have received.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyDelivery {
    /// The day of the confirmation.
    #[schema(format = Date)]
    on: String,
    /// Reference of the write-off.
    reference: String,
    /// How much, a decimal string.
    quantity: String,
    /// The paper.
    document: Paper,
}

/// Records that the end user confirms what went by a write-off, whole or in part.
#[utoipa::path(post, path = "/licences/{number}/verifications", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = VerifyDelivery, responses((status = 200, description = "Verified", body = ReceiptObject)))]
pub(crate) async fn verify_delivery(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<VerifyDelivery>,
) -> Answer {
    let command = LicenceCommand::Verify {
        on: on(&body.on)?,
        reference: body.reference,
        quantity: Quantity::parse("quantity", &body.quantity)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// Suspends a licence: nothing is written off while it is.
#[utoipa::path(post, path = "/licences/{number}/suspend", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = TransferReason, responses((status = 200, description = "Suspended", body = ReceiptObject)))]
pub(crate) async fn suspend_licence(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = LicenceCommand::Suspend { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Reinstates a licence that another person suspended. One that an inspection stopped goes on once the incident is closed,
/// and not by whoever closed it.
#[utoipa::path(post, path = "/licences/{number}/reinstate", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = TransferReason, responses((status = 200, description = "Reinstated", body = ReceiptObject)))]
pub(crate) async fn reinstate_licence(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = LicenceCommand::Reinstate { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Revokes a licence for good.
#[utoipa::path(post, path = "/licences/{number}/revoke", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = TransferReason, responses((status = 200, description = "Revoked", body = ReceiptObject)))]
pub(crate) async fn revoke_licence(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = LicenceCommand::Revoke { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Closes a licence that was given back, or is used up and accounted for.
#[utoipa::path(post, path = "/licences/{number}/close", tag = "transfers", params(("number" = String, Path, description = "Number of the licence"), Headers), request_body = TransferReason, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_licence(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = LicenceCommand::Close { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}
