//! Re-export consent: what a recipient state asks, on what it is decided, and what it passed on.

mod act;
pub(crate) mod object;
pub(crate) mod read;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::list_reexports, act::request_reexport))
        .routes(routes!(read::read_reexport))
        .routes(routes!(act::record_ground))
        .routes(routes!(act::establish_new_user))
        .routes(routes!(act::record_for_reexport))
        .routes(routes!(act::consider_rights))
        .routes(routes!(act::propose_reexport))
        .routes(routes!(act::return_reexport))
        .routes(routes!(act::countersign_reexport))
        .routes(routes!(act::withdraw_reexport))
        .routes(routes!(act::report_reexport))
        .routes(routes!(act::close_reexport))
        .routes(routes!(act::revoke_reexport))
}
