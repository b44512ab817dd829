//! Tables written, as CSV and as workbooks, with the same calls.

use std::fmt::Display;
use std::io::Write;

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::{TableError, harmless};

/// As what a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Comma-separated values, UTF-8.
    Csv,
    /// A workbook.
    Xlsx,
}

/// What is written into a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Nothing.
    Empty,
    /// A text. One of blanks alone is read back as nothing.
    Text(String),
    /// An amount as exact decimal text without grouping: `1250000.50`.
    Amount(String),
    /// A day.
    Date(Date),
    /// A whole number.
    Whole(i64),
}

/// Writes a table: its header once, its rows, and its end.
pub trait TableWriter {
    /// The names of the columns.
    ///
    /// # Errors
    /// What cannot be written, and where.
    fn header(&mut self, names: &[&str]) -> Result<(), TableError>;

    /// A row, with a cell for each column.
    ///
    /// # Errors
    /// What cannot be written, and where.
    fn row(&mut self, cells: &[Out]) -> Result<(), TableError>;

    /// What follows the last row. Without it the table is not whole.
    ///
    /// # Errors
    /// What cannot be written.
    fn finish(&mut self) -> Result<(), TableError>;
}

/// A table as CSV: comma, CR LF, formula-safe texts.
pub struct CsvTable<W: Write> {
    writer: csv::Writer<W>,
    place: u64,
}

impl<W: Write> CsvTable<W> {
    /// Writes to `to`, without a byte order mark.
    pub fn new(to: W) -> CsvTable<W> {
        let writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
        CsvTable { writer, place: 0 }
    }

    /// Writes to `to`, first the byte order mark by which Excel knows UTF-8, and keeps to it when it saves.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn with_mark(mut to: W) -> Result<CsvTable<W>, TableError> {
        to.write_all("\u{feff}".as_bytes()).map_err(|error| unwritten(&error))?;
        Ok(CsvTable::new(to))
    }

    /// What was written to, after [`TableWriter::finish`].
    ///
    /// # Errors
    /// What cannot be written.
    pub fn into_inner(self) -> Result<W, TableError> {
        self.writer.into_inner().map_err(|error| unwritten(&error))
    }
}

impl<W: Write> TableWriter for CsvTable<W> {
    fn header(&mut self, names: &[&str]) -> Result<(), TableError> {
        self.place += 1;
        let names = names.iter().map(|name| harmless(name));
        self.writer.write_record(names).map_err(|error| unwritten(&error).row(self.place))
    }

    fn row(&mut self, cells: &[Out]) -> Result<(), TableError> {
        self.place += 1;
        let cells = cells.iter().map(|cell| match cell {
            Out::Empty => String::new(),
            Out::Text(text) => harmless(text),
            Out::Amount(amount) => amount.clone(),
            Out::Date(date) => date.to_string(),
            Out::Whole(number) => number.to_string(),
        });
        self.writer.write_record(cells).map_err(|error| unwritten(&error).row(self.place))
    }

    fn finish(&mut self) -> Result<(), TableError> {
        self.writer.flush().map_err(|error| unwritten(&error))
    }
}

/// A workbook of tables, a sheet each. Rows go to a temporary file, so that memory stays steady.
///
/// The same tables and the same day give the same bytes.
pub struct XlsxBook {
    workbook: Workbook,
    formats: Formats,
}

/// How cells look.
struct Formats {
    header: Format,
    date: Format,
    whole: Format,
    /// Amounts by how many decimals they show.
    amounts: Vec<Format>,
}

/// Decimals that an amount shows at most; with more it is written as a text.
const DECIMALS: usize = 9;

impl XlsxBook {
    /// An empty workbook that says this day as that of its making.
    ///
    /// # Errors
    /// A day before 1900, which workbooks do not know.
    pub fn new(made_on: Date) -> Result<XlsxBook, TableError> {
        let mut workbook = Workbook::new();
        let made_on = excel_date(made_on).ok_or_else(|| {
            TableError::new(
                format!("a workbook cannot say {made_on} as its day"),
                "give a day from 1900-03-01",
            )
        })?;
        workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_on));
        let amount = |decimals: usize| match decimals {
            0 => Format::new().set_num_format("#,##0"),
            _ => Format::new().set_num_format(format!("#,##0.{}", "0".repeat(decimals))),
        };
        let formats = Formats {
            header: Format::new().set_bold(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            whole: Format::new().set_num_format("0"),
            amounts: (0..=DECIMALS).map(amount).collect(),
        };
        Ok(XlsxBook { workbook, formats })
    }

    /// A new sheet, after those that there are.
    ///
    /// # Errors
    /// A name that a sheet cannot have, or a disk that has no place for a temporary file.
    pub fn sheet(&mut self, name: &str) -> Result<XlsxTable<'_>, TableError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory().map_err(|error| unwritten(&error))?;
        sheet.set_name(name).map_err(|error| unwritten(&error).sheet(name))?;
        Ok(XlsxTable { name: name.to_owned(), sheet, formats: &self.formats, rows: 0, widths: Vec::new() })
    }

    /// Writes the workbook.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn write(mut self, to: impl Write + Send) -> Result<(), TableError> {
        self.workbook.save_to_writer(to).map_err(|error| unwritten(&error))
    }

    /// The workbook's bytes.
    ///
    /// # Errors
    /// What cannot be written.
    pub fn into_bytes(mut self) -> Result<Vec<u8>, TableError> {
        self.workbook.save_to_buffer().map_err(|error| unwritten(&error))
    }
}

