//! Control lists as they are published in tables: a row for each entry, with its title and its text.

use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::guidance::control_list::ControlEntry;

/// What the columns of an entry, its title and its text are called, by those who publish them.
const ENTRY: &[&str] = &["entry", "rating", "code", "control_list_entry"];
const TITLE: &[&str] = &["title", "short_description", "heading"];
const TEXT: &[&str] = &["text", "full_description", "description"];

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ControlTable {
    /// Its entries, in their order.
    pub(crate) entries: Vec<ControlEntry>,
    /// What else stands in it: entries of neither the Munitions List nor a dual-use list.
    pub(crate) others: Vec<String>,
}

/// Reads a table: with a heading the columns are found by their names, without one they are entry, title and text.
///
/// # Errors
/// `guidance.entries`, with the row and the column.
pub(crate) fn read(text: &str) -> Fallible<ControlTable> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut columns = (0, 1, Some(2));
    let mut table = ControlTable { entries: Vec::new(), others: Vec::new() };
    for (place, row) in (1_usize..).zip(reader.records()) {
        let wrong = |message: String, missing: &str| {
            Refusal::new("guidance.entries", format!("Row {place}: {message}"))
                .field("entries")
                .missing(missing)
        };
        let row = row.map_err(|error| wrong(error.to_string(), "rows of entry, title and text"))?;
        let named = |names: &[&str]| {
            row.iter().position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
        };
        if place == 1
            && let Some(entry) = named(ENTRY)
        {
            let title = named(TITLE).ok_or_else(|| {
                wrong("no column is the title.".to_owned(), "a column title or short_description")
            })?;
            columns = (entry, title, named(TEXT));
            continue;
        }
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let (entry, title) = (cell(columns.0), cell(columns.1));
        if !is_of_a_family(entry) {
            table.others.push(entry.to_owned());
            continue;
        }
        if title.is_empty() {
            let column = columns.1 + 1;
            return Err(wrong(
                format!("column {column}, {entry:?} has no title."),
                "what the entry is about",
            ));
        }
        let text = columns.2.map(cell).filter(|text| !text.is_empty() && *text != title);
        let (entry, title) = (entry.to_owned(), title.to_owned());
        table.entries.push(ControlEntry { entry, title, text: text.map(str::to_owned) });
    }
    Ok(table)
}

/// Whether an entry begins as those of the Munitions List or of a dual-use list do; whether it is one the rules say.
fn is_of_a_family(entry: &str) -> bool {
    let rest = entry.strip_prefix("ML").unwrap_or_default();
    let is_munitions = rest.starts_with(|c: char| c.is_ascii_digit());
    let bytes = entry.as_bytes();
    let is_dual_use = bytes.len() >= 5
        && bytes[0].is_ascii_digit()
        && bytes[1].is_ascii_uppercase()
        && bytes[2..5].iter().all(u8::is_ascii_digit);
    is_munitions || is_dual_use
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names_or_by_their_places() {
        let named = "rating,military,short_description,full_description\nML1,1,\"Small arms\",\"Rifles, and others\"\nPL5001,1,Others,Others\n0A001,0,Reactors,\n";
        let table = read(named).unwrap();
        assert_eq!(table.others, ["PL5001"]);
        let entries: Vec<(&str, &str, Option<&str>)> = table
            .entries
            .iter()
            .map(|one| (one.entry.as_str(), one.title.as_str(), one.text.as_deref()))
            .collect();
        assert_eq!(entries, [("ML1", "Small arms", Some("Rifles, and others")), ("0A001", "Reactors", None)]);
        let plain = read("ML5.b,Fire control\nML6,Vehicles,On the ground").unwrap();
        assert_eq!(plain.entries.len(), 2);
        assert_eq!(plain.entries[1].text.as_deref(), Some("On the ground"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_row() {
        for (text, place) in [
            ("rating,full_description\nML1,x", "Row 1: no column is the title."),
            ("ML1,Small arms\nML2", "Row 2: column 2"),
        ] {
            let refusal = read(text).unwrap_err();
            assert!(refusal.message.starts_with(place), "{}", refusal.message);
        }
    }

    #[test]
    fn the_published_table_is_read() {
        let near = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
        let folder = std::env::var_os("ENTENTE_TEST_DATA").map_or(near, std::path::PathBuf::from);
        let file = folder.join("controls/ml-and-dual-use.csv");
        let Ok(text) = std::fs::read_to_string(&file) else {
            eprintln!("skipped: {} is not there (ENTENTE_TEST_DATA)", file.display());
            return;
        };
        let table = read(&text).unwrap();
        assert_eq!(table.entries.len() + table.others.len(), 317);
        assert_eq!(table.entries.iter().filter(|one| one.entry.starts_with("ML")).count(), 22);
    }
}
