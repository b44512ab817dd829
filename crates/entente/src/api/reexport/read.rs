//! Reads of re-exports.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::Fallible;
use entente_register::transfer::reexport::MACHINE;
use entente_store::reader::{Listing, ReexportFilter};

use super::object::{ReexportObject, ReexportRowObject};
use crate::api::body::state_of;
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// The state of a filter of re-exports: one of the machine, or `running`.
pub(crate) fn reexport_state(state: &str) -> Fallible<String> {
    state_of(&MACHINE, "a re-export", &["running"], state)
}

/// Requests to pass on what was delivered: those that wait for a signature first, then those that wait for a proposal.
#[utoipa::path(get, path = "/reexports", tag = "reexports", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `running` for those that wait for a decision"), ("destination" = Option<String>, Query, description = "Only to this state"), ("of" = Option<String>, Query, description = "Only about this licence, or bound by this certificate"), ("text" = Option<String>, Query, description = "Words of the title or of the number")), responses((status = 200, description = "A page of re-exports", body = List<ReexportRowObject>)))]
pub(crate) async fn list_reexports(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "destination", "of", "text"])?;
    let given = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let filter = ReexportFilter {
        state: asked.other("state")?.map(reexport_state).transpose()?,
        destination: given("destination")?,
        of: given("of")?,
        words: given("text")?,
    };
    let found = caller.reader(&app, &asked.view).await?.reexports(&filter, asked.page).await?;
    let rows = found.rows.iter().map(ReexportRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A re-export: what is asked for, what binds, what stands against it, what was decided and what was passed on.
#[utoipa::path(get, path = "/reexports/{number}", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export", example = "O-X2026-0001"), View), responses((status = 200, description = "The re-export", body = ReexportObject)))]
pub(crate) async fn read_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.reexport(&number).await?;
    asked.answer(&ReexportObject::of(view))
}
