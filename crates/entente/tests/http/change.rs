//! Changes of the JSON API: one contract from its opening to its end, once only, on the state that was seen.

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

fn paper(dated: &str) -> Value {
    json!({"title": "Paper", "dated": dated})
}

fn new_contract(server: &Server, label: &str) -> Value {
    json!({
        "reference": "P/1", "title": "Radars", "partner": "IND", "currency": "USD", "label": label, "on": "2012-01-02",
        "parties": [
            {"party": server.held.exporter, "role": "exporter"},
            {"party": server.held.user, "role": "end_user"}
        ]
    })
}

fn new_line() -> Value {
    json!({
        "description": "Radar", "quantity": "2", "unit": "C62", "unit_price": "1500000.00", "currency": "USD",
        "category": "ML5.b", "due_on": "2012-12-01", "on": "2012-01-03"
    })
}

#[tokio::test]
async fn a_contract_from_its_opening_to_its_end() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let opened = post(&server, &officer, "contracts", &new_contract(&server, "OFFICIAL")).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.text);
    let contract = opened.json()["number"].as_str().unwrap().to_owned();
    assert_eq!(opened.header("location"), format!("/api/v1/contracts/{contract}"));
    assert_eq!(opened.json()["version"], 1);
    assert_eq!(opened.json().get("sequence"), None, "sequences are for auditors");
    let line = ok(&server, &officer, &format!("contracts/{contract}/lines"), new_line()).await;
    let at = |step: &str| format!("contracts/{contract}/{step}");
    ok(&server, &officer, &at("sign"), json!({"on": "2012-02-01", "document": paper("2012-02-01")})).await;
    ok(&server, &officer, &at("enter-into-force"), json!({"on": "2012-02-10"})).await;
    ok(&server, &officer, &at("suspend"), json!({"on": "2012-02-11", "reason": "Payment is late."})).await;
    ok(&server, &officer, &at("resume"), json!({"on": "2012-02-20"})).await;
    let amendment = json!({"on": "2012-03-01", "title": "Radars and masts", "document": paper("2012-03-01"), "reason": "Masts."});
    ok(&server, &officer, &at("amend"), amendment).await;
    let amend =
        json!({"on": "2012-03-02", "quantity": "3", "document": paper("2012-03-02"), "reason": "One more."});
    ok(&server, &officer, &format!("lines/{line}/amend"), amend).await;
    // A paper, kept first and then referred to.
    let bearer = format!("Bearer {officer}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/pdf")];
    let kept = server.send(request(Method::POST, "/api/v1/documents", &headers, "%PDF-1.7 waybill")).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text);
    let content = kept.json()["content"].as_str().unwrap().to_owned();
    let waybill = json!({"title": "Waybill", "dated": "2012-04-01", "content": content});
    let hand_over = json!({"quantity": "2", "on": "2012-04-01", "document": waybill});
    let first = ok(&server, &officer, &format!("lines/{line}/deliveries"), hand_over).await;
    let read = server
        .with_key(Method::GET, &format!("/api/v1/documents/delivery:{first}/{content}"), &officer, "")
        .await;
    assert_eq!((read.status, read.text.as_str()), (StatusCode::OK, "%PDF-1.7 waybill"));
    let accept = json!({"on": "2012-04-20", "document": paper("2012-04-20")});
    ok(&server, &officer, &format!("deliveries/{first}/accept"), accept.clone()).await;
    let one = |on: &str| json!({"quantity": "1", "on": on, "document": paper(on)});
    let second = ok(&server, &officer, &format!("lines/{line}/deliveries"), one("2012-05-01")).await;
    let refused = json!({"on": "2012-05-03", "reason": "Broken in transit."});
    ok(&server, &officer, &format!("deliveries/{second}/return"), refused).await;
    let third = ok(&server, &officer, &format!("lines/{line}/deliveries"), one("2012-05-05")).await;
    ok(&server, &officer, &format!("deliveries/{third}/annul"), json!({"reason": "A slip."})).await;
    let fourth = ok(&server, &officer, &format!("lines/{line}/deliveries"), one("2012-05-06")).await;
    let late = json!({"on": "2012-06-01", "document": paper("2012-06-01")});
    ok(&server, &officer, &format!("deliveries/{fourth}/accept"), late).await;
    let claim = json!({"on": "2012-06-02", "kind": "quality", "description": "A screen is dim."});
    ok(&server, &officer, &at("claims"), claim).await;
    let refused = post(&server, &officer, &at("complete"), &json!({"on": "2012-06-30"})).await;
    assert_eq!(refused.json()["code"], "contract.open_claim");
    let settle = json!({"on": "2012-06-20", "outcome": "Screen replaced."});
    ok(&server, &officer, &at("claims/1/settle"), settle).await;
    ok(&server, &officer, &at("complete"), json!({"on": "2012-06-30"})).await;
    let view =
        server.with_key(Method::GET, &format!("/api/v1/contracts/{contract}"), &officer, "").await.json();
    assert_eq!(view["state"], "completed");
    assert_eq!(view["delivered"], "4500000.00");
    assert_eq!(view["title"], "Radars and masts");
    let other = ok(&server, &officer, "contracts", new_contract(&server, "OFFICIAL")).await;
    let end = json!({"on": "2012-02-02", "reason": "Talks failed."});
    ok(&server, &officer, &format!("contracts/{other}/terminate"), end).await;
}

