//! The ledger of Entente and its views in SQL, on SQLite and PostgreSQL.
//!
//! All SQL of the project is here. A change goes through [`Store::execute`]: rights,
//! rule, append and views in one transaction. A reading goes through a
//! [`reader::Reader`], which sees only what its actor may see, at one horizon.
//! Either gives its result, or a [`Refusal`](entente_register::ledger::Refusal)
//! where the domain says no, or a [`Fault`] where we broke.

mod access;
mod assurance;
mod backup;
mod clock;
mod database;
mod document;
mod error;
mod execute;
mod guidance;
mod ledger;
pub mod reader;
mod schema;
mod store;
mod transfer;
mod view;

pub use access::{
    ApiKeyRow, Origin, PASSWORD_MIN_LENGTH, SESSION_IDLE, SESSION_LONGEST, SavedView, Session, SessionRow,
};
pub use backup::{Backup, BackupProgress, BackupStep};
pub use clock::{Clock, Entropy, ManualClock, SystemClock};
pub use database::DatabaseUrl;
pub use error::{Error, Fault, FaultKind, Outcome};
pub use execute::{Batch, LARGEST_DOCUMENT, LARGEST_LIST, PlannedItem, Receipt, Request};
pub use ledger::{
    Bad, Checkpoint, CheckpointFiles, Fingerprint, Progress, Verification, VerifyOptions, silent,
};
pub use store::{Store, StoreOptions};
pub use transfer::ScreeningEngine;
