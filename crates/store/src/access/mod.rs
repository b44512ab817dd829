//! Secrets and sessions: what is not a fact and never stands in the ledger.

use entente_register::access::Actor;
use jiff::Timestamp;

use crate::error::Outcome;
use crate::store::Store;

/// From where a person signs in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address.
    pub address: String,
    /// What the browser says of itself, cut to 200 characters.
    pub agent: String,
}

/// An open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who, with today's roles and clearance.
    pub actor: Actor,
    /// The token that every form must carry.
    pub csrf: String,
    /// Whether the password is a one-time one: nothing else may be done before it is changed.
    pub must_change: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it ends if it is not used.
    pub expires_at: Timestamp,
}

/// A session in a list of a person's own sessions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// A name by which it can be ended: the first 16 hexadecimal digits of its token's hash.
    pub id: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// From where.
    pub origin: Origin,
    /// Whether it is the one that asks.
    pub current: bool,
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
        let _ = (account, password, origin);
        todo!()
    }

    /// The session of a token, if it is open; using it moves its end.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn session(&self, token: &str) -> Outcome<Option<Session>> {
        let _ = token;
        todo!()
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn sign_out(&self, token: &str) -> Outcome<()> {
        let _ = token;
        todo!()
    }

    /// A person's open sessions, the latest used first. `token` is the session that asks.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn sessions(&self, account: &str, token: &str) -> Outcome<Vec<SessionRow>> {
        let _ = (account, token);
        todo!()
    }

    /// Ends one of a person's sessions by its [`SessionRow::id`].
    ///
    /// # Errors
    /// `not_found` if the person has no such session.
    pub async fn end_session(&self, account: &str, id: &str) -> Outcome<()> {
        let _ = (account, id);
        todo!()
    }

    /// Changes a person's own password. All other sessions of the person end.
    ///
    /// # Errors
    /// `access.sign_in` if the old one is wrong; `password.*` if the new one is not acceptable.
    pub async fn change_password(&self, token: &str, old: &str, new: &str) -> Outcome<()> {
        let _ = (token, old, new);
        todo!()
    }

    /// Gives an account a new one-time password and returns it; all its sessions end.
    /// The fact is recorded by `AccountCommand::ResetPassword`, which the caller executes first.
    ///
    /// # Errors
    /// `not_found` if there is no such account.
    pub async fn give_one_time_password(&self, account: &str) -> Outcome<String> {
        let _ = account;
        todo!()
    }

    /// Whether the account's password is still the one-time one (or there is none yet).
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn must_change_password(&self, account: &str) -> Outcome<bool> {
        let _ = account;
        todo!()
    }

    /// The actor of an account that is open, for the command line's `--as`.
    ///
    /// # Errors
    /// `not_found` if there is none, or it is disabled.
    pub async fn actor(&self, account: &str) -> Outcome<Actor> {
        let _ = account;
        todo!()
    }

    /// Opens a key for programs that use the JSON API, and gives it; it is not shown again.
    ///
    /// # Errors
    /// `api_key.*` if the name or the term is not acceptable.
    pub async fn open_api_key(&self, account: &str, name: &str, days: u16) -> Outcome<String> {
        let _ = (account, name, days);
        todo!()
    }

    /// The actor of an API key that is in term, of an open account.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn api_key_actor(&self, key: &str) -> Outcome<Option<Actor>> {
        let _ = key;
        todo!()
    }
}
