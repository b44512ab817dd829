//! `GET /search/{dataset}`: entries by words, for people who look something up. Whoever decides about a party asks
//! `/match`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::IntoResponse as _;
use entente_screening::entity::{Entity, Ready};
use entente_screening::score::score;
use entente_store::Fault;
use serde::Serialize;

use super::entry::{EntityObject, Entry};
use super::facet::{self, Condition, Facet, Sort, is_of};
use super::failure::{cannot, shape};
use super::filter::{Filter, Histories, check_schema, histories};
use super::parameters::Parameters;
use super::scope::{HeldObject, Scope, Total};
use super::words::{Words, folded};
use super::{count, reader};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::Caller;

/// The parameters that are known here.
const KNOWN: [&str; 18] = [
    "q",
    "schema",
    "include_dataset",
    "exclude_dataset",
    "exclude_schema",
    "changed_since",
    "countries",
    "topics",
    "datasets",
    "filter",
    "limit",
    "offset",
    "sort",
    "target",
    "fuzzy",
    "simple",
    "facets",
    "filter_op",
];

/// Characters of a search at most.
const LONGEST: usize = 1_000;

/// With `fuzzy`, the score from which on a name that is only alike is found as well.
const ALIKE: f32 = 0.6;

/// Results up to which each is compared with what was looked for, so that the most alike come first.
const RANKED: usize = 5_000;

#[derive(Debug)]
struct Asked {
    q: String,
    words: Vec<String>,
    fuzzy: bool,
    schema: String,
    filter: Filter,
    conditions: Vec<Condition>,
    target: Option<bool>,
    sorts: Vec<Sort>,
    facets: Vec<String>,
    limit: usize,
    offset: usize,
}

#[derive(Debug, Serialize)]
struct SearchObject {
    limit: usize,
    offset: usize,
    total: Total,
    results: Vec<EntityObject>,
    facets: BTreeMap<String, Facet>,
    /// Why nobody is cleared by this answer.
    held: Vec<HeldObject>,
}

/// Searches.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Path(dataset): Path<String>,
    caller: Caller,
    parameters: Parameters,
) -> Answer {
    parameters.only(&KNOWN)?;
    let asked = read(&parameters)?;
    count(&app, &caller, 1)?;
    let reader = reader(&app, &caller).await?;
    let scope = Scope::of(app.screener.ready(&reader).await?, &dataset, &parameters)?;
    scope.check(&parameters)?;
    let histories = histories(&app.wire, &reader, &scope).await?;
    let mut words = Vec::new();
    for list in &scope.lists.lists {
        // Without words nothing is looked for by them.
        words.push(match asked.words.is_empty() {
            true => None,
            false => Words::read(&app.wire, list).await?,
        });
    }
    let working = tokio::task::spawn_blocking(move || answer(&scope, &asked, &words, &histories));
    let object = working.await.map_err(|e| Fault::internal("searching lists", e))?;
    Ok(Json(object).into_response())
}

fn read(parameters: &Parameters) -> Result<Asked, Failure> {
    let q = parameters.one("q")?.unwrap_or_default().trim().to_owned();
    let simple = parameters.flag("simple")?.unwrap_or(false);
    check_text(&q, simple)?;
    let words: Vec<String> = folded(&q).collect();
    if words.is_empty() && !q.is_empty() {
        return Err(cannot(
            "query/q",
            "What is looked for has no word.",
            "a word, or an empty q for all entries",
        ));
    }
    let schema = parameters.one("schema")?.unwrap_or("Thing").to_owned();
    check_schema("query/schema", &schema)?;
    let all = match parameters.one("filter_op")? {
        None | Some("OR") => false,
        Some("AND") => true,
        Some(other) => {
            let shown: String = other.chars().take(60).collect();
            return Err(shape("query/filter_op", format!("filter_op cannot be {shown:?}."), "AND or OR"));
        }
    };
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for field in ["countries", "topics", "datasets"] {
        fields.entry(field.to_owned()).or_default().extend(parameters.several(field)?);
    }
    for text in parameters.several("filter")? {
        let Some((field, value)) =
            text.split_once(':').filter(|(field, value)| !field.is_empty() && !value.is_empty())
        else {
            return Err(cannot(
                "query/filter",
                format!("{text:?} is no filter."),
                "a field and its value, for example birthDate:1985",
            ));
        };
        let field = field.strip_prefix("properties.").unwrap_or(field);
        fields.entry(field.to_owned()).or_default().push(value.to_owned());
    }
    let conditions = fields
        .into_iter()
        .filter(|(_, asked)| !asked.is_empty())
        .map(|(field, asked)| Condition { field, asked, all })
        .collect();
    let (limit, offset) = parameters.page()?;
    Ok(Asked {
        words,
        fuzzy: parameters.flag("fuzzy")?.unwrap_or(false),
        schema,
        filter: Filter::of_search(parameters)?,
        conditions,
        target: parameters.flag("target")?,
        sorts: Sort::read(&parameters.several("sort")?)?,
        facets: facet::asked(parameters.several("facets")?)?,
        limit,
        offset,
        q,
    })
}

