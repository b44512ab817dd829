//! A transfer on the pages: applied for, checked, weighed, decided by two people, written off; and what whoever applies is
//! never shown.

use std::sync::Arc;

use axum::http::StatusCode;
use entente::screener::edition::{Incoming, load};
use entente::screener::rescreen;
use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::embargo::{EditionCommand, NewRuleFile, UNITED_NATIONS, about};
use entente_register::label::{Clearance, Level};
use entente_register::party::{NewParty, PartyKind};
use entente_register::transfer::opinion::Criterion;
use entente_store::{Entropy, ManualClock, Origin, StoreOptions};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::register::{fill, operator};
use crate::support::{Answer, Server};

const ON: &str = "2026-06-15";

/// What is thought of an application inside, which no page of its applicant may contain.
const INSIDE: [&str; 8] = [
    "OPINION-INSIDE",
    "EVIDENCE-INSIDE",
    "MITIGATION-INSIDE",
    "CONCLUSION-INSIDE",
    "REASON-INSIDE",
    "LETTER-INSIDE",
    "Opinions of agencies",
    "proposer-inside",
];

fn person(account: &str, role: Role) -> Actor {
    Actor {
        account: account.into(),
        name: account.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: None,
    }
}

/// A register whose rules are those that came with the program, whose parties were compared with a list, and an agency.
async fn ready() -> (Server, String) {
    let clock = Arc::new(ManualClock::at("2026-06-15T12:00:00Z".parse().unwrap()));
    let mut server = Server::on(StoreOptions { clock, entropy: Arc::new(Entropy::seeded(7)) }, |_| {}).await;
    let store = server.app.store.clone();
    server.held = fill(&store).await;
    let (anna, boris) = (person("anna", Role::TreatyOfficer), person("boris", Role::Countersigner));
    let mut batch = store.batch().await.unwrap();
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
    let party = NewParty {
        name: "Ministry of Foreign Affairs".into(),
        kind: PartyKind::StateAuthority,
        state: "RUS".into(),
        label: "OFFICIAL//REL IND".parse().unwrap(),
    };
    let agency = store.execute(&operator(), Command::Party(party)).await.unwrap().subject.key;
    for (name, roles, party) in [
        ("agency-one", vec![Role::ConsultedAgency], Some(agency.clone())),
        ("proposer-inside", vec![Role::LicensingOfficer, Role::Countersigner], None),
    ] {
        let new = NewAccount {
            account: name.into(),
            name: name.into(),
            roles,
            clearance: Clearance::of(Level::Official),
            party,
        };
        let command = Command::Account { account: name.into(), command: AccountCommand::Open(new) };
        store.execute(&operator(), command).await.unwrap();
    }
    let incoming = Incoming {
        seen: None,
        list: "own".into(),
        bytes: b"id,schema,name,alias,weakAlias,birthDate,nationality,country,notes\nx1,Company,Desert Falcon,,,,,YE,\n".to_vec(),
        source: "own.csv".into(),
        current_on: Some(ON.parse().unwrap()),
        despite: None,
    };
    load(&store, &operator(), incoming).await.unwrap();
    rescreen(&store, &server.app.screener).await.unwrap();
    (server, agency)
}

async fn visitor<'s>(server: &'s Server, account: &str) -> Visitor<'s> {
    let store = &server.app.store;
    let given = store.give_one_time_password(account).await.unwrap();
    let (token, _) = store.sign_in(account, &given, &Origin::default()).await.unwrap();
    let (token, _) = store.change_password(&token, &given, "five quiet herons wade").await.unwrap();
    Visitor { server, cookie: format!("entente={token}") }
}

/// Sends a form, and gives the page that it leads to.
async fn done(who: &Visitor<'_>, path: &str, fields: &[(&str, &str)]) -> (String, Answer) {
    let sent = act(who, path, fields).await;
    led_to(who, &sent).await
}

