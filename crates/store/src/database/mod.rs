//! One text of SQL on two databases.
//!
//! [`Connection::fetch`] and [`Connection::execute`] run the same statement on
//! SQLite and PostgreSQL: `$1` parameters, columns of type TEXT, BIGINT and bytes
//! only. Where a statement must differ, [`Connection::kind`] tells which to send,
//! and the two stand side by side.

mod open;
mod row;
mod transaction;

pub use open::DatabaseUrl;
pub(crate) use open::{Database, Kind};
pub(crate) use row::{Cell, Row, Value};
use transaction::Job;
pub(crate) use transaction::WriteTransaction;

use std::borrow::Cow;

use futures_util::TryStreamExt as _;
use sqlx::Arguments as _;
use sqlx::{AssertSqlSafe, PgConnection, SqliteConnection, postgres::PgArguments, sqlite::SqliteArguments};

use crate::error::Fault;

/// A connection to either database, borrowed from a transaction.
pub(crate) enum Connection<'c> {
    /// On which everything is done at once.
    Direct(Direct<'c>),
    /// On which long inserts may still be under way.
    Writing(&'c mut WriteTransaction),
}

/// A connection on which nothing is under way.
pub(crate) enum Direct<'c> {
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

/// The same of values that are given away: what they own is moved, not copied.
macro_rules! bind_owned {
    ($arguments:ty, $values:expr) => {{
        let mut arguments = <$arguments>::default();
        for value in $values {
            match value {
                Value::Text(Some(Cow::Owned(text))) => arguments.add(text),
                Value::Text(text) => arguments.add(text.as_deref()),
                Value::Int(int) => arguments.add(int),
                Value::Bytes(Some(Cow::Owned(bytes))) => arguments.add(bytes),
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
            Connection::Direct(Direct::Sqlite(_)) => Kind::Sqlite,
            Connection::Direct(Direct::Postgres(_)) => Kind::Postgres,
            Connection::Writing(transaction) => transaction.kind(),
        }
    }

    /// The connection once nothing is under way on it.
    async fn settled(&mut self) -> Result<Direct<'_>, Fault> {
        match self {
            Connection::Direct(Direct::Sqlite(connection)) => Ok(Direct::Sqlite(connection)),
            Connection::Direct(Direct::Postgres(connection)) => Ok(Direct::Postgres(connection)),
            Connection::Writing(transaction) => transaction.settled().await,
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
        match self.settled().await? {
            Direct::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let rows = sqlx::query_with(sql, arguments).fetch_all(connection).await.map_err(fault)?;
                Ok(rows.into_iter().map(Row::Sqlite).collect())
            }
            Direct::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let rows = sqlx::query_with(sql, arguments).fetch_all(connection).await.map_err(fault)?;
                Ok(rows.into_iter().map(Row::Postgres).collect())
            }
        }
    }

    /// The same of rows that the transaction has not touched: they are read as they were committed before it
    /// began, on another connection where there is one, so that nobody waits for what is being written.
    /// Worth something only to who holds the lock on what is read: otherwise another transaction changes it.
    pub(crate) async fn fetch_before(
        &mut self,
        doing: &str,
        sql: &str,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        if let Connection::Writing(transaction) = self
            && let Some(before) = transaction.before().await
        {
            return Connection::Direct(before).fetch(doing, sql, values).await;
        }
        self.fetch(doing, sql, values).await
    }

    /// Says that the caller no longer knows which rows the transaction has touched: from now on all is read as it stands.
    pub(crate) fn read_no_more_before(&mut self) {
        if let Connection::Writing(transaction) = self {
            transaction.read_no_more_before();
        }
    }

    /// The same of a query that gives thousands of rows of texts and integers, so many columns each.
    ///
    /// SQLite hands its rows from thread to thread one by one, which costs more than to find them. So there
    /// they come as one row of JSON, in the order of the query.
    pub(crate) async fn fetch_many(
        &mut self,
        doing: &str,
        sql: &str,
        columns: usize,
        values: &[Value<'_>],
    ) -> Result<Vec<Row>, Fault> {
        if self.kind() != Kind::Sqlite {
            return self.fetch(doing, sql, values).await;
        }
        let names: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
        let names = names.join(", ");
        let sql = format!(
            "WITH found ({names}) AS MATERIALIZED ({sql}) SELECT json_group_array(json_array({names})) FROM found"
        );
        let packed = self.fetch_one(doing, &sql, values).await?;
        let rows: Vec<Vec<serde_json::Value>> = packed.json(doing, 0)?;
        Ok(rows.into_iter().map(Row::Packed).collect())
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
        match self.settled().await? {
            Direct::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let mut rows = sqlx::query_with(sql, arguments).fetch(connection);
                while let Some(row) = rows.try_next().await.map_err(fault)? {
                    each(Row::Sqlite(row))?;
                }
            }
            Direct::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let mut rows = sqlx::query_with(sql, arguments).fetch(connection);
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
        self.settled().await?.execute(doing, sql, values).await
    }

    /// Runs several statements without parameters, for the schema.
    pub(crate) async fn script(&mut self, doing: &str, sql: &str) -> Result<(), Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        let sql = AssertSqlSafe(sql.to_owned());
        match self.settled().await? {
            Direct::Sqlite(connection) => {
                sqlx::raw_sql(sql).execute(connection).await.map_err(fault)?;
            }
            Direct::Postgres(connection) => {
                sqlx::raw_sql(sql).execute(connection).await.map_err(fault)?;
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
        self.settled().await?.insert(doing, head, tail, width, rows.to_vec()).await
    }

    /// The same, where nobody waits for it: within a transaction that writes, many rows are inserted
    /// while the caller goes on. What is asked of the connection next waits for them.
    pub(crate) async fn insert_later(
        &mut self,
        doing: &'static str,
        head: &str,
        tail: &'static str,
        width: usize,
        rows: Vec<Vec<Value<'static>>>,
    ) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Connection::Writing(transaction) => {
                transaction.later(Job::Insert { doing, head: head.to_owned(), tail, width, rows }).await
            }
            Connection::Direct(direct) => direct.insert(doing, head, tail, width, rows).await,
        }
    }

    /// A statement that is carried out after what was to be inserted before it, where nobody waits for it.
    pub(crate) async fn execute_later(
        &mut self,
        doing: &'static str,
        sql: &'static str,
        values: Vec<Value<'static>>,
    ) -> Result<(), Fault> {
        match self {
            Connection::Writing(transaction) => transaction.later(Job::Execute { doing, sql, values }).await,
            Connection::Direct(direct) => direct.execute(doing, sql, &values).await.map(drop),
        }
    }
}

impl Direct<'_> {
    fn kind(&self) -> Kind {
        match self {
            Direct::Sqlite(_) => Kind::Sqlite,
            Direct::Postgres(_) => Kind::Postgres,
        }
    }

    async fn execute(&mut self, doing: &str, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Direct::Sqlite(connection) => {
                let arguments = bind!(SqliteArguments, values);
                let done =
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                Ok(done.rows_affected())
            }
            Direct::Postgres(connection) => {
                let arguments = bind!(PgArguments, values);
                let done =
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                Ok(done.rows_affected())
            }
        }
    }

    /// Inserts rows that are given away: what they own is moved, not copied.
    async fn insert(
        &mut self,
        doing: &str,
        head: &str,
        tail: &str,
        width: usize,
        rows: Vec<Vec<Value<'_>>>,
    ) -> Result<(), Fault> {
        let fault = |e: sqlx::Error| Fault::database(doing, &e);
        // SQLite takes 32,766 parameters and PostgreSQL 65,535; long statements gain
        // nothing beyond a few hundred rows, and a fixed size keeps the statement cached.
        let at_once = (4_000 / width).max(1);
        let mut rows = rows.into_iter();
        loop {
            let chunk: Vec<Vec<Value<'_>>> = rows.by_ref().take(at_once).collect();
            if chunk.is_empty() {
                return Ok(());
            }
            let sql = AssertSqlSafe(insert_text(self.kind(), head, tail, width, chunk.len()));
            match self {
                Direct::Sqlite(connection) => {
                    let arguments = bind_owned!(SqliteArguments, chunk.into_iter().flatten());
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                }
                Direct::Postgres(connection) => {
                    let arguments = bind_owned!(PgArguments, chunk.into_iter().flatten());
                    sqlx::query_with(sql, arguments).execute(&mut **connection).await.map_err(fault)?;
                }
            }
        }
    }
}

/// The text of a statement that inserts so many rows.
fn insert_text(kind: Kind, head: &str, tail: &str, width: usize, rows: usize) -> String {
    let mut sql = String::with_capacity(head.len() + tail.len() + rows * width * 6);
    sql.push_str(head);
    sql.push_str(" VALUES ");
    let mut number = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ",(" });
        for column in 0..width {
            number += 1;
            if column > 0 {
                sql.push(',');
            }
            match kind {
                // SQLite finds the place of a named parameter by going through all of them.
                Kind::Sqlite => sql.push('?'),
                Kind::Postgres => {
                    sql.push('$');
                    sql.push_str(&number.to_string());
                }
            }
        }
        sql.push(')');
    }
    sql.push(' ');
    sql.push_str(tail);
    sql
}
