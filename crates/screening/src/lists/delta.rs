//! What two editions of a list have in common, and a fingerprint of what an entry says of its bearer.
//!
//! Entries are paired by their identifier and compared by content: publishers' counters of versions do not tell (the
//! United Nations' `VERSIONNUM` stays when a record changes). White space, the normal form of letters, the order of
//! values and a value that is there twice are how a record is written, not what it says. Everything else is content,
//! capitals too: what is forgiven here would let a clearance stand that nobody looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use crate::entity::Entity;

/// Properties by which nobody is told from anybody: the keeping of the list. A change of them is shown, and leaves
/// the [`Fingerprint`] as it is. What is not named here counts, also a property that nobody here knows.
pub const KEEPING: [&str; 12] = [
    "createdAt",
    "listingDate",
    "modifiedAt",
    "notes",
    "program",
    "programId",
    "publisher",
    "publisherUrl",
    "retrievedAt",
    "sourceId",
    "sourceUrl",
    "topics",
];

/// The fingerprint of an entry's or a party's screened content: SHA-256 over its canonical form.
///
/// The form: the line `entente-content-1`, then `schema` and each property except those of [`KEEPING`], in the order
/// of their names by bytes, as name and values, where the values are in order and each once, in Unicode's normal form
/// C with one space for each white space. Name, number of values (in decimal digits) and each value are preceded by
/// their length in bytes, written as eight bytes, the largest first. Identifier, caption and datasets are not part of it: the same content under
/// another number is the same content.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

impl FromStr for Fingerprint {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Fingerprint, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Fingerprint(bytes))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The fingerprint of an entity's screened content.
pub fn fingerprint(entity: &Entity) -> Fingerprint {
    fingerprint_of(&content(&[entity]))
}

/// What one edition has and the other has not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Delta<'a> {
    /// Entries of the newer edition alone, in its order.
    pub added: Vec<&'a Entity>,
    /// Entries of the older edition alone, in its order.
    pub removed: Vec<&'a Entity>,
    /// Entries whose content differs, in the newer edition's order.
    pub changed: Vec<Change<'a>>,
    /// Entries that say the same in both, however they are written.
    pub unchanged: usize,
}

impl Delta<'_> {
    /// Whether both editions say the same.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// An entry that says something else than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change<'a> {
    /// The entry as it was.
    pub before: &'a Entity,
    /// The entry as it is.
    pub after: &'a Entity,
    /// What differs, by field.
    pub fields: Vec<FieldChange>,
    /// Whether the [`Fingerprint`] differs: something by which its bearer is told from others, not only the
    /// [`KEEPING`] of the list.
    pub screened: bool,
}

/// A field of an entry whose values differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// `schema`, or the name of a property.
    pub field: String,
    /// The values that are no longer there.
    pub before: Vec<String>,
    /// The values that are new.
    pub after: Vec<String>,
}

type Content = BTreeMap<String, BTreeSet<String>>;

/// Compares an older edition's entries with a newer one's. Entries with the same identifier within one edition are
/// taken together as one.
pub fn delta<'a>(older: &'a [Entity], newer: &'a [Entity]) -> Delta<'a> {
    let (old, new) = (by_id(older), by_id(newer));
    let mut delta = Delta::default();
    let mut seen = FxHashSet::default();
    for entity in newer.iter().filter(|entity| seen.insert(entity.id.as_str())) {
        let after = &new[entity.id.as_str()];
        let Some(before) = old.get(entity.id.as_str()) else {
            delta.added.push(entity);
            continue;
        };
        match change(before, after) {
            Some(change) => delta.changed.push(change),
            None => delta.unchanged += 1,
        }
    }
    seen.clear();
    for entity in older.iter().filter(|entity| !new.contains_key(entity.id.as_str())) {
        if seen.insert(entity.id.as_str()) {
            delta.removed.push(entity);
        }
    }
    delta
}

fn by_id(entries: &[Entity]) -> FxHashMap<&str, Vec<&Entity>> {
    let mut found: FxHashMap<&str, Vec<&Entity>> = FxHashMap::default();
    for entity in entries {
        found.entry(&entity.id).or_default().push(entity);
    }
    found
}

