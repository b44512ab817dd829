//! Rows of CSV with their places.

use std::cell::Cell;

use super::limits::{LARGEST_RECORD, LONGEST_VALUE};
use super::{ListFault, place, utf8};

/// A row and the line on which it begins.
pub(super) struct Row {
    pub(super) record: ::csv::StringRecord,
    pub(super) line: u64,
}

/// Gives each row to `each`, whose objection is of a cell by its place from 0. A byte order mark is passed over.
pub(super) fn rows(
    bytes: &[u8],
    mut each: impl FnMut(&Row) -> Result<(), (usize, String)>,
) -> Result<(), ListFault> {
    let text = utf8(bytes)?;
    let start = text.len() - text.trim_start_matches('\u{feff}').len();
    let table = &text[start..];
    let left = Cell::new(LARGEST_RECORD);
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(Bounded { rest: table.as_bytes(), left: &left });
    let mut row = Row { record: ::csv::StringRecord::new(), line: 1 };
    loop {
        left.set(LARGEST_RECORD);
        let more = reader.read_record(&mut row.record).map_err(|error| {
            let line = error.position().map_or(1, |place| place.line());
            ListFault { line, column: 1, reason: format!("no row of a table: {error}") }
        })?;
        if !more {
            return Ok(());
        }
        let begins = row.record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(0));
        let before = blank(&table.as_bytes()[begins.min(table.len())..]);
        let lines = before.iter().filter(|byte| **byte == b'\n').count() as u64;
        row.line = row.record.position().map_or(1, |place| place.line()) + lines;
        let begins = begins + before.len();
        let objection = if let Some(long) = row.record.iter().position(|cell| cell.len() > LONGEST_VALUE) {
            Err((long, "a text of more than 1 MiB".to_owned()))
        } else {
            each(&row)
        };
        if let Err((cell, reason)) = objection {
            let at = begins + cell_start(&table.as_bytes()[begins.min(table.len())..], cell);
            let (line, column) = place(bytes, start + at);
            return Err(ListFault { line, column, reason });
        }
    }
}

/// Empty lines before a row, which the reader passes over.
fn blank(row: &[u8]) -> &[u8] {
    let end = row.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
    &row[..end.unwrap_or(row.len())]
}

/// Where a cell begins within its row.
fn cell_start(row: &[u8], cell: usize) -> usize {
    let (mut quoted, mut left) = (false, cell);
    for (at, byte) in row.iter().enumerate() {
        if left == 0 {
            return at;
        }
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => left -= 1,
            b'\n' if !quoted => return at,
            _ => {}
        }
    }
    row.len()
}

/// Bytes of which one row may take so many: a quotation mark that is never closed would take the whole file.
struct Bounded<'b> {
    rest: &'b [u8],
    left: &'b Cell<usize>,
}

impl std::io::Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = std::io::Read::read(&mut self.rest, into)?;
        let left = self.left.get().checked_sub(read);
        self.left.set(left.ok_or_else(|| std::io::Error::other("a row of more than 16 MiB"))?);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_places() {
        let table = "\u{feff}a,b\r\n\r\n\"x\ny\",2\r\né,\"ü,ü\",z\n";
        let mut lines = Vec::new();
        rows(table.as_bytes(), |row| {
            lines.push((row.line, row.record.len()));
            Ok(())
        })
        .unwrap();
        assert_eq!(lines, [(1, 2), (3, 2), (5, 3)]);
        let third = |row: &Row| if row.record.len() == 3 { Err((2, "z".to_owned())) } else { Ok(()) };
        let fault = rows(table.as_bytes(), third).unwrap_err();
        assert_eq!((fault.line, fault.column), (5, 9));
        let second = |row: &Row| if row.line == 3 { Err((1, "2".to_owned())) } else { Ok(()) };
        let fault = rows(table.as_bytes(), second).unwrap_err();
        assert_eq!((fault.line, fault.column), (4, 4));
    }

    #[test]
    fn a_quotation_mark_that_is_not_closed_takes_no_more_than_a_row_may() {
        let mut table = b"a,b\n\"".to_vec();
        table.resize(LARGEST_RECORD * 2, b'x');
        assert!(rows(&table, |_| Ok(())).unwrap_err().reason.contains("16 MiB"));
    }
}
