//! The forecasts as a table, and which of them the chart's fan shows.

use entente_register::brief::{Brief, FigureName, Forecast, Known, Method};

use crate::web::show;
use crate::web::way::Way;

/// A value of the table, or the number of the note that says why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) text: String,
    pub(crate) note: Option<usize>,
}

/// One method.
#[derive(Debug, Clone)]
pub(crate) struct ForecastRow {
    pub(crate) method: String,
    pub(crate) rule: &'static str,
    pub(crate) href: String,
    pub(crate) mid: Noted,
    pub(crate) low: Noted,
    pub(crate) high: Noted,
    pub(crate) change: Noted,
    pub(crate) error: Noted,
    /// What it would have said in earlier years, and what came.
    pub(crate) tests: Vec<TestView>,
    /// What its interval rests on.
    pub(crate) interval_note: Option<String>,
    /// Whether the chart's fan is its interval.
    pub(crate) chosen: bool,
}

/// What a method would have said in an earlier year, and what came, in millions; each opens.
#[derive(Debug, Clone)]
pub(crate) struct TestView {
    pub(crate) year: i16,
    pub(crate) said: String,
    pub(crate) said_href: String,
    pub(crate) came: String,
    pub(crate) came_href: String,
}

/// All methods, and why some values are not known.
#[derive(Debug, Clone)]
pub(crate) struct ForecastTable {
    pub(crate) rows: Vec<ForecastRow>,
    pub(crate) notes: Vec<String>,
}

/// Of the forecasts that have an interval, the one whose back-test erred least.
pub(crate) fn chosen(brief: &Brief) -> Option<&Forecast> {
    brief
        .forecasts
        .iter()
        .filter(|forecast| forecast.mid.value().is_some() && forecast.interval.value().is_some())
        .filter_map(|forecast| Some((*forecast.backtest_error_pct.value()?, forecast)))
        .min_by_key(|(error, forecast)| (*error, forecast.method))
        .map(|(_, forecast)| forecast)
}

/// The short name of a method, for a chart.
pub(crate) fn short_name(method: Method) -> &'static str {
    match method {
        Method::RunRate => "Run-rate",
        Method::Seasonal => "Seasonal",
        Method::Plan => "Plan",
        Method::BottomUp => "Bottom-up",
    }
}

/// Writes them.
pub(crate) fn forecasts(brief: &Brief, way: &Way) -> ForecastTable {
    let currency = brief.conventions.currency;
    let chosen = chosen(brief).map(|forecast| forecast.method);
    let mut notes = Vec::new();
    let mut rows = Vec::new();
    let amount = |minor: i64| show::exact(minor, currency);
    for forecast in &brief.forecasts {
        rows.push(ForecastRow {
            method: show::capital(forecast.method.name()),
            rule: forecast.method.rule(),
            href: way.to(&format!("/figures/{}", FigureName::Forecast(forecast.method))),
            mid: noted(&mut notes, &forecast.mid, |minor| amount(*minor)),
            low: noted(&mut notes, &forecast.interval, |(low, _)| amount(*low)),
            high: noted(&mut notes, &forecast.interval, |(_, high)| amount(*high)),
            change: noted(&mut notes, &forecast.change_on_previous_year_pct, |pct| show::change(*pct)),
            error: noted(&mut notes, &forecast.backtest_error_pct, |pct| show::percent(*pct)),
            tests: forecast
                .backtests
                .iter()
                .map(|test| TestView {
                    year: test.year,
                    said: show::millions(test.forecast, currency),
                    said_href: way
                        .to(&format!("/figures/{}", FigureName::BackTest(forecast.method, test.year))),
                    came: show::millions(test.actual, currency),
                    came_href: way.to(&format!("/figures/{}", FigureName::YearDelivered(test.year))),
                })
                .collect(),
            interval_note: forecast.interval_note.clone(),
            chosen: chosen == Some(forecast.method),
        });
    }
    ForecastTable { rows, notes }
}

/// The same reason has the same note.
fn noted<T>(notes: &mut Vec<String>, value: &Known<T>, write: impl FnOnce(&T) -> String) -> Noted {
    match value {
        Known::Value(value) => Noted { text: write(value), note: None },
        Known::Unknown(reason) => {
            let place = notes.iter().position(|note| note == reason).unwrap_or_else(|| {
                notes.push(reason.clone());
                notes.len() - 1
            });
            Noted { text: String::new(), note: Some(place + 1) }
        }
    }
}
