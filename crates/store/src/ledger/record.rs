//! Between rows of the event table and events.

use entente_register::ledger::{Event, Fact, parse_date, parse_instant};

use crate::database::Row;
use crate::error::Fault;

/// The columns of an event, in the order of the table.
pub(crate) const EVENT_COLUMNS: &str = "sequence, recorded_at, actor, subject, version, kind, occurred_on, label, reason, command, idempotency_key, salt, payload, payload_digest, hash";

/// An event with its kind and bytes as stored.
pub(crate) struct StoredEvent {
    /// The event.
    pub(crate) event: Event,
    /// The stored kind.
    pub(crate) kind: String,
}

/// Reads a row of [`EVENT_COLUMNS`].
pub(crate) fn decode_event(row: &Row) -> Result<StoredEvent, Fault> {
    let sequence = row.int(0)?;
    let damaged = |cause: String| Fault::damaged(format!("reading event {sequence}"), cause);
    let kind = row.text(5)?;
    let fact = match row.is_null(12) {
        true => None,
        false => Some(Fact::decode(&kind, row.text_ref(12)?.as_bytes()).map_err(|e| damaged(e.to_string()))?),
    };
    let fixed = |column: usize| -> Result<[u8; 32], Fault> {
        row.bytes_ref(column)?.try_into().map_err(|_| damaged("a hash is not 32 bytes".to_owned()))
    };
    let event = Event {
        sequence,
        recorded_at: parse_instant("recorded_at", row.text_ref(1)?).map_err(|e| damaged(e.message))?,
        actor: row.text(2)?,
        subject: row
            .text_ref(3)?
            .parse()
            .map_err(|e: entente_register::ledger::Refusal| damaged(e.message))?,
        version: row.version(4)?,
        occurred_on: parse_date("occurred_on", row.text_ref(6)?).map_err(|e| damaged(e.message))?,
        label: row.text_ref(7)?.parse().map_err(|e: entente_register::ledger::Refusal| damaged(e.message))?,
        fact,
        reason: row.optional_text(8)?,
        command: row.text(9)?,
        idempotency_key: row.optional_text(10)?,
        salt: if row.is_null(11) { None } else { row.bytes_ref(11)?.try_into().ok() },
        payload_digest: fixed(13)?,
        hash: fixed(14)?,
    };
    Ok(StoredEvent { event, kind })
}
