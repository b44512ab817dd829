//! The link: lines of licences, write-offs, and the breaks in the chain, each with the days on which it stands.
//!
//! What is broken is worked out by `entente_register::transfer::link`, cell by cell: a delivery that a write-off names, a write-off, a licence with
//! its certificates, an inspection. An event works out anew the cells that it touches, and no others. Rows that stay as they
//! are stay; those that changed are known until the event, and new ones from it on.

mod cell;
mod gather;
mod told;

use std::collections::BTreeSet;

use entente_register::transfer::link::{Break, Stretch};
use jiff::civil::Date;

use super::buffer::Buffer;
use super::{NO_END, STANDING};
use crate::database::{Connection, Row, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

const DOING: &str = "writing the breaks of the chain";

const COLUMNS: &str = "valid_from, valid_to, place, kind, untold, label, unless, partner, contract, contract_line, delivery, holder, licence, licence_line, reference, certificate, inspection, wanted, found, unit, turned_on";

/// The tables `licence_line`, `write_off` and `chain_break`.
pub(super) struct Links {
    lines: Buffer,
    written: Buffer,
    breaks: Buffer,
}

impl Default for Links {
    fn default() -> Links {
        Links {
            lines: Buffer::inserting(
                "writing lines of licences",
                "INSERT INTO licence_line (licence, line, known_from, contract, contract_line, quantity, unit, label, holder)",
                "",
            ),
            written: Buffer::closing(
                "writing write-offs",
                "INSERT INTO write_off (licence, reference, known_from, known_to, line, shipped_on, quantity, delivery)",
                3,
                "UPDATE write_off SET known_to = $1 WHERE licence = $2 AND reference = $3 AND known_to = $4",
            ),
            breaks: Buffer::closing(
                DOING,
                "INSERT INTO chain_break (cell, known_from, position, known_to, valid_from, valid_to, place, kind, untold, label, unless, partner, contract, contract_line, delivery, holder, licence, licence_line, reference, certificate, inspection, wanted, found, unit, turned_on)",
                3,
                "UPDATE chain_break SET known_to = $1 WHERE cell = $2 AND known_from = $3 AND position = $4",
            ),
        }
    }
}

/// Of which contract, partner and holder a cell is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Of {
    partner: String,
    contract: String,
    holder: Option<String>,
}

/// A row of a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Broken {
    from: Date,
    to: Option<Date>,
    of: Break,
    label: i64,
    unless: Option<i64>,
    holder: Option<String>,
}

impl Broken {
    fn of(stretch: Stretch, (label, unless): (i64, Option<i64>), holder: Option<String>) -> Broken {
        Broken { from: stretch.from, to: stretch.to, of: stretch.of, label, unless, holder }
    }

    /// Its values, in the order of [`COLUMNS`].
    fn values(self, of: &Of) -> Vec<Value<'static>> {
        let Broken { from, to, of: broken, label, unless, holder } = self;
        let quantity = |quantity: Option<entente_register::money::Quantity>| quantity.map(|one| one.0);
        vec![
            from.into(),
            to.map_or_else(|| NO_END.to_owned(), |to| to.to_string()).into(),
            broken.kind.rank().into(),
            broken.kind.word().into(),
            broken.untold.map(|untold| untold.word().to_owned()).into(),
            label.into(),
            unless.into(),
            of.partner.clone().into(),
            of.contract.clone().into(),
            broken.contract_line.into(),
            broken.delivery.into(),
            holder.into(),
            broken.licence.into(),
            broken.licence_line.map(i64::from).into(),
            broken.reference.into(),
            broken.certificate.into(),
            broken.inspection.into(),
            quantity(broken.wanted).into(),
            quantity(broken.found).into(),
            broken.unit.into(),
            broken.on.into(),
        ]
    }
}

/// A value as text, to tell rows apart.
fn told(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => text.as_ref().map(ToString::to_string),
        Value::Int(int) => int.map(|int| int.to_string()),
        Value::Bytes(_) => None,
    }
}

/// The same of a stored row, whose columns follow `known_from` and `position`.
fn stored(row: &Row) -> Result<Vec<Option<String>>, Fault> {
    // The places of integers among the columns.
    const INTEGERS: [usize; 6] = [2, 5, 6, 13, 17, 18];
    (0..21)
        .map(|column| match INTEGERS.contains(&column) {
            true if row.is_null(column + 2) => Ok(None),
            true => Ok(Some(row.int(column + 2)?.to_string())),
            false => row.optional_text(column + 2),
        })
        .collect()
}

impl Links {
    /// The rows of a cell as they are now: what stood and does not is closed, what is new is added.
    async fn put(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
        cell: String,
        broken: BTreeSet<Broken>,
        of: &Of,
    ) -> Result<(), Fault> {
        let mut rows: Vec<Vec<Value<'static>>> = broken.into_iter().map(|one| one.values(of)).collect();
        self.breaks.flush(connection).await?;
        let sql = format!(
            "SELECT known_from, position, {COLUMNS} FROM chain_break WHERE cell = $1 AND known_to = $2 ORDER BY known_from, position"
        );
        let values: [Value<'_>; 2] = [cell.as_str().into(), STANDING.into()];
        for row in connection.fetch(DOING, &sql, &values).await? {
            let before = stored(&row)?;
            let same = rows.iter().position(|row| row.iter().map(told).eq(before.iter().cloned()));
            match same {
                Some(place) => drop(rows.remove(place)),
                None => {
                    let key = [cell.clone().into(), row.int(0)?.into(), row.int(1)?.into()];
                    self.breaks.close(None, recorded.sequence, key);
                }
            }
        }
        for (position, row) in (0_i64..).zip(rows) {
            let mut whole: Vec<Value<'static>> =
                vec![cell.clone().into(), recorded.sequence.into(), position.into(), STANDING.into()];
            whole.extend(row);
            self.breaks.insert(whole);
        }
        Ok(())
    }

    /// Rows that wait to be written.
    pub(super) fn gathered(&self) -> usize {
        self.lines.len() + self.written.len() + self.breaks.len()
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.lines.flush(connection).await?;
        self.written.flush(connection).await?;
        self.breaks.flush(connection).await
    }
}
