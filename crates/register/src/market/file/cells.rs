//! Cells of a table of text, each with its place.

use std::borrow::Cow;

use csv::{ReaderBuilder, StringRecord};

use super::{MOST_ROWS, refused};
use crate::ledger::{Fallible, Refusal};

/// Longest text of a cell, in characters. Comments of the trade register have some hundred.
const LONGEST: usize = 4_000;

/// The text of a file in UTF-8, or else in Latin-1, in which every byte is a letter.
pub(super) fn latin(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// The text of a file in UTF-8.
///
/// # Errors
/// `statistic.encoding`, naming the line.
pub(super) fn unicode(bytes: &[u8]) -> Fallible<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            Err(refused("statistic.encoding", format!("Line {line}: the file is not in UTF-8."))
                .missing("the file as its publisher wrote it"))
        }
    }
}

/// A stretch of a file that is a table: where it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// Offset of its first byte.
    pub(super) offset: usize,
    /// Lines before it.
    pub(super) lines: u64,
}

/// The first line that begins a table.
pub(super) fn find_line(text: &str, is_it: impl Fn(&str) -> bool) -> Option<Found> {
    let mut offset = 0;
    for (lines, line) in (0_u64..).zip(text.split_inclusive('\n')) {
        if is_it(line.trim_end()) {
            return Some(Found { offset, lines });
        }
        offset += line.len();
    }
    None
}

/// A row of a table.
pub(super) struct Row {
    record: StringRecord,
    /// Its line in the file, from 1.
    line: u64,
}

/// A table with its columns.
pub(super) struct Sheet {
    pub(super) header: Row,
    pub(super) rows: Vec<Row>,
}

impl Sheet {
    /// Reads all rows of the table that begins there.
    ///
    /// # Errors
    /// `statistic.malformed` for what is no CSV; `statistic.too_many` for more rows than are taken.
    pub(super) fn read(text: &str, from: Found) -> Fallible<Sheet> {
        let body = text.get(from.offset..).unwrap_or_default();
        let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(body.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line) + from.lines;
                refused("statistic.malformed", format!("Line {line}: this is no row of a table."))
                    .missing("the file as its publisher wrote it")
            })?;
            let line = record.position().map_or(0, csv::Position::line) + from.lines;
            if rows.len() > MOST_ROWS {
                return Err(refused(
                    "statistic.too_many",
                    format!("Line {line}: the file has more than {MOST_ROWS} rows."),
                )
                .missing("a table of fewer rows"));
            }
            rows.push(Row { record, line });
        }
        if rows.is_empty() {
            return Err(refused("statistic.malformed", "The file has no table.")
                .missing("the file as its publisher wrote it"));
        }
        let header = rows.remove(0);
        Ok(Sheet { header, rows })
    }

    /// The place of a column.
    ///
    /// # Errors
    /// `statistic.column`, naming it.
    pub(super) fn column(&self, name: &str) -> Fallible<usize> {
        self.header.record.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name)).ok_or_else(|| {
            refused("statistic.column", format!("Line {}: there is no column {name:?}.", self.header.line))
                .missing(format!("a column {name:?}, as its publisher writes it"))
        })
    }

    /// A slip in a cell, with its place.
    pub(super) fn slip(
        &self,
        row: &Row,
        column: usize,
        why: impl Into<String>,
        missing: impl Into<String>,
    ) -> Refusal {
        let name: String = self.header.get(column).chars().take(60).collect();
        let name = if name.is_empty() { String::new() } else { format!(" ({name})") };
        refused(
            "statistic.malformed",
            format!("Line {}, column {}{name}: {}", row.line, column + 1, why.into()),
        )
        .missing(missing)
    }

    /// A text that is there.
    ///
    /// # Errors
    /// `statistic.malformed`, naming line and column.
    pub(super) fn text<'r>(&self, row: &'r Row, column: usize) -> Fallible<&'r str> {
        let text = self.note(row, column)?;
        if text.is_empty() {
            return Err(self.slip(row, column, "the cell is empty.", "a text"));
        }
        Ok(text)
    }

    /// A text that may be wanting.
    ///
    /// # Errors
    /// `statistic.malformed`, naming line and column.
    pub(super) fn note<'r>(&self, row: &'r Row, column: usize) -> Fallible<&'r str> {
        let text = row.get(column);
        if text.chars().count() > LONGEST {
            return Err(self.slip(
                row,
                column,
                "the text is too long.",
                format!("at most {LONGEST} letters"),
            ));
        }
        if text.chars().any(char::is_control) {
            return Err(self.slip(
                row,
                column,
                "the text holds control characters.",
                "plain text on one line",
            ));
        }
        Ok(text)
    }
}

impl Row {
    /// What stands in a column, without blanks around it; nothing where the row ends before it.
    pub(super) fn get(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.record.len()
    }

    /// Its cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        self.record.iter().map(str::trim)
    }
}

/// A year of a statistic.
pub(super) fn year(text: &str) -> Option<i16> {
    if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok().filter(|year| (1900..=2100).contains(year))
}

/// A short piece of a cell for a message.
pub(super) fn shown(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    format!("{short:?}")
}
