//! A table of which each row holds the folded state of a subject as JSON, with what readers narrow by beside: the
//! first event of a subject adds a row, each later one changes it from its day on.

use super::absent;
use super::buffer::Buffer;
use super::payment::{change, lasting};
use super::{NO_END, STANDING};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// Such a table.
pub(super) struct Folded {
    doing: &'static str,
    table: &'static str,
    /// Columns that a subject keeps, and those that change, as the statement names them.
    columns: (&'static str, &'static str),
    /// What its subjects are, for messages.
    what: &'static str,
    rows: Buffer,
}

impl Folded {
    /// A table. `insert` is the statement that adds rows: number and times, the columns that a subject keeps, and
    /// those that change.
    pub(super) fn new(
        doing: &'static str,
        (table, what): (&'static str, &'static str),
        columns: (&'static str, &'static str),
        insert: &'static str,
    ) -> Folded {
        Folded { doing, table, columns, what, rows: Buffer::inserting(doing, insert, "") }
    }

    /// The content of the row that stands before an event; none before the first.
    pub(super) async fn before(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<Option<String>, Fault> {
        if recorded.version == 1 {
            return Ok(None);
        }
        self.rows.flush(connection).await?;
        let number = recorded.event.subject.key.as_str();
        let sql = format!(
            "SELECT content FROM {} WHERE number = $1 AND known_to = $2 AND valid_to = $3",
            self.table
        );
        let values = [number.into(), STANDING.into(), NO_END.into()];
        let row = connection.fetch_optional(self.doing, &sql, &values).await?;
        row.ok_or_else(|| absent(self.what, number))?.text(0).map(Some)
    }

    /// Adds the row of a subject by its first event, or changes it by a later one.
    pub(super) async fn put(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        kept: impl IntoIterator<Item = Value<'static>>,
        changed: Vec<Value<'static>>,
    ) -> Result<(), Fault> {
        if recorded.version > 1 {
            let (of_subject, changing) = self.columns;
            return change(connection, recorded, (self.table, of_subject, changing), changed).await;
        }
        let mut row = lasting(recorded);
        row.extend(kept);
        row.extend(changed);
        self.rows.insert(row);
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}
