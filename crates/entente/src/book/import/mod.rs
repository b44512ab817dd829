//! The import: rows to commands, in the order in which they build on each other.

mod acts;
mod claim;
mod compare;
mod contract;
mod corrective;
mod delivery;
mod instalment;
mod line;
mod milestone;
mod offset;
mod opportunity;
mod party;
mod penalty;
mod plan;
mod pursuit;
mod rate;
mod receipt;
mod serial;
mod set;
mod slippage;
mod suspension;
mod terms;
mod told;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use entente_register::access::{Actor, may_command};
use entente_register::book::cell::Cell;
use entente_register::book::claim::ClaimRow;
use entente_register::book::corrective::CorrectiveRow;
use entente_register::book::course::{SlippageRow, SuspensionRow};
use entente_register::book::layout::{Fields, Layout, Problem};
use entente_register::book::milestone::MilestoneRow;
use entente_register::book::offset::{CreditRow, OffsetRow};
use entente_register::book::opportunity::{
    DeadlineRow, EstimateRow, OfferRow, OpinionRow, OpportunityRow, RequestRow,
};
use entente_register::book::payment::{InstalmentRow, RateRow, ReceiptRow, ScheduleRow};
use entente_register::book::penalty::PenaltyRow;
use entente_register::book::row::{
    ContractRow, DeliveryRow, GroupRow, LineRow, PartnerRow, PartyRow, PlanRow, Read,
};
use entente_register::book::serial::SerialRow;
use entente_register::book::table::Table;
use entente_register::book::terms::TermRow;
use entente_register::command::Command;
use entente_register::contract::ContractTerms;
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Money};
use entente_store::{Batch, Error, Outcome, Receipt, Store};
use jiff::civil::Date;

use self::acts::Acts;
use self::milestone::MetMilestone;
use self::offset::MetOffset;
use self::opportunity::Pursuits;
use self::set::Held;
use self::slippage::Met;
use super::report::Report;
use crate::formats::table::{RawRow, TableError};

/// A table of a file: the first row names the columns.
pub struct Incoming<'s> {
    /// Which table.
    pub table: Table,
    /// Its rows.
    pub rows: Box<dyn Iterator<Item = Result<RawRow, TableError>> + Send + 's>,
}

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Try it and keep nothing.
    pub is_trial: bool,
    /// Who approves what a book says is approved, yearly plans, corrective plans and the credit of offsets: nobody
    /// approves what he proposed. Of several, the first one who may.
    pub approvers: Vec<Actor>,
    /// Whether the kinds of parties were told by their roles, and are not compared with those of the register.
    pub kinds_are_told: bool,
}

/// A row as it was read, with where it stands.
#[derive(Debug, Clone)]
struct Placed<T> {
    row: u64,
    cells: Vec<Cell>,
    value: T,
}

