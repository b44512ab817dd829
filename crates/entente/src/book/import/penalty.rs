//! Penalties of a book: a claim as it was reckoned when it was made, what was agreed of it, and how it ended.

use entente_register::book::penalty::{LateKind, PenaltyEnd, PenaltyRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::ledger::Refusal;
use entente_register::money::Currency;
use entente_register::payment::{Delay, Penalty, PenaltyCarried, PenaltyCommand};
use entente_store::Outcome;

use super::{Importer, Placed};

const TABLE: Table = Table::Penalties;

fn column(field: &str) -> &'static str {
    match field {
        "value" => "value",
        "due_on" => "due_on",
        "amount" => "amount",
        "document" => "document",
        "delay" => "of",
        _ => "claimed_on",
    }
}

fn column_of_agreement(field: &str) -> &'static str {
    match field {
        "amount" => "agreed_amount",
        "document" => "agreed_document",
        _ => "agreed_on",
    }
}

fn column_of_end(field: &str) -> &'static str {
    match field {
        "reason" => "ended_reason",
        "document" => "ended_document",
        _ => "ended_on",
    }
}

impl Importer<'_> {
    /// Claims a penalty and what follows of it, unless the register holds it so.
    pub(super) async fn penalty(&mut self, row: &Placed<PenaltyRow>) -> Outcome<()> {
        let Some(contract) = self.find_contract(TABLE, row, &row.value.contract).await? else {
            return Ok(());
        };
        let Some(held) = self.batch.contract_state(self.actor, &contract).await? else { return Ok(()) };
        let currency = held.currency;
        let Some(delay) = self.find_late(row, &contract).await? else { return Ok(()) };
        match self.batch.penalty_claimed(self.actor, &delay, row.value.on).await? {
            Some(held) => self.go_on_with_penalty(row, held, currency).await,
            None => {
                let Some(carried) = self.carried(row, delay, currency) else { return Ok(()) };
                let command = PenaltyCommand::CarryOver(Box::new(carried));
                let Some(number) = self.penalty_command(row, contract, command, column).await? else {
                    return Ok(());
                };
                self.report.counts(TABLE).added += 1;
                if self.agree_penalty(row, &number, currency).await? {
                    self.end_penalty(row, &number).await?;
                }
                Ok(())
            }
        }
    }

    /// What of a row has happened since the register was told of the penalty; what differs is a fault of the row.
    async fn go_on_with_penalty(
        &mut self,
        row: &Placed<PenaltyRow>,
        held: Penalty,
        currency: Currency,
    ) -> Outcome<()> {
        let asked = &row.value;
        let same = "the same as the register has";
        let (claimed, number) = (self.money(TABLE, row, "amount", (&asked.amount, currency)), held.number);
        let Some(claimed) = claimed else { return Ok(()) };
        let mut moved = false;
        if let Some(agreed) = &asked.agreed {
            let Some(amount) = self.money(TABLE, row, "agreed_amount", (&agreed.by.0, currency)) else {
                return Ok(());
            };
            if held.state == "claimed" {
                if !self.agree_penalty(row, &number, currency).await? {
                    return Ok(());
                }
                moved = true;
            } else if amount != held.amount {
                self.differs(TABLE, row, "agreed_amount", format!("{} is agreed", held.amount), same);
                return Ok(());
            }
        } else if held.amount != claimed {
            self.differs(TABLE, row, "amount", format!("penalty {number} is of {}", held.amount), same);
            return Ok(());
        }
        if let Some(ended) = &asked.ended {
            let word = if matches!(ended.by, PenaltyEnd::Settled(_)) { "settled" } else { "waived" };
            match held.state {
                "claimed" | "agreed" => {
                    if !self.end_penalty(row, &number).await? {
                        return Ok(());
                    }
                    moved = true;
                }
                state if (state, held.last_on) == (word, ended.on) => {}
                state => {
                    let says = format!("penalty {number} is {state} since {}", held.last_on);
                    self.differs(TABLE, row, "ended_on", says, same);
                    return Ok(());
                }
            }
        }
        let counts = self.report.counts(TABLE);
        counts.changed += u64::from(moved);
        counts.unchanged += u64::from(!moved);
        Ok(())
    }

    /// Records what was agreed, if a row says so. Says whether all is well.
    async fn agree_penalty(
        &mut self,
        row: &Placed<PenaltyRow>,
        number: &str,
        currency: Currency,
    ) -> Outcome<bool> {
        let Some(agreed) = &row.value.agreed else { return Ok(true) };
        let (amount, document) = agreed.by.clone();
        let Some(amount) = self.money(TABLE, row, "agreed_amount", (&amount, currency)) else {
            return Ok(false);
        };
        let command = PenaltyCommand::Agree { on: agreed.on, amount, document };
        Ok(self.penalty_command(row, number.to_owned(), command, column_of_agreement).await?.is_some())
    }

    /// Settles or waives it, if a row says so. Says whether all is well.
    async fn end_penalty(&mut self, row: &Placed<PenaltyRow>, number: &str) -> Outcome<bool> {
        let Some(ended) = &row.value.ended else { return Ok(true) };
        let on = ended.on;
        let command = match ended.by.clone() {
            PenaltyEnd::Settled(document) => PenaltyCommand::Settle { on, document },
            PenaltyEnd::Waived(reason, document) => PenaltyCommand::Waive { on, reason, document },
        };
        Ok(self.penalty_command(row, number.to_owned(), command, column_of_end).await?.is_some())
    }

    /// What a row says of a claim; an amount that cannot be read is a fault of the row.
    fn carried(
        &mut self,
        row: &Placed<PenaltyRow>,
        delay: Delay,
        currency: Currency,
    ) -> Option<PenaltyCarried> {
        let asked = &row.value;
        let value = self.money(TABLE, row, "value", (&asked.value, currency));
        let amount = self.money(TABLE, row, "amount", (&asked.amount, currency));
        Some(PenaltyCarried {
            delay,
            on: asked.on,
            value: value?,
            due_on: asked.due_on,
            done_on: asked.done_on,
            rate: asked.rate,
            period: asked.period,
            cap: asked.cap,
            amount: amount?,
            document: asked.document.clone(),
        })
    }

    /// What is late, by its number in the book.
    async fn find_late(&mut self, row: &Placed<PenaltyRow>, contract: &str) -> Outcome<Option<Delay>> {
        let (kind, of) = &row.value.late;
        if *kind == LateKind::Line && self.rests_on_fault((Table::Lines, &row.value.contract, of), TABLE) {
            return Ok(None);
        }
        let found = match kind {
            LateKind::Delivery => self.batch.delivery_referenced(contract, of).await?.map(Delay::Delivery),
            LateKind::Line => self.batch.line_referenced(contract, of).await?.map(Delay::Line),
            LateKind::Instalment => {
                self.batch.instalment_referenced(contract, of).await?.map(Delay::Instalment)
            }
        };
        if found.is_none() {
            let (contract, kind) = (&row.value.contract, kind.word());
            let message = format!("Contract {contract} has no {kind} with the number {of}.");
            let refusal = Refusal::new("book.late", message)
                .missing(format!("the number of a {kind} that the register or this book has"));
            self.refuse(TABLE, row, "of", &refusal);
        }
        Ok(found)
    }

    /// The number of the penalty, if the command was carried out.
    async fn penalty_command(
        &mut self,
        row: &Placed<PenaltyRow>,
        number: String,
        command: PenaltyCommand,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<Option<String>> {
        let command = Command::Penalty { number, command };
        Ok(self.execute(TABLE, row, command, column).await?.map(|receipt| receipt.subject.key))
    }
}
