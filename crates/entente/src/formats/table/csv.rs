//! The rows of a CSV file, one at a time.
//!
//! The parser of the `csv` crate is driven directly, because its reader does not say at which line a row
//! begins if blank lines go before it or lines end in CR LF.

use std::io::{self, BufRead, Cursor};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use entente_register::book::cell::Cell;

use super::{COLUMNS, Limits, RawRow, Rows, Shape, TableError, as_meant};

/// What is said of a file that is not UTF-8.
pub(super) const SAVE_AS: &str = "save as CSV UTF-8";

/// The rows of a file of UTF-8, with or without byte order mark, whose cells are parted by commas,
/// semicolons or tabs, whichever the first row has most of.
pub(super) fn rows(sheet: &str, input: Box<dyn BufRead + Send>, limits: Limits) -> Rows {
    let start = Start { input, limit: limits.row };
    Box::new(CsvRows { sheet: sheet.to_owned(), state: State::Start(start) })
}

struct CsvRows {
    sheet: String,
    state: State,
}

enum State {
    Start(Start),
    Within(Box<Records>),
    End,
}

/// A file of which nothing was read yet.
struct Start {
    input: Box<dyn BufRead + Send>,
    limit: usize,
}

impl Iterator for CsvRows {
    type Item = Result<RawRow, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut records = match std::mem::replace(&mut self.state, State::End) {
            State::Start(start) => match start.begin() {
                Ok(records) => Box::new(records),
                Err(error) => return Some(Err(error.sheet(&self.sheet))),
            },
            State::Within(records) => records,
            State::End => return None,
        };
        loop {
            let place = match records.advance() {
                Ok(Some(place)) => place,
                Ok(None) => return None,
                Err(error) => return Some(Err(error.sheet(&self.sheet))),
            };
            match records.row(place) {
                Ok(None) => {}
                Ok(Some(row)) => {
                    self.state = State::Within(records);
                    return Some(Ok(row));
                }
                Err(error) => {
                    // Without the names of its columns a table says nothing.
                    if records.shape.columns.is_some() {
                        self.state = State::Within(records);
                    }
                    return Some(Err(error.sheet(&self.sheet)));
                }
            }
        }
    }
}

impl Start {
    /// Reads the first row that is not blank, to see by what its cells are parted.
    fn begin(mut self) -> Result<Records, TableError> {
        let mut head = Vec::new();
        let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0)];
        let (mut is_quoted, mut is_blank) = (false, true);
        'head: while head.len() <= self.limit {
            let buffer = self.input.fill_buf().map_err(|error| unreadable(&error))?;
            if buffer.is_empty() {
                break;
            }
            let mut used = 0;
            for &byte in buffer {
                used += 1;
                match byte {
                    b'"' => is_quoted = !is_quoted,
                    b'\r' | b'\n' if !is_quoted && !is_blank => {
                        head.extend_from_slice(&buffer[..used]);
                        self.input.consume(used);
                        break 'head;
                    }
                    _ if !is_quoted => {
                        for (separator, count) in &mut counts {
                            *count += u32::from(byte == *separator);
                        }
                    }
                    _ => {}
                }
                is_blank &= matches!(byte, b'\r' | b'\n');
            }
            head.extend_from_slice(buffer);
            self.input.consume(used);
        }
        // The first of those of which there are most; a table of one column has none.
        let most =
            counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator);
        let skipped = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let mut head = Cursor::new(head);
        head.set_position(skipped);
        Ok(Records {
            input: Box::new(io::Read::chain(head, self.input)),
            parser: ReaderBuilder::new().delimiter(most).build(),
            lines: Lines { line: 1, was_cr: false },
            within: 0,
            bytes: vec![0; 4096],
            ends: vec![0; 64],
            cells: 0,
            shape: Shape::default(),
            limit: self.limit,
        })
    }
}

/// A file of which some rows were read.
struct Records {
    input: Box<dyn BufRead + Send>,
    parser: Reader,
    lines: Lines,
    /// Lines that ended within a cell so far: a spreadsheet counts the rows, whatever stands in them.
    within: u64,
    /// The cells of the current row, one after the other.
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
    /// How many there are.
    cells: usize,
    shape: Shape,
    limit: usize,
}

/// Counts lines as an editor does: LF, CR LF and CR alone end one.
struct Lines {
    line: u64,
    was_cr: bool,
}

