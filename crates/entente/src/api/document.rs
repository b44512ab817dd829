//! The papers behind the facts, by content hash.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::ledger::{Refusal, Subject};
use serde::Serialize;
use utoipa::ToSchema;

use super::change::Change;
use super::json::{Asked, View, body, represent};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// A document's bytes, as they were kept.
#[utoipa::path(
    get, path = "/documents/{subject}/{content}", tag = "documents",
    params(
        ("subject" = String, Path, description = "The subject that it belongs to", example = "delivery:O-2012-0015.2.7"),
        ("content" = String, Path, description = "SHA-256 of its bytes, hexadecimal"),
        View
    ),
    responses((status = 200, description = "The bytes, in the media type in which they were kept", content_type = "application/octet-stream", body = Vec<u8>))
)]
pub(crate) async fn read_document(
    State(app): State<Arc<App>>,
    Path((subject, content)): Path<(String, String)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let subject: Subject = subject.parse().map_err(|_| Refusal::not_found("document", &content))?;
    let document = caller.reader(&app, &asked.view).await?.document(&subject, &content).await?;
    let headers = [
        (CONTENT_TYPE, document.media_type),
        // Never shown in place: what it holds came from outside.
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", content.get(..16).unwrap_or(&content))),
    ];
    Ok((headers, document.bytes).into_response())
}

/// A document that is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptObject {
    /// SHA-256 of its bytes, hexadecimal: name it as `content` of a document.
    content: String,
    /// How many bytes.
    size: u64,
}

/// Keeps a document's bytes. It can be read once a recorded fact refers to it.
#[utoipa::path(
    post, path = "/documents", tag = "documents",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes, with their own media type: application/pdf, image/png, text/plain and others; at most 20 MiB"),
    responses((status = 201, description = "Kept", body = KeptObject))
)]
pub(crate) async fn keep_document(State(app): State<Arc<App>>, change: Change, request: Request) -> Answer {
    let kind =
        request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let bytes = body(request, &app).await?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let content = app.store.keep_document(change.actor(), &kind, bytes.into()).await?;
    let (body, _) = represent(&KeptObject { content, size })?;
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], body).into_response())
}
