//! Acts on the pages of payments and opportunities: rows of a form, and what comes of them.

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::act::{act, fill, led_to};
use crate::pages::{Visitor, check};
use crate::support::Server;

#[tokio::test]
async fn money_is_scheduled_received_and_claimed() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let held = &server.held;
    let payments = format!("/contracts/{}/payments", held.contract);
    let schedule = format!("/schedules/{}/acts", held.contract);
    let page = officer.get(&payments).await;
    check(&payments, &page);
    assert!(page.text.contains(&format!("{schedule}/schedule-instalment")), "{}", page.text);
    assert!(!page.text.contains(&format!("{schedule}/claim-penalty")), "no terms of penalties yet");

    let instalment =
        [("on", "2012-02-01"), ("kind", "advance"), ("amount", "3000000.00"), ("due_rule", "fixed")];
    let place = format!("{schedule}/schedule-instalment");
    let refused = act(&officer, &place, &instalment).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"due-on-slip\""), "{}", refused.text);
    let mut whole = instalment.to_vec();
    whole.push(("due_on", "2012-04-01"));
    led_to(&officer, &act(&officer, &place, &whole).await).await;
    let number = format!("{}.I1", held.contract);
    let page = officer.get(&payments).await;
    let number = if page.text.contains(&number) {
        number
    } else {
        let rest = page.text.split("/instalments/").nth(1).unwrap();
        rest.split('/').next().unwrap().to_owned()
    };
    for offered in ["amend", "withdraw", "annul"] {
        assert!(page.text.contains(&format!("/instalments/{number}/acts/{offered}")), "{}", page.text);
    }
    let amend = [
        ("on", "2012-02-02"),
        ("amount", "2500000.00"),
        ("reason", "Less in advance"),
        ("document.title", "Amendment 1"),
        ("document.dated", "2012-02-02"),
    ];
    led_to(&officer, &act(&officer, &format!("/instalments/{number}/acts/amend"), &amend).await).await;

    let place = format!("{schedule}/record-receipt");
    let receipt = [
        ("on", "2012-04-02"),
        ("amount", "1000000.00"),
        ("currency", "USD"),
        ("allocations[0].instalment", number.as_str()),
        ("allocations[0].amount", "7000000.00"),
        ("document.title", "Advice 1"),
        ("document.dated", "2012-04-02"),
    ];
    let form = officer.get(&place).await;
    let more = fill(&officer, &place, &form, &[&receipt[..], &[("more", "yes")]].concat()).await;
    check(&place, &more);
    assert!(more.text.contains("allocations[4].amount") && more.text.contains("value=\"7000000.00\""));
    let refused = fill(&officer, &place, &more, &receipt).await;
    assert!(refused.text.contains("id=\"allocations-0--instalment-slip\""), "{}", refused.text);
    let mut right = receipt.to_vec();
    right[4].1 = "600000.00";
    led_to(&officer, &fill(&officer, &place, &refused, &right).await).await;
    let page = officer.get(&payments).await;
    let receipt = page.text.split("/receipts/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let allocate = [("allocations[0].instalment", number.as_str()), ("allocations[0].amount", "400000.00")];
    led_to(&officer, &act(&officer, &format!("/receipts/{receipt}/acts/allocate"), &allocate).await).await;
    let page = officer.get(&payments).await;
    assert!(!page.text.contains(&format!("/receipts/{receipt}/acts/allocate")), "{}", page.text);

    let terms = [
        ("on", "2012-02-01"),
        ("late", "delivery"),
        ("rate_pct", "0.5"),
        ("period", "full_week"),
        ("cap_pct", "8"),
        ("document.title", "Contract"),
        ("document.dated", "2012-02-01"),
    ];
    led_to(&officer, &act(&officer, &format!("{schedule}/penalty-terms"), &terms).await).await;
    let claim = [("on", "2012-10-30"), ("late", "line"), ("number", held.line.as_str())];
    led_to(&officer, &act(&officer, &format!("{schedule}/claim-penalty"), &claim).await).await;
    let page = officer.get(&payments).await;
    let penalty = page.text.split("/penalties/").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let waive = [("on", "2012-11-01"), ("reason", "For the partnership")];
    led_to(&officer, &act(&officer, &format!("/penalties/{penalty}/acts/waive"), &waive).await).await;
    let page = officer.get(&payments).await;
    assert!(!page.text.contains("/acts/waive") && page.text.contains("aived"), "{}", page.text);
    let gone = officer.get(&format!("/penalties/{}.X9/acts/waive", held.contract)).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_opportunity_becomes_a_contract_on_the_pages() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let held = &server.held;
    assert!(officer.get("/opportunities").await.text.contains("/acts/register-opportunity"));
    let register = [
        ("title", "Tugs"),
        ("kind", "request"),
        ("partner", "IND"),
        ("on", "2012-03-01"),
        ("deadline", "2012-09-30"),
        ("recipient", held.user.as_str()),
        ("exporter", held.exporter.as_str()),
        ("competitors", "Yard of the North, Yard of the South"),
        ("label", "OFFICIAL//REL IND"),
        ("items[0].description", "Tugs"),
        ("items[0].category", "ML9.a"),
        ("items[0].quantity", "two"),
        ("items[0].unit", "C62"),
    ];
    let path = "/acts/register-opportunity";
    let refused = act(&officer, path, &register).await;
    assert!(refused.text.contains("id=\"items-0--quantity-slip\""), "{}", refused.text);
    let mut right = register.to_vec();
    right[11].1 = "2";
    let (place, page) = led_to(&officer, &act(&officer, path, &right).await).await;
    assert!(page.text.contains("Yard of the South") && !page.text.contains("/acts/win"), "{}", page.text);
    let step = |word: &str| format!("{place}/acts/{word}");
    let estimate = [("on", "2012-03-02"), ("probability", "60"), ("reason", "They know the yard")];
    led_to(&officer, &act(&officer, &step("estimate"), &estimate).await).await;
    let ask = [("on", "2012-03-03"), ("asked_of", "Ministry")];
    let (_, page) = led_to(&officer, &act(&officer, &step("ask-opinion"), &ask).await).await;
    assert!(page.text.contains("/acts/give-opinion") && !page.text.contains("/acts/ask-opinion"));
    let give = [
        ("on", "2012-03-10"),
        ("verdict", "positive"),
        ("document.title", "Opinion 3"),
        ("document.dated", "2012-03-10"),
    ];
    led_to(&officer, &act(&officer, &step("give-opinion"), &give).await).await;
    let offer = [
        ("on", "2012-04-01"),
        ("valid_until", "2012-12-31"),
        ("currency", "USD"),
        ("items[0].description", "Tugs"),
        ("items[0].category", "ML9.a"),
        ("items[0].quantity", "2"),
        ("items[0].unit", "C62"),
        ("items[0].unit_price", "700000.00"),
        ("items[0].due_on", "2013-05-01"),
        ("document.title", "Offer 1"),
        ("document.dated", "2012-04-01"),
    ];
    led_to(&officer, &act(&officer, &step("offer"), &offer).await).await;
    let neither = act(&officer, &step("win"), &[("on", "2012-06-01")]).await;
    assert!(neither.text.contains("id=\"reference-slip\""), "{}", neither.text);
    let win = [("on", "2012-06-01"), ("reference", "P/Tugs")];
    let (_, page) = led_to(&officer, &act(&officer, &step("win"), &win).await).await;
    assert!(page.text.contains("<dt>Contract</dt>") && !page.text.contains("/acts/"), "{}", page.text);
}

