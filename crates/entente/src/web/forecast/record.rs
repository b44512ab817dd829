//! The record of the methods, what was published, and the form that publishes.

use askama::Template;
use axum::response::Response;
use entente_register::access::{CommandKind, may_command};
use entente_register::brief::Method;
use entente_register::command::Command;
use entente_register::contract::delivery::Counting;
use entente_register::forecast::record::{MethodRecord, Outcome, score};
use entente_register::forecast::{DAYS_TO_PUBLISH, ForecastCommand, ForecastOf};
use entente_register::ledger::parse_date;
use entente_store::reader::{BriefOptions, ForecastRecord, Reader};
use serde::Deserialize;

use super::page::held_word;
use crate::error::{Answer, Failure};
use crate::parameters::ViewParameters;
use crate::session::SignedForm;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::sign_in::Fault;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// One method.
#[derive(Debug, Clone)]
pub(crate) struct RecordCells {
    pub(crate) method: String,
    pub(crate) rule: &'static str,
    /// `18 forecasts of 6 years`.
    pub(crate) scored: String,
    pub(crate) error: String,
    pub(crate) bias: String,
    pub(crate) coverage: String,
    pub(crate) intervals: String,
    pub(crate) compared: String,
    pub(crate) trusted: bool,
}

/// What a method said in one forecast: in millions, with its error once that is known.
#[derive(Debug, Clone)]
pub(crate) struct SaidCell {
    pub(crate) said: String,
    pub(crate) error: String,
    pub(crate) held: &'static str,
}

/// A published forecast.
#[derive(Debug, Clone)]
pub(crate) struct PublishedCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) as_of: String,
    /// Of which contracts, where they are others than those that are open to the reader.
    pub(crate) scope: String,
    pub(crate) said: Vec<SaidCell>,
    pub(crate) came: String,
    pub(crate) came_reason: String,
}

/// The form that publishes.
#[derive(Debug, Clone)]
pub(crate) struct PublishForm {
    pub(crate) action: String,
    pub(crate) csrf: String,
    pub(crate) as_of: String,
    pub(crate) counting: &'static str,
    pub(crate) counting_name: String,
    pub(crate) currency: &'static str,
    pub(crate) days: i32,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct RecordView {
    /// Counting rule and currency.
    pub(crate) of: String,
    /// The ways to the record by other conventions, of those by which something was published.
    pub(crate) others: Vec<(String, String)>,
    /// Which method to trust, in a sentence.
    pub(crate) trust: String,
    pub(crate) compared: String,
    pub(crate) methods: Vec<RecordCells>,
    /// Short names of the methods, for the heads of columns.
    pub(crate) names: Vec<&'static str>,
    pub(crate) unit: String,
    /// Of which contracts.
    pub(crate) scope: String,
    pub(crate) published: Vec<PublishedCells>,
    /// Those of other contracts than are open to the reader: they cannot be scored here.
    pub(crate) elsewhere: Vec<PublishedCells>,
}

#[derive(Template)]
#[template(path = "forecast/record.html")]
pub(crate) struct RecordPage {
    pub(crate) frame: Frame,
    pub(crate) view: RecordView,
    /// None for those who may not publish.
    pub(crate) form: Option<PublishForm>,
    pub(crate) fault: Option<Fault>,
}

/// `GET /forecasts`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    crate::web::page(&record_page(&visit, &visit.reader().await?, None).await?)
}

