//! Changes of contracts and of their lines.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::contract::line::{LineChange, LineCommand, NewLine};
use entente_register::contract::{Amendment, ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::{Currency, Money, Quantity, Unit};
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{On, OnWithPaper, OnWithReason, Paper, at, on, paper};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A party in its role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PartyInRole {
    /// Number of the party.
    #[schema(examples("O-P0001"))]
    party: String,
    /// exporter, end_user, consignee, broker, carrier, manufacturer or bank.
    role: String,
}

fn parties(given: Vec<PartyInRole>) -> Fallible<Vec<ContractParty>> {
    given
        .into_iter()
        .enumerate()
        .map(|(position, p)| {
            let role = PartyRole::ALL.into_iter().find(|r| r.word() == p.role).ok_or_else(|| {
                let words: Vec<&str> = PartyRole::ALL.iter().map(|r| r.word()).collect();
                Refusal::new("contract.party_role", format!("{:?} is not a role of a party.", p.role))
                    .field(format!("parties[{position}].role"))
                    .missing(format!("one of {}", words.join(", ")))
            })?;
            Ok(ContractParty { party: p.party, role })
        })
        .collect()
}

/// A contract to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenContract {
    /// The number that the parties use between themselves.
    reference: String,
    /// What it is about.
    title: String,
    /// The partner state, ISO 3166-1 alpha-3.
    partner: String,
    /// Parties by role; an exporter and an end user among them.
    parties: Vec<PartyInRole>,
    /// ISO 4217 code of all its prices.
    currency: String,
    /// Marking.
    #[schema(examples("OFFICIAL", "SECRET//AVIATION"))]
    label: String,
    /// When negotiation began.
    #[schema(format = Date)]
    on: String,
}

/// Opens a contract under negotiation.
#[utoipa::path(post, path = "/contracts", tag = "contracts", params(NewHeaders), request_body = OpenContract, responses((status = 201, description = "Opened", body = ReceiptObject)))]
pub(crate) async fn open_contract(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<OpenContract>,
) -> Answer {
    let new = NewContract {
        reference: body.reference,
        title: body.title,
        partner: body.partner,
        parties: parties(body.parties)?,
        currency: at("currency", body.currency.parse())?,
        label: at("label", body.label.parse())?,
        on: on(&body.on)?,
    };
    change.carry_out(&app, Command::Contract { number: None, command: ContractCommand::Open(new) }).await
}

/// What an amendment changes; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendContract {
    /// The day of the amendment.
    #[schema(format = Date)]
    on: String,
    /// New title.
    #[serde(default)]
    title: Option<String>,
    /// New list of parties, whole.
    #[serde(default)]
    parties: Option<Vec<PartyInRole>>,
    /// The signed amendment.
    document: Paper,
    /// Why.
    reason: String,
}

/// Amends title or parties of a contract.
#[utoipa::path(post, path = "/contracts/{number}/amend", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = AmendContract, responses((status = 200, description = "Amended", body = ReceiptObject)))]
pub(crate) async fn amend_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AmendContract>,
) -> Answer {
    let command = ContractCommand::Amend {
        on: on(&body.on)?,
        amendment: Amendment {
            title: body.title,
            parties: body.parties.map(parties).transpose()?,
            document: body.document.read()?,
        },
        reason: body.reason,
    };
    change.carry_out(&app, contract(number, command)).await
}

fn contract(number: String, command: ContractCommand) -> Command {
    Command::Contract { number: Some(number), command }
}

/// Signs a contract.
#[utoipa::path(post, path = "/contracts/{number}/sign", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OnWithPaper, responses((status = 200, description = "Signed", body = ReceiptObject)))]
pub(crate) async fn sign_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithPaper>,
) -> Answer {
    let command = ContractCommand::Sign { on: on(&body.on)?, document: body.document.read()? };
    change.carry_out(&app, contract(number, command)).await
}

/// Brings a signed contract into force.
#[utoipa::path(post, path = "/contracts/{number}/enter-into-force", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = On, responses((status = 200, description = "In force", body = ReceiptObject)))]
pub(crate) async fn bring_contract_into_force(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = ContractCommand::EnterIntoForce { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, contract(number, command)).await
}

/// Suspends a contract in force.
#[utoipa::path(post, path = "/contracts/{number}/suspend", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OnWithReason, responses((status = 200, description = "Suspended", body = ReceiptObject)))]
pub(crate) async fn suspend_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    if body.document.is_some() {
        return Err(Refusal::new("json.shape", "A suspension is recorded with its reason alone.")
            .field("document")
            .missing("a body without document")
            .into());
    }
    let command = ContractCommand::Suspend { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, contract(number, command)).await
}

