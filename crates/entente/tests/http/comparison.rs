//! Plans beside each other, and what a slip would do.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::money::Currency;
use jiff::civil::date;

use crate::register::operator;
use crate::support::Server;

/// A second version: the line moves from September to November and loses value, a secret line comes in.
pub(crate) async fn second_version(server: &Server) {
    let plan = |version, command| Command::Plan { version, command };
    let draft = plan(None, PlanCommand::Draft { year: 2012, currency: Currency::USD });
    let item = |line: &str, amount: &str| PlanItem {
        line: line.to_owned(),
        planned_on: date(2012, 11, 10),
        amount: amount.to_owned(),
    };
    let held = &server.held;
    let items = vec![item(&held.line, "8000000.00"), item(&held.secret_line, "1234567.89")];
    let version = Some(PlanVersion { year: 2012, version: 2 });
    for command in [draft, plan(version, PlanCommand::AddItems { items })] {
        server.app.store.execute(&operator(), command).await.unwrap();
    }
}

const NOW: &str = "as_of=2012-09-30&known_at=2100-01-01T00:00:00Z";

#[tokio::test]
async fn two_versions_stand_beside_each_other_as_far_as_the_reader_may_see() {
    let server = Server::filled().await;
    second_version(&server).await;
    let held = &server.held;
    let path = format!("/api/v1/plans/2012/1/compare?with=2012:2&{NOW}");
    let chair = server.key(Role::Chair).await;
    let answer = server.with_key(Method::GET, &path, &chair, "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let all = answer.json();
    assert_eq!(all["year"]["earlier"], "10000000.00");
    assert_eq!(all["year"]["later"], "9234567.89");
    assert_eq!(all["year"]["difference"], "-765432.11");
    assert_eq!(all["months"][8]["earlier"], "10000000.00");
    assert_eq!(all["months"][10]["later"], "9234567.89");
    assert_eq!(all["stability_pct"].to_string(), "0.0");
    assert_eq!((all["total"].as_i64(), all["alike"].as_i64()), (Some(2), Some(0)));
    let change = &all["changes"][0];
    assert_eq!(
        (change["line"].as_str(), change["change"].as_str()),
        (Some(held.line.as_str()), Some("rescheduled"))
    );
    assert_eq!(change["later"][0]["planned_on"], "2012-11-10");
    assert_eq!(all["changes"][1]["line"], held.secret_line.as_str());

    // A member without the clearance: the secret line is as if it were not.
    let member = server.key(Role::Member).await;
    let answer = server.with_key(Method::GET, &path, &member, "").await;
    assert_eq!(answer.json()["year"]["later"], "8000000.00");
    assert_eq!(answer.json()["total"], 1);
    assert!(!answer.text.contains(&held.secret_line) && !answer.text.contains("1234567.89"));

    // Backwards, the sign turns.
    let back = format!("/api/v1/plans/2012/2/compare?with=2012:1&{NOW}");
    let answer = server.with_key(Method::GET, &back, &chair, "").await.json();
    assert_eq!(answer["year"]["difference"], "765432.11");
}

#[tokio::test]
async fn a_slip_is_worked_out_and_nothing_is_recorded() {
    let server = Server::filled().await;
    second_version(&server).await;
    let before = server.head().await;
    let chair = server.key(Role::Chair).await;
    let get = |query: &str| {
        let path = format!("/api/v1/plans/2012/2/slip?{query}&{NOW}");
        let (server, chair) = (&server, &chair);
        async move { server.with_key(Method::GET, &path, chair, "").await }
    };
    let one = get("what=partner:IND&months=1").await.json();
    assert_eq!((one["year"]["difference"].as_str(), one["total"].as_i64()), (Some("0.00"), Some(2)));
    assert_eq!(one["changes"][0]["change"], "moved");
    assert_eq!(one["changes"][0]["later"][0]["planned_on"], "2012-12-10");
    assert!(one["later"].is_null());
    // December is the last month of the year.
    let two = get("what=partner:IND&months=2").await.json();
    assert_eq!(
        (two["year"]["later"].as_str(), &two["changes"][0]["change"]),
        (Some("0.00"), &"removed".into())
    );
    for (query, code, field) in [
        ("what=partner:IND", "slip.incomplete", "months"),
        ("months=2", "slip.incomplete", "what"),
        ("what=IND&months=2", "slip.what", "what"),
        // Nothing of the plan goes there: that nothing would change is no answer.
        ("what=partner:BRA&months=2", "slip.what", "what"),
        ("what=partner:IND&months=13", "slip.months", "months"),
    ] {
        let answer = get(query).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", answer.text);
        assert_eq!(
            (answer.json()["code"].as_str(), answer.json()["field"].as_str()),
            (Some(code), Some(field))
        );
    }
    assert_eq!(server.head().await, before);
}

#[tokio::test]
async fn what_cannot_be_compared_is_said() {
    let server = Server::filled().await;
    let chair = server.key(Role::Chair).await;
    for (query, status, code) in [
        ("with=2012:7", 404, "not_found"),
        ("with=2011:1", 422, "plan.other_year"),
        ("with=latest", 422, "plan.malformed"),
        ("", 422, "parameter.missing"),
    ] {
        let path = format!("/api/v1/plans/2012/1/compare?{query}&{NOW}");
        let answer = server.with_key(Method::GET, &path, &chair, "").await;
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].as_str()),
            (status, Some(code)),
            "{query}: {}",
            answer.text
        );
    }
    let customs = server.key(Role::Customs).await;
    let path = format!("/api/v1/plans/2012/1/compare?with=2012:1&{NOW}");
    assert_eq!(server.with_key(Method::GET, &path, &customs, "").await.status, StatusCode::FORBIDDEN);
}
