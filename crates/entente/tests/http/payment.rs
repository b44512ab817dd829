//! Money in and out through the JSON API: schedule, receipts, rates, penalties, and the figures of it.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::support::{Answer, Server, request};

async fn post(server: &Server, key: &str, path: &str, body: &Value) -> Answer {
    server.with_key(Method::POST, &format!("/api/v1/{path}"), key, &body.to_string()).await
}

async fn ok(server: &Server, key: &str, path: &str, body: Value) -> String {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_success(), "{path}: {} {}", answer.status, answer.text);
    answer.json()["number"].as_str().unwrap().to_owned()
}

async fn refused(server: &Server, key: &str, path: &str, body: Value) -> (u16, Value) {
    let answer = post(server, key, path, &body).await;
    assert!(answer.status.is_client_error(), "{path}: {} {}", answer.status, answer.text);
    (answer.status.as_u16(), answer.json())
}

async fn read(server: &Server, key: &str, path: &str) -> Value {
    let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), key, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.json()
}

fn paper(dated: &str) -> Value {
    json!({"title": "Paper", "dated": dated})
}

fn usd(amount: &str) -> Value {
    json!({"amount": amount, "currency": "USD"})
}

/// A contract of 3,000,000.00 USD in force since February 2012, and its line.
async fn contract(server: &Server, officer: &str) -> (String, String) {
    let contract = ok(
        server,
        officer,
        "contracts",
        json!({
            "reference": "P/1", "title": "Radars", "partner": "IND", "currency": "USD", "label": "OFFICIAL",
            "on": "2012-01-02",
            "parties": [
                {"party": server.held.exporter, "role": "exporter"},
                {"party": server.held.user, "role": "end_user"}
            ]
        }),
    )
    .await;
    let line = ok(
        server,
        officer,
        &format!("contracts/{contract}/lines"),
        json!({
            "description": "Radar", "quantity": "2", "unit": "C62", "unit_price": "1500000.00", "currency": "USD",
            "category": "ML5.b", "due_on": "2012-03-01", "on": "2012-01-03"
        }),
    )
    .await;
    let at = |step: &str| format!("contracts/{contract}/{step}");
    ok(server, officer, &at("sign"), json!({"on": "2012-02-01", "document": paper("2012-02-01")})).await;
    ok(server, officer, &at("enter-into-force"), json!({"on": "2012-02-10"})).await;
    (contract, line)
}

