//! SIPRI's trade register: a row a deal, with what is not certain marked by a `?` beside it or by brackets around it.

use serde::{Deserialize, Serialize};

use super::cells::{Found, Row, Sheet, find_line, shown, year};
use super::exports::generated_on;
use super::{Form, Rows, StatisticFile, refused};
use crate::ledger::Fallible;
use crate::market::exact::Exact;
use crate::market::series::Series;

/// A value with its certainty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated<T> {
    /// As it was published.
    pub value: T,
    /// Whether its publisher calls it uncertain.
    pub uncertain: bool,
}

/// A deal of the trade register. What is absent is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deal {
    /// Who received, as the publisher names it.
    pub recipient: String,
    /// Who supplied, as the publisher names it.
    pub supplier: String,
    /// Year of the order or licence.
    pub ordered: Option<Stated<i16>>,
    /// How many were ordered.
    pub number_ordered: Option<Stated<u32>>,
    /// Designation of the weapon.
    pub designation: String,
    /// Whether the designation is uncertain.
    pub designation_uncertain: bool,
    /// What kind of weapon it is.
    pub description: String,
    /// How many were delivered.
    pub number_delivered: Option<Stated<u32>>,
    /// Years of delivery, each with its certainty.
    pub delivered: Vec<Stated<i16>>,
    /// New, second hand, second hand but modernized, or as it is published.
    pub status: String,
    /// Comments of the publisher.
    pub comments: String,
    /// TIV of one unit, millions.
    pub tiv_unit: Option<Exact>,
    /// TIV of the whole order, millions.
    pub tiv_order: Option<Exact>,
    /// TIV of what was delivered, millions.
    pub tiv_delivered: Option<Exact>,
}

impl Deal {
    /// Every year of which the deal says something.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.ordered.iter().chain(&self.delivered).map(|stated| stated.value)
    }
}

/// Where the table begins.
pub(super) fn find(text: &str) -> Option<Found> {
    find_line(text, |line| {
        let mut cells = line.split(',').map(|cell| cell.trim_matches('"').trim());
        let mut is = |name: &str| cells.next().is_some_and(|cell| cell.eq_ignore_ascii_case(name));
        is("recipient") && is("supplier")
    })
}

/// The columns of the table.
struct Columns {
    recipient: usize,
    supplier: usize,
    ordered: usize,
    number_ordered: usize,
    designation: usize,
    description: usize,
    number_delivered: usize,
    delivered: usize,
    status: usize,
    comments: usize,
    tiv_unit: usize,
    tiv_order: usize,
    tiv_delivered: usize,
}

impl Columns {
    fn of(sheet: &Sheet) -> Fallible<Columns> {
        Ok(Columns {
            recipient: sheet.column("Recipient")?,
            supplier: sheet.column("Supplier")?,
            ordered: sheet.column("Year of order")?,
            number_ordered: sheet.column("Number ordered")?,
            designation: sheet.column("Weapon designation")?,
            description: sheet.column("Weapon description")?,
            number_delivered: sheet.column("Number delivered")?,
            delivered: sheet.column("Year(s) of delivery")?,
            status: sheet.column("status")?,
            comments: sheet.column("Comments")?,
            tiv_unit: sheet.column("SIPRI TIV per unit")?,
            tiv_order: sheet.column("SIPRI TIV for total order")?,
            tiv_delivered: sheet.column("SIPRI TIV of delivered weapons")?,
        })
    }
}

pub(super) fn read(text: &str, from: Found) -> Fallible<StatisticFile> {
    let preamble = text.get(..from.offset).unwrap_or_default();
    let sheet = Sheet::read(text, from)?;
    let columns = Columns::of(&sheet)?;
    let mut deals = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        deals.push(deal(&sheet, &columns, row)?);
    }
    if deals.is_empty() {
        return Err(refused("statistic.empty", "The trade register holds no deal.")
            .missing("a register with deals; what was in force stays so"));
    }
    Ok(StatisticFile {
        series: Series::TradeRegister,
        form: Form::SipriRegister,
        generated_on: generated_on(preamble),
        rows: Rows::Deals(deals),
    })
}

