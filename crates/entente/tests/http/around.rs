//! What stands around every page: headers, names, origins, limits, failures, health.

use axum::http::{Method, StatusCode};

use crate::support::{Server, request};

#[tokio::test]
async fn it_lives_and_is_ready() {
    let server = Server::empty().await;
    for path in ["/health/live", "/health/ready"] {
        assert_eq!(server.get(path).await.status, StatusCode::OK, "{path}");
    }
    server.app.store.close().await;
    let answer = server.get("/health/ready").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "5");
    let problem = answer.json();
    assert_eq!(problem["code"], "fault.unavailable");
    assert_eq!(problem["reference"], answer.header("x-request-id"));
    assert_eq!(server.get("/health/live").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::empty().await;
    for path in ["/health/live", "/no/such/page", "/api/v1/no-such-thing"] {
        let answer = server.get(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("x-request-id").len(), 16);
        assert_eq!(answer.header("strict-transport-security"), "");
    }
    let secure = Server::with(|config| {
        config.public_address = Some(entente::config::PublicAddress::parse("https://e.example").unwrap());
    })
    .await;
    assert_eq!(secure.get("/health/live").await.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn what_is_not_there_is_told_in_the_reader_s_form() {
    let server = Server::empty().await;
    let page = server.get("/no/such/page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.header("content-type").starts_with("text/html"));
    let problem = server.get("/api/v1/no-such-thing").await;
    assert_eq!(problem.status, StatusCode::NOT_FOUND);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.json()["code"], "http.no_such_page");
    let method = server.send(request(Method::DELETE, "/health/live", &[], "")).await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(method.json()["code"], "http.method");
    assert_eq!(method.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn it_answers_only_under_its_own_names() {
    let server = Server::with(|config| {
        config.public_address = Some(entente::config::PublicAddress::parse("http://e.example").unwrap());
    })
    .await;
    for (host, status) in [
        ("127.0.0.1:8080", StatusCode::OK),
        ("[::1]:8080", StatusCode::OK),
        ("localhost", StatusCode::OK),
        ("E.example", StatusCode::OK),
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("e.example.evil.example", StatusCode::MISDIRECTED_REQUEST),
    ] {
        let answer = server.send(request(Method::GET, "/health/live", &[("host", host)], "")).await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_change_from_another_site_is_turned_away() {
    let server = Server::empty().await;
    for (headers, turned_away) in [
        (vec![("sec-fetch-site", "cross-site")], true),
        (vec![("sec-fetch-site", "same-site")], true),
        (vec![("sec-fetch-site", "same-origin")], false),
        (vec![("origin", "https://evil.example")], true),
        (vec![("origin", "null")], true),
        (vec![("origin", "http://localhost:8080")], false),
        (vec![], false),
    ] {
        let mut all = headers.clone();
        all.push(("host", "localhost:8080"));
        let answer = server.send(request(Method::POST, "/health/live", &all, "")).await;
        let expected = if turned_away { StatusCode::FORBIDDEN } else { StatusCode::METHOD_NOT_ALLOWED };
        assert_eq!(answer.status, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn attempts_to_sign_in_are_limited_by_address() {
    let server = Server::with(|config| config.sign_in_attempts_a_minute = 2).await;
    let attempt = || async {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        server.send(request(Method::POST, "/sign-in", &headers, "")).await
    };
    assert_ne!(attempt().await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_ne!(attempt().await.status, StatusCode::TOO_MANY_REQUESTS);
    let answer = attempt().await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.header("retry-after").parse::<u32>().unwrap() <= 60);
}

#[tokio::test]
async fn the_measures_are_for_this_machine_or_the_token() {
    let server = Server::with(|config| config.metrics_token = Some("0123".to_owned())).await;
    assert_eq!(server.get("/metrics").await.status, StatusCode::FORBIDDEN);
    let wrong = server.send(request(Method::GET, "/metrics", &[("authorization", "Bearer 012")], "")).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let right = server.send(request(Method::GET, "/metrics", &[("authorization", "Bearer 0123")], "")).await;
    assert_eq!(right.status, StatusCode::OK);
    assert!(right.text.contains("entente_build_info"), "{}", right.text);
}

#[tokio::test]
async fn what_a_stranger_sends_makes_no_new_labels_of_measures() {
    let server = Server::with(|config| config.metrics_token = Some("0123".to_owned())).await;
    let measures = || async {
        server.send(request(Method::GET, "/metrics", &[("authorization", "Bearer 0123")], "")).await.text
    };
    measures().await;
    for word in ["BREW1", "BREW2"] {
        let method = Method::from_bytes(word.as_bytes()).unwrap();
        server.send(request(method, &format!("/nowhere/{word}"), &[], "")).await;
    }
    let text = measures().await;
    assert!(!text.contains("BREW"), "{text}");
    assert!(text.contains("method=\"other\",route=\"none\""), "{text}");
}

#[tokio::test]
async fn a_trusted_proxy_that_hides_its_callers_does_not_open_the_measures() {
    let ask = async |server: &Server, headers: &[(&str, &str)]| {
        let mut request = request(Method::GET, "/metrics", headers, "");
        let address: std::net::SocketAddr = "127.0.0.1:5000".parse().unwrap();
        request.extensions_mut().insert(axum::extract::ConnectInfo(address));
        server.send(request).await.status
    };
    let alone = Server::empty().await;
    assert_eq!(ask(&alone, &[]).await, StatusCode::OK);
    assert_eq!(ask(&alone, &[("x-forwarded-for", "192.0.2.9")]).await, StatusCode::FORBIDDEN);
    let behind = Server::with(|config| {
        config.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
        config.metrics_token = Some("0123".to_owned());
    })
    .await;
    assert_eq!(ask(&behind, &[]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&behind, &[("x-forwarded-for", "127.0.0.1")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&behind, &[("authorization", "Bearer 0123")]).await, StatusCode::OK);
}
