//! The page of a published forecast.

use askama::Template;
use axum::extract::Path;
use entente_register::brief::{FigureName, Method};
use entente_register::forecast::record::{Outcome, score};
use entente_register::ledger::SubjectKind;
use entente_store::reader::ForecastView;

use crate::error::Answer;
use crate::parameters::ViewParameters;
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// What one method said.
#[derive(Debug, Clone)]
pub(crate) struct SaidCells {
    pub(crate) method: String,
    pub(crate) rule: String,
    /// Empty where it could say nothing.
    pub(crate) amount: String,
    /// How the register shows the same figure at the horizon of the forecast.
    pub(crate) href: String,
    pub(crate) low: String,
    pub(crate) high: String,
    pub(crate) reason: String,
    /// Empty while the year goes on.
    pub(crate) error: String,
    /// Whether the interval held what came, in a word; empty where that is not known.
    pub(crate) held: &'static str,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct ForecastCells {
    pub(crate) number: String,
    pub(crate) year: i16,
    pub(crate) as_of: String,
    pub(crate) published_on: String,
    pub(crate) known_at: String,
    pub(crate) counting: String,
    pub(crate) currency: String,
    pub(crate) scope: String,
    pub(crate) plan: String,
    pub(crate) plan_href: String,
    pub(crate) delivered: String,
    pub(crate) delivered_href: String,
    /// Empty where it is not known.
    pub(crate) came: String,
    pub(crate) came_href: String,
    pub(crate) came_reason: String,
    pub(crate) methods: Vec<SaidCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "forecast/page.html")]
pub(crate) struct ForecastPage {
    pub(crate) frame: Frame,
    pub(crate) view: ForecastCells,
}

/// `GET /forecasts/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.forecast(&number).await?;
    let frame =
        visit.frame(Part::Brief, format!("Forecast {number}"), &reader).marked(found.marking.as_ref());
    crate::web::page(&ForecastPage { frame, view: cells(&found, &visit.way()) })
}

/// The view in which the register showed what the forecast says.
pub(crate) fn pinned(outcome: &Outcome) -> Way {
    let said = &outcome.forecast.said;
    Way::of(&ViewParameters {
        as_of: Some(said.as_of),
        known_at: Some(said.known_at),
        counting: Some(said.counting),
        plan: None,
        currency: Some(said.delivered.currency),
    })
}

/// Writes it for people.
pub(crate) fn cells(found: &ForecastView, way: &Way) -> ForecastCells {
    let outcome = &found.outcome;
    let forecast = &outcome.forecast;
    let said = &forecast.said;
    let currency = said.delivered.currency;
    let then = pinned(outcome);
    let figure = |name: &FigureName| then.to(&format!("/figures/{name}"));
    ForecastCells {
        number: forecast.number.clone(),
        year: forecast.year(),
        as_of: show::long_day(said.as_of),
        published_on: show::long_day(forecast.published_on),
        known_at: show::long_instant(said.known_at),
        counting: said.counting.name().to_owned(),
        currency: currency.code().to_owned(),
        scope: said.scope.clone(),
        plan: said.plan.map(|plan| format!("{}, version {}", plan.year, plan.version)).unwrap_or_default(),
        plan_href: said.plan.map(|plan| then.to(&format!("/plans/{plan}"))).unwrap_or_default(),
        delivered: show::exact(said.delivered.minor, currency),
        delivered_href: figure(&FigureName::Delivered),
        came: outcome.came.value().map(|came| show::exact(*came, currency)).unwrap_or_default(),
        came_href: way.to(&format!("/figures/{}", FigureName::YearDelivered(forecast.year()))),
        came_reason: outcome.came.reason().map(show::capital).unwrap_or_default(),
        methods: said
            .methods
            .iter()
            .map(|one| {
                let exact = |money: Option<entente_register::money::Money>| {
                    money.map(|money| show::exact(money.minor, currency)).unwrap_or_default()
                };
                let score = score(outcome, one.method);
                SaidCells {
                    method: show::capital(one.method.name()),
                    rule: one.method.rule_on(said.as_of),
                    amount: exact(one.amount),
                    href: figure(&FigureName::Forecast(one.method)),
                    low: exact(one.low),
                    high: exact(one.high),
                    reason: one.reason.as_deref().map(show::capital).unwrap_or_default(),
                    error: score.map(|score| show::change(score.error_pct)).unwrap_or_default(),
                    held: held_word(outcome, one.method),
                }
            })
            .collect(),
        history: acts(&found.history, SubjectKind::Forecast, &forecast.number, way),
    }
}

/// Whether the interval held what came; empty where there was none, or nothing is known to have come.
pub(crate) fn held_word(outcome: &Outcome, method: Method) -> &'static str {
    match score(outcome, method).and_then(|score| score.held) {
        Some(true) => "held",
        Some(false) => "missed",
        None => "",
    }
}
