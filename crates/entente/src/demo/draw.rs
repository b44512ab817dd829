//! Draws from a seeded source: the same number gives the same register, always.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

/// A seeded source of choices. It is written out here instead of taken from
/// `rand`'s distributions, whose values may change between its releases.
pub(super) struct Draw(ChaCha20Rng);

impl Draw {
    /// The same choices for the same number.
    pub(super) fn new(seed: u64) -> Draw {
        Draw(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A number below `most`, which is above zero.
    fn below(&mut self, most: u64) -> u64 {
        self.0.next_u64() % most.max(1)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low).unwrap_or(0) + 1;
        low + i64::try_from(self.below(width)).unwrap_or(0)
    }

    /// True in `percent` of a hundred cases.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[usize::try_from(self.below(from.len() as u64)).unwrap_or(0)]
    }

    /// A position, each as likely as its weight.
    pub(super) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        weights
            .iter()
            .position(|weight| {
                let here = left < *weight;
                left = left.saturating_sub(*weight);
                here
            })
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_their_bounds_and_repeat() {
        let (mut a, mut b) = (Draw::new(7), Draw::new(7));
        let mut seen = [0; 3];
        for _ in 0..1_000 {
            let n = a.between(-3, 4);
            assert!((-3..=4).contains(&n));
            assert_eq!(n, b.between(-3, 4));
            let position = a.weighted(&[1, 0, 3]);
            assert_eq!(position, b.weighted(&[1, 0, 3]));
            seen[position] += 1;
        }
        assert!(seen[0] > 150 && seen[1] == 0 && seen[2] > 600, "{seen:?}");
        assert!(a.chance(100) && !a.chance(0));
    }
}
