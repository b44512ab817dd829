//! Words by the letters that they begin with, so that what is done for a beginning is done once for all that have it.

use crate::letters::UnitsBeside;
use crate::spelling::Beside;

/// What is laid beside the words of a trie, letter by letter.
pub(super) trait Lay {
    /// The letters that may follow those that were taken, of which there are so many: a bit each as [`bit`] has them.
    fn follows(&self, many: usize) -> u64;
    /// Takes a letter, with which there are so many; says whether words that go on so matter.
    fn enter(&mut self, many: usize, letter: u8) -> bool;
    /// Whether the word of so many letters that was taken is one to find.
    fn is_near(&self, many: usize) -> bool;
}

/// A trie of words that are numbers here, under their letters. The nodes under one stand beside each other.
#[derive(Debug, Default)]
pub(super) struct Trie {
    nodes: Vec<Node>,
    words: Vec<u32>,
}

/// A node. What is under one that has a single key is not taken apart: it has no nodes under it, and the letters with
/// which its words go on stand in it, as far as there is room.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The letters of the nodes under it; of one without nodes the letters with which its words go on.
    letters: u64,
    /// The first node under it; or, above [`LEAF`], with how many letters its words go on.
    under: u32,
    /// Where its own words begin; they end where those of the next node do.
    first: u32,
}

/// From here on a node has none under it.
const LEAF: u32 = 0xffff_ff00;

impl Node {
    fn is_leaf(&self) -> bool {
        self.under >= LEAF
    }
}

/// The bit of a letter or digit, in the order that words stand in.
const fn bit(letter: u8) -> u64 {
    match letter {
        b'0'..=b'9' => 1 << (letter - b'0'),
        b'a'..=b'z' => 1 << (10 + letter - b'a'),
        _ => 0,
    }
}

/// The letter of a bit's place.
const fn letter(place: u32) -> u8 {
    if place < 10 { b'0' + place as u8 } else { b'a' + (place as u8 - 10) }
}

impl Trie {
    /// A trie of words by their keys; those with an empty one are left out.
    pub(super) fn new<'k>(mut words: Vec<u32>, key: impl Fn(u32) -> &'k [u8]) -> Trie {
        words.retain(|word| !key(*word).is_empty());
        words.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        let mut trie = Trie { nodes: Vec::new(), words: Vec::with_capacity(words.len()) };
        // The words under each node that was not looked at yet.
        let mut next: Vec<_> = std::iter::once(0..words.len()).collect();
        let mut depth = 0;
        while !next.is_empty() {
            let first_of_next = trie.nodes.len() + next.len();
            let mut after = Vec::new();
            for range in next {
                let first = trie.words.len() as u32;
                let own = &words[range.clone()];
                let (Some(one), Some(other)) = (own.first(), own.last()) else { continue };
                let mut node = Node { letters: 0, under: (first_of_next + after.len()) as u32, first };
                if depth > 0 && key(*one) == key(*other) {
                    let rest = &key(*one)[depth..];
                    let mut letters = [0; 8];
                    letters.iter_mut().zip(rest).for_each(|(place, letter)| *place = *letter);
                    node.letters = u64::from_le_bytes(letters);
                    node.under = LEAF + rest.len() as u32;
                    trie.words.extend_from_slice(own);
                } else {
                    let mut from = own.partition_point(|word| key(*word).len() == depth);
                    trie.words.extend_from_slice(&own[..from]);
                    while let Some(word) = own.get(from) {
                        let letter = key(*word)[depth];
                        let until = from + own[from..].partition_point(|word| key(*word)[depth] == letter);
                        node.letters |= bit(letter);
                        after.push(range.start + from..range.start + until);
                        from = until;
                    }
                }
                trie.nodes.push(node);
            }
            next = after;
            depth += 1;
        }
        trie.nodes.shrink_to_fit();
        trie
    }

    /// Whether no word stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The own words of a node.
    fn own(&self, node: usize) -> &[u32] {
        let at = |node: usize| self.nodes.get(node).map_or(self.words.len(), |node| node.first as usize);
        &self.words[at(node)..at(node + 1)]
    }

    /// The node under one by a letter's bit.
    fn under(&self, node: &Node, bit: u64) -> usize {
        node.under as usize + (node.letters & (bit - 1)).count_ones() as usize
    }

    /// The node of a beginning, and how many of its letters lead there: fewer, where a single key has it.
    fn node(&self, beginning: &[u8]) -> Option<(usize, usize)> {
        let mut place = 0;
        let mut node = self.nodes.first()?;
        for (many, letter) in beginning.iter().enumerate() {
            if node.is_leaf() {
                return Some((place, many));
            }
            let bit = bit(*letter);
            if node.letters & bit == 0 {
                return None;
            }
            place = self.under(node, bit);
            node = self.nodes.get(place)?;
        }
        Some((place, beginning.len()))
    }

    /// The words under a key.
    pub(super) fn of<'k>(&self, own: &[u8], key: impl Fn(u32) -> &'k [u8]) -> &[u32] {
        let words = self.node(own).map_or(&[][..], |(node, _)| self.own(node));
        if words.first().is_some_and(|word| key(*word) == own) { words } else { &[] }
    }

    /// The words under all keys that begin so.
    pub(super) fn beginning<'k>(&self, own: &[u8], key: impl Fn(u32) -> &'k [u8]) -> Vec<u32> {
        let Some((node, _)) = self.node(own) else { return Vec::new() };
        let mut open = vec![node];
        let mut found = Vec::new();
        while let Some(place) = open.pop() {
            found.extend(self.own(place).iter().filter(|word| key(**word).starts_with(own)));
            let node = &self.nodes[place];
            let under = if node.is_leaf() { 0 } else { node.letters.count_ones() as usize };
            open.extend((0..under).map(|next| node.under as usize + next));
        }
        found
    }

    /// Finds the words that are near what is laid beside them.
    pub(super) fn near<'k>(
        &self,
        beside: &mut impl Lay,
        key: impl Fn(u32) -> &'k [u8],
        found: &mut Vec<u32>,
    ) {
        let Some(root) = self.nodes.first() else { return };
        // Nodes that were entered, with the letters under them that were not tried yet.
        let mut open = [(Node { letters: 0, under: 0, first: 0 }, 0_u64); crate::spelling::LONGEST_WORD + 1];
        open[0] = (*root, root.letters & beside.follows(0));
        let mut many = 0;
        loop {
            let (node, left) = &mut open[many];
            if *left == 0 {
                if many == 0 {
                    return;
                }
                many -= 1;
                continue;
            }
            let place = left.trailing_zeros();
            let bit = 1 << place;
            *left &= *left - 1;
            let place_under = node.under as usize + (node.letters & (bit - 1)).count_ones() as usize;
            if !beside.enter(many + 1, letter(place)) {
                continue;
            }
            let under = self.nodes[place_under];
            if under.is_leaf() {
                // Its letters, and where there are more than it has room for, those of its words.
                let (own, rest) = (many + 1, (under.under - LEAF) as usize);
                let letters = under.letters.to_le_bytes();
                let goes_on = if rest <= letters.len() {
                    (0..rest).all(|at| beside.enter(own + at + 1, letters[at]))
                } else {
                    let word = self.words.get(under.first as usize).map_or(&[][..], |word| key(*word));
                    (own..word.len()).all(|at| beside.enter(at + 1, word[at]))
                };
                if goes_on && beside.is_near(own + rest) {
                    found.extend_from_slice(self.own(place_under));
                }
                continue;
            }
            let own = self.own(place_under);
            if !own.is_empty() && beside.is_near(many + 1) {
                found.extend_from_slice(own);
            }
            many += 1;
            if many >= open.len() {
                many -= 1;
                continue;
            }
            open[many] = (under, under.letters & beside.follows(many));
        }
    }
}