fn has(answer: &Answer, all: &[&str]) {
    for expected in all {
        assert!(answer.text.contains(expected), "{expected}: {}", answer.text);
    }
}

fn has_not(answer: &Answer, all: &[&str]) {
    for hidden in all {
        assert!(!answer.text.contains(hidden), "{hidden}: {}", answer.text);
    }
}

fn drafted(server: &Server) -> Vec<(&'static str, String)> {
    let field = |name, value: &str| (name, value.to_owned());
    vec![
        field("on", ON),
        field("kind", "export"),
        field("title", "Field radios"),
        field("applicant", &server.held.exporter),
        field("destination", "IND"),
        field("parties[0].role", "end_user"),
        field("parties[0].party", &server.held.user),
        field("currency", "USD"),
        field("lines[0].description", "Radio R-1"),
        field("lines[0].category", "ML11.a"),
        field("lines[0].class", "other-arms"),
        field("lines[0].quantity", "100"),
        field("lines[0].unit", "piece"),
        field("lines[0].unit_price", "10"),
        field("lines[1].description", "Cipher device C-2"),
        field("lines[1].category", "ML11.a"),
        field("lines[1].class", "other-arms"),
        field("lines[1].quantity", "5"),
        field("lines[1].unit", "piece"),
        field("lines[1].unit_price", "900.50"),
        field("purpose", "defence"),
        field("end_use", "For the signal troops"),
        field("label", "OFFICIAL//REL IND"),
    ]
}

fn lent<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

fn assessed() -> Vec<(String, String)> {
    let mut fields = vec![("on".to_owned(), ON.to_owned())];
    for criterion in Criterion::ALL {
        let field = |name: &str| format!("weighed.{}.{name}", criterion.word());
        fields.push((field("risk"), "low".to_owned()));
        fields.push((field("evidence"), "EVIDENCE-INSIDE".to_owned()));
        fields.push((field("mitigation"), "MITIGATION-INSIDE".to_owned()));
    }
    fields.push(("conclusion".to_owned(), "CONCLUSION-INSIDE".to_owned()));
    fields
}

