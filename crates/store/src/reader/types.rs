//! What a reader gives out: rows and pages, already cut to what the actor may see.

use jiff::Timestamp;
use jiff::civil::Date;

use entente_register::access::Actor;
use entente_register::brief::{Conventions, FigureName, Known, Provenance};
use entente_register::contract::Claim;
use entente_register::contract::delivery::Counting;
use entente_register::contract::plan::{PlanAnswer, PlanPlace, PlanVersion};
use entente_register::contract::stability::Course;
use entente_register::document::Document;
use entente_register::label::Label;
use entente_register::money::{Currency, Decimal, Money, Quantity, Unit};

/// A part of a longer list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// Rows to pass over.
    pub offset: i64,
    /// Rows to give, at most [`Page::MOST`].
    pub limit: i64,
}

impl Page {
    /// Rows that are read at once at most. A page that people look at is far shorter (its address is refused beyond
    /// 500); a table for spreadsheets is read in parts of this size, for each part is a question of its own.
    pub const MOST: i64 = 10_000;

    /// The first rows.
    pub fn first(limit: i64) -> Page {
        Page { offset: 0, limit }
    }

    /// The part that is given of what was asked: never before the first row, and never more than a page holds.
    pub(crate) fn bounded(self) -> Page {
        Page { offset: self.offset.max(0), limit: self.limit.clamp(1, Page::MOST) }
    }
}

/// One page of rows, and how many there are in all (of those that the reader may see).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing<T> {
    /// The rows of the page.
    pub rows: Vec<T>,
    /// Rows in all.
    pub total: i64,
    /// The page that was asked for.
    pub page: Page,
}

impl<T> Listing<T> {
    /// The rows of a page out of all rows.
    pub(crate) fn of(all: Vec<T>, page: Page) -> Listing<T> {
        let place = |n: i64| usize::try_from(n).unwrap_or(0);
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let rows = all.into_iter().skip(place(page.offset)).take(place(page.limit)).collect();
        Listing { rows, total, page }
    }

    /// The same page with its rows made into others.
    pub fn map<U>(self, with: impl FnMut(T) -> U) -> Listing<U> {
        Listing { rows: self.rows.into_iter().map(with).collect(), total: self.total, page: self.page }
    }
}

/// Choices of a brief beside cut-off and horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BriefOptions {
    /// Which act makes a delivery count.
    pub counting: Counting,
    /// The plan version; none for the latest approved by the cut-off.
    pub plan: Option<PlanVersion>,
    /// The currency.
    pub currency: Currency,
}

impl Default for BriefOptions {
    fn default() -> BriefOptions {
        BriefOptions { counting: Counting::TitlePassed, plan: None, currency: Currency::USD }
    }
}

/// The value of an opened figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FigureValue {
    /// An amount in the conventions' currency.
    Money(Known<i64>),
    /// A percentage or ratio, with its unit: `%` or nothing.
    Number(Known<Decimal>, &'static str),
    /// A number of things, with their name, and for lines and instalments what is still open of them.
    Count(i64, &'static str, Option<i64>),
}

/// A figure with all that it opens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedFigure {
    /// Which.
    pub name: FigureName,
    /// What it is a figure of.
    pub conventions: Conventions,
    /// The join of the markings of all that the brief was gathered from.
    pub marking: Option<Label>,
    /// The plan version used, where one is.
    pub plan: Known<PlanVersion>,
    /// Its value.
    pub value: FigureValue,
    /// How it opens.
    pub provenance: Provenance,
    /// The figures of a formula with their values.
    pub operands: Vec<(FigureName, FigureValue)>,
    /// The rows, where it opens to rows.
    pub sources: Listing<SourceRow>,
    /// Sum of the amounts of all rows, not of this page only.
    pub sources_sum: i64,
}

