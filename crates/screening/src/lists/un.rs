//! The Consolidated List of the United Nations Security Council, as XML.

use super::xml::{Node, records};
use super::{Edition, ListFault};
use crate::entity::Entity;

/// Reads the list.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let dated =
        records(bytes, &["INDIVIDUAL", "ENTITY"], "dateGenerated", |record| entries.push(entry(&record)))?;
    Ok(Edition { dated, entries })
}

fn entry(record: &Node) -> Entity {
    let person = record.name == "INDIVIDUAL";
    let schema = if person { "Person" } else { "Organization" };
    let mut entity = Entity::new(record.child("DATAID"), schema);
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| record.child(part));
    let name: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let name = name.join(" ");
    entity.caption = name.clone();
    entity.add("name", &name);
    entity.add("name", record.child("NAME_ORIGINAL_SCRIPT"));
    let prefix = if person { "INDIVIDUAL" } else { "ENTITY" };
    for alias in record.all(&format!("{prefix}_ALIAS")) {
        // The list's own word for its weak ones.
        let property = if alias.child("QUALITY").eq_ignore_ascii_case("low") { "weakAlias" } else { "alias" };
        for name in alias.child("ALIAS_NAME").split(';') {
            entity.add(property, name);
        }
        entity.add("birthDate", alias.child("DATE_OF_BIRTH"));
        entity.add("birthPlace", alias.child("CITY_OF_BIRTH"));
    }
    for birth in record.all("INDIVIDUAL_DATE_OF_BIRTH") {
        let (from, to) = (birth.child("FROM_YEAR"), birth.child("TO_YEAR"));
        let day = birth.child("DATE");
        if !day.is_empty() {
            entity.add("birthDate", day.get(..10).unwrap_or(day));
        } else if !birth.child("YEAR").is_empty() {
            entity.add("birthDate", birth.child("YEAR"));
        } else if !from.is_empty() && !to.is_empty() {
            entity.add("birthDate", &format!("{from}-{to}"));
        }
    }
    for place in record.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        entity.add("birthPlace", &listed(place, &["CITY", "STATE_PROVINCE", "COUNTRY"]));
    }
    for address in record.all(&format!("{prefix}_ADDRESS")) {
        entity.add(
            "address",
            &listed(address, &["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"]),
        );
        if !person {
            entity.add("country", address.child("COUNTRY"));
        }
    }
    for document in record.all("INDIVIDUAL_DOCUMENT") {
        let passport = document.child("TYPE_OF_DOCUMENT").to_lowercase().contains("passport");
        entity.add(if passport { "passportNumber" } else { "idNumber" }, document.child("NUMBER"));
    }
    for nationality in record.texts("NATIONALITY", "VALUE") {
        entity.add("nationality", nationality);
    }
    for title in record.texts("TITLE", "VALUE") {
        entity.add("title", title);
    }
    for position in record.texts("DESIGNATION", "VALUE") {
        entity.add("position", position);
    }
    entity.add("gender", &record.child("GENDER").to_lowercase());
    entity.add("program", record.child("UN_LIST_TYPE"));
    entity.add("sourceId", record.child("REFERENCE_NUMBER"));
    entity.add("listingDate", record.child("LISTED_ON"));
    entity.add("notes", record.child("COMMENTS1"));
    entity
}

/// Children that are there, with commas between.
fn listed(node: &Node, names: &[&str]) -> String {
    let all: Vec<&str> = names.iter().map(|name| node.child(name)).filter(|text| !text.is_empty()).collect();
    all.join(", ")
}
