//! Finding the entries that a query may mean without comparing it with all.
//!
//! The entries' words are kept once each. For a word of the query every word of the list that the scorer would pair
//! with it is found by the scorer's own measure, after a quick look at which letters both have; words that were cut
//! otherwise are found by their consonants, first letters by the letters, identifiers by themselves.
//!
//! **What is lost.** Every pair that [`crate::compare`] makes is of one of these kinds, so an entry with a score at
//! the threshold shares a found word with the query. What is left out are names of which so little met that the
//! scorer's own formula, with all that met taken as met in full, stays below what is asked for; the tests compare
//! with brute force.

use rustc_hash::FxHashMap as HashMap;

use crate::entity::{Entity, Ready};
use crate::name::{Kind, Part, Role};
use crate::score::{Score, score_from};
use crate::spelling::{Sketch, Spelling};
use crate::words::persons::NICKNAMES;

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
    /// The weight of what is told against it where it does not meet.
    told: f32,
    person: bool,
}

/// An index of entries.
#[derive(Debug, Default)]
pub struct Index {
    entities: Vec<Entity>,
    ready: Vec<Ready>,
    names: Vec<Named>,
    /// The words of the list, once each, in the order of their lengths once it is made.
    words: Vec<Spelling>,
    /// What tells quickly that a word is not like another, beside each word.
    sketches: Vec<Sketch>,
    postings: Vec<Vec<Posting>>,
    by_latin: HashMap<String, u32>,
    /// Joined words by their consonants.
    runs: HashMap<String, Vec<Posting>>,
    /// Organisations by the first letters of their words.
    acronyms: HashMap<String, Vec<u32>>,
    /// Organisations by their first letter, for letters that are syllables.
    organisations: HashMap<u8, Vec<u32>>,
    by_identifier: HashMap<String, Vec<u32>>,
}

impl Index {
    /// Makes the index.
    pub fn new(entities: Vec<Entity>) -> Index {
        let mut index = Index::default();
        for entity in entities {
            index.add(entity);
        }
        index
    }

    fn add(&mut self, entity: Entity) {
        let place = u32::try_from(self.entities.len()).unwrap_or(u32::MAX);
        let ready = Ready::new(&entity);
        for own in &ready.names {
            let parts = &own.name.parts;
            let name = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let person = own.name.kind == Kind::Person;
            self.names.push(Named { entry: place, told: told(parts), person });
            for part in parts.iter().filter(|part| part.role != Role::Initial) {
                let word = self.word(&part.spelling);
                note(&mut self.postings[word], (name, hundredths(std::slice::from_ref(part))));
            }
            for run in own.name.runs.iter() {
                let posting = (name, hundredths(&parts[run.parts.clone()]));
                match self.runs.get_mut(&run.spelling.skeleton) {
                    Some(postings) => note(postings, posting),
                    None => {
                        self.runs.insert(run.spelling.skeleton.clone(), vec![posting]);
                    }
                }
            }
            if own.name.kind != Kind::Person && parts.len() > 1 {
                for all in [true, false] {
                    let letters = first_letters(parts, all);
                    let entries = self.acronyms.entry(letters).or_default();
                    if entries.last() != Some(&place) {
                        entries.push(place);
                    }
                }
                if let Some(first) = parts[0].spelling.latin.bytes().next() {
                    let entries = self.organisations.entry(first).or_default();
                    if entries.last() != Some(&place) {
                        entries.push(place);
                    }
                }
            }
        }
        for identifier in &ready.identifiers {
            self.by_identifier.entry(identifier.clone()).or_default().push(place);
        }
        self.entities.push(entity);
        self.ready.push(ready);
    }

    /// The place of a word, a new one if it is not there.
    fn word(&mut self, spelling: &Spelling) -> usize {
        // One word may be written in scripts with and without vowels: these are two.
        let key = key(spelling);
        if let Some(place) = self.by_latin.get(&key) {
            return *place as usize;
        }
        let place = self.words.len();
        self.by_latin.insert(key, u32::try_from(place).unwrap_or(u32::MAX));
        self.words.push(spelling.clone());
        self.sketches.push(spelling.sketch);
        self.postings.push(Vec::new());
        place
    }

    /// How many entries it has.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// An entry.
    pub fn entity(&self, place: usize) -> Option<&Entity> {
        self.entities.get(place)
    }

    /// The entries that score at least so much, the best first.
    pub fn find(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        self.scored(query, threshold, self.candidates(query, threshold).into_iter())
    }

