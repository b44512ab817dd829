//! Workbooks of Excel and LibreOffice (XLSX).

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use calamine::{Data, ExcelDateTime, Reader as _, SheetVisible, Xlsx};
use entente_register::book::cell::Cell;
use jiff::civil::Date;

use super::{LARGEST_UNPACKED, LARGEST_WORKBOOK, RawRow, RowsOf, TableError, unreadable};

/// A sheet that is shown.
pub(super) struct Sheet {
    pub(super) name: String,
    pub(super) rows: RowsOf,
}

/// Opens a workbook and reads its sheets that are shown.
pub(super) fn open(path: &Path) -> Result<Vec<Sheet>, TableError> {
    let file = File::open(path).map_err(|e| unreadable(path, e))?;
    let size = file.metadata().map_err(|e| unreadable(path, e))?.len();
    if size > LARGEST_WORKBOOK {
        return Err(too_large());
    }
    read(BufReader::new(file))
}

fn too_large() -> TableError {
    TableError::new(
        "The workbook is larger than workbooks may be.",
        format!(
            "at most {} MiB, {} MiB unpacked; or CSV, which is read row by row",
            LARGEST_WORKBOOK >> 20,
            LARGEST_UNPACKED >> 20
        ),
    )
}

fn read<F: Read + Seek>(mut file: F) -> Result<Vec<Sheet>, TableError> {
    check_size(&mut file)?;
    let mut book = Xlsx::new(file).map_err(|e| no_workbook(&e))?;
    let shown: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut sheets = Vec::with_capacity(shown.len());
    for name in shown {
        let range = book.worksheet_range(&name).map_err(|e| no_workbook(&e))?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut rows = Vec::with_capacity(range.height());
        for (place, row) in range.rows().enumerate() {
            let mut cells: Vec<Cell> = std::iter::repeat_n(Cell::Empty, left as usize).collect();
            cells.extend(row.iter().map(cell));
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Ok(RawRow { place: u64::from(top) + place as u64 + 1, cells }));
            }
        }
        sheets.push(Sheet { name, rows: Box::new(rows.into_iter()) });
    }
    Ok(sheets)
}

/// Refuses what would be too large once unpacked, by what its parts are said to be and by what they are.
fn check_size<F: Read + Seek>(file: &mut F) -> Result<(), TableError> {
    let mut archive = zip::ZipArchive::new(&mut *file).map_err(|e| no_workbook(&e))?;
    let mut size: u64 = 0;
    for part in 0..archive.len() {
        size = size.saturating_add(archive.by_index_raw(part).map_err(|e| no_workbook(&e))?.size());
    }
    if size > LARGEST_UNPACKED {
        return Err(too_large());
    }
    drop(archive);
    file.rewind().map_err(|e| no_workbook(&e))
}

fn no_workbook(why: &dyn std::fmt::Display) -> TableError {
    TableError::new(
        format!("The file cannot be read as a workbook: {why}."),
        "save it anew as an Excel workbook (.xlsx) without a password, or as “CSV UTF-8”",
    )
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) => Cell::text(text.clone()),
        Data::Int(number) => Cell::Number(number.to_string()),
        Data::Float(number) => float(*number),
        Data::DateTime(moment) => moment_of(moment),
        Data::Bool(value) => Cell::Other(value.to_string().to_uppercase()),
        Data::DurationIso(text) => Cell::Other(text.clone()),
        Data::Error(error) => Cell::Other(error.to_string()),
    }
}

/// A number as its shortest decimal form, which is what the spreadsheet shows of it.
fn float(number: f64) -> Cell {
    // Beyond this a workbook's numbers are no longer exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let text = number.to_string();
    if number.is_finite() && number.abs() <= EXACT && !text.contains(['e', 'E']) {
        return Cell::Number(text);
    }
    Cell::Other(text)
}

fn moment_of(moment: &ExcelDateTime) -> Cell {
    let (year, month, day, hours, minutes, seconds, _) = moment.to_ymd_hms_milli();
    let date = (|| {
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        Date::new(i16::try_from(year).ok()?, month, day).ok()
    })();
    match date {
        Some(date) if moment.is_datetime() && (hours, minutes, seconds) == (0, 0, 0) => Cell::Date(date),
        Some(date) if moment.is_datetime() => {
            Cell::Other(format!("{date} {hours:02}:{minutes:02}:{seconds:02}"))
        }
        _ => Cell::Other(format!("{}", moment.as_f64())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entente_register::book::table::Table;
    use proptest::prelude::*;

    fn written(rows: &[Vec<Cell>]) -> Vec<Sheet> {
        let bytes = super::super::write_workbook(&[(Table::Partners, rows)]).unwrap();
        read(std::io::Cursor::new(bytes)).unwrap()
    }

    fn cells() -> impl Strategy<Value = Cell> {
        prop_oneof![
            Just(Cell::Empty),
            "[ -~а-яé]{1,20}".prop_map(Cell::text),
            (-1_000_000_000_000i64..1_000_000_000_000)
                .prop_map(|n| Cell::Number(entente_register::money::decimal(n, 2))),
            (0i32..50_000).prop_map(|days| {
                Cell::Date(jiff::civil::date(1950, 1, 1).saturating_add(jiff::Span::new().days(days)))
            }),
        ]
    }

    /// What is the same value: a number may be written with or without its last zeros, or as text.
    fn same(cell: &Cell) -> String {
        let text = cell.to_string();
        match cell {
            Cell::Number(_) if text.contains('.') => {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
            _ => text,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn what_is_written_is_read(rows in prop::collection::vec(prop::collection::vec(cells(), 3), 1..8)) {
            let mut all = vec![vec![Cell::text("a"), Cell::text("b"), Cell::text("c")]];
            all.extend(rows.into_iter().filter(|row| row.iter().any(|cell| !cell.is_empty())));
            let sheet = written(&all).remove(0);
            let read: Vec<RawRow> = sheet.rows.map(Result::unwrap).collect();
            prop_assert_eq!(read.len(), all.len());
            for (place, (read, written)) in read.iter().zip(&all).enumerate() {
                prop_assert_eq!(read.place, place as u64 + 1);
                for (at, cell) in written.iter().enumerate() {
                    let found = read.cells.get(at).cloned().unwrap_or_default();
                    prop_assert_eq!(same(&found), same(cell));
                    if let Cell::Date(_) = cell {
                        prop_assert_eq!(&found, cell);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        for bytes in [&b"a,b\n1,2\n"[..], b"PK\x03\x04 and nothing more", b""] {
            assert!(read(std::io::Cursor::new(bytes.to_vec())).is_err());
        }
    }

    #[test]
    fn numbers_are_exact_or_no_numbers() {
        assert_eq!(float(1_250_000.5), Cell::Number("1250000.5".into()));
        assert_eq!(float(0.1), Cell::Number("0.1".into()));
        assert_eq!(float(3.0), Cell::Number("3".into()));
        assert!(matches!(float(1e17), Cell::Other(_)));
        assert!(matches!(float(f64::NAN), Cell::Other(_)));
    }
}
