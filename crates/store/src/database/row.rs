//! Values in and rows out, alike on both databases.

use std::borrow::Cow;

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};

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
}

macro_rules! get {
    ($row:expr, $column:expr, $type:ty) => {
        match $row {
            Row::Sqlite(row) => row.try_get::<$type, _>($column),
            Row::Postgres(row) => row.try_get::<$type, _>($column),
        }
        .map_err(|e| Fault::damaged(format!("reading column {}", $column), e))
    };
}

impl Row {
    /// A text.
    pub(crate) fn text(&self, column: usize) -> Result<String, Fault> {
        get!(self, column, String)
    }

    /// A text without copying it.
    pub(crate) fn text_ref(&self, column: usize) -> Result<&str, Fault> {
        get!(self, column, &str)
    }

    /// A text or none.
    pub(crate) fn optional_text(&self, column: usize) -> Result<Option<String>, Fault> {
        get!(self, column, Option<String>)
    }

    /// An integer.
    pub(crate) fn int(&self, column: usize) -> Result<i64, Fault> {
        get!(self, column, i64)
    }

    /// An integer or none.
    pub(crate) fn optional_int(&self, column: usize) -> Result<Option<i64>, Fault> {
        get!(self, column, Option<i64>)
    }

    /// Bytes.
    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, Fault> {
        get!(self, column, Vec<u8>)
    }

    /// Bytes without copying them.
    pub(crate) fn bytes_ref(&self, column: usize) -> Result<&[u8], Fault> {
        get!(self, column, &[u8])
    }

    /// Whether the column is NULL.
    pub(crate) fn is_null(&self, column: usize) -> bool {
        match self {
            Row::Sqlite(row) => row.try_get_raw(column).map_or(true, |v| v.is_null()),
            Row::Postgres(row) => row.try_get_raw(column).map_or(true, |v| v.is_null()),
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