#[tokio::test]
async fn what_the_register_is_kept_by_is_recorded_by_forms() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let exporter = Visitor::of(&server, Role::Exporter).await;
    let list = officer.get("/parties").await;
    check("/parties", &list);
    assert!(list.text.contains("href=\"/acts/register-party\"") && list.text.contains("Export House"));
    let own = exporter.get("/parties").await;
    assert!(!own.text.contains("/acts/register-party"), "it is not the exporter’s to register");
    assert_eq!(exporter.get("/acts/register-party").await.status, StatusCode::FORBIDDEN);

    let party = [("name", "Quiet Yard"), ("kind", "company"), ("state", "India"), ("label", "OFFICIAL")];
    let refused = act(&officer, "/acts/register-party", &party).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"state-slip\""), "{}", refused.text);
    let mut right = party.to_vec();
    right[2].1 = "IND";
    let (place, page) = led_to(&officer, &act(&officer, "/acts/register-party", &right).await).await;
    assert!(place.starts_with("/parties/") && page.text.contains("Quiet Yard"), "{}", page.text);
    let number = place.trim_start_matches("/parties/");
    let narrowed = officer.get("/parties?text=quiet&kind=company&state=IND").await;
    check("/parties", &narrowed);
    assert!(narrowed.text.contains(number) && !narrowed.text.contains("Export House"), "{}", narrowed.text);
    assert_eq!(officer.get("/parties?kind=ship").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let table = officer.get("/parties.csv?text=quiet").await;
    assert!(table.text.contains(&format!("{number},Quiet Yard,company,IND,0,")), "{}", table.text);
    // It is there to be chosen where a contract names one, and for nobody who may not see it.
    let form = officer.get("/acts/open-contract").await;
    check("/acts/open-contract", &form);
    assert!(form.text.contains(&format!("<option value=\"{number}\">Quiet Yard</option>")), "{}", form.text);
    assert!(form.text.contains("list=\"parties\""));
    assert!(!exporter.get("/parties").await.text.contains(number));

    let partner = [("code", "VNM"), ("name", "Viet Nam")];
    let place = led_to(&officer, &act(&officer, "/acts/register-partner", &partner).await).await.0;
    assert_eq!(place, "/partners/VNM");
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let member = [("group", "BRICS"), ("state", "VNM"), ("on", "2012-01-01")];
    led_to(&secretary, &act(&secretary, "/acts/admit-to-group", &member).await).await;
    let twice = act(&secretary, "/acts/admit-to-group", &member).await;
    assert!(
        twice.text.contains("id=\"on-slip\"") || twice.text.contains("id=\"state-slip\""),
        "{}",
        twice.text
    );

    let rate = [
        ("on", "2012-05-14"),
        ("units", "1"),
        ("from", "EUR"),
        ("rate", "1.2905"),
        ("to", "USD"),
        ("source", "European Central Bank"),
    ];
    let (place, page) = led_to(&officer, &act(&officer, "/acts/record-rate", &rate).await).await;
    assert!(place.starts_with("/rates") && page.text.contains("European Central Bank"), "{}", page.text);
    let again = act(&officer, "/acts/record-rate", &rate).await;
    assert!(again.text.contains("id=\"rate-slip\""), "{}", again.text);
}

