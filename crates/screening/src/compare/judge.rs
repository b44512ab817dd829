//! From the words that met to how alike two names are.

use super::{Likeness, Note, Pair, Table, Why, tells};
use crate::name::{Name, Part, Role};
use crate::words::persons;

impl Table<'_> {
    /// How alike the names are by the words that were paired.
    pub(super) fn judge(self) -> Likeness {
        let unmet = |name: &Name, met: u32| -> (f32, f32) {
            let parts = name.parts.iter().enumerate().filter(|(place, _)| met & (1 << place) == 0);
            parts.fold((0.0, 0.0), |(told, hinted), (_, part)| match part.role {
                Role::Particle => (told, hinted + part.weight * 0.5),
                Role::Number(_) => (told, hinted),
                Role::Place => (told, hinted + part.weight * 0.6),
                _ => (told + part.weight, hinted),
            })
        };
        let (query, query_hints) = unmet(self.query, self.query_met);
        let (entry, entry_hints) = unmet(self.entry, self.entry_met);
        let mut notes = Vec::new();
        let (mut met, mut whole) = (0.0, 0.0);
        for pair in &self.pairs {
            met += tells(pair.like) * pair.weight;
            whole += pair.weight;
        }
        let carried = self.pairs.iter().any(|pair| {
            self.query.parts[pair.query.clone()]
                .iter()
                .any(|p| !matches!(p.role, Role::Initial | Role::Particle))
                && self.entry.parts[pair.entry.clone()]
                    .iter()
                    .any(|p| !matches!(p.role, Role::Initial | Role::Particle))
        });
        if !carried {
            return Likeness { score: 0.0, pairs: self.pairs, notes };
        }
        let against = query.min(entry);
        let (more, fewer) = (query - against, entry - against);
        if against > 0.0 {
            notes.push(Note::Contradiction);
        }
        if more > 0.0 {
            notes.push(Note::QuerySaysMore);
        }
        if fewer > 0.0 {
            notes.push(Note::EntrySaysMore);
        }
        // Places that differ contradict as well, those of one side alone hardly tell.
        let places = query_hints.min(entry_hints);
        let (extra, missing) = if self.persons { (0.3, 0.2) } else { (1.0, 0.28) };
        let mut score = met
            / (whole
                + 1.6 * against
                + extra * more
                + missing * fewer
                + 1.6 * places
                + 0.2 * (query_hints + entry_hints - 2.0 * places));
        if self.only_common() && (more > 0.0 || fewer > 0.0 || against > 0.0) {
            notes.push(Note::OnlyCommon);
            // A name that is the query's own, and not met, tells more than such words do.
            score *= if self.query_has_own() { 0.8 } else { 0.85 };
        }
        if self.persons && self.is_thin(more, fewer) {
            notes.push(Note::Thin);
            score *= 0.85;
        }
        if self.persons && self.given_differ() {
            notes.push(Note::GivenDiffer);
            score *= 0.85;
        }
        if !self.persons {
            let (own, others) = (&self.query.forms, &self.entry.forms);
            if !own.is_empty()
                && !others.is_empty()
                && !own.iter().any(|a| others.iter().any(|b| a.agrees(*b)))
            {
                notes.push(Note::FormsDiffer);
                score -= 0.32;
            }
            if self.numbers_differ() {
                notes.push(Note::NumbersDiffer);
                score -= 0.35;
            }
        }
        if self.pairs.iter().any(|pair| pair.like < 0.5) {
            notes.push(Note::PlacesDiffer);
        }
        Likeness { score: score.clamp(0.0, 1.0), pairs: self.pairs, notes }
    }

    /// Whether one whole name alone met, and it does not carry the name: the query has another one, or the word is
    /// only like. What is a name only with the word that follows, as Abdul, is none by itself.
    fn is_thin(&self, more: f32, fewer: f32) -> bool {
        let whole = |parts: &[Part]| {
            parts.iter().any(|p| {
                !matches!(p.role, Role::Initial | Role::Particle)
                    && !persons::IS_DEPENDENT.has(&p.spelling.latin)
            })
        };
        let carrying: Vec<&Pair> = self
            .pairs
            .iter()
            .filter(|pair| {
                whole(&self.query.parts[pair.query.clone()]) && whole(&self.entry.parts[pair.entry.clone()])
            })
            .filter(|pair| pair.why != Why::Initial)
            .collect();
        let initials = self.pairs.iter().any(|pair| pair.why == Why::Initial);
        match carrying.as_slice() {
            [] => more > 0.5 || fewer > 0.5,
            [only] => more > 0.5 || (only.like < 0.95 && (fewer > 0.5 || initials)),
            _ => false,
        }
    }

    /// Whether the query has a word that is a name, not one that many bear, and that met nothing.
    fn query_has_own(&self) -> bool {
        let parts = self.query.parts.iter().enumerate();
        parts.filter(|(place, _)| self.query_met & (1 << place) == 0).any(|(_, p)| p.role == Role::Name)
    }

    /// Whether each side has a first name that met nothing.
    ///
    /// Where names are a person's own, the father's and the grandfather's, brothers have all in common but the first;
    /// it may stand last where the family's name was put first.
    fn given_differ(&self) -> bool {
        let ends = |name: &Name, met: u32| -> (bool, bool) {
            let names = || {
                name.parts.iter().enumerate().filter(|(_, p)| {
                    matches!(p.role, Role::Name | Role::Common)
                        && p.weight > 0.5
                        && p.spelling.latin.len() > 2
                })
            };
            let unmet = |place: Option<usize>| place.is_some_and(|place| met & (1 << place) == 0);
            (unmet(names().next().map(|(i, _)| i)), unmet(names().next_back().map(|(i, _)| i)))
        };
        let (query, entry) = (ends(self.query, self.query_met), ends(self.entry, self.entry_met));
        query.0 && (entry.0 || entry.1) || entry.0 && query.1
    }

    /// Whether nothing met but words that many names have.
    fn only_common(&self) -> bool {
        let common = |part: &Part| !matches!(part.role, Role::Name | Role::Number(_));
        self.pairs.iter().all(|pair| {
            self.query.parts[pair.query.clone()].iter().all(common)
                || self.entry.parts[pair.entry.clone()].iter().all(common)
        })
    }

    fn numbers_differ(&self) -> bool {
        let left = |name: &Name, met: u32| {
            name.parts
                .iter()
                .enumerate()
                .any(|(i, p)| met & (1 << i) == 0 && matches!(p.role, Role::Number(_)))
        };
        left(self.query, self.query_met) || left(self.entry, self.entry_met)
    }
}
