//! The views: tables made for reading, kept in the same transaction as the events.
