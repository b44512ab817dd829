//! Checkpoints: the head of the ledger, signed, in the database and in a file outside it.
//!
//! The chain alone cannot show that its tail was cut off. A checkpoint can: it says with an
//! Ed25519 signature that at a time the ledger stood at a sequence with a hash. Whoever cuts the
//! tail off and the table's row with it has still to change the file, and to sign with a key that
//! stands in neither.

use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use entente_register::ledger::{Digest, Refusal, instant_text, parse_instant};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::Head;
use super::verify::VerifyOptions;
use crate::clock::Entropy;
use crate::database::{Cell, Connection, DatabaseUrl, Row};
use crate::error::{Fault, FaultKind, Outcome};
use crate::reader::last_read;
use crate::store::Store;

const TAG: &[u8] = b"entente checkpoint v1\n";

/// Of a checkpoint that also says where the log of reads stood.
const TAG_WITH_READS: &[u8] = b"entente checkpoint v2\n";

/// Where the signing key and the checkpoints outside the database are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckpointFiles {
    /// The secret key, readable by its owner only. Made on first use.
    pub key: PathBuf,
    /// The checkpoints, one JSON object a line.
    pub checkpoints: PathBuf,
}

impl CheckpointFiles {
    /// `PATH.key` and `PATH.checkpoints`.
    pub fn beside(path: &Path) -> CheckpointFiles {
        let with = |ending: &str| {
            let mut name = path.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        CheckpointFiles { key: with(".key"), checkpoints: with(".checkpoints") }
    }
}

/// The SHA-256 of a public key: short enough to be written on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint(String);

impl Fingerprint {
    fn of(public_key: &[u8; 32]) -> Fingerprint {
        Fingerprint(hex::encode(sha2::Sha256::digest(public_key)))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Fingerprint, Refusal> {
        let text = text.trim().to_ascii_lowercase();
        if text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Fingerprint(text));
        }
        Err(Refusal::new("checkpoint.fingerprint", "The fingerprint of the key cannot be read.")
            .field("key")
            .missing("64 hexadecimal digits"))
    }
}

/// A signed statement of where the ledger stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Sequence of the last event then.
    pub sequence: i64,
    /// Its hash.
    pub hash: Digest,
    /// The last row of the log of reads then: its sequence, 0 for none, and its hash. Absent in checkpoints
    /// that were signed before this was kept.
    pub reads: Option<(i64, Digest)>,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// The key that signed, Ed25519.
    pub public_key: [u8; 32],
    /// The signature, Ed25519.
    pub signature: [u8; 64],
}

/// A checkpoint as a line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    hash: String,
    public_key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reads: Option<WrittenReads>,
    sequence: i64,
    signature: String,
    signed_at: String,
}

/// Where the log of reads stood, in a line of the file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenReads {
    hash: String,
    sequence: i64,
}

impl Checkpoint {
    fn sign(head: &Head, reads: (i64, Digest), signed_at: Timestamp, key: &SigningKey) -> Checkpoint {
        let mut checkpoint = Checkpoint {
            sequence: head.sequence,
            hash: head.hash,
            reads: Some(reads),
            signed_at,
            public_key: key.verifying_key().to_bytes(),
            signature: [0; 64],
        };
        checkpoint.signature = key.sign(&checkpoint.message()).to_bytes();
        checkpoint
    }

    /// What is signed.
    fn message(&self) -> Vec<u8> {
        let signed_at = self.signed_at_text();
        let tag = if self.reads.is_some() { TAG_WITH_READS } else { TAG };
        let mut message = tag.to_vec();
        message.extend_from_slice(&self.sequence.to_be_bytes());
        message.extend_from_slice(&self.hash);
        if let Some((sequence, hash)) = &self.reads {
            message.extend_from_slice(&sequence.to_be_bytes());
            message.extend_from_slice(hash);
        }
        message.extend_from_slice(&(signed_at.len() as u64).to_be_bytes());
        message.extend_from_slice(signed_at.as_bytes());
        message
    }

    /// Whether it bears the signature of the key that it names.
    pub fn is_signed(&self) -> bool {
        let message = self.message();
        VerifyingKey::from_bytes(&self.public_key)
            .is_ok_and(|key| key.verify_strict(&message, &Signature::from_bytes(&self.signature)).is_ok())
    }

