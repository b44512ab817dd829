//! A word beside whole tries: of words that begin alike the beginning is laid once.
//!
//! What is found here is at least what [`super::like`] calls alike from a likeness on.

use super::alignment::{
    NEVER, SILENT, SILENT_LETTERS, SLACK, Sums, Told, Unexplained, length, lengths_meet, most_length, reach,
    together, unexplained_in, whole,
};
use super::charges::{Alone, Charge, Rest, Written, alone, least_of_rest, may_cost};
use super::{Cost, MOST_UNITS, Rule, Script, Unit, Writing, is_vowel, rule_of, window};
use crate::spelling::{LONGEST_WORD, VOWELS, place};

/// The greatest cost of a word of `own` letters beside one of each length, from a likeness on and up to one.
fn bounds(own: usize, most: f32, like: f32) -> Vec<Option<Cost>> {
    let longest = if most < like { 0 } else { most_length(own) };
    let bound = |other| lengths_meet(own, other).then(|| reach(together(own, other), most, like));
    (0..=longest).map(bound).collect()
}

/// The letters of the writings of all units from each on, and of none.
fn written_from(rules: &[&Rule]) -> Vec<u32> {
    let mut written = vec![0; rules.len() + 1];
    for (place, rule) in rules.iter().enumerate().rev() {
        written[place] = written[place + 1] | rule.letters;
    }
    written
}

/// Where no cost matters.
const NONE: (usize, usize) = (usize::MAX, 0);

/// Where the costs that matter begin and end.
fn open_of(costs: &[Cost], bound: Cost) -> (usize, usize) {
    let lives = |cost: &Cost| *cost <= bound;
    let Some(first) = costs.iter().position(lives) else { return NONE };
    (first, costs.iter().rposition(lives).map_or(first, |last| last + 1))
}

fn greatest(bounds: &[Option<Cost>]) -> Cost {
    bounds.iter().flatten().copied().max().unwrap_or(0)
}

/// A writing of one of a word's units: the unit's place, and what it costs.
#[derive(Debug, Clone, Copy)]
struct Placed {
    writing: Writing,
    place: usize,
    cost: Cost,
}

/// What a unit costs that is not written, and that stands for a consonant or a vowel with which no writing of it ends.
#[derive(Debug, Clone, Copy)]
struct Steps {
    silent: Cost,
    change: [Cost; 2],
}

/// A word of another script beside words in Latin letters.
pub(crate) struct UnitsBeside {
    rules: Vec<&'static Rule>,
    steps: Vec<Steps>,
    /// The writings of all units by their last letters, and where those of each letter begin.
    placed: Vec<Placed>,
    ends: [usize; 28],
    script: Script,
    /// What a letter costs that no unit explains: before the first unit, and after it.
    unexplained: [&'static Unexplained; 2],
    /// The most letters of a writing of its units: no step goes over more.
    longest: usize,
    letters: [u8; LONGEST_WORD],
    /// What each beginning of the word costs beside so many letters, and the least of these.
    columns: Vec<[Cost; MOST_UNITS + 1]>,
    least: [Cost; LONGEST_WORD + 1],
    /// Where the costs of each beginning that matter begin and end.
    open: [(usize, usize); LONGEST_WORD + 1],
    bounds: Vec<Option<Cost>>,
    bound: Cost,
    alone: Vec<Alone>,
    /// The letters of the writings of all units from each on.
    written: Vec<u32>,
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
        let bound = greatest(&bounds);
        let script = rules.first().map_or(Script::Cyrillic, |rule| rule.script);
        let mut placed = Vec::new();
        let ends = std::array::from_fn(|letter| {
            let begin = placed.len();
            // What stands behind the last letter is none.
            if letter < 27 {
                for (place, rule) in rules.iter().enumerate() {
                    let own = rule.ending_at(letter).iter();
                    placed.extend(own.map(|(writing, cost)| Placed {
                        writing: *writing,
                        place,
                        cost: *cost,
                    }));
                }
            }
            begin
        });
        let change = |rule: &Rule| [false, true].map(|vowel| rule.change(script, vowel));
        let steps = |rule: &&Rule| Steps { silent: rule.silent, change: change(rule) };
        let mut open = [NONE; LONGEST_WORD + 1];
        open[0] = open_of(&columns[0][..=rules.len()], bound);
        UnitsBeside {
            steps: rules.iter().map(steps).collect(),
            placed,
            ends,
            // The beginning of nothing is read as the alignment reads it.
            unexplained: [unexplained_in(Script::Cyrillic), unexplained_in(script)],
            open,
            alone: alone(units).collect(),
            written: written_from(&rules),
            sums: Sums::of(units),
            script,
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
            bound,
            bounds,
        }
    }