fn change<'a>(before: &[&'a Entity], after: &[&'a Entity]) -> Option<Change<'a>> {
    if let ([one], [other]) = (before, after)
        && one.schema == other.schema
        && one.properties == other.properties
    {
        return None;
    }
    let (old, new) = (content(before), content(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let none = BTreeSet::new();
    let fields: Vec<FieldChange> = names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (old.get(name).unwrap_or(&none), new.get(name).unwrap_or(&none));
            (old != new).then(|| FieldChange {
                field: name.clone(),
                before: old.difference(new).cloned().collect(),
                after: new.difference(old).cloned().collect(),
            })
        })
        .collect();
    if fields.is_empty() {
        return None;
    }
    let screened = fields.iter().any(|change| !KEEPING.contains(&change.field.as_str()));
    // Neither side is empty: each was found by its identifier.
    Some(Change { before: before.first()?, after: after.first()?, fields, screened })
}

/// What entries of one identifier say, without how they say it.
fn content(entries: &[&Entity]) -> Content {
    let mut found = Content::new();
    for entity in entries {
        let properties = entity.properties.iter().map(|(name, values)| (name.as_str(), values.as_slice()));
        let schema = [("schema", std::slice::from_ref(&entity.schema))];
        for (name, values) in properties.chain(schema) {
            let values = values.iter().map(|value| plain(value)).filter(|value| !value.is_empty());
            for value in values {
                found.entry(name.to_owned()).or_default().insert(value);
            }
        }
    }
    found
}

/// A value in normal form C with one space for each white space.
fn plain(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for word in value.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(word.nfc());
    }
    text
}

fn fingerprint_of(content: &Content) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(b"entente-content-1\n");
    let mut part = |text: &str| {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    };
    for (name, values) in content.iter().filter(|(name, _)| !KEEPING.contains(&name.as_str())) {
        part(name);
        part(&values.len().to_string());
        values.iter().for_each(|value| part(value));
    }
    Fingerprint(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entity(id: &str, values: &[(&str, &str)]) -> Entity {
        let mut entity = Entity::new(id, "Person");
        for (name, value) in values {
            entity.add(name, value);
        }
        entity
    }

    #[test]
    fn what_is_written_otherwise_is_the_same() {
        let one = entity("1", &[("name", "Jose\u{301}  Example"), ("alias", "A"), ("alias", "B")]);
        let mut other = entity("1", &[("alias", "B"), ("alias", "A"), ("name", "José Example")]);
        other.properties.insert("title".to_owned(), vec![" ".to_owned()]);
        assert_eq!(fingerprint(&one), fingerprint(&other));
        assert!(delta(std::slice::from_ref(&one), std::slice::from_ref(&other)).is_empty());
    }

    #[test]
    fn what_was_added_removed_and_changed_is_told() {
        let older = [
            entity("1", &[("name", "A"), ("notes", "old")]),
            entity("2", &[("name", "B")]),
            entity("3", &[("name", "C"), ("birthDate", "1970")]),
        ];
        let newer = [
            entity("3", &[("name", "C"), ("birthDate", "1971")]),
            entity("1", &[("name", "A"), ("notes", "new")]),
            entity("4", &[("name", "D")]),
        ];
        let delta = delta(&older, &newer);
        assert_eq!((delta.added[0].id.as_str(), delta.removed[0].id.as_str()), ("4", "2"));
        let [birth, notes] = delta.changed.as_slice() else { panic!("two changes") };
        assert_eq!(
            birth.fields,
            [FieldChange {
                field: "birthDate".to_owned(),
                before: vec!["1970".to_owned()],
                after: vec!["1971".to_owned()],
            }]
        );
        assert!(birth.screened && !notes.screened);
        assert_eq!(fingerprint(&older[0]), fingerprint(&newer[1]));
        assert_ne!(fingerprint(&older[2]), fingerprint(&newer[0]));
    }

    /// Clearances are kept under this: it changes with the name of the canonical form alone.
    #[test]
    fn the_fingerprint_is_stable() {
        let one = entity("1", &[("name", "Ada Example"), ("birthDate", "1970-01-02"), ("notes", "x")]);
        let text = fingerprint(&one).to_string();
        assert_eq!(text, "d0700095598b06c506fa2324a59fcbbe88f9d93fb79c63d37f3da739506dc580");
        assert_eq!(text.parse(), Ok(fingerprint(&one)));
    }

    proptest! {
        #[test]
        fn an_edition_differs_from_itself_in_nothing(values in proptest::collection::vec((0_u8..9, "\\PC{0,8}"), 0..40)) {
            let mut entries: Vec<Entity> =
                values.iter().map(|(id, value)| entity(&id.to_string(), &[("name", value), ("alias", "x")])).collect();
            let own = entries.clone();
            entries.reverse();
            prop_assert!(delta(&own, &entries).is_empty());
            let none = delta(&[], &own);
            prop_assert_eq!(none.added.len(), delta(&own, &[]).removed.len());
        }
    }
}
