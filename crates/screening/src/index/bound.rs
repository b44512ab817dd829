//! How much a name may score at most by which of its words may meet.
//!
//! A score `met / (met weights + what is left)` reaches what is needed just where
//! `met − needed · (weights + left)` is none below nothing. What is left on both sides costs the lesser of two sums
//! that are linear in what each side has left ([`Side`]); so for each of the two what every pair adds stands for
//! itself, and where the sum of the most that each word of the query may add reaches nothing in both, the score does
//! not either. No pair is forbidden in it that the scorer makes.

use crate::name::{Part, Role};

/// What a word that is left costs by the side that it stands on.
#[derive(Debug, Clone, Copy)]
struct Side {
    query: f32,
    entry: f32,
}

/// The scorer's cost of what is left is the lesser of these: of persons, and of others. A contradiction costs 1.6,
/// what the query has more 0.3 or 1, what the entry has more 0.2 or 0.28.
const LEFT: [[Side; 2]; 2] = [
    [Side { query: 0.3, entry: 1.3 }, Side { query: 1.4, entry: 0.2 }],
    [Side { query: 1.0, entry: 0.6 }, Side { query: 1.32, entry: 0.28 }],
];

/// A sum by both ways to count what is left.
pub(super) type Sum = [f32; 2];

/// What a score must reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needed {
    score: f32,
    left: [Side; 2],
}

impl Needed {
    /// Of a person's name or another.
    pub(super) fn new(score: f32, persons: bool) -> Needed {
        Needed { score, left: LEFT[usize::from(!persons)] }
    }

    /// Whether a pair that tells so much tells less than is needed.
    pub(super) fn is_more_than(&self, tells: f32) -> bool {
        tells < self.score
    }

    /// What words tell against that meet nothing.
    pub(super) fn against(&self, query: f32, entry: f32) -> Sum {
        self.left.map(|side| -self.score * (side.query * query + side.entry * entry))
    }

    /// What a pair adds: how alike it is, its weight, and what both of its words would tell if they met nothing.
    pub(super) fn pair(&self, tells: f32, weight: f32, query: f32, entry: f32) -> Sum {
        let met = weight * (tells - self.score);
        self.left.map(|side| met + self.score * (side.query * query + side.entry * entry))
    }

    /// What an initial adds, which may meet any word, or a word that any initial may meet.
    pub(super) fn initial(&self, query: f32, entry: f32) -> Sum {
        self.pair(0.9_f32.max(self.score), 1.0, query, entry)
    }

    /// What a particle adds, which meets particles alone.
    pub(super) fn particle(&self) -> Sum {
        self.pair(1.0, 0.2, 0.0, 0.0)
    }

    /// The most that the words of a name may tell of which only these words of the query may meet: a name of which more
    /// is left reaches nothing. `query` is what all words of the query tell; of each word its weight, what it tells
    /// against a name if it does not meet, and what it tells at most if it meets; nothing of one that does not.
    pub(super) fn longest(
        &self,
        query: f32,
        words: impl Iterator<Item = (f32, f32, f32)>,
        initials: usize,
        particles: usize,
    ) -> f32 {
        // A word of an entry weighs no more than one, and each word of the query meets one.
        let mut sum = self.against(query, 0.0);
        let mut without = sum;
        let mut meets = false;
        for (weight, told, tells) in words.filter(|(_, _, tells)| *tells > 0.0) {
            // What tells less than is needed weighs as little as it can.
            let weight = if tells < self.score { weight } else { weight.max(1.0) };
            sum = add(sum, most([0.0; 2], self.pair(tells, weight, told, 1.0)));
            without = add(without, most([0.0; 2], self.pair(tells, weight, told, 0.0)));
            meets = true;
        }
        if !meets {
            return -1.0;
        }
        for _ in 0..initials {
            sum = add(sum, self.initial(0.0, 1.0));
            without = add(without, self.initial(0.0, 0.0));
        }
        for _ in 0..particles {
            sum = add(sum, self.particle());
            without = add(without, self.particle());
        }
        let lengths = self.left.iter().zip(sum).zip(without).map(|((side, sum), without)| {
            // Where it is not enough of a name that tells nothing beside what meets, it is not of any.
            let entry = (self.score * side.entry).max(1e-6);
            if without < -SLACK { -1.0 } else { (sum + SLACK) / entry }
        });
        lengths.fold(-1.0, f32::max)
    }
}

/// What sums may be wrong by.
pub(super) const SLACK: f32 = 2e-3;

/// Whether a sum reaches what is needed.
pub(super) fn reaches(sum: Sum) -> bool {
    sum.iter().any(|sum| *sum >= -SLACK)
}

/// Adds two sums.
pub(super) fn add(one: Sum, other: Sum) -> Sum {
    [one[0] + other[0], one[1] + other[1]]
}

/// The greater of each.
pub(super) fn most(one: Sum, other: Sum) -> Sum {
    [one[0].max(other[0]), one[1].max(other[1])]
}

/// What a word tells against a name where it does not meet. Initials may meet anything.
pub(super) fn told(part: &Part) -> f32 {
    match part.role {
        Role::Particle | Role::Initial | Role::Number(_) | Role::Place => 0.0,
        _ => part.weight,
    }
}
