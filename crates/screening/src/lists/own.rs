//! A list of one's own, and the parties that are to be screened: CSV whose columns are properties of FollowTheMoney,
//! beside `id`, `schema` and `caption`. Several values stand in one cell with semicolons between.

use rustc_hash::FxHashMap;

use super::limits::{self, MOST_VALUES};
use super::table::{Row, rows};
use super::{Edition, ListFault, delta, fault};
use crate::date::PartialDate;
use crate::entity::Entity;

/// The columns that a list of one's own may have, each with what it holds. Others are kept as they are and compared
/// with nothing.
pub const COLUMNS: [(&str, &str); 26] = [
    (
        "id",
        "The entry's identifier, which it keeps in every edition; without it a change is a removal and an addition",
    ),
    (
        "schema",
        "Person, Organization, Company, PublicBody, Vessel, Airplane, or LegalEntity where it is not known",
    ),
    ("name", "The names in full, in any script; needed, unless lastName stands"),
    ("alias", "Other names, as good as the name"),
    ("previousName", "Former names"),
    ("weakAlias", "Names that alone identify nobody: nicknames, initials"),
    ("firstName", "The given name of a person"),
    ("middleName", "Further given names, or the patronymic"),
    ("lastName", "The family name of a person"),
    ("birthDate", "2026-12-31, 2026-12, 2026 or 1961-1963, with circa before it where it is not sure"),
    ("birthPlace", "The place of birth"),
    ("nationality", "Countries by ISO 3166-1 code or name"),
    ("country", "Countries of seat or residence"),
    ("jurisdiction", "The country by whose law an organisation is"),
    ("flag", "The flag of a vessel"),
    ("gender", "male or female"),
    ("passportNumber", "Numbers of passports"),
    ("idNumber", "Numbers of identity cards and other documents"),
    ("taxNumber", "Numbers at tax authorities"),
    ("registrationNumber", "Numbers in registers of companies, vessels or aircraft"),
    ("imoNumber", "The number of a vessel by the International Maritime Organization"),
    ("address", "Addresses"),
    ("position", "Offices that a person holds or held"),
    ("program", "Why it is listed: the resolution, the regime"),
    ("listingDate", "Since when it is listed"),
    ("notes", "What else is to be known"),
];

/// A table with the columns of [`COLUMNS`] and two invented entries, to begin a list of one's own with.
pub fn template() -> String {
    let names: Vec<&str> = COLUMNS.iter().map(|column| column.0).collect();
    let row = |values: &[(&str, &str)]| {
        let cells: Vec<&str> = names
            .iter()
            .map(|name| values.iter().find(|value| value.0 == *name).map_or("", |value| value.1))
            .collect();
        cells.join(",")
    };
    let person = row(&[
        ("id", "own-1"),
        ("schema", "Person"),
        ("name", "Aleksandr Example;Александр Пример"),
        ("weakAlias", "Sasha"),
        ("birthDate", "1965-03-24"),
        ("nationality", "ru"),
        ("passportNumber", "123456789"),
        ("notes", "An invented entry; remove it"),
    ]);
    let company = row(&[
        ("id", "own-2"),
        ("schema", "Company"),
        ("name", "Exemplar General Trading LLC"),
        ("alias", "EGT"),
        ("country", "ae"),
        ("registrationNumber", "1234"),
    ]);
    format!("{}\n{person}\n{company}\n", names.join(","))
}

/// Columns beyond which a table is refused.
const MOST_COLUMNS: usize = 1_000;

/// Schemas of FollowTheMoney of whose kind a list may hold entries.
const SCHEMAS: [&str; 12] = [
    "Airplane",
    "Asset",
    "BankAccount",
    "Company",
    "CryptoWallet",
    "LegalEntity",
    "Organization",
    "Person",
    "PublicBody",
    "Security",
    "Vehicle",
    "Vessel",
];

/// Reads parties: what they lack is for the one who asks to judge.
pub(super) fn read_parties(bytes: &[u8]) -> Result<Edition, ListFault> {
    read_rows(
        bytes,
        // A column that is called otherwise would be compared with nothing.
        known_column,
        |_, _, mut entity, line| {
            if entity.id.is_empty() {
                entity.id = format!("row-{}", line.saturating_sub(1));
            }
            Ok(entity)
        },
    )
}

/// Reads one party of a table that was read elsewhere: its row, and the values of its cells by their columns. Several
/// values may stand in one with semicolons between, as in CSV.
///
/// # Errors
/// What is too much of it, in words.
pub fn party<'c>(
    row: u64,
    cells: impl IntoIterator<Item = (&'c str, Vec<String>)>,
) -> Result<Entity, String> {
    let mut entity = Entity::new("", "LegalEntity");
    for (column, values) in cells {
        values.iter().try_for_each(|value| set(&mut entity, column, value))?;
    }
    if entity.caption.is_empty() {
        entity.caption = entity.get("name").first().cloned().unwrap_or_default();
    }
    if entity.id.is_empty() {
        entity.id = format!("row-{row}");
    }
    limits::check(&entity)?;
    Ok(entity)
}

