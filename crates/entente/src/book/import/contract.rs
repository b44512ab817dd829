//! Contracts of a book: opened, begun, and ended once all else is in.

use std::collections::BTreeSet;

use entente_register::book::row::{Act, ContractRow, ROLES};
use entente_register::book::table::Table;
use entente_register::command::Command;
use entente_register::contract::line::contract_of;
use entente_register::contract::{Contract, ContractCommand, ContractParty, NewContract};
use entente_register::document::Document;
use entente_register::ledger::{Fact, Refusal, SubjectKind};
use entente_store::Outcome;
use jiff::civil::Date;

use super::terms::TermSet;
use super::{Importer, Placed, compare, several_bear};

const TABLE: Table = Table::Contracts;

impl Importer<'_> {
    /// Opens a contract under negotiation, unless the register holds it; then compares.
    pub(super) async fn open_contract(&mut self, row: &Placed<ContractRow>) -> Outcome<()> {
        let contract = &row.value;
        let reference = contract.reference.clone();
        if self.contracts.contains_key(&reference) {
            let refusal =
                Refusal::new("book.twice", format!("The reference {reference} stands in two rows."))
                    .missing("one row for each contract");
            self.refuse(TABLE, row, "reference", &refusal);
            return Ok(());
        }
        // Until all is well with it, whatever rests on it is not judged.
        self.contracts.insert(reference.clone(), None);
        let found = self.batch.contracts_referenced(self.actor, &reference).await?;
        let number = match found.as_slice() {
            [] => self.open_new(row).await?,
            [number] => self.compare_contract(row, number).await?.then(|| number.clone()),
            several => {
                self.refuse(TABLE, row, "reference", &several_bear(&reference, several));
                None
            }
        };
        self.contracts.insert(reference, number);
        Ok(())
    }

    async fn open_new(&mut self, row: &Placed<ContractRow>) -> Outcome<Option<String>> {
        let contract = &row.value;
        if self.rests_on_fault((Table::Partners, &contract.partner, ""), TABLE) {
            return Ok(None);
        }
        let mut parties = Vec::new();
        let mut all_found = true;
        for (role, column, name) in &contract.parties {
            match self.find_party(TABLE, row, column, name).await? {
                Some(party) => parties.push(ContractParty { party, role: *role }),
                None => all_found = false,
            }
        }
        if !all_found {
            return Ok(None);
        }
        let new = NewContract {
            reference: contract.reference.clone(),
            title: contract.title.clone(),
            partner: contract.partner.clone(),
            parties,
            currency: contract.currency,
            label: contract.label.clone(),
            on: contract.opened_on,
        };
        let command = Command::Contract { number: None, command: ContractCommand::Open(new) };
        let column = |field: &str| match field {
            "on" => "opened_on",
            "parties" => "exporter",
            "label" => "marking",
            "title" => "title",
            "partner" => "partner",
            "currency" => "currency",
            _ => "reference",
        };
        let receipt = self.execute(TABLE, row, command, column).await?;
        if receipt.is_some() {
            self.report.counts(TABLE).added += 1;
        }
        Ok(receipt.map(|receipt| receipt.subject.key))
    }

    /// Compares a row with the contract that the register holds. Says whether they agree.
    async fn compare_contract(&mut self, row: &Placed<ContractRow>, number: &str) -> Outcome<bool> {
        let Some(held) = self.batch.contract_state(self.actor, number).await?.cloned() else {
            return Ok(false);
        };
        let contract = &row.value;
        let remedy = format!(
            "the same as contract {number} has; a change is an amendment, which is recorded by itself"
        );
        let mut agrees = true;
        for (column, is_same, says) in [
            ("title", held.title == contract.title, held.title.clone()),
            ("partner", held.partner == contract.partner, held.partner.clone()),
            ("currency", held.currency == contract.currency, held.currency.to_string()),
            ("marking", held.label == contract.label, held.label.to_string()),
        ] {
            if !is_same {
                self.differs(TABLE, row, column, says, &remedy);
                agrees = false;
            }
        }
        if agrees {
            agrees =
                self.compare_parties(row, &held, &remedy).await? && self.compare_acts(row, number).await?;
        }
        if agrees {
            self.report.counts(TABLE).unchanged += 1;
        }
        Ok(agrees)
    }

    /// Compares the parties of the roles that a row names.
    async fn compare_parties(
        &mut self,
        row: &Placed<ContractRow>,
        held: &Contract,
        remedy: &str,
    ) -> Outcome<bool> {
        for (role, column) in ROLES {
            let mut said = BTreeSet::new();
            for (_, _, name) in row.value.parties.iter().filter(|(of, ..)| *of == role) {
                match self.find_party(TABLE, row, column, name).await? {
                    Some(number) => said.insert(number),
                    None => return Ok(false),
                };
            }
            let of_role = held.parties.iter().filter(|party| party.role == role);
            let held: BTreeSet<String> = of_role.map(|party| party.party.clone()).collect();
            if !said.is_empty() && said != held {
                let others: Vec<String> = held.into_iter().collect();
                self.differs(TABLE, row, column, format!("it has {}", others.join(", ")), remedy);
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Compares the acts of a contract that the register was told of.
    async fn compare_acts(&mut self, row: &Placed<ContractRow>, number: &str) -> Outcome<bool> {
        let contract = &row.value;
        let events = self.batch.events_of(&SubjectKind::Contract.subject(number)).await?;
        let mut otherwise =
            events.first().and_then(|opened| compare::day("opened_on", contract.opened_on, opened));
        // Of a contract that is suspended no more, an earlier suspension has a row of its own.
        let resumed = compare::last(&events, |fact| matches!(fact, Fact::ContractResumed(_)));
        let suspended = compare::last(&events, |fact| matches!(fact, Fact::ContractSuspended(_)))
            .filter(|event| resumed.is_none_or(|resumed| resumed.sequence < event.sequence));
        if let (Some(said), Some(event)) = (&contract.suspended, suspended) {
            otherwise = otherwise
                .or_else(|| compare::day("suspended_on", said.on, event))
                .or_else(|| compare::words("suspended_reason", Some(&said.by), event.reason.as_deref()));
        }
        let paper =
            |said: &Option<Act<Option<Document>>>| said.as_ref().map(|said| (said.on, said.by.clone()));
        let signed = contract.signed.as_ref().map(|said| (said.on, Some(said.by.clone())));
        let terminated = contract.terminated.as_ref().map(|said| (said.on, said.by.1.clone()));
        /// The columns of an act, what the row says of it, and whether a fact is one.
        type Told<'c> = (&'c str, &'c str, Option<(Date, Option<Document>)>, fn(&Fact) -> bool);
        let acts: [Told<'_>; 5] = [
            ("signed_on", "signed_document", signed, |fact| matches!(fact, Fact::ContractSigned(_))),
            ("in_force_on", "in_force_document", paper(&contract.in_force), |fact| {
                matches!(fact, Fact::ContractEnteredIntoForce(_))
            }),
            ("completed_on", "completed_document", paper(&contract.completed), |fact| {
                matches!(fact, Fact::ContractCompleted(_))
            }),
            ("terminated_on", "terminated_document", terminated, |fact| {
                matches!(fact, Fact::ContractTerminated(_))
            }),
            ("closed_on", "closed_document", paper(&contract.closed), |fact| {
                matches!(fact, Fact::ContractClosed(_))
            }),
        ];
        for (on, document, said, of) in acts {
            let (Some((day, paper)), Some(event)) = (said, compare::last(&events, of)) else { continue };
            let held = event.fact.as_ref().and_then(Fact::document);
            otherwise = otherwise
                .or_else(|| compare::day(on, day, event))
                .or_else(|| compare::title(document, paper.as_ref(), held));
        }
        if let (Some(said), Some(event)) =
            (&contract.terminated, compare::last(&events, |fact| matches!(fact, Fact::ContractTerminated(_))))
        {
            otherwise = otherwise
                .or_else(|| compare::words("terminated_reason", Some(&said.by.0), event.reason.as_deref()));
        }
        let Some((column, says)) = otherwise else { return Ok(true) };
        let remedy = format!("the same as contract {number} has; what was recorded stands");
        self.differs(TABLE, row, column, says, &remedy);
        Ok(false)
    }

    /// Signs a contract and lets it enter into force, as far as its row says and it is not so yet. `between` are
    /// terms that were agreed between the two.
    pub(super) async fn begin_contract(
        &mut self,
        row: &Placed<ContractRow>,
        between: &[TermSet<'_>],
    ) -> Outcome<()> {
        let contract = &row.value;
        if let Some(signed) = &contract.signed {
            let command = ContractCommand::Sign { on: signed.on, document: signed.by.clone() };
            self.move_contract(row, &["negotiating"], command, "signed_on", "signed_document").await?;
        }
        for set in between.iter().filter(|set| set.first.value.contract == contract.reference) {
            self.agree_terms(set).await?;
        }
        if let Some(in_force) = &contract.in_force {
            let command = ContractCommand::EnterIntoForce { on: in_force.on, document: in_force.by.clone() };
            self.move_contract(row, &["signed"], command, "in_force_on", "in_force_document").await?;
        }
        Ok(())
    }

    /// Suspends, completes or terminates a contract, as its row says and it is not so yet.
    pub(super) async fn end_contract(&mut self, row: &Placed<ContractRow>) -> Outcome<()> {
        let contract = &row.value;
        if let Some(suspended) = &contract.suspended {
            let command = ContractCommand::Suspend { on: suspended.on, reason: suspended.by.clone() };
            self.move_contract(row, &["in_force"], command, "suspended_on", "suspended_reason").await?;
        }
        if let Some(completed) = &contract.completed {
            let command = ContractCommand::Complete { on: completed.on, document: completed.by.clone() };
            self.move_contract(row, &["in_force"], command, "completed_on", "completed_document").await?;
        }
        if let Some(terminated) = &contract.terminated {
            let (reason, document) = terminated.by.clone();
            let command = ContractCommand::Terminate { on: terminated.on, reason, document };
            let from = ["negotiating", "signed", "in_force", "suspended"];
            self.move_contract(row, &from, command, "terminated_on", "terminated_document").await?;
        }
        Ok(())
    }

    /// Closes a contract, as its row says and it is not so yet.
    pub(super) async fn close_contract(&mut self, row: &Placed<ContractRow>) -> Outcome<()> {
        let Some(closed) = &row.value.closed else { return Ok(()) };
        let command = ContractCommand::Close { on: closed.on, document: closed.by.clone() };
        self.move_contract(row, &["completed", "terminated"], command, "closed_on", "closed_document").await
    }

    /// Whether lines of a contract are at fault, and none of it was added.
    fn lost_its_lines(&self, reference: &str, number: &str) -> bool {
        let is_at_fault = |known: &(Table, String, String)| known.0 == Table::Lines && known.1 == reference;
        !self.report.is_clean()
            && (self.unusable.iter().any(is_at_fault)
                || self.lines.iter().any(|((of, _), line)| of == number && line.is_none()))
            && !self.new_lines.iter().any(|line| contract_of(line) == number)
    }

    async fn move_contract(
        &mut self,
        row: &Placed<ContractRow>,
        from: &[&str],
        command: ContractCommand,
        day: &'static str,
        paper: &'static str,
    ) -> Outcome<()> {
        let reference = &row.value.reference;
        let Some(Some(number)) = self.contracts.get(reference).cloned() else { return Ok(()) };
        let state = self.batch.contract_state(self.actor, &number).await?.map(|held| held.state);
        if !state.is_some_and(|state| from.contains(&state)) {
            return Ok(());
        }
        // What is wrong with its lines is said of them; that it has none follows from that alone.
        if matches!(command, ContractCommand::Sign { .. }) && self.lost_its_lines(reference, &number) {
            self.contracts.insert(reference.clone(), None);
            self.report.counts(TABLE).not_judged += 1;
            return Ok(());
        }
        let command = Command::Contract { number: Some(number), command };
        let column = |field: &str| if matches!(field, "document" | "reason") { paper } else { day };
        if self.execute(TABLE, row, command, column).await?.is_none() {
            self.contracts.insert(reference.clone(), None);
        }
        Ok(())
    }
}
