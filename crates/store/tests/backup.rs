//! Backup and restore: between both databases and back, whole or not at all.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

mod support;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use entente_register::access::{AccountCommand, Actor};
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::plan::PlanCommand;
use entente_register::document::Document;
use entente_register::money::Quantity;
use entente_store::reader::BriefOptions;
use entente_store::{
    Backup, BackupProgress, BackupStep, DatabaseUrl, Entropy, ManualClock, Origin, Outcome, Store,
    StoreOptions, VerifyOptions, silent,
};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::*;

fn nobody_hears() -> BackupProgress {
    Arc::new(|_, _, _| {})
}

async fn open(database: &TestDatabase) -> Store {
    let url: DatabaseUrl = database.url().parse().unwrap();
    let clock = Arc::new(ManualClock::at(instant("2012-10-05T08:00:00Z")));
    Store::open(&url, StoreOptions { clock, entropy: Arc::new(Entropy::seeded(9)) }).await.unwrap()
}

/// A register with contracts of two markings, deliveries, a frozen plan, documents, credentials, a key and a log of reads.
async fn full(database: &TestDatabase) -> Register {
    let register = Register::founded(database).await;
    for marking in ["OFFICIAL", "SECRET"] {
        let line = format!("{}.1", register.contract(marking).await);
        let first = register.hand_over(&line, 4, date(2012, 3, 10)).await.unwrap().subject.key;
        register.accept(&first, date(2012, 3, 20)).await.unwrap();
        register.hand_over(&line, 3, date(2012, 7, 1)).await.unwrap();
    }
    let version = register.plan("O-2012-0001.1").await;
    let command = PlanCommand::Approve { on: date(2012, 2, 1), document: paper("Decision"), reason: None };
    register.store.execute(&register.chair, Command::Plan { version: Some(version), command }).await.unwrap();
    let mut batch = register.store.batch().await.unwrap();
    batch.keep_document("application/pdf", b"%PDF-1.4 invented").await.unwrap();
    batch.commit().await.unwrap();
    register.store.set_setting("default_as_of", "2012-09-30").await.unwrap();
    register.store.give_one_time_password("m.ivanova").await.unwrap();
    register.store.open_api_key("m.ivanova", "reports", 30).await.unwrap();
    let reader = register.store.reader(&register.chair, None, None).await.unwrap();
    reader.contract("S-2012-0001").await.unwrap();
    register
}

async fn brief(store: &Store, operator: &Actor) -> String {
    let reader =
        store.reader(operator, Some(date(2012, 9, 30)), Some(instant("2012-10-01T00:00:00Z"))).await.unwrap();
    format!("{:?}", reader.brief(&BriefOptions::default()).await.unwrap())
}

async fn sound(store: &Store) -> i64 {
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let found = store.verify(&options, silent()).await.unwrap();
    assert!(found.ok(), "{found:?}");
    found.events
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("entente."))
        .collect();
    names.sort();
    names
}

async fn save(store: &Store, file: &Path) -> Outcome<Backup> {
    store
        .backup(
            &entente_register::access::Actor::operator(entente_register::label::Clearance::full()),
            file,
            false,
            &nobody_hears(),
        )
        .await
}

fn content(file: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// What follows the two lines of the header, which say when the backup was made.
fn rows(file: &Path) -> Vec<u8> {
    let content = content(file);
    let ends: Vec<usize> =
        content.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at).take(2).collect();
    // The digest at the end covers the header.
    content[ends[1]..content.len() - 32].to_vec()
}

