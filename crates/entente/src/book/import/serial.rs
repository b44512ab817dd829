//! Serial numbers of a book: those of a delivery as a whole, from a day on.

use entente_register::book::serial::SerialRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::ledger::SubjectKind;
use entente_store::Outcome;

use super::set::{Held, RowSet, together};
use super::{Importer, Placed};

const TABLE: Table = Table::Serials;

/// The rows that are the serial numbers of a delivery from a day on.
pub(super) type SerialSet<'r> = RowSet<'r, SerialRow>;

/// Puts rows together to the records that they are of.
pub(super) fn by_delivery(rows: &[Placed<SerialRow>]) -> Vec<SerialSet<'_>> {
    // Where the file says the order of entry, a day may have several.
    together(rows, |row| (row.contract.as_str(), row.delivery.as_str(), row.on, row.entry))
}

fn column(field: &str) -> &'static str {
    match field {
        "on" => "recorded_on",
        "document" => "document",
        "reason" => "reason",
        _ => "serial",
    }
}

impl Importer<'_> {
    /// Records serial numbers, unless the register holds them from that day on.
    pub(super) async fn record_serials(&mut self, set: &SerialSet<'_>) -> Outcome<()> {
        let row = set.first;
        let SerialRow { contract, delivery, on, .. } = &row.value;
        let Some(number) = self.find_contract(TABLE, row, contract).await? else { return Ok(()) };
        if self.rests_on_fault((TABLE, contract, delivery), TABLE) {
            return Ok(());
        }
        let named = (contract.as_str(), number.as_str(), delivery.as_str());
        let Some(number) = self.find_delivery(TABLE, row, named, "delivery").await? else { return Ok(()) };
        let mut held = match self.serials.remove(&number) {
            Some(held) => held,
            None => self.held_serials(&number).await?,
        };
        let serials: Vec<String> = set.rows().map(|row| row.value.serial.clone()).collect();
        match held.find(*on) {
            Some(true) if serials != held.last => {
                let says = format!("delivery {number} has other serial numbers from {on}");
                let remedy = "the same as the register has; what is recorded again is so on a day of its own";
                self.differs(TABLE, row, "recorded_on", says, remedy);
            }
            Some(_) => self.report.counts(TABLE).unchanged += 1,
            None => self.record_new(set, &number, serials).await?,
        }
        self.serials.insert(number, held);
        Ok(())
    }

    async fn record_new(&mut self, set: &SerialSet<'_>, number: &str, serials: Vec<String>) -> Outcome<()> {
        let row = &set.first.value;
        let command = DeliveryCommand::RecordSerials {
            on: row.on,
            serials,
            document: set.rows().find_map(|row| row.value.document.clone()),
            reason: row.reason.clone(),
        };
        let command = Command::Delivery { number: Some(number.to_owned()), command };
        if self.execute(TABLE, set.first, command, column).await?.is_some() {
            self.report.counts(TABLE).added += 1;
        } else {
            // Its acceptance may ask for them, which would be the same fault once more.
            self.unusable.insert((TABLE, row.contract.clone(), row.delivery.clone()));
        }
        Ok(())
    }

    async fn held_serials(&mut self, number: &str) -> Outcome<Held<Vec<String>>> {
        let told = self.batch.told_of(&SubjectKind::Delivery.subject(number)).await?;
        let days =
            told.into_iter().filter(|(word, _)| word == "serials_recorded").map(|(_, on)| on).collect();
        let held = self.batch.delivery_state(self.actor, number).await?;
        Ok(Held::new(days, held.map(|held| held.serials.clone()).unwrap_or_default()))
    }
}
