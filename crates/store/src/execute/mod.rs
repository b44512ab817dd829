//! The one path of every change: rights, rule, append and views, in one transaction.
//!
//! [`Batch`] holds the ledger's lock. Each command passes, in this order: the right
//! to give it, the key of a repeated request, the state of its subject (which is as
//! good as absent where it is not open to the actor), the version that the caller
//! has seen, and the rule. Only then is anything written; so a refusal leaves
//! nothing, and the batch goes on. [`Store::execute`] is a batch of one.

mod assurance;
mod book;
mod closure;
mod conflict;
mod customs;
mod decide;
mod document;
mod embargo;
mod forecast;
mod guidance;
mod memory;
mod opportunity;
mod payment;
mod performance;
mod plan;
mod reexport;
mod repeated;
mod report;
mod screening;
mod states;
mod statistic;
mod transfer;

use std::collections::{HashMap, HashSet};
use std::pin::Pin;

use entente_register::access::{Actor, may_command};
use entente_register::command::Command;
use entente_register::ledger::{Context, Digest, NewEvent, Refusal, Subject, SubjectKind};
use jiff::Timestamp;

use crate::database::{Connection, WriteTransaction};
use crate::error::{Error, Fault, Outcome};
use crate::ledger::{Appender, Asked};
use crate::store::Store;
use crate::view::Views;

pub use book::PlannedItem;
pub use document::{LARGEST_DOCUMENT, LARGEST_LIST};
pub(crate) use memory::Memory;
use memory::Remembered;
use repeated::RequestKey;
use states::States;
pub(crate) use states::is_possible;

/// A change that is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The change.
    pub command: Command,
    /// The version of the subject that the caller has seen (0 for a new one); a later one is a conflict. None to not ask.
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
pub struct Batch {
    store: Store,
    transaction: WriteTransaction,
    appender: Appender,
    views: Views,
    states: States,
    /// Receipts by account and key, of this batch, each with the digest of what was asked.
    keys: HashMap<(String, String), (Receipt, Digest)>,
    /// Content hashes of the documents whose bytes were given to this batch.
    held: HashSet<String>,
    /// A fault lies behind: what was written since is not whole.
    broken: bool,
}

impl Store {
    /// Carries out one change.
    ///
    /// # Errors
    /// A refusal if the actor may not, or a rule says no; a fault if the database does not answer. Nothing is written then.
    pub async fn execute(&self, actor: &Actor, request: impl Into<Request>) -> Outcome<Receipt> {
        let request = request.into();
        // Said before the ledger is locked, so that nobody without a right holds up those who have one.
        may_command(actor, request.command.kind())?;
        let mut batch = self.batch().await?;
        match batch.execute(actor, request).await {
            Ok(receipt) => {
                batch.commit().await?;
                Ok(receipt)
            }
            Err(error) => {
                batch.give_up().await;
                Err(error)
            }
        }
    }

    /// Begins a batch. It holds the ledger's lock until it is committed or dropped.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn batch(&self) -> Outcome<Batch> {
        let mut transaction = self.database.record().await?;
        let appender = Appender::lock(&mut transaction.connection()).await?;
        let Remembered { views, states, .. } = self.memory.take(appender.head());
        Ok(Batch {
            store: self.clone(),
            transaction,
            appender,
            views,
            states,
            keys: HashMap::new(),
            held: HashSet::new(),
            broken: false,
        })
    }
}

impl Batch {
    /// Carries out one change of the batch. After a refusal the batch goes on as if it had not been
    /// asked; after a fault it cannot be committed any more.
    ///
    /// # Errors
    /// As [`Store::execute`].
    pub async fn execute(&mut self, actor: &Actor, request: impl Into<Request>) -> Outcome<Receipt> {
        self.check_whole()?;
        let done = self.carry_out(actor, request.into()).await;
        self.note(done)
    }

    /// Keeps a document's bytes with the batch and gives their content hash (SHA-256, hexadecimal).
    ///
    /// # Errors
    /// A refusal if the document is empty or beyond the limit of size, or its media type is not accepted.
    pub async fn keep_document(&mut self, media_type: &str, bytes: &[u8]) -> Outcome<String> {
        self.check_whole()?;
        let done = self.keep(media_type, bytes).await;
        self.note(done)
    }

    /// Keeps all changes of the batch.
    ///
    /// # Errors
    /// A fault if the database does not answer; then nothing is kept.
    pub async fn commit(mut self) -> Outcome<()> {
        self.check_whole()?;
        self.flush().await?;
        let Batch { store, transaction, appender, views, states, .. } = self;
        transaction.commit().await?;
        store.memory.keep(appender.head(), views, states);
        Ok(())
    }

