//! Lists of those under measures by the command line, with the built program, on the real editions of the United
//! Nations where they are at hand.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use entente_testing::TestDatabase;
use serde_json::Value;
use support::{done, entente};

#[track_caller]
fn refused(output: &Output, code: &str) -> String {
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(output.stdout.is_empty());
    assert!(talk.contains(&format!("code     {code}")), "{talk}");
    talk
}

/// A file of the test data; none, with the reason printed, where it is not at hand.
fn data(name: &str) -> Option<PathBuf> {
    let near = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("ENTENTE_TEST_DATA").map_or(near, PathBuf::from);
    let file = folder.join(name);
    if file.is_file() {
        return Some(file);
    }
    eprintln!("skipped: {} is not there (ENTENTE_TEST_DATA)", file.display());
    None
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&done(output)).unwrap()
}

async fn founded(database: &TestDatabase) {
    let add = [
        "user",
        "add",
        "a.petrova",
        "--name",
        "Anna",
        "--role",
        "licensing_officer",
        "--clearance",
        "SECRET",
    ];
    done(&entente(database, &add));
    done(&entente(
        database,
        &[
            "user",
            "add",
            "b.orlov",
            "--name",
            "Boris",
            "--role",
            "licensing_officer",
            "--clearance",
            "SECRET",
        ],
    ));
}

async fn party(database: &TestDatabase, name: &str, kind: entente_register::party::PartyKind) -> String {
    use entente_register::{access::Actor, command::Command, label::Clearance, party::NewParty};
    let store = open(database).await;
    let new = NewParty { name: name.into(), kind, state: "YEM".into(), label: "OFFICIAL".parse().unwrap() };
    let receipt = store.execute(&Actor::operator(Clearance::full()), Command::Party(new)).await.unwrap();
    store.close().await;
    receipt.subject.key
}

async fn open(database: &TestDatabase) -> entente_store::Store {
    let url = database.url().parse().unwrap();
    entente_store::Store::open(&url, entente_store::StoreOptions::system().unwrap()).await.unwrap()
}

