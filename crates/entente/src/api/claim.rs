//! Claims against a contract, its terms of claims and warranties, and its closing.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::contract::{
    ClaimAnswered, ClaimKind, ClaimSettlement, ClaimWindow, ContractCommand, ContractTerms, NewClaim,
    Warranty,
};
use entente_register::ledger::{Fallible, Refusal};
use entente_register::money::Quantity;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{On, Paper, at, on, paper};
use super::change::{Change, Headers, ReceiptObject};
use super::json::Json;
use super::payment::{Amount, amount};
use crate::app::App;
use crate::error::Answer;

/// A claim to open: a discrepancy of what was delivered, or a defect under warranty.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenClaim {
    /// The day on which it was raised.
    #[schema(format = Date)]
    on: String,
    /// shortage, overage, damage, wrong_item, quality or documentation.
    kind: String,
    /// In words.
    description: String,
    /// Whether it is raised under warranty.
    #[serde(default)]
    warranty: bool,
    /// Number of the delivery that it is of: by it the window is known.
    #[serde(default)]
    delivery: Option<String>,
    /// How much of it, a decimal string.
    #[serde(default)]
    quantity: Option<String>,
    /// What is asked for in money.
    #[serde(default)]
    amount: Option<Amount>,
    /// The recipient’s report.
    #[serde(default)]
    document: Option<Paper>,
}

/// Opens a claim against a contract. It is recorded however late it comes; whether it came within its window stands
/// with it.
#[utoipa::path(post, path = "/contracts/{number}/claims", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OpenClaim, responses((status = 200, description = "Opened", body = ReceiptObject)))]
pub(crate) async fn open_claim(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OpenClaim>,
) -> Answer {
    let command = ContractCommand::OpenClaim(Box::new(NewClaim {
        on: on(&body.on)?,
        kind: kind("kind", &body.kind)?,
        description: body.description,
        warranty: body.warranty,
        delivery: body.delivery,
        quantity: body.quantity.map(|given| Quantity::parse("quantity", &given)).transpose()?,
        amount: amount("amount", body.amount)?,
        document: paper(body.document)?,
    }));
    change.carry_out(&app, contract(number, command)).await
}

/// What the seller says to a claim.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerClaim {
    /// The day of the answer.
    #[schema(format = Date)]
    on: String,
    /// Whether the seller accepts the claim.
    accepted: bool,
    /// What the seller says.
    answer: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Records the answer to a claim; it stays open until it is settled.
#[utoipa::path(post, path = "/contracts/{number}/claims/{claim}/answer", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), ("claim" = u32, Path, description = "Number of the claim within the contract"), Headers), request_body = AnswerClaim, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn answer_claim(
    State(app): State<Arc<App>>,
    Path((number, claim)): Path<(String, String)>,
    change: Change,
    Json(body): Json<AnswerClaim>,
) -> Answer {
    let answer = ClaimAnswered {
        claim: place(&claim)?,
        accepted: body.accepted,
        answer: body.answer,
        document: paper(body.document)?,
    };
    let command = ContractCommand::AnswerClaim { on: on(&body.on)?, answer };
    change.carry_out(&app, contract(number, command)).await
}

/// How a claim was settled.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettleClaim {
    /// The day on which it was settled.
    #[schema(format = Date)]
    on: String,
    /// `replaced`, `repaired`, `credited`, `rejected` or `withdrawn`, where it is one of these.
    #[serde(default)]
    settlement: Option<String>,
    /// How, in words.
    outcome: String,
    /// What was credited.
    #[serde(default)]
    amount: Option<Amount>,
    /// Number of the delivery by which it was replaced.
    #[serde(default)]
    delivery: Option<String>,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Settles a claim.
#[utoipa::path(post, path = "/contracts/{number}/claims/{claim}/settle", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), ("claim" = u32, Path, description = "Number of the claim within the contract"), Headers), request_body = SettleClaim, responses((status = 200, description = "Settled", body = ReceiptObject)))]
pub(crate) async fn settle_claim(
    State(app): State<Arc<App>>,
    Path((number, claim)): Path<(String, String)>,
    change: Change,
    Json(body): Json<SettleClaim>,
) -> Answer {
    let command = ContractCommand::SettleClaim(Box::new(ClaimSettlement {
        claim: place(&claim)?,
        on: on(&body.on)?,
        settlement: body.settlement.map(|word| at("settlement", word.parse())).transpose()?,
        outcome: body.outcome,
        amount: amount("amount", body.amount)?,
        delivery: body.delivery,
        document: paper(body.document)?,
    }));
    change.carry_out(&app, contract(number, command)).await
}

/// The days within which claims of one kind are raised.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    /// Of which claims; of all others, where it is absent.
    #[serde(default)]
    kind: Option<String>,
    /// Days after the acceptance of the delivery.
    days: u32,
}

/// How long what a line delivers is under warranty.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WarrantyOf {
    /// Number of the line; of all others, where it is absent.
    #[serde(default)]
    line: Option<String>,
    /// Months after the acceptance of the delivery.
    months: u32,
}

/// Windows of claims, warranties and serial numbers, as a whole.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreeTerms {
    /// The day from which they are agreed.
    #[schema(format = Date)]
    on: String,
    /// Within which days claims are raised.
    #[serde(default)]
    claim_windows: Vec<Window>,
    /// How long the warranty runs.
    #[serde(default)]
    warranties: Vec<WarrantyOf>,
    /// Numbers of lines of which each item is known by its serial number: none is accepted without.
    #[serde(default)]
    serialised: Vec<String>,
    /// The paper that says so; once the contract is signed, there is one.
    #[serde(default)]
    document: Option<Paper>,
    /// Why.
    reason: String,
}

/// Records the terms of claims, warranties and serial numbers, in place of those agreed before.
#[utoipa::path(post, path = "/contracts/{number}/terms", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = AgreeTerms, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn agree_terms(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AgreeTerms>,
) -> Answer {
    let windows = body.claim_windows.into_iter().enumerate().map(|(place, window)| {
        let field = format!("claim_windows[{place}].kind");
        let kind = window.kind.map(|word| kind(&field, &word)).transpose()?;
        Ok(ClaimWindow { kind, days: window.days })
    });
    let terms = ContractTerms {
        claim_windows: windows.collect::<Fallible<_>>()?,
        warranties: body
            .warranties
            .into_iter()
            .map(|one| Warranty { line: one.line, months: one.months })
            .collect(),
        serialised: body.serialised,
        document: paper(body.document)?,
    };
    let command = ContractCommand::AgreeTerms { on: on(&body.on)?, terms, reason: body.reason };
    change.carry_out(&app, contract(number, command)).await
}

/// Closes a contract that is completed or terminated, once nothing is owed by anybody any more.
#[utoipa::path(post, path = "/contracts/{number}/close", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = On, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = ContractCommand::Close { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, contract(number, command)).await
}

fn contract(number: String, command: ContractCommand) -> Command {
    Command::Contract { number: Some(number), command }
}

fn place(claim: &str) -> Fallible<u32> {
    claim.parse().map_err(|_| Refusal::not_found("claim", claim))
}

fn kind(field: &str, word: &str) -> Fallible<ClaimKind> {
    word.parse().map_err(|refusal: Refusal| refusal.field(field))
}
