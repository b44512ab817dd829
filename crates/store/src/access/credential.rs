//! Passwords of accounts: signing in, changing one's own, giving a one-time one.
//!
//! The slow hash is computed between a reading transaction and a writing one, never
//! inside; what was read before it is asked again after it.

use entente_register::access::{Actor, CommandKind, may_command};
use entente_register::ledger::Refusal;
use jiff::Timestamp;

use super::account;
use super::api_key;
use super::hash::{hash_password, verify_password};
use super::lockout::Attempt;
use super::password::{self, About};
use super::session::{self, Origin, Session};
use crate::database::Connection;
use crate::error::{Error, Fault, Outcome};
use crate::execute::{Receipt, Request, is_possible};
use crate::store::Store;

/// A credential as it stands.
struct Credential {
    password_hash: String,
}

async fn find(connection: &mut Connection<'_>, account: &str) -> Result<Option<Credential>, Fault> {
    let row = connection
        .fetch_optional(
            "reading a credential",
            "SELECT password_hash FROM credential WHERE account = $1",
            &[account.into()],
        )
        .await?;
    row.map(|row| Ok(Credential { password_hash: row.text(0)? })).transpose()
}

/// Locks the credential if it is still the one that was verified, and says whether it must be changed.
/// A reset waits for this lock, or this waits for the reset: no session outlives the password it was opened with.
async fn confirm(
    connection: &mut Connection<'_>,
    account: &str,
    verified: Option<&str>,
) -> Result<Option<bool>, Fault> {
    let Some(password_hash) = verified else { return Ok(None) };
    let row = connection
        .fetch_optional(
            "confirming a credential",
            "UPDATE credential SET must_change = must_change WHERE account = $1 AND password_hash = $2 RETURNING must_change",
            &[account.into(), password_hash.into()],
        )
        .await?;
    row.map(|row| Ok(row.int(0)? != 0)).transpose()
}

async fn keep(
    connection: &mut Connection<'_>,
    account: &str,
    password_hash: &str,
    must_change: bool,
) -> Result<(), Fault> {
    connection
        .execute(
            "keeping a credential",
            "INSERT INTO credential (account, password_hash, must_change) VALUES ($1, $2, $3) ON CONFLICT (account) DO UPDATE SET password_hash = excluded.password_hash, must_change = excluded.must_change",
            &[account.into(), password_hash.into(), i64::from(must_change).into()],
        )
        .await?;
    Ok(())
}

/// Gives an account a one-time password; whatever was opened with the one before ends.
async fn give(connection: &mut Connection<'_>, account: &str, password_hash: &str) -> Result<(), Fault> {
    keep(connection, account, password_hash, true).await?;
    session::end_all(connection, account).await?;
    api_key::end_all(connection, account).await?;
    Attempt::new(account, "").forgive(connection).await
}

/// One answer for an unknown account, a wrong password and a disabled account.
fn refused() -> Error {
    Refusal::new("access.sign_in", "The name or the password is not right.")
        .field("password")
        .missing("the sign-in name and password of an open account")
        .into()
}

fn ended() -> Error {
    Refusal::new("access.session", "The session has ended.").missing("a new sign-in").into()
}

/// The sign-in name as it was typed: telephones add capitals and spaces.
fn folded(account: &str) -> String {
    account.trim().to_lowercase()
}

impl Store {
    /// Signs a person in and gives the secret token of the new session (256 bits, hexadecimal).
    ///
    /// # Errors
    /// `access.sign_in`, the same for an unknown account, a wrong password and a disabled account;
    /// `access.locked` while too many failures are fresh, naming until when.
    pub async fn sign_in(
        &self,
        account: &str,
        password: &str,
        origin: &Origin,
    ) -> Outcome<(String, Session)> {
        let account = folded(account);
        let attempt = Attempt::new(&account, &origin.address);
        let found = self.begin_attempt(&account, &attempt).await?;
        let right = verify_password(password, found.clone()).await?;
        let found = found.filter(|_| right);
        self.end_attempt(&attempt, found, &account, origin, None).await
    }

    /// Changes a person's own password. All sessions and keys of the person end, and a new session is
    /// opened for the one who asks: its token is given.
    ///
    /// # Errors
    /// `access.session` if the session has ended; `access.sign_in` if the old password is wrong, and
    /// `access.locked` after too many such; `password.*` if the new one is not acceptable.
    pub async fn change_password(&self, token: &str, old: &str, new: &str) -> Outcome<(String, Session)> {
        let (session, origin) = self.find_session(token).await?.ok_or_else(ended)?;
        let account = session.actor.account;
        password::check(new, About { account: &account, name: &session.actor.name })?;
        if password::normalise(old) == password::normalise(new) {
            return Err(Refusal::new("password.same", "The new password is the old one.")
                .field("password")
                .missing("another password")
                .into());
        }
        let attempt = Attempt::new(&account, &origin.address);
        let found = self.begin_attempt(&account, &attempt).await?;
        let right = verify_password(old, found.clone()).await?;
        let new = if right { Some(hash_password(new, &self.entropy).await?) } else { None };
        let found = found.filter(|_| right);
        self.end_attempt(&attempt, found, &account, &origin, new.as_deref()).await
    }

