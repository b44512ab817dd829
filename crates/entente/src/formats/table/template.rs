//! An empty table for people to fill.

use entente_register::book::cell::{self, Cell};
use entente_register::book::table::{Column, Table};

use super::{CsvTable, Kind, Out, TableError, TableWriter, XlsxBook};

/// The sheet of a workbook that explains the columns. It is no table of a book.
pub const COLUMNS_SHEET: &str = "columns";

/// The table with its header and one row as an example; in a workbook, with a second sheet that explains
/// each column.
///
/// # Errors
/// What cannot be written.
pub fn template(table: Table, kind: Kind) -> Result<Vec<u8>, TableError> {
    match kind {
        Kind::Csv => {
            let mut writer = CsvTable::with_mark(Vec::new())?;
            example(table, &mut writer)?;
            writer.into_inner()
        }
        Kind::Xlsx => {
            // A template is the same whenever it is made.
            let mut book = XlsxBook::new(jiff::civil::date(2000, 1, 1))?;
            example(table, &mut book.sheet(table.word())?)?;
            explain(table, &mut book.sheet(COLUMNS_SHEET)?)?;
            book.into_bytes()
        }
    }
}

/// A workbook with a sheet for each of several tables, empty but for the names of the columns, and one that explains
/// them: examples of several tables would have to fit each other, and here stand where they disturb nothing.
///
/// # Errors
/// What cannot be written.
pub fn workbook_template(tables: &[Table]) -> Result<Vec<u8>, TableError> {
    let mut book = XlsxBook::new(jiff::civil::date(2000, 1, 1))?;
    for table in tables {
        let mut sheet = book.sheet(table.word())?;
        let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
        sheet.header(&names)?;
        sheet.finish()?;
    }
    let mut sheet = book.sheet(COLUMNS_SHEET)?;
    sheet.header(&["table", "column", "required", "what", "example"])?;
    for table in tables {
        for column in table.columns() {
            let mut cells = vec![Out::Text(table.word().to_owned())];
            cells.extend(explained(column));
            sheet.row(&cells)?;
        }
    }
    sheet.finish()?;
    book.into_bytes()
}

fn explained(column: &Column) -> [Out; 4] {
    let required = if column.is_required { "required" } else { "may be empty" };
    let text = |text: &str| Out::Text(text.to_owned());
    [text(column.name), text(required), text(column.what), value(column.example)]
}

fn example(table: Table, writer: &mut dyn TableWriter) -> Result<(), TableError> {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    writer.header(&names)?;
    let cells: Vec<Out> = table.columns().iter().map(|column| value(column.example)).collect();
    writer.row(&cells)?;
    writer.finish()
}

fn explain(table: Table, writer: &mut dyn TableWriter) -> Result<(), TableError> {
    writer.header(&["column", "required", "what", "example"])?;
    for column in table.columns() {
        writer.row(&explained(column))?;
    }
    writer.finish()
}

/// An example as the value that it is, so that a spreadsheet shows it as one.
fn value(example: &str) -> Out {
    let cell = Cell::text(example);
    if cell.is_empty() {
        Out::Empty
    } else if let Ok(date) = cell::date("example", &cell) {
        Out::Date(date)
    } else if let Ok(number) = cell::number("example", &cell) {
        number.parse().map_or(Out::Amount(number), Out::Whole)
    } else {
        Out::Text(example.to_owned())
    }
}
