//! The market and groups of states through the JSON API and the pages.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;
use serde_json::json;

use crate::pages::{Visitor, check};
use crate::statistic::{DEALS, EXPORTS, POPULATION};
use crate::support::{Answer, Server, request};

async fn import(server: &Server, key: &str, query: &str, file: &str) -> Answer {
    let bearer = format!("Bearer {key}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/csv")];
    server.send(request(Method::POST, &format!("/api/v1/statistics?{query}"), &headers, file)).await
}

async fn read(server: &Server, key: &str, path: &str) -> Answer {
    server.with_key(Method::GET, &format!("/api/v1/{path}"), key, "").await
}

/// A register with the three files of the tests.
async fn with_statistics() -> Server {
    let server = Server::filled().await;
    let secretary = server.key(Role::Secretary).await;
    let deals =
        entente_register::market::file::read_market(DEALS).map(|_| String::from_utf8_lossy(DEALS)).unwrap();
    for (query, file) in
        [("kind=market", EXPORTS), ("kind=market&source=by%20hand", &deals), ("kind=indicators", POPULATION)]
    {
        let done = import(&server, &secretary, query, file).await;
        assert!(done.status.is_success(), "{}: {}", done.status, done.text);
    }
    server
}

#[tokio::test(flavor = "multi_thread")]
async fn statistics_are_imported_and_read_by_programs() {
    let server = with_statistics().await;
    let (secretary, customs) = (server.key(Role::Secretary).await, server.key(Role::Customs).await);
    let head = server.head().await;
    for (key, query, file, status, code) in [
        (&customs, "kind=market", EXPORTS, StatusCode::FORBIDDEN, "access.role"),
        (&secretary, "kind=market", EXPORTS, StatusCode::UNPROCESSABLE_ENTITY, "statistic.same_edition"),
        (
            &secretary,
            "kind=market&indicator=population",
            EXPORTS,
            StatusCode::UNPROCESSABLE_ENTITY,
            "statistic.kind",
        ),
        (&secretary, "kind=indicators", EXPORTS, StatusCode::UNPROCESSABLE_ENTITY, "statistic.form"),
        (
            &secretary,
            "kind=market",
            "Exports by,2012\nA,1\n",
            StatusCode::UNPROCESSABLE_ENTITY,
            "statistic.unit",
        ),
        (&secretary, "kind=market", "", StatusCode::UNPROCESSABLE_ENTITY, "statistic.form"),
        (&secretary, "", EXPORTS, StatusCode::UNPROCESSABLE_ENTITY, "statistic.kind"),
        (
            &secretary,
            "kind=market&colour=red",
            EXPORTS,
            StatusCode::UNPROCESSABLE_ENTITY,
            "parameter.unknown",
        ),
    ] {
        let answer = import(&server, key, query, file).await;
        assert_eq!((answer.status, answer.json()["code"].as_str().unwrap()), (status, code), "{query}");
    }
    assert_eq!(server.head().await, head, "nothing was written");

    let rank = read(&server, &customs, "market/rank?from=2008&to=2012").await.json();
    assert_eq!(
        (&rank["rows"][0]["exporter"], &rank["rows"][0]["share_pct"]),
        (&json!("Northland"), &json!(49.8))
    );
    assert_eq!(
        (&rank["rows"][1]["rank"], &rank["rows"][2]["rank"], &rank["rows"][3]["rank"]),
        (&json!(2), &json!(2), &json!(4))
    );
    let then =
        read(&server, &customs, "market/rank?from=2008&to=2012&known_at=2001-01-01T00:00:00Z").await.json();
    assert_eq!((&then["edition"], &then["rows"]), (&json!(null), &json!([])));
    let courses = read(
        &server,
        &customs,
        "market/courses?exporters=Southland;Islands,%20United&from=2011&to=2012&window=2",
    )
    .await
    .json();
    assert_eq!(courses["exporters"][1]["points"][1]["rank"], 2);
    let deals = read(&server, &customs, "market/deals?recipient=Eastland&from=2010&limit=1").await.json();
    assert_eq!((&deals["total"], &deals["rows"][0]["supplier"]), (&json!(1), &json!("Southland")));
    assert_eq!(deals["rows"][0]["number_delivered"], json!({"value": 1, "uncertain": true}));
    let editions = read(&server, &customs, "statistics").await.json();
    assert_eq!(editions["rows"].as_array().unwrap().len(), 3);
    for (path, code) in [
        ("market/rank?from=2012&to=2008", "period.order"),
        ("market/rank?from=year", "year.malformed"),
        ("market/rank?measure=price", "market.measure"),
        ("market/rank?edition=ffffffff", "not_found"),
        ("market/courses?window=99", "market.window"),
        ("groups/BRICS/share?indicator=happiness", "statistic.indicator"),
        ("groups/BRICS/share?members_on=soon", "date.malformed"),
        ("groups/ATLANTIS", "not_found"),
    ] {
        assert_eq!(read(&server, &customs, path).await.json()["code"], code, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_answer_by_the_register_and_by_the_program() {
    let server = with_statistics().await;
    let secretary = server.key(Role::Secretary).await;
    // The register's own BRICS has India alone.
    let own = read(&server, &secretary, "groups/BRICS/share?year=2012").await.json();
    assert_eq!(
        (&own["members"], &own["share_pct"], &own["origin"]),
        (&json!(["IND"]), &json!(18.6), &json!("register"))
    );
    let csto = read(&server, &secretary, "groups/CSTO?as_of=2012-09-30").await.json();
    assert_eq!((&csto["origin"], csto["members"].as_array().unwrap().len()), (&json!("program"), 7));
    let body = json!({
        "state": "RUS", "on": "2009-06-16", "membership": "member", "source": "Joint statement", "certainty": "high"
    });
    let post = |body: serde_json::Value| {
        let (server, key) = (&server, &secretary);
        async move {
            server.with_key(Method::POST, "/api/v1/groups/BRICS/memberships", key, &body.to_string()).await
        }
    };
    let done = post(body.clone()).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    let mut slip = body;
    slip["on"] = json!("2012-01-01");
    assert_eq!(post(slip.clone()).await.json()["code"], "group.same");
    slip["membership"] = json!("friend");
    assert_eq!(post(slip).await.json()["field"], "membership");
    let share = read(&server, &secretary, "groups/brics/share?year=2012&indicator=SP.POP.TOTL").await.json();
    assert_eq!((&share["members"], &share["share_pct"]), (&json!(["IND", "RUS"]), &json!(20.6)));
    assert_eq!(share["coverage"], json!({"with_figure": 2, "members": 2}));
    let shares = read(&server, &secretary, "groups/BRICS/shares?from=2000&to=2012").await.json();
    let years: Vec<_> =
        shares["rows"].as_array().unwrap().iter().map(|row| row["year"].as_i64().unwrap()).collect();
    assert_eq!(years, [2000, 2012]);
    assert!(shares["rows"][0]["share_pct"].is_null(), "it had no member in 2000");
    let groups = read(&server, &secretary, "groups").await.json();
    assert_eq!(groups["rows"][0]["changes"][1]["membership"], "member");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_show_ranks_shares_and_what_is_not_known() {
    let empty = Server::filled().await;
    let chair = Visitor::of(&empty, Role::Chair).await;
    for (path, expected) in [
        ("/market", "knew no edition of tiv_exports"),
        ("/market/deals", "No edition of the trade register was known."),
        ("/groups/CSTO", "knew no edition of population"),
    ] {
        let page = chair.get(path).await;
        check(path, &page);
        assert!(page.text.contains(expected), "{path}: {}", page.text);
    }

    let server = with_statistics().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let page = chair.get("/market?from=2008&to=2012&as_of=2012-12-31").await;
    check("/market", &page);
    for expected in [
        "Rank, 2008 to 2012",
        "Northland",
        "49.8\u{202f}%",
        "not its price",
        "Volume, not price",
        "World, as published",
        "generated 2024-10-13",
        "role=\"img\"",
        "aria-current=\"true\">Market",
        "/market.csv?from=2008&#38;to=2012&#38;as_of=2012-12-31",
        "in 4 of 5 years",
        "/market/deals?supplier=Northland",
    ] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    let average = chair.get("/market?from=2008&to=2012&measure=average&window=1").await;
    assert!(average.text.contains("a year on average") && average.text.contains("year by year"));
    let hole = chair.get("/market?from=2008&to=2030").await;
    check("/market", &hole);
    assert!(hole.text.contains("The edition holds no figure of 2013"), "{}", hole.text);
    assert_eq!(chair.get("/market?from=2012&to=2008").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let deals = chair.get("/market/deals?supplier=Northland").await;
    check("/market/deals", &deals);
    assert!(deals.text.contains("(2005)") && deals.text.contains("Mk-1") && !deals.text.contains("Mk-2"));

    let list = chair.get("/groups?as_of=2012-09-30").await;
    check("/groups", &list);
    assert!(list.text.contains("/groups/ASEAN?as_of=2012-09-30") && list.text.contains("the program"));
    let page = chair.get("/groups/CSTO?as_of=2012-09-30&year=2012").await;
    check("/groups/CSTO", &page);
    for expected in [
        "Members on 30 Sep 2012: 7",
        "Suspended",
        "the register holds no group CSTO",
        "1 of 6",
        "at least 2.0\u{202f}%",
    ] {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    let own = chair.get("/groups/BRICS?year=2012&members_on=2012-06-30").await;
    check("/groups/BRICS", &own);
    assert!(
        own.text.contains("facts of the register")
            && own.text.contains("18.6\u{202f}%")
            && own.text.contains("role=\"img\"")
    );
    assert_eq!(chair.get("/groups/ATLANTIS").await.status, StatusCode::NOT_FOUND);
    assert_eq!(chair.get("/groups/BRICS?year=soon").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    for (path, first) in [
        ("/market.csv?from=2008&to=2012", "rank,exporter,tiv_millions,share_pct,"),
        ("/market/courses.csv?to=2012", "year,exporter,rank,"),
        ("/market/editions.csv", "series,in_force,"),
        ("/market/deals.csv", "recipient,supplier,"),
        ("/groups.csv", "code,name,origin,"),
        ("/groups/BRICS/states.csv", "group,state,on,membership,"),
        ("/groups/BRICS/members.csv?year=2012", "group,indicator,year,"),
        ("/groups/BRICS/shares.csv", "group,indicator,year,"),
    ] {
        let table = chair.get(path).await;
        assert_eq!(table.status, StatusCode::OK, "{path}: {}", table.text);
        assert!(table.text.starts_with(first) && table.text.lines().count() > 1, "{path}: {}", table.text);
        let book = chair.get(&path.replacen(".csv", ".xlsx", 1)).await;
        assert!(book.bytes.starts_with(b"PK"), "{path}");
    }
    let csv = chair.get("/market.csv?from=2008&to=2012").await.text;
    assert!(csv.contains("4,'=Westland,0,0.0,1,2008,2012,total,"), "{csv}");

    // Who may not read of partners reads of no market.
    let administrator = Visitor::of(&server, Role::Administrator).await;
    for path in
        ["/market", "/market/deals", "/groups", "/groups/BRICS", "/market.csv", "/groups/BRICS/shares.csv"]
    {
        assert_eq!(administrator.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_file_behind_a_rank_opens() {
    let server = with_statistics().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let page = chair.get("/market").await;
    let href = page
        .text
        .split("href=\"")
        .find(|part| part.starts_with("/statistics/tiv_exports/documents/"))
        .unwrap();
    let paper = chair.get(&href.split('"').next().unwrap().replace("&#38;", "&")).await;
    check("/statistics/tiv_exports/documents", &paper);
    let file = format!("{}/file", href.split(['"', '?']).next().unwrap());
    assert_eq!(chair.get(&file).await.text, EXPORTS);
}
