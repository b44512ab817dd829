//! Lists of applications and of licences, a page at a time.
//!
//! Of an application most of what was ever so is no longer: an index holds what stands still, in the order of the list, so
//! that a page is read from it and the others are only counted. What stood at another horizon or on another day is in no
//! such order, and is sorted.

use crate::database::{Connection, Row};
use crate::error::Fault;
use crate::reader::sql::Parameters;
use crate::reader::{Listing, Page};

/// The stretches of rows that stand at the horizon on the reader’s day: what stands without an end, what was superseded
/// since the horizon, and what was so until a later day.
const STRETCHES: [&str; 3] = [
    "t.known_to = 9223372036854775807 AND t.valid_to = '9999-12-31'",
    "t.known_to > $1 AND t.known_to < 9223372036854775807 AND t.valid_to > $2",
    "t.known_to = 9223372036854775807 AND t.valid_to > $2 AND t.valid_to < '9999-12-31'",
];

/// A list: the condition on rows `t` without their stretch, and the order, each key with its direction. Before all, the
/// condition names the kind as the indexes do.
pub(super) struct Queue<'q> {
    pub(super) condition: String,
    pub(super) order: &'q [(&'q str, &'q str)],
}

impl Queue<'_> {
    fn rows(&self, stretch: &str) -> String {
        format!(
            "FROM transfer t WHERE {} AND {stretch} AND t.known_from <= $1 AND t.valid_from <= $2",
            self.condition
        )
    }

    /// How many rows there are.
    pub(super) async fn total(
        &self,
        connection: &mut Connection<'_>,
        doing: &'static str,
        parameters: &Parameters<'_>,
    ) -> Result<i64, Fault> {
        let counts: Vec<String> = STRETCHES
            .iter()
            .map(|stretch| format!("(SELECT CAST(count(*) AS BIGINT) {})", self.rows(stretch)))
            .collect();
        let sql = format!("SELECT {}", counts.join(" + "));
        connection.fetch_one(doing, &sql, parameters.values()).await?.int(0)
    }

    /// A page of the rows: `select` names what is read of `t`, and `joins` what is joined to it.
    pub(super) async fn page(
        &self,
        connection: &mut Connection<'_>,
        doing: &'static str,
        (select, joins): (&str, &str),
        mut parameters: Parameters<'_>,
        page: Page,
    ) -> Result<Listing<Row>, Fault> {
        let total = self.total(connection, doing, &parameters).await?;
        let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
        let until = parameters.add(page.limit.saturating_add(page.offset));
        let keys: Vec<String> =
            self.order.iter().enumerate().map(|(place, (key, _))| format!("{key} AS k{place}")).collect();
        let by_row: Vec<String> = self.order.iter().map(|(key, way)| format!("{key}{way}")).collect();
        let by_key: Vec<String> =
            self.order.iter().enumerate().map(|(place, (_, way))| format!("k{place}{way}")).collect();
        let (by_row, by_key) = (by_row.join(", "), by_key.join(", "));
        let parts: Vec<String> = STRETCHES
            .iter()
            .map(|stretch| {
                format!(
                    "SELECT * FROM (SELECT t.number, t.known_from, t.valid_from, {} {} ORDER BY {by_row} LIMIT {until}) s",
                    keys.join(", "),
                    self.rows(stretch)
                )
            })
            .collect();
        let sql = format!(
            "SELECT {select} FROM (SELECT * FROM ({}) u ORDER BY {by_key} LIMIT {limit} OFFSET {offset}) q JOIN transfer t ON t.number = q.number AND t.known_from = q.known_from AND t.valid_from = q.valid_from {joins} ORDER BY {by_key}",
            parts.join(" UNION ALL ")
        );
        let rows = connection.fetch(doing, &sql, parameters.values()).await?;
        Ok(Listing { rows, total, page })
    }
}

/// What names the applicant and the state of destination.
pub(super) const NAMES: &str = "LEFT JOIN party a ON a.number = t.applicant AND a.known_from <= $1 LEFT JOIN partner p ON p.code = t.destination AND p.known_from <= $1";
