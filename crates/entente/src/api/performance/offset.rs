//! Changes of offset obligations.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::Money;
use entente_register::payment::Percent;
use entente_register::performance::{
    Multiplier, OffsetAmended, OffsetCommand, OffsetPhase, OffsetTerms, Thousandths, Transaction,
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Annulment, OnWithPaper, OnWithReason, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::api::payment::{Amount, amount};
use crate::app::App;
use crate::error::Answer;

/// By what the value of a transaction of a kind is multiplied.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MultiplierOf {
    /// `subcontract`, `co_production`, `licensed_production`, `technology_transfer`, `training`, `investment`,
    /// `credit`, `purchase` or `other`.
    kind: String,
    /// The factor, a decimal string with up to three decimals.
    #[schema(examples("2.5"))]
    factor: String,
}

/// What is owed by a day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phase {
    /// By when.
    #[schema(format = Date)]
    by: String,
    /// Which share of the whole from the beginning, in per cent, a decimal string.
    #[schema(examples("40"))]
    share: String,
}

/// An offset obligation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreeOffset {
    /// The day on which it was agreed.
    #[schema(format = Date)]
    on: String,
    /// What it is called.
    title: String,
    /// The credit that is owed.
    required: Amount,
    /// The share of the contract’s value that this is, in per cent, where it was agreed as one.
    #[serde(default)]
    #[schema(examples("120"))]
    percent: Option<String>,
    /// The kinds that count, and how.
    multipliers: Vec<MultiplierOf>,
    /// What is owed by when; the last phase is the whole, 100 per cent.
    phases: Vec<Phase>,
    /// What a shortfall costs, in per cent of it.
    #[serde(default)]
    penalty: Option<String>,
    /// The agreement.
    document: Paper,
}

/// Records an offset obligation of a contract.
#[utoipa::path(post, path = "/contracts/{number}/offsets", tag = "performance", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = AgreeOffset, responses((status = 201, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn agree_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AgreeOffset>,
) -> Answer {
    let terms = OffsetTerms {
        title: body.title,
        required: body.required.read("required")?,
        percent: body.percent.map(|share| Thousandths::parse("percent", &share)).transpose()?,
        multipliers: multipliers(body.multipliers)?,
        phases: phases(body.phases)?,
        penalty: body.penalty.map(|share| Percent::parse("penalty", &share)).transpose()?,
        document: body.document.read()?,
    };
    let command = OffsetCommand::Agree { on: on(&body.on)?, terms };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// What is amended; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendOffset {
    /// The day from which it is agreed.
    #[schema(format = Date)]
    on: String,
    /// The credit that is owed.
    #[serde(default)]
    required: Option<Amount>,
    /// The kinds that count, and how, whole.
    #[serde(default)]
    multipliers: Option<Vec<MultiplierOf>>,
    /// What is owed by when, whole.
    #[serde(default)]
    phases: Option<Vec<Phase>>,
    /// The signed amendment.
    document: Paper,
    /// Why.
    reason: String,
}

/// Amends an offset obligation; credit that was claimed or accepted stays as it was reckoned.
#[utoipa::path(post, path = "/offsets/{number}/amend", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = AmendOffset, responses((status = 200, description = "Amended", body = ReceiptObject)))]
pub(crate) async fn amend_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AmendOffset>,
) -> Answer {
    let amendment = OffsetAmended {
        required: amount("required", body.required)?,
        multipliers: body.multipliers.map(multipliers).transpose()?,
        phases: body.phases.map(phases).transpose()?,
        document: body.document.read()?,
    };
    let command = OffsetCommand::Amend { on: on(&body.on)?, amendment, reason: body.reason };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// A transaction that is expected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanOffset {
    /// The day of the plan.
    #[schema(format = Date)]
    on: String,
    /// When it is expected.
    #[schema(format = Date)]
    expected_on: String,
    /// Its kind, one that the obligation counts.
    kind: String,
    /// What is to be done, and for whom.
    description: String,
    /// Its expected value.
    value: Amount,
}

