//! Deliveries of a book: handed over, and accepted or returned.

use entente_register::book::row::DeliveryRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_store::Outcome;

use super::{Importer, Placed};

const TABLE: Table = Table::Deliveries;

/// A delivery that was handed over.
#[derive(Debug, Clone)]
pub(super) struct HandedOver {
    /// Its number.
    number: String,
    /// Whether this import has recorded it.
    is_new: bool,
}

impl Importer<'_> {
    /// Looks for the deliveries of many rows at once.
    pub(super) async fn look_for_deliveries(&mut self, rows: &[Placed<DeliveryRow>]) -> Outcome<()> {
        for row in rows {
            let reference = &row.value.contract;
            if !self.contracts.contains_key(reference)
                && let [number] = self.batch.contracts_referenced(self.actor, reference).await?.as_slice()
            {
                self.contracts.insert(reference.clone(), Some(number.clone()));
            }
        }
        let contracts = &self.contracts;
        let wanted = rows.iter().filter_map(|row| {
            let number = contracts.get(&row.value.contract)?.as_deref()?;
            Some((number, row.value.delivery.as_str()))
        });
        self.batch.prefetch_deliveries(wanted).await
    }

    /// All that a row says of a delivery.
    pub(super) async fn delivery(&mut self, row: &Placed<DeliveryRow>) -> Outcome<()> {
        let Some(delivery) = self.hand_over(row).await? else { return Ok(()) };
        if row.value.accepted.is_none() || self.accept(row, &delivery).await? {
            self.give_back(row).await?;
        }
        Ok(())
    }

    /// Hands goods over, unless the register holds it so. Gives the delivery, if all is well with it.
    pub(super) async fn hand_over(&mut self, row: &Placed<DeliveryRow>) -> Outcome<Option<HandedOver>> {
        let delivery = &row.value;
        let Some(line) = self.find_line(TABLE, row, &delivery.contract, &delivery.line).await? else {
            return Ok(None);
        };
        let Some(Some(contract)) = self.contracts.get(&delivery.contract).cloned() else { return Ok(None) };
        let held = self.batch.delivery_referenced(&contract, &delivery.delivery).await?;
        let (number, is_new) = match held {
            Some(number) => match self.compare_delivery(row, &line, &number).await? {
                true => (number, false),
                false => return Ok(None),
            },
            None => {
                let command = DeliveryCommand::HandOver {
                    line,
                    reference: Some(delivery.delivery.clone()),
                    quantity: delivery.quantity,
                    on: delivery.handed_over.on,
                    document: delivery.handed_over.by.clone(),
                };
                let command = Command::Delivery { number: None, command };
                let column = |field: &str| match field {
                    "on" => "handed_over_on",
                    "document" => "handed_over_document",
                    "quantity" => "quantity",
                    "reference" => "delivery",
                    "line" => "line",
                    _ => "contract",
                };
                let Some(receipt) = self.execute(TABLE, row, command, column).await? else {
                    return Ok(None);
                };
                self.report.counts(TABLE).added += 1;
                (receipt.subject.key, true)
            }
        };
        let has_moved = delivery.accepted.is_some() || delivery.returned.is_some();
        self.report.counts(TABLE).unchanged += u64::from(!is_new && !has_moved);
        Ok(Some(HandedOver { number, is_new }))
    }

    /// Records the acceptance of goods, unless the register holds it so. Says whether all is well.
    pub(super) async fn accept(
        &mut self,
        row: &Placed<DeliveryRow>,
        HandedOver { number, is_new }: &HandedOver,
    ) -> Outcome<bool> {
        let Some(accepted) = &row.value.accepted else { return Ok(true) };
        let state = self.batch.delivery_state(self.actor, number).await?.map(|d| (d.state, d.accepted_on));
        match state {
            Some(("handed_over", _)) => {
                let command = DeliveryCommand::Accept { on: accepted.on, document: accepted.by.clone() };
                let command = Command::Delivery { number: Some(number.clone()), command };
                let column =
                    |field: &str| if field == "document" { "accepted_document" } else { "accepted_on" };
                let done = self.execute(TABLE, row, command, column).await?.is_some();
                self.report.counts(TABLE).changed += u64::from(done && !*is_new);
                Ok(done)
            }
            Some(("accepted", Some(on))) if on == accepted.on => {
                self.report.counts(TABLE).unchanged += 1;
                Ok(true)
            }
            held => {
                let says = match held {
                    Some(("accepted", Some(on))) => format!("delivery {number} was accepted on {on}"),
                    Some((state, _)) => format!("delivery {number} is {}", state.replace('_', " ")),
                    None => format!("delivery {number} is not open to you"),
                };
                self.differs(TABLE, row, "accepted_on", says, "the same as the register has");
                Ok(false)
            }
        }
    }

    /// Records the return of goods, unless the register holds it so.
    pub(super) async fn give_back(&mut self, row: &Placed<DeliveryRow>) -> Outcome<()> {
        let delivery = &row.value;
        let Some(returned) = &delivery.returned else { return Ok(()) };
        let Some(Some(contract)) = self.contracts.get(&delivery.contract).cloned() else { return Ok(()) };
        let Some(number) = self.batch.delivery_referenced(&contract, &delivery.delivery).await? else {
            return Ok(());
        };
        match self.batch.delivery_state(self.actor, &number).await?.map(|d| d.state) {
            Some("handed_over") => {
                let command =
                    DeliveryCommand::Return { on: returned.on, reason: returned.by.clone(), document: None };
                let command = Command::Delivery { number: Some(number), command };
                let column = |field: &str| if field == "reason" { "returned_reason" } else { "returned_on" };
                self.execute(TABLE, row, command, column).await?;
            }
            Some("returned") => self.report.counts(TABLE).unchanged += 1,
            held => {
                let says =
                    format!("delivery {number} is {}", held.unwrap_or("not open to you").replace('_', " "));
                self.differs(TABLE, row, "returned_on", says, "the same as the register has");
            }
        }
        Ok(())
    }

    /// Compares a row with the delivery that the register holds. Says whether they agree.
    async fn compare_delivery(
        &mut self,
        row: &Placed<DeliveryRow>,
        line: &str,
        number: &str,
    ) -> Outcome<bool> {
        let Some(held) = self.batch.delivery_state(self.actor, number).await?.cloned() else {
            return Ok(false);
        };
        let delivery = &row.value;
        let remedy = format!(
            "the same as delivery {number} has, or a number of its own; what was recorded in error is annulled by itself"
        );
        let mut agrees = true;
        for (column, is_same, says) in [
            ("line", held.line == line, format!("it is of line {}", held.line)),
            ("quantity", held.quantity == delivery.quantity, format!("its quantity is {}", held.quantity)),
            (
                "handed_over_on",
                held.handed_over_on == delivery.handed_over.on,
                format!("it was handed over on {}", held.handed_over_on),
            ),
        ] {
            if !is_same {
                self.differs(
                    TABLE,
                    row,
                    column,
                    format!("delivery {number} bears this number, and {says}"),
                    &remedy,
                );
                agrees = false;
            }
        }
        Ok(agrees)
    }
}
