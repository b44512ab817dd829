//! One text of SQL on two databases.
//!
//! [`Connection::fetch`] and [`Connection::execute`] run the same statement on
//! SQLite and PostgreSQL: `$1` parameters, columns of type TEXT, BIGINT and bytes
//! only. Where a statement must differ, [`Connection::kind`] tells which to send,
//! and the two stand side by side.

mod open;
mod row;

pub use open::DatabaseUrl;
pub(crate) use open::{Database, Kind, ReadTransaction, WriteTransaction};
pub(crate) use row::{Cell, Row, Value};

use futures_util::TryStreamExt as _;
use sqlx::Arguments as _;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection, postgres::PgArguments, sqlite::SqliteArguments};

use crate::error::Fault;

/// A connection to either database, borrowed from a transaction.
pub(crate) enum Connection<'c> {
    /// SQLite.
    Sqlite(&'c mut SqliteConnection),
    /// PostgreSQL.
    Postgres(&'c mut PgConnection),
}

/// Arguments for both databases, by one list of values.
macro_rules! bind {
    ($arguments:ty, $values:expr) => {{
        let mut arguments = <$arguments>::default();
        for value in $values {
            match value {
                Value::Text(text) => arguments.add(text.as_deref()),
                Value::Int(int) => arguments.add(*int),
                Value::Bytes(bytes) => arguments.add(bytes.as_deref()),
            }
            .map_err(|e| Fault::internal("binding a parameter", e))?;
        }
        arguments
    }};
}

impl Connection<'_> {
    /// Which database it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Connection::Sqlite(_) => Kind::Sqlite,
            Connection::Postgres(_) => Kind::Postgres,
        }
    }

    /// Runs a query and gives its rows.
    pub(crate) async fn fetch(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        // The text is composed in this crate from constants only; values are always bound.
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Connection::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let rows =
                    sqlx::query_with(sql, arguments).fetch_all(&mut **connection).await.map_err(fault)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Connection::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let rows =
                    sqlx::query_with(sql, arguments).fetch_all(&mut **connection).await.map_err(fault)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// Runs a query that gives one row.
    pub(crate) async fn fetch_one(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Row, Fault> {
        let mut rows = self.fetch(doing, sql, values).await?;
        match rows.pop() {
            Some(row) if rows.is_empty() => Ok(row),
            _ => Err(Fault::internal(doing, "one row was expected")),
        }
    }

    /// Runs a query that gives one row or none.
    pub(crate) async fn fetch_optional(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Option<Row>, Fault> {
        Ok(self.fetch(doing, sql, values).await?.pop())
    }

    /// Runs a query and hands its rows over one by one, without holding them all.
    pub(crate) async fn for_each(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
        mut each: impl FnMut(Row) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Connection::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let mut rows = sqlx::query_with(sql, arguments).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(fault)? {
                    each(Row::Sqlite(row))?;
                }
            }
            Connection::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let mut rows = sqlx::query_with(sql, arguments).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await.map_err(fault)? {
                    each(Row::Postgres(row))?;
                }
            }
        }
        Ok(())
    }

    /// Runs a statement and gives the number of rows that it changed.
    pub(crate) async fn execute(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<u64, Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Connection::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let done =
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                Ok(done.rows_affected())
            }
            Connection::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let done =
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Runs several statements without parameters, for the schema.
    pub(crate) async fn script(&mut self, doing: &str, sql: &str) -> Result<(), Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Connection::Sqlite(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await.map_err(fault)?;
            }
            Connection::Postgres(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await.map_err(fault)?;
            }
        }
        Ok(())
    }

    /// Inserts many rows by as few statements as the databases' limits allow.
    ///
    /// `head` is the text up to `VALUES`, `tail` what follows the rows, for
    /// example `ON CONFLICT …`. Every row has `width` values.
    pub(crate) async fn insert_many(
        &mut self,
        doing: &str,
        head: &str,
        tail: &str,
        width: usize,
        rows: &[Vec<Value<'_>>],
    ) -> Result<(), Fault> {
        // SQLite takes 32,766 parameters and PostgreSQL 65,535; long statements gain
        // nothing beyond a few hundred rows, and a fixed size keeps the statement cached.
        let at_once = (4_000 / width).max(1);
        // A named parameter is looked up among all of them each time that one is bound:
        // the cost of a long statement grows with its square. Nameless ones are free of that.
        let nameless = matches!(self, Connection::Sqlite(_));
        for chunk in rows.chunks(at_once) {
            let mut sql = String::with_capacity(head.len() + chunk.len() * width * 6);
            sql.push_str(head);
            sql.push_str(" VALUES ");
            let mut number = 0;
            for position in 0..chunk.len() {
                sql.push_str(if position == 0 { "(" } else { ",(" });
                for column in 0..width {
                    number += 1;
                    if column > 0 {
                        sql.push(',');
                    }
                    if nameless {
                        sql.push('?');
                    } else {
                        sql.push('$');
                        sql.push_str(&number.to_string());
                    }
                }
                sql.push(')');
            }
            sql.push(' ');
            sql.push_str(tail);
            let values: Vec<Value<'_>> = chunk.iter().flatten().cloned().collect();
            self.execute(doing, &sql, &values).await?;
        }
        Ok(())
    }
}
