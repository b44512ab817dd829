//! CSV, read row by row: of a file of any length one row is held at a time.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use entente_register::book::cell::Cell;
use entente_register::book::layout::letter;

use super::{RawRow, RowsOf, TableError, unreadable};

/// Largest row, in bytes: what is longer is no row but a quote that was never closed.
const LARGEST_ROW: usize = 1 << 20;

/// How much of the start is looked at for the separator.
const LOOKED_AT: usize = 64 << 10;

/// Opens a file.
pub(super) fn open(path: &Path) -> Result<RowsOf, TableError> {
    if path.as_os_str() == "-" {
        return rows(BufReader::with_capacity(LOOKED_AT, std::io::stdin()));
    }
    let file = File::open(path).map_err(|e| unreadable(path, e))?;
    rows(BufReader::with_capacity(LOOKED_AT, file))
}

/// The rows of what is read.
fn rows<R: Read + Send + 'static>(mut input: BufReader<R>) -> Result<RowsOf, TableError> {
    let start = input
        .fill_buf()
        .map_err(|e| TableError::new(format!("The file cannot be read: {e}."), "a readable file"))?;
    if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) || start.starts_with(b"PK") {
        return Err(TableError::new("The file is not CSV in UTF-8.", "save it as “CSV UTF-8”").at(1));
    }
    let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let separator = separator(&start[mark..]);
    input.consume(mark);
    let input = LineFeeds::over(input);
    let reader =
        ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(input);
    Ok(Box::new(Rows { reader, record: ByteRecord::new(), width: None, is_over: false }))
}

/// Reads line ends of every sort as line feeds, and ends the last line too, so that rows are counted as a spreadsheet counts them.
struct LineFeeds<R> {
    input: R,
    /// A byte that was read and not yet given.
    held: Option<u8>,
    /// The byte given last.
    last: u8,
}

impl<R> LineFeeds<R> {
    fn over(input: R) -> LineFeeds<R> {
        LineFeeds { input, held: None, last: b'\n' }
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        let mut length = 0;
        if let Some(byte) = self.held.take() {
            buffer[0] = byte;
            length = 1;
        }
        if length < buffer.len() {
            length += self.input.read(&mut buffer[length..])?;
        }
        let mut kept = 0;
        let mut at = 0;
        while at < length {
            let byte = buffer[at];
            at += 1;
            if byte == b'\r' {
                let mut next = [0];
                let follows = match buffer[..length].get(at) {
                    Some(next) => Some(*next),
                    None if self.input.read(&mut next)? == 1 => {
                        self.held = Some(next[0]);
                        self.held
                    }
                    None => None,
                };
                if follows == Some(b'\n') {
                    continue;
                }
                buffer[kept] = b'\n';
            } else {
                buffer[kept] = byte;
            }
            kept += 1;
        }
        if kept > 0 {
            self.last = buffer[kept - 1];
            return Ok(kept);
        }
        if length > 0 {
            // Nothing but the first half of a line end was read: the other half is held.
            return self.read(buffer);
        }
        if self.last == b'\n' {
            return Ok(0);
        }
        self.last = b'\n';
        buffer[0] = b'\n';
        Ok(1)
    }
}

/// The separator: which of comma, semicolon and tab stands most often in the first row, outside quotes.
fn separator(start: &[u8]) -> u8 {
    let mut counts = [(b'\t', 0), (b';', 0), (b',', 0)];
    let mut is_quoted = false;
    for byte in start {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            _ if !is_quoted => {
                if let Some(count) = counts.iter_mut().find(|count| count.0 == *byte) {
                    count.1 += 1;
                }
            }
            _ => {}
        }
    }
    // Of equals the one that stands in fewer texts: the tab before the semicolon before the comma.
    counts.into_iter().rev().max_by_key(|count| count.1).map_or(b',', |count| count.0)
}

struct Rows<R> {
    reader: csv::Reader<R>,
    record: ByteRecord,
    /// Cells of the first row.
    width: Option<usize>,
    is_over: bool,
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<RawRow, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.is_over {
                return None;
            }
            match self.reader.read_byte_record(&mut self.record) {
                Ok(true) => {}
                Ok(false) => return None,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(TableError::new(
                        format!("The file cannot be read on: {error}."),
                        "a whole file",
                    )));
                }
            }
            // Counted from its end, because blank lines before it belong to none: the last line of the row
            // is ended too.
            let breaks = self.record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
            let place = self.reader.position().line().saturating_sub(breaks + 1).max(1);
            if self.record.as_slice().len() > LARGEST_ROW {
                self.is_over = true;
                let error = TableError::new(
                    "The row is longer than any row can be.",
                    "close the quote that begins in it",
                );
                return Some(Err(error.at(place)));
            }
            let row = read(&self.record, place, self.width);
            if let Ok(row) = &row {
                if row.cells.iter().all(Cell::is_empty) {
                    continue;
                }
                self.width.get_or_insert(row.cells.len());
            }
            return Some(row);
        }
    }
}

