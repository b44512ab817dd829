//! `entente ledger …`, driven as a process, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::{Command as Process, Output};

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::label::Clearance;
use entente_register::money::Currency;
use entente_register::partner::PartnerCommand;
use entente_register::party::{NewParty, PartyKind};
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
            .tamper("DELETE FROM checkpoint; DELETE FROM event WHERE sequence = 4; UPDATE ledger_head SET sequence = 3, hash = (SELECT hash FROM event WHERE sequence = 3), recorded_at = (SELECT recorded_at FROM event WHERE sequence = 3)")
            .await;
        let bad = ledger(&database, &["verify", "--format", "json"]);
        assert_eq!((bad.status.code(), &json(&bad)["first_bad"]["sequence"]), (Some(1), &json!(4)));
    }

    async fn a_key_that_is_named_needs_a_checkpoint(database: TestDatabase) {
        founded(&database).await;
        let made = ledger(&database, &["checkpoint", "--format", "json"]);
        let key = json(&made)["key"].as_str().unwrap().to_owned();
        assert_eq!(ledger(&database, &["verify", "--key", &key]).status.code(), Some(0));
        let file = json(&made)["file"].as_str().unwrap().to_owned();
        std::fs::remove_file(file).unwrap();
        database.tamper("DELETE FROM checkpoint").await;
        let bad = ledger(&database, &["verify", "--key", &key, "--format", "json"]);
        assert_eq!(bad.status.code(), Some(1));
        assert!(json(&bad)["first_bad"]["fault"].as_str().unwrap().starts_with("no checkpoint is there"), "{}", json(&bad));
    }

    async fn the_log_of_reads_is_verified_too(database: TestDatabase) {
        founded(&database).await;
        let store = Store::open(&database.url().parse().unwrap(), StoreOptions::system().unwrap()).await.unwrap();
        let operator = Actor::operator(Clearance::full());
        let mut parties = Vec::new();
        for (role, name) in [(PartyRole::Exporter, "Export House"), (PartyRole::EndUser, "Ministry")] {
            let party = NewParty {
                name: name.into(),
                kind: PartyKind::StateAuthority,
                state: "IND".into(),
                label: "OFFICIAL".parse().unwrap(),
            };
            let party = store.execute(&operator, Command::Party(party)).await.unwrap().subject.key;
            parties.push(ContractParty { party, role });
        }
        let open = ContractCommand::Open(NewContract {
            reference: "P/1".into(),
            title: "Quiet boats".into(),
            partner: "IND".into(),
            parties,
            currency: Currency::USD,
            label: "SECRET//NAVY".parse().unwrap(),
            on: "2012-01-10".parse().unwrap(),
        });
        let opened = store.execute(&operator, Command::Contract { number: None, command: open }).await.unwrap();
        for _ in 0..3 {
            store.reader(&operator, None, None).await.unwrap().contract(&opened.subject.key).await.unwrap();
        }
        store.close().await;
        assert_eq!(ledger(&database, &["verify"]).status.code(), Some(0));
        database.tamper("UPDATE read_log SET account = 'nobody' WHERE sequence = 2").await;
        let bad = ledger(&database, &["verify", "--format", "json"]);
        assert_eq!(bad.status.code(), Some(1));
        assert_eq!(json(&bad), json!({ "ok": false, "events": 7, "first_bad": null, "first_bad_read": 2 }));
        let text = String::from_utf8(ledger(&database, &["verify"]).stdout).unwrap();
        assert!(text.contains("First bad row of the log of reads: 2"), "{text}");
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

/// A slip in the address of a register makes no register, and none that is told to be sound.
#[test]
fn nothing_is_made_where_there_is_no_register() {
    let database = entente_testing::sqlite();
    let missing = database.folder().join("slip.db");
    let url = format!("sqlite:{}", missing.display());
    let out = database.folder().join("out");
    for arguments in
        [vec!["ledger", "verify"], vec!["ledger", "export"], vec!["backup", out.to_str().unwrap()]]
    {
        let output = Process::new(env!("CARGO_BIN_EXE_entente"))
            .args(["--database", &url])
            .args(&arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("database.no_register") && said.contains("slip.db"), "{said}");
        assert!(!missing.exists() && !out.exists(), "{arguments:?}");
    }
    // An empty file is no register either.
    std::fs::write(&missing, "").unwrap();
    let output = Process::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--database", &url, "ledger", "verify"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What was found, and a password that nobody took, are told by the exit status when nobody reads.
#[test]
fn a_closed_pipe_makes_no_success_of_a_failure() {
    let database = entente_testing::sqlite();
    entente_testing::block_on(async {
        founded(&database).await;
        database.tamper("UPDATE event SET payload = replace(payload, 'India', 'indiA')").await;
    });
    let unread = |arguments: &[&str]| {
        let mut child = Process::new(env!("CARGO_BIN_EXE_entente"))
            .args(["--database", database.url()])
            .args(arguments)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for format in ["text", "json"] {
        let (status, said) = unread(&["ledger", "verify", "--format", format]);
        assert_eq!(status, Some(1), "{said}");
    }
    let add = ["user", "add", "a.petrova", "--name", "A", "--role", "member", "--clearance", "SECRET"];
    let (status, said) = unread(&add);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("user reset a.petrova"), "{said}");
}

#[test]
fn a_command_that_acts_as_nobody_takes_no_account() {
    let database = entente_testing::sqlite();
    for arguments in [&["migrate"][..], &["serve"], &["demo", "--no-serve"], &["restore", "x.backup"]] {
        let output = Process::new(env!("CARGO_BIN_EXE_entente"))
            .args(["--database", database.url(), "--as", "a.petrova"])
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains("account.not_used"), "{said}");
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
