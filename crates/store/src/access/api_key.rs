//! Keys of programs that use the JSON API in a person's name, with that person's rights of today.

use entente_register::access::{Actor, CommandKind, may_command};
use entente_register::document::text;
use entente_register::ledger::{Refusal, instant_text, parse_instant};
use jiff::{SignedDuration, Timestamp};

use super::account::{self, ACTOR_COLUMNS, decode_actor, disabled_since};
use super::hash::{is_token, new_token, short_id, token_hash};
use crate::database::{Connection, Row, Value};
use crate::error::{Fault, Outcome};
use crate::store::Store;
use crate::view::STANDING;

/// What every key begins with, so that a leaked one is recognised by those who search for such.
const PREFIX: &str = "entente_";

/// The longest term.
const MAX_DAYS: u16 = 365;

/// Keys that one account may hold at once.
const MAX_KEYS: i64 = 20;

/// A key in a list of a person's own keys. The key itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// A name by which it can be closed: the first 16 hexadecimal digits of its hash.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When its term ends.
    pub expires_at: Timestamp,
}

/// Ends all keys of an account: whoever opened them may have had the password.
pub(super) async fn end_all(connection: &mut Connection<'_>, account: &str) -> Result<(), Fault> {
    connection.execute("ending keys", "DELETE FROM api_key WHERE account = $1", &[account.into()]).await?;
    Ok(())
}

fn instant(row: &Row, column: usize) -> Result<Timestamp, Fault> {
    parse_instant("instant", row.text_ref(column)?)
        .map_err(|e| Fault::damaged("reading the term of a key", e.message))
}

