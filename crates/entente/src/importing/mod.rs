//! Files that people bring in on the pages: kept for a while, tried as a whole, and imported once the person
//! who sent them says so.
//!
//! | file | what |
//! |---|---|
//! | `kept` | a file as it is kept, and what is written down of it beside it |
//! | `work` | the trial and the import: the same code as the command line's, one at a time |
//!
//! A file lies in a folder of its own with a small record beside it, so that a restart of the server loses
//! neither. What became of it (a report, the first rows) is held in memory alone: after a restart the file is
//! there, and its owner is told to try it again.
//!
//! A file belongs to the session in which it was sent. To everybody else it does not exist.

mod kept;
mod work;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use entente_register::access::Actor;
use entente_register::book::table::Table;
use entente_register::ledger::{Fallible, Refusal};
use entente_store::{Fault, Outcome};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, watch};

use crate::book::{Report, What};
use crate::formats::table::RawRow;
use crate::session::Signed;

pub(crate) use kept::{Kept, Receiving, too_large};
pub(crate) use work::{SHOWN, begin};

/// How long a file is kept after it was last asked for.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// Files that one person may have waiting, and all persons together.
const MOST: (usize, usize) = (5, 40);

/// What a file is gone through for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Purpose {
    /// To see what would become of it.
    Trial,
    /// To keep it.
    Import,
}

/// The first rows of each table, the one with the names of the columns first.
pub(crate) type FirstRows = BTreeMap<Table, Vec<RawRow>>;

/// What became of a file.
#[derive(Debug, Clone)]
pub(crate) struct Done {
    pub(crate) purpose: Purpose,
    pub(crate) report: Report,
    pub(crate) first: FirstRows,
}

/// How it stands with a file.
#[derive(Debug, Clone)]
pub(crate) enum Stage {
    /// Another is gone through; this one follows.
    Waiting(Purpose),
    /// It is gone through.
    Running(Purpose),
    /// It was gone through.
    Done(Arc<Done>),
    /// It cannot be read as what it is said to be, or the person may not.
    Refused(Refusal),
    /// The server ended, or broke, while it was gone through, or before anything was done.
    Interrupted(Option<Purpose>),
}

impl Stage {
    /// Whether nothing is under way.
    pub(crate) fn is_still(&self) -> bool {
        !matches!(self, Stage::Waiting(_) | Stage::Running(_))
    }
}

/// A file and how it stands with it.
pub(crate) struct Entry {
    pub(crate) kept: Kept,
    /// How it stands; whoever waits for the end hears of it.
    pub(crate) stage: watch::Sender<Stage>,
    /// Rows read so far.
    pub(crate) read: AtomicU64,
    /// When it was last asked for, in seconds.
    asked_at: AtomicU64,
}

/// All files that wait, and the turn to go through one.
pub(crate) struct Imports {
    folder: PathBuf,
    entries: Mutex<BTreeMap<String, Arc<Entry>>>,
    /// One is gone through at a time: each holds the ledger for as long as it takes.
    turn: Arc<Semaphore>,
    /// Whether the server is ending.
    ending: Arc<AtomicBool>,
}

impl Imports {
    /// With what lies in the folder from before.
    ///
    /// # Errors
    /// A fault if the folder is there and cannot be read.
    pub(crate) fn open(folder: PathBuf, now: Timestamp) -> Result<Imports, Fault> {
        let entries = kept::find_all(&folder, now)?
            .into_iter()
            .map(|kept| {
                let stage = Stage::Interrupted(kept.under_way());
                (kept.id().to_owned(), Arc::new(Entry::new(kept, stage, now)))
            })
            .collect();
        Ok(Imports {
            folder,
            entries: Mutex::new(entries),
            turn: Arc::new(Semaphore::new(1)),
            ending: Arc::default(),
        })
    }

    /// Room for a file of someone, which is then written to it.
    ///
    /// # Errors
    /// `import.too_many`; a fault if there is no room on the disk.
    pub(crate) async fn receive(
        &self,
        signed: &Signed,
        (what, name): (What, &str),
        id: String,
        now: Timestamp,
    ) -> Outcome<Receiving> {
        self.forget_old(now).await;
        let own = self.of(signed).len();
        if own >= MOST.0 {
            return Err(Refusal::new("import.too_many", format!("{own} files of yours wait already."))
                .field("file")
                .missing("one of them imported or discarded")
                .into());
        }
        if self.entries().len() >= MOST.1 {
            return Err(Refusal::new("import.busy", "Too many files wait at this moment.")
                .field("file")
                .missing("a while, until others have imported or discarded theirs")
                .into());
        }
        Ok(Receiving::begin(&self.folder, signed, (what, name), id, now).await?)
    }

