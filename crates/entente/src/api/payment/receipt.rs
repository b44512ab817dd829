//! Changes of receipts and of the table of exchange rates.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::Fallible;
use entente_register::payment::{Allocation, ExchangeRate, NewReceipt, Rate, RateCommand, ReceiptCommand};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Amount;
use crate::api::body::{Annulment, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// What of a receipt pays an instalment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllocationBody {
    /// Number of the instalment.
    instalment: String,
    /// How much, in the contract's currency.
    amount: Amount,
}

fn allocations(given: Vec<AllocationBody>) -> Fallible<Vec<Allocation>> {
    given
        .into_iter()
        .enumerate()
        .map(|(position, one)| {
            let amount = one.amount.read(&format!("allocations[{position}].amount"))?;
            Ok(Allocation { instalment: one.instalment, amount })
        })
        .collect()
}

/// Money that has come in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordReceipt {
    /// The day on which it came in.
    #[schema(format = Date)]
    on: String,
    /// The number that others give it, such as the bank's; no two receipts of a contract have the same.
    #[serde(default)]
    reference: Option<String>,
    /// How much came in.
    amount: Amount,
    /// At which rate it counts, where it is not in the contract's currency: `contract_rate` or
    /// `rate_of_the_day`.
    #[serde(default)]
    basis: Option<String>,
    /// The party that paid or passed it on as a bank.
    #[serde(default)]
    bank: Option<String>,
    /// The bank's advice, or the like.
    document: Paper,
    /// What it pays.
    #[serde(default)]
    allocations: Vec<AllocationBody>,
}

/// Records money that has come in under a contract, and which instalments it pays.
#[utoipa::path(post, path = "/contracts/{number}/receipts", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = RecordReceipt, responses((status = 201, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_receipt(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordReceipt>,
) -> Answer {
    let new = NewReceipt {
        reference: body.reference,
        on: on(&body.on)?,
        amount: body.amount.read("amount")?,
        basis: at("basis", body.basis.map(|basis| basis.parse()).transpose())?,
        bank: body.bank,
        document: body.document.read()?,
        allocations: allocations(body.allocations)?,
    };
    let command = ReceiptCommand::Record(Box::new(new));
    change.carry_out(&app, Command::Receipt { number, command }).await
}

/// Instalments that a receipt pays as well.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllocateReceipt {
    /// What it pays.
    allocations: Vec<AllocationBody>,
}

/// Allocates what a receipt has left.
#[utoipa::path(post, path = "/receipts/{number}/allocate", tag = "payments", params(("number" = String, Path, description = "Number of the receipt"), Headers), request_body = AllocateReceipt, responses((status = 200, description = "Allocated", body = ReceiptObject)))]
pub(crate) async fn allocate_receipt(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AllocateReceipt>,
) -> Answer {
    let command = ReceiptCommand::Allocate { allocations: allocations(body.allocations)? };
    change.carry_out(&app, Command::Receipt { number, command }).await
}

/// Annuls a receipt that was recorded in error, and all that it paid.
#[utoipa::path(post, path = "/receipts/{number}/annul", tag = "payments", params(("number" = String, Path, description = "Number of the receipt"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_receipt(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = ReceiptCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Receipt { number, command }).await
}

/// A rate as it is quoted: `units` of `from` are `rate` of `to`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordRate {
    /// The day for which it holds.
    #[schema(format = Date)]
    on: String,
    /// ISO 4217 code of the currency that is priced.
    from: String,
    /// For how many units of it: 1 if absent, or 10, 100 and so on.
    #[serde(default = "one")]
    units: u32,
    /// ISO 4217 code of the currency of the price.
    to: String,
    /// The price, a decimal string.
    #[schema(examples("1.2905"))]
    rate: String,
    /// Who publishes it, or the clause that fixes it.
    source: String,
    /// The contract that fixes it; absent for a rate of the day.
    #[serde(default)]
    contract: Option<String>,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

fn one() -> u32 {
    1
}

fn quoted(from: &str, units: u32, to: &str, rate: &str) -> Fallible<ExchangeRate> {
    Ok(ExchangeRate {
        from: at("from", from.parse())?,
        units,
        to: at("to", to.parse())?,
        rate: Rate::parse("rate", rate)?,
    })
}

/// Records an exchange rate of a day, or one that a contract fixes.
#[utoipa::path(post, path = "/rates", tag = "payments", params(Headers), request_body = RecordRate, responses((status = 201, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_rate(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<RecordRate>,
) -> Answer {
    let command = RateCommand::Record {
        quoted: quoted(&body.from, body.units, &body.to, &body.rate)?,
        on: on(&body.on)?,
        source: body.source,
        contract: body.contract,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Rate { number: None, command }).await
}

/// A rate as it should have been recorded.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CorrectRate {
    /// ISO 4217 code of the currency that is priced.
    from: String,
    /// For how many units of it: 1 if absent, or 10, 100 and so on.
    #[serde(default = "one")]
    units: u32,
    /// ISO 4217 code of the currency of the price.
    to: String,
    /// The price, a decimal string.
    rate: String,
    /// Who publishes it, or the clause that fixes it.
    source: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
    /// Why it is corrected.
    reason: String,
}

/// Corrects an exchange rate. Receipts that stated the old one keep it.
#[utoipa::path(post, path = "/rates/{number}/correct", tag = "payments", params(("number" = String, Path, description = "Key of the rate", example = "EUR-USD-2012-05-14"), Headers), request_body = CorrectRate, responses((status = 200, description = "Corrected", body = ReceiptObject)))]
pub(crate) async fn correct_rate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<CorrectRate>,
) -> Answer {
    let command = RateCommand::Correct {
        quoted: quoted(&body.from, body.units, &body.to, &body.rate)?,
        source: body.source,
        document: paper(body.document)?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Rate { number: Some(number), command }).await
}
