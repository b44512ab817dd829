//! Money: what came in, what is overdue, and what is delivered and unpaid, by partner and by bank.
//!
//! Conventions. A receipt counts on the day on which the money came in, at its value in the contract's
//! currency, which it states. An instalment is overdue from its day on, while anything of it is open; one
//! whose day is not known yet is not due, and none is under a terminated contract. What is *delivered and
//! unpaid* is, contract by contract, what was delivered by the counting rule less what was received, and
//! nothing where more was received: an advance of one contract pays for no other. It counts contracts with a
//! payment schedule or a receipt; of the others nothing is known. Laid over the open instalments of its
//! contract in the order in which they fall due, it is the exposure to their banks.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::compute::{narrow, total};
use super::facts::Facts;
use crate::payment::InstalmentKind;

/// Money of one contract, up to the cut-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractMoney {
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// What it is about.
    pub title: String,
    /// Its state.
    pub state: String,
    /// The value of its lines.
    pub value: i64,
    /// What its instalments sum to.
    pub scheduled: i64,
    /// Whether its schedule was declared complete.
    pub complete: bool,
    /// Delivered by the counting rule; not gathered where everything is paid.
    pub delivered: i64,
    /// Received.
    pub received: i64,
}

impl ContractMoney {
    /// Delivered and unpaid.
    pub fn receivable(&self) -> i64 {
        narrow(i128::from(self.delivered) - i128::from(self.received)).max(0)
    }
}

/// An instalment of which something is open at the cut-off, under a contract that binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpaidInstalment {
    /// Number of the instalment.
    pub instalment: String,
    /// Number of the contract.
    pub contract: String,
    /// Code of the partner.
    pub partner: String,
    /// What is paid for.
    pub kind: InstalmentKind,
    /// Its whole amount.
    pub amount: i64,
    /// Of that, received.
    pub received: i64,
    /// When it is due; none while its rule gives no day.
    pub due_on: Option<Date>,
    /// When it is due, in words.
    pub due: String,
    /// Number of the bank.
    pub bank: Option<String>,
}

impl UnpaidInstalment {
    /// What is open of it.
    pub fn open(&self) -> i64 {
        narrow(i128::from(self.amount) - i128::from(self.received))
    }

    /// Whether its day has come.
    pub fn is_overdue(&self, as_of: Date) -> bool {
        self.due_on.is_some_and(|due_on| due_on <= as_of)
    }
}

/// What the store gathers of money, in the conventions' currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFacts {
    /// Received in the year to date.
    pub received: i64,
    /// How many receipts that is.
    pub receipts: i64,
    /// Contracts with a schedule or a receipt, in the order of their numbers.
    pub contracts: Vec<ContractMoney>,
    /// Instalments with something open, in the order of their numbers.
    pub instalments: Vec<UnpaidInstalment>,
    /// Names of the banks that they name.
    pub banks: BTreeMap<String, String>,
}

/// What is delivered and unpaid of one contract, as far as it lies on one of its instalments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exposure<'f> {
    /// The contract.
    pub contract: &'f ContractMoney,
    /// The instalment; none for what lies on none.
    pub instalment: Option<&'f UnpaidInstalment>,
    /// How much, above zero.
    pub amount: i64,
}

/// Lays what is delivered and unpaid over the open instalments, in the order in which they fall due; those
/// without a day come last.
pub fn exposures(facts: &PaymentFacts) -> Vec<Exposure<'_>> {
    let mut of_contract: BTreeMap<&str, Vec<&UnpaidInstalment>> = BTreeMap::new();
    for instalment in &facts.instalments {
        of_contract.entry(&instalment.contract).or_default().push(instalment);
    }
    let mut all = Vec::new();
    for contract in &facts.contracts {
        let mut left = contract.receivable();
        let mut open = of_contract.remove(contract.contract.as_str()).unwrap_or_default();
        open.sort_by_key(|one| (one.due_on.is_none(), one.due_on, &one.instalment));
        for instalment in open {
            let amount = left.min(instalment.open());
            if amount > 0 {
                all.push(Exposure { contract, instalment: Some(instalment), amount });
                left -= amount;
            }
        }
        if left > 0 {
            all.push(Exposure { contract, instalment: None, amount: left });
        }
    }
    all
}

/// The code under which exposure to no bank stands.
pub const NO_BANK: &str = "NONE";

