//! How a contract is performed: its milestones.

pub(super) mod milestone;
mod object;
pub(super) mod read;
