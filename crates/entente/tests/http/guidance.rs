//! What transfers are weighed by, through the JSON API and the pages, and the scenarios of the report on licensing that
//! turn on it.

use axum::http::StatusCode;
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, is, proposal, shipment, strings};

fn paper() -> Value {
    json!({"title": "QX-GUIDANCE-PAPER", "dated": DAY})
}

fn opened(content: Value) -> Value {
    json!({"on": DAY, "label": "OFFICIAL", "content": content, "document": paper()})
}

/// A file in force: one person proposes it, another confirms it.
async fn in_force(case: &Case, content: Value) -> String {
    let number = case.ok("licensing-officer", "guidance", opened(content)).await;
    let confirm = json!({"on": DAY, "edition": 1});
    let at = format!("guidance/{number}/confirm");
    assert_eq!(case.refused("licensing-officer", &at, confirm.clone()).await, "transfer.two_people");
    case.ok("countersigner", &at, confirm).await;
    number
}

fn assessed(risk: &str) -> Value {
    let low = json!({"risk": "low", "evidence": "QX-EVIDENCE"});
    json!({
        "guidance": "standing_assessment", "territory": "IND", "summary": "QX-SUMMARY", "review_by": "2027-06-01",
        "weighed": {
            "human_rights": low, "internal_situation": low, "regional_peace": {"risk": risk, "evidence": "QX-EVIDENCE"},
            "buyer_behaviour": low, "diversion": low, "development": low
        }
    })
}

fn denial() -> Value {
    json!({
        "guidance": "denial", "notified_by": "FRA", "reference": "FR/2024/7", "denied_on": "2024-06-15",
        "destination": "IND", "end_user": "QX-END-USER", "goods": "Guns of the coast", "category": "ML2",
        "criteria": ["regional_peace"], "grounds": "QX-GROUNDS"
    })
}

/// Scenario 12: a denial two years old, and a deal that is essentially identical.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_state_refused_asks_for_a_consultation_and_its_reason() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    let file = case.ok("licensing-officer", "guidance", opened(denial())).await;
    let sign = format!("applications/{number}/countersign");
    let refusal = case.post("countersigner", &sign, &json!({"on": DAY})).await.json();
    assert_eq!(refusal["code"], "transfer.record", "{refusal}");
    let said = refusal["detail"].as_str().unwrap();
    assert!(said.contains("FRA refused Guns of the coast") && said.contains(&file), "{said}");
    let record = |kind: &str, reason: Option<&str>| {
        json!({
            "on": DAY, "check": format!("denial:1:{file}"), "kind": kind, "reference": "FR/2026/1",
            "document": {"title": "Answer of Paris", "dated": DAY}, "reason": reason
        })
    };
    let at = format!("applications/{number}/records");
    assert_eq!(
        case.refused("licensing-officer", &at, record("approval", Some("It may"))).await,
        "transfer.record"
    );
    assert_eq!(case.refused("licensing-officer", &at, record("consultation", None)).await, "transfer.reason");
    case.ok("licensing-officer", &at, record("consultation", Some("QX-REASON: the grounds are gone"))).await;
    // What changes the case takes the proposal back.
    assert_eq!(case.refused("countersigner", &sign, json!({"on": DAY})).await, "state");
    case.ok("licensing-officer", &format!("applications/{number}/propose"), proposal("2027-06-14")).await;
    case.ok("countersigner", &sign, json!({"on": DAY})).await;
    // Neither the applicant nor the agency reads of it, by any field.
    for (account, path) in [
        ("exporter", format!("applications/{number}")),
        ("f.ministry", format!("applications/{number}")),
        ("exporter", "licences".to_owned()),
    ] {
        let mut said = Vec::new();
        strings(&case.read(account, &path).await, &mut said);
        for hidden in
            ["FRA", "QX-GROUNDS", "QX-END-USER", "QX-GUIDANCE-PAPER", "QX-REASON: the grounds", &file]
        {
            assert!(
                !said.iter().any(|text| text.contains(hidden)),
                "{hidden} to {account} of {path}: {said:?}"
            );
        }
    }
    for account in ["exporter", "f.ministry", "customs", "r.ival"] {
        is(&case.get(account, "guidance").await, StatusCode::FORBIDDEN);
        is(&case.get(account, &format!("guidance/{file}")).await, StatusCode::FORBIDDEN);
    }
}

