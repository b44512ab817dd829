//! A register, opened.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use entente_register::access::Actor;
use entente_register::ledger::Refusal;

use crate::clock::{Clock, Entropy, SystemClock};
use crate::database::{Database, DatabaseUrl};
use crate::error::{Fault, Outcome};
use crate::execute::Memory;
use crate::ledger::{Progress, silent};
use crate::reader::{KeptBriefs, ReadLog, Reader};
use crate::schema;
use crate::transfer::{KeptRules, ScreeningEngine};

/// What a store is opened with.
pub struct StoreOptions {
    /// Says what time it is.
    pub clock: Arc<dyn Clock>,
    /// Gives identifiers, salts and tokens.
    pub entropy: Arc<Entropy>,
}

impl StoreOptions {
    /// The machine's clock and randomness.
    ///
    /// # Errors
    /// A fault if the machine gives no randomness.
    pub fn system() -> Result<StoreOptions, Fault> {
        Ok(StoreOptions { clock: Arc::new(SystemClock), entropy: Arc::new(Entropy::system()?) })
    }
}

/// An open register. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(crate) database: Database,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<Entropy>,
    pub(crate) url: DatabaseUrl,
    pub(crate) reads: Arc<ReadLog>,
    pub(crate) memory: Memory,
    pub(crate) briefs: Arc<KeptBriefs>,
    pub(crate) rules: Arc<KeptRules>,
    pub(crate) engine: Option<Arc<ScreeningEngine>>,
}

impl Store {
    /// Opens a register; an empty database gets the schema, and views of an earlier version are rebuilt.
    ///
    /// # Errors
    /// A refusal if the database is newer than the program; a fault if it cannot be opened.
    pub async fn open(url: &DatabaseUrl, options: StoreOptions) -> Outcome<Store> {
        Store::open_telling(url, options, silent()).await
    }

    /// As [`Store::open`], and tells how far it is where views of an earlier version are rebuilt from the events.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open_telling(
        url: &DatabaseUrl,
        options: StoreOptions,
        progress: Progress,
    ) -> Outcome<Store> {
        let database = Database::open(url).await?;
        schema::prepare(&database, &progress).await?;
        Ok(Store {
            database,
            clock: options.clock,
            entropy: options.entropy,
            url: url.clone(),
            reads: Arc::default(),
            memory: Memory::default(),
            briefs: Arc::default(),
            rules: Arc::default(),
            engine: None,
        })
    }

    /// Opens a register that is there; nothing is made where there is none.
    ///
    /// Whoever verifies, saves or writes out a register means one; a slip in its address must not make an
    /// empty one, which would then be told to be sound.
    ///
    /// # Errors
    /// `database.no_register` if there is none; otherwise as [`Store::open`].
    pub async fn open_existing(
        url: &DatabaseUrl,
        options: StoreOptions,
        progress: Progress,
    ) -> Outcome<Store> {
        if let DatabaseUrl::Sqlite(path) = url
            && !path.exists()
        {
            return Err(schema::no_register(url).into());
        }
        let database = Database::open(url).await?;
        if !schema::is_there(&database).await? {
            database.close().await;
            return Err(schema::no_register(url).into());
        }
        database.close().await;
        Store::open_telling(url, options, progress).await
    }

    /// Says by what parties are compared with lists. Until it is said, no party of a transfer is clear.
    #[must_use]
    pub fn screened_by(mut self, engine: ScreeningEngine) -> Store {
        self.engine = Some(Arc::new(engine));
        self
    }

    /// Where the register is kept.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Now, by the injected clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The civil day at the register's seat. The seat's zone is UTC until a register names another.
    pub fn today(&self) -> Date {
        TimeZone::UTC.to_datetime(self.now()).date()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// A fault if it does not.
    pub async fn ping(&self) -> Outcome<()> {
        Ok(self.database.ping().await?)
    }

    /// Closes the register.
    pub async fn close(&self) {
        self.database.close().await;
    }

    /// A reader for the actor: what the actor may see, as of a day (none for today), as known at an instant (none for now).
    ///
    /// # Errors
    /// `as_of.too_far` for a day far past what is known; a fault if the database does not answer.
    pub async fn reader(
        &self,
        actor: &Actor,
        as_of: Option<Date>,
        known_at: Option<Timestamp>,
    ) -> Outcome<Reader> {
        Reader::open(self, actor, as_of, known_at).await
    }

    /// A setting of this register, such as the default date of a demonstration.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn setting(&self, name: &str) -> Outcome<Option<String>> {
        let mut transaction = self.database.read().await?;
        let row = transaction
            .connection()
            .fetch_optional("reading a setting", "SELECT value FROM setting WHERE name = $1", &[name.into()])
            .await?;
        Ok(row.map(|row| row.text(0)).transpose()?)
    }

    /// Keeps a setting.
    ///
    /// # Errors
    /// A refusal for a name that the store keeps for itself; a fault if the database does not answer.
    pub async fn set_setting(&self, name: &str, value: &str) -> Outcome<()> {
        if matches!(name, "schema_version" | "views_version") {
            return Err(Refusal::new("setting.reserved", "The schema's version is not a setting.")
                .missing("another name")
                .into());
        }
        let mut transaction = self.database.write().await?;
        transaction
            .connection()
            .execute(
                "keeping a setting",
                "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                &[name.into(), value.into()],
            )
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
