//! Opportunities: a row for each stretch of days in which one stands as it does.
//!
//! What lists and figures ask of stands in columns; the whole of it is the JSON of its folded state, so that a
//! page is read from one row.

use std::collections::HashMap;

use jiff::civil::Date;

use entente_register::opportunity::Opportunity;

use super::buffer::{Buffer, Slot};
use super::{NO_END, STANDING, absent, content_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// The table `opportunity`.
pub(super) struct Opportunities {
    /// The row of each that stands and has no end, of those met so far.
    standing: HashMap<String, Standing>,
    rows: Buffer,
}

/// The row of an opportunity that stands.
struct Standing {
    valid_from: Date,
    known_from: i64,
    label: i64,
    state: Opportunity,
    slot: Option<Slot>,
}

const DOING: &str = "writing opportunities";

/// Opportunities remembered at most between writings.
const MOST: usize = 10_000;

impl Default for Opportunities {
    fn default() -> Opportunities {
        Opportunities {
            standing: HashMap::new(),
            rows: Buffer::closing(
                DOING,
                "INSERT INTO opportunity (number, valid_from, valid_to, known_from, known_to, label, partner, exporter, kind, state, title, received_on, deadline, answered_on, ended_on, currency, amount, probability, signature_on, cause, contract, content)",
                4,
                "UPDATE opportunity SET known_to = $1 WHERE number = $2 AND known_from = $3 AND valid_from = $4",
            ),
        }
    }
}

impl Opportunities {
    /// Changes the table by one event of an opportunity.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let number = &event.subject.key;
        let before = if recorded.version == 1 { None } else { Some(self.take(connection, number).await?) };
        let mut state = before.as_ref().map(|before| before.state.clone());
        Opportunity::apply(
            &mut state,
            &event.subject,
            event.occurred_on,
            &event.label,
            &event.fact,
            event.reason.as_deref(),
        );
        let state = state.ok_or_else(|| absent("opportunity", number))?;
        let mut valid_from = event.occurred_on;
        if let Some(before) = before {
            self.rows.close(
                before.slot,
                recorded.sequence,
                [number.clone().into(), before.known_from.into(), before.valid_from.into()],
            );
            if event.occurred_on > before.valid_from {
                // What was so before the day stays so, and is known to end on it.
                let ended = Standing { known_from: recorded.sequence, slot: None, ..before };
                self.rows.insert(ended.values(event.occurred_on.into())?);
            } else {
                valid_from = before.valid_from;
            }
        }
        let mut row = Standing { valid_from, known_from: recorded.sequence, label, state, slot: None };
        row.slot = Some(self.rows.insert(row.values(NO_END.into())?));
        self.standing.insert(number.clone(), row);
        Ok(())
    }

    /// The row that stands, out of what is remembered or out of the table.
    async fn take(&mut self, connection: &mut Connection<'_>, number: &str) -> Result<Standing, Fault> {
        if let Some(row) = self.standing.remove(number) {
            return Ok(row);
        }
        let row = connection
            .fetch_optional(
                "reading an opportunity",
                "SELECT valid_from, known_from, label, content FROM opportunity WHERE number = $1 AND known_to = $2 AND valid_to = $3",
                &[number.into(), STANDING.into(), NO_END.into()],
            )
            .await?
            .ok_or_else(|| absent("opportunity", number))?;
        Ok(Standing {
            valid_from: row.date(0)?,
            known_from: row.int(1)?,
            label: row.int(2)?,
            state: row.json("reading an opportunity", 3)?,
            slot: None,
        })
    }

    /// Partner and exporter of one of which an event was just applied.
    pub(super) fn of(&self, number: &str) -> Result<(String, String), Fault> {
        let standing = self.standing.get(number).ok_or_else(|| absent("opportunity", number))?;
        Ok((standing.state.partner.clone(), standing.state.exporter.clone()))
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        if self.standing.len() > MOST {
            self.standing.clear();
        }
        Ok(())
    }
}

impl Standing {
    fn values(&self, valid_to: Value<'static>) -> Result<Vec<Value<'static>>, Fault> {
        let state = &self.state;
        let day = |on: Option<Date>| Value::from(on.map(|on| on.to_string()));
        let content = content_of(DOING, state)?;
        let value = state.value();
        let estimate = state.estimate();
        let cause = match &state.outcome {
            Some(entente_register::opportunity::Outcome::Lost { cause, .. }) => Some(cause.word()),
            _ => None,
        };
        Ok(vec![
            state.number.clone().into(),
            self.valid_from.into(),
            valid_to,
            self.known_from.into(),
            STANDING.into(),
            self.label.into(),
            state.partner.clone().into(),
            state.exporter.clone().into(),
            state.kind.word().into(),
            state.state.into(),
            state.title.clone().into(),
            state.received_on.into(),
            day(state.deadline),
            day(state.answered_on),
            day(state.ended_on),
            value.map(|value| value.currency.code()).into(),
            Value::Int(value.map(|value| value.minor)),
            Value::Int(estimate.map(|estimate| i64::from(estimate.probability))),
            day(estimate.and_then(|estimate| estimate.signature_on)),
            cause.into(),
            state.contract().map(str::to_owned).into(),
            content.into(),
        ])
    }
}
