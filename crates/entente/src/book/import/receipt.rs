//! Receipts of a book: the rows of one receipt say together what it pays.

use std::collections::HashMap;

use entente_register::book::payment::ReceiptRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::line::contract_of;
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money};
use entente_register::payment::{Allocation, NewReceipt, Receipt, ReceiptCommand};
use entente_store::Outcome;

use super::{Importer, Placed};

const TABLE: Table = Table::Receipts;

fn column(field: &str) -> &'static str {
    match field {
        "on" => "received_on",
        "amount" => "amount",
        "basis" => "basis",
        "bank" => "bank",
        "document" => "document",
        "allocations" => "allocated",
        _ => "receipt",
    }
}

impl Importer<'_> {
    /// Records receipts, each with all that its rows say it pays, unless the register holds them so.
    pub(super) async fn receipts(&mut self, rows: &[Placed<ReceiptRow>]) -> Outcome<()> {
        let mut order: Vec<(&str, &str)> = Vec::new();
        let mut of_receipt: HashMap<(&str, &str), Vec<&Placed<ReceiptRow>>> = HashMap::new();
        for row in rows {
            let key = (row.value.contract.as_str(), row.value.receipt.as_str());
            let group = of_receipt.entry(key).or_default();
            if group.is_empty() {
                order.push(key);
            }
            group.push(row);
        }
        for key in order {
            let group = of_receipt.remove(&key).unwrap_or_default();
            self.receipt(&group).await?;
        }
        Ok(())
    }

    async fn receipt(&mut self, rows: &[&Placed<ReceiptRow>]) -> Outcome<()> {
        let Some(first) = rows.first() else { return Ok(()) };
        let asked = &first.value;
        let mut is_sound = true;
        for row in rows.iter().skip(1) {
            let own = &row.value;
            for (column, is_same) in [
                ("received_on", own.on == asked.on),
                ("amount", own.amount == asked.amount),
                ("basis", own.basis == asked.basis),
                ("bank", own.bank == asked.bank),
                ("document", own.document == asked.document),
            ] {
                if !is_same {
                    let refusal = Refusal::new(
                        "book.receipt",
                        format!("Another row of receipt {} says otherwise.", own.receipt),
                    )
                    .missing("the same in every row of a receipt");
                    self.refuse(TABLE, row, column, &refusal);
                    is_sound = false;
                }
            }
        }
        let Some(contract) = self.find_contract(TABLE, first, &asked.contract).await? else { return Ok(()) };
        let Some(held) = self.batch.contract_state(self.actor, &contract).await? else { return Ok(()) };
        let currency = held.currency;
        let mut allocations = Vec::new();
        for row in rows {
            match self.allocation(row, &contract, currency).await? {
                Ok(allocation) => allocations.extend(allocation),
                Err(()) => is_sound = false,
            }
        }
        let Ok(bank) = self.find_bank(TABLE, first, asked.bank.as_deref()).await? else { return Ok(()) };
        if !is_sound {
            return Ok(());
        }
        let known = self.batch.receipt_referenced(&contract, &asked.receipt).await?;
        let number = match known {
            Some(number) => {
                self.compare_receipt(first, &number, &allocations).await?;
                Some(number)
            }
            None => {
                let new = NewReceipt {
                    reference: Some(asked.receipt.clone()),
                    on: asked.on,
                    amount: asked.amount,
                    basis: asked.basis,
                    bank,
                    document: asked.document.clone(),
                    allocations,
                };
                let command = ReceiptCommand::Record(Box::new(new));
                let command = Command::Receipt { number: contract, command };
                let receipt = self.execute(TABLE, first, command, column).await?;
                self.report.counts(TABLE).added += if receipt.is_some() { rows.len() as u64 } else { 0 };
                receipt.map(|receipt| receipt.subject.key)
            }
        };
        if let Some(number) = number {
            self.compare_value(first, &number, currency).await?;
        }
        Ok(())
    }

    /// What a row says that its receipt pays; an error where that is a fault of the row, which is noted.
    async fn allocation(
        &mut self,
        row: &Placed<ReceiptRow>,
        contract: &str,
        currency: Currency,
    ) -> Outcome<Result<Option<Allocation>, ()>> {
        let Some((reference, amount)) = &row.value.pays else { return Ok(Ok(None)) };
        let Some(amount) = self.money(TABLE, row, "allocated", (amount, currency)) else {
            return Ok(Err(()));
        };
        let named = (row.value.contract.as_str(), contract, reference.as_str());
        let instalment = self.find_instalment(TABLE, row, named, "instalment").await?;
        Ok(instalment.map(|instalment| Some(Allocation { instalment, amount })).ok_or(()))
    }

    /// Compares rows with the receipt that the register holds; allocates what it does not pay yet.
    async fn compare_receipt(
        &mut self,
        row: &Placed<ReceiptRow>,
        number: &str,
        allocations: &[Allocation],
    ) -> Outcome<()> {
        let Some(held) = self.batch.receipt_state(self.actor, number).await?.cloned() else { return Ok(()) };
        let asked = &row.value;
        let remedy = format!(
            "the same as receipt {number} has, or a number of its own; what was recorded in error is annulled by itself"
        );
        let mut agrees = true;
        for (column, is_same, says) in [
            ("receipt", held.state == "recorded", format!("it is {}", held.state)),
            (
                "received_on",
                held.received_on == asked.on,
                format!("the money came in on {}", held.received_on),
            ),
            ("amount", held.amount == asked.amount, format!("{} came in", held.amount)),
        ] {
            if !is_same {
                let says = format!("receipt {number} bears this number, and {says}");
                self.differs(TABLE, row, column, says, &remedy);
                agrees = false;
            }
        }
        if !agrees {
            return Ok(());
        }
        let more = beyond(&held, allocations);
        if more.is_empty() {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(());
        }
        let command = ReceiptCommand::Allocate { allocations: more };
        let command = Command::Receipt { number: number.to_owned(), command };
        let done = self.execute(TABLE, row, command, column).await?;
        self.report.counts(TABLE).changed += u64::from(done.is_some());
        Ok(())
    }

    /// Compares what the rate gave with what the file says that it gives.
    async fn compare_value(
        &mut self,
        row: &Placed<ReceiptRow>,
        number: &str,
        currency: Currency,
    ) -> Outcome<()> {
        let Some(text) = &row.value.value else { return Ok(()) };
        let Some(asked) = self.money(TABLE, row, "value", (text, currency)) else { return Ok(()) };
        let Some(held) = self.batch.receipt_state(self.actor, number).await?.map(|held| held.value) else {
            return Ok(());
        };
        if held != asked {
            let says = format!("by the rate it is worth {held}");
            self.differs(
                TABLE,
                row,
                "value",
                says,
                "the rate by which the value was worked out, or no value",
            );
        }
        Ok(())
    }
}

/// What rows say that a receipt pays, beyond what it does.
fn beyond(held: &Receipt, allocations: &[Allocation]) -> Vec<Allocation> {
    debug_assert!(allocations.iter().all(|a| contract_of(&a.instalment) == contract_of(&held.number)));
    let mut more = Vec::new();
    for asked in allocations {
        let paid: i64 = held
            .allocations
            .iter()
            .filter(|one| one.instalment == asked.instalment)
            .map(|one| one.amount.minor)
            .sum();
        if asked.amount.minor > paid {
            let amount = Money::new(asked.amount.minor - paid, asked.amount.currency);
            more.push(Allocation { instalment: asked.instalment.clone(), amount });
        }
    }
    more
}