impl Exposure<'_> {
    /// Number of the bank, or [`NO_BANK`].
    pub fn bank(&self) -> &str {
        self.instalment.and_then(|instalment| instalment.bank.as_deref()).unwrap_or(NO_BANK)
    }

    /// Whether it lies on an instalment on credit.
    pub fn is_on_credit(&self) -> bool {
        self.instalment.is_some_and(|instalment| instalment.kind == InstalmentKind::DeferredCredit)
    }
}

/// Figures of money, in the conventions' currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Payments {
    /// Received in the year to date.
    pub received: i64,
    /// How many receipts that is.
    pub receipts: i64,
    /// Instalments whose day has come and of which something is open.
    pub overdue_instalments: i64,
    /// What is open of them.
    pub overdue_value: i64,
    /// Delivered and unpaid.
    pub receivable: i64,
    /// Of that, on instalments on credit.
    pub on_credit: i64,
    /// By partner, the largest first; those to which nothing is open are left out.
    pub by_partner: Vec<PartnerMoney>,
    /// By bank, the largest first; what names no bank stands under [`NO_BANK`].
    pub by_bank: Vec<BankMoney>,
    /// Contracts with a schedule or a receipt.
    pub contracts: i64,
}

/// Exposure to one partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerMoney {
    /// Code of the partner.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Delivered and unpaid.
    pub receivable: i64,
    /// Of that, on instalments on credit.
    pub on_credit: i64,
    /// Open of instalments whose day has come.
    pub overdue: i64,
}

/// Exposure to one bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankMoney {
    /// Number of the party, or [`NO_BANK`].
    pub bank: String,
    /// Its name.
    pub name: String,
    /// Delivered and unpaid, on instalments that name it.
    pub exposure: i64,
    /// Of that, on instalments on credit.
    pub on_credit: i64,
}

/// Works out the figures of money.
pub fn payments(facts: &Facts) -> Payments {
    let money = &facts.payments;
    let as_of = facts.conventions.as_of;
    let exposures = exposures(money);
    let overdue: Vec<&UnpaidInstalment> =
        money.instalments.iter().filter(|instalment| instalment.is_overdue(as_of)).collect();
    let mut partners: BTreeMap<&str, [i128; 3]> = BTreeMap::new();
    let mut banks: BTreeMap<&str, [i128; 2]> = BTreeMap::new();
    for exposure in &exposures {
        let credit = if exposure.is_on_credit() { i128::from(exposure.amount) } else { 0 };
        let partner = partners.entry(&exposure.contract.partner).or_default();
        partner[0] += i128::from(exposure.amount);
        partner[1] += credit;
        let bank = banks.entry(exposure.bank()).or_default();
        bank[0] += i128::from(exposure.amount);
        bank[1] += credit;
    }
    for instalment in &overdue {
        partners.entry(&instalment.partner).or_default()[2] += i128::from(instalment.open());
    }
    let mut by_partner: Vec<PartnerMoney> = partners
        .into_iter()
        .map(|(code, [receivable, on_credit, overdue])| PartnerMoney {
            code: code.to_owned(),
            name: facts.partners.get(code).map_or(code, String::as_str).to_owned(),
            receivable: narrow(receivable),
            on_credit: narrow(on_credit),
            overdue: narrow(overdue),
        })
        .collect();
    by_partner.sort_by(|a, b| {
        (Reverse(a.receivable), Reverse(a.overdue), &a.code).cmp(&(
            Reverse(b.receivable),
            Reverse(b.overdue),
            &b.code,
        ))
    });
    let mut by_bank: Vec<BankMoney> = banks
        .into_iter()
        .map(|(bank, [exposure, on_credit])| BankMoney {
            name: match money.banks.get(bank) {
                Some(name) => name.clone(),
                None if bank == NO_BANK => "no bank named".to_owned(),
                None => bank.to_owned(),
            },
            bank: bank.to_owned(),
            exposure: narrow(exposure),
            on_credit: narrow(on_credit),
        })
        .collect();
    by_bank.sort_by(|a, b| (Reverse(a.exposure), &a.bank).cmp(&(Reverse(b.exposure), &b.bank)));
    Payments {
        received: money.received,
        receipts: money.receipts,
        overdue_instalments: i64::try_from(overdue.len()).unwrap_or(i64::MAX),
        overdue_value: total(overdue.iter().map(|instalment| instalment.open())),
        receivable: total(exposures.iter().map(|exposure| exposure.amount)),
        on_credit: total(exposures.iter().filter(|e| e.is_on_credit()).map(|e| e.amount)),
        by_partner,
        by_bank,
        contracts: i64::try_from(money.contracts.len()).unwrap_or(i64::MAX),
    }
}