#[tokio::test]
async fn money_from_the_schedule_to_the_figures() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let (contract, line) = contract(&server, &officer).await;
    let at = |step: &str| format!("contracts/{contract}/{step}");
    let schedule = |kind: &str, amount: &str, due: Value| json!({"on": "2012-02-01", "kind": kind, "amount": usd(amount), "due": due});
    let advance = schedule("advance", "600000.00", json!({"rule": "after_signature", "days": 30}));
    let advance = ok(&server, &officer, &at("instalments"), advance).await;
    assert_eq!(advance, format!("{contract}.I1"));
    let due = json!({"rule": "after_delivery", "after": format!("{line}.1"), "days": 14});
    let second = ok(&server, &officer, &at("instalments"), schedule("on_delivery", "1400000.00", due)).await;
    // A slip names its field.
    let credit = schedule("deferred_credit", "1000000.00", json!({"rule": "fixed", "on": "2013-06-30"}));
    let (status, problem) = refused(&server, &officer, &at("instalments"), credit.clone()).await;
    assert_eq!(
        (status, &problem["code"], &problem["field"]),
        (422, &json!("instalment.lender"), &json!("lender"))
    );
    let no_days = schedule("advance", "1.00", json!({"rule": "after_signature"}));
    assert_eq!(refused(&server, &officer, &at("instalments"), no_days).await.1["field"], "due.days");
    let euro = json!({"on": "2012-02-01", "kind": "advance", "amount": {"amount": "1.00", "currency": "EUR"}, "due": {"rule": "fixed", "on": "2012-03-01"}});
    assert_eq!(refused(&server, &officer, &at("instalments"), euro).await.1["code"], "payment.currency");
    let mut credit = credit;
    credit["lender"] = json!("state");
    ok(&server, &officer, &at("instalments"), credit).await;
    ok(&server, &officer, &at("schedule/complete"), json!({"on": "2012-02-01"})).await;
    // Money comes in: once, for all that the bank's advice is sent twice.
    let content = kept(&server, &officer).await;
    let receipt = json!({
        "on": "2012-03-10", "reference": "TT 88123", "amount": usd("500000.00"),
        "document": {"title": "Advice 88123", "dated": "2012-03-10", "content": content},
        "allocations": [{"instalment": advance, "amount": usd("500000.00")}]
    });
    let number = ok(&server, &officer, &at("receipts"), receipt.clone()).await;
    assert_eq!(number, format!("{contract}.R1"));
    assert_eq!(refused(&server, &officer, &at("receipts"), receipt).await.1["code"], "reference.taken");
    let paid = server
        .with_key(Method::GET, &format!("/api/v1/documents/receipt:{number}/{content}"), &officer, "")
        .await;
    assert_eq!((paid.status, paid.text.as_str()), (StatusCode::OK, "%PDF-1.7 advice"));
    // In euros, at a rate that the table must have.
    let euros = json!({
        "on": "2012-03-12", "amount": {"amount": "100000.00", "currency": "EUR"}, "basis": "rate_of_the_day",
        "document": paper("2012-03-12")
    });
    let (_, problem) = refused(&server, &officer, &at("receipts"), euros.clone()).await;
    assert_eq!(problem["code"], "rate.missing");
    assert!(problem["missing"].as_str().unwrap().contains("EUR and USD of 2012-03-12"), "{problem}");
    let rate =
        json!({"on": "2012-03-12", "from": "EUR", "to": "USD", "rate": "1.3075", "source": "Central bank"});
    assert_eq!(ok(&server, &officer, "rates", rate).await, "EUR-USD-2012-03-12");
    let second_receipt = ok(&server, &officer, &at("receipts"), euros).await;
    let more = json!({"allocations": [{"instalment": advance, "amount": usd("100000.01")}]});
    let (_, problem) = refused(&server, &officer, &format!("receipts/{second_receipt}/allocate"), more).await;
    assert_eq!(problem["code"], "receipt.beyond_instalment");
    let rest = json!({"allocations": [{"instalment": advance, "amount": usd("100000.00")}]});
    ok(&server, &officer, &format!("receipts/{second_receipt}/allocate"), rest).await;
    // A delivery comes late, and what delay costs is worked out.
    let hand_over = json!({"quantity": "1", "on": "2012-03-20", "document": paper("2012-03-20")});
    let delivery = ok(&server, &officer, &format!("lines/{line}/deliveries"), hand_over).await;
    let accept = json!({"on": "2012-04-05", "document": paper("2012-04-05")});
    ok(&server, &officer, &format!("deliveries/{delivery}/accept"), accept).await;
    let terms = json!({"on": "2012-02-01", "late": "delivery", "rate_pct": "0.5", "period": "full_week", "cap_pct": "8", "document": paper("2012-02-01")});
    ok(&server, &officer, &at("schedule/penalty-terms"), terms).await;
    let claim = json!({"on": "2012-05-01", "late": "delivery", "number": delivery});
    let penalty = ok(&server, &officer, &at("penalties"), claim).await;
    let agree = json!({"on": "2012-05-10", "amount": usd("30000.00"), "document": paper("2012-05-10")});
    ok(&server, &officer, &format!("penalties/{penalty}/agree"), agree).await;

    let seen = read(&server, &officer, &format!("{}?as_of=2012-06-30", at("payments"))).await;
    assert_eq!(seen["schedule"]["complete"], true);
    assert_eq!(seen["schedule"]["difference"], "0.00");
    assert_eq!(seen["schedule"]["received"], "630750.00");
    assert_eq!(seen["instalments"][1]["number"], json!(second));
    assert_eq!(seen["instalments"][1]["due_on"], "2012-04-19");
    assert_eq!(seen["instalments"][1]["overdue"], true);
    assert_eq!(seen["receipts"][1]["conversion"]["rate"], "1.3075");
    assert_eq!(seen["receipts"][1]["unallocated"], "30750.00");
    // Thirty-five days are five full weeks: 2.5 % of 1,500,000.00.
    assert_eq!(
        (&seen["penalties"][0]["days"], &seen["penalties"][0]["proposed"]),
        (&json!(35), &json!("37500.00"))
    );
    assert_eq!(
        (&seen["penalties"][0]["state"], &seen["penalties"][0]["amount"]),
        (&json!("agreed"), &json!("30000.00"))
    );

    let money = read(&server, &officer, "payments?as_of=2012-06-30").await;
    assert_eq!(money["figures"]["overdue"], json!({"instalments": 1, "value": "1400000.00"}));
    assert_eq!(money["figures"]["receivable"], "869250.00");
    assert_eq!(money["figures"]["by_bank"][0]["bank"], "NONE");
    for (name, link) in money["links"].as_object().unwrap() {
        let opened = read(&server, &officer, link.as_str().unwrap().trim_start_matches("/api/v1/")).await;
        let value = &opened["value"];
        assert_eq!(value["amount"], opened["sources_sum"], "{name}");
        if !value["count"].is_null() {
            assert_eq!(value["count"], opened["sources_total"], "{name}");
        }
    }
    let brief = read(&server, &officer, "brief?as_of=2012-06-30").await;
    assert_eq!(brief["payments"], money["figures"]);
    let alerts = brief["alerts"].as_array().unwrap();
    assert!(
        alerts
            .iter()
            .any(|alert| alert["kind"] == "instalment_overdue" && alert["instalment"] == json!(second))
    );
}

