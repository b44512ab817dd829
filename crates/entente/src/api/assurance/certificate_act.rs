//! What is done about a certificate.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::transfer::certificate::{CertificateCommand, NewCertificate};
use serde::Deserialize;
use utoipa::ToSchema;

use super::certificate_body::CertificateBody;
use crate::api::body::{Paper, at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::api::transfer::act::TransferReason;
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: CertificateCommand) -> Command {
    Command::Certificate { number, command }
}

/// A certificate that was handed in.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterCertificate {
    /// The day on which it is registered.
    #[schema(format = Date)]
    on: String,
    /// Marking.
    #[schema(examples("OFFICIAL"))]
    label: String,
    /// What it says.
    content: CertificateBody,
}

/// Registers a certificate under the next number of its marking, whatever it is worth: a number that was used before, or a
/// paper that was altered, is found by its checks.
#[utoipa::path(post, path = "/certificates", tag = "transfers", params(NewHeaders), request_body = RegisterCertificate, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_certificate(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<RegisterCertificate>,
) -> Answer {
    let new = NewCertificate {
        on: on(&body.on)?,
        label: at("label", body.label.parse())?,
        content: Box::new(body.content.read()?),
    };
    change.carry_out(&app, Command::Certify(new)).await
}

/// An inquiry.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskIssuer {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// `issuer`, `their_embassy` or `own_embassy`.
    channel: String,
    /// Who is asked, by name.
    to: String,
    /// The letter.
    document: Paper,
}

/// Asks the issuing authority, or an embassy, whether a certificate is authentic.
#[utoipa::path(post, path = "/certificates/{number}/inquiries", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), Headers), request_body = AskIssuer, responses((status = 200, description = "Asked", body = ReceiptObject)))]
pub(crate) async fn ask_issuer(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AskIssuer>,
) -> Answer {
    let command = CertificateCommand::Ask {
        on: on(&body.on)?,
        channel: at("channel", body.channel.parse())?,
        to: body.to,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// What was answered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordAnswer {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// `authentic`, `not_authentic` or `unknown`.
    answer: String,
    /// The paper.
    document: Paper,
}

/// Records the answer to an inquiry. That a certificate is not authentic stands, whatever is said later.
#[utoipa::path(post, path = "/certificates/{number}/inquiries/{inquiry}/answer", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), ("inquiry" = u32, Path, description = "Number of the inquiry, from 1"), Headers), request_body = RecordAnswer, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_answer(
    State(app): State<Arc<App>>,
    Path((number, inquiry)): Path<(String, String)>,
    change: Change,
    Json(body): Json<RecordAnswer>,
) -> Answer {
    let command = CertificateCommand::Answer {
        on: on(&body.on)?,
        inquiry: inquiry.parse().map_err(|_| Refusal::not_found("inquiry", &inquiry))?,
        answer: at("answer", body.answer.parse())?,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// What it serves.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BindCertificate {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Number of the application.
    application: String,
}

/// Binds a certificate to the application that it serves: one, and no other.
#[utoipa::path(post, path = "/certificates/{number}/bind", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), Headers), request_body = BindCertificate, responses((status = 200, description = "Bound", body = ReceiptObject)))]
pub(crate) async fn bind_certificate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<BindCertificate>,
) -> Answer {
    let command = CertificateCommand::Bind { on: on(&body.on)?, application: body.application };
    change.carry_out(&app, about(number, command)).await
}

/// Releases a certificate from an application that was not granted.
#[utoipa::path(post, path = "/certificates/{number}/release", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), Headers), request_body = TransferReason, responses((status = 200, description = "Released", body = ReceiptObject)))]
pub(crate) async fn release_certificate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = CertificateCommand::Release { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Voids a certificate that was recorded in error: its number counts as used no more.
#[utoipa::path(post, path = "/certificates/{number}/void", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), Headers), request_body = TransferReason, responses((status = 200, description = "Voided", body = ReceiptObject)))]
pub(crate) async fn void_certificate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = CertificateCommand::Void { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Why a certificate was taken back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RevokeCertificate {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
    /// The paper.
    document: Paper,
}

/// Records that its issuer took a certificate back: nothing goes under it any more.
#[utoipa::path(post, path = "/certificates/{number}/revoke", tag = "transfers", params(("number" = String, Path, description = "Number of the certificate"), Headers), request_body = RevokeCertificate, responses((status = 200, description = "Revoked", body = ReceiptObject)))]
pub(crate) async fn revoke_certificate(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RevokeCertificate>,
) -> Answer {
    let command = CertificateCommand::Revoke {
        on: on(&body.on)?,
        reason: body.reason,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}
