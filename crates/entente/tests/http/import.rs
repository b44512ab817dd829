//! Bringing files in on the pages: nothing before it was seen, all or nothing, whoever sends what.

use std::io::Write as _;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use entente_register::access::Role;
use entente_store::{Entropy, ManualClock, Store, StoreOptions};

use crate::pages::{Visitor, check, hidden};
use crate::support::{Answer, Server};

const BOUNDARY: &str = "----entente";

fn part(name: &str, value: &str) -> Vec<u8> {
    format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn file_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n").into_bytes();
    part.extend_from_slice(bytes);
    part.extend_from_slice(b"\r\n");
    part
}

async fn send_parts(visitor: &Visitor<'_>, parts: &[Vec<u8>]) -> Answer {
    let mut body = parts.concat();
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = Request::post("/import")
        .header("cookie", &visitor.cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap();
    visitor.server.send(request).await
}

async fn token(visitor: &Visitor<'_>) -> String {
    hidden(&visitor.get("/import").await.text, "csrf")
}

/// Sends a file as the page does.
async fn send(visitor: &Visitor<'_>, what: &str, name: &str, bytes: &[u8]) -> Answer {
    let token = token(visitor).await;
    send_parts(
        visitor,
        &[part("csrf", &token), part("what", what), part("category", ""), file_part(name, bytes)],
    )
    .await
}

/// The page that a file's answer leads to, once nothing is under way.
async fn outcome(visitor: &Visitor<'_>, answer: &Answer) -> (String, Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let place = answer.header("location").to_owned();
    for _ in 0..600 {
        let page = visitor.get(&place).await;
        check(&place, &page);
        if !page.text.contains("http-equiv=\"refresh\"") {
            return (place, page);
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("it takes for ever: {place}");
}

async fn act(visitor: &Visitor<'_>, place: &str, page: &Answer, act: &str) -> Answer {
    let (token, content) = (hidden(&page.text, "csrf"), hidden(&page.text, "content"));
    visitor.post(place, &format!("csrf={token}&content={content}&act={act}")).await
}

const PARTIES: &str = "name,kind,state\r\nYard A,company,RUS\r\nYard B,company,RUS\r\nYard C,company,IND\r\n";

#[tokio::test]
async fn a_file_is_seen_first_and_then_imported_once() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    assert!(officer.get("/contracts").await.text.contains("href=\"/import\""));
    let choose = officer.get("/import").await;
    check("/import", &choose);
    assert!(choose.text.contains("At most 256 MiB") && choose.text.contains("value=\"deliveries\""));
    let (events, _) = server.head().await;

    let (place, page) =
        outcome(&officer, &send(&officer, "parties", "parties.csv", PARTIES.as_bytes()).await).await;
    for expected in ["Preview of the import", "Without a fault", "Yard B", "First rows of parties", ">3</td>"]
    {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    assert_eq!(server.head().await.0, events, "a preview keeps nothing");
    assert!(officer.get("/import").await.text.contains("to be confirmed"));
    let wrong =
        officer.post(&place, &format!("csrf={}&content=00&act=import", hidden(&page.text, "csrf"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.text);

    let (_, done) = outcome(&officer, &act(&officer, &place, &page, "import").await).await;
    assert!(done.text.contains("All of the file is in the register"), "{}", done.text);
    assert_eq!(server.head().await.0, events + 3);
    // By a second click, or by going back.
    let second = act(&officer, &place, &page, "import").await;
    assert!(outcome(&officer, &second).await.1.text.contains("All of the file is in the register"));
    assert_eq!(server.head().await.0, events + 3);

    let (place, again) =
        outcome(&officer, &send(&officer, "parties", "parties.csv", PARTIES.as_bytes()).await).await;
    assert!(again.text.contains("The register holds all of it already"), "{}", again.text);
    let gone = act(&officer, &place, &again, "discard").await;
    assert_eq!((gone.status, gone.header("location")), (StatusCode::SEE_OTHER, "/import"));
    assert_eq!(officer.get(&place).await.status, StatusCode::NOT_FOUND);
    assert_eq!(officer.get(&format!("{place}/faults.csv")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn every_fault_of_a_long_file_is_named_and_nothing_is_kept() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let (head, _) = server.head().await;
    let mut text = String::from("name,kind,state\r\n");
    let mut faulty = Vec::new();
    for row in 2..=10_001 {
        // Of one sort and of another: one in four hundred rows.
        let (kind, state) = match row % 400 {
            1 if row % 800 == 1 => ("yard", "RUS"),
            1 => ("company", "Russia"),
            _ => ("company", "RUS"),
        };
        if row % 400 == 1 {
            faulty.push(row);
        }
        text.push_str(&format!("Yard {row},{kind},{state}\r\n"));
    }
    assert_eq!(faulty.len(), 25);
    let (place, page) =
        outcome(&officer, &send(&officer, "parties", "parties.csv", text.as_bytes()).await).await;
    assert!(page.text.contains("25 faults. Nothing was changed."), "{}", page.text);
    let faults = officer.get(&format!("{place}/faults.csv")).await;
    assert_eq!(faults.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<&str> = faults.text.lines().collect();
    assert_eq!(lines.len(), 26, "{}", faults.text);
    for (line, row) in lines[1..].iter().zip(&faulty) {
        let (column, letter, value) =
            if row % 800 == 1 { ("kind", "B", "yard") } else { ("state", "C", "Russia") };
        assert!(line.starts_with(&format!("parties,{row},{column},{letter},,{value},")), "{line}");
        assert!(page.text.contains(&format!("<th scope=\"row\" class=\"num\">{row}</th>")), "{row}");
    }
    assert!(!page.text.contains("value=\"import\""), "what is faulty cannot be confirmed");
    let forced = act(&officer, &place, &page, "import").await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(server.head().await.0, head);
}

#[tokio::test]
async fn templates_are_what_the_import_takes() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    for (name, begins) in [("partners.csv", "\u{feff}code,name"), ("lines.xlsx", "PK"), ("ocds.json", "{")] {
        let answer = officer.get(&format!("/import/templates/{name}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert!(answer.text.starts_with(begins), "{name}");
        assert!(answer.header("content-disposition").ends_with(&format!("filename=\"{name}\"")));
    }
    let template = officer.get("/import/templates/partners.csv").await.text;
    let (_, page) =
        outcome(&officer, &send(&officer, "partners", "partners.csv", template.as_bytes()).await).await;
    assert!(page.text.contains("Without a fault") && page.text.contains("BRA"), "{}", page.text);
    for none in ["contracts.pdf", "nothing.csv", "book.csv", "contracts"] {
        assert_eq!(officer.get(&format!("/import/templates/{none}")).await.status, StatusCode::NOT_FOUND);
    }
}

/// A workbook one part of which unpacks to far more than it is.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("xl/styles.xml", options).unwrap();
    for _ in 0..40 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn what_cannot_be_taken_is_told_and_changes_nothing() {
    let server = Server::with(|config| config.import_limit = 200_000).await;
    crate::register::fill(&server.app.store).await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let head = server.head().await;
    let long = "x".repeat(200_001);
    for (what, name, bytes, status, said) in [
        ("parties", "parties.pdf", &b"%PDF"[..], 422, "a file whose name ends in .csv or .xlsx"),
        ("ocds", "parties.csv", b"a", 422, "ends in .json"),
        ("elephants", "a.csv", b"a", 422, "It is not said what the file holds"),
        ("parties", "a.csv", b"", 422, "The file is empty"),
        ("parties", "a.csv", long.as_bytes(), 422, "larger than the"),
    ] {
        let answer = send(&officer, what, name, bytes).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.text);
        assert!(
            answer.text.contains(said) && answer.text.contains("There is a problem"),
            "{said}: {}",
            answer.text
        );
    }
    let huge = send(&officer, "parties", "a.csv", "x".repeat(400_000).as_bytes()).await;
    assert!(matches!(huge.status.as_u16(), 413 | 422), "{}", huge.text);
    let bomb = bomb();
    assert!(bomb.len() < 200_000);
    for (what, name, bytes, said) in [
        ("contracts", "bomb.xlsx", bomb.as_slice(), "16 MiB in xl/styles.xml"),
        ("contracts", "text.xlsx", b"number,title", "the file is no workbook"),
        ("contracts", "book.csv", b"PK\x03\x04....", "the file is a workbook, not CSV"),
        ("ocds", "package.json", b"{", ""),
    ] {
        let (place, page) = outcome(&officer, &send(&officer, what, name, bytes).await).await;
        assert!(
            page.text.contains("The file is not taken") && page.text.contains(said),
            "{name}: {}",
            page.text
        );
        assert!(page.text.contains("Nothing was changed"));
        act(&officer, &place, &page, "discard").await;
    }
    assert_eq!(server.head().await, head);
    // Without the token, with another's, and with the file before it.
    let good = token(&officer).await;
    let file = || file_part("a.csv", PARTIES.as_bytes());
    for parts in [
        vec![part("what", "parties"), file()],
        vec![part("csrf", &"0".repeat(64)), part("what", "parties"), file()],
        vec![part("what", "parties"), file(), part("csrf", &good)],
    ] {
        let answer = send_parts(&officer, &parts).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    }
    let plain = officer.post("/import", "csrf=00&what=parties").await;
    assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}", plain.text);
    assert!(!officer.get("/import").await.text.contains("Your files that wait"));
}

#[tokio::test]
async fn who_may_not_is_told_who_may_and_files_are_of_their_session() {
    let server = Server::filled().await;
    for role in [Role::Auditor, Role::Exporter, Role::Member] {
        let visitor = Visitor::of(&server, role).await;
        let answer = visitor.get("/import").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
        assert!(answer.text.contains("Contract officer"), "{}", answer.text);
        let list = visitor.get("/contracts").await;
        assert!(!list.text.contains("href=\"/import\""), "{role}");
    }
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    // A secretary drafts plans and registers parties, and opens no contracts.
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let offered = secretary.get("/import").await.text;
    assert!(offered.contains("value=\"parties\"") && !offered.contains("value=\"contracts\""), "{offered}");
    let refused = send(&secretary, "contracts", "contracts.csv", b"reference\r\n").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);

    let (place, page) =
        outcome(&officer, &send(&officer, "parties", "parties.csv", PARTIES.as_bytes()).await).await;
    let other = Visitor::of(&server, Role::ContractOfficer).await;
    for visitor in [&secretary, &other] {
        assert_eq!(visitor.get(&place).await.status, StatusCode::NOT_FOUND);
        let token = token(visitor).await;
        let content = hidden(&page.text, "content");
        let stolen = visitor.post(&place, &format!("csrf={token}&content={content}&act=import")).await;
        assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    }
    // Nobody fills the disk with files that wait.
    let mine = Visitor::of(&server, Role::ContractOfficer).await;
    for _ in 0..5 {
        outcome(&mine, &send(&mine, "parties", "parties.csv", PARTIES.as_bytes()).await).await;
    }
    let sixth = send(&mine, "parties", "parties.csv", PARTIES.as_bytes()).await;
    assert!(sixth.text.contains("5 files of yours wait already"), "{}", sixth.text);
}

#[tokio::test]
async fn a_file_waits_an_hour_and_through_a_restart() {
    let clock = Arc::new(ManualClock::at("2026-01-05T09:00:00Z".parse().unwrap()));
    let options = || StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
    let server = Server::on(options(), |_| {}).await;
    crate::register::fill(&server.app.store).await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let (place, _) =
        outcome(&officer, &send(&officer, "parties", "parties.csv", PARTIES.as_bytes()).await).await;

    let store = Store::open(server.app.store.url(), options()).await.unwrap();
    let app = entente::app::App::new(store, server.app.config.clone()).await.unwrap();
    let restarted = server.restarted(app);
    let officer = Visitor { server: &restarted, cookie: officer.cookie.clone() };
    let page = officer.get(&place).await;
    check(&place, &page);
    assert!(page.text.contains("The server was started again since"), "{}", page.text);
    let forced = act(&officer, &place, &page, "import").await;
    assert_eq!(forced.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing was seen since: {}", forced.text);
    let (_, page) = outcome(&officer, &act(&officer, &place, &page, "again").await).await;
    assert!(page.text.contains("Without a fault"), "{}", page.text);

    for minutes in ["25", "50"] {
        clock.set(format!("2026-01-05T09:{minutes}:00Z").parse().unwrap());
        assert_eq!(officer.get("/contracts").await.status, StatusCode::OK);
    }
    assert_eq!(officer.get(&place).await.status, StatusCode::OK, "within the hour");
    for at in ["10:15", "10:40", "10:51"] {
        clock.set(format!("2026-01-05T{at}:00Z").parse().unwrap());
        assert_eq!(officer.get("/contracts").await.status, StatusCode::OK);
    }
    let late = act(&officer, &place, &page, "import").await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    assert!(late.text.contains("or its hour is over"), "{}", late.text);
    let folder = restarted.app.config.import_folder().unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "its bytes are gone as well");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_file_is_gone_through_at_a_time_and_the_others_are_told() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    // Another process writes for a while.
    let writing = server.app.store.batch().await.unwrap();
    let first = send(&officer, "parties", "first.csv", PARTIES.as_bytes()).await;
    let second = send(&officer, "parties", "second.csv", PARTIES.as_bytes()).await;
    let page = officer.get(first.header("location")).await;
    assert!(page.text.contains("The file is being tried"), "{}", page.text);
    assert!(page.text.contains("<meta http-equiv=\"refresh\" content=\"2\">"), "{}", page.text);
    let waiting = officer.get(second.header("location")).await;
    assert!(waiting.text.contains("Another file is gone through at this moment"), "{}", waiting.text);
    let form = format!("csrf={}&act=discard", hidden(&waiting.text, "csrf"));
    let early = officer.post(second.header("location"), &form).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
    writing.give_up().await;
    assert!(outcome(&officer, &first).await.1.text.contains("Without a fault"));
    assert!(outcome(&officer, &second).await.1.text.contains("Without a fault"));
    let strange =
        officer.post(first.header("location"), &format!("csrf={}&act=x", token(&officer).await)).await;
    assert_eq!(
        (strange.status, strange.text.contains("import, again, discard")),
        (StatusCode::UNPROCESSABLE_ENTITY, true)
    );
    assert_eq!(
        officer.server.send(crate::support::request(Method::POST, "/import/00", &[], "")).await.status,
        StatusCode::SEE_OTHER
    );
}
