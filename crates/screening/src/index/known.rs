//! What is known of entries beside their names, as far as it raises or lowers a score.

use super::hash;
use crate::date::PartialDate;
use crate::entity::Ready;
use crate::score::named_at_least;

/// What is known of each entry.
#[derive(Debug, Default)]
pub(super) struct Known {
    entries: Vec<Entry>,
    births: Vec<PartialDate>,
}

/// Of one: where its births begin, and a bit for each country; several have the same.
#[derive(Debug, Clone, Copy)]
struct Entry {
    births: u32,
    countries: u32,
}

/// The same of a query.
pub(super) struct KnownOf<'q> {
    births: &'q [PartialDate],
    countries: u32,
}

impl<'q> KnownOf<'q> {
    pub(super) fn new(query: &'q Ready) -> KnownOf<'q> {
        KnownOf { births: &query.births, countries: countries(query) }
    }
}

fn countries(of: &Ready) -> u32 {
    of.countries.iter().fold(0, |bits, country| bits | 1 << (hash(country) % 32))
}

impl Known {
    /// Adds what is known of the next entry.
    pub(super) fn add(&mut self, entry: &Ready) {
        let births = u32::try_from(self.births.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry { births, countries: countries(entry) });
        self.births.extend_from_slice(&entry.births);
    }

    /// Gives back room that is not needed.
    pub(super) fn finish(&mut self) {
        self.entries.shrink_to_fit();
        self.births.shrink_to_fit();
    }

    /// What the names of an entry must score at least.
    pub(super) fn named_at_least(&self, entry: u32, query: &KnownOf<'_>, threshold: f32) -> f32 {
        let place = entry as usize;
        let own = self.entries[place];
        let until = self.entries.get(place + 1).map_or(self.births.len(), |next| next.births as usize);
        let births = if query.births.is_empty() { &[] } else { &self.births[own.births as usize..until] };
        let pairs = query.births.iter().flat_map(|asked| births.iter().map(move |own| asked.agrees(*own)));
        // Countries without a bit in common are others.
        let countries =
            (query.countries != 0 && own.countries != 0).then_some(query.countries & own.countries != 0);
        named_at_least(threshold, pairs.min(), countries)
    }
}
