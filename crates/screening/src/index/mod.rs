//! Finding the entries that a query may mean without comparing it with all.
//!
//! The entries' words are kept once each ([`vocabulary`]), and for a word of the query every word of the list that the
//! scorer would pair with it is found, with how alike it is; words that were cut otherwise are found by their
//! consonants, first letters by the letters ([`acronyms`]), Han by what other languages than Mandarin read it as,
//! identifiers by themselves. Names stand in the order of how
//! much they tell, so that only so many words of a query are looked for as a name must have of it, the rarest
//! first ([`search`]); and a name is compared only if what may have met of it can reach what is asked ([`bound`]).
//!
//! **What is lost.** Nothing but one kind: every pair that [`crate::compare`] makes is of one of these, and the sum is
//! never less than the score. The exception is a word of another script for several in Latin letters as one: it is found
//! where its plain romanisation has their consonants, and the scorer compares it letter by letter. The tests compare
//! with brute force.

mod acronyms;
mod bound;
mod build;
mod cut;
mod known;
mod latins;
mod remembered;
mod search;
mod touch;
mod trie;
mod units;
mod vocabulary;
mod weigh;

use std::borrow::Cow;

use rustc_hash::FxHashMap as HashMap;

use crate::entity::{Entity, Ready};
use crate::score::{Score, score_among, score_from};
use acronyms::Acronyms;
use known::Known;
use vocabulary::Vocabulary;

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The place of the entry.
    pub entry: usize,
    /// How alike, and why.
    pub score: Score,
}

/// A name of an entry.
#[derive(Debug, Clone, Copy)]
struct Named {
    entry: u32,
    /// The weight of what is told against it where it does not meet, in hundredths.
    told: u16,
    /// The same, by which names stand in order; nothing of names that may be met otherwise than word by word.
    order: u16,
    /// First letters of names in it: each may meet a word.
    initials: u8,
    /// Its place among the names of the entry.
    place: u8,
    person: bool,
}

impl Named {
    /// The bit of a weight of a word that tells nothing against a name where it does not meet.
    const SILENT: u8 = 128;
}

/// In the place of a weight: several words of a name as one.
const JOINED_WORDS: u8 = u8::MAX;

/// What names tell at most that are short ones, in hundredths.
const SHORT: u16 = 130;

/// How many of a query's words are looked for, by what that costs.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Words of a list up to which all that may be paired with any word of a query are found.
    words: usize,
    /// Names that have the words of a query up to which all of these are looked for in a list of more words.
    names: u32,
    /// Names that are touched from which on words that were not looked for are laid over them.
    touched: usize,
}

impl Default for Effort {
    fn default() -> Effort {
        Effort { words: 20_000, names: 2_000, touched: 2_000 }
    }
}

/// Entries up to which all are kept ready to be compared. Of a longer list, whose memory counts, those that are to be
/// compared are made ready when they are.
const READY: usize = 100_000;

/// An index of entries.
#[derive(Debug, Default)]
pub struct Index {
    entities: Vec<Entity>,
    ready: Vec<Ready>,
    known: Known,
    /// Names in their order.
    names: Vec<Named>,
    /// The words of each name with their weights in hundredths, and where they begin.
    words: Vec<(u32, u8)>,
    words_at: Vec<u32>,
    vocabulary: Vocabulary,
    /// The names that have each word, in their order, and where they begin.
    postings: Vec<u32>,
    postings_at: Vec<u32>,
    numbers: HashMap<u32, Vec<u32>>,
    /// Names by the consonants of words that stand beside each other, in the order of these.
    runs: Vec<(u32, u32)>,
    acronyms: Acronyms,
    by_identifier: HashMap<Box<str>, Vec<u32>>,
    effort: Effort,
}

impl Index {
    /// Makes the index.
    pub fn new(entities: Vec<Entity>) -> Index {
        build::index(entities)
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// All entries, in the order of the list.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// An entry.
    pub fn entity(&self, place: usize) -> Option<&Entity> {
        self.entities.get(place)
    }

    /// An entry, ready to be compared.
    fn ready(&self, place: usize) -> Cow<'_, Ready> {
        match self.ready.get(place) {
            Some(ready) => Cow::Borrowed(ready),
            None => Cow::Owned(Ready::new(&self.entities[place])),
        }
    }

    /// The words of a name.
    fn words_of(&self, name: u32) -> &[(u32, u8)] {
        let at = |place: usize| self.words_at[place] as usize;
        &self.words[at(name as usize)..at(name as usize + 1)]
    }

    /// The names that stand in order up to so much as they tell.
    fn names_until(&self, order: u16) -> u32 {
        self.names.partition_point(|name| name.order <= order) as u32
    }

    /// The names that have a word, of the first so many.
    fn names_with(&self, word: u32, first: u32) -> &[u32] {
        let at = |place: usize| self.postings_at[place] as usize;
        let all = &self.postings[at(word as usize)..at(word as usize + 1)];
        match all.last() {
            Some(last) if *last >= first => &all[..all.partition_point(|name| *name < first)],
            _ => all,
        }
    }

    /// How many names have a word.
    fn frequency(&self, word: u32) -> u32 {
        self.postings_at[word as usize + 1] - self.postings_at[word as usize]
    }

    /// The entries that score at least so much, the best first.
    pub fn find(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        let candidates = self.candidates(query, threshold);
        let of_entries = candidates.chunk_by(|one, other| one.entry == other.entry);
        sorted(of_entries.filter_map(|found| {
            let entry = found.first()?.entry as usize;
            // Names that cannot reach the threshold are not compared: they are not the best of a hit.
            let asked = |own: usize, other: usize| found.iter().any(|found| found.asks(own, other));
            let score = score_among(query, &self.ready(entry), threshold, &asked)?;
            Some(Hit { entry, score })
        }))
    }

    /// How many entries are compared with a query, for measurements.
    pub fn compared(&self, query: &Ready, threshold: f32) -> usize {
        self.candidates(query, threshold).chunk_by(|one, other| one.entry == other.entry).count()
    }

    /// The same as [`Index::find`] without the index, for tests and measurements.
    pub fn find_by_force(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        sorted((0..self.entities.len()).filter_map(|entry| {
            let score = score_from(query, &self.ready(entry), threshold)?;
            Some(Hit { entry, score })
        }))
    }
}

/// Hits, the best first.
fn sorted(hits: impl Iterator<Item = Hit>) -> Vec<Hit> {
    let mut hits: Vec<Hit> = hits.collect();
    hits.sort_by(|a, b| b.score.score.total_cmp(&a.score.score).then(a.entry.cmp(&b.entry)));
    hits
}

/// Names to compare: one of the query and one of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    entry: u32,
    /// The places of the names; [`ALL`] for all.
    own: u8,
    other: u8,
}

/// All names, or the places from here on.
const ALL: u8 = u8::MAX;

impl Candidate {
    fn of(entry: u32) -> Candidate {
        Candidate { entry, own: ALL, other: ALL }
    }

    fn asks(&self, own: usize, other: usize) -> bool {
        let is = |place: u8, asked: usize| place == ALL || usize::from(place) == asked;
        is(self.own, own) && is(self.other, other)
    }
}

/// A text as a number; two texts with one number are compared in the end.
fn hash(text: &str) -> u32 {
    use std::hash::Hasher as _;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

#[cfg(test)]
mod tests;
