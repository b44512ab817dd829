//! The least that two words may cost beside each other, found out without laying them.
//!
//! An alignment is made of steps: a unit that stands for a writing, a unit that is not written, a letter that no unit
//! explains, and a unit that stands for a letter with which none of its writings ends. What a step costs is charged to
//! the units and letters that take part in it, never more than the whole: of a unit that stands for a foreign letter
//! both bear a share ([`EXCHANGE`]), a writing is borne by its unit alone. So the sum of the least that each unit and
//! each letter may bear is no more than the cost of any alignment, whichever way the shares are: all on the side of
//! the units, all on that of the letters, or half on either. Letters at the end that may be silent, or an ending, bear nothing,
//! because [`super::alignment::whole`] leaves them out for less.

use super::alignment::{SILENT_LETTERS, Sums, nominative, unexplained};
use super::{Cost, MOST_UNITS, Rule, Script, Unit, Writing, is_vowel, rule_of};
use crate::spelling::place;

/// What a unit or a letter bears at least, by how the cost of an exchange is shared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Charge {
    /// If it bears all of it.
    pub(super) whole: Cost,
    /// If it bears half.
    pub(super) half: Cost,
}

impl Charge {
    /// Of something that may cost so much alone, or take part in an exchange.
    fn new(alone: Cost, vowel: bool) -> Charge {
        let exchange = EXCHANGE[usize::from(vowel)];
        Charge { whole: alone.min(exchange), half: alone.min(exchange / 2) }
    }

    /// Of a unit of which no writing is there.
    pub(super) fn of_unit(rule: &Rule) -> Charge {
        Charge::new(rule.silent, rule.vowel)
    }

    /// The same where a writing is there that costs so much.
    pub(super) fn or(self, writing: Cost) -> Charge {
        Charge { whole: self.whole.min(writing), half: self.half.min(writing) }
    }

    pub(super) fn and(self, other: Charge) -> Charge {
        Charge { whole: self.whole + other.whole, half: self.half + other.half }
    }
}

/// What an exchange costs at least that a consonant takes part in, and one that a vowel does: a vowel stands for a
/// vowel at 30 or more, a consonant for a consonant at 105, and one for the other at 140, which is more than the halves
/// of both.
const EXCHANGE: [Cost; 2] = [105, 30];

/// How many letters at the end may be silent.
fn silent_end(letters: &[u8]) -> usize {
    let silent = |letter: u8| SILENT_LETTERS & 1 << place(letter) != 0;
    match letters {
        [.., one, other] if letters.len() > 4 && silent(*one) && silent(*other) => 2,
        [.., other] if letters.len() > 3 && silent(*other) => 1,
        _ => 0,
    }
}

/// What each letter of a word bears, by the letter, where no unit has it in a writing: all places of it together.
pub(super) fn of_letters(letters: &[u8], script: Script) -> [Charge; 27] {
    let mut charges = [Charge::default(); 27];
    let until = letters.len() - silent_end(letters).max(nominative(letters));
    for at in 0..until {
        // Before the first unit a letter is read as beside one of Cyrillic.
        let so_far = &letters[..=at];
        let alone = unexplained(script, so_far).min(unexplained(Script::Cyrillic, so_far));
        let of = &mut charges[place(letters[at])];
        *of = of.and(Charge::new(alone, is_vowel(letters[at])));
    }
    charges
}

/// What is known of a word in Latin letters before another is laid beside it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Written {
    /// Its letters, a bit each, and of these the hard ones that are not silent at the end.
    letters: u32,
    hard: u32,
    pub(super) length: u8,
    /// How many consonants it has, and how many hard ones that are neither doubled nor silent at the end.
    consonants: u8,
    hard_ones: u8,
}

impl Written {
    /// Of a word's letters.
    pub(crate) fn of(letters: &[u8]) -> Written {
        let bits = |letters: &[u8]| letters.iter().fold(0, |bits, letter| bits | 1 << place(*letter));
        let until = letters.len() - silent_end(letters);
        Written {
            letters: bits(letters),
            hard: bits(&letters[..until]) & HARD,
            length: u8::try_from(letters.len()).unwrap_or(u8::MAX),
            consonants: letters.iter().filter(|letter| !is_vowel(**letter)).count() as u8,
            hard_ones: hard_ones(&letters[..until]) as u8,
        }
    }
}

