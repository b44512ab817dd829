//! The events of a subject, as its page shows them.

use entente_register::access::{Reading, may_read};
use entente_register::ledger::{Event, Fact, Subject, SubjectKind};

use super::{HistoryRow, LedgerEntry, Listing, Page, Reader};
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

    /// A page of what had happened to a subject by the reader's day, the latest first: of a subject with many events, and
    /// no annulments, whose page shows some.
    pub(super) async fn latest_history(
        &self,
        connection: &mut Connection<'_>,
        subject: &Subject,
        page: Page,
    ) -> Result<Listing<HistoryRow>, Fault> {
        const DOING: &str = "reading the history of a subject";
        let page = page.bounded();
        let which = "FROM event WHERE subject = $1 AND sequence <= $2 AND occurred_on <= $3";
        let (name, horizon, day) = (subject.to_string(), self.horizon.sequence, self.as_of);
        let values = [name.as_str().into(), horizon.into(), day.into()];
        let sql = format!("SELECT CAST(count(*) AS BIGINT) {which}");
        let total = connection.fetch_one(DOING, &sql, &values).await?.int(0)?;
        let sql = format!("SELECT {EVENT_COLUMNS} {which} ORDER BY version DESC LIMIT $4 OFFSET $5");
        let values =
            [name.as_str().into(), horizon.into(), day.into(), page.limit.into(), page.offset.into()];
        let mut events = Vec::new();
        for row in connection.fetch(DOING, &sql, &values).await? {
            let event = decode_event(&row)?.event;
            if self.actor.clearance.admits(&event.label) {
                events.push(event);
            }
        }
        Ok(Listing { rows: self.history(&events), total, page })
    }

    /// What happened to all subjects of some kinds under a contract that the actor may see, those that fell
    /// away among them, in the order in which it became known; each with its subject.
    pub(super) async fn history_under(
        &self,
        connection: &mut Connection<'_>,
        contract: &str,
        kinds: &[SubjectKind],
    ) -> Result<Vec<(String, HistoryRow)>, Fault> {
        let mut found = Vec::new();
        for kind in kinds {
            if *kind == SubjectKind::Schedule {
                found.extend(self.events_of(connection, &kind.subject(contract)).await?);
                continue;
            }
            // All numbers that begin with the contract's and a point: the slash comes next after the point.
            let (from, to) = (kind.subject(format!("{contract}.")), kind.subject(format!("{contract}/")));
            let sql = format!(
                "SELECT {EVENT_COLUMNS} FROM event WHERE subject >= $1 AND subject < $2 AND sequence <= $3 ORDER BY sequence"
            );
            let values = [from.to_string().into(), to.to_string().into(), self.horizon.sequence.into()];
            for row in connection.fetch("reading the history of a contract", &sql, &values).await? {
                let event = decode_event(&row)?.event;
                if self.actor.clearance.admits(&event.label) {
                    found.push(event);
                }
            }
        }
        found.sort_by_key(|event| event.sequence);
        let mut all = Vec::new();
        for event in &found {
            let rows = self.history(std::slice::from_ref(event));
            all.extend(rows.into_iter().map(|row| (event.subject.to_string(), row)));
        }
        Ok(all)
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
                | Fact::MilestoneAnnulled(_)
                | Fact::SlippageAnnulled(_)
                | Fact::CorrectiveAnnulled(_)
                | Fact::OffsetAnnulled(_)
        )
    )
}
