//! The full file of an application as one archive: what is read of it as JSON, its events as lines of JSON, its papers, and
//! an index with the hash of each. The same reading gives the same bytes.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use entente_store::Fault;
use entente_store::reader::{CaseFile, JudgedAgain};
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::api::assurance::certificate_object::CertificateObject;
use crate::api::assurance::inspection_object::InspectionObject;
use crate::api::transfer::judged_object::CheckObject;
use crate::api::transfer::licence_object::LicenceObject;
use crate::api::transfer::object::ApplicationObject;

const DOING: &str = "writing the full file of an application";

/// A decision, judged again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct JudgedObject {
    #[schema(format = Date)]
    decided_on: String,
    /// Entry of the ledger by which it was signed.
    entry: i64,
    rules_then: String,
    rules_now: String,
    /// What stands against it by what was known when it was signed.
    against_then: Vec<CheckObject>,
    /// What stands against it by what is known now.
    against_now: Vec<CheckObject>,
}

impl JudgedObject {
    pub(crate) fn of(judged: &JudgedAgain) -> JudgedObject {
        JudgedObject {
            decided_on: judged.decision.on.to_string(),
            entry: judged.sequence,
            rules_then: judged.editions.0.clone(),
            rules_now: judged.editions.1.clone(),
            against_then: judged.then.iter().map(|check| CheckObject::of(check, None)).collect(),
            against_now: judged.now.iter().map(|check| CheckObject::of(check, None)).collect(),
        }
    }
}

/// A file of the archive, in its index.
#[derive(Debug, Serialize)]
struct Entry {
    path: String,
    what: String,
    sha256: String,
    bytes: usize,
}

/// The index.
#[derive(Debug, Serialize)]
struct Index {
    application: String,
    as_of: String,
    /// Up to which entry of the ledger.
    known_to_entry: i64,
    files: Vec<Entry>,
    /// Papers that are held outside the register.
    held_elsewhere: Vec<String>,
}

/// An event, as its line.
#[derive(Debug, Serialize)]
struct Line<'e> {
    sequence: i64,
    recorded_at: String,
    actor: &'e str,
    subject: &'e str,
    version: u32,
    kind: &'e str,
    occurred_on: String,
    label: String,
    payload: Option<serde_json::Value>,
    hash: &'e str,
}

/// The file as bytes: of what day, and up to which entry of the ledger it is.
///
/// # Errors
/// A fault where it cannot be written.
pub(crate) fn archive(file: CaseFile, as_of: Date, known_to: i64) -> Result<Vec<u8>, Fault> {
    let number = file.application.application.number.clone();
    let mut files: BTreeMap<String, (String, Vec<u8>)> = BTreeMap::new();
    let mut add = |path: String, what: &str, bytes: Vec<u8>| {
        files.insert(path, (what.to_owned(), bytes));
    };
    if let Some(events) = &file.events {
        let mut lines = Vec::new();
        for event in events {
            let line = Line {
                sequence: event.sequence,
                recorded_at: event.recorded_at.to_string(),
                actor: &event.actor,
                subject: &event.subject,
                version: event.version,
                kind: &event.kind,
                occurred_on: event.occurred_on.to_string(),
                label: event.label.to_string(),
                payload: event.payload.as_deref().and_then(|payload| serde_json::from_str(payload).ok()),
                hash: &event.hash,
            };
            serde_json::to_writer(&mut lines, &line).map_err(broken)?;
            lines.push(b'\n');
        }
        add("events.jsonl".to_owned(), "The events behind all of it, in the order of the ledger", lines);
    }
    if let Some(judged) = &file.judged {
        add("judged-again.json".to_owned(), "The decision, judged again", json(&JudgedObject::of(judged))?);
    }
    for view in file.certificates {
        let path = format!("certificates/{}.json", view.certificate.number);
        add(path, "An end-user certificate", json(&CertificateObject::of(view))?);
    }
    for view in file.inspections {
        let path = format!("inspections/{}.json", view.inspection.number);
        add(path, "An inspection of what went", json(&InspectionObject::of(view))?);
    }
    if let Some(view) = file.licence {
        add("licence.json".to_owned(), "The licence", json(&LicenceObject::of(view, as_of))?);
    }
    add(
        "application.json".to_owned(),
        "The application",
        json(&ApplicationObject::of(file.application, as_of))?,
    );
    for paper in file.papers {
        let ending = ending(&paper.paper.media_type);
        let path = format!("papers/{}/{}.{ending}", paper.subject.key, paper.content);
        add(path, &paper.paper.document.title, paper.paper.bytes);
    }
    let entries = files.iter().map(|(path, (what, bytes))| Entry {
        path: path.clone(),
        what: what.clone(),
        sha256: hex::encode(Sha256::digest(bytes)),
        bytes: bytes.len(),
    });
    let index = Index {
        application: number,
        as_of: as_of.to_string(),
        known_to_entry: known_to,
        files: entries.collect(),
        held_elsewhere: file.elsewhere,
    };
    let index = json(&index)?;
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Of no time: the same reading gives the same bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let all = std::iter::once(("index.json", index.as_slice()));
    for (path, bytes) in all.chain(files.iter().map(|(path, (_, bytes))| (path.as_str(), bytes.as_slice()))) {
        zip.start_file(path, options).map_err(broken)?;
        zip.write_all(bytes).map_err(broken)?;
    }
    Ok(zip.finish().map_err(broken)?.into_inner())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, Fault> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(broken)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::internal(DOING, error.to_string())
}

/// The ending of a name, by what the register knows of the paper.
fn ending(media_type: &str) -> &'static str {
    match media_type.split(';').next().unwrap_or_default() {
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/csv" => "csv",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "application/json" => "json",
        _ => "bin",
    }
}
