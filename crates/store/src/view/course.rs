//! The course of each line: what the brief asks of lines, in one row where nothing was amended.
//!
//! A row holds for a stretch of days in which the line's date and amount stay as
//! they are and it is delivered in full at most once. It says by when it is due,
//! when its contract was signed and ended, and from when until when it was
//! delivered in full. So a figure of lines is one pass over small rows, and asks
//! neither the contract nor the completions of each line.

use std::collections::HashMap;

use jiff::civil::Date;

use entente_register::contract::delivery::Counting;

use super::buffer::{Buffer, Slot};
use super::line::{Line, Slice};
use super::{END_OF_DAYS, STANDING};
use crate::database::{Connection, Value};
use crate::error::Fault;

/// From when until when a contract bound its parties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    /// When it was signed.
    pub(super) signed_on: Date,
    /// When it was completed or terminated; the end of days while it is neither.
    pub(super) ended_on: Date,
    /// Whether it was terminated.
    pub(super) broken_off: bool,
}

/// A stretch of a line's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    from: Date,
    to: Date,
    due_on: Date,
    amount: i64,
    full_on: Date,
    reopened_on: Date,
    term: Term,
}

/// A row that stands.
#[derive(Debug, Clone, Copy)]
struct Row {
    piece: Piece,
    known_from: i64,
    slot: Option<Slot>,
}

/// The table `line_course`.
pub(super) struct Courses {
    /// Per line the rows that stand, per counting rule in the order of [`Counting::ALL`], of those met so far.
    standing: HashMap<String, [Vec<Row>; 2]>,
    rows: Buffer,
}

impl Default for Courses {
    fn default() -> Courses {
        Courses {
            standing: HashMap::new(),
            rows: Buffer::closing(
                "writing the courses of lines",
                "INSERT INTO line_course (counting, currency, known_to, due_on, line, known_from, from_on, to_on, signed_on, ended_on, broken_off, full_on, reopened_on, label, partner, amount)",
                2,
                "UPDATE line_course SET known_to = $1 WHERE counting = $2 AND currency = $3 AND known_to = $4 AND due_on = $5 AND line = $6 AND known_from = $7 AND from_on = $8",
            ),
        }
    }
}

impl Courses {
    /// Finds the course of a line anew, and changes the rows that say otherwise. `line` has all that counts loaded.
    pub(super) async fn follow(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
        line: &Line,
        term: Term,
        sequence: i64,
    ) -> Result<(), Fault> {
        if !self.standing.contains_key(number) {
            let rows = load(connection, number, line).await?;
            self.standing.insert(number.to_owned(), rows);
        }
        let Some(standing) = self.standing.get_mut(number) else { return Ok(()) };
        for (counting, rows) in Counting::ALL.into_iter().zip(standing) {
            let found = pieces(line.slices(), &line.times_in_full(counting), term);
            let mut kept = Vec::with_capacity(found.len());
            for row in rows.drain(..) {
                if found.contains(&row.piece) {
                    kept.push(row);
                    continue;
                }
                let key: [Value<'static>; 7] = [
                    counting.word().into(),
                    line.currency.clone().into(),
                    STANDING.into(),
                    row.piece.due_on.into(),
                    number.to_owned().into(),
                    row.known_from.into(),
                    row.piece.from.into(),
                ];
                self.rows.close(row.slot, sequence, key);
            }
            *rows = kept;
            for piece in found {
                if rows.iter().any(|row| row.piece == piece) {
                    continue;
                }
                let slot = self.rows.insert(vec![
                    counting.word().into(),
                    line.currency.clone().into(),
                    STANDING.into(),
                    piece.due_on.into(),
                    number.to_owned().into(),
                    sequence.into(),
                    piece.from.into(),
                    piece.to.into(),
                    piece.term.signed_on.into(),
                    piece.term.ended_on.into(),
                    i64::from(piece.term.broken_off).into(),
                    piece.full_on.into(),
                    piece.reopened_on.into(),
                    line.label.into(),
                    line.partner.clone().into(),
                    piece.amount.into(),
                ]);
                rows.push(Row { piece, known_from: sequence, slot: Some(slot) });
            }
        }
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.rows.len()
    }

