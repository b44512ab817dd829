//! The built program on a test's own database, for the tests that drive it.

use std::process::{Command, Output};

use entente_testing::TestDatabase;

/// Runs a command of the program to its end.
pub(crate) fn entente(database: &TestDatabase, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--database", database.url()])
        .args(arguments)
        .env_remove("ENTENTE_DATABASE")
        .env_remove("ENTENTE_CONFIG")
        // What a test fetches is on this machine.
        .env_remove("HTTPS_PROXY")
        .env_remove("https_proxy")
        .env_remove("ALL_PROXY")
        .env_remove("all_proxy")
        .output()
        .unwrap()
}

/// What a command that had to succeed wrote on standard output.
#[track_caller]
pub(crate) fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}
