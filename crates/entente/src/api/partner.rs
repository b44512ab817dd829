//! Changes of partner states, groups of states and parties; and the list of parties.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::partner::PartnerCommand;
use entente_register::party::NewParty;
use entente_store::reader::{PartyFilter, RegisteredParty};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{at, on};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::{Asked, Json, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

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

/// A party of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RegisteredPartyObject {
    /// Number.
    number: String,
    /// Full name.
    name: String,
    /// state_authority, company or person.
    kind: &'static str,
    /// State of establishment, ISO 3166-1 alpha-3.
    state: String,
    /// Contracts in which it stands, of those open to the reader.
    contracts: i64,
    /// Marking.
    label: String,
}

impl RegisteredPartyObject {
    fn of(party: RegisteredParty) -> RegisteredPartyObject {
        RegisteredPartyObject {
            number: party.number,
            name: party.name,
            kind: party.kind.word(),
            state: party.state,
            contracts: party.contracts,
            label: party.label.to_string(),
        }
    }
}

/// Parties, by name.
#[utoipa::path(
    get, path = "/parties", tag = "partners",
    params(
        View, Rows,
        ("text" = Option<String>, Query, description = "Words in number or name"),
        ("kind" = Option<String>, Query, description = "state_authority, company or person"),
        ("state" = Option<String>, Query, description = "State of establishment, ISO 3166-1 alpha-3"),
    ),
    responses((status = 200, description = "A page of parties", body = List<RegisteredPartyObject>))
)]
pub(crate) async fn list_parties(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["text", "kind", "state", "offset", "limit"])?;
    let filter = PartyFilter {
        text: asked.other("text")?.map(str::to_owned),
        kind: asked.other("kind")?.map(str::parse).transpose()?,
        state: asked.other("state")?.map(str::to_owned),
    };
    let parties = caller.reader(&app, &asked.view).await?.parties(&filter, asked.page).await?;
    asked.list(parties.map(RegisteredPartyObject::of))
}

/// Registers a party; it is given the next number of its marking.
#[utoipa::path(post, path = "/parties", tag = "partners", params(NewHeaders), request_body = Party, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_party(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<Party>,
) -> Answer {
    let new = NewParty {
        name: body.name,
        kind: body.kind.parse()?,
        state: body.state,
        label: at("label", body.label.parse())?,
    };
    change.carry_out(&app, Command::Party(new)).await
}
