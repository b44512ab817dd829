//! Reports of exporters and manufacturers, through the JSON API and on the pages.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::json;

use crate::pages::Visitor;
use crate::performance::{contract, ok, paper, post, read, refused};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn an_exporter_reports_and_an_officer_makes_it_a_fact() {
    let server = Server::filled().await;
    let officer = server.key(Role::ContractOfficer).await;
    // A password that is set ends the keys of an account: the visitor comes before the key.
    let own = Visitor::of(&server, Role::Exporter).await;
    let exporter = server.key(Role::Exporter).await;
    let contract = contract(&server, &officer).await;
    let reports = format!("contracts/{contract}/reports");
    let report = json!({
        "on": "2012-06-02", "document": paper("2012-06-01"), "note": "<i>soon</i> the other",
        "reported": {"act": "handed_over", "on": "2012-06-01", "line": format!("{contract}.1"), "quantity": "1"}
    });
    let number = ok(&server, &exporter, &reports, report.clone()).await;
    assert_eq!(number, format!("{contract}.N1"));
    let mut odd = report.clone();
    odd["reported"]["quantity"] = json!("a few");
    assert_eq!(refused(&server, &exporter, &reports, odd).await["field"], "reported.quantity");
    // Who records acts does not report them, and who reports does not accept.
    let answer = post(&server, &officer, &reports, &report).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let accept = json!({"on": "2012-06-05"});
    let answer = post(&server, &exporter, &format!("reports/{number}/accept"), &accept).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let seen =
        read(&server, &officer, &format!("reports?as_of=2012-09-30&contract={contract}&state=filed")).await;
    assert_eq!((&seen["total"], &seen["rows"][0]["reported"]["quantity"]), (&json!(1), &json!("1")));
    let answer = server.with_key(Method::GET, "/api/v1/reports?state=lost", &officer, "").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);

    let page = own.get(&format!("/reports/{number}?as_of=2012-09-30")).await;
    assert!(
        page.text.contains("&#60;i&#62;soon") && page.text.contains("Goods handed over"),
        "{}",
        page.text
    );
    let list = own.get("/reports?as_of=2012-09-30").await;
    assert!(list.text.contains(&number) && list.text.contains("Reports</a>"), "{}", list.text);

    ok(&server, &officer, &format!("reports/{number}/accept"), accept).await;
    let seen = read(&server, &exporter, &format!("reports/{number}?as_of=2012-09-30")).await;
    assert_eq!(
        (&seen["state"], &seen["recorded"]),
        (&json!("accepted"), &json!(format!("delivery:{contract}.1.1")))
    );
    let delivery = read(&server, &exporter, &format!("deliveries/{contract}.1.1?as_of=2012-09-30")).await;
    assert_eq!(delivery["history"][0]["document"]["title"], "Protocol 9");

    // The register as it stands decides: two are owed, one is delivered, and two more are refused with their field.
    let mut second = report.clone();
    second["reported"]["quantity"] = json!("2");
    let number = ok(&server, &exporter, &reports, second).await;
    let problem =
        refused(&server, &officer, &format!("reports/{number}/accept"), json!({"on": "2012-06-05"})).await;
    assert_eq!(
        (&problem["code"], &problem["field"]),
        (&json!("delivery.beyond_line"), &json!("reported.quantity"))
    );
    ok(
        &server,
        &officer,
        &format!("reports/{number}/return"),
        json!({"on": "2012-06-06", "reason": "one is owed"}),
    )
    .await;
    let page = own.get(&format!("/reports/{number}?as_of=2012-09-30")).await;
    assert!(page.text.contains("one is owed") && page.text.contains("Returned"), "{}", page.text);
    // Customs reads contracts and their reports; an administrator reads neither.
    let administrator = server.key(Role::Administrator).await;
    let answer = server.with_key(Method::GET, "/api/v1/reports", &administrator, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}
