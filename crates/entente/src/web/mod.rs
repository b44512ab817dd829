//! The pages.

use std::sync::Arc;

use axum::Router;
use axum::response::{Html, IntoResponse, Response};

use crate::app::App;
use crate::error::Problem;

/// All pages and their files.
pub fn router(_app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
}

/// The page of a failure: of a refusal, its words and what is missing; of a fault, its reference.
/// The caller sets the status.
pub fn failure_page(_app: &Arc<App>, problem: &Problem) -> Response {
    let text = |t: &str| t.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    Html(format!(
        "<!doctype html><html lang=\"en\"><title>{0}</title><h1>{0}</h1><p>{1}</p>",
        text(&problem.title),
        text(&problem.detail)
    ))
    .into_response()
}
