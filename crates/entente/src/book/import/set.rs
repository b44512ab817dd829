//! Rows that are one act together: the terms of a contract, the serial numbers of a delivery, a whole from a day on.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::civil::Date;

use super::Placed;

/// The rows of one act: one at least.
pub(super) struct RowSet<'r, T> {
    /// The first of them, which stands for all where the act as a whole is at fault.
    pub(super) first: &'r Placed<T>,
    others: Vec<&'r Placed<T>>,
}

impl<'r, T> RowSet<'r, T> {
    /// All of them, in the order of the file.
    pub(super) fn rows(&self) -> impl Iterator<Item = &'r Placed<T>> + use<'r, '_, T> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

/// Puts rows together that have the same key, each set in the place of its first row.
pub(super) fn together<'r, T, K: Hash + Eq>(
    rows: &'r [Placed<T>],
    key: impl Fn(&'r T) -> K,
) -> Vec<RowSet<'r, T>> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut sets: Vec<RowSet<'r, T>> = Vec::new();
    for row in rows {
        let place = *places.entry(key(&row.value)).or_insert(sets.len());
        match sets.get_mut(place) {
            Some(set) => set.others.push(row),
            None => sets.push(RowSet { first: row, others: Vec::new() }),
        }
    }
    sets
}

/// What the register held before the import of what is said as a whole from a day on.
pub(super) struct Held<T> {
    /// The days from which it held something, as far as no act of the file was found to say the same.
    days: Vec<Date>,
    /// What was said last.
    pub(super) last: T,
}

impl<T> Held<T> {
    pub(super) fn new(days: Vec<Date>, last: T) -> Held<T> {
        Held { days, last }
    }

    /// Finds what was said on a day, once: none if nothing was, or else whether it was said last.
    pub(super) fn find(&mut self, on: Date) -> Option<bool> {
        let place = self.days.iter().position(|day| *day == on)?;
        self.days.remove(place);
        Some(place == self.days.len())
    }
}
