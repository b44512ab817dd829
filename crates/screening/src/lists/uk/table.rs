//! The UK sanctions list and OFSI's consolidated list as CSV: a first line with the date of the file, a line with the
//! names of columns, and for each entry a row for each of its names and addresses.

use rustc_hash::FxHashMap;

use super::super::table::rows;
use super::super::written::{numbered, slashed};
use super::super::{Edition, ListFault, fault, limits};
use super::{imo, listed, name, schema};
use crate::entity::Entity;

/// Columns by what they hold: the name in the UK sanctions list, and the one in OFSI's list.
const COLUMNS: [(&str, &[&str]); 18] = [
    ("nationality", &["Nationality(/ies)", "Nationality"]),
    ("passportNumber", &["Passport number", "Passport Number"]),
    ("idNumber", &["National Identifier number", "National Identification Number"]),
    ("position", &["Position"]),
    ("title", &["Title"]),
    ("registrationNumber", &["Business registration number (s)"]),
    ("flag", &["Current believed flag of ship"]),
    ("pastFlags", &["Previous flags"]),
    ("type", &["Type of ship"]),
    ("program", &["Regime Name", "Regime"]),
    ("sourceId", &["UN Reference Number", "UK Sanctions List Ref"]),
    ("notes", &["Other Information"]),
    ("notes", &["UK Statement of Reasons"]),
    ("name", &["Name non-latin script", "Name Non-Latin Script"]),
    ("gender", &["Gender"]),
    ("listingDate", &["Date Designated", "Listed On"]),
    ("modifiedAt", &["Last Updated"]),
    ("birthDate", &["D.O.B", "DOB"]),
];

/// Whether the beginning of a text is that of one of these lists.
pub(in super::super) fn is_ours(start: &str) -> bool {
    let named = |line: &str| {
        line.contains("Name 6")
            && (line.contains("Unique ID") || line.contains("Group ID") || line.contains("Group Type"))
    };
    start.lines().take(2).any(named)
}

/// Reads the list.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut columns: FxHashMap<String, usize> = FxHashMap::default();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut edition = Edition::default();
    rows(bytes, |row| {
        if columns.is_empty() {
            let named = row.record.iter().any(|cell| cell.trim() == "Name 6");
            if named {
                columns = row.record.iter().map(|cell| cell.trim().to_owned()).zip(0..).collect();
                if !["Unique ID", "Group ID"].iter().any(|id| columns.contains_key(*id)) {
                    return Err((0, "no column is called Unique ID or Group ID".to_owned()));
                }
            } else if row.line > 2 {
                return Err((0, "no line with the names of columns, of which one is Name 6".to_owned()));
            } else {
                let line: Vec<&str> = row.record.iter().collect();
                edition.dated = dated(&line.join(","));
            }
            return Ok(());
        }
        let place = |names: &[&str]| names.iter().find_map(|own| columns.get(*own).copied());
        let cell = |names: &[&str]| {
            place(names).and_then(|place| row.record.get(place)).map(str::trim).unwrap_or_default()
        };
        let id = cell(&["Unique ID", "Group ID"]);
        if id.is_empty() {
            let place = place(&["Unique ID", "Group ID"]).unwrap_or_default();
            return Err((place, "an entry without an identifier: the row ends too early".to_owned()));
        }
        let own = *places.entry(id.to_owned()).or_insert_with(|| {
            let kind = cell(&["Designation Type", "Group Type", "Individual/Entity/Ship"]);
            edition.entries.push(Entity::new(id, schema(kind)));
            edition.entries.len() - 1
        });
        let Some(entity) = edition.entries.get_mut(own) else { return Ok(()) };
        let parts = ["Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"].map(|part| cell(&[part]));
        let strength = cell(&["Alias strength", "Alias Quality"]);
        name(entity, parts, cell(&["Name type", "Alias Type"]), strength);
        for (property, names) in COLUMNS {
            for value in numbered(cell(names)) {
                match property {
                    "listingDate" | "modifiedAt" | "birthDate" => entity.add(property, &slashed(value)),
                    "gender" => entity.add(property, &value.to_lowercase()),
                    _ => entity.add(property, value),
                }
            }
        }
        for value in numbered(cell(&["IMO number"])) {
            entity.add("imoNumber", imo(value));
        }
        let (towns, countries) =
            (cell(&["Town of birth", "Town of Birth"]), cell(&["Country of birth", "Country of Birth"]));
        let (towns, countries) = (numbered(towns), numbered(countries));
        for place in 0..towns.len().max(countries.len()) {
            let parts = [towns.get(place), countries.get(place)];
            entity.add("birthPlace", &listed(parts.into_iter().flatten().copied()));
        }
        let country = cell(&["Address Country", "Country"]);
        let lines = (1..=6).map(|line| {
            let names = [format!("Address Line {line}"), format!("Address {line}")];
            cell(&[&names[0], &names[1]])
        });
        let code = cell(&["Address Postal Code", "Post/Zip Code"]);
        entity.add("address", &listed(lines.chain([code, country])));
        if entity.schema != "Person" {
            entity.add("country", country);
        }
        limits::check(entity).map_err(|reason| (0, reason))
    })?;
    if columns.is_empty() {
        return Err(fault(bytes, 0, "no line with the names of columns, of which one is Name 6"));
    }
    Ok(edition)
}

/// The date of the first line: `Report Date: 02-Oct-2026` or `Last Updated,03/06/2026`.
fn dated(line: &str) -> Option<String> {
    let text = line.split([':', ',']).nth(1)?.trim();
    let date =
        if text.contains('/') { slashed(text) } else { super::super::written::date(&text.replace('-', " ")) };
    (!date.is_empty()).then_some(date)
}
