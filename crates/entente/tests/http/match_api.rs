//! The wire format of screening clients: matches, searches, entities and their links, and what is refused.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use entente::screener::edition::{Incoming, load};
use entente_register::access::{Actor, Role};
use entente_register::label::Clearance;
use entente_store::{Entropy, ManualClock, StoreOptions};
use serde_json::{Value, json};

use crate::match_api_contract::{check, parameters};
use crate::performance::ok;
use crate::support::{Answer, Server, request};

const OWN: &str = "id,schema,name,alias,birthDate,nationality,country,gender,passportNumber\n\
    1,Person,Muhammad Saleh Example,Мухаммед Салех Пример,1965-03-24,ye,,male,A1234567\n\
    2,Company,Desert Falcon Trading House,,,,ye,,\n\
    3,Vessel,Example Star,,,,,,\n\
    4,Person,Salim Example,,1971,sy,,male,\n";

const GRAPH: &str = r#"{"id":"NK-1","caption":"Falcon Holding","schema":"Company","properties":{"name":["Falcon Holding"],"country":["ae"],"topics":["sanction"],"addressEntity":["addr-1"]},"datasets":["x"]}
{"id":"NK-2","caption":"Olga Owner","schema":"Person","properties":{"name":["Olga Owner"],"topics":["role.rca"]}}
{"id":"NK-3","caption":"Clerk Nobody","schema":"Person","properties":{"name":["Clerk Nobody"]}}
{"id":"addr-1","schema":"Address","properties":{"full":["1 Example Road, Dubai"]}}
{"id":"own-1","schema":"Ownership","properties":{"owner":["NK-2"],"asset":["NK-1"],"percentage":["60"]}}
{"id":"sanc-1","schema":"Sanction","properties":{"entity":["NK-1"],"authority":["An authority"]}}
"#;

async fn bring_in(server: &Server, list: &str, bytes: &str, current: bool) {
    let incoming = Incoming {
        seen: None,
        list: list.into(),
        bytes: bytes.as_bytes().to_vec(),
        source: format!("{list}.file"),
        current_on: current.then(|| server.app.store.today()),
        despite: None,
    };
    load(&server.app.store, &Actor::operator(Clearance::full()), incoming).await.unwrap();
}

/// A server with two lists that may be relied on, and a key.
async fn listed() -> (Server, String) {
    let server = Server::filled().await;
    let key = server.key(Role::LicensingOfficer).await;
    bring_in(&server, "own", OWN, true).await;
    bring_in(&server, "graph", GRAPH, true).await;
    (server, key)
}

async fn get(server: &Server, key: &str, path: &str) -> Answer {
    let key = format!("ApiKey {key}");
    server.send(request(Method::GET, path, &[("authorization", &key)], "")).await
}

async fn post(server: &Server, key: &str, path: &str, body: &Value, more: &[(&str, &str)]) -> Answer {
    let key = format!("ApiKey {key}");
    let mut headers = vec![("authorization", key.as_str()), ("content-type", "application/json")];
    headers.extend(more);
    server.send(request(Method::POST, path, &headers, &body.to_string())).await
}

#[track_caller]
fn good(answer: &Answer, schema: &str) -> Value {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let value = answer.json();
    check(schema, &value);
    value
}

#[track_caller]
fn refused(answer: &Answer, status: u16, word: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    let value = answer.json();
    check(if status == 422 { "HTTPValidationError" } else { "ErrorResponse" }, &value);
    assert!(value["detail"].to_string().contains(word), "{word}: {value}");
}

fn query(schema: &str, properties: Value) -> Value {
    json!({"queries": {"q": {"schema": schema, "properties": properties}}, "weights": {}, "config": {}})
}

