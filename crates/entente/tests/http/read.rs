//! Reads of the JSON API: who may read what, and that what may not be seen answers as what is not there.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;

use crate::support::{Server, request};

/// Every read, with a number that exists and that the whole commission may see.
fn places(server: &Server) -> Vec<String> {
    let held = &server.held;
    [
        "brief".to_owned(),
        "figures/deliveries.delivered".to_owned(),
        "contracts".to_owned(),
        format!("contracts/{}", held.contract),
        format!("lines/{}", held.line),
        format!("deliveries/{}", held.delivery),
        format!("documents/delivery:{}/{}", held.delivery, held.paper),
        "breaks".to_owned(),
        format!("links/line/{}", held.line),
        "plans".to_owned(),
        "plans/2012/1".to_owned(),
        "partners".to_owned(),
        "groups".to_owned(),
        "groups/BRICS".to_owned(),
        "groups/BRICS/share".to_owned(),
        "market/rank".to_owned(),
        "statistics".to_owned(),
        "accounts".to_owned(),
        "ledger/events".to_owned(),
        "ledger/reads".to_owned(),
        "me".to_owned(),
        "me/keys".to_owned(),
    ]
    .into_iter()
    .map(|place| format!("/api/v1/{place}"))
    .collect()
}

#[tokio::test]
async fn who_may_read_what() {
    let server = Server::filled().await;
    let mut keys = Vec::new();
    for role in Role::ALL.iter().filter(|r| !matches!(r, Role::Operator | Role::Public)) {
        keys.push((role, server.key(*role).await));
    }
    let mut table = String::new();
    for place in places(&server) {
        assert_eq!(server.get(&place).await.status, StatusCode::UNAUTHORIZED, "{place}");
        let (mut may, mut may_not) = (Vec::new(), Vec::new());
        for (role, key) in &keys {
            let answer = server.with_key(Method::GET, &place, key, "").await;
            match answer.status {
                StatusCode::OK => may.push(role.word()),
                StatusCode::FORBIDDEN => may_not.push(role.word()),
                status => panic!("{role} {place}: {status} {}", answer.text),
            }
        }
        let shown: String = place.chars().take(44).collect();
        table.push_str(&format!("{shown}\n  may      {}\n  may not  {}\n", may.join(" "), may_not.join(" ")));
    }
    insta::assert_snapshot!(table);
}

#[tokio::test]
async fn what_may_not_be_seen_answers_as_what_is_not_there() {
    let server = Server::filled().await;
    let key = server.key(Role::Member).await;
    let held = &server.held;
    for (place, there, not_there) in [
        ("contracts", held.secret_contract.clone(), absent(&held.secret_contract)),
        ("lines", held.secret_line.clone(), absent(&held.secret_line)),
        ("deliveries", held.secret_delivery.clone(), absent(&held.secret_delivery)),
        (
            "documents",
            format!("delivery:{}/{}", held.secret_delivery, held.secret_paper),
            format!("delivery:{}/{}", absent(&held.secret_delivery), held.secret_paper),
        ),
        // The paper of a secret delivery is not found through another subject either.
        (
            "documents",
            format!("delivery:{}/{}", held.delivery, held.secret_paper),
            format!("delivery:{}/{}", held.delivery, "0".repeat(64)),
        ),
    ] {
        let one = server.with_key(Method::GET, &format!("/api/v1/{place}/{there}"), &key, "").await;
        let two = server.with_key(Method::GET, &format!("/api/v1/{place}/{not_there}"), &key, "").await;
        assert_eq!(one.status, StatusCode::NOT_FOUND, "{there}");
        assert_eq!(two.status, StatusCode::NOT_FOUND);
        let key_of =
            |text: &str| text.rsplit('/').next().unwrap_or(text).rsplit(':').next().unwrap().to_owned();
        let masked = |text: &str, number: &str| {
            text.replace(number, "N")
                .replace(&key_of(number), "N")
                .replace(number.trim_start_matches("delivery:").split('/').next().unwrap(), "N")
        };
        assert_eq!(masked(&one.text, &there), masked(&two.text, &not_there));
        let named = |headers: &axum::http::HeaderMap| {
            let mut names: Vec<String> = headers
                .iter()
                .map(|(n, v)| format!("{n}: {v:?}"))
                .filter(|h| !h.starts_with("x-request-id"))
                .collect();
            names.sort();
            names
        };
        assert_eq!(named(&one.headers), named(&two.headers));
    }
    let contracts = server.with_key(Method::GET, "/api/v1/contracts", &key, "").await.json();
    assert_eq!(contracts["total"], 1);
}

/// A number of the same series that is not given.
fn absent(number: &str) -> String {
    let (head, rest) = number.split_once('.').map_or((number, String::new()), |(h, r)| (h, format!(".{r}")));
    let (stem, _) = head.rsplit_once('-').unwrap();
    format!("{stem}-9999{rest}")
}

