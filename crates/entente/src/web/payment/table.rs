//! Money in and out for spreadsheets: the tables of all contracts in a currency, of one contract, and of the rates.

use axum::extract::Path;
use entente_register::brief::{NO_BANK, UnpaidInstalment};
use entente_register::money::Currency;
use entente_store::reader::{
    ContractPayments, InstalmentRow, Page, PaymentsView, PenaltyRow, RateRow, Reader, ReceiptRow,
};
use jiff::civil::Date;

use super::rate;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, amount, day, every, minor, optional, text, yes};
use crate::web::visit::Visit;

/// A table of the page of all contracts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfAll {
    /// Instalments whose day has come.
    Overdue,
    /// Instalments that fall due within ninety days.
    Coming,
    /// Exposure by partner.
    Partners,
    /// Exposure by bank.
    Banks,
    /// Penalties claimed or agreed.
    Penalties,
    /// Contracts whose schedule is not complete, or does not sum to their value.
    Schedules,
    /// All contracts with a schedule or a receipt.
    Contracts,
}

/// `GET /payments/….csv` and `.xlsx`: a table of the money of all contracts in the currency of the view.
pub(crate) async fn of_all(visit: Visit, of: OfAll, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let options = visit.view.options();
    if of == OfAll::Penalties {
        let read = &reader;
        let rows = |page| async move { Ok(read.payments(&options, page).await?.penalties) };
        let rows = every(("penalties", "an earlier day"), rows).await?;
        return penalties(&rows).answer(kind, reader.as_of()).await;
    }
    let money = reader.payments(&options, Page::first(1)).await?;
    let currency = money.conventions.currency;
    let table = match of {
        OfAll::Overdue => unpaid("overdue-instalments", &money.overdue, currency),
        OfAll::Coming => unpaid("coming-instalments", &money.coming, currency),
        OfAll::Partners => partners(&money),
        OfAll::Banks => banks(&money),
        OfAll::Schedules => contracts("open-schedules", &money, |complete| !complete),
        OfAll::Contracts | OfAll::Penalties => contracts("payments-by-contract", &money, |_| true),
    };
    table.answer(kind, reader.as_of()).await
}

fn unpaid(name: &'static str, rows: &[UnpaidInstalment], currency: Currency) -> Table {
    let rows = rows.iter().map(|row| {
        vec![
            text(&row.instalment),
            text(&row.contract),
            text(&row.partner),
            text(row.kind.word()),
            day(row.due_on),
            text(&row.due),
            minor(row.amount, currency),
            minor(row.received, currency),
            minor(row.open(), currency),
            text(currency.code()),
            optional(row.bank.as_deref()),
        ]
    });
    Table {
        name,
        columns: &[
            "instalment",
            "contract",
            "partner",
            "kind",
            "due_on",
            "due",
            "amount",
            "received",
            "open",
            "currency",
            "bank",
        ],
        rows: rows.collect(),
    }
}

fn partners(money: &PaymentsView) -> Table {
    let currency = money.conventions.currency;
    let rows = money.figures.by_partner.iter().map(|row| {
        vec![
            text(&row.code),
            text(&row.name),
            minor(row.receivable, currency),
            minor(row.on_credit, currency),
            minor(row.overdue, currency),
            text(currency.code()),
        ]
    });
    Table {
        name: "exposure-by-partner",
        columns: &["partner", "partner_name", "receivable", "on_credit", "overdue", "currency"],
        rows: rows.collect(),
    }
}

fn banks(money: &PaymentsView) -> Table {
    let currency = money.conventions.currency;
    let rows = money.figures.by_bank.iter().map(|row| {
        vec![
            optional(Some(row.bank.as_str()).filter(|bank| *bank != NO_BANK)),
            text(&row.name),
            minor(row.exposure, currency),
            minor(row.on_credit, currency),
            text(currency.code()),
        ]
    });
    Table {
        name: "exposure-by-bank",
        columns: &["bank", "bank_name", "exposure", "on_credit", "currency"],
        rows: rows.collect(),
    }
}

/// Contracts with a schedule or a receipt, of those that are chosen by whether their schedule is complete and sums to
/// their value.
fn contracts(name: &'static str, money: &PaymentsView, chosen: impl Fn(bool) -> bool) -> Table {
    let currency = money.conventions.currency;
    let rows = money.contracts.iter().filter(|row| chosen(row.complete && row.scheduled == row.value));
    let rows = rows.map(|row| {
        vec![
            text(&row.contract),
            text(&row.partner),
            text(&row.title),
            text(&row.state),
            minor(row.value, currency),
            minor(row.scheduled, currency),
            minor(row.scheduled.saturating_sub(row.value), currency),
            minor(row.received, currency),
            text(currency.code()),
            yes(row.complete),
        ]
    });
    Table {
        name,
        columns: &[
            "contract",
            "partner",
            "title",
            "state",
            "value",
            "scheduled",
            "difference",
            "received",
            "currency",
            "declared_complete",
        ],
        rows: rows.collect(),
    }
}

/// A table of one contract's money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OfContract {
    /// Its schedule.
    Instalments,
    /// What came in.
    Receipts,
    /// What each receipt pays.
    Allocations,
    /// Penalties for delay.
    Penalties,
    /// The rates that it fixes.
    Rates,
}

