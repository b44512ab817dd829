//! The words of a list, once each, and those of them that a word may be paired with.
//!
//! Words in Latin letters are found by keys that near ones have in common ([`super::keys`]). Across scripts every
//! word is asked whether it has the letters at all that the other one may be written with, which is quick, and those
//! that have are laid beside it. So what is found is exactly what the scorer would pair.

use rustc_hash::FxHashMap as HashMap;

use super::keys;
use crate::compare::{JOINED, PAIRED};
use crate::letters::{Least, LeastOf, Unit, is_foreign_han};
use crate::spelling::{Sketch, Spelling};
use crate::text::Vowels;
use crate::words::persons::NICKNAMES;

/// The words of a list.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Spelling>,
    /// For a quick no, beside each word.
    sketches: Vec<Sketch>,
    /// Words by all they are written with, while they are added.
    places: HashMap<Box<str>, u32>,
    /// Words in Latin letters by their keys, in the order of these, and long ones.
    by_key: Vec<(u32, u32)>,
    long: Vec<u32>,
    /// Words in Latin letters in the order of their letters, and of their sounds.
    by_latin: Vec<u32>,
    by_sound: Vec<u32>,
    /// All words by their consonants.
    by_skeleton: HashMap<Box<str>, Vec<u32>>,
    /// Words of scripts that the tables of letters have, one by one.
    by_units: Vec<u32>,
    /// The same of several words as one.
    joined: Vec<u32>,
    is_joined: Vec<bool>,
    /// All words of other scripts, and the same by their Latin letters.
    foreign: Vec<u32>,
    foreign_latin: HashMap<Box<str>, Vec<u32>>,
}

impl Vocabulary {
    /// The place of a word, a new one if it is not there, and whether it is new.
    pub(super) fn add(&mut self, spelling: &Spelling, joined: bool) -> (u32, bool) {
        // One word may be written in several scripts, and in one script in several ways: these are several.
        let mut key = String::with_capacity(spelling.latin.len() + 1);
        key.push(char::from(b'0' + spelling.vowels() as u8));
        key.push_str(&spelling.latin);
        key.extend(spelling.units.iter().filter_map(|unit| char::from_u32(0xf_0000 + u32::from(*unit))));
        if let Some(place) = self.places.get(key.as_str()) {
            self.is_joined[*place as usize] &= joined;
            return (*place, false);
        }
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.places.insert(key.into(), place);
        self.words.push(spelling.clone());
        self.is_joined.push(joined);
        (place, true)
    }

    /// Puts the words in order, once all are there.
    pub(super) fn finish(&mut self) {
        self.places = HashMap::default();
        for (place, word) in (0_u32..).zip(&self.words) {
            match self.by_skeleton.get_mut(word.skeleton.as_str()) {
                Some(words) => words.push(place),
                None => {
                    self.by_skeleton.insert(word.skeleton.as_str().into(), vec![place]);
                }
            }
            self.sketches.push(word.sketch);
            if word.vowels() == Vowels::Written {
                self.by_latin.push(place);
                self.by_key.extend(numbers(word).into_iter().map(|number| (number, place)));
                if word.latin.len().max(word.sound.len()) >= keys::LONG - 1 {
                    self.long.push(place);
                }
            } else {
                self.foreign.push(place);
                self.foreign_latin.entry(word.latin.as_str().into()).or_default().push(place);
                if !word.units.is_empty() {
                    let joined = self.is_joined[place as usize];
                    if joined { &mut self.joined } else { &mut self.by_units }.push(place);
                }
            }
        }
        self.by_key.sort_unstable();
        self.by_key.shrink_to_fit();
        let words = &self.words;
        let word = |place: &u32| &words[*place as usize];
        self.by_sound = self.by_latin.clone();
        self.by_latin.sort_unstable_by(|a, b| word(a).latin.cmp(&word(b).latin));
        self.by_sound.sort_unstable_by(|a, b| word(a).sound.cmp(&word(b).sound));
    }

    fn word(&self, place: u32) -> &Spelling {
        &self.words[place as usize]
    }

    /// The words whose Latin letters are these.
    pub(super) fn written(&self, latin: &str) -> Vec<u32> {
        let start = self.by_latin.partition_point(|place| self.word(*place).latin.as_str() < latin);
        let own = self.by_latin[start..].iter().take_while(|place| self.word(**place).latin == latin);
        own.chain(self.foreign_latin.get(latin).into_iter().flatten()).copied().collect()
    }