#[test]
fn from_sqlite_to_postgresql_and_back_nothing_changes() {
    let Some(between) = entente_testing::postgres() else { return };
    entente_testing::block_on(async {
        let (first, last) = (entente_testing::sqlite(), entente_testing::sqlite());
        let register = full(&first).await;
        let events = sound(&register.store).await;
        let expected = brief(&register.store, &register.operator).await;
        let files: Vec<PathBuf> =
            ["a", "b", "c"].map(|name| first.folder().join(format!("{name}.backup"))).into();

        let saved = save(&register.store, &files[0]).await.unwrap();
        assert_eq!(saved.events, events);
        assert_eq!(saved.bytes, files[0].metadata().unwrap().len());
        let mut from = files[0].clone();
        for (database, file) in [(&between, &files[1]), (&last, &files[2])] {
            let store = open(database).await;
            let restored = store.restore(&from, &nobody_hears()).await.unwrap();
            assert_eq!((restored.events, &restored.head, restored.rows), (events, &saved.head, saved.rows));
            save(&store, file).await.unwrap();
            // Row for row and byte for byte what was saved first.
            assert!(rows(file) == rows(&files[0]), "{}", file.display());
            assert_eq!(sound(&store).await, events);
            assert_eq!(brief(&store, &register.operator).await, expected);
            assert_eq!(store.setting("default_as_of").await.unwrap().as_deref(), Some("2012-09-30"));
            assert_eq!(store.api_keys("m.ivanova").await.unwrap().len(), 1);
            from = file.clone();
            store.close().await;
        }

        // The restored register goes on.
        let store = open(&last).await;
        let reset = Command::Account { account: "m.ivanova".into(), command: AccountCommand::ResetPassword };
        assert_eq!(store.execute(&register.operator, reset).await.unwrap().sequence, events + 1);
        let password = store.give_one_time_password("m.ivanova").await.unwrap();
        store.sign_in("m.ivanova", &password, &Origin::default()).await.unwrap();
        sound(&store).await;
    });
}

