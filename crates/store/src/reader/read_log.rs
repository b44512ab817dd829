//! The log of reads of marked material: a chain of its own, in a table of its own.
//!
//! A marked page leaves only after its row is committed. Readers that come at once
//! share one transaction: whoever is first writes the rows of all who wait.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use entente_register::access::Reading;
use entente_register::label::Label;
use entente_register::ledger::{Digest, GENESIS, Refusal, instant_text, parse_instant};

use super::{Listing, Page, ReadLogRow, Reader};
use crate::database::{Cell, Connection, Database, Kind, Row, Value};
use crate::error::{Fault, Outcome};
use crate::store::Store;

const TAG: &[u8] = b"entente read v1\n";

/// One read, as it will be logged.
#[derive(Debug, Clone)]
struct Entry {
    at: Timestamp,
    account: String,
    what: String,
    label: String,
    source: String,
}

/// Reads that wait, each with the way to tell its reader.
type Waiting = Vec<(Entry, oneshot::Sender<Result<(), Fault>>)>;

/// Reads that wait to be logged.
#[derive(Debug, Default)]
pub(crate) struct ReadLog {
    waiting: Mutex<Waiting>,
    turn: tokio::sync::Mutex<()>,
}

impl ReadLog {
    /// Logs a read; when this returns, its row is committed.
    async fn write(&self, database: &Database, entry: Entry) -> Result<(), Fault> {
        loop {
            let (tell, mut told) = oneshot::channel();
            self.lock().push((entry.clone(), tell));
            let _turn = self.turn.lock().await;
            match told.try_recv() {
                // Whoever had the turn before wrote this row too.
                Ok(result) => return result,
                // Whoever had the turn before went away while writing: nobody knows whether the row is there.
                Err(oneshot::error::TryRecvError::Closed) => continue,
                Err(oneshot::error::TryRecvError::Empty) => {}
            }
            let batch = std::mem::take(&mut *self.lock());
            let entries: Vec<&Entry> = batch.iter().map(|(entry, _)| entry).collect();
            let result = append(database, &entries).await;
            for (_, tell) in batch {
                // One who does not wait any more needs no answer.
                let _ = tell.send(copy(&result));
            }
            return result;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing is done under this lock that could leave the list half changed.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn copy(result: &Result<(), Fault>) -> Result<(), Fault> {
    result.as_ref().copied().map_err(|f| Fault {
        kind: f.kind,
        doing: f.doing.clone(),
        cause: f.cause.clone(),
    })
}

const COLUMNS: &str = "sequence, read_at, account, what, label, source, hash";

/// Writes rows behind the last one, in one transaction.
async fn append(database: &Database, entries: &[&Entry]) -> Result<(), Fault> {
    let doing = "logging a read";
    let mut transaction = database.write().await?;
    let mut connection = transaction.connection();
    if connection.kind() == Kind::Postgres {
        // SQLite has one writer anyway. Readers of the log do not wait for this lock.
        connection.execute(doing, "LOCK TABLE read_log IN EXCLUSIVE MODE", &[]).await?;
    }
    let sql = "SELECT sequence, hash, read_at FROM read_log ORDER BY sequence DESC LIMIT 1";
    let (mut sequence, mut hash, mut last) = match connection.fetch_optional(doing, sql, &[]).await? {
        Some(row) => (row.int(0)?, digest(&row, 1)?, row.text(2)?),
        None => (0, GENESIS, String::new()),
    };
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        sequence += 1;
        last = instant_text(entry.at).max(last);
        hash =
            hash_of_read((sequence, &last, &entry.account, &entry.what, &entry.label, &entry.source), &hash);
        rows.push(vec![
            Value::from(sequence),
            last.clone().into(),
            (&entry.account).into(),
            (&entry.what).into(),
            (&entry.label).into(),
            (&entry.source).into(),
            hash.to_vec().into(),
        ]);
    }
    let head = format!("INSERT INTO read_log ({COLUMNS})");
    connection.insert_many(doing, &head, "", 7, &rows).await?;
    transaction.commit().await
}

/// The hashed fields of a row, in the order of the table.
pub(crate) type ReadFields<'a> = (i64, &'a str, &'a str, &'a str, &'a str, &'a str);

/// The hash of a row over its fields, each with its length, and the hash before it.
pub(crate) fn hash_of_read(fields: ReadFields<'_>, previous: &Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(TAG);
    let (sequence, read_at, account, what, label, source) = fields;
    for bytes in [
        &sequence.to_be_bytes()[..],
        read_at.as_bytes(),
        account.as_bytes(),
        what.as_bytes(),
        label.as_bytes(),
        source.as_bytes(),
        previous,
    ] {
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().into()
}

fn digest(row: &Row, column: usize) -> Result<Digest, Fault> {
    row.bytes_ref(column)?
        .try_into()
        .map_err(|_| Fault::damaged("reading the log of reads", "a hash is not 32 bytes"))
}

/// Whether the log of reads still holds the row that was its last when a checkpoint was signed.
pub(crate) async fn holds_read(
    connection: &mut Connection<'_>,
    (sequence, hash): (i64, Digest),
) -> Result<bool, Fault> {
    if sequence == 0 {
        return Ok(hash == GENESIS);
    }
    let sql = "SELECT hash FROM read_log WHERE sequence = $1";
    let row = connection.fetch_optional("reading the log of reads", sql, &[sequence.into()]).await?;
    Ok(row.is_some_and(|row| row.cell(0) == Cell::Bytes(&hash)))
}

/// The last row of the log of reads: its sequence, 0 for none, and its hash.
pub(crate) async fn last_read(connection: &mut Connection<'_>) -> Result<(i64, Digest), Fault> {
    let sql = "SELECT sequence, hash FROM read_log ORDER BY sequence DESC LIMIT 1";
    match connection.fetch_optional("reading the log of reads", sql, &[]).await? {
        Some(row) => Ok((row.int(0)?, digest(&row, 1)?)),
        None => Ok((0, GENESIS)),
    }
}

impl Reader {
    /// Logs that this was read, if its label asks for that. Called when a page is ready, before it leaves.
    pub(super) async fn log(&self, what: impl Into<String>, label: Option<&Label>) -> Result<(), Fault> {
        let Some(label) = label.filter(|label| label.is_marked()) else { return Ok(()) };
        let entry = Entry {
            at: self.store.now(),
            account: self.actor.account.clone(),
            what: what.into(),
            label: label.to_string(),
            source: self.source.clone(),
        };
        self.store.reads.write(&self.store.database, entry).await
    }

    /// The log of reads of marked material, the latest first; for auditors.
    ///
    /// # Errors
    /// `access.read` if the actor may not read the ledger.
    pub async fn read_log(&self, page: Page) -> Outcome<Listing<ReadLogRow>> {
        self.check(Reading::Ledger)?;
        let page = page.bounded();
        let doing = "reading the log of reads";
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        // Sequences have no holes, so a page is a stretch of them: no row is passed over one by one.
        let total = last_read(&mut connection).await?.0;
        let last = total.saturating_sub(page.offset);
        let sql = format!(
            "SELECT {COLUMNS} FROM read_log WHERE sequence <= $1 AND sequence > $2 ORDER BY sequence DESC"
        );
        let rows =
            connection.fetch(doing, &sql, &[last.into(), last.saturating_sub(page.limit).into()]).await?;
        let damaged = |e: Refusal| Fault::damaged(doing, e.message);
        let rows = rows
            .iter()
            .map(|row| {
                let label: Label = row.text_ref(4)?.parse().map_err(damaged)?;
                let mut what = row.text(3)?;
                if !self.actor.clearance.admits(&label) {
                    // Which document it was is the hash of what is marked above the one who reads the log.
                    what.truncate(what.find('#').unwrap_or(what.len()));
                }
                Ok(ReadLogRow {
                    sequence: row.int(0)?,
                    read_at: parse_instant("read_at", row.text_ref(1)?).map_err(damaged)?,
                    account: row.text(2)?,
                    what,
                    label,
                    source: row.text(5)?,
                    hash: hex::encode(row.bytes_ref(6)?),
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok(Listing { rows, total, page })
    }
}

impl Store {
    /// Verifies the chain of the log of reads: the sequence of the first row that is altered, missing or moved.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn verify_read_log(&self) -> Outcome<Option<i64>> {
        let mut transaction = self.database.read().await?;
        Ok(find_bad_read(&mut transaction.connection()).await?)
    }
}

/// As [`Store::verify_read_log`], on a connection.
pub(crate) async fn find_bad_read(connection: &mut Connection<'_>) -> Result<Option<i64>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM read_log ORDER BY sequence");
    let (mut expected, mut hash, mut bad) = (1, GENESIS, None);
    connection
        .for_each("verifying the log of reads", &sql, &[], |row| {
            if bad.is_some() {
                return Ok(());
            }
            let sequence = row.int(0)?;
            let fields = (
                sequence,
                row.text_ref(1)?,
                row.text_ref(2)?,
                row.text_ref(3)?,
                row.text_ref(4)?,
                row.text_ref(5)?,
            );
            hash = hash_of_read(fields, &hash);
            if sequence != expected || row.bytes_ref(6)? != hash {
                bad = Some(expected);
            }
            expected += 1;
            Ok(())
        })
        .await?;
    Ok(bad)
}
