//! Reads of opportunities.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::opportunity::MACHINE;
use entente_store::reader::{Listing, OpportunityFilter};
use jiff::civil::{Date, date};

use super::object::{AnalysisObject, OpportunityObject, OpportunityRowObject};
use crate::api::body::{at, state_of};
use crate::api::json::{Asked, List, Rows, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// Opportunities, those to be answered first and the nearest deadline before the others.
#[utoipa::path(get, path = "/opportunities", tag = "opportunities", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state; `running` for open and offered"), ("partner" = Option<String>, Query, description = "Only this partner"), ("kind" = Option<String>, Query, description = "Only this kind"), ("text" = Option<String>, Query, description = "Words of the title, or a part of the number")), responses((status = 200, description = "A page of opportunities", body = List<OpportunityRowObject>)))]
pub(crate) async fn list_opportunities(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "partner", "kind", "text"])?;
    let filter = OpportunityFilter {
        state: asked
            .other("state")?
            .map(|state| state_of(&MACHINE, "an opportunity", &["running"], state))
            .transpose()?,
        partner: asked.other("partner")?.map(str::to_owned),
        kind: at("kind", asked.other("kind")?.map(str::parse).transpose())?,
        words: asked.other("text")?.map(str::to_owned),
    };
    let found = caller.reader(&app, &asked.view).await?.opportunities(&filter, asked.page).await?;
    let rows = found.rows.iter().map(OpportunityRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// An opportunity with its estimates, advance opinions, versions of the offer and history.
#[utoipa::path(get, path = "/opportunities/{number}", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity", example = "O-Q2012-0001"), View), responses((status = 200, description = "The opportunity", body = OpportunityObject)))]
pub(crate) async fn read_opportunity(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.opportunity(&number).await?;
    asked.answer(&OpportunityObject::of(view))
}

/// The days of a period as they are asked for; without them, the twelve months to the reader's day.
pub(crate) fn period(as_of: Date, from: Option<&str>, to: Option<&str>) -> Fallible<(Date, Date)> {
    let to = to.map_or(Ok(as_of), |text| parse_date("to", text))?;
    let year_before = Date::new(to.year() - 1, to.month(), to.day()).unwrap_or(date(to.year() - 1, 2, 28));
    let from =
        from.map_or(Ok(year_before.tomorrow().unwrap_or(year_before)), |text| parse_date("from", text))?;
    if from <= to {
        return Ok((from, to));
    }
    Err(Refusal::new("period.order", format!("{from} is after {to}."))
        .field("from")
        .missing(format!("a day up to {to}")))
}

/// Win rate, days to answer and expected order intake.
#[utoipa::path(get, path = "/opportunity-analysis", tag = "opportunities", params(View, ("from" = Option<String>, Query, description = "First day of the period; by default the day after the same date a year before"), ("to" = Option<String>, Query, description = "Last day of the period; by default the day as of which is read")), responses((status = 200, description = "What opportunities show of themselves", body = AnalysisObject)))]
pub(crate) async fn analyse_opportunities(
    State(app): State<Arc<App>>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["from", "to"])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let period = period(reader.as_of(), asked.other("from")?, asked.other("to")?)?;
    let (analysis, label) = reader.opportunity_analysis(period).await?;
    asked.answer(&AnalysisObject::of(&analysis, label.map(|label| label.to_string())))
}
