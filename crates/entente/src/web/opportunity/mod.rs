//! Opportunities: the list, its table for spreadsheets, the page of one, and what they show of themselves.

pub(super) mod analysis;
pub(super) mod list;
pub(super) mod page;
#[cfg(test)]
pub(super) mod sample;
pub(super) mod table;