/// What an import works with.
struct Importer<'a> {
    batch: Batch,
    actor: &'a Actor,
    approvers: Vec<Actor>,
    kinds_are_told: bool,
    report: Report,
    layouts: HashMap<Table, Layout>,
    /// Numbers of contracts by their references, of those met so far; none for one that cannot be used.
    contracts: HashMap<String, Option<String>>,
    /// Numbers of lines by contract and reference, of those met so far; none for one that cannot be used.
    lines: HashMap<(String, String), Option<String>>,
    /// Lines that this import has added.
    new_lines: HashSet<String>,
    /// Instalments that this import has scheduled.
    new_instalments: HashSet<String>,
    /// Claims that this import has raised: number of the contract, and of the claim.
    new_claims: HashSet<(String, u32)>,
    /// Offset obligations by the contract's reference and their number in the file, of those met so far.
    offsets: HashMap<(String, String), MetOffset>,
    /// Numbers of the offset obligations that rows of the file were found to tell of.
    met_offsets: HashSet<String>,
    /// Numbers of the corrective plans that rows of the file were found to tell of.
    met_plans: HashSet<String>,
    /// Numbers of parties by name, of those met so far.
    parties: HashMap<String, Vec<String>>,
    /// Suspensions that this import has recorded: number of the contract, and from when.
    new_suspensions: HashSet<(String, Date)>,
    /// What rows at fault would have told of, of tables whose things are not remembered by their names: the table, the
    /// name, and of a line its own within its contract. Whatever rests on it is not judged, so that a fault is said once
    /// and not again of all that follows from it.
    unusable: HashSet<(Table, String, String)>,
    /// Slippages by the contract's reference and their number in the file, of those met so far.
    slippages: HashMap<(String, String), Met>,
    /// Milestones by the contract's reference and their number in the file, of those met so far.
    milestones: HashMap<(String, String), MetMilestone>,
    /// Numbers of the milestones that rows of the file were found to tell of: none is told of under two numbers.
    met_milestones: HashSet<String>,
    /// Terms of contracts as the register held them before this import, of those met so far.
    terms: HashMap<String, Held<ContractTerms>>,
    /// Serial numbers of deliveries as the register held them before this import, of those met so far.
    serials: HashMap<String, Held<Vec<String>>>,
}

/// Rows that are read before they are carried out, where they are carried out one after the other.
const AT_ONCE: usize = 1_000;

