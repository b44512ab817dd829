//! End-user certificates, delivery verification and inspections after shipment, through the JSON API and the pages: a
//! certificate that is forged or used before, and what follows where serial numbers are missing.

use axum::http::StatusCode;
use entente_register::access::Role;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineCommand, NewLine};
use entente_register::contract::{ContractCommand, ContractParty, NewContract, PartyRole};
use entente_register::document::Document;
use entente_register::money::{Currency, Money, Quantity, Unit};
use serde_json::{Value, json};

use crate::act::{act, led_to};
use crate::pages::{Visitor, check};
use crate::register::operator;
use crate::transfer_case::{Case, DAY, is, shipment, strings};

/// An application with all that a decision rests on but a certificate.
async fn uncertified(case: &Case) -> String {
    let number = case.submitted().await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    let serving = case.read("licensing-officer", &format!("certificates?application={number}")).await;
    let certificate = serving["rows"][0]["number"].as_str().unwrap();
    let why = json!({"on": DAY, "reason": "For the test"});
    case.ok("licensing-officer", &format!("certificates/{certificate}/release"), why.clone()).await;
    case.ok("licensing-officer", &format!("certificates/{certificate}/void"), why).await;
    number
}

fn has(problem: &Value, all: &[&str]) {
    let text = problem["detail"].as_str().unwrap_or_default();
    all.iter().for_each(|words| assert!(text.contains(words), "{words} in {problem}"));
}

