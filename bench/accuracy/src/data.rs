//! Reads the test data. Nothing of it is kept here: `ENTENTE_TEST_DATA` says where it is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use entente_screening::entity::Entity;
use serde::Deserialize;

/// The folder of the test data.
pub(crate) struct Data(pub(crate) PathBuf);

/// A pair with what people say of it.
pub(crate) struct Check {
    /// Whether it is one party.
    pub(crate) same: bool,
    /// What is looked for.
    pub(crate) query: Entity,
    /// What is on a list.
    pub(crate) candidate: Entity,
}

#[derive(Deserialize)]
struct Checks {
    checks: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "match")]
    same: bool,
    schema: String,
    query: BTreeMap<String, Value>,
    candidate: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    One(String),
    Many(Vec<String>),
    Number(i64),
}

impl Data {
    /// The bytes of a file.
    pub(crate) fn bytes(&self, file: &str) -> Result<Vec<u8>> {
        let path: &Path = &self.0.join(file);
        std::fs::read(path).with_context(|| format!("{} of the test data", path.display()))
    }

    /// The labelled pairs.
    pub(crate) fn checks(&self) -> Result<Vec<Check>> {
        let rows: Checks = serde_norway::from_slice(&self.bytes("names/entity-checks.yml")?)?;
        let entity = |schema: &str, properties: BTreeMap<String, Value>| {
            let mut entity = Entity::new("", schema);
            for (property, value) in properties {
                match value {
                    Value::One(text) => entity.add(&property, &text),
                    Value::Many(texts) => texts.iter().for_each(|text| entity.add(&property, text)),
                    Value::Number(number) => entity.add(&property, &number.to_string()),
                }
            }
            entity
        };
        let rows = rows.checks.into_iter();
        Ok(rows
            .map(|row| Check {
                same: row.same,
                query: entity(&row.schema, row.query),
                candidate: entity(&row.schema, row.candidate),
            })
            .collect())
    }

    /// Persons of a table, by name alone or with birth and nationality.
    pub(crate) fn persons(&self, file: &str, with_birth: bool) -> Result<Vec<Entity>> {
        let bytes = self.bytes(file)?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>()?;
        let cell = |row: &BTreeMap<String, String>, name: &str| row.get(name).cloned().unwrap_or_default();
        Ok(rows
            .iter()
            .enumerate()
            .map(|(place, row)| {
                let mut person = named(&place.to_string(), &cell(row, "full_name"));
                if with_birth {
                    person.add("birthDate", &cell(row, "date_of_birth"));
                    person.add("nationality", &cell(row, "nationality"));
                }
                person
            })
            .collect())
    }

    /// Words in two scripts: in Latin letters, and in their own.
    pub(crate) fn words(&self, language: &str) -> Result<Vec<(String, String)>> {
        let text = String::from_utf8(self.bytes(&format!("names/transliteration-{language}.tsv"))?)?;
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?.to_owned(), cells.next()?.split(' ').collect()))
        });
        Ok(rows.collect())
    }

    /// Common names, local and romanised, with their country.
    pub(crate) fn common(&self, file: &str) -> Result<Vec<(String, String, String)>> {
        let bytes = self.bytes(file)?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let mut reader = csv::Reader::from_reader(bytes);
        let rows: Vec<BTreeMap<String, String>> = reader.deserialize().collect::<Result<_, _>>()?;
        let cell = |row: &BTreeMap<String, String>, name: &str| row.get(name).cloned().unwrap_or_default();
        Ok(rows
            .iter()
            .map(|row| (cell(row, "Country"), cell(row, "Localized Name"), cell(row, "Romanized Name")))
            .filter(|(_, local, latin)| !local.is_empty() && !latin.is_empty())
            .collect())
    }
}

/// A person with a name and nothing else.
pub(crate) fn named(id: &str, name: &str) -> Entity {
    let mut person = Entity::new(id, "Person");
    person.add("name", name);
    person
}

/// The script of a text, by its first letter that is not Latin.
pub(crate) fn script(text: &str) -> &'static str {
    let foreign = text
        .chars()
        .find(|c| c.is_alphabetic() && (*c as u32) >= 0x370 && !matches!(*c as u32, 0x1e00..=0x1eff));
    match foreign.map_or(0, |c| c as u32) {
        0 => "Latin",
        0x370..=0x3ff | 0x1f00..=0x1fff => "Greek",
        0x400..=0x52f => "Cyrillic",
        0x530..=0x58f => "Armenian",
        0x590..=0x5ff => "Hebrew",
        0x600..=0x6ff | 0x750..=0x77f | 0xfb50..=0xfdff | 0xfe70..=0xfefc => "Arabic",
        0x900..=0x97f => "Devanagari",
        0x980..=0x9ff => "Bengali",
        0xb80..=0xbff => "Tamil",
        0xd80..=0xdff => "Sinhala",
        0xe00..=0xe7f => "Thai",
        0x10a0..=0x10ff => "Georgian",
        0x3040..=0x30ff => "Kana",
        0x1100..=0x11ff | 0xac00..=0xd7a3 => "Hangul",
        0x3400..=0x9fff => "Han",
        _ => "other",
    }
}
