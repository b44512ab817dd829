//! The account that asks, and its keys for programs.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use entente_register::access::{CommandKind, Reading, may_command, may_read};
use entente_register::ledger::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::json::{Asked, Json, Whole, represent};
use super::object::ClearanceObject;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// The account that asks.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeObject {
    /// Sign-in name.
    account: String,
    /// The person's name.
    name: String,
    /// Roles held today.
    roles: Vec<&'static str>,
    /// What the person may see.
    clearance: ClearanceObject,
    /// The party that the person acts for.
    party: Option<String>,
    /// What the roles may read.
    may_read: Vec<&'static str>,
    /// What the roles may do.
    may_do: Vec<&'static str>,
    /// The token that changes carry in the header X-CSRF-Token; null for a key, which needs none.
    csrf: Option<String>,
}

/// The account that asks, with its rights.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, description = "The account", body = MeObject)))]
pub(crate) async fn read_me(caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let actor = &caller.actor;
    let may_do = CommandKind::ALL.iter().filter(|kind| may_command(actor, **kind).is_ok());
    asked.answer(&MeObject {
        account: actor.account.clone(),
        name: actor.name.clone(),
        roles: actor.roles.iter().map(|r| r.word()).collect(),
        clearance: ClearanceObject::of(&actor.clearance),
        party: actor.party.clone(),
        may_read: Reading::ALL.iter().filter(|r| may_read(actor, **r).is_some()).map(|r| r.word()).collect(),
        may_do: may_do.map(|kind| kind.word()).collect(),
        csrf: caller.csrf.clone(),
    })
}

/// A key for programs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeyObject {
    /// A name by which it can be closed.
    id: String,
    /// What it is for.
    name: String,
    /// When it was opened.
    #[schema(format = DateTime)]
    opened_at: String,
    /// When its term ends.
    #[schema(format = DateTime)]
    expires_at: String,
}

/// The caller's keys that are in term.
#[utoipa::path(get, path = "/me/keys", tag = "me", responses((status = 200, description = "The keys, the newest first", body = Whole<KeyObject>)))]
pub(crate) async fn list_keys(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let keys = app.store.api_keys(&caller.actor.account).await?;
    asked.whole(
        keys.into_iter()
            .map(|key| KeyObject {
                id: key.id,
                name: key.name,
                opened_at: key.opened_at.to_string(),
                expires_at: key.expires_at.to_string(),
            })
            .collect(),
    )
}

/// A key to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenKey {
    /// What it is for.
    name: String,
    /// Its term in days.
    days: u16,
}

/// A key that was opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenedKey {
    /// The key; it is not shown again.
    key: String,
}

/// Opens a key for programs. Only a person who has signed in may: a key opens no further key.
#[utoipa::path(post, path = "/me/keys", tag = "me", request_body = OpenKey, responses((status = 201, description = "The key", body = OpenedKey)))]
pub(crate) async fn open_key(
    State(app): State<Arc<App>>,
    caller: Caller,
    Json(body): Json<OpenKey>,
) -> Answer {
    person(&caller)?;
    let key = app.store.open_api_key(&caller.actor.account, &body.name, body.days).await?;
    let (body, _) = represent(&OpenedKey { key })?;
    Ok((StatusCode::CREATED, [(CONTENT_TYPE, "application/json")], body).into_response())
}

/// Closes one of the caller's keys.
#[utoipa::path(delete, path = "/me/keys/{id}", tag = "me", params(("id" = String, Path, description = "The key's id, as GET /me/keys gives it")), responses((status = 204, description = "Closed")))]
pub(crate) async fn close_key(State(app): State<Arc<App>>, Path(id): Path<String>, caller: Caller) -> Answer {
    app.store.close_api_key(&caller.actor.account, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn person(caller: &Caller) -> Result<(), Refusal> {
    if caller.csrf.is_some() {
        return Ok(());
    }
    Err(Refusal::new("access.person", "A key opens no further key.").missing("the session of a person"))
}