/// A standing assessment that worsens re-opens every open licence that it touches.
#[tokio::test(flavor = "multi_thread")]
async fn an_assessment_is_proposed_on_a_page_and_what_is_worse_suspends_licences() {
    let case = Case::screened().await;
    let file = in_force(&case, assessed("low")).await;
    assert_eq!(file, "O-SA-IND");
    let (number, licence) = case.licensed("2027-06-14").await;
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let shown = officer.get("/guidance").await;
    check("/guidance", &shown);
    assert!(shown.text.contains(&file) && shown.text.contains("In force"), "{}", shown.text);
    let it = format!("/guidance/{file}");
    let paper = [("document.title", "Report 9"), ("document.dated", DAY)];
    let mut fields = vec![("on", DAY), ("summary", "It is tense"), ("review_by", "2026-12-01")];
    let criteria = [
        "human_rights",
        "internal_situation",
        "regional_peace",
        "buyer_behaviour",
        "diversion",
        "development",
    ];
    let names: Vec<(String, String)> = criteria
        .iter()
        .map(|one| (format!("weighed.{one}.risk"), format!("weighed.{one}.evidence")))
        .collect();
    for (place, (risk, evidence)) in names.iter().enumerate() {
        fields.push((risk, if place == 2 { "high" } else { "low" }));
        fields.push((evidence, "Report 9"));
    }
    let sent = act(&officer, &format!("{it}/acts/review"), &[&fields[..], &paper].concat()).await;
    let (_, shown) = led_to(&officer, &sent).await;
    check("assessed anew", &shown);
    assert!(shown.text.contains("Waits for a second person: edition 2"), "{}", shown.text);
    let own = officer.get(&format!("{it}/acts/confirm")).await;
    assert!(
        own.status.is_client_error() && own.text.contains("You proposed the edition yourself"),
        "{}",
        own.text
    );
    let second = Visitor::of(&case.server, Role::Countersigner).await;
    let sent = act(&second, &format!("{it}/acts/confirm"), &[("edition", "2"), ("on", DAY)]).await;
    let (_, shown) = led_to(&second, &sent).await;
    assert!(shown.text.contains("In force: edition 2"), "{}", shown.text);

    let off = format!("licences/{licence}/write-offs");
    let refusal = case.post("customs", &off, &shipment(DAY, "D-1", 1)).await.json();
    assert_eq!(refusal["code"], "licence.reopened", "{refusal}");
    let page = officer.get(&format!("/licences/{licence}")).await;
    assert!(page.text.contains("Nothing goes until it was looked at again"), "{}", page.text);
    let held = case.read("exporter", &format!("licences/{licence}")).await;
    assert!(held["reopenings"][0]["assessment"].is_null() && held["state"] == "suspended", "{held}");
    let why = json!({"on": DAY, "reason": "Looked at again"});
    let lift = format!("licences/{licence}/reinstate");
    let own = second.get(&format!("/licences/{licence}/acts/reinstate")).await;
    assert!(own.status.is_client_error() && own.text.contains("yourself"), "{}", own.text);
    case.ok("o.both", &lift, why).await;
    // The risk is high: something is put on record before anything goes, also of what was granted.
    assert_eq!(case.refused("customs", &off, shipment(DAY, "D-1", 1)).await, "transfer.record");
    let record = json!({
        "on": DAY, "check": "destination:IND", "kind": "consideration", "reference": "M-1",
        "document": {"title": "Minute 1", "dated": DAY}
    });
    case.ok("o.both", &format!("applications/{number}/records"), record).await;
    case.ok("customs", &off, shipment(DAY, "D-1", 1)).await;
    // It stands beside the worksheet, and its applicant sees none of it.
    let page = officer.get(&format!("/applications/{number}")).await;
    check("the case", &page);
    assert!(
        page.text.contains("Beside the assessment") && page.text.contains("It is tense"),
        "{}",
        page.text
    );
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    let own = exporter.get(&format!("/applications/{number}")).await;
    assert!(!own.text.contains("Beside the assessment") && !own.text.contains(&file), "{}", own.text);
    assert_eq!(exporter.get(&it).await.status, StatusCode::FORBIDDEN);
    for path in
        ["/guidance.csv", "/guidance.xlsx", &format!("{it}/content.csv"), &format!("{it}/editions.csv")]
    {
        assert_eq!(officer.get(path).await.status, StatusCode::OK, "{path}");
    }
}