/// Imports tables, each given once. Everything is kept, or nothing.
///
/// `progress` hears how many rows were read.
///
/// # Errors
/// A refusal if the actor may not; a fault if the database does not answer. What is wrong with the rows
/// stands in the report.
pub async fn import(
    store: &Store,
    actor: &Actor,
    tables: Vec<Incoming<'_>>,
    options: Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Outcome<Report> {
    let mut importer = Importer {
        batch: store.batch().await?,
        actor,
        approvers: options.approvers,
        kinds_are_told: options.kinds_are_told,
        report: Report { is_trial: options.is_trial, ..Report::default() },
        layouts: HashMap::new(),
        contracts: HashMap::new(),
        lines: HashMap::new(),
        new_lines: HashSet::new(),
        new_instalments: HashSet::new(),
        new_claims: HashSet::new(),
        offsets: HashMap::new(),
        met_offsets: HashSet::new(),
        met_plans: HashSet::new(),
        parties: HashMap::new(),
        new_suspensions: HashSet::new(),
        unusable: HashSet::new(),
        slippages: HashMap::new(),
        milestones: HashMap::new(),
        met_milestones: HashSet::new(),
        terms: HashMap::new(),
        serials: HashMap::new(),
    };
    let mut tables: HashMap<Table, Incoming<'_>> = tables.into_iter().map(|t| (t.table, t)).collect();
    let done = importer.all(&mut tables, progress).await;
    let Importer { batch, mut report, .. } = importer;
    report.problems.sort_by_key(|(table, problem)| (*table, problem.row));
    match done {
        Ok(()) if report.is_clean() && !options.is_trial => {
            batch.commit().await?;
            report.kept = true;
            Ok(report)
        }
        Ok(()) => {
            batch.give_up().await;
            Ok(report)
        }
        Err(error) => {
            batch.give_up().await;
            Err(error)
        }
    }
}

impl Importer<'_> {
    async fn all(
        &mut self,
        tables: &mut HashMap<Table, Incoming<'_>>,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Outcome<()> {
        let mut read = 0;
        let mut tell = |rows: u64| {
            read += rows;
            progress(read);
        };
        for row in self.rows(tables.remove(&Table::Partners), PartnerRow::read, &mut tell) {
            self.partner(row).await?;
        }
        for row in self.rows(tables.remove(&Table::Groups), GroupRow::read, &mut tell) {
            self.group(&row).await?;
        }
        for row in self.rows(tables.remove(&Table::Parties), PartyRow::read, &mut tell) {
            self.party(row).await?;
        }
        let contracts = self.rows(tables.remove(&Table::Contracts), ContractRow::read, &mut tell);
        for row in &contracts {
            self.open_contract(row).await?;
        }
        let lines = self.rows(tables.remove(&Table::Lines), LineRow::read, &mut tell);
        let deliveries = tables.remove(&Table::Deliveries);
        // What was agreed before a contract was signed comes before its signature.
        let (agreed, amendments): (Vec<_>, Vec<_>) =
            lines.into_iter().partition(|l| l.value.document.is_none());
        for row in &agreed {
            self.line(row).await?;
        }
        let terms = self.rows(tables.remove(&Table::Terms), TermRow::read, &mut tell);
        let terms = terms::by_beginning(&terms, &contracts);
        for set in &terms.before {
            self.agree_terms(set).await?;
        }
        for row in &contracts {
            self.begin_contract(row, &terms.between).await?;
        }
        let suspensions = self.rows(tables.remove(&Table::Suspensions), SuspensionRow::read, &mut tell);
        let slippages = self.rows(tables.remove(&Table::Slippages), SlippageRow::read, &mut tell);
        let serials = self.rows(tables.remove(&Table::Serials), SerialRow::read, &mut tell);
        let serials = serial::by_delivery(&serials);
        let claims = self.rows(tables.remove(&Table::Claims), ClaimRow::read, &mut tell);
        let (before, after) = by_completion(claims, &contracts);
        let offsets = self.rows(tables.remove(&Table::Offsets), OffsetRow::read, &mut tell);
        let offsets = offset::by_agreement(&offsets);
        let credits = self.rows(tables.remove(&Table::Credits), CreditRow::read, &mut tell);
        let is_plain = amendments.is_empty()
            && suspensions.is_empty()
            && slippages.is_empty()
            && terms.after.is_empty()
            && serials.is_empty()
            && before.is_empty()
            && offsets.is_empty()
            && credits.is_empty();
        let deliveries = match deliveries {
            Some(deliveries) if is_plain => {
                self.stream(deliveries, &mut tell).await?;
                Vec::new()
            }
            deliveries => self.rows(deliveries, DeliveryRow::read, &mut tell),
        };
        let acts = Acts {
            amendments: &amendments,
            deliveries: &deliveries,
            suspensions: &suspensions,
            slippages: &slippages,
            terms: &terms.after,
            serials: &serials,
            claims: &before,
            offsets: &offsets,
            credits: &credits,
        };
        self.acts(&acts).await?;
        let plan = self.rows(tables.remove(&Table::Plan), PlanRow::read, &mut tell);
        self.plans(&plan).await?;
        for row in self.rows(tables.remove(&Table::Rates), RateRow::read, &mut tell) {
            self.rate(&row).await?;
        }
        for row in self.rows(tables.remove(&Table::Instalments), InstalmentRow::read, &mut tell) {
            self.instalment(&row).await?;
        }
        let receipts = self.rows(tables.remove(&Table::Receipts), ReceiptRow::read, &mut tell);
        self.receipts(&receipts).await?;
        for row in self.rows(tables.remove(&Table::Schedules), ScheduleRow::read, &mut tell) {
            self.schedule(&row).await?;
        }
        // After the instalments that they release, which bear their days already.
        for row in self.rows(tables.remove(&Table::Milestones), MilestoneRow::read, &mut tell) {
            self.milestone(&row).await?;
        }
        let plans = self.rows(tables.remove(&Table::Corrective), CorrectiveRow::read, &mut tell);
        // What is done about a claim that came after the completion comes after it as well.
        let is_late = |set: &corrective::CorrectiveSet<'_>| {
            corrective::claim_of(set).is_some_and(|(contract, claim)| {
                after.iter().any(|row| row.value.contract == contract && row.value.claim == claim)
            })
        };
        let (late, early): (Vec<_>, Vec<_>) = corrective::by_plan(&plans).into_iter().partition(is_late);
        for set in &early {
            self.corrective(set).await?;
        }
        for row in &contracts {
            self.end_contract(row).await?;
        }
        // As they were reckoned: what they rest on need only be there.
        for row in self.rows(tables.remove(&Table::Penalties), PenaltyRow::read, &mut tell) {
            self.penalty(&row).await?;
        }
        for (row, ended) in acts.fallen() {
            self.end_slippage(row, ended).await?;
        }
        for row in &after {
            self.claim(row).await?;
        }
        for set in &late {
            self.corrective(set).await?;
        }
        // Nothing is owed any more: after all else.
        for row in &contracts {
            self.close_contract(row).await?;
        }
        let pursuits = Pursuits {
            opportunities: self.rows(tables.remove(&Table::Opportunities), OpportunityRow::read, &mut tell),
            requests: self.rows(tables.remove(&Table::Requests), RequestRow::read, &mut tell),
            deadlines: self.rows(tables.remove(&Table::Deadlines), DeadlineRow::read, &mut tell),
            estimates: self.rows(tables.remove(&Table::Estimates), EstimateRow::read, &mut tell),
            opinions: self.rows(tables.remove(&Table::Opinions), OpinionRow::read, &mut tell),
            offers: self.rows(tables.remove(&Table::Offers), OfferRow::read, &mut tell),
        };
        self.pursuits(&pursuits).await?;
        Ok(())
    }

    /// Deliveries by themselves, as they come: of a file of any length few rows are held at a time.
    async fn stream(&mut self, incoming: Incoming<'_>, tell: &mut impl FnMut(u64)) -> Outcome<()> {
        let table = incoming.table;
        let mut rows = incoming.rows;
        let Some(layout) = self.layout(table, rows.next()) else { return Ok(()) };
        loop {
            let mut placed = Vec::with_capacity(AT_ONCE);
            let mut count = 0;
            for row in rows.by_ref().take(AT_ONCE) {
                count += 1;
                placed.extend(self.place(table, &layout, row, DeliveryRow::read));
            }
            if count == 0 {
                return Ok(());
            }
            self.look_for_deliveries(&placed).await?;
            for row in &placed {
                self.delivery(row).await?;
            }
            tell(count);
        }
    }

    /// All rows of a table that can be read.
    fn rows<T>(
        &mut self,
        incoming: Option<Incoming<'_>>,
        read: impl Fn(Fields<'_>) -> Read<T>,
        tell: &mut impl FnMut(u64),
    ) -> Vec<Placed<T>> {
        let Some(Incoming { table, mut rows }) = incoming else { return Vec::new() };
        let Some(layout) = self.layout(table, rows.next()) else { return Vec::new() };
        let mut placed = Vec::new();
        let mut count = 0;
        for row in rows {
            count += 1;
            placed.extend(self.place(table, &layout, row, &read));
        }
        tell(count);
        placed
    }

    /// Finds the columns by the first row.
    fn layout(&mut self, table: Table, header: Option<Result<RawRow, TableError>>) -> Option<Layout> {
        self.report.counts(table);
        let found = match header {
            Some(Ok(row)) => Layout::of(table, row.place, &row.cells),
            Some(Err(error)) => Err(vec![unreadable(error)]),
            None => Err(vec![Problem {
                row: 1,
                column: None,
                pointer: None,
                value: String::new(),
                reason: format!("The table {} is empty.", table.word()),
                remedy: "a first row with the names of the columns, as the template has it".to_owned(),
            }]),
        };
        match found {
            Ok(layout) => {
                self.layouts.insert(table, layout.clone());
                Some(layout)
            }
            Err(problems) => {
                self.report.add(table, problems);
                None
            }
        }
    }

    fn place<T>(
        &mut self,
        table: Table,
        layout: &Layout,
        row: Result<RawRow, TableError>,
        read: impl Fn(Fields<'_>) -> Read<T>,
    ) -> Option<Placed<T>> {
        self.report.counts(table).rows += 1;
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                self.report.add(table, [unreadable(error)]);
                return None;
            }
        };
        match read(layout.fields(row.place, &row.cells)) {
            Ok(value) => Some(Placed { row: row.place, cells: row.cells, value }),
            Err(problems) => {
                self.note_unusable(table, layout, &row.cells);
                self.report.add(table, problems);
                None
            }
        }
    }

    /// Notes what a row that cannot be read would have told of, so that nothing that rests on it is judged.
    fn note_unusable(&mut self, table: Table, layout: &Layout, cells: &[Cell]) {
        let told = |column| layout.told(cells, column);
        let named = match table {
            Table::Contracts => {
                self.contracts.extend(told("reference").map(|reference| (reference, None)));
                return;
            }
            Table::Partners => (told("code"), Some(String::new())),
            Table::Parties => (told("name"), Some(String::new())),
            Table::Opportunities => (told("opportunity"), Some(String::new())),
            Table::Lines => (told("contract"), told("line")),
            // The serial numbers of a delivery are a whole.
            Table::Deliveries | Table::Serials => (told("contract"), told("delivery")),
            // What became of it rests on its first row, or on its number.
            Table::Milestones => (told("contract"), told("milestone")),
            Table::Corrective => (told("contract"), told("plan")),
            Table::Offsets | Table::Credits => (told("contract"), told("offset")),
            Table::Claims => (told("contract"), told("claim")),
            // The terms of a contract are a whole.
            Table::Terms => (told("contract"), Some(String::new())),
            // Nothing rests on any other row.
            _ => return,
        };
        if let (Some(name), Some(within)) = named {
            self.unusable.insert((table, name, within));
        }
    }

    /// Whether a row at fault would have told of what a row of a table names; then that row is not judged.
    fn rests_on_fault(&mut self, (of, name, within): (Table, &str, &str), table: Table) -> bool {
        let rests = self.is_unusable(of, name, within);
        self.report.counts(table).not_judged += u64::from(rests);
        rests
    }

    /// Whether a row at fault would have told of something, by its name; of a line, by its contract’s and its own.
    fn is_unusable(&self, of: Table, name: &str, within: &str) -> bool {
        // Of a file without fault, which may have a million rows, nothing is looked up.
        !self.unusable.is_empty() && self.unusable.contains(&(of, name.to_owned(), within.to_owned()))
    }

    /// Carries a command out; what is refused is a problem of the row. Gives the receipt, or none then.
    ///
    /// `column` says in which column the fault lies, by the refusal's field.
    async fn execute<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        command: Command,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<Option<Receipt>> {
        let actor = self.actor;
        self.execute_as(actor, table, row, command, column).await
    }

    /// Carries out what another person decides than the one who brings the book in: the first of those named who may, or
    /// else that one, whom the rule refuses.
    async fn approve<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        contract: &str,
        command: Command,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<Option<Receipt>> {
        let approver = self.approver(&command);
        if let (false, Err(refused)) = (self.approvers.is_empty(), may_command(&approver, command.kind())) {
            let message = "None of the accounts that approve may do this.";
            let missing = format!("another account that approves: {}", refused.missing.unwrap_or_default());
            let refusal = Refusal::new("book.approver", message).missing(missing);
            self.refuse(table, row, "act", &refusal);
            return Ok(None);
        }
        let label = self.batch.contract_state(self.actor, contract).await?.map(|held| held.label.clone());
        if let Some(label) = label.filter(|label| !approver.clearance.admits(label)) {
            let message =
                format!("It is marked {label}, beyond what the account {} is cleared for.", approver.account);
            let refusal = Refusal::new("book.approver", message)
                .missing("an account that approves it and is cleared for its contract");
            self.refuse(table, row, "act", &refusal);
            return Ok(None);
        }
        self.execute_as(&approver, table, row, command, column).await
    }

    /// Who carries out what another person decides.
    fn approver(&self, command: &Command) -> Actor {
        let named = self.approvers.iter().find(|named| may_command(named, command.kind()).is_ok());
        // Where none of them may, the refusal is of one who was named.
        named.or(self.approvers.first()).unwrap_or(self.actor).clone()
    }

    async fn execute_as<T>(
        &mut self,
        actor: &Actor,
        table: Table,
        row: &Placed<T>,
        command: Command,
        column: impl Fn(&str) -> &'static str,
    ) -> Outcome<Option<Receipt>> {
        match self.batch.execute(actor, command).await {
            Ok(receipt) => Ok(Some(receipt)),
            // Who may not do it may not do it in any row, and what is not founded takes none.
            Err(Error::Refusal(refusal)) if matches!(refusal.code, "access.role" | "ledger.not_founded") => {
                Err(refusal.into())
            }
            Err(Error::Refusal(refusal)) => {
                let column = column(refusal.field.as_deref().unwrap_or_default());
                let refusal = self.by_reference(refusal);
                self.refuse(table, row, column, &refusal);
                Ok(None)
            }
            Err(fault) => Err(fault),
        }
    }

    /// A refusal that names contracts by their references: the numbers that a file at fault would have been given, no
    /// register has.
    fn by_reference(&self, refusal: Refusal) -> Refusal {
        let mut message = refusal.message.clone();
        for (reference, number) in &self.contracts {
            if let Some(number) = number.as_deref().filter(|number| message.contains(*number)) {
                message = message.replace(number, reference);
            }
        }
        Refusal { message, ..refusal }
    }

    /// Notes a refusal as a problem of a row.
    fn refuse<T>(&mut self, table: Table, row: &Placed<T>, column: &str, refusal: &Refusal) {
        let problem = self.layouts.get(&table).map(|l| l.problem(row.row, &row.cells, column, refusal));
        self.report.add(table, problem);
    }

    /// Notes that the register says otherwise than a row.
    fn differs<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        column: &str,
        held: impl std::fmt::Display,
        remedy: &str,
    ) {
        let refusal =
            Refusal::new("book.differs", format!("The register says otherwise: {held}.")).missing(remedy);
        self.refuse(table, row, column, &refusal);
    }

    /// Decimal text of a row as money; what cannot be read is a fault of the row.
    fn money<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        column: &str,
        (decimal, currency): (&str, Currency),
    ) -> Option<Money> {
        match Money::parse(column, decimal, currency) {
            Ok(money) => Some(money),
            Err(refusal) => {
                self.refuse(table, row, column, &refusal);
                None
            }
        }
    }

    /// The number of the delivery that a row names, by its own number in a contract: the contract’s reference and number.
    async fn find_delivery<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        (contract, number, delivery): (&str, &str, &str),
        column: &str,
    ) -> Outcome<Option<String>> {
        if self.rests_on_fault((Table::Deliveries, contract, delivery), table) {
            return Ok(None);
        }
        let found = self.batch.delivery_referenced(number, delivery).await?;
        Ok(self.found_in_contract(table, row, ("delivery", contract, delivery), column, found))
    }

    /// The same of an instalment.
    async fn find_instalment<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        (contract, number, instalment): (&str, &str, &str),
        column: &str,
    ) -> Outcome<Option<String>> {
        let found = self.batch.instalment_referenced(number, instalment).await?;
        Ok(self.found_in_contract(table, row, ("instalment", contract, instalment), column, found))
    }

    /// What was found of what a row names in a contract; that nothing was is a fault of the row.
    fn found_in_contract<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        (what, contract, named): (&'static str, &str, &str),
        column: &str,
        found: Option<String>,
    ) -> Option<String> {
        if found.is_none() {
            let (code, one) = match what {
                "delivery" => ("book.delivery", "a delivery"),
                _ => ("book.instalment", "an instalment"),
            };
            let message = format!("Contract {contract} has no {what} with the number {named}.");
            let refusal = Refusal::new(code, message)
                .missing(format!("the number of {one} that the register or this book has"));
            self.refuse(table, row, column, &refusal);
        }
        found
    }

    /// The number of the contract that a row names, with whether the row can be judged at all.
    async fn find_contract<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        reference: &str,
    ) -> Outcome<Option<String>> {
        if let Some(known) = self.contracts.get(reference) {
            if known.is_none() {
                self.report.counts(table).not_judged += 1;
            }
            return Ok(known.clone());
        }
        let found = self.batch.contracts_referenced(self.actor, reference).await?;
        match found.as_slice() {
            [number] => {
                self.contracts.insert(reference.to_owned(), Some(number.clone()));
                Ok(Some(number.clone()))
            }
            [] => {
                let refusal = Refusal::new(
                    "book.contract",
                    format!("There is no contract with the reference {reference}."),
                )
                .missing("the reference of a contract that the register or this book has");
                self.refuse(table, row, "contract", &refusal);
                Ok(None)
            }
            several => {
                self.refuse(table, row, "contract", &several_bear(reference, several));
                Ok(None)
            }
        }
    }

    /// The number of the line that a row names.
    async fn find_line<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        contract: &str,
        line: &str,
    ) -> Outcome<Option<String>> {
        self.find_line_named(table, row, (contract, line), "line").await
    }

    /// The same of a row that names it in another column.
    async fn find_line_named<T>(
        &mut self,
        table: Table,
        row: &Placed<T>,
        (contract, line): (&str, &str),
        column: &str,
    ) -> Outcome<Option<String>> {
        let Some(number) = self.find_contract(table, row, contract).await? else { return Ok(None) };
        if self.rests_on_fault((Table::Lines, contract, line), table) {
            return Ok(None);
        }
        let key = (number, line.to_owned());
        if let Some(known) = self.lines.get(&key) {
            if known.is_none() {
                self.report.counts(table).not_judged += 1;
            }
            return Ok(known.clone());
        }
        let found = self.batch.line_referenced(&key.0, line).await?;
        match &found {
            Some(_) => {
                self.lines.insert(key, found.clone());
            }
            None => {
                let refusal = Refusal::new(
                    "book.line",
                    format!("Contract {contract} has no line with the number {line}."),
                )
                .missing("the number of a line that the register or this book has");
                self.refuse(table, row, column, &refusal);
            }
        }
        Ok(found)
    }
}

