//! A file as it is kept, and what is written down of it beside it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use entente_register::ledger::Refusal;
use entente_store::{Fault, FaultKind, Outcome};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt as _;

use super::{KEPT, Purpose};
use crate::book::What;
use crate::session::Signed;

/// What is written down of a file. It holds no word of its content.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    account: String,
    /// SHA-256 of the session's token: the token itself stays with its browser.
    session: String,
    what: String,
    file: String,
    /// The name that it came under.
    name: String,
    size: u64,
    content: String,
    category: Option<String>,
    received_at: Timestamp,
    under_way: Option<Purpose>,
}

/// The name of the record beside a file.
const RECORD: &str = "record.json";

/// A file that has arrived whole.
#[derive(Debug)]
pub(crate) struct Kept {
    id: String,
    folder: PathBuf,
    what: What,
    record: Record,
}

impl Kept {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn what(&self) -> What {
        self.what
    }

    /// The name under which it came.
    pub(crate) fn name(&self) -> &str {
        &self.record.name
    }

    pub(crate) fn size(&self) -> u64 {
        self.record.size
    }

    /// SHA-256 of its bytes, hexadecimal.
    pub(crate) fn content(&self) -> &str {
        &self.record.content
    }

    /// The control-list entry of what an OCDS package classifies by other lists.
    pub(crate) fn category(&self) -> Option<&str> {
        self.record.category.as_deref()
    }

    pub(crate) fn received_at(&self) -> Timestamp {
        self.record.received_at
    }

    /// What was under way when the record was last written.
    pub(crate) fn under_way(&self) -> Option<Purpose> {
        self.record.under_way
    }

    /// Whether it belongs to this session.
    pub(crate) fn is_of(&self, signed: &Signed) -> bool {
        self.record.account == signed.actor().account && self.record.session == session(signed)
    }

    /// Where its bytes lie.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(&self.record.file)
    }

    /// Writes down what is under way, so that a restart can tell.
    ///
    /// # Errors
    /// A fault if it cannot be written.
    pub(crate) fn note(&self, under_way: Option<Purpose>) -> Result<(), Fault> {
        write_record(&self.folder, &Record { under_way, ..self.record.clone() })
    }

    /// Whether the bytes are those that were sent. A file can be as large as memory, and is read in pieces.
    ///
    /// # Errors
    /// A fault if it cannot be read.
    pub(crate) fn is_whole(&self) -> Result<bool, Fault> {
        let mut digest = Sha256::new();
        let mut file =
            std::fs::File::open(self.path()).map_err(|e| broke("reading a file that waits", &e))?;
        let mut piece = vec![0; 1 << 16];
        loop {
            let read = file.read(&mut piece).map_err(|e| broke("reading a file that waits", &e))?;
            if read == 0 {
                break;
            }
            digest.update(&piece[..read]);
        }
        Ok(hex::encode(digest.finalize()) == self.record.content)
    }

    /// Takes the bytes away.
    pub(crate) async fn remove(&self) {
        if let Err(error) = tokio::fs::remove_dir_all(&self.folder).await
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "a file that was brought in could not be taken away");
        }
    }
}

/// A file that is arriving. What does not arrive whole is taken away.
pub(crate) struct Receiving {
    id: String,
    folder: PathBuf,
    what: What,
    record: Record,
    file: tokio::fs::File,
    digest: Sha256,
    is_kept: bool,
}

impl Receiving {
    pub(super) async fn begin(
        all: &Path,
        signed: &Signed,
        (what, name): (What, &str),
        id: String,
        now: Timestamp,
    ) -> Result<Receiving, Fault> {
        let doing = "keeping a file that is brought in";
        let folder = all.join(&id);
        make_folder(&folder).map_err(|e| broke(doing, &e))?;
        let file = safe(name);
        let opened = tokio::fs::File::create(folder.join(&file)).await.map_err(|e| broke(doing, &e))?;
        let record = Record {
            account: signed.actor().account.clone(),
            session: session(signed),
            what: what.word().to_owned(),
            name: shown(name),
            file,
            size: 0,
            content: String::new(),
            category: None,
            received_at: now,
            under_way: None,
        };
        Ok(Receiving { id, folder, what, record, file: opened, digest: Sha256::new(), is_kept: false })
    }

    /// Takes a piece of it.
    ///
    /// # Errors
    /// `import.too_large` beyond the limit; a fault if it cannot be written.
    pub(crate) async fn write(&mut self, piece: &[u8], limit: u64) -> Outcome<()> {
        self.record.size = self.record.size.saturating_add(piece.len() as u64);
        if self.record.size > limit {
            return Err(too_large(limit).into());
        }
        self.digest.update(piece);
        let written = self.file.write_all(piece).await;
        Ok(written.map_err(|e| broke("keeping a file that is brought in", &e))?)
    }

