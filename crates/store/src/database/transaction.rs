//! Transactions, and writing beside the work that finds what is to be written.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::{Connection, Database, Direct, Kind, Value};
use crate::error::Fault;

/// An open transaction of either database.
pub(super) enum Inner {
    /// SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Inner {
    fn kind(&self) -> Kind {
        match self {
            Inner::Sqlite(_) => Kind::Sqlite,
            Inner::Postgres(_) => Kind::Postgres,
        }
    }

    fn direct(&mut self) -> Direct<'_> {
        match self {
            Inner::Sqlite(transaction) => Direct::Sqlite(transaction),
            Inner::Postgres(transaction) => Direct::Postgres(transaction),
        }
    }
}

/// A statement whose answer nobody needs but that it was carried out.
pub(super) enum Job {
    /// Many rows into one table.
    Insert {
        /// For faults.
        doing: &'static str,
        /// `INSERT INTO … (…)`.
        head: String,
        /// What follows the rows.
        tail: &'static str,
        /// Values in a row.
        width: usize,
        /// The rows.
        rows: Vec<Vec<Value<'static>>>,
    },
    /// One statement.
    Execute {
        /// For faults.
        doing: &'static str,
        /// The statement.
        sql: &'static str,
        /// Its values.
        values: Vec<Value<'static>>,
    },
}

impl Job {
    /// Whether it is worth another task.
    fn is_long(&self) -> bool {
        matches!(self, Job::Insert { rows, .. } if rows.len() >= LONG)
    }

    async fn run(self, mut direct: Direct<'_>) -> Result<(), Fault> {
        match self {
            Job::Insert { doing, head, tail, width, rows } => {
                direct.insert(doing, &head, tail, width, rows).await
            }
            Job::Execute { doing, sql, values } => direct.execute(doing, sql, &values).await.map(drop),
        }
    }
}

/// From so many rows on, an insert is carried out beside other work.
const LONG: usize = 100;

/// Jobs that may wait; whoever has one more waits for the database.
const WAITING: usize = 8;

/// Where the transaction of a [`WriteTransaction`] is.
enum Place {
    /// Here.
    Here(Inner),
    /// With a task that carries out jobs in their order, and gives it back once no more can come.
    Beside { jobs: mpsc::Sender<Job>, task: JoinHandle<(Inner, Result<(), Fault>)>, given_up: GivenUp },
    /// Lost with a task that did not end.
    Nowhere,
}

/// Tells the task to stop when it is dropped: what waits need not be written, for nobody will keep it.
struct GivenUp(Arc<AtomicBool>);

impl Drop for GivenUp {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A transaction that writes; dropped without [`WriteTransaction::commit`], it leaves nothing.
///
/// Long inserts of [`Connection::insert_later`] are carried out beside the caller's work. Whatever is asked of its
/// connection afterwards waits for them first, so that nothing sees less than was written; a fault of one
/// of them is the fault of what is asked next, and of the commit.
pub(crate) struct WriteTransaction {
    kind: Kind,
    place: Place,
    fault: Option<Fault>,
    before: Before,
}

/// Another connection, for what was committed before a transaction began.
enum Before {
    /// None is to be had.
    Never,
    /// Where one can be had.
    Of(Database),
    /// One, in a transaction of its own.
    Open(Box<ReadTransaction>),
}

impl WriteTransaction {
    pub(super) fn new(inner: Inner) -> WriteTransaction {
        WriteTransaction { kind: inner.kind(), place: Place::Here(inner), fault: None, before: Before::Never }
    }

    /// The same, of which [`Connection::fetch_before`] reads beside what is being written.
    pub(super) fn beside(self, database: &Database) -> WriteTransaction {
        WriteTransaction { before: Before::Of(database.clone()), ..self }
    }

    /// Another connection that sees what was committed before, while something is being written here; none where
    /// nothing is, or where no other connection is free.
    pub(super) async fn before(&mut self) -> Option<Direct<'_>> {
        let Place::Beside { .. } = self.place else { return None };
        if let Before::Of(database) = &self.before {
            self.before = match database.read().await {
                Ok(read) => Before::Open(Box::new(read)),
                Err(_) => Before::Never,
            };
        }
        match &mut self.before {
            Before::Open(read) => Some(read.0.direct()),
            Before::Of(_) | Before::Never => None,
        }
    }

