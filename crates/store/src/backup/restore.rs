//! Putting a backup back into an empty database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use entente_register::ledger::{
    Digest, EventHeader, Fallible, GENESIS, Refusal, Salt, event_hash, payload_digest,
};
use tokio::sync::mpsc;

use super::file::{Header, ReadError, Reader, StoredRow, most_content};
use super::table::TABLES;
use super::{Backup, BackupProgress, BackupStep, io_fault, malformed};
use crate::database::{Connection, Value};
use crate::document::{is_content, named_documents};
use crate::error::{Error, Fault, Outcome};
use crate::ledger::{Head, rebuild};
use crate::reader::hash_of_read;
use crate::store::Store;

const DOING: &str = "reading the backup";

/// A batch for the database is full at this many rows, or this many bytes.
const BATCH_ROWS: usize = 2_000;
const BATCH_BYTES: usize = 8 << 20;

impl Store {
    /// Puts a backup back into this register's database, which must be empty, and rebuilds the views.
    ///
    /// The file is read twice: once to see that it is whole and its chain unbroken, and once to write
    /// it, in one transaction. `progress` is told now and then how far it is.
    ///
    /// # Errors
    /// `restore.not_empty` if the database holds anything; `backup.malformed` if the file is not a whole
    /// backup, `backup.chain` if an event in it was altered, `backup.reads` if its log of reads was,
    /// `backup.document` if a document was altered or one that an event names is not there, `backup.newer` if a newer program wrote it.
    /// A fault if the database does not answer. Nothing is kept then.
    pub async fn restore(&self, file: &Path, progress: &BackupProgress) -> Outcome<Backup> {
        let opened = File::open(file).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Error::from(
                Refusal::new("backup.not_found", format!("There is no file {}.", file.display()))
                    .field("file")
                    .missing("a backup"),
            ),
            _ => io_fault(DOING, &e).into(),
        })?;
        let bytes = opened.metadata().map_err(|e| io_fault(DOING, &e))?.len();
        {
            // The second look, in the writing transaction, is the one that counts; this one spares the wait.
            let mut transaction = self.database.read().await?;
            check_empty(&mut transaction.connection()).await?;
        }

        let first = opened.try_clone().map_err(|e| io_fault(DOING, &e))?;
        let (sender, mut counts) = mpsc::channel::<(u64, u64)>(16);
        let checking = tokio::task::spawn_blocking(move || {
            check(first, bytes, |done, total| {
                // Nobody has to look at every one.
                let _ = sender.try_send((done, total));
            })
        });
        while let Some((done, total)) = counts.recv().await {
            progress(BackupStep::Checking, done, total);
        }
        let header = checking.await.map_err(|e| Fault::internal(DOING, e))??;

        let (sender, mut batches) = mpsc::channel::<Vec<StoredRow>>(2);
        let reading = tokio::task::spawn_blocking(move || read(opened, bytes, &sender));
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        Head::lock(&mut connection).await?;
        check_empty(&mut connection).await?;
        let (mut done, total) = (0, header.rows());
        while let Some(batch) = batches.recv().await {
            done += batch.len() as u64;
            insert(&mut connection, batch).await?;
            progress(BackupStep::Restoring, done, total);
        }
        let again = reading.await.map_err(|e| Fault::internal(DOING, e))??;
        if again != header {
            return Err(malformed("it was changed while it was read").into());
        }
        let heard = progress.clone();
        let rebuilding: crate::ledger::Progress = Arc::new(move |done, total| {
            heard(BackupStep::Rebuilding, done.unsigned_abs(), total.unsigned_abs());
        });
        rebuild(&mut connection, &rebuilding).await?;
        transaction.commit().await?;
        Ok(Backup { events: header.events, head: header.head, rows: total, bytes, made_at: header.made_at })
    }
}

/// Refuses a database that holds anything.
async fn check_empty(connection: &mut Connection<'_>) -> Outcome<()> {
    for table in TABLES {
        let sql = match table.name {
            "ledger_head" => "SELECT one FROM ledger_head WHERE sequence <> 0".to_owned(),
            name => format!("SELECT 1 FROM {name} WHERE {} LIMIT 1", table.condition()),
        };
        if !connection.fetch("looking whether the database is empty", &sql, &[]).await?.is_empty() {
            return Err(Refusal::new("restore.not_empty", "The database is not empty.")
                .field("database")
                .missing("an empty database: a backup is never mixed with another register")
                .into());
        }
    }
    Ok(())
}

fn outcome(error: ReadError) -> Error {
    match error {
        ReadError::Refused(refusal) => refusal.into(),
        ReadError::Io(error) => io_fault(DOING, &error).into(),
    }
}

