//! What transfers are weighed by: standing assessments, denials of others, quotas, figures, agencies and routing rules.

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
        .routes(routes!(read::list_guidance, act::open_guidance))
        .routes(routes!(read::read_guidance))
        .routes(routes!(act::propose_edition))
        .routes(routes!(act::confirm_edition))
        .routes(routes!(act::reject_edition))
        .routes(routes!(act::withdraw_edition))
        .routes(routes!(act::end_edition))
}
