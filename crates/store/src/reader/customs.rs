//! The exchange with customs, as each reader may see it: runs, discrepancies, and what is awaited.

use entente_register::access::{Extent, Reading};
use entente_register::customs::discrepancy::Discrepancy;
use entente_register::customs::exchange::Exchange;
use entente_register::customs::run::{CustomsRun, Direction, RunContent};
use entente_register::label::Label;
use entente_register::ledger::{Event, Fact, Refusal, Subject, SubjectKind};
use jiff::civil::Date;

use super::sql;
use super::{DocumentContent, HistoryRow, Listing, Page, Reader};
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;

const DOING: &str = "reading the exchange with customs";

/// Which runs are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunFilter {
    /// `out` or `in`.
    pub direction: Option<String>,
    /// `sent`, `answered` or `judged`.
    pub state: Option<String>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its key, `OUT-7`.
    pub key: String,
    /// `out` or `in`.
    pub direction: String,
    /// Its number.
    pub run: i64,
    /// The day on which it left or came.
    pub on: Date,
    /// Who sent it or brought it; empty where the reader is not told.
    pub by: String,
    /// `sent`, `answered` or `judged`.
    pub state: String,
    /// Licences, or rows, that it holds.
    pub holds: i64,
    /// How many of them were taken, and how many were not; none where customs have not answered yet.
    pub taken: Option<(i64, i64)>,
    /// Its marking.
    pub label: Label,
}

/// A licence that customs were not told of by a run, for its marking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withheld {
    /// Its number.
    pub licence: String,
    /// Its marking.
    pub label: Label,
}

/// A run by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunView {
    /// As it is seen: customs are told of no reason beyond the reply.
    pub run: CustomsRun,
    /// Licences that it did not tell of, of those open to the actor; none where the reader is not told.
    pub withheld: Option<Vec<Withheld>>,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// Which discrepancies are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiscrepancyFilter {
    /// `open` or `closed`.
    pub state: Option<String>,
    /// Number of the licence, as customs wrote it.
    pub licence: Option<String>,
}

/// A discrepancy in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyRow {
    /// As it is seen.
    pub discrepancy: Discrepancy,
    /// Whether its licence may be opened by the reader.
    pub licence_open: bool,
}

/// A discrepancy by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscrepancyView {
    /// As it is seen: how it was dealt with inside is told to nobody outside.
    pub discrepancy: Discrepancy,
    /// Whether its licence may be opened by the reader.
    pub licence_open: bool,
    /// Whether the run that it came of may be opened by the reader.
    pub run_open: bool,
    /// What has happened to it, the latest last, as far as it is seen.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// How the exchange stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomsView {
    /// Up to which marking customs are told; none where the reader is not told.
    pub exchange: Option<Exchange>,
    /// Number of the last run of licence data, 0 for none.
    pub last_out: i64,
    /// Number of the last run of usage data, 0 for none.
    pub last_in: i64,
    /// Runs of licence data that customs have not answered.
    pub unanswered: i64,
    /// Discrepancies that are open.
    pub open: i64,
    /// What has happened to the exchange, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the exchange.
    pub version: u32,
}

impl Reader {
    /// How the exchange with customs stands.
    ///
    /// # Errors
    /// `access.read` if the actor may not read of it.
    pub async fn customs(&self) -> Outcome<CustomsView> {
        let extent = self.check(Reading::Customs)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let sql = format!(
            "SELECT CAST(coalesce(max(CASE WHEN c.direction = 'out' THEN c.run END), 0) AS BIGINT), CAST(coalesce(max(CASE WHEN c.direction = 'in' THEN c.run END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN c.state = 'sent' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM customs c WHERE {}",
            self.open_rows("run")
        );
        let row = connection.fetch_one(DOING, &sql, self.parameters().values()).await?;
        let (last_out, last_in, unanswered) = (row.int(0)?, row.int(1)?, row.int(2)?);
        let open = self.open_discrepancies(&mut connection).await?;
        let subject = SubjectKind::Exchange.subject(entente_register::customs::exchange::EXCHANGE);
        let (mut exchange, mut history) = (None, Vec::new());
        if extent == Extent::All {
            let sql = format!("SELECT c.content FROM customs c WHERE {}", self.open_rows("exchange"));
            let row = connection.fetch_optional(DOING, &sql, self.parameters().values()).await?;
            exchange = Some(row.map(|row| row.json(DOING, 0)).transpose()?.unwrap_or_default());
            let events = self.events_of(&mut connection, &subject).await?;
            history = self.history(&events);
        }
        let version = self.version_of(&mut connection, &subject).await?;
        Ok(CustomsView { exchange, last_out, last_in, unanswered, open, history, version })
    }

