//! The money of one contract: a page of its own, and a section of the contract's page.

use askama::Template;
use axum::extract::Path;
use entente_store::reader::{ContractPayments, Reader};
use entente_store::{Error, Outcome};
use jiff::civil::Date;

use super::{InstalmentCells, PenaltyCells, RateCells, ReceiptCells};
use crate::error::Answer;
use crate::web::act::Offers;
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts_of};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// The money of a contract, written for people.
#[derive(Debug, Clone)]
pub(crate) struct MoneyView {
    pub(crate) contract: String,
    /// The contract's page, and that of its money.
    pub(crate) contract_href: String,
    pub(crate) href: String,
    pub(crate) currency: String,
    pub(crate) value: String,
    pub(crate) scheduled: String,
    pub(crate) received: String,
    /// Scheduled and not received.
    pub(crate) open: String,
    /// None where nothing is.
    pub(crate) overdue: Option<String>,
    /// What is scheduled too much or not yet, in words; none where the two agree.
    pub(crate) difference: Option<String>,
    pub(crate) complete: Option<String>,
    pub(crate) instalments: Vec<InstalmentCells>,
    pub(crate) receipts: Vec<ReceiptCells>,
    pub(crate) penalties: Vec<PenaltyCells>,
    /// What delay costs, in words.
    pub(crate) terms: Vec<String>,
    pub(crate) rates: Vec<RateCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "payment/contract.html")]
pub(crate) struct ContractPaymentsPage {
    pub(crate) frame: Frame,
    pub(crate) money: MoneyView,
    pub(crate) offers: Offers,
}

/// `GET /contracts/{number}/payments`
pub(crate) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let payments = reader.contract_payments(&number).await?;
    crate::web::page(&ContractPaymentsPage {
        frame: visit
            .frame(Part::Payments, format!("Payments of contract {number}"), &reader)
            .marked(Some(&payments.label)),
        money: view(&payments, reader.as_of(), &visit.way()),
        offers: Offers::of_payments(&visit, &reader, &payments),
    })
}

/// The money of a contract for a section of its page, with its label; nothing for whoever may not read money.
///
/// # Errors
/// Whatever else the reader says.
pub(crate) async fn money(
    reader: &Reader,
    number: &str,
    way: &Way,
) -> Outcome<Option<(MoneyView, entente_register::label::Label)>> {
    match reader.contract_payments(number).await {
        Ok(payments) => Ok(Some((view(&payments, reader.as_of(), way), payments.label))),
        Err(Error::Refusal(refusal)) if refusal.code == "access.read" => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn view(payments: &ContractPayments, as_of: Date, way: &Way) -> MoneyView {
    let currency = payments.currency;
    let schedule = &payments.schedule;
    let exact = |minor: i64| show::exact(minor, currency);
    let difference = schedule.scheduled.saturating_sub(schedule.value);
    let open = payments.instalments.iter().map(entente_store::reader::InstalmentRow::open).sum();
    MoneyView {
        contract: payments.contract.clone(),
        contract_href: way.to(&format!("/contracts/{}", payments.contract)),
        href: way.to(&format!("/contracts/{}/payments", payments.contract)),
        currency: currency.code().to_owned(),
        value: exact(schedule.value),
        scheduled: exact(schedule.scheduled),
        received: exact(schedule.received),
        open: exact(open),
        overdue: (schedule.overdue > 0).then(|| exact(schedule.overdue)),
        difference: match difference {
            0 => None,
            more if more > 0 => Some(format!("{} more than the contract’s value", exact(more))),
            less => Some(format!("{} of the contract’s value not scheduled", exact(less.saturating_neg()))),
        },
        complete: schedule.declared_on.filter(|_| schedule.complete).map(show::day),
        instalments: payments.instalments.iter().map(|row| InstalmentCells::of(row, as_of)).collect(),
        receipts: payments.receipts.iter().map(|row| ReceiptCells::of(row, way)).collect(),
        penalties: payments.penalties.iter().map(|row| PenaltyCells::of(row, way)).collect(),
        terms: schedule
            .terms
            .iter()
            .map(|terms| {
                let cap = terms.cap.map(|cap| format!(", at most {cap} %")).unwrap_or_default();
                format!(
                    "Late {}: {} % {} of the value{cap} ({})",
                    terms.late.name(),
                    terms.rate,
                    terms.period.name(),
                    terms.document.title
                )
            })
            .collect(),
        rates: payments.rates.iter().map(|row| RateCells::of(row, way)).collect(),
        history: payments
            .history
            .iter()
            .filter_map(|(subject, row)| acts_of(row, &subject.parse().ok()?, way))
            .collect(),
    }
}
