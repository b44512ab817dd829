//! The fields of an entry by which a search is narrowed, sorted and counted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::entry::Entry;
use super::failure::{cannot, shape};
use super::filter::Histories;
use crate::error::Failure;
use entente_screening::entity::IDENTIFIERS;
use entente_screening::model::is_a;

/// What can be counted, with the words for it.
const FACETS: [(&str, &str); 6] = [
    ("countries", "Countries"),
    ("topics", "Topics"),
    ("datasets", "Datasets"),
    ("schema", "Types"),
    ("identifiers", "Identifiers"),
    ("genders", "Genders"),
];

/// Orders of one request at most: each sorts all results once.
const MOST_SORTS: usize = 5;

/// Values of a facet that are given at most, the most frequent first.
const MOST_VALUES: usize = 100;

#[derive(Debug, Serialize)]
struct Item {
    name: String,
    label: String,
    count: usize,
}

/// How many of the results have which value.
#[derive(Debug, Serialize)]
pub(super) struct Facet {
    label: &'static str,
    values: Vec<Item>,
}

/// The values of a field: one of the groups, of the entry itself, or a property.
pub(super) fn values(entry: &Entry<'_>, field: &str) -> Vec<String> {
    let entity = entry.entity;
    match field {
        "countries" => entity.countries(),
        "topics" => entry.topics().into_iter().map(str::to_owned).collect(),
        "datasets" => vec![entry.list.row.list.name.clone()],
        "schema" => vec![entity.schema.clone()],
        "identifiers" => IDENTIFIERS.iter().flat_map(|name| entity.get(name)).cloned().collect(),
        "genders" => entity.get("gender").to_vec(),
        "id" => vec![entry.id()],
        "caption" => vec![entity.caption.clone()],
        property => entity.get(property.strip_prefix("properties.").unwrap_or(property)).to_vec(),
    }
}

/// A condition on a field: any of its values, or all of them.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) field: String,
    pub(super) asked: Vec<String>,
    pub(super) all: bool,
}

impl Condition {
    /// Whether an entry meets it.
    pub(super) fn holds(&self, entry: &Entry<'_>) -> bool {
        let own = values(entry, &self.field);
        let one = |asked: &String| own.iter().any(|own| self.same(own, asked));
        if self.all { self.asked.iter().all(one) } else { self.asked.iter().any(one) }
    }

    /// Capitals do not tell values apart. A day is also of its month and its year; a schema also of what it is a kind of.
    fn same(&self, own: &str, asked: &str) -> bool {
        let (own, asked) = (own.to_lowercase(), asked.to_lowercase());
        if own == asked {
            return true;
        }
        let dated = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        dated(&own) && dated(&asked) && own.strip_prefix(&asked).is_some_and(|rest| rest.starts_with('-'))
    }
}

/// Whether an entry is of a schema, or of a kind of it. Schemas that the model does not have are things.
pub(super) fn is_of(entry: &Entry<'_>, schema: &str) -> bool {
    is_a(&entry.entity.schema, schema) || schema == "Thing"
}

/// How results are sorted: a field, and whether the greatest comes first.
#[derive(Debug, Clone)]
pub(super) struct Sort {
    field: String,
    descending: bool,
}

impl Sort {
    /// Reads `field` and `field:desc`.
    pub(super) fn read(texts: &[String]) -> Result<Vec<Sort>, Failure> {
        if texts.len() > MOST_SORTS {
            return Err(shape(
                "query/sort",
                format!("{} orders of results are asked for.", texts.len()),
                format!("at most {MOST_SORTS}"),
            ));
        }
        texts
            .iter()
            .map(|text| {
                let (field, order) = text.rsplit_once(':').unwrap_or((text, "asc"));
                match order {
                    "asc" | "desc" if !field.is_empty() => {
                        Ok(Sort { field: field.to_owned(), descending: order == "desc" })
                    }
                    _ => Err(cannot(
                        "query/sort",
                        format!("{text:?} is no order of results."),
                        "a field with :asc or :desc after it, for example caption:asc",
                    )),
                }
            })
            .collect()
    }

    /// By what an entry is sorted; the last of all where it has nothing.
    fn key(&self, entry: &Entry<'_>, histories: &Histories) -> Option<String> {
        let seen = || histories.get(&entry.list.row.list.name).map(|history| history.of(&entry.entity.id));
        match self.field.as_str() {
            "first_seen" => seen()?.first.map(|day| day.to_string()),
            "last_change" => seen()?.changed.map(|day| day.to_string()),
            "last_seen" => entry.list.row.list.edition.as_ref()?.loaded.current_on.map(|day| day.to_string()),
            field => values(entry, field).into_iter().min().map(|text| text.to_lowercase()),
        }
    }
}

/// Sorts, and leaves what is the same in its order.
pub(super) fn sort<T>(
    things: &mut [T],
    sorts: &[Sort],
    histories: &Histories,
    entry: impl for<'t> Fn(&'t T) -> Entry<'t>,
) {
    // From the least of the orders to the first: each leaves the one before where it says nothing.
    for sort in sorts.iter().rev() {
        things.sort_by_cached_key(|thing| {
            let key = sort.key(&entry(thing), histories);
            let turned = key.as_ref().filter(|_| sort.descending).map(|key| std::cmp::Reverse(key.clone()));
            // What has nothing comes last in either order.
            (key.is_none(), turned, if sort.descending { None } else { key })
        });
    }
}

/// Reads which facets are asked for, each once.
pub(super) fn asked(mut names: Vec<String>) -> Result<Vec<String>, Failure> {
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Ok(FACETS[..3].iter().map(|(name, _)| (*name).to_owned()).collect());
    }
    match names.iter().find(|name| !FACETS.iter().any(|(known, _)| known == name)) {
        None => Ok(names),
        Some(unknown) => {
            let known: Vec<&str> = FACETS.iter().map(|(name, _)| *name).collect();
            let missing = format!("one of {}", known.join(", "));
            Err(shape("query/facets", format!("There is no facet {unknown:?}."), missing))
        }
    }
}

/// Counts.
pub(super) fn count(names: &[String], entries: &[Entry<'_>]) -> BTreeMap<String, Facet> {
    let one = |name: &String| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for entry in entries {
            for value in values(entry, name) {
                *counts.entry(value).or_default() += 1;
            }
        }
        let mut values: Vec<Item> = counts
            .into_iter()
            .map(|(value, count)| Item { label: label(name, &value), name: value, count })
            .collect();
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        values.truncate(MOST_VALUES);
        let words = FACETS.iter().find(|(known, _)| known == name).map_or("", |(_, words)| *words);
        (name.clone(), Facet { label: words, values })
    };
    names.iter().map(one).collect()
}

fn label(name: &str, value: &str) -> String {
    match name {
        "countries" => rust_iso3166::from_alpha2(&value.to_uppercase())
            .map_or_else(|| value.to_owned(), |country| country.name.to_owned()),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn a_facet_that_is_asked_for_twice_is_counted_once() {
        let names = asked(texts(&["topics", "countries", "topics", "topics"])).unwrap();
        assert_eq!(names, ["countries", "topics"]);
    }

    #[test]
    fn results_are_sorted_by_no_more_than_five_orders() {
        assert_eq!(Sort::read(&texts(&["name"; 5])).unwrap().len(), 5);
        assert!(Sort::read(&texts(&["name"; 6])).is_err());
    }
}
