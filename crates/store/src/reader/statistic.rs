//! Editions of statistics, and their figures.
//!
//! Which edition is read is a matter of what was known at the horizon, and of nothing else: its figures say themselves of
//! which year they are, so that a question about a year before the register is answered as well.

use entente_register::access::Reading;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::market::file::{Figure, Whose};
use entente_register::market::{EditionInForce, Period, Series};
use jiff::civil::Date;

use super::Reader;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};

const DOING: &str = "reading a statistic";

/// An edition of a statistic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticRow {
    /// As it was imported.
    pub edition: EditionInForce,
    /// Its place in the ledger.
    pub sequence: i64,
    /// Whether it is the one in force at the horizon.
    pub in_force: bool,
}

impl Reader {
    /// Every edition that was known at the horizon: by series, the latest first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners, to whom statistics belong.
    pub async fn statistics(&self) -> Outcome<Vec<StatisticRow>> {
        self.check(Reading::Partners)?;
        let mut transaction = self.store.database.read().await?;
        Ok(self.select_statistics(&mut transaction.connection(), None).await?)
    }

    async fn select_statistics(
        &self,
        connection: &mut Connection<'_>,
        series: Option<Series>,
    ) -> Result<Vec<StatisticRow>, Fault> {
        let mut parameters = self.parameters();
        let mut condition = format!("e.known_from <= $1 {}", self.labels.filter("e.label"));
        if let Some(series) = series {
            condition.push_str(&format!(" AND e.series = {}", parameters.add(series.word())));
        }
        let sql = format!(
            "SELECT e.whole, e.known_from FROM statistic_edition e WHERE {condition} ORDER BY e.series, e.known_from DESC"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let mut last: Option<Series> = None;
        rows.iter()
            .map(|row| {
                let edition: EditionInForce = row.json(DOING, 0)?;
                let in_force = last.replace(edition.series) != Some(edition.series);
                Ok(StatisticRow { edition, sequence: row.int(1)?, in_force })
            })
            .collect()
    }

    /// The edition in force of a statistic, or the one whose hash begins so; none where none was known at the horizon.
    pub(super) async fn find_statistic(
        &self,
        connection: &mut Connection<'_>,
        series: Series,
        hash: Option<&str>,
    ) -> Outcome<Option<StatisticRow>> {
        self.check(Reading::Partners)?;
        let editions = self.select_statistics(connection, Some(series)).await?;
        let Some(hash) = hash else { return Ok(editions.into_iter().next()) };
        let mut found: Vec<StatisticRow> = editions
            .into_iter()
            .filter(|row| hash.len() >= 6 && row.edition.content().starts_with(hash))
            .collect();
        // The same bytes may have come into force more than once.
        let first = found.first().map(|row| row.edition.content().to_owned());
        if found.iter().any(|row| Some(row.edition.content()) != first.as_deref()) || found.is_empty() {
            let missing = "six or more letters that begin the hash of one edition of this statistic";
            let named = format!("{}@{hash}", series.word());
            return Err(Refusal::not_found("edition", &named).field("edition").missing(missing).into());
        }
        Ok(Some(found.remove(0)))
    }

    /// Why there is no edition, in words.
    pub(super) fn no_edition(&self, series: Series) -> String {
        let verb = if series.indicator_code().is_some() { "indicators" } else { "market" };
        format!(
            "The register knew no edition of {} at {}: `entente import {verb} FILE` brings one in.",
            series.word(),
            self.known_at
        )
    }

    /// The figures of an edition in a period: of all, or of those with one of these codes and of the world.
    pub(super) async fn figures(
        &self,
        connection: &mut Connection<'_>,
        row: &StatisticRow,
        period: Period,
        codes: Option<&[&str]>,
    ) -> Result<Vec<Figure>, Fault> {
        let mut parameters = self.parameters();
        let mut condition = format!(
            "f.series = {} AND f.edition = {} AND f.year >= {} AND f.year <= {}",
            parameters.add(row.edition.series.word()),
            parameters.add(row.sequence),
            parameters.add(i64::from(period.from)),
            parameters.add(i64::from(period.to)),
        );
        if let Some(codes) = codes {
            let list = parameters.list(codes.iter().map(|code| (*code).to_owned()));
            condition
                .push_str(&format!(" AND (f.whose = 'world' OR (f.whose = 'country' AND f.code IN {list}))"));
        }
        let sql = format!(
            "SELECT f.year, f.whose, f.code, f.name, f.value FROM statistic_figure f WHERE {condition} ORDER BY f.year, f.position"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        rows.iter().map(figure).collect()
    }

    /// The years of which an edition has a figure of the whole world, in order.
    pub(super) async fn world_years(
        &self,
        connection: &mut Connection<'_>,
        row: &StatisticRow,
    ) -> Result<Vec<i16>, Fault> {
        let sql = "SELECT DISTINCT year FROM statistic_figure WHERE series = $1 AND edition = $2 AND whose = 'world' ORDER BY year";
        let values = [row.edition.series.word().into(), row.sequence.into()];
        let rows = connection.fetch(DOING, sql, &values).await?;
        rows.iter().map(|row| year(row, 0)).collect()
    }
}

/// The last of these years that is over on a day; the last of all where a day lies before them.
pub(super) fn last_over(years: &[i16], on: Date) -> Option<i16> {
    years.iter().rev().find(|year| **year < on.year()).or(years.last()).copied()
}

/// Refuses a year that no statistic can be of.
pub(super) fn check_year(field: &str, year: i16) -> Fallible<i16> {
    if (1900..=2100).contains(&year) {
        return Ok(year);
    }
    Err(Refusal::new("year.out_of_range", format!("{year} is no year of a statistic."))
        .field(field)
        .missing("a year from 1900 to 2100"))
}

fn year(row: &Row, column: usize) -> Result<i16, Fault> {
    i16::try_from(row.int(column)?).map_err(|e| Fault::damaged(DOING, e))
}

fn figure(row: &Row) -> Result<Figure, Fault> {
    let damaged = |what: &str| Fault::damaged(DOING, format!("{what} cannot be read"));
    Ok(Figure {
        year: year(row, 0)?,
        whose: Whose::of(row.text_ref(1)?).ok_or_else(|| damaged("of whom a figure is"))?,
        code: row.text(2)?,
        name: row.text(3)?,
        value: row.text_ref(4)?.parse().map_err(|_| damaged("a figure"))?,
    })
}