#[tokio::test]
async fn a_plan_from_its_draft_to_its_freezing() {
    let server = Server::filled().await;
    let officer = server.key(Role::Secretary).await;
    let chair = server.key(Role::Chair).await;
    let drafted = post(&server, &officer, "plans", &json!({"year": 2012, "currency": "USD"})).await;
    assert_eq!(drafted.header("location"), "/api/v1/plans/2012/2");
    let items =
        json!({"items": [{"line": server.held.line, "planned_on": "2012-10-01", "amount": "5000000.00"}]});
    ok(&server, &officer, "plans/2012/2/items", items.clone()).await;
    let approve = json!({"on": "2012-06-01", "document": paper("2012-06-01")});
    let role = post(&server, &officer, "plans/2012/2/approve", &approve).await;
    assert_eq!((role.status, role.json()["code"].as_str()), (StatusCode::FORBIDDEN, Some("access.role")));
    ok(&server, &chair, "plans/2012/2/approve", approve).await;
    let frozen = post(&server, &officer, "plans/2012/2/items", &items).await;
    assert_eq!(
        (frozen.status, frozen.json()["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("plan.frozen"))
    );
    ok(&server, &officer, "plans", json!({"year": 2012, "currency": "USD"})).await;
    ok(&server, &officer, "plans/2012/3/discard", json!({})).await;
    let plan = server.with_key(Method::GET, "/api/v1/plans/2012/2", &chair, "").await.json();
    assert_eq!((plan["state"].as_str(), plan["amount"].as_str()), (Some("frozen"), Some("5000000.00")));
}

#[tokio::test]
async fn partners_groups_and_parties() {
    let server = Server::filled().await;
    let secretary = server.key(Role::Secretary).await;
    ok(&server, &secretary, "partners", json!({"code": "BRA", "name": "Brazil"})).await;
    ok(&server, &secretary, "groups", json!({"code": "CIS", "name": "Commonwealth"})).await;
    ok(&server, &secretary, "groups/BRICS/admit", json!({"state": "BRA", "on": "2009-06-16"})).await;
    ok(&server, &secretary, "groups/BRICS/leave", json!({"state": "BRA", "on": "2011-01-01"})).await;
    let party = json!({"name": "Yard", "kind": "company", "state": "BRA", "label": "OFFICIAL"});
    let party = ok(&server, &secretary, "parties", party).await;
    assert!(party.contains('P'), "{party}");
    let at = |day: &str| format!("/api/v1/groups?as_of={day}");
    let then = server.with_key(Method::GET, &at("2010-01-01"), &secretary, "").await.json();
    assert_eq!(then["rows"][0]["members"], json!(["BRA", "IND"]));
    let now = server.with_key(Method::GET, &at("2012-01-01"), &secretary, "").await.json();
    assert_eq!(now["rows"][0]["members"], json!(["IND"]));
}

#[tokio::test]
async fn accounts_are_managed_by_the_administrator_alone() {
    let server = Server::filled().await;
    let administrator = server.key(Role::Administrator).await;
    let new =
        json!({"account": "anna", "name": "Anna", "roles": ["member"], "clearance": {"label": "OFFICIAL"}});
    let opened = post(&server, &administrator, "accounts", &new).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.text);
    let password = opened.json()["one_time_password"].as_str().unwrap().to_owned();
    let origin = entente_store::Origin::default();
    assert!(server.app.store.sign_in("anna", &password, &origin).await.unwrap().1.must_change);
    for (step, body) in [
        ("grant", json!({"role": "secretary"})),
        ("withdraw", json!({"role": "member"})),
        ("clearance", json!({"label": "SECRET", "all_compartments": false})),
        ("disable", json!({})),
        ("enable", json!({})),
    ] {
        ok(&server, &administrator, &format!("accounts/anna/{step}"), body).await;
    }
    let reset = post(&server, &administrator, "accounts/anna/reset-password", &json!({})).await;
    assert_ne!(reset.json()["one_time_password"].as_str().unwrap(), password);
    let chair = server.key(Role::Chair).await;
    assert_eq!(
        post(&server, &chair, "accounts/anna/disable", &json!({})).await.status,
        StatusCode::FORBIDDEN
    );
    // Managing accounts opens no content.
    for place in ["brief", "contracts", "plans", "ledger/events"] {
        let answer = server.with_key(Method::GET, &format!("/api/v1/{place}"), &administrator, "").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}");
    }
}

