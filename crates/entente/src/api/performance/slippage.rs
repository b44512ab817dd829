//! Changes of slippages.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::parse_date;
use entente_register::performance::{DelayReason, SlippageCommand};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Annulment, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A line that is expected later than agreed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportSlippage {
    /// The day of the report.
    #[schema(format = Date)]
    on: String,
    /// Number of the line.
    line: String,
    /// The day on which it is expected.
    #[schema(format = Date)]
    expected_on: String,
    /// `design`, `production`, `supply`, `quality`, `licence`, `transport`, `payment`, `buyer_input`, `acceptance`,
    /// `restriction`, `force_majeure` or `other`.
    cause: String,
    /// On whose side it lies: `seller`, `buyer` or `neither`.
    side: String,
    /// In words.
    description: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Reports that a line of a contract slips. What is agreed stays, and so does every figure.
#[utoipa::path(post, path = "/contracts/{number}/slippages", tag = "performance", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = ReportSlippage, responses((status = 201, description = "Reported", body = ReceiptObject)))]
pub(crate) async fn report_slippage(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ReportSlippage>,
) -> Answer {
    let command = SlippageCommand::Report {
        on: on(&body.on)?,
        line: body.line,
        expected_on: parse_date("expected_on", &body.expected_on)?,
        delay: DelayReason::read(&body.cause, &body.side)?,
        description: body.description,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Slippage { number, command }).await
}

/// What is expected now; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviseSlippage {
    /// The day of the revision.
    #[schema(format = Date)]
    on: String,
    /// The day on which the line is expected.
    #[serde(default)]
    #[schema(format = Date)]
    expected_on: Option<String>,
    /// The cause, with its side.
    #[serde(default)]
    cause: Option<String>,
    /// On whose side it lies.
    #[serde(default)]
    side: Option<String>,
    /// Why.
    reason: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Revises a slippage.
#[utoipa::path(post, path = "/slippages/{number}/revise", tag = "performance", params(("number" = String, Path, description = "Number of the slippage"), Headers), request_body = ReviseSlippage, responses((status = 200, description = "Revised", body = ReceiptObject)))]
pub(crate) async fn revise_slippage(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ReviseSlippage>,
) -> Answer {
    let command = SlippageCommand::Revise {
        on: on(&body.on)?,
        expected_on: body.expected_on.map(|day| parse_date("expected_on", &day)).transpose()?,
        delay: DelayReason::read_given(body.cause.as_deref(), body.side.as_deref())?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Slippage { number, command }).await
}

/// How a slippage ended.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndSlippage {
    /// The day on which it ended.
    #[schema(format = Date)]
    on: String,
    /// `delivered`, `made_good`, `date_amended` or `fell_away`.
    end: String,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Ends a slippage.
#[utoipa::path(post, path = "/slippages/{number}/end", tag = "performance", params(("number" = String, Path, description = "Number of the slippage"), Headers), request_body = EndSlippage, responses((status = 200, description = "Ended", body = ReceiptObject)))]
pub(crate) async fn end_slippage(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EndSlippage>,
) -> Answer {
    let command = SlippageCommand::End {
        on: on(&body.on)?,
        end: at("end", body.end.parse())?,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Slippage { number, command }).await
}

/// Annuls a slippage that was reported in error.
#[utoipa::path(post, path = "/slippages/{number}/annul", tag = "performance", params(("number" = String, Path, description = "Number of the slippage"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_slippage(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = SlippageCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Slippage { number, command }).await
}
