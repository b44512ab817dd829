//! Rows of money, written for people.

use entente_register::brief::{BankMoney, FigureName, NO_BANK, PartnerMoney, UnpaidInstalment};
use entente_register::contract::line::contract_of;
use entente_register::ledger::SubjectKind;
use entente_register::money::Currency;
use entente_store::reader::{InstalmentRow, PenaltyRow, RateRow, ReceiptRow};
use jiff::civil::Date;

use crate::web::history::{Paper, path};
use crate::web::show;
use crate::web::way::Way;

/// An instalment of which something is open, in a list of all contracts.
#[derive(Debug, Clone)]
pub(crate) struct UnpaidCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) partner: String,
    pub(crate) kind: String,
    pub(crate) due_on: String,
    pub(crate) due: String,
    pub(crate) amount: String,
    pub(crate) open: String,
}

impl UnpaidCells {
    pub(crate) fn of(one: &UnpaidInstalment, currency: Currency, way: &Way) -> UnpaidCells {
        UnpaidCells {
            number: one.instalment.clone(),
            href: way.to(&path(SubjectKind::Instalment, &one.instalment)),
            partner: one.partner.clone(),
            kind: show::capital(one.kind.name()),
            due_on: one.due_on.map(show::day).unwrap_or_default(),
            due: one.due.clone(),
            amount: show::exact(one.amount, currency),
            open: show::exact(one.open(), currency),
        }
    }
}

/// Exposure to a partner.
#[derive(Debug, Clone)]
pub(crate) struct PartnerCells {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) receivable: String,
    pub(crate) on_credit: String,
    pub(crate) overdue: String,
}

impl PartnerCells {
    pub(crate) fn of(row: &PartnerMoney, currency: Currency, way: &Way) -> PartnerCells {
        PartnerCells {
            code: row.code.clone(),
            name: row.name.clone(),
            href: way.to(&format!("/figures/{}", FigureName::PartnerReceivable(row.code.clone()))),
            receivable: show::exact(row.receivable, currency),
            on_credit: show::exact(row.on_credit, currency),
            overdue: show::exact(row.overdue, currency),
        }
    }
}

/// Exposure to a bank.
#[derive(Debug, Clone)]
pub(crate) struct BankCells {
    /// Number of the party; empty where no bank is named.
    pub(crate) bank: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) exposure: String,
    pub(crate) on_credit: String,
}

impl BankCells {
    pub(crate) fn of(row: &BankMoney, currency: Currency, way: &Way) -> BankCells {
        BankCells {
            bank: if row.bank == NO_BANK { String::new() } else { row.bank.clone() },
            name: show::capital(&row.name),
            href: way.to(&format!("/figures/{}", FigureName::BankExposure(row.bank.clone()))),
            exposure: show::exact(row.exposure, currency),
            on_credit: show::exact(row.on_credit, currency),
        }
    }
}

/// An instalment of a contract.
#[derive(Debug, Clone)]
pub(crate) struct InstalmentCells {
    /// Its number within the contract: `I3`.
    pub(crate) place: String,
    pub(crate) reference: Option<String>,
    pub(crate) kind: String,
    /// Who lends, and which bank.
    pub(crate) by: Option<String>,
    /// None while its rule gives no day.
    pub(crate) due_on: Option<String>,
    pub(crate) due: String,
    pub(crate) amount: String,
    pub(crate) received: String,
    pub(crate) open: String,
    pub(crate) overdue: bool,
    /// Said where it is not what is usual.
    pub(crate) state: Option<String>,
}

impl InstalmentCells {
    pub(crate) fn of(row: &InstalmentRow, as_of: Date) -> InstalmentCells {
        let currency = row.amount.currency;
        let lender = row.lender.map(|lender| lender.name().to_owned());
        let bank = row.bank.as_ref().map(|(number, name)| bank_name(number, name));
        let by: Vec<String> = lender.into_iter().chain(bank).collect();
        InstalmentCells {
            place: place(&row.number),
            reference: row.reference.clone(),
            kind: show::capital(row.kind.name()),
            by: (!by.is_empty()).then(|| by.join(", ")),
            due_on: row.due_on.map(show::day),
            due: row.due.words(),
            amount: show::exact(row.amount.minor, currency),
            received: show::exact(row.received, currency),
            open: show::exact(row.open(), currency),
            overdue: row.is_overdue(as_of),
            state: (row.state != "scheduled").then(|| row.state.clone()),
        }
    }
}

