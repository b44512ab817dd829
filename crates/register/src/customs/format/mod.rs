//! The files of the exchange, as `docs/customs-exchange.md` describes them: comma-separated records in UTF-8, the first with
//! what the file is, the last with how many stand between and with a hash over all before it.
//!
//! Reading is whole or refused, with the place of the slip: the line of the file, the column and its name.

mod read;
mod write;

pub use read::{ReplyFile, UsageFile, read_licence_reply, read_usage_data, text_of};
pub use write::{licence_data, sealed, usage_reply};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::money::{Money, Quantity, Unit};
use crate::payment::schedule::words;

/// The version of the format.
pub const VERSION: &str = "1";

/// Bytes of a file at most.
pub const MOST_BYTES: usize = 4 << 20;

/// Rows of a file that comes in at most.
pub const MOST_ROWS: usize = 5_000;

/// Letters of a field at most.
const LONGEST: usize = 500;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Out: licences that are new, changed, stopped or at an end.
    LicenceData,
    /// In: what customs took of it.
    LicenceReply,
    /// In: what went under licences.
    UsageData,
    /// Out: what was written off of it.
    UsageReply,
}

words! { FileKind, "a kind of file", "customs.kind",
    LicenceData = "licence_data", "licence data";
    LicenceReply = "licence_reply", "licence reply";
    UsageData = "usage_data", "usage data";
    UsageReply = "usage_reply", "usage reply";
}

/// Columns of the first record of every file.
pub const HEAD: [&str; 6] = ["record", "version", "kind", "run", "made_at", "records"];

/// Columns of the last record of every file.
pub const END: [&str; 3] = ["record", "records", "sha256"];

/// Columns of a licence.
pub const LICENCE: [&str; 11] = [
    "record",
    "licence",
    "action",
    "kind",
    "holder",
    "holder_name",
    "destination",
    "valid_from",
    "valid_until",
    "currency",
    "lines",
];

/// Columns of a line of the licence before it.
pub const LINE: [&str; 10] = [
    "record",
    "licence",
    "line",
    "category",
    "description",
    "unit",
    "granted",
    "left",
    "granted_value",
    "left_value",
];

/// Columns of what customs answer to a licence.
pub const ANSWER: [&str; 5] = ["record", "licence", "result", "code", "text"];

/// Columns of what went under a licence.
pub const USAGE: [&str; 11] = [
    "record",
    "licence",
    "line",
    "declaration",
    "item",
    "day",
    "quantity",
    "unit",
    "value",
    "currency",
    "delivery",
];

/// Columns of what became of a row of usage data.
pub const OUTCOME: [&str; 9] =
    ["record", "row", "licence", "line", "declaration", "item", "result", "code", "text"];

/// What customs are to do about a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is told for the first time.
    New,
    /// It is as it is told now.
    Update,
    /// Nothing goes under it until it is told otherwise.
    Stop,
    /// Nothing goes under it any more.
    End,
}

words! { Action, "an action", "customs.action",
    New = "new", "new";
    Update = "update", "update";
    Stop = "stop", "stop";
    End = "end", "end";
}

/// A row of usage data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageRow {
    /// The line of the file on which it stands, from 1.
    pub row: u32,
    /// Number of the licence.
    pub licence: String,
    /// Number of its line.
    pub line: u32,
    /// Number of the customs declaration.
    pub declaration: String,
    /// Item of the declaration, from 1.
    pub item: u32,
    /// The day on which the goods went.
    pub on: Date,
    /// How much went.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// What it was worth.
    pub value: Money,
    /// Number of the delivery, where customs know it.
    pub delivery: Option<String>,
}

impl UsageRow {
    /// What tells the write-off from all others of the licence. An item is a number, so that no two declarations share one.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.declaration, self.item)
    }
}

/// A row of a licence reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyRow {
    /// The line of the file on which it stands, from 1.
    pub row: u32,
    /// Number of the licence.
    pub licence: String,
    /// Why customs did not take it: their code and their words; none where they did.
    pub rejected: Option<(String, String)>,
}