/// Scenario 13.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_reused_certificate_blocks_and_the_inquiry_is_on_record() {
    let case = Case::screened().await;
    let (first, licence) = case.licensed("2027-06-14").await;
    let used = case.read("licensing-officer", &format!("certificates?application={first}")).await;
    let used = used["rows"][0]["number"].as_str().unwrap().to_owned();
    let second = uncertified(&case).await;
    let sign = format!("applications/{second}/countersign");
    let refusal = case.post("countersigner", &sign, &json!({"on": DAY})).await.json();
    assert_eq!(refusal["code"], "transfer.held", "{refusal}");
    has(&refusal, &["No end-user certificate of it is bound"]);

    // The same certificate serves one application; its number, on another paper with more goods, is told to be used.
    let bind = json!({"on": DAY, "application": second});
    assert_eq!(
        case.refused("licensing-officer", &format!("certificates/{used}/bind"), bind.clone()).await,
        "certificate.one_use"
    );
    let mut altered = case.certificate(&format!("EUC-{first}"));
    altered["lines"][0]["quantity"] = json!("500");
    let altered = case.register(altered).await;
    case.answered(&altered, "authentic").await;
    case.ok("licensing-officer", &format!("certificates/{altered}/bind"), bind.clone()).await;
    let refusal = case.post("countersigner", &sign, &json!({"on": DAY})).await.json();
    assert_eq!(refusal["code"], "transfer.blocked", "{refusal}");
    has(&refusal, &["was used before", &used, &first, "Altered: the goods"]);
    let seen = case.read("licensing-officer", &format!("certificates/{altered}")).await;
    assert_eq!(
        (&seen["shared"][0]["number"], &seen["shared"][0]["earlier"], &seen["shared"][0]["differs"]),
        (&json!(used), &json!(true), &json!(["the goods"])),
        "{seen}"
    );
    assert_eq!(seen["against"][0]["outcome"], "blocked");
    // The licence that rests on the number waits as well, until it is told which of both is true.
    let off = format!("licences/{licence}/write-offs");
    let refusal = case.post("customs", &off, &shipment(DAY, "D-1", 1)).await.json();
    assert_eq!(refusal["code"], "transfer.held", "{refusal}");
    has(&refusal, &[&altered]);
    let why = json!({"on": DAY, "reason": "Handed in with an altered paper"});
    case.ok("licensing-officer", &format!("certificates/{altered}/release"), why).await;

    // A signature of nobody who may sign blocks; whoever is asked about it is on record.
    let mut forged = case.certificate("EUC/99");
    forged["signatory"] = json!("Nobody");
    let forged = case.register(forged).await;
    case.ok("licensing-officer", &format!("certificates/{forged}/bind"), bind).await;
    let refusal = case.post("countersigner", &sign, &json!({"on": DAY})).await.json();
    assert_eq!(refusal["code"], "transfer.blocked", "{refusal}");
    has(&refusal, &["not among the specimen signatures", "was not asked of its issuer or of an embassy"]);
    case.answered(&forged, "not_authentic").await;
    let seen = case.read("licensing-officer", &format!("certificates/{forged}")).await;
    assert_eq!(
        (&seen["authenticity"], &seen["inquiries"][0]["to"], &seen["inquiries"][0]["channel"]),
        (&json!("not_authentic"), &json!("QX-EMBASSY"), &json!("their_embassy"))
    );
    assert_eq!(
        case.refused(
            "licensing-officer",
            &format!("certificates/{forged}/inquiries"),
            json!({
                "on": DAY, "channel": "issuer", "to": "Them", "document": {"title": "Letter", "dated": DAY}
            })
        )
        .await,
        "certificate.not_authentic"
    );
    let waiting = case.read("licensing-officer", "certificates?state=asked").await;
    assert_eq!(waiting["total"], 0);
    is(&case.get("licensing-officer", "certificates?state=sold").await, StatusCode::UNPROCESSABLE_ENTITY);
    let page = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let shown = page.get(&format!("/certificates/{forged}")).await;
    check("forged", &shown);
    assert!(
        shown.text.contains("class=\"check blocked\"") && shown.text.contains("QX-EMBASSY"),
        "{}",
        shown.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exporter_sees_its_own_certificates_and_nobody_sees_what_is_not_theirs() {
    let case = Case::screened().await;
    let (number, _) = case.licensed("2027-06-14").await;
    let own = case.read("exporter", "certificates").await;
    assert_eq!((&own["total"], &own["rows"][0]["application"]), (&json!(1), &json!(number)));
    let certificate = own["rows"][0]["number"].as_str().unwrap();
    let it = format!("certificates/{certificate}");
    let seen = case.read("exporter", &it).await;
    let mut said = Vec::new();
    strings(&seen, &mut said);
    strings(&own, &mut said);
    for hidden in
        ["QX-EMBASSY", "QX-NOTE", "QX-ANSWER", "licensing-officer", "inquiries", "against", "authenticity"]
    {
        assert!(!said.iter().any(|text| text.contains(hidden)), "{hidden} in {seen}");
    }
    is(&case.get("r.ival", &it).await, StatusCode::NOT_FOUND);
    assert_eq!(case.read("r.ival", "certificates").await["total"], 0);
    for path in ["specimens", "inspections"] {
        is(&case.get("exporter", path).await, StatusCode::FORBIDDEN);
    }
    is(&case.get("customs", "certificates").await, StatusCode::FORBIDDEN);
    let new = json!({"on": DAY, "label": "OFFICIAL", "content": case.certificate("EUC/1")});
    is(&case.post("exporter", "certificates", &new).await, StatusCode::FORBIDDEN);
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    for path in ["/certificates".to_owned(), format!("/{it}"), format!("/applications/{number}")] {
        let page = exporter.get(&path).await;
        check(&path, &page);
        assert!(page.text.contains(certificate), "{path}");
        for hidden in ["QX-EMBASSY", "QX-NOTE", "What stands against it", "Inquiries", "/acts/"] {
            // An applicant may act on its own application.
            let is_own = hidden == "/acts/" && path.starts_with("/applications");
            assert!(is_own || !page.text.contains(hidden), "{hidden} in {path}: {}", page.text);
        }
    }
    assert_eq!(exporter.get("/specimens").await.status, StatusCode::FORBIDDEN);
}

/// A contract for twenty-four guns, all of them handed over with their serial numbers: its number, the line’s and the
/// delivery’s.
pub(crate) async fn delivered(case: &Case) -> (String, String, String) {
    let (store, held) = (&case.server.app.store, &case.server.held);
    let done = async |command| store.execute(&operator(), command).await.unwrap().subject.key;
    let paper =
        |title: &str| Document { title: title.into(), dated: "2026-01-10".parse().unwrap(), content: None };
    let new = NewContract {
        reference: "P/24".into(),
        title: "Guns".into(),
        partner: "IND".into(),
        parties: vec![
            ContractParty { party: held.exporter.clone(), role: PartyRole::Exporter },
            ContractParty { party: held.user.clone(), role: PartyRole::EndUser },
        ],
        currency: Currency::USD,
        label: "OFFICIAL".parse().unwrap(),
        on: "2026-01-10".parse().unwrap(),
    };
    let contract = done(Command::Contract { number: None, command: ContractCommand::Open(new) }).await;
    let line = NewLine {
        reference: None,
        description: "Gun".into(),
        quantity: Quantity::whole(24),
        unit: Unit::Piece,
        unit_price: Money::new(100_050, Currency::USD),
        category: "ML2.a".into(),
        manufacturer: None,
        due_on: "2026-12-01".parse().unwrap(),
        on: "2026-01-10".parse().unwrap(),
        document: None,
    };
    let line = done(Command::Line { number: contract.clone(), command: LineCommand::Add(line) }).await;
    for command in [
        ContractCommand::Sign { on: "2026-02-01".parse().unwrap(), document: paper("Contract") },
        ContractCommand::EnterIntoForce { on: "2026-03-01".parse().unwrap(), document: None },
    ] {
        done(Command::Contract { number: Some(contract.clone()), command }).await;
    }
    let on = DAY.parse().unwrap();
    let hand_over = DeliveryCommand::HandOver {
        line: line.clone(),
        reference: None,
        quantity: Quantity::whole(24),
        on,
        document: paper("Waybill"),
    };
    let delivery = done(Command::Delivery { number: None, command: hand_over }).await;
    let record = DeliveryCommand::RecordSerials { on, serials: serials(), document: None, reason: None };
    done(Command::Delivery { number: Some(delivery.clone()), command: record }).await;
    (contract, line, delivery)
}

pub(crate) fn serials() -> Vec<String> {
    (1..=24).map(|place| format!("G-{place:04}")).collect()
}

/// Scenario 15, on the pages.
#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_verified_and_what_is_missing_is_an_incident_that_stops_all_licences() {
    let case = Case::screened().await;
    let (contract, line, delivery) = delivered(&case).await;
    let mut content = case.content();
    content["contract"] = json!(contract);
    content["lines"][0]["contract_line"] = json!(line);
    let draft = json!({"on": DAY, "label": "OFFICIAL", "content": content});
    let number = case.ok("exporter", "applications", draft).await;
    case.ok("exporter", &format!("applications/{number}/submit"), json!({"on": DAY})).await;
    case.judge(&number, "licensing-officer", "2027-06-14").await;
    case.ok("countersigner", &format!("applications/{number}/countersign"), json!({"on": DAY})).await;
    let decided = case.read("countersigner", &format!("applications/{number}")).await;
    let licence = decided["decisions"][0]["licence"].as_str().unwrap().to_owned();
    let (_, other) = case.licensed("2027-06-14").await;
    let mut shipped = shipment(DAY, "D-1", 24);
    shipped["delivery"] = json!(delivery);
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipped).await;

    // Due ninety days after the delivery; reminded of before, overdue after.
    let officer = Visitor::of(&case.server, Role::LicensingOfficer).await;
    let page = format!("/licences/{licence}");
    let listed = async |as_of: &str, verification: &str| {
        let path = format!("/licences?verification={verification}&as_of={as_of}");
        officer.get(&path).await.text.contains(&licence)
    };
    assert!(!listed("2026-08-01", "remind").await && listed("2026-08-14", "remind").await);
    assert!(!listed("2026-09-13", "overdue").await && listed("2026-09-14", "overdue").await);
    let queue = officer.get("/applications?as_of=2026-09-14").await;
    check("/applications", &queue);
    assert!(
        queue.text.contains("licence with a delivery that was not verified by its day"),
        "{}",
        queue.text
    );
    let shown = officer.get(&format!("{page}?as_of=2026-09-14")).await;
    check(&page, &shown);
    assert!(shown.text.contains("Overdue"), "{}", shown.text);
    let paper = [("document.title", "Delivery verification 3"), ("document.dated", DAY)];
    let verify = [("reference", "D-1"), ("on", DAY), ("quantity", "25")];
    let over = act(&officer, &format!("{page}/acts/verify"), &[&verify[..], &paper].concat()).await;
    assert!(over.text.contains("id=\"quantity-slip\""), "{}", over.text);
    let verify = [("reference", "D-1"), ("on", DAY), ("quantity", "24")];
    let sent = act(&officer, &format!("{page}/acts/verify"), &[&verify[..], &paper].concat()).await;
    let (_, shown) = led_to(&officer, &sent).await;
    assert!(
        shown.text.contains("Delivery verification 3") && shown.text.contains("Verified"),
        "{}",
        shown.text
    );
    assert!(!listed("2026-09-14", "overdue").await);

    // The inspection: two of twenty-four are not there.
    let plan = [
        ("on", DAY),
        ("end_user", case.server.held.user.as_str()),
        ("visit_on", DAY),
        ("reason", "The first guns that go there"),
    ];
    let sent = act(&officer, &format!("{page}/acts/plan-inspection"), &plan).await;
    let (place, shown) = led_to(&officer, &sent).await;
    check("inspection", &shown);
    assert!(shown.text.contains("G-0024") && shown.text.contains("What is to be seen"), "{}", shown.text);
    let inspection = place.split('?').next().unwrap().to_owned();
    let seen: Vec<String> = serials().into_iter().filter(|one| one != "G-0007" && one != "G-0019").collect();
    let seen = seen.join("\n");
    let visit = |outcome| {
        [
            ("on", DAY),
            ("outcome", outcome),
            ("serials", seen.as_str()),
            ("findings", "QX-FINDINGS"),
            paper[0],
            paper[1],
        ]
    };
    let refused = act(&officer, &format!("{inspection}/acts/visit"), &visit("favourable")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["Of 24 serial numbers 22 were seen", "id=\"outcome-slip\""] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let sent = act(&officer, &format!("{inspection}/acts/visit"), &visit("unfavourable")).await;
    let (_, shown) = led_to(&officer, &sent).await;
    check("incident", &shown);
    let notices = case.read("auditor", "notices/incident_open").await;
    assert_eq!(
        (&notices["total"], &notices["rows"][0]["number"]),
        (&json!(1), &json!(inspection.trim_start_matches("/inspections/")))
    );
    let stopped = case.read("auditor", "notices/licence_suspended").await;
    assert_eq!(
        (&stopped["total"], &stopped["rows"][0]["why"]),
        (&json!(2), &json!("suspended by an incident at its end user"))
    );
    for words in [
        "Incident",
        "22 of 24 seen",
        "2 missing",
        "G-0007, G-0019",
        "Nothing goes to this end user",
        &licence,
        &other,
    ] {
        assert!(shown.text.contains(words), "{words}: {}", shown.text);
    }
    let queue = officer.get("/inspections").await;
    check("/inspections", &queue);
    assert!(queue.text.contains("The first guns that go there"));

    // Nothing goes any more, and it is said by which inspection.
    let it = inspection.trim_start_matches("/inspections/").to_owned();
    for licence in [&licence, &other] {
        let off = format!("licences/{licence}/write-offs");
        let refusal = case.post("customs", &off, &shipment(DAY, "D-2", 1)).await.json();
        assert_eq!(refusal["code"], "licence.stopped", "{refusal}");
        has(&refusal, &[&format!("inspection {it} found an incident")]);
    }
    let shown = officer.get(&page).await;
    assert!(shown.text.contains("class=\"caution\"") && shown.text.contains(&inspection), "{}", shown.text);
    let held = case.read("exporter", &format!("licences/{licence}")).await;
    assert!(held["stops"][0]["inspection"].is_null() && held["state"] == "suspended", "{held}");
    let exporter = Visitor::of(&case.server, Role::Exporter).await;
    let own = exporter.get(&page).await;
    assert!(
        own.text.contains("Suspended") && !own.text.contains(&it) && !own.text.contains("QX-FINDINGS"),
        "{}",
        own.text
    );
    assert_eq!(exporter.get(&inspection).await.status, StatusCode::FORBIDDEN);

    // An officer closes the incident, and another person lets each licence go on.
    let why = json!({"on": DAY, "reason": "Both were shown"});
    let lift = format!("licences/{licence}/reinstate");
    assert_eq!(case.refused("o.both", &lift, why.clone()).await, "licence.incident");
    let close = [("on", DAY), ("reason", "Both were shown"), paper[0], paper[1]];
    let second = Visitor::of(&case.server, Role::Countersigner).await;
    let sent = act(&second, &format!("{inspection}/acts/close"), &close).await;
    let (_, shown) = led_to(&second, &sent).await;
    assert!(shown.text.contains("How the incident was closed"), "{}", shown.text);
    // Neither who closed it lifts the suspension, nor who found it.
    let form = format!("{page}/acts/reinstate");
    let refused = act(&second, &form, &[("on", DAY), ("reason", "Both were shown")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("You closed the incident"), "{}", refused.text);
    let own = officer.get(&form).await;
    assert!(own.status.is_client_error() && own.text.contains("You suspended it yourself"), "{}", own.text);
    case.ok("o.both", &lift, why).await;
    case.ok("customs", &format!("licences/{licence}/write-offs"), shipment(DAY, "D-2", 1)).await;
    let seen = case.read("chair", &format!("inspections/{it}")).await;
    assert_eq!((&seen["state"], &seen["visit"]["missing"]), (&json!("closed"), &json!(["G-0007", "G-0019"])));
    assert_eq!(seen["stopped_licences"], json!([other]));
    for path in
        ["/certificates.csv", "/specimens.csv", "/inspections.xlsx", "/licences.csv?verification=open"]
    {
        assert_eq!(officer.get(path).await.status, StatusCode::OK, "{path}");
    }
    let table = officer.get(&format!("{page}/verifications.csv")).await;
    assert!(table.text.contains("D-1") && table.text.contains("verified"), "{}", table.text);
}
