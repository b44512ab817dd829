//! Reads of the exchange with customs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::customs::discrepancy;
use entente_register::customs::run::{JUDGED, MACHINE};
use entente_register::ledger::{Fallible, Refusal};
use entente_store::reader::{DiscrepancyFilter, DocumentContent, Listing, RunFilter};

use super::object::{
    CustomsObject, CustomsRunObject, CustomsRunRowObject, DiscrepancyObject, DiscrepancyRowObject,
};
use crate::api::body::state_of;
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// The state of a filter of runs.
pub(crate) fn run_state(state: &str) -> Fallible<String> {
    state_of(&MACHINE, "a run", &[JUDGED], state)
}

/// The state of a filter of discrepancies.
pub(crate) fn discrepancy_state(state: &str) -> Fallible<String> {
    state_of(&discrepancy::MACHINE, "a discrepancy", &[], state)
}

/// The direction of a filter of runs.
pub(crate) fn direction(word: &str) -> Fallible<String> {
    if matches!(word, "out" | "in") {
        return Ok(word.to_owned());
    }
    Err(Refusal::new("parameter.unknown", format!("{word:?} is no direction of a run."))
        .field("direction")
        .missing("out or in"))
}

/// How the exchange with customs stands: what is awaited, what is unanswered, what is open.
#[utoipa::path(get, path = "/customs", tag = "customs", params(View), responses((status = 200, description = "How it stands", body = CustomsObject)))]
pub(crate) async fn read_customs(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.customs().await?;
    asked.answer(&CustomsObject::of(&view))
}

/// Runs to customs and from them, the last first.
#[utoipa::path(get, path = "/customs/runs", tag = "customs", params(View, Rows, ("direction" = Option<String>, Query, description = "Only `out` or `in`"), ("state" = Option<String>, Query, description = "Only this state: `sent` and `answered` of runs out, `judged` of runs in")), responses((status = 200, description = "A page of runs", body = List<CustomsRunRowObject>)))]
pub(crate) async fn list_customs_runs(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["direction", "state"])?;
    let filter = RunFilter {
        direction: asked.other("direction")?.map(direction).transpose()?,
        state: asked.other("state")?.map(run_state).transpose()?,
    };
    let found = caller.reader(&app, &asked.view).await?.customs_runs(&filter, asked.page).await?;
    let rows = found.rows.iter().map(CustomsRunRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A run: what it holds, and what came of it.
#[utoipa::path(get, path = "/customs/runs/{key}", tag = "customs", params(("key" = String, Path, description = "Key of the run", example = "OUT-7"), View), responses((status = 200, description = "The run", body = CustomsRunObject)))]
pub(crate) async fn read_customs_run(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.customs_run(&key).await?;
    asked.answer(&CustomsRunObject::of(view))
}

/// The file of a run, to the byte as it left or came.
#[utoipa::path(get, path = "/customs/runs/{key}/file", tag = "customs", params(("key" = String, Path, description = "Key of the run", example = "OUT-7"), View), responses((status = 200, description = "The file", content_type = "text/csv", body = String)))]
pub(crate) async fn read_customs_file(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let file = caller.reader(&app, &asked.view).await?.customs_file(&key, false).await?;
    Ok(given(&key, "file", file))
}

/// The reply to a run, to the byte: that of customs to a run out, ours to a run in.
#[utoipa::path(get, path = "/customs/runs/{key}/reply", tag = "customs", params(("key" = String, Path, description = "Key of the run", example = "IN-3"), View), responses((status = 200, description = "The reply", content_type = "text/csv", body = String)))]
pub(crate) async fn read_customs_reply(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let file = caller.reader(&app, &asked.view).await?.customs_file(&key, true).await?;
    Ok(given(&key, "reply", file))
}

/// A file of a run, to be kept under its own name.
pub(crate) fn given(key: &str, what: &str, file: DocumentContent) -> axum::response::Response {
    let disposition = format!("attachment; filename=\"customs-{}-{what}.csv\"", key.to_lowercase());
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, file.bytes).into_response()
}

/// Discrepancies with customs: those that are open first, the oldest before the others.
#[utoipa::path(get, path = "/discrepancies", tag = "customs", params(View, Rows, ("state" = Option<String>, Query, description = "Only `open` or `closed`"), ("licence" = Option<String>, Query, description = "Only about this licence, by its number as customs wrote it")), responses((status = 200, description = "A page of discrepancies", body = List<DiscrepancyRowObject>)))]
pub(crate) async fn list_discrepancies(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "licence"])?;
    let filter = DiscrepancyFilter {
        state: asked.other("state")?.map(discrepancy_state).transpose()?,
        licence: asked.other("licence")?.map(str::to_owned),
    };
    let found = caller.reader(&app, &asked.view).await?.discrepancies(&filter, asked.page).await?;
    let rows = found.rows.iter().map(|row| DiscrepancyRowObject::of(&row.discrepancy)).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A discrepancy: what customs say, why it was not taken, and how it was dealt with.
#[utoipa::path(get, path = "/discrepancies/{number}", tag = "customs", params(("number" = String, Path, description = "Number of the discrepancy", example = "O-D2026-0001"), View), responses((status = 200, description = "The discrepancy", body = DiscrepancyObject)))]
pub(crate) async fn read_discrepancy(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.discrepancy(&number).await?;
    asked.answer(&DiscrepancyObject::of(view))
}