/// What is left of a word in Latin letters after some of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rest {
    /// Its letters, a bit each, and of these the hard ones that are neither silent at the end nor the one before again.
    letters: u32,
    hard: u32,
}

impl Rest {
    /// Whether it has one of some letters.
    pub(super) fn has(&self, letters: u32) -> bool {
        self.letters & letters != 0
    }

    /// Of a word from a place on.
    pub(crate) fn of(word: &[u8], from: usize) -> Rest {
        let bit = |at: usize| 1_u32 << place(word[at]);
        let until = word.len() - silent_end(word);
        let anew = |at: &usize| *at == 0 || word[at - 1] != word[*at];
        Rest {
            letters: (from..word.len()).fold(0, |bits, at| bits | bit(at)),
            hard: (from..until).filter(anew).fold(0, |bits, at| bits | bit(at)) & HARD,
        }
    }
}

/// What the units from one on cost at least beside what is left of a word: `missed` is what those bear of whose writings
/// it has no letter, `written` the letters of all their writings.
pub(super) fn least_of_rest(missed: Charge, written: u32, rest: &Rest) -> Cost {
    let letters = (rest.hard & !written).count_ones() as Cost;
    missed.whole.max(letters * SLIP).max(missed.half + letters * (EXCHANGE[0] / 2))
}

/// How many hard letters there are that are not the one before again.
fn hard_ones(letters: &[u8]) -> usize {
    let hard = |at: &usize| HARD & 1 << place(letters[*at]) != 0;
    (0..letters.len())
        .filter(hard)
        .filter(|at| at.checked_sub(1).is_none_or(|b| letters[b] != letters[*at]))
        .count()
}

/// What is counted of the units of a word.
///
/// A hard letter that is not the one before again is of a writing, or it costs [`SLIP`] or more that no unit explains
/// it, or that it is exchanged: so as many of them cost that as are more than all writings have. A hard unit takes a
/// consonant into its writing, or it costs as much that it is not written, or exchanged.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Units that are consonants in all their writings, and whose absence costs as much as a slip.
    hard_units: u16,
    /// The most hard letters that the writings of all may have.
    hard_letters: u16,
}

/// What a hard letter or a hard unit costs at least that stands alone.
const SLIP: Cost = 100;

impl Counts {
    /// Of one unit, by its writings.
    pub(super) fn of(writings: &[(Writing, Cost)], vowel: bool, silent: Cost) -> Counts {
        let mut counts = Counts { hard_units: u16::from(!vowel && silent >= SLIP), hard_letters: 0 };
        for (writing, _) in writings {
            let letters = writing.letters.to_be_bytes();
            let letters = &letters[letters.len() - writing.length..];
            counts.hard_letters = counts.hard_letters.max(hard_ones(letters) as u16);
            if letters.iter().all(|letter| is_vowel(*letter)) {
                counts.hard_units = 0;
            }
        }
        counts
    }

    /// Those of a word and one unit more.
    pub(super) fn and(self, unit: Counts) -> Counts {
        Counts {
            hard_units: self.hard_units + unit.hard_units,
            hard_letters: self.hard_letters + unit.hard_letters,
        }
    }

    /// The least that they cost beside a word.
    pub(super) fn least(self, word: &Written) -> Cost {
        let units = self.hard_units.saturating_sub(u16::from(word.consonants));
        let letters = u16::from(word.hard_ones).saturating_sub(self.hard_letters);
        SLIP * units.max(letters)
    }
}

/// Consonants but `h`, and but those that Han leaves out of foreign names. The first of a letter in a word stands beside
/// no other of it and costs 100 in any script that no unit explains.
const HARD: u32 = {
    let letters = *b"bcdfgjkmnpqstvxz";
    let (mut bits, mut of) = (0, 0);
    while of < letters.len() {
        bits |= 1 << place(letters[of]);
        of += 1;
    }
    bits
};

/// What a unit bears at least where a word has none of some letters, which come first, a bit each: each of its writings has one of these.
pub(super) type Alone = (u32, Charge);

/// The same of each unit of a word.
pub(super) fn alone(units: &[Unit]) -> impl Iterator<Item = Alone> {
    units.iter().take(MOST_UNITS).map(|unit| {
        let rule = rule_of(*unit);
        (rule.needs, Charge::of_unit(rule))
    })
}

