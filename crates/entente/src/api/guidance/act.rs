//! What is done about what transfers are weighed by.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::transfer::guidance::{GuidanceCommand, GuidanceContent, NewGuidance};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::body::{Paper, at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: GuidanceCommand) -> Command {
    Command::Guidance { number, command }
}

fn content(given: Value) -> Fallible<Box<GuidanceContent>> {
    let read = serde_json::from_value(given).map(Box::new);
    read.map_err(|error| {
        Refusal::new("guidance.content", format!("The content is not of its kind: {error}."))
            .field("content")
            .missing("an object with its kind in guidance, as the guide to guidance describes it")
    })
}

/// A first edition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenGuidance {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Marking.
    label: String,
    /// What it says, with its kind in `guidance`: `standing_assessment`, `denial`, `quota`, `indicator`, `agency`,
    /// `routing`, `control_list` or `recognition`. The shape of each stands in the guide to guidance.
    #[schema(value_type = Object)]
    content: Value,
    /// The paper that it rests on.
    document: Paper,
}

/// Opens a file with its first edition. A denial or an indicator counts at once; any other once another person confirms it.
#[utoipa::path(post, path = "/guidance", tag = "transfers", params(NewHeaders), request_body = OpenGuidance, responses((status = 201, description = "Opened", body = ReceiptObject)))]
pub(crate) async fn open_guidance(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<OpenGuidance>,
) -> Answer {
    let new = NewGuidance {
        on: on(&body.on)?,
        label: at("label", body.label.parse())?,
        content: content(body.content)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::Guide(new)).await
}

/// Another edition.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeEdition {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// What it says, of the kind of its file.
    #[schema(value_type = Object)]
    content: Value,
    /// The paper that it rests on.
    document: Paper,
}

/// Proposes another edition of a file.
#[utoipa::path(post, path = "/guidance/{number}/editions", tag = "transfers", params(("number" = String, Path, description = "Number of the file"), Headers), request_body = ProposeEdition, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_edition(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ProposeEdition>,
) -> Answer {
    let (on, document) = (on(&body.on)?, body.document.read()?);
    let command = GuidanceCommand::Propose { on, content: content(body.content)?, document };
    change.carry_out(&app, about(number, command)).await
}

/// An edition, on a day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfEdition {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the edition, from 1.
    edition: u32,
}

/// Confirms an edition: another person than the one who proposed it. A standing assessment that is worse suspends every open
/// licence that it touches, until each was looked at again.
#[utoipa::path(post, path = "/guidance/{number}/confirm", tag = "transfers", params(("number" = String, Path, description = "Number of the file"), Headers), request_body = OfEdition, responses((status = 200, description = "Confirmed", body = ReceiptObject)))]
pub(crate) async fn confirm_edition(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OfEdition>,
) -> Answer {
    let command = GuidanceCommand::Confirm { on: on(&body.on)?, edition: body.edition };
    change.carry_out(&app, about(number, command)).await
}

/// Withdraws an edition that one proposed oneself.
#[utoipa::path(post, path = "/guidance/{number}/withdraw", tag = "transfers", params(("number" = String, Path, description = "Number of the file"), Headers), request_body = OfEdition, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_edition(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OfEdition>,
) -> Answer {
    let command = GuidanceCommand::Withdraw { on: on(&body.on)?, edition: body.edition };
    change.carry_out(&app, about(number, command)).await
}

/// An edition that is rejected.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RejectEdition {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the edition, from 1.
    edition: u32,
    /// Why.
    reason: String,
}

/// Rejects an edition: another person than the one who proposed it.
#[utoipa::path(post, path = "/guidance/{number}/reject", tag = "transfers", params(("number" = String, Path, description = "Number of the file"), Headers), request_body = RejectEdition, responses((status = 200, description = "Rejected", body = ReceiptObject)))]
pub(crate) async fn reject_edition(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RejectEdition>,
) -> Answer {
    let command = GuidanceCommand::Reject { on: on(&body.on)?, edition: body.edition, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// An edition that counts no more.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndEdition {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the edition, from 1.
    edition: u32,
    /// Its last day.
    #[schema(format = Date)]
    until: String,
    /// Why.
    reason: String,
    /// The paper.
    document: Paper,
}

/// Ends an edition in force: another person than the one who proposed it.
#[utoipa::path(post, path = "/guidance/{number}/end", tag = "transfers", params(("number" = String, Path, description = "Number of the file"), Headers), request_body = EndEdition, responses((status = 200, description = "Ended", body = ReceiptObject)))]
pub(crate) async fn end_edition(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EndEdition>,
) -> Answer {
    let command = GuidanceCommand::End {
        on: on(&body.on)?,
        edition: body.edition,
        until: parse_date("until", &body.until)?,
        reason: body.reason,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}
