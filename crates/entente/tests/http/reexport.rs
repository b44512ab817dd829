//! Re-export consent through the JSON API and the pages: scenario 14.

use axum::http::StatusCode;
use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::Clearance;
use entente_register::party::{NewParty, PartyKind};
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, is, shipment};

async fn party(case: &Case, name: &str, state: &str) -> String {
    let label = "OFFICIAL".parse().unwrap();
    let new = NewParty { name: name.into(), kind: PartyKind::StateAuthority, state: state.into(), label };
    let operator = Actor::operator(Clearance::full());
    case.server.app.store.execute(&operator, Command::Party(new)).await.unwrap().subject.key
}

fn paper(title: &str) -> Value {
    json!({"title": title, "dated": DAY})
}

/// A licence for a hundred guns to India, of which sixty went and were confirmed to be there.
async fn delivered(case: &Case) -> String {
    let (_, licence) = case.licensed("2027-06-14").await;
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipment(DAY, "D-1", 60)).await;
    let verify = json!({"on": DAY, "reference": "D-1", "quantity": "60", "document": paper("Receipt")});
    case.ok("licensing-officer", &format!("licences/{licence}/verifications"), verify).await;
    licence
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recipient_asks_to_pass_on_what_was_delivered_and_two_people_consent() {
    let case = Case::screened().await;
    let licence = delivered(&case).await;
    let user = party(&case, "Ministry of Defence of Brazil", "BRA").await;
    case.load_list().await;
    let ask = |quantity: &str| {
        json!({
            "on": DAY, "label": "OFFICIAL", "title": "Guns to a third state", "authority": case.server.held.user,
            "items": [{"licence": licence, "line": 1, "quantity": quantity}], "end_user": user, "destination": "BRA",
            "purpose": "defence", "end_use": "Defence of the coast", "document": paper("Note")
        })
    };
    assert_eq!(case.refused("licensing-officer", "reexports", ask("61")).await, "reexport.over_delivered");
    assert_eq!(case.refused("exporter", "reexports", ask("10")).await, "access.role");
    let number = case.ok("licensing-officer", "reexports", ask("10")).await;
    let at = |act: &str| format!("reexports/{number}/{act}");
    let seen = case.read("licensing-officer", &format!("reexports/{number}")).await;
    assert_eq!(
        (&seen["origin"], &seen["bindings"][0]["undertaken"]),
        (&json!("IND"), &json!(true)),
        "{seen}"
    );
    assert_eq!(seen["lines"][0]["received"], "60");
    let propose = json!({
        "on": DAY, "consents": true, "valid_from": DAY, "valid_until": "2027-06-14",
        "conditions": ["No further re-export"], "reason": "Nothing stands against it"
    });
    assert_eq!(case.refused("licensing-officer", &at("propose"), propose.clone()).await, "reexport.rights");
    let rights = json!({"on": DAY, "finding": "No patents there", "document": paper("Opinion")});
    case.ok("licensing-officer", &at("rights"), rights).await;
    assert_eq!(case.refused("licensing-officer", &at("propose"), propose.clone()).await, "transfer.held");
    let established = json!({"on": DAY, "party": user, "standing": {"is": "authority", "state": "BRA"}, "document": paper("Letter")});
    case.ok("licensing-officer", &at("end-users"), established).await;
    case.ok("o.both", &at("propose"), propose).await;
    assert_eq!(case.refused("o.both", &at("countersign"), json!({"on": DAY})).await, "transfer.two_people");
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let report = |quantity: &str| {
        json!({
            "on": DAY, "items": [{"licence": licence, "line": 1, "quantity": quantity}], "document": paper("Report")
        })
    };
    case.ok("licensing-officer", &at("reports"), report("6")).await;
    assert_eq!(
        case.refused("licensing-officer", &at("reports"), report("5")).await,
        "reexport.over_consented"
    );
    let seen = case.read("auditor", &format!("reexports/{number}")).await;
    assert_eq!((&seen["state"], &seen["lines"][0]["reported"]), (&json!("consented"), &json!("6")), "{seen}");
    assert_eq!(seen["decision"]["countersigned_by"], "countersigner");
    let listed = case.read("chair", &format!("reexports?of={licence}")).await;
    assert_eq!(listed["rows"][0]["number"], json!(number));
    is(&case.get("chair", "reexports?state=sold").await, StatusCode::UNPROCESSABLE_ENTITY);
    for who in ["exporter", "customs", "f.ministry"] {
        is(&case.get(who, "reexports").await, StatusCode::FORBIDDEN);
        is(&case.get(who, &format!("reexports/{number}")).await, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_asked_for_examined_and_signed_on_the_pages() {
    let case = Case::screened().await;
    let licence = delivered(&case).await;
    let user = party(&case, "Ministry of Defence of Brazil", "BRA").await;
    case.load_list().await;
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let second = Visitor::of(&case.server, Role::Countersigner).await;
    let authority = case.server.held.user.clone();
    let fields = [
        ("on", DAY),
        ("label", "OFFICIAL"),
        ("title", "Guns to a third state"),
        ("authority", authority.as_str()),
        ("items[0].quantity", "61"),
        ("serials", ""),
        ("end_user", user.as_str()),
        ("destination", "bra"),
        ("purpose", "defence"),
        ("end_use", "Defence of the coast"),
        ("document.title", "Note"),
        ("document.dated", DAY),
    ];
    let path = format!("/licences/{licence}/acts/request-reexport");
    let over = act(&officer, &path, &fields).await;
    is(&over, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(over.text.contains("61 would be 1 too many"), "{}", over.text);
    let fields =
        fields.map(|(name, value)| if name == "items[0].quantity" { (name, "10") } else { (name, value) });
    let (place, page) = led_to(&officer, &act(&officer, &path, &fields).await).await;
    assert!(
        page.text.contains("promises no re-export without consent")
            && page.text.contains("They were not considered"),
        "{}",
        page.text
    );
    let page = place.split('?').next().unwrap().to_owned();
    let establish = [
        ("on", DAY),
        ("party", user.as_str()),
        ("standing", "authority"),
        ("state", "BRA"),
        ("mission", ""),
        ("document.title", "Letter"),
        ("document.dated", DAY),
    ];
    led_to(&officer, &act(&officer, &format!("{page}/acts/establish"), &establish).await).await;
    let rights = [
        ("on", DAY),
        ("finding", "No patents there"),
        ("document.title", "Opinion"),
        ("document.dated", DAY),
    ];
    led_to(&officer, &act(&officer, &format!("{page}/acts/rights"), &rights).await).await;
    let propose = [
        ("on", DAY),
        ("decision", "consent"),
        ("valid_from", DAY),
        ("valid_until", "2027-06-14"),
        ("conditions[0].text", "No further re-export"),
        ("criteria", ""),
        ("reason", "Nothing stands against it"),
    ];
    let (_, proposed) =
        led_to(&officer, &act(&officer, &format!("{page}/acts/propose"), &propose).await).await;
    assert!(proposed.text.contains("You proposed it: another person signs."), "{}", proposed.text);
    assert!(officer.get("/applications").await.text.contains("re-export of which nothing is decided"));
    let (_, signed) =
        led_to(&second, &act(&second, &format!("{page}/acts/countersign"), &[("on", DAY)]).await).await;
    assert!(
        signed.text.contains("No further re-export") && signed.text.contains("Consented"),
        "{}",
        signed.text
    );
    let report =
        [("on", DAY), ("items[0].quantity", "6"), ("document.title", "Report"), ("document.dated", DAY)];
    let (_, passed) = led_to(&officer, &act(&officer, &format!("{page}/acts/report"), &report).await).await;
    assert!(passed.text.contains("6 of line 1 of"), "{}", passed.text);

    // It stands on the pages of the licence and of its certificate, for those who may know of it.
    let number = page.trim_start_matches("/reexports/").to_owned();
    let seen = officer.get(&format!("/licences/{licence}")).await;
    check("licence", &seen);
    assert!(seen.text.contains("Re-export consents") && seen.text.contains(&number), "{}", seen.text);
    let serving = case.read("auditor", "certificates").await;
    let certificate = serving["rows"][0]["number"].as_str().unwrap();
    assert!(officer.get(&format!("/certificates/{certificate}")).await.text.contains(&number));
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    assert!(!exporter.get(&format!("/licences/{licence}")).await.text.contains("Re-export"));
    is(&exporter.get(&page).await, StatusCode::FORBIDDEN);
    for path in [
        "/reexports.csv".to_owned(),
        format!("{page}/lines.csv"),
        format!("{page}/checks.xlsx"),
        format!("{page}/reports.csv"),
    ] {
        is(&officer.get(&path).await, StatusCode::OK);
    }
    check("/reexports", &officer.get("/reexports?state=consented").await);
}