/// Whether a word may cost so little beside one in Latin letters.
pub(super) fn may_cost(
    units: impl Iterator<Item = Alone>,
    sums: &Sums,
    other: &Written,
    bound: Cost,
) -> bool {
    if sums.counts.least(other) > bound {
        return false;
    }
    let mut missing: Cost = 0;
    let mut left = other.hard & !sums.letters;
    while left != 0 {
        left &= left - 1;
        missing += SLIP;
    }
    if missing > bound {
        return false;
    }
    let mut own = Charge::default();
    for (letters, charge) in units {
        if letters & other.letters == 0 {
            own = own.and(charge);
        }
    }
    own.whole <= bound && own.half + missing / SLIP * (EXCHANGE[0] / 2) <= bound
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{SCRIPTS, TABLES, alignment::laid};
    use super::*;

    /// Units of one script, and letters that are often near them.
    fn pair() -> impl Strategy<Value = (Vec<Unit>, String)> {
        let of = |script: Script| -> Vec<Unit> {
            (0..).zip(&TABLES.rules).filter(|(_, rule)| rule.script == script).map(|(unit, _)| unit).collect()
        };
        let units = prop::sample::select(&SCRIPTS[..])
            .prop_flat_map(move |script| prop::collection::vec(prop::sample::select(of(script)), 1..8));
        (units, "[a-z]{0,3}[aeiourtsmbkhl]{1,8}", prop::collection::vec(0..6_usize, 0..8), any::<bool>())
            .prop_map(|(units, other, choices, near)| {
                // Every second word is written as the units may be.
                let writings = units.iter().zip(choices).map(|(unit, choice)| {
                    let all = &rule_of(*unit).writings;
                    all.get(choice % all.len().max(1)).map_or(String::new(), |(writing, _)| {
                        let letters = writing.letters.to_be_bytes();
                        String::from_utf8_lossy(&letters[letters.len() - writing.length..]).into_owned()
                    })
                });
                let written: String = writings.collect();
                (units, if near && !written.is_empty() { written } else { other })
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        /// What two words cost at least is no more than what they cost, of the letters and of each bound.
        #[test]
        fn no_alignment_costs_less((units, latin) in pair()) {
            let cost = laid(&units, &latin);
            let (sums, written) = (Sums::of(&units), Written::of(latin.as_bytes()));
            for bound in (0..400).step_by(10).filter(|bound| *bound >= cost) {
                prop_assert!(may_cost(alone(&units), &sums, &written, bound), "{units:?} {latin} {cost} {bound}");
            }
            // And so is what is known of the word that its writings are looked for in.
            let alphabet = super::super::Alphabet::of(units.iter());
            let places: Vec<u16> = units.iter().map(|unit| alphabet.place(*unit)).collect();
            let mut beside = super::super::LatinBeside::new(&latin, 0.6, &alphabet);
            let whole = super::super::like(&units, &latin, 0.0);
            let lengths = beside.lengths();
            let found = if lengths.contains(&sums.length()) && beside.begin(&places, 0).is_none() {
                beside.near(&places, &sums)
            } else {
                None
            };
            if whole >= 0.6 {
                prop_assert_eq!(found, Some(whole), "{:?} {}", units, latin);
                // And what is known before each letter of the other word.
                let mut beside = super::super::UnitsBeside::new(&units, 0.6);
                let all = latin.as_bytes();
                let rests: Vec<Rest> = (0..all.len()).map(|from| Rest::of(all, from)).collect();
                let mut borne = [0];
                beside.borne(&[crate::spelling::letters(&latin)], &mut borne);
                prop_assert!(beside.may_bear(borne[0], written.length), "{units:?} {latin}");
                for (many, letter) in all.iter().enumerate() {
                    prop_assert!(beside.may_go_on(many, &rests), "{units:?} {latin} {many}");
                    prop_assert!(beside.enter(many + 1, *letter), "{units:?} {latin} {many}");
                }
                prop_assert!(beside.is_near(all.len()), "{units:?} {latin}");
            }
            if whole >= 0.8 {
                prop_assert_eq!(super::super::like(&units, &latin, 0.8), whole);
            }
        }
    }
}
