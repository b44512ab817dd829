//! Changes of partner states, groups of states and parties.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{at, on};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A code and a name.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    /// ISO 3166-1 alpha-3 of a state, or the short code of a group.
    code: String,
    /// Name for people.
    name: String,
}

/// Registers a partner state.
#[utoipa::path(post, path = "/partners", tag = "partners", params(NewHeaders), request_body = Named, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_partner(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<Named>,
) -> Answer {
    let command = PartnerCommand::Register { code: body.code, name: body.name };
    change.carry_out(&app, Command::Partner(command)).await
}

/// Registers a group of states.
#[utoipa::path(post, path = "/groups", tag = "partners", params(NewHeaders), request_body = Named, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_group(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<Named>,
) -> Answer {
    let command = PartnerCommand::RegisterGroup { code: body.code, name: body.name };
    change.carry_out(&app, Command::Partner(command)).await
}

/// A state and a day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    /// The state, ISO 3166-1 alpha-3.
    state: String,
    /// First day of the change.
    #[schema(format = Date)]
    on: String,
}

/// Records that a state joins a group.
#[utoipa::path(post, path = "/groups/{code}/admit", tag = "partners", params(("code" = String, Path, description = "Code of the group"), Headers), request_body = Membership, responses((status = 200, description = "Admitted", body = ReceiptObject)))]
pub(crate) async fn admit_member(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    change: Change,
    Json(body): Json<Membership>,
) -> Answer {
    let command = PartnerCommand::Admit { group: code, state: body.state, on: on(&body.on)? };
    change.carry_out(&app, Command::Partner(command)).await
}

/// Records that a state leaves a group.
#[utoipa::path(post, path = "/groups/{code}/leave", tag = "partners", params(("code" = String, Path, description = "Code of the group"), Headers), request_body = Membership, responses((status = 200, description = "Left", body = ReceiptObject)))]
pub(crate) async fn release_member(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    change: Change,
    Json(body): Json<Membership>,
) -> Answer {
    let command = PartnerCommand::Leave { group: code, state: body.state, on: on(&body.on)? };
    change.carry_out(&app, Command::Partner(command)).await
}

/// A party to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Party {
    /// Full name.
    name: String,
    /// state_authority, company or person.
    kind: String,
    /// State of establishment, ISO 3166-1 alpha-3.
    state: String,
    /// Marking.
    label: String,
}

/// Registers a party; it is given the next number of its marking.
#[utoipa::path(post, path = "/parties", tag = "partners", params(NewHeaders), request_body = Party, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_party(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<Party>,
) -> Answer {
    let kind = PartyKind::ALL.into_iter().find(|k| k.word() == body.kind).ok_or_else(|| {
        let words: Vec<&str> = PartyKind::ALL.iter().map(|k| k.word()).collect();
        Refusal::new("party.kind", format!("{:?} is not a sort of party.", body.kind))
            .field("kind")
            .missing(format!("one of {}", words.join(", ")))
    })?;
    let new = NewParty { name: body.name, kind, state: body.state, label: at("label", body.label.parse())? };
    change.carry_out(&app, Command::Party(new)).await
}