entente_testing::on_both! {
    async fn a_list_of_ones_own_is_loaded_asked_and_kept(database: TestDatabase) {
        founded(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let header = "id,schema,name,country\n";
        let rows = |count: usize| -> String { (0..count).map(|n| format!("e{n},Company,Entry number {n} of many,YE\n")).collect() };
        let first = file("first.csv", &format!("{header}{}x1,Company,Desert Falcon Trading House,YE\n", rows(9)));
        let nobody = file("party.csv", "id,schema,name\np1,Company,Desert Falcon Trading House\n");
        let screen = |more: &[&str]| -> Value {
            let mut all = vec!["screen", nobody.as_str()];
            all.extend(more);
            serde_json::from_str(done(&entente(&database, &all)).lines().next().unwrap()).unwrap()
        };
        // Without a list nobody is clear.
        assert!(screen(&[])["held"].as_str().unwrap().contains("lists load"));
        assert_eq!(json(&entente(&database, &["lists", "status", "--format", "json"])), serde_json::json!([]));

        let load = |file: &str| entente(&database, &["lists", "load", "--list", "own", file, "--format", "json"]);
        let loaded = json(&load(&first));
        assert_eq!((&loaded["outcome"], &loaded["entries"]), (&"in_force".into(), &10.into()));
        assert_eq!(json(&load(&first))["outcome"], "unchanged");
        let answer = screen(&[]);
        assert!(answer["held"].is_null(), "{answer}");
        assert_eq!(answer["results"][0]["id"], "x1");
        assert_eq!(answer["lists"]["own"], loaded["edition"]);

        // What is worse than the edition in force leaves it there.
        refused(&load(&file("small.csv", &format!("{header}{}", rows(7)))), "list.shrunk");
        refused(&load(&file("empty.csv", header)), "list.unreadable");
        let damaged = folder.path().join("bad.csv");
        std::fs::write(&damaged, b"id,schema,name\ne1,Company,\xff\n").unwrap();
        assert!(refused(&load(damaged.to_str().unwrap()), "list.unreadable").contains("line 2"));
        refused(&entente(&database, &["lists", "load", "--list", "Own", &first]), "list.name");
        assert_eq!(screen(&[])["lists"]["own"], loaded["edition"]);

        // A policy, and an edition that is too old by it.
        let policy = ["lists", "policy", "--list", "own", "--standing", "advisory", "--max-age", "2", "--reason", "A trial"];
        done(&entente(&database, &policy));
        refused(&entente(&database, &policy), "list.same_policy");
        let status = json(&entente(&database, &["lists", "status", "--format", "json"]));
        assert_eq!((&status[0]["standing"], &status[0]["held"]), (&"advisory".into(), &Value::Null));
        let later = open(&database).await.today().checked_add(jiff::ToSpan::days(5)).unwrap().to_string();
        let held = screen(&["--as-of", &later]);
        assert!(held["held"].as_str().unwrap().contains("own"), "{held}");
        assert_eq!(held["results"][0]["id"], "x1", "hits are shown all the same");

        let second = file("second.csv", &format!("{header}{}x1,Company,Desert  Falcon Trading House,YE\nx2,Company,Second House,YE\n", rows(9)));
        json(&load(&second));
        let edition = loaded["edition"].as_str().unwrap();
        let diff = json(&entente(&database, &["lists", "diff", &format!("own@{}", &edition[..10]), "own", "--format", "json"]));
        assert_eq!(diff["added"][0]["id"], "x2", "{diff}");
        assert_eq!((&diff["changed"], &diff["unchanged"]), (&serde_json::json!([]), &10.into()));
        // Exporters load no lists.
        refused(&entente(&database, &["--as", "nobody", "lists", "status"]), "not_found");
    }

    async fn the_united_nations_list_from_edition_to_edition(database: TestDatabase) {
        let files = ["2017-07-03", "2024-09-26", "2025-04-19"].map(|of| data(&format!("un/un_consolidated_{of}.xml")));
        let [Some(first), Some(second), Some(third)] = files else { return };
        let Some(damaged) = data("un/un_consolidated_damaged.xml") else { return };
        founded(&database).await;
        let listed = "MOHAMMED SALEH";
        let person = entente_register::party::PartyKind::Person;
        let number = party(&database, listed, person).await;
        let other = party(&database, "Ingeborg Sandvik Thorvaldsen", person).await;
        let load = |file: &Path| {
            entente(&database, &["lists", "load", "--list", "un", file.to_str().unwrap(), "--format", "json"])
        };
        let loaded = json(&load(&first));
        assert_eq!(loaded["dated"], "2017-07-03");
        let ran = json(&entente(&database, &["lists", "rescreen", "--format", "json"]));
        assert_eq!((&ran[0]["new_parties"], &ran[0]["compared"]), (&2.into(), &loaded["entries"]));
        assert_eq!(json(&entente(&database, &["lists", "rescreen", "--format", "json"])), serde_json::json!([]), "nothing is new");

        let talk = refused(&load(&damaged), "list.unreadable");
        assert!(talk.contains("line 54, column 4"), "{talk}");
        let loaded = json(&load(&second));
        assert_eq!(loaded["dated"], "2024-09-26");
        refused(&load(&first), "list.older");
        let diff = json(&entente(&database, &["lists", "diff", first.to_str().unwrap(), "un", "--format", "json"]));
        let count = |of: &str| diff[of].as_array().unwrap().len();
        let really = diff["changed"].as_array().unwrap().iter().filter(|change| change["screened"] == true).count();
        let ran = json(&entente(&database, &["lists", "rescreen", "--format", "json"]));
        // The delta alone was compared with the parties that had been compared before.
        assert_eq!(ran[0]["compared"].as_u64().unwrap(), (count("added") + really) as u64);
        assert_eq!(ran[0]["new_parties"], 0);
        json(&load(&third));
        json(&entente(&database, &["lists", "rescreen", "--format", "json"]));

        // Old as it is by now, it clears nobody; the hits are there.
        let status = json(&entente(&database, &["lists", "status", "--format", "json"]));
        assert!(status[0]["held"].as_str().unwrap().contains("un"), "{status}");
        let store = open(&database).await;
        let reader = store.reader(&entente_register::access::Actor::operator(entente_register::label::Clearance::full()), None, None).await.unwrap();
        let of = async |number: &str| {
            Box::pin(reader.party_screening(number, entente::screener::ENGINE, entente::screener::threshold())).await.unwrap()
        };
        let hit = of(&number).await;
        assert_eq!(hit.held.iter().map(|held| held.code).collect::<Vec<_>>(), ["stale"]);
        assert!(!hit.cases.is_empty() && !hit.is_clear());
        assert!(of(&other).await.cases.is_empty());
        let name = hit.cases[0].case.hit.reasons.iter().find(|reason| reason.feature == "name").unwrap();
        assert!(!name.detail.is_empty());
        // The comparison from nothing gives the same cases as the one by deltas.
        let whole = reader.live_cases("un").await.unwrap();
        let index = entente::screener::Screener::default().ready(&reader).await.unwrap();
        let mut party = entente_screening::entity::Entity::new("p", "Person");
        party.add("name", listed);
        party.add("country", "YEM");
        let answer = index.search(&entente_screening::entity::Ready::new(&party), None, 0.7, 1_000);
        let mut found: Vec<&str> = answer.found.iter().map(|found| found.entry.id.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        let mut cases: Vec<&str> = whole.iter().filter(|case| case.party == number).map(|case| case.entry.as_str()).collect();
        cases.sort_unstable();
        assert_eq!(cases, found);
        store.close().await;
    }
}
