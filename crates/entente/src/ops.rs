//! For those who run the server: whether it lives, whether it is ready, how it does.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use entente_register::ledger::Refusal;
use entente_store::Fault;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::hidden_by_proxy;

/// `/health/live`, `/health/ready`, `/metrics`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(measures))
}

async fn live() -> &'static str {
    "live\n"
}

async fn ready(State(app): State<Arc<App>>) -> Answer {
    app.store.ping().await?;
    Ok("ready\n".into_response())
}

/// Limits of the buckets of request times, in seconds.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// The one recorder of the process; a test that starts many servers shares it.
pub(crate) fn recorder() -> Result<&'static PrometheusHandle, Fault> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle);
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("entente_request_seconds".to_owned()), &BUCKETS)
        .map_err(|e| Fault::internal("preparing the measures", e))?
        .build_recorder();
    let handle = HANDLE.get_or_init(|| recorder.handle());
    if metrics::set_global_recorder(recorder).is_ok() {
        describe();
    }
    Ok(handle)
}

fn describe() {
    metrics::describe_counter!("entente_requests_total", "Requests answered, by method, route and status.");
    metrics::describe_histogram!(
        "entente_request_seconds",
        metrics::Unit::Seconds,
        "Time to the head of the answer, by method and route."
    );
    metrics::describe_counter!(
        "entente_requests_shed_total",
        "Requests turned away because all room was taken."
    );
    metrics::describe_gauge!(
        "entente_resident_bytes",
        metrics::Unit::Bytes,
        "Resident memory of the process."
    );
    metrics::describe_gauge!("entente_build_info", "Always 1; the label says which version runs.");
}

async fn measures(
    State(app): State<Arc<App>>,
    connection: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Answer {
    let local = connection.is_some_and(|axum::Extension(ConnectInfo(address))| {
        // Behind a proxy on this machine everyone is local; then only the token opens. One that is
        // named as trusted may be asking for anyone, also where it does not say for whom.
        let peer = address.ip().to_canonical();
        peer.is_loopback()
            && !headers.contains_key("x-forwarded-for")
            && !hidden_by_proxy(&headers, peer, &app)
    });
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.strip_prefix("Bearer "))
        .unwrap_or_default();
    let opened = app
        .config
        .metrics_token
        .as_ref()
        .is_some_and(|token| bool::from(token.as_bytes().ct_eq(given.as_bytes())));
    if !local && !opened {
        return Err(Failure::with_status(
            StatusCode::FORBIDDEN,
            Refusal::new("access.metrics", "The measures are not open from here.")
                .missing("this machine itself, or the configured token"),
        ));
    }
    let handle = recorder()?;
    metrics::gauge!("entente_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    if let Some(bytes) = resident_bytes() {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        metrics::gauge!("entente_resident_bytes").set(bytes as f64);
    }
    handle.run_upkeep();
    Ok(text(handle.render()))
}

fn text(body: String) -> Response {
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], body).into_response()
}

/// Resident memory, where the system tells it as Linux does.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}
