//! What other states may be told of what was refused.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::label::Clearance;

use super::annual::audience_of;
use crate::api::json::{Asked, View};
use crate::app::App;
use crate::error::Answer;
use crate::formats::denial::DenialNotificationObject;
use crate::session::Caller;

/// What other states may be told of an application of which a line was refused: goods, destination, sort of end user and
/// criteria, and nothing of who applied or of what was thought inside. Refused where the application is marked above the
/// audience.
#[utoipa::path(get, path = "/applications/{number}/denial", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), View, ("audience" = Option<String>, Query, description = "Up to which marking is told; PUBLIC where none is named")), responses((status = 200, description = "The notification", body = DenialNotificationObject)))]
pub(crate) async fn read_denial_notification(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["audience"])?;
    let audience = audience_of(asked.other("audience")?)?;
    let reader = caller.reader(&app, &asked.view).await?;
    let told = reader.denial_notification(&number, &Clearance::of(audience)).await?;
    asked.answer(&DenialNotificationObject::of(&told, audience))
}
