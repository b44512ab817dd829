//! The exchange of files with customs: runs out and in, what came of each, and discrepancies.

mod act;
pub(crate) mod object;
pub(crate) mod read;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use entente_register::customs::format::MOST_BYTES;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::read_customs))
        .routes(routes!(act::set_customs_marking))
        .routes(routes!(read::list_customs_runs, act::send_licence_data))
        .routes(routes!(read::read_customs_run))
        .routes(routes!(read::read_customs_file))
        .routes(routes!(read::read_customs_reply))
        .routes(routes!(read::list_discrepancies))
        .routes(routes!(read::read_discrepancy))
        .routes(routes!(act::close_discrepancy))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(act::bring_in_reply))
                .routes(routes!(act::bring_in_usage))
                .routes(routes!(act::try_usage))
                .layer(DefaultBodyLimit::max(MOST_BYTES.saturating_add(1))),
        )
}
