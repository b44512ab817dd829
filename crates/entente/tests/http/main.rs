//! The whole router, driven in process.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

mod act;
mod act_elsewhere;
mod annual_report;
mod around;
mod bad_input;
mod bulk;
mod calendar;
mod case_file;
mod certificate;
mod change;
mod classify;
mod closure;
mod comparison;
mod customs;
mod embargo;
mod execution_report;
mod forecast;
mod guidance;
mod import;
mod link;
mod market;
mod match_api;
mod match_api_contract;
mod notice;
mod opportunity;
mod pages;
mod partner;
mod payment;
mod performance;
mod plan;
mod read;
mod recognition;
mod reexport;
mod register;
mod report;
mod request;
mod saved_view;
mod scenario;
mod screening;
mod screening_pages;
mod search;
mod session;
mod spreadsheet;
#[path = "../support/statistic.rs"]
mod statistic;
mod support;
mod tables;
mod tables_offered;
mod transfer;
mod transfer_api;
mod transfer_case;
