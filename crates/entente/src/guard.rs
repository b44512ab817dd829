//! What stands before every handler: under which name the server is asked, from
//! which page a change is sent, how many requests run, how long one may take, and
//! what the browser is told to allow.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use entente_register::ledger::Refusal;
use entente_store::{Fault, FaultKind};

use crate::app::App;
use crate::config::host_of;
use crate::error::Failure;
use crate::session::client_of_request;

/// Nothing is allowed but what this server itself sends as a file: no inline script, no inline style.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'self'";

/// Headers of every response; `Cache-Control` only where the handler has set none.
pub(crate) async fn headers(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let fixed = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.config.is_secure() {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// Answers only under the names that are the server's own. A page of another
/// site whose name is made to point here would otherwise count as ours.
pub(crate) async fn host(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let authority = authority_of(&request).map(str::to_ascii_lowercase);
    let Some(authority) = authority else {
        // No browser leaves the name out.
        return next.run(request).await;
    };
    let host = host_of(&authority);
    let own = host == "localhost"
        || host.parse::<IpAddr>().is_ok()
        || app.config.public_address.as_ref().is_some_and(|a| a.host() == host)
        || app.config.hosts.iter().any(|h| h == host);
    if own {
        return next.run(request).await;
    }
    Failure::with_status(
        StatusCode::MISDIRECTED_REQUEST,
        Refusal::new("http.host", "This server does not answer under this name.")
            .missing("the public address of the server, as its configuration names it"),
    )
    .into_response()
}

fn authority_of(request: &Request) -> Option<&str> {
    match request.headers().get(HOST) {
        Some(value) => Some(value.to_str().unwrap_or("\u{fffd}")),
        None => request.uri().authority().map(|a| a.as_str()),
    }
}

/// Turns away a change that a page of another site sends. Beside this, every
/// form carries its session's token.
pub(crate) async fn origin(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if is_own(&app, &request) {
        return next.run(request).await;
    }
    Failure::from(
        Refusal::new("access.origin", "The request was sent from a page of another site.")
            .missing("the form on this site's own page"),
    )
    .into_response()
}

fn is_own(app: &App, request: &Request) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let header = |name: HeaderName| request.headers().get(name).map(|v| v.to_str().unwrap_or("?"));
    match header(HeaderName::from_static("sec-fetch-site")) {
        // `none`: typed or from a bookmark, by the person.
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match header(ORIGIN) {
            Some(origin) => is_own_origin(app, origin, authority_of(request)),
            // Not a browser, which always says one of the two with a change.
            None => true,
        },
    }
}

fn is_own_origin(app: &App, origin: &str, authority: Option<&str>) -> bool {
    let Some((scheme, origin)) = origin.split_once("://") else { return false };
    if let Some(public) = &app.config.public_address
        && origin.eq_ignore_ascii_case(&public.authority)
        && (scheme == "https") == public.secure
    {
        return true;
    }
    authority.is_some_and(|own| own.eq_ignore_ascii_case(origin))
}

/// Counts attempts to sign in by address.
pub(crate) async fn attempts(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let signs_in = request.method() == Method::POST && request.uri().path() == "/sign-in";
    if signs_in
        && let Err((refusal, seconds)) =
            app.attempts.count(client_of_request(&request, &app), app.store.now())
    {
        return Failure::Refused {
            status: StatusCode::TOO_MANY_REQUESTS,
            refusal: Box::new(refusal),
            retry_after: Some(seconds),
        }
        .into_response();
    }
    next.run(request).await
}

/// Turns requests away while all room is taken, rather than let them queue: a
/// queue that grows answers nobody in time.
pub(crate) async fn room(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    // Whether the program lives must be told also while it is busy.
    if request.uri().path().starts_with("/health/") || request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    let Ok(_place) = app.room.try_acquire() else {
        metrics::counter!("entente_requests_shed_total").increment(1);
        return unavailable("answering more requests than there is room for").into_response();
    };
    next.run(request).await
}

/// How many times as long as another request the sending of a file may take.
const UPLOAD: u32 = 20;

/// Gives a request up after its time. What it wrote and had not committed is undone.
pub(crate) async fn patience(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut seconds = Duration::from_secs(u64::from(app.config.request_seconds));
    let path = request.uri().path();
    if request.method() == Method::POST
        && (["/import", "/screening/file"].contains(&path) || path.contains("/acts/"))
    {
        // A file takes as long as its line takes; the import itself takes none of it.
        seconds *= UPLOAD;
    }
    match tokio::time::timeout(seconds, next.run(request)).await {
        Ok(response) => response,
        Err(_) => unavailable("answering within the time of a request").into_response(),
    }
}

fn unavailable(doing: &str) -> Failure {
    Fault { kind: FaultKind::Unavailable, doing: doing.to_owned(), cause: "too much at once".to_owned() }
        .into()
}
