//! A list of one's own, and the parties that are to be screened: CSV whose columns are properties of FollowTheMoney,
//! beside `id` and `schema`. Several values stand in one cell with semicolons between.

use super::{Edition, ListFault, utf8};
use crate::entity::Entity;

/// Reads the table.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let text = utf8(bytes)?.trim_start_matches('\u{feff}');
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let unreadable = |error: ::csv::Error| {
        let line = error.position().map_or(1, |place| place.line());
        ListFault { line, column: 1, reason: format!("no row of a table: {error}") }
    };
    let columns: Vec<String> =
        reader.headers().map_err(unreadable)?.iter().map(|name| name.trim().to_owned()).collect();
    let name = columns.iter().any(|column| matches!(column.as_str(), "name" | "lastName"));
    if !name {
        return Err(ListFault { line: 1, column: 1, reason: "no column is called name".to_owned() });
    }
    let mut entries = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(1, |place| place.line());
        if record.len() > columns.len() {
            let reason = format!("{} cells, and {} columns have a name", record.len(), columns.len());
            return Err(ListFault { line, column: 1, reason });
        }
        let mut entity = Entity::new("", "LegalEntity");
        for (column, value) in columns.iter().zip(&record) {
            match column.as_str() {
                "id" => entity.id = value.trim().to_owned(),
                "schema" if value.trim().is_empty() => {}
                "schema" => entity.schema = value.trim().to_owned(),
                "caption" => entity.caption = value.trim().to_owned(),
                property => value.split(';').for_each(|value| entity.add(property, value)),
            }
        }
        if entity.id.is_empty() {
            entity.id = format!("row-{}", line.saturating_sub(1));
        }
        if entity.caption.is_empty() {
            entity.caption = entity.get("name").first().cloned().unwrap_or_default();
        }
        entries.push(entity);
    }
    Ok(Edition { dated: None, entries })
}
