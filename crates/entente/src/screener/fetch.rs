//! Fetching an edition from an address: over https alone, within limits of size and time, and not again what is there.

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entente_register::ledger::{Fallible, Refusal};
use entente_store::LARGEST_LIST;
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Serialize};
use ureq::Agent;
use ureq::http::{HeaderMap, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use url::Url;

/// Redirections that are followed at most.
const MOST_REDIRECTIONS: usize = 5;

/// Packed data that unpacks to more than so many times its size is made to fill a memory.
const MOST_UNPACKED: u64 = 100;

/// Bytes up to which nobody asks how well something is packed.
const SMALL: u64 = 1 << 20;

/// How much is fetched, and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes, unpacked.
    pub bytes: u64,
    /// From the first connection to the last byte.
    pub time: Duration,
}

impl Default for Limits {
    /// As large as a list may be, within ten minutes.
    fn default() -> Limits {
        Limits { bytes: LARGEST_LIST as u64, time: Duration::from_secs(600) }
    }
}

/// By what a server tells whether it has something newer than what was fetched before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    #[serde(default)]
    pub etag: Option<String>,
    /// `Last-Modified`.
    #[serde(default)]
    pub last_modified: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// The server has nothing newer.
    Same,
    /// The bytes, and what to say next time.
    New(Vec<u8>, Validators),
}

/// Fetches. Blocks until it is done.
///
/// # Errors
/// A refusal that says what is missing: `list.address`, `list.unreachable`, `list.status`, `list.redirected`,
/// `list.too_large`, `list.too_slow`, `list.broken_off`.
pub fn fetch(address: &str, known: &Validators, limits: &Limits) -> Fallible<Fetched> {
    let began = Instant::now();
    let mut url = Url::parse(address).map_err(|error| no_address(&format!("This is no address: {error}")))?;
    if !is_allowed(&url) {
        // What is said is read by many: a password in an address is none any more.
        let said = if is_plain(&url) { address } else { "An address with an account" };
        return Err(no_address(&format!("{said} is not fetched from")));
    }
    let agent = agent(&url)?;
    for _ in 0..=MOST_REDIRECTIONS {
        let left = limits.time.checked_sub(began.elapsed()).filter(|left| !left.is_zero());
        let left = left.ok_or_else(|| too_slow(&url, limits))?;
        let mut request = agent
            .get(url.as_str())
            .config()
            .timeout_global(Some(left))
            .build()
            .header(header::ACCEPT_ENCODING, "gzip");
        if let Some(etag) = &known.etag {
            request = request.header(header::IF_NONE_MATCH, etag);
        }
        if let Some(modified) = &known.last_modified {
            request = request.header(header::IF_MODIFIED_SINCE, modified);
        }
        let response = request.call().map_err(|error| unreached(&url, &error, limits))?;
        match response.status().as_u16() {
            200 => {
                let (parts, body) = response.into_parts();
                let bytes = read(&url, &parts.headers, body.into_reader(), limits)?;
                return Ok(Fetched::New(bytes, validators(&parts.headers)));
            }
            304 if *known != Validators::default() => return Ok(Fetched::Same),
            301 | 302 | 303 | 307 | 308 => url = redirected(&url, response.headers())?,
            status => return Err(no_list(&url, status)),
        }
    }
    Err(Refusal::new("list.redirected", format!("{address} leads on more than {MOST_REDIRECTIONS} times."))
        .field("address")
        .missing("the address of the list itself"))
}

/// Whether an address names no account.
fn is_plain(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

/// Over https; without it only from this machine, where nobody stands between.
fn is_allowed(url: &Url) -> bool {
    if !is_plain(url) {
        return false;
    }
    match url.scheme() {
        "https" => url.host().is_some(),
        "http" => match url.host() {
            Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
            Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        },
        _ => false,
    }
}

fn agent(url: &Url) -> Fallible<Agent> {
    let mut config = Agent::config_builder()
        .user_agent(concat!("entente/", env!("CARGO_PKG_VERSION")))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(Duration::from_secs(30)));
    if url.scheme() == "https" {
        let certificates: Vec<Certificate<'static>> = rustls_native_certs::load_native_certs()
            .certs
            .iter()
            .map(|certificate| Certificate::from_der(certificate).to_owned())
            .collect();
        if certificates.is_empty() {
            return Err(Refusal::new("list.trust", "This machine trusts no authority for certificates.")
                .field("address")
                .missing("its authorities (Debian package ca-certificates, or SSL_CERT_FILE)"));
        }
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        config = config.https_only(true).tls_config(tls);
    } else {
        // This machine is asked without a proxy.
        config = config.proxy(None);
    }
    Ok(config.build().into())
}

fn redirected(from: &Url, headers: &HeaderMap) -> Fallible<Url> {
    let refuse = |message: String| {
        Refusal::new("list.redirected", message)
            .field("address")
            .missing("the address of the list itself, over https")
    };
    let to = headers.get(header::LOCATION).and_then(|value| value.to_str().ok());
    let to = to.ok_or_else(|| refuse(format!("{from} leads on and says not where.")))?;
    let next = from.join(to).map_err(|error| refuse(format!("{from} leads on to {to:?}: {error}.")))?;
    // From the network nobody is led to this machine, nor from https to what anybody on the way can write.
    let same = next.scheme() == from.scheme();
    if !is_allowed(&next) || !same {
        return Err(refuse(format!("{from} leads on to {next}, which is not followed.")));
    }
    Ok(next)
}

