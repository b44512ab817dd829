//! Suspensions of a book that were lifted again. One that lasts stands in the contract's row.

use entente_register::book::course::SuspensionRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::ContractCommand;
use entente_register::ledger::{Fact, SubjectKind};
use entente_store::Outcome;

use super::{Importer, Placed, compare};

const TABLE: Table = Table::Suspensions;

impl Importer<'_> {
    /// Suspends a contract, unless the register holds it so.
    pub(super) async fn suspend(&mut self, row: &Placed<SuspensionRow>) -> Outcome<()> {
        let suspended = &row.value.suspended;
        let Some(number) = self.find_contract(TABLE, row, &row.value.contract).await? else { return Ok(()) };
        let Some(held) = self.batch.contract_state(self.actor, &number).await? else { return Ok(()) };
        if held.suspensions.iter().any(|(on, _)| *on == suspended.on) {
            if self.new_suspensions.contains(&(number.clone(), suspended.on)) {
                return Ok(());
            }
            let events = self.batch.events_of(&SubjectKind::Contract.subject(&number)).await?;
            let told = events.iter().find(|event| {
                event.occurred_on == suspended.on && matches!(event.fact, Some(Fact::ContractSuspended(_)))
            });
            let held = told.and_then(|event| event.reason.as_deref());
            if let Some((column, says)) = compare::words("reason", Some(&suspended.by), held) {
                self.differs(TABLE, row, column, says, "the same as the register has");
            }
            return Ok(());
        }
        let command = ContractCommand::Suspend { on: suspended.on, reason: suspended.by.clone() };
        let command = Command::Contract { number: Some(number.clone()), command };
        let column = |field: &str| if field == "reason" { "reason" } else { "suspended_on" };
        if self.execute(TABLE, row, command, column).await?.is_some() {
            self.report.counts(TABLE).added += 1;
            self.new_suspensions.insert((number, suspended.on));
        }
        Ok(())
    }

    /// Lets a suspended contract be in force again, unless the register holds it so.
    pub(super) async fn resume(&mut self, row: &Placed<SuspensionRow>) -> Outcome<()> {
        let SuspensionRow { suspended, resumed, .. } = &row.value;
        // What is wrong with the contract was said of its suspension.
        let Some(Some(number)) = self.contracts.get(&row.value.contract).cloned() else { return Ok(()) };
        let Some(held) = self.batch.contract_state(self.actor, &number).await? else { return Ok(()) };
        let known = held.suspensions.iter().find(|(on, _)| *on == suspended.on);
        match known.map(|(_, resumed_on)| *resumed_on) {
            // Its suspension was refused, which is said.
            None => {}
            Some(None) => {
                let command = ContractCommand::Resume { on: resumed.on, document: resumed.by.clone() };
                let command = Command::Contract { number: Some(number.clone()), command };
                let column =
                    |field: &str| if field == "document" { "resumed_document" } else { "resumed_on" };
                let done = self.execute(TABLE, row, command, column).await?.is_some();
                let is_new = self.new_suspensions.contains(&(number, suspended.on));
                self.report.counts(TABLE).changed += u64::from(done && !is_new);
            }
            Some(Some(on)) if on == resumed.on => self.report.counts(TABLE).unchanged += 1,
            Some(Some(on)) => {
                let says = format!("contract {number} was in force again from {on}");
                self.differs(TABLE, row, "resumed_on", says, "the same as the register has");
            }
        }
        Ok(())
    }
}
