//! Scenario 5: parts for Iran, judged on days from 2009 to 2025.

use entente_register::party::PartyKind;
use serde_json::{Value, json};

use super::{Scene, authority, shipped_text};

fn tank_part() -> Value {
    json!({"description": "Track link of a battle tank", "category": "ML6.a", "class": "I", "part": true})
}

/// A part of a surface-to-air missile of long range, which no category of the UN Register holds.
fn missile_part() -> Value {
    json!({"description": "Seeker head", "category": "ML4.a", "class": "other-arms", "part": true})
}

/// An application for a part, with all that it needs beside what the rules ask.
async fn asked(scene: &Scene, user: &str, part: Value) -> String {
    let number = scene.filed(("IRN", user), part, json!({})).await;
    scene.establish(&number, user, authority("IRN")).await;
    scene.weigh(&number).await;
    scene.certify(&number, ("IRN", user)).await;
    number
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tank_part_for_iran_is_judged_by_the_rules_of_its_day_and_nobody_chooses_in_silence() {
    let mut scene = Scene::on("2009-06-01").await;
    let user = scene.party("Ministry of Defence Logistics", PartyKind::StateAuthority, "IRN").await;

    // 2009: vigilance, which is recorded.
    let number = asked(&scene, &user, tank_part()).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("1747 (2007), paragraph 6") && said.contains("Vigilance"), "{said}");
    scene.record(&number, "iran-1747-6", "consideration", "M-1").await;
    scene.grant(&number).await;

    // September 2010: forbidden.
    scene.move_to("2010-09-15").await;
    let number = asked(&scene, &user, tank_part()).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.blocked", "{said}");
    assert!(said.contains("1929 (2010), paragraph 8"), "{said}");

    // 2017: with the approval of the Council.
    scene.move_to("2017-05-01").await;
    let number = asked(&scene, &user, tank_part()).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("2231 (2015), annex B, 5") || said.contains("paragraph annex B, 5"), "{said}");
    let path = format!("applications/{number}/records");
    let considered = scene.recording("iran-2231-b5", "consideration", "M-2");
    assert_eq!(scene.refused("officer", &path, considered).await["code"], "transfer.record");
    scene.record(&number, "iran-2231-b5", "approval", "S/2017/100").await;
    scene.grant(&number).await;

    // November 2020: no measure binds. One state claims that one does, and that is put on record before anybody signs.
    scene.move_to("2020-11-15").await;
    let number = asked(&scene, &user, tank_part()).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("Claim: 1929 (2010)") && said.contains("by the claim of USA alone"), "{said}");
    scene.record(&number, "iran-2020-claim", "consideration", "M-3").await;
    scene.grant(&number).await;
    let decided = scene.read("officer", &format!("applications/{number}")).await;
    let checks = decided["decisions"][0]["checks"].as_array().unwrap();
    assert!(
        checks.iter().any(|check| check["about"] == "iran-2020-claim" && check["settled"] == true),
        "{decided}"
    );

    // Until 28 September 2025 at 00:00 UTC, and from then on.
    scene.move_to("2025-09-27").await;
    let number = asked(&scene, &user, tank_part()).await;
    assert_eq!(scene.barred(&number).await.0, "transfer.record");
    scene.move_to("2025-09-28").await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.blocked", "{said}");
    assert!(said.contains("1929 (2010), applied again, paragraph 8"), "{said}");
    assert!(said.contains("Dispute: ") && said.contains("contested by CHN, RUS"), "{said}");
    let page = scene.of_rule(&number, "iran-2025-1929-8").await;
    assert!(page.0 == "blocked" && page.1.contains("contested by CHN, RUS"), "{page:?}");
    let path = format!("applications/{number}/records");
    let approval = scene.recording("iran-2025-1929-8", "approval", "M-4");
    assert_eq!(scene.refused("officer", &path, approval).await["code"], "transfer.check");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_outside_the_seven_categories_is_held_on_the_national_order() {
    let mut scene = Scene::on("2010-09-15").await;
    let user = scene.party("Air Defence Force", PartyKind::StateAuthority, "IRN").await;
    for day in ["2010-09-15", "2017-05-01", "2025-10-15"] {
        scene.move_to(day).await;
        let number = asked(&scene, &user, missile_part()).await;
        let (code, said) = scene.barred(&number).await;
        assert_eq!(code, "transfer.held", "{day}: {said}");
        assert!(said.contains("leaves a part of arms outside"), "{day}: {said}");
        let path = format!("applications/{number}/records");
        let chosen = scene.recording("beyond_scope", "consideration", "M-1");
        assert_eq!(scene.refused("officer", &path, chosen).await["code"], "transfer.check", "{day}");
    }
    // What the register holds such goods for is the policy of the commission, which two people decide.
    let number = asked(&scene, &user, missile_part()).await;
    let policy = json!({
        "policy": {"binding": ["UNSC"], "claims_bind": false, "hold_beyond_scope": false}, "reason": "Order 1154"
    });
    scene.ok("officer", "embargo-policy/propose", policy).await;
    let confirm = json!({"act": "confirm"});
    assert_eq!(
        scene.refused("officer", "embargo-policy/decide", confirm.clone()).await["code"],
        "policy.two_people"
    );
    assert_eq!(scene.barred(&number).await.0, "transfer.held");
    scene.ok("second", "embargo-policy/decide", confirm).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.record", "{said}");
    assert!(said.contains("Vigilance") && said.contains("Dispute: "), "{said}");
    scene.record(&number, "iran-2025-1929-8-vigilance", "consideration", "M-2").await;
    scene.grant(&number).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_certain_a_record_is_decides_between_pass_and_hold() {
    let scene = Scene::on("2020-11-15").await;
    let user = scene.party("Ministry of Defence Logistics", PartyKind::StateAuthority, "IRN").await;
    let number = asked(&scene, &user, tank_part()).await;
    scene.record(&number, "iran-2020-claim", "consideration", "M-1").await;
    // That the measure of 2015 has ended stands with medium certainty in another edition.
    let ending = "resolution = \"2231 (2015)\", paragraph = \"annex B, 5\" }";
    let text = shipped_text("iran.toml");
    let doubted = text.replacen(
        ending,
        "resolution = \"2231 (2015)\", paragraph = \"annex B, 5\", certainty = \"medium\" }",
        1,
    );
    assert_ne!(text, doubted);
    scene.rules_in_force("iran", &doubted).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.held", "{said}");
    assert!(said.contains("medium certainty"), "{said}");
    scene.rules_in_force("iran", &format!("{text}\n# Compared with its source.\n")).await;
    scene.grant(&number).await;
}
