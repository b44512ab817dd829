//! Names that words of a query may meet.
//!
//! Each name that is touched is noted with the words that touched it. A word is looked for in the names that it may
//! decide; where these are many, the words that were not looked for are laid over them, so that most names fall by
//! what met them alone, without a look at their own words.

use std::cell::RefCell;

use rustc_hash::FxHashMap as HashMap;

use super::cut::as_one;
use super::search::Search;
use super::vocabulary::Which;
use super::weigh::MOST;
use super::{JOINED_WORDS, SHORT, hash};
use crate::compare::{JOINED, PAIRED, READS, tells};
use crate::letters::{Unit, is_foreign_han};
use crate::name::{Part, Role};
use crate::text::Vowels;

/// Words of a query, a bit each by the place of the row.
pub(super) type Met = u32;

/// In the place of words: a name that may be met in other ways than word by word.
pub(super) const ANY: Met = 1 << MOST_MET;

/// Words of a query beyond which none is noted.
pub(super) const MOST_MET: usize = 7;

/// Where a name is touched, that by which is below, and the number of the query above.
const NUMBER: u32 = 8;

/// Names that were touched by a query; room that each query of a thread uses again.
#[derive(Default)]
pub(super) struct Touched {
    query: u32,
    by: Vec<u32>,
    pub(super) names: Vec<u32>,
}

thread_local! {
    pub(super) static TOUCHED: RefCell<Touched> = RefCell::default();
}

impl Touched {
    pub(super) fn begin(&mut self, names: usize) {
        if self.by.len() < names {
            self.by.resize(names, 0);
        }
        self.query += 1;
        if self.query >> (u32::BITS - NUMBER) != 0 {
            self.by.fill(0);
            self.query = 1;
        }
        self.names.clear();
    }

    fn touch(&mut self, name: u32, met: Met) {
        let by = &mut self.by[name as usize];
        if *by >> NUMBER != self.query {
            *by = self.query << NUMBER;
            self.names.push(name);
        }
        *by |= met;
    }

    /// Notes words of a name that was touched, and nothing of any other.
    fn note(&mut self, name: u32, met: Met) {
        let by = &mut self.by[name as usize];
        if *by >> NUMBER == self.query {
            *by |= met;
        }
    }

    /// By which words a name was touched.
    pub(super) fn met(&self, name: u32) -> Met {
        self.by[name as usize] & (ANY | (ANY - 1))
    }
}

/// Of few words all that may be paired are found in so many times less.
const FEWER: u32 = 16;

/// How many names with a word are laid over others in the time in which one is weighed.
const LAID: u32 = 16;

