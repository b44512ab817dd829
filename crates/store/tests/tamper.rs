//! What is done to a ledger past the program is found, and the first event that is not what was written is named.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::os::unix::fs::PermissionsExt as _;

use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::document::Document;
use entente_register::money::Quantity;
use entente_register::partner::PartnerCommand;
use entente_store::{
    CheckpointFiles, Entropy, Store, StoreOptions, SystemClock, Verification, VerifyOptions, silent,
};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::date;
use support::history::History;
use support::*;

async fn verify(register: &Register, options: &VerifyOptions) -> Verification {
    register.store.verify(options, silent()).await.unwrap()
}

/// The first bad sequence, and that its fault says something.
async fn first_bad(register: &Register) -> Option<i64> {
    let bad = verify(register, &VerifyOptions::default()).await.first_bad?;
    assert!(bad.fault.len() > 10, "{bad:?}");
    Some(bad.sequence)
}

/// A register with some hundred events, and how many.
async fn filled(database: &TestDatabase, seed: u64) -> (Register, i64) {
    let register = Register::founded(database).await;
    History::seeded(seed).run(&register, 300).await;
    let found = verify(&register, &VerifyOptions { deep: true, ..Default::default() }).await;
    assert_eq!(found.first_bad, None);
    assert!(found.events > 60);
    (register, found.events)
}

fn files(database: &TestDatabase) -> CheckpointFiles {
    CheckpointFiles::beside(&database.folder().join("ledger"))
}

