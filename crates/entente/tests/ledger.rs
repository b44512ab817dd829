//! `entente ledger …`, driven as a process, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command as Process, Output};

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::label::Clearance;
use entente_register::partner::PartnerCommand;
use entente_store::{Store, StoreOptions};
use entente_testing::{TestDatabase, on_both};
use serde_json::{Value, json};

/// A register with four events.
async fn founded(database: &TestDatabase) {
    let store = Store::open(&database.url().parse().unwrap(), StoreOptions::system().unwrap()).await.unwrap();
    let operator = Actor::operator(Clearance::full());
    store.execute(&operator, Command::Found { purpose: "register".into() }).await.unwrap();
    for (code, name) in [("BRA", "Brazil"), ("IND", "India"), ("CHN", "China")] {
        let partner = PartnerCommand::Register { code: code.into(), name: name.into() };
        store.execute(&operator, Command::Partner(partner)).await.unwrap();
    }
    store.close().await;
}

fn ledger(database: &TestDatabase, arguments: &[&str]) -> Output {
    Process::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--database", database.url(), "ledger"])
        .args(arguments)
        .env("HOME", database.folder())
        .env("XDG_DATA_HOME", database.folder())
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!("{e}: {} {}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    })
}

on_both! {
    async fn verify_tells_sound_from_not(database: TestDatabase) {
        founded(&database).await;
        let sound = ledger(&database, &["verify", "--format", "json", "--deep"]);
        assert_eq!(sound.status.code(), Some(0));
        assert_eq!(json(&sound), json!({ "ok": true, "events": 4, "first_bad": null }));
        let text = ledger(&database, &["verify"]);
        assert_eq!(String::from_utf8(text.stdout).unwrap(), "The ledger is sound: events 4, checkpoints 0.\n");

        database.tamper("UPDATE event SET payload = replace(payload, 'India', 'indiA')").await;
        let bad = ledger(&database, &["verify", "--format", "json"]);
        assert_eq!(bad.status.code(), Some(1));
        assert_eq!(
            json(&bad),
            json!({
                "ok": false,
                "events": 4,
                "first_bad": { "sequence": 3, "fault": "the payload is not the one that was written" }
            })
        );
        assert_eq!(ledger(&database, &["verify"]).status.code(), Some(1));
        assert_eq!(ledger(&database, &["verify", "--key", "short"]).status.code(), Some(2));
        assert_eq!(ledger(&database, &["verify", "--checkpoints", "/nowhere/at/all"]).status.code(), Some(2));
        // A table that is gone is a fault, which is told and is no crash.
        database.tamper("DROP TABLE event").await;
        assert_eq!(ledger(&database, &["verify", "--format", "json"]).status.code(), Some(1));
    }

    async fn a_cut_tail_is_told_by_the_checkpoint_file(database: TestDatabase) {
        founded(&database).await;
        let made = ledger(&database, &["checkpoint", "--format", "json"]);
        assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
        assert_eq!(json(&made)["sequence"], 4);
        let sound = ledger(&database, &["verify"]);
        assert_eq!(String::from_utf8(sound.stdout).unwrap(), "The ledger is sound: events 4, checkpoints 1.\n");
        database
            .tamper("DELETE FROM checkpoint; DELETE FROM event WHERE sequence = 4; UPDATE ledger_head SET sequence = 3, hash = (SELECT hash FROM event WHERE sequence = 3)")
            .await;
        let bad = ledger(&database, &["verify", "--format", "json"]);
        assert_eq!((bad.status.code(), &json(&bad)["first_bad"]["sequence"]), (Some(1), &json!(4)));
    }

    async fn rebuild_and_export(database: TestDatabase) {
        founded(&database).await;
        database.tamper("DELETE FROM partner").await;
        assert_eq!(json(&ledger(&database, &["verify", "--deep", "--format", "json"]))["ok"], false);
        let rebuilt = ledger(&database, &["rebuild"]);
        assert_eq!(String::from_utf8(rebuilt.stdout).unwrap(), "The views are rebuilt from 4 events.\n");
        assert_eq!(json(&ledger(&database, &["verify", "--deep", "--format", "json"]))["ok"], true);

        let printed = ledger(&database, &["export"]);
        let lines = String::from_utf8(printed.stdout).unwrap();
        assert_eq!(lines.lines().count(), 4);
        assert!(lines.lines().nth(1).unwrap().contains(r#""payload":{"name":"Brazil"},"#));
        let path = database.folder().join("ledger.ndjson");
        let path = path.to_str().unwrap();
        assert_eq!(ledger(&database, &["export", path]).status.code(), Some(0));
        assert_eq!(std::fs::read_to_string(path).unwrap(), lines);
        assert_eq!(ledger(&database, &["export", path]).status.code(), Some(2));
    }
}

#[test]
fn a_file_that_is_no_database_is_not_sound() {
    let database = entente_testing::sqlite();
    std::fs::write(database.folder().join("entente.db"), "This is no database. ".repeat(1000)).unwrap();
    let bad = ledger(&database, &["verify", "--format", "json"]);
    assert_eq!(bad.status.code(), Some(1));
    assert_eq!(json(&bad)["ok"], false);
    assert_eq!(json(&bad)["first_bad"]["sequence"], 0);
}
