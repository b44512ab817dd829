//! What a backup holds, table by table.

use crate::database::{Row, Value};
use crate::error::Fault;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Text,
    Int,
    Bytes,
}

impl Type {
    /// No value of it.
    pub(super) fn absent(self) -> Value<'static> {
        match self {
            Type::Text => Value::Text(None),
            Type::Int => Value::Int(None),
            Type::Bytes => Value::Bytes(None),
        }
    }
}

use Type::{Bytes, Int, Text};

/// A table of a backup.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// Its columns, the key first; the latest last.
    pub(super) columns: &'static [(&'static str, Type)],
    /// How many columns are its key.
    pub(super) key: usize,
    /// The version of the schema that brought it.
    since: i64,
    /// How many of its columns came with version 2.
    added: usize,
    /// How many rows are fetched at once; documents are large.
    pub(super) page: usize,
}

/// What most tables are: of version 1, with one column for a key.
const FIRST: Table = Table { name: "", columns: &[], key: 1, since: 1, added: 0, page: 0 };

/// Every table that a backup holds, in the order of the file: those of a later version stand last, so that
/// the place of a table is the same in the files of all versions.
pub(super) const TABLES: &[Table] = &[
    Table { name: "setting", columns: &[("name", Text), ("value", Text)], page: 1_000, ..FIRST },
    Table {
        name: "event",
        columns: &[
            ("sequence", Int),
            ("recorded_at", Text),
            ("actor", Text),
            ("subject", Text),
            ("version", Int),
            ("kind", Text),
            ("occurred_on", Text),
            ("label", Text),
            ("reason", Text),
            ("command", Text),
            ("idempotency_key", Text),
            ("salt", Bytes),
            ("payload", Text),
            ("payload_digest", Bytes),
            ("hash", Bytes),
        ],
        page: 2_000,
        ..FIRST
    },
    Table {
        name: "ledger_head",
        columns: &[("one", Int), ("sequence", Int), ("hash", Bytes), ("recorded_at", Text)],
        page: 1,
        ..FIRST
    },
    Table {
        name: "checkpoint",
        columns: &[
            ("sequence", Int),
            ("signed_at", Text),
            ("hash", Bytes),
            ("public_key", Bytes),
            ("signature", Bytes),
            ("reads_sequence", Int),
            ("reads_hash", Bytes),
        ],
        key: 2,
        added: 2,
        page: 1_000,
        ..FIRST
    },
    Table {
        name: "document_content",
        columns: &[("content", Text), ("media_type", Text), ("size", Int), ("bytes", Bytes)],
        page: 4,
        ..FIRST
    },
    Table {
        name: "credential",
        columns: &[("account", Text), ("password_hash", Text), ("must_change", Int)],
        page: 1_000,
        ..FIRST
    },
    Table {
        name: "api_key",
        columns: &[
            ("key_hash", Bytes),
            ("account", Text),
            ("name", Text),
            ("opened_at", Text),
            ("expires_at", Text),
        ],
        page: 1_000,
        ..FIRST
    },
    Table {
        name: "read_log",
        columns: &[
            ("sequence", Int),
            ("read_at", Text),
            ("account", Text),
            ("what", Text),
            ("label", Text),
            ("source", Text),
            ("hash", Bytes),
        ],
        page: 2_000,
        ..FIRST
    },
    Table {
        name: "request",
        columns: &[("sequence", Int), ("digest", Bytes)],
        since: 2,
        page: 2_000,
        ..FIRST
    },
    Table {
        name: "document_giver",
        columns: &[("content", Text), ("account", Text)],
        key: 2,
        since: 2,
        page: 2_000,
        ..FIRST
    },
    Table {
        name: "saved_view",
        columns: &[("account", Text), ("name", Text), ("path", Text), ("saved_at", Text)],
        key: 2,
        since: 3,
        page: 1_000,
        ..FIRST
    },
];

