//! The ledger: events, the facts they carry, refusals, state machines as data, and the hash chain.

mod canonical;
mod chain;
mod event;
mod fact;
mod founding;
mod machine;
mod refusal;

pub use canonical::{CanonicalError, canonical};
pub use chain::{Digest, GENESIS, Salt, event_hash, payload_digest};
pub use event::{
    Context, Event, EventHeader, NewEvent, Subject, SubjectKind, YEARS, check_year, instant_text, parse_date,
    parse_instant,
};
pub use fact::{DecodeError, Fact, LedgerFounded, Occurred};
pub use founding::{check_founded, found};
#[cfg(test)]
pub(crate) use machine::tests::check as check_machine;
pub use machine::{Machine, StateWord, Transition, mermaid};
pub use refusal::{Fallible, Refusal};
