//! The one binary of Entente: command line, web application and JSON API.
//!
//! It has no rules and no SQL. A handler or a command parses its input, calls one
//! thing of the store, and renders the result. The program itself is a few lines
//! around [`cli::run`], so that tests can drive the router in process.

pub mod api;
pub mod app;
mod background;
pub mod book;
mod chart;
pub mod cli;
pub mod config;
pub mod demo;
mod embargo;
pub mod error;
pub mod formats;
mod guard;
mod importing;
mod limit;
mod ops;
pub mod parameters;
pub mod screener;
pub mod server;
pub mod session;
mod slip;
mod statistic;
pub mod web;
mod wire;
