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
#[derive(Debug, Clone)]
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
                        // lock_not_available: another writer takes too long.
                        || code == "55P03"
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use entente_register::access::Actor;
    use entente_register::command::Command;
    use entente_register::label::Clearance;
    use entente_register::partner::PartnerCommand;

    use super::*;
    use crate::{ManualClock, Store, StoreOptions, VerifyOptions, silent};

    fn partner(number: u32) -> Command {
        let letter = |place: u32| char::from(b'A' + u8::try_from(number / 26_u32.pow(place) % 26).unwrap());
        let code: String = (0..3).rev().map(letter).collect();
        Command::Partner(PartnerCommand::Register { code, name: "A partner with a longer name".repeat(3) })
    }

    /// SQLite says "full" where the file may not grow, as it does where the disk is full.
    #[test]
    fn a_full_disk_is_told_loses_nothing_and_may_be_freed() {
        entente_testing::block_on(async {
            let database = entente_testing::sqlite();
            let clock = Arc::new(ManualClock::at("2012-09-30T12:00:00Z".parse().unwrap()));
            let options = StoreOptions { clock, entropy: Arc::new(crate::Entropy::seeded(1)) };
            let store = Store::open(&database.url().parse().unwrap(), options).await.unwrap();
            let operator = Actor::operator(Clearance::full());
            store.execute(&operator, Command::Found { purpose: "register".into() }).await.unwrap();
            let limit = async |pages: u32| {
                let crate::database::Database::Sqlite { writer, .. } = &store.database else {
                    unreachable!()
                };
                let sql = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
                sqlx::raw_sql(sql).execute(writer).await.unwrap();
            };
            limit(120).await;
            let mut number = 0;
            let told = loop {
                match store.execute(&operator, partner(number)).await {
                    Ok(_) => number += 1,
                    Err(Error::Fault(fault)) => break fault,
                    Err(Error::Refusal(refusal)) => panic!("{refusal:?}"),
                }
                assert!(number < 5000, "the disk is never full");
            };
            assert_eq!(told.kind, FaultKind::DiskFull, "{told}");
            // It stays full, and a batch is no way around it. (The limit is the connection's, which is replaced.)
            drop(store.batch().await.unwrap());
            limit(120).await;
            let mut batch = store.batch().await.unwrap();
            let outcome = async {
                for more in 0..200 {
                    batch.execute(&operator, partner(number + more)).await?;
                }
                batch.commit().await
            };
            let Err(Error::Fault(told)) = outcome.await else { panic!("the disk is full") };
            assert_eq!(told.kind, FaultKind::DiskFull, "{told}");
            let deep = VerifyOptions { deep: true, ..Default::default() };
            let found = store.verify(&deep, silent()).await.unwrap();
            assert_eq!((found.events, found.first_bad), (i64::from(number) + 1, None));
            // Room again: the same store goes on.
            limit(100_000).await;
            let receipt = store.execute(&operator, partner(number)).await.unwrap();
            assert_eq!(receipt.sequence, i64::from(number) + 2);
            let found = store.verify(&deep, silent()).await.unwrap();
            assert_eq!((found.events, found.first_bad), (receipt.sequence, None));
        });
    }
}
