//! Opening either database, and its transactions.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Postgres, Sqlite, Transaction};

use entente_register::ledger::Refusal;

use super::transaction::{Inner, ReadTransaction, WriteTransaction};
use super::{Connection, Direct};
use crate::error::{Error, Fault, Outcome};

/// Where a register is kept: `sqlite:PATH` or `postgres://…`.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(PathBuf),
    /// A server, by its URL.
    Postgres(String),
}

impl FromStr for DatabaseUrl {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<DatabaseUrl, Refusal> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if !path.is_empty() && !path.contains('?') {
                return Ok(DatabaseUrl::Sqlite(PathBuf::from(path)));
            }
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(text.to_owned()));
        }
        Err(Refusal::new("database.malformed", "The database address is not known.")
            .field("database")
            .missing("sqlite:PATH or postgres://USER@HOST/NAME"))
    }
}

impl fmt::Debug for DatabaseUrl {
    /// Without the password that a server's URL may hold, before its host or among its parameters: of
    /// these only those are written that say which database it is.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", ""));
                let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
                let place = place.rsplit_once('@').map_or(place, |(_, host)| host);
                write!(f, "{scheme}://{place}")?;
                let names = ["host", "hostaddr", "port", "dbname"];
                let telling = query
                    .split('&')
                    .filter(|pair| pair.split_once('=').is_some_and(|(name, _)| names.contains(&name)));
                for (position, pair) in telling.enumerate() {
                    write!(f, "{}{pair}", if position == 0 { '?' } else { '&' })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// Open pools.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    /// One writer, and readers that cannot write.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Read-only connections.
        readers: SqlitePool,
    },
    /// Two pools: whoever waits for the ledger's lock keeps a connection meanwhile, and in one pool with
    /// the others would leave none to those who read, sign in, or have their reading logged.
    Postgres {
        /// Connections that record events.
        recorders: PgPool,
        /// All others.
        others: PgPool,
    },
}

/// How long a statement waits for another process's write on SQLite, and a request for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a writer waits for another one of the same register.
const WRITERS_PATIENCE: Duration = Duration::from_secs(30);
const WRITERS_PATIENCE_TEXT: &str = "30s";

/// Rows that may wait between SQLite's thread and the reader.
const ROWS_AT_ONCE: usize = 1_024;

impl Database {
    /// Opens the pools; a missing SQLite file is created with its folder.
    pub(crate) async fn open(url: &DatabaseUrl) -> Outcome<Database> {
        match url {
            DatabaseUrl::Sqlite(path) => Database::open_sqlite(path).await,
            DatabaseUrl::Postgres(url) => {
                let options: PgConnectOptions = url.parse().map_err(|_| {
                    Error::Refusal(
                        Refusal::new("database.malformed", "The PostgreSQL address cannot be read.")
                            .field("database")
                            .missing("postgres://USER@HOST/NAME"),
                    )
                })?;
                // A writer waits for another one as long as it does on SQLite.
                let options = options.options([("lock_timeout", WRITERS_PATIENCE_TEXT)]);
                let open = async |most, patience| {
                    PgPoolOptions::new()
                        .max_connections(most)
                        .acquire_timeout(patience)
                        .connect_with(options.clone())
                        .await
                        .map_err(|e| Fault::database("connecting to PostgreSQL", &e))
                };
                let others = open(12, PATIENCE).await?;
                let recorders = open(4, WRITERS_PATIENCE).await?;
                Ok(Database::Postgres { recorders, others })
            }
        }
    }

