//! Terms of contracts of a book: what they say of claims, warranties and serial numbers, a whole from a day on.

use std::collections::HashMap;

use entente_register::book::row::ContractRow;
use entente_register::book::table::Table;
use entente_register::book::terms::{Term, TermRow};
use entente_register::command::Command;
use entente_register::contract::{ClaimWindow, ContractCommand, ContractTerms, Warranty};
use entente_register::ledger::SubjectKind;
use entente_store::Outcome;

use super::set::{Held, RowSet, together};
use super::{Importer, Placed};

const TABLE: Table = Table::Terms;

/// The rows that are the terms of a contract from a day on.
pub(super) type TermSet<'r> = RowSet<'r, TermRow>;

/// Terms by what they came before: no contract is signed, or enters into force, before what was agreed earlier.
pub(super) struct ByBeginning<'r> {
    /// Agreed before the signature.
    pub(super) before: Vec<TermSet<'r>>,
    /// Agreed between the signature and the entry into force.
    pub(super) between: Vec<TermSet<'r>>,
    /// Agreed later, or of contracts of which the file says no such days.
    pub(super) after: Vec<TermSet<'r>>,
}

/// Puts rows together to terms, and those in the order in which they build on contracts.
pub(super) fn by_beginning<'r>(
    rows: &'r [Placed<TermRow>],
    contracts: &[Placed<ContractRow>],
) -> ByBeginning<'r> {
    // Where the file says the order of entry, a day may have several.
    let sets = together(rows, |row| (row.contract.as_str(), row.on, row.entry));
    let contracts: HashMap<&str, &ContractRow> =
        contracts.iter().map(|row| (row.value.reference.as_str(), &row.value)).collect();
    let mut sorted = ByBeginning { before: Vec::new(), between: Vec::new(), after: Vec::new() };
    for set in sets {
        let contract = contracts.get(set.first.value.contract.as_str());
        let signed_on = contract.and_then(|contract| Some(contract.signed.as_ref()?.on));
        let in_force_on = contract.and_then(|contract| Some(contract.in_force.as_ref()?.on));
        // Once a contract is signed, terms have a paper.
        let on = set.first.value.on;
        let is_of_draft = set.rows().all(|row| row.value.document.is_none());
        let place = if signed_on.is_some_and(|day| on < day || is_of_draft) {
            &mut sorted.before
        } else if in_force_on.is_some_and(|day| on < day) {
            &mut sorted.between
        } else {
            &mut sorted.after
        };
        place.push(set);
    }
    sorted
}

fn column(field: &str) -> &'static str {
    match field {
        "on" => "agreed_on",
        "document" => "document",
        "reason" => "reason",
        "warranties" | "serialised" => "of",
        field if field.starts_with("claim_windows[") || field.starts_with("warranties[") => "of",
        _ => "contract",
    }
}

impl Importer<'_> {
    /// Agrees terms, unless the register holds them from that day on.
    pub(super) async fn agree_terms(&mut self, set: &TermSet<'_>) -> Outcome<()> {
        let row = set.first;
        let (contract, on) = (&row.value.contract, row.value.on);
        let Some(number) = self.find_contract(TABLE, row, contract).await? else { return Ok(()) };
        if self.rests_on_fault((TABLE, contract, ""), TABLE) {
            return Ok(());
        }
        let Some(terms) = self.terms_of(set).await? else { return Ok(()) };
        let mut held = match self.terms.remove(&number) {
            Some(held) => held,
            None => self.held_terms(&number).await?,
        };
        let is_same = (&terms.claim_windows, &terms.warranties, &terms.serialised)
            == (&held.last.claim_windows, &held.last.warranties, &held.last.serialised);
        match held.find(on) {
            Some(true) if !is_same => {
                let says = format!("contract {number} has other terms from {on}");
                let remedy = "the same as the register has; a change is agreed on a day of its own";
                self.differs(TABLE, row, "agreed_on", says, remedy);
            }
            Some(_) => self.report.counts(TABLE).unchanged += 1,
            None => {
                let reason = row.value.reason.clone();
                let command = ContractCommand::AgreeTerms { on, terms, reason };
                let command = Command::Contract { number: Some(number.clone()), command };
                let done = self.execute(TABLE, row, command, column).await?.is_some();
                self.report.counts(TABLE).added += u64::from(done);
            }
        }
        self.terms.insert(number, held);
        Ok(())
    }

    async fn held_terms(&mut self, number: &str) -> Outcome<Held<ContractTerms>> {
        let told = self.batch.told_of(&SubjectKind::Contract.subject(number)).await?;
        let days = told.into_iter().filter(|(word, _)| word == "terms_agreed").map(|(_, on)| on).collect();
        let held = self.batch.contract_state(self.actor, number).await?;
        Ok(Held::new(days, held.map(|held| held.terms.clone()).unwrap_or_default()))
    }

    /// What the rows say together; a line that is not there is a fault of its row.
    async fn terms_of(&mut self, set: &TermSet<'_>) -> Outcome<Option<ContractTerms>> {
        let mut terms = ContractTerms::default();
        let mut is_whole = true;
        for row in set.rows() {
            let line = match row.value.term.as_ref().and_then(Term::line) {
                Some(line) => {
                    match self.find_line_named(TABLE, row, (&row.value.contract, line), "of").await? {
                        Some(number) => Some(number),
                        None => {
                            is_whole = false;
                            continue;
                        }
                    }
                }
                None => None,
            };
            match &row.value.term {
                Some(Term::ClaimWindow(kind, days)) => {
                    terms.claim_windows.push(ClaimWindow { kind: *kind, days: *days });
                }
                Some(Term::Warranty(_, months)) => terms.warranties.push(Warranty { line, months: *months }),
                Some(Term::SerialNumbers(_)) => terms.serialised.extend(line),
                None => {}
            }
            if terms.document.is_none() {
                terms.document.clone_from(&row.value.document);
            }
        }
        Ok(is_whole.then_some(terms))
    }
}