    /// The words in Latin letters that begin so.
    pub(super) fn beginning(&self, latin: &str) -> impl Iterator<Item = (u32, &str)> {
        let start = self.by_latin.partition_point(|place| self.word(*place).latin.as_str() < latin);
        let all = self.by_latin[start..].iter().map(|place| (*place, self.word(*place).latin.as_str()));
        let latin = latin.to_owned();
        all.take_while(move |(_, word)| word.starts_with(&latin))
    }

    /// The words that the scorer may pair with a word from a likeness on, each with how alike it is.
    pub(super) fn alike(&self, own: &Spelling, least: f32) -> Vec<(u32, f32)> {
        let mut found = self.written(&own.latin);
        let mut scan = |places: &[u32]| {
            found.extend(places.iter().filter(|place| self.sketches[**place as usize].may_meet(own.sketch)))
        };
        match (own.vowels(), own.units.is_empty()) {
            (Vowels::Written, _) => {
                // Words of scripts without a table are compared by their sketch, one by one.
                let plain: Vec<u32> =
                    self.foreign.iter().copied().filter(|place| self.word(*place).units.is_empty()).collect();
                scan(&plain);
                self.near(own, &mut found);
                self.near_units(&self.by_units, &own.latin, PAIRED, &mut found);
                self.near_units(&self.joined, &own.latin, JOINED, &mut found);
            }
            (_, true) => {
                scan(&self.foreign);
                scan(&self.by_latin);
            }
            (_, false) => {
                scan(&self.foreign);
                self.near_latin(&own.units, least, &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut alike: Vec<(u32, f32)> = found
            .into_iter()
            .map(|place| (place, own.like(self.word(place))))
            .filter(|(_, like)| *like >= least)
            .collect();
        if !is_foreign_han(&own.units) {
            for (short, long) in NICKNAMES {
                for (this, other) in [(short, long), (long, short)] {
                    if *this == own.latin {
                        alike.extend(self.written(other).into_iter().map(|place| (place, 0.92)));
                    }
                }
            }
        }
        alike.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        alike
    }

    /// Words by the consonants they have.
    pub(super) fn skeleton(&self, skeleton: &str) -> &[u32] {
        self.by_skeleton.get(skeleton).map_or(&[], Vec::as_slice)
    }

    /// Words of other scripts that may be words in Latin letters that were written as one.
    pub(super) fn foreign_near(&self, own: &Spelling) -> Vec<u32> {
        let mut found = Vec::new();
        self.near_units(&self.by_units, &own.latin, JOINED, &mut found);
        found.retain(|place| own.like(self.word(*place)) >= JOINED);
        found
    }

    /// Words in Latin letters near one in Latin letters: by letters, by sound, by the same consonants.
    fn near(&self, own: &Spelling, found: &mut Vec<u32>) {
        let mut seek = |words: &[u32]| {
            found.extend(words.iter().filter(|place| self.sketches[**place as usize].may_meet(own.sketch)));
        };
        for number in numbers(own) {
            let start = self.by_key.partition_point(|(key, _)| *key < number);
            let some = self.by_key[start..].iter().take_while(|(key, _)| *key == number);
            for (_, place) in some {
                seek(&[*place]);
            }
        }
        if own.latin.len().max(own.sound.len()) >= keys::LONG - 1 {
            seek(&self.long);
        }
        seek(self.skeleton(&own.skeleton));
        // One `s` more or less at the end.
        let mut longer = own.sound.clone();
        longer.push('s');
        for other in [Some(longer.as_str()), own.sound.strip_suffix('s')].into_iter().flatten() {
            let start = self.by_sound.partition_point(|place| self.word(*place).sound.as_str() < other);
            found.extend(self.by_sound[start..].iter().take_while(|place| self.word(**place).sound == other));
        }
    }

    /// Words in Latin letters that may be those of a word of another script.
    fn near_latin(&self, units: &[Unit], like: f32, found: &mut Vec<u32>) {
        let least = Least::new(units, like);
        found.extend(self.by_latin.iter().filter(|place| {
            let (letters, length) = self.sketches[**place as usize].letters();
            least.may_be(letters, length)
        }));
    }

    /// Words of other scripts that may be that of one in Latin letters.
    fn near_units(&self, words: &[u32], latin: &str, like: f32, found: &mut Vec<u32>) {
        let least = LeastOf::new(latin, like);
        found.extend(words.iter().filter(|place| least.may_be(&self.word(**place).units)));
    }
}

/// The keys of a word, by its letters and by its sound.
fn numbers(word: &Spelling) -> Vec<u32> {
    let mut found = Vec::new();
    keys::numbers(&word.latin, PAIRED, &mut found);
    if word.sound != word.latin {
        keys::numbers(&word.sound, PAIRED, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}