    /// The same without the index, for tests and measurements.
    pub fn find_by_force(&self, query: &Ready, threshold: f32) -> Vec<Hit> {
        self.scored(query, threshold, 0..self.ready.len())
    }

    fn scored(&self, query: &Ready, threshold: f32, entries: impl Iterator<Item = usize>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = entries
            .filter_map(|entry| {
                let score = score_from(query, &self.ready[entry], threshold)?;
                Some(Hit { entry, score })
            })
            .collect();
        hits.sort_by(|a, b| b.score.score.total_cmp(&a.score.score).then(a.entry.cmp(&b.entry)));
        hits
    }

    /// Entries of which enough words met for a score of `threshold`.
    fn candidates(&self, query: &Ready, threshold: f32) -> Vec<usize> {
        let mut found: Vec<u32> = Vec::new();
        // What else is known raises a score by a tenth at most.
        let needed = threshold - 0.1;
        for own in &query.names {
            let parts = &own.name.parts;
            // Of the query's name and of the other.
            let mut met: HashMap<u32, (f32, f32)> = HashMap::default();
            let mut tell = |weight: f32, postings: &[Posting]| {
                for (name, of_name) in postings {
                    let sums = met.entry(*name).or_default();
                    sums.0 += weight;
                    sums.1 += f32::from(*of_name) / 100.0;
                }
            };
            for part in parts {
                if parts.len() > 1 && matches!(part.role, Role::Initial | Role::Particle) {
                    continue;
                }
                for place in self.alike(&part.spelling) {
                    tell(part.weight, &self.postings[place]);
                }
            }
            for run in &own.name.runs {
                if let Some(postings) = self.runs.get(&run.spelling.skeleton) {
                    tell(weight(&parts[run.parts.clone()]).max(1.0), postings);
                }
            }
            let own_told = told(parts);
            for (name, (of_query, of_entry)) in met {
                let named = self.names[name as usize];
                let (query_left, entry_left) =
                    ((own_told - of_query).max(0.0), (named.told - of_entry).max(0.0));
                let against = query_left.min(entry_left);
                let (extra, missing) = if named.person { (0.3, 0.2) } else { (1.0, 0.28) };
                let most = of_query.max(of_entry) + 1.0;
                let left = 1.6 * against + extra * (query_left - against) + missing * (entry_left - against);
                if most / (most + left) >= needed {
                    found.push(named.entry);
                }
            }
            if own.name.kind != Kind::Person {
                self.by_letters(parts, &mut found);
            }
        }
        for identifier in &query.identifiers {
            found.extend(self.by_identifier.get(identifier).into_iter().flatten());
        }
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|entry| entry as usize).collect()
    }

    /// Entries of whose words the query has the first letters, or that are the first letters of the query's.
    fn by_letters(&self, parts: &[Part], found: &mut Vec<u32>) {
        for part in parts.iter().filter(|part| part.role == Role::Name) {
            let latin = &part.spelling.latin;
            if !(3..=8).contains(&latin.len()) {
                continue;
            }
            found.extend(self.acronyms.get(latin).into_iter().flatten());
            if !self.by_latin.contains_key(&key(&part.spelling)) {
                found.extend(self.organisations.get(&latin.as_bytes()[0]).into_iter().flatten());
            }
        }
        for all in [true, false] {
            let letters = Spelling::new(&first_letters(parts, all), crate::text::Vowels::Written);
            if parts.len() > 1
                && let Some(word) = self.by_latin.get(&key(&letters))
            {
                found.extend(self.postings[*word as usize].iter().map(|(entry, _)| *entry));
            }
        }
    }

    /// The words of the list that the scorer may pair with a word.
    fn alike(&self, own: &Spelling) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for (place, sketch) in self.sketches.iter().enumerate() {
            if own.sketch.may_meet(*sketch) && own.like(&self.words[place]) >= 0.5 {
                found.push(place);
            }
        }
        for (short, long) in NICKNAMES {
            for (this, other) in [(short, long), (long, short)] {
                if *this == own.latin
                    && let Some(place) = self.by_latin.get(&format!("0{other}"))
                {
                    found.push(*place as usize);
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn key(spelling: &Spelling) -> String {
    format!("{}{}", spelling.vowels() as u8, spelling.latin)
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
    (100.0 * weight(parts).max(least)).clamp(0.0, 60_000.0) as u16
}

/// The first letters of words; of all, or of the long ones.
fn first_letters(parts: &[Part], all: bool) -> String {
    let own = parts.iter().filter(|part| all || part.spelling.latin.len() > 3);
    own.filter_map(|part| part.spelling.latin.chars().next()).collect()
}
