//! A contract's lines, deliveries and parties for spreadsheets.

use axum::extract::Path;
use entente_register::ledger::Fallible;
use entente_store::reader::{DeliveryRow, LineRow, Page};

use super::spreadsheet::{Table, amount, check_length, day, every, minor, optional, text, whole};
use super::visit::Visit;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};

const LINES: &[&str] = &[
    "number",
    "description",
    "category",
    "quantity",
    "unit",
    "unit_price",
    "amount",
    "currency",
    "due_on",
    "handed_over_quantity",
    "accepted_quantity",
    "accepted_amount",
    "delivered_amount",
    "counting",
    "completed_on",
];

/// `GET /contracts/{number}/lines.csv` and `.xlsx`
pub(super) async fn lines(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let contract = reader.contract(&number).await?;
    let rows = contract.lines.iter().map(line).collect();
    Table { name: "lines", columns: LINES, rows }.answer(kind, reader.as_of()).await
}

fn line(row: &LineRow) -> Vec<Out> {
    let currency = row.amount.currency;
    vec![
        text(&row.number),
        text(&row.description),
        text(&row.category),
        Out::Amount(row.quantity.to_string()),
        text(row.unit.code()),
        amount(row.unit_price),
        amount(row.amount),
        text(currency.code()),
        Out::Date(row.due_on),
        Out::Amount(row.handed_over.to_string()),
        Out::Amount(row.accepted.to_string()),
        minor(row.accepted_amount, currency),
        minor(row.delivered_amount, currency),
        text(row.counting.word()),
        day(row.completed_on),
    ]
}

const DELIVERIES: &[&str] = &[
    "number",
    "line",
    "description",
    "state",
    "quantity",
    "unit",
    "amount",
    "currency",
    "handed_over_on",
    "accepted_on",
];

fn delivery(line: &LineRow, row: &DeliveryRow) -> Vec<Out> {
    vec![
        text(&row.number),
        text(&line.number),
        text(&line.description),
        text(&row.state),
        Out::Amount(row.quantity.to_string()),
        text(line.unit.code()),
        amount(row.amount),
        text(row.amount.currency.code()),
        Out::Date(row.handed_over_on),
        day(row.accepted_on),
    ]
}

/// `GET /lines/{number}/deliveries.csv` and `.xlsx`
pub(super) async fn deliveries_of_line(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let of = reader.line(&number, Page::first(1)).await?.line;
    let (read, number) = (&reader, &number);
    let deliveries = |page| async move { Ok(read.line(number, page).await?.deliveries) };
    let rows = every(("deliveries", "an earlier day"), deliveries).await?;
    let rows = rows.iter().map(|row| delivery(&of, row)).collect();
    Table { name: "deliveries", columns: DELIVERIES, rows }.answer(kind, reader.as_of()).await
}

/// `GET /contracts/{number}/deliveries.csv` and `.xlsx`: of all its lines, in their order.
pub(super) async fn deliveries_of_contract(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let contract = reader.contract(&number).await?;
    let mut rows = Vec::new();
    for of in &contract.lines {
        let before = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        // What stands already counts with what comes: the whole is looked at before it is read.
        let check = |total: i64| -> Fallible<()> {
            check_length("deliveries", "one of the contract’s lines", before.saturating_add(total))
        };
        let read = &reader;
        let number = &of.number;
        let deliveries = |page| async move { Ok(read.line(number, page).await?.deliveries) };
        rows.extend(whole(check, deliveries).await?.iter().map(|row| delivery(of, row)));
    }
    Table { name: "deliveries", columns: DELIVERIES, rows }.answer(kind, reader.as_of()).await
}

/// `GET /contracts/{number}/parties.csv` and `.xlsx`
pub(super) async fn parties(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let contract = reader.contract(&number).await?;
    let rows = contract.parties.iter().map(|row| {
        vec![text(&row.role), text(&row.party), optional(row.name.as_deref()), optional(row.state.as_deref())]
    });
    let table = Table { name: "parties", columns: &["role", "party", "name", "state"], rows: rows.collect() };
    table.answer(kind, reader.as_of()).await
}
