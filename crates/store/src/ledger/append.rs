//! Appending: order, time, salt and hashes, and the rows of the event table.

use jiff::{SignedDuration, Timestamp};

use entente_register::ledger::{
    Digest, EventHeader, Fact, NewEvent, event_hash, instant_text, payload_digest,
};

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
    /// Digests of what was asked with a key.
    requests: Vec<Vec<Value<'static>>>,
}

/// Of which request an event is.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// The account that acts.
    pub(crate) actor: &'a str,
    /// What groups the events of one command.
    pub(crate) command: &'a str,
    /// The caller's key, with the digest of what was asked by it.
    pub(crate) key: Option<(&'a str, Digest)>,
}

/// Rows gathered before they are written.
const BATCH: usize = 2_000;

impl Appender {
    /// Locks the head.
    pub(crate) async fn lock(connection: &mut Connection<'_>) -> Result<Appender, Fault> {
        Ok(Appender { head: Head::lock(connection).await?, rows: Vec::new(), requests: Vec::new() })
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
        Asked { actor, command, key }: Asked<'_>,
        now: Timestamp,
        entropy: &Entropy,
    ) -> Result<Recorded, Fault> {
        let idempotency_key = key.map(|(key, _)| key);
        let at = self.recorded_at(now);
        let recorded_at = instant_text(at);
        let sequence = self.head.sequence + 1;
        let payload = event.fact.payload().map_err(|e| Fault::internal("writing a payload", e))?;
        // What cannot be read back would stand in the chain for ever, and nothing after it could be rebuilt
        // or restored. To read it once now costs some two microseconds.
        if Fact::decode(event.fact.kind(), &payload).as_ref() != Ok(&event.fact) {
            let why = format!("a {} would not be read back as it was written", event.fact.kind());
            return Err(Fault::internal("writing a payload", why));
        }
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
        if let Some((_, digest)) = key {
            self.requests.push(vec![sequence.into(), digest.to_vec().into()]);
        }
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
        connection.insert_later("appending events", &head, "", 15, std::mem::take(&mut self.rows)).await?;
        let requests = std::mem::take(&mut self.requests);
        let head = "INSERT INTO request (sequence, digest)";
        connection.insert_later("keeping what was asked", head, "", 2, requests).await?;
        let recorded_at = self.head.recorded_at.map(instant_text).unwrap_or_default();
        connection
            .execute_later(
                "moving the ledger's head",
                "UPDATE ledger_head SET sequence = $1, hash = $2, recorded_at = $3 WHERE one = 1",
                vec![self.head.sequence.into(), self.head.hash.to_vec().into(), recorded_at.into()],
            )
            .await
    }
}

#[cfg(test)]
mod tests {
    use entente_register::contract::delivery::DeliveryAnnulled;
    use entente_register::contract::plan::{PlanItem, PlanItemsAdded};
    use entente_register::label::{Label, Level};
    use entente_register::ledger::{GENESIS, SubjectKind};
    use entente_register::money::{Currency, MAX_AMOUNT, Money, Quantity};
    use jiff::civil::date;

    use super::*;

    fn pushed(fact: Fact) -> Result<Recorded, Fault> {
        let mut appender = Appender {
            head: Head { sequence: 0, hash: GENESIS, recorded_at: None },
            rows: vec![],
            requests: vec![],
        };
        let event = NewEvent {
            subject: SubjectKind::Contract.subject("O-2012-0001"),
            occurred_on: date(2012, 1, 1),
            label: Label::of(Level::Official),
            fact,
            reason: None,
        };
        let now = "2012-09-30T12:00:00Z".parse().unwrap();
        let asked = Asked { actor: "operator", command: "a command", key: None };
        appender.push(event, 1, asked, now, &Entropy::seeded(1))
    }

    #[test]
    fn what_could_not_be_read_back_is_not_written() {
        let annulled = |amount, quantity| {
            Fact::DeliveryAnnulled(DeliveryAnnulled {
                line: "O-2012-0001.1".into(),
                quantity: Quantity(quantity),
                amount: Money::new(amount, Currency::USD),
                handed_over_on: date(2012, 1, 1),
                accepted_on: None,
            })
        };
        assert!(pushed(annulled(MAX_AMOUNT, 1_000)).is_ok());
        for bad in [annulled(MAX_AMOUNT + 1, 1_000), annulled(1, i64::MAX)] {
            assert!(pushed(bad).unwrap_err().cause.contains("delivery.annulled.v1"));
        }
        let item = PlanItem { line: "x".into(), planned_on: date(2012, 1, 1), amount: "1".into() };
        assert!(pushed(Fact::PlanItemsAdded(PlanItemsAdded { items: vec![item] })).is_ok());
    }
}