impl Table {
    /// The tables of a version of the schema.
    pub(super) fn of_version(version: i64) -> impl Iterator<Item = &'static Table> {
        TABLES.iter().filter(move |table| table.since <= version)
    }

    /// Its columns in a version of the schema.
    pub(super) fn columns_in(&self, version: i64) -> &'static [(&'static str, Type)] {
        let later = if version < 2 { self.added } else { 0 };
        &self.columns[..self.columns.len().saturating_sub(later)]
    }

    /// Its columns as SQL.
    pub(super) fn column_list(&self) -> String {
        self.columns.iter().map(|column| column.0).collect::<Vec<_>>().join(", ")
    }

    /// Which of its rows are saved. The schema's version is the header's, and the database's own.
    pub(super) fn condition(&self) -> &'static str {
        match self.name {
            "setting" => "name NOT IN ('schema_version', 'views_version')",
            _ => "1 = 1",
        }
    }

    /// A row's values.
    pub(super) fn read(&self, row: &Row) -> Result<Vec<Value<'static>>, Fault> {
        self.columns
            .iter()
            .enumerate()
            .map(|(place, (_, column_type))| {
                let absent = row.is_null(place);
                Ok(match column_type {
                    Type::Text => {
                        Value::Text((!absent).then(|| row.text(place)).transpose()?.map(Into::into))
                    }
                    Type::Int => Value::Int((!absent).then(|| row.int(place)).transpose()?),
                    Type::Bytes => {
                        Value::Bytes((!absent).then(|| row.bytes(place)).transpose()?.map(Into::into))
                    }
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables that a backup leaves out although they are no views.
    const LEFT_OUT: &[&str] = &["session", "sign_in_failure", "sign_in_address"];

    #[test]
    fn every_table_of_the_schema_is_saved_rebuilt_or_left_out_on_purpose() {
        let schema = crate::schema::FACTS.concat() + include_str!("../schema/views.sql");
        let views = crate::schema::VIEWS;
        let mut names = Vec::new();
        for part in schema.split("CREATE TABLE ").skip(1) {
            let name = part.split_whitespace().next().unwrap();
            names.push(name);
            let saved = TABLES.iter().find(|table| table.name == name);
            let places = [saved.is_some(), views.iter().any(|view| view.0 == name), LEFT_OUT.contains(&name)]
                .into_iter()
                .filter(|x| *x);
            assert_eq!(places.count(), 1, "{name}: saved, rebuilt or left out?");
            let Some(saved) = saved else { continue };
            let body = part.split_once("(\n").unwrap().1.split_once("\n);").unwrap().0;
            let mut columns: Vec<(&str, Type)> = body
                .lines()
                .map(|line| line.trim().trim_end_matches(',').split(' '))
                .filter_map(|mut words| Some((words.next()?, words.next()?)))
                .filter(|(name, _)| *name != "PRIMARY")
                .map(|(name, word)| match word {
                    "BIGINT" | "{key}" => (name, Type::Int),
                    "{text}" => (name, Type::Text),
                    "{bytes}" => (name, Type::Bytes),
                    other => panic!("{name} {other}"),
                })
                .collect();
            // What a later version adds to a table.
            let alter = format!("ALTER TABLE {name} ADD COLUMN ");
            for column in schema.split(&alter).skip(1) {
                let (name, word) = column.split_once(' ').unwrap();
                let int = word.starts_with("BIGINT");
                columns.push((name, if int { Type::Int } else { Type::Bytes }));
            }
            let mut ours = saved.columns.to_vec();
            columns.sort_by_key(|column| column.0);
            ours.sort_by_key(|column| column.0);
            assert_eq!(columns, ours, "{name}");
        }
        for (table, next) in TABLES.iter().zip(&TABLES[1..]) {
            assert!(table.since <= next.since, "{} stands after a later one", next.name);
        }
        for table in TABLES {
            assert!(names.contains(&table.name), "{} is not in the schema", table.name);
        }
    }
}
