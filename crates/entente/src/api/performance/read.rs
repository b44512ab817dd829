//! The reading of a contract's performance.

use std::sync::Arc;

use axum::extract::{Path, State};

use super::object::ContractPerformanceObject;
use crate::api::json::{Asked, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// How a contract is performed: its milestones, and what has happened to them.
#[utoipa::path(get, path = "/contracts/{number}/performance", tag = "performance", params(("number" = String, Path, description = "Number of the contract", example = "O-2012-0015"), View), responses((status = 200, description = "The contract’s performance", body = ContractPerformanceObject)))]
pub(crate) async fn read_contract_performance(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let as_of = reader.as_of();
    let view = reader.contract_performance(&number).await?;
    asked.answer(&ContractPerformanceObject::of(view, as_of))
}
