//! The pages of partners and of parties.

use axum::http::{Method, StatusCode};
use entente_register::access::Role;

use crate::pages::{Visitor, check};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_s_file_leads_to_all_that_stands_between_us() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let list = chair.get("/partners?as_of=2012-09-30").await;
    check("/partners", &list);
    assert!(list.text.contains("href=\"/partners/IND?as_of=2012-09-30\"") && list.text.contains("BRICS"));
    let page = chair.get("/partners/IND?as_of=2012-09-30").await;
    check("/partners/IND", &page);
    for expected in
        ["India", "Delivered by year", "/calendar?partner=IND&#38;as_of=2012-09-30", "Opportunities"]
    {
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    assert_eq!(chair.get("/partners/XXX").await.status, StatusCode::NOT_FOUND);
    let contract = chair.get(&format!("/contracts/{}?as_of=2012-09-30", server.held.contract)).await;
    let party = format!("/parties/{}?as_of=2012-09-30", server.held.exporter);
    assert!(contract.text.contains(&format!("href=\"{party}\"")), "{}", contract.text);
    let page = chair.get(&party).await;
    check("/parties", &page);
    assert!(page.text.contains("Export House") && page.text.contains("in 2\u{a0}contracts"), "{}", page.text);

    let key = server.key(Role::Chair).await;
    let file = server.with_key(Method::GET, "/api/v1/partners/IND?as_of=2012-09-30", &key, "").await.json();
    assert_eq!(file["groups"][0]["code"], "BRICS");
    assert_eq!(file["marking"], "SECRET//NAVY");
    let read = format!("/api/v1/parties/{}?as_of=2012-09-30", server.held.exporter);
    let file = server.with_key(Method::GET, &read, &key, "").await.json();
    assert_eq!((file["name"].as_str(), file["kind"].as_str()), (Some("Export House"), Some("company")));
    // Whoever may not see the secret contract sums the other alone.
    let customs = server.key(Role::Customs).await;
    let file = server.with_key(Method::GET, &read, &customs, "").await.json();
    assert_eq!(file["roles"][0]["contracts"], 1, "{file}");
}
