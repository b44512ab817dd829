//! The ledger in SQL: appending, reading, verifying, rebuilding.

mod append;
mod head;
mod record;

pub(crate) use append::{Appender, Recorded};
pub(crate) use head::Head;
pub(crate) use record::{EVENT_COLUMNS, StoredEvent, decode_event};
