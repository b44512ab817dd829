//! The pages of screening: what is found and why, cases decided by two people, lists with their editions and entries, a
//! file of parties; who sees what, and what is refused where.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use entente::screener::edition::{Incoming, load};
use entente::screener::rescreen;
use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::label::Clearance;
use entente_register::party::{NewParty, PartyKind};

use crate::act::{act, led_to, part, send};
use crate::pages::{Visitor, check, hidden};
use crate::support::{Answer, Server};

const LIST: &str = "id,schema,name,alias,weakAlias,birthDate,nationality,country,notes\n\
    x1,Company,Desert Falcon Trading House,,,,,YE,First\n\
    x2,Person,Mohammed Saleh,\u{645}\u{62d}\u{645}\u{62f} \u{635}\u{627}\u{644}\u{62d},Abu Falcon,1966-03-24,YE,,\n\
    x/3 ?,Vessel,Sea Hawk,,,,,,\n";

fn operator() -> Actor {
    Actor::operator(Clearance::full())
}

async fn bring_in(server: &Server, list: &str, text: &str) {
    let incoming = Incoming {
        seen: None,
        list: list.into(),
        bytes: text.as_bytes().to_vec(),
        source: format!("{list}.csv"),
        current_on: None,
        despite: None,
    };
    load(&server.app.store, &operator(), incoming).await.unwrap();
}

async fn register_party(server: &Server, name: &str, label: &str) -> String {
    let party = NewParty {
        name: name.into(),
        kind: PartyKind::Company,
        state: "YEM".into(),
        label: label.parse().unwrap(),
    };
    server.app.store.execute(&operator(), Command::Party(party)).await.unwrap().subject.key
}