/// Digits by their bits.
const DIGITS: u64 = 0x3ff;

/// Of letters a bit each, with digits where any may be.
fn with_digits(letters: u32, digits: bool) -> u64 {
    u64::from(letters & 0x3ff_ffff) << 10 | if digits { DIGITS } else { 0 }
}

impl Lay for Beside {
    fn follows(&self, many: usize) -> u64 {
        let (letters, digits) = Beside::follows(self, many);
        with_digits(letters, digits)
    }

    fn enter(&mut self, many: usize, letter: u8) -> bool {
        Beside::enter(self, many, letter)
    }

    fn is_near(&self, many: usize) -> bool {
        Beside::is_near(self, many)
    }
}

impl Lay for UnitsBeside {
    fn follows(&self, many: usize) -> u64 {
        let (letters, digits) = UnitsBeside::follows(self, many);
        with_digits(letters, digits)
    }

    fn enter(&mut self, many: usize, letter: u8) -> bool {
        UnitsBeside::enter(self, many, letter)
    }

    fn is_near(&self, many: usize) -> bool {
        UnitsBeside::is_near(self, many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 10] = ["ali", "alia", "al", "karim", "kara", "kar", "karim", "zz", "a4", "afiz"];

    fn key(word: u32) -> &'static [u8] {
        WORDS[word as usize].as_bytes()
    }

    fn trie() -> Trie {
        Trie::new((0..WORDS.len() as u32).collect(), key)
    }

    fn sorted(mut words: Vec<u32>) -> Vec<u32> {
        words.sort_unstable();
        words
    }

    #[test]
    fn words_are_found_by_their_keys_and_beginnings() {
        let trie = trie();
        for (place, word) in (0..).zip(WORDS) {
            assert!(trie.of(word.as_bytes(), key).contains(&place), "{word}");
        }
        assert_eq!(trie.of(b"karim", key), [3, 6]);
        for absent in ["ka", "", "karimi", "zzz", "4", "-"] {
            assert_eq!(trie.of(absent.as_bytes(), key), [0_u32; 0], "{absent}");
        }
        assert_eq!(sorted(trie.beginning(b"ka", key)), [3, 4, 5, 6]);
        assert_eq!(sorted(trie.beginning(b"al", key)), [0, 1, 2]);
        assert_eq!(trie.beginning(b"karim", key), [3, 6]);
        assert_eq!(trie.beginning(b"zzz", key), [0_u32; 0]);
        assert!(Trie::default().of(b"a", key).is_empty() && Trie::default().beginning(b"a", key).is_empty());
    }

    #[test]
    fn what_is_near_in_a_trie_is_near_word_by_word() {
        let trie = trie();
        for own in WORDS.iter().chain(&["alai", "karrim", "akrim", "kraim", "aali", "x", "faiz", "zzh"]) {
            for least in [0.0, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0] {
                let mut found = Vec::new();
                trie.near(&mut Beside::spelled(own, least), key, &mut found);
                let like = |place: &u32| crate::spelling::spelled(own, WORDS[*place as usize]);
                let near = |place: &u32| like(place) > 0.0 && like(place) >= least;
                let lost: Vec<u32> =
                    (0..WORDS.len() as u32).filter(near).filter(|place| !found.contains(place)).collect();
                assert_eq!(lost, [0_u32; 0], "{own} {least}");
                assert!(found.iter().all(|place| like(place) > 0.0), "{own} {least}");
            }
        }
    }
}
