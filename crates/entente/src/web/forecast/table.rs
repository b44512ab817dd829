//! Published forecasts and the record of the methods for spreadsheets.

use axum::extract::Path;
use entente_register::brief::Known;
use entente_register::forecast::record::{MethodRecord, Outcome, score};

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, amount, known, minor, optional, text, yes};
use crate::web::visit::Visit;

/// Columns of what methods said.
const SAID: &[&str] = &[
    "number",
    "year",
    "as_of",
    "published_on",
    "counting",
    "scope",
    "plan",
    "delivered",
    "method",
    "said",
    "low",
    "high",
    "reason",
    "came",
    "currency",
    "error_pct",
    "interval_held",
];

/// `GET /forecasts.csv` and `.xlsx`: what was published by the conventions of the view, of the contracts that are open
/// to the reader, a row for each method.
pub(in crate::web) async fn published(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.forecast_record(&visit.view.options()).await?;
    let own = found.outcomes.iter().filter(|outcome| outcome.forecast.said.scope == found.scope);
    let rows = own.flat_map(said).collect();
    Table { name: "forecasts", columns: SAID, rows }.answer(kind, reader.as_of()).await
}

/// `GET /forecasts/{number}/methods.csv` and `.xlsx`: what each method said in one forecast.
pub(in crate::web) async fn of_one(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.forecast(&number).await?;
    Table { name: "forecast", columns: SAID, rows: said(&found.outcome) }.answer(kind, reader.as_of()).await
}

fn said(outcome: &Outcome) -> Vec<Vec<Out>> {
    let forecast = &outcome.forecast;
    let said = &forecast.said;
    let currency = said.delivered.currency;
    let rows = said.methods.iter().map(|one| {
        let score = score(outcome, one.method);
        vec![
            text(&forecast.number),
            Out::Whole(i64::from(forecast.year())),
            Out::Date(said.as_of),
            Out::Date(forecast.published_on),
            text(said.counting.word()),
            text(&said.scope),
            optional(said.plan.map(|plan| plan.to_string())),
            amount(said.delivered),
            text(one.method.word()),
            one.amount.map_or(Out::Empty, amount),
            one.low.map_or(Out::Empty, amount),
            one.high.map_or(Out::Empty, amount),
            optional(one.reason.as_deref()),
            outcome.came.value().map_or(Out::Empty, |came| minor(*came, currency)),
            text(currency.code()),
            score.as_ref().map_or(Out::Empty, |score| known(&Known::Value(score.error_pct))),
            score.and_then(|score| score.held).map_or(Out::Empty, yes),
        ]
    });
    rows.collect()
}

/// `GET /forecasts/methods.csv` and `.xlsx`: how each method did, by the conventions of the view.
pub(in crate::web) async fn methods(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let options = visit.view.options();
    let found = reader.forecast_record(&options).await?;
    let trusted = found.record.trusted.value();
    let rows = found.record.methods.iter().map(|one: &MethodRecord| {
        vec![
            text(one.method.word()),
            text(options.counting.word()),
            text(options.currency.code()),
            Out::Whole(one.scored),
            Out::Whole(one.years),
            known(&one.error_pct),
            known(&one.bias_pct),
            Out::Whole(one.intervals),
            Out::Whole(one.held),
            known(&one.coverage_pct),
            known(&one.compared_error_pct),
            yes(trusted.is_some_and(|methods| methods.contains(&one.method))),
        ]
    });
    let columns = &[
        "method",
        "counting",
        "currency",
        "scored_forecasts",
        "scored_years",
        "error_pct",
        "bias_pct",
        "intervals",
        "intervals_held",
        "held_pct",
        "compared_error_pct",
        "least_error",
    ];
    Table { name: "forecast-methods", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}
