//! The advanced XML of OFAC (`sdn_advanced.xml`, `cons_advanced.xml`): values that are referred to by number, then
//! places, documents, parties, and the measures.
//!
//! What is taken: every documented name of every alias with its quality, days and places of birth, nationalities and
//! citizenships, gender, addresses, identifiers of features and documents, programmes. Relations between parties are
//! not.

use rustc_hash::FxHashMap;

use super::super::limits::LONGEST_REFERRED;
use super::super::xml::{Node, Plan, records};
use super::super::{Edition, ListFault, keep};
use super::{identifier, name_property, schema};
use crate::entity::Entity;

/// Elements that are read one after the other; the first ones are values that others refer to by their number.
const RECORDS: [&str; 15] = [
    "AliasType",
    "AreaCode",
    "Country",
    "DetailReference",
    "FeatureType",
    "IDRegDocType",
    "LocPartType",
    "NamePartType",
    "PartyType",
    "PartySubType",
    "DateOfIssue",
    "Location",
    "IDRegDocument",
    "DistinctParty",
    "SanctionsEntry",
];

/// What is referred to by number.
#[derive(Default)]
struct Values {
    /// Texts by kind of value and number.
    texts: FxHashMap<(String, String), String>,
    /// Places by number.
    places: FxHashMap<String, Place>,
    /// Documents by the identity that they are of: kind, number.
    documents: FxHashMap<String, Vec<(String, String)>>,
}

#[derive(Default)]
struct Place {
    text: String,
    country: String,
}

impl Values {
    fn text(&self, kind: &str, number: &str) -> &str {
        self.texts.get(&(kind.to_owned(), number.to_owned())).map_or("", String::as_str)
    }
}

/// Reads the list.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut values = Values::default();
    let mut edition = Edition::default();
    let mut by_profile: FxHashMap<String, usize> = FxHashMap::default();
    // What parties may hold of values that they refer to: a published file holds far less than its own size.
    let mut left = bytes.len().saturating_mul(4) + (64 << 10);
    let plan = Plan { root: "Sanctions", records: &RECORDS, attribute: "" };
    records(bytes, &plan, |record| {
        match record.name.as_str() {
            "DateOfIssue" => edition.dated = Some(date(&record)).filter(|date| !date.is_empty()),
            "Location" => {
                let place = place(&record, &values);
                referred(&place.text)?;
                values.places.insert(record.attribute("ID").to_owned(), place);
            }
            "IDRegDocument" => {
                let kind = values.text("IDRegDocType", record.attribute("IDRegDocTypeID")).to_owned();
                let number = record.child("IDRegistrationNo").to_owned();
                referred(&number)?;
                let identity = record.attribute("IdentityID").to_owned();
                values.documents.entry(identity).or_default().push((kind, number));
            }
            "DistinctParty" => {
                let entity = party(&record, &values);
                let size: usize = entity.properties.values().flatten().map(String::len).sum();
                left = left.checked_sub(size).ok_or("parties refer to more than the list may hold")?;
                for profile in record.all("Profile") {
                    by_profile.insert(profile.attribute("ID").to_owned(), edition.entries.len());
                }
                keep(&mut edition.entries, entity)?;
            }
            "SanctionsEntry" => {
                let own = by_profile.get(record.attribute("ProfileID"));
                if let Some(entity) = own.and_then(|place| edition.entries.get_mut(*place)) {
                    measures(entity, &record);
                }
            }
            kind => {
                // What a subtype leaves open its type says; a code of an area stands for a country by its name.
                let text = match kind {
                    "AreaCode" => record.attribute("Description"),
                    "PartySubType" if record.text.trim().eq_ignore_ascii_case("unknown") => {
                        values.text("PartyType", record.attribute("PartyTypeID"))
                    }
                    _ => record.text.trim(),
                };
                referred(text)?;
                let text = text.to_owned();
                values.texts.insert((kind.to_owned(), record.attribute("ID").to_owned()), text);
            }
        }
        Ok(())
    })?;
    Ok(edition)
}

/// Refuses a value that is too long to be referred to.
fn referred(text: &str) -> Result<(), String> {
    match text.len() {
        0..=LONGEST_REFERRED => Ok(()),
        _ => Err(format!("a value of more than {LONGEST_REFERRED} bytes that others refer to")),
    }
}

