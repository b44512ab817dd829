//! Changes of accounts.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::access::{AccountCommand, NewAccount, Role, WrittenClearance};
use entente_register::command::Command;
use entente_register::label::{Clearance, Label};
use entente_register::ledger::Fallible;
use serde::Deserialize;
use utoipa::ToSchema;

use super::body::{Nothing, at};
use super::change::{Change, Headers, NewHeaders, ReceiptObject};
use super::json::Json;
use crate::app::App;
use crate::error::Answer;

/// What a person may see.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClearanceBody {
    /// Level and compartments.
    #[schema(examples("SECRET//AVIATION"))]
    label: String,
    /// Admitted to every compartment.
    #[serde(default)]
    all_compartments: bool,
    /// Foreign state served, ISO 3166-1 alpha-3.
    #[serde(default)]
    foreign_state: Option<String>,
}

impl ClearanceBody {
    fn read(self, field: &str) -> Fallible<Clearance> {
        let label: Label = at(field, self.label.parse())?;
        Ok(WrittenClearance {
            label,
            all_compartments: self.all_compartments,
            foreign_state: self.foreign_state,
        }
        .into())
    }
}

/// An account to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenAccount {
    /// Sign-in name.
    account: String,
    /// The person's name.
    name: String,
    /// First roles.
    roles: Vec<String>,
    /// What the person may see.
    clearance: ClearanceBody,
    /// The party that the person acts for.
    #[serde(default)]
    party: Option<String>,
}

fn account(account: String, command: AccountCommand) -> Command {
    Command::Account { account, command }
}

/// Opens an account, and gives its one-time password.
#[utoipa::path(post, path = "/accounts", tag = "accounts", params(NewHeaders), request_body = OpenAccount, responses((status = 201, description = "Opened", body = ReceiptObject)))]
pub(crate) async fn open_account(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<OpenAccount>,
) -> Answer {
    let roles = body
        .roles
        .iter()
        .enumerate()
        .map(|(position, role)| at(&format!("roles[{position}]"), role.parse()))
        .collect::<Fallible<Vec<Role>>>()?;
    let new = NewAccount {
        account: body.account.clone(),
        name: body.name,
        roles,
        clearance: body.clearance.read("clearance.label")?,
        party: body.party,
    };
    change.carry_out_with_password(&app, account(body.account, AccountCommand::Open(new))).await
}

/// A role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleBody {
    /// Its word, for example `contract_officer`.
    role: String,
}

/// Gives a role.
#[utoipa::path(post, path = "/accounts/{account}/grant", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = RoleBody, responses((status = 200, description = "Given", body = ReceiptObject)))]
pub(crate) async fn grant_role(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(body): Json<RoleBody>,
) -> Answer {
    change.carry_out(&app, account(name, AccountCommand::Grant(body.role.parse()?))).await
}

/// Takes a role.
#[utoipa::path(post, path = "/accounts/{account}/withdraw", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = RoleBody, responses((status = 200, description = "Taken", body = ReceiptObject)))]
pub(crate) async fn withdraw_role(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(body): Json<RoleBody>,
) -> Answer {
    change.carry_out(&app, account(name, AccountCommand::Withdraw(body.role.parse()?))).await
}

/// Sets what a person may see.
#[utoipa::path(post, path = "/accounts/{account}/clearance", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = ClearanceBody, responses((status = 200, description = "Set", body = ReceiptObject)))]
pub(crate) async fn set_clearance(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(body): Json<ClearanceBody>,
) -> Answer {
    let clearance = body.read("label")?;
    change.carry_out(&app, account(name, AccountCommand::SetClearance(clearance))).await
}

/// Closes an account; its sessions end.
#[utoipa::path(post, path = "/accounts/{account}/disable", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = Nothing, responses((status = 200, description = "Closed", body = ReceiptObject)))]
pub(crate) async fn disable_account(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(Nothing {}): Json<Nothing>,
) -> Answer {
    change.carry_out(&app, account(name, AccountCommand::Disable)).await
}

/// Opens a closed account again.
#[utoipa::path(post, path = "/accounts/{account}/enable", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = Nothing, responses((status = 200, description = "Open again", body = ReceiptObject)))]
pub(crate) async fn enable_account(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(Nothing {}): Json<Nothing>,
) -> Answer {
    change.carry_out(&app, account(name, AccountCommand::Enable)).await
}

/// Gives an account a new one-time password; its sessions end.
#[utoipa::path(post, path = "/accounts/{account}/reset-password", tag = "accounts", params(("account" = String, Path, description = "Sign-in name"), Headers), request_body = Nothing, responses((status = 200, description = "Given", body = ReceiptObject)))]
pub(crate) async fn reset_password(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    change: Change,
    Json(Nothing {}): Json<Nothing>,
) -> Answer {
    change.carry_out_with_password(&app, account(name, AccountCommand::ResetPassword)).await
}
