//! What was found out about words of a list, so that it is not found out again.
//!
//! It follows from the list alone, which never changes: so what is remembered is what would be found, and it may be
//! forgotten at any time.

use std::hash::Hash;
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap as HashMap;

/// Words with how alike they are.
type Alike = Arc<[(u32, f32)]>;

/// How many words may be remembered, those of all keys together: 8 MB of them. A key counts as some.
const MOST: usize = 1_000_000;
const KEY: usize = 8;

/// What was found by keys.
#[derive(Debug)]
pub(super) struct Remembered<Key>(RwLock<Held<Key>>);

#[derive(Debug)]
struct Held<Key> {
    by_key: HashMap<Key, Alike>,
    words: usize,
}

impl<Key> Default for Remembered<Key> {
    fn default() -> Remembered<Key> {
        Remembered(RwLock::new(Held { by_key: HashMap::default(), words: 0 }))
    }
}

impl<Key: Copy + Eq + Hash> Remembered<Key> {
    /// What is remembered of a key, or what is found now.
    pub(super) fn or_find(&self, key: Key, find: impl FnOnce() -> Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        // Where a thread broke down that held it, nothing is remembered any more.
        let known = self.0.read().ok().and_then(|held| held.by_key.get(&key).cloned());
        if let Some(known) = known {
            return known.to_vec();
        }
        let found = find();
        if let Ok(mut held) = self.0.write() {
            let more = found.len() + KEY;
            if held.words + more > MOST {
                held.by_key.clear();
                held.words = 0;
            }
            if more <= MOST && held.by_key.insert(key, found.as_slice().into()).is_none() {
                held.words += more;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_what_was_found_and_room_is_bounded() {
        let remembered = Remembered::default();
        assert_eq!(remembered.or_find(1, || vec![(7, 0.5)]), [(7, 0.5)]);
        assert_eq!(remembered.or_find(1, || vec![(8, 0.5)]), [(7, 0.5)]);
        assert_eq!(remembered.or_find(2, Vec::new), []);
        // More than there is room for takes the place of all that was there.
        for key in 3..6 {
            assert_eq!(remembered.or_find(key, || vec![(key, 1.0); MOST / 2]).len(), MOST / 2);
            let held = remembered.0.read().unwrap();
            assert!(held.words <= MOST && held.by_key.values().map(|own| own.len()).sum::<usize>() <= MOST);
        }
        assert_eq!(remembered.or_find(1, || vec![(8, 0.5)]), [(8, 0.5)]);
        // What has no room at all is found again.
        assert_eq!(remembered.or_find(9, || vec![(9, 1.0); MOST + 1]).len(), MOST + 1);
        assert_eq!(remembered.or_find(9, || vec![(9, 1.0)]), [(9, 1.0)]);
    }
}
