//! The whole router, driven in process.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

mod around;
mod bad_input;
mod calendar;
mod change;
mod comparison;
mod forecast;
mod import;
mod opportunity;
mod pages;
mod partner;
mod payment;
mod performance;
mod read;
mod register;
mod report;
mod search;
mod session;
mod spreadsheet;
mod support;