/// A reference that several contracts bear tells none of them.
fn several_bear(reference: &str, contracts: &[String]) -> Refusal {
    Refusal::new(
        "book.contract",
        format!("Several contracts bear the reference {reference}: {}.", contracts.join(", ")),
    )
    .missing(format!(
        "the number beside it, as in “{reference} ({})”",
        contracts.first().map(String::as_str).unwrap_or_default()
    ))
}

fn unreadable(error: TableError) -> Problem {
    Problem {
        row: error.row.unwrap_or(1),
        column: error.column.map(|letter| (letter.clone(), letter)),
        pointer: None,
        value: String::new(),
        reason: error.reason,
        remedy: error.remedy,
    }
}

/// Claims that were there when their contract was completed, and those that came after it: no contract is completed
/// while a claim is open, and a warranty runs on.
fn by_completion(
    claims: Vec<Placed<ClaimRow>>,
    contracts: &[Placed<ContractRow>],
) -> (Vec<Placed<ClaimRow>>, Vec<Placed<ClaimRow>>) {
    let completed: BTreeMap<&str, Date> = contracts
        .iter()
        .filter_map(|row| Some((row.value.reference.as_str(), row.value.completed.as_ref()?.on)))
        .collect();
    let mut begun = BTreeSet::new();
    claims.into_iter().partition(|row| {
        let claim = &row.value;
        let Some(day) = completed.get(claim.contract.as_str()) else { return true };
        let settled = claim.settled.as_ref().is_some_and(|settled| settled.on <= *day);
        // Their numbers have no gap: what follows a claim that came after comes after as well.
        if claim.opened_on > *day || !settled || begun.contains(&claim.contract) {
            begun.insert(claim.contract.clone());
            return false;
        }
        true
    })
}
