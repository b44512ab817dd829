//! Writing tables as CSV and as workbooks.

use std::io::Write;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_store::Fault;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::formats::harmless::harmless;

/// Rows of a sheet of a workbook, at most, the first included.
const MOST_ROWS: usize = 1_048_576;

/// Writes a table as CSV in UTF-8: dates as 2012-09-30, numbers plain, and no text that a spreadsheet
/// would take for a formula.
///
/// # Errors
/// A fault if it cannot be written.
pub fn write_csv(out: impl Write, rows: &[Vec<Cell>]) -> Result<(), Fault> {
    let mut writer = csv::Writer::from_writer(out);
    for row in rows {
        let fields = row.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            other => other.to_string(),
        });
        writer.write_record(fields).map_err(|e| Fault::internal("writing a table", e))?;
    }
    writer.flush().map_err(|e| Fault::internal("writing a table", e))
}

/// Writes tables as the sheets of a workbook, the same bytes for the same rows. Texts are never formulas;
/// a number that a workbook cannot hold exactly is written as text.
///
/// # Errors
/// A fault if a table has more rows than a sheet, or it cannot be written.
pub fn write_workbook(tables: &[(Table, &[Vec<Cell>])]) -> Result<Vec<u8>, Fault> {
    let mut book = Workbook::new();
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(|e| fault(&e))?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let head = Format::new().set_bold();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let amount = Format::new().set_num_format("#,##0.00");
    for (table, rows) in tables {
        if rows.len() > MOST_ROWS {
            return Err(Fault::internal(
                "writing a workbook",
                format!(
                    "{} has {} rows, and a sheet at most {MOST_ROWS}: CSV has no such limit",
                    table.word(),
                    rows.len()
                ),
            ));
        }
        let sheet = book.add_worksheet_with_constant_memory().map_err(|e| fault(&e))?;
        sheet.set_name(table.word()).map_err(|e| fault(&e))?;
        sheet.set_freeze_panes(1, 0).map_err(|e| fault(&e))?;
        for (at, column) in table.columns().iter().enumerate() {
            let width = column.name.len().max(column.example.len()).clamp(8, 40) + 2;
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            sheet.set_column_width(at, width as f64).map_err(|e| fault(&e))?;
        }
        for (place, row) in rows.iter().enumerate() {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            for (at, cell) in row.iter().enumerate() {
                let at = u16::try_from(at).unwrap_or(u16::MAX);
                let written = match cell {
                    Cell::Empty => Ok(&mut *sheet),
                    Cell::Text(text) | Cell::Other(text) if place == 0 => {
                        sheet.write_string_with_format(place, at, text, &head)
                    }
                    Cell::Text(text) | Cell::Other(text) => sheet.write_string(place, at, text),
                    Cell::Number(text) => match exact(text) {
                        Some(number) if text.contains('.') => {
                            sheet.write_number_with_format(place, at, number, &amount)
                        }
                        Some(number) => sheet.write_number(place, at, number),
                        None => sheet.write_string(place, at, text),
                    },
                    Cell::Date(day) => {
                        let parts =
                            (u16::try_from(day.year()), u8::try_from(day.month()), u8::try_from(day.day()));
                        match parts {
                            (Ok(year), Ok(month), Ok(of)) if year >= 1900 => {
                                let day = ExcelDateTime::from_ymd(year, month, of).map_err(|e| fault(&e))?;
                                sheet.write_datetime_with_format(place, at, &day, &date)
                            }
                            // A workbook knows no day before 1900.
                            _ => sheet.write_string(place, at, day.to_string()),
                        }
                    }
                };
                written.map_err(|e| fault(&e))?;
            }
        }
    }
    book.save_to_buffer().map_err(|e| fault(&e))
}

/// A decimal text as a number that reads as the same decimal text.
fn exact(text: &str) -> Option<f64> {
    let number: f64 = text.parse().ok()?;
    let shortest = number.to_string();
    let bare = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    (bare(&shortest) == bare(text) && number.abs() < 9_007_199_254_740_992.0).then_some(number)
}

fn fault(error: &rust_xlsxwriter::XlsxError) -> Fault {
    Fault::internal("writing a workbook", error)
}
