//! Words in Latin letters in their order, as far as they are few.
//!
//! Beside a word of another script most of them are told apart by their letters alone, which is quicker than a trie
//! where these are few.

use crate::letters::{Rest, UnitsBeside, Written};
use crate::spelling::letter_bit;

/// Words up to which they are kept so.
const FEW: usize = 20_000;

/// Words of which is found out together what they leave a word to bear: as many as a processor takes at once, a few times.
const TOGETHER: usize = 64;

/// Words that are numbers here, in the order of their letters.
#[derive(Debug, Default)]
pub(super) struct Latins {
    words: Vec<Word>,
    /// The letters of each, a bit each, and how many it has.
    letters: Vec<u32>,
    lengths: Vec<u8>,
    /// The letters of all, one word behind the other, and what is left of a word from each of them on.
    text: Vec<u8>,
    rests: Vec<Rest>,
}

/// A word, its letters, how many it has in common with the one before, and where these begin.
#[derive(Debug)]
struct Word {
    word: u32,
    common: u8,
    letters: Written,
    begin: u32,
}

/// Letters, a bit each.
fn letters(word: &[u8]) -> u32 {
    word.iter().fold(0, |bits, letter| bits | letter_bit(*letter))
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
        let mut all = Latins {
            words: Vec::with_capacity(words.len()),
            letters: Vec::with_capacity(words.len()),
            lengths: Vec::with_capacity(words.len()),
            text: Vec::new(),
            rests: Vec::new(),
        };
        for word in words {
            let own = key(word);
            let common = own.iter().zip(before).take_while(|(a, b)| a == b).count();
            before = own;
            all.letters.push(letters(own));
            all.lengths.push(u8::try_from(own.len()).unwrap_or(u8::MAX));
            all.words.push(Word {
                word,
                common: u8::try_from(common).unwrap_or(u8::MAX),
                letters: Written::of(own),
                begin: u32::try_from(all.text.len()).unwrap_or(u32::MAX),
            });
            all.text.extend_from_slice(own);
            all.rests.extend((0..own.len()).map(|from| Rest::of(own, from)));
        }
        all.text.shrink_to_fit();
        all.rests.shrink_to_fit();
        all
    }

    /// Whether there are none, or too many.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Finds the words that one of another script may mean.
    pub(super) fn near(&self, beside: &mut UnitsBeside, found: &mut Vec<u32>) {
        // How many letters are laid, how many of them the word before has in common with this one, and how many are too
        // many of those.
        let (mut laid, mut lost) = (0, usize::MAX);
        let mut borne = [0; TOGETHER];
        for (place, (word, length)) in self.words.iter().zip(&self.lengths).enumerate() {
            if place % TOGETHER == 0 {
                let until = self.letters.len().min(place + TOGETHER);
                beside.borne(&self.letters[place..until], &mut borne);
            }
            let common = usize::from(word.common);
            laid = common.min(laid);
            if common >= lost {
                continue;
            }
            lost = usize::MAX;
            if !beside.may_bear(borne[place % TOGETHER], *length) || !beside.may_be_meant(&word.letters) {
                continue;
            }
            let begin = word.begin as usize;
            let own = begin..begin + usize::from(*length);
            let (own, rests) = (&self.text[own.clone()], &self.rests[own]);
            let mut is_far = false;
            while laid < own.len() {
                is_far = laid > 0 && !beside.may_go_on(laid, rests);
                if is_far {
                    break;
                }
                laid += 1;
                if !beside.enter(laid, own[laid - 1]) {
                    lost = laid;
                    break;
                }
            }
            if !is_far && lost == usize::MAX && beside.is_near(own.len()) {
                found.push(word.word);
            }
        }
    }
}
