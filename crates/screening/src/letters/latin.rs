//! A word in Latin letters beside words of other scripts.
//!
//! Most words are told apart by what they cost at least ([`super::charges`]); of the others, which come in the order of
//! their units, the beginning that a word shares with the one before is laid once.

use std::cell::RefCell;

use super::alignment::{
    Letters, MOST, MOSTS, NEVER, Row, SLACK, Sums, lengths_meet, most_length, reach, together, whole,
};
use super::alphabet::Alphabet;
use super::charges::{Charge, Written, of_letters};
use super::{Cost, MOST_UNITS, Script};
use crate::spelling::{LONGEST_WORD, letters};

/// What is the same for all words of a script.
struct Side {
    script: Script,
    unexplained: [Cost; LONGEST_WORD],
    letters: [Charge; 27],
}

/// Where a writing of a unit stands in the word: its last letter, how many it has, and what it costs.
type Found = (u8, u8, Cost);

/// Room that each word of a thread uses again.
#[derive(Default)]
struct Room {
    /// What each unit bears at least.
    charges: Vec<Charge>,
    /// Where the writings of each unit begin and end that stand in the word, once they were asked for.
    fits: Vec<Option<(u32, u32)>>,
    written: Vec<Found>,
}

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

/// A bound that was not asked for yet.
const UNKNOWN: Cost = Cost::MAX;

/// A word in Latin letters beside words of other scripts.
pub(crate) struct LatinBeside<'w> {
    alphabet: &'w Alphabet,
    letters: Letters<'w>,
    own: Written,
    /// Its letters, a bit each, and how many there are.
    bits: u32,
    length: usize,
    like: f32,
    side: Option<Side>,
    room: Room,
    /// The greatest cost by the grade of a word and the letters of the shorter one, and the greatest of all.
    bounds: [[Cost; LONGEST_WORD + 1]; MOSTS.len()],
    bound: Cost,
    /// What so many units of the last word bear at least, and how many of these are known.
    sums: [Charge; MOST_UNITS + 1],
    summed: usize,
    /// What so many units of the word that was laid last cost beside each beginning, and how many rows are these.
    rows: [Row; MOST_UNITS + 1],
    laid: usize,
}

impl Drop for LatinBeside<'_> {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.room));
    }
}

impl<'w> LatinBeside<'w> {
    /// Of a word, for words of an alphabet from a likeness on.
    pub(crate) fn new(latin: &'w str, like: f32, alphabet: &'w Alphabet) -> LatinBeside<'w> {
        let own = Letters::new(latin.as_bytes());
        let mut rows = [[NEVER; LONGEST_WORD + 1]; MOST_UNITS + 1];
        rows[0] = own.first_row();
        let mut room = ROOM.take();
        alphabet.beside(&own, &mut room.charges);
        room.fits.clear();
        room.fits.resize(room.charges.len(), None);
        room.written.clear();
        LatinBeside {
            alphabet,
            bits: letters(latin),
            length: latin.len(),
            own: Written::of(own.letters),
            letters: own,
            like,
            side: None,
            room,
            bounds: [[UNKNOWN; LONGEST_WORD + 1]; MOSTS.len()],
            bound: reach(together(latin.len(), latin.len()), MOST + SLACK, like),
            sums: [Charge::default(); MOST_UNITS + 1],
            summed: 0,
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
        if self.side.as_ref().is_some_and(|side| side.script != script) {
            self.side = None;
        }
        self.side.get_or_insert_with(|| Side {
            script,
            unexplained: self.letters.unexplained(script),
            letters: of_letters(self.letters.letters, script),
        })
    }

    /// Where the writings of a unit are that stand in the word.
    fn fit(&mut self, unit: u16) -> std::ops::Range<usize> {
        let room = &mut self.room;
        let (from, until) = *room.fits[usize::from(unit)].get_or_insert_with(|| {
            let from = room.written.len() as u32;
            let rule = self.alphabet.rule(unit);
            for (last, letter) in self.letters.letters.iter().enumerate() {
                for (writing, cost) in rule.ending(*letter) {
                    if writing.ends_at(self.letters.windows[last], last) {
                        room.written.push((last as u8, writing.length as u8, *cost));
                    }
                }
            }
            (from, room.written.len() as u32)
        });
        from as usize..until as usize
    }

    /// Takes the units of a word of which so many are those of the word before: says how many of them are known to bear
    /// more than any word may cost, if any are.
    pub(crate) fn begin(&mut self, units: &[u16], common: usize) -> Option<usize> {
        self.laid = self.laid.min(common);
        self.summed = self.summed.min(common);
        while let Some(unit) = units.get(self.summed).filter(|_| self.summed < MOST_UNITS) {
            let sum = self.sums[self.summed].and(self.room.charges[usize::from(*unit)]);
            self.summed += 1;
            self.sums[self.summed] = sum;
            if sum.whole > self.bound {
                return Some(self.summed);
            }
        }
        None
    }

    /// How alike the word is that was begun, if that may be so much as is asked.
    pub(crate) fn near(&mut self, units: &[u16], word: &Sums) -> Option<f32> {
        let units = &units[..units.len().min(MOST_UNITS)];
        let bound = self.bound_of(word);
        let all = self.sums[units.len()];
        if all.whole > bound || word.counts.least(&self.own) > bound {
            return None;
        }
        let script = self.alphabet.rule(*units.first()?).script;
        let mut missing = self.bits & !word.letters;
        let mut letters = Charge::default();
        let side = self.side(script);
        while missing != 0 {
            letters = letters.and(side.letters[missing.trailing_zeros() as usize]);
            missing &= missing - 1;
        }
        if letters.whole > bound || all.half + letters.half > bound {
            return None;
        }
        for (many, unit) in units.iter().enumerate().skip(self.laid) {
            let fit = self.fit(*unit);
            let side = self.side.as_ref()?;
            let (done, rest) = self.rows.split_at_mut(many + 1);
            let (Some(before), Some(now)) = (done.last(), rest.first_mut()) else { return None };
            let mut written = self.room.written[fit].iter().peekable();
            let least = self.alphabet.rule(*unit).row(
                script,
                self.letters.letters,
                &side.unexplained,
                self.bound,
                before,
                now,
                |place, before| {
                    let mut best = NEVER;
                    while let Some((last, length, cost)) =
                        written.next_if(|(last, ..)| usize::from(*last) <= place)
                    {
                        if usize::from(*last) == place {
                            best = best.min(before[place + 1 - usize::from(*length)] + cost);
                        }
                    }
                    best
                },
            );
            self.laid = many + 1;
            // The units that are left bear at least so much.
            if least + (all.whole - self.sums[many + 1].whole) > bound {
                return None;
            }
        }
        let row = &self.rows[units.len()];
        let cost = whole(script, self.letters.letters, |j| row[j]);
        (cost <= bound).then(|| word.likeness(cost, self.length))
    }
}
