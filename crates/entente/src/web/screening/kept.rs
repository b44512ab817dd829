//! What came of files of parties, kept in memory for a while: the page of it is read, turned and saved again without
//! the file being sent again.
//!
//! It is no fact and no paper: nothing of it is in the register, and a restart forgets it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use entente_screening::score::Score;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::session::Signed;

/// How long it is kept.
const KEPT: SignedDuration = SignedDuration::from_mins(60);

/// Answers that are kept at most; the oldest goes first.
const MOST: usize = 8;

/// An entry that a party may be.
#[derive(Debug, Clone)]
pub(crate) struct FileHit {
    pub(crate) list: String,
    pub(crate) binding: bool,
    pub(crate) entry: String,
    pub(crate) caption: String,
    pub(crate) score: Score,
}

/// A party of a file, and what came of it.
#[derive(Debug, Clone)]
pub(crate) struct FileRow {
    /// Its place among the parties of the file, from 1.
    pub(crate) place: usize,
    pub(crate) id: String,
    pub(crate) name: String,
    /// The best first.
    pub(crate) hits: Vec<FileHit>,
    /// Whether there were more hits than are kept.
    pub(crate) more: bool,
    /// Whether there was nothing of it that could be compared.
    pub(crate) nothing: bool,
}

/// What came of a file.
#[derive(Debug, Clone)]
pub(crate) struct FileAnswer {
    pub(crate) id: String,
    /// The name of the file.
    pub(crate) name: String,
    /// Those with hits first, the best before the others; then those that could not be compared.
    pub(crate) rows: Vec<FileRow>,
    /// Why nobody is cleared, list by list.
    pub(crate) held: Vec<String>,
    /// Lists with their editions, by name.
    pub(crate) editions: Vec<super::EditionCells>,
    /// By what it was given, in words.
    pub(crate) by: String,
    pub(crate) as_of: Date,
    pub(crate) made_at: Timestamp,
    /// Whose it is: the session's own mark.
    owner: String,
}

impl FileAnswer {
    /// Of a session.
    pub(crate) fn of(
        signed: &Signed,
        id: String,
        name: String,
        (made_at, as_of): (Timestamp, Date),
    ) -> FileAnswer {
        FileAnswer::empty(owner(signed), id, name, (made_at, as_of))
    }

    fn empty(owner: String, id: String, name: String, (made_at, as_of): (Timestamp, Date)) -> FileAnswer {
        FileAnswer {
            id,
            name,
            rows: Vec::new(),
            held: Vec::new(),
            editions: Vec::new(),
            by: String::new(),
            as_of,
            made_at,
            owner,
        }
    }
}

#[cfg(test)]
impl FileAnswer {
    /// Of nobody.
    pub(crate) fn sample(name: &str, made_at: Timestamp, as_of: Date) -> FileAnswer {
        FileAnswer::empty(String::new(), "00".to_owned(), name.to_owned(), (made_at, as_of))
    }
}

/// The session, as its own forms know it.
fn owner(signed: &Signed) -> String {
    format!("{} {}", signed.actor().account, signed.session.csrf)
}

/// The answers that are kept.
#[derive(Debug, Default)]
pub(crate) struct FileAnswers(Mutex<VecDeque<Arc<FileAnswer>>>);

impl FileAnswers {
    /// Keeps an answer in the place of the session's last one.
    pub(crate) fn keep(&self, answer: FileAnswer) -> Arc<FileAnswer> {
        let answer = Arc::new(answer);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|own| own.owner != answer.owner && answer.made_at.duration_since(own.made_at) < KEPT);
        if kept.len() >= MOST {
            kept.pop_front();
        }
        kept.push_back(answer.clone());
        answer
    }

    /// The answer of this session, if it is kept still.
    pub(crate) fn find(&self, signed: &Signed, id: &str, now: Timestamp) -> Option<Arc<FileAnswer>> {
        let owner = owner(signed);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|own| now.duration_since(own.made_at) < KEPT);
        kept.iter().find(|own| own.id == id && own.owner == owner).cloned()
    }
}
