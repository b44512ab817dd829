//! Words of other scripts in the order of their units.

use crate::letters::{LatinBeside, Sums, Unit};

/// Words that are numbers here, with their units.
#[derive(Debug, Default)]
pub(super) struct Units {
    words: Vec<Word>,
    units: Vec<Unit>,
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
        let mut all = Units { words: Vec::with_capacity(words.len()), units: Vec::new() };
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
            all.units.extend_from_slice(own);
            before = own;
        }
        all.units.shrink_to_fit();
        all
    }

    /// Finds the words that one in Latin letters may mean, with how alike they are.
    pub(super) fn near(&self, beside: &mut LatinBeside<'_>, found: &mut Vec<(u32, f32)>) {
        let lengths = beside.lengths();
        let mut common = usize::MAX;
        for (place, word) in self.words.iter().enumerate() {
            common = common.min(usize::from(word.common));
            if !lengths.contains(&word.sums.length()) {
                continue;
            }
            let until = self.words.get(place + 1).map_or(self.units.len(), |next| next.units as usize);
            let units = &self.units[word.units as usize..until];
            if let Some(like) = beside.near(units, &word.sums, common) {
                found.push((word.word, like));
            }
            common = usize::MAX;
        }
    }
}
