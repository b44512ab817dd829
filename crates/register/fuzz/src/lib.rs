//! What holds for any bytes that come in the place of a file of customs: a reader gives every row of it or a refusal that
//! says what is missing, panics on nothing, and never takes a part. Run by the fuzzer, and over changed seeds by the tests of
//! `entente-register`.

use std::collections::BTreeSet;

use entente_register::customs::format::{
    FileKind, MOST_ROWS, read_licence_reply, read_usage_data, sealed, text_of,
};
use entente_register::ledger::Refusal;

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 3] = [("usage", usage), ("reply", reply), ("written", written)];

/// What went under licences.
pub fn usage(bytes: &[u8]) {
    each(bytes, |text| match read_usage_data(text) {
        Ok(file) => {
            assert!(file.run > 0 && file.content.len() == 64 && file.rows.len() <= MOST_ROWS);
            let shipments: BTreeSet<_> =
                file.rows.iter().map(|row| (&row.licence, row.reference())).collect();
            assert_eq!(shipments.len(), file.rows.len(), "a shipment stands in a file once");
            // The first record and the trailer stand around the rows: no record is passed over.
            assert_eq!(records(text), file.rows.len() + 2);
            for row in &file.rows {
                assert!(
                    !row.licence.is_empty() && !row.declaration.is_empty() && row.line > 0 && row.item > 0
                );
                assert!(row.row > 1);
            }
        }
        Err(refusal) => refused(&refusal),
    });
}

/// What customs took of a run.
pub fn reply(bytes: &[u8]) {
    each(bytes, |text| match read_licence_reply(text) {
        Ok(file) => {
            assert!(file.run > 0 && file.content.len() == 64 && file.rows.len() <= MOST_ROWS);
            let licences: BTreeSet<_> = file.rows.iter().map(|row| &row.licence).collect();
            assert_eq!(licences.len(), file.rows.len(), "a licence is answered once");
            assert_eq!(records(text), file.rows.len() + 2);
        }
        Err(refusal) => refused(&refusal),
    });
}

/// A file that is written of any cells is a record to a line under a trailer that fits, and is read or refused by a cell of
/// its own, never by its form.
pub fn written(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let rows = text.split('\n').take(40).map(|row| {
        let mut cells: Vec<String> = row.split('\t').take(12).map(str::to_owned).collect();
        cells.insert(0, "licence".to_owned());
        cells.resize(5, String::new());
        cells
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let file = sealed(FileKind::LicenceReply, 1, "2026-06-15T09:00:00Z", &rows);
    assert_eq!(file.lines().count(), rows.len() + 2, "a record is a line");
    if let Err(refusal) = read_licence_reply(&file) {
        refused(&refusal);
        assert!(
            !["customs.hash", "customs.trailer", "customs.count"].contains(&refusal.code),
            "{}: {}",
            refusal.code,
            refusal.message
        );
    }
}

/// The text as it is, and the same under a trailer that fits it.
fn each(bytes: &[u8], read: impl Fn(&str)) {
    match text_of(bytes.to_vec()) {
        Ok(text) => {
            read(&text);
            read(&resealed(&text));
        }
        Err(refusal) => refused(&refusal),
    }
}

/// The records of a text before its trailer, with the hash that they have and the number that they say.
fn resealed(text: &str) -> String {
    use sha2::{Digest as _, Sha256};

    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let kept: Vec<&str> = text.split_inclusive('\n').filter(|line| !line.starts_with("end,")).collect();
    let mut body = kept.concat();
    if !body.ends_with('\n') {
        body.push('\n');
    }
    let said = body.lines().next().and_then(|head| head.split(',').nth(5)).unwrap_or("0");
    let hash: String = Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    let trailer = format!("end,{said},{hash}\n");
    body + &trailer
}

/// How many records a text has: its lines, less those that are blank.
fn records(text: &str) -> usize {
    text.split(['\n', '\r']).filter(|line| !line.is_empty() && *line != "\u{feff}").count()
}

/// A refusal says what was wrong and what is missing.
fn refused(refusal: &Refusal) {
    assert!(!refusal.code.is_empty() && !refusal.message.is_empty(), "{refusal:?}");
    assert!(refusal.missing.as_ref().is_some_and(|missing| !missing.is_empty()), "{refusal:?}");
}
