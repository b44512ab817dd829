//! What is done about a request for re-export consent.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, parse_date};
use entente_register::money::Quantity;
use entente_register::transfer::content::TransferParty;
use entente_register::transfer::reexport::{NewReexport, ReexportCommand, ReexportItem, ReexportProposal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Paper, at, on};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::api::transfer::act::{TransferDay, TransferReason};
use crate::api::transfer::body::TransferPartyBody;
use crate::api::transfer::judge::{EstablishEndUser, RecordForCheck};
use crate::app::App;
use crate::error::Answer;

fn about(number: String, command: ReexportCommand) -> Command {
    Command::Reexport { number, command }
}

/// What is passed on of a line of a licence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReexportItemBody {
    /// Number of the licence under which it was delivered.
    licence: String,
    /// Number of its line.
    line: u32,
    /// How much, decimal.
    quantity: String,
}

fn items(bodies: Vec<ReexportItemBody>) -> Fallible<Vec<ReexportItem>> {
    let item = |(place, body): (usize, ReexportItemBody)| {
        let quantity = Quantity::parse(&format!("items[{place}].quantity"), &body.quantity)?;
        Ok(ReexportItem { licence: body.licence, line: body.line, quantity })
    };
    bodies.into_iter().enumerate().map(item).collect()
}

/// A request to pass on what was delivered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestReexport {
    /// The day on which it came.
    #[schema(format = Date)]
    on: String,
    /// Marking: at least that of its licences and parties.
    #[schema(examples("OFFICIAL"))]
    label: String,
    /// What it is about.
    title: String,
    /// Number of the party that asks: an authority of the state that received the goods.
    authority: String,
    /// What is passed on.
    items: Vec<ReexportItemBody>,
    /// Serial numbers, where they are known.
    #[serde(default)]
    serials: Vec<String>,
    /// Number of the party that is to use the goods.
    end_user: String,
    /// Others on the way, by role.
    #[serde(default)]
    parties: Vec<TransferPartyBody>,
    /// The state that the goods go to, ISO 3166-1 alpha-3.
    destination: String,
    /// `defence`, `mandated_operation`, `police`, `civil` or `other`.
    purpose: String,
    /// What for, in words.
    end_use: String,
    /// The request.
    document: Paper,
}

/// Registers a request of the state that received goods, under the next number of its marking. What binds it is found by the
/// register: the certificates that serve the applications of its licences.
#[utoipa::path(post, path = "/reexports", tag = "reexports", params(NewHeaders), request_body = RequestReexport, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn request_reexport(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<RequestReexport>,
) -> Answer {
    let parties = body.parties.into_iter().enumerate().map(|(place, party)| party.read("parties", place));
    let new = NewReexport {
        on: on(&body.on)?,
        label: at("label", body.label.parse())?,
        title: body.title,
        authority: body.authority,
        items: items(body.items)?,
        serials: body.serials,
        end_user: body.end_user,
        parties: parties.collect::<Fallible<Vec<TransferParty>>>()?,
        destination: body.destination,
        purpose: at("purpose", body.purpose.parse())?,
        end_use: body.end_use,
        document: body.document.read()?,
    };
    change.carry_out(&app, Command::AskReexport(new)).await
}

/// On what ground consent is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordGround {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// The ground: a clause of a contract, an agreement, the law of the recipient.
    ground: String,
    /// The paper that shows it.
    document: Paper,
}

/// Records on what ground consent is asked for, where no certificate promised to ask.
#[utoipa::path(post, path = "/reexports/{number}/ground", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = RecordGround, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_ground(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordGround>,
) -> Answer {
    let command =
        ReexportCommand::Ground { on: on(&body.on)?, ground: body.ground, document: body.document.read()? };
    change.carry_out(&app, about(number, command)).await
}

