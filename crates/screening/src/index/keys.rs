//! Keys by which words are found that the distance of [`crate::spelling`] calls near.
//!
//! A key has a word's consonants, those that stand for each other for less than a whole slip as one, without what is
//! left out or added for less: vowels, `h`, and `j`, `w`, `y`, which stand for vowels. So whatever changes a key
//! costs a slip. Words that are no further apart
//! than so many such changes have a key in common once so many letters are left out of both.

use crate::spelling::reach;

/// The key of some letters.
fn key(letters: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(letters.len());
    let mut before = 0;
    for letter in letters.bytes() {
        // A doubled letter is left out for less than a slip.
        if letter == before {
            continue;
        }
        before = letter;
        let kept = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'j' | b'w' => continue,
            b'b' | b'p' | b'f' | b'v' => b'b',
            b'c' | b'k' | b'q' | b's' | b'z' | b'g' => b'k',
            b'd' | b't' => b'd',
            other => other,
        };
        key.push(kept);
    }
    key
}

/// How many changes of its key a word may have at a likeness. A word that is longer or shorter has no more of them:
/// what it has more costs more than it allows for.
fn changes(letters: &str, like: f32) -> usize {
    let most = reach(2 * letters.len(), like);
    // `g` and `j` stand for each other for three quarters of a slip, and a key has only the first.
    let cheap = letters.bytes().filter(|letter| matches!(letter, b'g' | b'j')).count();
    (0..=cheap)
        .filter(|cheap| 75 * cheap <= usize::from(most))
        .map(|cheap| cheap + (usize::from(most) - 75 * cheap) / 100)
        .max()
        .unwrap_or(0)
}

/// A key as a number; different keys with one number only cost a look.
fn number(key: &[u8]) -> u32 {
    key.iter().fold(0x811c_9dc5, |hash, letter| (hash ^ u32::from(*letter)).wrapping_mul(0x0100_0193))
}

/// A key with up to so many letters left out, each once.
fn left_out(key: &[u8], many: usize, found: &mut Vec<u32>) {
    found.push(number(key));
    if many > 0 {
        let mut shorter = Vec::with_capacity(key.len());
        for place in 0..key.len() {
            shorter.clear();
            shorter.extend_from_slice(&key[..place]);
            shorter.extend_from_slice(&key[place + 1..]);
            left_out(&shorter, many - 1, found);
        }
    }
}

/// The most letters that are left out of a key.
const MOST: usize = 2;

/// Letters from which on a word may have more changes than keys allow for: such words are few, and looked at one by
/// one.
pub(super) const LONG: usize = 16;

/// The numbers under which a word is kept, and looked for, at a likeness.
pub(super) fn numbers(letters: &str, like: f32, found: &mut Vec<u32>) {
    left_out(&key(letters), changes(letters, like).min(MOST), found);
}