fn date(node: &Node) -> String {
    let (year, month, day) = (node.child("Year"), node.child("Month"), node.child("Day"));
    match (month.parse::<u8>(), day.parse::<u8>()) {
        (Ok(month), Ok(day)) => format!("{year}-{month:02}-{day:02}"),
        (Ok(month), _) => format!("{year}-{month:02}"),
        _ => year.to_owned(),
    }
}

fn place(record: &Node, values: &Values) -> Place {
    const ORDER: [&str; 8] =
        ["Unknown", "ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION"];
    let named = |part: &Node| values.text("LocPartType", part.attribute("LocPartTypeID")).to_owned();
    let mut parts: Vec<(usize, &str)> = Vec::new();
    let mut unknown = "";
    for part in record.all("LocationPart") {
        let kind = named(part);
        let own: Vec<&Node> = part.all("LocationPartValue").collect();
        let first = own.iter().find(|value| value.attribute("Primary") == "true").or(own.first());
        let Some(text) = first.map(|value| value.child("Value")).filter(|text| !text.is_empty()) else {
            continue;
        };
        if kind == "Unknown" {
            unknown = text;
        }
        parts.push((ORDER.iter().position(|own| *own == kind).unwrap_or(ORDER.len()), text));
    }
    parts.sort_by_key(|part| part.0);
    let known = |text: &str| !text.is_empty() && !text.eq_ignore_ascii_case("undetermined");
    let of_country =
        record.all("LocationCountry").map(|own| values.text("Country", own.attribute("CountryID")));
    let of_area =
        record.all("LocationAreaCode").map(|own| values.text("AreaCode", own.attribute("AreaCodeID")));
    let country = of_country.chain(of_area).find(|text| known(text)).unwrap_or_default();
    let mut texts: Vec<&str> = parts.iter().map(|part| part.1).collect();
    if known(country) && !texts.contains(&country) {
        texts.push(country);
    }
    let country = if country.is_empty() { unknown } else { country };
    Place { text: texts.join(", "), country: country.to_owned() }
}

fn party(record: &Node, values: &Values) -> Entity {
    let mut entity = Entity::new(record.attribute("FixedRef"), "Organization");
    entity.add("notes", record.child("Comment"));
    for profile in record.all("Profile") {
        schema(values.text("PartySubType", profile.attribute("PartySubTypeID")))
            .clone_into(&mut entity.schema);
        for identity in profile.all("Identity") {
            names(&mut entity, identity, values);
            for (kind, number) in values.documents.get(identity.attribute("ID")).into_iter().flatten() {
                identifier(&mut entity, kind, number);
            }
        }
        for feature in profile.all("Feature") {
            let kind = values.text("FeatureType", feature.attribute("FeatureTypeID"));
            for version in feature.all("FeatureVersion") {
                feature_of(&mut entity, kind, version, values);
            }
        }
    }
    if entity.caption.is_empty() {
        let first = entity.names().next().map(|name| name.0.to_owned());
        entity.caption = first.unwrap_or_default();
    }
    entity
}

fn names(entity: &mut Entity, identity: &Node, values: &Values) {
    let groups: FxHashMap<&str, &str> = identity
        .deep("NamePartGroup")
        .into_iter()
        .map(|group| (group.attribute("ID"), values.text("NamePartType", group.attribute("NamePartTypeID"))))
        .collect();
    for alias in identity.all("Alias") {
        let primary = alias.attribute("Primary") == "true";
        let kind = values.text("AliasType", alias.attribute("AliasTypeID"));
        let weak = alias.attribute("LowQuality") == "true";
        let property = if primary && !weak { "name" } else { name_property(kind, weak) };
        for documented in alias.all("DocumentedName") {
            let mut parts: Vec<(u8, &str)> = documented
                .deep("NamePartValue")
                .into_iter()
                .map(|part| {
                    let kind = groups.get(part.attribute("NamePartGroupID")).copied().unwrap_or_default();
                    (order(kind), part.text.trim())
                })
                .collect();
            parts.sort_by_key(|part| part.0);
            let words: Vec<&str> = parts.iter().map(|part| part.1).filter(|text| !text.is_empty()).collect();
            let name = words.join(" ");
            if primary && entity.caption.is_empty() {
                entity.caption = name.clone();
                for (place, text) in &parts {
                    match place {
                        1 => entity.add("firstName", text),
                        2 => entity.add("middleName", text),
                        5 => entity.add("lastName", text),
                        _ => {}
                    }
                }
            }
            entity.add(property, &name);
        }
    }
}

