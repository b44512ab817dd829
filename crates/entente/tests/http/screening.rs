//! Lists, cases and how a party is screened, through the JSON API.

use axum::http::{Method, StatusCode};
use entente::screener::edition::{Incoming, load};
use entente::screener::rescreen;
use entente_register::access::{Actor, Role};
use entente_register::label::Clearance;
use serde_json::json;

use crate::performance::{ok, post, read, refused};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn two_people_clear_a_hit_and_the_party_is_clear() {
    let server = Server::filled().await;
    let proposer = server.key(Role::LicensingOfficer).await;
    let reviewer = server.key(Role::Countersigner).await;
    let exporter = server.key(Role::Exporter).await;
    let party = json!({"name": "Desert Falcon Trading House", "kind": "company", "state": "YEM", "label": "OFFICIAL"});
    let number = ok(&server, &proposer, "parties", party).await;
    let screening = format!("parties/{number}/screening");
    let seen = read(&server, &proposer, &screening).await;
    assert_eq!((&seen["clear"], &seen["held"][0]["code"]), (&json!(false), &json!("missing")));

    let operator = Actor::operator(Clearance::full());
    let store = &server.app.store;
    let incoming = Incoming {
        seen: None,
        list: "own".into(),
        bytes: b"id,schema,name,country\nx1,Company,Desert Falcon Trading House,YE\n".to_vec(),
        source: "own.csv".into(),
        current_on: None,
        despite: None,
    };
    load(store, &operator, incoming).await.unwrap();
    assert_eq!(read(&server, &proposer, &screening).await["held"][0]["code"], "not_screened");
    let ran = rescreen(store, &server.app.screener).await.unwrap();
    assert_eq!((ran.len(), ran[0].hits), (1, 1));
    assert!(rescreen(store, &server.app.screener).await.unwrap().is_empty());
    let lists = read(&server, &proposer, "lists").await;
    assert_eq!((&lists[0]["name"], &lists[0]["held"]), (&json!("own"), &json!(null)));
    let list = read(&server, &proposer, "lists/own").await;
    assert_eq!((&list["editions"][0]["entries"], &list["version"]), (&json!(1), &json!(2)));

    let cases = read(&server, &proposer, "cases?state=waiting").await;
    let case = cases["rows"][0]["number"].as_str().unwrap().to_owned();
    assert_eq!((case.as_str(), &cases["rows"][0]["entry"]), (&*format!("{number}.H1"), &json!("x1")));
    let act = |act: &str, reason: Option<&str>| json!({"act": act, "reason": reason});
    let decide = format!("cases/{case}/decide");
    let refusal = refused(&server, &proposer, &decide, act("propose", None)).await;
    assert_eq!(refusal["field"], "reason");
    assert_eq!(refused(&server, &proposer, &decide, act("forget", None)).await["field"], "act");
    ok(&server, &proposer, &decide, act("propose", Some("Founded in another state"))).await;
    let own = refused(&server, &proposer, &decide, act("clear", None)).await;
    assert_eq!(own["code"], "case.two_people");
    ok(&server, &reviewer, &decide, act("clear", None)).await;
    let seen = read(&server, &proposer, &screening).await;
    assert_eq!((&seen["clear"], &seen["cases"][0]["state"]), (&json!(true), &json!("cleared")));
    let case = read(&server, &proposer, &format!("cases/{case}")).await;
    assert_eq!(case["history"][2]["what"], "case cleared");

    // Who exports reads no cases, and a state that there is not is named.
    let answer = server.with_key(Method::GET, "/api/v1/cases", &exporter, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = server.with_key(Method::GET, "/api/v1/cases?state=lost", &proposer, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let policy = json!({"standing": "advisory", "max_age_days": 3, "reason": "A trial"});
    assert_eq!(post(&server, &exporter, "lists/own/policy", &policy).await.status, StatusCode::FORBIDDEN);
    ok(&server, &proposer, "lists/own/policy", policy).await;
    assert_eq!(read(&server, &proposer, "lists/own").await["standing"], "advisory");
}
