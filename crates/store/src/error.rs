//! The two things that cross this crate's border beside a result: the domain says no, or we broke.

use std::fmt;

use entente_register::ledger::Refusal;

/// Why an operation of the store did not give its result.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The domain says no.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// The store could not do its work.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A result of the store.
pub type Outcome<T> = Result<T, Error>;

/// What broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The database cannot be reached, or is busy with a long write: try again.
    Unavailable,
    /// There is no room left on the disk.
    DiskFull,
    /// The stored data is not what this program wrote.
    Damaged,
    /// Anything else.
    Internal,
}

/// We broke; nothing of the operation was kept.
#[derive(Debug)]
pub struct Fault {
    /// What sort.
    pub kind: FaultKind,
    /// What was being done, without names or content of the register.
    pub doing: String,
    /// The cause, for the log.
    pub cause: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            FaultKind::Unavailable => "the database is not available",
            FaultKind::DiskFull => "the disk is full",
            FaultKind::Damaged => "the stored data is damaged",
            FaultKind::Internal => "an internal fault",
        };
        write!(f, "{kind} while {}: {}", self.doing, self.cause)
    }
}

impl std::error::Error for Fault {}

impl Fault {
    /// A fault of stored data.
    pub fn damaged(doing: impl Into<String>, cause: impl fmt::Display) -> Fault {
        Fault { kind: FaultKind::Damaged, doing: doing.into(), cause: cause.to_string() }
    }

    /// A fault that is nobody's data's.
    pub fn internal(doing: impl Into<String>, cause: impl fmt::Display) -> Fault {
        Fault { kind: FaultKind::Internal, doing: doing.into(), cause: cause.to_string() }
    }

    /// A fault of the database.
    pub(crate) fn database(doing: &str, error: &sqlx::Error) -> Fault {
        let kind = match error {
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => FaultKind::Unavailable,
            sqlx::Error::Database(inner) => match inner.code().as_deref() {
                // SQLITE_BUSY, SQLITE_LOCKED and their extended forms; SQLITE_CANTOPEN.
                Some("5" | "6" | "261" | "517" | "14") => FaultKind::Unavailable,
                // SQLITE_FULL; PostgreSQL disk_full.
                Some("13" | "53100") => FaultKind::DiskFull,
                // SQLITE_CORRUPT, SQLITE_NOTADB; PostgreSQL data_corrupted.
                Some("11" | "26" | "XX001") => FaultKind::Damaged,
                // PostgreSQL: connection exceptions, shutdown, start-up, serialisation, too many connections.
                Some(code)
                    if code.starts_with("08")
                        || code.starts_with("57P")
                        || code == "53300"
                        || code == "40001" =>
                {
                    FaultKind::Unavailable
                }
                _ => FaultKind::Internal,
            },
            _ => FaultKind::Internal,
        };
        Fault { kind, doing: doing.to_owned(), cause: error.to_string() }
    }
}
