//! Lists of those under measures, in the forms in which they are published.
//!
//! A reader takes bytes and gives entities, all of them or a fault with its place. It follows no reference, knows no
//! document type, and holds no more than one record beside what it gives.

mod csv;
pub mod delta;
mod follow_the_money;
mod ofac;
mod un;
mod xml;

use crate::entity::Entity;

/// Why a list could not be read. Nothing of it is given then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct ListFault {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// What is wrong, and what is needed.
    pub reason: String,
}

/// An edition of a list, as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    /// The date that the publisher gives it, as it is written there.
    pub dated: Option<String>,
    /// The entries.
    pub entries: Vec<Entity>,
}

/// The forms that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// The Consolidated List of the United Nations Security Council, XML.
    Un,
    /// The lists of OFAC, XML.
    OfacXml,
    /// The list of specially designated nationals of OFAC, CSV (`sdn.csv`).
    OfacCsv,
    /// Entities of FollowTheMoney, a JSON object a line.
    FollowTheMoney,
    /// A list of one's own: CSV whose columns are properties of FollowTheMoney.
    Csv,
}

/// Bytes of a list beyond which it is not read.
pub const LARGEST: u64 = 4 << 30;

/// Bytes of one record beyond which a list is refused.
pub const LARGEST_RECORD: usize = 16 << 20;

impl Form {
    /// The form of some bytes, by how they begin.
    pub fn of(bytes: &[u8]) -> Form {
        let start = &bytes[..bytes.len().min(4_096)];
        let text = String::from_utf8_lossy(start);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if text.starts_with('{') {
            Form::FollowTheMoney
        } else if text.contains("<CONSOLIDATED_LIST") {
            Form::Un
        } else if text.starts_with('<') {
            Form::OfacXml
        } else if text.contains("-0- ") {
            Form::OfacCsv
        } else {
            Form::Csv
        }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`ListFault`] with the place; then nothing of the list is to be used.
    pub fn read(self, bytes: &[u8]) -> Result<Edition, ListFault> {
        let edition = match self {
            Form::Un => un::read(bytes),
            Form::OfacXml => ofac::read_xml(bytes),
            Form::OfacCsv => ofac::read_csv(bytes),
            Form::FollowTheMoney => follow_the_money::read(bytes),
            Form::Csv => csv::read(bytes),
        }?;
        if edition.entries.is_empty() {
            return Err(ListFault { line: 1, column: 1, reason: "the list holds no entry".to_owned() });
        }
        Ok(edition)
    }
}

/// Reads the parties that are to be screened, by the same rules: CSV, or a JSON object a line.
///
/// # Errors
/// [`ListFault`] with the place.
pub fn read_parties(bytes: &[u8]) -> Result<Vec<Entity>, ListFault> {
    let edition = match Form::of(bytes) {
        Form::FollowTheMoney => follow_the_money::read_all(bytes)?,
        _ => csv::read(bytes)?,
    };
    Ok(edition.entries)
}

/// The place of a byte.
fn place(bytes: &[u8], at: usize) -> (u64, u64) {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() as u64 + 1)
}

fn fault(bytes: &[u8], at: usize, reason: impl Into<String>) -> ListFault {
    let (line, column) = place(bytes, at);
    ListFault { line, column, reason: reason.into() }
}

/// The text of some bytes, or where they are no UTF-8.
fn utf8(bytes: &[u8]) -> Result<&str, ListFault> {
    std::str::from_utf8(bytes).map_err(|error| {
        fault(
            bytes,
            error.valid_up_to(),
            "a byte that is not UTF-8: the file is damaged or in another encoding",
        )
    })
}
