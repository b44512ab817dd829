//! The lists of the United Kingdom: the UK sanctions list of the Foreign, Commonwealth and Development Office as XML
//! and CSV, and the consolidated list of the Office of Financial Sanctions Implementation as CSV.

pub(super) mod table;
pub(super) mod xml;

use crate::entity::Entity;

/// The schema of `Individual`, `Entity` or `Ship`.
fn schema(kind: &str) -> &'static str {
    match kind.trim().to_lowercase().as_str() {
        "individual" => "Person",
        "ship" => "Vessel",
        _ => "Organization",
    }
}

/// Adds a name from its parts, of which the sixth is the family name or the whole name of what is no person.
fn name(entity: &mut Entity, parts: [&str; 6], kind: &str, strength: &str) {
    let words: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    let whole = words.join(" ");
    let kind = kind.trim().to_lowercase();
    let property = match kind.as_str() {
        _ if strength.trim().to_lowercase().starts_with("low") => "weakAlias",
        "primary name" => "name",
        "fka" | "f.k.a." => "previousName",
        _ => "alias",
    };
    if property == "name" && entity.get("name").is_empty() {
        entity.caption.clone_from(&whole);
        if entity.schema == "Person" {
            let [first, middle @ .., last] = parts;
            entity.add("firstName", first);
            entity.add("middleName", &middle.map(str::trim).join(" "));
            entity.add("lastName", last);
        }
    }
    if entity.caption.is_empty() {
        entity.caption.clone_from(&whole);
    }
    entity.add(property, &whole);
}

/// Texts that are there, with commas between.
fn listed<'t>(parts: impl Iterator<Item = &'t str>) -> String {
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join(", ")
}

/// The number of a ship by the International Maritime Organization, without the word before it.
fn imo(text: &str) -> &str {
    text.trim().trim_start_matches("IMO").trim()
}
