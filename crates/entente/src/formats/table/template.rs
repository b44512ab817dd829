//! Templates: the first row and an example, for each table.

use std::fmt::Write as _;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_store::Fault;

use super::{write_csv, write_workbook};

fn rows(table: Table) -> Vec<Vec<Cell>> {
    let columns = table.columns();
    let example = |text: &str| match text.parse::<jiff::civil::Date>() {
        Ok(date) => Cell::Date(date),
        Err(_) => Cell::text(text),
    };
    vec![
        columns.iter().map(|column| Cell::text(column.name)).collect(),
        columns.iter().map(|column| example(column.example)).collect(),
    ]
}

/// The template of a table as CSV.
///
/// # Errors
/// A fault if it cannot be written.
pub fn template_csv(table: Table) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    write_csv(&mut bytes, &rows(table))?;
    Ok(bytes)
}

/// The templates of tables as the sheets of a workbook.
///
/// # Errors
/// A fault if it cannot be written.
pub fn template_workbook(tables: &[Table]) -> Result<Vec<u8>, Fault> {
    let all: Vec<_> = tables.iter().map(|table| (*table, rows(*table))).collect();
    let sheets: Vec<_> = all.iter().map(|(table, rows)| (*table, rows.as_slice())).collect();
    write_workbook(&sheets)
}

/// What stands in the columns of a table, for help.
pub fn explain(table: Table) -> String {
    let mut text = String::new();
    for column in table.columns() {
        let need = if column.is_required { "needed" } else { "may be empty" };
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {:<22} {need:<13} {}", column.name, column.what);
    }
    text
}
