//! Figures of money for programs: a block of the brief, and of the reading of payments.

use entente_register::brief::Payments;
use entente_register::money::{Currency, Money};
use serde::Serialize;
use utoipa::ToSchema;

/// What came in, what is overdue, and what is delivered and unpaid. Amounts are of the currency that stands with
/// the figures; contracts in others have figures of their own, and nothing is added across currencies.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PaymentsFigures {
    /// Received in the year to date, each receipt at its value in the contract's currency.
    pub received: String,
    /// How many receipts that is.
    pub receipts: i64,
    /// Instalments whose day has come and of which something is open.
    pub overdue: OverdueInstalments,
    /// Delivered and unpaid, of contracts with a payment schedule or a receipt.
    pub receivable: String,
    /// Of that, on instalments on credit.
    pub on_credit: String,
    /// How many contracts have a payment schedule or a receipt.
    pub contracts: i64,
    /// By partner, the largest first.
    pub by_partner: Vec<PartnerExposure>,
    /// By bank, the largest first.
    pub by_bank: Vec<BankExposure>,
}

/// Instalments that are overdue.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverdueInstalments {
    /// How many.
    pub instalments: i64,
    /// What is open of them.
    pub value: String,
}

/// Exposure to one partner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartnerExposure {
    /// Code.
    pub partner: String,
    /// Name.
    pub name: String,
    /// Delivered and unpaid.
    pub receivable: String,
    /// Of that, on instalments on credit.
    pub on_credit: String,
    /// Open of instalments whose day has come.
    pub overdue: String,
}

/// Exposure to one bank.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BankExposure {
    /// Number of the party; `NONE` for what names no bank.
    pub bank: String,
    /// Name.
    pub name: String,
    /// Delivered and unpaid, on instalments that name it.
    pub exposure: String,
    /// Of that, on instalments on credit.
    pub on_credit: String,
}

impl PaymentsFigures {
    /// In words of numbers.
    pub fn of(figures: &Payments, currency: Currency) -> PaymentsFigures {
        let amount = |minor: i64| Money::new(minor, currency).decimal();
        PaymentsFigures {
            received: amount(figures.received),
            receipts: figures.receipts,
            overdue: OverdueInstalments {
                instalments: figures.overdue_instalments,
                value: amount(figures.overdue_value),
            },
            receivable: amount(figures.receivable),
            on_credit: amount(figures.on_credit),
            contracts: figures.contracts,
            by_partner: figures
                .by_partner
                .iter()
                .map(|row| PartnerExposure {
                    partner: row.code.clone(),
                    name: row.name.clone(),
                    receivable: amount(row.receivable),
                    on_credit: amount(row.on_credit),
                    overdue: amount(row.overdue),
                })
                .collect(),
            by_bank: figures
                .by_bank
                .iter()
                .map(|row| BankExposure {
                    bank: row.bank.clone(),
                    name: row.name.clone(),
                    exposure: amount(row.exposure),
                    on_credit: amount(row.on_credit),
                })
                .collect(),
        }
    }
}
