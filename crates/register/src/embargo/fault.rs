//! What is wrong with a rule file, by its place.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::Spanned;
use toml::value::Datetime;

use super::file::{Edge, date, instant};
use crate::ledger::Refusal;

/// Longest identifier.
const LONGEST_ID: usize = 64;

/// A file, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'t> {
    /// As it is named to people.
    pub name: &'t str,
    /// What it says.
    pub text: &'t str,
}

/// What is wrong with a file, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileFault {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The field, with what it belongs to.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub missing: String,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, line {}, column {}: {}: {}",
            self.file, self.line, self.column, self.field, self.message
        )
    }
}

impl From<FileFault> for Refusal {
    fn from(fault: FileFault) -> Refusal {
        Refusal::new("embargo.file", fault.to_string()).field(fault.field).missing(fault.missing)
    }
}

pub(super) fn placed(text: &Text<'_>, start: usize, field: &str, message: &str, missing: &str) -> FileFault {
    let before = text.text.get(..start).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    FileFault {
        file: text.name.to_owned(),
        line,
        column,
        field: field.to_owned(),
        message: message.trim_end_matches('\n').replace('\n', "; "),
        missing: missing.to_owned(),
    }
}

/// Where something is read, and where its faults go.
pub(super) struct At<'a> {
    text: &'a Text<'a>,
    faults: &'a mut Vec<FileFault>,
    what: String,
    /// Where the identifier stands.
    pub(super) start: usize,
}

impl<'a> At<'a> {
    pub(super) fn new(
        text: &'a Text<'a>,
        faults: &'a mut Vec<FileFault>,
        kind: &str,
        id: &Spanned<String>,
    ) -> At<'a> {
        let start = id.span().start;
        At { text, faults, what: format!("{kind} {}", id.get_ref()), start }
    }

    pub(super) fn fault(
        &mut self,
        start: usize,
        field: &str,
        message: impl AsRef<str>,
        missing: impl AsRef<str>,
    ) {
        let field = format!("{}, {field}", self.what);
        self.faults.push(placed(self.text, start, &field, message.as_ref(), missing.as_ref()));
    }

    pub(super) fn words(&mut self, field: &str, text: &Spanned<String>) -> String {
        if text.get_ref().trim().is_empty() {
            self.fault(text.span().start, field, "It is empty", "words");
        }
        self.plain(field, text.get_ref(), text.span().start);
        text.get_ref().trim().to_owned()
    }

    /// Text that is printed holds nothing that a terminal would obey.
    pub(super) fn plain(&mut self, field: &str, text: &str, start: usize) {
        if text.chars().any(char::is_control) {
            self.fault(
                start,
                field,
                "It holds a line break or another control character",
                "words on one line",
            );
        }
    }

    pub(super) fn id(&mut self, text: &Spanned<String>) -> String {
        let id = text.get_ref();
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(fits) {
            self.fault(
                text.span().start,
                "id",
                format!("{id:?} is no identifier"),
                "up to 64 letters, digits, - and _",
            );
        }
        id.clone()
    }

    pub(super) fn instant(
        &mut self,
        field: &str,
        datum: &Spanned<Datetime>,
        zone: &TimeZone,
        edge: Edge,
    ) -> Timestamp {
        instant(datum.get_ref(), zone, edge).unwrap_or_else(|| {
            let missing = "a date, for example 2010-06-09, or a date and time with its offset, for example 2025-09-27T20:00:00-04:00";
            self.fault(datum.span().start, field, format!("{} is no instant", datum.get_ref()), missing);
            Timestamp::UNIX_EPOCH
        })
    }

    pub(super) fn date(&mut self, field: &str, datum: &Spanned<Datetime>) -> Date {
        date(datum.get_ref()).unwrap_or_else(|| {
            let message = format!("{} is no day", datum.get_ref());
            self.fault(datum.span().start, field, message, "a date, for example 2026-05-31");
            Date::ZERO
        })
    }

    pub(super) fn state(&mut self, field: &str, code: &str, start: usize) {
        if rust_iso3166::from_alpha3(code).is_none() {
            let missing = "an ISO 3166-1 code of three capital letters, for example BRA";
            self.fault(start, field, format!("{code:?} is the code of no state"), missing);
        }
    }

    pub(super) fn states(&mut self, field: &str, codes: &[Spanned<String>]) -> BTreeSet<String> {
        for code in codes {
            self.state(field, code.get_ref(), code.span().start);
        }
        codes.iter().map(|code| code.get_ref().clone()).collect()
    }

    pub(super) fn in_order(&mut self, field: &str, start: usize, from: Timestamp, until: Timestamp) {
        if until <= from {
            self.fault(start, field, format!("{until} is not after {from}"), "an end after its beginning");
        }
    }
}
