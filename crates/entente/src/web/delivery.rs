//! A delivery's page: its two acts, each with its day and its document.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{DeliveryView, LinkFocus};

use super::act::{Offers, Stands};
use super::contract::ContractCells;
use super::frame::{Frame, Part};
use super::history::{Act, acts};
use super::line::{DeliveryCells, LineCells, counted};
use super::page;
use super::performance::ClaimCells;
use super::show;
use super::transfer::link::{LinkSection, apart};
use super::visit::Visit;
use super::way::Way;
use crate::error::Answer;

/// Everything on a delivery's page.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryPageView {
    pub(crate) delivery: DeliveryCells,
    /// With its unit.
    pub(crate) quantity: String,
    pub(crate) handed_over_on: String,
    pub(crate) accepted_on: Option<String>,
    pub(crate) line: LineCells,
    pub(crate) contract: ContractCells,
    /// Serial numbers of its items.
    pub(crate) serials: Vec<String>,
    /// The last day of its warranty.
    pub(crate) warranty: Option<String>,
    pub(crate) claims: Vec<ClaimCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "delivery.html")]
pub(super) struct DeliveryPage {
    pub(super) frame: Frame,
    pub(super) view: DeliveryPageView,
    pub(super) offers: Offers,
    /// The chain that it stands in.
    pub(super) link: Option<LinkSection>,
}

/// `GET /deliveries/{number}`
pub(super) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let delivery = reader.delivery(&number).await?;
    let focus = LinkFocus::Delivery(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &delivery.contract.label);
    page(&DeliveryPage {
        link,
        frame: visit.frame(Part::Contracts, format!("Delivery {number}"), &reader).marked(Some(&label)),
        view: view(&delivery, &visit.way()),
        offers: Offers::of(&visit, &reader, Stands::Delivery(Box::new(delivery))),
    })
}

/// Writes it for people.
pub(crate) fn view(delivery: &DeliveryView, way: &Way) -> DeliveryPageView {
    let row = &delivery.delivery;
    DeliveryPageView {
        delivery: DeliveryCells::of(row, way),
        quantity: counted(row.quantity, delivery.line.unit),
        handed_over_on: show::full_day(row.handed_over_on),
        accepted_on: row.accepted_on.map(show::full_day),
        line: LineCells::of(&delivery.line, way),
        contract: ContractCells::of(&delivery.contract, way),
        serials: delivery.serials.clone(),
        warranty: delivery.warranty_ends_on.map(show::full_day),
        claims: ClaimCells::all(&delivery.claims, &delivery.contract.number, way),
        history: acts(&delivery.history, SubjectKind::Delivery, &row.number, way),
    }
}
