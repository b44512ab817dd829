//! Scenario 4: Libya in March 2011.

use entente_register::party::PartyKind;
use serde_json::json;

use super::{Scene, authority};

#[tokio::test(flavor = "multi_thread")]
async fn rifles_for_libya_are_blocked_and_an_approved_protective_kit_is_open_under_its_number() {
    let scene = Scene::on("2011-03-10").await;

    // A guard that a government has authorised is on no list, and the measure is against the territory.
    let guard = scene.party("Gulf of Sirte Guards", PartyKind::Company, "LBY").await;
    let rifles =
        scene.filed(("LBY", &guard), json!({"description": "Rifle", "non_lethal": false}), json!({})).await;
    scene.establish(&rifles, &guard, json!({"is": "authorised", "state": "LBY"})).await;
    scene.weigh(&rifles).await;
    let (code, said) = scene.barred(&rifles).await;
    assert_eq!(code, "transfer.blocked", "{said}");
    assert!(said.contains("1970 (2011), paragraph 9") && said.lines().count() == 1, "{said}");
    // No record opens what is forbidden.
    let approval = scene.recording("libya-1970-9", "approval", "AC.52/1");
    let path = format!("applications/{rifles}/records");
    assert_eq!(scene.refused("officer", &path, approval).await["code"], "transfer.check");

    let ministry = scene.party("Ministry of Interior", PartyKind::StateAuthority, "LBY").await;
    let kit = json!({
        "description": "Helmet", "category": "ML13.c", "class": "other-arms", "non_lethal": true
    });
    let purpose = json!({"exception": "humanitarian_or_protective"});
    let helmets = scene.filed(("LBY", &ministry), kit, purpose).await;
    scene.establish(&helmets, &ministry, authority("LBY")).await;
    scene.weigh(&helmets).await;
    scene.certify(&helmets, ("LBY", &ministry)).await;
    let (code, said) = scene.barred(&helmets).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("1970 (2011), paragraph 9"), "{said}");
    // What opens it is the approval, under its number.
    let path = format!("applications/{helmets}/records");
    let rule = "libya-1970-9";
    let unnumbered = scene.refused("officer", &path, scene.recording(rule, "approval", " ")).await;
    assert_eq!(
        (&unnumbered["code"], &unnumbered["field"]),
        (&json!("transfer.reference"), &json!("reference"))
    );
    let told = scene.refused("officer", &path, scene.recording(rule, "notification", "AC.52/2")).await;
    assert_eq!(told["code"], "transfer.record");
    scene.record(&helmets, rule, "approval", "AC.52/2011/Note.7").await;
    let licence = scene.grant(&helmets).await;
    let seen = scene.read("officer", &format!("applications/{helmets}")).await;
    let checks = seen["decisions"][0]["checks"].as_array().unwrap();
    assert!(checks.iter().any(|check| check["about"] == rule && check["settled"] == true), "{seen}");
    assert_eq!(scene.read("exporter", &format!("licences/{licence}")).await["state"], "issued");
}
