//! Embargo rules on the pages and through the JSON API: proposed by one person, confirmed by another, asked by anybody
//! who may read them.

use axum::http::{Method, StatusCode};
use entente_register::access::{Actor, Role};
use entente_register::command::Command;
use entente_register::embargo::{EditionCommand, NewRuleFile, UNITED_NATIONS, about};
use entente_register::label::Clearance;
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::performance::{ok, post, read, refused};
use crate::support::Server;

const DAY: &str = "as_of=2026-06-15";

fn person(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: None,
    }
}

/// Brings what came with the program into force.
pub(crate) async fn shipped(server: &Server) {
    let (anna, boris) = (person("anna", Role::TreatyOfficer), person("boris", Role::Countersigner));
    let mut batch = server.app.store.batch().await.unwrap();
    for text in UNITED_NATIONS {
        let id = about(text.name, text.text).unwrap().id;
        let new = NewRuleFile { file: text.name.into(), text: text.text.into(), reason: "As it came".into() };
        for (by, command) in [
            (&anna, EditionCommand::Propose(new)),
            (&boris, EditionCommand::Confirm { content: None, reason: None }),
        ] {
            batch.execute(by, Command::Embargo { id: id.clone(), command }).await.unwrap();
        }
    }
    batch.commit().await.unwrap();
}

