//! Giving a book out: the events of the register folded into the rows by which they can be brought in again.

mod beside;
mod claim;
mod corrective;
mod course;
mod milestone;
mod money;
mod offset;
mod pipeline;

use std::collections::{BTreeMap, HashMap};

use entente_register::book::cell::Cell;
use entente_register::book::row::ROLES;
use entente_register::book::table::Table;
use entente_register::contract::line::contract_of;
use entente_register::contract::plan::{PlanItem, PlanVersion};
use entente_register::contract::{ContractOpened, ContractParty};
use entente_register::document::Document;
use entente_register::ledger::{Event, Fact, SubjectKind};
use entente_register::money::Currency;
use entente_store::Outcome;
use entente_store::reader::Reader;
use jiff::Timestamp;
use jiff::civil::Date;

use self::beside::Beside;
use self::claim::Claims;
use self::corrective::Correctives;
use self::course::Course;
use self::milestone::Milestones;
use self::money::{Names, Payments};
use self::offset::Offsets;
use self::pipeline::Pipeline;

/// Rows of every table, the first row with the names of the columns.
pub type Rows = BTreeMap<Table, Vec<Vec<Cell>>>;

/// Reads the whole book that is open to the reader, up to its horizon.
///
/// # Errors
/// A refusal if the actor may not read contracts; a fault if the database does not answer.
pub async fn export(reader: &Reader, progress: &(dyn Fn(u64) + Sync)) -> Outcome<Rows> {
    Ok(read(reader, progress).await?.rows())
}

/// The same with what the rows do not say of the contracts and parties.
///
/// # Errors
/// As [`export`].
pub async fn gather(reader: &Reader, progress: &(dyn Fn(u64) + Sync)) -> Outcome<Gathered> {
    Ok(read(reader, progress).await?.gathered())
}

/// A book with what its rows do not say.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The rows.
    pub rows: Rows,
    /// Of the contract in each row, in their order.
    pub contracts: Vec<About>,
    /// The number of the party in each row, in their order.
    pub parties: Vec<String>,
}

/// What a contract's row does not say of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct About {
    /// Its number in the register.
    pub number: String,
    /// When its last event was recorded, of those that are open to the reader.
    pub recorded_at: Timestamp,
    /// Columns of its row that name a party whose name is closed to the reader.
    pub closed_roles: Vec<&'static str>,
    /// Lines, by their numbers in the book, whose manufacturer's name is closed to the reader.
    pub closed_manufacturers: Vec<String>,
}

async fn read(reader: &Reader, progress: &(dyn Fn(u64) + Sync)) -> Outcome<Fold> {
    let mut fold = Fold::default();
    let mut book = reader.book().await?;
    let mut read = 0;
    while let Some(events) = book.next().await? {
        read += events.len() as u64;
        for event in events {
            fold.apply(event);
        }
        progress(read);
    }
    Ok(fold)
}

/// An event beside its fact.
pub(super) struct Entered<'e> {
    /// The day on which it happened.
    pub(super) on: Date,
    /// Its place in the order of entry.
    pub(super) entry: i64,
    /// Its marking.
    pub(super) label: &'e str,
    /// Why; empty if that was not said.
    pub(super) reason: &'e str,
}

/// A contract, as far as its row says.
struct Contract {
    opened: ContractOpened,
    label: String,
    opened_on: Date,
    signed: Option<(Date, Option<Document>)>,
    in_force: Option<(Date, Option<Document>)>,
    suspended: Option<(Date, String)>,
    completed: Option<(Date, Option<Document>)>,
    terminated: Option<(Date, String, Option<Document>)>,
    closed: Option<(Date, Option<Document>)>,
}

/// A delivery, as far as its row says.
struct Delivery {
    line: String,
    reference: Option<String>,
    quantity: String,
    entry: i64,
    handed_over: (Date, Document),
    accepted: Option<(Date, Document, i64)>,
    returned: Option<(Date, String, i64)>,
}

struct Plan {
    currency: Currency,
    approved: Option<(Date, Document)>,
    is_discarded: bool,
    items: Vec<PlanItem>,
}

