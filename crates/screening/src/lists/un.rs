//! The Consolidated List of the United Nations Security Council, as XML.
//!
//! Properties beside those of FollowTheMoney: `thirdName` and `fourthName`, because the list's four parts of a name
//! are no given and family names, and `document`, a document with all that the list says of it.

use super::written::date;
use super::xml::{Node, Plan, records};
use super::{Edition, ListFault, keep};
use crate::entity::Entity;

/// Reads the list.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let plan =
        Plan { root: "CONSOLIDATED_LIST", records: &["INDIVIDUAL", "ENTITY"], attribute: "dateGenerated" };
    let dated = records(bytes, &plan, |record| keep(&mut entries, entry(&record)))?;
    Ok(Edition { dated, entries })
}

fn entry(record: &Node) -> Entity {
    let person = record.name == "INDIVIDUAL";
    let schema = if person { "Person" } else { "Organization" };
    let mut entity = Entity::new(record.child("DATAID"), schema);
    let parts = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"].map(|part| record.child(part));
    if person {
        for (property, part) in ["firstName", "secondName", "thirdName", "fourthName"].iter().zip(parts) {
            entity.add(property, part);
        }
    }
    let name: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let name = name.join(" ");
    entity.caption = name.clone();
    entity.add("name", &name);
    entity.add("name", record.child("NAME_ORIGINAL_SCRIPT"));
    let prefix = if person { "INDIVIDUAL" } else { "ENTITY" };
    for own in record.all(&format!("{prefix}_ALIAS")) {
        alias(&mut entity, own);
    }
    for birth in record.all("INDIVIDUAL_DATE_OF_BIRTH") {
        entity.add("birthDate", &birth_date(birth));
    }
    for place in record.all("INDIVIDUAL_PLACE_OF_BIRTH") {
        entity.add(
            "birthPlace",
            &listed(place, &["STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE"], ", "),
        );
    }
    for address in record.all(&format!("{prefix}_ADDRESS")) {
        let parts = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"];
        entity.add("address", &listed(address, &parts, ", "));
        if !person {
            entity.add("country", address.child("COUNTRY"));
        }
    }
    for own in record.all("INDIVIDUAL_DOCUMENT") {
        document(&mut entity, own);
    }
    for (property, element) in
        [("nationality", "NATIONALITY"), ("title", "TITLE"), ("position", "DESIGNATION")]
    {
        for value in record.texts(element, "VALUE") {
            entity.add(property, value);
        }
    }
    entity.add("gender", &record.child("GENDER").to_lowercase());
    entity.add("program", record.child("UN_LIST_TYPE"));
    entity.add("sourceId", record.child("REFERENCE_NUMBER"));
    entity.add("listingDate", day(record.child("LISTED_ON")));
    if let Some(last) = record.texts("LAST_DAY_UPDATED", "VALUE").map(day).max() {
        entity.add("modifiedAt", last);
    }
    entity.add("notes", record.child("COMMENTS1"));
    entity
}

/// An alias: its quality is the list's own word; a note may hold the name in its own script, or say that it is the
/// name of former editions.
fn alias(entity: &mut Entity, own: &Node) {
    let note = own.child("NOTE");
    let (quality, lower) = (own.child("QUALITY").to_lowercase(), note.to_lowercase());
    let former = ["formerly listed as", "previously listed as"].iter().any(|words| lower.contains(words));
    let property = match quality.as_str() {
        "low" => "weakAlias",
        "f.k.a." => "previousName",
        _ if former => "previousName",
        _ => "alias",
    };
    for name in names(own.child("ALIAS_NAME")) {
        entity.add(property, name);
    }
    for word in ["script:", "In Arabic:", "in Arabic:"] {
        if let Some((_, name)) = note.split_once(word) {
            entity.add(property, name);
        }
    }
    entity.add("birthDate", day(own.child("DATE_OF_BIRTH")));
    entity.add("birthPlace", &listed(own, &["CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"], ", "));
    if !note.is_empty() {
        entity.add("notes", &format!("{}: {note}", own.child("ALIAS_NAME")));
    }
}

/// The names of a cell: `A; B`, and `A (B; C)`, where B and C are A in other letters.
fn names(text: &str) -> Vec<&str> {
    if !text.contains(';') {
        return vec![text];
    }
    let split = |text| -> Vec<&str> { str::split(text, ';').map(str::trim).collect() };
    match text.strip_suffix(')').and_then(|open| open.split_once('(')) {
        Some((before, inside)) if !before.contains(';') => {
            std::iter::once(before.trim()).chain(split(inside)).collect()
        }
        _ => split(text),
    }
}

/// A date of birth: a day, a year, or a span of years; where only a note stands, what can be read of it.
fn birth_date(birth: &Node) -> String {
    let (from, to, note) = (birth.child("FROM_YEAR"), birth.child("TO_YEAR"), birth.child("NOTE"));
    let (full, year) = (birth.child("DATE"), birth.child("YEAR"));
    let about = birth.child("TYPE_OF_DATE").eq_ignore_ascii_case("approximately")
        || note.to_lowercase().starts_with("approximately");
    let plain = if !full.is_empty() {
        day(full).to_owned()
    } else if !year.is_empty() {
        // The month of a year is a note.
        let with_note = date(&format!("{note} {year}"));
        if !note.is_empty() && with_note.starts_with(year) { with_note } else { year.to_owned() }
    } else if !from.is_empty() && !to.is_empty() {
        format!("{from}-{to}")
    } else if from.is_empty() && to.is_empty() {
        date(note)
    } else {
        format!("{from}{to}")
    };
    if about && !plain.is_empty() && !plain.starts_with("circa") { format!("circa {plain}") } else { plain }
}

/// A document: its number by its kind, and all of it as text. Where the number's own cell is empty, the number may
/// stand in the text of its kind.
fn document(entity: &mut Entity, own: &Node) {
    let kind = own.child("TYPE_OF_DOCUMENT").to_lowercase();
    let passport = ["passport", "passeport", "pasaporte"].iter().any(|word| kind.contains(word));
    let mut number = own.child("NUMBER");
    if number.is_empty() {
        number = own.child("TYPE_OF_DOCUMENT2").rsplit(' ').next().unwrap_or_default();
        if !number.bytes().any(|b| b.is_ascii_digit()) {
            number = "";
        }
    }
    entity.add(if passport { "passportNumber" } else { "idNumber" }, number);
    let parts = [
        "TYPE_OF_DOCUMENT",
        "TYPE_OF_DOCUMENT2",
        "NUMBER",
        "ISSUING_COUNTRY",
        "DATE_OF_ISSUE",
        "CITY_OF_ISSUE",
        "COUNTRY_OF_ISSUE",
        "NOTE",
    ];
    entity.add("document", &listed(own, &parts, "; "));
}

/// The day of `1960-01-01-05:00` and `2017-07-03T20:27:45`; a year stays one.
fn day(text: &str) -> &str {
    text.get(..10).unwrap_or(text)
}

/// Children that are there, with something between.
fn listed(node: &Node, names: &[&str], between: &str) -> String {
    let all: Vec<&str> = names.iter().map(|name| node.child(name)).filter(|text| !text.is_empty()).collect();
    all.join(between)
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_a_cell_are_parted() {
        assert_eq!(super::names("Fazel Rahim; Fazil Rahim"), ["Fazel Rahim", "Fazil Rahim"]);
        assert_eq!(super::names("حسن غول (Hassan Ghul; Hasan Gul)"), ["حسن غول", "Hassan Ghul", "Hasan Gul"]);
        assert_eq!(super::names("Example (Holding)"), ["Example (Holding)"]);
    }
}
