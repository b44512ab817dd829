//! The JSON API, version 1.

use std::sync::Arc;

use axum::Router;

use crate::app::App;

/// Everything under `/api/v1`.
pub fn router(_app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
}
