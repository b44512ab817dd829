//! Checking again what is open: every licence under which something may still go, and every application that waits, by what is
//! known now. A list, a rule or a party may have changed since.

use entente_register::access::{Extent, Reading};
use entente_register::ledger::Refusal;
use entente_register::transfer::application::Application;
use entente_register::transfer::check::{Check, is_settled};

use crate::error::Outcome;
use crate::reader::Reader;
use crate::reader::sql::{self, Parameters};

const DOING: &str = "checking again what is open";

/// Applications read by one statement.
const AT_ONCE: usize = 200;

/// What of it is checked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rechecked {
    /// Licences under which something may still go.
    Licences,
    /// These, and applications of which nothing is decided yet.
    All,
}

/// Something against which a check stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecheckRow {
    /// Number of the application.
    pub application: String,
    /// Number of the licence, where it was granted.
    pub licence: Option<String>,
    /// State of the application.
    pub state: &'static str,
    /// What stands against it and nothing settles, the gravest first.
    pub checks: Vec<Check>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recheck {
    /// How many were checked.
    pub checked: u64,
    /// Those against which something stands, in the order of their numbers.
    pub rows: Vec<RecheckRow>,
}

impl Reader {
    /// Makes all checks again of what is open, as of the reader’s day. `progress` is told how many are done.
    ///
    /// # Errors
    /// `access.read` if the actor may not read applications and licences in full.
    pub async fn recheck(&self, of: Rechecked, progress: &(dyn Fn(u64) + Sync)) -> Outcome<Recheck> {
        for reading in [Reading::Applications, Reading::Licences] {
            if self.check(reading)? != Extent::All {
                return Err(Refusal::new("access.read", "What is checked again is of all applications.")
                    .missing("a role that reads the applications of everybody")
                    .into());
            }
        }
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut found = Recheck::default();
        let mut last = String::new();
        let mut label = None;
        loop {
            let mut parameters: Parameters<'_> = self.parameters();
            let condition = self.open_applications(Extent::All, &mut parameters);
            let after = parameters.add(std::mem::take(&mut last));
            let waiting = match of {
                Rechecked::Licences => "",
                Rechecked::All => " OR t.state IN ('open', 'proposed')",
            };
            let sql = format!(
                "SELECT t.content, t.label, l.number FROM transfer t LEFT JOIN transfer l ON l.application = t.number AND l.kind = 'licence' AND l.state IN ('issued', 'suspended') AND l.valid_until >= $2 AND {} {} WHERE {condition} AND t.number > {after} AND (l.number IS NOT NULL{waiting}) ORDER BY t.number, l.number LIMIT {AT_ONCE}",
                sql::stands("l"),
                self.labels.filter("l.label"),
            );
            let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
            let is_last = rows.len() < AT_ONCE;
            for row in &rows {
                let application: Application = row.json(DOING, 0)?;
                last.clone_from(&application.number);
                let checks = self.checks_of(&mut connection, &application).await?;
                let mut standing: Vec<Check> =
                    checks.into_iter().filter(|check| !is_settled(check, &application.on_record)).collect();
                standing.sort_by_key(|check| std::cmp::Reverse(check.outcome));
                found.checked += 1;
                progress(found.checked);
                if standing.is_empty() {
                    continue;
                }
                label = crate::reader::access::join(label, self.labels.get(row.int(1)?)?);
                found.rows.push(RecheckRow {
                    application: application.number,
                    licence: row.optional_text(2)?,
                    state: application.state,
                    checks: standing,
                });
            }
            if is_last {
                break;
            }
        }
        drop(transaction);
        self.log("recheck", label.as_ref()).await?;
        Ok(found)
    }
}