fn ids(results: &Value) -> Vec<&str> {
    results.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_example_is_matched_with_reasons_and_every_parameter_is_obeyed() {
    let (server, key) = listed().await;
    let person = query(
        "Person",
        json!({"name": "Мухаммед Салех Пример", "birthDate": ["1965-03-24"], "country": "Yemen"}),
    );
    let answer = post(&server, &key, "/match/default", &person, &[]).await;
    assert_eq!(answer.header("x-batch-size"), "100");
    let value = good(&answer, "EntityMatchResponse");
    let of = &value["responses"]["q"];
    assert_eq!((&value["limit"], &of["status"], &of["held"]), (&json!(5), &json!(200), &json!([])));
    assert_eq!(of["query"]["properties"]["country"], json!(["ye"]));
    assert_eq!(of["total"], json!({"value": 1, "relation": "eq"}));
    let best = &of["results"][0];
    assert_eq!((&best["id"], &best["match"], &best["target"]), (&json!("own:1"), &json!(true), &json!(true)));
    assert_eq!(best["datasets"], json!(["own"]));
    assert_eq!(best["referents"], json!(["1"]));
    assert_eq!(best["properties"]["topics"], json!(["sanction"]));
    assert!(best["score"].as_f64().unwrap() >= 0.95, "{best}");
    assert_eq!(best["explanations"]["birth_date"]["detail"], "the same day of birth");
    assert!(!best["explanations"]["name"]["words"].as_array().unwrap().is_empty());
    let today = format!("{}T00:00:00", server.app.store.today());
    assert_eq!((&best["first_seen"], &best["last_change"]), (&json!(today), &json!(today)));
    assert_eq!(value["editions"].as_object().unwrap().len(), 2);

    let near = query("Person", json!({"name": ["Salih Example"]}));
    let found = async |more: &str| {
        let answer = post(&server, &key, &format!("/match/{more}"), &near, &[]).await;
        let value = good(&answer, "EntityMatchResponse");
        value["responses"]["q"].clone()
    };
    let all = found("default?cutoff=0.3&threshold=0.99&limit=500").await;
    assert!(all["results"].as_array().unwrap().len() >= 2, "{all}");
    assert_eq!(all["total"]["value"], 0);
    assert!(all["results"].as_array().unwrap().iter().all(|one| one["match"] == false));
    assert_eq!(found("default?cutoff=0.3&limit=1").await["results"].as_array().unwrap().len(), 1);
    for (more, there) in [
        ("own?cutoff=0.3", true),
        ("graph?cutoff=0.3", false),
        ("graph?cutoff=0.3&include_dataset=own", true),
        ("default?cutoff=0.3&include_dataset=graph", false),
        ("default?cutoff=0.3&exclude_dataset=own", false),
        ("default?cutoff=0.3&exclude_schema=LegalEntity", false),
        ("default?cutoff=0.3&exclude_schema=Vessel", true),
        ("default?cutoff=0.3&topics=sanction", true),
        ("default?cutoff=0.3&topics=role.pep", false),
        ("default?cutoff=0.3&changed_since=2020-01-01", true),
        ("default?cutoff=0.3&changed_since=2999-01-01T00:00:00", false),
        ("default?cutoff=0.3&exclude_entity_ids=own:1", false),
        ("default?cutoff=0.3&exclude_entity_ids=1", false),
        ("default?cutoff=0.3&algorithm=best", true),
        ("default?cutoff=0.3&algorithm=entente", true),
    ] {
        let of = found(more).await;
        assert_eq!(ids(&of["results"]).contains(&"own:1"), there, "{more}: {of}");
    }
    // Every parameter of the contract is one that is known here.
    for name in parameters("/match/{dataset}", "post") {
        let answer = post(&server, &key, &format!("/match/default?{name}="), &near, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_designated_anew_has_changed() {
    let clock = Arc::new(ManualClock::at("2012-10-05T20:00:00Z".parse().unwrap()));
    let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
    let mut server = Server::on(options, |_| {}).await;
    server.held = crate::register::fill(&server.app.store).await;
    let key = server.key(Role::LicensingOfficer).await;
    bring_in(&server, "graph", GRAPH, true).await;
    clock.set("2012-10-06T08:00:00Z".parse().unwrap());
    let designated = GRAPH.replace("[\"role.rca\"]", "[\"role.rca\",\"sanction\"]");
    assert_ne!(designated, GRAPH);
    bring_in(&server, "graph", &designated, true).await;
    let owner = query("Person", json!({"name": ["Olga Owner"]}));
    for (day, expected) in [("2012-10-06", vec!["NK-2"]), ("2012-10-07", vec![])] {
        let asked = format!("graph?changed_since={day}&topics=sanction");
        let answer = post(&server, &key, &format!("/match/{asked}"), &owner, &[]).await;
        let answer = good(&answer, "EntityMatchResponse");
        assert_eq!(ids(&answer["responses"]["q"]["results"]), expected, "{day}");
        let answer = good(&get(&server, &key, &format!("/search/{asked}")).await, "SearchResponse");
        assert_eq!(ids(&answer["results"]), expected, "{day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identifier_that_several_lists_bear_excludes_nobody() {
    let (server, key) = listed().await;
    bring_in(&server, "other", "id,schema,name\n1,Person,Muhammad Saleh Example\n", true).await;
    let person = query("Person", json!({"name": ["Muhammad Saleh Example"]}));
    let answer = post(&server, &key, "/match/default?exclude_entity_ids=1", &person, &[]).await;
    refused(&answer, 400, "one of other:1, own:1");
    assert_eq!(answer.json()["field"], "query/exclude_entity_ids");
    for (more, expected) in [
        ("default?exclude_entity_ids=own:1", vec!["other:1"]),
        ("default?exclude_entity_ids=other:1&exclude_entity_ids=99", vec!["own:1"]),
        ("own?exclude_entity_ids=1", vec![]),
        ("default?exclude_entity_ids=1&exclude_dataset=own", vec![]),
    ] {
        let path = format!("/match/{more}&threshold=0.9&cutoff=0.9");
        let answer = post(&server, &key, &path, &person, &[]).await;
        let answer = good(&answer, "EntityMatchResponse");
        assert_eq!(ids(&answer["responses"]["q"]["results"]), expected, "{more}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_clears_nobody_does_not_look_like_a_clearance() {
    let server = Server::filled().await;
    let key = server.key(Role::LicensingOfficer).await;
    let nobody = query("Person", json!({"name": ["Nobody Atall"]}));
    let answer = good(&post(&server, &key, "/match/default", &nobody, &[]).await, "EntityMatchResponse");
    let of = &answer["responses"]["q"];
    assert_eq!((&of["held"][0]["code"], &of["total"]["relation"]), (&json!("missing"), &json!("gte")));
    // Without a date nobody knows how old the list is.
    bring_in(&server, "graph", GRAPH, false).await;
    let answer = good(&post(&server, &key, "/match/default", &nobody, &[]).await, "EntityMatchResponse");
    let of = &answer["responses"]["q"];
    assert_eq!((&of["held"][0]["code"], &of["total"]["relation"]), (&json!("undated"), &json!("gte")));
    // Hits of the edition at hand are given all the same.
    let holding = query("Company", json!({"name": ["Falcon Holding"]}));
    let answer = good(&post(&server, &key, "/match/graph", &holding, &[]).await, "EntityMatchResponse");
    assert_eq!(ids(&answer["responses"]["q"]["results"]), ["NK-1"]);
    // Who would rather have no answer gets none.
    let strict = [("prefer", "respond-async, handling=strict")];
    refused(&post(&server, &key, "/match/graph", &holding, &strict).await, 503, "HELD: ");
    let answer = get(&server, &key, "/catalog").await;
    let catalog = good(&answer, "DataCatalogModel");
    assert_eq!((&catalog["outdated"], &catalog["index_stale"]), (&json!(["graph"]), &json!(true)));
    let answer = good(&get(&server, &key, "/search/default?q=falcon").await, "SearchResponse");
    assert_eq!(answer["total"]["relation"], "gte");

    bring_in(&server, "graph", GRAPH, true).await;
    let answer = post(&server, &key, "/match/graph", &holding, &strict).await;
    assert_eq!(good(&answer, "EntityMatchResponse")["responses"]["q"]["held"], json!([]));
    // What has no name is compared with nothing, and cleared by nothing.
    let unnamed = query("Person", json!({"birthDate": ["1965"]}));
    let answer = good(&post(&server, &key, "/match/graph", &unnamed, &[]).await, "EntityMatchResponse");
    let of = &answer["responses"]["q"];
    assert_eq!(
        (&of["held"][0]["code"], &of["total"]["relation"]),
        (&json!("nothing_to_compare"), &json!("gte"))
    );
    refused(&post(&server, &key, "/match/graph", &unnamed, &strict).await, 400, "no name");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_searched_narrowed_sorted_and_counted() {
    let (server, key) = listed().await;
    let search =
        async |more: &str| good(&get(&server, &key, &format!("/search/{more}")).await, "SearchResponse");
    let all = search("default?limit=500").await;
    assert_eq!((all["total"]["value"].as_i64(), all["results"].as_array().unwrap().len()), (Some(7), 7));
    assert_eq!(all["facets"].as_object().unwrap().len(), 3);
    assert_eq!(all["facets"]["datasets"]["values"][0], json!({"name": "own", "label": "own", "count": 4}));
    for (more, expected) in [
        ("default?q=%D0%A1%D0%B0%D0%BB%D0%B5%D1%85", vec!["own:1"]),
        ("default?q=example&sort=caption:asc", vec!["own:3", "own:1", "own:4"]),
        ("default?q=example&sort=caption:desc", vec!["own:4", "own:1", "own:3"]),
        ("default?q=example&sort=caption&limit=1&offset=1", vec!["own:1"]),
        ("default?q=A1234567", vec!["own:1"]),
        ("default?q=example&schema=Person&countries=sy", vec!["own:4"]),
        ("default?q=example&exclude_schema=Person", vec!["own:3"]),
        ("default?q=falcon&include_dataset=graph", vec!["NK-1"]),
        ("default?q=falcon&exclude_dataset=graph", vec!["own:2"]),
        ("default?q=falcon&datasets=graph", vec!["NK-1"]),
        ("graph?topics=sanction&topics=role.rca&sort=id", vec!["NK-1", "NK-2"]),
        ("graph?topics=sanction&topics=role.rca&filter_op=AND", vec![]),
        ("graph?target=false", vec!["NK-3"]),
        ("own?filter=birthDate:1965", vec!["own:1"]),
        ("own?filter=properties.birthDate:1971", vec!["own:4"]),
        ("own?filter=gender:MALE&sort=id", vec!["own:1", "own:4"]),
        ("own?q=muhamad+salih", vec![]),
        ("own?q=muhamad+saleh+exampel&fuzzy=true", vec!["own:1"]),
        ("own?changed_since=2999-01-01", vec![]),
        ("own?q=%22example+star%22&simple=true", vec!["own:3"]),
    ] {
        let found = search(more).await;
        assert_eq!(ids(&found["results"]), expected, "{more}: {found:#}");
    }
    let facets =
        search("own?facets=countries&facets=genders&facets=schema&facets=identifiers&facets=topics").await;
    assert_eq!(
        facets["facets"]["countries"]["values"][0],
        json!({"name": "ye", "label": "Yemen", "count": 2})
    );
    assert_eq!(facets["facets"]["genders"]["values"][0]["count"], 2);
    for name in parameters("/search/{dataset}", "get") {
        let answer = get(&server, &key, &format!("/search/default?{name}=")).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
    }
    // The page of the same name stays a page.
    assert_eq!(server.get("/search?q=x").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_are_shown_with_what_they_are_linked_with() {
    let (server, key) = listed().await;
    let holding = good(&get(&server, &key, "/entities/NK-1").await, "EntityResponse");
    assert_eq!(
        holding["properties"]["addressEntity"][0]["properties"]["full"],
        json!(["1 Example Road, Dubai"])
    );
    assert_eq!(holding["properties"]["ownershipAsset"][0]["properties"]["owner"][0]["caption"], "Olga Owner");
    assert_eq!(holding["properties"]["ownershipAsset"][0]["properties"]["asset"], json!(["NK-1"]));
    assert_eq!(holding["properties"]["sanctions"][0]["schema"], "Sanction");
    let plain = good(&get(&server, &key, "/entities/NK-1?nested=false").await, "EntityResponse");
    assert_eq!(plain["properties"]["addressEntity"], json!(["addr-1"]));
    assert_eq!(plain["properties"]["sanctions"], json!(null));
    let sanction = good(&get(&server, &key, "/entities/sanc-1").await, "EntityResponse");
    assert_eq!(sanction["properties"]["entity"][0]["caption"], "Falcon Holding");

    let adjacent = good(&get(&server, &key, "/entities/NK-1/adjacent").await, "EntityAdjacentResponse");
    let links: Vec<&String> = adjacent["adjacent"].as_object().unwrap().keys().collect();
    assert_eq!(links, ["addressEntity", "ownershipAsset", "sanctions"]);
    let one = get(&server, &key, "/entities/NK-2/adjacent/ownershipOwner?limit=1&sort=caption:desc").await;
    let one = good(&one, "AdjacentResultsResponse");
    assert_eq!((&one["total"]["value"], &one["results"][0]["id"]), (&json!(1), &json!("own-1")));
    let none = get(&server, &key, "/entities/NK-3/adjacent/sanctions").await;
    assert_eq!(good(&none, "AdjacentResultsResponse")["total"]["value"], 0);
    refused(&get(&server, &key, "/entities/NK-3/adjacent/name").await, 404, "no property");

    // The list's own number leads to the identifier that names the list; where two lists have it, both are named.
    let moved = get(&server, &key, "/entities/1?nested=false").await;
    assert_eq!(moved.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(moved.header("location"), "/entities/own%3A1?nested=false");
    let own = good(&get(&server, &key, moved.header("location")).await, "EntityResponse");
    assert_eq!(own["caption"], "Muhammad Saleh Example");
    let adjacent = good(&get(&server, &key, "/entities/own%3A1/adjacent").await, "EntityAdjacentResponse");
    assert_eq!(adjacent["adjacent"], json!({}));
    bring_in(&server, "other", "id,schema,name\n1,Person,Another One\n", true).await;
    refused(&get(&server, &key, "/entities/1").await, 400, "other:1");
    refused(&get(&server, &key, "/entities/own:99").await, 404, "No such entity!");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_is_refused_in_the_words_of_the_format() {
    let (server, key) = listed().await;
    let exporter = server.key(Role::Exporter).await;
    let person = query("Person", json!({"name": ["Anybody"]}));
    for (path, status, word) in [
        ("/match/nothing", 404, "No such dataset"),
        ("/match/default?algorithm=logic-v2", 400, "Unknown algorithm"),
        ("/match/default?limit=501", 422, "limit"),
        ("/match/default?threshold=high", 422, "threshold"),
        ("/match/default?cutoff=0.1", 422, "0.3"),
        ("/match/default?changed_since=yesterday", 422, "changed_since"),
        ("/match/default?exclude_schema=Ship", 400, "Unknown schema"),
        ("/match/default?include_dataset=nothing", 400, "No such dataset"),
        ("/match/default?exclude_dataset=default", 400, "No dataset is left"),
        ("/match/default?fuzzy=true", 400, "no parameter"),
        ("/match/default?limit=1&limit=2", 422, "twice"),
    ] {
        refused(&post(&server, &key, path, &person, &[]).await, status, word);
    }
    refused(&post(&server, &key, "/match/default", &json!({"queries": {}}), &[]).await, 400, "No queries");
    let unknown = query("xxx", json!({}));
    refused(&post(&server, &key, "/match/default", &unknown, &[]).await, 400, "Unknown schema");
    let heavy = json!({"queries": {"q": {"schema": "Person", "properties": {}}}, "weights": {"name": 2}});
    refused(&post(&server, &key, "/match/default", &heavy, &[]).await, 400, "weights");
    let several = |queries: usize| {
        let one = |n: usize| (format!("k{n}"), person["queries"]["q"].clone());
        json!({"queries": (0..queries).map(one).collect::<serde_json::Map<String, Value>>()})
    };
    let answer = post(&server, &key, "/match/default?limit=500", &several(11), &[]).await;
    refused(&answer, 422, "fewer queries or a smaller limit");
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["query", "limit"]));
    good(&post(&server, &key, "/match/default?limit=500", &several(10), &[]).await, "EntityMatchResponse");
    let shapeless = json!({"queries": {"q": {"properties": {}}}});
    let answer = post(&server, &key, "/match/default", &shapeless, &[]).await;
    refused(&answer, 422, "Field required");
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["body", "queries", "q", "schema"]));
    let large = query("Person", json!({"name": ["x".repeat(2 << 20)]}));
    refused(&post(&server, &key, "/match/default", &large, &[]).await, 413, "larger");
    for (path, status, word) in [
        ("/search/default?q=name:Falcon", 400, "operator"),
        ("/search/default?q=Falc*", 400, "operator"),
        ("/search/default?q=falcon+OR+star", 400, "operator"),
        ("/search/default?facets=names", 422, "facet"),
        ("/search/default?filter=x", 400, "filter"),
        ("/search/default?filter_op=XOR", 422, "filter_op"),
        ("/search/default?offset=9500", 422, "offset"),
        ("/search/default?sort=caption:up", 400, "order"),
        ("/search/default?sort=id&sort=id&sort=id&sort=id&sort=id&sort=id", 422, "at most 5"),
        ("/entities/NK-1/adjacent?sort=id&sort=id&sort=id&sort=id&sort=id&sort=id", 422, "at most 5"),
        ("/search/default?target=maybe", 422, "target"),
        ("/search/nothing?q=x", 404, "No such dataset"),
        ("/statements?dataset=own", 404, "no such page"),
        ("/reconcile/default", 404, "no such page"),
    ] {
        refused(&get(&server, &key, path).await, status, word);
    }
    // Who has no right to lists, no key, or a wrong one.
    refused(&post(&server, &exporter, "/match/default", &person, &[]).await, 403, "");
    refused(&get(&server, &exporter, "/catalog").await, 403, "");
    refused(&get(&server, "unknown", "/catalog").await, 401, "key");
    refused(&server.get("/entities/NK-1").await, 401, "key");
    refused(&server.get("/match/default").await, 405, "method");
    // A key in the manner of the own API opens as well, and the own API takes this manner.
    let bearer = server.with_key(Method::GET, "/algorithms", &key, "").await;
    let algorithms = good(&bearer, "AlgorithmResponse");
    assert_eq!(algorithms["best"], "entente");
    assert_eq!(get(&server, &key, "/api/v1/lists").await.status, StatusCode::OK);
    for path in ["/healthz", "/readyz"] {
        assert_eq!(good(&server.get(path).await, "StatusResponse")["status"], "ok");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_asks_no_more_than_it_may() {
    let mut server = Server::with(|config| config.screening_queries_a_minute = 100).await;
    server.held = crate::register::fill(&server.app.store).await;
    let key = server.key(Role::LicensingOfficer).await;
    let other = server.key(Role::Countersigner).await;
    bring_in(&server, "own", OWN, true).await;
    let one = json!({"schema": "Company", "properties": {"name": ["Desert Falcon Trading House"]}});
    let queries: serde_json::Map<String, Value> = (0..100).map(|n| (format!("k{n}"), one.clone())).collect();
    let mut batch = json!({"queries": queries});
    let answer = good(&post(&server, &key, "/match/own", &batch, &[]).await, "EntityMatchResponse");
    let responses = answer["responses"].as_object().unwrap();
    assert!(responses.len() == 100 && responses.values().all(|of| ids(&of["results"]) == ["own:2"]));
    let answer = post(&server, &key, "/match/own", &query("Company", one["properties"].clone()), &[]).await;
    refused(&answer, 429, "pause");
    assert!((1..=60).contains(&answer.header("retry-after").parse::<u32>().unwrap()));
    batch["queries"]["one_more"] = one;
    refused(&post(&server, &other, "/match/own", &batch, &[]).await, 400, "101 queries");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_is_signed_in_matches_with_the_token_of_the_session_alone() {
    let (server, key) = listed().await;
    // A page of another site has the cookie at most.
    let person = query("Person", json!({"name": ["Anybody"]})).to_string();
    let foreign = [("content-type", "application/json"), ("origin", "https://elsewhere.example")];
    let answer = server.send(request(Method::POST, "/match/default", &foreign, &person)).await;
    refused(&answer, 403, "another site");
    // The register's own party is looked up by the same lists.
    let officer = server.key(Role::LicensingOfficer).await;
    let party = json!({"name": "Desert Falcon", "kind": "company", "state": "YEM", "label": "OFFICIAL"});
    ok(&server, &officer, "parties", party).await;
    let company = query("Company", json!({"name": ["Desert Falcon Trading House"]}));
    let answer = good(&post(&server, &key, "/match/own", &company, &[]).await, "EntityMatchResponse");
    assert_eq!(ids(&answer["responses"]["q"]["results"]), ["own:2"]);
}
