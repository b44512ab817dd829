//! Rows gathered in memory and written by few statements.

use crate::database::{Connection, Value};
use crate::error::Fault;

/// The rows of one table that wait to be written, and those that wait to be closed.
pub(super) struct Buffer {
    /// For faults: `writing contracts`.
    doing: &'static str,
    /// `INSERT INTO … (…)`.
    insert: &'static str,
    /// What follows the rows: nothing, or `ON CONFLICT …`.
    tail: &'static str,
    /// The statement that closes a written row: `$1` is the closing sequence, then the row's key.
    close: &'static str,
    /// Where `known_to` stands in a row.
    known_to: usize,
    rows: Vec<Vec<Value<'static>>>,
    closings: Vec<Vec<Value<'static>>>,
    /// Counts the writings, so that a slot of an earlier one is known.
    written: u64,
}

/// Where a row waits; worth nothing once it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    written: u64,
    index: usize,
}

impl Buffer {
    /// For rows that are never changed, or replaced by what `tail` says.
    pub(super) fn inserting(doing: &'static str, insert: &'static str, tail: &'static str) -> Buffer {
        Buffer {
            doing,
            insert,
            tail,
            close: "",
            known_to: 0,
            rows: Vec::new(),
            closings: Vec::new(),
            written: 0,
        }
    }

    /// For rows that are opened and closed.
    pub(super) fn closing(
        doing: &'static str,
        insert: &'static str,
        known_to: usize,
        close: &'static str,
    ) -> Buffer {
        Buffer { close, known_to, ..Buffer::inserting(doing, insert, "") }
    }

    /// Adds a row.
    pub(super) fn insert(&mut self, row: Vec<Value<'static>>) -> Slot {
        self.rows.push(row);
        Slot { written: self.written, index: self.rows.len() - 1 }
    }

    /// Closes a row at a sequence: where it waits, or by its key once it is written.
    pub(super) fn close(
        &mut self,
        slot: Option<Slot>,
        at: i64,
        key: impl IntoIterator<Item = Value<'static>>,
    ) {
        let waiting = slot.filter(|slot| slot.written == self.written);
        if let Some(row) = waiting.and_then(|slot| self.rows.get_mut(slot.index)) {
            row[self.known_to] = at.into();
            return;
        }
        self.closings.push(std::iter::once(Value::from(at)).chain(key).collect());
    }

    /// How many rows wait.
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.closings.len()
    }

    /// Writes what waits.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        for closing in self.closings.drain(..) {
            connection.execute_later(self.doing, self.close, closing).await?;
        }
        if let Some(first) = self.rows.first() {
            let width = first.len();
            connection
                .insert_later(self.doing, self.insert, self.tail, width, std::mem::take(&mut self.rows))
                .await?;
            self.written += 1;
        }
        Ok(())
    }
}
