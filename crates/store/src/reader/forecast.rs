//! Published forecasts, what came of them, and the record of their methods.

use std::collections::BTreeMap;

use entente_register::brief::Known;
use entente_register::forecast::record::{Outcome as ForecastOutcome, Record, record};
use entente_register::forecast::{ForecastOf, ForecastPublished, PublishedForecast};
use entente_register::label::Label;
use entente_register::ledger::{Refusal, SubjectKind};
use jiff::tz::TimeZone;

use super::sql::Parameters;
use super::{BriefOptions, HistoryRow, Listing, Page, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading forecasts";

/// Columns of a published forecast `f`.
const COLUMNS: &str = "f.number, f.published_on, f.label, f.content";

/// The record of the methods by one set of conventions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastRecord {
    /// Every published forecast by these conventions, the latest day first, with what came of it.
    pub outcomes: Vec<ForecastOutcome>,
    /// Of which contracts the reader knows what came, by the clearance.
    pub scope: String,
    /// How each method did, and which to trust.
    pub record: Record,
    /// The join of the markings of all that it was worked out from.
    pub marking: Option<Label>,
    /// Counting rules and currencies by which something was published, for the choice between them.
    pub options: Vec<BriefOptions>,
}

/// The page of a published forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastView {
    /// The forecast, with what came of it.
    pub outcome: ForecastOutcome,
    /// The join of its marking and of that of what came.
    pub marking: Option<Label>,
    /// Version of the subject at the horizon.
    pub version: u32,
    /// What has happened.
    pub history: Vec<HistoryRow>,
}

impl Reader {
    /// A page of published forecasts of all conventions, the latest day first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the brief.
    pub async fn forecasts(&self, page: Page) -> Outcome<Listing<PublishedForecast>> {
        self.check_whole_brief()?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let condition = self.open_forecasts();
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM forecast f WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT {COLUMNS} FROM forecast f WHERE {condition} ORDER BY f.as_of DESC, f.number LIMIT {limit} OFFSET {offset}"
        );
        let (rows, label) = self.published(&mut connection, &sql, &parameters).await?;
        drop(transaction);
        self.log("forecasts", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// What was published by one counting rule in one currency, what came of it, and the record of the methods.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the brief.
    pub async fn forecast_record(&self, options: &BriefOptions) -> Outcome<ForecastRecord> {
        self.check_whole_brief()?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let by = parameters.add(options.counting.word());
        let of = parameters.add(options.currency.code());
        let condition = self.open_forecasts();
        let sql = format!(
            "SELECT {COLUMNS} FROM forecast f WHERE f.counting = {by} AND f.currency = {of} AND {condition} ORDER BY f.as_of DESC, f.number"
        );
        let (forecasts, label) = self.published(&mut connection, &sql, &parameters).await?;
        let (outcomes, marking) = self.outcomes(&mut connection, forecasts, options, label).await?;
        let options = self.published_options(&mut connection).await?;
        drop(transaction);
        self.log("forecast_record", marking.as_ref()).await?;
        let scope = self.actor.clearance.scope();
        Ok(ForecastRecord { record: record(&outcomes), outcomes, scope, marking, options })
    }

    /// A published forecast with what came of it.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor; `access.read` if the actor may not read the brief.
    pub async fn forecast(&self, number: &str) -> Outcome<ForecastView> {
        self.check_whole_brief()?;
        let absent = || Refusal::not_found("forecast", number);
        if !is_possible(number) {
            return Err(absent().into());
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let own = parameters.add(number.to_owned());
        let condition = self.open_forecasts();
        let sql = format!("SELECT {COLUMNS} FROM forecast f WHERE f.number = {own} AND {condition}");
        let (found, label) = self.published(&mut connection, &sql, &parameters).await?;
        let forecast = found.into_iter().next().ok_or_else(absent)?;
        let said = &forecast.said;
        let options = BriefOptions { counting: said.counting, plan: None, currency: said.delivered.currency };
        let (outcomes, marking) = self.outcomes(&mut connection, vec![forecast], &options, label).await?;
        let outcome = outcomes.into_iter().next().ok_or_else(absent)?;
        let subject = SubjectKind::Forecast.subject(number);
        let events = self.events_of(&mut connection, &subject).await?;
        let version = self.version_of(&mut connection, &subject).await?;
        drop(transaction);
        self.log(subject.to_string(), marking.as_ref()).await?;
        Ok(ForecastView { outcome, marking, version, history: self.history(&events) })
    }

    /// The number of a forecast of the same day and conventions, of those open to the actor.
    pub(crate) async fn same_forecast(
        &self,
        connection: &mut Connection<'_>,
        of: &ForecastOf,
        scope: &str,
    ) -> Outcome<Option<String>> {
        let mut parameters = Parameters::new(self.horizon.sequence, of.as_of.to_string());
        let by = parameters.add(of.counting.word());
        let currency = parameters.add(of.currency.code());
        let scope = parameters.add(scope.to_owned());
        let sql = format!(
            "SELECT f.number FROM forecast f WHERE f.known_from <= $1 AND f.as_of = $2 AND f.counting = {by} AND f.currency = {currency} AND f.scope = {scope} {} ORDER BY f.number LIMIT 1",
            self.labels.filter("f.label")
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| row.text(0)).transpose()?)
    }

    /// The condition on published forecasts `f` that are open to the actor and were published by the reader's day.
    fn open_forecasts(&self) -> String {
        format!("f.known_from <= $1 AND f.published_on <= $2 {}", self.labels.filter("f.label"))
    }

    /// The forecasts of a query, and the join of their labels.
    async fn published(
        &self,
        connection: &mut Connection<'_>,
        sql: &str,
        parameters: &Parameters<'_>,
    ) -> Result<(Vec<PublishedForecast>, Option<Label>), Fault> {
        let rows = connection.fetch(DOING, sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(2)).collect::<Result<Vec<_>, _>>()?)?;
        let forecasts = rows.iter().map(|row| self.published_forecast(row)).collect::<Result<_, _>>()?;
        Ok((forecasts, label))
    }

