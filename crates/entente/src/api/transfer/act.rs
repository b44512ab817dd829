//! What whoever applies does: drafts, revises, submits, answers, withdraws, appeals.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::application::ApplicationCommand;
use entente_register::transfer::ledger::NewApplication;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::TransferContent;
use crate::api::body::{Paper, at, on, paper};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

pub(super) fn about(number: String, command: ApplicationCommand) -> Command {
    Command::Application { number, command }
}

/// A new application.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftApplication {
    /// The day on which it is drafted.
    #[schema(format = Date)]
    on: String,
    /// Marking, also of the licence that comes of it.
    #[schema(examples("OFFICIAL"))]
    label: String,
    /// What is applied for.
    content: TransferContent,
}

/// Drafts an application under the next number of its marking. An exporter applies for its own party.
#[utoipa::path(post, path = "/applications", tag = "transfers", params(NewHeaders), request_body = DraftApplication, responses((status = 201, description = "Drafted", body = ReceiptObject)))]
pub(crate) async fn draft_application(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<DraftApplication>,
) -> Answer {
    let new = NewApplication {
        on: on(&body.on)?,
        label: at("label", body.label.parse())?,
        content: Box::new(body.content.read()?),
    };
    change.carry_out(&app, Command::Draft(new)).await
}

/// What is applied for instead.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReviseApplication {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// What is applied for now, whole.
    content: TransferContent,
    /// Why.
    reason: String,
}

/// Revises an application. Once it is submitted, that takes back what was said of it and what was proposed.
#[utoipa::path(post, path = "/applications/{number}/revise", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = ReviseApplication, responses((status = 200, description = "Revised", body = ReceiptObject)))]
pub(crate) async fn revise_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ReviseApplication>,
) -> Answer {
    let command = ApplicationCommand::Revise {
        on: on(&body.on)?,
        content: Box::new(body.content.read()?),
        reason: body.reason,
    };
    change.carry_out(&app, about(number, command)).await
}

/// A day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferDay {
    /// The day.
    #[schema(format = Date)]
    pub(in crate::api) on: String,
}

/// A day and a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TransferReason {
    /// The day.
    #[schema(format = Date)]
    pub(in crate::api) on: String,
    /// Why.
    pub(in crate::api) reason: String,
}

/// Submits a draft, which is then whole.
#[utoipa::path(post, path = "/applications/{number}/submit", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = TransferDay, responses((status = 200, description = "Submitted", body = ReceiptObject)))]
pub(crate) async fn submit_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferDay>,
) -> Answer {
    let command = ApplicationCommand::Submit { on: on(&body.on)? };
    change.carry_out(&app, about(number, command)).await
}

/// Discards a draft.
#[utoipa::path(post, path = "/applications/{number}/discard", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = TransferDay, responses((status = 200, description = "Discarded", body = ReceiptObject)))]
pub(crate) async fn discard_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferDay>,
) -> Answer {
    let command = ApplicationCommand::Discard { on: on(&body.on)? };
    change.carry_out(&app, about(number, command)).await
}

/// Withdraws an application that was submitted.
#[utoipa::path(post, path = "/applications/{number}/withdraw", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = TransferReason, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ApplicationCommand::Withdraw { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// An answer to a question.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerQuestion {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// The answer.
    text: String,
    /// Papers that come with it.
    #[serde(default)]
    documents: Vec<Paper>,
}

/// Answers a question of the licensing authority; the clock goes on.
#[utoipa::path(post, path = "/applications/{number}/questions/{question}/answer", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), ("question" = u32, Path, description = "Number of the question, from 1"), Headers), request_body = AnswerQuestion, responses((status = 200, description = "Answered", body = ReceiptObject)))]
pub(crate) async fn answer_question(
    State(app): State<Arc<App>>,
    Path((number, question)): Path<(String, String)>,
    change: Change,
    Json(body): Json<AnswerQuestion>,
) -> Answer {
    let command = ApplicationCommand::Answer {
        on: on(&body.on)?,
        question: ordinal("question", &question)?,
        text: body.text,
        documents: body.documents.into_iter().map(Paper::read).collect::<Fallible<_>>()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// An appeal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppealRefusal {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
    /// The paper.
    #[serde(default)]
    document: Option<Paper>,
}

/// Appeals against a refusal: the application is judged anew.
#[utoipa::path(post, path = "/applications/{number}/appeal", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = AppealRefusal, responses((status = 200, description = "Appealed", body = ReceiptObject)))]
pub(crate) async fn appeal_refusal(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AppealRefusal>,
) -> Answer {
    let command = ApplicationCommand::Appeal {
        on: on(&body.on)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// The number of a part, as a path names it. What is no number is the number of none.
pub(super) fn ordinal(what: &'static str, text: &str) -> Fallible<u32> {
    text.parse().map_err(|_| Refusal::not_found(what, text))
}
