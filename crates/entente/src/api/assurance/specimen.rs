//! Who may sign certificates for an authority.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind, parse_date};
use entente_register::transfer::specimen::{NewSpecimen, Specimen, SpecimenCommand};
use entente_store::reader::{Listing, SpecimensRow, SpecimensView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::{Paper, on};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::{Asked, Json, List, Rows, View};
use crate::api::object::{DocumentObject, HistoryObject, TAGGED};
use crate::api::transfer::act::TransferReason;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// An authority in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpecimensRowObject {
    /// Number of its party.
    authority: String,
    name: String,
    /// Specimens that were confirmed.
    confirmed: usize,
    /// Specimens that wait for a second person.
    waiting: usize,
    /// Marking.
    label: String,
}

impl SpecimensRowObject {
    fn of(row: &SpecimensRow) -> SpecimensRowObject {
        let in_state = |state: &str| row.specimens.specimens.iter().filter(|one| one.state == state).count();
        SpecimensRowObject {
            authority: row.specimens.authority.clone(),
            name: row.authority_name.clone(),
            confirmed: in_state("confirmed"),
            waiting: in_state("proposed"),
            label: row.specimens.label.to_string(),
        }
    }
}

/// A specimen signature.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SpecimenObject {
    /// From 1.
    number: u32,
    signatory: String,
    position: String,
    /// The first day on which the signature counts.
    #[schema(format = Date)]
    valid_from: String,
    /// The last one, where it is known.
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// `proposed`, `confirmed`, `rejected` or `ended`.
    state: &'static str,
    /// Account that filed it.
    filed_by: String,
    #[schema(format = Date)]
    filed_on: String,
    document: DocumentObject,
}

impl SpecimenObject {
    fn of(specimen: &Specimen, subject: &str) -> SpecimenObject {
        SpecimenObject {
            number: specimen.number,
            signatory: specimen.filed.signatory.clone(),
            position: specimen.filed.position.clone(),
            valid_from: specimen.filed.valid_from.to_string(),
            valid_until: specimen.filed.valid_until.map(|day| day.to_string()),
            state: specimen.state,
            filed_by: specimen.filed_by.clone(),
            filed_on: specimen.filed_on.to_string(),
            document: DocumentObject::of(&specimen.filed.document, subject, TAGGED),
        }
    }
}

/// The specimen signatures of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Specimens")]
pub(crate) struct SpecimensObject {
    /// Number of its party.
    authority: String,
    name: Option<String>,
    specimens: Vec<SpecimenObject>,
    /// Marking.
    label: String,
    /// What has happened to them, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl SpecimensObject {
    fn of(view: SpecimensView) -> SpecimensObject {
        let this = view.specimens;
        let subject = SubjectKind::Specimens.subject(&this.authority).to_string();
        SpecimensObject {
            name: view.parties.get(&this.authority).cloned(),
            specimens: this.specimens.iter().map(|one| SpecimenObject::of(one, &subject)).collect(),
            label: this.label.to_string(),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
            authority: this.authority,
        }
    }
}

/// Authorities of which specimen signatures are on file, those of which one waits for a second person first.
#[utoipa::path(get, path = "/specimens", tag = "transfers", params(View, Rows), responses((status = 200, description = "A page of authorities", body = List<SpecimensRowObject>)))]
pub(crate) async fn list_specimens(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let found = caller.reader(&app, &asked.view).await?.specimen_files(asked.page).await?;
    let rows = found.rows.iter().map(SpecimensRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// The specimen signatures of an authority.
#[utoipa::path(get, path = "/specimens/{authority}", tag = "transfers", params(("authority" = String, Path, description = "Number of the authority’s party"), View), responses((status = 200, description = "Its specimens", body = SpecimensObject)))]
pub(crate) async fn read_specimens(
    State(app): State<Arc<App>>,
    Path(authority): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&SpecimensObject::of(reader.specimens(&authority).await?))
}

fn about(authority: String, command: SpecimenCommand) -> Command {
    Command::Specimens { authority, command }
}

fn numbered(specimen: &str) -> Fallible<u32> {
    specimen.parse().map_err(|_| Refusal::not_found("specimen", specimen))
}

/// A specimen as the authority sent it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeSpecimen {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Who signs.
    signatory: String,
    /// As what.
    position: String,
    /// The first day on which the signature counts.
    #[schema(format = Date)]
    valid_from: String,
    /// The last one, where it is known.
    #[serde(default)]
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// The paper with the signature.
    document: Paper,
}

