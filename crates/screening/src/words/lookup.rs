//! Lists of words, looked up by a hash: every word of every name is asked for in each of them.

use std::sync::OnceLock;

use rustc_hash::FxHashSet as HashSet;

/// A list of words that is put in order when it is first asked.
pub(crate) struct Lookup {
    words: &'static [&'static str],
    set: OnceLock<HashSet<&'static str>>,
}

impl Lookup {
    pub(crate) const fn new(words: &'static [&'static str]) -> Lookup {
        Lookup { words, set: OnceLock::new() }
    }

    /// Whether a word is one of the list.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.set.get_or_init(|| self.words.iter().copied().collect()).contains(word)
    }
}
