//! A line's page: what is sold, how far it is carried out, and its deliveries.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{DeliveryRow, LineRow, LineView};
use jiff::civil::Date;

use super::contract::ContractCells;
use super::frame::{Frame, Part};
use super::history::{Act, acts};
use super::page;
use super::show;
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::chart::{Bar, Svg, bar};
use crate::error::Answer;

/// A line in a table.
#[derive(Debug, Clone)]
pub(crate) struct LineCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) quantity: String,
    pub(crate) unit: &'static str,
    pub(crate) unit_price: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) due_on: String,
    pub(crate) handed_over: String,
    pub(crate) accepted: String,
    pub(crate) accepted_amount: String,
    pub(crate) bar: Svg,
    /// When it was accepted in full.
    pub(crate) completed_on: Option<String>,
}

impl LineCells {
    pub(crate) fn of(row: &LineRow, way: &Way) -> LineCells {
        let currency = row.amount.currency;
        LineCells {
            number: row.number.clone(),
            href: way.to(&format!("/lines/{}", row.number)),
            description: row.description.clone(),
            category: row.category.clone(),
            quantity: entente_register::money::group(&row.quantity.to_string()),
            unit: row.unit.name(),
            unit_price: show::exact(row.unit_price.minor, currency),
            amount: show::exact(row.amount.minor, currency),
            currency: currency.code().to_owned(),
            due_on: show::day(row.due_on),
            handed_over: entente_register::money::group(&row.handed_over.to_string()),
            accepted: entente_register::money::group(&row.accepted.to_string()),
            accepted_amount: show::exact(row.accepted_amount, currency),
            bar: bar(&Bar {
                value: row.accepted.0,
                mark: (row.handed_over.0 > 0).then_some(row.handed_over.0),
                track: true,
                most: row.quantity.0,
            }),
            completed_on: row.completed_on.map(show::day),
        }
    }
}

/// How a line stands on a day.
pub(crate) fn standing(row: &LineRow, as_of: Date) -> String {
    match row.completed_on {
        Some(day) if day <= row.due_on => "Accepted in full, on time".to_owned(),
        Some(_) => "Accepted in full, late".to_owned(),
        None if row.due_on <= as_of => "Overdue".to_owned(),
        None => "Open".to_owned(),
    }
}

/// A delivery in a table.
#[derive(Debug, Clone)]
pub(crate) struct DeliveryCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) quantity: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) handed_over_on: String,
    pub(crate) accepted_on: Option<String>,
}

impl DeliveryCells {
    pub(crate) fn of(row: &DeliveryRow, way: &Way) -> DeliveryCells {
        DeliveryCells {
            number: row.number.clone(),
            href: way.to(&format!("/deliveries/{}", row.number)),
            state: show::capital(&row.state),
            quantity: entente_register::money::group(&row.quantity.to_string()),
            amount: show::exact(row.amount.minor, row.amount.currency),
            currency: row.amount.currency.code().to_owned(),
            handed_over_on: show::day(row.handed_over_on),
            accepted_on: row.accepted_on.map(show::day),
        }
    }
}

/// Everything on a line's page.
#[derive(Debug, Clone)]
pub(crate) struct LinePageView {
    pub(crate) line: LineCells,
    pub(crate) due_on: String,
    pub(crate) standing: String,
    pub(crate) contract: ContractCells,
    pub(crate) deliveries: Vec<DeliveryCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "line.html")]
pub(super) struct LinePage {
    pub(super) frame: Frame,
    pub(super) view: LinePageView,
    pub(super) pages: Pages,
}

/// `GET /lines/{number}`
pub(super) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let line = reader.line(&number, visit.page).await?;
    page(&LinePage {
        frame: visit.frame(Part::Contracts, format!("Line {number}"), &reader),
        pages: visit.pages(&line.deliveries),
        view: view(&line, reader.as_of(), &visit.way()),
    })
}

/// Writes it for people.
pub(crate) fn view(line: &LineView, as_of: Date, way: &Way) -> LinePageView {
    LinePageView {
        line: LineCells::of(&line.line, way),
        due_on: show::full_day(line.line.due_on),
        standing: standing(&line.line, as_of),
        contract: ContractCells::of(&line.contract, way),
        deliveries: line.deliveries.rows.iter().map(|row| DeliveryCells::of(row, way)).collect(),
        history: acts(&line.history, SubjectKind::Line, &line.line.number, way),
    }
}
