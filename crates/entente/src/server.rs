//! The router with all that stands around it, and serving it.
//!
//! A request passes, from the outside in: its number, span and measures; security
//! headers; compression; the drawing of failures; the catching of panics; the name
//! it is asked under; room; patience; the page it is sent from; attempts to sign
//! in; the handler. Whatever refuses on the way is drawn like any other failure.

use std::any::Any;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use entente_register::ledger::Refusal;
use entente_store::{Fault, Outcome};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::app::App;
use crate::error::{Failure, draw};
use crate::{api, background, guard, ops, web, wire};

/// The number of a request: in its log lines, in the header `x-request-id`, and on the page of a fault.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The whole server as a router.
pub fn router(app: &Arc<App>) -> Router {
    within(
        app,
        Router::new()
            .merge(web::router(app))
            .merge(api::router(app))
            .merge(ops::router())
            .merge(wire::router(app)),
    )
}

/// Routes, with all that stands around them.
fn within(app: &Arc<App>, routes: Router<Arc<App>>) -> Router {
    routes
        .fallback(no_such_page)
        .layer(DefaultBodyLimit::max(app.config.body_limit))
        .layer(from_fn_with_state(app.clone(), guard::attempts))
        .layer(from_fn_with_state(app.clone(), guard::origin))
        .layer(from_fn_with_state(app.clone(), guard::patience))
        .layer(from_fn_with_state(app.clone(), guard::room))
        .layer(from_fn_with_state(app.clone(), guard::host))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), draw))
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn_with_state(app.clone(), guard::headers))
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app.clone())
}

async fn no_such_page() -> StatusCode {
    StatusCode::NOT_FOUND
}

#[expect(clippy::needless_pass_by_value, reason = "the layer gives the box away")]
fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Failure::from(Fault::internal("answering a request, which panicked", cause)).into_response()
}

/// Numbers the request, opens its span, and measures it. Neither the path's names
/// nor the query nor any payload is logged: the route stands for them.
async fn around(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let id = hex::encode(app.entropy.bytes::<8>());
    let method = measured(request.method());
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "none".to_owned(), |matched| matched.as_str().to_owned());
    let span = tracing::info_span!("request", id = %id, method = %method, route = %route);
    request.extensions_mut().insert(RequestId(id.clone()));
    let began = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let seconds = began.elapsed().as_secs_f64();
    let status = response.status().as_u16();
    span.in_scope(|| tracing::info!(status, milliseconds = seconds * 1000.0, "answered"));
    metrics::histogram!("entente_request_seconds", "method" => method, "route" => route.clone())
        .record(seconds);
    metrics::counter!("entente_requests_total", "method" => method, "route" => route, "status" => status.to_string())
        .increment(1);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// The method as a label of the measures: any word may stand in a request, and each label is kept for ever.
fn measured(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// How long requests under way may take after the signal to end.
const GRACE: Duration = Duration::from_secs(10);

/// Binds the address.
///
/// # Errors
/// `listen.taken` or `listen.not_possible`, naming `--listen`.
pub async fn bind(address: SocketAddr) -> Outcome<TcpListener> {
    TcpListener::bind(address).await.map_err(|e| {
        let refusal = match e.kind() {
            std::io::ErrorKind::AddrInUse => {
                Refusal::new("listen.taken", format!("Another program serves on {address} already.")).missing(
                    format!("another address, for example --listen {}:{}", address.ip(), next_port(address)),
                )
            }
            _ => {
                Refusal::new("listen.not_possible", format!("It is not possible to serve on {address}: {e}."))
                    .missing("an address of this machine, for example --listen 127.0.0.1:8080")
            }
        };
        refusal.field("listen").into()
    })
}

fn next_port(address: SocketAddr) -> u16 {
    address.port().checked_add(1).unwrap_or(8080)
}

/// Serves until the process is told to end, and lets requests under way end first.
///
/// # Errors
/// A fault if the listening socket breaks.
pub async fn serve(app: Arc<App>, listener: TcpListener) -> Outcome<()> {
    ops::recorder()?;
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let (tell, told) = tokio::sync::watch::channel(false);
    let background = background::start(&app, &told)?;
    let mut ending = told;
    let serving = axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            // An error means that the sender is gone, which is an end as well.
            let _ = ending.wait_for(|end| *end).await;
        })
        .into_future();
    tokio::pin!(serving);
    let broke = |e: std::io::Error| Fault::internal("serving", e);
    tokio::select! {
        // Without the signal it ends only where the socket broke.
        ended = &mut serving => return Ok(ended.map_err(broke)?),
        () = told_to_end() => {}
    }
    tracing::info!("ending: no new requests are taken");
    app.imports.end();
    // Without receivers nobody needs to be told.
    let _ = tell.send(true);
    match tokio::time::timeout(GRACE, serving).await {
        Ok(ended) => ended.map_err(broke)?,
        Err(_) => tracing::warn!(seconds = GRACE.as_secs(), "requests still under way were cut off"),
    }
    background.end().await;
    app.store.close().await;
    Ok(())
}

/// Waits for the signal to end: from the terminal, or from whatever runs the process.
async fn told_to_end() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use entente_store::{DatabaseUrl, Store, StoreOptions};
    use tower::ServiceExt as _;

    use super::*;
    use crate::config::Config;

    async fn app(change: impl FnOnce(&mut Config)) -> (Arc<App>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("entente.db"));
        let store = Store::open(&url, StoreOptions::system().unwrap()).await.unwrap();
        let mut config = Config::of(url);
        change(&mut config);
        (App::new(store, config).await.unwrap(), folder)
    }

    async fn status(router: Router, path: &str) -> (StatusCode, String) {
        let response = router.oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    #[tokio::test]
    async fn a_panic_is_a_fault_with_a_reference_and_no_detail() {
        let (app, _folder) = app(|_| {}).await;
        let route =
            Router::new().route("/api/v1/broken", get(async || -> StatusCode { panic!("secret words") }));
        let (status, text) = status(within(&app, route), "/api/v1/broken").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(text.contains("fault.internal") && text.contains("reference"), "{text}");
        assert!(!text.contains("secret words"), "{text}");
    }

    #[tokio::test]
    async fn a_request_that_takes_too_long_is_given_up() {
        let (app, _folder) = app(|config| config.request_seconds = 1).await;
        let route =
            Router::new().route("/api/v1/slow", get(async || std::future::pending::<StatusCode>().await));
        let (status, text) = status(within(&app, route), "/api/v1/slow").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{text}");
    }

    #[tokio::test]
    async fn what_there_is_no_room_for_is_turned_away_and_health_is_not() {
        let (app, _folder) = app(|config| config.concurrent_requests = 1).await;
        let _taken = app.room.acquire().await.unwrap();
        assert_eq!(status(router(&app), "/api/v1/me").await.0, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(status(router(&app), "/health/live").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_taken_address_is_refused_with_another() {
        let taken = bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
        let error = bind(taken.local_addr().unwrap()).await.unwrap_err();
        let entente_store::Error::Refusal(refusal) = error else { panic!("{error}") };
        assert_eq!((refusal.code, refusal.field.as_deref()), ("listen.taken", Some("listen")));
        assert!(refusal.missing.unwrap().contains("--listen 127.0.0.1:"));
    }
}
