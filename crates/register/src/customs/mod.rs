//! The exchange of files with customs: what licences there are goes out, what went under them comes in.
//!
//! Every file is a run with a number. In each direction the numbers have no holes: a file that leaves one is refused with the
//! number that is awaited, the same file again changes nothing, and another file under a number that was used is refused. A
//! file is taken whole or not at all; what its rows say is then judged one by one, by the licence’s own rule. What is refused
//! is a discrepancy, which an officer closes.
//!
//! | module | what |
//! |---|---|
//! | [`format`] | the files: their records and columns, read with the place of every slip, and written |
//! | [`exchange`] | up to which marking customs are told |
//! | [`run`] | one file out or in, and what came of it |
//! | [`discrepancy`] | what customs say and the register does not take, until an officer closes it |

pub mod discrepancy;
pub mod exchange;
pub mod format;
pub mod run;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;

use crate::access::CommandKind;
use crate::document::Document;
use crate::label::Label;

/// A change of the exchange with customs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum CustomsCommand {
    /// Says up to which marking customs are told.
    Clear {
        /// The day.
        on: Date,
        /// The highest marking of what they are told.
        marking: Label,
        /// Why.
        reason: String,
        /// The paper.
        document: Document,
    },
    /// Writes the next run of licence data.
    Export,
    /// Brings in what customs answer to a run of licence data.
    Reply {
        /// The file.
        file: String,
    },
    /// Brings in what went under licences.
    Usage {
        /// The file.
        file: String,
    },
}

impl CustomsCommand {
    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            CustomsCommand::Clear { .. } => CommandKind::CustomsClear,
            CustomsCommand::Export => CommandKind::CustomsExport,
            CustomsCommand::Reply { .. } => CommandKind::CustomsReply,
            CustomsCommand::Usage { .. } => CommandKind::CustomsUsage,
        }
    }
}

/// What is told outside of why a row was refused: what customs can put right, and nothing of what is thought inside.
pub fn told<'a>(code: &'a str, words: &'a str) -> (&'a str, &'a str) {
    const OPEN: [&str; 13] = [
        "licence.over_quantity",
        "licence.over_value",
        "licence.validity",
        "licence.line",
        "licence.reference",
        "licence.delivery",
        "licence.condition",
        "not_found",
        "date.in_future",
        "date.out_of_range",
        "quantity.not_whole",
        "customs.unit",
        "state",
    ];
    if OPEN.contains(&code) {
        return (code, words);
    }
    ("licence.held", "Goods may not go under this licence at present. The licensing authority has been told.")
}