/// Resumes a suspended contract.
#[utoipa::path(post, path = "/contracts/{number}/resume", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = On, responses((status = 200, description = "In force again", body = ReceiptObject)))]
pub(crate) async fn resume_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = ContractCommand::Resume { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, contract(number, command)).await
}

/// Completes a contract whose lines are all accepted.
#[utoipa::path(post, path = "/contracts/{number}/complete", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = On, responses((status = 200, description = "Completed", body = ReceiptObject)))]
pub(crate) async fn complete_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = ContractCommand::Complete { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, contract(number, command)).await
}

/// Terminates a contract before its end.
#[utoipa::path(post, path = "/contracts/{number}/terminate", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OnWithReason, responses((status = 200, description = "Terminated", body = ReceiptObject)))]
pub(crate) async fn terminate_contract(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnWithReason>,
) -> Answer {
    let command = ContractCommand::Terminate {
        on: on(&body.on)?,
        reason: body.reason,
        document: paper(body.document)?,
    };
    change.carry_out(&app, contract(number, command)).await
}

/// A line to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddLine {
    /// The number that the contract gives it; no two lines of a contract have the same.
    #[serde(default)]
    #[schema(examples("1"))]
    reference: Option<String>,
    /// What is sold.
    description: String,
    /// How much, a decimal string.
    #[schema(examples("12", "0.5"))]
    quantity: String,
    /// UN/CEFACT Recommendation 20 code, or its name.
    #[schema(examples("C62"))]
    unit: String,
    /// Price of one unit, a decimal string.
    #[schema(examples("1250000.00"))]
    unit_price: String,
    /// ISO 4217 code of the price; the contract's.
    currency: String,
    /// Control-list entry.
    #[schema(examples("ML10.a"))]
    category: String,
    /// Number of the party that makes it.
    #[serde(default)]
    manufacturer: Option<String>,
    /// Contractual date by which it is due in full.
    #[schema(format = Date)]
    due_on: String,
    /// When it was agreed.
    #[schema(format = Date)]
    on: String,
    /// The amendment that adds it, once the contract is signed.
    #[serde(default)]
    document: Option<Paper>,
}

/// Adds a line to a contract.
#[utoipa::path(post, path = "/contracts/{number}/lines", tag = "contracts", params(("number" = String, Path, description = "Number of the contract"), NewHeaders), request_body = AddLine, responses((status = 201, description = "Added", body = ReceiptObject)))]
pub(crate) async fn add_line(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AddLine>,
) -> Answer {
    let currency: Currency = at("currency", body.currency.parse())?;
    let new = NewLine {
        reference: body.reference,
        description: body.description,
        quantity: Quantity::parse("quantity", &body.quantity)?,
        unit: Unit::parse("unit", &body.unit)?,
        unit_price: Money::parse("unit_price", &body.unit_price, currency)?,
        category: body.category,
        manufacturer: body.manufacturer,
        due_on: parse_date("due_on", &body.due_on)?,
        on: on(&body.on)?,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Line { number, command: LineCommand::Add(new) }).await
}

/// What an amendment of a line changes; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendLine {
    /// The day of the amendment.
    #[schema(format = Date)]
    on: String,
    /// New quantity.
    #[serde(default)]
    quantity: Option<String>,
    /// New price of one unit; with `currency`.
    #[serde(default)]
    unit_price: Option<String>,
    /// ISO 4217 code of the new price.
    #[serde(default)]
    currency: Option<String>,
    /// New contractual date.
    #[serde(default)]
    due_on: Option<String>,
    /// On what a new price stands: `formula`, `currency_clause`, `change_of_scope` or `negotiated`.
    #[serde(default)]
    basis: Option<String>,
    /// The signed amendment.
    document: Paper,
    /// Why.
    reason: String,
}

/// Amends a line from a day.
#[utoipa::path(post, path = "/lines/{number}/amend", tag = "contracts", params(("number" = String, Path, description = "Number of the line"), Headers), request_body = AmendLine, responses((status = 200, description = "Amended", body = ReceiptObject)))]
pub(crate) async fn amend_line(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AmendLine>,
) -> Answer {
    let unit_price = match (&body.unit_price, &body.currency) {
        (Some(price), Some(code)) => Some(Money::parse("unit_price", price, at("currency", code.parse())?)?),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(Refusal::new("line.price_currency", "A price and its currency stand together.")
                .field("currency")
                .missing("both unit_price and currency, or neither")
                .into());
        }
    };
    let change_of_line = LineChange {
        quantity: body.quantity.map(|q| Quantity::parse("quantity", &q)).transpose()?,
        unit_price,
        due_on: body.due_on.map(|d| parse_date("due_on", &d)).transpose()?,
        basis: body.basis.map(|basis| basis.parse()).transpose()?,
    };
    let command = LineCommand::Amend {
        on: on(&body.on)?,
        change: change_of_line,
        document: body.document.read()?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Line { number, command }).await
}
