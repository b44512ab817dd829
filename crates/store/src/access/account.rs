//! Accounts as they stand today: who acts, and whether they may still.

use entente_register::access::{Actor, Role, WrittenClearance};
use entente_register::ledger::Refusal;

use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::execute::is_possible;
use crate::store::Store;
use crate::view::STANDING;

/// The columns that [`decode_actor`] reads, of the table `account` named `a`.
pub(super) const ACTOR_COLUMNS: &str = "a.account, a.name, a.roles, a.clearance, a.party, a.disabled";

/// Whether a secret of the account that was opened at `opened` has outlived a disabling: it ended
/// then for good, so that enabling an account again does not bring back what was open before.
pub(super) fn disabled_since(opened: &str) -> String {
    format!(
        "CAST(CASE WHEN EXISTS (SELECT 1 FROM account d JOIN event e ON e.sequence = d.known_from WHERE d.account = a.account AND d.disabled = 1 AND e.recorded_at >= {opened}) THEN 1 ELSE 0 END AS BIGINT)"
    )
}

/// An account as it stands.
#[derive(Debug)]
pub(super) struct Today {
    /// Who, with today's roles and clearance.
    pub(super) actor: Actor,
    /// Whether it is closed.
    pub(super) disabled: bool,
}

/// Reads [`ACTOR_COLUMNS`] from the column `first` on.
pub(super) fn decode_actor(row: &Row, first: usize) -> Result<Today, Fault> {
    let damaged = |cause: String| Fault::damaged("reading an account", cause);
    let roles = row
        .text_ref(first + 2)?
        .split_ascii_whitespace()
        .map(|word| word.parse::<Role>().map_err(|e| damaged(e.message)))
        .collect::<Result<_, _>>()?;
    let clearance: WrittenClearance =
        serde_json::from_str(row.text_ref(first + 3)?).map_err(|e| damaged(e.to_string()))?;
    Ok(Today {
        actor: Actor {
            account: row.text(first)?,
            name: row.text(first + 1)?,
            roles,
            clearance: clearance.into(),
            party: row.optional_text(first + 4)?,
        },
        disabled: row.int(first + 5)? != 0,
    })
}

/// The account of this name, if there is one.
pub(super) async fn find(connection: &mut Connection<'_>, account: &str) -> Result<Option<Today>, Fault> {
    if !is_possible(account) {
        return Ok(None);
    }
    let sql = format!("SELECT {ACTOR_COLUMNS} FROM account a WHERE a.account = $1 AND a.known_to = $2");
    let row =
        connection.fetch_optional("reading an account", &sql, &[account.into(), STANDING.into()]).await?;
    row.map(|row| decode_actor(&row, 0)).transpose()
}

impl Store {
    /// The actor of an account that is open, for the command line's `--as`.
    ///
    /// # Errors
    /// `not_found` if there is none, or it is disabled.
    pub async fn actor(&self, account: &str) -> Outcome<Actor> {
        let mut transaction = self.database.read().await?;
        match find(&mut transaction.connection(), account).await? {
            Some(today) if !today.disabled => Ok(today.actor),
            _ => Err(Refusal::not_found("account", account).field("account").into()),
        }
    }
}
