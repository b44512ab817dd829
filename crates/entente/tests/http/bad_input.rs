//! Bad input: each has its named refusal, and nothing is written.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::support::{Server, request};

/// What it is, where it is sent, the body; the status, the code and the field that are expected.
type Case = (&'static str, String, Value, u16, &'static str, Option<&'static str>);

fn line(change: impl FnOnce(&mut Value)) -> Value {
    let mut line = json!({
        "description": "Radar", "quantity": "2", "unit": "C62", "unit_price": "1500000.00", "currency": "USD",
        "category": "ML5.b", "due_on": "2012-12-01", "on": "2012-03-03",
        "document": {"title": "Amendment 1", "dated": "2012-03-03"}
    });
    change(&mut line);
    line
}

#[tokio::test]
async fn each_slip_is_named_and_nothing_is_written() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let held = &server.held;
    let lines = format!("contracts/{}/lines", held.contract);
    let deliveries = format!("lines/{}/deliveries", held.line);
    let paper = json!({"title": "Paper", "dated": "2012-06-01"});
    let hand_over = |quantity: &str, on: &str| json!({"quantity": quantity, "on": on, "document": paper});
    let open = |partner: &str, label: &str| {
        json!({
            "reference": "P/1", "title": "Radars", "partner": partner, "currency": "USD", "label": label,
            "on": "2012-01-02",
            "parties": [{"party": held.exporter, "role": "exporter"}, {"party": held.user, "role": "end_user"}]
        })
    };
    let handed_over = server
        .with_key(
            Method::POST,
            &format!("/api/v1/{deliveries}"),
            &officer,
            &hand_over("1", "2012-06-10").to_string(),
        )
        .await
        .json()["number"]
        .as_str()
        .unwrap()
        .to_owned();
    let accept = format!("deliveries/{handed_over}/accept");
    let head = server.head().await;
    let cases: Vec<Case> = vec![
        (
            "unknown currency",
            lines.clone(),
            line(|l| l["currency"] = json!("XXZ")),
            422,
            "currency.unknown",
            Some("currency"),
        ),
        (
            "another currency",
            lines.clone(),
            line(|l| l["currency"] = json!("EUR")),
            422,
            "line.currency",
            Some("unit_price"),
        ),
        (
            "negative quantity",
            lines.clone(),
            line(|l| l["quantity"] = json!("-2")),
            422,
            "quantity.not_positive",
            Some("quantity"),
        ),
        (
            "half a piece",
            lines.clone(),
            line(|l| l["quantity"] = json!("2.5")),
            422,
            "quantity.not_whole",
            Some("quantity"),
        ),
        (
            "half a piece handed over",
            deliveries.clone(),
            hand_over("0.5", "2012-06-10"),
            422,
            "quantity.not_whole",
            Some("quantity"),
        ),
        (
            "a paper of tomorrow",
            deliveries.clone(),
            json!({"quantity": "1", "on": "2012-06-01", "document": {"title": "W", "dated": "2999-06-01"}}),
            422,
            "document.in_future",
            Some("document.dated"),
        ),
        (
            "handed over tomorrow",
            deliveries.clone(),
            hand_over("1", "2999-06-01"),
            422,
            "date.in_future",
            Some("on"),
        ),
        (
            "accepted tomorrow",
            accept.clone(),
            json!({"on": "2999-06-01", "document": paper}),
            422,
            "date.in_future",
            Some("on"),
        ),
        (
            "no number",
            lines.clone(),
            line(|l| l["quantity"] = json!("two")),
            422,
            "quantity.malformed",
            Some("quantity"),
        ),
        (
            "half a cent",
            lines.clone(),
            line(|l| l["unit_price"] = json!("1.005")),
            422,
            "amount.too_precise",
            Some("unit_price"),
        ),
        (
            "unknown unit",
            lines.clone(),
            line(|l| l["unit"] = json!("BOAT")),
            422,
            "unit.unknown",
            Some("unit"),
        ),
        (
            "unknown category",
            lines.clone(),
            line(|l| l["category"] = json!("ML99")),
            422,
            "line.category",
            Some("category"),
        ),
        (
            "impossible date",
            lines.clone(),
            line(|l| l["due_on"] = json!("2013-02-29")),
            422,
            "date.does_not_exist",
            Some("due_on"),
        ),
        (
            "malformed date",
            lines.clone(),
            line(|l| l["on"] = json!("3 March")),
            422,
            "date.malformed",
            Some("on"),
        ),
        (
            "impossible date of a paper",
            lines.clone(),
            line(|l| l["document"]["dated"] = json!("2012-06-31")),
            422,
            "date.does_not_exist",
            Some("document.dated"),
        ),
        (
            "a date to come",
            lines.clone(),
            line(|l| l["on"] = json!("2999-01-01")),
            422,
            "date.in_future",
            Some("on"),
        ),
        (
            "unknown field",
            lines.clone(),
            line(|l| l["colour"] = json!("grey")),
            422,
            "json.shape",
            Some("colour"),
        ),
        (
            "missing field",
            lines.clone(),
            line(|l| {
                l.as_object_mut().unwrap().remove("quantity");
            }),
            422,
            "json.shape",
            Some("quantity"),
        ),
        ("a number for a text", lines.clone(), line(|l| l["quantity"] = json!(2)), 422, "json.shape", None),
        (
            "beyond the line",
            deliveries.clone(),
            hand_over("6", "2012-06-01"),
            422,
            "delivery.beyond_line",
            Some("quantity"),
        ),
        (
            "before force",
            deliveries.clone(),
            hand_over("1", "2012-02-01"),
            422,
            "delivery.before_force",
            Some("on"),
        ),
        (
            "accepted before handed over",
            accept,
            json!({"on": "2012-06-09", "document": paper}),
            422,
            "delivery.order",
            Some("on"),
        ),
        (
            "a frozen plan",
            "plans/2012/1/items".into(),
            json!({"items": [{"line": held.line, "planned_on": "2012-10-01", "amount": "1.00"}]}),
            422,
            "plan.frozen",
            None,
        ),
        (
            "a partner that is not there",
            "contracts".into(),
            open("ZZZ", "OFFICIAL"),
            404,
            "not_found",
            Some("partner"),
        ),
        (
            "a contract that is not there",
            "contracts/O-2012-9999/suspend".into(),
            json!({"on": "2012-06-01", "reason": "x"}),
            404,
            "not_found",
            None,
        ),
        (
            "a secret contract",
            format!("contracts/{}/suspend", held.secret_contract),
            json!({"on": "2012-06-01", "reason": "x"}),
            404,
            "not_found",
            None,
        ),
        (
            "a plan version that is none",
            "plans/2012/latest/discard".into(),
            json!({}),
            404,
            "not_found",
            None,
        ),
        (
            "a document that is not held",
            deliveries.clone(),
            json!({"quantity": "1", "on": "2012-06-01", "document": {"title": "W", "dated": "2012-06-01", "content": "0".repeat(64)}}),
            422,
            "document.not_held",
            Some("document"),
        ),
        (
            "above one's clearance",
            "contracts".into(),
            open("IND", "SECRET"),
            422,
            "label.above_clearance",
            Some("label"),
        ),
        ("no marking", "contracts".into(), open("IND", "VERY SECRET"), 422, "label.malformed", Some("label")),
        (
            "another role",
            "plans/2012/1/approve".into(),
            json!({"on": "2012-06-01", "document": paper}),
            403,
            "access.role",
            None,
        ),
    ];
    for (name, path, body, status, code, field) in cases {
        let path = format!("/api/v1/{path}");
        let answer = server.with_key(Method::POST, &path, &officer, &body.to_string()).await;
        let problem = answer.json();
        assert_eq!(problem["code"].as_str(), Some(code), "{name}: {}", answer.text);
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text);
        assert_eq!(problem["field"].as_str(), field, "{name}: {}", answer.text);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(server.head().await, head, "{name}");
    }
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let bearer = format!("Bearer {officer}");
    let head = server.head().await;
    let send = |kind: &'static str, body: String| {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        server.send(request(Method::POST, "/api/v1/contracts", &headers, &body))
    };
    let broken = send("application/json", "{\n  \"reference\": oops\n}".into()).await;
    assert_eq!(
        (broken.status, broken.json()["code"].as_str()),
        (StatusCode::BAD_REQUEST, Some("json.malformed"))
    );
    let detail = broken.json()["detail"].as_str().unwrap().to_owned();
    assert!(detail.contains("line 2, column 16"), "{detail}");
    let form = send("application/x-www-form-urlencoded", "a=b".into()).await;
    assert_eq!(
        (form.status, form.json()["code"].as_str()),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, Some("body.media_type"))
    );
    let large = send("application/json", format!("{{\"title\": \"{}\"}}", "x".repeat(1 << 20))).await;
    assert_eq!(
        (large.status, large.json()["code"].as_str()),
        (StatusCode::PAYLOAD_TOO_LARGE, Some("body.too_large"))
    );
    let deep = send("application/json", "[".repeat(100_000)).await;
    assert!(deep.status.is_client_error());
    assert_eq!(server.head().await, head);
}

