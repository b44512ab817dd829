//! A word of another script laid beside one in Latin letters, and what the cost is worth.

use std::sync::LazyLock;

use super::charges::{Counts, Written, alone, may_cost};
use super::{Cost, MOST_UNITS, Rule, SCRIPTS, Script, Unit, WRITING, is_vowel, rule_of, window};
use crate::spelling::{LONGEST_WORD, place};

/// What the first so many letters of a word cost beside so many units of another.
pub(super) type Row = [Cost; LONGEST_WORD + 1];

/// More than any cost that matters.
pub(super) const NEVER: Cost = 10_000;

/// The cost of a word of another script laid beside one in Latin letters: the least to bring so many units to so many
/// letters. None once it is more than `most`.
fn lay(units: &[Unit], letters: &[u8], most: Cost) -> Option<Cost> {
    let letters = Letters::new(letters);
    let script = units.first().map_or(Script::Cyrillic, |unit| rule_of(*unit).script);
    let alone = letters.unexplained(script);
    let mut before = letters.first_row();
    let mut now = before;
    for unit in units.iter().take(MOST_UNITS) {
        let rule = rule_of(*unit);
        let written = |place: usize, before: &Row| {
            let ending = rule.ending(letters.letters[place]).iter();
            let fit = ending.filter(|(writing, _)| writing.ends_at(letters.windows[place], place));
            fit.map(|(writing, cost)| before[place + 1 - writing.length] + cost).min().unwrap_or(NEVER)
        };
        if rule.row(script, letters.letters, &alone, most, &before, &mut now, written) > most {
            return None;
        }
        std::mem::swap(&mut before, &mut now);
    }
    Some(whole(script, letters.letters, |j| before[j]))
}

impl Rule {
    /// The row of one unit more, by that of those before it; gives its least. What costs more than `most` is left out,
    /// and what cannot cost less is not looked at. `written` says what a writing of the unit costs at least that ends at a
    /// place.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn row(
        &self,
        script: Script,
        letters: &[u8],
        alone: &[Cost; LONGEST_WORD],
        most: Cost,
        before: &Row,
        now: &mut Row,
        mut written: impl FnMut(usize, &Row) -> Cost,
    ) -> Cost {
        let (vowel, consonant) = (self.change(script, true), self.change(script, false));
        *now = [NEVER; LONGEST_WORD + 1];
        let length = letters.len();
        let Some(first) = before[..=length].iter().position(|cost| *cost <= most) else { return NEVER };
        let end = before[..=length].iter().rposition(|cost| *cost <= most).unwrap_or(length) + WRITING;
        let mut last = before[first] + self.silent;
        now[first] = last;
        let mut least = last;
        for place in first..length {
            if place >= end && last > most {
                break;
            }
            let change = if is_vowel(letters[place]) { vowel } else { consonant };
            let best = (last + alone[place]).min(before[place + 1] + self.silent).min(before[place] + change);
            last = best.min(written(place, before)).min(NEVER);
            now[place + 1] = last;
            least = least.min(last);
        }
        least
    }
}

/// The letters of a word, each with those before it.
pub(super) struct Letters<'w> {
    pub(super) letters: &'w [u8],
    pub(super) windows: [u32; LONGEST_WORD],
}

