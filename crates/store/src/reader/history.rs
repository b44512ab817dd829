//! The events of a subject, as its page shows them.

use entente_register::access::{Reading, may_read};
use entente_register::ledger::{Event, Fact, Subject};

use super::{HistoryRow, LedgerEntry, Reader};
use crate::database::Connection;
use crate::error::Fault;
use crate::execute::is_possible;
use crate::ledger::{EVENT_COLUMNS, decode_event};

impl Reader {
    /// Events of a subject known at the horizon that the actor may see, in order.
    pub(super) async fn events_of(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Result<Vec<Event>, Fault> {
        if !is_possible(&subject.key) {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT {EVENT_COLUMNS} FROM event WHERE subject = $1 AND sequence <= $2 ORDER BY version"
        );
        let values = [subject.to_string().into(), self.horizon.sequence.into()];
        let rows = connection.fetch("reading the history of a subject", &sql, &values).await?;
        let mut events = Vec::with_capacity(rows.len());
        for row in &rows {
            let event = decode_event(row)?.event;
            if self.actor.clearance.admits(&event.label) {
                events.push(event);
            }
        }
        Ok(events)
    }

    /// What had happened by the reader's day, the latest last. Place and hash are for those who read the ledger.
    pub(super) fn history(&self, events: &[Event]) -> Vec<HistoryRow> {
        let ledger = may_read(&self.actor, Reading::Ledger).is_some();
        events
            .iter()
            .filter(|event| event.occurred_on <= self.as_of || is_annulment(event))
            .map(|event| HistoryRow {
                what: event.fact.as_ref().map_or_else(|| "erased".to_owned(), Fact::words),
                occurred_on: event.occurred_on,
                recorded_at: event.recorded_at,
                actor: event.actor.clone(),
                reason: event.reason.clone(),
                document: event.fact.as_ref().and_then(Fact::document).cloned(),
                entry: ledger
                    .then(|| LedgerEntry { sequence: event.sequence, hash: hex::encode(event.hash) }),
            })
            .collect()
    }

    /// The version of a subject at the horizon; 0 where there is none.
    pub(super) async fn version_of(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
    ) -> Result<u32, Fault> {
        let sql = "SELECT CAST(coalesce(max(version), 0) AS BIGINT) FROM event WHERE subject = $1 AND sequence <= $2";
        let values = [subject.to_string().into(), self.horizon.sequence.into()];
        connection.fetch_one("reading the version of a subject", sql, &values).await?.version(0)
    }
}

/// An annulment says that something never was: it is so on every day, once it is known.
pub(super) fn is_annulment(event: &Event) -> bool {
    matches!(
        event.fact,
        Some(
            Fact::DeliveryAnnulled(_)
                | Fact::InstalmentAnnulled(_)
                | Fact::ReceiptAnnulled(_)
                | Fact::PenaltyAnnulled(_)
        )
    )
}
