//! An opportunity through the JSON API: from the request to the contract, and what the brief says of it.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Server};

async fn post(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    server.with_key(Method::POST, &format!("/api/v1/{path}"), key, &body.to_string()).await
}

async fn ok(server: &Server, key: &str, path: &str, body: Value) -> String {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
    answer.json()["number"].as_str().unwrap().to_owned()
}

async fn refused(server: &Server, key: &str, path: &str, body: Value) -> Value {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.text);
    answer.json()
}

async fn read(server: &Server, key: &str, path: &str) -> Value {
    let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), key, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

fn request_of(server: &Server) -> Value {
    json!({
        "on": "2012-03-01", "title": "Radars", "partner": "IND", "kind": "tender",
        "recipient": {"party": server.held.user}, "exporter": server.held.exporter,
        "items": [{"description": "Radar", "category": "ML5.b", "quantity": "2"}],
        "deadline": "2012-10-20", "label": "OFFICIAL"
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_request_to_the_contract() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let chair = server.key(Role::Chair).await;
    let number = ok(&server, &officer, "opportunities", request_of(&server)).await;
    let at = |step: &str| format!("opportunities/{number}/{step}");

    let brief = read(&server, &chair, "brief?as_of=2012-09-30").await;
    assert_eq!((&brief["pipeline"]["open"], &brief["pipeline"]["due_soon"]), (&json!(1), &json!(1)));
    assert_eq!(brief["pipeline"]["deadlines"][0]["opportunity"], number.as_str());
    assert_eq!(brief["unknown"]["pipeline.win_pct"], "nothing was won or lost in the period");
    let opened = read(&server, &chair, "figures/pipeline.due_soon?as_of=2012-09-30").await;
    assert_eq!(
        opened["sources"][0]["link"].as_str().unwrap().split('?').next().unwrap(),
        format!("/api/v1/opportunities/{number}")
    );

    let estimate = json!({"on": "2012-04-01", "probability": 101, "reason": "talks"});
    assert_eq!(
        refused(&server, &officer, &at("estimates"), estimate).await["code"],
        "opportunity.probability"
    );
    ok(
        &server,
        &officer,
        &at("estimates"),
        json!({"on": "2012-04-01", "probability": 33, "signature_on": "2013-02-01", "reason": "talks"}),
    )
    .await;
    let offer = json!({
        "on": "2012-05-01", "currency": "USD", "valid_until": "2012-12-31",
        "items": [{"description": "Radar", "category": "ML5.b", "quantity": "2", "unit_price": "1500000.01", "due_on": "2014-06-30"}],
        "credit": {"share": "85", "down_payment": "15", "years": 10, "interest": "4.5"},
        "document": {"title": "Offer 1", "dated": "2012-05-01"}
    });
    let mut too_much = offer.clone();
    too_much["credit"]["down_payment"] = json!("15.1");
    assert_eq!(refused(&server, &officer, &at("offers"), too_much).await["code"], "opportunity.credit");
    let mut malformed = offer.clone();
    malformed["items"][0]["unit_price"] = json!("1.5.0");
    assert_eq!(refused(&server, &officer, &at("offers"), malformed).await["field"], "items[0].unit_price");
    ok(&server, &officer, &at("offers"), offer).await;

    // 3,000,000.02 × 33 % is 990,000.0066: rounded once.
    let brief = read(&server, &chair, "brief?as_of=2012-09-30").await;
    assert_eq!(brief["pipeline"]["expected_intake"], "990000.01");
    let analysis = read(&server, &chair, "opportunity-analysis?as_of=2012-09-30").await;
    assert_eq!(analysis["intake"][0]["year"], 2013);
    assert_eq!(
        (&analysis["whole"]["days_mean"], &analysis["whole"]["days_median"]),
        (&json!(61.0), &json!(61.0))
    );

    let both = json!({"on": "2012-09-01", "contract": "O-2012-0001", "open_contract": {"reference": "P/9"}});
    assert_eq!(refused(&server, &officer, &at("win"), both).await["code"], "opportunity.contract");
    ok(&server, &officer, &at("win"), json!({"on": "2012-09-01", "open_contract": {"reference": "P/9"}}))
        .await;
    let won = read(&server, &chair, &format!("opportunities/{number}?as_of=2012-09-30")).await;
    let contract = won["contract"].as_str().unwrap().to_owned();
    let contract = read(&server, &chair, &format!("contracts/{contract}?as_of=2012-09-30")).await;
    assert_eq!((&contract["state"], &contract["amount"]), (&json!("negotiating"), &json!("3000000.02")));
    let lists = read(&server, &chair, "opportunities?as_of=2012-09-30&state=won").await;
    assert_eq!(lists["total"], 1);
    let unknown = server.with_key(Method::GET, "/api/v1/opportunities?state=sold", &chair, "").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who may not read opportunities may not, and who may not change them may not.
    let customs = server.key(Role::Customs).await;
    let answer = server.with_key(Method::GET, &format!("/api/v1/opportunities/{number}"), &customs, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = post(&server, &chair, "opportunities", &request_of(&server)).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
