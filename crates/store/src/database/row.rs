//! Values in and rows out, alike on both databases.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, TypeInfo as _, ValueRef as _};

use crate::error::Fault;

/// A parameter. The variant carries the type, so that an absent value has one too.
#[derive(Debug, Clone)]
pub(crate) enum Value<'v> {
    /// TEXT.
    Text(Option<Cow<'v, str>>),
    /// BIGINT.
    Int(Option<i64>),
    /// Bytes.
    Bytes(Option<Cow<'v, [u8]>>),
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Value<'v> {
        Value::Text(Some(Cow::Borrowed(text)))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Value<'v> {
        Value::Text(Some(Cow::Borrowed(text)))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Some(Cow::Owned(text)))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Value<'v> {
        Value::Text(text.map(Cow::Borrowed))
    }
}

impl From<Option<String>> for Value<'_> {
    fn from(text: Option<String>) -> Self {
        Value::Text(text.map(Cow::Owned))
    }
}

impl From<i64> for Value<'_> {
    fn from(int: i64) -> Self {
        Value::Int(Some(int))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(int: Option<i64>) -> Self {
        Value::Int(int)
    }
}

impl<'v> From<&'v [u8]> for Value<'v> {
    fn from(bytes: &'v [u8]) -> Value<'v> {
        Value::Bytes(Some(Cow::Borrowed(bytes)))
    }
}

impl From<Vec<u8>> for Value<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Bytes(Some(Cow::Owned(bytes)))
    }
}

impl From<Option<Vec<u8>>> for Value<'_> {
    fn from(bytes: Option<Vec<u8>>) -> Self {
        Value::Bytes(bytes.map(Cow::Owned))
    }
}

impl From<jiff::civil::Date> for Value<'_> {
    fn from(date: jiff::civil::Date) -> Self {
        Value::Text(Some(Cow::Owned(date.to_string())))
    }
}

/// A row of either database; columns by position, from 0.
pub(crate) enum Row {
    /// SQLite.
    Sqlite(SqliteRow),
    /// PostgreSQL.
    Postgres(PgRow),
    /// One of many that SQLite gave at once: texts, integers and absent values.
    Packed(Vec<Json>),
}

/// A stored value as it is, whatever its type: for those who trust nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell<'r> {
    /// Nothing.
    Null,
    /// An integer.
    Int(i64),
    /// A text, which may not be UTF-8.
    Text(&'r [u8]),
    /// Bytes.
    Bytes(&'r [u8]),
    /// A type that no table has.
    Other,
}

macro_rules! cell {
    ($row:expr, $column:expr, $int:literal, $text:literal, $bytes:literal) => {{
        let Ok(value) = $row.try_get_raw($column) else { return Cell::Other };
        if value.is_null() {
            return Cell::Null;
        }
        let info = value.type_info();
        let bytes = || $row.try_get_unchecked::<&[u8], _>($column).ok();
        match info.name() {
            $text => bytes().map_or(Cell::Other, Cell::Text),
            $bytes => bytes().map_or(Cell::Other, Cell::Bytes),
            $int => $row.try_get_unchecked::<i64, _>($column).map_or(Cell::Other, Cell::Int),
            _ => Cell::Other,
        }
    }};
}

macro_rules! get {
    ($row:expr, $column:expr, $type:ty, $packed:expr) => {{
        let damaged = |e: &dyn std::fmt::Display| Fault::damaged(format!("reading column {}", $column), e);
        match $row {
            Row::Sqlite(row) => row.try_get::<$type, _>($column).map_err(|e| damaged(&e)),
            Row::Postgres(row) => row.try_get::<$type, _>($column).map_err(|e| damaged(&e)),
            Row::Packed(row) => {
                row.get($column).and_then($packed).ok_or_else(|| damaged(&"it is of another type"))
            }
        }
    }};
}

/// A packed text or none.
fn optional(value: &Json) -> Option<Option<&str>> {
    match value {
        Json::Null => Some(None),
        Json::String(text) => Some(Some(text)),
        _ => None,
    }
}

impl Row {
    /// A column as it is.
    pub(crate) fn cell(&self, column: usize) -> Cell<'_> {
        match self {
            Row::Sqlite(row) => cell!(row, column, "INTEGER", "TEXT", "BLOB"),
            Row::Postgres(row) => cell!(row, column, "INT8", "TEXT", "BYTEA"),
            Row::Packed(row) => match row.get(column) {
                Some(Json::Null) => Cell::Null,
                Some(Json::String(text)) => Cell::Text(text.as_bytes()),
                Some(Json::Number(number)) => number.as_i64().map_or(Cell::Other, Cell::Int),
                _ => Cell::Other,
            },
        }
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        match self {
            Row::Sqlite(row) => row.len(),
            Row::Postgres(row) => row.len(),
            Row::Packed(row) => row.len(),
        }
    }

    /// A text.
    pub(crate) fn text(&self, column: usize) -> Result<String, Fault> {
        get!(self, column, String, |value: &Json| value.as_str().map(str::to_owned))
    }

    /// A text without copying it.
    pub(crate) fn text_ref(&self, column: usize) -> Result<&str, Fault> {
        get!(self, column, &str, Json::as_str)
    }

    /// What a text holds as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&self, doing: &str, column: usize) -> Result<T, Fault> {
        serde_json::from_str(self.text_ref(column)?).map_err(|e| Fault::damaged(doing, e))
    }

    /// A text or none.
    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<String>, Fault> {
        get!(self, column, Option<String>, |value| optional(value).map(|text| text.map(str::to_owned)))
    }

    /// An integer.
    pub(crate) fn int(&self, column: usize) -> Result<i64, Fault> {
        get!(self, column, i64, Json::as_i64)
    }

    /// Bytes.
    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, Fault> {
        get!(self, column, Vec<u8>, |_| None)
    }

    /// Bytes without copying them.
    pub(crate) fn bytes_ref(&self, column: usize) -> Result<&[u8], Fault> {
        get!(self, column, &[u8], |_| None)
    }

    /// Whether the column is NULL.
    pub(crate) fn is_null(&self, column: usize) -> bool {
        match self {
            Row::Sqlite(row) => row.try_get_raw(column).map_or(true, |v| v.is_null()),
            Row::Postgres(row) => row.try_get_raw(column).map_or(true, |v| v.is_null()),
            Row::Packed(row) => row.get(column).is_none_or(Json::is_null),
        }
    }

    /// A civil date.
    pub(crate) fn date(&self, column: usize) -> Result<jiff::civil::Date, Fault> {
        let text = self.text_ref(column)?;
        text.parse().map_err(|e| Fault::damaged(format!("reading the date {text:?}"), e))
    }

    /// A civil date or none.
    pub(crate) fn optional_date(&self, column: usize) -> Result<Option<jiff::civil::Date>, Fault> {
        if self.is_null(column) { Ok(None) } else { self.date(column).map(Some) }
    }

    /// A count, never below zero.
    pub(crate) fn version(&self, column: usize) -> Result<u32, Fault> {
        let int = self.int(column)?;
        u32::try_from(int).map_err(|e| Fault::damaged(format!("reading the version {int}"), e))
    }
}
