//! Acts on the pages: offered to whom they are given, refused beside their field, carried out once.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use entente_register::access::Role;

use crate::pages::{Visitor, check, hidden};
use crate::support::{Answer, Server};

const BOUNDARY: &str = "----entente";

pub(crate) fn part(name: &str, value: &str) -> Vec<u8> {
    format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn file(name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"document.file\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n").into_bytes();
    part.extend_from_slice(bytes);
    part.extend_from_slice(b"\r\n");
    part
}

pub(crate) async fn send(visitor: &Visitor<'_>, path: &str, parts: &[Vec<u8>]) -> Answer {
    let mut body = parts.concat();
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let request = Request::post(path)
        .header("cookie", &visitor.cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap();
    visitor.server.send(request).await
}

/// What a browser reads in an attribute.
fn unescaped(value: &str) -> String {
    let mut value = value.to_owned();
    for (written, read) in [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")] {
        value = value.replace(written, read);
    }
    value
}

/// Fills a form in and sends it, as a browser does.
pub(crate) async fn fill(
    visitor: &Visitor<'_>,
    path: &str,
    form: &Answer,
    fields: &[(&str, &str)],
) -> Answer {
    let mut parts: Vec<Vec<u8>> =
        ["csrf", "seen", "once"].iter().map(|name| part(name, &hidden(&form.text, name))).collect();
    for field in form.text.split("<input type=\"hidden\" name=\"was.").skip(1) {
        let name = field.split('"').next().unwrap();
        let value = field.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        parts.push(part(&format!("was.{name}"), &unescaped(value)));
    }
    parts.extend(fields.iter().map(|(name, value)| part(name, value)));
    send(visitor, path, &parts).await
}

/// Opens a form and sends it.
pub(crate) async fn act(visitor: &Visitor<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = visitor.get(path).await;
    check(path, &form);
    fill(visitor, path, &form, fields).await
}

/// The page that an act leads to.
pub(crate) async fn led_to(visitor: &Visitor<'_>, answer: &Answer) -> (String, Answer) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let place = answer.header("location").to_owned();
    let page = visitor.get(&place).await;
    check(&place, &page);
    (place, page)
}

const HANDED_OVER: [(&str, &str); 4] = [
    ("on", "2012-06-01"),
    ("quantity", "2"),
    ("document.title", "Waybill 2"),
    ("document.dated", "2012-06-01"),
];

#[tokio::test]
async fn a_delivery_is_handed_over_with_its_paper_accepted_and_annulled() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let line = format!("/lines/{}", server.held.line);
    let path = format!("{line}/acts/hand-over");
    assert!(officer.get(&line).await.text.contains(&format!("href=\"{path}\"")));
    let form = officer.get(&path).await;
    check(&path, &form);
    // What the line still owes, and today.
    for expected in ["name=\"quantity\" type=\"text\" value=\"6\"", "type=\"file\"", "Boats"] {
        assert!(form.text.contains(expected), "{expected}: {}", form.text);
    }

    // First with a file, and more than is owed: the file and every value are kept.
    let once = hidden(&form.text, "once");
    let mut parts = vec![part("csrf", &hidden(&form.text, "csrf")), part("seen", "2"), part("once", &once)];
    parts.extend(
        [
            ("on", "2012-06-01"),
            ("quantity", "7"),
            ("document.title", "Waybill 2"),
            ("document.dated", "2012-06-01"),
        ]
        .map(|(name, value)| part(name, value)),
    );
    parts.push(file("waybill.txt", "text/plain", b"Two boats, by sea"));
    let refused = send(&officer, &path, &parts).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let beside = refused.text.split("id=\"quantity-slip\"").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(beside.contains("Needed: a quantity of at most 6."), "{beside}");
    for kept in [
        "value=\"7\"",
        "value=\"Waybill 2\"",
        "value=\"2012-06-01\"",
        "href=\"#quantity\"",
        "waybill.txt, sent before",
        "<title>Error: ",
    ] {
        assert!(refused.text.contains(kept), "{kept}: {}", refused.text);
    }
    let content =
        refused.text.split("selected>waybill.txt").next().unwrap().rsplit("value=\"").next().unwrap();
    let content = content.split('"').next().unwrap().to_owned();

    let mut fields = HANDED_OVER.to_vec();
    fields.push(("document.content", &content));
    let done = fill(&officer, &path, &refused, &fields).await;
    let (place, page) = led_to(&officer, &done).await;
    assert_eq!(place, format!("/deliveries/{}.2", server.held.line));
    assert!(page.text.contains(&format!("/documents/{content}")), "{}", page.text);
    let events = server.head().await.0;
    // By a second click on the same form.
    let again = fill(&officer, &path, &refused, &fields).await;
    assert_eq!(again.header("location"), place, "{}", again.text);
    assert_eq!(server.head().await.0, events);

    for offered in ["accept", "return", "annul"] {
        assert!(page.text.contains(&format!("{place}/acts/{offered}")), "{offered}: {}", page.text);
    }
    let accept = format!("{place}/acts/accept");
    let early = [("on", "2012-05-31"), ("document.title", "Certificate"), ("document.dated", "2012-06-10")];
    let refused = act(&officer, &accept, &early).await;
    assert!(refused.text.contains("id=\"on-slip\""), "{}", refused.text);
    assert!(refused.text.contains("Needed: a date from 2012-06-01."), "{}", refused.text);
    let unnamed = act(&officer, &accept, &[("on", "2012-06-10")]).await;
    assert!(unnamed.text.contains("id=\"document-title-slip\""), "{}", unnamed.text);
    let held = [("on", "2012-06-10"), ("document.title", "Certificate"), ("document.dated", "2012-06-10")];
    let (_, page) = led_to(&officer, &act(&officer, &accept, &held).await).await;
    assert!(page.text.contains("<dt>State</dt><dd>Accepted</dd>"), "{}", page.text);
    assert!(!page.text.contains("/acts/accept") && page.text.contains("/acts/annul"), "{}", page.text);
    let closed = officer.get(&accept).await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(closed.text.contains("a delivery that is handed over"), "{}", closed.text);
    let annul = format!("{place}/acts/annul");
    led_to(&officer, &act(&officer, &annul, &[("reason", "Recorded\r\ntwice")]).await).await;
}

