//! Making an index.

use rustc_hash::FxHashMap as HashMap;

use super::acronyms::Acronyms;
use super::bound::told;
use super::vocabulary::Vocabulary;
use super::{Index, JOINED_WORDS, Named, READY, SHORT, hash};
use crate::entity::{Entity, Ready, ReadyName};
use crate::letters::is_foreign_han;
use crate::name::{Kind, MOST_JOINED, Part, Role, Run};
use crate::words::persons;

/// Names while they are added, in the order of the entries.
#[derive(Default)]
struct Added {
    names: Vec<Named>,
    /// The words of each name, and where they begin.
    words: Vec<(u32, u8)>,
    begin: Vec<u32>,
    /// Names by the consonants of words that stand beside each other, and by their numbers.
    runs: Vec<(u32, u32)>,
    numbers: HashMap<u32, Vec<u32>>,
    vocabulary: Vocabulary,
    acronyms: Acronyms,
}

/// Makes the index of entries.
pub(super) fn index(mut entities: Vec<Entity>) -> Index {
    // Values are added one by one: the room that this leaves is a sixth of a long list.
    for values in entities.iter_mut().flat_map(|entity| entity.properties.values_mut()) {
        values.shrink_to_fit();
    }
    let mut added = Added::default();
    let mut index = Index::default();
    let keep = entities.len() <= READY;
    for (place, entity) in (0_u32..).zip(&entities) {
        let ready = Ready::new(entity);
        for (nth, own) in ready.names.iter().enumerate() {
            added.add(place, u8::try_from(nth).unwrap_or(u8::MAX), own);
        }
        for identifier in &ready.identifiers {
            index.by_identifier.entry(identifier.as_str().into()).or_default().push(place);
        }
        index.known.add(&ready);
        if keep {
            index.ready.push(ready);
        }
    }
    index.known.finish();
    index.entities = entities;
    added.into_index(&mut index);
    index
}

/// What a name tells at least in hundredths, if words of another script are met as one wherever they may be.
///
/// A word of the query that meets one of an entry leaves 1 less of it, for no word tells more. One that meets several as
/// one leaves as much less as all of these tell, which is what they tell above 1 more: so much less is told here, for
/// those words that may be met so which tell the most, and the bound of [`super::bound`] holds of these names too.
fn met_as_one(own: &ReadyName) -> u16 {
    let parts = &own.name.parts;
    let mut least = vec![0.0_f32; parts.len() + 1];
    for until in 1..=parts.len() {
        let mut as_one = 0.0;
        let mut best = least[until - 1] + told(&parts[until - 1]);
        for (from, part) in parts[..until].iter().enumerate().rev().take(MOST_JOINED) {
            if part.spelling.units.is_empty() || matches!(part.role, Role::Number(_)) {
                break;
            }
            as_one += told(part);
            best = best.min(least[from] + f32::min(as_one, 1.0));
        }
        least[until] = best;
    }
    let by_sound = |run: &Run| run.parts.len() > MOST_JOINED && is_foreign_han(&run.spelling.units);
    let whole = own.name.runs().iter().any(by_sound);
    let least = least.last().copied().unwrap_or(0.0);
    ((if whole { least.min(1.0) } else { least }) * 100.0).round() as u16
}