    async fn open_sqlite(path: &Path) -> Outcome<Database> {
        if let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder)
                .map_err(|e| Fault::internal(format!("creating the folder {}", folder.display()), e))?;
        }
        make_private(path);
        let common = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(PATIENCE)
            .foreign_keys(false)
            .statement_cache_capacity(256)
            // Rows cross from SQLite's thread in groups: one by one, each would wake the reader.
            .row_buffer_size(ROWS_AT_ONCE)
            // 64 MiB of pages a connection, and reads through the page cache of the machine.
            .pragma("cache_size", "-65536")
            .pragma("mmap_size", "1073741824")
            .pragma("temp_store", "memory");
        // A committed fact survives a power cut: FULL, also in WAL.
        // The indices of a big register grow at random places: what a batch changes should stay in memory until it
        // is committed, so that each page is written once.
        let writing = common
            .clone()
            .pragma("cache_size", "-262144")
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WRITERS_PATIENCE)
            .connect_with(writing)
            .await
            .map_err(|e| Fault::database("opening the SQLite file", &e))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(PATIENCE)
            .connect_with(common.read_only(true))
            .await
            .map_err(|e| Fault::database("opening the SQLite file for reading", &e))?;
        Ok(Database::Sqlite { writer, readers })
    }

    /// A database of its own in a temporary file that nobody else sees and that goes with it.
    pub(crate) async fn temporary() -> Result<Database, Fault> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            // The file is the connection's: another one would see another database.
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(
                SqliteConnectOptions::new()
                    .filename("")
                    .journal_mode(SqliteJournalMode::Off)
                    .synchronous(SqliteSynchronous::Off)
                    .pragma("cache_size", "-65536"),
            )
            .await
            .map_err(|e| Fault::database("making a temporary database", &e))?;
        Ok(Database::Sqlite { writer: pool.clone(), readers: pool })
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once.
    pub(crate) async fn write(&self) -> Result<WriteTransaction, Fault> {
        let fault = |e: sqlx::Error| Fault::database("beginning to write", &e);
        Ok(WriteTransaction::new(match self {
            Database::Sqlite { writer, .. } => Inner::Sqlite(begin_sqlite(writer).await.map_err(fault)?),
            Database::Postgres { others, .. } => {
                Inner::Postgres(begin_postgres(others, "BEGIN").await.map_err(fault)?)
            }
        }))
    }

    /// Begins a transaction that records events, and will wait for the ledger's lock.
    pub(crate) async fn record(&self) -> Result<WriteTransaction, Fault> {
        match self {
            Database::Sqlite { .. } => Ok(self.write().await?.beside(self)),
            Database::Postgres { recorders, .. } => {
                let begun = begin_postgres(recorders, "BEGIN").await;
                let begun = begun.map_err(|e| Fault::database("beginning to record", &e))?;
                Ok(WriteTransaction::new(Inner::Postgres(begun)).beside(self))
            }
        }
    }

    /// Begins a transaction that reads one unchanging state.
    pub(crate) async fn read(&self) -> Result<ReadTransaction, Fault> {
        let fault = |e: sqlx::Error| Fault::database("beginning to read", &e);
        Ok(ReadTransaction(match self {
            Database::Sqlite { readers, .. } => Inner::Sqlite(readers.begin().await.map_err(fault)?),
            Database::Postgres { others, .. } => Inner::Postgres(
                begin_postgres(others, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await
                    .map_err(fault)?,
            ),
        }))
    }

    /// Closes the pools; SQLite then folds its write-ahead log into the file.
    pub(crate) async fn close(&self) {
        match self {
            Database::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Database::Postgres { recorders, others } => {
                others.close().await;
                recorders.close().await;
            }
        }
    }

    /// Whether a connection answers.
    pub(crate) async fn ping(&self) -> Result<(), Fault> {
        let fault = |e: sqlx::Error| Fault::database("asking the database for an answer", &e);
        match self {
            Database::Sqlite { readers, .. } => {
                let mut connection: PoolConnection<Sqlite> = readers.acquire().await.map_err(fault)?;
                Connection::Direct(Direct::Sqlite(&mut connection))
                    .fetch_one("asking the database for an answer", "SELECT 1", &[])
                    .await?;
            }
            Database::Postgres { others, .. } => {
                let mut connection: PoolConnection<Postgres> = others.acquire().await.map_err(fault)?;
                Connection::Direct(Direct::Postgres(&mut connection))
                    .fetch_one("asking the database for an answer", "SELECT 1", &[])
                    .await?;
            }
        }
        Ok(())
    }
}

/// Begins a transaction on the connection of SQLite that writes.
///
/// Where the disk is full, SQLite may give up a transaction by itself. The rollback after it then fails,
/// and the connection is counted as within a transaction for ever: such a connection is replaced.
async fn begin_sqlite(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    match writer.begin_with("BEGIN IMMEDIATE").await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            writer.begin_with("BEGIN IMMEDIATE").await
        }
        begun => begun,
    }
}

/// Begins a transaction on PostgreSQL. While the server is away, it is tried again until [`PATIENCE`]
/// has run out: a restart of the server is then a slow request and no failed one. The pool does so for
/// a refused connection, but not for a socket in the file system that is not there.
async fn begin_postgres(
    pool: &PgPool,
    begin: &'static str,
) -> Result<Transaction<'static, Postgres>, sqlx::Error> {
    let started = tokio::time::Instant::now();
    loop {
        match pool.begin_with(begin).await {
            Err(sqlx::Error::Io(_)) if started.elapsed() < PATIENCE => {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
            begun => return begun,
        }
    }
}

/// Makes the file of a new register, for its owner alone: it will hold hashes of passwords and marked
/// material. SQLite gives the files beside it the same rights. Where it cannot be made, opening says why.
fn make_private(path: &Path) {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let _ = options.open(path);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_without_its_password() {
        for (url, written) in [
            ("postgres://chair:secret@db.example/entente", "postgres://db.example/entente"),
            ("postgres://db.example/entente?user=chair&password=secret", "postgres://db.example/entente"),
            ("postgres://db.example/entente?password=se@cret", "postgres://db.example/entente"),
            (
                "postgres:///?host=/run/pg&password=secret&dbname=entente",
                "postgres:///?host=/run/pg&dbname=entente",
            ),
            ("postgresql://a:secret@h/e?sslpassword=secret", "postgresql://h/e"),
        ] {
            let url: DatabaseUrl = url.parse().unwrap();
            assert_eq!((url.to_string(), format!("{url:?}")), (written.to_owned(), written.to_owned()));
        }
    }
}