async fn record_page(visit: &Visit, reader: &Reader, fault: Option<(Fault, String)>) -> Answer<RecordPage> {
    let options = visit.view.options();
    let found = reader.forecast_record(&options).await?;
    let way = visit.way();
    let (fault, typed) = fault.unzip();
    let title = if fault.is_some() { "Error: published forecasts" } else { "Published forecasts" };
    let form = may_command(visit.actor(), CommandKind::ForecastPublish).is_ok().then(|| PublishForm {
        action: way.to("/forecasts"),
        csrf: visit.signed.form_token(),
        as_of: typed.unwrap_or_else(|| visit.app.store.today().to_string()),
        counting: options.counting.word(),
        counting_name: options.counting.name().to_owned(),
        currency: options.currency.code(),
        days: DAYS_TO_PUBLISH,
    });
    Ok(RecordPage {
        frame: visit.frame(Part::Brief, title, reader).marked(found.marking.as_ref()),
        view: view(&found, &options, &visit.view, &way),
        form,
        fault,
    })
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Publish {
    as_of: String,
    counting: String,
    currency: String,
}

/// `POST /forecasts`: publishes, and shows what was published.
pub(in crate::web) async fn publish(
    visit: Visit,
    SignedForm { signed, form }: SignedForm<Publish>,
) -> Answer<Response> {
    let done = async {
        let of = ForecastOf {
            as_of: parse_date("as_of", form.as_of.trim())?,
            counting: form.counting.parse()?,
            currency: form.currency.parse()?,
        };
        let command = Command::Forecast(ForecastCommand::Publish(of));
        Ok::<_, Failure>(visit.app.store.execute(signed.actor(), command).await?)
    };
    match done.await {
        Ok(receipt) => {
            // Whatever view the page was read in, what was published is of today.
            let today = ViewParameters {
                as_of: Some(visit.app.store.today()),
                known_at: None,
                plan: None,
                ..visit.view
            };
            Err(Failure::Elsewhere(Way::of(&today).to(&format!("/forecasts/{}", receipt.subject.key))))
        }
        Err(failure) => {
            let Some(fault) = Fault::of(&failure, "publish-as-of") else { return Err(failure) };
            let reader = visit.reader().await?;
            let page = record_page(&visit, &reader, Some((fault, form.as_of))).await?;
            crate::web::refused_page(&page, &failure)
        }
    }
}

/// Writes it for people.
pub(crate) fn view(
    found: &ForecastRecord,
    options: &BriefOptions,
    asked: &ViewParameters,
    way: &Way,
) -> RecordView {
    let record = &found.record;
    let trusted = record.trusted.value();
    let (own, elsewhere): (Vec<&Outcome>, Vec<&Outcome>) =
        found.outcomes.iter().partition(|outcome| outcome.forecast.said.scope == found.scope);
    let cells_of = |outcomes: Vec<&Outcome>| outcomes.into_iter().map(|one| published(one, way)).collect();
    let compared = format!(
        "{} of {}",
        show::counted(record.compared, "forecast", "forecasts"),
        show::counted(record.compared_years, "year", "years")
    );
    RecordView {
        of: format!("{} in {}", options.counting.name(), options.currency),
        others: others(found, options, asked),
        trust: match (&record.trusted, trusted) {
            (_, Some(methods)) => {
                let names: Vec<&str> = methods.iter().map(|method| method.name()).collect();
                format!("By its record, trust {}", names.join(" and "))
            }
            (known, None) => {
                format!("No method is trusted above the others yet: {}", known.reason().unwrap_or_default())
            }
        },
        compared,
        methods: record
            .methods
            .iter()
            .map(|one| cells(one, trusted.is_some_and(|methods| methods.contains(&one.method))))
            .collect(),
        names: Method::ALL.iter().map(|method| crate::web::brief::short_name(*method)).collect(),
        unit: format!("{} million", options.currency),
        scope: found.scope.clone(),
        published: cells_of(own),
        elsewhere: cells_of(elsewhere),
    }
}

fn others(found: &ForecastRecord, options: &BriefOptions, asked: &ViewParameters) -> Vec<(String, String)> {
    let of = |one: &BriefOptions| (one.counting, one.currency);
    found
        .options
        .iter()
        .filter(|one| of(one) != of(options))
        .map(|one| {
            let view = ViewParameters {
                counting: Some(one.counting).filter(|rule| *rule != Counting::TitlePassed),
                currency: Some(one.currency),
                ..*asked
            };
            (format!("{} in {}", one.counting.name(), one.currency), Way::of(&view).to("/forecasts"))
        })
        .collect()
}

fn cells(one: &MethodRecord, trusted: bool) -> RecordCells {
    let or_empty = |text: Option<String>| text.unwrap_or_default();
    RecordCells {
        method: show::capital(one.method.name()),
        rule: one.method.rule(),
        scored: match one.scored {
            0 => String::new(),
            scored => format!(
                "{} of {}",
                show::counted(scored, "forecast", "forecasts"),
                show::counted(one.years, "year", "years")
            ),
        },
        error: or_empty(one.error_pct.value().map(|pct| show::percent(*pct))),
        bias: or_empty(one.bias_pct.value().map(|pct| show::change(*pct))),
        coverage: or_empty(one.coverage_pct.value().map(|pct| show::percent(*pct))),
        intervals: match one.intervals {
            0 => String::new(),
            intervals => format!("{} of {}", show::count(one.held), show::count(intervals)),
        },
        compared: or_empty(one.compared_error_pct.value().map(|pct| show::percent(*pct))),
        trusted,
    }
}

fn published(outcome: &Outcome, way: &Way) -> PublishedCells {
    let forecast = &outcome.forecast;
    let said = &forecast.said;
    let currency = said.delivered.currency;
    PublishedCells {
        number: forecast.number.clone(),
        href: way.to(&format!("/forecasts/{}", forecast.number)),
        as_of: show::day(said.as_of),
        scope: said.scope.clone(),
        said: Method::ALL
            .iter()
            .map(|method| {
                let amount = said.methods.iter().find(|one| one.method == *method).and_then(|one| one.amount);
                SaidCell {
                    said: amount.map(|amount| show::millions(amount.minor, currency)).unwrap_or_default(),
                    error: score(outcome, *method)
                        .map(|score| show::change(score.error_pct))
                        .unwrap_or_default(),
                    held: held_word(outcome, *method),
                }
            })
            .collect(),
        came: outcome.came.value().map(|came| show::millions(*came, currency)).unwrap_or_default(),
        came_reason: outcome.came.reason().map(|_| "goes on".to_owned()).unwrap_or_default(),
    }
}
