//! Entities of FollowTheMoney: a JSON object a line, and files of what changed between two editions.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use super::limits::{self, LARGEST_RECORD};
use super::{Edition, ListFault, utf8};
use crate::entity::Entity;

/// An entity as it is written: properties may have one value or several, and values may be entities themselves, of
/// which the identifier is kept. Schemas and properties that nobody here knows are kept as they are.
#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    id: String,
    #[serde(default)]
    caption: Option<String>,
    schema: String,
    #[serde(default)]
    properties: BTreeMap<String, Value>,
    #[serde(default)]
    datasets: Vec<String>,
}

impl From<Written> for Entity {
    fn from(written: Written) -> Entity {
        let mut entity = Entity::new(written.id, written.schema);
        entity.datasets = written.datasets;
        for (property, value) in written.properties {
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            let values: Vec<String> = values.into_iter().filter_map(text).collect();
            if !values.is_empty() {
                entity.properties.insert(property, values);
            }
        }
        let caption = written.caption.filter(|caption| !caption.is_empty());
        entity.caption =
            caption.or_else(|| entity.names().next().map(|name| name.0.to_owned())).unwrap_or_default();
        entity
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Object(mut entity) => match entity.remove("id") {
            Some(Value::String(id)) => Some(id),
            _ => None,
        },
        Value::Null | Value::Array(_) => None,
    }
}

/// Reads the entities of a list. What has no name (addresses, relations) is passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    lines(bytes, |line, own| {
        let entity = entity(line, own)?;
        limits::check(&entity).map_err(|reason| ListFault { line, column: 1, reason })?;
        if is_named(&entity) {
            entries.push(entity);
        }
        Ok(())
    })?;
    Ok(Edition { dated: None, entries })
}

/// Reads all entities, also such as have no identifier.
pub(super) fn read_all(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    lines(bytes, |line, own| {
        let entity = entity(line, own)?;
        limits::check_values(&entity).map_err(|reason| ListFault { line, column: 1, reason })?;
        entries.push(entity);
        Ok(())
    })?;
    Ok(Edition { dated: None, entries })
}

/// The entities of a list that [`read`] passes over, because they have no name: addresses, measures, ownership.
///
/// # Errors
/// [`ListFault`] with the place.
pub fn read_nameless(bytes: &[u8]) -> Result<Vec<Entity>, ListFault> {
    let mut entities = Vec::new();
    lines(bytes, |line, own| {
        let entity = entity(line, own)?;
        if !is_named(&entity) {
            limits::check(&entity).map_err(|reason| ListFault { line, column: 1, reason })?;
            entities.push(entity);
        }
        Ok(())
    })?;
    Ok(entities)
}

/// Whether an entity can be compared by a name.
fn is_named(entity: &Entity) -> bool {
    entity.names().next().is_some() || !entity.get("lastName").is_empty()
}

/// An entity as a JSON object has it, by the rules of a line of a list.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read_entity(object: Value) -> Result<Entity, String> {
    serde_json::from_value::<Written>(object).map(Entity::from).map_err(|error| error.to_string())
}

/// What a line of a file of changes does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Operation {
    #[serde(rename = "ADD")]
    Add,
    #[serde(rename = "MOD")]
    Modify,
    #[serde(rename = "DEL")]
    Delete,
}

#[derive(Deserialize)]
struct Changed<'l> {
    op: Operation,
    #[serde(borrow)]
    entity: &'l serde_json::value::RawValue,
}

#[derive(Deserialize)]
struct Identified {
    id: String,
}

/// Whether a text begins as a file of changes does.
pub(super) fn is_delta(start: &str) -> bool {
    let start: String = start.chars().take(64).filter(|letter| !letter.is_whitespace()).collect();
    start.starts_with("{\"op\":")
}

/// Applies a file of changes (`{"op":"ADD|MOD|DEL","entity":…}` a line, as `entities.delta.json`) to an edition of
/// entities, and gives the next edition, an entity a line: what is unchanged as it was written, in its order, and what
/// is new after it.
///
/// # Errors
/// [`ListFault`] of either file. Of the changes also where an entity is added that is there, or one is changed or
/// removed that is not: then they were made for another edition, and nothing of them is to be used.
pub fn apply(edition: &[u8], changes: &[u8]) -> Result<String, ListFault> {
    let mut order: Vec<Option<&str>> = Vec::new();
    let mut by_id: FxHashMap<String, usize> = FxHashMap::default();
    lines(edition, |line, own| {
        let id = identified(line, own)?;
        if by_id.insert(id.clone(), order.len()).is_some() {
            let reason = format!("{id} stands in the edition twice");
            return Err(ListFault { line, column: 1, reason });
        }
        order.push(Some(own));
        Ok(())
    })?;
    lines(changes, |line, own| {
        let fault = |reason: String| ListFault { line, column: 1, reason };
        let changed: Changed<'_> = serde_json::from_str(own).map_err(|error| ListFault {
            line,
            column: error.column() as u64,
            reason: format!("no change of an entity: {error}"),
        })?;
        let written = changed.entity.get();
        let id = identified(line, written)?;
        let known = by_id.get(&id).copied();
        let other = "the changes are for another edition";
        match (changed.op, known) {
            (Operation::Add, Some(_)) => return Err(fault(format!("{id} is added and is there: {other}"))),
            (Operation::Modify | Operation::Delete, None) => {
                return Err(fault(format!("{id} is changed and is not there: {other}")));
            }
            (Operation::Delete, Some(place)) => {
                by_id.remove(&id);
                order[place] = None;
            }
            (Operation::Modify, Some(place)) => {
                limits::check(&entity(line, written)?).map_err(fault)?;
                order[place] = Some(written);
            }
            (Operation::Add, None) => {
                limits::check(&entity(line, written)?).map_err(fault)?;
                by_id.insert(id, order.len());
                order.push(Some(written));
            }
        }
        Ok(())
    })?;
    let mut next = String::new();
    for own in order.into_iter().flatten() {
        next.push_str(own);
        next.push('\n');
    }
    Ok(next)
}

fn identified(line: u64, own: &str) -> Result<String, ListFault> {
    let id: Identified = serde_json::from_str(own).map_err(|error| unreadable(line, &error))?;
    if id.id.is_empty() {
        let reason = "an entry without an identifier".to_owned();
        return Err(ListFault { line, column: 1, reason });
    }
    Ok(id.id)
}

fn entity(line: u64, own: &str) -> Result<Entity, ListFault> {
    serde_json::from_str::<Written>(own).map(Entity::from).map_err(|error| unreadable(line, &error))
}

fn unreadable(line: u64, error: &serde_json::Error) -> ListFault {
    let reason = format!("no entity of FollowTheMoney: {error}");
    ListFault { line, column: error.column() as u64, reason }
}

/// Gives each line that is not empty, none longer than a record may be.
fn lines<'b>(
    bytes: &'b [u8],
    mut each: impl FnMut(u64, &'b str) -> Result<(), ListFault>,
) -> Result<(), ListFault> {
    for (number, line) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        if line.len() > LARGEST_RECORD {
            let reason = "a record of more than 16 MiB".to_owned();
            return Err(ListFault { line: number, column: 1, reason });
        }
        let text = utf8(line).map_err(|fault| ListFault { line: number, ..fault })?;
        let text = text.trim_start_matches('\u{feff}').trim();
        if !text.is_empty() {
            each(number, text)?;
        }
    }
    Ok(())
}
