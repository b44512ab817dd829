//! A book goes out and comes in as Open Contracting Data.

#![allow(clippy::unwrap_used)]

mod any;
mod beside;
mod each_way;
mod export;
mod import;
mod performed;
#[path = "../support/register.rs"]
mod register;
mod schema;