/// What the events fold into.
#[derive(Default)]
struct Fold {
    partners: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
    /// Memberships in the order of their beginning: group, state, from, until.
    members: Vec<(String, String, Date, Option<Date>)>,
    parties: BTreeMap<String, Vec<Cell>>,
    party_names: HashMap<String, String>,
    contracts: BTreeMap<String, Contract>,
    contract_order: Vec<String>,
    /// Rows of lines, each with the contract's number and the line's in place of references.
    lines: Vec<(String, Vec<Cell>)>,
    line_terms: HashMap<String, LineTerms>,
    plans: BTreeMap<PlanVersion, Plan>,
    deliveries: BTreeMap<String, Delivery>,
    money: Payments,
    course: Course,
    beside: Beside,
    claims: Claims,
    milestones: Milestones,
    correctives: Correctives,
    offsets: Offsets,
    pipeline: Pipeline,
    /// When the last event of each contract was recorded, by its number.
    recorded: HashMap<String, Timestamp>,
}

/// What an amendment does not say again.
struct LineTerms {
    reference: Option<String>,
    description: String,
    unit: String,
    category: String,
    manufacturer: Option<String>,
}

pub(super) fn text(text: impl Into<String>) -> Cell {
    Cell::text(text)
}

/// Words; nothing where none were said.
fn said(words: &str) -> Cell {
    optional(Some(words).filter(|words| !words.is_empty()))
}

/// The end of a number, which tells a thing from the others of its contract.
fn own(number: &str) -> &str {
    number.strip_prefix(contract_of(number)).unwrap_or(number).trim_start_matches('.')
}

pub(super) fn optional(value: Option<impl Into<String>>) -> Cell {
    value.map_or(Cell::Empty, Cell::text)
}

pub(super) fn day(date: Option<Date>) -> Cell {
    date.map_or(Cell::Empty, Cell::Date)
}

pub(super) fn number(value: impl ToString) -> Cell {
    Cell::Number(value.to_string())
}

pub(super) fn title(document: Option<&Document>) -> Cell {
    optional(document.map(|document| document.title.as_str()))
}