#[tokio::test]
async fn an_act_is_not_offered_to_whom_it_is_not_given_and_refused() {
    let server = Server::filled().await;
    let (chair, officer) =
        (Visitor::of(&server, Role::Chair).await, Visitor::of(&server, Role::ContractOfficer).await);
    let held = &server.held;
    let line = format!("/lines/{}", held.line);
    let path = format!("{line}/acts/hand-over");
    assert!(!chair.get(&line).await.text.contains("/acts/"));
    assert_eq!(chair.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(chair.get("/acts/open-contract").await.status, StatusCode::FORBIDDEN);
    let form = officer.get(&path).await;
    let (_, before) = server.head().await;
    // With the officer's form, and the chair's own token.
    let token = hidden(&chair.get(&line).await.text, "csrf");
    let mut parts = vec![part("csrf", &token), part("seen", "2"), part("once", "00")];
    parts.extend(HANDED_OVER.map(|(name, value)| part(name, value)));
    let refused = send(&chair, &path, &parts).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    // Without a token, and with another's.
    for token in ["", &token] {
        let mut parts = vec![part("csrf", token)];
        parts.extend(HANDED_OVER.map(|(name, value)| part(name, value)));
        let refused = send(&officer, &path, &parts).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
        assert!(refused.text.contains("not of this session"), "{}", refused.text);
    }
    let bare = send(&officer, &path, &HANDED_OVER.map(|(name, value)| part(name, value))).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN);
    let none = send(&officer, &path, &[]).await;
    assert_eq!(none.status, StatusCode::FORBIDDEN, "{}", none.text);
    assert_eq!(server.head().await.1, before);
    assert_eq!(form.status, StatusCode::OK);
    // What is not open to the officer answers as what is not there.
    for (path, secret) in [
        (format!("/lines/{}/acts/hand-over", held.secret_line), true),
        ("/lines/O-2012-9999.1/acts/hand-over".to_owned(), true),
        (format!("{line}/acts/nothing"), false),
        ("/accounts/chair/acts/accept".to_owned(), false),
        ("/acts/nothing".to_owned(), false),
    ] {
        let answer = officer.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!secret || answer.text.contains("There is no line"), "{path}: {}", answer.text);
    }
    // A page of another day leads to today's.
    let past = officer.get(&format!("{line}?as_of=2012-09-30")).await;
    assert!(!past.text.contains("/acts/") && past.text.contains("the page as it stands today"));
}