/// Plans a transaction of an offset obligation.
#[utoipa::path(post, path = "/offsets/{number}/planned", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = PlanOffset, responses((status = 200, description = "Planned", body = ReceiptObject)))]
pub(crate) async fn plan_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<PlanOffset>,
) -> Answer {
    let command = OffsetCommand::Plan {
        on: on(&body.on)?,
        expected_on: parse_date("expected_on", &body.expected_on)?,
        transaction: transaction(&body.kind, body.description, body.value)?,
    };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Drops a planned transaction.
#[utoipa::path(post, path = "/offsets/{number}/planned/{plan}/drop", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), ("plan" = u32, Path, description = "Number of the planned transaction"), Headers), request_body = OnWithReason, responses((status = 200, description = "Dropped", body = ReceiptObject)))]
pub(crate) async fn drop_planned_offset(
    State(app): State<Arc<App>>,
    Path((number, plan)): Path<(String, String)>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let plan = place("planned transaction", &plan)?;
    if body.document.is_some() {
        return Err(Refusal::new("offset.document", "No paper is kept with a plan that is dropped.")
            .field("document")
            .missing("no document; the reason says why")
            .into());
    }
    let command = OffsetCommand::DropPlan { on: on(&body.on)?, plan, reason: body.reason };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Credit claimed for a transaction.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimOffset {
    /// The day of the claim.
    #[schema(format = Date)]
    on: String,
    /// The day on which the transaction was performed.
    #[schema(format = Date)]
    performed_on: String,
    /// Its kind, one that the obligation counts.
    kind: String,
    /// What was done, and for whom.
    description: String,
    /// Its value.
    value: Amount,
    /// The planned transaction that it carries out.
    #[serde(default)]
    plan: Option<u32>,
    /// The evidence.
    document: Paper,
}

/// Claims credit for a transaction: its value times the multiplier of its kind.
#[utoipa::path(post, path = "/offsets/{number}/claims", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = ClaimOffset, responses((status = 200, description = "Claimed", body = ReceiptObject)))]
pub(crate) async fn claim_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ClaimOffset>,
) -> Answer {
    let command = OffsetCommand::Claim {
        on: on(&body.on)?,
        performed_on: parse_date("performed_on", &body.performed_on)?,
        transaction: transaction(&body.kind, body.description, body.value)?,
        plan: body.plan,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Credit that is accepted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptOffset {
    /// The day of the acceptance.
    #[schema(format = Date)]
    on: String,
    /// The credit that is accepted; all that was claimed if absent.
    #[serde(default)]
    credit: Option<Amount>,
    /// The buyer’s acceptance.
    document: Paper,
}

/// Accepts credit that was claimed, by another person than the one who claimed it.
#[utoipa::path(post, path = "/offsets/{number}/claims/{claim}/accept", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), ("claim" = u32, Path, description = "Number of the claim within the obligation"), Headers), request_body = AcceptOffset, responses((status = 200, description = "Accepted", body = ReceiptObject)))]
pub(crate) async fn accept_offset(
    State(app): State<Arc<App>>,
    Path((number, claim)): Path<(String, String)>,
    change: Change,
    Json(body): Json<AcceptOffset>,
) -> Answer {
    let command = OffsetCommand::Accept {
        on: on(&body.on)?,
        claim: place("offset claim", &claim)?,
        credit: amount("credit", body.credit)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Rejects credit that was claimed, by another person than the one who claimed it.
#[utoipa::path(post, path = "/offsets/{number}/claims/{claim}/reject", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), ("claim" = u32, Path, description = "Number of the claim within the obligation"), Headers), request_body = OnWithReason, responses((status = 200, description = "Rejected", body = ReceiptObject)))]
pub(crate) async fn reject_offset(
    State(app): State<Arc<App>>,
    Path((number, claim)): Path<(String, String)>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command = OffsetCommand::Reject {
        on: on(&body.on)?,
        claim: place("offset claim", &claim)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Records that an offset obligation is discharged: all that is owed was accepted.
#[utoipa::path(post, path = "/offsets/{number}/discharge", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Discharged", body = ReceiptObject)))]
pub(crate) async fn discharge_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = OffsetCommand::Discharge { on: on(&body.on)?, document: body.document.read()? };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// The buyer lets the seller off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReleaseOffset {
    /// The day of the release.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
    /// The signed paper.
    document: Paper,
}

/// Records that the buyer releases the seller from what is still wanting.
#[utoipa::path(post, path = "/offsets/{number}/release", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = ReleaseOffset, responses((status = 200, description = "Released", body = ReceiptObject)))]
pub(crate) async fn release_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ReleaseOffset>,
) -> Answer {
    let command =
        OffsetCommand::Release { on: on(&body.on)?, reason: body.reason, document: body.document.read()? };
    change.carry_out(&app, Command::Offset { number, command }).await
}

/// Annuls an offset obligation that was recorded in error.
#[utoipa::path(post, path = "/offsets/{number}/annul", tag = "performance", params(("number" = String, Path, description = "Number of the offset obligation"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_offset(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = OffsetCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Offset { number, command }).await
}

fn transaction(kind: &str, description: String, value: Amount) -> Fallible<Transaction> {
    let value: Money = value.read("value")?;
    Ok(Transaction { kind: at("kind", kind.parse())?, description, value })
}

fn multipliers(given: Vec<MultiplierOf>) -> Fallible<Vec<Multiplier>> {
    let read = |(place, one): (usize, MultiplierOf)| {
        Ok(Multiplier {
            kind: at(&format!("multipliers[{place}].kind"), one.kind.parse())?,
            factor: Thousandths::parse(&format!("multipliers[{place}].factor"), &one.factor)?,
        })
    };
    given.into_iter().enumerate().map(read).collect()
}

fn phases(given: Vec<Phase>) -> Fallible<Vec<OffsetPhase>> {
    let read = |(place, one): (usize, Phase)| {
        Ok(OffsetPhase {
            by: parse_date(&format!("phases[{place}].by"), &one.by)?,
            share: Percent::parse(&format!("phases[{place}].share"), &one.share)?,
        })
    };
    given.into_iter().enumerate().map(read).collect()
}

fn place(what: &str, number: &str) -> Fallible<u32> {
    number.parse().map_err(|_| Refusal::not_found(what, number))
}
