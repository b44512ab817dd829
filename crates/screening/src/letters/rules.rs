//! What a letter of another script may be written as, and what that costs.

use std::borrow::Cow;

use super::charges::Counts;
use super::{Cost, GRADES, Script};
use crate::spelling::{VOWELS, place};

/// Up to four letters as one number, the last one lowest, and how many they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Writing {
    pub(super) letters: u32,
    pub(super) mask: u32,
    pub(super) length: usize,
}

/// Letters of a writing at most.
pub(super) const WRITING: usize = 4;

impl Writing {
    pub(super) fn new(text: &str) -> Writing {
        let letters = text.bytes().fold(0, |letters: u32, letter| letters << 8 | u32::from(letter));
        let mask = if text.len() >= WRITING { u32::MAX } else { (1 << (8 * text.len())) - 1 };
        Writing { letters, mask, length: text.len() }
    }

    /// Whether letters end with it.
    pub(super) fn ends(&self, window: u32) -> bool {
        (window ^ self.letters) & self.mask == 0
    }

    /// Whether the letters up to a place end with it.
    pub(super) fn ends_at(&self, window: u32, place: usize) -> bool {
        self.ends(window) && self.length <= place + 1
    }
}

/// The last letters of some as a writing has them.
pub(super) fn window(letters: &[u8]) -> u32 {
    let last = &letters[letters.len().saturating_sub(WRITING)..];
    last.iter().fold(0, |window, letter| window << 8 | u32::from(*letter))
}

#[derive(Debug)]
pub(super) struct Rule {
    /// Writings and their costs, by their last letters.
    pub(super) writings: Vec<(Writing, Cost)>,
    /// Where the writings begin that end with each letter.
    pub(super) ends: [u16; 28],
    /// The letters of all writings, a bit each; and some of which every writing has one.
    pub(super) letters: u32,
    pub(super) needs: u32,
    /// Letters of the first writing, and of the longest.
    pub(super) length: usize,
    pub(super) longest: usize,
    /// The cost of leaving it unwritten.
    pub(super) silent: Cost,
    /// Whether it is a vowel, as far as that can be said.
    pub(super) vowel: bool,
    pub(super) script: Script,
    /// What is counted of it.
    pub(super) counts: Counts,
}

/// What it costs that a vowel is not written.
const SILENT_VOWEL: Cost = 45;

/// What letters of one line may cost at most that are written one by one.
const MOST_ONE_BY_ONE: Cost = 2 * GRADES[2];

/// What a line of a table says.
#[derive(Debug, Clone)]
pub(super) struct Writings<'t> {
    /// Writings with their costs.
    pub(super) all: Vec<(Cow<'t, str>, Cost)>,
    /// What it costs that it is not written, where that is said.
    pub(super) silent: Option<Cost>,
}

