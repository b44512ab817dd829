//! Accounts of persons.

use entente_register::access::{Actor, Reading, WrittenClearance};
use entente_register::ledger::Refusal;

use super::{AccountRow, Reader};
use crate::error::{Fault, Outcome};
use crate::view::STANDING;

impl Reader {
    /// Accounts, by name. Roles and clearances are today's, whatever the horizon.
    ///
    /// # Errors
    /// `access.read` if the actor may not read accounts.
    pub async fn accounts(&self) -> Outcome<Vec<AccountRow>> {
        self.check(Reading::Accounts)?;
        let doing = "reading accounts";
        let mut transaction = self.store.database.read().await?;
        let sql = "SELECT account, name, roles, clearance, party, disabled, version FROM account WHERE known_to = $1 ORDER BY account";
        let rows = transaction.connection().fetch(doing, sql, &[STANDING.into()]).await?;
        let rows = rows
            .iter()
            .map(|row| {
                let clearance: WrittenClearance = row.json(doing, 3)?;
                let roles = row
                    .text_ref(2)?
                    .split_whitespace()
                    .map(|word| word.parse().map_err(|e: Refusal| Fault::damaged(doing, e.message)))
                    .collect::<Result<_, Fault>>()?;
                Ok(AccountRow {
                    actor: Actor {
                        account: row.text(0)?,
                        name: row.text(1)?,
                        roles,
                        clearance: clearance.into(),
                        party: row.optional_text(4)?,
                    },
                    disabled: row.int(5)? != 0,
                    version: row.version(6)?,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok(rows)
    }
}
