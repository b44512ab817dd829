//! What speaks for a transfer and is looked at afterwards: end-user certificates, who may sign them, and inspections.

mod certificate_act;
mod certificate_body;
pub(crate) mod certificate_object;
mod inspection_act;
pub(crate) mod inspection_object;
pub(crate) mod read;
mod specimen;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::list_certificates, certificate_act::register_certificate))
        .routes(routes!(read::read_certificate))
        .routes(routes!(certificate_act::ask_issuer))
        .routes(routes!(certificate_act::record_answer))
        .routes(routes!(certificate_act::bind_certificate))
        .routes(routes!(certificate_act::release_certificate))
        .routes(routes!(certificate_act::void_certificate))
        .routes(routes!(certificate_act::revoke_certificate))
        .routes(routes!(specimen::list_specimens))
        .routes(routes!(specimen::read_specimens, specimen::propose_specimen))
        .routes(routes!(specimen::confirm_specimen))
        .routes(routes!(specimen::reject_specimen))
        .routes(routes!(specimen::end_specimen))
        .routes(routes!(read::list_inspections, inspection_act::plan_inspection))
        .routes(routes!(read::read_inspection))
        .routes(routes!(inspection_act::record_visit))
        .routes(routes!(inspection_act::cancel_inspection))
        .routes(routes!(inspection_act::close_incident))
}
