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

use Type::{Bytes, Int, Text};

/// A table of a backup.
#[derive(Debug)]
pub(super) struct Table {
    /// Its name.
    pub(super) name: &'static str,
    /// Its columns, the key first.
    pub(super) columns: &'static [(&'static str, Type)],
    /// How many rows are fetched at once; documents are large.
    pub(super) page: usize,
}

/// Every table that a backup holds, in the order of the file.
pub(super) const TABLES: &[Table] = &[
    Table { name: "setting", columns: &[("name", Text), ("value", Text)], page: 1_000 },
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
    },
    Table {
        name: "ledger_head",
        columns: &[("one", Int), ("sequence", Int), ("hash", Bytes), ("recorded_at", Text)],
        page: 1,
    },
    Table {
        name: "checkpoint",
        columns: &[
            ("sequence", Int),
            ("signed_at", Text),
            ("hash", Bytes),
            ("public_key", Bytes),
            ("signature", Bytes),
        ],
        // Its key is two columns, so it is not fetched page by page; there is one a day.
        page: usize::MAX,
    },
    Table {
        name: "document_content",
        columns: &[("content", Text), ("media_type", Text), ("size", Int), ("bytes", Bytes)],
        page: 4,
    },
    Table {
        name: "credential",
        columns: &[("account", Text), ("password_hash", Text), ("must_change", Int)],
        page: 1_000,
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
    },
];

impl Table {
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
        let schema = concat!(include_str!("../schema/facts.sql"), include_str!("../schema/views.sql"));
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
            let mut ours = saved.columns.to_vec();
            columns.sort_by_key(|column| column.0);
            ours.sort_by_key(|column| column.0);
            assert_eq!(columns, ours, "{name}");
        }
        for table in TABLES {
            assert!(names.contains(&table.name), "{} is not in the schema", table.name);
        }
    }
}
