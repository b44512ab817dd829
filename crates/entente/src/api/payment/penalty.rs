//! Changes of penalties for delay.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::payment::{Delay, PenaltyCommand};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Amount;
use crate::api::body::{Annulment, OnWithPaper, OnWithReason, Paper, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A penalty to claim.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimPenalty {
    /// The day of the claim.
    #[schema(format = Date)]
    on: String,
    /// What is late: `delivery`, `line` or `instalment`.
    late: String,
    /// Its number.
    number: String,
    /// What is claimed; what the contract's terms give if absent, and never more.
    #[serde(default)]
    amount: Option<Amount>,
    /// The letter of claim.
    #[serde(default)]
    document: Option<Paper>,
}

fn delay(late: &str, number: String) -> Fallible<Delay> {
    match late {
        "delivery" => Ok(Delay::Delivery(number)),
        "line" => Ok(Delay::Line(number)),
        "instalment" => Ok(Delay::Instalment(number)),
        other => Err(Refusal::new("penalty.late", format!("{other:?} is not what can be late."))
            .field("late")
            .missing("delivery, line or instalment")),
    }
}

/// Claims a penalty for delay; the contract's terms give its amount.
#[utoipa::path(post, path = "/contracts/{number}/penalties", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = ClaimPenalty, responses((status = 201, description = "Claimed", body = ReceiptObject)))]
pub(crate) async fn claim_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ClaimPenalty>,
) -> Answer {
    let command = PenaltyCommand::Claim {
        delay: delay(&body.late, body.number)?,
        on: on(&body.on)?,
        amount: body.amount.map(|amount| amount.read("amount")).transpose()?,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Penalty { number, command }).await
}

/// What is owed of a penalty.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreePenalty {
    /// The day of the agreement.
    #[schema(format = Date)]
    on: String,
    /// What is owed, up to what the contract's terms give.
    amount: Amount,
    /// The agreement or award.
    document: Paper,
}

/// Records that a penalty is agreed.
#[utoipa::path(post, path = "/penalties/{number}/agree", tag = "payments", params(("number" = String, Path, description = "Number of the penalty"), Headers), request_body = AgreePenalty, responses((status = 200, description = "Agreed", body = ReceiptObject)))]
pub(crate) async fn agree_on_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AgreePenalty>,
) -> Answer {
    let command = PenaltyCommand::Agree {
        on: on(&body.on)?,
        amount: body.amount.read("amount")?,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Penalty { number, command }).await
}

/// Records that a penalty is waived.
#[utoipa::path(post, path = "/penalties/{number}/waive", tag = "payments", params(("number" = String, Path, description = "Number of the penalty"), Headers), request_body = OnWithReason, responses((status = 200, description = "Waived", body = ReceiptObject)))]
pub(crate) async fn waive_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command =
        PenaltyCommand::Waive { on: on(&body.on)?, reason: body.reason, document: paper(body.document)? };
    change.carry_out(&app, Command::Penalty { number, command }).await
}

/// Records that a penalty is paid or set off.
#[utoipa::path(post, path = "/penalties/{number}/settle", tag = "payments", params(("number" = String, Path, description = "Number of the penalty"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Settled", body = ReceiptObject)))]
pub(crate) async fn settle_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = PenaltyCommand::Settle { on: on(&body.on)?, document: body.document.read()? };
    change.carry_out(&app, Command::Penalty { number, command }).await
}

/// Annuls a penalty that was recorded in error.
#[utoipa::path(post, path = "/penalties/{number}/annul", tag = "payments", params(("number" = String, Path, description = "Number of the penalty"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = PenaltyCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Penalty { number, command }).await
}
