//! Test support: each test gets a fresh SQLite file, and the same test a fresh PostgreSQL schema.
//!
//! ```ignore
//! entente_testing::on_both! {
//!     async fn a_register_is_founded(database: entente_testing::TestDatabase) {
//!         let url: DatabaseUrl = database.url().parse().unwrap();
//!     }
//! }
//! ```
//!
//! PostgreSQL is the server of `ENTENTE_TEST_POSTGRES` if that is set, else a
//! private [`Cluster`] that is started from the installed PostgreSQL and ends with
//! the test process, also when that is killed. Where neither can be had, the test
//! on PostgreSQL is skipped and says why, unless `ENTENTE_TEST_POSTGRES` is
//! `required`: then it fails.

// A crate for tests only: what cannot be had is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod cluster;
mod database;

pub use cluster::Cluster;
pub use database::{TestDatabase, postgres, sqlite};

/// Runs a future to its end on a runtime of its own.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs an async test on a fresh SQLite file, and again on a fresh PostgreSQL schema.
#[macro_export]
macro_rules! on_both {
    ($($(#[$attribute:meta])* async fn $name:ident($database:ident: $type:ty) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports)]
                use super::*;

                async fn body($database: $type) $body

                $(#[$attribute])*
                #[test]
                fn sqlite() {
                    $crate::block_on(body($crate::sqlite()));
                }

                $(#[$attribute])*
                #[test]
                fn postgres() {
                    if let Some(database) = $crate::postgres() {
                        $crate::block_on(body(database));
                    }
                }
            }
        )*
    };
}