/// Files a specimen signature of an authority. It counts once another person confirms it.
#[utoipa::path(post, path = "/specimens/{authority}", tag = "transfers", params(("authority" = String, Path, description = "Number of the authority’s party"), Headers), request_body = ProposeSpecimen, responses((status = 200, description = "Filed", body = ReceiptObject)))]
pub(crate) async fn propose_specimen(
    State(app): State<Arc<App>>,
    Path(authority): Path<String>,
    change: Change,
    Json(body): Json<ProposeSpecimen>,
) -> Answer {
    let specimen = NewSpecimen {
        signatory: body.signatory,
        position: body.position,
        valid_from: parse_date("valid_from", &body.valid_from)?,
        valid_until: body.valid_until.map(|day| parse_date("valid_until", &day)).transpose()?,
        document: body.document.read()?,
    };
    let command = SpecimenCommand::Propose { on: on(&body.on)?, specimen };
    change.carry_out(&app, about(authority, command)).await
}

/// A day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmSpecimen {
    /// The day.
    #[schema(format = Date)]
    on: String,
}

/// Confirms a specimen that another person filed.
#[utoipa::path(post, path = "/specimens/{authority}/{specimen}/confirm", tag = "transfers", params(("authority" = String, Path, description = "Number of the authority’s party"), ("specimen" = u32, Path, description = "Number of the specimen, from 1"), Headers), request_body = ConfirmSpecimen, responses((status = 200, description = "Confirmed", body = ReceiptObject)))]
pub(crate) async fn confirm_specimen(
    State(app): State<Arc<App>>,
    Path((authority, specimen)): Path<(String, String)>,
    change: Change,
    Json(body): Json<ConfirmSpecimen>,
) -> Answer {
    let command = SpecimenCommand::Confirm { on: on(&body.on)?, specimen: numbered(&specimen)? };
    change.carry_out(&app, about(authority, command)).await
}

/// Rejects a specimen that another person filed.
#[utoipa::path(post, path = "/specimens/{authority}/{specimen}/reject", tag = "transfers", params(("authority" = String, Path, description = "Number of the authority’s party"), ("specimen" = u32, Path, description = "Number of the specimen, from 1"), Headers), request_body = TransferReason, responses((status = 200, description = "Rejected", body = ReceiptObject)))]
pub(crate) async fn reject_specimen(
    State(app): State<Arc<App>>,
    Path((authority, specimen)): Path<(String, String)>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command =
        SpecimenCommand::Reject { on: on(&body.on)?, specimen: numbered(&specimen)?, reason: body.reason };
    change.carry_out(&app, about(authority, command)).await
}

/// The end of a signature.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndSpecimen {
    /// The day on which it is recorded.
    #[schema(format = Date)]
    on: String,
    /// Its last day.
    #[schema(format = Date)]
    until: String,
    /// Why.
    reason: String,
    /// The paper.
    document: Paper,
}

/// Records the last day on which a signature counts.
#[utoipa::path(post, path = "/specimens/{authority}/{specimen}/end", tag = "transfers", params(("authority" = String, Path, description = "Number of the authority’s party"), ("specimen" = u32, Path, description = "Number of the specimen, from 1"), Headers), request_body = EndSpecimen, responses((status = 200, description = "Ended", body = ReceiptObject)))]
pub(crate) async fn end_specimen(
    State(app): State<Arc<App>>,
    Path((authority, specimen)): Path<(String, String)>,
    change: Change,
    Json(body): Json<EndSpecimen>,
) -> Answer {
    let command = SpecimenCommand::End {
        on: on(&body.on)?,
        specimen: numbered(&specimen)?,
        until: parse_date("until", &body.until)?,
        reason: body.reason,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(authority, command)).await
}
