//! Published forecasts through the JSON API and on the pages.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use entente_store::{Entropy, ManualClock, StoreOptions};
use serde_json::json;

use crate::pages::{Visitor, check, hidden};
use crate::support::Server;

/// The small register, on a day of its own year.
async fn server(clock: &Arc<ManualClock>) -> Server {
    let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
    let mut server = Server::on(options, |_| {}).await;
    server.held = crate::register::fill(&server.app.store).await;
    server
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2012-10-05T09:00:00Z".parse().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forecast_is_published_once_and_scored_when_its_year_is_over() {
    let clock = clock();
    let server = server(&clock).await;
    let chair = server.key(Role::Chair).await;
    let body = json!({"as_of": "2012-09-30"}).to_string();
    let answer = server.with_key(Method::POST, "/api/v1/forecasts", &chair, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let place = answer.header("location").to_owned();
    let number = answer.json()["number"].as_str().unwrap().to_owned();
    assert_eq!(place, format!("/api/v1/forecasts/{number}"));
    let read = server.with_key(Method::GET, &place, &chair, "").await.json();
    assert_eq!((&read["year"], &read["scope"]), (&json!(2012), &json!("all contracts")));
    assert_eq!(read["came_reason"], "the year 2012 goes on");
    assert_eq!(read["methods"].as_array().unwrap().len(), 4);

    let (events, hash) = server.head().await;
    for (body, status, code) in [
        (body.as_str(), StatusCode::UNPROCESSABLE_ENTITY, "forecast.published"),
        (r#"{"as_of":"2012-08-30"}"#, StatusCode::UNPROCESSABLE_ENTITY, "forecast.hindsight"),
        (r#"{"as_of":"2012-10-06"}"#, StatusCode::UNPROCESSABLE_ENTITY, "date.in_future"),
        (r#"{"as_of":"30.9.2012"}"#, StatusCode::UNPROCESSABLE_ENTITY, "date.malformed"),
        (r#"{"as_of":"2012-09-30","amount":"1.00"}"#, StatusCode::UNPROCESSABLE_ENTITY, "json.shape"),
    ] {
        let answer = server.with_key(Method::POST, "/api/v1/forecasts", &chair, body).await;
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "{body}");
    }
    let exporter = server.key(Role::Exporter).await;
    for (method, path) in
        [(Method::POST, "forecasts"), (Method::GET, "forecasts"), (Method::GET, "forecast-record")]
    {
        let sent = if method == Method::POST { body.as_str() } else { "" };
        let answer = server.with_key(method, &format!("/api/v1/{path}"), &exporter, sent).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}: {}", answer.text);
    }
    assert_eq!(server.head().await, (events, hash));

    clock.set("2013-03-01T09:00:00Z".parse().unwrap());
    // The key of the year before has ended.
    let chair = server.key(Role::Chair).await;
    let body = json!({"code": "BRA", "name": "Brazil"}).to_string();
    let officer = server.key(Role::ContractOfficer).await;
    let registered = server.with_key(Method::POST, "/api/v1/partners", &officer, &body).await;
    assert_eq!(registered.status, StatusCode::CREATED, "{}", registered.text);
    let record = server.with_key(Method::GET, "/api/v1/forecast-record", &chair, "").await.json();
    assert_eq!(record["forecasts"][0]["number"], number.as_str());
    let came = record["forecasts"][0]["came"].as_str().unwrap();
    let figure =
        server.with_key(Method::GET, "/api/v1/figures/earlier_years.2012.delivered", &chair, "").await.json();
    assert_eq!(figure["value"]["amount"].as_str(), Some(came), "{figure}");
    assert_eq!(record["methods"][0]["scored"], 1);
    assert!(record["trusted"].as_array().unwrap().is_empty() && record["trusted_reason"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_publishes_and_keeps_what_was_typed() {
    let clock = clock();
    let server = server(&clock).await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    assert!(officer.get("/").await.text.contains("href=\"/forecasts\""));
    let page = officer.get("/forecasts").await;
    check("/forecasts", &page);
    assert!(page.text.contains("Nothing by these conventions"), "{}", page.text);
    let form = |as_of: &str| {
        let token = hidden(&page.text, "csrf");
        format!("csrf={token}&as_of={as_of}&counting=title_passed&currency=USD")
    };
    let refused = officer.post("/forecasts", &form("2012-08-01")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("would be hindsight") && refused.text.contains("value=\"2012-08-01\""));
    let stolen =
        officer.post("/forecasts", "csrf=00&as_of=2012-09-30&counting=title_passed&currency=USD").await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN);

    let done = officer.post("/forecasts", &form("2012-09-30")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let place = done.header("location").to_owned();
    let one = officer.get(&place).await;
    check(&place, &one);
    assert!(one.text.contains("Forecast of 2012 as of 30 September 2012"), "{}", one.text);
    assert!(one.text.contains("/figures/forecasts.run_rate?as_of=2012-09-30&#38;known_at="), "{}", one.text);
    let list = officer.get("/forecasts").await;
    assert!(list.text.contains("30 Sep 2012") && list.text.contains("goes on"), "{}", list.text);
    // A reader of the brief without the right to publish sees no form.
    let member = Visitor::of(&server, Role::Member).await;
    let page = member.get("/forecasts").await;
    assert!(page.status.is_success() && !page.text.contains("Publish a forecast"));
}
