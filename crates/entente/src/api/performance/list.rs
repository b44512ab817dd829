//! The list of slippages of all contracts.

use std::sync::Arc;

use axum::extract::State;
use entente_register::ledger::Refusal;
use entente_store::reader::{SlippageFilter, SlippageRow, SlippageSum};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::body::at;
use crate::api::json::{Asked, Rows, View};
use crate::api::payment::Amount;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;
use entente_register::money::Money;

/// Slippages, and what they sum to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlippagesObject {
    /// Those of the page: the open ones first, the latest by most days before the others.
    rows: Vec<SlippageRowObject>,
    /// How many there are.
    total: i64,
    /// Where the page begins.
    offset: i64,
    /// How many rows it has at most.
    limit: i64,
    /// What all of them sum to by reason and currency.
    sums: Vec<SlippageSumObject>,
}

/// A slippage in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlippageRowObject {
    /// Number.
    number: String,
    /// `open` or `ended`.
    state: &'static str,
    /// Number of the line.
    line: String,
    /// The goods of the line.
    description: String,
    /// Number of the contract.
    contract: String,
    /// What the contract is about.
    title: String,
    /// Code of the partner.
    partner: String,
    /// The day by which the line was due.
    #[schema(format = Date)]
    due_on: String,
    /// The day on which it is expected.
    #[schema(format = Date)]
    expected_on: String,
    /// Days between the two.
    days: i64,
    /// Why.
    cause: &'static str,
    /// On whose side the cause lies.
    side: &'static str,
    /// What the line still owes.
    owed: Amount,
}

/// What slippages of one reason sum to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlippageSumObject {
    /// Why.
    cause: &'static str,
    /// On whose side the cause lies.
    side: &'static str,
    /// How many.
    slippages: i64,
    /// Days by which they are late, together.
    days: i64,
    /// What their lines still owe.
    owed: Amount,
}

/// Slippages of all contracts, with what they sum to by cause and side.
#[utoipa::path(get, path = "/slippages", tag = "performance", params(View, Rows, ("state" = Option<String>, Query, description = "`open` or `ended`"), ("cause" = Option<String>, Query, description = "Only this cause"), ("side" = Option<String>, Query, description = "Only this side"), ("partner" = Option<String>, Query, description = "Only this partner")), responses((status = 200, description = "A page of slippages", body = SlippagesObject)))]
pub(crate) async fn list_slippages(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "cause", "side", "partner"])?;
    let state = asked.other("state")?;
    if let Some(state) = state.filter(|state| !matches!(*state, "open" | "ended")) {
        return Err(Refusal::new("parameter.unknown", format!("{state:?} is no state of a slippage."))
            .field("state")
            .missing("open or ended")
            .into());
    }
    let filter = SlippageFilter {
        state: state.map(str::to_owned),
        cause: at("cause", asked.other("cause")?.map(str::parse).transpose())?,
        side: at("side", asked.other("side")?.map(str::parse).transpose())?,
        partner: asked.other("partner")?.map(str::to_owned),
    };
    let found = caller.reader(&app, &asked.view).await?.slippages(&filter, asked.page).await?;
    asked.answer(&SlippagesObject {
        rows: found.rows.into_iter().map(row).collect(),
        total: found.total,
        offset: found.page.offset,
        limit: found.page.limit,
        sums: found.sums.into_iter().map(sum).collect(),
    })
}

fn row(row: SlippageRow) -> SlippageRowObject {
    let slippage = row.slippage;
    SlippageRowObject {
        state: slippage.state,
        days: slippage.days(),
        due_on: slippage.due_on.to_string(),
        expected_on: slippage.expected_on.to_string(),
        cause: slippage.delay.cause.word(),
        side: slippage.delay.side.word(),
        number: slippage.number,
        line: slippage.line,
        description: row.description,
        contract: row.contract,
        title: row.title,
        partner: row.partner,
        owed: Amount::of(row.owed),
    }
}

fn sum(sum: SlippageSum) -> SlippageSumObject {
    SlippageSumObject {
        cause: sum.delay.cause.word(),
        side: sum.delay.side.word(),
        slippages: sum.slippages,
        days: sum.days,
        owed: Amount::of(Money::new(sum.owed, sum.currency)),
    }
}
