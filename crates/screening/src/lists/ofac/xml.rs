//! `sdn.xml` and `consolidated.xml`.

use super::super::written::date;
use super::super::xml::{Node, Plan, records};
use super::super::{Edition, ListFault, keep};
use super::{identifier, name_property, schema};
use crate::entity::Entity;

/// Reads `sdn.xml` or `consolidated.xml`.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let mut dated = None;
    let plan = Plan { root: "sdnList", records: &["sdnEntry", "publshInformation"], attribute: "" };
    records(bytes, &plan, |record| match record.name.as_str() {
        "publshInformation" => {
            dated = Some(record.child("Publish_Date").to_owned());
            Ok(())
        }
        _ => keep(&mut entries, entry(&record)),
    })?;
    Ok(Edition { dated, entries })
}

fn full(node: &Node) -> String {
    let (first, last) = (node.child("firstName"), node.child("lastName"));
    if first.is_empty() { last.to_owned() } else { format!("{first} {last}") }
}

fn entry(record: &Node) -> Entity {
    let mut entity = Entity::new(record.child("uid"), schema(record.child("sdnType")));
    entity.caption = full(record);
    let caption = entity.caption.clone();
    entity.add("name", &caption);
    if entity.schema == "Person" {
        entity.add("firstName", record.child("firstName"));
        entity.add("lastName", record.child("lastName"));
    }
    for aka in record.all("akaList").flat_map(|list| list.all("aka")) {
        entity.add(name_property(aka.child("type"), aka.child("category") == "weak"), &full(aka));
    }
    for birth in record.all("dateOfBirthList").flat_map(|list| list.all("dateOfBirthItem")) {
        entity.add("birthDate", &date(birth.child("dateOfBirth")));
    }
    for place in record.all("placeOfBirthList").flat_map(|list| list.all("placeOfBirthItem")) {
        entity.add("birthPlace", place.child("placeOfBirth"));
    }
    for (list, item) in [("nationalityList", "nationality"), ("citizenshipList", "citizenship")] {
        for own in record.all(list).flat_map(|node| node.all(item)) {
            entity.add("nationality", own.child("country"));
        }
    }
    for address in record.all("addressList").flat_map(|list| list.all("address")) {
        let parts = ["address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
        let parts: Vec<&str> =
            parts.iter().map(|part| address.child(part)).filter(|part| !part.is_empty()).collect();
        entity.add("address", &parts.join(", "));
        if entity.schema != "Person" {
            entity.add("country", address.child("country"));
        }
    }
    for id in record.all("idList").flat_map(|list| list.all("id")) {
        identifier(&mut entity, id.child("idType"), id.child("idNumber"));
    }
    for vessel in record.all("vesselInfo") {
        entity.add("flag", vessel.child("vesselFlag"));
        entity.add("callSign", vessel.child("callSign"));
        entity.add("type", vessel.child("vesselType"));
    }
    for program in record.texts("programList", "program") {
        entity.add("program", program);
    }
    entity.add("title", record.child("title"));
    entity.add("notes", record.child("remarks"));
    entity
}