fn validators(headers: &HeaderMap) -> Validators {
    let text = |name| {
        let value = headers.get(name)?.to_str().ok()?;
        // What is sent back each time is short.
        (value.len() <= 400).then(|| value.to_owned())
    };
    Validators { etag: text(header::ETAG), last_modified: text(header::LAST_MODIFIED) }
}

/// Counts what comes over the line.
struct Counted<R> {
    inner: R,
    read: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}

/// What is read: as it comes, or unpacked.
enum Body<R> {
    Plain(Counted<R>),
    Packed(Box<MultiGzDecoder<Counted<R>>>),
}

impl<R: Read> Body<R> {
    fn next(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Body::Plain(reader) => reader.read(buffer),
            Body::Packed(reader) => reader.read(buffer),
        }
    }

    fn received(&self) -> u64 {
        match self {
            Body::Plain(reader) => reader.read,
            Body::Packed(reader) => reader.get_ref().read,
        }
    }
}

fn read(url: &Url, headers: &HeaderMap, inner: impl Read, limits: &Limits) -> Fallible<Vec<u8>> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let announced = text(header::CONTENT_LENGTH).parse::<u64>().ok();
    if announced.is_some_and(|length| length > limits.bytes) {
        return Err(too_large(url, limits));
    }
    let counted = Counted { inner, read: 0 };
    let mut body = match text(header::CONTENT_ENCODING).to_ascii_lowercase().as_str() {
        "" | "identity" => Body::Plain(counted),
        "gzip" | "x-gzip" => Body::Packed(Box::new(MultiGzDecoder::new(counted))),
        other => {
            return Err(Refusal::new("list.packed", format!("{url} answers packed as {other:?}."))
                .field("address")
                .missing("an answer as it is, or packed with gzip"));
        }
    };
    let mut bytes = Vec::new();
    let mut buffer = vec![0_u8; 64 << 10];
    loop {
        let read = body.next(&mut buffer).map_err(|error| broken_off(url, &error, limits))?;
        if read == 0 {
            break;
        }
        bytes.extend_from_slice(&buffer[..read]);
        let size = bytes.len() as u64;
        let packed = matches!(body, Body::Packed(_));
        let bomb = packed && size > SMALL && size > body.received().saturating_mul(MOST_UNPACKED);
        if size > limits.bytes || bomb {
            return Err(too_large(url, limits));
        }
    }
    if bytes.is_empty() || announced.is_some_and(|length| length != body.received()) {
        let message = format!("{url} broke off after {} bytes.", body.received());
        return Err(Refusal::new("list.broken_off", message)
            .field("address")
            .missing("the whole list; nothing of this one is used, and what was in force stays so"));
    }
    Ok(bytes)
}

fn no_address(message: &str) -> Refusal {
    Refusal::new("list.address", format!("{message}."))
        .field("address")
        .missing("an address that begins with https:// and names no account; http:// of this machine alone")
}

fn no_list(url: &Url, status: u16) -> Refusal {
    let needed = match status {
        401 | 403 => "an address that is open without an account, or a mirror: --from ADDRESS or --from FILE",
        404 | 410 => {
            "the address to which the publisher moved the list: `entente lists source`, or once --from ADDRESS"
        }
        _ => "a server that gives the list: try again later, or --from a mirror or FILE",
    };
    Refusal::new("list.status", format!("{url} answers with the status {status} in the place of a list."))
        .field("address")
        .missing(needed)
}

fn too_large(url: &Url, limits: &Limits) -> Refusal {
    let message = if limits.bytes >= 1 << 20 {
        format!(
            "{url} gives more than {} MiB, or packs far more than a list into little.",
            limits.bytes >> 20
        )
    } else {
        format!("{url} gives more than {} bytes, or packs far more than a list into little.", limits.bytes)
    };
    Refusal::new("list.too_large", message).field("address").missing("a list within the limit")
}

fn too_slow(url: &Url, limits: &Limits) -> Refusal {
    let message = format!("{url} gave no whole list within {} seconds.", limits.time.as_secs());
    Refusal::new("list.too_slow", message)
        .field("address")
        .missing("more time (--time-limit SECONDS), or --from a mirror or FILE")
}

fn is_timeout(error: &std::io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<ureq::Error>());
    error.kind() == std::io::ErrorKind::TimedOut || matches!(inner, Some(ureq::Error::Timeout(_)))
}

fn broken_off(url: &Url, error: &std::io::Error, limits: &Limits) -> Refusal {
    if is_timeout(error) {
        return too_slow(url, limits);
    }
    Refusal::new("list.broken_off", format!("{url} broke off: {error}."))
        .field("address")
        .missing("the whole list; nothing of this one is used, and what was in force stays so")
}

fn unreached(url: &Url, error: &ureq::Error, limits: &Limits) -> Refusal {
    match error {
        ureq::Error::Timeout(_) => too_slow(url, limits),
        ureq::Error::Io(error) if is_timeout(error) => too_slow(url, limits),
        error => Refusal::new("list.unreachable", format!("{url} cannot be asked: {error}."))
            .field("address")
            .missing("a connection to it, or --from a mirror or FILE"),
    }
}