on_both! {
    async fn an_empty_ledger_is_sound(database: TestDatabase) {
        let register = Register::empty(&database).await;
        let found = verify(&register, &VerifyOptions { deep: true, ..Default::default() }).await;
        assert_eq!((found.events, found.first_bad), (0, None));
    }

    async fn a_changed_byte_in_a_payload(database: TestDatabase) {
        let (register, _) = filled(&database, 1).await;
        database.tamper("UPDATE event SET payload = replace(payload, 'Example Works', 'Example Worse') WHERE kind = 'party.registered.v1'").await;
        assert_eq!(first_bad(&register).await, Some(6));
    }

    async fn a_deleted_row(database: TestDatabase) {
        let (register, _) = filled(&database, 2).await;
        database.tamper("DELETE FROM event WHERE sequence = 20").await;
        assert_eq!(first_bad(&register).await, Some(20));
        database.tamper("DELETE FROM event WHERE sequence = 1").await;
        assert_eq!(first_bad(&register).await, Some(1));
        database.tamper("DELETE FROM event").await;
        assert_eq!(first_bad(&register).await, Some(1));
    }

    async fn two_swapped_rows(database: TestDatabase) {
        let (register, _) = filled(&database, 3).await;
        database
            .tamper("UPDATE event SET sequence = -1 WHERE sequence = 30; UPDATE event SET sequence = 30 WHERE sequence = 31; UPDATE event SET sequence = 31 WHERE sequence = -1")
            .await;
        assert_eq!(first_bad(&register).await, Some(30));
    }

    async fn a_truncated_tail_is_told_by_the_head(database: TestDatabase) {
        let (register, events) = filled(&database, 4).await;
        database.tamper(&format!("DELETE FROM event WHERE sequence > {}", events - 5)).await;
        assert_eq!(first_bad(&register).await, Some(events - 4));
    }

    async fn a_checkpoint_is_signed_when_it_is_due(database: TestDatabase) {
        let (register, events) = filled(&database, 4).await;
        let files = files(&database);
        let day = jiff::SignedDuration::from_hours(24);
        let due = async || register.store.checkpoint_if_due(&files, day).await.unwrap().map(|made| made.sequence);
        assert_eq!(due().await, Some(events));
        let later = register.store.now() + day;
        register.clock.set(later);
        assert_eq!(due().await, None, "nothing came after it");
        let partner = async |code: &str| {
            let command = PartnerCommand::Register { code: code.into(), name: "A partner".into() };
            register.run(Command::Partner(command)).await.unwrap();
        };
        partner("ZMB").await;
        assert_eq!(due().await, Some(events + 1));
        partner("ZWE").await;
        assert_eq!(due().await, None, "a day has not passed");
    }

    async fn a_truncated_tail_is_told_by_a_checkpoint(database: TestDatabase) {
        let (register, events) = filled(&database, 5).await;
        let files = files(&database);
        let options = VerifyOptions { files: Some(files.clone()), ..Default::default() };
        let checkpoint = register.store.checkpoint(&files).await.unwrap();
        assert_eq!(checkpoint.sequence, events);
        let sound = verify(&register, &options).await;
        assert_eq!((sound.first_bad, sound.checkpoints), (None, 1));
        // The tail goes, and the head with it: the chain alone is whole.
        let cut = |at: i64| format!(
            "DELETE FROM event WHERE sequence > {at}; UPDATE ledger_head SET sequence = {at}, hash = (SELECT hash FROM event WHERE sequence = {at}), recorded_at = (SELECT recorded_at FROM event WHERE sequence = {at})"
        );
        database.tamper(&cut(events - 5)).await;
        // The table is enough, and so is the file.
        assert_eq!(first_bad(&register).await, Some(events - 4));
        database.tamper("DELETE FROM checkpoint").await;
        assert_eq!(first_bad(&register).await, None);
        let found = verify(&register, &options).await.first_bad.unwrap();
        assert_eq!(found.sequence, events - 4);
        assert!(found.fault.contains("checkpoint"), "{found:?}");
    }

    async fn a_rewritten_tail_is_told_by_a_checkpoint(database: TestDatabase) {
        let (register, events) = filled(&database, 6).await;
        let files = files(&database);
        let options = VerifyOptions { files: Some(files.clone()), ..Default::default() };
        register.store.checkpoint(&files).await.unwrap();
        let at = events - 5;
        database
            .tamper(&format!("DELETE FROM event WHERE sequence > {at}; UPDATE ledger_head SET sequence = {at}, hash = (SELECT hash FROM event WHERE sequence = {at}); DELETE FROM checkpoint"))
            .await;
        register.store.rebuild(silent()).await.unwrap();
        for _ in 0..8 {
            register.run(open("OFFICIAL")).await.unwrap();
        }
        assert_eq!(first_bad(&register).await, None);
        assert_eq!(verify(&register, &options).await.first_bad.unwrap().sequence, events);
    }

    async fn a_checkpoint_of_another_key_is_none(database: TestDatabase) {
        let (register, events) = filled(&database, 7).await;
        let (ours, theirs) = (files(&database), CheckpointFiles::beside(&database.folder().join("theirs")));
        let checkpoint = register.store.checkpoint(&ours).await.unwrap();
        // Another source of randomness makes another key.
        let options = StoreOptions {
            clock: std::sync::Arc::new(SystemClock),
            entropy: std::sync::Arc::new(Entropy::seeded(99)),
        };
        let other = Store::open(register.store.url(), options).await.unwrap();
        let forged = other.checkpoint(&theirs).await.unwrap();
        assert_ne!(checkpoint.fingerprint(), forged.fingerprint());
        let pinned = |files: &CheckpointFiles| VerifyOptions {
            key: Some(checkpoint.fingerprint()),
            files: Some(files.clone()),
            deep: false,
        };
        let forged_file = CheckpointFiles { key: ours.key.clone(), checkpoints: theirs.checkpoints.clone() };
        let by_key = VerifyOptions { key: None, ..pinned(&forged_file) };
        assert_eq!(verify(&register, &by_key).await.first_bad.unwrap().sequence, events);
        // The table holds the forged one too, which the pinned key does not know.
        assert!(verify(&register, &pinned(&ours)).await.first_bad.unwrap().fault.contains("another key"));
        database.tamper("UPDATE checkpoint SET signature = hash").await;
        let options = VerifyOptions { files: Some(ours), ..Default::default() };
        let found = verify(&register, &options).await.first_bad.unwrap();
        assert!(found.fault.contains("cannot be read"), "{found:?}");
    }

    async fn a_key_is_its_owners_and_a_torn_line_is_none(database: TestDatabase) {
        let (register, _) = filled(&database, 8).await;
        let files = files(&database);
        let options = VerifyOptions { files: Some(files.clone()), ..Default::default() };
        register.store.checkpoint(&files).await.unwrap();
        let mode = std::fs::metadata(&files.key).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let line = std::fs::read_to_string(&files.checkpoints).unwrap();
        std::fs::write(&files.checkpoints, format!("{line}{}", &line[..40])).unwrap();
        assert_eq!(verify(&register, &options).await.first_bad, None);
        register.clock.set(instant("2012-12-01T00:00:00Z"));
        register.store.checkpoint(&files).await.unwrap();
        // What was torn was never promised; it does not stand in the way of what is written after it.
        let found = verify(&register, &options).await;
        assert_eq!((found.checkpoints, found.first_bad), (2, None));
        let lines = std::fs::read_to_string(&files.checkpoints).unwrap();
        assert!(lines.starts_with(&line) && lines.lines().count() == 2 && lines.ends_with('\n'));
        std::fs::write(&files.key, "nonsense").unwrap();
        assert_eq!(code(register.store.checkpoint(&files).await), "checkpoint.key");
        assert_eq!(code(Register::empty(&entente_testing::sqlite()).await.store.checkpoint(&CheckpointFiles::beside(&database.folder().join("empty"))).await), "checkpoint.empty");
    }

    async fn a_cut_tail_of_the_log_of_reads_is_told_by_a_checkpoint(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let secret = register.contract("SECRET").await;
        let read = async || {
            let reader = register.store.reader(&register.chair, None, None).await.unwrap();
            reader.contract(&secret).await.unwrap();
        };
        let files = files(&database);
        let options = VerifyOptions { files: Some(files.clone()), ..Default::default() };
        let bad_read = async || verify(&register, &options).await.first_bad_read;
        let empty = register.store.checkpoint(&files).await.unwrap();
        assert!(empty.is_signed() && empty.reads.is_some_and(|reads| reads.0 == 0));
        for _ in 0..3 {
            read().await;
        }
        // Reads alone make a checkpoint due.
        let day = jiff::SignedDuration::from_hours(24);
        register.clock.set(register.store.now() + day);
        let signed = register.store.checkpoint_if_due(&files, day).await.unwrap().unwrap();
        assert_eq!((signed.sequence, signed.reads.unwrap().0), (empty.sequence, 3));
        assert!(signed.is_signed());
        read().await;
        assert_eq!((bad_read().await, verify(&register, &options).await.checkpoints), (None, 2));
        // What came after the checkpoint is not sworn to; what came before it is.
        database.tamper("DELETE FROM read_log WHERE sequence = 4").await;
        assert_eq!(bad_read().await, None);
        database.tamper("DELETE FROM read_log WHERE sequence = 3").await;
        assert_eq!(bad_read().await, Some(3));
        assert!(!verify(&register, &options).await.ok());
        // The file alone tells it too; and the signature covers what it says of reads.
        database.tamper("DELETE FROM checkpoint").await;
        assert_eq!(bad_read().await, Some(3));
        let text = std::fs::read_to_string(&files.checkpoints).unwrap();
        let forged = text.replace(r#","sequence":3}"#, r#","sequence":2}"#);
        assert_ne!(forged, text);
        std::fs::write(&files.checkpoints, forged).unwrap();
        assert!(verify(&register, &options).await.first_bad.unwrap().fault.contains("not signed"));
    }

    /// A checkpoint of before, which says nothing of reads, is as good as it was: its form is still signed.
    async fn a_checkpoint_of_before_stays_valid(database: TestDatabase) {
        let (register, _) = filled(&database, 8).await;
        let files = files(&database);
        let made = register.store.checkpoint(&files).await.unwrap();
        let (sequence, hash) = (made.sequence, made.hash);
        let secret = std::fs::read_to_string(&files.key).unwrap();
        let key = ed25519_dalek::SigningKey::from_bytes(&hex::decode(secret.trim()).unwrap().try_into().unwrap());
        let signed_at = "2012-10-01T00:00:00.000000Z";
        let mut message = b"entente checkpoint v1\n".to_vec();
        message.extend(sequence.to_be_bytes());
        message.extend(hash);
        message.extend((signed_at.len() as u64).to_be_bytes());
        message.extend(signed_at.as_bytes());
        let signature = ed25519_dalek::Signer::sign(&key, &message);
        let line = format!(
            r#"{{"hash":"{}","public_key":"{}","sequence":{sequence},"signature":"{}","signed_at":"{signed_at}"}}"#,
            hex::encode(hash),
            hex::encode(key.verifying_key().to_bytes()),
            hex::encode(signature.to_bytes()),
        );
        std::fs::write(&files.checkpoints, format!("{line}\n")).unwrap();
        let options = VerifyOptions { files: Some(files), ..Default::default() };
        let found = verify(&register, &options).await;
        assert!(found.ok(), "{found:?}");
    }

    async fn a_head_that_is_not_the_last_event(database: TestDatabase) {
        let (register, events) = filled(&database, 9).await;
        for (sql, bad) in [
            ("UPDATE ledger_head SET hash = payload_digest FROM event WHERE event.sequence = 3", events),
            ("UPDATE ledger_head SET hash = event.hash, recorded_at = '2011-01-01T00:00:00.000000Z' FROM event WHERE event.sequence = (SELECT max(sequence) FROM event)", events),
            ("UPDATE ledger_head SET sequence = 40, hash = (SELECT hash FROM event WHERE sequence = 40)", 41),
            ("DELETE FROM ledger_head", events + 1),
        ] {
            database.tamper(sql).await;
            assert_eq!(first_bad(&register).await, Some(bad), "{sql}");
        }
    }

    async fn an_event_that_is_added(database: TestDatabase) {
        let (register, events) = filled(&database, 10).await;
        let add = |sequence: i64| format!(
            "INSERT INTO event SELECT {sequence}, recorded_at, actor, subject, 1000 + {sequence}, kind, occurred_on, label, reason, command, NULL, salt, payload, payload_digest, hash FROM event WHERE sequence = 5"
        );
        database.tamper(&add(events + 1)).await;
        assert_eq!(first_bad(&register).await, Some(events + 1));
        database.tamper(&add(0)).await;
        assert_eq!(first_bad(&register).await, Some(0));
    }

    async fn every_column_counts(database: TestDatabase) {
        let (register, _) = filled(&database, 11).await;
        for column in ["actor", "subject", "kind", "occurred_on", "label", "reason", "command", "idempotency_key", "payload", "recorded_at"] {
            database.tamper(&format!("CREATE TABLE kept AS SELECT sequence, {column} FROM event WHERE sequence = 33")).await;
            database.tamper(&format!("UPDATE event SET {column} = COALESCE({column}, '') || ' ' WHERE sequence = 33")).await;
            assert_eq!(first_bad(&register).await, Some(33), "{column}");
            database.tamper(&format!("UPDATE event SET {column} = (SELECT {column} FROM kept) WHERE sequence = 33; DROP TABLE kept")).await;
            assert_eq!(first_bad(&register).await, None, "{column}");
        }
        for (column, other) in [("version", "version + 500"), ("salt", "payload_digest"), ("hash", "payload_digest"), ("payload_digest", "hash"), ("salt", "NULL"), ("payload", "NULL")] {
            database.tamper(&format!("CREATE TABLE kept AS SELECT sequence, {column} FROM event WHERE sequence = 33")).await;
            database.tamper(&format!("UPDATE event SET {column} = {other} WHERE sequence = 33")).await;
            assert_eq!(first_bad(&register).await, Some(33), "{column}");
            database.tamper(&format!("UPDATE event SET {column} = (SELECT {column} FROM kept) WHERE sequence = 33; DROP TABLE kept")).await;
        }
        assert_eq!(first_bad(&register).await, None);
    }

    async fn a_view_that_was_changed_is_told_by_the_deep_look_alone(database: TestDatabase) {
        let (register, events) = filled(&database, 12).await;
        let deep = VerifyOptions { deep: true, ..Default::default() };
        for sql in [
            "UPDATE delivery_day SET amount = amount + 1",
            "UPDATE contract SET title = title || '.' WHERE known_to = 9223372036854775807",
            "DELETE FROM plan_item WHERE position = 1",
            "DELETE FROM line_sum",
            "INSERT INTO number_series (series, last) VALUES ('Z-2012', 4)",
        ] {
            assert!(database.tamper(sql).await > 0, "{sql}");
            assert_eq!(first_bad(&register).await, None);
            let bad = verify(&register, &deep).await.first_bad.unwrap();
            assert_eq!(bad.sequence, events);
            assert!(bad.fault.contains("the view"), "{bad:?}");
            register.store.rebuild(silent()).await.unwrap();
            assert_eq!(verify(&register, &deep).await.first_bad, None);
        }
    }

    async fn an_altered_or_missing_document_is_told_and_not_shown(database: TestDatabase) {
        let register = Register::founded(&database).await;
        let line = format!("{}.1", register.contract("OFFICIAL").await);
        let mut batch = register.store.batch().await.unwrap();
        let mut named = Vec::new();
        for title in ["Waybill 1", "Waybill 2", "Never named"] {
            let content = batch.keep_document("text/plain", title.as_bytes()).await.unwrap();
            if title != "Never named" {
                let document = Document { content: Some(content.clone()), ..paper(title) };
                let command = DeliveryCommand::HandOver { reference: None,
                    line: line.clone(), quantity: Quantity::whole(1), on: date(2012, 3, 1), document,
                };
                let receipt = batch.execute(&register.operator, Command::Delivery { number: None, command }).await.unwrap();
                named.push((receipt, content));
            }
        }
        batch.commit().await.unwrap();
        let deep = VerifyOptions { deep: true, ..Default::default() };
        let found = async || verify(&register, &deep).await.first_bad.map(|bad| (bad.sequence, bad.fault));
        let reader = register.store.reader(&register.operator, None, None).await.unwrap();
        let (receipt, content) = &named[0];
        assert_eq!(found().await, None);
        assert_eq!(reader.document(&receipt.subject, content).await.unwrap().bytes, b"Waybill 1");
        // Another paper in its place: the quick look does not see it, the deep one does, and no reader gets it.
        database.tamper(&format!("UPDATE document_content SET bytes = (SELECT bytes FROM document_content WHERE content = '{}') WHERE content = '{content}'", named[1].1)).await;
        assert_eq!(first_bad(&register).await, None);
        let (sequence, fault) = found().await.unwrap();
        assert!(sequence == receipt.sequence && fault.contains("not what was kept"), "{sequence} {fault}");
        let Err(entente_store::Error::Fault(fault)) = reader.document(&receipt.subject, content).await else {
            panic!("another paper was given");
        };
        assert_eq!(fault.kind, entente_store::FaultKind::Damaged);
        database.tamper(&format!("DELETE FROM document_content WHERE content = '{content}'")).await;
        let (sequence, fault) = found().await.unwrap();
        assert!(sequence == receipt.sequence && fault.contains("not held"), "{sequence} {fault}");
    }

    /// One byte of one column of one event, drawn at random, many times.
    async fn any_changed_byte_names_its_event(database: TestDatabase) {
        let (register, events) = filled(&database, 13).await;
        let draw = History::seeded(14);
        let bytes = ["salt", "payload_digest", "hash"];
        let texts = ["recorded_at", "actor", "subject", "kind", "occurred_on", "label", "command", "payload"];
        for _ in 0..60 {
            let sequence = 1 + i64::try_from(draw.below(usize::try_from(events).unwrap())).unwrap();
            let place = 1 + draw.below(16);
            let (column, tampered) = if draw.below(3) == 0 {
                let column = bytes[draw.below(bytes.len())];
                // Another first byte, by way of the hexadecimal text that both databases have.
                let sql = if database.is_postgres() {
                    format!("set_byte({column}, {0}, 255 - get_byte({column}, {0}))", place - 1)
                } else {
                    let row = &database.query(&format!("SELECT hex({column}) FROM event WHERE sequence = {sequence}")).await[0][0];
                    let mut value = hex::decode(row).unwrap();
                    value[place - 1] ^= 0xff;
                    format!("x'{}'", hex::encode(value))
                };
                (column, sql)
            } else {
                let column = texts[draw.below(texts.len())];
                let other = ["~", "0", "\u{ff}", "Z"][draw.below(4)];
                let sql = format!(
                    "CASE WHEN substr({column}, {place}, 1) = '{other}' THEN {column} || '!' ELSE substr({column}, 1, {place} - 1) || '{other}' || substr({column}, {place} + 1) END"
                );
                (column, sql)
            };
            database.tamper(&format!("CREATE TABLE kept AS SELECT {column} FROM event WHERE sequence = {sequence}")).await;
            database.tamper(&format!("UPDATE event SET {column} = {tampered} WHERE sequence = {sequence}")).await;
            assert_eq!(first_bad(&register).await, Some(sequence), "{column} at {place}");
            database.tamper(&format!("UPDATE event SET {column} = (SELECT {column} FROM kept) WHERE sequence = {sequence}; DROP TABLE kept")).await;
        }
        assert_eq!(first_bad(&register).await, None);
    }
}

/// What only SQLite lets stand in a column.
#[test]
fn garbage_in_a_column_is_a_finding_and_no_crash() {
    entente_testing::block_on(async {
        let database = entente_testing::sqlite();
        let (register, events) = filled(&database, 15).await;
        for (column, garbage) in [
            ("recorded_at", "x'ff00fe'"),
            ("actor", "CAST(x'ff00fe' AS TEXT)"),
            ("actor", "CAST('operator' AS BLOB)"),
            ("version", "'many'"),
            ("version", "1.5"),
            ("version", "-4"),
            ("payload", "CAST(payload AS BLOB)"),
            ("payload", "12"),
            ("payload", "''"),
            ("salt", "'text'"),
            ("salt", "x''"),
            ("hash", "7"),
            ("hash", "zeroblob(31)"),
            ("payload_digest", "zeroblob(1000000)"),
        ] {
            let sql = format!(
                "CREATE TABLE kept AS SELECT * FROM event WHERE sequence = 21; UPDATE event SET {column} = {garbage} WHERE sequence = 21"
            );
            database.tamper(&sql).await;
            let bad = verify(&register, &VerifyOptions { deep: true, ..Default::default() })
                .await
                .first_bad
                .unwrap();
            assert_eq!(bad.sequence, 21, "{column} = {garbage}: {bad:?}");
            // Whoever reads it otherwise gets a fault, no crash.
            let _ = register.store.rebuild(silent()).await;
            let _ = register.store.export(&register.operator, &mut |_| Ok(()), silent()).await;
            database.tamper("DELETE FROM event WHERE sequence = 21; INSERT INTO event SELECT * FROM kept; DROP TABLE kept").await;
        }
        assert_eq!(first_bad(&register).await, None);
        database.tamper("UPDATE ledger_head SET sequence = 'none', hash = 1.5").await;
        assert_eq!(first_bad(&register).await, Some(events + 1));
    });
}

/// Bytes of the file itself, drawn at random: sound (free space, a view, an index), a finding or a fault; no crash.
#[test]
fn a_changed_byte_of_the_file_never_crashes() {
    entente_testing::block_on(async {
        let database = entente_testing::sqlite();
        let (register, _) = filled(&database, 16).await;
        let url = register.store.url().clone();
        register.store.close().await;
        let path = database.folder().join("entente.db");
        let sound = std::fs::read(&path).unwrap();
        let draw = History::seeded(17);
        let mut found = 0;
        for _ in 0..120 {
            let mut bytes = sound.clone();
            for _ in 0..1 + draw.below(3) {
                let place = draw.below(bytes.len());
                bytes[place] ^= 1 + u8::try_from(draw.below(255)).unwrap();
            }
            for ending in ["-wal", "-shm"] {
                let _ = std::fs::remove_file(database.folder().join(format!("entente.db{ending}")));
            }
            std::fs::write(&path, &bytes).unwrap();
            let options = StoreOptions {
                clock: std::sync::Arc::new(SystemClock),
                entropy: std::sync::Arc::new(Entropy::seeded(1)),
            };
            let sound = async {
                let Ok(store) = Store::open(&url, options).await else { return false };
                let deep = VerifyOptions { deep: true, ..Default::default() };
                let sound = store.verify(&deep, silent()).await.is_ok_and(|found| found.ok());
                store.close().await;
                sound
            };
            // A thread of the driver that met a broken text in SQLite's own schema is gone, and may leave
            // whoever waits for it waiting; that is a finding too.
            let patience = std::time::Duration::from_secs(10);
            found += i32::from(!tokio::time::timeout(patience, sound).await.unwrap_or(false));
        }
        assert!(found > 20, "{found}");
    });
}

#[test]
fn an_export_has_each_event_as_it_is_stored() {
    entente_testing::block_on(async {
        let database = entente_testing::sqlite();
        let (register, events) = filled(&database, 18).await;
        let mut bytes = Vec::new();
        let mut sink = |part: &[u8]| {
            bytes.extend_from_slice(part);
            Ok(())
        };
        let count = register.store.export(&register.operator, &mut sink, silent()).await.unwrap();
        assert_eq!(count, events);
        let text = String::from_utf8(bytes).unwrap();
        let stored = database.query("SELECT payload, lower(hex(hash)) FROM event ORDER BY sequence").await;
        assert_eq!(text.lines().count(), stored.len());
        for (line, row) in text.lines().zip(&stored) {
            assert!(line.contains(&format!("\"payload\":{},", row[0])), "{line}");
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["hash"], row[1].as_str());
        }
        let auditor = actor(
            "auditor",
            entente_register::access::Role::Auditor,
            entente_register::label::Clearance::of(entente_register::label::Level::Secret),
        );
        assert_eq!(code(register.store.export(&auditor, &mut |_| Ok(()), silent()).await), "access.read");
    });
}
