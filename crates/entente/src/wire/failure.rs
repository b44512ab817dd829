//! What a client of this format gets that does not get its answer: `detail`, as a text, or where its input has the
//! wrong shape as a list of places.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use entente_register::ledger::Refusal;
use serde_json::{Value, json};

use crate::error::{Failure, Problem};

/// Between the parts of a place, which no name of a parameter has.
const BETWEEN: char = '/';

/// Input of the wrong shape: status 422, with the place, `query/limit`.
pub(super) fn shape(place: &str, message: impl Into<String>, missing: impl Into<String>) -> Failure {
    let refusal = Refusal::new("wire.shape", message).field(place).missing(missing);
    Failure::with_status(StatusCode::UNPROCESSABLE_ENTITY, refusal)
}

/// What is asked cannot be done: status 400.
pub(super) fn cannot(place: &str, message: impl Into<String>, missing: impl Into<String>) -> Failure {
    let refusal = Refusal::new("wire.cannot", message).field(place).missing(missing);
    Failure::with_status(StatusCode::BAD_REQUEST, refusal)
}

/// There is no such thing, or none that is open to the caller: status 404.
pub(super) fn absent(message: impl Into<String>, missing: impl Into<String>) -> Failure {
    Failure::with_status(StatusCode::NOT_FOUND, Refusal::new("not_found", message).missing(missing))
}

/// Too much within a minute: status 429, with the seconds to wait.
pub(super) fn too_many(seconds: u32) -> Failure {
    let refusal = Refusal::new("access.too_many", "This account asks more within a minute than it may.")
        .missing(format!("a pause of {seconds} seconds"));
    Failure::Refused {
        status: StatusCode::TOO_MANY_REQUESTS,
        refusal: Box::new(refusal),
        retry_after: Some(seconds),
    }
}

/// A problem as this format has it. Beside `detail` stand the parts that the own API gives.
pub(crate) fn draw(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut words = problem.detail.clone();
    if let Some(missing) = &problem.missing {
        words.push_str(&format!(" Needed: {missing}."));
    }
    if let Some(reference) = &problem.reference {
        words.push_str(&format!(" Reference: {reference}."));
    }
    let detail: Value = if status == StatusCode::UNPROCESSABLE_ENTITY {
        let place: Vec<&str> =
            problem.field.as_deref().map(|field| field.split(BETWEEN).collect()).unwrap_or_default();
        json!([{"type": problem.code, "loc": place, "msg": words}])
    } else {
        Value::String(words)
    };
    let body = json!({
        "detail": detail,
        "code": problem.code,
        "field": problem.field,
        "missing": problem.missing,
        "reference": problem.reference,
    });
    (status, Json(body)).into_response()
}