/// Reads the whole file, digest and chain, and writes nothing.
fn check(file: File, size: u64, mut progress: impl FnMut(u64, u64)) -> Outcome<Header> {
    let mut reader = begin(file, size)?;
    let total = reader.header().rows();
    let (mut done, mut chain, mut head) = (0, Chain { sequence: 0, hash: GENESIS }, None);
    let mut recorded_at = String::new();
    let (mut reads, mut documents) = (Chain { sequence: 0, hash: GENESIS }, Documents::default());
    while let Some(row) = reader.next().map_err(outcome)? {
        match TABLES[row.table].name {
            "event" => {
                chain.follow(&row.values)?;
                documents.note(&row.values);
                text(&row.values, 1).unwrap_or_default().clone_into(&mut recorded_at);
            }
            "document_content" => documents.check(&row.values)?,
            "read_log" => reads.follow_read(&row.values)?,
            "ledger_head" => head = Some(row.values),
            _ => {}
        }
        done += 1;
        if done % 10_000 == 0 {
            progress(done, total);
        }
    }
    documents.are_there()?;
    let header = reader.header().clone();
    let right = header.events == chain.sequence
        && header.head == hex::encode(chain.hash)
        && matches!(
            head.as_deref(),
            Some([Value::Int(Some(1)), Value::Int(Some(sequence)), Value::Bytes(Some(hash)), Value::Text(Some(at))])
                if *sequence == chain.sequence && hash.as_ref() == chain.hash && *at == recorded_at
        );
    if right { Ok(header) } else { Err(malformed("its head is not its last event").into()) }
}

/// Reads the file again and hands its rows over.
fn read(file: File, size: u64, sender: &mpsc::Sender<Vec<StoredRow>>) -> Outcome<Header> {
    let mut reader = begin(file, size)?;
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while let Some(row) = reader.next().map_err(outcome)? {
        bytes += row.values.iter().map(length).sum::<usize>();
        batch.push(row);
        if batch.len() == BATCH_ROWS || bytes >= BATCH_BYTES {
            bytes = 0;
            if sender.blocking_send(std::mem::take(&mut batch)).is_err() {
                // Nobody writes any more; the writer's own error says why.
                break;
            }
        }
    }
    // Not taken by a writer that has given up, which is as well.
    let _ = sender.blocking_send(batch);
    Ok(reader.header().clone())
}

fn begin(mut file: File, size: u64) -> Outcome<Reader<File>> {
    file.seek(SeekFrom::Start(0)).map_err(|e| io_fault(DOING, &e))?;
    Reader::begin(file, most_content(size)).map_err(outcome)
}

fn length(value: &Value<'_>) -> usize {
    match value {
        Value::Text(text) => text.as_ref().map_or(0, |text| text.len()),
        Value::Bytes(bytes) => bytes.as_ref().map_or(0, |bytes| bytes.len()),
        Value::Int(_) => 8,
    }
}

async fn insert(connection: &mut Connection<'_>, batch: Vec<StoredRow>) -> Result<(), Fault> {
    let mut batch = batch.into_iter().peekable();
    while let Some(first) = batch.next() {
        let place = first.table;
        let mut rows = vec![first.values];
        while let Some(row) = batch.next_if(|row| row.table == place) {
            rows.push(row.values);
        }
        let table = &TABLES[place];
        let head = format!("INSERT INTO {} ({})", table.name, table.column_list());
        let tail = match table.name {
            // The one row that every database has from the beginning.
            "ledger_head" => {
                "ON CONFLICT (one) DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash, recorded_at = excluded.recorded_at"
            }
            _ => "",
        };
        connection.insert_many("restoring rows", &head, tail, table.columns.len(), &rows).await?;
    }
    Ok(())
}

/// The chain as far as it was followed.
struct Chain {
    sequence: i64,
    hash: Digest,
}