    /// What its units bear at least of whose writings words have none, by the letters of these, a bit each.
    pub(crate) fn borne(&self, words: &[u32], borne: &mut [u32]) {
        borne.fill(0);
        for (needs, charge) in &self.alone {
            let charge = u32::from(charge.whole);
            for (letters, borne) in words.iter().zip(borne.iter_mut()) {
                *borne += if letters & needs == 0 { charge } else { 0 };
            }
        }
    }

    /// Whether a word of so many letters may be meant beside which the units bear so much.
    pub(crate) fn may_bear(&self, borne: u32, length: u8) -> bool {
        let bound = self.bounds.get(usize::from(length)).copied().flatten();
        bound.is_some_and(|bound| borne <= u32::from(bound))
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

    /// Whether a word of which so many letters were taken may be meant, by what is left of it after each of its letters.
    ///
    /// Every way to lay the two has a last step that ends at one of the letters that were taken, and none goes over more
    /// than `longest`: what it costs up to there is known, and the units that are left cost at least what those bear that
    /// find no letter behind, or what letters do that none of these units writes.
    pub(crate) fn may_go_on(&self, many: usize, rests: &[Rest]) -> bool {
        let Some(bound) = self.bounds.get(rests.len()).copied().flatten() else { return false };
        let first = (many + 1).saturating_sub(self.longest);
        let open = &self.open[first..=many];
        let (from, until) = open.iter().fold(NONE, |all, own| (all.0.min(own.0), all.1.max(own.1)));
        if from >= until {
            return false;
        }
        let mut missed = Charge::default();
        let own = &self.columns[first..=many];
        let may = |unit: usize, missed: Charge| {
            let least = own.iter().map(|column| column[unit]).min().unwrap_or(NEVER);
            least + least_of_rest(missed, self.written[unit], &rests[many]) <= bound
        };
        for unit in (from..=self.alone.len()).rev() {
            if let Some((letters, charge)) = self.alone.get(unit)
                && !rests[first].has(*letters)
            {
                missed = missed.and(*charge);
            }
            if unit < until && may(unit, missed) {
                return true;
            }
        }
        false
    }

    /// Takes a letter of the other word, which then has so many; says whether words that go on so may be meant.
    pub(crate) fn enter(&mut self, many: usize, letter: u8) -> bool {
        if many >= self.bounds.len() || many > LONGEST_WORD {
            return false;
        }
        self.letters[many - 1] = letter;
        let window = window(&self.letters[..many]);
        let before = if many > 1 { 1 + place(self.letters[many - 2]) } else { 0 };
        let [alone, more] = self.unexplained.map(|of| of[before][place(letter)]);
        let vowel = usize::from(is_vowel(letter));
        if self.columns.len() <= many {
            self.columns.push([NEVER; MOST_UNITS + 1]);
        }
        let units = self.rules.len();
        let (done, rest) = self.columns.split_at_mut(many);
        let (Some(before), Some(now)) = (done.last(), rest.first_mut()) else { return false };
        now[..=units].fill(NEVER);
        // What cannot cost so little that it matters is not looked at.
        let open = &self.open[many.saturating_sub(self.longest)..many];
        let (first, end) = open.iter().fold(NONE, |all, own| (all.0.min(own.0), all.1.max(own.1)));
        if first >= end {
            self.least[many] = NEVER;
            self.open[many] = NONE;
            return false;
        }
        for own in &self.placed[self.ends[place(letter)]..self.ends[place(letter) + 1]] {
            let (place, length) = (own.place, own.writing.length);
            if place >= first && place < end && length <= many && own.writing.ends(window) {
                now[place + 1] = now[place + 1].min(done[many - length][place] + own.cost);
            }
        }
        let mut last = if first == 0 { before[0] + alone } else { before[first] + more }.min(NEVER);
        now[first] = last;
        let mut least = last;
        for (place, steps) in self.steps.iter().enumerate().skip(first) {
            if place >= end && last > self.bound {
                break;
            }
            let best = (before[place + 1] + more)
                .min(last + steps.silent)
                .min(before[place] + steps.change[vowel])
                .min(now[place + 1]);
            last = best.min(NEVER);
            now[place + 1] = last;
            least = least.min(last);
        }
        self.open[many] = open_of(&now[..=units], self.bound);
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