    /// It has arrived whole.
    ///
    /// # Errors
    /// `import.empty`; a fault if it cannot be written.
    pub(crate) async fn finish(mut self, category: Option<String>) -> Outcome<Kept> {
        if self.record.size == 0 {
            return Err(Refusal::new("import.empty", "The file is empty, or none was chosen.")
                .field("file")
                .missing("a file with rows in it")
                .into());
        }
        let done = self.file.flush().await;
        done.map_err(|e| broke("keeping a file that is brought in", &e))?;
        self.record.content = hex::encode(std::mem::take(&mut self.digest).finalize());
        self.record.category = category;
        write_record(&self.folder, &self.record)?;
        self.is_kept = true;
        Ok(Kept {
            id: self.id.clone(),
            folder: self.folder.clone(),
            what: self.what,
            record: self.record.clone(),
        })
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if !self.is_kept {
            // What is left behind here goes when the server starts again.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A file that is larger than is taken.
pub(crate) fn too_large(limit: u64) -> Refusal {
    let most = limit >> 20;
    Refusal::new("import.too_large", format!("The file is larger than the {most} MiB that are taken here."))
        .field("file")
        .missing(
            "a smaller file, or the command line on the machine of the register, which has no limit for CSV",
        )
}

/// What lies in the folder from before; what is not whole, or too old, is taken away.
pub(super) fn find_all(all: &Path, now: Timestamp) -> Result<Vec<Kept>, Fault> {
    let doing = "looking for files that wait";
    let entries = match std::fs::read_dir(all) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(broke(doing, &error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let folder = entry.map_err(|e| broke(doing, &e))?.path();
        let id = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Whatever else lies there is not ours to take away.
        if id.len() != 32 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            continue;
        }
        match read_record(&folder) {
            Some((record, what)) if now.duration_since(record.received_at) <= KEPT => {
                found.push(Kept { id, folder, what, record });
            }
            _ => std::fs::remove_dir_all(&folder).map_err(|e| broke(doing, &e))?,
        }
    }
    Ok(found)
}

fn read_record(folder: &Path) -> Option<(Record, What)> {
    let record: Record = serde_json::from_slice(&std::fs::read(folder.join(RECORD)).ok()?).ok()?;
    let what = What::named(&record.what)?;
    (safe(&record.file) == record.file && folder.join(&record.file).is_file()).then_some((record, what))
}

fn write_record(folder: &Path, record: &Record) -> Result<(), Fault> {
    let doing = "keeping the record of a file that is brought in";
    let bytes = serde_json::to_vec(record).map_err(|e| Fault::internal(doing, e))?;
    // Written whole beside it first: half a record would lose the file.
    let new = folder.join("record.new");
    std::fs::write(&new, bytes)
        .and_then(|()| std::fs::rename(&new, folder.join(RECORD)))
        .map_err(|e| broke(doing, &e))
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        // What is brought in may be marked; nobody else on the machine reads it.
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn session(signed: &Signed) -> String {
    hex::encode(Sha256::digest(signed.token.as_bytes()))
}

/// The name for people, without what a page or a log would stumble over.
fn shown(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// The name on the disk: letters, digits and the ending, which says what the file is.
fn safe(name: &str) -> String {
    let shown = shown(name);
    let (stem, ending) = shown.rsplit_once('.').unwrap_or((&shown, ""));
    let clean = |text: &str, most: usize| -> String {
        text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).take(most).collect()
    };
    let stem = clean(stem, 60);
    let ending = clean(ending, 10);
    match (stem.as_str(), ending.as_str()) {
        ("" | "record", ending) => format!("file.{ending}"),
        (stem, "") => format!("{stem}."),
        (stem, ending) => format!("{stem}.{ending}"),
    }
}

fn broke(doing: &str, error: &std::io::Error) -> Fault {
    let kind = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => FaultKind::DiskFull,
        _ => FaultKind::Internal,
    };
    Fault { kind, doing: doing.to_owned(), cause: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_nowhere_else() {
        for (name, on_disk) in [
            ("contracts.csv", "contracts.csv"),
            ("../../etc/passwd", "passwd."),
            ("C:\\books\\lines 2012.xlsx", "lines2012.xlsx"),
            ("record.json", "file.json"),
            ("договоры.csv", "file.csv"),
            (".csv", "file.csv"),
            ("..", "file."),
            ("", "file."),
        ] {
            assert_eq!(safe(name), on_disk, "{name}");
            assert_eq!(safe(on_disk), on_disk, "{name}");
        }
        assert_eq!(shown("C:\\books\\lines\u{7} 2012.xlsx"), "lines 2012.xlsx");
    }
}
