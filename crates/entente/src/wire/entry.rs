//! An entry of a list as an entity of the format.

use std::collections::BTreeMap;

use entente_screening::entity::Entity;
use entente_screening::model::RISKS;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use super::history::History;
use crate::screener::ReadyList;

/// An entry, with the list on which it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'l> {
    pub(super) list: &'l ReadyList,
    pub(super) entity: &'l Entity,
}

/// An entity, as the format has it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct EntityObject {
    id: String,
    caption: String,
    schema: String,
    properties: BTreeMap<String, Vec<Value>>,
    datasets: Vec<String>,
    referents: Vec<String>,
    target: bool,
    first_seen: Option<String>,
    last_seen: Option<String>,
    last_change: Option<String>,
}

impl EntityObject {
    /// The values of a property, to be changed.
    pub(super) fn values(&mut self, property: &str) -> &mut Vec<Value> {
        self.properties.entry(property.to_owned()).or_default()
    }
}

/// A day as the format writes instants.
pub(super) fn instant(day: Date) -> String {
    format!("{day}T00:00:00")
}

/// Between the name of a list and the identifier of an entry; no name of a list has it.
pub(super) const BETWEEN: char = ':';

impl<'l> Entry<'l> {
    /// Whether its list is of FollowTheMoney, where identifiers are the world's, and topics are told.
    pub(super) fn is_follow_the_money(list: &ReadyList) -> bool {
        list.row.list.edition.as_ref().is_some_and(|edition| edition.loaded.form == "follow_the_money")
    }

    /// The identifier by which a client refers to it. Publishers number their entries from one, so that two lists have
    /// the same numbers: there, the name of the list stands before it.
    pub(super) fn id(&self) -> String {
        if Entry::is_follow_the_money(self.list) {
            return self.entity.id.clone();
        }
        format!("{}{BETWEEN}{}", self.list.row.list.name, self.entity.id)
    }

    /// A list's own identifier of the entry to which clients refer by an identifier; none where they refer to no entry
    /// of this list by it.
    pub(super) fn own_of<'i>(list: &ReadyList, id: &'i str) -> Option<&'i str> {
        if Entry::is_follow_the_money(list) {
            return Some(id);
        }
        id.strip_prefix(list.row.list.name.as_str())?.strip_prefix(BETWEEN)
    }

    /// Whether clients refer to it by an identifier.
    pub(super) fn is_called(&self, id: &str) -> bool {
        Entry::own_of(self.list, id).is_some_and(|own| own == self.entity.id)
    }

    /// Whether it is meant by an identifier: that by which clients refer to it, or its list's own.
    pub(super) fn is(&self, id: &str) -> bool {
        self.entity.id == id || self.is_called(id)
    }

    /// Its topics. Who stands on a list that tells none is under measures: that is what lists of the register are of.
    pub(super) fn topics(&self) -> Vec<&'l str> {
        let own = self.entity.get("topics");
        if own.is_empty() && !Entry::is_follow_the_money(self.list) {
            return vec!["sanction"];
        }
        own.iter().map(String::as_str).collect()
    }

    /// Whether it is on its list for a risk, and not only beside another.
    pub(super) fn is_target(&self) -> bool {
        self.topics().iter().any(|topic| RISKS.contains(topic))
    }

    /// As the format has it.
    pub(super) fn object(&self, history: Option<&History>) -> EntityObject {
        let text = |value: &String| Value::String(value.clone());
        let mut properties: BTreeMap<String, Vec<Value>> = self
            .entity
            .properties
            .iter()
            .map(|(name, values)| (name.clone(), values.iter().map(text).collect()))
            .collect();
        let topics: Vec<Value> =
            self.topics().into_iter().map(|topic| Value::String(topic.to_owned())).collect();
        if !topics.is_empty() {
            properties.insert("topics".to_owned(), topics);
        }
        let id = self.id();
        let seen = history.map(|history| history.of(&self.entity.id)).unwrap_or_default();
        let current = self.list.row.list.edition.as_ref().and_then(|edition| edition.loaded.current_on);
        EntityObject {
            referents: if id == self.entity.id { Vec::new() } else { vec![self.entity.id.clone()] },
            caption: if self.entity.caption.is_empty() { id.clone() } else { self.entity.caption.clone() },
            schema: self.entity.schema.clone(),
            properties,
            datasets: vec![self.list.row.list.name.clone()],
            target: self.is_target(),
            first_seen: seen.first.map(instant),
            last_seen: current.map(instant),
            last_change: seen.changed.map(instant),
            id,
        }
    }
}
