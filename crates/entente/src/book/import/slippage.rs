//! Slippages of a book: the first row of a slippage reports it, each later one revises it.

use entente_register::book::course::SlippageRow;
use entente_register::book::row::Act;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::line::contract_of;
use entente_register::document::Document;
use entente_register::ledger::{Fact, Refusal, SubjectKind};
use entente_register::performance::{Slippage, SlippageCommand, SlippageEnd};
use entente_store::Outcome;

use super::{Importer, Placed, compare};

const TABLE: Table = Table::Slippages;

/// A slippage that rows of the file were met of.
pub(super) struct Met {
    /// Its number in the register; none if it cannot be used.
    number: Option<String>,
    /// As the register held it before this import; none if it is new.
    held: Option<Slippage>,
    /// Rows met after the first one.
    revisions: u32,
}

fn column(field: &str) -> &'static str {
    match field {
        "on" => "reported_on",
        "expected_on" => "expected_on",
        "description" => "description",
        "document" => "document",
        "reason" => "reason",
        _ => "line",
    }
}

impl Importer<'_> {
    /// The number in the register of a slippage that the file tells of, which is none if it cannot be used.
    pub(super) fn slippage_in_file(&self, contract: &str, slippage: &str) -> Option<Option<String>> {
        let met = self.slippages.get(&(contract.to_owned(), slippage.to_owned()))?;
        Some(met.number.clone())
    }

    /// Reports a slippage or revises it, unless the register holds it so.
    pub(super) async fn slip(&mut self, row: &Placed<SlippageRow>) -> Outcome<()> {
        let slippage = &row.value;
        let found = self.find_line(TABLE, row, &slippage.contract, &slippage.line).await?;
        let key = (slippage.contract.clone(), slippage.slippage.clone());
        let Some(line) = found else {
            self.slippages.insert(key, Met { number: None, held: None, revisions: 0 });
            return Ok(());
        };
        match self.slippages.remove(&key) {
            Some(met) => {
                let met = self.revise(row, met).await?;
                self.slippages.insert(key, met);
            }
            None => {
                let met = self.report_slippage(row, line).await?;
                self.slippages.insert(key, met);
            }
        }
        Ok(())
    }

    async fn report_slippage(&mut self, row: &Placed<SlippageRow>, line: String) -> Outcome<Met> {
        let slippage = &row.value;
        let held = self.batch.slippages_of(&line).await?;
        let held = held.into_iter().find(|held| held.state != "annulled" && held.reported_on == slippage.on);
        if let Some(held) = held {
            let events = self.batch.events_of(&SubjectKind::Slippage.subject(&held.number)).await?;
            let met = Met { number: Some(held.number.clone()), held: Some(held), revisions: 0 };
            if let Some(Fact::SlippageReported(told)) = events.first().and_then(|event| event.fact.as_ref()) {
                let cause = (slippage.delay.cause != told.delay.cause)
                    .then(|| ("cause", told.delay.cause.word().to_owned()));
                let side = (slippage.delay.side != told.delay.side)
                    .then(|| ("side", told.delay.side.word().to_owned()));
                let otherwise = cause
                    .or(side)
                    .or_else(|| {
                        compare::words(
                            "description",
                            slippage.description.as_deref(),
                            Some(&told.description),
                        )
                    })
                    .or_else(|| {
                        compare::title("document", slippage.document.as_ref(), told.document.as_ref())
                    });
                if let Some((column, says)) = otherwise {
                    self.differs(
                        TABLE,
                        row,
                        column,
                        says,
                        "the same as the register has; a later row revises it",
                    );
                    return Ok(Met { number: None, ..met });
                }
            }
            return Ok(self.compare_slippage(row, met));
        }
        let none = Met { number: None, held: None, revisions: 0 };
        let Some(description) = slippage.description.clone() else {
            let message =
                format!("Slippage {} stands here first, so this row reports it.", slippage.slippage);
            let refusal = Refusal::new("book.slippage", message).missing("a description of it in words");
            self.refuse(TABLE, row, "description", &refusal);
            return Ok(none);
        };
        let contract = contract_of(&line).to_owned();
        let command = SlippageCommand::Report {
            on: slippage.on,
            line,
            expected_on: slippage.expected_on,
            delay: slippage.delay,
            description,
            document: slippage.document.clone(),
        };
        let receipt = self.slippage_command(row, contract, command, column).await?;
        self.report.counts(TABLE).added += u64::from(receipt.is_some());
        Ok(Met { number: receipt, ..none })
    }

    /// The first row of a slippage that the register holds.
    fn compare_slippage(&mut self, row: &Placed<SlippageRow>, met: Met) -> Met {
        let Some(held) = &met.held else { return met };
        if held.first_expected_on == row.value.expected_on {
            self.report.counts(TABLE).unchanged += 1;
            return met;
        }
        let says = format!(
            "slippage {} was reported on {}, for {}",
            held.number, held.reported_on, held.first_expected_on
        );
        self.differs(TABLE, row, "expected_on", says, "the same as the register has; a later row revises it");
        Met { number: None, ..met }
    }

    /// A further row of a slippage: a revision, unless the register holds as many.
    async fn revise(&mut self, row: &Placed<SlippageRow>, met: Met) -> Outcome<Met> {
        let revisions = met.revisions + 1;
        let met = Met { revisions, ..met };
        let Some(number) = met.number.clone() else {
            self.report.counts(TABLE).not_judged += 1;
            return Ok(met);
        };
        if met.held.as_ref().is_some_and(|held| revisions <= held.revisions) {
            self.report.counts(TABLE).unchanged += 1;
            return Ok(met);
        }
        let slippage = &row.value;
        let Some(reason) = slippage.reason.clone() else {
            let message =
                format!("Slippage {} stands here again, so this row revises it.", slippage.slippage);
            let refusal = Refusal::new("book.slippage", message).missing("why it was revised");
            self.refuse(TABLE, row, "reason", &refusal);
            return Ok(Met { number: None, ..met });
        };
        let command = SlippageCommand::Revise {
            on: slippage.on,
            expected_on: Some(slippage.expected_on),
            delay: Some(slippage.delay),
            reason,
            document: slippage.document.clone(),
        };
        let done = self.slippage_command(row, number, command, column).await?;
        self.report.counts(TABLE).changed += u64::from(done.is_some());
        Ok(Met { number: done, ..met })
    }

    /// Ends a slippage, unless the register holds it so.
    pub(super) async fn end_slippage(
        &mut self,
        row: &Placed<SlippageRow>,
        ended: &Act<(SlippageEnd, Option<Document>)>,
    ) -> Outcome<()> {
        let key = (row.value.contract.clone(), row.value.slippage.clone());
        let Some(number) = self.slippages.get(&key).and_then(|met| met.number.clone()) else { return Ok(()) };
        let held = self.batch.slippage_state(&number).await?.and_then(|held| held.ended);
        match held {
            None => {
                let (end, document) = ended.by.clone();
                let command = SlippageCommand::End { on: ended.on, end, document };
                let column = |field: &str| match field {
                    "on" => "ended_on",
                    "document" => "ended_document",
                    _ => "end",
                };
                self.slippage_command(row, number, command, column).await?;
            }
            Some((on, end)) if (on, end) == (ended.on, ended.by.0) => {}
            Some((on, end)) => {
                let says = format!("slippage {number} ended on {on}: {}", end.name());
                self.differs(TABLE, row, "ended_on", says, "the same as the register has");
            }
        }
        Ok(())
    }

    /// The number of the slippage, if the command was carried out.
    async fn slippage_command(
        &mut self,
        row: &Placed<SlippageRow>,
        number: String,
        command: SlippageCommand,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<Option<String>> {
        let command = Command::Slippage { number, command };
        Ok(self.execute(TABLE, row, command, column).await?.map(|receipt| receipt.subject.key))
    }
}
