//! What narrows results beside the lists: schemas, topics, changes, and single entries.

use std::collections::BTreeMap;
use std::sync::Arc;

use entente_screening::model::{is_a, is_schema};
use entente_store::Outcome;
use entente_store::reader::Reader;
use jiff::civil::Date;

use super::entry::Entry;
use super::failure::{cannot, shape};
use super::history::History;
use super::kept::Kept;
use super::parameters::Parameters;
use super::places::Places;
use super::scope::Scope;
use crate::error::Failure;

/// Entries that may be excluded at most, as the format has it.
const MOST_EXCLUDED: usize = 50;

/// The histories of the lists that are asked, by their names.
pub(super) type Histories = BTreeMap<String, Arc<History>>;

/// What every request may ask.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    exclude_schema: Vec<String>,
    /// As they were given, until [`Filter::settle`].
    exclude_ids: Vec<String>,
    /// Any of them.
    topics: Vec<String>,
    changed_since: Option<Date>,
}

impl Filter {
    /// Reads what `/match` knows.
    pub(super) fn of_match(parameters: &Parameters) -> Result<Filter, Failure> {
        let exclude_ids = parameters.several("exclude_entity_ids")?;
        if exclude_ids.len() > MOST_EXCLUDED {
            return Err(shape(
                "query/exclude_entity_ids",
                format!("{} entities are excluded.", exclude_ids.len()),
                format!("at most {MOST_EXCLUDED}"),
            ));
        }
        let topics = parameters.several("topics")?;
        Ok(Filter { exclude_ids, topics, ..Filter::of_search(parameters)? })
    }

    /// Reads what `/search` knows; its topics are filters of fields.
    pub(super) fn of_search(parameters: &Parameters) -> Result<Filter, Failure> {
        let exclude_schema = parameters.several("exclude_schema")?;
        for schema in &exclude_schema {
            check_schema("query/exclude_schema", schema)?;
        }
        Ok(Filter { exclude_schema, changed_since: parameters.day("changed_since")?, ..Filter::default() })
    }

    /// Makes of each excluded identifier the one by which clients refer to its entry. As at `/entities`, a list's own is
    /// as good as long as one list alone has it: of several, somebody would be left out whom nobody meant.
    pub(super) async fn settle(&mut self, kept: &Kept, scope: &Scope) -> Result<(), Failure> {
        if self.exclude_ids.is_empty() {
            return Ok(());
        }
        let mut lists = Vec::new();
        for list in &scope.lists.lists {
            if let Some(places) = Places::read(kept, list).await? {
                lists.push((list, places));
            }
        }
        let mut settled = Vec::new();
        for id in &self.exclude_ids {
            let called = lists.iter().any(|(list, places)| {
                Entry::own_of(list, id).is_some_and(|own| places.find(list, own).is_some())
            });
            if called {
                settled.push(id.clone());
                continue;
            }
            let by_own: Vec<String> = lists
                .iter()
                .filter_map(|(list, places)| places.find(list, id).map(|entry| entry.id()))
                .collect();
            match by_own.as_slice() {
                [] => {}
                [one] => settled.push(one.clone()),
                several => {
                    return Err(cannot(
                        "query/exclude_entity_ids",
                        format!("Several lists have an entry with the identifier {id:?}."),
                        format!(
                            "the identifier with the name of its list before it: one of {}",
                            several.join(", ")
                        ),
                    ));
                }
            }
        }
        self.exclude_ids = settled;
        Ok(())
    }

    /// Whether an entry is within it.
    pub(super) fn holds(&self, entry: &Entry<'_>, histories: &Histories) -> bool {
        let excluded = self.exclude_schema.iter().any(|schema| is_a(&entry.entity.schema, schema))
            || self.exclude_ids.iter().any(|id| entry.is_called(id));
        let topical = self.topics.is_empty()
            || entry.topics().iter().any(|topic| self.topics.iter().any(|asked| asked == topic));
        let changed = self.changed_since.is_none_or(|day| {
            histories
                .get(&entry.list.row.list.name)
                .is_none_or(|history| history.changed_since(&entry.entity.id, day))
        });
        !excluded && topical && changed
    }
}

/// Refuses a schema that the model does not have.
pub(super) fn check_schema(place: &str, schema: &str) -> Result<(), Failure> {
    if is_schema(schema) {
        return Ok(());
    }
    let shown: String = schema.chars().take(60).collect();
    Err(cannot(
        place,
        format!("Unknown schema: {shown:?}."),
        "a schema of FollowTheMoney, for example Person, Company, Organization, LegalEntity, Vessel",
    ))
}

/// The histories of the lists that are asked.
pub(super) async fn histories(kept: &Kept, reader: &Reader, scope: &Scope) -> Outcome<Histories> {
    let mut histories = Histories::new();
    for list in &scope.lists.lists {
        if let Some(history) = History::read(kept, reader, list).await? {
            histories.insert(list.row.list.name.clone(), history);
        }
    }
    Ok(histories)
}