/// One row behind a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    /// Number of the delivery, line, contract, receipt, instalment or opportunity.
    pub number: String,
    /// `delivery`, `line`, `contract`, `receipt`, `instalment` or `opportunity`: where the number opens.
    pub kind: &'static str,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// The date that makes it count: of the act, of the plan, contractual, or of signature.
    pub date: Option<Date>,
    /// What it is, for people.
    pub title: String,
    /// Its part of the figure, in minor units.
    pub amount: i64,
    /// A word on it, for example `late` or `taken back`.
    pub note: String,
    /// The plan version that it is an item of, where it is one.
    pub plan: Option<PlanVersion>,
    /// The paper behind it: of the plan version where it is an item of one, else of the subject.
    pub document: Option<Document>,
}

/// How a list of contracts is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContractFilter {
    /// Words in number, reference or title.
    pub text: Option<String>,
    /// Code of the partner.
    pub partner: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Only those with (or without) an overdue line.
    pub overdue: Option<bool>,
}

/// By what a list of contracts is sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ContractSort {
    /// Number.
    #[default]
    Number,
    /// Code of the partner.
    Partner,
    /// Day of signature.
    SignedOn,
    /// Value.
    Amount,
}

/// A contract in a list. Sums are as of the reader's date and horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractRow {
    /// Number in the register.
    pub number: String,
    /// The parties' own number.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// Name of the partner.
    pub partner_name: String,
    /// State at the reader's date.
    pub state: String,
    /// Day of signature.
    pub signed_on: Option<Date>,
    /// Marking.
    pub label: Label,
    /// Value of its lines.
    pub amount: Money,
    /// How many lines.
    pub lines: i64,
    /// By which rule the next two count.
    pub counting: Counting,
    /// Delivered of it.
    pub delivered: i64,
    /// Lines past their date and not delivered in full.
    pub overdue_lines: i64,
}

/// A contract's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractView {
    /// As in a list.
    pub row: ContractRow,
    /// Version of the subject, for a change that expects it.
    pub version: u32,
    /// Parties: role, number, name, state.
    pub parties: Vec<PartyRow>,
    /// Its lines.
    pub lines: Vec<LineRow>,
    /// Its claims.
    pub claims: Vec<Claim>,
    /// What happened, the latest last.
    pub history: Vec<HistoryRow>,
}

/// A party in a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Role word, for example `end_user`.
    pub role: String,
    /// Number.
    pub party: String,
    /// Name.
    pub name: Option<String>,
    /// State of establishment.
    pub state: Option<String>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Number.
    pub number: String,
    /// What is sold.
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// Unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// Price of all.
    pub amount: Money,
    /// Control-list entry.
    pub category: String,
    /// Contractual date.
    pub due_on: Date,
    /// Handed over so far.
    pub handed_over: Quantity,
    /// Accepted so far.
    pub accepted: Quantity,
    /// Its value.
    pub accepted_amount: i64,
    /// By which rule the next two count.
    pub counting: Counting,
    /// Value of what is delivered so far.
    pub delivered_amount: i64,
    /// When it was delivered in full, if it was.
    pub completed_on: Option<Date>,
    /// Version of the subject.
    pub version: u32,
}

/// A line's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineView {
    /// The line.
    pub line: LineRow,
    /// Its contract.
    pub contract: ContractRow,
    /// Its deliveries.
    pub deliveries: Listing<DeliveryRow>,
    /// What happened to the line.
    pub history: Vec<HistoryRow>,
}

/// A delivery as of the reader's date and horizon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Number.
    pub number: String,
    /// State at the reader's date.
    pub state: String,
    /// How much.
    pub quantity: Quantity,
    /// Its value at contract price.
    pub amount: Money,
    /// Day of hand-over to the carrier.
    pub handed_over_on: Date,
    /// Day of acceptance.
    pub accepted_on: Option<Date>,
}

