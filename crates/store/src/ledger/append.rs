//! Appending: order, time, salt and hashes, and the rows of the event table.

use jiff::{SignedDuration, Timestamp};

use entente_register::ledger::{EventHeader, NewEvent, event_hash, instant_text, payload_digest};

use super::head::Head;
use crate::clock::Entropy;
use crate::database::{Connection, Value};
use crate::error::Fault;

/// An event as it was just recorded, for the views.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// Place in the ledger.
    pub(crate) sequence: i64,
    /// When, as stored text.
    pub(crate) recorded_at: String,
    /// The account that acted.
    pub(crate) actor: String,
    /// The subject's version.
    pub(crate) version: u32,
    /// What the rule decided.
    pub(crate) event: NewEvent,
}

/// Gathers events behind a locked head and writes them in batches.
pub(crate) struct Appender {
    head: Head,
    rows: Vec<Vec<Value<'static>>>,
}

/// Rows gathered before they are written.
const BATCH: usize = 2_000;

impl Appender {
    /// Locks the head.
    pub(crate) async fn lock(connection: &mut Connection<'_>) -> Result<Appender, Fault> {
        Ok(Appender { head: Head::lock(connection).await?, rows: Vec::new() })
    }

    /// The head as it stands with what is gathered.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// When an event recorded now is recorded: never at or before the one before it.
    pub(crate) fn recorded_at(&self, now: Timestamp) -> Timestamp {
        let next =
            self.head.recorded_at.and_then(|last| last.checked_add(SignedDuration::from_micros(1)).ok());
        next.map_or(now, |next| next.max(now))
    }

    /// Adds an event to the chain.
    pub(crate) fn push(
        &mut self,
        event: NewEvent,
        version: u32,
        (actor, command, idempotency_key): (&str, &str, Option<&str>),
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<Recorded, Fault> {
        let at = self.recorded_at(now);
        let recorded_at = instant_text(at);
        let sequence = self.head.sequence + 1;
        let payload = event.fact.payload().map_err(|e| Fault::internal("writing a payload", e))?;
        let salt: [u8; 16] = entropy.bytes();
        let digest = payload_digest(&salt, &payload);
        let subject = event.subject.to_string();
        let occurred_on = event.occurred_on.to_string();
        let label = event.label.to_string();
        let hash = event_hash(
            &EventHeader {
                sequence,
                recorded_at: &recorded_at,
                actor,
                subject: &subject,
                version,
                kind: event.fact.kind(),
                occurred_on: &occurred_on,
                label: &label,
                reason: event.reason.as_deref(),
                command,
                idempotency_key,
            },
            &digest,
            &self.head.hash,
        );
        let payload = String::from_utf8(payload).map_err(|e| Fault::internal("writing a payload", e))?;
        self.rows.push(vec![
            sequence.into(),
            recorded_at.clone().into(),
            actor.to_owned().into(),
            subject.into(),
            i64::from(version).into(),
            event.fact.kind().into(),
            occurred_on.into(),
            label.into(),
            event.reason.clone().into(),
            command.to_owned().into(),
            idempotency_key.map(str::to_owned).into(),
            salt.to_vec().into(),
            payload.into(),
            digest.to_vec().into(),
            hash.to_vec().into(),
        ]);
        // Microseconds are what is stored, so they are what the next event compares with.
        let stored = Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at);
        self.head = Head { sequence, hash, recorded_at: Some(stored) };
        Ok(Recorded { sequence, recorded_at, actor: actor.to_owned(), version, event })
    }

    /// Whether enough is gathered to be written.
    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= BATCH
    }

    /// Writes what is gathered, and the head.
    pub(crate) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let head = format!("INSERT INTO event ({})", super::EVENT_COLUMNS);
        connection.insert_owned("appending events", &head, "", 15, std::mem::take(&mut self.rows)).await?;
        let recorded_at = self.head.recorded_at.map(instant_text).unwrap_or_default();
        connection
            .execute(
                "moving the ledger's head",
                "UPDATE ledger_head SET sequence = $1, hash = $2, recorded_at = $3 WHERE one = 1",
                &[self.head.sequence.into(), self.head.hash.as_slice().into(), recorded_at.into()],
            )
            .await?;
        Ok(())
    }
}
