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