/// A delivery's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryView {
    /// The delivery.
    pub delivery: DeliveryRow,
    /// Its line.
    pub line: LineRow,
    /// Its contract.
    pub contract: ContractRow,
    /// Serial numbers of its items.
    pub serials: Vec<String>,
    /// The last day of its warranty, where one is agreed and it is accepted.
    pub warranty_ends_on: Option<Date>,
    /// Claims on it.
    pub claims: Vec<Claim>,
    /// Its acts, each with its document.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// An event in a subject's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    /// What happened, in words.
    pub what: String,
    /// When it was true.
    pub occurred_on: Date,
    /// When the register knew it.
    pub recorded_at: Timestamp,
    /// Account that recorded it.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
    /// The paper behind it.
    pub document: Option<Document>,
    /// Place in the ledger and hash; for those who may read the ledger.
    pub entry: Option<LedgerEntry>,
}

/// Where an event stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerEntry {
    /// Sequence.
    pub sequence: i64,
    /// Hash, hexadecimal.
    pub hash: String,
}

/// A version of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Which.
    pub version: PlanVersion,
    /// `draft`, `proposed`, `frozen` or `discarded`.
    pub state: String,
    /// When it was approved.
    pub approved_on: Option<Date>,
    /// Sum of its items.
    pub amount: Money,
    /// How many items.
    pub items: i64,
    /// The join of the markings of the items that the reader may see.
    pub label: Label,
}

/// A document's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentContent {
    /// The document as its event refers to it.
    pub document: Document,
    /// Media type.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Marking of the subject that it belongs to.
    pub label: Label,
}

/// A plan version's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanView {
    /// As in a list.
    pub row: PlanRow,
    /// The other versions of its year in its currency, the latest first.
    pub others: Vec<PlanVersion>,
    /// Version of the subject, for a change that expects it.
    pub version: u32,
    /// Its items, in the order of the plan.
    pub items: Listing<SourceRow>,
    /// When it was proposed to the manufacturers; none of one that was not, or that was returned.
    pub proposed_on: Option<Date>,
    /// Who makes what stands in it, by number; what names no manufacturer comes first.
    pub makers: Vec<MakerRow>,
    /// How the year's plan changed from one approved version to the next, in the same currency.
    pub course: Course,
    /// What happened, the latest last.
    pub history: Vec<HistoryRow>,
}

/// What a manufacturer makes of a plan version, and what it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakerRow {
    /// Number of the party; none of lines that name no manufacturer.
    pub number: Option<String>,
    /// Its name, if the reader may see it.
    pub name: Option<String>,
    /// How many items, of those that the reader may see.
    pub items: i64,
    /// Their sum in minor units.
    pub amount: i64,
    /// Its last answer to the last proposal.
    pub answer: Option<MakerAnswer>,
}

/// What a manufacturer answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MakerAnswer {
    /// Whether it agreed.
    pub answer: PlanAnswer,
    /// When.
    pub on: Date,
    /// What it objects to; empty for all that it makes.
    pub items: Vec<PlanPlace>,
    /// Its letter.
    pub document: Option<Document>,
    /// Why it objects.
    pub reason: Option<String>,
}

/// An account, for those who manage accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Who, with today's roles and clearance.
    pub actor: Actor,
    /// Whether it is closed.
    pub disabled: bool,
    /// Version of the subject.
    pub version: u32,
}

/// An event of the ledger, for auditors. The payload is shown where the auditor's clearance admits its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Sequence.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who acted.
    pub actor: String,
    /// About what, as written in the ledger.
    pub subject: String,
    /// Version of the subject.
    pub version: u32,
    /// Kind.
    pub kind: String,
    /// When it was true.
    pub occurred_on: Date,
    /// Marking.
    pub label: Label,
    /// Canonical payload; none where it is erased or above the reader's clearance.
    pub payload: Option<String>,
    /// Hash, hexadecimal.
    pub hash: String,
}

/// A read of marked material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLogRow {
    /// Place in the log.
    pub sequence: i64,
    /// When.
    pub read_at: Timestamp,
    /// Who.
    pub account: String,
    /// What, for example `contract:S-2012-0001`.
    pub what: String,
    /// Its marking.
    pub label: Label,
    /// From where: `command line`, or a network address.
    pub source: String,
    /// Hash of the entry, chained, hexadecimal.
    pub hash: String,
}
