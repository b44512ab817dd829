//! Saved views on the pages.

use axum::http::StatusCode;
use entente_register::access::Role;

use crate::pages::{Visitor, check, hidden};
use crate::support::Server;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_saved_as_it_was_narrowed_and_found_again() {
    let server = Server::filled().await;
    let chair = Visitor::of(&server, Role::Chair).await;
    let list = chair.get("/contracts?state=signed&as_of=2012-09-30").await;
    let plain = |text: &str| text.replace("&#38;", "&");
    let before = list.text.split("\">Save this view").next().unwrap();
    let form = chair.get(&plain(before.rsplit("href=\"").next().unwrap())).await;
    check("/me/views", &form);
    let path = plain(&hidden(&form.text, "path"));
    assert!(
        path.starts_with("/contracts?") && path.contains("state=signed") && path.contains("as_of=2012-09-30")
    );
    let csrf = hidden(&form.text, "csrf");
    let encoded = path.replace('%', "%25").replace('&', "%26").replace('=', "%3D").replace('?', "%3F");
    let sent = |csrf: &str, name: &str| format!("csrf={csrf}&name={name}&path={encoded}");
    let refused = chair.post("/me/views", &sent("none", "Signed")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let refused = chair.post("/me/views", &sent(&csrf, "%20")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"view-name-fault\""), "{}", refused.text);
    let saved = chair.post("/me/views", &sent(&csrf, "Signed%20%3Cb%3E")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let own = chair.get("/me/views").await;
    assert!(own.text.contains("Signed &#60;b&#62;") && own.text.contains("state=signed"), "{}", own.text);
    // It is nobody else's, and another site is never saved.
    let member = Visitor::of(&server, Role::Member).await;
    assert!(!member.get("/me/views").await.text.contains("Signed"));
    let elsewhere = format!("csrf={csrf}&name=Elsewhere&path=%2F%2Fevil.example%2F");
    chair.post("/me/views", &elsewhere).await;
    assert!(!chair.get("/me/views").await.text.contains("evil"));
    let forget = format!("csrf={csrf}&name=Signed%20%3Cb%3E");
    assert_eq!(chair.post("/me/views/forget", &forget).await.status, StatusCode::SEE_OTHER);
    assert!(!chair.get("/me/views").await.text.contains("Signed"));
}