impl Fold {
    fn apply(&mut self, event: Event) {
        let Some(fact) = event.fact else { return };
        let key = event.subject.key;
        if matches!(event.subject.kind, SubjectKind::Contract | SubjectKind::Line | SubjectKind::Delivery) {
            self.recorded.insert(contract_of(&key).to_owned(), event.recorded_at);
        }
        let on = event.occurred_on;
        let reason = event.reason.unwrap_or_default();
        let label = event.label.to_string();
        let entered = Entered { on, entry: event.sequence, label: &label, reason: &reason };
        match event.subject.kind {
            SubjectKind::Schedule
            | SubjectKind::Instalment
            | SubjectKind::Receipt
            | SubjectKind::Penalty
            | SubjectKind::Rate => return self.money.apply(&key, &entered, fact),
            SubjectKind::Slippage => return self.course.apply(&key, &entered, fact),
            SubjectKind::Opportunity => return self.pipeline.apply(&key, &entered, fact),
            SubjectKind::Milestone => return self.milestones.apply(&key, &entered, fact),
            SubjectKind::Corrective => return self.correctives.apply(&key, &entered, fact),
            SubjectKind::Offset => return self.offsets.apply(&key, &entered, fact),
            SubjectKind::Delivery => self.beside.note(&key, &entered, &fact),
            SubjectKind::Contract => {
                self.course.note(&key, &entered, &fact);
                self.beside.note(&key, &entered, &fact);
                self.claims.note(&key, &entered, &fact);
            }
            _ => {}
        }
        match fact {
            Fact::PartnerRegistered(partner) => {
                self.partners.insert(key, partner.name);
            }
            Fact::GroupRegistered(group) => {
                self.groups.insert(key, group.name);
            }
            Fact::GroupMemberAdmitted(member) => self.members.push((key, member.state, on, None)),
            Fact::GroupMemberLeft(member) => {
                let open = self.members.iter_mut().rev().find(|m| m.0 == key && m.1 == member.state);
                if let Some(open) = open {
                    open.3 = Some(on);
                }
            }
            Fact::GroupMembershipSet(set) => {
                // The table knows members alone: one that is suspended is a member, an observer is none.
                let mut of_state = self.members.iter_mut().rev().filter(|m| m.0 == key && m.1 == set.state);
                let open = of_state.find(|member| member.3.is_none());
                match (open, set.membership.is_member()) {
                    (None, true) => self.members.push((key, set.state, on, None)),
                    (Some(open), false) => open.3 = Some(on),
                    _ => {}
                }
            }
            Fact::PartyRegistered(party) => {
                let marking = text(event.label.to_string());
                let row = vec![text(&party.name), text(party.kind.word()), text(party.state), marking];
                self.parties.insert(key.clone(), row);
                self.party_names.insert(key, party.name);
            }
            Fact::ContractOpened(opened) => {
                self.contract_order.push(key.clone());
                let contract = Contract {
                    opened,
                    label: event.label.to_string(),
                    opened_on: on,
                    signed: None,
                    in_force: None,
                    suspended: None,
                    completed: None,
                    terminated: None,
                    closed: None,
                };
                self.contracts.insert(key, contract);
            }
            Fact::LineAdded(line) => {
                let terms = LineTerms {
                    reference: line.reference,
                    description: line.description,
                    unit: line.unit.code().to_owned(),
                    category: line.category,
                    manufacturer: line.manufacturer,
                };
                self.line_terms.insert(key.clone(), terms);
                let price = line.unit_price.decimal();
                let paper = (title(line.document.as_ref()), Cell::Empty);
                self.line(key, line.quantity.to_string(), price, (line.due_on, on), paper, event.sequence);
            }
            Fact::LineAmended(line) => {
                let price = line.unit_price.decimal();
                let paper = (title(Some(&line.document)), text(reason));
                self.line(key, line.quantity.to_string(), price, (line.due_on, on), paper, event.sequence);
            }
            Fact::PlanDrafted(drafted) => {
                if let Some(version) = PlanVersion::from_key(&key) {
                    let plan = Plan {
                        currency: drafted.currency,
                        approved: None,
                        is_discarded: false,
                        items: Vec::new(),
                    };
                    self.plans.insert(version, plan);
                }
            }
            Fact::PlanItemsAdded(added) => {
                if let Some(plan) = self.plan(&key) {
                    plan.items.extend(added.items);
                }
            }
            Fact::PlanApproved(approved) => {
                if let Some(plan) = self.plan(&key) {
                    plan.approved = Some((on, approved.document));
                }
            }
            Fact::PlanProposalApproved(approved) => {
                if let Some(plan) = self.plan(&key) {
                    plan.approved = Some((on, approved.document));
                }
            }
            Fact::PlanDiscarded(_) => {
                if let Some(plan) = self.plan(&key) {
                    plan.is_discarded = true;
                }
            }
            Fact::DeliveryHandedOver(delivery) => {
                let delivery = Delivery {
                    line: delivery.line,
                    reference: delivery.reference,
                    quantity: delivery.quantity.to_string(),
                    entry: event.sequence,
                    handed_over: (on, delivery.document),
                    accepted: None,
                    returned: None,
                };
                self.deliveries.insert(key, delivery);
            }
            Fact::DeliveryAccepted(accepted) => {
                if let Some(delivery) = self.deliveries.get_mut(&key) {
                    delivery.accepted = Some((on, accepted.document, event.sequence));
                }
            }
            Fact::DeliveryReturned(_) => {
                if let Some(delivery) = self.deliveries.get_mut(&key) {
                    delivery.returned = Some((on, reason, event.sequence));
                }
            }
            // What was recorded in error is not given out.
            Fact::DeliveryAnnulled(_) => {
                self.deliveries.remove(&key);
            }
            fact => {
                if let Some(contract) = self.contracts.get_mut(&key) {
                    contract.apply(on, reason, fact);
                }
            }
        }
    }

    fn plan(&mut self, key: &str) -> Option<&mut Plan> {
        self.plans.get_mut(&PlanVersion::from_key(key)?)
    }

    /// Adds a row of a line, by its number.
    fn line(
        &mut self,
        key: String,
        quantity: String,
        price: String,
        (due_on, on): (Date, Date),
        (document, reason): (Cell, Cell),
        entry: i64,
    ) {
        let Some(terms) = self.line_terms.get(&key) else { return };
        let manufacturer = terms.manufacturer.as_ref().and_then(|party| self.party_names.get(party));
        let row = vec![
            text(&terms.description),
            number(quantity),
            text(&terms.unit),
            number(price),
            text(&terms.category),
            optional(manufacturer),
            Cell::Date(due_on),
            Cell::Date(on),
            document,
            reason,
            number(entry),
        ];
        self.lines.push((key, row));
    }

    /// The references of contracts: their own, and with the number beside it where several bear it.
    fn references(&self) -> HashMap<&str, String> {
        let mut bearers: HashMap<&str, u32> = HashMap::new();
        for contract in self.contracts.values() {
            *bearers.entry(contract.opened.reference.as_str()).or_default() += 1;
        }
        let unique = |number: &str, reference: &str| match bearers.get(reference) {
            Some(1) => reference.to_owned(),
            _ => format!("{reference} ({number})"),
        };
        self.contracts
            .iter()
            .map(|(number, contract)| (number.as_str(), unique(number, &contract.opened.reference)))
            .collect()
    }