fn text_of(name: &str) -> &'static str {
    UNITED_NATIONS.iter().find(|text| text.name == name).unwrap().text
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_proposed_on_one_page_and_confirmed_on_another() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::LicensingOfficer).await;
    let second = Visitor::of(&server, Role::Countersigner).await;
    let page = officer.get("/embargo").await;
    check("/embargo", &page);
    assert!(
        page.text.contains("Held: nothing passes") && page.text.contains("/acts/propose-rules"),
        "{}",
        page.text
    );

    let propose =
        |text: &'static str| [("file", "body.toml"), ("text", text), ("reason", "As it was published")];
    let broken = act(&officer, "/acts/propose-rules", &propose("[[body]]\nid = 7\n")).await;
    assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(broken.text.contains("body.toml, line 2, column 6"), "{}", broken.text);
    let sent = act(&officer, "/acts/propose-rules", &propose(UNITED_NATIONS[0].text)).await;
    let (place, page) = led_to(&officer, &sent).await;
    assert!(place.starts_with("/embargo/UNSC"), "{place}");
    assert!(
        page.text.contains("Waits for a second person") && page.text.contains("Not in force"),
        "{}",
        page.text
    );
    assert!(page.text.contains("acts/withdraw") && !page.text.contains("acts/confirm"), "{}", page.text);
    // The first person cannot be the second.
    let own = officer.get("/embargo/UNSC/acts/confirm").await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own.text.contains("another person"), "{}", own.text);
    let edition = second.get("/embargo/UNSC/editions/1").await;
    check("/embargo/UNSC/editions/1", &edition);
    assert!(edition.text.contains("covers_to = 2026-06-30"), "{}", edition.text);
    let (_, page) = led_to(&second, &act(&second, "/embargo/UNSC/acts/confirm", &[]).await).await;
    assert!(
        page.text.contains("In force") && !page.text.contains("Waits for a second person"),
        "{}",
        page.text
    );
    let page = second.get("/embargo").await;
    assert!(page.text.contains("No edition is in force of al-qaida"), "{}", page.text);

    for path in ["/embargo/nobody", "/embargo/UNSC/editions/7", "/policies/other"] {
        assert_eq!(officer.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let exporter = Visitor::of(&server, Role::Exporter).await;
    for path in
        ["/embargo", "/embargo/UNSC", "/embargo-check", "/policies/embargo.binding", "/acts/propose-rules"]
    {
        assert_eq!(exporter.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_say_what_is_in_force_what_is_disputed_and_what_a_term_asks() {
    let server = Server::filled().await;
    shipped(&server).await;
    let officer = Visitor::of(&server, Role::LicensingOfficer).await;
    let page = officer.get(&format!("/embargo?{DAY}")).await;
    check("/embargo", &page);
    for words in ["Confirm renewal", "Disputed by CHN, RUS", "Uncertain (", "anna", "boris"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    assert!(!page.text.contains("Held: nothing passes"));
    // Known before anything was: nothing.
    let before = officer.get(&format!("/embargo?{DAY}&known_at=2020-01-01T00:00:00Z")).await;
    assert!(before.text.contains("Held: nothing passes"), "{}", before.text);

    let page = officer.get(&format!("/embargo/south-sudan?{DAY}")).await;
    check("/embargo/south-sudan", &page);
    for words in
        ["south-sudan-2781", "confirm renewal", "Rules of other days", "UN Sanctions App", "As it came"]
    {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }

    let ask = |more: &str| format!("/embargo-check?{DAY}&item=II&end_user=government{more}");
    let page = officer.get("/embargo-check").await;
    check("/embargo-check", &page);
    for (more, outcome, words) in [
        ("&to=SSD", "Blocked", "Confirm renewal"),
        ("&to=BRA", "Pass", "No rule in force bears on it"),
        ("&to=irn", "Blocked", "Dispute:"),
        ("&to=COD&area=Town", "Pass", "edition 1, proposed by anna"),
    ] {
        let page = officer.get(&ask(more)).await;
        check(more, &page);
        assert!(page.text.contains(&format!(">{outcome}</h2>")), "{more}: {}", page.text);
        assert!(page.text.contains(words), "{more}: {}", page.text);
    }
    let page = officer.get(&ask("&to=XYZ")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("is the code of no state"), "{}", page.text);

    // What became of the term is said in the next edition, and recorded once another person confirms it.
    let renewed = text_of("south_sudan.toml").replace("last_day = 2026-05-31", "last_day = 2027-05-31");
    let fields = [("text", renewed.as_str()), ("reason", "Renewed by 2830 (2026)")];
    let form = officer.get("/embargo/south-sudan/acts/propose").await;
    assert!(form.text.contains("last_day = 2026-05-31"), "the form starts with what is in force");
    led_to(&officer, &act(&officer, "/embargo/south-sudan/acts/propose", &fields).await).await;
    let edition = officer.get("/embargo/south-sudan/editions/2").await;
    assert!(
        edition.text.contains("Read otherwise") && edition.text.contains("south-sudan-2781"),
        "{}",
        edition.text
    );
    assert!(
        officer
            .get(&ask("&to=SSD"))
            .await
            .text
            .contains("Waits for a second person, and does not bind: south-sudan")
    );
    // The form of a long file says what the file was, and is taken whole.
    let long = format!("{}# A remark.\n", text_of("iran.toml"));
    assert!(long.len() > 8_000, "{}", long.len());
    let fields = [("text", long.as_str()), ("reason", "A remark is added")];
    led_to(&officer, &act(&officer, "/embargo/iran/acts/propose", &fields).await).await;
    let second = Visitor::of(&server, Role::Countersigner).await;
    led_to(&second, &act(&second, "/embargo/south-sudan/acts/confirm", &[]).await).await;
    let page = officer.get(&format!("/embargo?{DAY}")).await;
    assert!(!page.text.contains("Confirm renewal."), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_measures_bind_is_decided_on_a_page_by_two_people() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::LicensingOfficer).await;
    let second = Visitor::of(&server, Role::Countersigner).await;
    let page = officer.get("/policies/embargo.binding").await;
    check("/policies/embargo.binding", &page);
    assert!(page.text.contains("nobody has decided otherwise"), "{}", page.text);
    let propose = "/policies/embargo.binding/acts/propose";
    let fields = |binding: &'static str| {
        [
            ("binding", binding),
            ("claims_bind", "yes"),
            ("hold_beyond_scope", "yes"),
            ("reason", "Decision 14"),
        ]
    };
    let without = act(&officer, propose, &fields("EU")).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("Article 25 of the Charter"), "{}", without.text);
    let (_, page) = led_to(&officer, &act(&officer, propose, &fields("UNSC")).await).await;
    assert!(page.text.contains("Waits for a second person"), "{}", page.text);
    let own = officer.get("/policies/embargo.binding/acts/confirm").await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, page) = led_to(&second, &act(&second, "/policies/embargo.binding/acts/confirm", &[]).await).await;
    assert!(
        page.text.contains("Decision 14") && !page.text.contains("nobody has decided otherwise"),
        "{}",
        page.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_proposes_confirms_and_asks() {
    let server = Server::filled().await;
    let first = server.key(Role::LicensingOfficer).await;
    let second = server.key(Role::Countersigner).await;
    let exporter = server.key(Role::Exporter).await;
    let ask = |to: &str| format!("embargo-check?{DAY}&to={to}&item=II&end_user=government");
    let answer = read(&server, &first, &ask("SSD")).await;
    assert_eq!((&answer["outcome"], &answer["holds"][0]["code"]), (&json!("hold"), &json!("no_rules")));

    let body = json!({"file": "body.toml", "text": UNITED_NATIONS[0].text, "reason": "As it came"});
    assert_eq!(
        refused(&server, &exporter, "embargo/UNSC/propose", body.clone()).await["code"],
        "access.role"
    );
    let other = refused(&server, &first, "embargo/iran/propose", body.clone()).await;
    assert_eq!((&other["code"], &other["field"]), (&json!("embargo.identifier"), &json!("id")));
    assert_eq!(ok(&server, &first, "embargo/UNSC/propose", body).await, "UNSC");
    let confirm = json!({"act": "confirm"});
    assert_eq!(
        refused(&server, &first, "embargo/UNSC/decide", confirm.clone()).await["code"],
        "embargo.two_people"
    );
    assert_eq!(
        refused(&server, &second, "embargo/UNSC/decide", json!({"act": "burn"})).await["field"],
        "act"
    );
    let stale = json!({"act": "confirm", "content": "0".repeat(64)});
    assert_eq!(
        refused(&server, &second, "embargo/UNSC/decide", stale).await["code"],
        "embargo.other_edition"
    );
    let file = read(&server, &second, "embargo/UNSC").await;
    let content = file["waiting"]["content"].clone();
    ok(&server, &second, "embargo/UNSC/decide", json!({"act": "confirm", "content": content})).await;
    for text in &UNITED_NATIONS[1..] {
        let id = about(text.name, text.text).unwrap().id;
        let body = json!({"file": text.name, "text": text.text, "reason": "As it came"});
        ok(&server, &first, &format!("embargo/{id}/propose"), body).await;
        ok(&server, &second, &format!("embargo/{id}/decide"), confirm.clone()).await;
    }
    let status = read(&server, &first, &format!("embargo?{DAY}")).await;
    assert_eq!((status["files"].as_array().unwrap().len(), &status["missing"]), (18, &json!([])));
    let over: Vec<&Value> =
        status["terms"].as_array().unwrap().iter().filter(|term| term["over"] == true).collect();
    assert_eq!(
        (over.len(), &over[0]["regime"], &over[0]["last_day"]),
        (1, &json!("south-sudan"), &json!("2026-05-31"))
    );
    let answer = read(&server, &first, &ask("SSD")).await;
    assert_eq!(
        (&answer["outcome"], &answer["findings"][0]["confirm_renewal"]),
        (&json!("blocked"), &json!("2026-05-31"))
    );
    assert_eq!(answer["editions"][1]["in_force"]["decided_by"], "countersigner");
    let disputed = read(&server, &first, &ask("IRN")).await;
    assert_eq!(disputed["findings"][0]["disputed_by"], json!(["CHN", "RUS"]));
    let file = read(&server, &first, "embargo/south-sudan?as_of=2026-06-15").await;
    assert_eq!((&file["rules"][0]["standing"], &file["version"]), (&json!("ended"), &json!(2)));
    assert_eq!(file["rules"][1]["standing"], "confirm_renewal");
    assert_eq!(file["editions"][0]["text"], text_of("south_sudan.toml"));
    let get = async |path: &str| server.with_key(Method::GET, &format!("/api/v1/{path}"), &first, "").await;
    for path in [
        "embargo-check?to=SSD",
        "embargo-check?to=SSD&item=II&part=perhaps",
        "embargo-check?item=II&to=SSD&colour=red",
    ] {
        assert!(get(path).await.status.is_client_error(), "{path}");
    }
    assert_eq!(get("embargo/nobody").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        server.with_key(Method::GET, "/api/v1/embargo", &exporter, "").await.status,
        StatusCode::FORBIDDEN
    );

    let policy = json!({"policy": {"binding": ["UNSC"], "claims_bind": true, "hold_beyond_scope": true}, "reason": "Decision 14"});
    ok(&server, &first, "embargo-policy/propose", policy).await;
    assert_eq!(
        refused(&server, &first, "embargo-policy/decide", confirm.clone()).await["code"],
        "policy.two_people"
    );
    ok(&server, &second, "embargo-policy/decide", confirm).await;
    let policy = read(&server, &first, "embargo-policy").await;
    assert_eq!(
        (&policy["policy"]["claims_bind"], &policy["confirmed_by"]),
        (&json!(true), &json!("countersigner"))
    );
    let bad = json!({"policy": {"binding": ["EU"], "claims_bind": false, "hold_beyond_scope": true}, "reason": "No"});
    let bad = post(&server, &first, "embargo-policy/propose", &bad).await;
    assert_eq!(bad.json()["code"], "policy.security_council");
}
