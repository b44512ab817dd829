//! Published forecasts: one row each, which is never closed, because nothing changes what was published.

use entente_register::forecast::ForecastPublished;

use super::buffer::Buffer;
use super::content_of;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing forecasts";

/// The table `forecast`.
pub(super) struct Forecasts {
    rows: Buffer,
}

impl Default for Forecasts {
    fn default() -> Forecasts {
        let insert = "INSERT INTO forecast (number, known_from, label, published_on, as_of, counting, currency, scope, content)";
        Forecasts { rows: Buffer::inserting(DOING, insert, "") }
    }
}

impl Forecasts {
    /// Adds what was published.
    pub(super) fn publish(
        &mut self,
        recorded: &Recorded,
        said: &ForecastPublished,
        label: i64,
    ) -> Result<(), Fault> {
        let content = content_of(DOING, said)?;
        self.rows.insert(vec![
            recorded.event.subject.key.clone().into(),
            recorded.sequence.into(),
            label.into(),
            recorded.event.occurred_on.into(),
            said.as_of.into(),
            said.counting.word().into(),
            said.delivered.currency.code().into(),
            said.scope.clone().into(),
            content.into(),
        ]);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