    /// The references of lines: their own, or their place in the contract.
    fn line_reference(&self, number: &str) -> String {
        match self.line_terms.get(number).and_then(|terms| terms.reference.clone()) {
            Some(reference) => reference,
            None => number.rsplit_once('.').map_or(number, |(_, place)| place).to_owned(),
        }
    }

    fn gathered(self) -> Gathered {
        let mut contracts = Vec::with_capacity(self.contract_order.len());
        for number in &self.contract_order {
            let Some(contract) = self.contracts.get(number) else { continue };
            let is_closed = |role| {
                let mut of_role = contract.opened.parties.iter().filter(|party| party.role == role);
                of_role.any(|party| !self.party_names.contains_key(&party.party))
            };
            contracts.push(About {
                number: number.clone(),
                recorded_at: self.recorded.get(number).copied().unwrap_or_default(),
                closed_roles: ROLES.iter().filter(|(role, _)| is_closed(*role)).map(|(_, c)| *c).collect(),
                closed_manufacturers: Vec::new(),
            });
        }
        let places: HashMap<String, usize> =
            contracts.iter().enumerate().map(|(place, about)| (about.number.clone(), place)).collect();
        let mut lines: Vec<_> = self.line_terms.iter().collect();
        lines.sort_by_key(|(number, _)| *number);
        for (number, terms) in lines {
            let is_closed = terms.manufacturer.as_ref().is_some_and(|m| !self.party_names.contains_key(m));
            let about = places.get(contract_of(number)).and_then(|place| contracts.get_mut(*place));
            if let Some(about) = about.filter(|_| is_closed) {
                about.closed_manufacturers.push(self.line_reference(number));
            }
        }
        let parties = self.parties.keys().cloned().collect();
        Gathered { rows: self.rows(), contracts, parties }
    }

    fn rows(self) -> Rows {
        let references = self.references();
        let reference = |number: &str| text(references.get(contract_of(number)).cloned().unwrap_or_default());
        let mut rows = Rows::new();
        for table in Table::ALL {
            rows.insert(table, vec![table.columns().iter().map(|column| text(column.name)).collect()]);
        }
        let mut add = |table, row: Vec<Cell>| rows.entry(table).or_default().push(row);
        for (code, name) in &self.partners {
            add(Table::Partners, vec![text(code), text(name)]);
        }
        for (code, name) in &self.groups {
            let members: Vec<_> = self.members.iter().filter(|member| member.0 == *code).collect();
            for (_, state, from, until) in &members {
                add(Table::Groups, vec![text(code), text(name), text(state), Cell::Date(*from), day(*until)]);
            }
            if members.is_empty() {
                add(Table::Groups, vec![text(code), text(name), Cell::Empty, Cell::Empty, Cell::Empty]);
            }
        }
        for row in self.parties.values() {
            add(Table::Parties, row.clone());
        }
        for number in &self.contract_order {
            let Some(contract) = self.contracts.get(number) else { continue };
            add(Table::Contracts, contract.row(reference(number), &self.party_names));
        }
        for (line, row) in &self.lines {
            let mut cells = vec![reference(line), text(self.line_reference(line))];
            cells.extend(row.iter().cloned());
            add(Table::Lines, cells);
        }
        for (version, plan) in &self.plans {
            let base = vec![
                self::number(version.year),
                self::number(version.version),
                text(plan.currency.code()),
                day(plan.approved.as_ref().map(|approved| approved.0)),
                title(plan.approved.as_ref().map(|approved| &approved.1)),
            ];
            let mut items = plan.items.iter().filter(|_| !plan.is_discarded).peekable();
            if items.peek().is_none() {
                let row = [base.clone(), vec![Cell::Empty; 4]].concat();
                add(Table::Plan, row);
            }
            for item in items {
                let own = vec![
                    reference(&item.line),
                    text(self.line_reference(&item.line)),
                    Cell::Date(item.planned_on),
                    self::number(&item.amount),
                ];
                add(Table::Plan, [base.clone(), own].concat());
            }
        }
        let mut deliveries: Vec<_> = self.deliveries.iter().collect();
        deliveries.sort_by_key(|(_, delivery)| delivery.entry);
        for (number, delivery) in deliveries {
            add(
                Table::Deliveries,
                vec![
                    reference(number),
                    text(self.line_reference(&delivery.line)),
                    text(delivery.reference.as_deref().unwrap_or_else(|| own(number))),
                    self::number(&delivery.quantity),
                    Cell::Date(delivery.handed_over.0),
                    title(Some(&delivery.handed_over.1)),
                    day(delivery.accepted.as_ref().map(|accepted| accepted.0)),
                    title(delivery.accepted.as_ref().map(|accepted| &accepted.1)),
                    day(delivery.returned.as_ref().map(|returned| returned.0)),
                    optional(delivery.returned.as_ref().map(|returned| returned.1.as_str())),
                    self::number(delivery.entry),
                    delivery.accepted.as_ref().map_or(Cell::Empty, |accepted| self::number(accepted.2)),
                    delivery.returned.as_ref().map_or(Cell::Empty, |returned| self::number(returned.2)),
                ],
            );
        }
        let delivery = |number: &str| {
            let reference = self.deliveries.get(number).and_then(|delivery| delivery.reference.clone());
            reference.unwrap_or_else(|| own(number).to_owned())
        };
        let names = Names {
            contract: &reference,
            label: &|number| self.contracts.get(contract_of(number)).map(|contract| contract.label.as_str()),
            line: &|number| self.line_reference(number),
            delivery: &delivery,
            parties: &self.party_names,
        };
        for number in &self.contract_order {
            rows.entry(Table::Claims).or_default().extend(self.claims.rows(number, &names));
        }
        for (table, of_table) in [
            (Table::Rates, self.money.rates(&names)),
            (Table::Instalments, self.money.instalments(&names)),
            (Table::Receipts, self.money.receipts(&names)),
            (Table::Schedules, self.money.schedules(&names)),
            (Table::Penalties, self.money.penalties(&names)),
            (Table::Suspensions, self.course.suspensions(&names)),
            (Table::Slippages, self.course.slippages(&names)),
            (Table::Terms, self.beside.terms(&names)),
            (Table::Serials, self.beside.serials(&names)),
            (Table::Milestones, self.milestones.rows(&names, &self.money)),
            (Table::Corrective, self.correctives.rows(&names)),
            (Table::Offsets, self.offsets.obligations(&names)),
            (Table::Credits, self.offsets.credits(&names)),
        ] {
            rows.entry(table).or_default().extend(of_table);
        }
        for (table, row) in self.pipeline.rows(&names) {
            rows.entry(table).or_default().push(row);
        }
        rows
    }
}

