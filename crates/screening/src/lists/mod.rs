//! Lists of those under measures, in the forms in which they are published.
//!
//! A reader takes bytes and gives entities, all of them or a fault with its place. It follows no reference, knows no
//! document type, and holds no more than one record beside what it gives. [`limits`] says how much it takes.

pub mod delta;
mod eu;
mod follow_the_money;
pub mod limits;
mod ofac;
mod own;
mod set;
mod table;
mod uk;
mod un;
mod written;
mod xml;

pub use follow_the_money::{apply, read_entity, read_nameless};
pub use limits::{LARGEST, LARGEST_RECORD};
pub use own::{COLUMNS, party, template};
pub use set::read_set;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// The Consolidated List of the United Nations Security Council, XML.
    Un,
    /// The lists of OFAC, XML.
    OfacXml,
    /// The lists of OFAC, advanced XML.
    OfacAdvanced,
    /// The list of specially designated nationals of OFAC, CSV (`sdn.csv`); with its further files by [`read_set`].
    OfacCsv,
    /// The consolidated list of financial sanctions of the European Union, XML 1.1.
    Eu,
    /// The UK sanctions list, XML.
    UkXml,
    /// The UK sanctions list, or the consolidated list of OFSI, CSV.
    UkCsv,
    /// Entities of FollowTheMoney, a JSON object a line.
    FollowTheMoney,
    /// What changed between two editions of FollowTheMoney: no list, but to be applied to one by [`apply`].
    FollowTheMoneyDelta,
    /// A list of one's own: CSV whose columns are properties of FollowTheMoney, see [`COLUMNS`].
    Csv,
    /// A ZIP archive of files of these forms.
    Zip,
}

impl Form {
    /// All forms.
    pub const ALL: [Form; 11] = [
        Form::Un,
        Form::OfacXml,
        Form::OfacAdvanced,
        Form::OfacCsv,
        Form::Eu,
        Form::UkXml,
        Form::UkCsv,
        Form::FollowTheMoney,
        Form::FollowTheMoneyDelta,
        Form::Csv,
        Form::Zip,
    ];

    /// The form of some bytes, by how they begin.
    pub fn of(bytes: &[u8]) -> Form {
        if bytes.starts_with(b"PK\x03\x04") {
            return Form::Zip;
        }
        let start = &bytes[..bytes.len().min(4_096)];
        let text = String::from_utf8_lossy(start);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        if follow_the_money::is_delta(text) {
            Form::FollowTheMoneyDelta
        } else if text.starts_with('{') {
            Form::FollowTheMoney
        } else if text.starts_with('<') {
            match xml::root(text) {
                "CONSOLIDATED_LIST" => Form::Un,
                "export" => Form::Eu,
                "Designations" => Form::UkXml,
                "Sanctions" => Form::OfacAdvanced,
                _ => Form::OfacXml,
            }
        } else if text.contains("-0- ") {
            Form::OfacCsv
        } else if uk::table::is_ours(text) {
            Form::UkCsv
        } else {
            Form::Csv
        }
    }

    /// Reads a list.
    ///
    /// # Errors
    /// [`ListFault`] with the place; then nothing of the list is to be used.
    pub fn read(self, bytes: &[u8]) -> Result<Edition, ListFault> {
        let whole = |reason: &str| ListFault { line: 1, column: 1, reason: reason.to_owned() };
        if bytes.len() as u64 > LARGEST {
            return Err(whole("a list of more than 4 GiB"));
        }
        let edition = match self {
            Form::Un => un::read(bytes),
            Form::OfacXml => ofac::xml::read(bytes),
            Form::OfacAdvanced => ofac::advanced::read(bytes),
            Form::OfacCsv => ofac::table::read(bytes),
            Form::Eu => eu::read(bytes),
            Form::UkXml => uk::xml::read(bytes),
            Form::UkCsv => uk::table::read(bytes),
            Form::FollowTheMoney => follow_the_money::read(bytes),
            Form::FollowTheMoneyDelta => {
                Err(whole("changes between two editions, which are no list: the whole edition is needed"))
            }
            Form::Csv => own::read(bytes),
            Form::Zip => read_set(&[("", bytes)]),
        }?;
        if edition.entries.is_empty() {
            return Err(whole("the list holds no entry"));
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
        _ => own::read_parties(bytes)?,
    };
    Ok(edition.entries)
}

/// Keeps an entry that is within the limits.
fn keep(entries: &mut Vec<Entity>, entity: Entity) -> Result<(), String> {
    limits::check(&entity)?;
    if entries.len() >= limits::MOST_ENTRIES {
        return Err(format!("a list of more than {} entries", limits::MOST_ENTRIES));
    }
    entries.push(entity);
    Ok(())
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