async fn kept(server: &Server, key: &str) -> String {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/pdf")];
    let kept = server.send(request(Method::POST, "/api/v1/documents", &headers, "%PDF-1.7 advice")).await;
    kept.json()["content"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_request_is_carried_out_once_and_on_the_version_that_was_seen() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let (contract, _) = contract(&server, &officer).await;
    let body = json!({"on": "2012-02-01", "kind": "advance", "amount": usd("1.00"), "due": {"rule": "fixed", "on": "2012-03-01"}});
    let send = async |path: String, header: (&'static str, &'static str), body: &Value| {
        let bearer = format!("Bearer {officer}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json"), header];
        server.send(request(Method::POST, &path, &headers, &body.to_string())).await
    };
    let path = format!("/api/v1/contracts/{contract}/instalments");
    let first = send(path.clone(), ("idempotency-key", "one"), &body).await;
    let again = send(path.clone(), ("idempotency-key", "one"), &body).await;
    assert_eq!(first.header("location"), format!("/api/v1/contracts/{contract}/payments"));
    assert_eq!(
        (again.json()["repeated"].clone(), again.json()["number"].clone()),
        (json!(true), first.json()["number"].clone())
    );
    let number = first.json()["number"].as_str().unwrap().to_owned();
    let amend = json!({"on": "2012-02-02", "amount": usd("2.00"), "document": paper("2012-02-02"), "reason": "dearer"});
    let path = format!("/api/v1/instalments/{number}/amend");
    let stale = send(path.clone(), ("expected-version", "7"), &amend).await;
    assert_eq!((stale.status, stale.json()["code"].clone()), (StatusCode::CONFLICT, json!("conflict")));
    assert_eq!(send(path, ("expected-version", "1"), &amend).await.status, StatusCode::OK);
}

#[tokio::test]
async fn who_may_not_read_money_is_shown_none() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let (contract, _) = contract(&server, &officer).await;
    for (role, expected) in [
        (Role::Chair, StatusCode::OK),
        (Role::Auditor, StatusCode::OK),
        (Role::Customs, StatusCode::FORBIDDEN),
        (Role::Manufacturer, StatusCode::FORBIDDEN),
    ] {
        let key = server.key(role).await;
        for path in [format!("contracts/{contract}/payments"), "payments".to_owned(), "rates".to_owned()] {
            let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), &key, "").await;
            assert_eq!(answer.status, expected, "{role} {path}: {}", answer.text);
        }
    }
    let chair = server.key(Role::Chair).await;
    let body = json!({"on": "2012-02-01", "kind": "advance", "amount": usd("1.00"), "due": {"rule": "fixed", "on": "2012-03-01"}});
    assert_eq!(refused(&server, &chair, &format!("contracts/{contract}/instalments"), body).await.0, 403);
}
