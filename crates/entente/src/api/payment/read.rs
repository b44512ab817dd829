//! Reads of money: of all contracts, of one, and of the table of rates.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Refusal, parse_date};
use entente_store::reader::{Listing, RateFilter};

use super::object::{ContractPaymentsObject, PaymentsObject, RateObject};
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// What came in, what is overdue, and what is delivered and unpaid by partner and by bank.
#[utoipa::path(get, path = "/payments", tag = "payments", params(View, Rows), responses((status = 200, description = "Figures of money in one currency, with the overdue instalments and a page of open penalties", body = PaymentsObject)))]
pub(crate) async fn read_payments(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let view = reader.payments(&asked.view.options(), asked.page).await?;
    asked.answer(&PaymentsObject::of(&view))
}

/// The payment schedule of a contract, with what came in, penalties, and what has happened to them.
#[utoipa::path(get, path = "/contracts/{number}/payments", tag = "payments", params(("number" = String, Path, description = "Number of the contract", example = "O-2012-0015"), View), responses((status = 200, description = "The contract’s money", body = ContractPaymentsObject)))]
pub(crate) async fn read_contract_payments(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let as_of = reader.as_of();
    let view = reader.contract_payments(&number).await?;
    asked.answer(&ContractPaymentsObject::of(view, as_of))
}

/// Exchange rates up to the day as of which is read, the latest first.
#[utoipa::path(get, path = "/rates", tag = "payments", params(View, Rows, ("of" = Option<String>, Query, description = "Only rates of this currency"), ("on" = Option<String>, Query, description = "Only rates of this day")), responses((status = 200, description = "A page of rates", body = List<RateObject>)))]
pub(crate) async fn list_rates(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["of", "on"])?;
    let filter = RateFilter {
        currency: asked
            .other("of")?
            .map(|code| code.parse().map_err(|refusal: Refusal| refusal.field("of")))
            .transpose()?,
        on: asked.other("on")?.map(|on| parse_date("on", on)).transpose()?,
    };
    let found = caller.reader(&app, &asked.view).await?.rates(&filter, asked.page).await?;
    let rows = found.rows.iter().map(RateObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}
