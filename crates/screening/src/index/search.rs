//! Which entries are compared with a query.
//!
//! A name that tells so much reaches nothing if only the most frequent words of a query meet it: so these are looked
//! for in short names alone, or not at all, and the rarest in all. A name that any of them meets is weighed word by
//! word, and what the frequent words are to its own is asked only then.

use rustc_hash::FxHashMap as HashMap;

use super::acronyms::{letters_of, weight};
use super::bound::{Needed, SLACK, told};
use super::known::KnownOf;
use super::touch::{TOUCHED, Touched};
use super::vocabulary::Which;
use super::weigh::Reached;
use super::{ALL, Candidate, Index};
use crate::compare::{PAIRED, tells};
use crate::entity::{Ready, ReadyName};
use crate::name::{Kind, Part, Role};

/// A word of a query that is looked for, and what words of the list are to it.
pub(super) struct Row<'q> {
    pub(super) part: &'q Part,
    /// What is known so far, and whether that is all there is.
    pub(super) likes: HashMap<u32, f32>,
    pub(super) all: bool,
    /// How many names have a word that it may be paired with, as far as is known.
    pub(super) frequency: u32,
    /// The names in which it was looked for, which are the first so many, and what it tells at most of one of these
    /// that it did not touch.
    pub(super) until: u32,
    pub(super) missed: f32,
}

/// Words of a query, as one, that met a name: the first, how many, and what their likeness tells at most.
pub(super) type Joined = (usize, usize, f32);

impl Index {
    /// Entries of which enough words may meet for a score of `threshold`.
    pub(super) fn candidates(&self, query: &Ready, threshold: f32) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut others: Vec<u32> = Vec::new();
        TOUCHED.with_borrow_mut(|touched| {
            for (place, own) in query.names.iter().enumerate() {
                touched.begin(self.names.len());
                let place = u8::try_from(place).unwrap_or(ALL);
                Search::new(self, own, query, threshold).run(place, touched, &mut found);
                if own.name.kind != Kind::Person {
                    self.by_letters(&own.name.parts, threshold - raised(query), &mut others);
                }
            }
        });
        for identifier in &query.identifiers {
            others.extend(self.by_identifier.get(identifier.as_str()).into_iter().flatten());
        }
        found.extend(others.into_iter().map(Candidate::of));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Entries of whose words the query has the first letters, or that are the first letters of the query's.
    fn by_letters(&self, parts: &[Part], needed: f32, found: &mut Vec<u32>) {
        self.acronyms.of(parts, needed, found);
        let weight = weight(parts);
        letters_of(parts, &self.vocabulary, |word| {
            for name in self.names_with(word, u32::MAX).iter().copied() {
                let named = self.names[name as usize];
                // What else the entry has is missing in the query.
                let more = (f32::from(named.told) / 100.0 - 1.0).max(0.0);
                if !named.person && 0.9 * weight >= needed * (weight + 0.28 * more) - SLACK {
                    found.push(named.entry);
                }
            }
        });
    }
}

/// By how much what else is known of a query may raise a score.
fn raised(query: &Ready) -> f32 {
    crate::score::raises(!query.births.is_empty(), !query.countries.is_empty())
}

/// Looking for the entries of one name.
pub(super) struct Search<'i> {
    pub(super) index: &'i Index,
    pub(super) own: &'i ReadyName,
    pub(super) known: KnownOf<'i>,
    pub(super) persons: bool,
    pub(super) threshold: f32,
    /// What must be reached where all that is known agrees.
    pub(super) least: Needed,
    pub(super) rows: Vec<Row<'i>>,
    pub(super) initials: usize,
    pub(super) particles: usize,
    pub(super) told: f32,
    pub(super) joined: HashMap<u32, Vec<Joined>>,
    pub(super) reached: Reached,
}

impl<'i> Search<'i> {
    fn new(index: &'i Index, own: &'i ReadyName, query: &'i Ready, threshold: f32) -> Search<'i> {
        let parts = &own.name.parts;
        let persons = own.name.kind == Kind::Person;
        let count = |role: Role| parts.iter().filter(|part| part.role == role).count();
        // A name of one word has nothing beside it.
        let alone = parts.len() == 1;
        let is_looked_for = |part: &&Part| alone || looked_for(part);
        let rows = parts.iter().filter(is_looked_for).map(|part| {
            let same = index.vocabulary.written(&part.spelling.latin, Which::All);
            Row {
                part,
                likes: HashMap::default(),
                all: false,
                frequency: same.map(|word| index.frequency(word)).sum(),
                until: 0,
                missed: 0.0,
            }
        });
        Search {
            index,
            own,
            known: KnownOf::new(query),
            persons,
            threshold,
            least: Needed::new(threshold - raised(query), persons),
            rows: rows.collect(),
            initials: if alone { 0 } else { count(Role::Initial) },
            particles: if alone { 0 } else { count(Role::Particle) },
            told: parts.iter().map(told).sum(),
            joined: HashMap::default(),
            reached: Reached::default(),
        }
    }

    fn run(mut self, own: u8, touched: &mut Touched, found: &mut Vec<Candidate>) {
        self.touch_runs(touched);
        self.touch_readings(touched);
        self.touch_words(touched);
        for name in &touched.names {
            if !self.may_be_met(*name, touched.met(*name)) {
                continue;
            }
            let named = self.index.names[*name as usize];
            if named.person == self.persons && self.may_reach(*name, named) {
                found.push(Candidate { entry: named.entry, own, other: named.place });
            }
        }
    }

    /// The places of the rows, the most frequent first, and in how many names each is looked for.
    pub(super) fn order(&self) -> Vec<(usize, u32)> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|row| std::cmp::Reverse(self.rows[*row].frequency));
        let names =
            (1..=order.len()).map(|many| self.names_of(self.longest(order[..many].iter().copied(), 1.0)));
        order.iter().copied().zip(names).collect()
    }

    /// The names that tell no more than so much. Those that may be met otherwise stand first, and are always looked at.
    pub(super) fn names_of(&self, longest: f32) -> u32 {
        self.index.names_until((longest.max(0.0) * 100.0).min(f32::from(u16::MAX)) as u16)
    }

    pub(super) fn longest(&self, rows: impl Iterator<Item = usize>, tells: f32) -> f32 {
        let words = rows.map(|row| (self.rows[row].part.weight, told(self.rows[row].part), tells));
        self.least.longest(self.told, words, self.initials, self.particles)
    }

    /// How alike one word of the query must be to a word of a name, or all of them together reach nothing.
    pub(super) fn least_alike(&self) -> f32 {
        let reach = |like: f32| self.longest(0..self.rows.len(), tells(like)) >= 0.0;
        let grades = (0..=30_u8).map(|grade| PAIRED + f32::from(grade) / 100.0);
        grades.take_while(|like| !reach(*like)).last().unwrap_or(PAIRED)
    }
}

/// Whether a word of a name of several is looked for.
pub(super) fn looked_for(part: &Part) -> bool {
    !matches!(part.role, Role::Initial | Role::Particle)
}