/// `GET /contracts/{number}/instalments.csv` and the like.
pub(crate) async fn of_contract(visit: Visit, number: Path<String>, of: OfContract, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let money = reader.contract_payments(&number).await?;
    let table = match of {
        OfContract::Instalments => instalments(&money.instalments, reader.as_of()),
        OfContract::Receipts => receipts(&money),
        OfContract::Allocations => allocations(&money),
        OfContract::Penalties => penalties(&money.penalties),
        OfContract::Rates => rates(&money.rates),
    };
    table.answer(kind, reader.as_of()).await
}

fn instalments(rows: &[InstalmentRow], as_of: Date) -> Table {
    let rows = rows.iter().map(|row| {
        let (bank, name) = row.bank.clone().unzip();
        vec![
            text(&row.number),
            optional(row.reference.as_deref()),
            text(row.kind.word()),
            optional(row.lender.map(|lender| lender.word())),
            optional(bank),
            optional(name),
            day(row.due_on),
            text(row.due.words()),
            amount(row.amount),
            minor(row.received, row.amount.currency),
            minor(row.open(), row.amount.currency),
            text(row.amount.currency.code()),
            yes(row.is_overdue(as_of)),
            text(&row.state),
            text(row.label.to_string()),
        ]
    });
    Table {
        name: "instalments",
        columns: &[
            "number",
            "reference",
            "kind",
            "lender",
            "bank",
            "bank_name",
            "due_on",
            "due",
            "amount",
            "received",
            "open",
            "currency",
            "overdue",
            "state",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn receipts(money: &ContractPayments) -> Table {
    let rows = money.receipts.iter().map(|row: &ReceiptRow| {
        let (bank, name) = row.bank.clone().unzip();
        let at = row.conversion.as_ref();
        vec![
            text(&row.number),
            optional(row.reference.as_deref()),
            Out::Date(row.received_on),
            amount(row.amount),
            text(row.amount.currency.code()),
            optional(at.map(|at| at.quoted.to_string())),
            optional(at.map(|at| at.basis.word())),
            day(at.map(|at| at.dated)),
            optional(at.map(|at| at.source.as_str())),
            amount(row.value),
            text(row.value.currency.code()),
            minor(row.unallocated(), row.value.currency),
            optional(bank),
            optional(name),
            text(&row.document.title),
            Out::Date(row.document.dated),
            text(row.label.to_string()),
        ]
    });
    Table {
        name: "receipts",
        columns: &[
            "number",
            "reference",
            "received_on",
            "amount",
            "currency",
            "rate",
            "rate_basis",
            "rate_on",
            "rate_source",
            "value",
            "value_currency",
            "not_allocated",
            "bank",
            "bank_name",
            "document",
            "document_dated",
            "label",
        ],
        rows: rows.collect(),
    }
}

fn allocations(money: &ContractPayments) -> Table {
    let rows = money.receipts.iter().flat_map(|row| {
        row.parts.iter().map(|part| {
            vec![
                text(&row.number),
                Out::Date(row.received_on),
                text(&part.instalment),
                minor(part.amount, row.value.currency),
                text(row.value.currency.code()),
            ]
        })
    });
    Table {
        name: "allocations",
        columns: &["receipt", "received_on", "instalment", "amount", "currency"],
        rows: rows.collect(),
    }
}

fn penalties(rows: &[PenaltyRow]) -> Table {
    let rows = rows.iter().map(|row| {
        let claim = &row.claim;
        let subject = claim.delay.subject();
        vec![
            text(&row.number),
            text(&row.contract),
            text(&row.partner),
            text(subject.kind.word()),
            text(subject.key),
            Out::Date(claim.due_on),
            day(claim.done_on),
            Out::Whole(i64::from(claim.days)),
            Out::Amount(claim.rate.to_string()),
            text(claim.period.word()),
            claim.cap.map_or(Out::Empty, |cap| Out::Amount(cap.to_string())),
            Out::Date(row.claimed_on),
            amount(claim.value),
            amount(claim.proposed),
            amount(row.amount),
            text(row.amount.currency.code()),
            text(&row.state),
            text(row.label.to_string()),
        ]
    });
    Table {
        name: "penalties",
        columns: &[
            "number",
            "contract",
            "partner",
            "late_kind",
            "late",
            "due_on",
            "done_on",
            "days",
            "rate_pct",
            "period",
            "cap_pct",
            "claimed_on",
            "value",
            "by_the_terms",
            "amount",
            "currency",
            "state",
            "label",
        ],
        rows: rows.collect(),
    }
}

/// `GET /rates.csv` and `.xlsx`: the table of rates as it is narrowed.
pub(crate) async fn of_rates(visit: Visit, kind: Kind) -> Answer {
    let filter = rate::filter(&visit)?;
    let reader: Reader = visit.reader().await?;
    let found = every(("rates", "currency or day"), |page| reader.rates(&filter, page)).await?;
    rates(&found).answer(kind, reader.as_of()).await
}

fn rates(rows: &[RateRow]) -> Table {
    let rows = rows.iter().map(|row| {
        let quoted = &row.quoted;
        vec![
            Out::Date(row.on),
            Out::Whole(i64::from(quoted.units)),
            text(quoted.from.code()),
            Out::Amount(quoted.rate.to_string()),
            text(quoted.to.code()),
            text(&row.source),
            optional(row.contract.as_deref()),
        ]
    });
    Table {
        name: "rates",
        columns: &["on", "units", "of", "rate", "in", "source", "contract"],
        rows: rows.collect(),
    }
}
