//! How many cases there are: by state, and of parties those of which something is still asked.

use std::collections::BTreeMap;

use entente_register::access::Reading;

use super::Reader;
use super::screening::{CaseFilter, SETTLED};
use super::sql::LISTED;
use crate::error::Outcome;

const DOING: &str = "counting cases";

/// How many cases are in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseCount {
    /// The state.
    pub state: String,
    /// Whether nothing is asked of anybody any more: what was acknowledged is so under an advisory list alone.
    pub settled: bool,
    /// How many.
    pub cases: i64,
}

impl Reader {
    /// How many of the cases open to the actor are in each state, of a list and of a party where the filter names them.
    ///
    /// # Errors
    /// `access.read` if the actor may not read them.
    pub async fn case_counts(&self, filter: &CaseFilter) -> Outcome<Vec<CaseCount>> {
        self.check(Reading::Screening)?;
        let every = CaseFilter { state: None, waiting: false, ..filter.clone() };
        let mut parameters = self.parameters();
        let condition = self.open_cases(&every, &mut parameters);
        let settled = format!("CASE WHEN {SETTLED} THEN 1 ELSE 0 END");
        let sql = format!(
            "SELECT s.state, CAST({settled} AS BIGINT), CAST(count(*) AS BIGINT) {} WHERE {condition} GROUP BY s.state, {settled} ORDER BY s.state, {settled}",
            self.case_tables()
        );
        let mut transaction = self.store.database.read().await?;
        let rows = transaction.connection().fetch(DOING, &sql, parameters.values()).await?;
        let mut counts = Vec::with_capacity(rows.len());
        for row in &rows {
            counts.push(CaseCount { state: row.text(0)?, settled: row.int(1)? == 1, cases: row.int(2)? });
        }
        Ok(counts)
    }

    /// Of these parties, by number, how many cases wait of each; those without are left out.
    ///
    /// # Errors
    /// `access.read` if the actor may not read cases.
    pub async fn waiting_cases(&self, parties: &[String]) -> Outcome<BTreeMap<String, i64>> {
        self.check(Reading::Screening)?;
        let mut found = BTreeMap::new();
        let mut transaction = self.store.database.read().await?;
        for some in parties.chunks(LISTED) {
            let mut parameters = self.parameters();
            let waiting = CaseFilter { waiting: true, ..CaseFilter::default() };
            let condition = self.open_cases(&waiting, &mut parameters);
            let list = parameters.list(some.iter().map(String::as_str));
            let sql = format!(
                "SELECT s.party, CAST(count(*) AS BIGINT) {} WHERE {condition} AND s.party IN {list} GROUP BY s.party ORDER BY s.party",
                self.case_tables()
            );
            for row in &transaction.connection().fetch(DOING, &sql, parameters.values()).await? {
                found.insert(row.text(0)?, row.int(1)?);
            }
        }
        Ok(found)
    }
}