impl Lines {
    fn pass(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.line += u64::from(byte == b'\n' || self.was_cr);
            self.was_cr = byte == b'\r';
        }
    }

    /// The line on which the next byte stands, if it does not end a line itself.
    fn current(&self) -> u64 {
        self.line + u64::from(self.was_cr)
    }
}

impl Records {
    /// Goes to the next line that is not blank, and reads the row that begins there; gives its row, as a spreadsheet
    /// counts.
    fn advance(&mut self) -> Result<Option<u64>, TableError> {
        loop {
            let buffer = self
                .input
                .fill_buf()
                .map_err(|error| unreadable(&error).row(self.lines.current() - self.within))?;
            if buffer.is_empty() {
                return Ok(None);
            }
            let blank = buffer.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let is_blank = blank == buffer.len();
            self.lines.pass(&buffer[..blank]);
            self.input.consume(blank);
            if !is_blank {
                break;
            }
        }
        let begun = self.lines.current();
        let place = begun - self.within;
        let (mut written, mut ended) = (0, 0);
        loop {
            let buffer = self.input.fill_buf().map_err(|error| unreadable(&error).row(place))?;
            // At the end of the file a line's end closes the row, unless a quotation mark is open.
            let is_end = buffer.is_empty();
            let given: &[u8] = if is_end { b"\n" } else { buffer };
            let (result, read, wrote, ends) =
                self.parser.read_record(given, &mut self.bytes[written..], &mut self.ends[ended..]);
            if !is_end {
                self.lines.pass(&buffer[..read]);
                self.input.consume(read);
            }
            written += wrote;
            ended += ends;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::InputEmpty if is_end => {
                    return Err(unclosed("a cell is opened by a quotation mark that nothing closes", place));
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.bytes.len() >= self.limit => {
                    return Err(unclosed(&format!("the row has more than {} bytes", self.limit), place));
                }
                ReadRecordResult::OutputFull => {
                    self.bytes.resize((self.bytes.len() * 2).min(self.limit.max(1)), 0);
                }
                ReadRecordResult::OutputEndsFull if self.ends.len() >= COLUMNS => {
                    return Err(unclosed(&format!("the row has more than {COLUMNS} cells"), place));
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize((self.ends.len() * 2).min(COLUMNS), 0),
                ReadRecordResult::End => return Ok(None),
            }
        }
        self.cells = ended;
        // Of the lines that ended on the way, one ended the row.
        self.within += (self.lines.current() - begun).saturating_sub(1);
        Ok(Some(place))
    }

    /// The row that was read last; none if it is blank.
    fn row(&mut self, place: u64) -> Result<Option<RawRow>, TableError> {
        let mut cells = Vec::with_capacity(self.cells);
        let mut start = 0;
        for (column, &end) in self.ends.iter().take(self.cells).enumerate() {
            let bytes = &self.bytes[start..end];
            let text = std::str::from_utf8(bytes).map_err(|_| {
                let reason = format!("{:?} is not UTF-8", String::from_utf8_lossy(bytes));
                TableError::new(reason, SAVE_AS).row(place).column(column)
            })?;
            cells.push(Cell::text(as_meant(text)));
            start = end;
        }
        self.shape.row(place, cells)
    }
}

fn unclosed(reason: &str, place: u64) -> TableError {
    TableError::new(reason, "close the quotation mark in this row, or double it within a cell").row(place)
}

fn unreadable(error: &io::Error) -> TableError {
    TableError::new(format!("the file cannot be read: {error}"), "see that it is there and may be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::table::open_bytes;

    /// Rows with their places, cells joined by bars; errors in words.
    fn read(bytes: &[u8]) -> Vec<String> {
        let book = match open_bytes("lines.csv", bytes, Limits { row: 5_000, ..Limits::default() }) {
            Ok(book) => book,
            Err(error) => return vec![error.to_string()],
        };
        let show = |row: RawRow| {
            let cells: Vec<String> = row.cells.iter().map(ToString::to_string).collect();
            format!("{} {}", row.place, cells.join("|"))
        };
        book.sheets()[0].rows().map(|row| row.map_or_else(|error| error.to_string(), show)).collect()
    }

    #[test]
    fn cells_are_parted_by_what_the_first_row_has_most_of() {
        for text in ["a,b\n1,2;3\n", "a;b\n1;\"2;3\"\n", "a\tb\n1\t2;3", "\"a,,,,\";b\n1;\"2;3\""] {
            let read = read(text.as_bytes());
            assert_eq!(read.len(), 2, "{text:?}");
            assert_eq!(read[1], "2 1|2;3", "{text:?}");
        }
        assert_eq!(read(b"a\n1;2\n"), ["1 a", "2 1;2"]);
        assert_eq!(read(b""), [""; 0]);
        assert_eq!(read(b"\r\n\n"), [""; 0]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_name() {
        assert_eq!(read("\u{feff}a,b\n1,ü\n".as_bytes()), ["1 a|b", "2 1|ü"]);
        assert_eq!(read("\u{feff}\"a\",b\n1,ü\n".as_bytes()), ["1 a|b", "2 1|ü"]);
        assert_eq!(read("\u{feff}".as_bytes()), [""; 0]);
    }

    #[test]
    fn the_place_is_the_row_as_a_spreadsheet_counts_it() {
        let lf = "\n\na,b\n1,\"2\n3\n\"\n\n,\n  ,\n4,5\n\n\n6,\"\"\"7\"\n8,9";
        let expected = ["3 a|b", "4 1|2\n3\n", "8 4|5", "11 6|\"7", "12 8|9"];
        assert_eq!(read(lf.as_bytes()), expected);
        let places = |text: &str| -> Vec<String> {
            read(text.as_bytes())
                .iter()
                .map(|row| row.split(' ').next().unwrap_or_default().to_owned())
                .collect()
        };
        assert_eq!(places(&lf.replace('\n', "\r\n")), ["3", "4", "8", "11", "12"]);
        assert_eq!(places(&lf.replace('\n', "\r")), ["3", "4", "8", "11", "12"]);
    }

    #[test]
    fn short_rows_are_filled_and_long_ones_named() {
        assert_eq!(
            read(b"a,b,,\n1\n1,2,,,,\n1,2, ,4\n5,6\n"),
            [
                "1 a|b",
                "2 1|",
                "3 1|2",
                "lines, row 4, column D: the row has more cells than the 2 columns that the first row names; \
                 name the column in the first row, or empty the cell",
                "5 5|6",
            ]
        );
    }

    #[test]
    fn what_is_not_utf_8_is_named_and_the_rest_is_read() {
        assert_eq!(
            read(b"a,b\n1,2\n\"x\ny\",caf\xe9\n3,4\n"),
            [
                "1 a|b",
                "2 1|2",
                "lines, row 3, column B: \"caf\u{fffd}\" is not UTF-8; save as CSV UTF-8",
                "4 3|4"
            ]
        );
        assert_eq!(read(b"a,\xe9\n1,2\n").len(), 1, "nothing can be read without the names of columns");
        let utf_16 = "lines, row 1, column A: the file is UTF-16, not UTF-8; save as CSV UTF-8";
        let wide = |start: &[u8]| {
            let units = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes);
            start.iter().copied().chain(units).collect::<Vec<u8>>()
        };
        assert_eq!(read(&wide(b"\xff\xfe")), [utf_16]);
        assert_eq!(read(&wide(b"")), [utf_16]);
        assert_eq!(read(b"\0a\0,\0b"), [utf_16]);
        assert!(read(b"PK\x03\x04")[0].contains("a workbook, not CSV"));
    }

    #[test]
    fn an_open_quotation_mark_swallows_nothing() {
        let open = "close the quotation mark in this row, or double it within a cell";
        assert_eq!(
            read(b"a,b\n1,\"2\n3,4\n"),
            [
                "1 a|b",
                &format!("lines, row 2: a cell is opened by a quotation mark that nothing closes; {open}")
            ]
        );
        let long = format!("a,b\n1,\"{}\n\",2\n", "x\n".repeat(3_000));
        assert_eq!(
            read(long.as_bytes())[1],
            format!("lines, row 2: the row has more than 5000 bytes; {open}")
        );
        // A quotation mark within a cell that has none at its beginning stands for itself.
        assert_eq!(read(b"a,b\n5\" gun,1"), ["1 a|b", "2 5\" gun|1"]);
    }

    #[test]
    fn an_apostrophe_before_a_formula_is_taken_away_once() {
        assert_eq!(read(b"a,b\n'=1,=1\n''-,'tis\n"), ["1 a|b", "2 =1|=1", "3 '-|'tis"]);
    }

    #[test]
    fn long_rows_are_read_whole() {
        let wide: Vec<String> = (0..700).map(|n| n.to_string()).collect();
        let text = format!("{}\n", wide.join(","));
        assert_eq!(read(text.as_bytes()), [format!("1 {}", wide.join("|"))]);
    }
}