fn read(record: &ByteRecord, place: u64, width: Option<usize>) -> Result<RawRow, TableError> {
    let mut cells = Vec::with_capacity(record.len());
    for (at, field) in record.iter().enumerate() {
        let Ok(text) = std::str::from_utf8(field) else {
            let error = TableError::new("The cell is not text in UTF-8.", "save the file as “CSV UTF-8”");
            return Err(TableError { column: Some(letter(at)), ..error.at(place) });
        };
        let cell = Cell::text(bare(text));
        if width.is_some_and(|width| at >= width) && !cell.is_empty() {
            let error = TableError::new(
                format!(
                    "The row has more cells than the first row: {:?} stands in none of its columns.",
                    text
                ),
                "put cells that hold the separator in quotes, or name the column in the first row",
            );
            return Err(TableError { column: Some(letter(at)), ..error.at(place) });
        }
        cells.push(cell);
    }
    Ok(RawRow { place, cells })
}

/// A text without the apostrophe that kept it from being taken for a formula.
fn bare(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if crate::formats::harmless::harmless(rest).len() != rest.len() => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<Result<RawRow, TableError>> {
        rows(BufReader::new(std::io::Cursor::new(bytes.to_vec()))).unwrap().collect()
    }

    fn cells(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
        let rows = all(bytes).into_iter().map(Result::unwrap);
        rows.map(|row| (row.place, row.cells.iter().map(Cell::to_string).collect())).collect()
    }

    #[test]
    fn separators_marks_and_line_ends_are_found() {
        let expected =
            vec![(1, vec!["a".to_owned(), "b, c".to_owned()]), (2, vec!["1".to_owned(), "2".to_owned()])];
        for text in ["a,\"b, c\"\n1,2\n", "\u{feff}a;\"b, c\"\r\n1;2\r\n", "a\tb, c\n1\t2"] {
            assert_eq!(cells(text.as_bytes()), expected, "{text:?}");
        }
    }

    #[test]
    fn rows_are_numbered_as_lines_and_blank_ones_passed_over() {
        let found = cells(b"a,b\n\n\"x\ny\",2\n , \nz,3\n");
        let places: Vec<u64> = found.iter().map(|row| row.0).collect();
        assert_eq!(places, [1, 3, 6], "{found:?}");
    }

    #[test]
    fn line_ends_of_every_sort_count_alike() {
        let expected = cells(b"a,b\n1,2\n\n\"x\ny\",3\nz,4\n");
        for end in ["\r\n", "\r"] {
            let text = "a,b\n1,2\n\n\"x\ny\",3\nz,4\n".replace('\n', end);
            assert_eq!(cells(text.as_bytes()), expected, "{end:?}");
            // However the input is cut into parts.
            for part in 1..5 {
                let parts: Vec<Vec<u8>> = text.as_bytes().chunks(part).map(<[u8]>::to_vec).collect();
                let input = parts
                    .into_iter()
                    .fold(Box::new(std::io::empty()) as Box<dyn Read + Send>, |before, part| {
                        Box::new(before.chain(std::io::Cursor::new(part)))
                    });
                let mut read = String::new();
                LineFeeds::over(input).read_to_string(&mut read).unwrap();
                assert_eq!(read, "a,b\n1,2\n\n\"x\ny\",3\nz,4\n");
            }
        }
    }

    #[test]
    fn a_row_that_is_too_long_and_one_that_is_no_text_are_named() {
        let found = all(b"a,b\n1,2,,\n1,2,3\n1,\xe9\n4,5\n");
        let wrong: Vec<_> = found.iter().filter_map(|row| row.as_ref().err()).collect();
        assert_eq!(wrong.len(), 2);
        assert_eq!((wrong[0].row, wrong[0].column.as_deref()), (Some(3), Some("C")));
        assert_eq!((wrong[1].row, wrong[1].column.as_deref()), (Some(4), Some("B")));
        assert_eq!(found.len(), 5, "the rows after are read");
    }

    #[test]
    fn what_is_another_format_is_refused() {
        for bytes in [&b"\xff\xfea\0"[..], b"PK\x03\x04"] {
            assert!(rows(BufReader::new(std::io::Cursor::new(bytes.to_vec()))).is_err());
        }
    }
}
