//! Sessions of persons who have signed in. The browser holds a random token, the
//! database only its hash; every request asks anew who the person is today.

use std::time::Duration;

use entente_register::access::Actor;
use entente_register::ledger::{Refusal, instant_text, parse_instant};
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

use super::account::{ACTOR_COLUMNS, decode_actor, disabled_since};
use super::hash::{is_token, new_token, short_id, token_hash};
use super::sweep;
use crate::clock::Entropy;
use crate::database::{Connection, Row, Value};
use crate::error::{Fault, Outcome};
use crate::store::Store;
use crate::view::STANDING;

/// A session that is not used for this long has ended.
pub const SESSION_IDLE: SignedDuration = SignedDuration::from_mins(30);

/// However much it is used, a session ends after this long.
pub const SESSION_LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Use is written down at most this often, so that reading costs no write.
const SEEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// How long a request waits to write its use down: a long import holds the database, and reading goes on.
const SEEN_PATIENCE: Duration = Duration::from_millis(250);

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

impl Session {
    /// Whether a form carries this session's token, told in a time that does not depend on where they differ.
    pub fn csrf_matches(&self, given: &str) -> bool {
        self.csrf.as_bytes().ct_eq(given.as_bytes()).into()
    }
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

/// Opens a session and gives its token.
pub(super) async fn open(
    connection: &mut Connection<'_>,
    actor: Actor,
    must_change: bool,
    origin: &Origin,
    now: Timestamp,
    entropy: &Entropy,
) -> Result<(String, Session), Fault> {
    let over = [instant_text(now), instant_text(before(now, SESSION_IDLE))];
    let over: Vec<Value<'_>> = over.iter().map(Value::from).collect();
    sweep(connection, "session", "token_hash", "expires_at <= $1 OR seen_at <= $2", &over).await?;
    let (token, csrf) = (new_token(entropy), new_token(entropy));
    let ends = now.saturating_add(SESSION_LONGEST).unwrap_or(Timestamp::MAX);
    connection
        .execute(
            "opening a session",
            "INSERT INTO session (token_hash, account, opened_at, seen_at, expires_at, csrf, address, agent) VALUES ($1, $2, $3, $3, $4, $5, $6, $7)",
            &[
                token_hash(&token).to_vec().into(),
                (&actor.account).into(),
                instant_text(now).into(),
                instant_text(ends).into(),
                (&csrf).into(),
                told(&origin.address, 64).into(),
                told(&origin.agent, 200).into(),
            ],
        )
        .await?;
    let expires_at = idle_end(now, ends);
    Ok((token, Session { actor, csrf, must_change, opened_at: now, expires_at }))
}

/// Ends every session of an account.
pub(super) async fn end_all(connection: &mut Connection<'_>, account: &str) -> Result<(), Fault> {
    connection
        .execute("ending sessions", "DELETE FROM session WHERE account = $1", &[account.into()])
        .await?;
    Ok(())
}

/// What a client says of itself, as it is kept: without control characters, and not endless.
fn told(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_sub(by).unwrap_or(Timestamp::MIN)
}

fn idle_end(seen: Timestamp, ends: Timestamp) -> Timestamp {
    seen.saturating_add(SESSION_IDLE).unwrap_or(Timestamp::MAX).min(ends)
}

fn instant(row: &Row, column: usize) -> Result<Timestamp, Fault> {
    parse_instant("instant", row.text_ref(column)?)
        .map_err(|e| Fault::damaged("reading the time of a secret", e.message))
}

impl Store {
    /// The session of a token, if it is open; using it moves its end.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn session(&self, token: &str) -> Outcome<Option<Session>> {
        Ok(self.find_session(token).await?.map(|found| found.0))
    }