impl Chain {
    /// Takes the next event, in the order of the table's columns, and refuses one that does not follow.
    fn follow(&mut self, values: &[Value<'_>]) -> Fallible<()> {
        let next = self.sequence + 1;
        let broken = |why: &str| {
            Err(Refusal::new("backup.chain", format!("Event {next} of the backup {why}."))
                .field("file")
                .missing("a backup whose chain of events is unbroken"))
        };
        let Some(event) = StoredEvent::of(values) else { return broken("is not whole") };
        if event.header.sequence != next {
            return broken("is missing or out of its order");
        }
        if let (Some(salt), Some(payload)) = (event.salt, event.payload)
            && payload_digest(&salt, payload.as_bytes()) != event.digest
        {
            return broken("has another content than was recorded");
        }
        let hash = event_hash(&event.header, &event.digest, &self.hash);
        if hash != event.hash {
            return broken("is not what was recorded");
        }
        *self = Chain { sequence: next, hash };
        Ok(())
    }

    /// Takes the next row of the log of reads, and refuses one that does not follow.
    fn follow_read(&mut self, values: &[Value<'_>]) -> Fallible<()> {
        let next = self.sequence + 1;
        let hash = (|| {
            let fields = (
                int(values, 0)?,
                text(values, 1)?,
                text(values, 2)?,
                text(values, 3)?,
                text(values, 4)?,
                text(values, 5)?,
            );
            let hash = hash_of_read(fields, &self.hash);
            (fields.0 == next && bytes(values, 6)? == hash).then_some(hash)
        })();
        let Some(hash) = hash else {
            return Err(Refusal::new(
                "backup.reads",
                format!("Read {next} of the backup is not what was logged."),
            )
            .field("file")
            .missing("a backup whose log of reads is unbroken"));
        };
        *self = Chain { sequence: next, hash };
        Ok(())
    }
}

/// The documents that events name, and those that are there.
#[derive(Default)]
struct Documents {
    /// Content hashes that are named and were not met yet, each with the first event that names it.
    named: BTreeMap<String, i64>,
}

impl Documents {
    /// Notes the documents that an event names. Events stand before documents.
    fn note(&mut self, values: &[Value<'_>]) {
        let (Some(sequence), Some(kind), Some(payload)) = (int(values, 0), text(values, 5), text(values, 12))
        else {
            return;
        };
        // What cannot be read is told by the rebuilding.
        for content in named_documents(kind, payload) {
            self.named.entry(content).or_insert(sequence);
        }
    }

    fn check(&mut self, values: &[Value<'_>]) -> Fallible<()> {
        let (content, size, held) = (text(values, 0), int(values, 2), bytes(values, 3));
        let sound = matches!((content, size, held), (Some(content), Some(size), Some(held))
            if i64::try_from(held.len()) == Ok(size) && is_content(content, held));
        let content = content.unwrap_or("without a name");
        if !sound {
            return document_refused(format!("The document {content} of the backup is not what was kept."));
        }
        self.named.remove(content);
        Ok(())
    }

    fn are_there(&self) -> Fallible<()> {
        match self.named.iter().next() {
            None => Ok(()),
            Some((content, sequence)) => document_refused(format!(
                "The document {content}, which event {sequence} names, is not in the backup."
            )),
        }
    }
}

fn document_refused(message: String) -> Fallible<()> {
    Err(Refusal::new("backup.document", message)
        .field("file")
        .missing("a backup with every document that its events name, as it was kept"))
}

fn text<'a>(values: &'a [Value<'_>], place: usize) -> Option<&'a str> {
    match values.get(place)? {
        Value::Text(text) => text.as_deref(),
        _ => None,
    }
}

fn int(values: &[Value<'_>], place: usize) -> Option<i64> {
    match values.get(place)? {
        Value::Int(int) => *int,
        _ => None,
    }
}

fn bytes<'a>(values: &'a [Value<'_>], place: usize) -> Option<&'a [u8]> {
    match values.get(place)? {
        Value::Bytes(bytes) => bytes.as_deref(),
        _ => None,
    }
}

struct StoredEvent<'a> {
    header: EventHeader<'a>,
    /// Absent, with the payload, once erased.
    salt: Option<Salt>,
    payload: Option<&'a str>,
    digest: Digest,
    hash: Digest,
}

impl StoredEvent<'_> {
    fn of<'a>(values: &'a [Value<'_>]) -> Option<StoredEvent<'a>> {
        let text = |place| text(values, place);
        let int = |place| int(values, place);
        let bytes = |place| bytes(values, place);
        let salt = bytes(11).map(TryInto::try_into).transpose().ok()?;
        if salt.is_some() != text(12).is_some() {
            return None;
        }
        Some(StoredEvent {
            header: EventHeader {
                sequence: int(0)?,
                recorded_at: text(1)?,
                actor: text(2)?,
                subject: text(3)?,
                version: u32::try_from(int(4)?).ok()?,
                kind: text(5)?,
                occurred_on: text(6)?,
                label: text(7)?,
                reason: text(8),
                command: text(9)?,
                idempotency_key: text(10),
            },
            salt,
            payload: text(12),
            digest: bytes(13)?.try_into().ok()?,
            hash: bytes(14)?.try_into().ok()?,
        })
    }
}