    /// How many discrepancies are open, of those open to the actor.
    pub(super) async fn open_discrepancies(&self, connection: &mut Connection<'_>) -> Outcome<i64> {
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) FROM customs c WHERE {} AND c.state = 'open'",
            self.open_rows("discrepancy")
        );
        Ok(connection.fetch_one(DOING, &sql, self.parameters().values()).await?.int(0)?)
    }

    /// Runs, the last first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read of the exchange.
    pub async fn customs_runs(&self, filter: &RunFilter, page: Page) -> Outcome<Listing<RunRow>> {
        let extent = self.check(Reading::Customs)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_rows("run");
        parameters.narrow(&mut condition, [("c.direction", &filter.direction), ("c.state", &filter.state)]);
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM customs c WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT c.number, c.direction, c.run, c.happened_on, c.account, c.state, c.holds, c.taken, c.refused, c.label FROM customs c WHERE {condition} ORDER BY c.registered DESC, c.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(9)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| self.run_row(extent, row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log("customs runs", label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    fn run_row(&self, extent: Extent, row: &Row) -> Result<RunRow, Fault> {
        let number = |column| (!row.is_null(column)).then(|| row.int(column)).transpose();
        let taken = number(7)?.zip(number(8)?);
        let direction = row.text(1)?;
        let is_told = extent == Extent::All || direction == Direction::In.word();
        Ok(RunRow {
            key: row.text(0)?,
            run: row.int(2)?,
            on: row.date(3)?,
            by: if is_told { row.text(4)? } else { String::new() },
            direction,
            state: row.text(5)?,
            holds: row.int(6)?,
            taken,
            label: self.labels.get(row.int(9)?)?.clone(),
        })
    }

    /// A run’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn customs_run(&self, key: &str) -> Outcome<RunView> {
        let extent = self.check(Reading::Customs)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let found = self.find_customs::<CustomsRun>(&mut connection, "run", key).await?;
        let run = found.ok_or_else(|| Refusal::not_found("run", key))?;
        let subject = SubjectKind::CustomsRun.subject(key);
        let events = self.events_of(&mut connection, &subject).await?;
        let withheld = match (&run.content, extent, self.check(Reading::Licences)) {
            (RunContent::Out(exported, _), Extent::All, Ok(Extent::All)) => {
                let span = (exported.from, exported.until);
                Some(self.withheld(&mut connection, span, &exported.marking).await?)
            }
            _ => None,
        };
        let marked = withheld.iter().flatten().fold(run.label.clone(), |label, one| label.join(&one.label));
        let view = RunView {
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            run: if extent == Extent::All { run } else { run.outside() },
            withheld,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&marked)).await?;
        Ok(view)
    }

    /// A file of a run: its own, or the reply to it.
    ///
    /// # Errors
    /// `not_found`, also where the run is not open to the actor, or has no reply yet.
    pub async fn customs_file(&self, key: &str, is_reply: bool) -> Outcome<DocumentContent> {
        self.check(Reading::Customs)?;
        let absent = || Refusal::not_found("file", key);
        let run = {
            let mut transaction = self.store.database.read().await?;
            let mut connection = transaction.connection();
            self.find_customs::<CustomsRun>(&mut connection, "run", key).await?.ok_or_else(absent)?
        };
        let file = if is_reply { run.reply() } else { Some(run.file()) };
        let content = file.and_then(|file| file.content.as_deref()).ok_or_else(absent)?;
        self.document(&SubjectKind::CustomsRun.subject(key), content).await
    }

    /// Licences of which something was recorded in a span of the ledger, marked higher than customs were told, of those
    /// open to the actor.
    async fn withheld(
        &self,
        connection: &mut Connection<'_>,
        (from, until): (i64, i64),
        marking: &Label,
    ) -> Outcome<Vec<Withheld>> {
        let sql = "SELECT DISTINCT subject, label FROM event WHERE sequence > $1 AND sequence <= $2 AND kind LIKE 'licence.%' AND kind <> 'licence.delivery_verified.v1' ORDER BY subject, label";
        let rows = connection.fetch(DOING, sql, &[from.into(), until.into()]).await?;
        let mut withheld = Vec::new();
        for row in &rows {
            let damaged = |e: Refusal| Fault::damaged(DOING, e.message);
            let label: Label = row.text_ref(1)?.parse().map_err(damaged)?;
            if !marking.dominates(&label) && self.actor.clearance.admits(&label) {
                let subject: Subject = row.text_ref(0)?.parse().map_err(damaged)?;
                withheld.push(Withheld { licence: subject.key, label });
            }
        }
        Ok(withheld)
    }

    /// Discrepancies: those that are open first, the oldest before the others; then the others, the last first.
    ///
    /// # Errors
    /// `access.read` if the actor may not read of the exchange.
    pub async fn discrepancies(
        &self,
        filter: &DiscrepancyFilter,
        page: Page,
    ) -> Outcome<Listing<DiscrepancyRow>> {
        let extent = self.check(Reading::Customs)?;
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let mut condition = self.open_rows("discrepancy");
        parameters.narrow(&mut condition, [("c.state", &filter.state), ("c.licence", &filter.licence)]);
        let sql = format!("SELECT CAST(count(*) AS BIGINT) FROM customs c WHERE {condition}");
        let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let sql = format!(
            "SELECT c.content, c.label FROM customs c WHERE {condition} ORDER BY CASE c.state WHEN 'open' THEN c.registered ELSE 9223372036854775807 - c.registered END, c.number LIMIT {limit} OFFSET {offset}"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        let label = self.labels.join(rows.iter().map(|row| row.int(1)).collect::<Result<Vec<_>, _>>()?)?;
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let discrepancy = seen(extent, row.json(DOING, 0)?);
            let licence_open = self.opens_licence(&mut connection, &discrepancy.opened.licence).await?;
            found.push(DiscrepancyRow { discrepancy, licence_open });
        }
        drop(transaction);
        self.log("discrepancies", label.as_ref()).await?;
        Ok(Listing { rows: found, total, page })
    }

    /// A discrepancy’s page.
    ///
    /// # Errors
    /// `not_found`, also where it is not open to the actor.
    pub async fn discrepancy(&self, number: &str) -> Outcome<DiscrepancyView> {
        let extent = self.check(Reading::Customs)?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let found = self.find_customs::<Discrepancy>(&mut connection, "discrepancy", number).await?;
        let discrepancy = seen(extent, found.ok_or_else(|| Refusal::not_found("discrepancy", number))?);
        let subject = SubjectKind::Discrepancy.subject(number);
        let mut events = self.events_of(&mut connection, &subject).await?;
        if extent == Extent::Own {
            events.retain(is_opening);
        }
        let direction = match discrepancy.opened.origin {
            entente_register::customs::discrepancy::Origin::Usage => Direction::In,
            entente_register::customs::discrepancy::Origin::Reply => Direction::Out,
        };
        let run = direction.key(discrepancy.opened.run);
        let view = DiscrepancyView {
            licence_open: self.opens_licence(&mut connection, &discrepancy.opened.licence).await?,
            run_open: self.find_customs::<CustomsRun>(&mut connection, "run", &run).await?.is_some(),
            version: self.version_of(&mut connection, &subject).await?,
            history: self.history(&events),
            discrepancy,
        };
        drop(transaction);
        self.log(subject.to_string(), Some(&view.discrepancy.label)).await?;
        Ok(view)
    }

    /// Whether a licence is there and open to the actor.
    async fn opens_licence(&self, connection: &mut Connection<'_>, number: &str) -> Outcome<bool> {
        if self.check(Reading::Licences).is_err() {
            return Ok(false);
        }
        Ok(self.find_licence(connection, number).await?.is_some())
    }

    /// A run or a discrepancy as it stands on the reader’s day, if it is open to the actor.
    async fn find_customs<T: serde::de::DeserializeOwned>(
        &self,
        connection: &mut Connection<'_>,
        kind: &str,
        number: &str,
    ) -> Outcome<Option<T>> {
        if !is_possible(number) {
            return Ok(None);
        }
        let mut parameters = self.parameters();
        let condition = self.open_rows(kind);
        let number = parameters.add(number.to_owned());
        let sql = format!("SELECT c.content FROM customs c WHERE c.number = {number} AND {condition}");
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        Ok(row.map(|row| row.json(DOING, 0)).transpose()?)
    }

    /// The label and events of what belongs to the exchange, as far as its papers are open to the actor.
    pub(super) async fn open_customs(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Outcome<Option<(Label, Vec<Event>)>> {
        let extent = self.check(Reading::Customs)?;
        let key = subject.key.as_str();
        let label = match subject.kind {
            SubjectKind::CustomsRun => {
                self.find_customs::<CustomsRun>(connection, "run", key).await?.map(|run| run.label)
            }
            SubjectKind::Discrepancy => {
                self.find_customs::<Discrepancy>(connection, "discrepancy", key).await?.map(|of| of.label)
            }
            _ if extent == Extent::All => {
                let events = self.events_of(connection, subject).await?;
                return Ok(events.first().map(|event| event.label.clone()).map(|label| (label, events)));
            }
            _ => None,
        };
        let Some(label) = label else { return Ok(None) };
        let mut events = self.events_of(connection, subject).await?;
        if extent == Extent::Own && subject.kind == SubjectKind::Discrepancy {
            events.retain(is_opening);
        }
        Ok(Some((label, events)))
    }

    /// The condition on rows `c` of a kind that are open to the actor as of the reader’s day at its horizon.
    pub(super) fn open_rows(&self, kind: &str) -> String {
        format!("c.kind = '{kind}' AND {} {}", sql::stands("c"), self.labels.filter("c.label"))
    }
}

fn is_opening(event: &Event) -> bool {
    matches!(event.fact, Some(Fact::DiscrepancyOpened(_)))
}

/// A discrepancy as it is seen.
fn seen(extent: Extent, discrepancy: Discrepancy) -> Discrepancy {
    match extent {
        Extent::All => discrepancy,
        Extent::Own => discrepancy.outside(),
    }
}
