//! The market: the rank of exporters, how it moved, and deals one by one.

use entente_register::ledger::Refusal;
use entente_register::market::file::Deal;
use entente_register::market::{
    Course, EditionInForce, Measure, Period, Ranking, Series, Unknown, courses, rank,
};

use super::statistic::{check_year, last_over};
use super::{Listing, Page, Reader};
use crate::error::{Fault, Outcome};

const DOING: &str = "reading the market";

/// Years of a period where none is asked for.
const USUAL: i16 = 5;

/// Exporters whose course is shown where none is named.
const SHOWN: usize = 5;

/// The most exporters whose course is asked for at once.
const MOST_SHOWN: usize = 20;

/// The widest window of a course, in years.
const WIDEST: i16 = 20;

/// Of which years, by which measure and in which edition exporters are ranked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RankQuestion {
    /// The first year; four before the last if absent.
    pub from: Option<i16>,
    /// The last year; if absent the last one that is held and over on the reader’s day.
    pub to: Option<i16>,
    /// What is compared.
    pub measure: Measure,
    /// An edition by the beginning of its hash; the one in force if absent.
    pub edition: Option<String>,
}

/// Exporters by rank, or why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RankView {
    /// The edition; none where none was known at the horizon.
    pub edition: Option<EditionInForce>,
    /// The years, where they are named or an edition says them.
    pub period: Option<Period>,
    /// What is compared.
    pub measure: Measure,
    /// The ranks; none where they cannot be known.
    pub ranking: Option<Ranking>,
    /// Why they cannot be known.
    pub unknown: Option<String>,
}

/// Of whom and of which years a course is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CourseQuestion {
    /// Exporters by name; if none the first five of the last window.
    pub exporters: Vec<String>,
    /// The first year; if absent ten before the last.
    pub from: Option<i16>,
    /// The last year; if absent the last one that is held and over on the reader’s day.
    pub to: Option<i16>,
    /// Years of the window that ends with each year; five if absent.
    pub window: Option<i16>,
    /// An edition by the beginning of its hash; the one in force if absent.
    pub edition: Option<String>,
}

/// How exporters stood over time, or why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseView {
    /// The edition; none where none was known at the horizon.
    pub edition: Option<EditionInForce>,
    /// The years.
    pub period: Option<Period>,
    /// Years of the window.
    pub window: i16,
    /// One for each exporter.
    pub courses: Vec<Course>,
    /// Why nothing can be said.
    pub unknown: Option<String>,
}

/// Which deals are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DealFilter {
    /// Who supplied, as the publisher names it.
    pub supplier: Option<String>,
    /// Who received.
    pub recipient: Option<String>,
    /// Only deals of which something is said in this year or later.
    pub from: Option<i16>,
    /// Only deals of which something is said in this year or before.
    pub to: Option<i16>,
}

/// Deals of the edition in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealsView {
    /// The edition; none where none was known at the horizon.
    pub edition: Option<EditionInForce>,
    /// The deals, in the order of the file.
    pub deals: Listing<Deal>,
}

impl Reader {
    /// Ranks exporters.
    ///
    /// # Errors
    /// `access.read`; `period.*` and `year.out_of_range` for what is no period; `not_found` for an edition that is none.
    pub async fn market_rank(&self, question: &RankQuestion) -> Outcome<RankView> {
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let asked = asked_period(question.from, question.to)?;
        let found =
            self.find_statistic(&mut connection, Series::TivExports, question.edition.as_deref()).await?;
        let measure = question.measure;
        let unknown = |edition, period, why| {
            Ok(RankView { edition, period, measure, ranking: None, unknown: Some(why) })
        };
        let Some(row) = found else {
            return unknown(None, asked, self.no_edition(Series::TivExports));
        };
        let period = match asked {
            Some(period) => period,
            None => {
                let years = self.world_years(&mut connection, &row).await?;
                let to = question.to.or_else(|| last_over(&years, self.as_of));
                let Some(to) = to else {
                    return unknown(
                        Some(row.edition),
                        None,
                        "The edition holds no figure of the world.".to_owned(),
                    );
                };
                let first = years.first().copied().unwrap_or(to).min(to);
                Period::of(question.from.unwrap_or((to - USUAL + 1).max(first)), to)?
            }
        };
        let figures = self.figures(&mut connection, &row, period, None).await?;
        match rank(&figures, period, measure) {
            Ok(ranking) => Ok(RankView {
                edition: Some(row.edition),
                period: Some(period),
                measure,
                ranking: Some(ranking),
                unknown: None,
            }),
            Err(Unknown(why)) => unknown(Some(row.edition), Some(period), why),
        }
    }

