//! Rebuilding the views from the events alone.

use std::sync::Arc;

use entente_register::ledger::NewEvent;

use super::{EVENT_COLUMNS, Head, Recorded, StoredEvent, decode_event};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::schema::VIEWS;
use crate::store::Store;
use crate::view::Views;

/// Hears how far long work has come: steps done, and steps in all.
pub type Progress = Arc<dyn Fn(i64, i64) + Send + Sync>;

/// Nobody hears.
pub fn silent() -> Progress {
    Arc::new(|_, _| {})
}

/// Events read at once.
pub(super) const AT_ONCE: i64 = 5_000;

impl Store {
    /// Drops the content of the views and rebuilds it from the events, in one transaction. Gives the number of events.
    ///
    /// # Errors
    /// A fault if an event cannot be read, or the database does not answer; the views stay as they were then.
    pub async fn rebuild(&self, progress: Progress) -> Outcome<i64> {
        let mut transaction = self.database.write().await?;
        let done = rebuild(&mut transaction.connection(), &progress).await?;
        transaction.commit().await?;
        self.memory.forget();
        Ok(done)
    }
}

/// Rebuilds the views in a transaction that the caller keeps or gives up.
pub(crate) async fn rebuild(connection: &mut Connection<'_>, progress: &Progress) -> Outcome<i64> {
    let head = Head::lock(connection).await?;
    for (view, _) in VIEWS {
        connection.execute("clearing the views", &format!("DELETE FROM {view}"), &[]).await?;
    }
    let mut views = Views::at(0);
    let mut done = 0;
    while done < head.sequence {
        let events = read_events(connection, done, AT_ONCE).await?;
        let Some(last) = events.last().map(|stored| stored.event.sequence) else { break };
        for stored in events {
            if let Some(recorded) = recorded(stored) {
                views.apply(connection, &recorded).await?;
            }
        }
        done = last;
        progress(done, head.sequence);
    }
    views.flush(connection).await?;
    Ok(done)
}

/// The next events after a sequence, in order.
pub(super) async fn read_events(
    connection: &mut Connection<'_>,
    after: i64,
    most: i64,
) -> Result<Vec<StoredEvent>, Fault> {
    let sql = format!("SELECT {EVENT_COLUMNS} FROM event WHERE sequence > $1 ORDER BY sequence LIMIT $2");
    let rows = connection.fetch("reading events", &sql, &[after.into(), most.into()]).await?;
    rows.iter().map(decode_event).collect()
}

/// A stored event as the views take it; none once its payload is erased.
pub(super) fn recorded(stored: StoredEvent) -> Option<Recorded> {
    let event = stored.event;
    Some(Recorded {
        sequence: event.sequence,
        recorded_at: entente_register::ledger::instant_text(event.recorded_at),
        actor: event.actor,
        version: event.version,
        event: NewEvent {
            subject: event.subject,
            occurred_on: event.occurred_on,
            label: event.label,
            fact: event.fact?,
            reason: event.reason,
        },
    })
}
