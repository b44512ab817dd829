//! Finding the entries that a query may mean without comparing it with all.
//!
//! The entries' words are kept once each ([`vocabulary`]). For a word of the query every word of the list that the
//! scorer would pair with it is found, with how alike it is; words that were cut otherwise are found by their
//! consonants, first letters by the letters, identifiers by themselves. What met is added up for each name, and a
//! name is compared only if the scorer's own formula, with all that may have met beside it, reaches what is asked.
//!
//! **What is lost.** Nothing: every pair that [`crate::compare`] makes is of one of these kinds, and the sum is never
//! less than the score. The tests compare with brute force.

mod keys;
mod vocabulary;

use std::borrow::Cow;
use std::cell::RefCell;

use rustc_hash::FxHashMap as HashMap;

use crate::compare::{JOINED, PAIRED, is_acronym};
use crate::entity::{Entity, Ready};
use crate::letters::is_foreign_han;
use crate::name::{Kind, Part, Role};
use crate::score::{RAISED, Score, score_from};
use crate::spelling::Spelling;
use crate::text::Vowels;
use vocabulary::Vocabulary;

/// A hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The place of the entry.
    pub entry: usize,
    /// How alike, and why.
    pub score: Score,
}

/// A name with a word, and the word's weight in it, in hundredths.
type Posting = (u32, u16);

/// A name of an entry.
#[derive(Debug, Clone, Copy)]
struct Named {
    entry: u32,
    /// The weight of what is told against it where it does not meet, in hundredths.
    told: u16,
    /// First letters of names in it: each may meet a word.
    initials: u8,
    person: bool,
}

/// Letters of a word that tell whether it gave letters to an acronym: three, and whether there are more.
const BEGINNING: usize = 4;

/// Entries up to which all are kept ready to be compared. Of a longer list, whose memory counts, those that are to be
/// compared are made ready when they are.
const READY: usize = 100_000;

/// An index of entries.
#[derive(Debug, Default)]
pub struct Index {
    entities: Vec<Entity>,
    ready: Vec<Ready>,
    names: Vec<Named>,
    words: Vocabulary,
    /// The names that have a word, beside each word.
    postings: Vec<Vec<Posting>>,
    numbers: HashMap<u32, Vec<Posting>>,
    /// Names by the consonants of words that stand beside each other, in the order of these.
    runs: Vec<(u32, Posting)>,
    /// Organisations by three letters with which first letters of their words may begin.
    acronyms: HashMap<[u8; 3], Vec<u32>>,
    /// Names of organisations that letters may stand for: the entry, and how each word begins.
    full: Vec<(u32, Box<str>)>,
    by_identifier: HashMap<Box<str>, Vec<u32>>,
}

/// What met of a name, so far.
#[derive(Debug, Clone, Copy, Default)]
struct Met {
    /// Of which query it is.
    query: u32,
    /// The last word of the query that met, how alike it was at most, and the weight that it gave, of both and of the
    /// entry alone.
    word: u32,
    like: f32,
    last: (f32, f32),
    /// What met tells, and its weight.
    told: f32,
    weight: f32,
    /// The weight of the query's words, and of the entry's.
    own: f32,
    other: f32,
}

/// Room for sums, one for each name, used again by each query of a thread.
#[derive(Default)]
struct Room {
    query: u32,
    met: Vec<Met>,
    touched: Vec<u32>,
}

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

impl Room {
    fn begin(&mut self, names: usize) {
        if self.met.len() < names {
            self.met.resize(names, Met::default());
        }
        self.query = self.query.wrapping_add(1);
        if self.query == 0 {
            self.met.fill(Met::default());
            self.query = 1;
        }
        self.touched.clear();
    }

