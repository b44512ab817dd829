//! The ledger in SQL: appending, reading, verifying, rebuilding.

mod append;
mod checkpoint;
mod deep;
mod export;
mod head;
mod pack;
mod rebuild;
mod record;
mod verify;

pub(crate) use append::{Appender, Asked, Recorded};
pub use checkpoint::{Checkpoint, CheckpointFiles, Fingerprint};
pub(crate) use head::Head;
pub(crate) use rebuild::rebuild;
pub use rebuild::{Progress, silent};
pub(crate) use record::{EVENT_COLUMNS, StoredEvent, decode_event};
pub use verify::{Bad, Verification, VerifyOptions};
