//! Words in Latin letters in their order, as far as they are few.
//!
//! Beside a word of another script most of them are told apart by their letters alone, which is quicker than a trie
//! where these are few.

use crate::letters::{UnitsBeside, Written};

/// Words up to which they are kept so.
const FEW: usize = 20_000;

/// Words that are numbers here, in the order of their letters.
#[derive(Debug, Default)]
pub(super) struct Latins {
    words: Vec<Word>,
}

/// A word, its letters, and how many it has in common with the one before.
#[derive(Debug)]
struct Word {
    word: u32,
    common: u8,
    letters: Written,
}

impl Latins {
    /// Of words by their keys, if they are few; those with an empty one are left out.
    pub(super) fn new<'k>(words: &[u32], key: impl Fn(u32) -> &'k [u8]) -> Latins {
        if words.len() > FEW {
            return Latins::default();
        }
        let mut words: Vec<u32> = words.iter().copied().filter(|word| !key(*word).is_empty()).collect();
        words.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        let mut before: &[u8] = &[];
        let words = words.into_iter().map(|word| {
            let own = key(word);
            let common = own.iter().zip(before).take_while(|(a, b)| a == b).count();
            before = own;
            Word { word, common: u8::try_from(common).unwrap_or(u8::MAX), letters: Written::of(own) }
        });
        Latins { words: words.collect() }
    }

    /// Whether there are none, or too many.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds the words that one of another script may mean.
    pub(super) fn near<'k>(
        &self,
        beside: &mut UnitsBeside,
        key: impl Fn(u32) -> &'k [u8],
        found: &mut Vec<u32>,
    ) {
        // How many letters are laid, how many of them the word before has in common with this one, and how many are too
        // many of those.
        let (mut laid, mut lost) = (0, usize::MAX);
        for word in &self.words {
            let common = usize::from(word.common);
            laid = common.min(laid);
            if common >= lost {
                continue;
            }
            lost = usize::MAX;
            if !beside.may_be_meant(&word.letters) {
                continue;
            }
            let own = key(word.word);
            while laid < own.len() {
                laid += 1;
                if !beside.enter(laid, own[laid - 1]) {
                    lost = laid;
                    break;
                }
            }
            if lost == usize::MAX && beside.is_near(own.len()) {
                found.push(word.word);
            }
        }
    }
}
