//! What stands on a list, or is looked for: a schema and properties by the names of FollowTheMoney.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::date::PartialDate;
use crate::name::{Kind, Name, is_of_organisation};

/// A person, organisation, vessel or aircraft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Entity {
    /// Its identifier within its list.
    #[serde(default)]
    pub id: String,
    /// Its name for people.
    #[serde(default)]
    pub caption: String,
    /// Its schema by FollowTheMoney: `Person`, `Company`, `Vessel`, …
    pub schema: String,
    /// Its properties, several values each.
    #[serde(default)]
    pub properties: BTreeMap<String, Vec<String>>,
    /// The lists that it stands on.
    #[serde(default)]
    pub datasets: Vec<String>,
}

/// Properties that hold names, from the strongest.
const NAMES: [&str; 4] = ["name", "alias", "previousName", "weakAlias"];

/// Properties that hold identifiers which one bearer alone has.
pub const IDENTIFIERS: [&str; 16] = [
    "passportNumber",
    "idNumber",
    "taxNumber",
    "registrationNumber",
    "innCode",
    "ogrnCode",
    "leiCode",
    "imoNumber",
    "mmsi",
    "swiftBic",
    "dunsCode",
    "uniqueEntityId",
    "socialSecurityNumber",
    "icaoCode",
    "serialNumber",
    "publicKey",
];

/// Properties that hold countries.
pub const COUNTRIES: [&str; 7] =
    ["nationality", "citizenship", "country", "jurisdiction", "flag", "birthCountry", "mainCountry"];

impl Entity {
    /// An entity without properties.
    pub fn new(id: impl Into<String>, schema: impl Into<String>) -> Entity {
        Entity { id: id.into(), schema: schema.into(), ..Entity::default() }
    }

    /// Adds a value of a property, once; an empty one is none.
    pub fn add(&mut self, property: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let values = self.properties.entry(property.to_owned()).or_default();
        if !values.iter().any(|own| own == value) {
            values.push(value.to_owned());
        }
    }

    /// The values of a property.
    pub fn get(&self, property: &str) -> &[String] {
        self.properties.get(property).map_or(&[], Vec::as_slice)
    }

    /// The countries that it has to do with, ISO 3166-1 alpha-2 in small letters, in order and each once.
    pub fn countries(&self) -> Vec<String> {
        let mut countries: Vec<String> = COUNTRIES
            .iter()
            .flat_map(|property| self.get(property))
            .filter_map(|text| crate::country::code(text))
            .collect();
        countries.sort();
        countries.dedup();
        countries
    }

    /// All names, each with whether it is a weak one.
    pub fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        NAMES.iter().flat_map(|property| {
            self.get(property).iter().map(move |name| (name.as_str(), *property == "weakAlias"))
        })
    }
}

/// A name of an entity, ready to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadyName {
    /// The name.
    pub name: Name,
    /// Whether its list calls it a weak one.
    pub weak: bool,
}

/// An entity ready to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    /// What bears the names.
    pub kind: Kind,
    /// Its names.
    pub names: Vec<ReadyName>,
    /// Days of birth, as far as they are known.
    pub births: Vec<PartialDate>,
    /// Countries, ISO 3166-1 alpha-2 in small letters.
    pub countries: Vec<String>,
    /// Identifiers, letters and digits alone.
    pub identifiers: Vec<String>,
    /// `male` or `female`, where it is said.
    pub gender: Option<String>,
}

impl Ready {
    /// Makes an entity ready.
    pub fn new(entity: &Entity) -> Ready {
        let kind = Kind::of_schema(&entity.schema);
        let mut names: Vec<ReadyName> = Vec::new();
        let mut add = |name: Name, weak: bool| {
            if !name.parts.is_empty() && !names.iter().any(|own| own.name.parts == name.parts) {
                names.push(ReadyName { name, weak });
            }
        };
        let known = (entity.get("firstName"), entity.get("lastName"));
        if kind == Kind::Person
            && let ([given], [family]) = known
        {
            let middle: Vec<&str> = ["secondName", "middleName", "fatherName"]
                .iter()
                .flat_map(|property| entity.get(property).iter().map(String::as_str))
                .collect();
            add(Name::of_person(given, &middle.join(" "), family), false);
        }
        for (text, weak) in entity.names() {
            match kind {
                Kind::Either if is_of_organisation(text) => add(Name::new(text, Kind::Organisation), weak),
                Kind::Either => {
                    add(Name::new(text, Kind::Person), weak);
                    add(Name::new(text, Kind::Organisation), weak);
                }
                kind => add(Name::new(text, kind), weak),
            }
        }
        let identifiers =
            IDENTIFIERS.iter().flat_map(|property| entity.get(property)).map(|text| plain(text));
        Ready {
            kind,
            names,
            births: entity.get("birthDate").iter().filter_map(|text| text.parse().ok()).collect(),
            countries: entity.countries(),
            identifiers: identifiers.filter(|text| text.len() > 4).collect(),
            gender: entity
                .get("gender")
                .iter()
                .map(|g| g.to_lowercase())
                .find(|g| g == "male" || g == "female"),
        }
    }
}

/// Letters and digits alone, in capitals.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}
