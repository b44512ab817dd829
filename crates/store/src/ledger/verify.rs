//! Verifying: whether the ledger is what was written, and if not, which event is the first that is not.
//!
//! Stored bytes are hashed as they are; nothing is decoded or written again. Each event's hash needs
//! only the stored hash before it, so that parts are read and hashed side by side. Nothing that stands
//! in the tables is trusted: an absent value, a wrong type or a broken text is a finding, not a fault.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entente_register::ledger::{Digest, EventHeader, GENESIS, event_hash, payload_digest};

use super::EVENT_COLUMNS;
use super::checkpoint::{Checkpoint, CheckpointFiles, Expected, Fingerprint, Origin};
use super::rebuild::Progress;
use super::{deep, pack};
use crate::database::{Cell, Connection, Database, Kind, Row};
use crate::error::{Fault, Outcome};
use crate::reader::{find_bad_read, holds_read};
use crate::store::Store;

/// How a ledger is verified.
#[derive(Debug, Clone, Default)]
pub struct VerifyOptions {
    /// Also decode, write again and fold each event, and compare the views with a rebuild.
    pub deep: bool,
    /// The key by which every checkpoint must be signed; none for that of the key file, where there is one.
    pub key: Option<Fingerprint>,
    /// Where the key and the checkpoints outside the database are; none for beside the register.
    pub files: Option<CheckpointFiles>,
}

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Events read.
    pub events: i64,
    /// Checkpoints that were compared.
    pub checkpoints: i64,
    /// The first event that is not what was written, if one is not.
    pub first_bad: Option<Bad>,
    /// The first row of the log of reads that is not what was written, if one is not.
    pub first_bad_read: Option<i64>,
}

impl Verification {
    /// Whether the ledger is sound, and the log of reads.
    pub fn ok(&self) -> bool {
        self.first_bad.is_none() && self.first_bad_read.is_none()
    }
}

/// A place in the ledger where it is not what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad {
    /// The sequence.
    pub sequence: i64,
    /// In words what is wrong.
    pub fault: String,
}

/// Events read by one task at once.
const PART: i64 = 10_000;

/// Tasks that read and hash side by side.
const TASKS: usize = 2;

impl Store {
    /// Verifies the ledger.
    ///
    /// # Errors
    /// A refusal if a file of checkpoints or a key that is named cannot be read; a fault if the database does not answer.
    pub async fn verify(&self, options: &VerifyOptions, progress: Progress) -> Outcome<Verification> {
        let expected = self.expected_checkpoints(options)?;
        let mut transaction = self.database.read().await?;
        let mut connection = transaction.connection();
        let frame = Frame::read(&mut connection).await?;
        let mut findings = Findings::default();
        frame.check(&mut findings);

        let (events, first) = read_all(&self.database, frame.last, progress.clone()).await?;
        findings.extend(first);
        let (mut checkpoints, mut lost_read) = (0, None);
        for (origin, checkpoint) in expected.all(&mut connection).await? {
            checkpoints += 1;
            match checkpoint {
                Some(checkpoint) => {
                    let bad = agrees(&mut connection, &checkpoint, &expected, origin, &frame).await?;
                    // Its own chain cannot show that the tail of the log of reads was cut off; this can.
                    if let Some(reads) = checkpoint.reads.filter(|_| bad.is_none())
                        && !holds_read(&mut connection, reads).await?
                    {
                        lost_read = Some(lost_read.unwrap_or(i64::MAX).min(reads.0));
                    }
                    findings.extend(bad);
                }
                None => {
                    let fault = format!("a checkpoint in the {} cannot be read", origin.word());
                    findings.add(frame.last, fault);
                }
            }
        }
        if let Some(key) = &options.key
            && checkpoints == 0
        {
            // Whoever names a key has checkpoints: that none is left is what a forger would see to.
            findings
                .add(frame.last, format!("no checkpoint is there, and one signed by {key} was asked for"));
        }
        let first_bad_read = find_bad_read(&mut connection).await?.into_iter().chain(lost_read).min();
        if options.deep && findings.first.is_none() {
            findings.extend(deep::look(&mut connection, frame.last, &progress).await?);
        }
        Ok(Verification { events, checkpoints, first_bad: findings.first, first_bad_read })
    }
}