    /// What stands before the slow hash: the lock, and the hash of the account; none if it is not open.
    async fn begin_attempt(&self, account: &str, attempt: &Attempt) -> Outcome<Option<String>> {
        let mut transaction = self.database.read().await?;
        let mut connection = transaction.connection();
        attempt.check(&mut connection, self.now()).await?;
        let today = account::find(&mut connection, account).await?;
        // Asked whether or not the account is there, so that the two take alike; PostgreSQL takes no zero byte.
        let credential = if is_possible(account) { find(&mut connection, account).await? } else { None };
        Ok(match (today, credential) {
            (Some(today), Some(credential)) if !today.disabled => Some(credential.password_hash),
            _ => None,
        })
    }

    /// What follows the slow hash: asks again what may have changed meanwhile, then opens a session or counts a failure.
    /// With a new hash it is kept, and the person's other sessions and all keys end.
    async fn end_attempt(
        &self,
        attempt: &Attempt,
        found: Option<String>,
        account: &str,
        origin: &Origin,
        new_hash: Option<&str>,
    ) -> Outcome<(String, Session)> {
        let now: Timestamp = self.now();
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        // Many attempts at once all passed the first look; the lock that the first of them earned holds for the rest.
        attempt.check(&mut connection, now).await?;
        // The slow hash took its time: whoever was closed meanwhile, or has other rights, is so now.
        let today = account::find(&mut connection, account).await?.filter(|today| !today.disabled);
        let found = found.zip(today);
        let verified = found.as_ref().map(|(hash, _)| hash.as_str());
        let Some((must_change, (_, today))) = confirm(&mut connection, account, verified).await?.zip(found)
        else {
            attempt.fail(&mut connection, now).await?;
            transaction.commit().await?;
            return Err(refused());
        };
        if let Some(hash) = new_hash {
            keep(&mut connection, account, hash, false).await?;
            session::end_all(&mut connection, account).await?;
            api_key::end_all(&mut connection, account).await?;
        }
        attempt.succeed(&mut connection, now).await?;
        let must_change = must_change && new_hash.is_none();
        let opened =
            session::open(&mut connection, today.actor, must_change, origin, now, &self.entropy).await?;
        transaction.commit().await?;
        Ok(opened)
    }

    /// Opens an account or records a reset, and gives the account a new one-time password: the fact, the
    /// password and the end of all sessions and keys are kept together or not at all. No password is given
    /// where the answer is that of an earlier request.
    ///
    /// # Errors
    /// As [`Store::execute`]; a fault for a command that gives no password.
    pub async fn execute_giving_password(
        &self,
        actor: &Actor,
        request: impl Into<Request>,
    ) -> Outcome<(Receipt, Option<String>)> {
        let request = request.into();
        let kind = request.command.kind();
        if !matches!(kind, CommandKind::AccountOpen | CommandKind::AccountReset) {
            return Err(Fault::internal("giving a password", format!("{} gives none", kind.word())).into());
        }
        may_command(actor, kind)?;
        // The slow hash comes before the ledger is locked.
        let password = password::one_time(&self.entropy);
        let hash = hash_password(&password, &self.entropy).await?;
        let mut batch = self.batch().await?;
        let done = async {
            let receipt = batch.execute(actor, request).await?;
            // What was answered before gave its password then: it must not be taken back.
            if !receipt.repeated {
                give(&mut batch.connection(), &receipt.subject.key, &hash).await?;
            }
            Ok(receipt)
        };
        match done.await {
            Ok(receipt) => {
                batch.commit().await?;
                let password = (!receipt.repeated).then_some(password);
                Ok((receipt, password))
            }
            Err(error) => {
                batch.give_up().await;
                Err(error)
            }
        }
    }

    /// Gives an account that is there another one-time password and returns it; all its sessions and keys
    /// end. It is no fact of its own: a reset that somebody asks for is
    /// [`Store::execute_giving_password`].
    ///
    /// # Errors
    /// `not_found` if there is no such account.
    pub async fn give_one_time_password(&self, account: &str) -> Outcome<String> {
        let missing = || Error::from(Refusal::not_found("account", account).field("account"));
        {
            let mut transaction = self.database.read().await?;
            account::find(&mut transaction.connection(), account).await?.ok_or_else(missing)?;
        }
        let password = password::one_time(&self.entropy);
        let hash = hash_password(&password, &self.entropy).await?;
        let mut transaction = self.database.write().await?;
        give(&mut transaction.connection(), account, &hash).await?;
        transaction.commit().await?;
        Ok(password)
    }

    /// Whether the account's password is still the one-time one (or there is none yet).
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn must_change_password(&self, account: &str) -> Outcome<bool> {
        let mut transaction = self.database.read().await?;
        let row = transaction
            .connection()
            .fetch_optional(
                "reading a credential",
                "SELECT must_change FROM credential WHERE account = $1",
                &[account.into()],
            )
            .await?;
        Ok(row.map(|row| row.int(0)).transpose()?.is_none_or(|must_change| must_change != 0))
    }
}
