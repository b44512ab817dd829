//! What a reader is shown of payments.

use jiff::civil::Date;

use entente_register::brief::{ContractMoney, Conventions, Payments, UnpaidInstalment};
use entente_register::document::Document;
use entente_register::label::Label;
use entente_register::money::{Currency, Money};
use entente_register::payment::{
    Conversion, DueRule, ExchangeRate, InstalmentKind, Lender, PenaltyClaimed, PenaltyTerms,
};

use crate::reader::{HistoryRow, Listing};

/// The payment schedule of a contract as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRow {
    /// Whether it was declared complete; not where the reader may not see all that it holds.
    pub complete: bool,
    /// The day of the last declaration.
    pub declared_on: Option<Date>,
    /// The value of the contract's lines, in minor units of its currency.
    pub value: i64,
    /// What the instalments sum to that the reader may see.
    pub scheduled: i64,
    /// What came in, at its value in the contract's currency.
    pub received: i64,
    /// Open of instalments whose day has come.
    pub overdue: i64,
    /// What delay costs.
    pub terms: Vec<PenaltyTerms>,
    /// The subject's version.
    pub version: u32,
}

/// An instalment as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalmentRow {
    /// Its number.
    pub number: String,
    /// The number that the contract gives it.
    pub reference: Option<String>,
    /// What is paid for.
    pub kind: InstalmentKind,
    /// Who gives the credit.
    pub lender: Option<Lender>,
    /// Number and name of the bank.
    pub bank: Option<(String, String)>,
    /// How much.
    pub amount: Money,
    /// Of that, received, in minor units.
    pub received: i64,
    /// When it is due.
    pub due: DueRule,
    /// The day on which it is due; none while its rule gives none.
    pub due_on: Option<Date>,
    /// `scheduled` or `withdrawn`.
    pub state: String,
    /// Marking.
    pub label: Label,
    /// The subject's version.
    pub version: u32,
}

impl InstalmentRow {
    /// What is open of it, in minor units: nothing of one that was withdrawn.
    pub fn open(&self) -> i64 {
        if self.state == "scheduled" { self.amount.minor - self.received } else { 0 }
    }

    /// Whether its day has come and something of it is open.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        self.open() > 0 && self.due_on.is_some_and(|due_on| due_on <= as_of)
    }
}

/// What of a receipt pays an instalment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptPart {
    /// Number of the instalment.
    pub instalment: String,
    /// How much, in minor units of the contract's currency.
    pub amount: i64,
}

/// A receipt that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRow {
    /// Its number.
    pub number: String,
    /// The number that others give it.
    pub reference: Option<String>,
    /// When the money came in.
    pub received_on: Date,
    /// How much came in.
    pub amount: Money,
    /// What it is worth in the contract's currency.
    pub value: Money,
    /// How the one became the other.
    pub conversion: Option<Conversion>,
    /// Number and name of the bank.
    pub bank: Option<(String, String)>,
    /// What it pays.
    pub parts: Vec<ReceiptPart>,
    /// The paper behind it.
    pub document: Document,
    /// Marking.
    pub label: Label,
    /// The subject's version.
    pub version: u32,
}

impl ReceiptRow {
    /// What pays no instalment, in minor units of the contract's currency.
    pub fn unallocated(&self) -> i64 {
        self.value.minor - self.parts.iter().map(|part| part.amount).sum::<i64>()
    }
}

/// A penalty as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyRow {
    /// Its number.
    pub number: String,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// What was claimed, and how it came about.
    pub claim: PenaltyClaimed,
    /// When it was claimed.
    pub claimed_on: Date,
    /// What is claimed, and once that is agreed, what is owed.
    pub amount: Money,
    /// Its state.
    pub state: String,
    /// Marking.
    pub label: Label,
    /// The subject's version.
    pub version: u32,
}

/// The money of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractPayments {
    /// Number of the contract.
    pub contract: String,
    /// Its currency.
    pub currency: Currency,
    /// The schedule as a whole.
    pub schedule: ScheduleRow,
    /// Instalments, in the order in which they fall due; those without a day come last.
    pub instalments: Vec<InstalmentRow>,
    /// Receipts, in the order of their days.
    pub receipts: Vec<ReceiptRow>,
    /// Penalties, in the order of their numbers.
    pub penalties: Vec<PenaltyRow>,
    /// The rates that the contract fixes.
    pub rates: Vec<RateRow>,
    /// What has happened to all of these, the latest last.
    pub history: Vec<(String, HistoryRow)>,
    /// The join of the markings of all that is shown.
    pub label: Label,
}

/// A rate as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateRow {
    /// Its key.
    pub number: String,
    /// The day for which it holds.
    pub on: Date,
    /// As it is quoted.
    pub quoted: ExchangeRate,
    /// Who publishes it, or the clause that fixes it.
    pub source: String,
    /// The contract that fixes it.
    pub contract: Option<String>,
    /// The subject's version.
    pub version: u32,
}

/// The money of all contracts that are open to the reader, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentsView {
    /// What the figures are figures of.
    pub conventions: Conventions,
    /// The figures.
    pub figures: Payments,
    /// Currencies of all contracts that are open to the reader.
    pub currencies: Vec<Currency>,
    /// Contracts with a schedule or a receipt.
    pub contracts: Vec<ContractMoney>,
    /// Instalments whose day has come, the earliest first.
    pub overdue: Vec<UnpaidInstalment>,
    /// Those that fall due within ninety days.
    pub coming: Vec<UnpaidInstalment>,
    /// Penalties that are claimed or agreed.
    pub penalties: Listing<PenaltyRow>,
    /// The join of the markings of all of it.
    pub marking: Option<Label>,
}