    /// The open session of a token and from where it was opened.
    pub(super) async fn find_session(&self, token: &str) -> Outcome<Option<(Session, Origin)>> {
        if !is_token(token) {
            return Ok(None);
        }
        let now = self.now();
        let sql = format!(
            "SELECT {ACTOR_COLUMNS}, s.opened_at, s.seen_at, s.expires_at, s.csrf, s.address, s.agent, COALESCE(c.must_change, 1), {} FROM session s JOIN account a ON a.account = s.account AND a.known_to = $2 LEFT JOIN credential c ON c.account = s.account WHERE s.token_hash = $1",
            disabled_since("s.opened_at")
        );
        let values: [Value<'_>; 2] = [token_hash(token).to_vec().into(), STANDING.into()];
        let row = {
            let mut transaction = self.database.read().await?;
            transaction.connection().fetch_optional("reading a session", &sql, &values).await?
        };
        let Some(row) = row else { return Ok(None) };
        let today = decode_actor(&row, 0)?;
        let (opened_at, seen_at, ends) = (instant(&row, 6)?, instant(&row, 7)?, instant(&row, 8)?);
        if today.disabled || row.int(13)? != 0 || now >= idle_end(seen_at, ends) {
            return Ok(None);
        }
        let mut seen = seen_at;
        if now.duration_since(seen_at) >= SEEN_EVERY && self.touch_session(token, now).await? {
            seen = now;
        }
        let session = Session {
            actor: today.actor,
            csrf: row.text(9)?,
            must_change: row.int(12)? != 0,
            opened_at,
            expires_at: idle_end(seen, ends),
        };
        Ok(Some((session, Origin { address: row.text(10)?, agent: row.text(11)? })))
    }

    /// Writes down that the session was used; not if the database is busy, because reading does not wait for writing.
    async fn touch_session(&self, token: &str, now: Timestamp) -> Outcome<bool> {
        let write = async {
            let mut transaction = self.database.write().await?;
            transaction
                .connection()
                .execute(
                    "writing down a session's use",
                    "UPDATE session SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2",
                    &[token_hash(token).to_vec().into(), instant_text(now).into()],
                )
                .await?;
            transaction.commit().await
        };
        match tokio::time::timeout(SEEN_PATIENCE, write).await {
            Ok(Ok(())) => Ok(true),
            Ok(Err(fault)) if fault.kind == crate::FaultKind::Unavailable => Ok(false),
            Ok(Err(fault)) => Err(fault.into()),
            Err(_) => Ok(false),
        }
    }

    /// Ends the session of a token.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn sign_out(&self, token: &str) -> Outcome<()> {
        if !is_token(token) {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        transaction
            .connection()
            .execute(
                "ending a session",
                "DELETE FROM session WHERE token_hash = $1",
                &[token_hash(token).to_vec().into()],
            )
            .await?;
        Ok(transaction.commit().await?)
    }

    /// A person's open sessions, the latest used first. `token` is the session that asks.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn sessions(&self, account: &str, token: &str) -> Outcome<Vec<SessionRow>> {
        let now = self.now();
        let sql = format!(
            "SELECT s.token_hash, s.opened_at, s.seen_at, s.address, s.agent FROM session s JOIN account a ON a.account = s.account AND a.known_to = $2 WHERE s.account = $1 AND s.expires_at > $3 AND s.seen_at > $4 AND a.disabled = 0 AND {} = 0 ORDER BY s.seen_at DESC, s.opened_at DESC, s.token_hash",
            disabled_since("s.opened_at")
        );
        let values: [Value<'_>; 4] = [
            account.into(),
            STANDING.into(),
            instant_text(now).into(),
            instant_text(before(now, SESSION_IDLE)).into(),
        ];
        let mut transaction = self.database.read().await?;
        let rows = transaction.connection().fetch("listing sessions", &sql, &values).await?;
        let current = token_hash(token);
        rows.iter()
            .map(|row| {
                let hash = row.bytes_ref(0)?;
                Ok(SessionRow {
                    id: short_id(hash),
                    opened_at: instant(row, 1)?,
                    seen_at: instant(row, 2)?,
                    origin: Origin { address: row.text(3)?, agent: row.text(4)? },
                    current: hash.ct_eq(&current).into(),
                })
            })
            .collect()
    }

    /// Ends one of a person's sessions by its [`SessionRow::id`].
    ///
    /// # Errors
    /// `not_found` if the person has no such session.
    pub async fn end_session(&self, account: &str, id: &str) -> Outcome<()> {
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        let rows = connection
            .fetch(
                "looking for a session",
                "SELECT token_hash FROM session WHERE account = $1",
                &[account.into()],
            )
            .await?;
        let hashes = rows.iter().map(|row| row.bytes(0)).collect::<Result<Vec<_>, _>>()?;
        let Some(hash) = hashes.into_iter().find(|hash| short_id(hash) == id) else {
            return Err(Refusal::not_found("session", id).into());
        };
        connection
            .execute("ending a session", "DELETE FROM session WHERE token_hash = $1", &[hash.into()])
            .await?;
        Ok(transaction.commit().await?)
    }
}
