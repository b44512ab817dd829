//! Published forecasts: publishing one, reading them, and the record of the methods.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::brief::{Known, Method};
use entente_register::command::Command;
use entente_register::forecast::record::{Outcome, Score, score};
use entente_register::forecast::{ForecastCommand, ForecastOf, PublishedForecast};
use entente_register::ledger::{SubjectKind, parse_date};
use entente_register::money::{Decimal, Money};
use entente_store::reader::{BriefOptions, ForecastRecord, ForecastView, Listing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::at;
use super::change::{Change, NewHeaders, ReceiptObject};
use super::json::{Asked, Json, List, Rows, View};
use super::object::HistoryObject;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// A forecast to publish. What the methods say is worked out of the register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PublishForecast {
    /// The day of which it speaks: of this year, and of the last 31 days.
    #[schema(format = Date)]
    as_of: String,
    /// `title_passed` or `handed_over`; `title_passed` if absent.
    #[serde(default)]
    counting: Option<String>,
    /// ISO 4217 code; `USD` if absent.
    #[serde(default)]
    currency: Option<String>,
}

/// Publishes what every method says of the year. Nothing changes it afterwards.
#[utoipa::path(post, path = "/forecasts", tag = "forecasts", params(NewHeaders), request_body = PublishForecast, responses((status = 201, description = "Published", body = ReceiptObject)))]
pub(crate) async fn publish_forecast(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<PublishForecast>,
) -> Answer {
    let default = BriefOptions::default();
    let of = ForecastOf {
        as_of: parse_date("as_of", &body.as_of)?,
        counting: at("counting", body.counting.map(|word| word.parse()).transpose())?
            .unwrap_or(default.counting),
        currency: at("currency", body.currency.map(|code| code.parse()).transpose())?
            .unwrap_or(default.currency),
    };
    change.carry_out(&app, Command::Forecast(ForecastCommand::Publish(of))).await
}

/// What one method said.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SaidObject {
    /// `run_rate`, `seasonal`, `plan` or `bottom_up`.
    method: &'static str,
    /// What it expects of the whole year, a decimal string; null where it could say nothing.
    amount: Option<String>,
    /// The low bound of its 80 % interval.
    low: Option<String>,
    /// The high bound of it.
    high: Option<String>,
    /// Why there is no amount, or no interval.
    reason: Option<String>,
    /// (said − came) ÷ came in per cent, once the year is over.
    error_pct: Option<String>,
    /// Whether the interval held what came.
    held: Option<bool>,
}

/// A published forecast.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastObject {
    number: String,
    /// The year that it forecasts.
    year: i16,
    #[schema(format = Date)]
    published_on: String,
    /// The day of which it speaks.
    #[schema(format = Date)]
    as_of: String,
    /// The last instant of which the register knew something.
    #[schema(format = DateTime)]
    known_at: String,
    counting: &'static str,
    currency: &'static str,
    /// Of which contracts, by the publisher's clearance.
    scope: String,
    /// The plan version that was used, `2012:4`.
    plan: Option<String>,
    /// Delivered in the year by the day.
    delivered: String,
    methods: Vec<SaidObject>,
    /// Delivered in the whole year, once it is over.
    came: Option<String>,
    /// Why it is not known what came.
    came_reason: Option<String>,
    /// Marking.
    label: String,
}

impl ForecastObject {
    fn of(outcome: &Outcome) -> ForecastObject {
        let scored = |method| score(outcome, method);
        let came = outcome
            .came
            .value()
            .map(|came| Money::new(*came, outcome.forecast.said.delivered.currency).decimal());
        let came_reason = outcome.came.reason().map(str::to_owned);
        ForecastObject { came, came_reason, ..ForecastObject::published(&outcome.forecast, scored) }
    }

    fn published(forecast: &PublishedForecast, scored: impl Fn(Method) -> Option<Score>) -> ForecastObject {
        let said = &forecast.said;
        let methods = said.methods.iter().map(|one| {
            let score = scored(one.method);
            SaidObject {
                method: one.method.word(),
                amount: one.amount.map(Money::decimal),
                low: one.low.map(Money::decimal),
                high: one.high.map(Money::decimal),
                reason: one.reason.clone(),
                error_pct: score.map(|score| score.error_pct.to_string()),
                held: score.and_then(|score| score.held),
            }
        });
        ForecastObject {
            number: forecast.number.clone(),
            year: forecast.year(),
            published_on: forecast.published_on.to_string(),
            as_of: said.as_of.to_string(),
            known_at: said.known_at.to_string(),
            counting: said.counting.word(),
            currency: said.delivered.currency.code(),
            scope: said.scope.clone(),
            plan: said.plan.map(|plan| plan.to_string()),
            delivered: said.delivered.decimal(),
            methods: methods.collect(),
            came: None,
            came_reason: None,
            label: forecast.label.to_string(),
        }
    }
}

