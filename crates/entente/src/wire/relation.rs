//! How the entities of a list of FollowTheMoney refer to each other: owners, relatives, measures, addresses. Lists of
//! other forms have no such links.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use entente_screening::entity::Entity;
use entente_screening::lists::read_nameless;
use entente_screening::model::reverse;
use entente_store::reader::Reader;
use entente_store::{Fault, Outcome};
use serde_json::Value;

use super::entry::{EntityObject, Entry};
use super::history::History;
use super::kept::Kept;
use crate::screener::ReadyList;

/// Entities that are shown within another at most, by link; all of them are at `/entities/{id}/adjacent`.
const MOST_NESTED: usize = 100;

/// The links of an edition.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// Entities without a name, which no screening looks for.
    nameless: HashMap<String, Entity>,
    /// The places of those with a name in the index of the list.
    named: HashMap<String, usize>,
    /// Who refers to an entity: the name of the link as it is seen from it, and the one who refers.
    referring: HashMap<String, Vec<(&'static str, String)>>,
}

impl Relations {
    fn new(entities: &[Entity], nameless: Vec<Entity>) -> Relations {
        let mut relations = Relations::default();
        for entity in entities.iter().chain(&nameless) {
            for (property, values) in &entity.properties {
                let Some(reverse) = reverse(&entity.schema, property) else { continue };
                for value in values {
                    relations.referring.entry(value.clone()).or_default().push((reverse, entity.id.clone()));
                }
            }
        }
        relations.named =
            entities.iter().enumerate().map(|(place, entity)| (entity.id.clone(), place)).collect();
        relations.nameless = nameless.into_iter().map(|entity| (entity.id.clone(), entity)).collect();
        relations
    }

    /// The links of a list's edition in force; none of a list of another form.
    pub(super) async fn read(
        kept: &Kept,
        reader: &Reader,
        list: &ReadyList,
    ) -> Outcome<Option<Arc<Relations>>> {
        let (Some(edition), Some(index)) = (&list.row.list.edition, &list.index) else { return Ok(None) };
        if !Entry::is_follow_the_money(list) {
            return Ok(None);
        }
        let name = &list.row.list.name;
        let made = kept.relations.get(name, edition.content(), async {
            let bytes = reader.edition_bytes(name, edition.content()).await?;
            let index = index.clone();
            let reading = tokio::task::spawn_blocking(move || {
                read_nameless(&bytes).map(|nameless| Relations::new(index.entities(), nameless))
            });
            let read = reading.await.map_err(|e| Fault::internal("reading the links of a list", e))?;
            // It was read whole when it was loaded.
            Ok(read.map_err(|fault| Fault::damaged("reading the links of a list", fault.to_string()))?)
        });
        Ok(Some(made.await?))
    }

    /// An entity of the list.
    pub(super) fn find<'l>(&'l self, list: &'l ReadyList, id: &str) -> Option<Entry<'l>> {
        let named = || list.index.as_ref()?.entity(*self.named.get(id)?);
        let entity = self.nameless.get(id).or_else(named)?;
        Some(Entry { list, entity })
    }

    /// What an entity is linked with: by the names of the links from its own side, in order.
    pub(super) fn of<'l>(&'l self, entry: &Entry<'l>) -> BTreeMap<&'l str, Vec<Entry<'l>>> {
        let mut linked: BTreeMap<&str, Vec<Entry<'l>>> = BTreeMap::new();
        for (property, values) in &entry.entity.properties {
            if reverse(&entry.entity.schema, property).is_some() {
                let found = values.iter().filter_map(|id| self.find(entry.list, id));
                linked.entry(property).or_default().extend(found);
            }
        }
        for (link, id) in self.referring.get(&entry.entity.id).into_iter().flatten() {
            linked.entry(link).or_default().extend(self.find(entry.list, id));
        }
        linked.retain(|_, entries| !entries.is_empty());
        linked
    }

    /// An entity with those that it is linked with inside it, and what these refer to inside them.
    pub(super) fn nested(&self, entry: &Entry<'_>, history: Option<&History>) -> EntityObject {
        let mut object = entry.object(history);
        for (link, entries) in self.of(entry) {
            let values = object.values(link);
            // A reference to what the list does not hold stays the identifier that it is.
            let found: Vec<&str> = entries.iter().map(|entry| entry.entity.id.as_str()).collect();
            values.retain(|value| value.as_str().is_none_or(|id| !found.contains(&id)));
            let inside =
                entries.iter().take(MOST_NESTED).map(|linked| self.with_far_side(linked, entry, history));
            values.extend(inside.filter_map(|object| serde_json::to_value(object).ok()));
        }
        object
    }

    /// An entity with what it refers to inside it, save the one from which it is looked at.
    pub(super) fn with_far_side(
        &self,
        entry: &Entry<'_>,
        from: &Entry<'_>,
        history: Option<&History>,
    ) -> EntityObject {
        let mut object = entry.object(history);
        for (property, values) in &entry.entity.properties {
            if reverse(&entry.entity.schema, property).is_none() {
                continue;
            }
            let far = |id: &String| {
                let found = self.find(entry.list, id).filter(|found| found.entity.id != from.entity.id);
                let nested = found.and_then(|found| serde_json::to_value(found.object(history)).ok());
                nested.unwrap_or_else(|| Value::String(id.clone()))
            };
            *object.values(property) = values.iter().take(MOST_NESTED).map(far).collect();
        }
        object
    }
}