fn deal(sheet: &Sheet, columns: &Columns, row: &Row) -> Fallible<Deal> {
    if row.len() <= columns.tiv_delivered {
        let why = format!("the row ends after {} cells.", row.len());
        return Err(sheet.slip(row, row.len(), why, format!("{} cells", sheet.header.len())));
    }
    let number = |column| stated(sheet, row, column, "a whole number", |text| text.parse::<u32>().ok());
    let (designation, bracketed) = bare(sheet.text(row, columns.designation)?);
    Ok(Deal {
        recipient: sheet.text(row, columns.recipient)?.to_owned(),
        supplier: sheet.text(row, columns.supplier)?.to_owned(),
        ordered: stated(sheet, row, columns.ordered, "a year", year)?,
        number_ordered: number(columns.number_ordered)?,
        designation: designation.to_owned(),
        designation_uncertain: bracketed || is_marked(sheet, row, columns.designation)?,
        description: sheet.note(row, columns.description)?.to_owned(),
        number_delivered: number(columns.number_delivered)?,
        delivered: delivered(sheet, row, columns.delivered)?,
        status: sheet.note(row, columns.status)?.to_owned(),
        comments: sheet.note(row, columns.comments)?.to_owned(),
        tiv_unit: tiv(sheet, row, columns.tiv_unit)?,
        tiv_order: tiv(sheet, row, columns.tiv_order)?,
        tiv_delivered: tiv(sheet, row, columns.tiv_delivered)?,
    })
}

/// What stands within brackets, and whether it does. Designations may end with a bracket of their own: only a pair
/// around the whole says that it is uncertain.
fn bare(text: &str) -> (&str, bool) {
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    match inner {
        Some(inner) if !inner.contains(['(', ')']) && !inner.trim().is_empty() => (inner.trim(), true),
        _ => (text, false),
    }
}

/// Whether the nameless column after this one marks it as uncertain.
fn is_marked(sheet: &Sheet, row: &Row, column: usize) -> Fallible<bool> {
    if column + 1 >= sheet.header.len() || !sheet.header.get(column + 1).is_empty() {
        return Ok(false);
    }
    match row.get(column + 1) {
        "" => Ok(false),
        "?" => Ok(true),
        other => {
            let why = format!("{} is no mark of what is uncertain.", shown(other));
            Err(sheet.slip(row, column + 1, why, "a question mark, or nothing"))
        }
    }
}

/// A value that may be unknown or uncertain.
fn stated<T>(
    sheet: &Sheet,
    row: &Row,
    column: usize,
    what: &str,
    read: impl Fn(&str) -> Option<T>,
) -> Fallible<Option<Stated<T>>> {
    let uncertain = is_marked(sheet, row, column)?;
    let written = row.get(column);
    if matches!(written, "" | "..") {
        return Ok(None);
    }
    let (text, bracketed) = bare(written);
    let value = read(text)
        .ok_or_else(|| sheet.slip(row, column, format!("{} is not {what}.", shown(written)), what))?;
    Ok(Some(Stated { value, uncertain: uncertain || bracketed }))
}

fn delivered(sheet: &Sheet, row: &Row, column: usize) -> Fallible<Vec<Stated<i16>>> {
    let uncertain = is_marked(sheet, row, column)?;
    let mut years = Vec::new();
    for part in row.get(column).split(';').map(str::trim).filter(|part| !matches!(*part, "" | "..")) {
        let (text, bracketed) = bare(part);
        let value = year(text).ok_or_else(|| {
            sheet.slip(
                row,
                column,
                format!("{} is not a year.", shown(part)),
                "years with semicolons between them",
            )
        })?;
        years.push(Stated { value, uncertain: uncertain || bracketed });
    }
    Ok(years)
}

fn tiv(sheet: &Sheet, row: &Row, column: usize) -> Fallible<Option<Exact>> {
    let written = row.get(column);
    if matches!(written, "" | "..") {
        return Ok(None);
    }
    let value = Exact::parse(written).filter(|value| *value >= Exact::ZERO);
    value.map(Some).ok_or_else(|| {
        sheet.slip(row, column, format!("{} is no figure.", shown(written)), "a decimal number, or nothing")
    })
}
