//! What happens to an opportunity between its registration and its end.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Refusal, parse_date};
use entente_register::opportunity::{ContractFromOffer, OpportunityCommand, ToContract};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{OnWithReason, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: OpportunityCommand) -> Command {
    Command::Opportunity { number: Some(number), command }
}

/// A later deadline.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendDeadline {
    /// The day on which it was extended.
    #[schema(format = Date)]
    on: String,
    /// The new deadline.
    #[schema(format = Date)]
    deadline: String,
    /// Why.
    #[serde(default)]
    reason: Option<String>,
    /// The paper that says so.
    #[serde(default)]
    document: Option<Paper>,
}

/// Extends the deadline by which it is to be answered.
#[utoipa::path(post, path = "/opportunities/{number}/extend", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = ExtendDeadline, responses((status = 200, description = "Extended", body = ReceiptObject)))]
pub(crate) async fn extend_deadline(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ExtendDeadline>,
) -> Answer {
    let command = OpportunityCommand::Extend {
        on: on(&body.on)?,
        deadline: parse_date("deadline", &body.deadline)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// An estimate of the probability that a contract is signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EstimateOpportunity {
    /// The day of the estimate.
    #[schema(format = Date)]
    on: String,
    /// Whole per cent, 0 to 100.
    probability: u8,
    /// When the contract is expected to be signed.
    #[serde(default)]
    #[schema(format = Date)]
    signature_on: Option<String>,
    /// Why.
    reason: String,
}

/// Estimates the probability; earlier estimates stay.
#[utoipa::path(post, path = "/opportunities/{number}/estimates", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = EstimateOpportunity, responses((status = 200, description = "Estimated", body = ReceiptObject)))]
pub(crate) async fn estimate_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EstimateOpportunity>,
) -> Answer {
    let command = OpportunityCommand::Estimate {
        on: on(&body.on)?,
        probability: body.probability,
        signature_on: body.signature_on.map(|day| parse_date("signature_on", &day)).transpose()?,
        reason: body.reason,
    };
    change.carry_out(&app, about(number, command)).await
}

/// An advance opinion that is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskAdvice {
    /// When.
    #[schema(format = Date)]
    on: String,
    /// Of whom.
    asked_of: String,
}

/// Asks for an advance opinion.
#[utoipa::path(post, path = "/opportunities/{number}/advice", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = AskAdvice, responses((status = 200, description = "Asked", body = ReceiptObject)))]
pub(crate) async fn ask_advice(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AskAdvice>,
) -> Answer {
    let command = OpportunityCommand::AskAdvice { on: on(&body.on)?, asked_of: body.asked_of };
    change.carry_out(&app, about(number, command)).await
}

/// An advance opinion.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GiveAdvice {
    /// When it was given.
    #[schema(format = Date)]
    on: String,
    /// `positive`, `conditional` or `negative`.
    verdict: String,
    /// On what conditions.
    #[serde(default)]
    conditions: Option<String>,
    /// The paper.
    document: Paper,
}

/// Records the advance opinion that was asked for last.
#[utoipa::path(post, path = "/opportunities/{number}/advice/give", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = GiveAdvice, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn give_advice(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<GiveAdvice>,
) -> Answer {
    let command = OpportunityCommand::GiveAdvice {
        on: on(&body.on)?,
        verdict: at("verdict", body.verdict.parse())?,
        conditions: body.conditions,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// A won opportunity, and its contract: one that is there, or a new one out of the offer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WinOpportunity {
    /// The day on which it was won.
    #[schema(format = Date)]
    on: String,
    /// Version of the offer; the last if absent.
    #[serde(default)]
    offer: Option<u32>,
    /// Number of a contract that the register holds.
    #[serde(default)]
    contract: Option<String>,
    /// A new contract, with a line for each item of the offer.
    #[serde(default)]
    open_contract: Option<OpenFromOffer>,
    /// The acceptance of the offer.
    #[serde(default)]
    document: Option<Paper>,
}

/// What a contract needs beyond what the offer says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenFromOffer {
    /// The number that the parties use between themselves.
    reference: String,
    /// What it is about; the title of the opportunity if absent.
    #[serde(default)]
    title: Option<String>,
    /// Number of the end user; the recipient if absent.
    #[serde(default)]
    end_user: Option<String>,
}

/// Records that it was won; with `open_contract`, opens the contract and adds its lines by the same act.
#[utoipa::path(post, path = "/opportunities/{number}/win", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = WinOpportunity, responses((status = 200, description = "Won", body = ReceiptObject)))]
pub(crate) async fn win_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<WinOpportunity>,
) -> Answer {
    let contract = match (body.contract, body.open_contract) {
        (Some(number), None) => ToContract::Existing(number),
        (None, Some(new)) => ToContract::New(ContractFromOffer {
            reference: new.reference,
            title: new.title,
            end_user: new.end_user,
        }),
        _ => {
            return Err(Refusal::new("opportunity.contract", "A contract is there, or is opened.")
                .field("contract")
                .missing("either the number of a contract or what a new one needs")
                .into());
        }
    };
    let command = OpportunityCommand::Win {
        on: on(&body.on)?,
        offer: body.offer,
        contract,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// A lost opportunity.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoseOpportunity {
    /// The day on which it was lost.
    #[schema(format = Date)]
    on: String,
    /// `price`, `terms`, `delivery_time`, `performance`, `political`, `competitor_relation`,
    /// `cancelled_by_recipient` or `no_decision`.
    cause: String,
    /// To whom.
    #[serde(default)]
    competitor: Option<String>,
    /// More about it.
    #[serde(default)]
    remark: Option<String>,
    /// The paper.
    #[serde(default)]
    document: Option<Paper>,
}

/// Records that it was lost, and why.
#[utoipa::path(post, path = "/opportunities/{number}/lose", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = LoseOpportunity, responses((status = 200, description = "Lost", body = ReceiptObject)))]
pub(crate) async fn lose_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<LoseOpportunity>,
) -> Answer {
    let command = OpportunityCommand::Lose {
        on: on(&body.on)?,
        cause: at("cause", body.cause.parse())?,
        competitor: body.competitor,
        remark: body.remark,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// Declines to make an offer.
#[utoipa::path(post, path = "/opportunities/{number}/decline", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = OnWithReason, responses((status = 200, description = "Declined", body = ReceiptObject)))]
pub(crate) async fn decline_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command = OpportunityCommand::Decline {
        on: on(&body.on)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// Withdraws it, before or after an offer.
#[utoipa::path(post, path = "/opportunities/{number}/withdraw", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = OnWithReason, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command = OpportunityCommand::Withdraw {
        on: on(&body.on)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}
