//! Organisations by the first letters of their words.

use rustc_hash::FxHashMap as HashMap;

use super::bound::{SLACK, told};
use super::vocabulary::Vocabulary;
use crate::compare::is_acronym;
use crate::name::{Part, Role};
use crate::text::MOST_WORDS;

/// Letters of a word that tell whether it gave letters to an acronym: three, and whether there are more.
const BEGINNING: usize = 4;

/// Letters of an acronym at most.
const LETTERS: usize = 8;

/// Names of organisations that letters may stand for.
#[derive(Debug, Default)]
pub(super) struct Acronyms {
    /// Names by three letters with which first letters of their words may begin.
    by_letters: HashMap<[u8; 3], Vec<u32>>,
    /// The entry, what the words weigh together in hundredths, and how each begins.
    full: Vec<(u32, u16, Box<str>)>,
}

impl Acronyms {
    /// Adds a name of an entry.
    pub(super) fn add(&mut self, entry: u32, parts: &[Part]) {
        let full = u32::try_from(self.full.len()).unwrap_or(u32::MAX);
        let words =
            parts.iter().map(|part| part.spelling.latin.get(..BEGINNING).unwrap_or(&part.spelling.latin));
        let weight = (weight(parts) * 100.0).round() as u16;
        self.full.push((entry, weight, words.collect::<Vec<_>>().join(" ").into()));
        for letters in beginnings(parts) {
            self.by_letters.entry(letters).or_default().push(full);
        }
    }

    /// Gives back room that is not needed.
    pub(super) fn finish(&mut self) {
        self.full.shrink_to_fit();
        self.by_letters.values_mut().for_each(Vec::shrink_to_fit);
    }

    /// Entries of whose words the query has the first letters, and that may so score what is needed.
    pub(super) fn of(&self, parts: &[Part], needed: f32, found: &mut Vec<u32>) {
        let all: f32 = parts.iter().map(told).sum();
        for part in parts.iter().filter(|part| part.role == Role::Name) {
            let letters = part.spelling.latin.as_bytes();
            let ([a, b, c, ..], true) = (letters, letters.len() <= LETTERS) else { continue };
            for full in self.by_letters.get(&[*a, *b, *c]).into_iter().flatten() {
                let (entry, weight, text) = &self.full[*full as usize];
                // What else the query has tells against it in full.
                let weight = f32::from(*weight) / 100.0;
                if 0.9 * weight < needed * (weight + all - told(part)) - SLACK {
                    continue;
                }
                let mut words = [""; MOST_WORDS];
                let mut many = 0;
                for (word, place) in text.split(' ').zip(&mut words) {
                    *place = word;
                    many += 1;
                }
                if is_acronym(letters, &words[..many], 0) {
                    found.push(*entry);
                }
            }
        }
    }
}

/// What words weigh that letters stand for.
pub(super) fn weight(parts: &[Part]) -> f32 {
    parts.iter().map(|part| part.weight).sum::<f32>().max(1.0)
}

/// Words of a list that are the first letters of a query's.
pub(super) fn letters_of(parts: &[Part], words: &Vocabulary, mut found: impl FnMut(u32)) {
    if parts.len() < 2 {
        return;
    }
    let own: Vec<&str> = parts.iter().map(|part| part.spelling.latin.as_str()).collect();
    for letters in beginnings(parts) {
        let Ok(letters) = std::str::from_utf8(&letters) else { continue };
        for (word, latin) in words.beginning(letters) {
            if latin.len() <= LETTERS && is_acronym(latin.as_bytes(), &own, 0) {
                found(word);
            }
        }
    }
}

/// Three letters with which the first letters of words may begin: each word gives one to three, and words of three
/// letters or fewer may be passed over.
fn beginnings(parts: &[Part]) -> Vec<[u8; 3]> {
    fn go(words: &[&[u8]], so_far: [u8; 3], many: usize, found: &mut Vec<[u8; 3]>) {
        if many == 3 {
            found.push(so_far);
            return;
        }
        let Some((first, rest)) = words.split_first() else { return };
        for given in 1..=(3 - many).min(first.len()) {
            let mut next = so_far;
            next[many..many + given].copy_from_slice(&first[..given]);
            go(rest, next, many + given, found);
        }
        if first.len() <= 3 {
            go(rest, so_far, many, found);
        }
    }
    let words: Vec<&[u8]> = parts.iter().map(|part| part.spelling.latin.as_bytes()).take(8).collect();
    let mut found = Vec::new();
    go(&words, [0; 3], 0, &mut found);
    found.sort_unstable();
    found.dedup();
    found
}