impl<'w> Letters<'w> {
    pub(super) fn new(letters: &'w [u8]) -> Letters<'w> {
        let letters = &letters[..letters.len().min(LONGEST_WORD)];
        let mut windows = [0; LONGEST_WORD];
        for place in 0..letters.len() {
            windows[place] = window(&letters[..=place]);
        }
        Letters { letters, windows }
    }

    /// What each letter costs that no unit explains.
    pub(super) fn unexplained(&self, script: Script) -> [Cost; LONGEST_WORD] {
        let mut alone = [0; LONGEST_WORD];
        for (place, cost) in alone.iter_mut().enumerate().take(self.letters.len()) {
            *cost = unexplained(script, &self.letters[..=place]);
        }
        alone
    }

    /// The row of no unit: it is read as one of Cyrillic.
    pub(super) fn first_row(&self) -> Row {
        let mut row = [0; LONGEST_WORD + 1];
        for (place, alone) in self.unexplained(Script::Cyrillic).iter().enumerate().take(self.letters.len()) {
            row[place + 1] = (row[place] + alone).min(NEVER);
        }
        row
    }
}

/// Letters that French writes at the end of a word and does not speak, a bit each, and what one costs.
pub(super) const SILENT_LETTERS: u32 = {
    let letters = *b"tsxdzrpl";
    let (mut bits, mut of) = (0, 0);
    while of < letters.len() {
        bits |= 1 << place(letters[of]);
        of += 1;
    }
    bits
};
pub(super) const SILENT: Cost = 30;

/// What the ending of the nominative costs that Latin, Greek and the languages of the Baltic have and a Cyrillic text
/// leaves out: `marcus`, `dobkevicius`.
pub(super) const NOMINATIVE: Cost = 40;

/// Letters of a word from which on such an ending may be left out.
const WITH_ENDING: usize = 5;

/// How many letters at the end are such an ending.
pub(super) fn nominative(letters: &[u8]) -> usize {
    match letters {
        [.., vowel, b's'] if letters.len() > WITH_ENDING && is_vowel(*vowel) => 2,
        _ => 0,
    }
}

/// The cost of all letters, by that of so many of them.
pub(super) fn whole(script: Script, letters: &[u8], of: impl Fn(usize) -> Cost) -> Cost {
    let j = letters.len();
    let mut cost = of(j);
    if !script.has_silent_ends() {
        return cost;
    }
    let silent = |letter: u8| SILENT_LETTERS & 1 << place(letter) != 0;
    if j > 4 && silent(letters[j - 1]) && silent(letters[j - 2]) {
        cost = cost.min(of(j - 2) + 50);
    }
    if j > 3 && silent(letters[j - 1]) {
        cost = cost.min(of(j - 1) + SILENT);
    }
    if script == Script::Cyrillic && nominative(letters) > 0 {
        cost = cost.min(of(j - nominative(letters)) + NOMINATIVE);
    }
    cost
}

/// What a Latin letter costs that no unit explains.
pub(super) fn unexplained(script: Script, letters: &[u8]) -> Cost {
    match letters {
        [.., before, letter] => UNEXPLAINED[script as usize][1 + place(*before)][place(*letter)],
        [letter] => UNEXPLAINED[script as usize][0][place(*letter)],
        [] => 0,
    }
}

/// What a letter costs that no unit explains, by the place of the letter before after that of none, and its own.
pub(super) type Unexplained = [[Cost; 27]; 28];

/// The same in a script.
pub(super) fn unexplained_in(script: Script) -> &'static Unexplained {
    &UNEXPLAINED[script as usize]
}

/// By the script, the letter before, and the letter; digits are one.
static UNEXPLAINED: LazyLock<[Unexplained; SCRIPTS.len()]> = LazyLock::new(|| {
    let letter =
        |place: usize| u8::try_from(place).map_or(b'0', |place| if place < 26 { b'a' + place } else { b'0' });
    std::array::from_fn(|script| {
        std::array::from_fn(|before| {
            let before = before.checked_sub(1).map(letter);
            std::array::from_fn(|own| unexplained_after(SCRIPTS[script], before, letter(own)))
        })
    })
});

fn unexplained_after(script: Script, before: Option<u8>, letter: u8) -> Cost {
    if before == Some(letter) {
        return 6;
    }
    let hidden = matches!(script, Script::Arabic | Script::Hebrew | Script::Devanagari);
    match letter {
        _ if is_vowel(letter) && hidden && before.is_some() => 6,
        _ if is_vowel(letter) && script == Script::ForeignHan => 22,
        b'e' if before.is_some() => 30,
        _ if is_vowel(letter) => 55,
        b'h' => 32,
        b'r' | b'l' | b'w' if script == Script::ForeignHan && before.is_some_and(is_vowel) => 34,
        // Of two consonants the second is often not written: `布特曼` for `Braitman`.
        b'r' | b'l' if script == Script::ForeignHan && before.is_some() => 64,
        _ => 100,
    }
}

/// What units tell: those of few sounds little.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Told {
    script: Option<Script>,
    consonants: f32,
    vowels: f32,
}

impl Told {
    /// Adds a unit, if it sounds; says whether.
    pub(super) fn add(&mut self, rule: &Rule) -> bool {
        self.script.get_or_insert(rule.script);
        let sounds = rule.silent > 0 || rule.script == Script::ForeignHan;
        if sounds {
            *if rule.vowel { &mut self.vowels } else { &mut self.consonants } += 1.0;
        }
        sounds
    }

    /// The most that a word of such units may be like another.
    pub(super) fn most(&self) -> f32 {
        MOSTS[self.grade()]
    }

    /// The place of that among [`MOSTS`].
    fn grade(&self) -> usize {
        let script = self.script.unwrap_or(Script::Cyrillic);
        let told = self.consonants + self.vowels * if script == Script::ForeignHan { 0.25 } else { 0.5 };
        match script {
            // A family name of one vowel is a whole name there.
            Script::Hangul | Script::Read => 6,
            _ if told < 1.0 => 0,
            Script::Cyrillic | Script::Greek | Script::Devanagari | Script::Han => 6,
            _ if told < 1.5 => 1,
            _ if told < 2.0 => 2,
            _ if told < 2.5 => 3,
            _ if told < 3.5 => 4,
            Script::ForeignHan if told >= 4.0 => 6,
            _ => 5,
        }
    }
}

