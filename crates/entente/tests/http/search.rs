//! Searching on the pages and through the JSON API: who finds what, what is marked, and what is refused.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;

use crate::pages::{Visitor, check};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn the_box_stands_on_every_page_and_finds() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let held = &server.held;
    for path in ["/", "/contracts", "/me", "/plans", "/search"] {
        let answer = chair.get(path).await;
        check(path, &answer);
        assert_eq!(answer.text.matches("name=\"q\"").count(), 1, "{path}");
    }
    // The view goes with the words.
    let answer = chair.get("/contracts?as_of=2012-09-30&counting=handed_over").await;
    let form = answer.text.split("class=\"search\"").nth(1).unwrap().split("</form>").next().unwrap();
    assert!(form.contains("name=\"as_of\" value=\"2012-09-30\"") && form.contains("value=\"handed_over\""));
    // Nobody has signed in: nothing to search.
    assert!(!server.get("/sign-in").await.text.contains("name=\"q\""));
    let away = server.get("/search?q=boats").await;
    assert_ne!(away.status, StatusCode::OK);

    let whole = chair.get(&format!("/search?q={}", held.contract)).await;
    check("/search", &whole);
    assert!(whole.text.contains(&format!("<mark>{}</mark>", held.contract)), "{}", whole.text);
    assert!(whole.text.contains(&format!("href=\"/contracts/{}\"", held.contract)));
    assert!(whole.text.contains(&format!("href=\"/lines/{}\"", held.line)));
    let one = chair.get(&format!("/search?q={}&kind=contract", held.contract)).await;
    check("/search", &one);
    assert!(!one.text.contains("href=\"/lines/"), "{}", one.text);
    let delivery = chair.get(&format!("/search?q={}", held.delivery)).await;
    assert!(delivery.text.contains(&format!("href=\"/deliveries/{}\"", held.delivery)), "{}", delivery.text);
    // Before it was signed into the register nothing of it was known, and nothing is found.
    let before = chair.get(&format!("/search?q={}&known_at=2001-01-01", held.contract)).await;
    check("/search", &before);
    assert!(before.text.contains("Nothing that is open to you") && !before.text.contains("<mark>"));

    // What was typed comes back as text, whatever it is.
    let hostile = chair.get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E").await;
    check("/search", &hostile);
    assert!(!hostile.text.contains("<script>alert"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_searched_is_refused_in_words() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let empty = chair.get("/search").await;
    check("/search", &empty);
    assert!(empty.text.contains("What can be searched") && empty.text.contains("parties by name"));
    for (typed, words) in [
        ("%20--%20", "There is no word in what was typed."),
        ("a+b+c+d+e+f+g+h+i", "The search has 9 words."),
        (&*"x".repeat(201), "The search has 201 characters."),
    ] {
        let answer = chair.get(&format!("/search?q={typed}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.text.contains(words), "{typed}: {}", answer.text);
    }
    let unknown = chair.get("/search?q=boats&kind=ship").await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Who reads nothing has nothing to search, and no box.
    let administrator = Visitor::of(&server, Role::Administrator).await;
    assert!(!administrator.get("/accounts").await.text.contains("name=\"q\""));
    assert_eq!(administrator.get("/search?q=boats").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_search_too() {
    let server = Server::filled().await;
    let key = server.key(Role::Chair).await;
    let get =
        async |path: &str| server.with_key(Method::GET, &format!("/api/v1/search{path}"), &key, "").await;
    let found = get(&format!("?q={}&limit=1", server.held.contract)).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    let found = found.json();
    let contract = &found["kinds"][0];
    assert_eq!((contract["kind"].as_str(), contract["total"].as_i64()), (Some("contract"), Some(1)));
    let row = &contract["rows"][0];
    assert_eq!(row["exact"], true);
    assert_eq!(row["number"], server.held.contract.as_str());
    assert_eq!(row["matched"][0]["field"], "number");
    assert_eq!(row["matched"][0]["found"][0], server.held.contract.as_str());
    let opened = server.with_key(Method::GET, row["link"].as_str().unwrap(), &key, "").await;
    assert_eq!(opened.status, StatusCode::OK);
    // Of the kinds that are not asked for, how many alone.
    let lines = get(&format!("?q={}&kind=line", server.held.contract)).await.json();
    assert_eq!(lines["kinds"][0]["rows"].as_array().unwrap().len(), 0);
    assert_eq!(lines["kinds"][0]["total"], 1);
    assert!(!lines["kinds"][1]["rows"].as_array().unwrap().is_empty());

    for (query, code, field) in [
        ("", "search.no_words", "q"),
        ("?q=%00", "search.no_words", "q"),
        ("?q=a+b+c+d+e+f+g+h+i", "search.too_many_words", "q"),
        ("?q=boats&kind=ship", "search.kind", "kind"),
        ("?q=boats&words=2", "parameter.unknown", "words"),
    ] {
        let refused = get(query).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}: {}", refused.text);
        assert_eq!(
            (refused.json()["code"].as_str(), refused.json()["field"].as_str()),
            (Some(code), Some(field))
        );
    }
    let long = get(&format!("?q={}", "x".repeat(201))).await;
    assert_eq!(long.json()["code"], "search.too_long");
    let administrator = server.key(Role::Administrator).await;
    let answer = server.with_key(Method::GET, "/api/v1/search?q=boats", &administrator, "").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Who may not read payments and opportunities is not told that there are such kinds.
    let customs = server.key(Role::Customs).await;
    let path = format!("/api/v1/search?q={}", server.held.contract);
    let answer = server.with_key(Method::GET, &path, &customs, "").await.json();
    let kinds: Vec<&str> =
        answer["kinds"].as_array().unwrap().iter().filter_map(|k| k["kind"].as_str()).collect();
    assert_eq!(kinds, ["contract", "line", "delivery", "document", "partner", "party", "licence"]);
    // What is marked above the clearance answers as what does not exist.
    let secret = &server.held.secret_contract;
    for (key, found) in [(&key, true), (&customs, false)] {
        let answer =
            server.with_key(Method::GET, &format!("/api/v1/search?q={secret}"), key, "").await.json();
        let total: i64 = answer["kinds"].as_array().unwrap().iter().filter_map(|k| k["total"].as_i64()).sum();
        assert_eq!(total > 0, found, "{answer}");
    }
}