impl<'t> Writings<'t> {
    pub(super) fn of(text: &'t str) -> Writings<'t> {
        let mut own = Writings { all: Vec::new(), silent: None };
        for (grade, some) in text.split('|').enumerate() {
            let cost = GRADES[grade.min(GRADES.len() - 1)];
            for writing in some.split_whitespace() {
                if writing == "-" {
                    own.silent = Some(cost);
                } else if writing.is_ascii() && writing.len() <= WRITING {
                    own.all.push((writing.into(), cost));
                }
            }
        }
        own
    }

    /// Whether it is a vowel, as far as that can be said.
    fn is_vowel(&self) -> bool {
        let all_vowels =
            |first: &str| first != "w" && first.bytes().all(|letter| b"aeiouyw".contains(&letter));
        self.all.first().is_none_or(|(first, _)| all_vowels(first))
    }

    /// The same, and what letters that sound together are written as one by one: the line of them hides those of each.
    ///
    /// Only where each letter has a sound of its own. No more than two of them may be written as occurs, and a vowel may
    /// be silent beside one that is written by the standard or as is usual.
    pub(super) fn with_those_of_its_letters(
        &self,
        script: Script,
        letters: &str,
        lines: &[(&str, Writings<'t>)],
    ) -> Writings<'t> {
        let mut own = self.clone();
        let each = matches!(script, Script::Cyrillic | Script::Arabic);
        // A line may be marked as no letters.
        if !each || letters.is_ascii() || letters.ends_with('.') || letters.chars().nth(1).is_none() {
            return own;
        }
        let mut all = vec![(String::new(), 0)];
        for letter in letters.chars() {
            let mut own = [0; 4];
            let letter: &str = letter.encode_utf8(&mut own);
            let Some((_, of)) = lines.iter().find(|(letters, _)| *letters == letter) else {
                return self.clone();
            };
            let silent = of.silent.or(of.is_vowel().then_some(SILENT_VOWEL));
            let silent = silent.map(|cost| (Cow::Borrowed(""), cost));
            let next = of.all.iter().cloned().chain(silent);
            let next: Vec<(Cow<'t, str>, Cost)> = next.collect();
            all = all
                .iter()
                .flat_map(|(so_far, cost)| {
                    next.iter().map(move |(one, more)| (format!("{so_far}{one}"), cost + more))
                })
                .filter(|(writing, cost)| writing.len() <= WRITING && *cost <= MOST_ONE_BY_ONE)
                .collect();
        }
        for (writing, cost) in all.into_iter().filter(|(writing, _)| !writing.is_empty()) {
            match own.all.iter_mut().find(|(known, _)| *known == writing) {
                Some((_, known)) => *known = cost.min(*known),
                None => own.all.push((writing.into(), cost)),
            }
        }
        own
    }
}

/// Few letters of which each of some writings has one, by the letters of each: a word that has none of them has none of
/// the writings.
fn needs(mut writings: Vec<u32>) -> u32 {
    let mut needs = 0;
    loop {
        writings.retain(|letters| letters & needs == 0);
        let many = |bit: &u32| writings.iter().filter(|letters| *letters & bit != 0).count();
        // Of letters that are in as many a consonant tells words apart better.
        let by = |bit: &u32| (many(bit), bit & VOWELS == 0);
        match (0..27).map(|place| 1 << place).max_by_key(by) {
            Some(bit) if !writings.is_empty() && many(&bit) > 0 => needs |= bit,
            _ => return needs,
        }
    }
}

pub(super) fn rule(script: Script, own: &Writings<'_>) -> Rule {
    let first = own.all.first().map(|(writing, _)| writing.as_ref());
    let letters = own.all.iter().fold(0, |letters, (writing, _)| letters | crate::spelling::letters(writing));
    let needs = needs(own.all.iter().map(|(writing, _)| crate::spelling::letters(writing)).collect());
    let silent = own.silent;
    let mut writings: Vec<(Writing, Cost)> =
        own.all.iter().map(|(writing, cost)| (Writing::new(writing), *cost)).collect();
    let vowel = own.is_vowel();
    let silent = silent.unwrap_or(match script {
        // A syllable has its vowel.
        Script::Hangul | Script::Han | Script::Read if vowel => 150,
        _ if vowel => SILENT_VOWEL,
        _ => 100,
    });
    let last = |writing: &Writing| place((writing.letters & 0xff) as u8);
    writings.sort_by_key(|(writing, _)| last(writing));
    let ends = std::array::from_fn(|letter| {
        let before = writings.partition_point(|(writing, _)| last(writing) < letter);
        u16::try_from(before).unwrap_or(u16::MAX)
    });
    let counts = Counts::of(&writings, vowel, silent);
    let longest = writings.iter().map(|(writing, _)| writing.length).max().unwrap_or(0).max(1);
    Rule {
        length: first.map_or(0, str::len),
        longest,
        ends,
        letters,
        needs,
        writings,
        silent,
        vowel,
        script,
        counts,
    }
}

impl Rule {
    /// The writings that end with a letter.
    pub(super) fn ending(&self, letter: u8) -> &[(Writing, Cost)] {
        self.ending_at(place(letter))
    }

    /// The same by the letter's place.
    pub(super) fn ending_at(&self, letter: usize) -> &[(Writing, Cost)] {
        &self.writings[usize::from(self.ends[letter])..usize::from(self.ends[letter + 1])]
    }

    /// What it costs that it stands for a letter with which none of its writings ends.
    pub(super) fn change(&self, script: Script, vowel: bool) -> Cost {
        match (self.vowel, vowel) {
            (true, true) if matches!(script, Script::ForeignHan | Script::Arabic | Script::Hebrew) => 30,
            (true, true) if matches!(script, Script::Han | Script::Read) => 105,
            (true, true) => 60,
            (false, false) => 105,
            _ => 140,
        }
    }
}
