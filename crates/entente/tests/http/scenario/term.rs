//! Scenario 6: a term that lapsed on 31 May 2026.

use entente_register::party::PartyKind;
use serde_json::json;

use super::{Scene, authority, shipped_text};

#[tokio::test(flavor = "multi_thread")]
async fn a_term_that_lapsed_applies_with_its_exceptions_until_somebody_says_what_came_after() {
    let scene = Scene::on("2026-06-15").await;
    let army = scene.party("Ministry of Defence", PartyKind::StateAuthority, "SSD").await;
    let vehicles = json!({"description": "Armoured vehicle", "category": "ML6.a", "class": "II"});
    let number = scene.filed(("SSD", &army), vehicles, json!({})).await;
    scene.establish(&number, &army, authority("SSD")).await;
    scene.weigh(&number).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.blocked", "{said}");
    assert!(said.contains("2781 (2025)") && said.contains("Confirm renewal"), "{said}");
    assert!(said.contains("ended on 2026-05-31"), "{said}");

    // What is exempt is exempt still, once it is on record that the term was considered.
    let radios = json!({
        "description": "Radio", "category": "ML11.a", "class": "other-arms", "non_lethal": true
    });
    let exempt = scene.filed(("SSD", &army), radios, json!({"exception": "peace_agreement"})).await;
    scene.establish(&exempt, &army, authority("SSD")).await;
    scene.weigh(&exempt).await;
    scene.certify(&exempt, ("SSD", &army)).await;
    let (code, said) = scene.barred(&exempt).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("is exempt") && said.contains("Confirm renewal"), "{said}");

    // The task: the term stands among those to be confirmed.
    let status = scene.read("officer", "embargo").await;
    let terms = status["terms"].as_array().unwrap().iter();
    let over: Vec<_> = terms.filter(|term| term["over"] == true).collect();
    assert_eq!(over.len(), 1, "{status}");
    assert_eq!((&over[0]["regime"], &over[0]["last_day"]), (&json!("south-sudan"), &json!("2026-05-31")));
    assert_eq!(scene.count("term_to_confirm").await, 1);
    let task = scene.read("officer", "notices/term_to_confirm").await;
    assert_eq!(
        (&task["rows"][0]["number"], &task["rows"][0]["state"]),
        (&json!("south-sudan"), &json!("SSD"))
    );
    let page = crate::pages::Visitor { server: &scene.server, cookie: session(&scene).await };
    let page = page.get("/embargo").await;
    assert!(page.text.contains("Confirm renewal"), "{}", page.text);

    scene.record(&exempt, "south-sudan-2781", "consideration", "M-1").await;
    scene.grant(&exempt).await;

    // What came after is a new edition, by two people, and the task is done.
    let renewed = shipped_text("south_sudan.toml").replace("last_day = 2026-05-31", "last_day = 2027-05-31");
    scene.rules_in_force("south-sudan", &renewed).await;
    let (code, said) = scene.barred(&number).await;
    assert!(code == "transfer.blocked" && !said.contains("Confirm renewal"), "{said}");
    let status = scene.read("officer", "embargo").await;
    assert!(status["terms"].as_array().unwrap().iter().all(|term| term["over"] == false), "{status}");
    assert_eq!(scene.count("term_to_confirm").await, 0);
}

/// The cookie of whoever reads the pages.
pub(super) async fn session(scene: &Scene) -> String {
    let store = &scene.server.app.store;
    let given = store.give_one_time_password("watch").await.unwrap();
    let origin = entente_store::Origin::default();
    let (token, _) = store.sign_in("watch", &given, &origin).await.unwrap();
    let (token, _) = store.change_password(&token, &given, "five quiet herons wade").await.unwrap();
    format!("entente={token}")
}
