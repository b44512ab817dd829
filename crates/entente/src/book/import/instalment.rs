//! Instalments of a book: the first row of an instalment schedules it, each later one amends it.

use entente_register::book::payment::InstalmentRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money};
use entente_register::payment::{DueRule, InstalmentChange, InstalmentCommand, NewInstalment};
use entente_store::Outcome;

use super::{Importer, Placed};

const TABLE: Table = Table::Instalments;

fn column(field: &str) -> &'static str {
    match field {
        "on" => "agreed_on",
        "kind" => "kind",
        "amount" => "amount",
        "due_on" => "due_on",
        "due_days" | "days" => "due_days",
        "due_after" | "milestone" | "delivery" | "line" => "due_after",
        "due_rule" => "due_rule",
        "lender" => "lender",
        "bank" => "bank",
        "label" => "marking",
        "document" => "document",
        "reason" => "reason",
        _ => "instalment",
    }
}

/// What of a row is read with the help of the register.
struct Terms {
    amount: Money,
    due: DueRule,
    bank: Option<String>,
}

impl Importer<'_> {
    /// Schedules an instalment or amends it, and withdraws it, unless the register holds it so.
    pub(super) async fn instalment(&mut self, row: &Placed<InstalmentRow>) -> Outcome<()> {
        let asked = &row.value;
        let Some(contract) = self.find_contract(TABLE, row, &asked.contract).await? else { return Ok(()) };
        let Some(held) = self.batch.contract_state(self.actor, &contract).await? else { return Ok(()) };
        let currency = held.currency;
        let Some(terms) = self.terms(row, &contract, currency).await? else { return Ok(()) };
        let known = self.batch.instalment_referenced(&contract, &asked.instalment).await?;
        let done = match known {
            None => self.schedule_instalment(row, &contract, terms).await?,
            Some(number) => self.amend_instalment(row, &number, terms).await?.then_some(number),
        };
        let (Some(number), Some(withdrawn)) = (done, &asked.withdrawn) else { return Ok(()) };
        match self.batch.instalment_state(self.actor, &number).await?.map(|one| (one.state, one.last_on)) {
            Some(("scheduled", _)) => {
                let command = InstalmentCommand::Withdraw { on: withdrawn.on, reason: withdrawn.by.clone() };
                let column =
                    |field: &str| if field == "reason" { "withdrawn_reason" } else { "withdrawn_on" };
                self.execute(TABLE, row, Command::Instalment { number, command }, column).await?;
            }
            Some(("withdrawn", on)) if on == withdrawn.on => {}
            held => {
                let says = held.map_or_else(
                    || format!("instalment {number} is not open to you"),
                    |(state, on)| format!("instalment {number} is {state} since {on}"),
                );
                self.differs(TABLE, row, "withdrawn_on", says, "the same as the register has");
            }
        }
        Ok(())
    }

    async fn schedule_instalment(
        &mut self,
        row: &Placed<InstalmentRow>,
        contract: &str,
        terms: Terms,
    ) -> Outcome<Option<String>> {
        let asked = &row.value;
        let new = NewInstalment {
            reference: Some(asked.instalment.clone()),
            kind: asked.kind,
            amount: terms.amount,
            due: terms.due,
            lender: asked.lender,
            bank: terms.bank,
            label: asked.label.clone(),
            on: asked.agreed_on,
            document: asked.document.clone(),
        };
        let command = InstalmentCommand::Schedule(Box::new(new));
        let command = Command::Instalment { number: contract.to_owned(), command };
        let receipt = self.execute(TABLE, row, command, column).await?;
        self.report.counts(TABLE).added += u64::from(receipt.is_some());
        if let Some(receipt) = &receipt {
            self.new_instalments.insert(receipt.subject.key.clone());
        }
        Ok(receipt.map(|receipt| receipt.subject.key))
    }

    /// Amends an instalment by a row that is later than its last change, or that follows the row which this
    /// import scheduled it by; compares it otherwise. Says whether all is well.
    async fn amend_instalment(
        &mut self,
        row: &Placed<InstalmentRow>,
        number: &str,
        terms: Terms,
    ) -> Outcome<bool> {
        let asked = &row.value;
        let Some(held) = self.batch.instalment_state(self.actor, number).await?.cloned() else {
            return Ok(false);
        };
        let is_new = self.new_instalments.contains(number);
        let is_same = (held.kind, held.amount, &held.due, &held.bank)
            == (asked.kind, terms.amount, &terms.due, &terms.bank);
        // The day of a withdrawal is no day of an amendment.
        let last_on = if held.state == "withdrawn" { None } else { Some(held.last_on) };
        if !is_new && last_on.is_none_or(|last| asked.agreed_on < last) {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(true);
        }
        if !is_new && last_on == Some(asked.agreed_on) {
            if is_same {
                self.report.counts(TABLE).unchanged += 1;
                return Ok(true);
            }
            let says = format!("{} {}, {}", held.kind.name(), held.amount, held.due.words());
            let remedy =
                "the same as the register has, or a later row that amends it, with its day and document";
            self.differs(TABLE, row, "instalment", says, remedy);
            return Ok(false);
        }
        let (Some(document), Some(reason)) = (asked.document.clone(), asked.reason.clone()) else {
            let (column, what) = match asked.document {
                None => ("document", "the title of the amendment"),
                Some(_) => ("reason", "why it was amended"),
            };
            let refusal = Refusal::new(
                "book.amendment",
                format!(
                    "Instalment {} of contract {} stands here again, so this row amends it.",
                    asked.instalment, asked.contract
                ),
            )
            .missing(what);
            self.refuse(TABLE, row, column, &refusal);
            return Ok(false);
        };
        let change = InstalmentChange {
            amount: (terms.amount != held.amount).then_some(terms.amount),
            due: (terms.due != held.due).then_some(terms.due),
            bank: terms.bank.filter(|bank| held.bank.as_ref() != Some(bank)),
        };
        let command = InstalmentCommand::Amend { on: asked.agreed_on, change, document, reason };
        let command = Command::Instalment { number: number.to_owned(), command };
        let done = self.execute(TABLE, row, command, column).await?.is_some();
        self.report.counts(TABLE).changed += u64::from(done);
        Ok(done)
    }

    /// Reads amount, rule and bank; what is at fault is a problem of the row.
    async fn terms(
        &mut self,
        row: &Placed<InstalmentRow>,
        contract: &str,
        currency: Currency,
    ) -> Outcome<Option<Terms>> {
        let asked = &row.value;
        let amount = Money::parse("amount", &asked.amount, currency);
        let after = match (asked.due_rule.trim(), &asked.due_after) {
            ("after_line", Some(line)) => match self.find_line_at(row, contract, line).await? {
                None => return Ok(None),
                found => found,
            },
            // A delivery may still be to come: then it is named by the places of its line and of itself.
            ("after_delivery", Some(delivery)) => {
                let found = self.batch.delivery_referenced(contract, delivery).await?;
                Some(found.unwrap_or_else(|| format!("{contract}.{delivery}")))
            }
            (_, after) => after.clone(),
        };
        let due = DueRule::of_parts(&asked.due_rule, asked.due_on, asked.due_days, after);
        let Ok(bank) = self.find_bank(TABLE, row, asked.bank.as_deref()).await? else { return Ok(None) };
        match (amount, due) {
            (Ok(amount), Ok(due)) => Ok(Some(Terms { amount, due, bank })),
            (amount, due) => {
                for refusal in [amount.err(), due.err()].into_iter().flatten() {
                    let column = column(refusal.field.as_deref().unwrap_or_default());
                    self.refuse(TABLE, row, column, &refusal);
                }
                Ok(None)
            }
        }
    }

    /// The number of the line of a contract that a rule names.
    async fn find_line_at(
        &mut self,
        row: &Placed<InstalmentRow>,
        contract: &str,
        line: &str,
    ) -> Outcome<Option<String>> {
        let found = self.batch.line_referenced(contract, line).await?;
        if found.is_none() {
            let contract = &row.value.contract;
            let refusal =
                Refusal::new("book.line", format!("Contract {contract} has no line with the number {line}."))
                    .missing("the number of a line that the register or this book has");
            self.refuse(TABLE, row, "due_after", &refusal);
        }
        Ok(found)
    }
}
