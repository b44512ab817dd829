//! Claims of a book.

use entente_register::book::row::ClaimRow;
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::{ClaimSettlement, ContractCommand, NewClaim};
use entente_register::ledger::Refusal;
use entente_store::Outcome;

use super::import::{Importer, Placed};

const TABLE: Table = Table::Claims;

impl Importer<'_> {
    /// Opens a claim and settles it, unless the register holds it so.
    pub(super) async fn claim(&mut self, row: &Placed<ClaimRow>) -> Outcome<()> {
        let claim = &row.value;
        let Some(contract) = self.find_contract(TABLE, row, &claim.contract).await? else { return Ok(()) };
        let Some(held) = self.batch.contract_state(self.actor, &contract).await? else { return Ok(()) };
        let known = held.claims.iter().find(|held| held.number() == claim.claim).cloned();
        let next = held.claims.len() + 1;
        let is_new = known.is_none();
        match &known {
            Some(known) => {
                if (known.raised.kind, &known.raised.description, known.opened_on)
                    != (claim.kind, &claim.description, claim.opened_on)
                {
                    let says = format!(
                        "claim {} is of {}, opened on {}",
                        known.number(),
                        known.raised.kind.name(),
                        known.opened_on
                    );
                    self.differs(
                        TABLE,
                        row,
                        "claim",
                        says,
                        "the same as the register has, or the next number",
                    );
                    return Ok(());
                }
            }
            None if usize::try_from(claim.claim) != Ok(next) => {
                let refusal =
                    Refusal::new("book.claim", format!("The next claim of contract {contract} is {next}."))
                        .missing("claims without a gap, in the order of their numbers");
                self.refuse(TABLE, row, "claim", &refusal);
                return Ok(());
            }
            None => {
                let new = NewClaim::of(claim.opened_on, claim.kind, &claim.description);
                let command = ContractCommand::OpenClaim(Box::new(new));
                let column = |field: &str| if field == "on" { "opened_on" } else { "description" };
                if !self.change(row, &contract, command, column).await? {
                    return Ok(());
                }
                self.report.counts(TABLE).added += 1;
            }
        }
        match (&claim.settled, known.and_then(|known| known.settled_on)) {
            (Some(settled), None) => {
                let given = ClaimSettlement::of(claim.claim, settled.on, &settled.by);
                let command = ContractCommand::SettleClaim(Box::new(given));
                let column = |field: &str| if field == "on" { "settled_on" } else { "outcome" };
                let done = self.change(row, &contract, command, column).await?;
                self.report.counts(TABLE).changed += u64::from(done && !is_new);
            }
            (Some(settled), Some(on)) if settled.on != on => {
                self.differs(
                    TABLE,
                    row,
                    "settled_on",
                    format!("it was settled on {on}"),
                    "the same as the register has",
                );
            }
            _ => self.report.counts(TABLE).unchanged += u64::from(!is_new),
        }
        Ok(())
    }

    async fn change(
        &mut self,
        row: &Placed<ClaimRow>,
        contract: &str,
        command: ContractCommand,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<bool> {
        let command = Command::Contract { number: Some(contract.to_owned()), command };
        Ok(self.execute(TABLE, row, command, column).await?.is_some())
    }
}