impl Store {
    /// Opens a key for programs that use the JSON API, and gives it; it is not shown again.
    ///
    /// # Errors
    /// `api_key.name`, `api_key.days` or `api_key.too_many`; `not_found` if there is no such open account.
    pub async fn open_api_key(&self, account: &str, name: &str, days: u16) -> Outcome<String> {
        text("api_key.name", "name", name, 60)?;
        if !(1..=MAX_DAYS).contains(&days) {
            return Err(Refusal::new("api_key.days", format!("A key is not opened for {days} days."))
                .field("days")
                .missing(format!("a term of 1 to {MAX_DAYS} days"))
                .into());
        }
        let now = self.now();
        let expires_at =
            now.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
        let key = format!("{PREFIX}{}", new_token(&self.entropy));
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        match account::find(&mut connection, account).await? {
            Some(today) if !today.disabled => {}
            _ => return Err(Refusal::not_found("account", account).field("account").into()),
        }
        connection
            .execute(
                "sweeping keys out of term",
                "DELETE FROM api_key WHERE account = $1 AND expires_at <= $2",
                &[account.into(), instant_text(now).into()],
            )
            .await?;
        let held = connection
            .fetch_one(
                "counting keys",
                "SELECT CAST(count(*) AS BIGINT) FROM api_key WHERE account = $1",
                &[account.into()],
            )
            .await?;
        if held.int(0)? >= MAX_KEYS {
            return Err(Refusal::new(
                "api_key.too_many",
                format!("The account holds {MAX_KEYS} keys already."),
            )
            .missing("a key less: close one that is not used")
            .into());
        }
        connection
            .execute(
                "opening a key",
                "INSERT INTO api_key (key_hash, account, name, opened_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
                &[
                    token_hash(&key).to_vec().into(),
                    account.into(),
                    name.into(),
                    instant_text(now).into(),
                    instant_text(expires_at).into(),
                ],
            )
            .await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// The actor of an API key that is in term, of an open account. While a one-time password bars the
    /// person from everything else, it bars the person's programs as well.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn api_key_actor(&self, key: &str) -> Outcome<Option<Actor>> {
        if !key.strip_prefix(PREFIX).is_some_and(is_token) {
            return Ok(None);
        }
        let sql = format!(
            "SELECT {ACTOR_COLUMNS}, {} FROM api_key k JOIN account a ON a.account = k.account AND a.known_to = $2 WHERE k.key_hash = $1 AND k.expires_at > $3 AND NOT EXISTS (SELECT 1 FROM credential c WHERE c.account = k.account AND c.must_change <> 0)",
            disabled_since("k.opened_at")
        );
        let values: [Value<'_>; 3] =
            [token_hash(key).to_vec().into(), STANDING.into(), instant_text(self.now()).into()];
        let mut transaction = self.database.read().await?;
        let row = transaction.connection().fetch_optional("reading a key", &sql, &values).await?;
        let Some(row) = row else { return Ok(None) };
        let today = decode_actor(&row, 0)?;
        Ok((!today.disabled && row.int(6)? == 0).then_some(today.actor))
    }

    /// The keys of someone's account, for those who see to accounts.
    ///
    /// # Errors
    /// `access.role` for others; `not_found` if there is no such account.
    pub async fn api_keys_of(&self, actor: &Actor, account: &str) -> Outcome<Vec<ApiKeyRow>> {
        self.check_account(actor, account).await?;
        self.api_keys(account).await
    }

    /// Closes a key of someone's account, for those who see to accounts.
    ///
    /// # Errors
    /// `access.role` for others; `not_found` if there is no such account, or it has no such key.
    pub async fn close_api_key_of(&self, actor: &Actor, account: &str, id: &str) -> Outcome<()> {
        self.check_account(actor, account).await?;
        self.close_api_key(account, id).await
    }

    /// Whoever may reset a password, which ends all keys, may see and close each of them.
    async fn check_account(&self, actor: &Actor, account: &str) -> Outcome<()> {
        may_command(actor, CommandKind::AccountReset)?;
        let mut transaction = self.database.read().await?;
        match account::find(&mut transaction.connection(), account).await? {
            Some(_) => Ok(()),
            None => Err(Refusal::not_found("account", account).field("account").into()),
        }
    }

    /// The keys of an account that are in term, the newest first.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn api_keys(&self, account: &str) -> Outcome<Vec<ApiKeyRow>> {
        let sql = format!(
            "SELECT k.key_hash, k.name, k.opened_at, k.expires_at FROM api_key k JOIN account a ON a.account = k.account AND a.known_to = $2 WHERE k.account = $1 AND k.expires_at > $3 AND {} = 0 ORDER BY k.opened_at DESC, k.key_hash",
            disabled_since("k.opened_at")
        );
        let values: [Value<'_>; 3] = [account.into(), STANDING.into(), instant_text(self.now()).into()];
        let mut transaction = self.database.read().await?;
        let rows = transaction.connection().fetch("listing keys", &sql, &values).await?;
        rows.iter()
            .map(|row| {
                Ok(ApiKeyRow {
                    id: short_id(row.bytes_ref(0)?),
                    name: row.text(1)?,
                    opened_at: instant(row, 2)?,
                    expires_at: instant(row, 3)?,
                })
            })
            .collect()
    }

    /// Closes one of an account's keys by its [`ApiKeyRow::id`].
    ///
    /// # Errors
    /// `not_found` if the account has no such key.
    pub async fn close_api_key(&self, account: &str, id: &str) -> Outcome<()> {
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        let rows = connection
            .fetch("looking for a key", "SELECT key_hash FROM api_key WHERE account = $1", &[account.into()])
            .await?;
        let hashes = rows.iter().map(|row| row.bytes(0)).collect::<Result<Vec<_>, _>>()?;
        let Some(hash) = hashes.into_iter().find(|hash| short_id(hash) == id) else {
            return Err(Refusal::not_found("key", id).into());
        };
        connection
            .execute("closing a key", "DELETE FROM api_key WHERE key_hash = $1", &[hash.into()])
            .await?;
        Ok(transaction.commit().await?)
    }
}
