//! The exchange of files with customs through the JSON API and the pages: by whom, in which order, and what of it is told.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use entente_register::access::Role;
use entente_register::customs::format::{FileKind, sealed};
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check, hidden};
use crate::support::{Answer, request};
use crate::transfer_case::{Case, DAY, is, strings};

fn row(licence: &str, declaration: &str, pieces: u64) -> Vec<String> {
    let cents = pieces * 100_050;
    let value = format!("{}.{:02}", cents / 100, cents % 100);
    let pieces = pieces.to_string();
    ["usage", licence, "1", declaration, "1", DAY, &pieces, "C62", &value, "USD", ""]
        .map(str::to_owned)
        .to_vec()
}

fn usage(run: u32, rows: &[Vec<String>]) -> String {
    sealed(FileKind::UsageData, run, "2026-06-15T08:00:00Z", rows)
}

/// Sends a file through the API.
async fn send(case: &Case, account: &str, path: &str, file: &str) -> Answer {
    let bearer = format!("Bearer {}", case.key(account));
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/csv")];
    case.server.send(request(Method::POST, &format!("/api/v1/{path}"), &headers, file)).await
}

async fn sent(case: &Case, account: &str, path: &str, file: &str) -> Value {
    let answer = send(case, account, path, file).await;
    assert!(answer.status.is_success(), "{}", answer.text);
    answer.json()
}

async fn refused(case: &Case, account: &str, path: &str, file: &str) -> Value {
    let answer = send(case, account, path, file).await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    answer.json()
}

