//! The link from the contract to the inspection, and the breaks in it, through the JSON API and on the pages.

use axum::http::StatusCode;
use entente_register::access::Role;
use serde_json::{Value, json};

use crate::certificate::delivered;
use crate::pages::{Visitor, check};
use crate::transfer_case::{Case, DAY, shipment};

/// The last day of verification, and the one after.
const DUE: &str = "2026-09-13";
const AFTER: &str = "2026-09-14";

/// A licence for the line of a contract, by an application that names it.
async fn licensed(case: &Case, contract: &str, line: &str, count: &str) -> (String, String) {
    let mut content = case.content();
    content["contract"] = json!(contract);
    content["lines"][0]["contract_line"] = json!(line);
    content["lines"][0]["quantity"] = json!(count);
    let draft = json!({"on": DAY, "label": "OFFICIAL", "content": content});
    let number = case.ok("exporter", "applications", draft).await;
    case.ok("exporter", &format!("applications/{number}/submit"), json!({"on": DAY})).await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    case.ok("countersigner", &format!("applications/{number}/countersign"), json!({"on": DAY})).await;
    let decided = case.read("countersigner", &format!("applications/{number}")).await;
    let licence = decided["decisions"][0]["licence"].as_str().unwrap().to_owned();
    (number, licence)
}

async fn verified(case: &Case, licence: &str, on: &str, count: &str) {
    let said = json!({
        "on": on, "reference": "D-1", "quantity": count, "document": {"title": "Delivery verification", "dated": DAY}
    });
    case.ok("licensing-officer", &format!("licences/{licence}/verifications"), said).await;
}