#[tokio::test]
async fn what_another_changed_meanwhile_is_told() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let contract = format!("/contracts/{}", server.held.contract);
    let suspend = format!("{contract}/acts/suspend");
    let first = officer.get(&suspend).await;
    let claim = [("on", "2012-09-01"), ("kind", "quality"), ("description", "Paint")];
    led_to(&officer, &act(&officer, &format!("{contract}/acts/open-claim"), &claim).await).await;
    let fields = [("on", "2012-10-01"), ("reason", "Unpaid since June")];
    let refused = fill(&officer, &suspend, &first, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    for expected in ["has changed since you read it", "Paint", "by contract-officer", "Unpaid since June"] {
        assert!(refused.text.contains(expected), "{expected}: {}", refused.text);
    }
    // Now it is seen, and sent again.
    let (_, page) = led_to(&officer, &fill(&officer, &suspend, &refused, &fields).await).await;
    assert!(page.text.contains("Suspended"), "{}", page.text);
    assert!(page.text.contains("/acts/resume") && !page.text.contains("/acts/complete"), "{}", page.text);
}

#[tokio::test]
async fn a_contract_is_made_on_the_pages_from_its_opening_to_its_end() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let held = &server.held;
    assert!(officer.get("/contracts").await.text.contains("/acts/open-contract"));
    let open = [
        ("title", "Training boats"),
        ("reference", "P/77"),
        ("partner", "IND"),
        ("currency", "USD"),
        ("label", "OFFICIAL//REL IND"),
        ("on", "2012-01-10"),
        ("exporter", held.exporter.as_str()),
    ];
    let refused = act(&officer, "/acts/open-contract", &open).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("end user"), "{}", refused.text);
    let mut whole = open.to_vec();
    whole.push(("end_user", &held.user));
    let (contract, page) = led_to(&officer, &act(&officer, "/acts/open-contract", &whole).await).await;
    assert!(page.text.contains("Training boats") && !page.text.contains("/acts/suspend"), "{}", page.text);
    let line = [
        ("description", "Boats"),
        ("category", "ML9.a"),
        ("quantity", "2"),
        ("unit", "C62"),
        ("unit_price", "500000.00"),
        ("due_on", "2012-09-01"),
        ("on", "2012-01-12"),
    ];
    let (line, _) = led_to(&officer, &act(&officer, &format!("{contract}/acts/add-line"), &line).await).await;
    let paper = [("on", "2012-02-01"), ("document.title", "Contract"), ("document.dated", "2012-02-01")];
    for (step, fields) in [
        ("sign", paper.to_vec()),
        ("enter-into-force", vec![("on", "2012-03-01")]),
        ("suspend", vec![("on", "2012-03-02"), ("reason", "A pause")]),
        ("resume", vec![("on", "2012-03-03")]),
    ] {
        led_to(&officer, &act(&officer, &format!("{contract}/acts/{step}"), &fields).await).await;
    }
    let amend = [
        ("on", "2012-03-04"),
        ("title", "Training boats, two"),
        ("exporter", held.exporter.as_str()),
        ("end_user", &held.user),
        ("reason", "Said more exactly"),
        ("document.title", "Amendment 1"),
        ("document.dated", "2012-03-04"),
    ];
    let (_, page) = led_to(&officer, &act(&officer, &format!("{contract}/acts/amend"), &amend).await).await;
    assert!(page.text.contains("Training boats, two"), "{}", page.text);
    let amend = [
        ("on", "2012-03-05"),
        ("quantity", "1"),
        ("reason", "One is enough"),
        ("document.title", "Amendment 2"),
        ("document.dated", "2012-03-05"),
    ];
    led_to(&officer, &act(&officer, &format!("{line}/acts/amend"), &amend).await).await;
    let claim = [("on", "2012-03-06"), ("kind", "documentation"), ("description", "No manual")];
    led_to(&officer, &act(&officer, &format!("{contract}/acts/open-claim"), &claim).await).await;
    let complete = act(&officer, &format!("{contract}/acts/complete"), &[("on", "2012-05-01")]).await;
    assert!(complete.text.contains("href=\"#act\"") && complete.text.contains("every line accepted"));
    let settle = [("claim", "1"), ("on", "2012-03-07"), ("outcome", "Sent after")];
    led_to(&officer, &act(&officer, &format!("{contract}/acts/settle-claim"), &settle).await).await;
    let end = [("on", "2012-05-02"), ("reason", "The partner withdrew")];
    let (_, page) = led_to(&officer, &act(&officer, &format!("{contract}/acts/terminate"), &end).await).await;
    // What was delivered may still be claimed about, and the contract closed; nothing else is offered.
    let offered: Vec<&str> =
        page.text.split("/acts/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(offered, ["open-claim", "close"], "{}", page.text);
}