/// The end of a number, which tells the subject from its like in the contract.
fn place(number: &str) -> String {
    number.strip_prefix(contract_of(number)).unwrap_or(number).trim_start_matches('.').to_owned()
}

fn bank_name(number: &str, name: &str) -> String {
    if name.is_empty() { number.to_owned() } else { name.to_owned() }
}

/// Money that has come in.
#[derive(Debug, Clone)]
pub(crate) struct ReceiptCells {
    pub(crate) place: String,
    pub(crate) reference: Option<String>,
    pub(crate) received_on: String,
    /// What came in, where it is not in the contract's currency, and at which rate it counts.
    pub(crate) paid: Option<String>,
    pub(crate) value: String,
    pub(crate) bank: Option<String>,
    /// What it pays: `I1 500.00`.
    pub(crate) pays: Vec<String>,
    /// What pays nothing yet.
    pub(crate) unallocated: Option<String>,
    pub(crate) paper: Option<Paper>,
}

impl ReceiptCells {
    pub(crate) fn of(row: &ReceiptRow, way: &Way) -> ReceiptCells {
        let own = row.value.currency;
        ReceiptCells {
            place: place(&row.number),
            reference: row.reference.clone(),
            received_on: show::day(row.received_on),
            paid: row.conversion.as_ref().map(|conversion| {
                format!(
                    "{} at {}: {} of {}, {}",
                    row.amount,
                    conversion.quoted,
                    conversion.basis.name(),
                    show::day(conversion.dated),
                    conversion.source
                )
            }),
            value: show::exact(row.value.minor, own),
            bank: row.bank.as_ref().map(|(number, name)| bank_name(number, name)),
            pays: row
                .parts
                .iter()
                .map(|part| format!("{} {}", place(&part.instalment), show::exact(part.amount, own)))
                .collect(),
            unallocated: (row.unallocated() != 0).then(|| show::exact(row.unallocated(), own)),
            paper: Some(Paper::of(&row.document, SubjectKind::Receipt, &row.number, way)),
        }
    }
}

/// A penalty for delay.
#[derive(Debug, Clone)]
pub(crate) struct PenaltyCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) partner: String,
    pub(crate) of: String,
    pub(crate) of_href: String,
    /// `20 days late, 2 periods of 0.5 % each full week, at most 8 %`.
    pub(crate) terms: String,
    pub(crate) claimed_on: String,
    pub(crate) proposed: String,
    pub(crate) amount: String,
    pub(crate) state: String,
}

impl PenaltyCells {
    pub(crate) fn of(row: &PenaltyRow, way: &Way) -> PenaltyCells {
        let claim = &row.claim;
        let subject = claim.delay.subject();
        let cap = claim.cap.map(|cap| format!(", at most {cap} %")).unwrap_or_default();
        PenaltyCells {
            number: row.number.clone(),
            href: way.to(&path(SubjectKind::Penalty, &row.number)),
            partner: row.partner.clone(),
            of: format!("{} {}", show::capital(subject.kind.word()), subject.key),
            of_href: way.to(&path(subject.kind, &subject.key)),
            terms: format!(
                "{} late; {} % {} of {}{cap}",
                show::counted(i64::from(claim.days), "day", "days"),
                claim.rate,
                claim.period.name(),
                claim.value,
            ),
            claimed_on: show::day(row.claimed_on),
            proposed: show::exact(claim.proposed.minor, claim.proposed.currency),
            amount: show::exact(row.amount.minor, row.amount.currency),
            state: show::capital(&row.state),
        }
    }
}

/// An exchange rate.
#[derive(Debug, Clone)]
pub(crate) struct RateCells {
    pub(crate) on: String,
    pub(crate) quoted: String,
    pub(crate) source: String,
    /// The contract that fixes it, and its page.
    pub(crate) contract: Option<(String, String)>,
}

impl RateCells {
    pub(crate) fn of(row: &RateRow, way: &Way) -> RateCells {
        RateCells {
            on: show::day(row.on),
            quoted: row.quoted.to_string(),
            source: row.source.clone(),
            contract: row
                .contract
                .as_ref()
                .map(|number| (number.clone(), way.to(&path(SubjectKind::Contract, number)))),
        }
    }
}