    /// Forgets the lines met so far; nothing may be gathered.
    pub(super) fn forget(&mut self) {
        self.standing.clear();
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.rows.flush(connection).await
    }
}

/// The rows of a line that stand.
async fn load(connection: &mut Connection<'_>, number: &str, line: &Line) -> Result<[Vec<Row>; 2], Fault> {
    let mut standing: [Vec<Row>; 2] = Default::default();
    if line.is_new() {
        return Ok(standing);
    }
    // Rows are found by the line's date: all that it ever had, and these are few.
    let dates = connection
        .fetch_before(
            "reading the dates of a line",
            "SELECT DISTINCT due_on FROM line WHERE number = $1 ORDER BY due_on",
            &[number.into()],
        )
        .await?;
    for (counting, rows) in Counting::ALL.into_iter().zip(&mut standing) {
        for due_on in &dates {
            let found = connection
                .fetch_before(
                    "reading the course of a line",
                    "SELECT from_on, to_on, due_on, amount, full_on, reopened_on, signed_on, ended_on, broken_off, known_from FROM line_course WHERE counting = $1 AND currency = $2 AND known_to = $3 AND due_on = $4 AND line = $5 ORDER BY known_from, from_on",
                    &[
                        counting.word().into(),
                        (&line.currency).into(),
                        STANDING.into(),
                        due_on.text(0)?.into(),
                        number.into(),
                    ],
                )
                .await?;
            for row in found {
                let piece = Piece {
                    from: row.date(0)?,
                    to: row.date(1)?,
                    due_on: row.date(2)?,
                    amount: row.int(3)?,
                    full_on: row.date(4)?,
                    reopened_on: row.date(5)?,
                    term: Term {
                        signed_on: row.date(6)?,
                        ended_on: row.date(7)?,
                        broken_off: row.int(8)? != 0,
                    },
                };
                rows.push(Row { piece, known_from: row.int(9)?, slot: None });
            }
        }
    }
    Ok(standing)
}

/// Cuts a line's days where it is amended, and where it is delivered in full once more.
fn pieces(slices: &[Slice], full: &[(Date, Date)], term: Term) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (place, slice) in slices.iter().enumerate() {
        let end = slices.get(place + 1).map_or(*END_OF_DAYS, |next| next.from);
        let mut times = full.iter().filter(|(from, to)| *from < end && *to > slice.from);
        let never = (*END_OF_DAYS, *END_OF_DAYS);
        let mut time = times.next().copied().unwrap_or(never);
        let mut from = slice.from;
        loop {
            let next = times.next().copied();
            let to = next.map_or(end, |next| next.0);
            pieces.push(Piece {
                from,
                to,
                due_on: slice.due_on,
                amount: slice.amount,
                full_on: time.0,
                reopened_on: time.1,
                term,
            });
            let Some(next) = next else { break };
            (from, time) = (to, next);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn in_each_piece_a_line_is_delivered_in_full_at_most_once() {
        let day = |d| date(2012, 1, d);
        let slice = |d, amount| Slice { from: day(d), quantity: 1, amount, due_on: day(20) };
        let term = Term { signed_on: day(1), ended_on: *END_OF_DAYS, broken_off: false };
        let cut = |slices: &[Slice], full: &[(Date, Date)]| -> Vec<_> {
            let pieces = pieces(slices, full, term).into_iter();
            pieces.map(|p| (p.from, p.to, p.amount, p.full_on, p.reopened_on)).collect()
        };
        let end = *END_OF_DAYS;
        assert_eq!(cut(&[slice(1, 7)], &[]), [(day(1), end, 7, end, end)]);
        assert_eq!(cut(&[slice(1, 7)], &[(day(5), end)]), [(day(1), end, 7, day(5), end)]);
        assert_eq!(
            cut(&[slice(1, 7)], &[(day(5), day(8)), (day(12), end)]),
            [(day(1), day(12), 7, day(5), day(8)), (day(12), end, 7, day(12), end)]
        );
        // Amended on the 10th while it is full, and again on the 15th.
        assert_eq!(
            cut(&[slice(1, 7), slice(10, 8), slice(15, 9)], &[(day(5), day(15))]),
            [
                (day(1), day(10), 7, day(5), day(15)),
                (day(10), day(15), 8, day(5), day(15)),
                (day(15), end, 9, end, end)
            ]
        );
    }
}