#[tokio::test]
async fn a_file_that_is_not_accepted_is_refused_beside_its_field() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let path = format!("/lines/{}/acts/hand-over", server.held.line);
    let form = officer.get(&path).await;
    for (kind, bytes, expected) in [
        ("text/html", b"<p>".to_vec(), "A document of this kind is not accepted."),
        ("text/plain", Vec::new(), "The document is empty."),
        ("text/plain", vec![b'a'; 20 * 1024 * 1024 + 1], "bytes."),
    ] {
        let mut parts = vec![part("csrf", &hidden(&form.text, "csrf")), part("once", "1")];
        parts.extend(HANDED_OVER.map(|(name, value)| part(name, value)));
        parts.push(file("waybill", kind, &bytes));
        let refused = send(&officer, &path, &parts).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
        let beside = refused.text.split("id=\"document-file-slip\"").nth(1).unwrap();
        assert!(beside.split("</p>").next().unwrap().contains(expected), "{expected}");
        assert!(refused.text.contains("value=\"Waybill 2\""));
    }
    let urlencoded = officer.post(&path, "on=2012-06-01").await;
    assert_eq!(urlencoded.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let gone =
        server.send(Request::builder().method(Method::POST).uri(&path).body(Body::empty()).unwrap()).await;
    assert_eq!(gone.header("location"), "/sign-in");
}

/// The value of a field of one line.
fn value(text: &str, name: &str) -> String {
    let from = text.split(&format!("name=\"{name}\" type=\"text\" value=\"")).nth(1);
    let from = from.unwrap_or_else(|| panic!("no field {name}: {text}"));
    from.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn of_two_officers_at_one_contract_the_second_sees_what_changed_and_takes_nothing_back() {
    let server = Server::filled().await;
    // One person in two windows: what tells them apart is what each has seen.
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let (first, second) = (&officer, &officer);
    let path = format!("/contracts/{}/acts/amend", server.held.contract);
    let (ours, theirs) = (first.get(&path).await, second.get(&path).await);
    let other = second.get(&path).await;
    let (title, exporter) = (value(&ours.text, "title"), value(&ours.text, "exporter"));
    let end_user = value(&ours.text, "end_user");
    let with = |changed: &[(&'static str, &str)]| -> Vec<(String, String)> {
        let mut fields = vec![
            ("on", "2012-06-01"),
            ("title", title.as_str()),
            ("exporter", exporter.as_str()),
            ("end_user", end_user.as_str()),
            ("reason", "Agreed"),
            ("document.title", "Amendment 1"),
            ("document.dated", "2012-06-01"),
        ];
        fields.retain(|(name, _)| changed.iter().all(|(own, _)| own != name));
        fields.iter().chain(changed).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let filled = async |visitor: &Visitor<'_>, form: &Answer, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        fill(visitor, &path, form, &fields).await
    };
    let done = filled(first, &ours, &with(&[("title", "Fast boats")])).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

    // The second left the title as it was, and named a carrier.
    let fields = with(&[("carrier", &exporter)]);
    let refused = filled(second, &theirs, &fields).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert!(
        refused.text.contains("contract amended (") && refused.text.contains("title “Fast boats”"),
        "{}",
        refused.text
    );
    assert_eq!(value(&refused.text, "title"), "Fast boats", "what was left as it was follows the register");
    assert_eq!(value(&refused.text, "carrier"), exporter, "what was typed is kept");
    // Sent again as it is now shown, nothing is taken back.
    let again = with(&[("carrier", &exporter), ("title", "Fast boats")]);
    let done = filled(second, &refused, &again).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let contract = first.get(&format!("/contracts/{}", server.held.contract)).await;
    assert!(contract.text.contains("Fast boats"), "{}", contract.text);

    // Both change the same field: what the register has is said beside what was typed.
    let third = with(&[("title", "Slow boats")]);
    let refused = filled(second, &other, &third).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.text);
    assert_eq!(value(&refused.text, "title"), "Slow boats");
    assert!(refused.text.contains("The register now has “Fast boats” here."), "{}", refused.text);
    // A form that was carried out, sent again with something else in it, says so.
    let reused = filled(first, &ours, &with(&[("title", "Other boats")])).await;
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reused.text);
    assert!(reused.text.contains("This form was sent before, and was carried out"), "{}", reused.text);
}
