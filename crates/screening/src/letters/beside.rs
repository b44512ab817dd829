//! A word beside whole tries: of words that begin alike the beginning is laid once.
//!
//! What is found here is at least what [`super::like`] calls alike from a likeness on.

use super::alignment::{
    NEVER, SILENT, SILENT_LETTERS, SLACK, Sums, Told, length, lengths_meet, most_length, reach, together,
    unexplained, whole,
};
use super::charges::{Alone, Written, alone, may_cost};
use super::{Cost, MOST_UNITS, Rule, Script, Unit, is_vowel, rule_of, window};
use crate::spelling::{LONGEST_WORD, VOWELS, place};

/// The greatest cost of a word of `own` letters beside one of each length, from a likeness on and up to one.
fn bounds(own: usize, most: f32, like: f32) -> Vec<Option<Cost>> {
    let longest = if most < like { 0 } else { most_length(own) };
    let bound = |other| lengths_meet(own, other).then(|| reach(together(own, other), most, like));
    (0..=longest).map(bound).collect()
}

fn greatest(bounds: &[Option<Cost>]) -> Cost {
    bounds.iter().flatten().copied().max().unwrap_or(0)
}

/// A word of another script beside words in Latin letters.
pub(crate) struct UnitsBeside {
    rules: Vec<&'static Rule>,
    script: Script,
    /// The most letters of a writing of its units: no step goes over more.
    longest: usize,
    letters: [u8; LONGEST_WORD],
    /// What each beginning of the word costs beside so many letters, and the least of these.
    columns: Vec<[Cost; MOST_UNITS + 1]>,
    least: [Cost; LONGEST_WORD + 1],
    bounds: Vec<Option<Cost>>,
    bound: Cost,
    alone: Vec<Alone>,
    sums: Sums,
}

impl UnitsBeside {
    /// Of a word's units, for words from a likeness on.
    pub(crate) fn new(units: &[Unit], like: f32) -> UnitsBeside {
        let units = &units[..units.len().min(MOST_UNITS)];
        let rules: Vec<&Rule> = units.iter().map(|unit| rule_of(*unit)).collect();
        let mut columns = vec![[0; MOST_UNITS + 1]];
        for (place, rule) in rules.iter().enumerate() {
            columns[0][place + 1] = (columns[0][place] + rule.silent).min(NEVER);
        }
        let mut told = Told::default();
        for rule in &rules {
            told.add(rule);
        }
        // A likeness is no more than what few sounds tell.
        let bounds = bounds(length(units), told.most() + SLACK, like);
        UnitsBeside {
            alone: alone(units).collect(),
            sums: Sums::of(units),
            script: rules.first().map_or(Script::Cyrillic, |rule| rule.script),
            // Where letters at the end may be silent, two of these are passed over as well.
            longest: rules
                .iter()
                .map(|rule| rule.longest)
                .max()
                .unwrap_or(1)
                .max(if rules.first().is_some_and(|rule| rule.script.has_silent_ends()) { 3 } else { 1 }),
            rules,
            letters: [0; LONGEST_WORD],
            columns,
            least: [0; LONGEST_WORD + 1],
            bound: greatest(&bounds),
            bounds,
        }
    }

    /// Whether a word may be meant by what the two cost at least.
    pub(crate) fn may_be_meant(&self, other: &Written) -> bool {
        let bound = self.bounds.get(usize::from(other.length)).copied().flatten();
        bound.is_some_and(|bound| may_cost(self.alone.iter().copied(), &self.sums, other, bound))
    }

    /// The letters that may follow the so many that were taken, a bit each, and whether digits may.
    pub(crate) fn follows(&self, many: usize) -> (u32, bool) {
        let first = (many + 1).saturating_sub(self.longest);
        // What a letter costs that none of the units has.
        let left = self.bound.saturating_sub(self.least[many]);
        if left >= 100 || many == 0 {
            return (u32::MAX, true);
        }
        let mut letters = VOWELS | 1 << (b'h' - b'a') | 1 << place(self.letters[many - 1]);
        if self.script == Script::ForeignHan {
            letters |= 1 << (b'r' - b'a') | 1 << (b'l' - b'a') | 1 << (b'w' - b'a');
        }
        // Letters at the end that are not spoken, after all units.
        let spoken = |many: usize| self.columns[many][self.rules.len()];
        if spoken(many) + SILENT <= self.bound || spoken(many - 1) + SILENT <= self.bound {
            letters |= SILENT_LETTERS;
        }
        for (unit, rule) in self.rules.iter().enumerate() {
            if self.columns[first..=many].iter().any(|column| column[unit] <= self.bound) {
                letters |= rule.letters;
            }
        }
        (letters, false)
    }

    /// Takes a letter of the other word, which then has so many; says whether words that go on so may be meant.
    pub(crate) fn enter(&mut self, many: usize, letter: u8) -> bool {
        if many >= self.bounds.len() || many > LONGEST_WORD {
            return false;
        }
        self.letters[many - 1] = letter;
        let letters = &self.letters[..many];
        let window = window(letters);
        // The beginning of nothing is read as the alignment reads it.
        let alone = unexplained(Script::Cyrillic, letters);
        let more = unexplained(self.script, letters);
        let vowel = is_vowel(letter);
        if self.columns.len() <= many {
            self.columns.push([NEVER; MOST_UNITS + 1]);
        }
        let units = self.rules.len();
        let (done, rest) = self.columns.split_at_mut(many);
        let (Some(before), Some(now)) = (done.last(), rest.first_mut()) else { return false };
        *now = [NEVER; MOST_UNITS + 1];
        // What cannot cost so little that it matters is not looked at.
        let open = &done[many.saturating_sub(self.longest)..];
        let lives = |place: usize| open.iter().any(|column| column[place] <= self.bound);
        let Some(first) = (0..=units).find(|place| lives(*place)) else {
            self.least[many] = NEVER;
            return false;
        };
        let end = (first..=units).rev().find(|place| lives(*place)).unwrap_or(first) + 1;
        let mut last = if first == 0 { before[0] + alone } else { before[first] + more }.min(NEVER);
        now[first] = last;
        let mut least = last;
        for (place, rule) in self.rules.iter().enumerate().skip(first) {
            if place >= end && last > self.bound {
                break;
            }
            let mut best = (before[place + 1] + more)
                .min(last + rule.silent)
                .min(before[place] + rule.change(self.script, vowel));
            for (writing, cost) in rule.ending(letter) {
                if writing.ends(window) && writing.length <= many {
                    best = best.min(done[many - writing.length][place] + cost);
                }
            }
            last = best.min(NEVER);
            now[place + 1] = last;
            least = least.min(last);
        }
        self.least[many] = least;
        // A writing has up to so many letters.
        self.least[(many + 1).saturating_sub(self.longest)..=many].iter().any(|least| *least <= self.bound)
    }

    /// Whether the word that was laid, of so many letters, may be meant.
    pub(crate) fn is_near(&self, many: usize) -> bool {
        let most = self.bounds.get(many).copied().flatten();
        let cost = || whole(self.script, &self.letters[..many], |j| self.columns[j][self.rules.len()]);
        most.is_some_and(|most| cost() <= most)
    }
}