    fn published_forecast(&self, row: &Row) -> Result<PublishedForecast, Fault> {
        let said: ForecastPublished = row.json(DOING, 3)?;
        Ok(PublishedForecast {
            number: row.text(0)?,
            published_on: row.date(1)?,
            label: self.labels.get(row.int(2)?)?.clone(),
            said,
        })
    }

    /// What came of forecasts of one set of conventions. The marking is joined with that of the contracts that
    /// what came is summed over, once a year is over.
    async fn outcomes(
        &self,
        connection: &mut Connection<'_>,
        forecasts: Vec<PublishedForecast>,
        options: &BriefOptions,
        label: Option<Label>,
    ) -> Result<(Vec<ForecastOutcome>, Option<Label>), Fault> {
        // A year is over once a day after it has come, and the register has recorded something since.
        let known = TimeZone::UTC.to_datetime(self.known_at).date().year();
        let this_year = self.as_of.year().min(known);
        let scope = self.actor.clearance.scope();
        let mut marking = label;
        let mut came: BTreeMap<i16, i64> = BTreeMap::new();
        if forecasts.iter().any(|forecast| forecast.year() < this_year) {
            let (by_year, of_contracts) = self.delivered_by_year(connection, options).await?;
            came = by_year;
            if let Some(of_contracts) = of_contracts {
                marking = super::access::join(marking, &of_contracts);
            }
        }
        let outcomes = forecasts
            .into_iter()
            .map(|forecast| {
                let year = forecast.year();
                let came = if year >= this_year {
                    Known::Unknown(format!("the year {year} goes on"))
                } else if forecast.said.scope != scope {
                    Known::Unknown(format!(
                        "it was published of {}, and what came is known here of {scope}",
                        forecast.said.scope
                    ))
                } else {
                    Known::Value(came.get(&year).copied().unwrap_or(0))
                };
                ForecastOutcome { forecast, came }
            })
            .collect();
        Ok((outcomes, marking))
    }

    /// Counting rules and currencies by which something was published.
    async fn published_options(&self, connection: &mut Connection<'_>) -> Result<Vec<BriefOptions>, Fault> {
        let parameters = self.parameters();
        let sql = format!(
            "SELECT DISTINCT f.counting, f.currency FROM forecast f WHERE {} ORDER BY f.counting, f.currency",
            self.open_forecasts()
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter()
            .map(|row| {
                let damaged = |e: Refusal| Fault::damaged(DOING, e.message);
                Ok(BriefOptions {
                    counting: row.text_ref(0)?.parse().map_err(damaged)?,
                    plan: None,
                    currency: super::contract::currency(row, 1)?,
                })
            })
            .collect()
    }
}