    /// Its connection.
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        Connection::Writing(self)
    }

    /// Which database it is.
    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    /// From now on nothing is read as it was before.
    pub(super) fn read_no_more_before(&mut self) {
        self.before = Before::Never;
    }

    /// The connection once nothing waits to be written.
    pub(super) async fn settled(&mut self) -> Result<Direct<'_>, Fault> {
        self.settle().await?;
        match &mut self.place {
            Place::Here(inner) => Ok(inner.direct()),
            _ => Err(lost()),
        }
    }

    /// Carries a job out, at once or, where it is long, beside what comes next.
    pub(super) async fn later(&mut self, job: Job) -> Result<(), Fault> {
        if let Place::Here(_) = self.place {
            if self.fault.is_some() || !job.is_long() {
                return job.run(self.settled().await?).await;
            }
            if let Place::Here(inner) = std::mem::replace(&mut self.place, Place::Nowhere) {
                let (jobs, queue) = mpsc::channel(WAITING);
                let stop = Arc::new(AtomicBool::new(false));
                let task = tokio::spawn(carry_out(inner, queue, stop.clone()));
                self.place = Place::Beside { jobs, task, given_up: GivenUp(stop) };
            }
        }
        if let Place::Beside { jobs, .. } = &self.place {
            // Whoever stops waiting here has lost the job, and must not keep the rest.
            let before = self.fault.replace(lost());
            let sent = jobs.send(job).await.is_ok();
            self.fault = before;
            if sent {
                return Ok(());
            }
        }
        // The task has ended before its time: the fault says why.
        self.settle().await?;
        Err(lost())
    }

    /// Waits until nothing waits to be written.
    async fn settle(&mut self) -> Result<(), Fault> {
        if let Place::Beside { .. } = self.place
            && let Place::Beside { jobs, task, given_up } = std::mem::replace(&mut self.place, Place::Nowhere)
        {
            drop(jobs);
            let (inner, done) = task.await.map_err(|_| lost())?;
            drop(given_up);
            self.place = Place::Here(inner);
            if self.fault.is_none() {
                self.fault = done.err();
            }
        }
        match &self.fault {
            None => Ok(()),
            Some(fault) => Err(fault.clone()),
        }
    }

    /// Keeps what was written.
    pub(crate) async fn commit(mut self) -> Result<(), Fault> {
        self.settle().await?;
        // Who reads an earlier state keeps SQLite from folding its log into the file.
        self.before = Before::Never;
        match self.place {
            Place::Here(Inner::Sqlite(transaction)) => transaction.commit().await,
            Place::Here(Inner::Postgres(transaction)) => transaction.commit().await,
            Place::Beside { .. } | Place::Nowhere => return Err(lost()),
        }
        .map_err(|e| Fault::database("committing", &e))
    }

    /// Gives up what was written, and waits until it is given up.
    pub(crate) async fn rollback(mut self) {
        // What waits is given up with the rest, whether or not it could be written.
        if let Place::Beside { given_up, .. } = &self.place {
            given_up.0.store(true, Ordering::Relaxed);
        }
        let _ = self.settle().await;
        // A rollback that fails has lost its connection, and with it the transaction.
        let _ = match self.place {
            Place::Here(Inner::Sqlite(transaction)) => transaction.rollback().await,
            Place::Here(Inner::Postgres(transaction)) => transaction.rollback().await,
            Place::Beside { .. } | Place::Nowhere => Ok(()),
        };
    }
}

/// Carries out jobs until no more can come, one fails, or all is given up.
async fn carry_out(
    mut inner: Inner,
    mut queue: mpsc::Receiver<Job>,
    given_up: Arc<AtomicBool>,
) -> (Inner, Result<(), Fault>) {
    while let Some(job) = queue.recv().await {
        if given_up.load(Ordering::Relaxed) {
            break;
        }
        if let Err(fault) = job.run(inner.direct()).await {
            return (inner, Err(fault));
        }
    }
    (inner, Ok(()))
}

fn lost() -> Fault {
    Fault::internal("writing", "the transaction was lost with a task that did not end")
}

/// A transaction that reads one unchanging state.
pub(crate) struct ReadTransaction(pub(super) Inner);