/// Files who may sign, registers the certificate of an application, has it answered for and binds it, all by forms.
async fn certified(server: &Server, officer: &Visitor<'_>, second: &Visitor<'_>, application: &str) {
    let user = server.held.user.as_str();
    let paper = [("document.title", "LETTER-INSIDE"), ("document.dated", ON)];
    let file = [
        ("authority", user),
        ("on", ON),
        ("signatory", "A. Rao"),
        ("position", "Director"),
        ("valid_from", "2020-01-01"),
    ];
    let (place, page) = done(officer, "/acts/file-specimen", &[&file[..], &paper].concat()).await;
    assert!(place.starts_with(&format!("/specimens/{user}")), "{place}");
    check("specimens", &page);
    has(&page, &["A. Rao", "Waits for a second person"]);
    let confirm = format!("/specimens/{user}/acts/confirm");
    has(&officer.get(&confirm).await, &["You filed the specimen yourself"]);
    let (_, page) = done(second, &confirm, &[("specimen", "1"), ("on", ON)]).await;
    has(&page, &["Confirmed"]);

    let register = format!("{application}/acts/register-certificate");
    let form = officer.get(&register).await;
    check("register-certificate", &form);
    has(
        &form,
        &[
            "value=\"Cipher device C-2\"",
            &format!("value=\"{user}\""),
            "no re-export without consent (needed)",
        ],
    );
    let undertakings = ["stated_use", "no_reexport", "delivery_verification", "inspection"]
        .map(|one| (format!("undertakings.{one}.given"), "yes"));
    let undertakings: Vec<(&str, &str)> =
        undertakings.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let exporter = server.held.exporter.as_str();
    let said = [
        ("on", ON),
        ("issuer", user),
        ("state", "IND"),
        ("register_number", "EUC/17/2026"),
        ("issued_on", "2026-05-04"),
        ("exporter", exporter),
        ("end_user", user),
        ("destination", "IND"),
        ("end_use", "Signals"),
        ("lines[0].description", "Radio R-1"),
        ("lines[0].category", "ML11.a"),
        ("lines[0].quantity", "105"),
        ("lines[0].unit", "piece"),
        ("signatory", "A. Rao"),
        ("position", "Director"),
        ("sealed", "yes"),
        ("label", "OFFICIAL//REL IND"),
    ];
    let all =
        [&said[..], &undertakings, &[("document.title", "Certificate 17"), ("document.dated", "2026-05-04")]]
            .concat();
    let (place, page) = done(officer, &register, &all).await;
    check("certificate", &page);
    has(&page, &["EUC/17/2026", "was not asked of its issuer", "Given", "105 pieces"]);
    let certificate = place.split('?').next().unwrap();
    let at = |act: &str| format!("{certificate}/acts/{act}");
    let ask = [("on", ON), ("channel", "their_embassy"), ("to", "Embassy of India")];
    let (_, page) = done(officer, &at("ask"), &[&ask[..], &paper].concat()).await;
    has(&page, &["Embassy of India", "Awaited"]);
    let answer = [("inquiry", "1"), ("on", ON), ("answer", "authentic")];
    done(officer, &at("answer"), &[&answer[..], &paper].concat()).await;
    let number = application.trim_start_matches("/applications/");
    let (_, page) = done(officer, &at("bind"), &[("on", ON), ("application", number)]).await;
    has(&page, &["Nothing on this day", &format!("href=\"{application}\"")]);
    has(&officer.get(application).await, &["id=\"certificates\"", certificate]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_goes_by_forms_from_the_draft_to_its_write_off_and_its_applicant_sees_nothing_of_the_inside()
 {
    let (server, agency) = ready().await;
    let exporter = Visitor::of(&server, Role::Exporter).await;
    let officer = visitor(&server, "proposer-inside").await;
    let asked = visitor(&server, "agency-one").await;
    let second = Visitor::of(&server, Role::Countersigner).await;
    let customs = Visitor::of(&server, Role::Customs).await;

    // A draft of its own business alone; each slip beside its field, with every row kept.
    let mut fields = drafted(&server);
    has(
        &exporter.get("/applications").await,
        &["Draft an application", "No application that is open to you fits"],
    );
    fields[3].1.clone_from(&server.held.user);
    let refused = act(&exporter, "/acts/draft-application", &lent(&fields)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    has(
        &refused,
        &["id=\"applicant-slip\"", "your own party as the applicant", "value=\"Cipher device C-2\""],
    );
    fields[3].1.clone_from(&server.held.exporter);
    let (place, page) = done(&exporter, "/acts/draft-application", &lent(&fields)).await;
    assert!(place.starts_with("/applications/OSDJ-T2026-0001"), "{place}");
    has(
        &page,
        &[
            "Field radios",
            "1,000.00",
            "4,502.50",
            "5,502.50",
            "It is a draft",
            "/acts/submit",
            "/acts/revise",
        ],
    );
    let path = "/applications/OSDJ-T2026-0001".to_owned();
    let form = |word: &str| format!("{path}/acts/{word}");

    // What stands is what a change starts with.
    let change = exporter.get(&form("revise")).await;
    check("revise", &change);
    has(
        &change,
        &[
            "value=\"Cipher device C-2\"",
            "value=\"900.50\"",
            "name=\"lines[3].description\"",
            "For the signal troops",
        ],
    );
    let (_, page) = done(&exporter, &form("submit"), &[("on", ON)]).await;
    has(&page, &["In examination", "/acts/withdraw"]);
    has_not(&page, &["id=\"checks\"", "Established as", "Assessment", "/acts/propose"]);
    assert_eq!(exporter.get(&form("propose")).await.status, StatusCode::FORBIDDEN);

    // The queue and the case of the officer.
    has(&officer.get("/applications").await, &["OSDJ-T2026-0001", "Next opinion due", "Export House"]);
    let page = officer.get(&path).await;
    check(&path, &page);
    has(
        &page,
        &[
            "class=\"check hold\"",
            "Who it is was not established",
            "not established",
            "No agency was asked",
            "Not weighed yet",
        ],
    );
    done(&officer, &form("ask"), &[("on", ON), ("text", "Of which make are they?")]).await;
    let page = exporter.get(&path).await;
    has(
        &page,
        &["Of which make are they?", "Not answered", "the clock stands still", "An answer to question 1"],
    );
    has(&exporter.get(&form("answer")).await, &["<option value=\"1\" selected>1. Of which make are they?"]);
    done(&exporter, &form("answer"), &[("question", "1"), ("on", ON), ("text", "Of our own.")]).await;
    let established = [
        ("on", ON),
        ("party", server.held.user.as_str()),
        ("standing", "authority"),
        ("state", "IND"),
        ("document.title", "LETTER-INSIDE"),
        ("document.dated", ON),
    ];
    let (_, page) = done(&officer, &form("establish"), &established).await;
    has(&page, &["Authority of IND", "LETTER-INSIDE", "Of our own."]);

    // An agency sees what it is asked about, and answers line by line.
    assert_eq!(asked.get(&path).await.status, StatusCode::NOT_FOUND);
    let ask = [("on", ON), ("agency", agency.as_str()), ("due_on", "2026-07-01")];
    let (_, page) = done(&officer, &form("ask-opinion"), &ask).await;
    has(&page, &["The opinion of Ministry of Foreign Affairs, due", "Awaited"]);
    has(&officer.get("/applications").await, &["in 16 days"]);
    let silent = act(
        &asked,
        &form("give-opinion"),
        &[
            ("on", ON),
            ("agency", &agency),
            ("others", "approve"),
            ("lines[1].stance", "refuse"),
            ("lines[1].reason", "x"),
            ("lines[1].criteria", "9"),
        ],
    )
    .await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&silent, &["id=\"lines-1--criteria-slip\"", "is no criterion"]);
    let opinion = [
        ("on", ON),
        ("agency", agency.as_str()),
        ("others", "approve"),
        ("lines[1].stance", "refuse"),
        ("lines[1].criteria", "article 7, 7"),
        ("lines[1].reason", "OPINION-INSIDE"),
    ];
    let (_, page) = done(&asked, &form("give-opinion"), &opinion).await;
    has(&page, &["OPINION-INSIDE", "criterion 7, diversion", "class=\"check refuse\""]);
    has_not(&page, &["CONCLUSION-INSIDE", "Proposed decision"]);
    let fields = assessed();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let unread = act(&officer, &form("assess"), &fields[..fields.len() - 5]).await;
    assert_eq!(unread.status, StatusCode::UNPROCESSABLE_ENTITY);
    has(&unread, &["id=\"weighed-development-risk-slip\""]);
    let (_, page) = done(&officer, &form("assess"), &fields).await;
    has(&page, &["CONCLUSION-INSIDE", "EVIDENCE-INSIDE", "What settles"]);

    // What the agency refuses starts as refused, with its criteria.
    let propose = officer.get(&form("propose")).await;
    check("propose", &propose);
    has(
        &propose,
        &["value=\"article 7, diversion\"", "<option value=\"refuse\" selected>", "OPINION-INSIDE"],
    );
    let proposal = |decision| {
        [
            ("on", ON),
            ("lines[0].decision", "grant"),
            ("lines[1].decision", decision),
            ("lines[1].criteria", "7"),
            ("lines[1].reason", "They may be passed on"),
            ("valid_from", ON),
            ("valid_until", "2027-06-14"),
            ("conditions[0].text", "Delivery is verified"),
            ("conditions[0].due_on", "2026-12-01"),
            ("rule", "strictest"),
            ("reason", "REASON-INSIDE"),
        ]
    };
    let refused = act(&officer, &form("propose"), &proposal("grant")).await;
    has(&refused, &["Line 2 is refused by", "id=\"lines-1--decision-slip\""]);
    let refused = act(&officer, &form("propose"), &proposal("refuse")).await;
    has(&refused, &["No end-user certificate of it is bound to the application"]);
    certified(&server, &officer, &second, &path).await;
    has(&officer.get(&path).await, &["A proposal of the decision"]);
    let (_, page) = done(&officer, &form("propose"), &proposal("refuse")).await;
    has(&page, &["Proposed decision", "REASON-INSIDE", "You proposed it: another person signs"]);
    // Two people: neither offered to the first, nor done by them.
    has_not(&page, &["/acts/countersign\""]);
    let own = officer.get(&form("countersign")).await;
    assert!(own.status.is_client_error());
    has(&own, &["You proposed the decision yourself", "another person: two people decide on a transfer"]);

    // Whoever applies sees none of it, in no page and in no table, and not even that a decision is proposed.
    let sees_nothing = async |when: &str| {
        let tables = ["checks", "opinions", "assessment", "decisions", "grounds", "parties", "lines"];
        let mut pages = vec![path.clone(), "/applications".to_owned(), "/applications.csv".to_owned()];
        pages.extend(tables.map(|table| format!("{path}/{table}.csv")));
        pages.extend(["revise", "withdraw"].map(&form));
        for page in pages {
            let answer = exporter.get(&page).await;
            let mut hidden = INSIDE.to_vec();
            hidden.extend([agency.as_str(), "article_7", "not established", "screening", "embargo rules"]);
            if when == "before" {
                hidden.extend(["Proposed decision", "Decision proposed", "REASON"]);
            }
            // What was decided is told, with its reason.
            let told = |text: &&str| when == "before" || *text != "REASON-INSIDE";
            let hidden: Vec<&str> = hidden.into_iter().filter(told).collect();
            has_not(&answer, &hidden);
        }
    };
    sees_nothing("before").await;
    assert_eq!(exporter.get("/applications.csv").await.text.matches("OSDJ-T2026-0001").count(), 1);

    // A question takes the proposal back; it is proposed again, and signed by another person.
    done(&officer, &form("ask"), &[("on", ON), ("text", "Which lot?")]).await;
    has_not(&officer.get(&path).await, &["Proposed decision"]);
    done(&exporter, &form("answer"), &[("question", "2"), ("on", ON), ("text", "The first.")]).await;
    done(&officer, &form("propose"), &proposal("refuse")).await;
    has(&second.get(&path).await, &["It waits for the signature of another person", "/acts/return\""]);
    let (_, page) = done(&second, &form("countersign"), &[("on", ON)]).await;
    has(
        &page,
        &[
            "Granted in part",
            "href=\"/licences/OSDJ-L2026-0001\"",
            "The checks on which it rests",
            "signed by countersigner",
        ],
    );
    sees_nothing("after").await;
    has(
        &exporter.get(&path).await,
        &["Granted in part", "They may be passed on", "/licences/OSDJ-L2026-0001"],
    );

    // Customs reads licences and no applications, and writes off.
    let nav = customs.get("/licences").await;
    has(&nav, &["href=\"/licences\" aria-current", "OSDJ-L2026-0001", "Transfers"]);
    has_not(&nav, &["href=\"/applications\""]);
    assert_eq!(customs.get("/applications").await.status, StatusCode::FORBIDDEN);
    let licence = "/licences/OSDJ-L2026-0001";
    let page = customs.get(licence).await;
    check(licence, &page);
    has(
        &page,
        &["Radio R-1", "100 pieces", "Not met yet", "The gate before a shipment", "Nothing was written off"],
    );
    has_not(&page, &["Cipher device", "href=\"/applications"]);
    let shipment = |quantity, value| {
        [
            ("on", ON),
            ("reference", "10702070/150626/1"),
            ("line", "1"),
            ("quantity", quantity),
            ("value", value),
            ("document.title", "Declaration 1"),
            ("document.dated", ON),
        ]
    };
    let write_off = format!("{licence}/acts/write-off");
    let over = act(&customs, &write_off, &shipment("101", "1000")).await;
    has(&over, &["id=\"quantity-slip\"", "would be 1 too many"]);
    let (_, page) = done(&customs, &write_off, &shipment("60", "600")).await;
    has(&page, &["10702070/150626/1", "40 pieces", "400.00", "Declaration 1"]);
    let correct = format!("{licence}/acts/correct");
    let correction = [("reference", "10702070/150626/1"), ("on", ON), ("reason", "Twice")];
    let (_, page) = done(&customs, &correct, &correction).await;
    has(&page, &["Taken back", "Nothing was written off"]);

    // The licence of its holder: what was granted, and not the gate.
    let own = exporter.get(licence).await;
    has(&own, &["Radio R-1", "Delivery is verified"]);
    has_not(&own, &["The gate before", "proposer-inside", "countersigner", "/acts/"]);
    let (_, page) =
        done(&second, &format!("{licence}/acts/suspend"), &[("on", ON), ("reason", "News")]).await;
    has(&page, &["Suspended", "suspended by countersigner"]);
    let again = second.get(&format!("{licence}/acts/reinstate")).await;
    has(&again, &["You suspended it yourself"]);
    for table in ["lines", "conditions", "write-offs", "checks"] {
        for ending in ["csv", "xlsx"] {
            let answer = officer.get(&format!("{licence}/{table}.{ending}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{table}.{ending}");
        }
    }
    for list in [
        "/licences.csv?state=suspended&text=radio",
        "/licences?destination=IND",
        "/applications?state=granted&destination=IND&text=radios",
    ] {
        has(
            &officer.get(list).await,
            &["OSDJ-L2026-0001"].map(|number| if list.contains("app") { "OSDJ-T2026-0001" } else { number }),
        );
    }
    assert_eq!(officer.get("/applications?state=sold").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_applied_for_as_it_stands_and_shows_what_came_of_it() {
    let (server, _) = ready().await;
    let exporter = Visitor::of(&server, Role::Exporter).await;
    let contract = format!("/contracts/{}", server.held.contract);
    has_not(&exporter.get(&contract).await, &["id=\"transfers\""]);
    let path = format!("{contract}/acts/apply");
    let form = exporter.get(&path).await;
    check(&path, &form);
    let line = format!("name=\"lines[0].contract_line\" type=\"text\" value=\"{}\"", server.held.line);
    has(&form, &["value=\"Boats\"", "value=\"IND\"", "value=\"10\"", &line]);
    let fields = [
        ("on", ON),
        ("kind", "export"),
        ("title", "Patrol boats"),
        ("applicant", &server.held.exporter),
        ("destination", "IND"),
        ("contract", &server.held.contract),
        ("parties[0].role", "end_user"),
        ("parties[0].party", &server.held.user),
        ("currency", "USD"),
        ("lines[0].description", "Boats"),
        ("lines[0].category", "ML9.a"),
        ("lines[0].quantity", "4"),
        ("lines[0].unit", "piece"),
        ("lines[0].unit_price", "1000000"),
        ("lines[0].contract_line", &server.held.line),
        ("purpose", "defence"),
        ("end_use", "Watch over the coast"),
        ("label", "OFFICIAL//REL IND"),
    ];
    let (place, page) = done(&exporter, &path, &fields).await;
    has(&page, &[&server.held.contract, &format!("href=\"/lines/{}\"", server.held.line), "Unknown"]);
    let page = exporter.get(&contract).await;
    check(&contract, &page);
    has(&page, &["id=\"transfers\"", place.split('?').next().unwrap(), "/transfers.csv"]);
    let table = exporter.get(&format!("{contract}/transfers.csv")).await;
    has(&table, &["Patrol boats,draft,"]);
}