#[tokio::test]
async fn the_brief_opens_down_to_the_document() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let view = "?as_of=2012-09-30&counting=title_passed";
    let brief = server.with_key(Method::GET, &format!("/api/v1/brief{view}"), &key, "").await.json();
    assert_eq!(brief["deliveries"]["delivered"], "8000000.00");
    assert_eq!(brief["deliveries"]["plan_year"], "10000000.00");
    assert_eq!(brief["deliveries"]["execution_pct"], 80.0);
    let link = brief["figures"]["deliveries.delivered"]["link"].as_str().unwrap();
    let figure = server.with_key(Method::GET, link, &key, "").await.json();
    assert_eq!(figure["value"]["amount"], "8000000.00");
    assert_eq!(figure["sources_sum"], "8000000.00");
    assert_eq!(figure["sources_total"], 2);
    let link = figure["sources"][0]["link"].as_str().unwrap();
    let delivery = server.with_key(Method::GET, link, &key, "").await.json();
    let paper = delivery["history"][0]["document"]["link"].as_str().unwrap();
    let paper = server.with_key(Method::GET, paper, &key, "").await;
    assert!(paper.text.starts_with("Waybill of"), "{}", paper.text);
    assert_eq!(paper.header("content-type"), "text/plain");
    assert!(paper.header("content-disposition").starts_with("attachment"));
    // Reading the secret ones was logged, and the auditor reads it.
    let auditor = server.key(Role::Auditor).await;
    let reads = server.with_key(Method::GET, "/api/v1/ledger/reads", &auditor, "").await.json();
    assert!(reads["total"].as_i64().unwrap() > 0);
    assert_eq!(reads["rows"][0]["source"], "192.0.2.7");
}

#[tokio::test]
async fn every_figure_of_the_brief_opens() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let brief = server.with_key(Method::GET, "/api/v1/brief?as_of=2012-09-30", &key, "").await.json();
    for (name, figure) in brief["figures"].as_object().unwrap() {
        let link = figure["link"].as_str().unwrap();
        let opened = server.with_key(Method::GET, link, &key, "").await;
        assert_eq!(opened.status, StatusCode::OK, "{name}: {}", opened.text);
        let opened = opened.json();
        for operand in opened["operands"].as_array().unwrap() {
            let link = operand["link"].as_str().unwrap();
            assert_eq!(server.with_key(Method::GET, link, &key, "").await.status, StatusCode::OK, "{link}");
        }
    }
}

#[tokio::test]
async fn an_exporter_sees_contracts_of_its_own_party() {
    let server = Server::filled().await;
    let key = server.key(Role::Exporter).await;
    let list = server.with_key(Method::GET, "/api/v1/contracts", &key, "").await.json();
    assert_eq!(list["rows"][0]["number"].as_str(), Some(server.held.contract.as_str()));
}

#[tokio::test]
async fn a_representation_that_is_known_is_not_sent_again() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let path = format!("/api/v1/contracts/{}", server.held.contract);
    let first = server.with_key(Method::GET, &path, &key, "").await;
    let tag = first.header("etag").to_owned();
    assert_eq!(tag.len(), 34);
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("if-none-match", tag.as_str())];
    let second = server.send(request(Method::GET, &path, &headers, "")).await;
    assert_eq!((second.status, second.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(second.header("etag"), tag);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let get = async |query: &str| {
        server.with_key(Method::GET, &format!("/api/v1/contracts{query}"), &key, "").await.json()
    };
    let page = get("?limit=1&sort=-number").await;
    assert_eq!((page["total"].as_i64(), page["rows"].as_array().unwrap().len()), (Some(2), 1));
    let next = page["next"].as_str().unwrap();
    let second = server.with_key(Method::GET, next, &key, "").await.json();
    assert_ne!(page["rows"][0]["number"], second["rows"][0]["number"]);
    assert_eq!(second["next"], serde_json::Value::Null);
    assert_eq!(get("?text=Quiet").await["total"], 1);
    assert_eq!(get("?partner=BRA").await["total"], 0);
    assert_eq!(get("?state=in_force&overdue=true&as_of=2012-09-30").await["total"], 2);
}

#[tokio::test]
async fn what_a_figure_opens_to_is_read_in_the_same_view() {
    let server = Server::filled().await;
    let key = server.key(Role::Auditor).await;
    let view = "as_of=2012-09-30&known_at=2100-01-01T00:00:00Z&counting=handed_over";
    let path = format!("/api/v1/figures/deliveries.delivered?{view}");
    let figure = server.with_key(Method::GET, &path, &key, "").await.json();
    let row = &figure["sources"][0];
    for link in [row["link"].as_str().unwrap(), row["document"]["link"].as_str().unwrap()] {
        assert!(link.contains("?as_of=2012-09-30&known_at=2"), "{link}");
        assert!(link.contains("Z&counting=handed_over"), "{link}");
        // What is known on a day to come is not settled: the link names the last instant that is.
        assert!(!link.contains("known_at=2100"), "{link}");
        let answer = server.with_key(Method::GET, link, &key, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{link}: {}", answer.text);
    }
}

#[tokio::test]
async fn contracts_and_lines_count_by_the_rule_that_is_asked_for() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let held = &server.held;
    // Handed over on 2 May, accepted on 20 May.
    for (rule, delivered) in [("title_passed", "0.00"), ("handed_over", "4000000.00")] {
        let view = format!("as_of=2012-05-10&counting={rule}");
        for (path, amount) in [
            (format!("/api/v1/contracts/{}", held.contract), "delivered"),
            (format!("/api/v1/lines/{}", held.line), "delivered_amount"),
        ] {
            let object = server.with_key(Method::GET, &format!("{path}?{view}"), &key, "").await.json();
            assert_eq!(
                (object[amount].as_str(), object["counting"].as_str()),
                (Some(delivered), Some(rule)),
                "{path}"
            );
        }
    }
}