#[tokio::test]
async fn documents_are_of_known_sorts_and_sizes() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    let bearer = format!("Bearer {officer}");
    let send = |kind: &'static str, body: String| {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        server.send(request(Method::POST, "/api/v1/documents", &headers, &body))
    };
    assert_eq!(send("text/html", "<script>".into()).await.json()["code"], "document.media_type");
    assert_eq!(send("text/plain", String::new()).await.json()["code"], "document.empty");
    assert_eq!(send("text/plain", "x".repeat((20 << 20) + 1)).await.json()["code"], "document.too_large");
    assert_eq!(send("text/plain", "x".repeat(22 << 20)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send("text/plain", "x".repeat(2 << 20)).await.status, StatusCode::CREATED);
    let member = server.key(Role::Member).await;
    let bearer = format!("Bearer {member}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/plain")];
    let answer = server.send(request(Method::POST, "/api/v1/documents", &headers, "x")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn parameters_that_cannot_be_read() {
    let server = Server::filled().await;
    let chair = server.key(Role::Chair).await;
    for (query, code, field) in [
        ("brief?as_of=2012-02-30", "date.does_not_exist", "as_of"),
        ("brief?as_of=2012-09-30&as_of=2012-09-29", "parameter.repeated", "as_of"),
        ("brief?known_at=soon", "instant.malformed", "known_at"),
        ("brief?counting=shipped", "counting.unknown", "counting"),
        ("brief?currency=XXZ", "currency.unknown", "currency"),
        ("brief?asof=2012-09-30", "parameter.unknown", "asof"),
        ("contracts?limit=0", "parameter.malformed", "limit"),
        ("contracts?limit=501", "parameter.malformed", "limit"),
        ("contracts?offset=-1", "parameter.malformed", "offset"),
        ("contracts?sort=size", "parameter.malformed", "sort"),
        ("contracts?overdue=perhaps", "parameter.malformed", "overdue"),
        ("contracts?state=foo", "parameter.malformed", "state"),
        ("contracts?page=2", "parameter.unknown", "page"),
    ] {
        let answer = server.with_key(Method::GET, &format!("/api/v1/{query}"), &chair, "").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert_eq!(answer.json()["code"], code, "{query}");
        assert_eq!(answer.json()["field"], field, "{query}");
    }
    let unknown = server.with_key(Method::GET, "/api/v1/figures/deliveries.luck", &chair, "").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_day_far_ahead_is_refused_with_the_latest_that_can_be_used() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    for path in ["brief", "contracts", "figures/deliveries.delivered"] {
        for day in ["2600-01-01", "9999-12-31"] {
            let answer = server.with_key(Method::GET, &format!("/api/v1/{path}?as_of={day}"), &key, "").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {day}: {}", answer.text);
            let problem = answer.json();
            assert_eq!(
                (problem["code"].as_str(), problem["field"].as_str()),
                (Some("as_of.too_far"), Some("as_of"))
            );
            let latest =
                problem["missing"].as_str().unwrap().strip_prefix("a day up to ").unwrap().to_owned();
            let answer =
                server.with_key(Method::GET, &format!("/api/v1/{path}?as_of={latest}"), &key, "").await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {latest}: {}", answer.text);
        }
    }
}