impl ReadTransaction {
    /// Its connection.
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        Connection::Direct(self.0.direct())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Database, DatabaseUrl};
    use super::*;

    fn rows(numbers: impl Iterator<Item = i64>) -> Vec<Vec<Value<'static>>> {
        numbers.map(|number| vec![number.into()]).collect()
    }

    async fn count(transaction: &mut WriteTransaction) -> Result<i64, Fault> {
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM paper";
        transaction.connection().fetch_one("counting", sql, &[]).await?.int(0)
    }

    async fn insert(
        transaction: &mut WriteTransaction,
        numbers: impl Iterator<Item = i64>,
    ) -> Result<(), Fault> {
        let head = "INSERT INTO paper (number)";
        transaction.connection().insert_later("adding papers", head, "", 1, rows(numbers)).await
    }

    async fn database(folder: &tempfile::TempDir) -> Database {
        let url = DatabaseUrl::Sqlite(folder.path().join("papers.db"));
        let database = Database::open(&url).await.unwrap();
        let mut transaction = database.write().await.unwrap();
        let sql = "CREATE TABLE paper (number BIGINT PRIMARY KEY)";
        transaction.connection().script("making a table", sql).await.unwrap();
        transaction.commit().await.unwrap();
        database
    }

    #[tokio::test]
    async fn what_is_asked_next_sees_all_that_was_written_beside() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder).await;
        let mut transaction = database.write().await.unwrap();
        for part in 0..30 {
            insert(&mut transaction, part * 1_000..(part + 1) * 1_000).await.unwrap();
        }
        let close = "DELETE FROM paper WHERE number < $1";
        transaction.connection().execute_later("removing papers", close, vec![10.into()]).await.unwrap();
        assert_eq!(count(&mut transaction).await.unwrap(), 29_990);
        insert(&mut transaction, 0..10).await.unwrap();
        insert(&mut transaction, 40_000..40_500).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(count(&mut database.write().await.unwrap()).await.unwrap(), 30_500);
    }

    #[tokio::test]
    async fn what_was_committed_before_is_read_beside_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder).await;
        let mut first = database.record().await.unwrap();
        insert(&mut first, 0..10).await.unwrap();
        first.commit().await.unwrap();
        let sql = "SELECT CAST(count(*) AS BIGINT) FROM paper";
        let mut transaction = database.record().await.unwrap();
        // Nothing is under way: there is no need of another connection.
        let rows = transaction.connection().fetch_before("counting", sql, &[]).await.unwrap();
        assert_eq!(rows[0].int(0).unwrap(), 10);
        insert(&mut transaction, 1_000..2_000).await.unwrap();
        let rows = transaction.connection().fetch_before("counting", sql, &[]).await.unwrap();
        assert_eq!(rows[0].int(0).unwrap(), 10);
        transaction.connection().read_no_more_before();
        let rows = transaction.connection().fetch_before("counting", sql, &[]).await.unwrap();
        assert_eq!(rows[0].int(0).unwrap(), 1_010);
        transaction.commit().await.unwrap();
    }

    #[tokio::test]
    async fn a_fault_of_what_is_written_beside_is_told_and_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder).await;
        for ask in [false, true] {
            let mut transaction = database.write().await.unwrap();
            insert(&mut transaction, 0..1_000).await.unwrap();
            insert(&mut transaction, 500..1_500).await.unwrap();
            if ask {
                assert_eq!(count(&mut transaction).await.unwrap_err().doing, "adding papers");
                // Again and again, whatever is asked.
                assert!(insert(&mut transaction, 5_000..5_001).await.is_err());
            }
            assert_eq!(transaction.commit().await.unwrap_err().doing, "adding papers");
            assert_eq!(count(&mut database.write().await.unwrap()).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn a_transaction_that_is_given_up_or_dropped_amid_writing_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let database = database(&folder).await;
        for dropped in [false, true] {
            let mut transaction = database.write().await.unwrap();
            for part in 0..20 {
                insert(&mut transaction, part * 1_000..(part + 1) * 1_000).await.unwrap();
            }
            if dropped {
                drop(transaction)
            } else {
                transaction.rollback().await
            }
            assert_eq!(count(&mut database.write().await.unwrap()).await.unwrap(), 0);
        }
    }
}
