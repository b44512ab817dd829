//! Scenario 7: in the Congo of 2025 it turns on the end user.

use entente_register::party::PartyKind;
use serde_json::json;

use super::{Scene, authority};

#[tokio::test(flavor = "multi_thread")]
async fn the_government_is_allowed_what_a_militia_holds_is_refused_and_an_unknown_end_user_is_held() {
    let scene = Scene::on("2025-08-01").await;
    let rifles = || json!({"description": "Rifle"});

    let army = scene.party("Armed Forces", PartyKind::StateAuthority, "COD").await;
    let granted = scene.filed(("COD", &army), rifles(), json!({})).await;
    scene.establish(&granted, &army, authority("COD")).await;
    scene.weigh(&granted).await;
    scene.certify(&granted, ("COD", &army)).await;
    scene.grant(&granted).await;

    // A company that a militia holds is the militia’s, whatever it says of itself.
    let company = scene.party("Kivu Timber", PartyKind::Company, "COD").await;
    let number = scene.filed(("COD", &company), rifles(), json!({})).await;
    scene.weigh(&number).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.held", "nobody has established who it is: {said}");
    assert!(said.contains("Who it is was not established"), "{said}");
    let rule = scene.of_rule(&number, "drc-2783").await;
    assert_eq!(rule.0, "hold", "{rule:?}");
    scene.establish(&number, &company, json!({"is": "non_state"})).await;
    let (code, said) = scene.barred(&number).await;
    assert_eq!(code, "transfer.blocked", "{said}");
    assert!(said.contains("2783 (2025)") && said.contains("serves no government"), "{said}");
    // It is refused, by two people and a criterion.
    let at = |act: &str| format!("applications/{number}/{act}");
    let refusal = json!({
        "on": scene.day, "rule": "strictest", "reason": "A militia holds it",
        "lines": [{"decision": "refuse", "criteria": ["article_6"], "reason": "An arms embargo forbids it"}]
    });
    scene.ok("officer", &at("propose"), refusal).await;
    scene.ok("second", &at("countersign"), json!({"on": scene.day})).await;
    assert_eq!(scene.read("officer", &format!("applications/{number}")).await["state"], "refused");
}