fn sent(name: &str, file: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "------entente\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\ncontent-type: text/csv\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

fn words(answer: &Answer, all: &[&str]) {
    for expected in all {
        assert!(answer.text.contains(expected), "{expected}: {}", answer.text);
    }
}

const SALEH: &str = "%D0%9C%D1%83%D1%85%D0%B0%D0%BC%D0%BC%D0%B5%D0%B4+%D0%A1%D0%B0%D0%BB%D0%B5%D1%85";

#[tokio::test(flavor = "multi_thread")]
async fn a_party_is_looked_up_and_every_hit_says_why() {
    let server = Server::filled().await;
    let member = Visitor::of(&server, Role::Member).await;
    let page = member.get("/screening").await;
    check("/screening", &page);
    words(&page, &["0.70 or more", "name=\"names\"", ">Screening</a>"]);
    let none = member.get(&format!("/screening?names={SALEH}")).await;
    words(&none, &["Held: nobody is cleared", "The register has no list", "No hit"]);

    bring_in(&server, "own", LIST).await;
    let found =
        member.get(&format!("/screening?kind=person&names={SALEH}&birth=1965-03-24&countries=Iran")).await;
    check("/screening", &found);
    words(
        &found,
        &[
            "One hit",
            "Mohammed Saleh",
            "/lists/own/entries/x2",
            "\u{421}\u{430}\u{43b}\u{435}\u{445}",
            "the same in another script",
            "Birth: births one slip of the pen apart",
            "lowers it by",
            "no country in common",
            "binding",
            "3\u{a0}entries",
            "by version",
        ],
    );
    assert!(!found.text.contains("Held"), "{}", found.text);
    // The very page is a link to what was found, in its own view.
    let other =
        member.get("/screening?kind=organisation&names=Desert+Falcon+Trading+House&countries=YEM").await;
    words(&other, &["1.000", "raises it by", "a country in common"]);
    let nobody = member.get("/screening?names=Ivan+Ivanovich").await;
    words(&nobody, &["No hit", "Nobody on these lists is as alike as 0.70"]);
    let past = member.get(&format!("/screening?names={SALEH}&as_of=2012-09-30")).await;
    check("/screening", &past);
    words(
        &past,
        &["The register has no list", "As of 30 September 2012", "name=\"as_of\" value=\"2012-09-30\""],
    );

    for (asked, id, said) in [
        ("names=A+B&birth=yesterday", "birth-fault", "no date of birth"),
        ("names=A+B&birth=1965-24-03", "birth-fault", "no date of birth"),
        ("names=A+B&countries=Atlantis", "countries-fault", "Atlantis"),
        ("names=%F0%9F%98%80", "names-fault", "no name and no identifier"),
        ("names=A+B&kind=ghost", "kind-fault", "one of person"),
        ("names=A+B&gender=x", "gender-fault", "male, female"),
        (
            &format!("names={}", "A%0A".repeat(9).replace('A', "Some+Body%0AAny+Body%0ANo+Body")),
            "names-fault",
            "20 names at most",
        ),
    ] {
        let refused = member.get(&format!("/screening?{asked}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{asked}: {}", refused.text);
        words(&refused, &[&format!("id=\"{id}\""), said, "There is a problem"]);
    }
    let long = member.get(&format!("/screening?names={}", "x".repeat(10_000))).await;
    assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
    words(&long, &["at most 4000 bytes"]);

    // A list that is too old clears nobody; what the edition at hand says is shown all the same.
    let today = server.app.store.today();
    let later = today.saturating_add(jiff::Span::new().days(30));
    let held = member.get(&format!("/screening?names={SALEH}&as_of={later}")).await;
    words(&held, &["Held: nobody is cleared", "its policy allows 7", "One hit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_clear_a_hit_on_the_pages() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::LicensingOfficer).await;
    let second = Visitor::of(&server, Role::Countersigner).await;
    let member = Visitor::of(&server, Role::Member).await;
    let exporter = Visitor::of(&server, Role::Exporter).await;
    let party = register_party(&server, "Desert Falcon Trading House", "OFFICIAL//REL IND").await;
    let secret = register_party(&server, "Desert Falcon Trading Hause", "SECRET//NAVY").await;
    let own = format!("/parties/{party}");
    words(&officer.get(&own).await, &["Held: it is not cleared", "The register has no list"]);
    assert!(!exporter.get(&own).await.text.contains("Screening"), "an exporter reads nothing of it");
    bring_in(&server, "own", LIST).await;
    words(&officer.get(&own).await, &["is still to be compared"]);
    rescreen(&server.app.store, &server.app.screener).await.unwrap();

    let case = format!("/cases/{party}.H1");
    let queue = officer.get("/cases").await;
    check("/cases", &queue);
    words(&queue, &[&format!("href=\"{case}\""), "Desert Falcon Trading House", "1 waiting", "1.000"]);
    for narrowed in ["?state=cleared", "?list=other", &format!("?party={}", server.held.exporter)] {
        words(&officer.get(&format!("/cases{narrowed}")).await, &["No case that is open to you fits"]);
    }
    words(&officer.get(&format!("/cases?state=open&list=own&party={party}")).await, &[&case]);
    assert_eq!(officer.get("/cases?state=lost").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let table = officer.get("/cases.csv?state=waiting").await;
    assert_eq!(table.text.lines().count(), 2, "{}", table.text);
    words(&officer.get(&own).await, &["1 case waits", &case]);

    let page = officer.get(&case).await;
    check(&case, &page);
    words(
        &page,
        &[
            "The party",
            "The entry",
            "written alike",
            "Nobody deals with this party",
            "two people clear",
            "/acts/propose",
            "First",
        ],
    );
    assert!(
        !page.text.contains("/acts/clear\"") && !page.text.contains("/acts/acknowledge"),
        "{}",
        page.text
    );
    let unsaid = act(&officer, &format!("{case}/acts/propose"), &[("reason", " ")]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    words(&unsaid, &["id=\"reason-slip\"", "Desert Falcon Trading House on the list own"]);
    let reason = [("reason", "Founded in <another> state")];
    let (place, page) =
        led_to(&officer, &act(&officer, &format!("{case}/acts/propose"), &reason).await).await;
    assert_eq!(place, case);
    words(&page, &["Founded in &#60;another&#62; state", "Another person clears it"]);
    // Who proposed is offered neither, and is told why on the form of the second person.
    assert!(!page.text.contains("/acts/clear\"") && !page.text.contains("/acts/refuse"), "{}", page.text);
    let alone = officer.get(&format!("{case}/acts/clear")).await;
    words(&alone, &["You proposed the clearance", "another person"]);
    let page = second.get(&case).await;
    words(&page, &["/acts/clear\"", "/acts/refuse\"", "/acts/confirm\""]);
    let cleared = act(&second, &format!("{case}/acts/clear"), &[]).await;
    let (_, page) = led_to(&second, &cleared).await;
    words(&page, &["Cleared", "the second person", "Case cleared"]);
    words(&officer.get(&own).await, &["Clear: it was compared with every list"]);
    let entry = officer.get("/lists/own/entries/x1").await;
    words(&entry, &[&case, "Cleared"]);

    // Without the token of the session nothing is done; who may not see a party sees no case of it.
    let events = server.head().await.0;
    let forged = [part("csrf", "00"), part("seen", "3"), part("once", "1"), part("reason", "x")];
    let answer = send(&second, &format!("{case}/acts/reopen"), &forged).await;
    assert_eq!((answer.status, server.head().await.0), (StatusCode::FORBIDDEN, events));
    let plain = |answer: &Answer, number: &str| {
        answer.text.replace(number, "N").replace(&hidden(&answer.text, "csrf"), "TOKEN")
    };
    let (closed, absent) =
        (member.get(&format!("/cases/{secret}.H1")).await, member.get("/cases/O-P9999.H1").await);
    assert_eq!((closed.status, absent.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(plain(&closed, &format!("{secret}.H1")), plain(&absent, "O-P9999.H1"));
    assert!(!member.get("/cases?state=all").await.text.contains(&secret));
    for path in [
        &case,
        "/cases",
        "/cases.csv",
        "/screening",
        "/screening/file",
        "/lists",
        "/lists/own",
        "/lists/own/entries/x1",
    ] {
        assert_eq!(exporter.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(member.get(&format!("{case}/acts/reopen")).await.status, StatusCode::FORBIDDEN);
}

async fn upload(visitor: &Visitor<'_>, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let form = visitor.get(path).await;
    check(path, &form);
    let mut parts = vec![part("csrf", &hidden(&form.text, "csrf"))];
    parts.extend(fields.iter().map(|(name, value)| part(name, value)));
    parts.push(sent("file", "own.csv", file));
    send(visitor, path, &parts).await
}

async fn confirm(visitor: &Visitor<'_>, path: &str, page: &Answer, despite: &str) -> Answer {
    let mut parts: Vec<Vec<u8>> = ["csrf", "list", "dated", "content", "source"]
        .iter()
        .map(|name| part(name, &hidden(&page.text, name)))
        .collect();
    parts.extend([part("despite", despite), part("step", "load")]);
    send(visitor, path, &parts).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_loaded_seen_compared_and_its_entries_have_a_history() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::LicensingOfficer).await;
    let member = Visitor::of(&server, Role::Member).await;
    words(&officer.get("/lists").await, &["Held: nobody is cleared", "/acts/load-list"]);
    assert!(!member.get("/lists").await.text.contains("load-list"));
    assert_eq!(member.get("/acts/load-list").await.status, StatusCode::FORBIDDEN);

    let new = "/acts/load-list";
    let events = server.head().await.0;
    for (name, text, id, said) in [
        ("Own List", LIST, "list-fault", "is no name of a list"),
        ("own", "id,schema,name\nx1,Ghost,A\n", "file-fault", "line 2, column"),
        ("own", "", "file-fault", "The file is empty"),
        ("own", "id,schema,name\n", "file-fault", "holds no entry"),
    ] {
        let refused = upload(&officer, new, &[("list", name)], text.as_bytes()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", refused.text);
        words(&refused, &[&format!("id=\"{id}\""), said]);
    }
    let dated = upload(&officer, new, &[("list", "own"), ("dated", "soon")], LIST.as_bytes()).await;
    words(&dated, &["id=\"dated-fault\""]);
    let read = upload(&officer, new, &[("list", "own")], LIST.as_bytes()).await;
    check(new, &read);
    words(&read, &["as it was read", "No edition of this list is in force yet", "Bring it into force"]);
    assert_eq!(server.head().await.0, events, "nothing is recorded before it is confirmed");
    let forged = [part("csrf", "00"), part("list", "own"), sent("file", "own.csv", LIST.as_bytes())];
    assert_eq!(send(&officer, new, &forged).await.status, StatusCode::FORBIDDEN);
    // What another gave is not there for this one.
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let form = secretary.get(new).await;
    let content = hidden(&read.text, "content");
    let taken = [
        part("csrf", &hidden(&form.text, "csrf")),
        part("list", "own"),
        part("content", &content),
        part("step", "load"),
    ];
    assert_eq!(send(&secretary, new, &taken).await.status, StatusCode::NOT_FOUND);
    let (place, page) = led_to(&officer, &confirm(&officer, new, &read, "").await).await;
    assert_eq!(place, "/lists/own");
    words(&page, &["in force", "own.csv", "no policy was set", "the first"]);

    let own = "/lists/own/acts/load";
    let same = upload(&officer, own, &[], LIST.as_bytes()).await;
    words(&same, &["nothing new is known of it"]);
    // Two of three entries are gone: it is refused beside the reason, and loaded with one.
    let short = "id,schema,name,country,notes\nx1,Company,Desert Falcon Trading House,AE,First\n";
    let shrunk = upload(&officer, own, &[], short.as_bytes()).await;
    assert_eq!(shrunk.status, StatusCode::UNPROCESSABLE_ENTITY);
    words(
        &shrunk,
        &["20 % fewer", "id=\"despite-fault\"", "<strong>2</strong> removed", "<strong>1</strong> changed"],
    );
    let refused = confirm(&officer, own, &shrunk, "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    led_to(&officer, &confirm(&officer, own, &shrunk, "The others were delisted").await).await;

    let list = member.get("/lists/own").await;
    check("/lists/own", &list);
    words(&list, &["of the one before", "/lists/own/documents/", "The others were delisted"]);
    let changes = member.get("/lists/own/changes").await;
    check("changes", &changes);
    words(
        &changes,
        &[
            "<strong>2</strong> removed",
            "Sea Hawk",
            "Country",
            "<del><bdi>YE</bdi></del>",
            "<ins><bdi>AE</bdi></ins>",
        ],
    );
    let table = member.get("/lists/own/changes.csv").await;
    words(&table, &["removed,x/3 ?,Sea Hawk", "changed,x1,Desert Falcon Trading House,country,YE,AE"]);
    for missing in
        ["/lists/own/changes?from=ffffff", "/lists/own/entries/none", "/lists/none", "/lists/none/entries/x1"]
    {
        assert_eq!(member.get(missing).await.status, StatusCode::NOT_FOUND, "{missing}");
    }
    let entries = member.get("/lists/own/entries").await;
    check("entries", &entries);
    words(&entries, &["/lists/own/entries/x1", "Company"]);
    let entry = member.get("/lists/own/entries/x1").await;
    check("entry", &entry);
    words(
        &entry,
        &[
            "Changed",
            "Stood in the first edition that is kept",
            "<ins><bdi>AE</bdi></ins>",
            "Notes",
            "/screening?kind=organisation",
        ],
    );
    let gone = member.get("/lists/own/entries/x2").await;
    check("gone", &gone);
    words(&gone, &["It is no longer on the list", "Removed", "Weak alias", "Arabic", "1966-03-24"]);
    words(&member.get("/lists/own/entries/x%2F3%20%3F").await, &["Sea Hawk", "Removed"]);

    let policy = "/lists/own/acts/policy";
    let bad = act(&officer, policy, &[("standing", "advisory"), ("max_age", "0"), ("reason", "x")]).await;
    words(&bad, &["id=\"max-age-slip\""]);
    let odd =
        act(&officer, policy, &[("standing", "advisory"), ("max_age", "a week"), ("reason", "x")]).await;
    words(&odd, &["id=\"max-age-slip\"", "a whole number"]);
    let set = [("standing", "advisory"), ("max_age", "30"), ("reason", "Decision 14")];
    let (_, page) = led_to(&officer, &act(&officer, policy, &set).await).await;
    words(&page, &["advisory", "30\u{a0}days", "Decision 14"]);
    let lists = member.get("/lists").await;
    check("/lists", &lists);
    words(&lists, &["advisory", "never"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_parties_is_answered_kept_for_its_session_and_saved() {
    let server = Server::filled().await;
    let customs = Visitor::of(&server, Role::Customs).await;
    let member = Visitor::of(&server, Role::Member).await;
    bring_in(&server, "own", LIST).await;
    let path = "/screening/file";
    let parties = "id,schema,name,country\np1,Company,Some Other House,FR\np2,Company,=Desert Falcon Trading House,YE\np3,Person,\u{1f600},\n";
    let events = server.head().await.0;
    let answer = upload(&customs, path, &[], parties.as_bytes()).await;
    let (place, page) = led_to(&customs, &answer).await;
    words(
        &page,
        &[
            "<strong>1</strong> of 3 parties have a hit",
            "1 could not be compared",
            "Desert Falcon Trading House",
            "no hit",
        ],
    );
    let (first, last) =
        (page.text.find("<bdi>=Desert").unwrap(), page.text.find("Some Other House").unwrap());
    assert!(first < last, "those with hits come first");
    assert_eq!(server.head().await.0, events, "nothing is recorded");

    let csv = customs.get(&format!("{place}.csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    words(
        &csv,
        &[
            "p2,'=Desert Falcon Trading House,own,binding,x1",
            "p1,Some Other House,,,,,,no,,",
            "could be compared",
        ],
    );
    let lines = customs.get(&format!("{place}.jsonl")).await.text;
    let first: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["id"], &first["results"][0]["id"], &first["held"]),
        (&"p2".into(), &"x1".into(), &serde_json::Value::Null)
    );
    assert_eq!(customs.get(&format!("{place}.xlsx")).await.bytes[..2], *b"PK");
    assert_eq!(customs.get(&format!("{place}.exe")).await.status, StatusCode::NOT_FOUND);
    // It is this session's alone.
    for theirs in [place.clone(), format!("{place}.csv")] {
        assert_eq!(member.get(&theirs).await.status, StatusCode::NOT_FOUND);
    }
    let again = Visitor::of(&server, Role::Customs).await;
    assert_eq!(again.get(&place).await.status, StatusCode::NOT_FOUND);

    let customs = again;
    let many = format!("id,name\n{}", "p,Somebody\n".repeat(2_001));
    for (text, said) in [
        ("id,name\np1,A,B,C\n", "own.csv, line 2"),
        ("", "The file is empty"),
        ("id,name\n", "has no party in it"),
        ("{\"id\": 1", "line 1"),
        (many.as_str(), "2,001 parties; a page looks up 2,000"),
    ] {
        let refused = upload(&customs, path, &[], text.as_bytes()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        words(&refused, &["id=\"file-fault\"", said]);
    }
    let large = upload(&customs, path, &[], &vec![b'a'; (4 << 20) + 1]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    words(&large, &["more than 4 MiB", "entente screen FILE"]);
    let forged = [part("csrf", "00"), sent("file", "own.csv", parties.as_bytes())];
    assert_eq!(send(&customs, path, &forged).await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(&customs, path, &[sent("file", "own.csv", b"x")]).await.status, StatusCode::FORBIDDEN);
    let form = Request::post(path)
        .header("cookie", &customs.cookie)
        .header("sec-fetch-site", "same-origin")
        .body(Body::from("file=x"))
        .unwrap();
    assert_eq!(server.send(form).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}