    /// Tells that a word of the query met a word of names, which were not met by this word before.
    fn tell(&mut self, word: u32, like: f32, weight: f32, postings: &[Posting]) {
        for (name, of_name) in postings {
            let met = &mut self.met[*name as usize];
            if met.query != self.query {
                *met = Met { query: self.query, word: u32::MAX, ..Met::default() };
                self.touched.push(*name);
            }
            let other = f32::from(*of_name) / 100.0;
            let most = weight.max(other);
            // Of what one word meets in a name the most alike comes first, and the heaviest counts.
            let (before_most, before_other) = if met.word == word { met.last } else { (0.0, 0.0) };
            if met.word != word {
                met.word = word;
                met.like = like;
                met.own += weight;
            }
            let (more, more_other) = ((most - before_most).max(0.0), (other - before_other).max(0.0));
            met.told += met.like * more;
            met.weight += more;
            met.other += more_other;
            met.last = (before_most + more, before_other + more_other);
        }
    }
}

impl Index {
    /// Makes the index.
    pub fn new(mut entities: Vec<Entity>) -> Index {
        let mut index = Index::default();
        // Values are added one by one: the room that this leaves is a sixth of a long list.
        for values in entities.iter_mut().flat_map(|entity| entity.properties.values_mut()) {
            values.shrink_to_fit();
        }
        let keep = entities.len() <= READY;
        for (place, entity) in (0_u32..).zip(&entities) {
            let ready = Ready::new(entity);
            index.add(place, &ready);
            if keep {
                index.ready.push(ready);
            }
        }
        index.entities = entities;
        index.words.finish();
        index.runs.sort_unstable();
        index.runs.shrink_to_fit();
        index.names.shrink_to_fit();
        for postings in &mut index.postings {
            postings.shrink_to_fit();
        }
        index
    }

    fn add(&mut self, place: u32, ready: &Ready) {
        for own in &ready.names {
            let parts = &own.name.parts;
            let name = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let initials = parts.iter().filter(|part| part.role == Role::Initial).count();
            self.names.push(Named {
                entry: place,
                told: (told(parts) * 100.0) as u16,
                initials: u8::try_from(initials).unwrap_or(u8::MAX),
                person: own.name.kind == Kind::Person,
            });
            for part in parts {
                let posting = (name, hundredths(std::slice::from_ref(part)));
                if let Role::Number(value) = part.role {
                    self.numbers.entry(value).or_default().push(posting);
                }
                if part.role != Role::Initial {
                    self.word(&part.spelling, posting, false);
                }
            }
            for run in &own.name.runs {
                let posting = (name, hundredths(&parts[run.parts.clone()]));
                if !run.spelling.units.is_empty()
                    && (run.parts.len() > 1 || is_foreign_han(&run.spelling.units))
                {
                    self.word(&run.spelling, posting, !is_foreign_han(&run.spelling.units));
                }
                if run.parts.len() > 1 {
                    self.runs.push((hash(&run.spelling.skeleton), posting));
                }
            }
            if own.name.kind != Kind::Person && parts.len() > 1 {
                let full = u32::try_from(self.full.len()).unwrap_or(u32::MAX);
                let words = parts
                    .iter()
                    .map(|part| part.spelling.latin.get(..BEGINNING).unwrap_or(&part.spelling.latin));
                self.full.push((place, words.collect::<Vec<_>>().join(" ").into()));
                for letters in beginnings(parts) {
                    self.acronyms.entry(letters).or_default().push(full);
                }
            }
        }
        for identifier in &ready.identifiers {
            self.by_identifier.entry(identifier.as_str().into()).or_default().push(place);
        }
    }