/// The earliest of what was found.
#[derive(Default)]
struct Findings {
    first: Option<Bad>,
}

impl Findings {
    fn add(&mut self, sequence: i64, fault: impl Into<String>) {
        self.extend(Some(Bad { sequence, fault: fault.into() }));
    }

    fn extend(&mut self, bad: Option<Bad>) {
        if let Some(bad) = bad
            && self.first.as_ref().is_none_or(|first| bad.sequence < first.sequence)
        {
            self.first = Some(bad);
        }
    }
}

/// Where the ledger begins and ends, by its table and by its head.
struct Frame {
    first: i64,
    last: i64,
    last_hash: Option<Digest>,
    /// When the last event was recorded; empty where there is none.
    last_at: Option<String>,
    head: Option<(i64, Option<Digest>, Option<String>)>,
}

impl Frame {
    async fn read(connection: &mut Connection<'_>) -> Result<Frame, Fault> {
        let doing = "reading where the ledger ends";
        // Each apart is one look at an end; asked for together, SQLite reads the whole table.
        let ends = "SELECT (SELECT MIN(sequence) FROM event), (SELECT MAX(sequence) FROM event)";
        let row = connection.fetch_one(doing, ends, &[]).await?;
        let (first, last) = match (row.cell(0), row.cell(1)) {
            (Cell::Int(first), Cell::Int(last)) => (first, last),
            _ => (1, 0),
        };
        let head = connection
            .fetch_optional(doing, "SELECT sequence, hash, recorded_at FROM ledger_head WHERE one = 1", &[])
            .await?;
        let instant = |row: &Row, column| match row.cell(column) {
            Cell::Text(text) => String::from_utf8(text.to_vec()).ok(),
            _ => None,
        };
        let head = head.and_then(|row| match row.cell(0) {
            Cell::Int(sequence) => Some((sequence, digest(row.cell(1)).ok(), instant(&row, 2))),
            _ => None,
        });
        let last_hash = hash_at(connection, last).await?;
        let sql = "SELECT recorded_at FROM event WHERE sequence = $1";
        let last_at = match connection.fetch_optional(doing, sql, &[last.into()]).await? {
            Some(row) => instant(&row, 0),
            None => Some(String::new()),
        };
        Ok(Frame { first, last: last.max(0), last_hash, last_at, head })
    }

    /// Compares the head with the last event.
    fn check(&self, findings: &mut Findings) {
        if self.first < 1 {
            findings.add(self.first, "no event stands before the first");
        }
        match &self.head {
            None => findings.add(self.last + 1, "the ledger's head cannot be read"),
            Some((sequence, ..)) if *sequence > self.last => {
                findings
                    .add(self.last + 1, format!("the event is missing: the ledger's head is at {sequence}"));
            }
            Some((sequence, ..)) if *sequence < self.last => findings
                .add(sequence + 1, format!("the event was not appended: the ledger's head is at {sequence}")),
            Some((_, hash, recorded_at)) => {
                let expected = if self.last == 0 { Some(GENESIS) } else { self.last_hash };
                if hash.is_none() || *hash != expected {
                    findings.add(self.last, "the event is not the one that the ledger's head names");
                }
                // Every horizon and the time of the next event follow from it.
                if recorded_at.is_none() || *recorded_at != self.last_at {
                    findings.add(self.last, "the event was not recorded when the ledger's head says");
                }
            }
        }
    }
}

async fn hash_at(connection: &mut Connection<'_>, sequence: i64) -> Result<Option<Digest>, Fault> {
    let row = connection
        .fetch_optional("reading a hash", "SELECT hash FROM event WHERE sequence = $1", &[sequence.into()])
        .await?;
    Ok(row.and_then(|row| digest(row.cell(0)).ok()))
}

