//! Reads of what transfers are weighed by.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, Refusal};
use entente_store::reader::{GuidanceFilter, Listing};

use super::object::{GuidanceObject, GuidanceRowObject};
use crate::api::body::at;
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// The state of a filter of files.
pub(crate) fn guidance_state(state: &str) -> Fallible<String> {
    const KNOWN: [&str; 4] = ["waiting", "in_force", "ended", "due"];
    if KNOWN.contains(&state) {
        return Ok(state.to_owned());
    }
    Err(Refusal::new("parameter.unknown", format!("{state:?} is no state of a file of guidance."))
        .field("state")
        .missing(format!("one of {}", KNOWN.join(", "))))
}

/// What transfers are weighed by: what waits for a second person first, then what is in force, the nearest day first.
#[utoipa::path(get, path = "/guidance", tag = "transfers", params(View, Rows, ("kind" = Option<String>, Query, description = "Only `standing_assessment`, `denial`, `quota`, `indicator`, `agency`, `routing`, `control_list` or `recognition`"), ("state" = Option<String>, Query, description = "`waiting`, `in_force`, `ended`, or `due` for those whose day has come"), ("territory" = Option<String>, Query, description = "Only about this state or group of states"), ("text" = Option<String>, Query, description = "Words of what it says, or a part of the number")), responses((status = 200, description = "A page of files", body = List<GuidanceRowObject>)))]
pub(crate) async fn list_guidance(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["kind", "state", "territory", "text"])?;
    let given = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let filter = GuidanceFilter {
        kind: asked.other("kind")?.map(|kind| at("kind", kind.parse())).transpose()?,
        state: asked.other("state")?.map(guidance_state).transpose()?,
        territory: given("territory")?,
        words: given("text")?,
    };
    let found = caller.reader(&app, &asked.view).await?.guidance_files(&filter, asked.page).await?;
    let rows = found.rows.iter().map(GuidanceRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A file with its editions.
#[utoipa::path(get, path = "/guidance/{number}", tag = "transfers", params(("number" = String, Path, description = "Number of the file", example = "O-SA-BRA"), View), responses((status = 200, description = "The file", body = GuidanceObject)))]
pub(crate) async fn read_guidance(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&GuidanceObject::of(reader.guidance(&number).await?))
}