#[tokio::test]
async fn a_repeated_request_is_carried_out_once() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let bearer = format!("Bearer {officer}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "\"7f3a\""),
    ];
    let body = new_contract(&server, "OFFICIAL").to_string();
    let first = server.send(request(Method::POST, "/api/v1/contracts", &headers, &body)).await;
    let head = server.head().await;
    let second = server.send(request(Method::POST, "/api/v1/contracts", &headers, &body)).await;
    assert_eq!(server.head().await, head);
    assert_eq!(second.status, StatusCode::CREATED);
    assert_eq!(first.json()["number"], second.json()["number"]);
    assert_eq!(
        (first.json()["repeated"].as_bool(), second.json()["repeated"].as_bool()),
        (Some(false), Some(true))
    );
}

#[tokio::test]
async fn a_change_of_what_was_not_seen_is_refused() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let path = format!("/api/v1/contracts/{}", server.held.contract);
    let seen = server.with_key(Method::GET, &path, &officer, "").await;
    let (tag, version) = (seen.header("etag").to_owned(), seen.json()["version"].as_u64().unwrap());
    let bearer = format!("Bearer {officer}");
    let suspend = |name: &'static str, value: String| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            (name, value.as_str()),
        ];
        let body = json!({"on": "2012-06-01", "reason": "Payment is late."}).to_string();
        server.send(request(Method::POST, &format!("{path}/suspend"), &headers, &body))
    };
    let head = server.head().await;
    let other = suspend("if-match", "\"0000\"".into()).await;
    assert_eq!(
        (other.status, other.json()["code"].as_str()),
        (StatusCode::PRECONDITION_FAILED, Some("precondition.failed"))
    );
    let old = suspend("expected-version", (version - 1).to_string()).await;
    assert_eq!((old.status, old.json()["code"].as_str()), (StatusCode::CONFLICT, Some("conflict")));
    let malformed = suspend("expected-version", "latest".into()).await;
    assert_eq!(malformed.json()["code"], "header.malformed");
    assert_eq!(server.head().await, head);
    assert_eq!(suspend("if-match", tag.clone()).await.status, StatusCode::OK);
    assert_eq!(suspend("if-match", tag).await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn what_is_new_has_no_tag_and_a_change_is_of_the_present() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let bearer = format!("Bearer {officer}");
    let post = |path: String, header: &'static str, value: String, body: Value| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            (header, value.as_str()),
        ];
        server.send(request(Method::POST, &format!("/api/v1/{path}"), &headers, &body.to_string()))
    };
    let deliveries = format!("lines/{}/deliveries", server.held.line);
    let hand_over = json!({"quantity": "1", "on": "2012-06-10", "document": paper("2012-06-10")});
    let head = server.head().await;
    for (header, value, field) in
        [("if-match", "*", "if_match"), ("expected-version", "1", "expected_version")]
    {
        let refused = post(deliveries.clone(), header, value.to_owned(), hand_over.clone()).await;
        let problem = refused.json();
        assert_eq!(problem["code"], "precondition.not_possible", "{problem}");
        assert_eq!(problem["field"], field, "{problem}");
        assert!(problem["missing"].as_str().unwrap().contains("Idempotency-Key"), "{problem}");
    }
    assert_eq!(server.head().await, head);
    let made = post(deliveries, "idempotency-key", "hand-over-1".to_owned(), hand_over).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    // A view of the past does not hide from a change what the register holds by now.
    let number = made.json()["number"].as_str().unwrap().to_owned();
    let tag = server
        .with_key(Method::GET, &format!("/api/v1/deliveries/{number}"), &officer, "")
        .await
        .header("etag")
        .to_owned();
    let accept = json!({"on": "2012-06-20", "document": paper("2012-06-20")});
    let path = format!("deliveries/{number}/accept?as_of=2009-01-01&known_at=2009-01-01");
    let accepted = post(path, "if-match", tag, accept).await;
    assert_eq!(accepted.status, StatusCode::OK, "{}", accepted.text);
}