#[tokio::test]
async fn an_offset_obligation_from_its_agreement_to_its_discharge() {
    let server = Server::filled().await;
    let officer = Visitor::of(&server, Role::ContractOfficer).await;
    let secretary = Visitor::of(&server, Role::Secretary).await;
    let contract = format!("/contracts/{}", server.held.contract);
    let acts = format!("{contract}/acts");
    assert!(officer.get(&contract).await.text.contains(&format!("{acts}/agree-offset")));
    assert!(!officer.get(&contract).await.text.contains(&format!("{acts}/claim-offset")));
    let agree = [
        ("on", "2012-02-10"),
        ("title", "Industrial participation"),
        ("required", "250000.00"),
        ("multipliers[0].kind", "training"),
        ("multipliers[0].factor", "2.5"),
        ("phases[0].by", "2012-08-31"),
        ("phases[0].share", "50"),
        ("phases[1].by", "2014-12-31"),
        ("phases[1].share", "90"),
        ("document.title", "Offset agreement"),
        ("document.dated", "2012-02-10"),
    ];
    let refused = act(&officer, &format!("{acts}/agree-offset"), &agree).await;
    assert!(refused.text.contains("-slip\"") && refused.text.contains("value=\"2.5\""), "{}", refused.text);
    let mut right = agree.to_vec();
    right[8].1 = "100";
    led_to(&officer, &act(&officer, &format!("{acts}/agree-offset"), &right).await).await;
    let number = format!("{}.O1", server.held.contract);
    let plan = [
        ("obligation", number.as_str()),
        ("on", "2012-02-11"),
        ("kind", "training"),
        ("description", "Welders"),
        ("expected_on", "2012-12-01"),
        ("value", "100000.00"),
    ];
    led_to(&officer, &act(&officer, &format!("{acts}/plan-offset"), &plan).await).await;
    let planned = format!("{number}/1");
    let claim = [
        ("obligation", number.as_str()),
        ("on", "2012-06-01"),
        ("kind", "training"),
        ("description", "Welders"),
        ("performed_on", "2012-05-20"),
        ("value", "100000.00"),
        ("plan", planned.as_str()),
        ("document.title", "Certificates"),
        ("document.dated", "2012-05-21"),
    ];
    led_to(&officer, &act(&officer, &format!("{acts}/claim-offset"), &claim).await).await;
    let accept = [
        ("claim", planned.as_str()),
        ("on", "2012-06-10"),
        ("document.title", "Letter of the buyer"),
        ("document.dated", "2012-06-10"),
    ];
    let own = act(&officer, &format!("{acts}/accept-offset"), &accept).await;
    assert_eq!(own.status, StatusCode::UNPROCESSABLE_ENTITY, "another person accepts");
    led_to(&secretary, &act(&secretary, &format!("{acts}/accept-offset"), &accept).await).await;
    let path = format!("{acts}/reject-offset");
    assert_ne!(secretary.get(&path).await.status, StatusCode::OK, "no claim is under review");
    let discharge = [
        ("obligation", number.as_str()),
        ("on", "2012-07-01"),
        ("document.title", "Discharge"),
        ("document.dated", "2012-07-01"),
    ];
    let page =
        led_to(&officer, &act(&officer, &format!("{acts}/discharge-offset"), &discharge).await).await.1;
    assert!(page.text.contains("250,000.00") && page.text.contains("ischarged"), "{}", page.text);
}
