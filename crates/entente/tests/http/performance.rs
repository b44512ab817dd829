//! How a contract is performed, through the JSON API and on its page.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::pages::Visitor;
use crate::support::{Answer, Server};

pub(crate) async fn post(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    server.with_key(Method::POST, &format!("/api/v1/{path}"), key, &body.to_string()).await
}

pub(crate) async fn ok(server: &Server, key: &str, path: &str, body: Value) -> String {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
    answer.json()["number"].as_str().unwrap().to_owned()
}

pub(crate) async fn refused(server: &Server, key: &str, path: &str, body: Value) -> Value {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.text);
    let problem = answer.json();
    assert!(problem["missing"].is_string(), "{path}: {problem}");
    problem
}

pub(crate) async fn read(server: &Server, key: &str, path: &str) -> Value {
    let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), key, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

pub(crate) fn paper(dated: &str) -> Value {
    json!({"title": "Protocol 9", "dated": dated})
}

/// A contract in force since February 2012.
pub(crate) async fn contract(server: &Server, officer: &str) -> String {
    let opened = json!({
        "reference": "P/1", "title": "Radars", "partner": "IND", "currency": "USD", "label": "OFFICIAL",
        "on": "2012-01-02",
        "parties": [
            {"party": server.held.exporter, "role": "exporter"},
            {"party": server.held.user, "role": "end_user"}
        ]
    });
    let contract = ok(server, officer, "contracts", opened).await;
    let line = json!({
        "description": "Radar", "quantity": "2", "unit": "C62", "unit_price": "1500000.00", "currency": "USD",
        "category": "ML5.b", "due_on": "2012-09-30", "on": "2012-01-02"
    });
    ok(server, officer, &format!("contracts/{contract}/lines"), line).await;
    let at = |step: &str| format!("contracts/{contract}/{step}");
    ok(server, officer, &at("sign"), json!({"on": "2012-01-10", "document": paper("2012-01-10")})).await;
    ok(server, officer, &at("enter-into-force"), json!({"on": "2012-02-01"})).await;
    contract
}

#[tokio::test(flavor = "multi_thread")]
async fn milestones_from_the_plan_to_the_evidence() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let chair = server.key(Role::Chair).await;
    let contract = contract(&server, &officer).await;
    let milestones = format!("contracts/{contract}/milestones");
    let mut planned = json!({
        "on": "2012-02-10", "kind": "factory_acceptance", "planned_on": "2012-06-30",
        "line": format!("{contract}.1"), "document": paper("2012-02-10")
    });
    let number = ok(&server, &officer, &milestones, planned.clone()).await;
    assert_eq!(number, format!("{contract}.M1"));
    planned["kind"] = json!("launch");
    let unknown = refused(&server, &officer, &milestones, planned.clone()).await;
    assert_eq!((&unknown["code"], &unknown["field"]), (&json!("milestone.kind"), &json!("kind")));
    planned["kind"] = json!("other");
    assert_eq!(refused(&server, &officer, &milestones, planned.clone()).await["field"], "name");
    planned["name"] = json!("Harbour trials <b>");
    planned["planned_on"] = json!("2012-12-31");
    ok(&server, &officer, &milestones, planned).await;
    let at = |step: &str| format!("milestones/{number}/{step}");
    let forecast = json!({"on": "2012-06-01", "expected_on": "2012-08-15", "reason": "engines come late"});
    let uncaused = refused(&server, &officer, &at("forecast"), forecast.clone()).await;
    assert_eq!((&uncaused["code"], &uncaused["field"]), (&json!("milestone.delay"), &json!("cause")));
    let mut forecast = forecast;
    forecast["cause"] = json!("supply");
    forecast["side"] = json!("seller");
    ok(&server, &officer, &at("forecast"), forecast).await;

    let path = format!("contracts/{contract}/performance");
    let seen = read(&server, &chair, &format!("{path}?as_of=2012-07-10")).await;
    let first = &seen["milestones"][0];
    assert_eq!((&first["overdue"], &first["days_late"]), (&json!(true), &json!(46)));
    assert_eq!((&first["expected_on"], &first["state"]), (&json!("2012-08-15"), &json!("planned")));
    let page = format!("/contracts/{contract}?as_of=2012-07-10");
    let shown = Visitor::of(&server, Role::Secretary).await.get(&page).await;
    assert!(shown.text.contains("Factory acceptance test") && shown.text.contains("overdue"));
    assert!(shown.text.contains("Harbour trials &#60;b&#62;"), "{}", shown.text);

    let early = json!({"on": "2012-05-01", "document": paper("2012-05-01")});
    assert_eq!(refused(&server, &officer, &at("reach"), early).await["code"], "milestone.order");
    ok(&server, &officer, &at("reach"), json!({"on": "2012-08-20", "document": paper("2012-08-20")})).await;
    let seen = read(&server, &chair, &format!("{path}?as_of=2012-09-30")).await;
    let first = &seen["milestones"][0];
    assert_eq!((&first["reached_on"], &first["days_late"]), (&json!("2012-08-20"), &json!(51)));
    assert_eq!(first["document"]["title"], "Protocol 9");
    assert_eq!(seen["history"].as_array().unwrap().len(), 4);
    assert_eq!(seen["history"][3]["event"]["what"], "milestone reached");
    // Who may not read contracts reads nothing of it, and who may not change them changes nothing.
    let administrator = server.key(Role::Administrator).await;
    let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), &administrator, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = post(&server, &chair, &at("annul"), &json!({"reason": "error"})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
