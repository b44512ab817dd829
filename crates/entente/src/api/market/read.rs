//! Reads of the market and of groups of states.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::market::{EditionInForce, Measure, Series};
use entente_store::reader::{CourseQuestion, DealFilter, RankQuestion, ShareQuestion};

use super::group_object::{GroupDetailObject, GroupShareObject, GroupSharesObject};
use super::object::{CoursesObject, DealObject, DealsObject, RankObject, StatisticEditionObject};
use crate::api::json::{Asked, Rows, View, Whole};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// A year that is asked for.
pub(crate) fn year(field: &str, text: &str) -> Fallible<i16> {
    text.trim().parse().map_err(|_| {
        Refusal::new("year.malformed", format!("{text:?} is no year."))
            .field(field)
            .missing("a year, for example 2012")
    })
}

/// What of a period is compared.
pub(crate) fn measure(text: &str) -> Fallible<Measure> {
    match text {
        "total" => Ok(Measure::Total),
        "average" => Ok(Measure::Average),
        _ => {
            Err(Refusal::new("market.measure", format!("{text:?} is nothing by which exporters are ranked."))
                .field("measure")
                .missing("total or average"))
        }
    }
}

/// Years of a window.
pub(crate) fn window(text: &str) -> Fallible<i16> {
    text.trim().parse().map_err(|_| {
        Refusal::new("market.window", format!("{text:?} is no number of years."))
            .field("window")
            .missing("years of a window, for example 5")
    })
}

/// Names with semicolons between them.
pub(crate) fn names(text: &str) -> Vec<String> {
    text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn asked_year(asked: &Asked, field: &str) -> Fallible<Option<i16>> {
    asked.other(field)?.map(|text| year(field, text)).transpose()
}

fn asked_edition(asked: &Asked) -> Fallible<Option<String>> {
    Ok(asked.other("edition")?.map(str::to_owned))
}

/// Editions of statistics that were known, by series, the latest first.
#[utoipa::path(get, path = "/statistics", tag = "market", params(View), responses((status = 200, description = "The editions", body = Whole<StatisticEditionObject>)))]
pub(crate) async fn list_statistics(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let editions = caller.reader(&app, &asked.view).await?.statistics().await?;
    asked.whole(editions.iter().map(StatisticEditionObject::of).collect())
}

/// Exporters by the volume of their transfers. Volume is not price.
#[utoipa::path(
    get, path = "/market/rank", tag = "market",
    params(
        View,
        ("from" = Option<i16>, Query, description = "First year; four before the last if absent", example = 2008),
        ("to" = Option<i16>, Query, description = "Last year; the last one that is held and over on the day if absent", example = 2012),
        ("measure" = Option<String>, Query, description = "`total` of the period, or `average` of its years"),
        ("edition" = Option<String>, Query, description = "An edition by the beginning of its hash; the one in force if absent"),
    ),
    responses((status = 200, description = "The ranks, or why nothing can be said", body = RankObject))
)]
pub(crate) async fn rank_exporters(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["from", "to", "measure", "edition"])?;
    let question = RankQuestion {
        from: asked_year(&asked, "from")?,
        to: asked_year(&asked, "to")?,
        measure: asked.other("measure")?.map(measure).transpose()?.unwrap_or_default(),
        edition: asked_edition(&asked)?,
    };
    let view = caller.reader(&app, &asked.view).await?.market_rank(&question).await?;
    asked.answer(&RankObject::of(&view))
}

/// How exporters stood over time: each year by the window of years that ends with it.
#[utoipa::path(
    get, path = "/market/courses", tag = "market",
    params(
        View,
        ("exporters" = Option<String>, Query, description = "Names with semicolons between them; the first five of the last window if absent"),
        ("from" = Option<i16>, Query, description = "First year"),
        ("to" = Option<i16>, Query, description = "Last year"),
        ("window" = Option<i16>, Query, description = "Years of the window; five if absent"),
        ("edition" = Option<String>, Query, description = "An edition by the beginning of its hash"),
    ),
    responses((status = 200, description = "The courses, or why nothing can be said", body = CoursesObject))
)]
pub(crate) async fn follow_exporters(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["exporters", "from", "to", "window", "edition"])?;
    let question = CourseQuestion {
        exporters: asked.other("exporters")?.map(names).unwrap_or_default(),
        from: asked_year(&asked, "from")?,
        to: asked_year(&asked, "to")?,
        window: asked.other("window")?.map(window).transpose()?,
        edition: asked_edition(&asked)?,
    };
    let view = caller.reader(&app, &asked.view).await?.market_courses(&question).await?;
    asked.answer(&CoursesObject::of(&view))
}

