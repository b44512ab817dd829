//! What every request shares.

use std::sync::Arc;

use entente_register::ledger::{parse_date, parse_instant};
use entente_store::{Entropy, Outcome, Store};
use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;

use crate::config::Config;
use crate::importing::Imports;
use crate::limit::{Attempts, Windows};
use crate::screener::Screener;
use crate::web::screening::kept::FileAnswers;

/// The view of a register that says by itself as of when it is read: a demonstration.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Defaults {
    /// Whether the register is a demonstration, with invented contracts.
    pub demonstration: bool,
    /// The day as of which it is read if nobody names one.
    pub as_of: Option<Date>,
    /// What was recorded after this is not seen, if nobody names an instant.
    pub known_at: Option<Timestamp>,
}

impl Defaults {
    /// Reads them from the register's settings.
    ///
    /// # Errors
    /// A refusal if a setting is malformed; a fault if the database does not answer.
    pub async fn of(store: &Store) -> Outcome<Defaults> {
        if store.setting("demonstration").await?.as_deref() != Some("true") {
            return Ok(Defaults::default());
        }
        let as_of = store.setting("default_as_of").await?;
        let known_at = store.setting("default_known_at").await?;
        Ok(Defaults {
            demonstration: true,
            as_of: as_of.map(|text| parse_date("default_as_of", &text)).transpose()?,
            known_at: known_at.map(|text| parse_instant("default_known_at", &text)).transpose()?,
        })
    }
}

/// What every request shares. Held in an [`Arc`] as the router's state.
pub struct App {
    /// The register.
    pub store: Store,
    /// The configuration in force.
    pub config: Config,
    /// As of when the register is read if nobody says.
    pub defaults: Defaults,
    /// Request identifiers and masks of tokens.
    pub entropy: Entropy,
    /// Attempts to sign in, by address.
    pub(crate) attempts: Attempts,
    /// Files that people bring in.
    pub(crate) imports: Imports,
    /// The lists of those under measures, ready to be asked.
    pub screener: Screener,
    /// What is kept of the lists for screening clients.
    pub(crate) wire: crate::wire::Kept,
    /// Queries of screening clients, by account.
    pub(crate) queries: Windows<String>,
    /// What came of files of parties that were looked up.
    pub(crate) answers: FileAnswers,
    /// Room for requests.
    pub(crate) room: Semaphore,
}

impl App {
    /// An application on an open register.
    ///
    /// # Errors
    /// As [`Defaults::of`]; a fault if the machine gives no randomness, or files
    /// that were brought in before cannot be looked for.
    pub async fn new(store: Store, config: Config) -> Outcome<Arc<App>> {
        let store = store.screened_by(crate::screener::engine());
        let defaults = Defaults::of(&store).await?;
        Ok(Arc::new(App {
            defaults,
            entropy: Entropy::system()?,
            imports: Imports::open(config.import_folder()?, store.now())?,
            screener: Screener::default(),
            wire: crate::wire::Kept::default(),
            queries: Windows::new(config.screening_queries_a_minute),
            answers: FileAnswers::default(),
            attempts: Attempts::new(u32::from(config.sign_in_attempts_a_minute)),
            room: Semaphore::new(usize::from(config.concurrent_requests)),
            config,
            store,
        }))
    }

    /// The name of the session cookie. With https it is bound to the host.
    pub fn cookie_name(&self) -> &'static str {
        if self.config.is_secure() { "__Host-entente" } else { "entente" }
    }
}
