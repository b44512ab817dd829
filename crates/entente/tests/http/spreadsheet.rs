//! Lists for spreadsheets: the same rows in both forms, for those who may read them.

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::pages::Visitor;
use crate::support::Server;

/// The lists that can be taken away, without their ending.
const LISTS: [&str; 6] = [
    "/alerts",
    "/contracts",
    "/opportunities",
    "/calendar",
    "/figures/deliveries.delivered/rows",
    "/plans/2012:1/items",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_given_in_both_forms() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let administrator = Visitor::of(&server, Role::Administrator).await;
    for list in LISTS {
        let csv = chair.get(&format!("{list}.csv?as_of=2012-09-30")).await;
        assert_eq!(csv.status, StatusCode::OK, "{list}: {}", csv.text);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8", "{list}");
        assert!(csv.header("content-disposition").ends_with("-2012-09-30.csv\""), "{list}");
        let columns = csv.text.lines().next().unwrap().split(',').count();
        assert!(columns > 5 && csv.text.lines().all(|line| line.split(',').count() >= columns), "{list}");
        let book = chair.get(&format!("{list}.xlsx?as_of=2012-09-30")).await;
        assert_eq!(book.status, StatusCode::OK, "{list}");
        assert!(book.text.starts_with("PK"), "{list}: no workbook");
        for ending in ["csv", "xlsx"] {
            let path = format!("{list}.{ending}");
            assert_eq!(administrator.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert!(!server.get(&path).await.status.is_success(), "{path}");
        }
    }
    let csv = chair.get("/calendar.csv?as_of=2012-09-30").await.text;
    assert!(csv.contains(&server.held.line) && csv.contains(&server.held.secret_line), "{csv}");
    let customs = Visitor::of(&server, Role::Customs).await;
    let csv = customs.get("/calendar.csv?as_of=2012-09-30").await.text;
    assert!(csv.contains(&server.held.line) && !csv.contains(&server.held.secret_line), "{csv}");
    // Of one kind where one is asked for, and of a kind that there is.
    let overdue = chair.get("/alerts.csv?as_of=2012-12-31&kind=overdue").await.text;
    assert!(
        overdue.lines().count() > 1 && overdue.lines().skip(1).all(|l| l.starts_with("overdue,")),
        "{overdue}"
    );
    assert_eq!(chair.get("/alerts.csv?kind=loud").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // The rows behind a figure sum to it.
    let rows = chair.get("/figures/deliveries.delivered/rows.csv?as_of=2012-09-30").await.text;
    assert_eq!(rows.lines().filter(|line| line.contains(",4000000.00,USD,")).count(), 2, "{rows}");
    // A text that holds a zero byte is found nowhere, and breaks nothing.
    for path in ["/opportunities.csv?text=a%00b", "/contracts.csv?partner=%00", "/calendar.csv?partner=%00"] {
        let found = chair.get(path).await;
        assert_eq!((found.status, found.text.lines().count()), (StatusCode::OK, 1), "{path}: {}", found.text);
    }
}