    /// The fingerprint of its key.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.public_key)
    }

    /// When it was signed, as it is written.
    pub fn signed_at_text(&self) -> String {
        instant_text(self.signed_at)
    }

    fn line(&self) -> Result<String, Fault> {
        let written = Written {
            hash: hex::encode(self.hash),
            public_key: hex::encode(self.public_key),
            reads: self.reads.map(|(sequence, hash)| WrittenReads { hash: hex::encode(hash), sequence }),
            sequence: self.sequence,
            signature: hex::encode(self.signature),
            signed_at: self.signed_at_text(),
        };
        serde_json::to_string(&written).map_err(|e| Fault::internal("writing a checkpoint", e))
    }

    fn read_line(line: &str) -> Option<Checkpoint> {
        let written: Written = serde_json::from_str(line).ok()?;
        let reads = match written.reads {
            Some(reads) => Some((reads.sequence, unhex(&reads.hash)?)),
            None => None,
        };
        Some(Checkpoint {
            sequence: written.sequence,
            hash: unhex(&written.hash)?,
            reads,
            signed_at: parse_instant("signed_at", &written.signed_at).ok()?,
            public_key: unhex(&written.public_key)?,
            signature: unhex(&written.signature)?,
        })
    }

    fn read_row(row: &Row) -> Option<Checkpoint> {
        let (Cell::Int(sequence), Cell::Text(signed_at)) = (row.cell(0), row.cell(2)) else { return None };
        let bytes = |column| match row.cell(column) {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        };
        let reads = match (row.cell(5), row.cell(6)) {
            (Cell::Null, Cell::Null) => None,
            (Cell::Int(sequence), Cell::Bytes(hash)) => Some((sequence, hash.try_into().ok()?)),
            _ => return None,
        };
        Some(Checkpoint {
            sequence,
            hash: bytes(1)?.try_into().ok()?,
            reads,
            signed_at: parse_instant("signed_at", std::str::from_utf8(signed_at).ok()?).ok()?,
            public_key: bytes(3)?.try_into().ok()?,
            signature: bytes(4)?.try_into().ok()?,
        })
    }
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    hex::decode(text).ok()?.try_into().ok()
}

impl Store {
    /// Where checkpoints of this register are kept if nobody says: beside the file of SQLite. None for a server.
    pub fn checkpoint_files(&self) -> Option<CheckpointFiles> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => Some(CheckpointFiles::beside(path)),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// Signs the head of the ledger and writes the checkpoint to the database and to the file.
    ///
    /// # Errors
    /// `checkpoint.empty` if the ledger has no event; `checkpoint.key` if the key file holds no key; a fault otherwise.
    pub async fn checkpoint(&self, files: &CheckpointFiles) -> Outcome<Checkpoint> {
        let key = open_key(&files.key, &self.entropy)?;
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        let head = Head::lock(&mut connection).await?;
        if head.sequence == 0 {
            transaction.rollback().await;
            return Err(Refusal::new("checkpoint.empty", "The ledger has no event.")
                .missing("a register that is founded")
                .into());
        }
        // To the microsecond, as it is signed and written.
        let signed_at = Timestamp::from_microsecond(self.now().as_microsecond())
            .map_err(|e| Fault::internal("signing a checkpoint", e))?;
        let reads = last_read(&mut connection).await?;
        let checkpoint = Checkpoint::sign(&head, reads, signed_at, &key);
        connection
            .execute(
                "writing a checkpoint",
                "INSERT INTO checkpoint (sequence, hash, signed_at, public_key, signature, reads_sequence, reads_hash) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sequence, signed_at) DO NOTHING",
                &[
                    checkpoint.sequence.into(),
                    checkpoint.hash.as_slice().into(),
                    checkpoint.signed_at_text().into(),
                    checkpoint.public_key.as_slice().into(),
                    checkpoint.signature.as_slice().into(),
                    reads.0.into(),
                    reads.1.as_slice().into(),
                ],
            )
            .await?;
        // The file first: what it says is true whether or not the row is kept.
        append_line(&files.checkpoints, &checkpoint.line()?)?;
        transaction.commit().await?;
        Ok(checkpoint)
    }

    /// Signs the head of the ledger if the last checkpoint is older than `every` and events, or reads that
    /// are logged, came after it.
    ///
    /// # Errors
    /// As [`Store::checkpoint`], but an empty ledger is simply not signed.
    pub async fn checkpoint_if_due(
        &self,
        files: &CheckpointFiles,
        every: SignedDuration,
    ) -> Outcome<Option<Checkpoint>> {
        let doing = "looking for the last checkpoint";
        let mut transaction = self.database.read().await?;
        let mut connection = transaction.connection();
        let head = Head::read(&mut connection).await?;
        let row = connection
            .fetch_optional(
                doing,
                "SELECT sequence, signed_at, coalesce(reads_sequence, 0) FROM checkpoint ORDER BY signed_at DESC, sequence DESC LIMIT 1",
                &[],
            )
            .await?;
        let reads = last_read(&mut connection).await?.0;
        drop(transaction);
        let due = match row {
            None => true,
            Some(row) => {
                let signed_at = parse_instant("signed_at", row.text_ref(1)?)
                    .map_err(|refusal| Fault::damaged(doing, refusal.message))?;
                let moved = row.int(0)? != head.sequence || row.int(2)? != reads;
                moved && self.now().duration_since(signed_at) >= every
            }
        };
        if head.sequence == 0 || !due {
            return Ok(None);
        }
        self.checkpoint(files).await.map(Some)
    }

