//! The wire format that screening clients speak: that of `yente`, which looks entities of FollowTheMoney up in lists.
//!
//! Whoever has a client for it (`yente-client`, a case system) points it here and changes nothing else. Datasets are the
//! lists of the register by their names, and `default` all of them. What a parameter asks that cannot be honoured is
//! refused, and never passed over: a screening that was not done as it was asked is worse than none.
//!
//! **Held.** A list that is missing or older than its policy clears nobody. The format has no word for that, so it is
//! said three times: `held` beside the results has the reasons, `total.relation` is `gte` (there may be more hits than
//! these) as long as anything is held, and who sends `Prefer: handling=strict` gets the status 503 in the place of an
//! answer that clears nobody. `docs/screening-api.md` is for those who write clients.

mod adjacent;
mod algorithm;
mod catalog;
mod entry;
mod facet;
mod failure;
mod filter;
mod history;
mod kept;
mod look_up;
mod matching;
mod parameters;
mod places;
mod query;
mod relation;
mod scope;
mod search;
mod words;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, post};
use entente_store::Outcome;
use entente_store::reader::Reader;
use serde_json::{Value, json};

pub(crate) use failure::draw;
pub(crate) use kept::Kept;

use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::Caller;

/// Everything that is served in this format.
pub(crate) fn router(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/match/{dataset}", post(matching::post).layer(from_fn_with_state(app.clone(), whole)))
        .route("/search/{dataset}", get(search::get))
        .route("/entities/{id}", get(look_up::get))
        .route("/entities/{id}/adjacent", get(adjacent::all))
        .route("/entities/{id}/adjacent/{property}", get(adjacent::one))
        .route("/catalog", get(catalog::get))
        .route("/algorithms", get(algorithm::get))
        .route("/healthz", get(lives))
        .route("/readyz", get(is_ready))
}

/// Whether an answer under this path is in this format, also where nothing is served there: then the client reads why.
pub(crate) fn is_wire(path: &str) -> bool {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let whole = matches!(
        first,
        "match"
            | "entities"
            | "catalog"
            | "algorithms"
            | "healthz"
            | "readyz"
            | "reconcile"
            | "statements"
            | "updatez"
    );
    // `/search` alone is a page for people.
    whole || path.starts_with("/search/")
}

/// Takes the whole body in before anything is refused: of a connection on which a refusal overtook the body the server
/// lets go, and the client’s next request on it would break off.
async fn whole(State(app): State<Arc<App>>, request: Request, next: Next) -> Answer {
    let (parts, body) = request.into_parts();
    let bytes = crate::api::body(Request::from_parts(parts.clone(), body), &app).await?;
    Ok(next.run(Request::from_parts(parts, Body::from(bytes))).await)
}

async fn lives() -> Json<Value> {
    Json(json!({"status": "ok"}))
}

async fn is_ready(State(app): State<Arc<App>>) -> Answer<Json<Value>> {
    app.store.ping().await?;
    Ok(Json(json!({"status": "ok"})))
}

/// The reader of whoever asks. It is of today, also in a demonstration, whose pages are read as of another day: nobody
/// screens a party of today by the lists of then.
async fn reader(app: &App, caller: &Caller) -> Outcome<Reader> {
    Ok(app.store.reader(&caller.actor, None, None).await?.from_source(&caller.source))
}

/// Counts what an account asks.
///
/// # Errors
/// `access.too_many`, with the seconds to wait.
fn count(app: &App, caller: &Caller, queries: usize) -> Result<(), Failure> {
    let queries = u32::try_from(queries).unwrap_or(u32::MAX);
    app.queries.count(&caller.actor.account, queries, app.store.now()).map_err(failure::too_many)
}
