//! What has happened to a subject since its reader saw it.

use entente_register::access::Actor;
use entente_register::ledger::{Fact, Refusal};

use super::Batch;
use crate::error::Fault;
use crate::ledger::{EVENT_COLUMNS, decode_event};

/// Changes that a refusal names at most.
const NAMED: usize = 5;

impl Batch {
    /// Adds to a conflict what has changed since the version that the caller saw: what, by whom and when, as far as
    /// the caller may know of it.
    pub(super) async fn tell_changes(&mut self, actor: &Actor, refusal: Refusal) -> Result<Refusal, Fault> {
        let Some((subject, seen)) = refusal.seen.as_deref().cloned() else { return Ok(refusal) };
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND version > $2 ORDER BY version LIMIT {}",
            NAMED + 1
        );
        let values = [subject.as_str().into(), i64::from(seen).into()];
        let mut connection = self.transaction.connection();
        let rows = connection.fetch("reading what has changed", &sql, &values).await?;
        let mut changes = Vec::new();
        for row in rows.iter().take(NAMED) {
            let event = decode_event(row)?.event;
            if !actor.clearance.admits(&event.label) {
                continue;
            }
            let what = event.fact.as_ref().map_or_else(|| "erased".to_owned(), Fact::words);
            changes.push(format!(
                "version {}, {what} by {} at {}",
                event.version, event.actor, event.recorded_at
            ));
        }
        if changes.is_empty() {
            return Ok(refusal);
        }
        if rows.len() > NAMED {
            changes.push("and more".to_owned());
        }
        let message = format!("{} Since then: {}.", refusal.message, changes.join("; "));
        Ok(Refusal { message, ..refusal })
    }
}
