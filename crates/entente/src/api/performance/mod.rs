//! How a contract is performed: its milestones, slippages, corrective plans and offset obligations.

mod corrective;
mod list;
mod milestone;
mod object;
mod offset;
mod offset_object;
mod read;
mod slippage;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::read_contract_performance))
        .routes(routes!(milestone::plan_milestone))
        .routes(routes!(milestone::amend_milestone))
        .routes(routes!(milestone::forecast_milestone))
        .routes(routes!(milestone::reach_milestone))
        .routes(routes!(milestone::cancel_milestone))
        .routes(routes!(milestone::annul_milestone))
        .routes(routes!(list::list_slippages))
        .routes(routes!(slippage::report_slippage))
        .routes(routes!(slippage::revise_slippage))
        .routes(routes!(slippage::end_slippage))
        .routes(routes!(slippage::annul_slippage))
        .routes(routes!(corrective::propose_corrective_plan))
        .routes(routes!(corrective::approve_corrective_plan))
        .routes(routes!(corrective::finish_action))
        .routes(routes!(corrective::move_action))
        .routes(routes!(corrective::drop_action))
        .routes(routes!(corrective::close_corrective_plan))
        .routes(routes!(corrective::withdraw_corrective_plan))
        .routes(routes!(corrective::annul_corrective_plan))
        .routes(routes!(offset::agree_offset))
        .routes(routes!(offset::amend_offset))
        .routes(routes!(offset::plan_offset))
        .routes(routes!(offset::drop_planned_offset))
        .routes(routes!(offset::claim_offset))
        .routes(routes!(offset::accept_offset))
        .routes(routes!(offset::reject_offset))
        .routes(routes!(offset::discharge_offset))
        .routes(routes!(offset::release_offset))
        .routes(routes!(offset::annul_offset))
}