    /// What `verify` compares the ledger with, from outside the database.
    pub(super) fn expected_checkpoints(&self, options: &VerifyOptions) -> Outcome<Expected> {
        let files = options.files.clone().or_else(|| self.checkpoint_files());
        let mut expected = Expected { pinned: options.key.clone(), own: None, file: Vec::new() };
        let Some(files) = files else { return Ok(expected) };
        if files.key.exists() {
            expected.own = Some(Fingerprint::of(&read_key(&files.key)?.verifying_key().to_bytes()));
        }
        let text = match std::fs::read(&files.checkpoints) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && options.files.is_none() => String::new(),
            Err(e) => {
                return Err(Refusal::new(
                    "checkpoint.file",
                    format!("The file of checkpoints cannot be read: {e}."),
                )
                .field("checkpoints")
                .missing("a file that can be read")
                .into());
            }
        };
        // A last line without its end was being written when the machine stopped: it was never promised.
        for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            if !line.trim().is_empty() {
                expected.file.push(Checkpoint::read_line(line));
            }
        }
        Ok(expected)
    }
}

/// Where a checkpoint was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The file outside the database.
    File,
    /// The table.
    Table,
}

impl Origin {
    /// For messages.
    pub(super) fn word(self) -> &'static str {
        match self {
            Origin::File => "file",
            Origin::Table => "table",
        }
    }
}

/// The checkpoints that a ledger must agree with.
pub(super) struct Expected {
    /// The key that the caller names: every checkpoint must be signed by it.
    pinned: Option<Fingerprint>,
    /// The key beside the register: the file must be signed by it. A restored register keeps in its
    /// table the checkpoints of the place that it comes from.
    own: Option<Fingerprint>,
    /// What the file says; none for a line that cannot be read.
    file: Vec<Option<Checkpoint>>,
}

impl Expected {
    /// The key by which a checkpoint must be signed.
    pub(super) fn key(&self, origin: Origin) -> Option<&Fingerprint> {
        match origin {
            Origin::File => self.pinned.as_ref().or(self.own.as_ref()),
            Origin::Table => self.pinned.as_ref(),
        }
    }

    /// All checkpoints; none for what cannot be read.
    pub(super) async fn all(
        &self,
        connection: &mut Connection<'_>,
    ) -> Result<Vec<(Origin, Option<Checkpoint>)>, Fault> {
        let mut all: Vec<_> =
            self.file.iter().cloned().map(|checkpoint| (Origin::File, checkpoint)).collect();
        let rows = connection
            .fetch(
                "reading checkpoints",
                "SELECT sequence, hash, signed_at, public_key, signature, reads_sequence, reads_hash FROM checkpoint ORDER BY sequence, signed_at",
                &[],
            )
            .await?;
        for row in rows {
            let checkpoint = Checkpoint::read_row(&row);
            // The same one from the file is enough.
            if checkpoint.is_none() || !self.file.contains(&checkpoint) {
                all.push((Origin::Table, checkpoint));
            }
        }
        Ok(all)
    }
}

/// The signing key; made on first use, for its owner's eyes only.
fn open_key(path: &Path, entropy: &Entropy) -> Outcome<SigningKey> {
    if path.exists() {
        return read_key(path);
    }
    let key = SigningKey::from_bytes(&entropy.bytes());
    let doing = "making the key that signs checkpoints";
    create_folder(path, doing)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|e| fault(doing, &e))?;
    file.write_all(format!("{}\n", hex::encode(key.to_bytes())).as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|e| fault(doing, &e))?;
    Ok(key)
}

fn read_key(path: &Path) -> Outcome<SigningKey> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    match unhex(text.trim()) {
        Some(bytes) => Ok(SigningKey::from_bytes(&bytes)),
        None => Err(Refusal::new("checkpoint.key", "The key that signs checkpoints cannot be read.")
            .field("key")
            .missing(format!("a key in {}", path.display()))
            .into()),
    }
}

fn append_line(path: &Path, line: &str) -> Result<(), Fault> {
    let doing = "writing a checkpoint to its file";
    create_folder(path, doing)?;
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .read(true)
        .append(true)
        .open(path)
        .map_err(|e| fault(doing, &e))?;
    let mut work = || {
        // What a stop of the machine left of a line was never promised, and is cut off: ended with a line of
        // its own it would be a checkpoint that nobody can read, for ever.
        let written = std::fs::read(path)?;
        let whole = written.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < written.len() {
            file.set_len(whole as u64)?;
        }
        file.write_all(format!("{line}\n").as_bytes())?;
        file.sync_all()
    };
    work().map_err(|e| fault(doing, &e))
}

fn create_folder(path: &Path, doing: &str) -> Result<(), Fault> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => std::fs::create_dir_all(folder).map_err(|e| fault(doing, &e)),
        None => Ok(()),
    }
}

fn fault(doing: &str, error: &std::io::Error) -> Fault {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull => FaultKind::DiskFull,
        _ => FaultKind::Internal,
    };
    Fault { kind, doing: doing.to_owned(), cause: error.to_string() }
}
