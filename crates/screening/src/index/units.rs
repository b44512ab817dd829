//! Words of other scripts in the order of their units.

use crate::letters::{Alphabet, LatinBeside, Sums, Unit};

/// Words that are numbers here, with their units by their places in the alphabet of all.
#[derive(Debug, Default)]
pub(super) struct Units {
    words: Vec<Word>,
    units: Vec<u16>,
    alphabet: Alphabet,
}

/// A word, where its units begin, and how many it has in common with the one before.
#[derive(Debug)]
struct Word {
    word: u32,
    units: u32,
    common: u16,
    sums: Sums,
}

impl Units {
    /// Of words by their keys; those with an empty one are left out.
    pub(super) fn new<'k>(mut words: Vec<u32>, key: impl Fn(u32) -> &'k [Unit]) -> Units {
        words.retain(|word| !key(*word).is_empty());
        words.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        let alphabet = Alphabet::of(words.iter().flat_map(|word| key(*word)));
        let mut all = Units { words: Vec::with_capacity(words.len()), units: Vec::new(), alphabet };
        let mut before: &[Unit] = &[];
        for word in words {
            let own = key(word);
            let common = own.iter().zip(before).take_while(|(a, b)| a == b).count();
            all.words.push(Word {
                word,
                units: u32::try_from(all.units.len()).unwrap_or(u32::MAX),
                common: u16::try_from(common).unwrap_or(u16::MAX),
                sums: Sums::of(own),
            });
            all.units.extend(own.iter().map(|unit| all.alphabet.place(*unit)));
            before = own;
        }
        all.units.shrink_to_fit();
        all
    }

    /// Finds the words that one in Latin letters may mean from a likeness on, with how alike they are.
    pub(super) fn near(&self, latin: &str, like: f32, found: &mut Vec<(u32, f32)>) {
        if self.words.is_empty() {
            return;
        }
        let mut beside = LatinBeside::new(latin, like, &self.alphabet);
        let lengths = beside.lengths();
        // How many units a word has in common with the last one that was begun, and how many are too many of those.
        let mut common = usize::MAX;
        let mut lost = usize::MAX;
        for (place, word) in self.words.iter().enumerate() {
            common = common.min(usize::from(word.common));
            if common >= lost || !lengths.contains(&word.sums.length()) {
                continue;
            }
            let until = self.words.get(place + 1).map_or(self.units.len(), |next| next.units as usize);
            let units = &self.units[word.units as usize..until];
            lost = beside.begin(units, common).unwrap_or(usize::MAX);
            common = usize::MAX;
            if lost == usize::MAX
                && let Some(like) = beside.near(units, &word.sums)
            {
                found.push((word.word, like));
            }
        }
    }
}
