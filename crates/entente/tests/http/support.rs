//! A server on a register of its own, and what it answers.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use entente::app::App;
use entente::config::Config;
use entente_register::access::Role;
use entente_store::{DatabaseUrl, Store, StoreOptions};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::register::{Held, fill};

/// A server in process.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    /// What the register holds, if it was filled.
    pub(crate) held: Held,
    router: Router,
    _folder: Arc<TempDir>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// As they came; `text` is what can be read of them.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("{e}: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Server {
    /// On an empty register.
    pub(crate) async fn empty() -> Server {
        Server::with(|_| {}).await
    }

    /// On an empty register, with the configuration changed.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Server {
        Server::on(StoreOptions::system().unwrap(), change).await
    }

    /// On an empty register, by a clock of the test's.
    pub(crate) async fn on(options: StoreOptions, change: impl FnOnce(&mut Config)) -> Server {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let url = DatabaseUrl::Sqlite(folder.path().join("entente.db"));
        let store = Store::open(&url, options).await.unwrap();
        let mut config = Config::of(url);
        change(&mut config);
        let app = App::new(store, config).await.unwrap();
        Server { router: entente::server::router(&app), app, held: Held::default(), _folder: folder }
    }

    /// On the demonstration.
    pub(crate) async fn demonstration() -> Server {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let url = DatabaseUrl::Sqlite(folder.path().join("entente.db"));
        entente::demo::make(&url, &mut |_, _| {}).await.unwrap();
        let store = Store::open(&url, StoreOptions::system().unwrap()).await.unwrap();
        let app = App::new(store, Config::of(url)).await.unwrap();
        Server { router: entente::server::router(&app), app, held: Held::default(), _folder: folder }
    }

    /// Another server on the same register, as after a restart.
    pub(crate) fn restarted(&self, app: Arc<App>) -> Server {
        let router = entente::server::router(&app);
        Server { app, held: self.held.clone(), router, _folder: self._folder.clone() }
    }

    /// On a small register with an account of every role.
    pub(crate) async fn filled() -> Server {
        let mut server = Server::empty().await;
        server.held = fill(&server.app.store).await;
        server
    }

    /// A key of the account that holds a role.
    pub(crate) async fn key(&self, role: Role) -> String {
        let account = role.word().replace('_', "-");
        self.app.store.open_api_key(&account, "test", 1).await.unwrap()
    }

    /// Asks with a key.
    pub(crate) async fn with_key(&self, method: Method, path: &str, key: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {key}");
        let mut headers = vec![("authorization", bearer.as_str())];
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(request(method, path, &headers, body)).await
    }

    /// How many events the ledger holds, and the hash of the last.
    pub(crate) async fn head(&self) -> (i64, String) {
        let reader = self.app.store.reader(&crate::register::operator(), None, None).await.unwrap();
        let events = reader.events(entente_store::reader::Page::first(1)).await.unwrap();
        (events.total, events.rows[0].hash.clone())
    }

    /// Asks.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        let address: SocketAddr = "192.0.2.7:5000".parse().unwrap();
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 64 << 20).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.into(),
        }
    }

    /// Gets a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

/// A request with headers.
pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::from(body.to_owned())).unwrap()
}
