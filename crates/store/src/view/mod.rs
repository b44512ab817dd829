//! The views: tables made for reading, kept in the same transaction as the events.

/// `known_to` of a row that still stands.
pub(crate) const STANDING: i64 = i64::MAX;

/// `valid_to` of a row without an end.
pub(crate) const NO_END: &str = "9999-12-31";