/// Sets what a cell says.
fn set(entity: &mut Entity, column: &str, value: &str) -> Result<(), String> {
    match column {
        "id" => entity.id = value.trim().to_owned(),
        "schema" if value.trim().is_empty() => {}
        "schema" => entity.schema = value.trim().to_owned(),
        "caption" => entity.caption = value.trim().to_owned(),
        "" => {}
        property => {
            if value.split(';').nth(MOST_VALUES).is_some() {
                return Err(format!("{property} has more than {MOST_VALUES} values"));
            }
            value.split(';').for_each(|value| entity.add(property, value));
        }
    }
    Ok(())
}

/// Reads a list: a slip in it would clear somebody, so that every row must have a name, its own identifier, a schema
/// that is known and dates that can be read, and no column may be a known one written otherwise.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut seen: FxHashMap<String, u64> = FxHashMap::default();
    read_rows(bytes, known_column, |columns, row, mut entity, line| {
        let place = |name: &str| columns.iter().position(|column| column == name).unwrap_or_default();
        if entity.names().next().is_none() && entity.get("lastName").is_empty() {
            return Err((place("name"), "the entry has no name".to_owned()));
        }
        if !SCHEMAS.contains(&entity.schema.as_str()) {
            let reason = format!("{} is no schema: one of {} is needed", entity.schema, SCHEMAS.join(", "));
            return Err((place("schema"), reason));
        }
        for birth in entity.get("birthDate") {
            if birth.parse::<PartialDate>().is_err() {
                let reason = format!("{birth} is no date: 2026-12-31, 2026-12, 2026 or 1961-1963 is needed");
                return Err((place("birthDate"), reason));
            }
        }
        if entity.id.is_empty() {
            let own = delta::fingerprint(&entity).to_string();
            entity.id = format!("own-{}", own.get(..16).unwrap_or(&own));
        }
        let before = seen.insert(entity.id.clone(), line);
        if let Some(before) = before {
            let reason = match row.record.get(place("id")).map(str::trim) {
                Some(id) if id == entity.id => format!("the identifier {id} stands in line {before} already"),
                _ => format!("the same entry stands in line {before} already"),
            };
            return Err((place("id"), reason));
        }
        Ok(entity)
    })
}

/// Refuses `birth_date` and `BirthDate`, which would be compared with nothing.
fn known_column(columns: &[String], place: usize) -> Result<(), String> {
    let plain = |name: &str| name.replace(['_', '-', ' '], "").to_lowercase();
    let own = &columns[place];
    match COLUMNS.iter().find(|column| column.0 != own && plain(column.0) == plain(own)) {
        Some((name, _)) => Err(format!("the column {own} is called {name}")),
        None => Ok(()),
    }
}

fn read_rows(
    bytes: &[u8],
    column: impl Fn(&[String], usize) -> Result<(), String>,
    mut finish: impl FnMut(&[String], &Row, Entity, u64) -> Result<Entity, (usize, String)>,
) -> Result<Edition, ListFault> {
    let mut columns: Option<Vec<String>> = None;
    let mut entries = Vec::new();
    rows(bytes, |row| {
        let Some(columns) = &columns else {
            if row.record.len() > MOST_COLUMNS {
                return Err((MOST_COLUMNS, format!("more than {MOST_COLUMNS} columns")));
            }
            let names: Vec<String> = row.record.iter().map(|name| name.trim().to_owned()).collect();
            for (place, name) in names.iter().enumerate() {
                if !name.is_empty() && names[..place].contains(name) {
                    return Err((place, format!("the column {name} stands there twice")));
                }
                column(&names, place).map_err(|reason| (place, reason))?;
            }
            if !names.iter().any(|name| matches!(name.as_str(), "name" | "lastName")) {
                return Err((0, "no column is called name".to_owned()));
            }
            columns = Some(names);
            return Ok(());
        };
        if row.record.len() > columns.len() {
            let reason = format!("{} cells, and {} columns have a name", row.record.len(), columns.len());
            return Err((columns.len(), reason));
        }
        let mut entity = Entity::new("", "LegalEntity");
        for (place, (column, value)) in columns.iter().zip(&row.record).enumerate() {
            set(&mut entity, column, value).map_err(|reason| (place, reason))?;
        }
        if entity.caption.is_empty() {
            entity.caption = entity.get("name").first().cloned().unwrap_or_default();
        }
        let entity = finish(columns, row, entity, row.line)?;
        limits::check(&entity).map_err(|reason| (0, reason))?;
        entries.push(entity);
        Ok(())
    })?;
    if columns.is_none() {
        return Err(fault(bytes, 0, "no column is called name"));
    }
    Ok(Edition { dated: None, entries })
}
