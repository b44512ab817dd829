//! The serial numbers that deliveries bear.

use entente_register::contract::line::{contract_of, line_of};
use entente_register::contract::serial::{SerialsRecorded, folded};

use super::STANDING;
use super::buffer::Buffer;
use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing serial numbers";

/// The table `serial_number`.
pub(super) struct Serials {
    rows: Buffer,
}

impl Default for Serials {
    fn default() -> Serials {
        Serials {
            rows: Buffer::inserting(
                DOING,
                "INSERT INTO serial_number (delivery, position, known_from, known_to, recorded_on, serial, folded, line, contract, label)",
                "",
            ),
        }
    }
}

impl Serials {
    /// All serial numbers of a delivery: what was recorded before falls away.
    pub(super) async fn record(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        new: &SerialsRecorded,
        label: i64,
    ) -> Result<(), Fault> {
        self.take_back(connection, recorded).await?;
        let delivery = recorded.event.subject.key.as_str();
        let line = line_of(delivery);
        for (position, serial) in (1_i64..).zip(&new.serials) {
            self.rows.insert(vec![
                delivery.to_owned().into(),
                position.into(),
                recorded.sequence.into(),
                STANDING.into(),
                recorded.event.occurred_on.into(),
                serial.clone().into(),
                folded(serial).into(),
                line.to_owned().into(),
                contract_of(line).to_owned().into(),
                label.into(),
            ]);
        }
        Ok(())
    }

    /// The serial numbers of a delivery fall away.
    pub(super) async fn take_back(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        self.rows.flush(connection).await?;
        let values = [recorded.sequence.into(), recorded.event.subject.key.as_str().into(), STANDING.into()];
        connection
            .execute(
                DOING,
                "UPDATE serial_number SET known_to = $1 WHERE delivery = $2 AND known_to = $3",
                &values,
            )
            .await?;
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
