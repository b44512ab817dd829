//! Classifying goods: control lists by two people, what they say of an application, entries for goods in words, what was decided
//! before, and finding applications, licences and certificates by words.

use axum::http::StatusCode;
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, is, strings};

/// What a control list says of the lines of an application.
async fn said(case: &Case, number: &str) -> Vec<(String, String)> {
    let read = case.read("auditor", &format!("applications/{number}")).await;
    let checks = read["checks"].as_array().unwrap().iter().filter(|check| check["kind"] == "control_list");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks.map(|check| (text(&check["outcome"]), text(&check["why"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_list_is_filed_on_a_page_confirmed_by_another_and_compared_with_each_line() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    assert_eq!(said(&case, &number).await[0].0, "shown", "no list is on file");
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let table = "rating,short_description,full_description\nML2,Guns,\"Guns of 20 mm or more, and howitzers\"\nML2.b,Smoke,\n9A012,Unmanned aircraft,";
    let fields = [
        ("on", DAY),
        ("label", "OFFICIAL"),
        ("name", "national"),
        ("title", "National control list"),
        ("publisher", "The commission"),
        ("applies_from", "2026-01-01"),
        ("entries", table),
        ("document.title", "Order 1"),
        ("document.dated", DAY),
    ];
    let sent = act(&officer, "/acts/file-control-list", &fields).await;
    let (at, shown) = led_to(&officer, &sent).await;
    check("a control list", &shown);
    assert!(at.ends_with("/guidance/O-CL-NATIONAL") && shown.text.contains("howitzers"), "{at}");
    assert_eq!(said(&case, &number).await[0].0, "shown", "it waits for a second person");
    let confirm = json!({"on": DAY, "edition": 1});
    case.ok("countersigner", "guidance/O-CL-NATIONAL/confirm", confirm).await;
    // ML2 is divided, and ML2.a is none of its parts.
    let held = said(&case, &number).await;
    assert_eq!((held.len(), held[0].0.as_str()), (1, "hold"), "{held:?}");
    let page = officer.get(&format!("/applications/{number}")).await;
    check("the case", &page);
    assert!(page.text.contains("No control list that is on file has an entry ML2.a."), "{}", page.text);
    // A row without its title is refused with its place, and nothing is filed.
    let wrong: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, if *name == "entries" { "ML1,Small arms\nML2" } else { *value }))
        .collect();
    let sent = act(&officer, "/acts/file-control-list", &wrong).await;
    assert!(sent.status.is_client_error() && sent.text.contains("Row 2: column 2"), "{}", sent.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_lead_to_entries_and_to_what_was_decided_before() {
    let case = Case::screened().await;
    let entry = |entry: &str, title: &str| json!({"entry": entry, "title": title});
    let list = json!({
        "guidance": "control_list", "name": "NATIONAL", "title": "National control list", "publisher": "The commission",
        "applies_from": "2026-01-01", "entries": [entry("ML2", "Guns and howitzers"), entry("ML1", "Small arms")]
    });
    let opened = json!({"on": DAY, "label": "OFFICIAL", "content": list, "document": {"title": "Order 1", "dated": DAY}});
    let file = case.ok("licensing-officer", "guidance", opened).await;
    case.ok("countersigner", &format!("guidance/{file}/confirm"), json!({"on": DAY, "edition": 1})).await;
    let (first, licence) = case.licensed("2027-06-14").await;
    let number = case.submitted().await;
    let found = case.read("licensing-officer", "classification?q=gun").await;
    assert_eq!(found["entries"][0]["entry"], "ML2", "{found}");
    assert_eq!(found["classified"][0]["category"], "ML2.a", "{found}");
    assert_eq!(found["classified"][0]["granted"], 1);
    let found = case.read("r.ival", "classification?q=gun").await;
    assert_eq!((found["entries"].as_array().unwrap().len(), &found["classified"]), (1, &json!([])));
    let at = format!("applications/{number}/precedents");
    let before = case.read("licensing-officer", &at).await;
    assert_eq!(before["outcomes"], json!({"granted": 1, "partly": 0, "refused": 0}), "{before}");
    assert_eq!(before["rows"][0]["application"], first.as_str());
    assert_eq!(before["rows"][0]["licence"], licence.as_str());
    // Neither the applicant nor an agency reads what others were told.
    for account in ["exporter", "f.ministry"] {
        let answer = case.get(account, &at).await;
        if answer.status == StatusCode::OK {
            let mut said = Vec::new();
            strings(&answer.json(), &mut said);
            assert!(!said.contains(&first), "{account}: {said:?}");
            assert_eq!(answer.json()["total"], 0);
        }
    }
    is(&case.get("r.ival", &at).await, StatusCode::NOT_FOUND);
    is(&case.get("customs", "classification?q=gun").await, StatusCode::FORBIDDEN);

    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let empty = officer.get("/classification").await;
    check("/classification", &empty);
    let shown = officer.get("/classification?q=gun").await;
    check("/classification?q=gun", &shown);
    assert!(shown.text.contains("<mark>Guns</mark> and howitzers"), "{}", shown.text);
    assert!(shown.text.contains(&format!("href=\"/applications/{number}\"")), "{}", shown.text);
    let wrong = officer.get("/classification?q=%20--").await;
    assert!(wrong.status.is_client_error() && wrong.text.contains("There is no word"), "{}", wrong.text);
    let page = officer.get(&format!("/applications/{number}")).await;
    check("the case", &page);
    assert!(page.text.contains("Same entry, same end user") && page.text.contains(&licence), "{}", page.text);
    let table = officer.get(&format!("/applications/{number}/precedents.csv")).await;
    assert!(table.text.contains(&first) && table.text.contains("user_entry"), "{}", table.text);

    // All of it is found from the head of every page, by whoever may read it.
    let search = officer.get("/search?q=gun").await;
    check("/search?q=gun", &search);
    for path in
        [format!("/applications/{first}"), format!("/licences/{licence}"), "/certificates/".to_owned()]
    {
        assert!(search.text.contains(&format!("href=\"{path}")), "{path}: {}", search.text);
    }
    let found = case.read("r.ival", "search?q=gun").await;
    let mut said = Vec::new();
    strings(&found, &mut said);
    assert!(!said.iter().any(|text| text.contains(&first) || text.contains(&licence)), "{said:?}");
}