on_both! {
    async fn a_backup_is_one_state_while_others_write(database: TestDatabase) {
        let register = full(&database).await;
        let file = database.folder().join("one.backup");
        // Another writes as soon as the first rows are saved, and commits before the last are.
        let writer = (register.store.clone(), register.operator.clone());
        let written = Arc::new(Mutex::new(None));
        let kept = written.clone();
        let progress: BackupProgress = Arc::new(move |step, _, _| {
            let mut kept = kept.lock().unwrap();
            if step == BackupStep::Saving && kept.is_none() {
                let (store, operator) = writer.clone();
                let done = std::thread::spawn(move || {
                    entente_testing::block_on(async {
                        store.execute(&operator, Command::Party(party("Late", "IND", "OFFICIAL"))).await
                    })
                });
                *kept = Some(done.join().unwrap().unwrap().sequence);
            }
        });
        let saved = register.store.backup(&register.operator, &file, false, &progress).await.unwrap();
        assert_eq!(written.lock().unwrap().unwrap(), saved.events + 1);
        let other = entente_testing::sqlite();
        let store = open(&other).await;
        store.restore(&file, &nobody_hears()).await.unwrap();
        assert_eq!(sound(&store).await, saved.events);
    }

    async fn a_restore_is_whole_or_not_at_all(database: TestDatabase) {
        let first = entente_testing::sqlite();
        let register = full(&first).await;
        let file = first.folder().join("whole.backup");
        save(&register.store, &file).await.unwrap();
        let whole = std::fs::read(&file).unwrap();
        let store = open(&database).await;
        let bad = first.folder().join("bad.backup");
        for length in [0, 1, 100, whole.len() / 2, whole.len() - 1] {
            std::fs::write(&bad, &whole[..length]).unwrap();
            assert_eq!(code(store.restore(&bad, &nobody_hears()).await), "backup.malformed", "{length}");
        }
        let mut altered = whole.clone();
        altered[whole.len() / 2] ^= 1;
        std::fs::write(&bad, &altered).unwrap();
        // The chain may find it before the digest of the whole file does.
        let found = code(store.restore(&bad, &nobody_hears()).await);
        assert!(matches!(found, "backup.malformed" | "backup.chain"), "{found}");
        assert_eq!(code(store.restore(&first.folder().join("none"), &nobody_hears()).await), "backup.not_found");

        // Nothing of it was kept: the database is still empty, and takes the whole file.
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = heard.clone();
        let progress: BackupProgress = Arc::new(move |step, done, total| kept.lock().unwrap().push((step, done, total)));
        let restored = store.restore(&file, &progress).await.unwrap();
        let heard = heard.lock().unwrap().clone();
        assert!(heard.contains(&(BackupStep::Restoring, restored.rows, restored.rows)));
        assert_eq!(heard.last(), Some(&(BackupStep::Rebuilding, restored.events as u64, restored.events as u64)));
        assert_eq!(code(store.restore(&file, &nobody_hears()).await), "restore.not_empty");
    }

    async fn a_database_that_holds_anything_is_left_alone(database: TestDatabase) {
        let first = entente_testing::sqlite();
        let register = full(&first).await;
        let file = first.folder().join("whole.backup");
        save(&register.store, &file).await.unwrap();
        let store = open(&database).await;
        store.set_setting("default_as_of", "2020-01-01").await.unwrap();
        assert_eq!(code(store.restore(&file, &nobody_hears()).await), "restore.not_empty");
        assert_eq!(store.setting("default_as_of").await.unwrap().as_deref(), Some("2020-01-01"));
    }

    async fn a_tampered_register_is_saved_and_not_restored(database: TestDatabase) {
        let register = full(&database).await;
        database.tamper("UPDATE event SET payload = replace(payload, 'Patrol boat', 'Patrol ship') WHERE sequence = (SELECT min(sequence) FROM event WHERE kind = 'line.added.v1')").await;
        let file = database.folder().join("tampered.backup");
        let saved = save(&register.store, &file).await.unwrap();
        let other = entente_testing::sqlite();
        let store = open(&other).await;
        let refused = refusal(store.restore(&file, &nobody_hears()).await);
        assert_eq!(refused.code, "backup.chain");
        assert!(refused.message.contains("has another content"), "{}", refused.message);
        assert!(saved.events > 0);
    }

    async fn a_log_of_reads_or_a_document_that_was_altered_is_not_restored(database: TestDatabase) {
        let register = full(&database).await;
        let mut batch = register.store.batch().await.unwrap();
        let content = batch.keep_document("text/plain", b"Waybill").await.unwrap();
        let document = Document { content: Some(content.clone()), ..paper("Waybill") };
        let command = DeliveryCommand::HandOver { reference: None,
            line: "O-2012-0001.1".into(), quantity: Quantity::whole(1), on: date(2012, 8, 1), document,
        };
        batch.execute(&register.operator, Command::Delivery { number: None, command }).await.unwrap();
        batch.commit().await.unwrap();
        let mut made = 0;
        let mut restored = async || {
            made += 1;
            let file = database.folder().join(format!("{made}.backup"));
            save(&register.store, &file).await.unwrap();
            open(&entente_testing::sqlite()).await.restore(&file, &nobody_hears()).await
        };
        restored().await.unwrap();
        database.tamper("UPDATE read_log SET account = 'another'").await;
        assert_eq!(code(restored().await), "backup.reads");
        database.tamper("UPDATE read_log SET account = 'chair'").await;
        restored().await.unwrap();
        database.tamper(&format!("UPDATE document_content SET media_type = 'kept ' || content, content = '{}' WHERE content = '{content}'", "0".repeat(64))).await;
        let refused = refusal(restored().await);
        assert_eq!(refused.code, "backup.document");
        assert!(refused.message.contains("not what was kept"), "{}", refused.message);
        database.tamper("DELETE FROM document_content WHERE media_type LIKE 'kept %'").await;
        let refused = refusal(restored().await);
        assert_eq!(refused.code, "backup.document");
        assert!(refused.message.contains(&content), "{}", refused.message);
    }

    async fn a_file_is_not_overwritten_unasked_and_nothing_is_left_over(database: TestDatabase) {
        let register = full(&database).await;
        let folder = database.folder();
        let file = folder.join("kept.backup");
        std::fs::write(&file, b"something of value").unwrap();
        assert_eq!(code(save(&register.store, &file).await), "backup.exists");
        assert_eq!(std::fs::read(&file).unwrap(), b"something of value");
        register.store.backup(&register.operator, &file, true, &nobody_hears()).await.unwrap();
        assert!(content(&file).starts_with(b"entente backup 1\n"));
        assert_eq!(code(save(&register.store, &folder.join("no/such/folder")).await), "backup.folder");
        assert_eq!(code(save(&register.store, &folder).await), "backup.file");
        assert_eq!(names(&folder), ["kept.backup"]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