    /// Adds a word of a name.
    fn word(&mut self, spelling: &Spelling, posting: Posting, joined: bool) {
        let (place, new) = self.words.add(spelling, joined);
        if new {
            self.postings.push(Vec::new());
        }
        note(&mut self.postings[place as usize], posting);
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

    /// The entries that score at least so much, the best first.
    pub fn find(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        self.scored(query, threshold, self.candidates(query, threshold).into_iter())
    }

    /// How many entries are compared with a query, for measurements.
    pub fn compared(&self, query: &Ready, threshold: f32) -> usize {
        self.candidates(query, threshold).len()
    }

    /// The same as [`Index::find`] without the index, for tests and measurements.
    pub fn find_by_force(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        self.scored(query, threshold, 0..self.entities.len())
    }

    fn scored(&self, query: &Ready, threshold: f32, entries: impl Iterator<Item = usize>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = entries
            .filter_map(|entry| {
                let score = score_from(query, &self.ready(entry), threshold)?;
                Some(Hit { entry, score })
            })
            .collect();
        hits.sort_by(|a, b| b.score.score.total_cmp(&a.score.score).then(a.entry.cmp(&b.entry)));
        hits
    }

    /// Entries of which enough words met for a score of `threshold`.
    fn candidates(&self, query: &Ready, threshold: f32) -> Vec<usize> {
        let mut found: Vec<u32> = Vec::new();
        // What else is known raises a score by so much at most.
        let needed = threshold
            - if query.births.is_empty() && query.countries.is_empty() { 0.0 } else { RAISED }
            - 1e-4;
        ROOM.with_borrow_mut(|room| {
            for own in &query.names {
                room.begin(self.names.len());
                self.meet(own, room);
                self.reaching(own, needed, room, &mut found);
                if own.name.kind != Kind::Person {
                    self.by_letters(&own.name.parts, &mut found);
                }
            }
        });
        for identifier in &query.identifiers {
            found.extend(self.by_identifier.get(identifier.as_str()).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|entry| entry as usize).collect()
    }

    /// Adds up what met of each name.
    fn meet(&self, own: &crate::entity::ReadyName, room: &mut Room) {
        let parts = &own.name.parts;
        for (place, part) in (0_u32..).zip(parts) {
            match part.role {
                Role::Number(value) => {
                    room.tell(place, 1.0, part.weight, self.numbers.get(&value).map_or(&[], Vec::as_slice));
                    // One word may be a number in one name and a name in the other.
                    for word in self.words.written(&part.spelling.latin) {
                        room.tell(place, 1.0, part.weight, &self.postings[word as usize]);
                    }
                }
                Role::Initial | Role::Particle if parts.len() > 1 => {}
                _ => {
                    for (word, like) in self.words.alike(&part.spelling, PAIRED) {
                        room.tell(place, tells(like), part.weight, &self.postings[word as usize]);
                    }
                }
            }
        }
        for (place, run) in (parts.len() as u32..).zip(&own.name.runs) {
            let weight = weight(&parts[run.parts.clone()]).max(1.0);
            let spelling = &run.spelling;
            if !spelling.units.is_empty() && (run.parts.len() > 1 || is_foreign_han(&spelling.units)) {
                let least = if is_foreign_han(&spelling.units) { PAIRED } else { JOINED };
                for (word, like) in self.words.alike(spelling, least) {
                    room.tell(place, tells(like), weight, &self.postings[word as usize]);
                }
            }
            // Words as one on this side, and one word or several on the other.
            if run.parts.len() > 1 {
                for word in self.words.skeleton(&spelling.skeleton) {
                    room.tell(place, 1.0, weight, &self.postings[*word as usize]);
                }
                if spelling.vowels() == Vowels::Written {
                    for word in self.words.foreign_near(spelling) {
                        room.tell(place, 1.0, weight, &self.postings[word as usize]);
                    }
                }
            }
            let key = hash(&spelling.skeleton);
            let start = self.runs.partition_point(|(own, _)| *own < key);
            for (_, posting) in self.runs[start..].iter().take_while(|(own, _)| *own == key) {
                room.tell(place, 1.0, weight, std::slice::from_ref(posting));
            }
        }
    }

    /// Entries with a name of which so much met that the scorer may give `needed`.
    fn reaching(&self, own: &crate::entity::ReadyName, needed: f32, room: &Room, found: &mut Vec<u32>) {
        let parts = &own.name.parts;
        let own_told = told(parts);
        let initials = parts.iter().filter(|part| part.role == Role::Initial).count() as f32;
        // What is not added up may have met in full.
        let free: f32 = parts
            .iter()
            .map(|part| match part.role {
                Role::Initial => 0.7,
                Role::Particle => part.weight,
                _ => 0.0,
            })
            .sum();
        for name in &room.touched {
            let named = self.names[*name as usize];
            let met = &room.met[*name as usize];
            let others = f32::from(named.initials);
            let query_left = (own_told - met.own - others).max(0.0);
            let entry_left = (f32::from(named.told) / 100.0 - met.other - initials).max(0.0);
            let against = query_left.min(entry_left);
            let (extra, missing) = if named.person { (0.3, 0.2) } else { (1.0, 0.28) };
            let free = free + 0.7 * others;
            let left = 1.6 * against + extra * (query_left - against) + missing * (entry_left - against);
            if met.told + free >= needed * (met.weight + free + left) {
                found.push(named.entry);
            }
        }
    }

    /// Entries of whose words the query has the first letters, or that are the first letters of the query's.
    fn by_letters(&self, parts: &[Part], found: &mut Vec<u32>) {
        for part in parts.iter().filter(|part| part.role == Role::Name) {
            if let ([a, b, c, ..], true) = (part.spelling.latin.as_bytes(), part.spelling.latin.len() <= 8) {
                for full in self.acronyms.get(&[*a, *b, *c]).into_iter().flatten() {
                    let (entry, words) = &self.full[*full as usize];
                    let words: Vec<&str> = words.split(' ').collect();
                    if is_acronym(part.spelling.latin.as_bytes(), &words, 0) {
                        found.push(*entry);
                    }
                }
            }
        }
        if parts.len() < 2 {
            return;
        }
        let words: Vec<&str> = parts.iter().map(|part| part.spelling.latin.as_str()).collect();
        for letters in beginnings(parts) {
            let Ok(letters) = std::str::from_utf8(&letters) else { continue };
            for (word, latin) in self.words.beginning(letters) {
                if latin.len() <= 8 && is_acronym(latin.as_bytes(), &words, 0) {
                    let names = self.postings[word as usize].iter();
                    found.extend(names.map(|(name, _)| self.names[*name as usize].entry));
                }
            }
        }
    }
}

/// What a likeness tells, as the scorer takes it.
fn tells(like: f32) -> f32 {
    crate::compare::tells(like)
}

/// Adds a posting; of one name, the largest weight counts.
fn note(postings: &mut Vec<Posting>, posting: Posting) {
    match postings.last_mut() {
        Some((name, most)) if *name == posting.0 => *most = (*most).max(posting.1),
        _ => postings.push(posting),
    }
}

fn weight(parts: &[Part]) -> f32 {
    parts.iter().map(|part| part.weight).sum()
}

/// The weight of the words that tell against a name where they do not meet. Initials may meet anything.
fn told(parts: &[Part]) -> f32 {
    let telling = parts
        .iter()
        .filter(|part| !matches!(part.role, Role::Particle | Role::Initial | Role::Number(_) | Role::Place));
    telling.map(|part| part.weight).sum()
}

/// A weight in hundredths; a word that was cut counts as one.
fn hundredths(parts: &[Part]) -> u16 {
    let least = if parts.len() > 1 { 1.0 } else { 0.0 };
    (100.0 * weight(parts).max(least)).round().clamp(0.0, 60_000.0) as u16
}

/// A text as a number; two texts with one number are compared in the end.
fn hash(text: &str) -> u32 {
    use std::hash::Hasher as _;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)) as u32
}

/// Three letters with which the first letters of words may begin: each word gives one to three, and words of three
/// letters or fewer may be passed over.
fn beginnings(parts: &[Part]) -> Vec<[u8; 3]> {
    fn go(words: &[&[u8]], so_far: [u8; 3], many: usize, found: &mut Vec<[u8; 3]>) {
        if many == 3 {
            found.push(so_far);
            return;
        }
        let Some((first, rest)) = words.split_first() else { return };
        for given in 1..=(3 - many).min(first.len()) {
            let mut next = so_far;
            next[many..many + given].copy_from_slice(&first[..given]);
            go(rest, next, many + given, found);
        }
        if first.len() <= 3 {
            go(rest, so_far, many, found);
        }
    }
    let words: Vec<&[u8]> = parts.iter().map(|part| part.spelling.latin.as_bytes()).take(8).collect();
    let mut found = Vec::new();
    go(&words, [0; 3], 0, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}