/// Compares the ledger with a checkpoint.
async fn agrees(
    connection: &mut Connection<'_>,
    checkpoint: &Checkpoint,
    expected: &Expected,
    origin: Origin,
    frame: &Frame,
) -> Result<Option<Bad>, Fault> {
    let bad = |sequence, fault| Ok(Some(Bad { sequence, fault }));
    let sequence = checkpoint.sequence;
    if !checkpoint.is_signed() {
        let fault = format!("the checkpoint in the {} is not signed by the key it names", origin.word());
        return bad(sequence, fault);
    }
    if expected.key(origin).is_some_and(|key| *key != checkpoint.fingerprint()) {
        let fault = format!("the checkpoint in the {} is signed by another key", origin.word());
        return bad(sequence, fault);
    }
    if sequence > frame.last {
        return bad(
            frame.last + 1,
            format!(
                "the event is missing: a checkpoint of {} stands at {sequence}",
                checkpoint.signed_at_text()
            ),
        );
    }
    if hash_at(connection, sequence).await? != Some(checkpoint.hash) {
        return bad(
            sequence,
            format!("the event is not the one that was signed on {}", checkpoint.signed_at_text()),
        );
    }
    Ok(None)
}

/// Reads and hashes all events up to `last`, in parts side by side. Gives how many, and the first that is bad.
async fn read_all(database: &Database, last: i64, progress: Progress) -> Result<(i64, Option<Bad>), Fault> {
    let next = Arc::new(AtomicI64::new(0));
    let done = Arc::new(AtomicI64::new(0));
    // Parts behind the first bad event need not be read.
    let worst = Arc::new(AtomicI64::new(i64::MAX));
    let mut tasks = Vec::with_capacity(TASKS);
    for _ in 0..TASKS {
        let (database, next, done, worst, progress) =
            (database.clone(), next.clone(), done.clone(), worst.clone(), progress.clone());
        tasks.push(tokio::spawn(async move {
            let mut findings = Findings::default();
            let mut transaction = database.read().await?;
            let mut connection = transaction.connection();
            loop {
                let before = next.fetch_add(PART, Ordering::Relaxed);
                if before >= last || before >= worst.load(Ordering::Relaxed) {
                    return Ok::<_, Fault>(findings.first);
                }
                let end = (before + PART).min(last);
                let part = read_part(&mut connection, before, end).await?;
                let events = done.fetch_add(part.events, Ordering::Relaxed) + part.events;
                if let Some(bad) = &part.bad {
                    worst.fetch_min(bad.sequence, Ordering::Relaxed);
                }
                findings.extend(part.bad);
                progress(events, last);
            }
        }));
    }
    let mut findings = Findings::default();
    for task in tasks {
        let found =
            task.await.map_err(|e| Fault::internal("verifying", format!("a task did not end: {e}")))?;
        findings.extend(found?);
    }
    Ok((done.load(Ordering::Relaxed), findings.first))
}

struct Part {
    events: i64,
    bad: Option<Bad>,
}

/// Reads and hashes the events after `before` up to `end`.
///
/// SQLite hands its rows from thread to thread one by one, which costs more than to hash them. So there
/// the events are first read packed, many in one row; only a part in which something is amiss is read
/// again event by event, to say what.
async fn read_part(connection: &mut Connection<'_>, before: i64, end: i64) -> Result<Part, Fault> {
    if connection.kind() == Kind::Sqlite && is_sound(connection, before, end).await? {
        return Ok(Part { events: end - before, bad: None });
    }
    read_events(connection, before, end).await
}

/// Whether the events after `before` up to `end` are all there and hash as they should, read packed.
async fn is_sound(connection: &mut Connection<'_>, before: i64, end: i64) -> Result<bool, Fault> {
    let mut previous = match before {
        0 => GENESIS,
        _ => match hash_at(connection, before).await? {
            Some(hash) => hash,
            None => return Ok(false),
        },
    };
    let sql = pack::packed_sql();
    let mut after = before;
    while after < end {
        let until = (after + pack::EVENTS).min(end);
        let rows = match connection.fetch("reading events", &sql, &[after.into(), until.into()]).await {
            Ok(rows) => rows,
            // What SQLite cannot pack is looked at singly.
            Err(_) => return Ok(false),
        };
        let packed = rows.first().map(|row| row.cell(0));
        let Some(Cell::Bytes(packed)) = packed else { return Ok(false) };
        match pack::check(packed, after + 1, until, previous) {
            Some(hash) => previous = hash,
            None => return Ok(false),
        }
        after = until;
    }
    Ok(true)
}

