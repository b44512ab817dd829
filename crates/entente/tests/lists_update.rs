//! Bringing lists up to date, with the built program, against a server of this machine that behaves well, badly, or not
//! at all.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use entente::screener::fetch::{Fetched, Limits, Validators, fetch};
use entente_testing::TestDatabase;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use support::{done, entente};

const LIST: &str = "id,schema,name\n1,Person,Anna Example\n2,Company,Desert Falcon Trading House\n";

/// A server, and what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (seen, own) = (asked.clone(), address.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, own) = (seen.clone(), own.clone());
                std::thread::spawn(move || answer(stream, &seen, &own));
            }
        });
        Server { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    fn last(&self) -> String {
        self.asked.lock().unwrap().last().unwrap().to_lowercase()
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// What the client does not wait for any more is lost, as with any server.
fn answer(mut stream: TcpStream, asked: &Mutex<Vec<String>>, own: &str) {
    let mut request = String::new();
    for line in BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok) {
        if line.is_empty() {
            break;
        }
        request.push_str(&line);
        request.push('\n');
    }
    let path = request.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let known = request.to_lowercase().contains("if-none-match: \"one\"");
    asked.lock().unwrap().push(request);
    let whole = |head: &str, body: &[u8]| {
        let mut all =
            format!("HTTP/1.1 200 OK\r\n{head}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())
                .into_bytes();
        all.extend_from_slice(body);
        all
    };
    let to = |place: &str| {
        format!("HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            .into_bytes()
    };
    let status = |line: &str| {
        format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
    };
    let bytes = match path.as_str() {
        "/list.csv" if known => status("304 Not Modified"),
        "/list.csv" => {
            whole("ETag: \"one\"\r\nLast-Modified: Thu, 01 Oct 2026 00:00:00 GMT\r\n", LIST.as_bytes())
        }
        "/gzip.csv" => whole("Content-Encoding: gzip\r\n", &packed(LIST.as_bytes())),
        "/half.gz" => {
            let packed = packed(LIST.as_bytes());
            whole("Content-Encoding: gzip\r\n", &packed[..packed.len() / 2])
        }
        "/bomb.gz" => whole("Content-Encoding: gzip\r\n", &packed(&vec![b'x'; 64 << 20])),
        "/brotli" => whole("Content-Encoding: br\r\n", b"x"),
        "/page.html" => {
            whole("Content-Type: text/html\r\n", b"<!doctype html><html><body>Not here</body></html>")
        }
        "/small.csv" => whole("", b"id,schema,name\n1,Person,Anna Example\n"),
        "/empty" => whole("", b""),
        "/huge" => b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nid".to_vec(),
        "/cut" => {
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{LIST}", LIST.len() + 40).into_bytes()
        }
        "/relative" => to("list.csv"),
        "/loop" => to("/loop"),
        "/plain" => to("http://mirror.example.org/list.csv"),
        "/file" => to("file:///etc/passwd"),
        "/other" => to(&format!("https://{own}/list.csv")),
        "/error" => status("500 Internal Server Error"),
        "/unasked" => status("304 Not Modified"),
        "/secret" => status("403 Forbidden"),
        "/endless" => {
            // Without a length, and never done.
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            while stream.write_all(&[b'x'; 8 << 10]).is_ok() {}
            return;
        }
        "/slow" => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            while stream.write_all(b"x").is_ok() {
                std::thread::sleep(Duration::from_millis(100));
            }
            return;
        }
        "/silent" => {
            std::thread::sleep(Duration::from_secs(20));
            return;
        }
        _ => status("404 Not Found"),
    };
    let _ = stream.write_all(&bytes);
}

#[track_caller]
fn refused(output: &Output, code: &str) -> String {
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(talk.contains(&format!("code     {code}")) && talk.contains("missing  "), "{code}: {talk}");
    talk
}

fn founded() -> TestDatabase {
    let database = entente_testing::sqlite();
    let add = [
        "user",
        "add",
        "a.petrova",
        "--name",
        "Anna",
        "--role",
        "licensing_officer",
        "--clearance",
        "OFFICIAL",
    ];
    done(&entente(&database, &add));
    database
}

fn update(database: &TestDatabase, list: &str, from: &str, more: &[&str]) -> Output {
    entente(database, &[&["lists", "update", list, "--from", from, "--format", "json"], more].concat())
}

#[track_caller]
fn outcome(output: &Output) -> String {
    let rows: Value = serde_json::from_str(&done(output)).unwrap();
    rows[0]["outcome"].as_str().unwrap().to_owned()
}

#[test]
fn a_list_comes_into_force_and_is_not_fetched_again_while_it_is_the_same() {
    let (server, database) = (Server::start(), founded());
    let address = server.url("list.csv");
    assert_eq!(outcome(&update(&database, "own", &address, &[])), "in_force");
    assert!(!server.last().contains("if-none-match"), "{}", server.last());
    assert!(server.last().contains("user-agent: entente/"), "{}", server.last());
    // What is there already is asked for by its mark, and nothing comes.
    assert_eq!(outcome(&update(&database, "own", &address, &[])), "unchanged");
    assert!(server.last().contains("if-none-match: \"one\""), "{}", server.last());
    assert!(server.last().contains("if-modified-since: thu, 01 oct 2026"), "{}", server.last());
    // Of another list, and of another edition, that mark says nothing.
    assert_eq!(outcome(&update(&database, "other", &address, &[])), "in_force");
    assert!(!server.last().contains("if-none-match"));
    let again = update(&database, "own", &server.url("gzip.csv"), &[]);
    assert_eq!(outcome(&again), "unchanged");
    let status: Value =
        serde_json::from_str(&done(&entente(&database, &["lists", "status", "--format", "json"]))).unwrap();
    assert_eq!((&status[1]["list"], &status[1]["source"]), (&"own".into(), &address.as_str().into()));
    assert_eq!(status[1]["entries"], 2);
    assert_eq!(outcome(&update(&database, "third", &server.url("relative"), &[])), "in_force");
}

#[test]
fn what_is_no_whole_list_is_refused_and_what_was_in_force_stays_so() {
    let (server, database) = (Server::start(), founded());
    assert_eq!(outcome(&update(&database, "own", &server.url("gzip.csv"), &[])), "in_force");
    for (path, code) in [
        ("nothing", "list.status"),
        ("secret", "list.status"),
        ("error", "list.status"),
        ("unasked", "list.status"),
        ("loop", "list.redirected"),
        ("plain", "list.redirected"),
        ("file", "list.redirected"),
        ("other", "list.redirected"),
        ("huge", "list.too_large"),
        ("bomb.gz", "list.too_large"),
        ("cut", "list.broken_off"),
        ("half.gz", "list.broken_off"),
        ("empty", "list.broken_off"),
        ("brotli", "list.packed"),
        ("page.html", "list.other_form"),
        ("small.csv", "list.shrunk"),
    ] {
        refused(&update(&database, "own", &server.url(path), &[]), code);
    }
    for path in ["slow", "silent"] {
        let talk =
            refused(&update(&database, "own", &server.url(path), &["--time-limit", "1"]), "list.too_slow");
        assert!(talk.contains("--time-limit"), "{talk}");
    }
    // Nobody listens there; there is no TLS there; and without it only this machine is asked.
    refused(&update(&database, "own", "http://127.0.0.1:1/list.csv", &[]), "list.unreachable");
    let tls = update(&database, "own", &format!("https://{}/list.csv", server.address), &[]);
    let talk = String::from_utf8_lossy(&tls.stderr).into_owned();
    assert!(talk.contains("list.unreachable") || talk.contains("list.trust"), "{talk}");
    for address in
        ["http://mirror.example.org/list.csv", "ftp://127.0.0.1/list.csv", "https://a:b@127.0.0.1/x"]
    {
        refused(&update(&database, "own", address, &[]), "list.address");
    }
    let small = update(&database, "own", &server.url("small.csv"), &["--despite", "Two were struck off"]);
    assert_eq!(outcome(&small), "in_force");
}

#[test]
fn a_file_is_loaded_as_from_the_address_and_a_source_is_set_with_a_reason() {
    let database = founded();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.csv");
    std::fs::write(&file, LIST).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(outcome(&update(&database, "own", file, &["--dated", "2026-01-05"])), "in_force");
    refused(&update(&database, "own", "/no/such/file", &[]), "file.unreadable");
    let talk = refused(&entente(&database, &["lists", "update", "own"]), "list.no_source");
    assert!(talk.contains("lists source --list own") && talk.contains("ofac_sdn"), "{talk}");
    // Without a name, what has no address is named and passed over; but for one that clears nobody, which whoever looks
    // at the status alone would never learn of.
    let all = entente(&database, &["lists", "update", "--format", "json"]);
    refused(&all, "list.not_updated");
    let rows: Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!((&rows[0]["outcome"], &rows[0]["held"]), (&"no_source".into(), &true.into()));
    let policy = [
        "lists",
        "policy",
        "--list",
        "own",
        "--standing",
        "advisory",
        "--max-age",
        "3000",
        "--reason",
        "A trial",
    ];
    done(&entente(&database, &policy));
    let all = entente(&database, &["lists", "update", "--format", "json"]);
    assert_eq!(outcome(&all), "no_source");

    let set = |more: &[&str]| entente(&database, &[&["lists", "source", "--list", "own"], more].concat());
    refused(
        &set(&["--address", "http://mirror.example.org/own.csv", "--reason", "A mirror"]),
        "list.address",
    );
    // Nobody listens there, and no other list is kept from being updated by it.
    let there = "https://127.0.0.1:1/own.csv";
    done(&set(&["--address", there, "--reason", "The mirror of the ministry"]));
    let status = done(&entente(&database, &["lists", "status"]));
    assert!(status.contains(&format!("updated    from {there}")), "{status}");
    let all = entente(&database, &["lists", "update", "--format", "json"]);
    let talk = refused(&all, "list.not_updated");
    assert!(talk.contains("1 of 1 lists"), "{talk}");
    let rows: Value = serde_json::from_slice(&all.stdout).unwrap();
    assert_eq!(rows[0]["outcome"], "refused");
    assert!(rows[0]["reason"].as_str().unwrap().contains("Missing: "), "{rows}");
    let ledger = done(&entente(&database, &["ledger", "export"]));
    assert!(ledger.contains("list.source_set.v1") && ledger.contains("The mirror of the ministry"));
    done(&set(&["--official", "--reason", "It is given up"]));
    refused(&entente(&database, &["lists", "update", "own"]), "list.no_source");
    done(&entente(&database, &["ledger", "verify", "--deep"]));
}

#[test]
fn the_limit_of_bytes_holds_while_they_come() {
    let server = Server::start();
    let limits = Limits { bytes: 100_000, time: Duration::from_secs(20) };
    let refused = |path: &str, limits: &Limits| {
        fetch(&server.url(path), &Validators::default(), limits).unwrap_err().code
    };
    assert_eq!(refused("endless", &limits), "list.too_large");
    assert_eq!(refused("list.csv", &Limits { bytes: 20, ..limits }), "list.too_large");
    assert_eq!(refused("gzip.csv", &Limits { bytes: 20, ..limits }), "list.too_large");
    let whole = Limits { bytes: LIST.len() as u64 + 60, ..limits };
    for path in ["list.csv", "gzip.csv"] {
        let Ok(Fetched::New(bytes, _)) = fetch(&server.url(path), &Validators::default(), &whole) else {
            panic!("{path} was refused");
        };
        assert_eq!(bytes, LIST.as_bytes());
    }
}
