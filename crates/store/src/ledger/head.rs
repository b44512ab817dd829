//! The head of the chain: one row, locked for the length of an append.

use jiff::Timestamp;

use entente_register::ledger::{Digest, parse_instant};

use crate::database::{Connection, Row};
use crate::error::Fault;

/// Where the chain ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    /// Sequence of the last event; 0 for none.
    pub(crate) sequence: i64,
    /// Its hash.
    pub(crate) hash: Digest,
    /// When it was recorded.
    pub(crate) recorded_at: Option<Timestamp>,
}

impl Head {
    /// Takes the lock that every writer takes first, on both databases, and reads the head after it.
    pub(crate) async fn lock(connection: &mut Connection<'_>) -> Result<Head, Fault> {
        let sql =
            "UPDATE ledger_head SET sequence = sequence WHERE one = 1 RETURNING sequence, hash, recorded_at";
        Head::read_row(&connection.fetch_one("locking the ledger", sql, &[]).await?)
    }

    /// Reads the head without locking it.
    pub(crate) async fn read(connection: &mut Connection<'_>) -> Result<Head, Fault> {
        let sql = "SELECT sequence, hash, recorded_at FROM ledger_head WHERE one = 1";
        Head::read_row(&connection.fetch_one("reading the ledger's head", sql, &[]).await?)
    }

    fn read_row(row: &Row) -> Result<Head, Fault> {
        let text = row.text_ref(2)?;
        let damaged = |cause: &str| Fault::damaged("reading the ledger's head", cause);
        Ok(Head {
            sequence: row.int(0)?,
            hash: row.bytes_ref(1)?.try_into().map_err(|_| damaged("the hash is not 32 bytes"))?,
            recorded_at: match text {
                "" => None,
                text => Some(
                    parse_instant("recorded_at", text).map_err(|_| damaged("the time is not an instant"))?,
                ),
            },
        })
    }
}
