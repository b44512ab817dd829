//! Annual reports of transfers: told up to an audience, open to whoever reads the transfers of everybody, and the same
//! for ever as they were known.

use axum::http::StatusCode;
use serde_json::json;

use crate::transfer_case::{Case, DAY, shipment};

fn bases(report: &serde_json::Value) -> Vec<(&str, &str)> {
    let rows = report["exports"]["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| (row["basis"].as_str().unwrap(), row["values"][0]["amount"].as_str().unwrap()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_told_up_to_its_audience_and_again_as_it_was_known() {
    let case = Case::screened().await;
    let (_, licence) = case.licensed("2026-12-20").await;
    let off = format!("licences/{licence}/write-offs");
    let done = case.post("customs", &off, &shipment(DAY, "D-1", 60)).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let recorded_at = done.json()["recorded_at"].as_str().unwrap().to_owned();
    let at = "annual-reports/common-position/2026?audience=SECRET";
    let report = case.read("licensing-officer", at).await;
    assert_eq!(bases(&report), [("authorised", "100050.00"), ("actual", "60030.00")]);
    let source = &report["exports"]["rows"][1]["sources"][0];
    assert_eq!(source, &json!({"number": licence, "line": 1, "reference": "D-1"}));
    assert_eq!((&report["due_on"], &report["whole_year"]), (&json!("2027-05-31"), &json!(false)));
    // There are markings that this officer may not see: what is not there for it is not nil.
    assert_eq!((&report["partial"], &report["imports"]["nil"]), (&json!(true), &json!(false)));

    // To the public nothing is told but how much is withheld.
    let public = case.read("licensing-officer", "annual-reports/common-position/2026").await;
    assert_eq!(public["exports"], json!({"nil": false, "withheld": 2, "rows": []}));

    // What goes later is in the report of then no more than it was.
    case.ok("customs", &off, shipment(DAY, "D-2", 10)).await;
    let then = format!("{at}&as_of={DAY}&known_at={recorded_at}");
    assert_eq!(bases(&case.read("licensing-officer", &then).await), bases(&report));
    let now = case.read("licensing-officer", at).await;
    assert_eq!(bases(&now), [("authorised", "100050.00"), ("actual", "70035.00")]);
    assert_eq!(
        case.get("licensing-officer", &then).await.text,
        case.get("licensing-officer", &then).await.text
    );

    for (account, path, status, code) in [
        ("exporter", at, StatusCode::FORBIDDEN, "access.read"),
        ("customs", at, StatusCode::FORBIDDEN, "access.read"),
        (
            "licensing-officer",
            "annual-reports/common-position/2031",
            StatusCode::UNPROCESSABLE_ENTITY,
            "transfer.report_year",
        ),
        (
            "licensing-officer",
            "annual-reports/weather/2026",
            StatusCode::UNPROCESSABLE_ENTITY,
            "transfer.report",
        ),
        (
            "licensing-officer",
            "annual-reports/common-position/2026?audience=LOUD",
            StatusCode::UNPROCESSABLE_ENTITY,
            "transfer.audience",
        ),
    ] {
        let answer = case.get(account, path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.json()["code"], code, "{path}");
    }
}
