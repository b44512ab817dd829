//! Secrets and sessions: what is not a fact and never stands in the ledger.
//!
//! Who a person is, with which roles and clearance, is read from the ledger's view
//! of accounts at every request. Here stand only the proofs: passwords as argon2id
//! hashes, session tokens and API keys as SHA-256 hashes; and the views of pages that a person saved.

mod account;
mod api_key;
mod credential;
mod hash;
mod lockout;
mod password;
mod saved_view;
mod session;

pub use api_key::ApiKeyRow;
pub use password::MIN_LENGTH as PASSWORD_MIN_LENGTH;
pub use saved_view::SavedView;
pub use session::{Origin, SESSION_IDLE, SESSION_LONGEST, Session, SessionRow};

use crate::database::{Connection, Kind, Value};
use crate::error::Fault;

/// Deletes rows that have outlived their use. On PostgreSQL those that another transaction
/// holds are left to a later sweep: two sweeps would otherwise wait for each other.
async fn sweep(
    connection: &mut Connection<'_>,
    table: &str,
    key: &str,
    condition: &str,
    values: &[Value<'_>],
) -> Result<(), Fault> {
    let sql = match connection.kind() {
        Kind::Sqlite => format!("DELETE FROM {table} WHERE {condition}"),
        Kind::Postgres => format!(
            "DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {condition} FOR UPDATE SKIP LOCKED)"
        ),
    };
    connection.execute("sweeping out what is over", &sql, values).await?;
    Ok(())
}
