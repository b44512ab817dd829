//! Transfers: what is applied for and decided by two people, and the licences that come of it with their write-offs.

pub(in crate::api) mod act;
pub(crate) mod annual;
pub(in crate::api) mod body;
pub(crate) mod classify;
mod denial;
pub(in crate::api) mod judge;
pub(crate) mod judged_object;
mod licence_act;
pub(crate) mod licence_object;
pub(crate) mod link;
pub(crate) mod link_object;
pub(crate) mod notice;
pub(crate) mod object;
mod opinion;
pub(crate) mod read;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;

/// The paths of all of these.
pub(super) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new()
        .routes(routes!(read::list_applications, act::draft_application))
        .routes(routes!(read::read_application))
        .routes(routes!(read::judge_again))
        .routes(routes!(act::revise_application))
        .routes(routes!(act::submit_application))
        .routes(routes!(act::discard_application))
        .routes(routes!(act::withdraw_application))
        .routes(routes!(judge::ask_applicant))
        .routes(routes!(act::answer_question))
        .routes(routes!(act::appeal_refusal))
        .routes(routes!(judge::establish_end_user))
        .routes(routes!(judge::record_for_check))
        .routes(routes!(opinion::ask_opinion))
        .routes(routes!(opinion::give_opinion))
        .routes(routes!(opinion::route_application))
        .routes(routes!(opinion::confirm_opinion))
        .routes(routes!(judge::assess_application))
        .routes(routes!(judge::propose_decision))
        .routes(routes!(judge::return_proposal))
        .routes(routes!(judge::countersign_decision))
        .routes(routes!(classify::classify))
        .routes(routes!(classify::read_precedents))
        .routes(routes!(annual::read_annual_report))
        .routes(routes!(denial::read_denial_notification))
        .routes(routes!(notice::count_notices))
        .routes(routes!(notice::list_notices))
        .routes(routes!(link::list_breaks))
        .routes(routes!(link::read_link))
        .routes(routes!(read::list_licences))
        .routes(routes!(read::read_licence))
        .routes(routes!(licence_act::write_off))
        .routes(routes!(licence_act::correct_write_off))
        .routes(routes!(licence_act::meet_condition))
        .routes(routes!(licence_act::verify_delivery))
        .routes(routes!(licence_act::suspend_licence))
        .routes(routes!(licence_act::reinstate_licence))
        .routes(routes!(licence_act::revoke_licence))
        .routes(routes!(licence_act::close_licence))
}
