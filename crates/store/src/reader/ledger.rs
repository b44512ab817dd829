//! The ledger itself, for auditors.

use entente_register::access::Reading;
use entente_register::label::Label;
use entente_register::ledger::{Refusal, Subject, parse_date, parse_instant};

use super::access::join;
use super::{EventRow, Listing, Page, Reader};
use crate::database::Row;
use crate::error::{Fault, Outcome};
use crate::ledger::Head;

impl Reader {
    /// Events of the ledger, the latest first; for auditors.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn events(&self, page: Page) -> Outcome<Listing<EventRow>> {
        self.check(Reading::Ledger)?;
        let page = page.bounded();
        let doing = "reading the ledger";
        let horizon = self.horizon.sequence;
        let mut transaction = self.store.database.read().await?;
        // Sequences have no holes, so a page is a stretch of them: no row is passed over one by one.
        let last = horizon.saturating_sub(page.offset);
        let sql = "SELECT sequence, recorded_at, actor, subject, version, kind, occurred_on, label, payload, hash FROM event WHERE sequence <= $1 AND sequence > $2 ORDER BY sequence DESC";
        let values = [last.into(), last.saturating_sub(page.limit).into()];
        let rows = transaction.connection().fetch(doing, sql, &values).await?;
        drop(transaction);
        let (events, label) = self.event_rows(doing, &rows)?;
        self.log("events", label.as_ref()).await?;
        Ok(Listing { rows: events, total: horizon, page })
    }

    /// Events as they are given out, and the marking of what is read of them.
    fn event_rows(&self, doing: &'static str, rows: &[Row]) -> Result<(Vec<EventRow>, Option<Label>), Fault> {
        let damaged = |e: Refusal| Fault::damaged(doing, e.message);
        let mut label = None;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let mut event = EventRow {
                sequence: row.int(0)?,
                recorded_at: parse_instant("recorded_at", row.text_ref(1)?).map_err(damaged)?,
                actor: row.text(2)?,
                subject: row.text(3)?,
                version: row.version(4)?,
                kind: row.text(5)?,
                occurred_on: parse_date("occurred_on", row.text_ref(6)?).map_err(damaged)?,
                label: row.text_ref(7)?.parse().map_err(damaged)?,
                payload: row.optional_text(8)?,
                hash: hex::encode(row.bytes_ref(9)?),
            };
            if !self.actor.clearance.admits(&event.label) {
                event.payload = None;
            } else if event.label.is_marked() {
                label = join(label, &event.label);
            }
            events.push(event);
        }
        Ok((events, label))
    }

    /// All events of some subjects up to the horizon, in the order of the ledger; for auditors.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn events_about(&self, subjects: &[Subject]) -> Outcome<Vec<EventRow>> {
        self.check(Reading::Ledger)?;
        let doing = "reading the ledger";
        let mut transaction = self.store.database.read().await?;
        let mut rows = Vec::new();
        for subject in subjects {
            let sql = "SELECT sequence, recorded_at, actor, subject, version, kind, occurred_on, label, payload, hash FROM event WHERE subject = $1 AND sequence <= $2 ORDER BY sequence";
            let values = [subject.to_string().into(), self.horizon.sequence.into()];
            rows.extend(transaction.connection().fetch(doing, sql, &values).await?);
        }
        drop(transaction);
        let (mut events, label) = self.event_rows(doing, &rows)?;
        events.sort_by_key(|event| event.sequence);
        self.log("events", label.as_ref()).await?;
        Ok(events)
    }

    /// How many events were recorded after the horizon.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn events_after(&self) -> Outcome<i64> {
        self.check(Reading::Ledger)?;
        let mut transaction = self.store.database.read().await?;
        let head = Head::read(&mut transaction.connection()).await?;
        Ok((head.sequence - self.horizon.sequence).max(0))
    }
}