/// A table as a sheet of a workbook: bold header that stays in sight, filters, columns as wide as what is in
/// them.
pub struct XlsxTable<'b> {
    name: String,
    sheet: &'b mut Worksheet,
    formats: &'b Formats,
    /// Rows written, the header among them.
    rows: u32,
    /// Characters of the longest cell of each column.
    widths: Vec<usize>,
}

/// Characters of a narrow column and of a wide one.
const WIDTHS: (usize, usize) = (8, 60);

impl XlsxTable<'_> {
    fn cell(&mut self, index: usize, cell: &Out) -> Result<(), TableError> {
        let column = u16::try_from(index).unwrap_or(u16::MAX);
        let (row, formats) = (self.rows, self.formats);
        let (written, width) = match cell {
            Out::Empty => return Ok(()),
            Out::Text(text) => (self.sheet.write_string(row, column, text), text.chars().count()),
            Out::Amount(text) => {
                let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                let written = match (exact(text), formats.amounts.get(decimals)) {
                    (Some(number), Some(format)) => {
                        self.sheet.write_number_with_format(row, column, number, format)
                    }
                    _ => self.sheet.write_string(row, column, text),
                };
                // Commas at every third digit.
                (written, text.len() + text.len() / 3)
            }
            Out::Date(date) => {
                let written = match excel_date(*date) {
                    Some(date) => self.sheet.write_datetime_with_format(row, column, &date, &formats.date),
                    None => self.sheet.write_string(row, column, date.to_string()),
                };
                (written, "2012-09-30".len())
            }
            Out::Whole(number) => {
                let text = number.to_string();
                let written = match exact(&text) {
                    Some(number) => self.sheet.write_number_with_format(row, column, number, &formats.whole),
                    None => self.sheet.write_string(row, column, &text),
                };
                (written, text.len())
            }
        };
        written.map_err(|error| {
            let remedy = "export the tables as CSV, which has no such limit";
            let reason = format!("a workbook cannot hold it: {error}");
            TableError::new(reason, remedy).sheet(&self.name).row(u64::from(row) + 1).column(index)
        })?;
        if let Some(widest) = self.widths.get_mut(index) {
            *widest = (*widest).max(width);
        }
        Ok(())
    }
}

impl TableWriter for XlsxTable<'_> {
    fn header(&mut self, names: &[&str]) -> Result<(), TableError> {
        self.widths = vec![0; names.len()];
        for (index, name) in names.iter().enumerate() {
            self.cell(index, &Out::Text((*name).to_owned()))?;
            let column = u16::try_from(index).unwrap_or(u16::MAX);
            let format = &self.formats.header;
            self.sheet
                .write_string_with_format(self.rows, column, *name, format)
                .map_err(|error| unwritten(&error).sheet(&self.name))?;
        }
        self.sheet.set_freeze_panes(1, 0).map_err(|error| unwritten(&error).sheet(&self.name))?;
        self.rows += 1;
        Ok(())
    }

    fn row(&mut self, cells: &[Out]) -> Result<(), TableError> {
        if cells.len() != self.widths.len() {
            let reason =
                format!("a row of {} cells in a table of {} columns", cells.len(), self.widths.len());
            return Err(unwritten(&reason).sheet(&self.name).row(u64::from(self.rows) + 1));
        }
        for (index, cell) in cells.iter().enumerate() {
            self.cell(index, cell)?;
        }
        self.rows += 1;
        Ok(())
    }

    fn finish(&mut self) -> Result<(), TableError> {
        let unwritten = |error: rust_xlsxwriter::XlsxError| unwritten(&error).sheet(&self.name);
        for (column, width) in (0u16..).zip(&self.widths) {
            // The button of the filter stands beside the name.
            let width = u16::try_from((*width).clamp(WIDTHS.0, WIDTHS.1) + 3).unwrap_or(u16::MAX);
            self.sheet.set_column_width(column, width).map_err(unwritten)?;
        }
        let last = u16::try_from(self.widths.len()).unwrap_or(u16::MAX);
        if let (Some(row), Some(column)) = (self.rows.checked_sub(1), last.checked_sub(1)) {
            self.sheet.autofilter(0, 0, row, column).map_err(unwritten)?;
        }
        Ok(())
    }
}

/// The number of a workbook that is exactly this decimal: its shortest text is the same, but for noughts at
/// the end of the decimals.
fn exact(text: &str) -> Option<f64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    let number: f64 = text.parse().ok().filter(|_| is_plain)?;
    let shortest = match text.split_once('.') {
        Some((_, "")) => return None,
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => text,
    };
    let is_within = number.abs() <= 9_007_199_254_740_992.0;
    (is_within && shortest != "-0" && number.to_string() == shortest).then_some(number)
}

/// A day as workbooks have it; none before that from which all programs number days alike.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let part = |part: i8| u8::try_from(part).ok();
    if date < jiff::civil::date(1900, 3, 1) {
        return None;
    }
    let year = u16::try_from(date.year()).ok()?;
    ExcelDateTime::from_ymd(year, part(date.month())?, part(date.day())?).ok()
}

fn unwritten(error: &dyn Display) -> TableError {
    TableError::new(format!("the table cannot be written: {error}"), "see that there is room on the disk")
}
