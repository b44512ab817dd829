//! Lines by the day on which they are due.

use std::sync::Arc;

use axum::extract::State;
use entente_register::ledger::parse_date;
use entente_store::reader::{DueFilter, DueLine};
use serde::Serialize;
use utoipa::ToSchema;

use super::json::{Asked, List, Rows, View};
use super::read::yes_or_no;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// A line of a signed contract with its day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DueObject {
    /// Number of the line.
    line: String,
    contract: String,
    /// What the contract is about.
    title: String,
    partner: String,
    partner_name: String,
    /// The goods.
    description: String,
    #[schema(format = Date)]
    due_on: String,
    /// When it was delivered in full.
    #[schema(format = Date)]
    completed_on: Option<String>,
    /// A decimal string.
    quantity: String,
    /// UN/ECE Recommendation 20.
    unit: &'static str,
    /// Delivered of it by the counting rule.
    delivered: String,
    /// Value of the line, a decimal string.
    amount: String,
    currency: &'static str,
    /// Value of what is delivered of it.
    delivered_amount: String,
    /// `overdue`, `open`, `delivered`, or `ended` where its contract ended before.
    state: &'static str,
    /// Marking of the contract.
    label: String,
}

impl DueObject {
    fn of(row: &DueLine) -> DueObject {
        let delivered = entente_register::money::Money::new(row.delivered_amount, row.amount.currency);
        DueObject {
            line: row.line.clone(),
            contract: row.contract.clone(),
            title: row.title.clone(),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            description: row.description.clone(),
            due_on: row.due_on.to_string(),
            completed_on: row.completed_on.map(|on| on.to_string()),
            quantity: row.quantity.to_string(),
            unit: row.unit.code(),
            delivered: row.delivered.to_string(),
            amount: row.amount.decimal(),
            currency: row.amount.currency.code(),
            delivered_amount: delivered.decimal(),
            state: row.state.word(),
            label: row.label.to_string(),
        }
    }
}

/// Lines under signed contracts by the day on which they are due.
#[utoipa::path(get, path = "/calendar", tag = "contracts", params(View, Rows, ("from" = Option<String>, Query, description = "Due on this day or later"), ("to" = Option<String>, Query, description = "Due on this day or earlier"), ("partner" = Option<String>, Query, description = "Only this partner"), ("manufacturer" = Option<String>, Query, description = "Only goods that this party makes"), ("open" = Option<String>, Query, description = "`true` for lines that still owe something")), responses((status = 200, description = "A page of lines", body = List<DueObject>)))]
pub(crate) async fn list_calendar(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["from", "to", "partner", "manufacturer", "open", "offset", "limit"])?;
    let day = |name: &str| asked.other(name)?.map(|text| parse_date(name, text)).transpose();
    let owned = |name: &str| asked.other(name).map(|value| value.map(str::to_owned));
    let filter = DueFilter {
        from: day("from")?,
        to: day("to")?,
        partner: owned("partner")?,
        manufacturer: owned("manufacturer")?,
        contracts: None,
        open: yes_or_no("open", asked.other("open")?)?.unwrap_or(false),
    };
    let found = caller.reader(&app, &asked.view).await?.calendar(&filter, asked.page).await?;
    asked.list(found.map(|row| DueObject::of(&row)))
}
