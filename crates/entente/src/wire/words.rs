//! The words of an edition's entries, so that a search looks at none that has not all of its words.

use std::collections::HashMap;
use std::sync::Arc;

use entente_screening::entity::Entity;
use entente_screening::text::words;
use entente_store::{Fault, Outcome};

use super::kept::Kept;
use crate::screener::ReadyList;

/// The words of a text in Latin letters, whatever its script.
pub(super) fn folded(text: &str) -> impl Iterator<Item = String> {
    words(text).into_iter().map(|word| word.latin)
}

/// The places of entries by their words.
#[derive(Debug, Default)]
pub(super) struct Words(HashMap<Box<str>, Vec<u32>>);

impl Words {
    fn of(entities: &[Entity]) -> Words {
        let mut all: HashMap<Box<str>, Vec<u32>> = HashMap::new();
        for (place, entity) in (0_u32..).zip(entities) {
            let texts = entity.properties.values().flatten().chain([&entity.caption, &entity.id]);
            for word in texts.flat_map(|text| folded(text)) {
                let places = all.entry(word.into()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        for places in all.values_mut() {
            places.shrink_to_fit();
        }
        Words(all)
    }

    /// The entries that have all of some words, in the order of the list.
    pub(super) fn with_all(&self, words: &[String]) -> Vec<usize> {
        let Some(mut lists) = words.iter().map(|word| self.0.get(word.as_str())).collect::<Option<Vec<_>>>()
        else {
            return Vec::new();
        };
        lists.sort_by_key(|places| places.len());
        let Some((first, rest)) = lists.split_first() else { return Vec::new() };
        let common = first.iter().filter(|place| rest.iter().all(|other| other.binary_search(place).is_ok()));
        common.map(|place| *place as usize).collect()
    }

    /// The words of a list's edition in force.
    pub(super) async fn read(kept: &Kept, list: &ReadyList) -> Outcome<Option<Arc<Words>>> {
        let (Some(edition), Some(index)) = (&list.row.list.edition, &list.index) else { return Ok(None) };
        let made = kept.words.get(&list.row.list.name, edition.content(), async {
            let index = index.clone();
            let made = tokio::task::spawn_blocking(move || Words::of(index.entities()));
            Ok(made.await.map_err(|e| Fault::internal("reading the words of a list", e))?)
        });
        Ok(Some(made.await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_by_all_words_of_any_script() {
        let entity = |id: &str, name: &str| {
            let mut entity = Entity::new(id, "Person");
            entity.add("name", name);
            entity
        };
        let words =
            Words::of(&[entity("1", "Иван Петров"), entity("2", "Ivan Sidorov"), entity("3", "Petr")]);
        let find = |text: &str| words.with_all(&folded(text).collect::<Vec<_>>());
        assert_eq!(find("ivan"), [0, 1]);
        assert_eq!(find("PETROV, Ivan"), [0]);
        assert_eq!(find("Иван"), [0, 1]);
        assert!(find("Ivan Nobody").is_empty());
    }
}
