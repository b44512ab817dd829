//! The market: statistics that others publish, the rank of exporters, and the shares of groups of states.

mod act;
pub(crate) mod group_object;
pub(crate) mod object;
pub(crate) mod read;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use entente_register::market::file::MOST_BYTES;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::rank_exporters))
        .routes(routes!(read::follow_exporters))
        .routes(routes!(read::list_deals))
        .routes(routes!(read::read_group))
        .routes(routes!(read::read_group_share))
        .routes(routes!(read::read_group_shares))
        .routes(routes!(act::set_membership))
        .merge(
            OpenApiRouter::new()
                .routes(routes!(read::list_statistics, act::import_statistic))
                .layer(DefaultBodyLimit::max(MOST_BYTES.saturating_add(1))),
        )
}
