//! Whose government is recognised: said on a page, confirmed by another person, and asked of every end user that is an authority.

use entente_register::access::Role;
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY};

async fn told(case: &Case, number: &str) -> Vec<Value> {
    let read = case.read("auditor", &format!("applications/{number}")).await;
    let checks = read["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["kind"] == "recognition").cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_government_is_said_to_be_disputed_and_its_authority_is_held() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    let found = &told(&case, &number).await[0];
    assert_eq!((&found["outcome"], &found["about"]), (&json!("pass"), &json!("IND")));
    assert!(found["why"].as_str().unwrap().contains("admitted it on 1945-10-30"), "{found}");
    assert!(found["edition"].as_str().unwrap().contains("certainty medium"), "{found}");

    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let form = officer.get("/acts/recognise-government").await;
    check("whose government is recognised", &form);
    let mut fields = vec![
        ("on", DAY),
        ("label", "OFFICIAL"),
        ("state", "ind"),
        ("stretches[0].from", "2026-06-01"),
        ("stretches[0].status", "disputed"),
        ("stretches[0].government", "Two councils"),
        ("stretches[0].source", "Note 7"),
        ("document.title", "Note 7"),
        ("document.dated", DAY),
    ];
    let sent = act(&officer, "/acts/recognise-government", &fields).await;
    let (at, shown) = led_to(&officer, &sent).await;
    check("a file of recognition", &shown);
    assert!(at.ends_with("/guidance/O-RG-IND") && shown.text.contains("Two councils"), "{at}");
    assert_eq!(told(&case, &number).await[0]["outcome"], "pass", "it waits for a second person");
    case.ok("countersigner", "guidance/O-RG-IND/confirm", json!({"on": DAY, "edition": 1})).await;
    let found = &told(&case, &number).await[0];
    assert_eq!((&found["outcome"], &found["source"]), (&json!("hold"), &json!("O-RG-IND")));
    assert_eq!(found["why"], "Its government is disputed since 2026-06-01: Two councils.");
    let sign = format!("applications/{number}/countersign");
    assert_eq!(case.refused("countersigner", &sign, json!({"on": DAY})).await, "transfer.held");
    // Stretches that overlap are refused with their place.
    fields.retain(|(name, _)| !matches!(*name, "label" | "state"));
    fields.extend([
        ("stretches[1].from", "2026-06-10"),
        ("stretches[1].status", "recognised"),
        ("stretches[1].government", "The council"),
        ("stretches[1].source", "Note 8"),
    ]);
    let wrong = act(&officer, "/guidance/O-RG-IND/acts/recognise", &fields).await;
    assert!(wrong.status.is_client_error() && wrong.text.contains("goes on beyond"), "{}", wrong.text);
    fields.push(("stretches[0].until", "2026-06-09"));
    let sent = act(&officer, "/guidance/O-RG-IND/acts/recognise", &fields).await;
    led_to(&officer, &sent).await;
    case.ok("countersigner", "guidance/O-RG-IND/confirm", json!({"on": DAY, "edition": 2})).await;
    assert_eq!(told(&case, &number).await[0]["outcome"], "pass");
    case.ok("countersigner", &sign, json!({"on": DAY})).await;
}
