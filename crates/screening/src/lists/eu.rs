//! The consolidated list of financial sanctions of the European Union: XML 1.1, in which most stands in attributes.

use super::xml::{Node, Plan, records};
use super::{Edition, ListFault, keep};
use crate::entity::Entity;

/// Reads the list.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let plan = Plan { root: "export", records: &["sanctionEntity"], attribute: "generationDate" };
    let dated = records(bytes, &plan, |record| keep(&mut entries, entry(&record)))?;
    Ok(Edition { dated, entries })
}

fn entry(record: &Node) -> Entity {
    let (reference, number) = (record.attribute("euReferenceNumber"), record.attribute("logicalId"));
    let id = if reference.is_empty() { number } else { reference };
    let kind = record.all("subjectType").next();
    let code = kind.map(|own| own.attribute("code")).unwrap_or_default();
    let class = kind.map(|own| own.attribute("classificationCode")).unwrap_or_default();
    let person = code.eq_ignore_ascii_case("person") || class.eq_ignore_ascii_case("P");
    let mut entity = Entity::new(id, if person { "Person" } else { "Organization" });
    for alias in record.all("nameAlias") {
        name(&mut entity, alias);
    }
    for birth in record.all("birthdate") {
        entity.add("birthDate", &birth_date(birth));
        entity.add("birthPlace", &listed(birth, &["place", "city", "zipCode", "region"]));
    }
    for own in record.all("citizenship") {
        entity.add("nationality", country(own));
    }
    for own in record.all("identification") {
        identification(&mut entity, own);
    }
    for own in record.all("address") {
        entity.add("address", &listed(own, &["street", "poBox", "place", "zipCode", "city", "region"]));
        if !person {
            entity.add("country", country(own));
        }
    }
    for own in record.all("regulation") {
        entity.add("program", own.attribute("programme"));
        entity.add("sourceUrl", own.child("publicationUrl"));
    }
    entity.add("listingDate", record.attribute("designationDate"));
    entity.add("sourceId", number);
    entity.add("sourceId", record.attribute("unitedNationId"));
    for own in record.all("remark") {
        entity.add("notes", &own.text);
    }
    entity
}

/// The first strong name is the name, the others are aliases; what the list does not call strong is weak.
fn name(entity: &mut Entity, alias: &Node) {
    let parts = ["firstName", "middleName", "lastName"].map(|part| alias.attribute(part));
    let mut whole = alias.attribute("wholeName").to_owned();
    if whole.is_empty() {
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        whole = parts.join(" ");
    }
    let weak = alias.attribute("strong").eq_ignore_ascii_case("false");
    if weak {
        entity.add("weakAlias", &whole);
    } else if entity.get("name").is_empty() {
        entity.caption.clone_from(&whole);
        entity.add("name", &whole);
        for (property, part) in ["firstName", "middleName", "lastName"].iter().zip(parts) {
            entity.add(property, part);
        }
    } else {
        entity.add("alias", &whole);
    }
    if entity.caption.is_empty() {
        entity.caption = whole;
    }
    entity.add("title", alias.attribute("title"));
    entity.add("position", alias.attribute("function"));
    match alias.attribute("gender") {
        "M" => entity.add("gender", "male"),
        "F" => entity.add("gender", "female"),
        _ => {}
    }
}

/// A day, a month, a year, or a span of years, with `circa` where the list says so. Dates of other calendars are left
/// out: they would be read as years of ours.
fn birth_date(birth: &Node) -> String {
    let calendar = birth.attribute("calendarType");
    if !(calendar.is_empty() || calendar.eq_ignore_ascii_case("gregorian")) {
        return String::new();
    }
    let (full, year) = (birth.attribute("birthdate"), birth.attribute("year"));
    let (from, to) = (birth.attribute("yearRangeFrom"), birth.attribute("yearRangeTo"));
    let text = if !full.is_empty() {
        full.to_owned()
    } else if !year.is_empty() {
        match birth.attribute("monthOfYear").parse::<u8>() {
            Ok(month @ 1..=12) => format!("{year}-{month:02}"),
            _ => year.to_owned(),
        }
    } else if !from.is_empty() && !to.is_empty() && from != to {
        format!("{from}-{to}")
    } else {
        if from.is_empty() { to } else { from }.to_owned()
    };
    let about = birth.attribute("circa").eq_ignore_ascii_case("true") && !text.is_empty();
    if about { format!("circa {text}") } else { text }
}

fn identification(entity: &mut Entity, own: &Node) {
    let kind = format!(
        "{} {}",
        own.attribute("identificationTypeCode"),
        own.attribute("identificationTypeDescription")
    )
    .to_lowercase();
    let says = |word: &str| kind.contains(word);
    let property = if says("passport") {
        "passportNumber"
    } else if says("swift") {
        "swiftBic"
    } else if says("imo") {
        "imoNumber"
    } else if says("tax") || says("fiscal") {
        "taxNumber"
    } else if says("regist") {
        "registrationNumber"
    } else {
        "idNumber"
    };
    let number = own.attribute("number");
    entity.add(property, if number.is_empty() { own.attribute("latinNumber") } else { number });
}

/// The country of an element, empty where the list does not know it.
fn country(own: &Node) -> &str {
    let code = own.attribute("countryIso2Code");
    if code.is_empty() || code == "00" { known(own.attribute("countryDescription")) } else { code }
}

fn known(text: &str) -> &str {
    if text.eq_ignore_ascii_case("unknown") { "" } else { text }
}

/// Attributes that are there and the name of the country, with commas between.
fn listed(own: &Node, names: &[&str]) -> String {
    let all = names.iter().map(|name| own.attribute(name));
    let all: Vec<&str> =
        all.chain([known(own.attribute("countryDescription"))]).filter(|text| !text.is_empty()).collect();
    all.join(", ")
}