/// The place of a part in a name that is written out; parts of no known kind keep the order of the file.
fn order(kind: &str) -> u8 {
    match kind {
        "Nickname" => 0,
        "First Name" => 1,
        "Middle Name" => 2,
        "Patronymic" => 3,
        "Maiden Name" => 4,
        "Last Name" => 5,
        "Matronymic" => 6,
        _ => 3,
    }
}

fn feature_of(entity: &mut Entity, kind: &str, version: &Node, values: &Values) {
    let kind = kind.trim();
    let place = version.all("VersionLocation").find_map(|own| values.places.get(own.attribute("LocationID")));
    let detail = version.all("VersionDetail").find_map(|own| {
        let referred = values.text("DetailReference", own.attribute("DetailReferenceID"));
        let text = if referred.is_empty() { own.text.trim() } else { referred };
        (!text.is_empty()).then_some(text)
    });
    match (kind, place, detail) {
        ("Birthdate", _, _) => {
            for period in version.all("DatePeriod") {
                entity.add("birthDate", &birth(period));
            }
        }
        ("Place of Birth", _, Some(text)) => entity.add("birthPlace", text),
        ("Place of Birth", Some(place), None) => entity.add("birthPlace", &place.text),
        ("Nationality Country" | "Citizenship Country", Some(place), _) => {
            entity.add("nationality", &place.country);
        }
        ("Nationality of Registration", Some(place), _) => entity.add("jurisdiction", &place.country),
        ("Location", Some(place), _) => {
            entity.add("address", &place.text);
            if entity.schema != "Person" {
                entity.add("country", &place.country);
            }
        }
        ("Gender", _, Some(text)) => entity.add("gender", &text.to_lowercase()),
        ("Title", _, Some(text)) => entity.add("title", text),
        ("Vessel Flag", Some(place), None) => entity.add("flag", &place.country),
        ("Vessel Flag", _, Some(text)) => entity.add("flag", text),
        ("Vessel Call Sign", _, Some(text)) => entity.add("callSign", text),
        (kind, _, Some(text)) => identifier(entity, kind, text),
        _ => {}
    }
}

/// A day, a month, a year or a span: the beginning from its first to its last day, and the end likewise. What is
/// called approximate keeps `circa`.
fn birth(period: &Node) -> String {
    let bound = |edge: &str, own: &str| {
        period.all(edge).flat_map(|node| node.all(own)).next().map(date).unwrap_or_default()
    };
    let first = bound("Start", "From");
    let last = ["To", "From"].iter().map(|own| bound("End", own)).find(|text| !text.is_empty());
    let last = last.filter(|text| text.len() >= 4).unwrap_or_else(|| first.clone());
    let (Some(year), Some(last_year)) = (first.get(..4), last.get(..4)) else { return String::new() };
    let whole = first.ends_with("-01-01") && last.ends_with("-12-31");
    let text = if first == last {
        first.clone()
    } else if year != last_year {
        format!("{year}-{last_year}")
    } else if whole || first.get(..7) != last.get(..7) {
        year.to_owned()
    } else {
        first.get(..7).unwrap_or(year).to_owned()
    };
    let about =
        ["Start", "End"].iter().any(|edge| period.all(edge).any(|n| n.attribute("Approximate") == "true"));
    if about { format!("circa {text}") } else { text }
}

/// The programmes and the day of listing.
fn measures(entity: &mut Entity, record: &Node) {
    for measure in record.all("SanctionsMeasure") {
        entity.add("program", measure.child("Comment"));
    }
    for day in record.all("EntryEvent").flat_map(|event| event.all("Date")) {
        entity.add("listingDate", &date(day));
    }
}
