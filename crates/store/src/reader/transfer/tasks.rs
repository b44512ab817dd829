//! What waits beside applications, counted: nothing of it is read, and so nothing is logged.

use entente_register::access::{Extent, Reading};

use super::licence::remind_until;
use crate::error::Outcome;
use crate::reader::Reader;

const DOING: &str = "counting what waits";

/// How much waits beside applications, of what is open to the actor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransferTasks {
    /// Licences with a delivery that was not verified by its day.
    pub overdue: i64,
    /// Licences with a delivery of which the end user is to be reminded.
    pub remind: i64,
    /// Certificates whose issuer has not answered.
    pub asked: i64,
    /// Authorities of which a specimen waits for a second person.
    pub specimens: i64,
    /// Inspections with an open incident.
    pub incidents: i64,
    /// Inspections that are planned.
    pub planned: i64,
    /// Discrepancies with customs that nobody has closed.
    pub discrepancies: i64,
    /// Requests to pass goods on of which nothing is decided.
    pub reexports: i64,
}

impl Reader {
    /// What waits beside applications; nothing of what the actor does not read in full.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn transfer_tasks(&self) -> Outcome<TransferTasks> {
        let reads_all = |reading| matches!(self.check(reading), Ok(Extent::All));
        let mut tasks = TransferTasks::default();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        if reads_all(Reading::Licences) {
            let mut parameters = self.parameters();
            let condition = self.open_licences(Extent::All, &mut parameters);
            let until = parameters.add(remind_until(self.as_of).to_string());
            let sql = format!(
                "SELECT CAST(coalesce(sum(CASE WHEN t.due_on < $2 THEN 1 ELSE 0 END), 0) AS BIGINT), CAST(coalesce(sum(CASE WHEN t.due_on >= $2 AND t.due_on <= {until} THEN 1 ELSE 0 END), 0) AS BIGINT) FROM transfer t WHERE {condition} AND t.due_on IS NOT NULL"
            );
            let row = connection.fetch_one(DOING, &sql, parameters.values()).await?;
            (tasks.overdue, tasks.remind) = (row.int(0)?, row.int(1)?);
        }
        for (kind, reading) in [
            ("certificate", Reading::Certificates),
            ("specimens", Reading::Inspections),
            ("inspection", Reading::Inspections),
        ] {
            if !reads_all(reading) {
                continue;
            }
            let sql = format!(
                "SELECT a.state, CAST(count(*) AS BIGINT) FROM assurance a WHERE {} AND a.waiting > 0 GROUP BY a.state ORDER BY a.state",
                self.open_assurances(kind)
            );
            for row in connection.fetch(DOING, &sql, self.parameters().values()).await? {
                let (state, count) = (row.text(0)?, row.int(1)?);
                match (kind, state.as_str()) {
                    ("certificate", _) => tasks.asked += count,
                    ("specimens", _) => tasks.specimens += count,
                    (_, "incident") => tasks.incidents += count,
                    _ => tasks.planned += count,
                }
            }
        }
        if reads_all(Reading::Customs) {
            tasks.discrepancies = self.open_discrepancies(&mut connection).await?;
        }
        if reads_all(Reading::Reexports) {
            tasks.reexports = self.running_reexports(&mut connection).await?;
        }
        Ok(tasks)
    }
}
