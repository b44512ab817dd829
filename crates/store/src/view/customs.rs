//! The exchange with customs: a row for each stretch of days in which a run or a discrepancy stands as it does.

use entente_register::customs::discrepancy::Discrepancy;
use entente_register::customs::exchange::Exchange;
use entente_register::customs::run::CustomsRun;
use entente_register::ledger::SubjectKind;

use super::folded::Folded;
use super::{absent, content_of, state_of};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing the exchange with customs";

/// The table `customs`.
pub(super) struct Customs {
    rows: Folded,
}

impl Default for Customs {
    fn default() -> Customs {
        Customs {
            rows: Folded::new(
                DOING,
                ("customs", "exchange, run or discrepancy"),
                (
                    "kind, label, direction, run, licence, happened_on, account, registered",
                    "state, holds, taken, refused, content",
                ),
                "INSERT INTO customs (number, valid_from, valid_to, known_from, known_to, kind, label, direction, run, licence, happened_on, account, registered, state, holds, taken, refused, content)",
            ),
        }
    }
}

/// What a subject keeps beside its kind, and what changes of it.
struct Row {
    kind: &'static str,
    direction: Option<String>,
    run: Option<i64>,
    licence: Option<String>,
    state: String,
    holds: i64,
    taken: Option<i64>,
    refused: Option<i64>,
    content: String,
}

impl Row {
    fn of_exchange(exchange: &Exchange) -> Result<Row, Fault> {
        Ok(Row {
            kind: "exchange",
            direction: None,
            run: None,
            licence: None,
            state: String::new(),
            holds: 0,
            taken: None,
            refused: None,
            content: content_of(DOING, exchange)?,
        })
    }

    fn of_run(run: &CustomsRun) -> Result<Row, Fault> {
        let taken = run.taken();
        Ok(Row {
            kind: "run",
            direction: Some(run.direction().word().to_owned()),
            run: Some(run.run().into()),
            licence: None,
            state: run.state.to_owned(),
            holds: count(run.holds()),
            taken: taken.map(|(taken, _)| count(taken)),
            refused: taken.map(|(_, refused)| count(refused)),
            content: content_of(DOING, run)?,
        })
    }

    fn of_discrepancy(discrepancy: Discrepancy) -> Result<Row, Fault> {
        let content = content_of(DOING, &discrepancy)?;
        Ok(Row {
            kind: "discrepancy",
            direction: None,
            run: Some(discrepancy.opened.run.into()),
            licence: Some(discrepancy.opened.licence),
            state: discrepancy.state.to_owned(),
            holds: 0,
            taken: None,
            refused: None,
            content,
        })
    }
}

fn count(many: usize) -> i64 {
    i64::try_from(many).unwrap_or(i64::MAX)
}

impl Customs {
    /// Changes the table by one event of the exchange, of a run or of a discrepancy.
    pub(super) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        label: i64,
    ) -> Result<(), Fault> {
        let event = &recorded.event;
        let subject = &event.subject;
        let before = self.rows.before(connection, recorded).await?;
        let before = before.as_deref();
        let on = event.occurred_on;
        let by = (recorded.actor.as_str(), &event.label);
        let gone = || absent(subject.kind.word(), &subject.key);
        let row = match subject.kind {
            SubjectKind::Exchange => {
                let mut state: Option<Exchange> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                state.get_or_insert_default().apply(on, by.0, &event.fact);
                Row::of_exchange(&state.ok_or_else(gone)?)?
            }
            SubjectKind::CustomsRun => {
                let mut state: Option<CustomsRun> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                CustomsRun::apply(&mut state, subject, on, by, &event.fact);
                Row::of_run(&state.ok_or_else(gone)?)?
            }
            _ => {
                let mut state: Option<Discrepancy> =
                    before.map(|content| state_of(DOING, content)).transpose()?;
                Discrepancy::apply(&mut state, subject, on, by, (&event.fact, event.reason.as_deref()));
                Row::of_discrepancy(state.ok_or_else(gone)?)?
            }
        };
        let kept: [Value<'static>; 8] = [
            row.kind.into(),
            label.into(),
            row.direction.into(),
            row.run.into(),
            row.licence.into(),
            on.to_string().into(),
            recorded.actor.clone().into(),
            recorded.sequence.into(),
        ];
        let changed = vec![
            row.state.into(),
            row.holds.into(),
            row.taken.into(),
            row.refused.into(),
            row.content.into(),
        ];
        self.rows.put(connection, recorded, kept, changed).await
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.gathered()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
