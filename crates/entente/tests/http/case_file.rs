//! A decision judged again, and the full file of an application, for auditors.

use std::io::Read as _;

use axum::http::StatusCode;
use entente_register::access::Role;
use entente_store::{VerifyOptions, silent};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, is, shipment, strings};

/// Scenario 20: any licence, judged again as of its day with the editions of the rules, its whole file in one step, and an
/// exporter who sees no opinion of the inside in it.
#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_judges_a_decision_again_and_takes_its_full_file() {
    let case = Case::screened().await;
    let (number, licence) = case.licensed("2027-06-14").await;
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipment(DAY, "D-1", 5)).await;
    let judged = case.read("auditor", &format!("applications/{number}/judged-again")).await;
    assert_eq!((&judged["against_then"], &judged["against_now"]), (&json!([]), &json!([])), "{judged}");
    assert_eq!((&judged["decided_on"], &judged["rules_then"]), (&json!(DAY), &judged["rules_now"]));
    assert!(judged["rules_then"].as_str().unwrap().contains("files in force"), "{judged}");
    for (account, status) in [
        ("exporter", StatusCode::FORBIDDEN),
        ("f.ministry", StatusCode::FORBIDDEN),
        ("customs", StatusCode::FORBIDDEN),
    ] {
        is(&case.get(account, &format!("applications/{number}/judged-again")).await, status);
    }
    is(&case.get("auditor", "applications/O-T2026-9999/judged-again").await, StatusCode::NOT_FOUND);

    let auditor = Visitor::of(&case.server, Role::Auditor).await;
    let page = auditor.get(&format!("/applications/{number}/judged-again")).await;
    check("judged again", &page);
    assert!(page.text.contains("Nothing stood against it") && page.text.contains(&licence), "{}", page.text);
    let shown = auditor.get(&format!("/applications/{number}")).await;
    assert!(shown.text.contains("/file.zip") && shown.text.contains("/judged-again"), "{}", shown.text);

    let path = format!("/applications/{number}/file.zip");
    let bytes = auditor.get(&path).await.bytes;
    assert_eq!(auditor.get(&path).await.bytes, bytes, "the same reading gives the same bytes");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut file = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
        bytes
    };
    let index: Value = serde_json::from_slice(&file("index.json")).unwrap();
    let entries = index["files"].as_array().unwrap().clone();
    for entry in &entries {
        let bytes = file(entry["path"].as_str().unwrap());
        assert_eq!(json!(hex::encode(Sha256::digest(&bytes))), entry["sha256"], "{entry}");
    }
    let of = |name: &str| entries.iter().any(|entry| entry["path"] == name);
    for name in ["application.json", "licence.json", "judged-again.json", "events.jsonl"] {
        assert!(of(name), "{name} in {index}");
    }
    let application: Value = serde_json::from_slice(&file("application.json")).unwrap();
    assert_eq!(application["assessment"]["conclusion"], "QX-CONCLUSION");
    let events = String::from_utf8(file("events.jsonl")).unwrap();
    assert!(events.contains("licence.written_off.v1") && events.contains("certificate.bound.v1"), "{events}");
    let held = index["held_elsewhere"].to_string();
    assert!(held.contains("QX-OPINION-PAPER"), "{held}");

    // An officer takes it without the events of the ledger; nobody outside takes it at all.
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let own = officer.get(&path).await.bytes;
    assert!(
        !zip::ZipArchive::new(std::io::Cursor::new(own))
            .unwrap()
            .file_names()
            .any(|name| name.is_ok_and(|name| name == "events.jsonl"))
    );
    let mut said = Vec::new();
    strings(&case.read("exporter", &format!("applications/{number}")).await, &mut said);
    for hidden in crate::transfer_case::MARKERS {
        assert!(!said.iter().any(|text| text.contains(hidden)), "{hidden}: {said:?}");
    }
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    assert_eq!(exporter.get(&path).await.status, StatusCode::FORBIDDEN);
    let shown = exporter.get(&format!("/applications/{number}")).await;
    assert!(!shown.text.contains("file.zip") && !shown.text.contains("judged-again"), "{}", shown.text);
    let store = &case.server.app.store;
    assert!(store.verify(&VerifyOptions::default(), silent()).await.unwrap().first_bad.is_none());
}
