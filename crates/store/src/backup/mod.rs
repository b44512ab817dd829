//! Backup: one consistent state of the register in one file, made while others work,
//! and put back into an empty database of either kind.
//!
//! A backup holds the facts (events, the chain's head, checkpoints, documents) and what
//! stands beside them (settings, passwords' and keys' hashes, the log of reads). It
//! holds no session and no failure of a sign-in, and no view: views are rebuilt from
//! the events. Since its rows are those of neither database, it is also the road from
//! SQLite to PostgreSQL and back. [`file`] says what the file looks like.
//!
//! **Invariant:** nothing is written into a database before the whole file was read
//! once and its digest was right, and nothing is kept before the chain, its head and
//! every row's shape were too.

mod file;
mod restore;
mod save;
mod table;

use std::io;
use std::sync::Arc;

use entente_register::ledger::Refusal;

use crate::error::{Fault, FaultKind};

/// Hears how far a backup or a restoring is: what is done, steps done, and steps in all.
pub type BackupProgress = Arc<dyn Fn(BackupStep, u64, u64) + Send + Sync>;

/// What a backup or a restoring does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BackupStep {
    /// Writes the file.
    Saving,
    /// Reads the file for the first time, to see that it is whole.
    Checking,
    /// Writes the rows into the database.
    Restoring,
    /// Makes the views from the events.
    Rebuilding,
}

/// What was saved or restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Events, which is also the place of the last one in the ledger.
    pub events: i64,
    /// Hash of the last event, hexadecimal.
    pub head: String,
    /// Rows of all tables.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// When it was made, in UTC.
    pub made_at: String,
}

/// A fault of the file system.
fn io_fault(doing: &str, error: &io::Error) -> Fault {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FaultKind::DiskFull,
        _ => FaultKind::Internal,
    };
    Fault { kind, doing: doing.to_owned(), cause: error.to_string() }
}

/// The file is no backup, or not a whole one.
fn malformed(why: impl Into<String>) -> Refusal {
    Refusal::new("backup.malformed", format!("This is not a whole backup: {}.", why.into()))
        .field("file")
        .missing("a file that `entente backup` wrote, unchanged")
}
