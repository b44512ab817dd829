//! The UK sanctions list as XML: a `Designation` for each entry.

use super::super::written::slashed;
use super::super::xml::{Node, Plan, records};
use super::super::{Edition, ListFault, keep};
use super::{imo, listed, name, schema};
use crate::entity::Entity;

/// Reads the list.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries = Vec::new();
    let mut dated = None;
    let plan = Plan { root: "Designations", records: &["Designation", "DateGenerated"], attribute: "" };
    records(bytes, &plan, |record| match record.name.as_str() {
        "DateGenerated" => {
            dated = Some(slashed(&record.text)).filter(|date| !date.is_empty());
            Ok(())
        }
        _ => keep(&mut entries, entry(&record)),
    })?;
    Ok(Edition { dated, entries })
}

fn entry(record: &Node) -> Entity {
    let mut entity = Entity::new(record.child("UniqueID"), schema(record.child("IndividualEntityShip")));
    let mut names: Vec<&Node> = record.all("Names").flat_map(|list| list.all("Name")).collect();
    // The primary name stands first here, wherever the list has it.
    names.sort_by_key(|own| !own.child("NameType").eq_ignore_ascii_case("primary name"));
    for own in names {
        let parts = ["Name1", "Name2", "Name3", "Name4", "Name5", "Name6"].map(|part| own.child(part));
        name(&mut entity, parts, own.child("NameType"), own.child("AliasStrength"));
    }
    // What identifies, wherever it stands: the list puts some of it below the entry and some below the person.
    for (element, property) in [
        ("NameNonLatinScript", "name"),
        ("Title", "title"),
        ("Nationality", "nationality"),
        ("Position", "position"),
        ("PassportNumber", "passportNumber"),
        ("NationalIdentifierNumber", "idNumber"),
        ("BusinessRegistrationNumber", "registrationNumber"),
        ("CurrentBelievedFlagOfShip", "flag"),
        ("PreviousFlag", "pastFlags"),
        ("TypeOfShip", "type"),
        ("RegimeName", "program"),
        ("UNReferenceNumber", "sourceId"),
        ("OtherInformation", "notes"),
        ("UKStatementofReasons", "notes"),
    ] {
        for own in record.deep(element) {
            entity.add(property, &own.text);
        }
    }
    for own in record.deep("DOB") {
        entity.add("birthDate", &slashed(&own.text));
    }
    for own in record.deep("Location") {
        entity
            .add("birthPlace", &listed([own.child("TownOfBirth"), own.child("CountryOfBirth")].into_iter()));
    }
    for own in record.deep("Gender") {
        entity.add("gender", &own.text.trim().to_lowercase());
    }
    for own in record.deep("IMONumber") {
        entity.add("imoNumber", imo(&own.text));
    }
    for own in record.deep("Address") {
        let lines = LINES.into_iter().map(|line| own.child(line));
        let rest = [own.child("AddressPostalCode"), own.child("AddressCountry")];
        entity.add("address", &listed(lines.chain(rest)));
        if entity.schema != "Person" {
            entity.add("country", own.child("AddressCountry"));
        }
    }
    entity.add("listingDate", &slashed(record.child("DateDesignated")));
    entity.add("modifiedAt", &slashed(record.child("LastUpdated")));
    entity
}

const LINES: [&str; 6] =
    ["AddressLine1", "AddressLine2", "AddressLine3", "AddressLine4", "AddressLine5", "AddressLine6"];