/// The breaks of the contract that the tests make: the register has others.
async fn breaks(case: &Case, account: &str, contract: &str, view: &str) -> Value {
    case.read(account, &format!("breaks?contract={contract}&{view}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_is_one_on_each_of_its_pages_and_breaks_where_less_is_verified_than_went() {
    let case = Case::screened().await;
    let (contract, line, delivery) = delivered(&case).await;
    let found = breaks(&case, "auditor", &contract, "").await;
    assert_eq!(found["total"], 1, "{found}");
    assert_eq!(found["rows"][0]["kind"], "delivered_without_licence");
    assert_eq!(found["rows"][0]["mended_at"], json!({"kind": "delivery", "number": delivery}));
    let (application, licence) = licensed(&case, &contract, &line, "24").await;
    let mut shipped = shipment(DAY, "D-1", 24);
    shipped["delivery"] = json!(delivery);
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipped).await;
    verified(&case, &licence, DAY, "22").await;
    let until = format!("as_of={DUE}");
    assert_eq!(breaks(&case, "auditor", &contract, &until).await["total"], 0);
    let late = format!("as_of={AFTER}");
    for account in ["auditor", "licensing-officer", "chair", "customs", "exporter"] {
        let found = breaks(&case, account, &contract, &late).await;
        assert_eq!(found["total"], 1, "{account}: {found}");
        let one = &found["rows"][0];
        assert_eq!(one["kind"], "verified_less_than_delivered");
        assert_eq!(
            (&one["wanted"], &one["found"], &one["difference"]),
            (&json!("24"), &json!("22"), &json!("2"))
        );
        assert_eq!(
            (&one["licence"], &one["write_off"], &one["delivery"]),
            (&json!(licence), &json!("D-1"), &json!(delivery))
        );
        assert_eq!((&one["on"], &one["since"]), (&json!(DUE), &json!(AFTER)));
    }

    // One chain, on each of its pages and by each of its numbers.
    let serving = case.read("auditor", &format!("certificates?application={application}")).await;
    let certificate = serving["rows"][0]["number"].as_str().unwrap().to_owned();
    let officer = Visitor::of(&case.server, Role::Chair).await;
    for (kind, part, number) in [
        ("contract", "contracts", &contract),
        ("line", "lines", &line),
        ("delivery", "deliveries", &delivery),
        ("application", "applications", &application),
        ("licence", "licences", &licence),
        ("certificate", "certificates", &certificate),
    ] {
        let link = case.read("auditor", &format!("links/{kind}/{number}?{late}")).await;
        // The auditor sees all of it.
        assert_eq!((&link["breaks_total"], &link["partial"]), (&json!(1), &json!(false)), "{kind}: {link}");
        let top = &link["rows"][0];
        assert_eq!((&top["kind"], &top["number"]), (&json!("contract_line"), &json!(line)), "{kind}");
        for (step, count) in [
            ("contracted", "24"),
            ("licensed", "24"),
            ("written_off", "24"),
            ("delivered", "24"),
            ("verified", "22"),
        ] {
            assert_eq!(top[step], count, "{kind}: {step} of {top}");
        }
        assert!(link["edges"].as_array().unwrap().len() > 3, "{kind}: {link}");
        let page = officer.get(&format!("/{part}/{number}?{late}")).await;
        check(part, &page);
        for words in
            ["id=\"link\"", "Verified less than delivered", "Of 24 pieces that went by write-off D-1", &line]
        {
            assert!(page.text.contains(words), "{words} in /{part}/{number}: {}", page.text);
        }
        for ending in ["csv", "xlsx"] {
            let table = officer.get(&format!("/{part}/{number}/link.{ending}?{late}")).await;
            assert_eq!(table.status, StatusCode::OK, "{part} {ending}");
        }
        let table = officer.get(&format!("/{part}/{number}/link.csv?{late}")).await;
        assert!(table.text.contains("contract_line") && table.text.contains(&licence), "{}", table.text);
    }
    let list = officer.get(&format!("/breaks?{late}&contract={contract}")).await;
    check("/breaks", &list);
    for words in
        ["Breaks in the chain", "Verified less than delivered", &format!("/licences/{licence}"), "1–1 of 1"]
    {
        assert!(list.text.contains(words), "{words}: {}", list.text);
    }
    let table = officer.get(&format!("/breaks.csv?{late}&contract={contract}")).await;
    assert!(
        table.text.lines().count() == 2 && table.text.contains("verified_less_than_delivered"),
        "{}",
        table.text
    );

    // What came later is not known before: an auditor reads it as it was known.
    case.set_day("2026-09-20");
    verified(&case, &licence, "2026-09-10", "2").await;
    assert_eq!(breaks(&case, "auditor", &contract, &late).await["total"], 0);
    let then = format!("{late}&known_at=2026-09-15T00:00:00Z");
    assert_eq!(breaks(&case, "auditor", &contract, &then).await["total"], 1);
    let link = case.read("auditor", &format!("links/line/{line}?{then}")).await;
    assert_eq!((&link["breaks_total"], &link["rows"][0]["verified"]), (&json!(1), &json!("22")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_of_the_business_of_others() {
    let case = Case::screened().await;
    let (contract, line, delivery) = delivered(&case).await;
    let (application, licence) = licensed(&case, &contract, &line, "20").await;
    let mut shipped = shipment(DAY, "D-1", 20);
    shipped["delivery"] = json!(delivery);
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipped).await;
    let view = format!("as_of={AFTER}&told=both");
    let kinds = |found: &Value| {
        let rows = found["rows"].as_array().unwrap().iter();
        rows.map(|row| row["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let own = breaks(&case, "exporter", &contract, &view).await;
    assert_eq!(kinds(&own), ["delivered_more_than_written_off", "verified_less_than_delivered"]);
    // Another exporter is told of nothing, by no door.
    assert_eq!(case.read("r.ival", &format!("breaks?{view}")).await["total"], 0);
    for (kind, number) in [
        ("contract", &contract),
        ("line", &line),
        ("delivery", &delivery),
        ("application", &application),
        ("licence", &licence),
    ] {
        let answer = case.get("r.ival", &format!("links/{kind}/{number}")).await;
        let absent = case.get("r.ival", &format!("links/{kind}/O-2026-9999")).await;
        assert_eq!((answer.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{kind}");
    }
    // What is thought inside reaches its exporter by none either.
    let link = case.read("exporter", &format!("links/licence/{licence}?as_of={AFTER}")).await;
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    let pages = [
        format!("/licences/{licence}?as_of={AFTER}"),
        format!("/breaks?{view}"),
        format!("/lines/{line}?as_of={AFTER}"),
    ];
    let mut said = vec![link.to_string(), own.to_string()];
    for path in pages {
        let page = exporter.get(&path).await;
        check(&path, &page);
        assert!(page.text.contains("of what is open to you"), "{path}: {}", page.text);
        said.push(page.text);
    }
    for hidden in crate::transfer_case::MARKERS {
        assert!(!said.iter().any(|text| text.contains(hidden)), "{hidden}");
    }
    // An agency reads contracts and no licences: it is told nothing of the chain, and its pages have no such part.
    assert_eq!(case.get("f.ministry", "breaks").await.status, StatusCode::FORBIDDEN);
    assert_eq!(case.get("f.ministry", &format!("links/line/{line}")).await.status, StatusCode::FORBIDDEN);
    // What is not understood is named.
    for (path, field) in [
        ("breaks?kind=sold".to_owned(), "kind"),
        ("breaks?told=maybe".to_owned(), "told"),
        ("breaks?ahead=5000".to_owned(), "ahead"),
        ("breaks?ahead=-1".to_owned(), "ahead"),
        (format!("links/ship/{line}"), "kind"),
    ] {
        let answer = case.get("auditor", &path).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", answer.text);
        assert_eq!(answer.json()["field"], field, "{path}: {}", answer.text);
    }
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    for path in ["/breaks?kind=sold", "/breaks?ahead=x", "/breaks?told=maybe"] {
        assert_eq!(officer.get(path).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let wide = officer.get("/breaks?ahead=1095&told=both&partner=IND").await;
    check("/breaks", &wide);
}
