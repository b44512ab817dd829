//! The domain of Entente: events, state machines, rules and figures.
//!
//! Nothing here reads a clock, a file, a socket or a database. A change is a
//! [`command::Command`]; a rule decides it into [`ledger::Fact`]s or a
//! [`ledger::Refusal`]; a state is the fold of a subject's facts; a figure is a
//! pure function of facts that the store has gathered.
//!
//! Modules stand in the order in which the work flows.

pub mod access;
pub mod book;
pub mod brief;
pub mod command;
pub mod contract;
pub mod customs;
pub mod document;
pub mod embargo;
pub mod forecast;
pub mod label;
pub mod ledger;
pub mod market;
pub mod money;
pub mod opportunity;
pub mod partner;
pub mod party;
pub mod payment;
pub mod performance;
pub mod report;
pub mod screening;
pub mod search;
pub mod transfer;
