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
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);

    let own = Visitor::of(&server, Role::Exporter).await;
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
//! The year's report: for whom it is, what it bears, and that both its forms say the same.

use std::io::Write as _;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::pages::{Visitor, check};
use crate::support::Server;

const VIEW: &str = "as_of=2012-09-30&known_at=2100-01-01T00%3A00%3A00Z";

/// The words of a PDF, or nothing where the machine has no program that reads them.
#[allow(clippy::print_stdout, reason = "what is skipped is said")]
fn words(pdf: &[u8]) -> Option<String> {
    let mut child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .inspect_err(|_| println!("skipped: pdftotext (package poppler-utils) is not installed"))
        .ok()?;
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_says_what_the_brief_says_and_opens_it() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let brief = chair.get(&format!("/?{VIEW}")).await;
    assert!(brief.text.contains("href=\"/report?as_of=2012-09-30"), "{}", brief.text);
    let report = chair.get(&format!("/report?{VIEW}")).await;
    check("/report", &report);
    assert!(report.text.contains("href=\"/report.pdf?as_of=2012-09-30"));
    for figure in ["deliveries.delivered", "deliveries.plan_year", "deliveries.spi", "payments.received"] {
        assert!(report.text.contains(&format!("href=\"/figures/{figure}?")), "{figure}");
    }
    let exact = |text: &str| text.split("sub exact\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(exact(&report.text), exact(&brief.text));
    // The definition and the path of each, with the parameters that open it as it was read.
    for text in
        ["/figures/by_partner.CODE.delivered", "deliveries that count by the counting rule", "known_at="]
    {
        assert!(report.text.to_lowercase().contains(&text.to_lowercase()), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pdf_is_text_with_the_same_figures_and_the_same_bytes_each_time() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let path = format!("/report.pdf?{VIEW}");
    let pdf = chair.get(&path).await;
    assert_eq!(pdf.status, StatusCode::OK, "{}", pdf.text);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert_eq!(pdf.header("content-disposition"), "attachment; filename=\"report-2012-09-30.pdf\"");
    assert_eq!(pdf.header("cache-control"), "no-store");
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    let before = chair.get("/report.pdf?as_of=2012-09-30&known_at=2100-01-01").await;
    let again = chair.get("/report.pdf?as_of=2012-09-30&known_at=2100-01-01").await;
    assert!(before.bytes == again.bytes, "the same brief gives the same bytes");
    let html = chair.get(&format!("/report?{VIEW}")).await.text;
    let delivered = html.split("sub exact\">").nth(1).unwrap().split('<').next().unwrap();
    let Some(text) = words(&pdf.bytes) else { return };
    let pages = text.matches('\u{c}').count();
    assert_eq!(text.matches("SECRET//NAVY").count(), 2 * pages, "at the head and the foot of each sheet");
    for page in 1..=pages {
        assert!(text.contains(&format!("{page} of {pages}")), "{text}");
    }
    for expected in
        ["Execution of the plan of 2012", delivered, "Sources of the figures", "/figures/deliveries.spi"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_is_for_those_who_may_read_the_brief_and_of_what_they_may_see() {
    let server = Server::filled().await;
    let administrator = Visitor::of(&server, Role::Administrator).await;
    let member = Visitor::of(&server, Role::Member).await;
    for path in ["/report", "/report.pdf"] {
        assert_eq!(administrator.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!server.get(path).await.status.is_success(), "{path}");
        // A parameter that cannot be used is refused by name, as everywhere.
        let refused = member.get(&format!("{path}?as_of=2013-02-29")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let page = member.get(&format!("/report?{VIEW}")).await.text;
    assert!(page.contains("<p class=\"marking\">OFFICIAL") && !page.contains("SECRET"), "{page}");
    assert!(page.contains("<p class=\"running running-foot\" aria-hidden=\"true\">OFFICIAL"), "{page}");
    let pdf = member.get(&format!("/report.pdf?{VIEW}")).await;
    let Some(text) = words(&pdf.bytes) else { return };
    assert!(text.contains("OFFICIAL") && !text.contains("SECRET"), "{text}");
}