    /// Gives up all changes of the batch, and waits until they are given up.
    pub async fn give_up(self) {
        self.transaction.rollback().await;
    }

    /// The connection on which the batch writes, for what is kept with it and is no fact.
    pub(crate) fn connection(&mut self) -> Connection<'_> {
        self.transaction.connection()
    }

    /// Carries out a change that another one asks for, by the same path.
    fn carry_out_within<'a>(
        &'a mut self,
        actor: &'a Actor,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = Outcome<Receipt>> + Send + 'a>> {
        Box::pin(self.carry_out(actor, request))
    }

    async fn carry_out(&mut self, actor: &Actor, request: Request) -> Outcome<Receipt> {
        let Request { command, expected_version, idempotency_key } = request;
        let actor = &self.actor_today(actor).await?;
        may_command(actor, command.kind())?;
        let key = match idempotency_key {
            Some(key) => Some(RequestKey::of(key, &command, expected_version)?),
            None => None,
        };
        if let Some(key) = &key
            && let Some(receipt) = self.find_repeated(actor, key, &command).await?
        {
            return Ok(receipt);
        }
        let now = self.store.now();
        let context = Context { actor: actor.clone(), now, today: self.store.today() };
        let decided = match self.decide(&context, command, expected_version).await {
            Err(Error::Refusal(refusal)) => return Err(self.tell_changes(actor, refusal).await?.into()),
            decided => decided?,
        };
        if let Some(receipt) = decided.stands {
            return Ok(receipt);
        }
        for event in &decided.events {
            self.check_held(actor, event).await?;
        }
        self.record(actor, decided.events, decided.subject, key, now).await
    }

    /// The actor as the account stands behind the lock: whoever waited for it may have lost rights meanwhile.
    /// The machine's operator has no account, and neither has an actor that stands in no ledger.
    async fn actor_today(&mut self, actor: &Actor) -> Outcome<Actor> {
        let subject = SubjectKind::Account.subject(&actor.account);
        self.states.load(&mut self.transaction.connection(), &subject).await?;
        match self.states.account(&actor.account) {
            Some(account) if account.disabled => {
                Err(Refusal::new("access.disabled", format!("The account {} is disabled.", actor.account))
                    .missing("an account that is open")
                    .into())
            }
            Some(account) => Ok(account.actor.clone()),
            None => Ok(actor.clone()),
        }
    }

    /// Appends what was decided and changes the views by it.
    async fn record(
        &mut self,
        actor: &Actor,
        events: Vec<NewEvent>,
        subject: Subject,
        key: Option<RequestKey>,
        now: Timestamp,
    ) -> Outcome<Receipt> {
        let command = uuid::Builder::from_random_bytes(self.store.entropy.bytes()).into_uuid().to_string();
        let last = events.len().saturating_sub(1);
        let mut connection = self.transaction.connection();
        for (position, event) in events.into_iter().enumerate() {
            let version = self.states.version(&event.subject) + 1;
            // The key stands with the last event, so that its receipt can be given again.
            let key = key.as_ref().filter(|_| position == last).map(|key| (key.text.as_str(), key.digest));
            let asked = Asked { actor: &actor.account, command: &command, key };
            let recorded = self.appender.push(event, version, asked, now, &self.store.entropy)?;
            self.views.apply(&mut connection, &recorded).await?;
            self.states.apply(&recorded);
        }
        let head = self.appender.head();
        let receipt = Receipt {
            version: self.states.version(&subject),
            subject,
            sequence: head.sequence,
            recorded_at: head.recorded_at.unwrap_or(now),
            repeated: false,
        };
        if let Some(key) = key {
            self.keys.insert((actor.account.clone(), key.text), (receipt.clone(), key.digest));
        }
        if self.appender.is_full() {
            self.appender.flush(&mut connection).await?;
        }
        if self.states.is_full() {
            self.flush().await?;
            self.states.make_room();
        }
        Ok(receipt)
    }

    /// Writes what is gathered.
    async fn flush(&mut self) -> Result<(), Fault> {
        let mut connection = self.transaction.connection();
        self.appender.flush(&mut connection).await?;
        self.views.flush(&mut connection).await
    }

    fn check_whole(&self) -> Result<(), Fault> {
        if self.broken {
            return Err(Fault::internal("continuing a batch", "an earlier fault left it incomplete"));
        }
        Ok(())
    }

    fn note<T>(&mut self, outcome: Outcome<T>) -> Outcome<T> {
        self.broken |= matches!(outcome, Err(Error::Fault(_)));
        outcome
    }
}
