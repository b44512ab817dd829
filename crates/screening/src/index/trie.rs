//! Words by what they begin with, so that what is done for a beginning is done once for all that have it.

/// A visitor that lays something beside the words of a trie.
pub(super) trait Beside<S> {
    /// Takes a symbol, the one after so many less one; says whether words that go on so matter.
    fn enter(&mut self, many: usize, symbol: S) -> bool;
    /// Whether the word of so many symbols that was taken is one to find.
    fn is_near(&self, many: usize) -> bool;
}

/// A trie of words that are numbers here, under sequences of symbols. Nodes stand in the order of a walk.
#[derive(Debug)]
pub(super) struct Trie<S> {
    nodes: Vec<Node>,
    symbols: Vec<S>,
    words: Vec<u32>,
}

/// A node: its depth, the node after all under it, and how many words stand before its own.
#[derive(Debug, Clone, Copy)]
struct Node {
    depth: u8,
    /// The node after this one and all under it.
    after: u32,
    /// The words before its own.
    first: u32,
}

impl<S> Default for Trie<S> {
    fn default() -> Trie<S> {
        Trie { nodes: Vec::new(), symbols: Vec::new(), words: Vec::new() }
    }
}

impl<S: Copy + Ord> Trie<S> {
    /// A trie of words by their keys; those with an empty one are left out, and of a key only so much counts as a
    /// node can be deep.
    pub(super) fn new<'k>(mut words: Vec<u32>, key: impl Fn(u32) -> &'k [S]) -> Trie<S>
    where
        S: 'k,
    {
        let key = |word: u32| {
            let key = key(word);
            &key[..key.len().min(usize::from(u8::MAX))]
        };
        words.retain(|word| !key(*word).is_empty());
        words.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        words.shrink_to_fit();
        let (mut nodes, mut symbols): (Vec<Node>, Vec<S>) = (Vec::new(), Vec::new());
        let mut open: Vec<usize> = Vec::new();
        let mut before: &[S] = &[];
        for (place, word) in (0_u32..).zip(&words) {
            let own = key(*word);
            let common = own.iter().zip(before).take_while(|(a, b)| a == b).count();
            for closed in open.drain(common..) {
                nodes[closed].after = nodes.len() as u32;
            }
            for (depth, symbol) in own.iter().enumerate().skip(common) {
                open.push(nodes.len());
                nodes.push(Node { depth: depth as u8 + 1, after: 0, first: place });
                symbols.push(*symbol);
            }
            before = own;
        }
        for closed in open {
            nodes[closed].after = nodes.len() as u32;
        }
        nodes.shrink_to_fit();
        symbols.shrink_to_fit();
        Trie { nodes, symbols, words }
    }

    /// Whether no word stands in it.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The node of a key.
    fn node(&self, key: &[S]) -> Option<usize> {
        let (mut node, mut end) = (0, self.nodes.len());
        let (last, before) = key.split_last()?;
        let seek = |mut node: usize, end: usize, symbol: &S| {
            while node < end && self.symbols[node] < *symbol {
                node = self.nodes[node].after as usize;
            }
            (node < end && self.symbols[node] == *symbol).then_some(node)
        };
        for symbol in before {
            let found = seek(node, end, symbol)?;
            end = self.nodes[found].after as usize;
            node = found + 1;
        }
        seek(node, end, last)
    }

    /// The words before the own ones of a node.
    fn first(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(self.words.len(), |node| node.first as usize)
    }

    /// The words under a key.
    pub(super) fn under(&self, key: &[S]) -> &[u32] {
        self.node(key).map_or(&[], |node| &self.words[self.first(node)..self.end(node)])
    }

    /// Where a node's own words end: what comes next has so many before its own, and a node on the way to a longer
    /// word has the same before it and none of its own.
    fn end(&self, node: usize) -> usize {
        self.first(node + 1)
    }

    /// The words under all keys that begin so.
    pub(super) fn beginning(&self, key: &[S]) -> &[u32] {
        self.node(key).map_or(&[], |node| {
            let after = self.nodes[node].after as usize;
            &self.words[self.first(node)..self.first(after)]
        })
    }

    /// Finds the words that a visitor calls near.
    pub(super) fn near(&self, visitor: &mut impl Beside<S>, found: &mut Vec<u32>) {
        let mut place = 0;
        while let Some(node) = self.nodes.get(place) {
            let many = usize::from(node.depth);
            if !visitor.enter(many, self.symbols[place]) {
                place = node.after as usize;
                continue;
            }
            let (from, until) = (node.first as usize, self.end(place));
            if from < until && visitor.is_near(many) {
                found.extend_from_slice(&self.words[from..until]);
            }
            place += 1;
        }
    }
}

impl Beside<u8> for crate::spelling::Beside {
    fn enter(&mut self, many: usize, symbol: u8) -> bool {
        crate::spelling::Beside::enter(self, many, symbol)
    }

    fn is_near(&self, many: usize) -> bool {
        crate::spelling::Beside::is_near(self, many)
    }
}

impl Beside<u8> for crate::letters::UnitsBeside {
    fn enter(&mut self, many: usize, symbol: u8) -> bool {
        crate::letters::UnitsBeside::enter(self, many, symbol)
    }

    fn is_near(&self, many: usize) -> bool {
        crate::letters::UnitsBeside::is_near(self, many)
    }
}

impl Beside<crate::letters::Unit> for crate::letters::LatinBeside<'_> {
    fn enter(&mut self, many: usize, symbol: crate::letters::Unit) -> bool {
        crate::letters::LatinBeside::enter(self, many, symbol)
    }

    fn is_near(&self, many: usize) -> bool {
        crate::letters::LatinBeside::is_near(self, many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: [&str; 8] = ["ali", "alia", "al", "karim", "kara", "kar", "karim", "zz"];

    fn trie() -> Trie<u8> {
        Trie::new((0..8).collect(), |word| WORDS[word as usize].as_bytes())
    }

    #[test]
    fn words_are_found_by_their_keys_and_beginnings() {
        let trie = trie();
        for (place, word) in (0..).zip(WORDS) {
            assert!(trie.under(word.as_bytes()).contains(&place), "{word}");
        }
        assert_eq!(trie.under(b"karim"), [3, 6]);
        assert_eq!(trie.under(b"ka"), [0_u32; 0]);
        assert_eq!(trie.under(b""), [0_u32; 0]);
        assert_eq!(trie.beginning(b"ka"), [5, 4, 3, 6]);
        assert_eq!(trie.beginning(b"al"), [2, 0, 1]);
        assert_eq!(trie.beginning(b"b"), [0_u32; 0]);
    }

    #[test]
    fn what_is_near_in_a_trie_is_near_word_by_word() {
        let trie = trie();
        for own in WORDS.iter().chain(&["alai", "karrim", "akrim", "kraim", "aali", "x"]) {
            let mut found = Vec::new();
            trie.near(&mut crate::spelling::Beside::spelled(own), &mut found);
            found.sort_unstable();
            let near = |place: &u32| crate::spelling::spelled(own, WORDS[*place as usize]) > 0.0;
            assert_eq!(found, (0..8).filter(near).collect::<Vec<_>>(), "{own}");
        }
    }
}