    /// Takes a file in that has arrived whole.
    pub(crate) fn take(&self, kept: Kept, now: Timestamp) -> Arc<Entry> {
        let id = kept.id().to_owned();
        let entry = Arc::new(Entry::new(kept, Stage::Interrupted(None), now));
        self.entries().insert(id, entry.clone());
        entry
    }

    /// A file of this session.
    ///
    /// # Errors
    /// `not_found` where there is none, or none any more, or it is another's.
    pub(crate) async fn find(&self, signed: &Signed, id: &str, now: Timestamp) -> Fallible<Arc<Entry>> {
        self.forget_old(now).await;
        let found = self.entries().get(id).filter(|entry| entry.kept.is_of(signed)).cloned();
        let entry = found.ok_or_else(|| {
            Refusal::new("not_found", "There is no file of yours under this address, or its hour is over.")
                .missing("the file, sent again on the page of imports")
        })?;
        entry.asked(now);
        Ok(entry)
    }

    /// All files of this session, the latest first.
    pub(crate) fn of(&self, signed: &Signed) -> Vec<Arc<Entry>> {
        let mut own: Vec<_> =
            self.entries().values().filter(|entry| entry.kept.is_of(signed)).cloned().collect();
        own.sort_by(|a, b| {
            b.kept.received_at().cmp(&a.kept.received_at()).then_with(|| a.kept.id().cmp(b.kept.id()))
        });
        own
    }

    /// Throws a file away.
    ///
    /// # Errors
    /// `import.under_way`.
    pub(crate) async fn discard(&self, entry: &Entry) -> Fallible<()> {
        if !entry.stage.borrow().is_still() {
            return Err(Refusal::new("import.under_way", "The file is gone through at this moment.")
                .missing("its end"));
        }
        self.entries().remove(entry.kept.id());
        entry.kept.remove().await;
        Ok(())
    }

    /// Throws away what nobody has asked for within the hour.
    pub(crate) async fn forget_old(&self, now: Timestamp) {
        let old: Vec<Arc<Entry>> = {
            let mut entries = self.entries();
            let old: Vec<_> = entries.values().filter(|entry| entry.is_old(now)).cloned().collect();
            for entry in &old {
                entries.remove(entry.kept.id());
            }
            old
        };
        for entry in old {
            entry.kept.remove().await;
        }
    }

    /// The server ends: what is gone through is given up where its rows are not all read.
    pub(crate) fn end(&self) {
        self.ending.store(true, Ordering::Relaxed);
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Entry>>> {
        // A map is whole after every step, whoever panicked between two.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn new(kept: Kept, stage: Stage, now: Timestamp) -> Entry {
        let (stage, _) = watch::channel(stage);
        let entry = Entry { kept, stage, read: AtomicU64::new(0), asked_at: AtomicU64::new(0) };
        entry.asked(now);
        entry
    }

    fn asked(&self, now: Timestamp) {
        self.asked_at.store(u64::try_from(now.as_second()).unwrap_or(0), Ordering::Relaxed);
    }

    fn is_old(&self, now: Timestamp) -> bool {
        let asked = i64::try_from(self.asked_at.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        self.stage.borrow().is_still() && now.as_second().saturating_sub(asked) > KEPT.as_secs()
    }

    /// How it stands.
    pub(crate) fn stage(&self) -> Stage {
        self.stage.borrow().clone()
    }

    /// Waits a little for the end of what is under way: most files are short.
    pub(crate) async fn wait(&self, at_most: std::time::Duration) {
        let mut told = self.stage.subscribe();
        // Whether it ended or the time did, the page says how it stands.
        let _ = tokio::time::timeout(at_most, told.wait_for(Stage::is_still)).await;
    }
}

/// Who may bring something in at all.
pub(crate) fn offered(actor: &Actor) -> Vec<What> {
    use clap::ValueEnum as _;
    What::value_variants().iter().copied().filter(|what| what.check(actor).is_ok()).collect()
}
