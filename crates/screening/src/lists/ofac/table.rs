//! The CSV set: entries (`sdn.csv`), their other names (`alt.csv`), addresses (`add.csv`) and what did not fit the
//! remarks (`sdn_comments.csv`). None has a first line with names; `-0-` is nothing; each ends in a byte `1A`.

use rustc_hash::FxHashMap;

use super::super::table::rows;
use super::super::written::date;
use super::super::{Edition, ListFault, keep};
use super::{identifier, name_property, schema};
use crate::entity::Entity;

/// Reads `sdn.csv` alone: number, name, type, programme, title, call sign, type of vessel, tonnage, gross registered
/// tonnage, flag, owner, remarks.
pub(in super::super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut entries: Vec<Entity> = Vec::new();
    rows(bytes, |row| {
        let cell = |place| cell(&row.record, place);
        if row.record.len() < 3 {
            return end(&row.record);
        }
        if cell(0).parse::<u32>().is_err() {
            return Err((0, "the first column is no number of an entry".to_owned()));
        }
        let kind = schema(cell(2));
        let mut entity = Entity::new(cell(0), kind);
        let name = if kind == "Person" { turned(cell(1)) } else { cell(1).to_owned() };
        if let Some((last, first)) = cell(1).split_once(", ").filter(|_| kind == "Person") {
            entity.add("firstName", first);
            entity.add("lastName", last);
        }
        entity.caption = name.clone();
        entity.add("name", &name);
        for program in cell(3).split("] [") {
            entity.add("program", program.trim_matches(['[', ']']));
        }
        entity.add("title", cell(4));
        entity.add("callSign", cell(5));
        entity.add("type", cell(6));
        entity.add("flag", cell(9));
        remarks(&mut entity, cell(11));
        keep(&mut entries, entity).map_err(|reason| (0, reason))
    })?;
    Ok(Edition { dated: None, entries })
}

/// Joins a file of the set to the entries that were read, by the number in its first column.
///
/// A name that belongs to no entry is refused: somebody listed would be missing. Of addresses and remarks one in a
/// hundred may belong to none, because publishers' files of one day differ by so much (the set of January 2022 has an
/// address of an entry that is not in it); more of them are the files of another day.
pub(in super::super) fn join(edition: &mut Edition, part: Part, bytes: &[u8]) -> Result<(), ListFault> {
    let mut places: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (place, entity) in edition.entries.iter().enumerate() {
        places.entry(entity.id.clone()).or_default().push(place);
    }
    let (mut all, mut lost) = (0_usize, None);
    let mut without = 0_usize;
    rows(bytes, |row| {
        let cell = |place| cell(&row.record, place);
        if row.record.len() < 2 {
            return end(&row.record);
        }
        all += 1;
        let Some(own) = places.get(cell(0)) else {
            let reason = format!("number {} belongs to no entry: the files are not of one set", cell(0));
            if part == Part::Names {
                return Err((0, reason));
            }
            without += 1;
            lost.get_or_insert(ListFault { line: row.line, column: 1, reason });
            return Ok(());
        };
        for place in own {
            let Some(entity) = edition.entries.get_mut(*place) else { continue };
            match part {
                Part::Names => {
                    let name = if entity.schema == "Person" { turned(cell(3)) } else { cell(3).to_owned() };
                    entity.add(name_property(cell(2), false), &name);
                }
                Part::Addresses => {
                    let parts = [cell(2), cell(3), cell(4)];
                    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                    entity.add("address", &parts.join(", "));
                    if entity.schema != "Person" {
                        entity.add("country", cell(4));
                    }
                }
                Part::Comments => remarks(entity, cell(1)),
            }
            super::super::limits::check(entity).map_err(|reason| (0, reason))?;
        }
        Ok(())
    })?;
    match lost {
        Some(fault) if without * 100 > all.max(100) => Err(fault),
        _ => Ok(()),
    }
}

/// A file of the set beside the entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Part {
    /// `alt.csv`: number, number of the name, `aka`, `fka` or `nka`, name, remarks.
    Names,
    /// `add.csv`: number, number of the address, street, city with province and postal code, country, remarks.
    Addresses,
    /// `sdn_comments.csv`: number, remarks that did not fit.
    Comments,
}

/// A cell, empty where the list writes `-0-`.
fn cell(record: &::csv::StringRecord, place: usize) -> &str {
    record.get(place).map(str::trim).filter(|text| *text != "-0-").unwrap_or_default()
}

/// The byte with which the publisher ends a file; anything else so short is no row.
fn end(record: &::csv::StringRecord) -> Result<(), (usize, String)> {
    let rest = record.iter().collect::<String>();
    let nothing = rest.chars().all(|letter| letter == '\u{1a}' || letter.is_whitespace());
    if nothing { Ok(()) } else { Err((0, "the row ends too early: the file is damaged".to_owned())) }
}

/// `HANIYA, Ismail` as `Ismail HANIYA`.
fn turned(name: &str) -> String {
    name.split_once(", ").map_or_else(|| name.to_owned(), |(last, first)| format!("{first} {last}"))
}

/// What stands in the remarks: `DOB 17 Oct 1967; nationality Iran; a.k.a. 'BNC'; Tax ID No. 123 (Russia)`.
fn remarks(entity: &mut Entity, text: &str) {
    for part in text.trim_end_matches('.').split(';').map(str::trim) {
        let part = part.strip_prefix("alt. ").unwrap_or(part);
        if let Some(birth) = part.strip_prefix("DOB ") {
            entity.add("birthDate", &date(birth));
        } else if let Some(country) =
            part.strip_prefix("nationality ").or_else(|| part.strip_prefix("citizen "))
        {
            entity.add("nationality", country);
        } else if let Some(place) = part.strip_prefix("POB ") {
            entity.add("birthPlace", place);
        } else if let Some((kind, name)) = part.split_once(" '").filter(|(kind, _)| kind.ends_with("k.a.")) {
            entity.add(name_property(kind, false), name.trim_end_matches(['\'', '.']));
        } else if let Some(gender) = part.strip_prefix("Gender ") {
            entity.add("gender", &gender.to_lowercase());
        } else if let Some((kind, number)) = numbered(part) {
            identifier(entity, kind, number);
        }
    }
    entity.add("notes", text);
}

/// A kind of document and its number, of which the list writes the kinds in full: `Passport A0003450 (Iran)`.
fn numbered(part: &str) -> Option<(&str, &str)> {
    const KINDS: [&str; 22] = [
        "Passport",
        "National ID No.",
        "Cedula No.",
        "Tax ID No.",
        "NIT #",
        "RUC #",
        "RIF #",
        "R.F.C.",
        "C.U.R.P.",
        "D.N.I.",
        "SSN",
        "SWIFT/BIC",
        "MMSI",
        "Registration Number",
        "Registration ID",
        "Identification Number",
        "Business Registration Number",
        "Commercial Registry Number",
        "Company Number",
        "Vessel Registration Identification",
        "Aircraft Manufacturer's Serial Number (MSN)",
        "Aircraft Tail Number",
    ];
    let kind =
        KINDS.iter().find(|kind| part.strip_prefix(**kind).is_some_and(|rest| rest.starts_with(' ')))?;
    let rest = part.get(kind.len()..)?.trim();
    let number = rest.split(" (").next()?.split(" issued ").next()?.split(" expires ").next()?;
    number.bytes().any(|b| b.is_ascii_digit()).then_some((*kind, number))
}