impl Search<'_> {
    pub(super) fn touch_words(&mut self, touched: &mut Touched) {
        let few = self.index.vocabulary.len() <= self.index.effort.words;
        let names = if few { self.index.effort.names / FEWER } else { self.index.effort.names };
        if self.touch_alike(names, touched) {
            return;
        }
        if few {
            self.touch_words_of_few(touched);
        } else {
            self.touch_words_of_many(touched);
            self.lay_over(touched);
        }
    }

    /// Where so few names have words of the query, all words are looked for, but only what is so much alike as one of
    /// them must be; says whether this was done.
    fn touch_alike(&mut self, most: u32, touched: &mut Touched) -> bool {
        if self.frequency() > most {
            return false;
        }
        let least = self.least_alike();
        for row in 0..self.rows.len() {
            self.expand(row, Which::All, least);
        }
        // A slip in a frequent word is found out only now.
        if self.frequency() > most {
            return false;
        }
        let names = self.names_of_all();
        for row in 0..self.rows.len() {
            self.touch_row(row, tells(least), names, touched);
        }
        true
    }

    /// Of few words all are found that may be paired with any of the query; then in the names that are fewest: those
    /// that have a word as much alike as one must be, or those that have a rare one.
    fn touch_words_of_few(&mut self, touched: &mut Touched) {
        for row in 0..self.rows.len() {
            self.expand(row, Which::All, PAIRED);
        }
        let least = tells(self.least_alike());
        let names = self.names_of_all();
        let order = self.order();
        let many = |row: usize, least: f32, names: u32| -> usize {
            let near = self.rows[row].likes.iter().filter(|(_, tells)| **tells >= least);
            near.map(|(word, _)| self.index.names_with(*word, names).len()).sum()
        };
        let alike: usize = (0..self.rows.len()).map(|row| many(row, least, names)).sum();
        let rare: usize = order.iter().map(|(row, names)| many(*row, 0.0, *names)).sum();
        if alike <= rare {
            (0..self.rows.len()).for_each(|row| self.touch_row(row, least, names, touched));
        } else {
            order.into_iter().for_each(|(row, names)| self.touch_row(row, 0.0, names, touched));
        }
        for row in 0..self.rows.len() {
            self.lay(row, names, touched);
        }
    }

    /// The names that are not too long for all words of the query.
    fn names_of_all(&self) -> u32 {
        self.names_of(self.longest(0..self.rows.len(), 1.0))
    }

    /// How many names have words that those of the query may be paired with, as far as is known.
    fn frequency(&self) -> u32 {
        self.rows.iter().fold(0, |sum, row| sum.saturating_add(row.frequency))
    }

    fn touch_words_of_many(&mut self, touched: &mut Touched) {
        let short = self.index.names_until(SHORT);
        // Words are looked for in all names from the rarest on; one that turns out to be frequent may change places.
        let order = loop {
            let order = self.order();
            let next = order.iter().rev().find(|(row, names)| *names > short && !self.rows[*row].all);
            let Some((row, _)) = next else { break order };
            self.expand(*row, Which::All, PAIRED);
        };
        for (row, names) in order {
            if names == 0 {
                continue;
            }
            if !self.rows[row].all {
                self.expand(row, Which::Short, PAIRED);
            }
            self.touch_row(row, 0.0, names, touched);
        }
    }

    /// Lays words over the names that were touched which were not looked for in all of these, where that is quicker
    /// than to weigh them.
    fn lay_over(&mut self, touched: &mut Touched) {
        let weighed = u32::try_from(touched.names.len()).unwrap_or(u32::MAX);
        if touched.names.len() < self.index.effort.touched {
            return;
        }
        let names = self.names_of_all();
        for row in 0..self.rows.len() {
            let own = &self.rows[row];
            if own.until >= names || own.frequency / LAID > weighed {
                continue;
            }
            if !own.all {
                self.expand(row, Which::All, PAIRED);
            }
            if self.rows[row].frequency / LAID > weighed {
                continue;
            }
            self.lay(row, names, touched);
        }
    }

    /// Notes a word of which all is known with the names that were touched, of the first so many.
    fn lay(&mut self, row: usize, names: u32, touched: &mut Touched) {
        if self.rows[row].until < names || self.rows[row].missed > 0.0 {
            self.each_with(row, 0.0, names, |name, met| touched.note(name, met));
            (self.rows[row].until, self.rows[row].missed) = (names, 0.0);
        }
    }

    /// Touches the names that have a word which a row's may be paired with if that tells so much, of the first so many.
    fn touch_row(&mut self, row: usize, least: f32, names: u32, touched: &mut Touched) {
        self.each_with(row, least, names, |name, met| touched.touch(name, met));
        (self.rows[row].until, self.rows[row].missed) = (names, least);
    }

    fn each_with(&self, row: usize, least: f32, names: u32, mut found: impl FnMut(u32, Met)) {
        let own = &self.rows[row];
        let met = if row < MOST_MET { 1 << row } else { ANY };
        for (word, _) in own.likes.iter().filter(|(_, tells)| **tells > 0.0 && **tells >= least) {
            // A word of another script may be several of a name as one.
            let met = if self.index.vocabulary.is_latin(*word) { met } else { ANY };
            self.index.names_with(*word, names).iter().for_each(|name| found(*name, met));
        }
        if let Role::Number(value) = own.part.role {
            let same = self.index.numbers.get(&value).into_iter().flatten();
            same.take_while(|name| **name < names).for_each(|name| found(*name, met));
        }
    }

    /// Finds the words that a row's may be paired with from a likeness on.
    fn expand(&mut self, row: usize, which: Which, least: f32) {
        let (index, own) = (self.index, &mut self.rows[row]);
        let part = own.part;
        own.all = which == Which::All && least <= PAIRED;
        own.likes = match part.role {
            // One word may be a number in one name and a name in the other.
            Role::Number(_) => {
                index.vocabulary.written(&part.spelling.latin, which).map(|word| (word, 1.0)).collect()
            }
            _ => {
                let alike = index.vocabulary.alike(&part.spelling, least, which);
                alike.into_iter().map(|(word, like)| (word, tells(like))).collect()
            }
        };
        if which == Which::All {
            own.frequency = own.likes.keys().map(|word| index.frequency(*word)).sum();
        }
    }

    /// Words of the list that are written as one of a run's which stands once in the query.
    ///
    /// Where a name has such a word, the run meets nothing as one: the scorer pairs words written alike before any
    /// other, no other word of the query takes that word, and a run of which a word is paired is passed over.
    fn same_words(&self, run: &std::ops::Range<usize>) -> Vec<u32> {
        let parts = &self.own.name.parts;
        let once = |part: &&Part| parts.iter().filter(|own| own.spelling.same(&part.spelling)).count() == 1;
        let words = parts[run.clone()].iter().filter(once);
        words.flat_map(|part| self.index.vocabulary.written(&part.spelling.latin, Which::All)).collect()
    }

    /// Words of Han as other languages read them.
    pub(super) fn touch_readings(&mut self, touched: &mut Touched) {
        let (index, own) = (self.index, self.own);
        // A character may be read alike in several readings.
        let mut known: HashMap<&[Unit], Vec<(u32, f32)>> = HashMap::default();
        for reading in own.name.readings() {
            let mut note = |name: u32, tells: f32| {
                touched.touch(name, ANY);
                let (first, many) = (reading.parts.start, reading.parts.len());
                self.joined.entry(name).or_default().push((first, many, tells));
            };
            let whole = known
                .entry(&reading.read.units)
                .or_insert_with(|| index.vocabulary.written_as(&reading.read.units, READS));
            for (word, like) in whole {
                index.names_with(*word, u32::MAX).iter().for_each(|name| note(*name, tells(*like)));
            }
            // Each character is a word of its own: a name must have all of these.
            if reading.read.each.len() > 1 {
                let mut all: Option<Vec<u32>> = None;
                for units in &reading.read.each {
                    if all.as_ref().is_some_and(Vec::is_empty) {
                        break;
                    }
                    let words =
                        known.entry(units).or_insert_with(|| index.vocabulary.written_as(units, READS));
                    let with = words.iter().flat_map(|(word, _)| index.names_with(*word, u32::MAX)).copied();
                    let mut with: Vec<u32> = with.collect();
                    with.sort_unstable();
                    all = Some(match all {
                        None => with,
                        Some(mut all) => {
                            all.retain(|name| with.binary_search(name).is_ok());
                            all
                        }
                    });
                }
                let mut all = all.unwrap_or_default();
                all.dedup();
                all.into_iter().for_each(|name| note(name, 1.0));
            }
        }
    }

    /// Words as one on either side.
    pub(super) fn touch_runs(&mut self, touched: &mut Touched) {
        let (index, own) = (self.index, self.own);
        for run in own.name.runs() {
            let spelling = &run.spelling;
            let same = self.same_words(&run.parts);
            let mut note = |name: u32, tells: f32| {
                touched.touch(name, ANY);
                self.joined.entry(name).or_default().push((run.parts.start, run.parts.len(), tells));
            };
            let mut words: Vec<(u32, f32)> = Vec::new();
            if !spelling.units.is_empty() && (run.parts.len() > 1 || is_foreign_han(&spelling.units)) {
                let least = if is_foreign_han(&spelling.units) { PAIRED } else { JOINED };
                words = index.vocabulary.alike(spelling, least, Which::All);
            }
            // Words as one on this side, and one word or several on the other.
            if run.parts.len() > 1 {
                let same = index.vocabulary.skeleton(&spelling.skeleton);
                words.extend(
                    same.filter_map(|word| Some((word, as_one(spelling, index.vocabulary.word(word))?))),
                );
                if spelling.vowels() == Vowels::Written {
                    words.extend(index.vocabulary.foreign_near(spelling).into_iter().map(|word| (word, 1.0)));
                }
            }
            for (word, like) in words {
                index.names_with(word, u32::MAX).iter().for_each(|name| note(*name, tells(like)));
            }
            let key = hash(&spelling.skeleton);
            let start = index.runs.partition_point(|(own, _)| *own < key);
            for (_, name) in index.runs[start..].iter().take_while(|(own, _)| *own == key) {
                let named = index.names[*name as usize];
                if named.person == self.persons
                    && !index
                        .words_of(*name)
                        .iter()
                        .any(|(word, weight)| *weight != JOINED_WORDS && same.contains(word))
                    && index.known.named_at_least(named.entry, &self.known, self.threshold) <= MOST
                    && let Some(like) = index.cut_like(spelling, *name)
                {
                    note(*name, tells(like));
                }
            }
        }
    }
}
