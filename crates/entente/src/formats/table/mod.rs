//! Tables for spreadsheets, as CSV and as XLSX: what is read, what is written, and what every cell must be.
//!
//! | file | what |
//! |---|---|
//! | `book` | a file, a folder or an upload as sheets by name |
//! | `csv` | the rows of a CSV file, one at a time |
//! | `package` | what a workbook's package may hold, looked at before it is parsed |
//! | `xlsx` | the rows of a workbook's sheet, one at a time |
//! | `write` | both written, with the same calls |
//! | `template` | an empty table for people to fill |
//!
//! **Texts that look like formulas.** In CSV, a text that a spreadsheet would take for a formula is written
//! with an apostrophe before it ([`harmless`]), and [`as_meant`] takes exactly that apostrophe away again, so
//! that what was exported is imported unchanged. Texts that begin with apostrophes before such a sign get one
//! more, so that none is lost; all other texts stand as they are. In a workbook a text is a text, never a
//! formula, and nothing is put before it or taken away.

mod book;
mod csv;
mod package;
mod template;
#[cfg(test)]
mod tests;
mod write;
mod xlsx;

use std::fmt;

use entente_register::book::cell::Cell;
pub use entente_register::book::layout::letter as letters;

pub use book::{Book, Sheet, open, open_bytes};
pub use template::{COLUMNS_SHEET, template, workbook_template};
pub use write::{CsvTable, Kind, Out, TableWriter, XlsxBook, XlsxTable};

/// A row as it stands in a file. Blank rows are not given; the first that is given names the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Where a person finds it: the line of a CSV file at which it begins, the row of a workbook's sheet; from 1.
    pub place: u64,
    /// Its cells, from column A on; as many as the first row has.
    pub cells: Vec<Cell>,
}

/// The rows of a sheet. What is wrong with one row is said in its place, and the next one follows; what
/// makes the rest unreadable ends them.
pub type Rows = Box<dyn Iterator<Item = Result<RawRow, TableError>> + Send>;

/// Why a table cannot be read or written, where that is, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The sheet, or the file without its ending.
    pub sheet: Option<String>,
    /// The row, as [`RawRow::place`].
    pub row: Option<u64>,
    /// The letters of the column: `A`, `B`, … `AA`.
    pub column: Option<String>,
    /// What is wrong, without a full stop.
    pub reason: String,
    /// What to do about it, without a full stop.
    pub remedy: String,
}

impl TableError {
    /// One that is about a whole file.
    pub(crate) fn new(reason: impl Into<String>, remedy: impl Into<String>) -> TableError {
        TableError { sheet: None, row: None, column: None, reason: reason.into(), remedy: remedy.into() }
    }

    pub(super) fn sheet(mut self, name: &str) -> TableError {
        self.sheet = Some(name.to_owned());
        self
    }

    pub(super) fn row(mut self, place: u64) -> TableError {
        self.row = Some(place);
        self
    }

    /// The column by its number from nought.
    pub(super) fn column(mut self, index: usize) -> TableError {
        self.column = Some(letters(index));
        self
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut mark = "";
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}")?;
            mark = ", ";
        }
        if let Some(row) = self.row {
            write!(f, "{mark}row {row}")?;
            mark = ", ";
        }
        if let Some(column) = &self.column {
            write!(f, "{mark}column {column}")?;
            mark = ", ";
        }
        if !mark.is_empty() {
            f.write_str(": ")?;
        }
        write!(f, "{}; {}", self.reason, self.remedy)
    }
}

impl std::error::Error for TableError {}

/// How much is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a workbook's file. CSV has no such limit, because it is read row by row.
    pub file: u64,
    /// Bytes of a workbook once unpacked.
    pub unpacked: u64,
    /// Bytes of one row of CSV; a quotation mark that nothing closes would make one row of all that follows.
    pub row: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file: 64 << 20, unpacked: 512 << 20, row: 1 << 20 }
    }
}

/// Columns that a spreadsheet has.
const COLUMNS: usize = 16_384;

/// Signs at which a spreadsheet begins to calculate, or at which it loses the beginning of a text.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn looks_like_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn harmless(text: &str) -> String {
    if looks_like_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// A text without the apostrophe that [`harmless`] put before it.
pub(crate) fn as_meant(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if looks_like_formula(rest) => rest,
        _ => text,
    }
}

/// The shape that the first row gives to the others.
#[derive(Debug, Default)]
struct Shape {
    columns: Option<usize>,
}

impl Shape {
    /// The row with as many cells as the first; none if it is blank.
    fn row(&mut self, place: u64, mut cells: Vec<Cell>) -> Result<Option<RawRow>, TableError> {
        let Some(last) = cells.iter().rposition(|cell| !cell.is_empty()) else { return Ok(None) };
        let columns = *self.columns.get_or_insert(last + 1);
        if last >= columns {
            return Err(TableError::new(
                format!("the row has more cells than the {columns} columns that the first row names"),
                "name the column in the first row, or empty the cell",
            )
            .row(place)
            .column(last));
        }
        cells.resize(columns, Cell::Empty);
        Ok(Some(RawRow { place, cells }))
    }
}