/// The most that words may be like others by what their units tell.
pub(super) const MOSTS: [f32; 7] = [0.5, 0.6, 0.78, 0.84, 0.9, 0.95, MOST];

/// What is known of the units of a word before it is laid beside another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sums {
    /// The letters of all writings, a bit each.
    pub(super) letters: u32,
    /// How many letters the first writings have, and those of units that sound.
    pub(super) length: u16,
    sounds: u16,
    /// The place of the most that it may be like another among [`MOSTS`].
    pub(super) grade: u8,
    pub(super) counts: Counts,
}

impl Sums {
    /// Of a word's units.
    pub(crate) fn of(units: &[Unit]) -> Sums {
        let (mut letters, mut length, mut sounds) = (0, 0, 0);
        let (mut told, mut counts) = (Told::default(), Counts::default());
        for (place, unit) in units.iter().enumerate() {
            let rule = rule_of(*unit);
            // What lies beyond is not laid beside anything, and costs nothing.
            if place < MOST_UNITS {
                counts = counts.and(rule.counts);
                letters |= rule.letters;
            }
            length += rule.length as u16;
            if told.add(rule) {
                sounds += rule.length as u16;
            }
        }
        Sums { letters, length, sounds, grade: told.grade() as u8, counts }
    }

    /// How many letters the first writings have.
    pub(crate) fn length(&self) -> u16 {
        self.length
    }

    /// What a cost is worth beside a word of so many letters; a word of few sounds is never much like another, because
    /// many words have few.
    pub(super) fn likeness(&self, cost: Cost, letters: usize) -> f32 {
        let own = usize::from(self.sounds);
        if !lengths_meet(own, letters) {
            return 0.0;
        }
        let slips = f32::from(cost) / 100.0;
        (MOSTS[usize::from(self.grade)] - SLOPE / together(own, letters) * slips * slips.sqrt()).max(0.0)
    }
}

/// The most letters that one of two words may have of which the other has so many.
pub(super) fn most_length(letters: usize) -> usize {
    letters * 3 / 2 + 4
}

/// The letters of both words by which a cost is weighed: twice those of the shorter one.
pub(super) fn together(one: usize, other: usize) -> f32 {
    (2 * one.min(other) + 1) as f32
}

/// How many letters the first writings of units have.
pub(super) fn length(units: &[Unit]) -> usize {
    units.iter().map(|unit| rule_of(*unit).length).sum()
}

/// The cost at which no two words of so many letters together are more alike than `like`, where none is more than
/// `most`.
pub(super) fn reach(together: f32, most: f32, like: f32) -> Cost {
    (100.0 * ((most - like).max(0.0) * together / SLOPE).powf(2.0 / 3.0)).ceil() as Cost
}

pub(super) fn lengths_meet(one: usize, other: usize) -> bool {
    one <= most_length(other) && other <= most_length(one)
}

/// What a slip costs, by the letters of both words.
const SLOPE: f32 = 2.72;

/// What a likeness may be wrong by.
pub(super) const SLACK: f32 = 1e-4;

/// A likeness below this is none.
const LEAST: f32 = 0.59;

/// The most that a word of another script is like one in Latin letters.
pub(super) const MOST: f32 = 0.97;

/// How alike a word of another script is to one in Latin letters, if that is so much as is asked; less, or nothing, if
/// it is not.
pub(crate) fn like(units: &[Unit], latin: &str, asked: f32) -> f32 {
    let own = length(units);
    if !lengths_meet(own, latin.len()) {
        return 0.0;
    }
    let together = together(own, latin.len());
    let sums = Sums::of(units);
    let mut most = reach(together, MOST, LEAST);
    if asked > LEAST {
        // What costs more is not so much alike, whatever few sounds may take from it.
        most = most.min(reach(together, MOSTS[usize::from(sums.grade)] + SLACK, asked));
    }
    if !may_cost(alone(units), &sums, &Written::of(latin.as_bytes()), most) {
        return 0.0;
    }
    lay(units, latin.as_bytes(), most).map_or(0.0, |cost| sums.likeness(cost, latin.len()))
}

/// What a word costs beside another, whatever it is.
#[cfg(test)]
pub(super) fn laid(units: &[Unit], latin: &str) -> Cost {
    lay(units, latin.as_bytes(), NEVER).unwrap_or(NEVER)
}
