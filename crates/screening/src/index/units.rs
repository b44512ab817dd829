//! Words of other scripts by the units that they begin with.

use crate::letters::{LatinBeside, Unit};

/// A trie of words that are numbers here, under their units. Nodes stand in the order of a walk.
#[derive(Debug, Default)]
pub(super) struct Units {
    nodes: Vec<Node>,
    symbols: Vec<Unit>,
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

impl Units {
    /// A trie of words by their keys; those with an empty one are left out, and of a key only so much counts as a
    /// node can be deep.
    pub(super) fn new<'k>(mut words: Vec<u32>, key: impl Fn(u32) -> &'k [Unit]) -> Units {
        let key = |word: u32| {
            let key = key(word);
            &key[..key.len().min(usize::from(u8::MAX))]
        };
        words.retain(|word| !key(*word).is_empty());
        words.sort_unstable_by(|a, b| key(*a).cmp(key(*b)).then(a.cmp(b)));
        words.shrink_to_fit();
        let (mut nodes, mut symbols): (Vec<Node>, Vec<Unit>) = (Vec::new(), Vec::new());
        let mut open: Vec<usize> = Vec::new();
        let mut before: &[Unit] = &[];
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
        Units { nodes, symbols, words }
    }

    /// The words before the own ones of a node.
    fn first(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(self.words.len(), |node| node.first as usize)
    }

    /// Where a node's own words end: what comes next has so many before its own, and a node on the way to a longer
    /// word has the same before it and none of its own.
    fn end(&self, node: usize) -> usize {
        self.first(node + 1)
    }

    /// Finds the words that one in Latin letters may mean.
    pub(super) fn near(&self, beside: &mut LatinBeside<'_>, found: &mut Vec<u32>) {
        let mut place = 0;
        while let Some(node) = self.nodes.get(place) {
            let many = usize::from(node.depth);
            if !beside.enter(many, self.symbols[place]) {
                place = node.after as usize;
                continue;
            }
            let (from, until) = (node.first as usize, self.end(place));
            if from < until && beside.is_near(many) {
                found.extend_from_slice(&self.words[from..until]);
            }
            place += 1;
        }
    }
}