/// Scenario 10.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_the_licence_is_a_discrepancy_and_the_same_file_again_changes_nothing() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2027-06-14").await;
    let file = usage(1, &[row(&licence, "D-1", 60), row(&licence, "D-2", 45)]);
    let tried = sent(&case, "customs", "customs/usage/try", &file).await;
    assert_eq!((&tried["repeated"], &tried["run"]["accepted"]), (&json!(false), &json!(1)), "{tried}");
    assert_eq!(case.read("customs", "customs").await["last_in"], 0);
    let receipt = send(&case, "customs", "customs/usage", &file).await;
    is(&receipt, StatusCode::CREATED);
    assert_eq!(receipt.header("location"), "/api/v1/customs/runs/IN-1");
    let run = case.read("licensing-officer", "customs/runs/IN-1").await;
    assert_eq!(
        (&run["rows"][0]["result"], &run["rows"][1]["result"]),
        (&json!("accepted"), &json!("rejected"))
    );
    assert!(run["rows"][1]["text"].as_str().unwrap().contains("45 would be 5 too many"), "{run}");
    let left = |value: &Value| value["lines"][0]["quantity_left"].clone();
    let before = left(&case.read("customs", &format!("licences/{licence}")).await);
    let again = sent(&case, "licensing-officer", "customs/usage", &file).await;
    assert_eq!(again["repeated"], true, "{again}");
    assert_eq!(left(&case.read("customs", &format!("licences/{licence}")).await), before);
    let problem = refused(&case, "customs", "customs/usage", &usage(4, &[])).await;
    assert_eq!((&problem["code"], &problem["field"]), (&json!("customs.run_awaited"), &json!("file")));
    let problem = refused(&case, "customs", "customs/usage", &usage(1, &[])).await;
    assert_eq!(problem["code"], "customs.run_used");
    let problem = refused(&case, "customs", "customs/usage", &file.replace(",45,", ",46,")).await;
    assert_eq!(problem["code"], "customs.hash", "{problem}");
    let reply = case.get("customs", "customs/runs/IN-1/reply").await;
    is(&reply, StatusCode::OK);
    assert!(
        reply.text.contains("rejected,licence.over_quantity")
            && reply.header("content-type").starts_with("text/csv")
    );

    // An officer closes it, with the write-off that was recorded afterwards.
    let listed = case.read("licensing-officer", "discrepancies?state=open").await;
    let number = listed["rows"][0]["number"].as_str().unwrap().to_owned();
    let notices = case.read("licensing-officer", "notices/discrepancy_open").await;
    assert_eq!((&notices["total"], &notices["rows"][0]["number"]), (&json!(1), &json!(number)), "{notices}");
    is(&case.get("customs", "notices/discrepancy_open").await, StatusCode::FORBIDDEN);
    let path = format!("discrepancies/{number}/close");
    let close = |reference: Option<&str>| {
        json!({
            "on": DAY, "reason": "QX-CLOSED by letter", "document": {"title": "QX-LETTER", "dated": DAY},
            "licence": reference.map(|_| licence.clone()), "reference": reference,
        })
    };
    assert_eq!(case.refused("customs", &path, close(None)).await, "access.role");
    assert_eq!(case.refused("licensing-officer", &path, close(Some("D-9/1"))).await, "licence.reference");
    case.ok("licensing-officer", &path, close(Some("D-1/1"))).await;
    let closed = case.read("auditor", &format!("discrepancies/{number}")).await;
    assert_eq!((&closed["state"], &closed["closed"]["reference"]), (&json!("closed"), &json!("D-1/1")));
    // Customs are told that it is closed, and not what was said inside.
    let told = case.read("customs", &format!("discrepancies/{number}")).await;
    let mut said = Vec::new();
    strings(&told, &mut said);
    assert_eq!((&told["state"], &told["closed"]), (&json!("closed"), &Value::Null));
    assert!(said.iter().all(|text| !text.contains("QX-") && text != "licensing-officer"), "{told}");
    is(&case.get("licensing-officer", "discrepancies?state=sold").await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_go_out_by_officers_and_are_nobody_elses_business() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2027-06-14").await;
    assert_eq!(case.refused("customs", "customs/runs", json!({})).await, "access.role");
    assert_eq!(case.refused("chair", "customs/runs", json!({})).await, "access.role");
    assert_eq!(case.ok("licensing-officer", "customs/runs", json!({})).await, "OUT-1");
    let file = case.get("customs", "customs/runs/OUT-1/file").await;
    is(&file, StatusCode::OK);
    assert!(file.text.contains(&format!("licence,{licence},new,export,")), "{}", file.text);
    is(&case.get("customs", "customs/runs/OUT-1/reply").await, StatusCode::NOT_FOUND);
    let answer = [["licence", &licence, "rejected", "C12", "Not known here"].map(str::to_owned).to_vec()];
    let answer = sealed(FileKind::LicenceReply, 1, "2026-06-15T10:00:00Z", &answer);
    sent(&case, "customs", "customs/replies", &answer).await;
    assert_eq!(sent(&case, "customs", "customs/replies", &answer).await["repeated"], true);
    let run = case.read("licensing-officer", "customs/runs/OUT-1").await;
    assert_eq!((&run["state"], &run["rejected_licences"][0]["code"]), (&json!("answered"), &json!("C12")));
    assert_eq!(case.read("customs", "customs/runs/OUT-1").await["withheld"], Value::Null);
    let standing = case.read("chair", "customs").await;
    assert_eq!((&standing["marking"], &standing["open_discrepancies"]), (&json!("OFFICIAL"), &json!(1)));
    // Whoever exports, or is asked for an opinion, sees nothing of it.
    for who in ["exporter", "f.ministry", "r.ival"] {
        for path in
            ["customs", "customs/runs", "customs/runs/OUT-1", "customs/runs/OUT-1/file", "discrepancies"]
        {
            is(&case.get(who, path).await, StatusCode::FORBIDDEN);
        }
    }
    // Up to which marking customs are told is said by one, and sent by another.
    let clear = json!({"on": DAY, "marking": "PUBLIC", "reason": "Less", "document": {"title": "Order", "dated": DAY}});
    assert_eq!(case.refused("licensing-officer", "customs/marking", clear.clone()).await, "access.role");
    case.ok("o.both", "customs/marking", clear).await;
    assert_eq!(case.refused("o.both", "customs/runs", json!({})).await, "customs.two_people");
    case.ok("licensing-officer", "customs/runs", json!({})).await;
    let nil = case.get("customs", "customs/runs/OUT-2/file").await;
    assert!(!nil.text.contains(&licence), "{}", nil.text);
}

