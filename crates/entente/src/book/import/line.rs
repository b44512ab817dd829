//! Lines of a book: the first row of a line adds it, each later one amends it.

use entente_register::book::row::LineRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::line::{LineChange, LineCommand};
use entente_register::ledger::{Fact, Refusal, SubjectKind};
use entente_store::Outcome;

use super::{Importer, Placed, compare};

const TABLE: Table = Table::Lines;

fn column(field: &str) -> &'static str {
    match field {
        "on" => "agreed_on",
        "description" => "description",
        "quantity" => "quantity",
        "unit_price" | "amount" => "unit_price",
        "category" => "category",
        "manufacturer" => "manufacturer",
        "due_on" => "due_on",
        "document" => "document",
        "reason" => "reason",
        _ => "line",
    }
}

impl Importer<'_> {
    /// Adds a line or amends it, unless the register holds it so.
    pub(super) async fn line(&mut self, row: &Placed<LineRow>) -> Outcome<()> {
        let line = &row.value;
        let Some(contract) = self.find_contract(TABLE, row, &line.contract).await? else { return Ok(()) };
        let key = (contract.clone(), line.line.clone());
        let known = match self.lines.get(&key) {
            Some(None) => {
                self.report.counts(TABLE).not_judged += 1;
                return Ok(());
            }
            Some(known) => known.clone(),
            None => self.batch.line_referenced(&contract, &line.line).await?,
        };
        let done = match known {
            None => self.add_line(row, &contract).await?,
            Some(number) => self.amend_line(row, &number).await?.then_some(number),
        };
        self.lines.insert(key, done);
        Ok(())
    }

    async fn add_line(&mut self, row: &Placed<LineRow>, contract: &str) -> Outcome<Option<String>> {
        let Some(held) = self.batch.contract_state(self.actor, contract).await? else { return Ok(None) };
        let currency = held.currency;
        let manufacturer = match &row.value.manufacturer {
            None => None,
            Some(name) => match self.find_party(TABLE, row, "manufacturer", name).await? {
                None => return Ok(None),
                found => found,
            },
        };
        let new = match row.value.to_new(currency, manufacturer) {
            Ok(new) => new,
            Err(refusal) => {
                self.refuse(TABLE, row, "unit_price", &refusal);
                return Ok(None);
            }
        };
        let command = Command::Line { number: contract.to_owned(), command: LineCommand::Add(new) };
        let receipt = self.execute(TABLE, row, command, column).await?;
        if let Some(receipt) = &receipt {
            self.report.counts(TABLE).added += 1;
            self.new_lines.insert(receipt.subject.key.clone());
        }
        Ok(receipt.map(|receipt| receipt.subject.key))
    }

    /// Compares what no amendment changes: what the goods are and who makes them; and the paper of an amendment that was
    /// recorded.
    async fn compare_line(&mut self, row: &Placed<LineRow>, number: &str) -> Outcome<bool> {
        let line = &row.value;
        let events = self.batch.events_of(&SubjectKind::Line.subject(number)).await?;
        let Some(Fact::LineAdded(added)) = events.first().and_then(|event| event.fact.as_ref()) else {
            return Ok(true);
        };
        let mut otherwise = compare::words("description", Some(&line.description), Some(&added.description))
            .or_else(|| compare::words("category", Some(&line.category), Some(&added.category)));
        if let Some(name) = &line.manufacturer {
            let Some(maker) = self.find_party(TABLE, row, "manufacturer", name).await? else {
                return Ok(false);
            };
            let held = added.manufacturer.as_deref().unwrap_or("nobody");
            otherwise = otherwise.or_else(|| compare::words("manufacturer", Some(&maker), Some(held)));
        }
        let amendment = events.iter().find(|event| {
            event.occurred_on == line.agreed_on && matches!(event.fact, Some(Fact::LineAmended(_)))
        });
        if let Some(event) = amendment {
            let held = event.fact.as_ref().and_then(Fact::document);
            otherwise = otherwise
                .or_else(|| compare::title("document", line.document.as_ref(), held))
                .or_else(|| compare::words("reason", line.reason.as_deref(), event.reason.as_deref()));
        }
        let Some((column, says)) = otherwise else { return Ok(true) };
        let remedy = format!("the same as line {number} has; what was recorded stands");
        self.differs(TABLE, row, column, says, &remedy);
        Ok(false)
    }

    /// Amends a line by a row that is later than its last change; compares it otherwise. Says whether all is well.
    async fn amend_line(&mut self, row: &Placed<LineRow>, number: &str) -> Outcome<bool> {
        let line = &row.value;
        let Some(held) = self.batch.line_state(self.actor, number).await?.cloned() else { return Ok(false) };
        let said = (line.unit_price.as_str(), held.unit_price.currency);
        let Some(price) = self.money(TABLE, row, "unit_price", said) else { return Ok(false) };
        let is_same = (held.quantity, held.unit_price, held.due_on) == (line.quantity, price, line.due_on);
        let is_new = self.new_lines.contains(number);
        if !is_new && !self.compare_line(row, number).await? {
            return Ok(false);
        }
        if !is_new && line.agreed_on < held.last_on {
            // An earlier state of a line that was amended since.
            self.report.counts(TABLE).unchanged += 1;
            return Ok(true);
        }
        if !is_new && line.agreed_on == held.last_on {
            if is_same && held.unit == line.unit {
                self.report.counts(TABLE).unchanged += 1;
                return Ok(true);
            }
            let says = format!(
                "{} {} at {}, due on {}",
                held.quantity,
                held.unit.name(),
                held.unit_price,
                held.due_on
            );
            let remedy =
                "the same as the register has, or a later row that amends it, with its day and document";
            self.differs(TABLE, row, "line", says, remedy);
            return Ok(false);
        }
        let (Some(document), Some(reason)) = (line.document.clone(), line.reason.clone()) else {
            let (column, what) = match line.document {
                None => ("document", "the title of the amendment"),
                Some(_) => ("reason", "why it was amended"),
            };
            let refusal = Refusal::new(
                "book.amendment",
                format!(
                    "Line {} of contract {} stands here again, so this row amends it.",
                    line.line, line.contract
                ),
            )
            .missing(what);
            self.refuse(TABLE, row, column, &refusal);
            return Ok(false);
        };
        let change = LineChange {
            quantity: Some(line.quantity),
            unit_price: Some(price),
            due_on: Some(line.due_on),
            basis: None,
        };
        let command = LineCommand::Amend { on: line.agreed_on, change, document, reason };
        let command = Command::Line { number: number.to_owned(), command };
        let receipt = self.execute(TABLE, row, command, column).await?;
        if receipt.is_some() {
            self.report.counts(TABLE).changed += 1;
        }
        Ok(receipt.is_some())
    }
}
