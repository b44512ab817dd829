//! Registers of an earlier version are brought up to this one when they are opened.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

mod support;

use entente_register::command::Command;
use entente_store::{Request, VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use support::{Register, code, open, party};

/// What versions 2 and 3 brought is taken away.
async fn make_version_1(database: &TestDatabase) {
    database
        .tamper(
            "DROP TABLE saved_view; DROP TABLE request; DROP TABLE document_giver; ALTER TABLE checkpoint DROP COLUMN reads_sequence; ALTER TABLE checkpoint DROP COLUMN reads_hash; UPDATE setting SET value = '1' WHERE name = 'schema_version'",
        )
        .await;
}

fn keyed(command: Command, key: &str) -> Request {
    Request { command, expected_version: None, idempotency_key: Some(key.into()) }
}

on_both! {
    async fn a_register_of_version_1_goes_on(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let operator = register.operator.clone();
        let first = register.store.execute(&operator, keyed(open("OFFICIAL"), "one")).await.unwrap();
        register.store.close().await;
        make_version_1(&database).await;

        let register = Register::open(database.url()).await;
        let version = database.query("SELECT value FROM setting WHERE name = 'schema_version'").await;
        assert_eq!(version, [["3"]]);
        // What is known of a request of before is what it was about.
        let again = register.store.execute(&operator, keyed(open("OFFICIAL"), "one")).await.unwrap();
        assert!(again.repeated);
        assert_eq!(again.subject, first.subject);
        let other = Command::Party(party("Works", "RUS", "PUBLIC"));
        assert_eq!(code(register.store.execute(&operator, keyed(other, "one")).await), "idempotency.reused");
        register.store.execute(&operator, keyed(open("OFFICIAL"), "two")).await.unwrap();
        let other = register.store.execute(&operator, keyed(open("SECRET"), "two")).await;
        assert_eq!(code(other), "idempotency.reused");
        let found = register.store.verify(&VerifyOptions { deep: true, ..Default::default() }, silent()).await.unwrap();
        assert!(found.ok(), "{found:?}");

        // Opened once more, nothing is left to do.
        register.store.close().await;
        let register = Register::open(database.url()).await;
        register.store.execute(&operator, keyed(open("OFFICIAL"), "three")).await.unwrap();
        register.store.save_view("operator", "India", "/contracts?partner=IND").await.unwrap();
        assert_eq!(register.store.saved_views("operator").await.unwrap().len(), 1);
    }
}
