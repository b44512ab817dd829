//! A word in Latin letters beside words of other scripts.
//!
//! Most words are told apart by what they cost at least ([`super::charges`]); of the others, which come in the order of
//! their units, the beginning that a word shares with the one before is laid once.

use super::alignment::{
    Letters, MOST, MOSTS, NEVER, Row, Sums, lengths_meet, most_length, reach, together, whole,
};
use super::beside::SLACK;
use super::charges::{Charge, of_letters};
use super::{Cost, MOST_UNITS, SCRIPTS, Script, TABLES, Unit, rule_of};
use crate::spelling::{LONGEST_WORD, letters};

/// What is the same for all words of a script.
struct Side {
    unexplained: [Cost; LONGEST_WORD],
    letters: [Charge; 27],
}

/// Where a writing of a unit stands in the word: its last letter, how many it has, and what it costs.
type Written = (u8, u8, Cost);

/// A unit beside the word: what it bears at least, and its writings that stand in the word.
#[derive(Clone, Copy)]
struct Fit {
    charge: Charge,
    from: u32,
    until: u32,
}

/// A bound that was not asked for yet.
const UNKNOWN: Cost = Cost::MAX;

/// A word in Latin letters beside words of other scripts.
pub(crate) struct LatinBeside<'w> {
    letters: Letters<'w>,
    /// Its letters, a bit each, and how many there are, of which not all may be compared.
    bits: u32,
    length: usize,
    like: f32,
    sides: [Option<Box<Side>>; SCRIPTS.len()],
    /// The place behind each unit's in `fits`, or nothing.
    fit_of: Vec<u16>,
    fits: Vec<Fit>,
    written: Vec<Written>,
    /// The greatest cost by the grade of a word and the letters of the shorter one.
    bounds: [[Cost; LONGEST_WORD + 1]; MOSTS.len()],
    bound: Cost,
    /// What so many units of the word that was laid last cost beside each beginning, and how many rows are these.
    rows: [Row; MOST_UNITS + 1],
    laid: usize,
}

impl<'w> LatinBeside<'w> {
    /// Of a word, for words from a likeness on.
    pub(crate) fn new(latin: &'w str, like: f32) -> LatinBeside<'w> {
        let own = Letters::new(latin.as_bytes());
        let mut rows = [[NEVER; LONGEST_WORD + 1]; MOST_UNITS + 1];
        rows[0] = own.first_row();
        LatinBeside {
            bits: letters(latin),
            length: latin.len(),
            letters: own,
            like,
            sides: Default::default(),
            fit_of: vec![0; TABLES.rules.len()],
            fits: Vec::new(),
            written: Vec::new(),
            bounds: [[UNKNOWN; LONGEST_WORD + 1]; MOSTS.len()],
            bound: reach(together(latin.len(), latin.len()), MOST + SLACK, like),
            rows,
            laid: 0,
        }
    }

    /// How many letters a word has at least and at most that may be meant.
    pub(crate) fn lengths(&self) -> std::ops::RangeInclusive<u16> {
        let longest = most_length(self.length);
        let shortest = (0..=longest).find(|own| lengths_meet(*own, self.length)).unwrap_or(longest);
        shortest as u16..=longest as u16
    }

    /// The greatest cost of a word that may be meant.
    fn bound_of(&mut self, word: &Sums) -> Cost {
        let least = self.length.min(usize::from(word.length));
        let Some(bound) = self.bounds[usize::from(word.grade)].get_mut(least) else { return self.bound };
        if *bound == UNKNOWN {
            // A likeness is no more than what few sounds tell.
            let most = MOSTS[usize::from(word.grade)] + SLACK;
            *bound = reach(together(least, least), most, self.like);
        }
        *bound
    }

    fn side(&mut self, script: Script) -> &Side {
        self.sides[script as usize].get_or_insert_with(|| {
            let unexplained = self.letters.unexplained(script);
            Box::new(Side { unexplained, letters: of_letters(self.letters.letters, script) })
        })
    }

    /// A unit beside the word.
    fn fit(&mut self, unit: Unit) -> Fit {
        let place = &mut self.fit_of[usize::from(unit)];
        if let Some(place) = place.checked_sub(1) {
            return self.fits[usize::from(place)];
        }
        let rule = rule_of(unit);
        let from = self.written.len() as u32;
        let mut charge = Charge::of_unit(rule);
        if rule.letters & self.bits != 0 {
            for (last, letter) in self.letters.letters.iter().enumerate() {
                for (writing, cost) in rule.ending(*letter) {
                    if writing.ends_at(self.letters.windows[last], last) {
                        charge = charge.or(*cost);
                        self.written.push((last as u8, writing.length as u8, *cost));
                    }
                }
            }
        }
        let fit = Fit { charge, from, until: self.written.len() as u32 };
        self.fits.push(fit);
        *place = self.fits.len() as u16;
        fit
    }

    /// The greatest cost of a word that may be meant, and what its units bear at least; none if the word may not be
    /// meant.
    fn may_be_meant(&mut self, units: &[Unit], word: &Sums) -> Option<(Cost, Cost)> {
        let bound = self.bound_of(word);
        let script = rule_of(*units.first()?).script;
        let mut missing = self.bits & !word.letters;
        let mut letters = Charge::default();
        let side = self.side(script);
        while missing != 0 {
            letters = letters.and(side.letters[missing.trailing_zeros() as usize]);
            missing &= missing - 1;
        }
        if letters.whole > bound {
            return None;
        }
        let mut own = Charge::default();
        for unit in units {
            own = own.and(self.fit(*unit).charge);
        }
        (own.whole <= bound && own.half + letters.half <= bound).then_some((bound, own.whole))
    }

    /// How alike a word may be, exactly if it is from the likeness on; nothing if it is not. Of the word that was laid
    /// before it has so many units in common; words that were not laid count as those that were.
    pub(crate) fn near(&mut self, units: &[Unit], word: &Sums, common: usize) -> Option<f32> {
        let units = &units[..units.len().min(MOST_UNITS)];
        self.laid = self.laid.min(common);
        let (bound, mut left) = self.may_be_meant(units, word)?;
        let script = rule_of(*units.first()?).script;
        for unit in &units[..self.laid.min(units.len())] {
            left -= self.fit(*unit).charge.whole;
        }
        for many in self.laid..units.len() {
            let fit = self.fit(units[many]);
            left -= fit.charge.whole;
            let written = &self.written[fit.from as usize..fit.until as usize];
            let Some(side) = &self.sides[script as usize] else { return None };
            let (done, rest) = self.rows.split_at_mut(many + 1);
            let (Some(before), Some(now)) = (done.last(), rest.first_mut()) else { return None };
            let mut next = 0;
            let least = rule_of(units[many]).row(
                script,
                self.letters.letters,
                &side.unexplained,
                self.bound,
                before,
                now,
                |place, before| {
                    let mut best = NEVER;
                    while let Some((last, length, cost)) = written.get(next) {
                        match usize::from(*last).cmp(&place) {
                            std::cmp::Ordering::Less => {}
                            std::cmp::Ordering::Equal => {
                                best = best.min(before[place + 1 - usize::from(*length)] + cost);
                            }
                            std::cmp::Ordering::Greater => break,
                        }
                        next += 1;
                    }
                    best
                },
            );
            self.laid = many + 1;
            // The units that are left bear at least so much.
            if least + left > bound {
                return None;
            }
        }
        let row = &self.rows[units.len()];
        let cost = whole(self.letters.letters, |j| row[j]);
        (cost <= bound).then(|| word.likeness(cost, self.length))
    }
}