/// Deals of the trade register, in its own order.
#[utoipa::path(
    get, path = "/market/deals", tag = "market",
    params(
        View, Rows,
        ("supplier" = Option<String>, Query, description = "Who supplied, as the publisher names it"),
        ("recipient" = Option<String>, Query, description = "Who received"),
        ("from" = Option<i16>, Query, description = "Only deals of which something is said in this year or later"),
        ("to" = Option<i16>, Query, description = "Only deals of which something is said in this year or before"),
    ),
    responses((status = 200, description = "A page of deals", body = DealsObject))
)]
pub(crate) async fn list_deals(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["supplier", "recipient", "from", "to"])?;
    let filter = DealFilter {
        supplier: asked.other("supplier")?.map(str::to_owned),
        recipient: asked.other("recipient")?.map(str::to_owned),
        from: asked_year(&asked, "from")?,
        to: asked_year(&asked, "to")?,
    };
    let view = caller.reader(&app, &asked.view).await?.market_deals(&filter, asked.page).await?;
    asked.answer(&DealsObject {
        basis: Series::TradeRegister.basis(),
        edition: view.edition.as_ref().map(EditionInForce::citation),
        total: view.deals.total,
        offset: view.deals.page.offset,
        limit: view.deals.page.limit,
        rows: view.deals.rows.into_iter().map(DealObject::of).collect(),
    })
}

/// A group of states: who stands how to it on the day, and every change. Where the register has none of this code, the one
/// that came with the program is given, and says so.
#[utoipa::path(get, path = "/groups/{code}", tag = "partners", params(("code" = String, Path, description = "Code of the group", example = "BRICS"), View), responses((status = 200, description = "The group", body = GroupDetailObject)))]
pub(crate) async fn read_group(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let group = reader.group(&code).await?;
    asked.answer(&GroupDetailObject::of(&group, reader.as_of()))
}

fn share_question(code: String, asked: &Asked) -> Fallible<ShareQuestion> {
    Ok(ShareQuestion {
        group: code,
        indicator: asked.other("indicator")?.map_or(Ok(Series::Population), Series::indicator)?,
        year: asked_year(asked, "year")?,
        members_on: asked.other("members_on")?.map(|day| parse_date("members_on", day)).transpose()?,
        edition: asked_edition(asked)?,
    })
}

/// Which part of the world a group is, by an indicator of a year.
#[utoipa::path(
    get, path = "/groups/{code}/share", tag = "partners",
    params(
        ("code" = String, Path, description = "Code of the group", example = "BRICS"), View,
        ("indicator" = Option<String>, Query, description = "population, gdp_nominal, gdp_ppp or military_expenditure, or its code; population if absent"),
        ("year" = Option<i16>, Query, description = "Of which year; the last one that is held and over on the day if absent", example = 2012),
        ("members_on" = Option<String>, Query, description = "The day on which membership is read; the last of the year if absent"),
        ("edition" = Option<String>, Query, description = "An edition by the beginning of its hash"),
    ),
    responses((status = 200, description = "The share, or why it cannot be known", body = GroupShareObject))
)]
pub(crate) async fn read_group_share(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["indicator", "year", "members_on", "edition"])?;
    let question = share_question(code, &asked)?;
    let view = caller.reader(&app, &asked.view).await?.group_share(&question).await?;
    asked.answer(&GroupShareObject::of(&view))
}

/// The share of a group in each year of a period, each by the membership of its last day unless a day is named.
#[utoipa::path(
    get, path = "/groups/{code}/shares", tag = "partners",
    params(
        ("code" = String, Path, description = "Code of the group", example = "BRICS"), View,
        ("indicator" = Option<String>, Query, description = "As of a share of one year"),
        ("from" = Option<i16>, Query, description = "First year"),
        ("to" = Option<i16>, Query, description = "Last year"),
        ("members_on" = Option<String>, Query, description = "One day for all years"),
        ("edition" = Option<String>, Query, description = "An edition by the beginning of its hash"),
    ),
    responses((status = 200, description = "The shares, or why nothing can be said", body = GroupSharesObject))
)]
pub(crate) async fn read_group_shares(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["indicator", "from", "to", "members_on", "edition"])?;
    let question = share_question(code, &asked)?;
    let (from, to) = (asked_year(&asked, "from")?, asked_year(&asked, "to")?);
    let course = caller.reader(&app, &asked.view).await?.group_shares(&question, from, to).await?;
    asked.answer(&GroupSharesObject::of(&course))
}