/// Reads and hashes events one by one.
async fn read_events(connection: &mut Connection<'_>, before: i64, end: i64) -> Result<Part, Fault> {
    let mut findings = Findings::default();
    // The hash before the part; where that event is missing or broken, the part before says so.
    let mut previous = match before {
        0 => Some(GENESIS),
        _ => hash_at(connection, before).await?,
    };
    let mut expected = before + 1;
    let mut events = 0;
    let sql =
        format!("SELECT {EVENT_COLUMNS} FROM event WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence");
    connection
        .for_each("reading events", &sql, &[before.into(), end.into()], |row| {
            events += 1;
            let Cell::Int(sequence) = row.cell(0) else { return Ok(()) };
            if sequence != expected {
                findings.add(expected, "the event is missing");
                previous = None;
            }
            expected = sequence + 1;
            if findings.first.is_none() {
                match check_event(&row, sequence, previous.as_ref()) {
                    Ok(hash) => previous = Some(hash),
                    Err(fault) => findings.add(sequence, fault),
                }
            }
            Ok(())
        })
        .await?;
    if expected <= end {
        findings.add(expected, "the event is missing");
    }
    Ok(Part { events, bad: findings.first })
}

/// Hashes an event as it is stored, and gives its stored hash; in words what is wrong, if something is.
fn check_event(row: &Row, sequence: i64, previous: Option<&Digest>) -> Result<Digest, String> {
    let named = |name: &'static str| move |why: &'static str| format!("{name} {why}");
    let column = |at: usize, name| text(row.cell(at)).map_err(named(name));
    let optional = |at: usize, name| optional(row.cell(at)).map_err(named(name));
    let version = match row.cell(4) {
        Cell::Int(version) => u32::try_from(version).map_err(|_| "version is out of range".to_owned())?,
        _ => return Err("version is not a number".to_owned()),
    };
    let header = EventHeader {
        sequence,
        recorded_at: column(1, "recorded_at")?,
        actor: column(2, "actor")?,
        subject: column(3, "subject")?,
        version,
        kind: column(5, "kind")?,
        occurred_on: column(6, "occurred_on")?,
        label: column(7, "label")?,
        reason: optional(8, "reason")?,
        command: column(9, "command")?,
        idempotency_key: optional(10, "idempotency_key")?,
    };
    let salt: &[u8; 16] = match row.cell(11) {
        Cell::Bytes(bytes) => bytes.try_into().map_err(|_| "salt is not 16 bytes".to_owned())?,
        Cell::Null => return Err("the salt is empty, and no erasure names the event".to_owned()),
        _ => return Err("salt is not bytes".to_owned()),
    };
    let payload = match row.cell(12) {
        Cell::Text(bytes) => bytes,
        Cell::Null => return Err("the payload is empty, and no erasure names the event".to_owned()),
        _ => return Err("payload is not text".to_owned()),
    };
    let stored_digest = digest(row.cell(13)).map_err(named("payload_digest"))?;
    let stored_hash = digest(row.cell(14)).map_err(named("hash"))?;
    if payload_digest(salt, payload) != stored_digest {
        return Err("the payload is not the one that was written".to_owned());
    }
    if let Some(previous) = previous
        && event_hash(&header, &stored_digest, previous) != stored_hash
    {
        return Err("the event is not the one that was written after the one before it".to_owned());
    }
    Ok(stored_hash)
}

fn text(cell: Cell<'_>) -> Result<&str, &'static str> {
    match cell {
        Cell::Text(bytes) => std::str::from_utf8(bytes).map_err(|_| "is not UTF-8"),
        Cell::Null => Err("is absent"),
        _ => Err("is not text"),
    }
}

fn optional(cell: Cell<'_>) -> Result<Option<&str>, &'static str> {
    match cell {
        Cell::Null => Ok(None),
        cell => text(cell).map(Some),
    }
}

fn digest(cell: Cell<'_>) -> Result<Digest, &'static str> {
    match cell {
        Cell::Bytes(bytes) => bytes.try_into().map_err(|_| "is not 32 bytes"),
        Cell::Null => Err("is absent"),
        _ => Err("is not bytes"),
    }
}
