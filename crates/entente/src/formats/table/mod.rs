//! Tables of spreadsheets: CSV and XLSX, read and written a row at a time.

mod csv;
mod template;
mod write;
mod xlsx;

use std::fmt;
use std::path::{Path, PathBuf};

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;

pub use template::{explain, template_csv, template_workbook};
pub use write::{write_csv, write_workbook};

/// A row as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// The row's number, as a spreadsheet counts them; of a CSV file the line on which it begins.
    pub place: u64,
    /// What stands in its cells.
    pub cells: Vec<Cell>,
}

/// Why a table or a row cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The file or sheet.
    pub sheet: Option<String>,
    /// The row.
    pub row: Option<u64>,
    /// The column, by its letter.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl TableError {
    fn new(reason: impl Into<String>, remedy: impl Into<String>) -> TableError {
        TableError { sheet: None, row: None, column: None, reason: reason.into(), remedy: remedy.into() }
    }

    fn at(mut self, row: u64) -> TableError {
        self.row = Some(row);
        self
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}: ")?;
        }
        if let Some(row) = self.row {
            write!(f, "row {row}: ")?;
        }
        f.write_str(&self.reason)
    }
}

/// Rows of a table, the first with the names of its columns.
pub type RowsOf = Box<dyn Iterator<Item = Result<RawRow, TableError>> + Send>;

/// Largest file that is read, in bytes; a CSV file is read row by row and may be larger.
const LARGEST_WORKBOOK: u64 = 64 << 20;

/// Largest content of a workbook once unpacked, in bytes.
const LARGEST_UNPACKED: u64 = 1 << 30;

/// Opens one table: a CSV file, or the sheet of a workbook that bears the table's name (of a workbook with
/// one sheet, that one).
///
/// # Errors
/// If the file cannot be read as what its name says.
pub fn open_table(path: &Path, table: Table) -> Result<RowsOf, TableError> {
    match kind(path)? {
        Kind::Csv => csv::open(path),
        Kind::Workbook => {
            let mut sheets = xlsx::open(path)?;
            let place = sheets
                .iter()
                .position(|sheet| Table::named(&sheet.name) == Some(table))
                .or((sheets.len() == 1).then_some(0));
            match place {
                Some(place) => Ok(sheets.swap_remove(place).rows),
                None => Err(TableError::new(
                    format!("The workbook has no sheet named {}.", table.word()),
                    format!("a sheet with this name, or one sheet alone; it has: {}", names(&sheets)),
                )),
            }
        }
    }
}

/// Opens all tables of a book: a workbook with a sheet for each, or a folder with a CSV file for each.
///
/// # Errors
/// If it cannot be read, or holds no table.
pub fn open_book(path: &Path) -> Result<Vec<(Table, RowsOf)>, TableError> {
    let mut tables = Vec::new();
    if path.is_dir() {
        for table in Table::ALL {
            let file = path.join(format!("{}.csv", table.word()));
            if file.is_file() {
                tables.push((table, csv::open(&file)?));
            }
        }
    } else if let Kind::Workbook = kind(path)? {
        for sheet in xlsx::open(path)? {
            if let Some(table) = Table::named(&sheet.name) {
                tables.push((table, sheet.rows));
            }
        }
    } else {
        return Err(TableError::new(
            format!("{} is one table, not a book.", path.display()),
            "a folder with a CSV file for each table, or a workbook with a sheet for each",
        ));
    }
    if tables.is_empty() {
        let all: Vec<_> = Table::ALL.into_iter().map(Table::word).collect();
        return Err(TableError::new(
            format!("{} holds none of the tables of a book.", path.display()),
            format!("one of: {}", all.join(", ")),
        ));
    }
    Ok(tables)
}

enum Kind {
    Csv,
    Workbook,
}

fn kind(path: &Path) -> Result<Kind, TableError> {
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "csv" | "tsv" | "txt" => Ok(Kind::Csv),
        "xlsx" => Ok(Kind::Workbook),
        "" if path.as_os_str() == "-" => Ok(Kind::Csv),
        _ => Err(TableError::new(
            format!("{} is neither .csv nor .xlsx.", path.display()),
            "save it as “CSV UTF-8” or as an Excel workbook (.xlsx), without macros",
        )),
    }
}

fn names(sheets: &[xlsx::Sheet]) -> String {
    sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn unreadable(path: &Path, why: impl fmt::Display) -> TableError {
    TableError::new(format!("{} cannot be read: {why}.", path.display()), "a file that is there and readable")
}

/// Where a file of a table lies in a folder of a book.
pub fn file_of(folder: &Path, table: Table) -> PathBuf {
    folder.join(format!("{}.csv", table.word()))
}
