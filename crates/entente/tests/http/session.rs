//! The session of a person: cookie, token of changes, one-time password.

use axum::http::{Method, StatusCode};
use entente_store::Origin;

use crate::support::{Server, request};

/// Signs an account in that has chosen its own password, and gives its cookie.
async fn cookie(server: &Server, account: &str) -> String {
    let store = &server.app.store;
    let given = store.give_one_time_password(account).await.unwrap();
    let (token, _) = store.sign_in(account, &given, &Origin::default()).await.unwrap();
    let (token, _) = store.change_password(&token, &given, "five quiet herons wade").await.unwrap();
    format!("entente={token}")
}

#[tokio::test]
async fn a_session_reads_and_with_its_token_changes() {
    let server = Server::filled().await;
    let cookie = cookie(&server, "secretary").await;
    let with = |method: Method, path: &str, token: &str, body: &str| {
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-csrf-token", token),
            ("content-type", "application/json"),
            ("sec-fetch-site", "same-origin"),
        ];
        server.send(request(method, path, &headers, body))
    };
    let me = with(Method::GET, "/api/v1/me", "", "").await;
    assert_eq!(me.status, StatusCode::OK, "{}", me.text);
    assert_eq!(me.json()["account"], "secretary");
    let token = me.json()["csrf"].as_str().unwrap().to_owned();
    let body = r#"{"code": "BRA", "name": "Brazil"}"#;
    let without = with(Method::POST, "/api/v1/partners", "", body).await;
    assert_eq!(
        (without.status, without.json()["code"].as_str()),
        (StatusCode::FORBIDDEN, Some("access.csrf"))
    );
    let wrong = with(Method::POST, "/api/v1/partners", &"0".repeat(64), body).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    assert_eq!(with(Method::POST, "/api/v1/partners", &token, body).await.status, StatusCode::CREATED);
    // A key of one's own, which then needs no token, and opens no further key.
    let opened = with(Method::POST, "/api/v1/me/keys", &token, r#"{"name": "report", "days": 30}"#).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.text);
    let key = opened.json()["key"].as_str().unwrap().to_owned();
    let keys = server.with_key(Method::GET, "/api/v1/me/keys", &key, "").await.json();
    let id = keys["rows"][0]["id"].as_str().unwrap().to_owned();
    let further =
        server.with_key(Method::POST, "/api/v1/me/keys", &key, r#"{"name": "more", "days": 30}"#).await;
    assert_eq!(further.json()["code"], "access.person");
    let closed = with(Method::DELETE, &format!("/api/v1/me/keys/{id}"), &token, "").await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    assert_eq!(server.with_key(Method::GET, "/api/v1/me", &key, "").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn with_a_one_time_password_nothing_else_is_done() {
    let server = Server::filled().await;
    let store = &server.app.store;
    let given = store.give_one_time_password("chair").await.unwrap();
    let (token, _) = store.sign_in("chair", &given, &Origin::default()).await.unwrap();
    let cookie = format!("entente={token}");
    let get = |path: &'static str| server.send(request(Method::GET, path, &[("cookie", &cookie)], ""));
    let refused = get("/api/v1/brief").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["code"], "access.one_time_password");
    assert_eq!(get("/api/v1/me").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_broken_cookie_or_key_is_not_signed_in() {
    let server = Server::filled().await;
    for cookie in ["entente=", "entente=zz", "entente=%7f%00", "=;;;", &format!("entente={}", "a".repeat(64))]
    {
        let answer = server.send(request(Method::GET, "/api/v1/me", &[("cookie", cookie)], "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{cookie}");
        assert_eq!(answer.json()["code"], "access.sign_in");
    }
    for key in ["", "Bearer", "Bearer ", "Basic Zm9v", "Bearer 0000", &format!("Bearer {}", "x".repeat(500))]
    {
        let answer = server.send(request(Method::GET, "/api/v1/me", &[("authorization", key)], "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{key}");
        assert_eq!(answer.json()["code"], "access.key");
    }
}
