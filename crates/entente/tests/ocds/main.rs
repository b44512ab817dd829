//! A book goes out and comes in as Open Contracting Data.

#![allow(clippy::unwrap_used)]

mod export;
#[path = "../support/register.rs"]
mod register;
mod schema;
