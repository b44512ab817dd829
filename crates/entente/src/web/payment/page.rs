//! The page of all money in one currency: figures, what is overdue, and to whom we are exposed.

use askama::Template;
use entente_register::brief::FigureName;
use entente_store::reader::PaymentsView;

use super::{BankCells, PartnerCells, PenaltyCells, UnpaidCells};
use crate::error::Answer;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::visit::{Pages, Visit};
use crate::web::way::Way;

/// Instalments of each list on the page; the figure opens to all.
const MOST: usize = 50;

/// A figure at the head of the page.
#[derive(Debug, Clone)]
pub(crate) struct FigureCell {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    pub(crate) unit: String,
    pub(crate) note: String,
    pub(crate) href: String,
}

/// A contract whose schedule does not sum to its value, or is not declared complete.
#[derive(Debug, Clone)]
pub(crate) struct ScheduleCells {
    pub(crate) contract: String,
    pub(crate) href: String,
    pub(crate) partner: String,
    pub(crate) title: String,
    pub(crate) value: String,
    pub(crate) scheduled: String,
    pub(crate) difference: String,
    pub(crate) received: String,
    pub(crate) complete: bool,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct PaymentsPageView {
    pub(crate) currency: String,
    /// The page of each other currency.
    pub(crate) currencies: Vec<(String, String, bool)>,
    pub(crate) counted: String,
    pub(crate) scope: String,
    pub(crate) caution: Option<String>,
    pub(crate) figures: Vec<FigureCell>,
    pub(crate) overdue: Vec<UnpaidCells>,
    pub(crate) overdue_more: usize,
    pub(crate) overdue_href: String,
    pub(crate) coming: Vec<UnpaidCells>,
    pub(crate) coming_more: usize,
    pub(crate) partners: Vec<PartnerCells>,
    pub(crate) banks: Vec<BankCells>,
    pub(crate) penalties: Vec<PenaltyCells>,
    pub(crate) schedules: Vec<ScheduleCells>,
    pub(crate) schedules_more: usize,
    pub(crate) rates_href: String,
}

#[derive(Template)]
#[template(path = "payment/page.html")]
pub(crate) struct PaymentsPage {
    pub(crate) frame: Frame,
    pub(crate) view: PaymentsPageView,
    pub(crate) pages: Pages,
}

/// `GET /payments`
pub(crate) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let money = reader.payments(&visit.view.options(), visit.page).await?;
    crate::web::page(&PaymentsPage {
        frame: visit.frame(Part::Payments, "Payments", &reader).marked(money.marking.as_ref()),
        pages: visit.pages(&money.penalties),
        view: view(&money, &visit.way()),
    })
}

/// Writes it for people.
pub(crate) fn view(money: &PaymentsView, way: &Way) -> PaymentsPageView {
    let currency = money.conventions.currency;
    let figures = &money.figures;
    let figure = |name: &'static str, minor: i64, note: String, figure: FigureName| {
        let (value, unit) = show::headline(minor, currency);
        FigureCell { name, value, unit, note, href: way.to(&format!("/figures/{figure}")) }
    };
    let open: Vec<_> =
        money.contracts.iter().filter(|one| !one.complete || one.scheduled != one.value).collect();
    PaymentsPageView {
        currency: currency.code().to_owned(),
        currencies: money
            .currencies
            .iter()
            .map(|one| {
                let code = one.code().to_owned();
                (code.clone(), way.in_currency("/payments", &code), *one == currency)
            })
            .collect(),
        counted: show::word(money.conventions.counting.name()),
        scope: money.conventions.scope.clone(),
        caution: money.conventions.caution(),
        figures: vec![
            figure(
                "Received this year",
                figures.received,
                show::counted(figures.receipts, "receipt", "receipts"),
                FigureName::PaymentsReceived,
            ),
            figure(
                "Overdue",
                figures.overdue_value,
                show::counted(figures.overdue_instalments, "instalment", "instalments"),
                FigureName::PaymentsOverdue,
            ),
            figure(
                "Delivered and unpaid",
                figures.receivable,
                format!("of {}", show::counted(figures.contracts, "contract", "contracts")),
                FigureName::PaymentsReceivable,
            ),
            figure(
                "Of which on credit",
                figures.on_credit,
                "principal alone".to_owned(),
                FigureName::PaymentsOnCredit,
            ),
        ],
        overdue: money.overdue.iter().take(MOST).map(|one| UnpaidCells::of(one, currency, way)).collect(),
        overdue_more: money.overdue.len().saturating_sub(MOST),
        overdue_href: way.to(&format!("/figures/{}", FigureName::PaymentsOverdue)),
        coming: money.coming.iter().take(MOST).map(|one| UnpaidCells::of(one, currency, way)).collect(),
        coming_more: money.coming.len().saturating_sub(MOST),
        partners: figures.by_partner.iter().map(|row| PartnerCells::of(row, currency, way)).collect(),
        banks: figures.by_bank.iter().map(|row| BankCells::of(row, currency, way)).collect(),
        penalties: money.penalties.rows.iter().map(|row| PenaltyCells::of(row, way)).collect(),
        schedules_more: open.len().saturating_sub(MOST),
        schedules: open
            .into_iter()
            .take(MOST)
            .map(|one| ScheduleCells {
                contract: one.contract.clone(),
                href: way.to(&format!("/contracts/{}/payments", one.contract)),
                partner: one.partner.clone(),
                title: one.title.clone(),
                value: show::exact(one.value, currency),
                scheduled: show::exact(one.scheduled, currency),
                difference: show::exact(one.scheduled.saturating_sub(one.value), currency),
                received: show::exact(one.received, currency),
                complete: one.complete,
            })
            .collect(),
        rates_href: way.to("/rates"),
    }
}
