//! What of transfers wants attention: on the brief, on the page of alerts, as tables and through the JSON API.

use axum::http::StatusCode;
use entente_register::access::Role;
use serde_json::json;

use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, is};

#[tokio::test(flavor = "multi_thread")]
async fn a_count_on_the_brief_opens_to_the_rows_behind_it() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2027-06-14").await;
    let chair = Visitor::of(&case.server, Role::Chair).await;
    let brief = chair.get("/").await;
    check("/", &brief);
    // The term of a regime of the program’s own rules is over.
    assert!(brief.text.contains("Terms of embargo rules to be confirmed"), "{}", brief.text);
    assert!(!brief.text.contains("Licences suspended"), "what there is none of is not counted");
    let why = json!({"on": DAY, "reason": "Serials differ"});
    case.ok("licensing-officer", &format!("licences/{licence}/suspend"), why).await;

    let brief = chair.get("/").await;
    check("/", &brief);
    let of_kind = "/alerts?kind=licence_suspended";
    assert!(brief.text.contains(&format!("<a href=\"{of_kind}\">1</a>")), "{}", brief.text);
    let all = chair.get("/alerts").await;
    check("/alerts", &all);
    let page = chair.get(of_kind).await;
    check(of_kind, &page);
    for shown in [&all, &page] {
        assert!(shown.text.contains("suspended by an officer"), "{}", shown.text);
        assert!(shown.text.contains(&format!("href=\"/licences/{licence}\"")), "{}", shown.text);
    }
    assert!(all.text.contains("href=\"/embargo/south-sudan\"") && !page.text.contains("south-sudan"));
    let table = chair.get("/alerts.csv?kind=licence_suspended").await;
    assert_eq!(
        table.text.trim_start_matches('\u{feff}').trim_end().replace('\r', ""),
        format!(
            "kind,number,state,title,due_on,why\nlicence_suspended,{licence},IND,Gun,2027-06-14,suspended by an officer"
        ),
    );
    assert_eq!(chair.get("/alerts.xlsx?kind=term_to_confirm").await.bytes[..2], *b"PK");
    is(&chair.get("/alerts?kind=perhaps").await, StatusCode::UNPROCESSABLE_ENTITY);
    // As it was before, and as of another day.
    let before = chair.get(&format!("{of_kind}&known_at=2026-06-15T08:00:00Z")).await;
    assert!(before.text.contains("None.") && !before.text.contains(&licence), "{}", before.text);

    // Who judges transfers reads no brief, and opens the same rows from the page of applications.
    let second = Visitor::of(&case.server, Role::Countersigner).await;
    is(&second.get("/alerts?kind=overdue").await, StatusCode::FORBIDDEN);
    let own = second.get("/alerts").await;
    check("/alerts", &own);
    assert!(
        own.text.contains("suspended by an officer") && !own.text.contains("Overdue lines"),
        "{}",
        own.text
    );
    assert!(second.get(of_kind).await.text.contains(&licence));
    assert!(second.get("/alerts.csv?kind=licence_suspended").await.text.contains(&licence));

    // Through the API, with the same count for everybody who reads all licences, and nothing for others.
    let counts = case.read("licensing-officer", "notices").await;
    let counted = |kind: &str| {
        let rows = counts["rows"].as_array().unwrap();
        rows.iter().find(|row| row["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {counts}"))["count"]
            .clone()
    };
    assert_eq!((counted("licence_suspended"), counted("discrepancy_open")), (json!(1), json!(0)));
    let rows = case.read("auditor", "notices/licence_suspended").await;
    assert_eq!((&rows["total"], &rows["rows"][0]["number"]), (&json!(1), &json!(licence)), "{rows}");
    assert_eq!(case.read("exporter", "notices").await["rows"], json!([]));
    is(&case.get("exporter", "notices/licence_suspended").await, StatusCode::FORBIDDEN);
    is(&case.get("f.ministry", "notices/certificate_in_doubt").await, StatusCode::FORBIDDEN);
    is(&case.get("auditor", "notices/perhaps").await, StatusCode::UNPROCESSABLE_ENTITY);
}
