//! The whole router, driven in process.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod around;
mod support;
