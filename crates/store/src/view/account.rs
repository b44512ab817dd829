//! Accounts, by what was known when.

use entente_register::access::{Account, Role, WrittenClearance};

use super::{STANDING, absent};
use crate::database::{Connection, Value};
use crate::error::Fault;
use crate::ledger::Recorded;

/// Changes an account's rows in the table `account` by one event. Accounts change rarely, so that nothing is gathered.
pub(super) async fn apply(connection: &mut Connection<'_>, recorded: &Recorded) -> Result<(), Fault> {
    let doing = "writing accounts";
    let key = &recorded.event.subject.key;
    let mut state = load_account(connection, key).await?;
    Account::apply(&mut state, key, &recorded.event.fact);
    let account = state.ok_or_else(|| absent("account", key))?;
    connection
        .execute(
            doing,
            "UPDATE account SET known_to = $1 WHERE account = $2 AND known_to = $3",
            &[recorded.sequence.into(), key.into(), STANDING.into()],
        )
        .await?;
    let roles: Vec<&str> = account.actor.roles.iter().map(|role| role.word()).collect();
    let clearance = serde_json::to_string(&WrittenClearance::from(&account.actor.clearance))
        .map_err(|e| Fault::internal(doing, e))?;
    let row: [Value<'_>; 9] = [
        key.into(),
        recorded.sequence.into(),
        STANDING.into(),
        i64::from(recorded.version).into(),
        (&account.actor.name).into(),
        roles.join(" ").into(),
        clearance.into(),
        account.actor.party.as_deref().into(),
        i64::from(account.disabled).into(),
    ];
    connection
            .execute(
                doing,
                "INSERT INTO account (account, known_from, known_to, version, name, roles, clearance, party, disabled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                &row,
            )
            .await?;
    Ok(())
}

/// The account as it stands in the view.
async fn load_account(connection: &mut Connection<'_>, key: &str) -> Result<Option<Account>, Fault> {
    let row = connection
        .fetch_optional(
            "reading an account",
            "SELECT name, roles, clearance, party, disabled FROM account WHERE account = $1 AND known_to = $2",
            &[key.into(), STANDING.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let damaged = |e: String| Fault::damaged("reading an account", e);
    let roles: Result<Vec<Role>, _> = row.text_ref(1)?.split_whitespace().map(str::parse).collect();
    let clearance: WrittenClearance =
        serde_json::from_str(row.text_ref(2)?).map_err(|e| damaged(e.to_string()))?;
    Ok(Some(Account {
        actor: entente_register::access::Actor {
            account: key.to_owned(),
            name: row.text(0)?,
            roles: roles.map_err(|e| damaged(e.message))?,
            clearance: clearance.into(),
            party: row.optional_text(3)?,
        },
        disabled: row.int(4)? != 0,
    }))
}
