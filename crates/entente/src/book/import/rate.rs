//! Exchange rates and what is said of payment schedules as a whole.

use entente_register::book::payment::{RateRow, ScheduleRow};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::payment::{RateCommand, ScheduleCommand, rate};
use entente_store::Outcome;

use super::{Importer, Placed};

impl Importer<'_> {
    /// Records an exchange rate, unless the register holds it so.
    pub(super) async fn rate(&mut self, row: &Placed<RateRow>) -> Outcome<()> {
        const TABLE: Table = Table::Rates;
        let asked = &row.value;
        let contract = match &asked.contract {
            None => None,
            Some(reference) => match self.find_contract(TABLE, row, reference).await? {
                None => return Ok(()),
                found => found,
            },
        };
        let (from, to) = (asked.quoted.from, asked.quoted.to);
        let key = match &contract {
            Some(contract) => rate::contract_key(contract, from, to),
            None => rate::day_key(from, to, asked.on),
        };
        if let Some(held) = self.batch.rate_state(self.actor, &key).await?.cloned() {
            if (held.quoted, held.on, &held.source) == (asked.quoted, asked.on, &asked.source) {
                self.report.counts(TABLE).unchanged += 1;
                return Ok(());
            }
            let says = format!("{} on {}, by {}", held.quoted, held.on, held.source);
            self.differs(
                TABLE,
                row,
                "rate",
                says,
                "the same as the register has; a wrong rate is corrected by itself",
            );
            return Ok(());
        }
        let command = RateCommand::Record {
            quoted: asked.quoted,
            on: asked.on,
            source: asked.source.clone(),
            contract,
            document: None,
        };
        let column = |field: &str| match field {
            "on" => "rated_on",
            "units" => "units",
            "to" => "to",
            "source" => "source",
            "contract" => "contract",
            _ => "rate",
        };
        let done = self.execute(TABLE, row, Command::Rate { number: None, command }, column).await?;
        self.report.counts(TABLE).added += u64::from(done.is_some());
        Ok(())
    }

    /// Records what delay costs under a contract, and that its schedule is complete, unless the register holds it so.
    pub(super) async fn schedule(&mut self, row: &Placed<ScheduleRow>) -> Outcome<()> {
        const TABLE: Table = Table::Schedules;
        let asked = &row.value;
        let Some(contract) = self.find_contract(TABLE, row, &asked.contract).await? else { return Ok(()) };
        let held = self.batch.schedule_state(&contract).await?;
        let mut commands = Vec::new();
        if let Some((on, terms)) = &asked.terms {
            match held.terms.get(&terms.late) {
                Some(known) if known == terms => {}
                Some(known) => {
                    let says = format!("{} % {}", known.rate, known.period.name());
                    self.differs(TABLE, row, "rate_pct", says, "the same as the register has");
                    return Ok(());
                }
                None => commands.push(ScheduleCommand::AgreePenalty { on: *on, terms: terms.clone() }),
            }
        }
        if let Some(on) = asked.completed_on {
            match held.last_on.filter(|_| held.complete) {
                Some(known) if known == on => {}
                Some(known) => {
                    let says = format!("the schedule was declared complete on {known}");
                    self.differs(TABLE, row, "completed_on", says, "the same as the register has");
                    return Ok(());
                }
                None => commands.push(ScheduleCommand::Complete { on }),
            }
        }
        let is_known = commands.is_empty();
        let mut is_done = !is_known;
        for command in commands {
            let completes = matches!(command, ScheduleCommand::Complete { .. });
            let column = |field: &str| match field {
                "cap" => "cap_pct",
                "document" => "document",
                "on" if !completes => "agreed_on",
                _ if completes => "completed_on",
                _ => "contract",
            };
            let command = Command::Schedule { contract: contract.clone(), command };
            is_done &= self.execute(TABLE, row, command, column).await?.is_some();
        }
        let counts = self.report.counts(TABLE);
        counts.added += u64::from(is_done);
        counts.unchanged += u64::from(is_known);
        Ok(())
    }

    /// The number of a bank by its name; nothing where none is named, and a fault of the row where it is not found.
    pub(super) async fn find_bank<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        name: Option<&str>,
    ) -> Outcome<Result<Option<String>, ()>> {
        let Some(name) = name else { return Ok(Ok(None)) };
        Ok(match self.find_party(table, row, "bank", name).await? {
            Some(number) => Ok(Some(number)),
            None => Err(()),
        })
    }
}
