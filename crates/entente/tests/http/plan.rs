//! Plans between draft and approval through the JSON API and on the pages.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::contract::plan::{PlanCommand, PlanItem, PlanVersion};
use entente_register::money::Currency;
use jiff::civil::date;
use serde_json::json;

use crate::pages::{Visitor, check, hidden};
use crate::register::operator;
use crate::support::Server;

/// A draft of 2012, version 2: the line of the first version in another month.
async fn drafted(server: &Server) {
    let version = Some(PlanVersion { year: 2012, version: 2 });
    let item = PlanItem {
        line: server.held.line.clone(),
        planned_on: date(2012, 11, 10),
        amount: "10000000.00".to_owned(),
    };
    for (version, command) in [
        (None, PlanCommand::Draft { year: 2012, currency: Currency::USD }),
        (version, PlanCommand::AddItems { items: vec![item] }),
    ] {
        server.app.store.execute(&operator(), Command::Plan { version, command }).await.unwrap();
    }
}

const AT: &str = "/api/v1/plans/2012/2";
const NOW: &str = "as_of=2012-09-30&known_at=2100-01-01T00:00:00Z";

#[tokio::test]
async fn a_plan_is_proposed_answered_and_approved_by_programs() {
    let server = Server::filled().await;
    drafted(&server).await;
    let held = &server.held;
    let (officer, chair) = (server.key(Role::ContractOfficer).await, server.key(Role::Chair).await);
    let maker = server.key(Role::Manufacturer).await;
    let post = async |key: &str, step: &str, body: serde_json::Value| {
        server.with_key(Method::POST, &format!("{AT}/{step}"), key, &body.to_string()).await
    };
    let paper = json!({"title": "Letter", "dated": "2012-03-20"});
    let propose = json!({"on": "2012-03-20", "document": paper});
    assert_eq!(post(&maker, "propose", propose.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(server.with_key(Method::GET, AT, &maker, "").await.status, StatusCode::NOT_FOUND);
    let answer = post(&officer, "propose", propose).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);

    let object = json!({
        "manufacturer": held.user, "on": "2012-03-21", "reason": "the engines come late",
        "items": [{"line": held.line, "planned_on": "2012-11-10"}],
    });
    assert_eq!(post(&maker, "object", object).await.status, StatusCode::OK);
    let not_own = json!({"manufacturer": held.exporter, "on": "2012-03-22", "document": paper});
    let refused = post(&maker, "agree", not_own.clone()).await;
    assert_eq!(
        (refused.status, refused.json()["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("plan.not_own"))
    );
    assert_eq!(post(&officer, "agree", not_own).await.json()["code"], "plan.not_asked");
    let bad = json!({"manufacturer": held.user, "on": "2012-03-21", "reason": "x", "items": [{"line": held.line, "planned_on": "May"}]});
    assert_eq!(post(&officer, "object", bad).await.json()["field"], "items[0].planned_on");

    let read = server.with_key(Method::GET, &format!("{AT}?{NOW}"), &maker, "").await.json();
    assert_eq!(
        (read["state"].as_str(), read["proposed_on"].as_str()),
        (Some("proposed"), Some("2012-03-20"))
    );
    let one = &read["manufacturers"][0];
    assert_eq!((one["answer"].as_str(), one["answered_on"].as_str()), (Some("objected"), Some("2012-03-21")));
    assert_eq!(one["objects_to"][0], json!({"line": held.line, "planned_on": "2012-11-10"}));
    assert_eq!(one["reason"], "the engines come late");

    let approve = json!({"on": "2012-04-01", "document": {"title": "Decision 6", "dated": "2012-04-01"}});
    let refused = post(&chair, "approve", approve.clone()).await;
    assert_eq!(
        (refused.json()["code"].as_str(), refused.json()["field"].as_str()),
        (Some("plan.not_agreed"), Some("reason"))
    );
    let back = json!({"on": "2012-03-25", "reason": "more to come"});
    assert_eq!(post(&officer, "return", back).await.status, StatusCode::OK);
    assert_eq!(post(&officer, "propose", json!({"on": "2012-03-26"})).await.status, StatusCode::OK);
    let agree = json!({"manufacturer": held.user, "on": "2012-03-27", "document": paper});
    assert_eq!(post(&officer, "agree", agree).await.status, StatusCode::OK);
    assert_eq!(post(&chair, "approve", approve).await.status, StatusCode::OK);

    let read = server.with_key(Method::GET, &format!("{AT}?{NOW}"), &chair, "").await.json();
    assert_eq!(read["state"], "frozen");
    let whole = &read["stability_of_year"];
    assert_eq!((whole["from"].as_str(), whole["to"].as_str()), (Some("2012:1"), Some("2012:2")));
    // All of it moved from September to November.
    assert_eq!((whole["pct"].to_string(), whole["kept"].as_str()), ("0.0".to_owned(), Some("0.00")));
    assert_eq!(read["stability"].as_array().unwrap().len(), 1);
}

/// The page of the version as it is now.
const PAGE: &str = "/plans/2012:2";

#[tokio::test]
async fn the_page_takes_a_plan_from_draft_to_approval() {
    let server = Server::filled().await;
    drafted(&server).await;
    let held = &server.held;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let page = officer.get(PAGE).await;
    check(PAGE, &page);
    assert!(
        page.text.contains("Propose it to the manufacturers") && !page.text.contains("A manufacturer agrees")
    );
    assert!(!page.text.contains("Approve it"), "an officer does not approve");
    let token = hidden(&page.text, "csrf");
    let stolen = officer.post(PAGE, "csrf=00&step=propose&on=2012-03-20").await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN);
    let done = officer.post(PAGE, &format!("csrf={token}&step=propose&on=2012-03-20&title=&dated=")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = officer.get(done.header("location")).await;
    check(PAGE, &page);
    assert!(
        page.text.contains("No answer is open to you") && page.text.contains("Return it to the draft"),
        "{}",
        page.text
    );

    // A list that cannot be read is refused beside its field, and what was typed stays.
    let object = |items: &str| {
        format!("csrf={token}&step=object&manufacturer={}&on=2012-03-21&reason=late&items={items}", held.user)
    };
    let refused = officer.post(PAGE, &object("nonsense")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"object-items-fault\"") && refused.text.contains(">nonsense</textarea>")
    );
    let done = officer.post(PAGE, &object(&format!("{}+2012-11-10%0D%0A", held.line))).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = officer.get(done.header("location")).await;
    assert!(
        page.text.contains("Objected") && page.text.contains(&format!("{}, 10 Nov 2012", held.line)),
        "{}",
        page.text
    );

    let chair = Visitor::of(&server, Role::Chair).await;
    let page = chair.get(PAGE).await;
    assert!(
        page.text.contains("Not every manufacturer has agreed")
            && !page.text.contains("A manufacturer agrees")
    );
    let token = hidden(&page.text, "csrf");
    let approve = |reason: &str| {
        format!("csrf={token}&step=approve&on=2012-04-01&title=Decision+6&dated=2012-04-01&reason={reason}")
    };
    let refused = chair.post(PAGE, &approve("")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"approve-reason-fault\"") && refused.text.contains("value=\"Decision 6\"")
    );
    let done = chair.post(PAGE, &approve("the+state+needs+them")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = chair.get(done.header("location")).await;
    check(PAGE, &page);
    assert!(
        page.text.contains("the state needs them") && page.text.contains("Plan stability"),
        "{}",
        page.text
    );
    assert!(page.text.contains("/plans/2012:1/compare?"), "{}", page.text);
    assert!(!page.text.contains("What comes next"));
}

#[tokio::test]
async fn a_manufacturer_answers_on_the_page_for_itself() {
    let server = Server::filled().await;
    drafted(&server).await;
    let version = Some(PlanVersion { year: 2012, version: 2 });
    let command = PlanCommand::Propose { on: date(2012, 3, 20), document: None };
    server.app.store.execute(&operator(), Command::Plan { version, command }).await.unwrap();
    let maker = Visitor::of(&server, Role::Manufacturer).await;
    let list = maker.get("/plans").await;
    check("/plans", &list);
    assert!(list.text.contains("Proposed"), "{}", list.text);
    let page = maker.get(PAGE).await;
    check(PAGE, &page);
    assert!(page.text.contains("A manufacturer agrees") && !page.text.contains("Return it to the draft"));
    let form = format!(
        "csrf={}&step=agree&manufacturer={}&on=2012-03-21&title=Letter&dated=2012-03-21",
        hidden(&page.text, "csrf"),
        server.held.user
    );
    let done = maker.post(PAGE, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let page = maker.get(done.header("location")).await;
    assert!(page.text.contains("Agreed") && page.text.contains("Plan agreed"), "{}", page.text);
    let again = maker.post(PAGE, &form).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text.contains("id=\"agree-maker-fault\""), "{}", again.text);
}