impl Added {
    fn add(&mut self, entry: u32, place: u8, own: &ReadyName) {
        let parts = &own.name.parts;
        let name = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        let person = own.name.kind == Kind::Person;
        let initials = parts.iter().filter(|part| part.role == Role::Initial).count();
        let tells = (parts.iter().map(told).sum::<f32>() * 100.0).round() as u16;
        // What may be met in other ways than word by word is looked at as if it had no words.
        let unlike =
            |part: &Part| part.role != Role::Particle && persons::IS_PARTICLE.has(&part.spelling.latin);
        let order = if initials > 0 || parts.iter().any(unlike) { 0 } else { met_as_one(own) };
        let initials = u8::try_from(initials).unwrap_or(u8::MAX);
        self.names.push(Named { entry, told: tells, order, initials, place, person });
        self.begin.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        for part in parts {
            if let Role::Number(value) = part.role {
                self.numbers.entry(value).or_default().push(name);
            }
            if part.role != Role::Initial {
                let word = self.vocabulary.add(&part.spelling, false);
                let weight = (part.weight * 100.0).round() as u8;
                self.words.push((word, if told(part) > 0.0 { weight } else { weight | Named::SILENT }));
            }
        }
        for run in own.name.runs() {
            let units = &run.spelling.units;
            if !units.is_empty() && (run.parts.len() > 1 || is_foreign_han(units)) {
                let word = self.vocabulary.add(&run.spelling, !is_foreign_han(units));
                self.words.push((word, JOINED_WORDS));
            }
            if run.parts.len() > 1 {
                self.runs.push((hash(&run.spelling.skeleton), name));
            }
        }
        if !person && parts.len() > 1 {
            self.acronyms.add(entry, parts);
        }
    }

    /// Brings the names into the order of how much they tell, and the words to the names that have them.
    fn into_index(mut self, index: &mut Index) {
        let many = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.begin.push(u32::try_from(self.words.len()).unwrap_or(u32::MAX));
        let mut order: Vec<u32> = (0..many).collect();
        order.sort_by_key(|name| self.names[*name as usize].order);
        let mut rank = vec![0_u32; order.len()];
        for (place, name) in (0_u32..).zip(&order) {
            rank[*name as usize] = place;
        }
        index.names = order.iter().map(|name| self.names[*name as usize]).collect();
        self.names = Vec::new();
        let mut counts = vec![0_u32; self.vocabulary.len() + 1];
        index.words_at.reserve_exact(order.len() + 1);
        index.words.reserve_exact(self.words.len());
        for name in &order {
            index.words_at.push(u32::try_from(index.words.len()).unwrap_or(u32::MAX));
            let own = self.begin[*name as usize] as usize..self.begin[*name as usize + 1] as usize;
            index.words.extend_from_slice(&self.words[own]);
        }
        index.words_at.push(u32::try_from(index.words.len()).unwrap_or(u32::MAX));
        (self.words, self.begin) = (Vec::new(), Vec::new());
        // Each name once beside each of its words: first how many each word has, then which.
        let mut last = vec![u32::MAX; self.vocabulary.len()];
        let mut each = |found: &mut dyn FnMut(u32, u32)| {
            last.fill(u32::MAX);
            for name in 0..many {
                for (word, _) in index.words_of(name) {
                    if last[*word as usize] != name {
                        last[*word as usize] = name;
                        found(*word, name);
                    }
                }
            }
        };
        each(&mut |word, _| counts[word as usize + 1] += 1);
        for word in 1..counts.len() {
            counts[word] += counts[word - 1];
        }
        let mut postings = vec![0_u32; counts.last().copied().unwrap_or(0) as usize];
        let mut next = counts.clone();
        each(&mut |word, name| {
            postings[next[word as usize] as usize] = name;
            next[word as usize] += 1;
        });
        (index.postings_at, index.postings) = (counts, postings);
        index.runs = self.runs.into_iter().map(|(key, name)| (key, rank[name as usize])).collect();
        index.runs.sort_unstable();
        index.runs.dedup();
        index.runs.shrink_to_fit();
        for names in self.numbers.values_mut() {
            names.iter_mut().for_each(|name| *name = rank[*name as usize]);
            names.sort_unstable();
        }
        index.numbers = self.numbers;
        self.acronyms.finish();
        index.acronyms = self.acronyms;
        let short = index.names_until(SHORT);
        self.vocabulary.finish(|word| !index.names_with(word, short).is_empty());
        index.vocabulary = self.vocabulary;
    }
}