#[tokio::test]
async fn a_tag_and_a_version_are_not_taken_together() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let bearer = format!("Bearer {officer}");
    let path = format!("/api/v1/contracts/{}/suspend", server.held.contract);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("if-match", "*"),
        ("expected-version", "1"),
    ];
    let body = json!({"on": "2012-06-01", "reason": "Force majeure"}).to_string();
    let answer = server.send(request(Method::POST, &path, &headers, &body)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    assert_eq!(answer.json()["code"], "precondition.twice");
    // A tag of a part could never be met, so a part has none.
    for (path, tagged) in [
        (format!("lines/{}", server.held.line), true),
        (format!("lines/{}?limit=1", server.held.line), false),
        ("plans/2012/1?offset=0".to_owned(), false),
    ] {
        let answer = server.with_key(Method::GET, &format!("/api/v1/{path}"), &officer, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert_eq!(!answer.header("etag").is_empty(), tagged, "{path}");
    }
    let auditor = server.key(Role::Auditor).await;
    let answer = server.with_key(Method::GET, "/api/v1/ledger/reads?as_of=2012-09-30", &auditor, "").await;
    assert_eq!((answer.status.as_u16(), answer.json()["field"].as_str()), (422, Some("as_of")));
}

#[tokio::test]
async fn whoever_may_name_a_paper_may_hand_one_in() {
    let server = Server::filled().await;
    let officer = server.app.store.actor("contract-officer").await.unwrap();
    let store = &server.app.store;
    let kept = store.keep_document(&officer, "text/plain", b"Certificate".to_vec()).await.unwrap();
    assert_eq!(kept.len(), 64);
    let member = server.app.store.actor("member").await.unwrap();
    let refused = store.keep_document(&member, "text/html", Vec::new()).await.unwrap_err().to_string();
    assert!(refused.contains("may not hand in documents"), "the right is asked first: {refused}");
}
