//! The one path of every change: rights, rule, append and views, in one transaction.

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::ledger::Subject;
use jiff::Timestamp;

use crate::error::Outcome;
use crate::store::Store;

/// A change that is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The change.
    pub command: Command,
    /// The version of the subject that the caller has seen; a later one is a conflict. None to not ask.
    pub expected_version: Option<u32>,
    /// The caller's key: the same key of the same actor is carried out once and answered alike.
    pub idempotency_key: Option<String>,
}

impl From<Command> for Request {
    fn from(command: Command) -> Request {
        Request { command, expected_version: None, idempotency_key: None }
    }
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The subject that changed; for a new one, with the number it was given.
    pub subject: Subject,
    /// Its version now.
    pub version: u32,
    /// Place of the last event in the ledger.
    pub sequence: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Whether the answer is that of an earlier request with the same key.
    pub repeated: bool,
}

/// Many changes in one transaction: all are kept by [`Batch::commit`], or none.
pub struct Batch {}

impl Store {
    /// Carries out one change.
    ///
    /// # Errors
    /// A refusal if the actor may not, or a rule says no; a fault if the database does not answer. Nothing is written then.
    pub async fn execute(&self, actor: &Actor, request: impl Into<Request>) -> Outcome<Receipt> {
        let _ = (actor, request.into());
        todo!()
    }

    /// Begins a batch. It holds the ledger's lock until it is committed or dropped.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn batch(&self) -> Outcome<Batch> {
        todo!()
    }
}

impl Batch {
    /// Carries out one change of the batch. After a refusal the batch goes on as if it had not been asked.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn execute(&mut self, actor: &Actor, request: impl Into<Request>) -> Outcome<Receipt> {
        let _ = (actor, request.into());
        todo!()
    }

    /// Keeps a document's bytes with the batch and gives their content hash (SHA-256, hexadecimal).
    ///
    /// # Errors
    /// A refusal if the document is empty or beyond the limit of size, or its media type is not accepted.
    pub async fn keep_document(&mut self, media_type: &str, bytes: &[u8]) -> Outcome<String> {
        let _ = (media_type, bytes);
        todo!()
    }

    /// Keeps all changes of the batch.
    ///
    /// # Errors
    /// A fault if the database does not answer; then nothing is kept.
    pub async fn commit(self) -> Outcome<()> {
        todo!()
    }
}