    /// How exporters stood over time.
    ///
    /// # Errors
    /// As [`Reader::market_rank`]; `market.window` and `market.exporters` for what is asked beyond measure.
    pub async fn market_courses(&self, question: &CourseQuestion) -> Outcome<CourseView> {
        let window = question.window.unwrap_or(USUAL);
        if !(1..=WIDEST).contains(&window) {
            return Err(Refusal::new("market.window", format!("A window cannot have {window} years."))
                .field("window")
                .missing(format!("from 1 to {WIDEST} years"))
                .into());
        }
        if question.exporters.len() > MOST_SHOWN {
            return Err(Refusal::new(
                "market.exporters",
                "These are too many exporters to be shown at once.",
            )
            .field("exporter")
            .missing(format!("at most {MOST_SHOWN}"))
            .into());
        }
        let asked = asked_period(question.from, question.to)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let found =
            self.find_statistic(&mut connection, Series::TivExports, question.edition.as_deref()).await?;
        let Some(row) = found else {
            let unknown = Some(self.no_edition(Series::TivExports));
            return Ok(CourseView { edition: None, period: asked, window, courses: Vec::new(), unknown });
        };
        let years = self.world_years(&mut connection, &row).await?;
        let period = match asked {
            Some(period) => period,
            None => {
                let to = question.to.or_else(|| last_over(&years, self.as_of)).unwrap_or(self.as_of.year());
                let first = years.first().map_or(to, |first| first + window - 1).min(to);
                Period::of(question.from.unwrap_or((to - 2 * USUAL).max(first)), to)?
            }
        };
        let whole = Period::of(period.from - window + 1, period.to)?;
        let figures = self.figures(&mut connection, &row, whole, None).await?;
        let mut exporters = question.exporters.clone();
        if exporters.is_empty() {
            let last = Period::of(period.to - window + 1, period.to)?;
            let ranking = rank(&figures, last, Measure::Total);
            let rows = ranking.map(|ranking| ranking.rows).unwrap_or_default();
            exporters = rows.into_iter().take(SHOWN).map(|row| row.exporter).collect();
        }
        let courses = courses(&figures, &exporters, period, window);
        let says_nothing = courses.iter().all(|one| one.points.iter().all(|(_, point)| point.is_none()));
        let unknown = says_nothing.then(|| {
            format!(
                "The edition ranks none of these exporters in a window that ends from {} to {}.",
                period.from, period.to
            )
        });
        Ok(CourseView { edition: Some(row.edition), period: Some(period), window, courses, unknown })
    }

    /// Deals of the trade register.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners, to whom statistics belong.
    pub async fn market_deals(&self, filter: &DealFilter, page: Page) -> Outcome<DealsView> {
        let page = page.bounded();
        for (field, year) in [("from", filter.from), ("to", filter.to)] {
            year.map(|year| check_year(field, year)).transpose()?;
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let Some(row) = self.find_statistic(&mut connection, Series::TradeRegister, None).await? else {
            return Ok(DealsView { edition: None, deals: Listing { rows: Vec::new(), total: 0, page } });
        };
        let mut parameters = self.parameters();
        let mut condition = format!("d.edition = {}", parameters.add(row.sequence));
        parameters
            .narrow(&mut condition, [("d.supplier", &filter.supplier), ("d.recipient", &filter.recipient)]);
        if let Some(from) = filter.from {
            condition.push_str(&format!(" AND d.last_year >= {}", parameters.add(i64::from(from))));
        }
        if let Some(to) = filter.to {
            condition.push_str(&format!(" AND d.first_year <= {}", parameters.add(i64::from(to))));
        }
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM market_deal d WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT d.content FROM market_deal d WHERE {condition} ORDER BY d.position LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let rows = rows.iter().map(|row| row.json(DOING, 0)).collect::<Result<Vec<Deal>, Fault>>()?;
        Ok(DealsView { edition: Some(row.edition), deals: Listing { rows, total, page } })
    }
}

/// The period that is asked for, where what is asked tells it by itself.
fn asked_period(from: Option<i16>, to: Option<i16>) -> Outcome<Option<Period>> {
    let from = from.map(|year| check_year("from", year)).transpose()?;
    let to = to.map(|year| check_year("to", year)).transpose()?;
    Ok(match (from, to) {
        (Some(from), Some(to)) => Some(Period::of(from, to)?),
        _ => None,
    })
}
