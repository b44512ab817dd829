//! The units of many words, and what each may be written as, by the last letter: so that what a word in Latin letters
//! has of them is found by its letters and not by asking each unit.

use super::alignment::Letters;
use super::charges::Charge;
use super::{Cost, Rule, Unit, Writing, rule_of};
use crate::spelling::place;

/// The units of some words, each by its place among them.
#[derive(Debug, Default)]
pub(crate) struct Alphabet {
    units: Vec<Unit>,
    /// What each bears at least of which no writing is there.
    charges: Vec<Charge>,
    /// Writings by their last letters, with what they cost and whose they are.
    ending: [Vec<(Writing, Cost, u16)>; 27],
}

impl Alphabet {
    /// Of all units of some words.
    pub(crate) fn of<'u>(units: impl Iterator<Item = &'u Unit>) -> Alphabet {
        let mut units: Vec<Unit> = units.copied().collect();
        units.sort_unstable();
        units.dedup();
        units.shrink_to_fit();
        let mut ending: [Vec<(Writing, Cost, u16)>; 27] = Default::default();
        for (own, unit) in (0..).zip(&units) {
            for (writing, cost) in &rule_of(*unit).writings {
                ending[place((writing.letters & 0xff) as u8)].push((*writing, *cost, own));
            }
        }
        let charges = units.iter().map(|unit| Charge::of_unit(rule_of(*unit))).collect();
        Alphabet { units, charges, ending }
    }

    /// The place of a unit that is there.
    pub(crate) fn place(&self, unit: Unit) -> u16 {
        self.units.binary_search(&unit).map_or(u16::MAX, |place| place as u16)
    }

    /// The rule of the unit at a place.
    pub(super) fn rule(&self, place: u16) -> &'static Rule {
        rule_of(self.units[usize::from(place)])
    }

    /// What each unit bears at least beside a word.
    pub(super) fn beside(&self, word: &Letters<'_>, charges: &mut Vec<Charge>) {
        charges.clear();
        charges.extend_from_slice(&self.charges);
        for (last, letter) in word.letters.iter().enumerate() {
            for (writing, cost, own) in &self.ending[place(*letter)] {
                if writing.ends_at(word.windows[last], last) {
                    let charge = &mut charges[usize::from(*own)];
                    *charge = charge.or(*cost);
                }
            }
        }
    }
}