const BOUNDARY: &str = "----entente";

/// Chooses a file in a form and sends it, as a browser does.
async fn choose(visitor: &Visitor<'_>, form: &Answer, action: &str, file: &str) -> Answer {
    let token = hidden(&form.text, "csrf");
    let body = format!(
        "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"usage.csv\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--{BOUNDARY}--\r\n"
    );
    let request = Request::post(action)
        .header("cookie", &visitor.cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap();
    visitor.server.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_tried_brought_in_and_its_discrepancy_closed_on_the_pages() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2027-06-14").await;
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let customs = Visitor::of(&case.server, Role::Customs).await;
    let overview = officer.get("/customs").await;
    check("/customs", &overview);
    for words in ["/exchanges/customs/acts/send", "/customs/usage", "/customs/reply", "Usage data, run 1"] {
        assert!(overview.text.contains(words), "{words}: {}", overview.text);
    }
    let out = act(&officer, "/exchanges/customs/acts/send", &[]).await;
    let (place, page) = led_to(&officer, &out).await;
    assert_eq!(place.split('?').next(), Some("/customs-runs/OUT-1"));
    assert!(page.text.contains(&licence) && page.text.contains("/customs-runs/OUT-1/file"), "{}", page.text);
    is(&customs.get("/customs-runs/OUT-1/file").await, StatusCode::OK);

    let form = customs.get("/customs/usage").await;
    check("/customs/usage", &form);
    let file = usage(1, &[row(&licence, "D-1", 60), row(&licence, "D-2", 45)]);
    let slip = choose(&customs, &form, "/customs/usage", &file.replace(",45,", ",x,")).await;
    is(&slip, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(slip.text.contains("aria-invalid=\"true\"") && slip.text.contains("hash"), "{}", slip.text);
    let tried = choose(&customs, &form, "/customs/usage/try", &file).await;
    check("tried", &tried);
    assert!(
        tried.text.contains("Nothing was recorded.") && tried.text.contains("5 too many"),
        "{}",
        tried.text
    );
    let (place, page) = led_to(&customs, &choose(&customs, &form, "/customs/usage", &file).await).await;
    assert_eq!(place.split('?').next(), Some("/customs-runs/IN-1"));
    assert!(page.text.contains("5 too many") && !page.text.contains("brought in before"), "{}", page.text);
    let (_, again) = led_to(&customs, &choose(&customs, &form, "/customs/usage", &file).await).await;
    assert!(again.text.contains("This file was brought in before."), "{}", again.text);

    // It waits above the queue, and is closed on its page.
    let queue = officer.get("/applications").await;
    assert!(queue.text.contains("open discrepancy with customs"), "{}", queue.text);
    let list = officer.get("/discrepancies?state=open").await;
    check("/discrepancies", &list);
    let number =
        case.read("auditor", "discrepancies").await["rows"][0]["number"].as_str().unwrap().to_owned();
    let page = format!("/discrepancies/{number}");
    check(&page, &customs.get(&page).await);
    let fields = [
        ("on", DAY),
        ("reason", "They sent five back"),
        ("licence", ""),
        ("reference", "D-2/1"),
        ("document.title", "Letter of customs"),
        ("document.dated", DAY),
    ];
    let (_, closed) = led_to(&officer, &act(&officer, &format!("{page}/acts/close"), &fields).await).await;
    assert!(closed.text.contains("They sent five back"), "{}", closed.text);
    let seen = customs.get(&page).await;
    assert!(!seen.text.contains("They sent five back"), "{}", seen.text);
    for path in
        ["/customs.csv", "/customs-runs/IN-1/rows.xlsx", "/customs-runs/OUT-1/rows.csv", "/discrepancies.csv"]
    {
        is(&officer.get(path).await, StatusCode::OK);
    }
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    for path in ["/customs", "/customs/usage", "/customs-runs/IN-1", "/discrepancies", page.as_str()] {
        is(&exporter.get(path).await, StatusCode::FORBIDDEN);
    }
    assert!(!exporter.get("/licences").await.text.contains("href=\"/customs\""));
}
