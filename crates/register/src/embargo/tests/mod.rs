//! Tests of the whole: what holds of every rule set and question, and what is wrong with files.

mod file;
mod ledger;
mod property;