/// Published forecasts, the latest day first; what came of each stands on its own page and in the record.
#[utoipa::path(get, path = "/forecasts", tag = "forecasts", params(View, Rows), responses((status = 200, description = "A page of published forecasts", body = List<ForecastObject>)))]
pub(crate) async fn list_forecasts(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&[])?;
    let found = caller.reader(&app, &asked.view).await?.forecasts(asked.page).await?;
    let rows = found.rows.iter().map(|forecast| ForecastObject::published(forecast, |_| None)).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A published forecast on its own.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ForecastPageObject {
    #[serde(flatten)]
    forecast: ForecastObject,
    /// The join of its marking and of that of what came.
    marking: Option<String>,
    history: Vec<HistoryObject>,
}

/// A published forecast, and what came of it.
#[utoipa::path(get, path = "/forecasts/{number}", tag = "forecasts", params(("number" = String, Path, description = "Number of the forecast", example = "O-F2012-0001"), View), responses((status = 200, description = "The forecast", body = ForecastPageObject)))]
pub(crate) async fn read_forecast(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let ForecastView { outcome, marking, history, .. } =
        caller.reader(&app, &asked.view).await?.forecast(&number).await?;
    asked.answer(&ForecastPageObject {
        forecast: ForecastObject::of(&outcome),
        marking: marking.map(|label| label.to_string()),
        history: HistoryObject::all(history, &SubjectKind::Forecast.subject(number).to_string()),
    })
}

/// A percentage, or why there is none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PercentObject {
    /// A decimal string.
    value: Option<String>,
    reason: Option<String>,
}

impl PercentObject {
    fn of(known: &Known<Decimal>) -> PercentObject {
        PercentObject {
            value: known.value().map(ToString::to_string),
            reason: known.reason().map(str::to_owned),
        }
    }
}

/// The record of one method.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MethodRecordObject {
    method: &'static str,
    /// The rule in words.
    rule: &'static str,
    /// Published forecasts in which it said something and whose year is over.
    scored: i64,
    /// Of how many years.
    years: i64,
    /// Mean absolute percentage error.
    error_pct: PercentObject,
    /// Mean percentage error: above zero where it says too much.
    bias_pct: PercentObject,
    /// Of the scored, those with an interval.
    intervals: i64,
    /// Of these, those whose interval held what came.
    held: i64,
    /// Held ÷ intervals; 80 % is what was promised.
    coverage_pct: PercentObject,
    /// The error in the forecasts by which methods are compared.
    compared_error_pct: PercentObject,
}

/// The record of all methods by one counting rule in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordObject {
    counting: &'static str,
    currency: &'static str,
    methods: Vec<MethodRecordObject>,
    /// Forecasts by which methods are compared: those in which every scored method said something.
    compared: i64,
    /// Of how many years these are.
    compared_years: i64,
    /// The methods with the least error in them; none while they cannot be compared.
    trusted: Vec<&'static str>,
    /// Why none is trusted above the others.
    trusted_reason: Option<String>,
    /// Every published forecast by these conventions, the latest day first.
    forecasts: Vec<ForecastObject>,
    /// Marking of all of it.
    marking: Option<String>,
}

impl RecordObject {
    fn of(found: &ForecastRecord, options: &BriefOptions) -> RecordObject {
        let record = &found.record;
        RecordObject {
            counting: options.counting.word(),
            currency: options.currency.code(),
            methods: record
                .methods
                .iter()
                .map(|one| MethodRecordObject {
                    method: one.method.word(),
                    rule: one.method.rule(),
                    scored: one.scored,
                    years: one.years,
                    error_pct: PercentObject::of(&one.error_pct),
                    bias_pct: PercentObject::of(&one.bias_pct),
                    intervals: one.intervals,
                    held: one.held,
                    coverage_pct: PercentObject::of(&one.coverage_pct),
                    compared_error_pct: PercentObject::of(&one.compared_error_pct),
                })
                .collect(),
            compared: record.compared,
            compared_years: record.compared_years,
            trusted: record.trusted.value().into_iter().flatten().map(|method| method.word()).collect(),
            trusted_reason: record.trusted.reason().map(str::to_owned),
            forecasts: found.outcomes.iter().map(ForecastObject::of).collect(),
            marking: found.marking.as_ref().map(ToString::to_string),
        }
    }
}

/// How each method did: error, bias, coverage of its interval, and which one to trust.
#[utoipa::path(get, path = "/forecast-record", tag = "forecasts", params(View), responses((status = 200, description = "The record of the methods", body = RecordObject)))]
pub(crate) async fn read_forecast_record(
    State(app): State<Arc<App>>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let options = asked.view.options();
    let found = caller.reader(&app, &asked.view).await?.forecast_record(&options).await?;
    asked.answer(&RecordObject::of(&found, &options))
}
