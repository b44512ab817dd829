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
    assert!(brief.text.contains("href=\"/execution-report?as_of=2012-09-30"), "{}", brief.text);
    let report = chair.get(&format!("/execution-report?{VIEW}")).await;
    check("/execution-report", &report);
    assert!(report.text.contains("href=\"/execution-report.pdf?as_of=2012-09-30"));
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
    let path = format!("/execution-report.pdf?{VIEW}");
    let pdf = chair.get(&path).await;
    assert_eq!(pdf.status, StatusCode::OK, "{}", pdf.text);
    assert_eq!(pdf.header("content-type"), "application/pdf");
    assert_eq!(pdf.header("content-disposition"), "attachment; filename=\"report-2012-09-30.pdf\"");
    assert_eq!(pdf.header("cache-control"), "no-store");
    assert!(pdf.bytes.starts_with(b"%PDF-1.7"));
    let before = chair.get("/execution-report.pdf?as_of=2012-09-30&known_at=2100-01-01").await;
    let again = chair.get("/execution-report.pdf?as_of=2012-09-30&known_at=2100-01-01").await;
    assert!(before.bytes == again.bytes, "the same brief gives the same bytes");
    let html = chair.get(&format!("/execution-report?{VIEW}")).await.text;
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
    for path in ["/execution-report", "/execution-report.pdf"] {
        assert_eq!(administrator.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        assert!(!server.get(path).await.status.is_success(), "{path}");
        // A parameter that cannot be used is refused by name, as everywhere.
        let refused = member.get(&format!("{path}?as_of=2013-02-29")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let page = member.get(&format!("/execution-report?{VIEW}")).await.text;
    assert!(page.contains("<p class=\"marking\">OFFICIAL") && !page.contains("SECRET"), "{page}");
    assert!(page.contains("<p class=\"running running-foot\" aria-hidden=\"true\">OFFICIAL"), "{page}");
    let pdf = member.get(&format!("/execution-report.pdf?{VIEW}")).await;
    let Some(text) = words(&pdf.bytes) else { return };
    assert!(text.contains("OFFICIAL") && !text.contains("SECRET"), "{text}");
}
