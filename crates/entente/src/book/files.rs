//! Files of a book: a table in each, or all in one workbook.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::ledger::Refusal;
use entente_store::Fault;
use jiff::civil::date;

use super::export::Rows;
use super::import::Incoming;
use crate::formats::table::{CsvTable, Limits, Out, TableError, TableWriter, XlsxBook, open};

/// Opens one table: a CSV file, or the sheet of a workbook that bears the table's name; of a file with one
/// sheet that one, whatever its name.
///
/// # Errors
/// If the file cannot be read as what its name says, or holds no such table.
pub fn open_table(path: &Path, table: Table) -> Result<Vec<Incoming<'static>>, TableError> {
    let book = open(path, Limits::default())?;
    let sheet = match (book.sheet(table.word()), book.sheets()) {
        (Some(sheet), _) => sheet,
        (None, [sheet]) => sheet,
        (None, sheets) => {
            let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name()).collect();
            return Err(TableError::new(
                format!("There is no sheet named {}", table.word()),
                format!("a sheet with this name, or one sheet alone; it has: {}", names.join(", ")),
            ));
        }
    };
    Ok(vec![Incoming { table, rows: sheet.rows() }])
}

/// Opens all tables of a book: a workbook with a sheet for each, or a folder with a CSV file for each.
/// Sheets with other names are left alone.
///
/// # Errors
/// If it cannot be read, or holds no table.
pub fn open_book(path: &Path) -> Result<Vec<Incoming<'static>>, TableError> {
    open_tables(path, &Table::ALL)
}

/// Opens those of some tables that a workbook or a folder holds, as [`open_book`] does of all.
///
/// # Errors
/// If it cannot be read, or holds none of them.
pub fn open_tables(path: &Path, tables: &[Table]) -> Result<Vec<Incoming<'static>>, TableError> {
    let book = open(path, Limits::default())?;
    let found: Vec<_> = tables
        .iter()
        .copied()
        .filter_map(|table| Some(Incoming { table, rows: book.sheet(table.word())?.rows() }))
        .collect();
    if found.is_empty() {
        let all: Vec<_> = tables.iter().map(|table| table.word()).collect();
        return Err(TableError::new(
            format!("{} holds none of the tables that are looked for", path.display()),
            format!("a sheet or a file for one of: {}", all.join(", ")),
        ));
    }
    Ok(found)
}

/// Where the file of a table lies in the folder of a book.
pub fn file_of(folder: &Path, table: Table) -> PathBuf {
    folder.join(format!("{}.csv", table.word()))
}

/// Writes a table as CSV.
///
/// # Errors
/// A refusal of what a table cannot hold; a fault if it cannot be written.
pub fn write_csv(out: impl std::io::Write, rows: &[Vec<Cell>]) -> Result<(), Refusal> {
    write(&mut CsvTable::new(out), rows).map_err(|e| refused(&e))
}

/// Writes tables as the sheets of a workbook, the same bytes for the same rows.
///
/// # Errors
/// A refusal of what a workbook cannot hold, such as more than a million rows.
pub fn write_workbook(rows: &Rows) -> Result<Vec<u8>, Refusal> {
    // The day stands in the file. It is the same for every export, so that the same book is the same file.
    let mut book = XlsxBook::new(date(2000, 1, 1)).map_err(|e| refused(&e))?;
    for (table, rows) in rows {
        write(&mut book.sheet(table.word()).map_err(|e| refused(&e))?, rows).map_err(|e| refused(&e))?;
    }
    book.into_bytes().map_err(|e| refused(&e))
}

fn write(to: &mut dyn TableWriter, rows: &[Vec<Cell>]) -> Result<(), TableError> {
    let mut rows = rows.iter();
    if let Some(header) = rows.next() {
        let names: Vec<String> = header.iter().map(Cell::to_string).collect();
        to.header(&names.iter().map(String::as_str).collect::<Vec<_>>())?;
    }
    for row in rows {
        let cells: Vec<Out> = row
            .iter()
            .map(|cell| match cell {
                Cell::Empty => Out::Empty,
                Cell::Text(text) | Cell::Other(text) => Out::Text(text.clone()),
                Cell::Date(date) => Out::Date(*date),
                Cell::Number(text) => match text.parse() {
                    Ok(whole) => Out::Whole(whole),
                    Err(_) => Out::Amount(text.clone()),
                },
            })
            .collect();
        to.row(&cells)?;
    }
    to.finish()
}

/// A table error as a refusal.
pub fn refused(error: &TableError) -> Refusal {
    let mut place = error.clone();
    place.reason = format!("{}.", place.reason.trim_end_matches('.'));
    let remedy = std::mem::take(&mut place.remedy);
    let said = place.to_string();
    Refusal::new("book.unreadable", said.trim_end_matches("; ").to_owned()).field("file").missing(remedy)
}

/// What stands in the columns of a table, for help.
///
/// # Errors
/// A fault if it cannot be written.
pub fn explain(table: Table) -> Result<String, Fault> {
    let mut text = String::new();
    for column in table.columns() {
        let need = if column.is_required { "needed" } else { "may be empty" };
        writeln!(text, "  {:<22} {need:<13} {}", column.name, column.what)
            .map_err(|e| Fault::internal("writing the columns", e))?;
    }
    Ok(text)
}