/// Refuses what other servers of the format read as operators: read as words it would find something else than is
/// meant. With `simple` a text is of words alone, as it comes from a box that people type in.
fn check_text(q: &str, simple: bool) -> Result<(), Failure> {
    if q.chars().count() > LONGEST {
        let message = format!("What is looked for has more than {LONGEST} characters.");
        return Err(cannot("query/q", message, "a shorter text"));
    }
    if simple {
        return Ok(());
    }
    let operator = q.split_whitespace().find(|word| {
        matches!(*word, "AND" | "OR" | "NOT" | "&&" | "||")
            || word.starts_with(['+', '-', '!', '('])
            || word.contains(['*', '?', '~', '"', '^', '[', '{', '/'])
            || word.split_once(':').is_some_and(|(field, value)| {
                !value.is_empty()
                    && !field.is_empty()
                    && field.bytes().all(|b| b.is_ascii_alphabetic() || b == b'.')
            })
    });
    match operator {
        None => Ok(()),
        Some(word) => Err(cannot(
            "query/q",
            format!(
                "{word:?} is an operator, and a search here is of words alone, all of which are to be there."
            ),
            "words; conditions in filter, countries or topics; or simple=true, which takes every sign as it is",
        )),
    }
}

fn answer(scope: &Scope, asked: &Asked, words: &[Option<Arc<Words>>], histories: &Histories) -> SearchObject {
    let ready = likened(&asked.q);
    let mut found: Vec<(Entry<'_>, f32)> = Vec::new();
    for (list, words) in scope.lists.lists.iter().zip(words) {
        let Some(index) = &list.index else { continue };
        let mut places: BTreeMap<usize, f32> = BTreeMap::new();
        match words {
            Some(words) => {
                places.extend(words.with_all(&asked.words).into_iter().map(|place| (place, 0.0)));
                if asked.fuzzy {
                    for hit in ready.iter().flat_map(|ready| index.find(ready, ALIKE)) {
                        places.entry(hit.entry).or_insert(0.0);
                    }
                }
            }
            None => places.extend((0..index.len()).map(|place| (place, 0.0))),
        }
        let entries = places.into_keys().filter_map(|place| index.entity(place));
        found.extend(entries.map(|entity| (Entry { list, entity }, 0.0)));
    }
    found.retain(|(entry, _)| {
        is_of(entry, &asked.schema)
            && asked.target.is_none_or(|target| entry.is_target() == target)
            && asked.conditions.iter().all(|condition| condition.holds(entry))
            && asked.filter.holds(entry, histories)
    });
    if !asked.words.is_empty() && found.len() <= RANKED {
        for (entry, alike) in &mut found {
            let own = Ready::new(entry.entity);
            *alike = ready.iter().map(|ready| score(ready, &own).score).fold(0.0, f32::max);
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    facet::sort(&mut found, &asked.sorts, histories, |(entry, _)| *entry);
    let entries: Vec<Entry<'_>> = found.into_iter().map(|(entry, _)| entry).collect();
    let object = |entry: &Entry<'_>| entry.object(histories.get(&entry.list.row.list.name).map(Arc::as_ref));
    SearchObject {
        limit: asked.limit,
        offset: asked.offset,
        total: Total::of(entries.len(), !scope.held.is_empty()),
        results: entries.iter().skip(asked.offset).take(asked.limit).map(object).collect(),
        facets: facet::count(&asked.facets, &entries),
        held: HeldObject::all(&scope.held),
    }
}

/// What is looked for, as names of whatever may bear one.
fn likened(q: &str) -> Vec<Ready> {
    let of = |schema: &str| {
        let mut entity = Entity::new("", schema);
        entity.add("name", q);
        Ready::new(&entity)
    };
    vec![of("LegalEntity"), of("Vessel")]
}
