//! A line's page: what is sold, how far it is carried out, and its deliveries.

use askama::Template;
use axum::extract::Path;
use entente_register::contract::delivery::Counting;
use entente_register::ledger::SubjectKind;
use entente_register::money::{Quantity, Unit};
use entente_store::reader::{DeliveryRow, LineRow, LineView, LinkFocus};
use jiff::civil::Date;

use super::act::bulk::Bulk;
use super::act::{Offers, Stands};
use super::contract::{ContractCells, owes};
use super::frame::{Frame, Part};
use super::history::{Act, acts};
use super::page;
use super::show;
use super::transfer::link::{LinkSection, apart};
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
    /// With its unit, as the two below.
    pub(crate) handed_over: String,
    pub(crate) accepted: String,
    pub(crate) accepted_amount: String,
    /// By which rule `delivered` and `completed_on` count.
    pub(crate) counted: String,
    pub(crate) delivered: String,
    pub(crate) delivered_amount: String,
    pub(crate) bar: Svg,
    /// When it was delivered in full.
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
            unit: row.unit.counted(row.quantity),
            unit_price: show::exact(row.unit_price.minor, currency),
            amount: show::exact(row.amount.minor, currency),
            currency: currency.code().to_owned(),
            due_on: show::day(row.due_on),
            handed_over: counted(row.handed_over, row.unit),
            accepted: counted(row.accepted, row.unit),
            accepted_amount: show::exact(row.accepted_amount, currency),
            counted: show::word(row.counting.name()),
            delivered: counted(delivered(row), row.unit),
            delivered_amount: show::exact(row.delivered_amount, currency),
            bar: bar(&Bar {
                value: delivered(row).0,
                mark: (row.handed_over.0 > 0).then_some(row.handed_over.0),
                track: true,
                most: row.quantity.0,
            }),
            completed_on: row.completed_on.map(show::day),
        }
    }
}

/// A quantity with its unit: `13 sets`.
pub(crate) fn counted(quantity: Quantity, unit: Unit) -> String {
    format!("{} {}", entente_register::money::group(&quantity.to_string()), unit.counted(quantity))
}

/// What is delivered of a line, by the rule that it is read by.
fn delivered(row: &LineRow) -> Quantity {
    match row.counting {
        Counting::TitlePassed => row.accepted,
        Counting::HandedOver => row.handed_over,
    }
}

/// How a line stands on a day. Under a contract that is not signed, or has ended, nothing is owed, so
/// nothing is overdue.
pub(crate) fn standing(row: &LineRow, contract: &str, as_of: Date) -> String {
    let done = match row.counting {
        Counting::TitlePassed => "Accepted",
        Counting::HandedOver => "Handed over",
    };
    match row.completed_on {
        Some(day) if day <= row.due_on => format!("{done} in full, on time"),
        Some(_) => format!("{done} in full, late"),
        None if contract == "negotiating" => "Open; the contract is not signed yet".to_owned(),
        None if !owes(contract) => format!("Open when the contract was {}", show::word(contract)),
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
    pub(super) offers: Offers,
    /// What can be done with those deliveries that are chosen.
    pub(super) bulk: Option<Bulk>,
    /// The chain that it stands in.
    pub(super) link: Option<LinkSection>,
}

/// `GET /lines/{number}`
pub(super) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let line = reader.line(&number, visit.page).await?;
    let focus = LinkFocus::Line(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &line.contract.label);
    page(&LinePage {
        link,
        frame: visit.frame(Part::Contracts, format!("Line {number}"), &reader).marked(Some(&label)),
        pages: visit.pages(&line.deliveries),
        view: view(&line, reader.as_of(), &visit.way()),
        bulk: Bulk::of(&visit, &reader, SubjectKind::Delivery, line.deliveries.rows.len()),
        offers: Offers::of(&visit, &reader, Stands::Line(Box::new(line))),
    })
}

/// Writes it for people.
pub(crate) fn view(line: &LineView, as_of: Date, way: &Way) -> LinePageView {
    LinePageView {
        line: LineCells::of(&line.line, way),
        due_on: show::full_day(line.line.due_on),
        standing: standing(&line.line, &line.contract.state, as_of),
        contract: ContractCells::of(&line.contract, way),
        deliveries: line.deliveries.rows.iter().map(|row| DeliveryCells::of(row, way)).collect(),
        history: acts(&line.history, SubjectKind::Line, &line.line.number, way),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::sample;

    #[test]
    fn a_line_is_overdue_only_under_a_contract_that_owes() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let row = LineRow { completed_on: None, due_on: day("2012-06-30"), ..sample::line_row() };
        let stands = |state: &str| standing(&row, state, day("2012-09-30"));
        for state in ["signed", "in_force", "suspended"] {
            assert_eq!(stands(state), "Overdue", "{state}");
        }
        assert_eq!(stands("negotiating"), "Open; the contract is not signed yet");
        assert_eq!(stands("terminated"), "Open when the contract was terminated");
        assert_eq!(stands("completed"), "Open when the contract was completed");
        let row = LineRow { completed_on: Some(day("2012-07-01")), counting: Counting::HandedOver, ..row };
        assert_eq!(standing(&row, "terminated", day("2012-09-30")), "Handed over in full, late");
    }
}
