//! Accounts of persons, for those who manage or check them. Changes are made on the command line.

use askama::Template;
use entente_store::reader::AccountRow;

use super::frame::{Frame, Part};
use super::page;
use super::spreadsheet::{Table, optional, text, yes};
use super::visit::Visit;
use crate::error::Answer;
use crate::formats::table::Kind;

/// An account in the list.
#[derive(Debug, Clone)]
pub(crate) struct AccountCells {
    pub(crate) account: String,
    pub(crate) name: String,
    pub(crate) roles: String,
    pub(crate) clearance: String,
    pub(crate) party: String,
    pub(crate) disabled: bool,
}

impl AccountCells {
    pub(crate) fn of(row: &AccountRow) -> AccountCells {
        let roles: Vec<&str> = row.actor.roles.iter().map(|role| role.name()).collect();
        AccountCells {
            account: row.actor.account.clone(),
            name: row.actor.name.clone(),
            roles: roles.join(", "),
            clearance: clearance(&row.actor.clearance),
            party: row.actor.party.clone().unwrap_or_default(),
            disabled: row.disabled,
        }
    }
}

/// A clearance in words: `SECRET, AVIATION`.
pub(crate) fn clearance(clearance: &entente_register::label::Clearance) -> String {
    let mut text = clearance.level.word().to_owned();
    if clearance.all_compartments {
        text.push_str(", all compartments");
    } else {
        for compartment in &clearance.compartments {
            text.push_str(", ");
            text.push_str(compartment);
        }
    }
    if let Some(state) = &clearance.foreign_state {
        text.push_str(", serves ");
        text.push_str(state);
    }
    text
}

#[derive(Template)]
#[template(path = "account/list.html")]
pub(super) struct AccountsPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<AccountCells>,
}

/// `GET /accounts`
pub(super) async fn list(visit: Visit) -> Answer {
    let rows = visit.reader().await?.accounts().await?;
    page(&AccountsPage {
        frame: visit.frame_now(Part::Accounts, "Accounts"),
        rows: rows.iter().map(AccountCells::of).collect(),
    })
}

/// `GET /accounts.csv` and `.xlsx`
pub(super) async fn export(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.accounts().await?;
    let rows = rows.iter().map(|row| {
        let actor = &row.actor;
        let roles: Vec<&str> = actor.roles.iter().map(|role| role.word()).collect();
        vec![
            text(&actor.account),
            text(&actor.name),
            text(roles.join(", ")),
            text(clearance(&actor.clearance)),
            optional(actor.party.as_deref()),
            yes(row.disabled),
        ]
    });
    let columns = &["account", "name", "roles", "clearance", "party", "disabled"];
    Table { name: "accounts", columns, rows: rows.collect() }.answer(kind, visit.app.store.today()).await
}
