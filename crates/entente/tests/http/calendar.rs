//! The calendar, the timeline and the file for calendars.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;

use crate::pages::{Visitor, check};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_month_shows_its_lines_and_leads_to_the_others() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let key = server.key(Role::ContractOfficer).await;
    let all = server.with_key(Method::GET, "/api/v1/calendar?as_of=2012-09-30", &key, "").await.json();
    let due = all["rows"][0]["due_on"].as_str().unwrap().to_owned();
    let (line, month) = (all["rows"][0]["line"].as_str().unwrap().to_owned(), &due[..7]);
    let page = officer.get(&format!("/calendar?month={month}&as_of=2012-09-30")).await;
    check("/calendar", &page);
    let day: i8 = due[8..].parse().unwrap();
    assert!(page.text.contains(&format!("href=\"#day-{day}\"")), "{}", page.text);
    assert!(page.text.contains(&format!("id=\"day-{day}\"")) && page.text.contains(&line));
    assert!(page.text.contains("/calendar.ics?as_of=2012-09-30"), "the view goes on: {}", page.text);
    let empty = officer.get("/calendar?month=1999-01").await;
    check("/calendar?month=1999-01", &empty);
    assert!(empty.text.contains("No line that is open to you is due"));
    for (path, missing) in [
        ("/calendar?month=2012-13", "for example 2012-09"),
        ("/timeline?from=soon", "a year from 1900 to 2990"),
    ] {
        let refused = officer.get(path).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(refused.text.contains(missing), "{path}: {}", refused.text);
    }
    let refused = server.with_key(Method::GET, "/api/v1/calendar?form=2012-01-01", &key, "").await;
    assert_eq!(refused.json()["code"], "parameter.unknown");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timeline_shows_contracts_and_keeps_what_is_secret() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let page = chair.get("/timeline?from=2011&state=all&as_of=2012-09-30").await;
    check("/timeline", &page);
    assert!(page.text.contains(&server.held.contract) && page.text.contains(&server.held.secret_contract));
    assert!(page.text.contains("role=\"img\""), "{}", page.text);
    // A manufacturer sees none of it without a part in it; the public is asked to sign in.
    let customs = Visitor::of(&server, Role::Customs).await;
    for path in ["/timeline?from=2011&state=all&as_of=2012-09-30", "/calendar?month=2012-06", "/calendar.ics"]
    {
        let page = customs.get(path).await;
        assert!(page.status.is_success(), "{path}");
        assert!(!page.text.contains(&server.held.secret_contract), "{path}");
    }
    assert!(!server.get("/calendar.ics").await.status.is_success());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_for_calendars_holds_what_is_owed() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let file = chair.get("/calendar.ics?as_of=2012-09-30").await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.text.starts_with("BEGIN:VCALENDAR\r\n") && file.text.ends_with("END:VCALENDAR\r\n"));
    let key = server.key(Role::Chair).await;
    let open =
        server.with_key(Method::GET, "/api/v1/calendar?open=true&as_of=2012-09-30", &key, "").await.json();
    let events = file.text.matches("BEGIN:VEVENT").count();
    assert_eq!(open["total"].as_i64().unwrap(), events as i64);
    assert!(events > 0 && file.text.contains("CLASS:CONFIDENTIAL"), "{}", file.text);
}