impl Contract {
    fn apply(&mut self, on: Date, reason: String, fact: Fact) {
        match fact {
            Fact::ContractAmended(amended) => {
                if let Some(title) = amended.amendment.title {
                    self.opened.title = title;
                }
                if let Some(parties) = amended.amendment.parties {
                    self.opened.parties = parties;
                }
            }
            Fact::ContractSigned(moved) => self.signed = Some((on, moved.document)),
            Fact::ContractEnteredIntoForce(moved) => self.in_force = Some((on, moved.document)),
            Fact::ContractSuspended(_) => self.suspended = Some((on, reason)),
            Fact::ContractResumed(_) => self.suspended = None,
            Fact::ContractCompleted(moved) => self.completed = Some((on, moved.document)),
            Fact::ContractTerminated(moved) => self.terminated = Some((on, reason, moved.document)),
            Fact::ContractClosed(moved) => self.closed = Some((on, moved.document)),
            _ => {}
        }
    }

    fn row(&self, reference: Cell, names: &HashMap<String, String>) -> Vec<Cell> {
        let parties = |of: &[ContractParty], role| {
            let names: Vec<&str> = of
                .iter()
                .filter(|party| party.role == role)
                .filter_map(|party| names.get(&party.party).map(String::as_str))
                .collect();
            text(names.join("; "))
        };
        let moved = |moved: &Option<(Date, Option<Document>)>| {
            let (on, document) =
                moved.as_ref().map_or((None, None), |(on, paper)| (Some(*on), paper.as_ref()));
            [day(on), title(document)]
        };
        let mut row = vec![
            reference,
            text(&self.opened.title),
            text(&self.opened.partner),
            text(self.opened.currency.code()),
            text(&self.label),
            Cell::Date(self.opened_on),
        ];
        row.extend(ROLES.iter().map(|(role, _)| parties(&self.opened.parties, *role)));
        row.extend(moved(&self.signed));
        row.extend(moved(&self.in_force));
        row.push(day(self.suspended.as_ref().map(|suspended| suspended.0)));
        row.push(optional(self.suspended.as_ref().map(|suspended| suspended.1.as_str())));
        row.extend(moved(&self.completed));
        row.push(day(self.terminated.as_ref().map(|terminated| terminated.0)));
        row.push(optional(self.terminated.as_ref().map(|terminated| terminated.1.as_str())));
        row.push(title(self.terminated.as_ref().and_then(|terminated| terminated.2.as_ref())));
        row.extend(moved(&self.closed));
        row
    }
}
