//! PyPI’s `yente-client`, as it comes, against the built program: what screening clients of that format see.
//!
//! `ENTENTE_TEST_YENTE_CLIENT` names the Python that has it, and then it has to be there; `required` means `python3`.
//! Where nothing is said and `python3` has none, the test is skipped and says why.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use entente_store::{DatabaseUrl, Origin, Store, StoreOptions};
use entente_testing::TestDatabase;
use support::{done, entente};

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screening_client.py");

/// The Python that has the client.
fn python() -> Option<String> {
    let named = std::env::var("ENTENTE_TEST_YENTE_CLIENT").ok().filter(|name| !name.is_empty());
    let python = named.clone().filter(|name| name != "required").unwrap_or_else(|| "python3".to_owned());
    let tried = Command::new(&python).args(["-c", "import yente_client"]).output();
    let why = match tried {
        Ok(output) if output.status.success() => return Some(python),
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    assert!(named.is_none(), "{python} has no yente_client: {why}");
    eprintln!("skipped: {python} has no yente_client (ENTENTE_TEST_YENTE_CLIENT): {why}");
    None
}

/// A server that ends with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(database: &TestDatabase) -> (Serving, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--database", database.url(), "serve", "--listen", "127.0.0.1:0"])
        .env_remove("ENTENTE_DATABASE")
        .env_remove("ENTENTE_CONFIG")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let serving = Serving(child);
    for line in lines.map(Result::unwrap) {
        if let Some(rest) = line.strip_prefix("Serving on ") {
            let address: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
            return (serving, address.trim_end_matches(['.', '/', ',']).to_owned());
        }
    }
    panic!("it does not serve");
}

/// A person of a role, who has a password of their own, and opens a key for a program.
async fn key(database: &TestDatabase, account: &str, role: &str) -> String {
    let add = ["user", "add", account, "--name", account, "--role", role, "--clearance", "OFFICIAL"];
    let given = done(&entente(database, &add));
    let url: DatabaseUrl = database.url().parse().unwrap();
    let store = Store::open(&url, StoreOptions::system().unwrap()).await.unwrap();
    let origin = Origin { address: "192.0.2.7".into(), agent: "test".into() };
    let (token, _) = store.sign_in(account, given.trim(), &origin).await.unwrap();
    store.change_password(&token, given.trim(), "five quiet herons wade").await.unwrap();
    let key = store.open_api_key(account, "screening", 1).await.unwrap();
    store.close().await;
    key
}

fn load(database: &TestDatabase, list: &str, file: &Path, more: &[&str]) {
    let file = file.to_str().unwrap();
    done(&entente(database, &[&["lists", "load", "--list", list, file], more].concat()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_as_it_comes_matches_searches_and_looks_up() {
    let Some(python) = python() else { return };
    let database = entente_testing::sqlite();
    let officer = key(&database, "s.client", "licensing_officer").await;
    let admin = key(&database, "a.admin", "administrator").await;
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("own.csv");
    std::fs::write(
        &own,
        "id,schema,name,alias,birthDate,nationality\n\
         1,Person,Muhammad Saleh Example,Мухаммед Салех Пример,1965-03-24,ye\n\
         2,Company,Desert Falcon Trading House,,,\n",
    )
    .unwrap();
    load(&database, "own", &own, &[]);
    let graph = folder.path().join("graph.json");
    std::fs::write(
        &graph,
        r#"{"id":"NK-1","schema":"Company","properties":{"name":["Falcon Holding"],"topics":["sanction"]}}
{"id":"NK-2","schema":"Person","properties":{"name":["Olga Owner"]}}
{"id":"own-1","schema":"Ownership","properties":{"owner":["NK-2"],"asset":["NK-1"]}}
"#,
    )
    .unwrap();
    // A list without a date: nobody is cleared by it.
    load(&database, "graph", &graph, &[]);
    let (_serving, address) = serve(&database);
    let ran = Command::new(&python).arg(CLIENT).args([&address, &officer, &admin]).output().unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success() && said.trim_end().ends_with("all of it works"), "{said}\n{wrong}");
}