/// Records who the new end user is, by which paper.
#[utoipa::path(post, path = "/reexports/{number}/end-users", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = EstablishEndUser, responses((status = 200, description = "Established", body = ReceiptObject)))]
pub(crate) async fn establish_new_user(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EstablishEndUser>,
) -> Answer {
    let command = ReexportCommand::Establish {
        on: on(&body.on)?,
        party: body.party,
        standing: body.standing.read(),
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// Records the approval, notification or consideration that a check asks for.
#[utoipa::path(post, path = "/reexports/{number}/records", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = RecordForCheck, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_for_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordForCheck>,
) -> Answer {
    let command = ReexportCommand::Record {
        on: on(&body.on)?,
        check: body.check,
        kind: at("kind", body.kind.parse())?,
        reference: body.reference,
        document: body.document.read()?,
        reason: body.reason,
    };
    change.carry_out(&app, about(number, command)).await
}

/// What was found of rights of third parties.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConsiderRights {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// What was found: patents, secrecy, limits of a licence to produce.
    finding: String,
    /// The paper that shows it.
    document: Paper,
}

/// Records what rights of third parties there are in the goods.
#[utoipa::path(post, path = "/reexports/{number}/rights", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = ConsiderRights, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn consider_rights(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ConsiderRights>,
) -> Answer {
    let command = ReexportCommand::ConsiderRights {
        on: on(&body.on)?,
        finding: body.finding,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// A decision that another person is to sign.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeReexport {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Whether it is consented to.
    consents: bool,
    /// The first day on which the goods may be passed on, of a consent.
    #[serde(default)]
    #[schema(format = Date)]
    valid_from: Option<String>,
    /// The last one.
    #[serde(default)]
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// On what conditions.
    #[serde(default)]
    conditions: Vec<String>,
    /// By which criteria it is refused, of a refusal.
    #[serde(default)]
    criteria: Vec<String>,
    /// Why.
    reason: String,
}

/// Proposes consent or refusal. Whatever changes before the signature takes it back.
#[utoipa::path(post, path = "/reexports/{number}/propose", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = ProposeReexport, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ProposeReexport>,
) -> Answer {
    let day = |field: &str, text: Option<String>| text.map(|day| parse_date(field, &day)).transpose();
    let criteria = body.criteria.into_iter().map(|word| at("criteria", word.parse()));
    let proposal = ReexportProposal {
        consents: body.consents,
        valid_from: day("valid_from", body.valid_from)?,
        valid_until: day("valid_until", body.valid_until)?,
        conditions: body.conditions,
        criteria: criteria.collect::<Fallible<_>>()?,
        reason: body.reason,
    };
    let command = ReexportCommand::Propose { on: on(&body.on)?, proposal };
    change.carry_out(&app, about(number, command)).await
}

/// Returns what another person proposed.
#[utoipa::path(post, path = "/reexports/{number}/return", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = TransferReason, responses((status = 200, description = "Returned", body = ReceiptObject)))]
pub(crate) async fn return_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ReexportCommand::Return { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Signs what another person proposed. All checks, and what is left of what was delivered, are asked once more.
#[utoipa::path(post, path = "/reexports/{number}/countersign", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = TransferDay, responses((status = 200, description = "Signed", body = ReceiptObject)))]
pub(crate) async fn countersign_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferDay>,
) -> Answer {
    change.carry_out(&app, about(number, ReexportCommand::Countersign { on: on(&body.on)? })).await
}

/// Records that the recipient withdrew its request.
#[utoipa::path(post, path = "/reexports/{number}/withdraw", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = TransferReason, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ReexportCommand::Withdraw { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// What the recipient passed on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportReexport {
    /// The day on which it went.
    #[schema(format = Date)]
    on: String,
    /// What went.
    items: Vec<ReexportItemBody>,
    /// The report.
    document: Paper,
}

/// Records what the recipient reports to have passed on: no more than was consented to, within its days.
#[utoipa::path(post, path = "/reexports/{number}/reports", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = ReportReexport, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn report_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ReportReexport>,
) -> Answer {
    let command = ReexportCommand::Report {
        on: on(&body.on)?,
        items: items(body.items)?,
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// Closes a consent: nothing more is passed on under it, and what was not is left to be consented to again.
#[utoipa::path(post, path = "/reexports/{number}/close", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = TransferReason, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn close_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ReexportCommand::Close { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Revokes a consent.
#[utoipa::path(post, path = "/reexports/{number}/revoke", tag = "reexports", params(("number" = String, Path, description = "Number of the re-export"), Headers), request_body = TransferReason, responses((status = 200, description = "Revoked", body = ReceiptObject)))]
pub(crate) async fn revoke_reexport(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ReexportCommand::Revoke { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}