/// Scenario 11: two agencies approve and one refuses by criterion 7.
#[tokio::test(flavor = "multi_thread")]
async fn one_agency_refuses_two_people_sign_and_an_appeal_is_a_decision_linked_to_the_first() {
    let case = Case::screened().await;
    let number = case.submitted().await;
    let at = |act: &str| format!("applications/{number}/{act}");
    for party in [&case.agency, &case.rival, &case.server.held.user] {
        let ask = json!({"on": DAY, "agency": party, "due_on": "2026-06-30"});
        case.ok("licensing-officer", &at("opinions/ask"), ask).await;
    }
    let opinion = |party: &str, stance: Value| json!({"on": DAY, "agency": party, "lines": [stance], "document": {"title": "Opinion", "dated": DAY}});
    let approve = json!({"stance": "approve"});
    let refuse = json!({"stance": "refuse", "criteria": ["diversion"], "reason": "It may be passed on"});
    for (party, stance) in
        [(&case.agency, &approve), (&case.rival, &approve), (&case.server.held.user, &refuse)]
    {
        case.ok("licensing-officer", &at("opinions"), opinion(party, stance.clone())).await;
    }
    case.ok("licensing-officer", &at("assessment"), crate::transfer_case::assessment()).await;
    // What one agency refuses is refused by the rule that is named; granting it is not proposed.
    assert_eq!(
        case.refused("licensing-officer", &at("propose"), proposal("2027-06-14")).await,
        "transfer.refused_by_agency"
    );
    let refusal = json!({
        "on": DAY, "lines": [{"decision": "refuse", "criteria": ["diversion"], "reason": "It may be passed on"}],
        "rule": "strictest", "reason": "As the agency says"
    });
    case.ok("licensing-officer", &at("propose"), refusal.clone()).await;
    assert_eq!(
        case.refused("o.both", &at("countersign"), json!({"on": "2026-06-14"})).await,
        "transfer.order"
    );
    // A change of the text takes the first signature back.
    let mut content = case.content();
    content["title"] = json!("Guns for the north coast");
    let revise = json!({"on": DAY, "content": content, "reason": "Another coast"});
    case.ok("exporter", &at("revise"), revise).await;
    assert_eq!(case.refused("countersigner", &at("countersign"), json!({"on": DAY})).await, "state");
    for (party, stance) in
        [(&case.agency, &approve), (&case.rival, &approve), (&case.server.held.user, &refuse)]
    {
        case.ok("licensing-officer", &at("opinions"), opinion(party, stance.clone())).await;
    }
    case.ok("o.both", &at("propose"), refusal.clone()).await;
    assert_eq!(case.refused("o.both", &at("countersign"), json!({"on": DAY})).await, "transfer.two_people");
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    case.ok("exporter", &at("appeal"), json!({"on": DAY, "reason": "It is guarded"})).await;
    for (party, stance) in
        [(&case.agency, &approve), (&case.rival, &approve), (&case.server.held.user, &refuse)]
    {
        case.ok("licensing-officer", &at("opinions"), opinion(party, stance.clone())).await;
    }
    case.ok("licensing-officer", &at("propose"), refusal).await;
    case.ok("countersigner", &at("countersign"), json!({"on": DAY})).await;
    let seen = case.read("chair", &format!("applications/{number}")).await;
    assert_eq!(seen["decisions"].as_array().unwrap().len(), 2, "{seen}");
    assert_eq!(seen["state"], "refused");
    for decision in seen["decisions"].as_array().unwrap() {
        assert_ne!(decision["proposed_by"], decision["countersigned_by"], "{decision}");
    }
    // Other states are told of it as far as it is marked, and of nobody by name.
    let told =
        case.read("licensing-officer", &format!("applications/{number}/denial?audience=OFFICIAL")).await;
    assert_eq!(
        (&told["destination"], &told["end_users"]),
        (&json!("IND"), &json!(["not_established"])),
        "{told}"
    );
    assert_eq!(
        (&told["lines"][0]["goods"], &told["lines"][0]["criteria"]),
        (&json!("Gun"), &json!(["diversion"]))
    );
    let mut said = Vec::new();
    strings(&told, &mut said);
    for hidden in
        ["It may be passed on", "As the agency says", &case.server.held.exporter, &case.server.held.user]
    {
        assert!(said.iter().all(|text| !text.contains(hidden)), "{hidden}: {told}");
    }
    let public = case.get("licensing-officer", &format!("applications/{number}/denial")).await;
    is(&public, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(public.json()["code"], "denial.marking");
    for who in ["exporter", "f.ministry"] {
        is(
            &case.get(who, &format!("applications/{number}/denial?audience=OFFICIAL")).await,
            StatusCode::FORBIDDEN,
        );
    }
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    assert!(
        officer.get(&format!("/applications/{number}")).await.text.contains("Notification to other states")
    );
    let page = format!("/applications/{number}/denial");
    let shown = officer.get(&page).await;
    check("denial", &shown);
    assert!(shown.text.contains("Nothing may be told"), "{}", shown.text);
    let shown = officer.get(&format!("{page}?audience=OFFICIAL")).await;
    check("denial", &shown);
    assert!(shown.text.contains("diversion") && shown.text.contains("denial.csv"), "{}", shown.text);
    let text = officer.get(&format!("{page}.txt?audience=OFFICIAL")).await;
    assert!(text.text.contains("Destination  IND") && text.text.contains("Refused by"), "{}", text.text);
    let table = officer.get(&format!("{page}.csv?audience=OFFICIAL")).await;
    assert!(
        table.text.contains(&format!(
            "{number},2026-06-15,export,IND,not_established,1,Gun,ML2.a,100 C62,diversion"
        )),
        "{}",
        table.text
    );
    assert_eq!(
        officer.get(&format!("{page}.json?audience=OFFICIAL")).await.json()["reference"],
        json!(number)
    );
    is(&officer.get(&format!("{page}.txt")).await, StatusCode::UNPROCESSABLE_ENTITY);
    // It was refused once, however often it was decided.
    let report = case.read("chair", "annual-reports/common-position/2026?audience=OFFICIAL").await;
    let rows = report["exports"]["rows"].as_array().unwrap();
    let refused: Vec<&Value> = rows.iter().filter(|row| row["basis"] == "refused").collect();
    assert_eq!(refused.len(), 1, "{report}");
    assert_eq!(
        (&refused[0]["licences"], &refused[0]["criteria"]),
        (&json!(1), &json!(["diversion"])),
        "{report}"
    );
}

/// Routing rules and calendars as files, refused with their place where they are wrong.
#[tokio::test(flavor = "multi_thread")]
async fn rules_are_refused_where_their_tests_fail_and_agencies_confirm_on_a_page() {
    let case = Case::screened().await;
    let routing = |agencies: Value| {
        json!({
            "guidance": "routing",
            "rules": [{"id": "always", "title": "Always", "agencies": [case.agency], "when": {}}],
            "tests": [{
                "title": "Guns", "agencies": agencies,
                "case": {
                    "kind": "export", "destination": "IND", "categories": ["ML2.a"], "purpose": "defence",
                    "value": {"amount": "1.00", "currency": "USD"}
                }
            }]
        })
    };
    let refusal = case.post("licensing-officer", "guidance", &opened(routing(json!([])))).await.json();
    assert_eq!(refusal["code"], "guidance.test", "{refusal}");
    let wrong = json!({"guidance": "quota", "destination": "IND"});
    let refusal = case.post("licensing-officer", "guidance", &opened(wrong)).await.json();
    assert_eq!(
        (&refusal["code"], &refusal["field"]),
        (&json!("guidance.content"), &json!("content")),
        "{refusal}"
    );
    in_force(&case, routing(json!([case.agency]))).await;
    let calendar = json!({
        "guidance": "agency", "party": case.agency, "answer_days": 5, "confirms": true,
        "calendar": {"weekend": [6, 7], "covers_until": "2026-12-31"}
    });
    in_force(&case, calendar).await;
    let number = case.submitted().await;
    let at = |act: &str| format!("applications/{number}/{act}");
    case.ok("licensing-officer", &at("opinions/route"), json!({"on": DAY})).await;
    let seen = case.read("licensing-officer", &format!("applications/{number}")).await;
    assert_eq!(
        (&seen["consulted"][0]["due_on"], &seen["consulted"][0]["confirms"]),
        (&json!("2026-06-22"), &json!(true)),
        "{seen}"
    );
    let opinion = json!({"on": DAY, "agency": case.agency, "lines": [{"stance": "approve"}]});
    case.ok("f.ministry", &at("opinions"), opinion).await;
    let confirm = json!({"on": DAY, "agency": case.agency});
    assert_eq!(
        case.refused("f.ministry", &at("opinions/confirm"), confirm.clone()).await,
        "transfer.two_people"
    );
    assert_eq!(case.refused("licensing-officer", &at("opinions/confirm"), confirm).await, "access.role");
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let page = officer.get(&format!("/applications/{number}")).await;
    assert!(page.text.contains("waits for a second person of it"), "{}", page.text);
    for path in ["/guidance/O-ROUTING", &format!("/guidance/O-AG-{}", case.agency), "/guidance?state=due"] {
        check(path, &officer.get(path).await);
    }
    is(&case.get("auditor", "guidance?kind=luck").await, StatusCode::UNPROCESSABLE_ENTITY);
}
