//! Who asks: the session cookie, the key of a program, and the token of a form.
//!
//! A cookie that is broken, unknown or out of term is simply no session. A page
//! then leads to `/sign-in`, the API answers 401.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Once};

use axum::RequestExt;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, OriginalUri, RawForm, Request};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_store::reader::Reader;
use entente_store::{Origin, Outcome, Session};
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq;

use crate::app::App;
use crate::error::{Failure, is_for_programs};
use crate::parameters::ViewParameters;

/// A person who has signed in.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The session: who, and until when.
    pub session: Session,
    /// Its secret token, for signing out and for changing the password.
    pub token: String,
    /// From where the request came, for the log of reads.
    pub source: String,
    mask: [u8; 16],
}

impl Signed {
    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.session.actor
    }

    /// The value of the hidden field `csrf` of every form. It differs from page to
    /// page, so that the length of a compressed page tells nothing of the token.
    pub fn form_token(&self) -> String {
        let masked: Vec<u8> = self
            .session
            .csrf
            .bytes()
            .enumerate()
            .map(|(i, byte)| byte ^ self.mask[i % self.mask.len()])
            .collect();
        format!("{}{}", hex::encode(self.mask), hex::encode(masked))
    }

    /// Whether a form or a header carries this session's token.
    ///
    /// # Errors
    /// `access.csrf`.
    pub fn check_token(&self, given: &str) -> Result<(), Refusal> {
        let unmasked = given
            .split_at_checked(32)
            .and_then(|(mask, rest)| Some((hex::decode(mask).ok()?, hex::decode(rest).ok()?)))
            .map(|(mask, rest)| -> Vec<u8> {
                rest.iter().enumerate().map(|(i, byte)| byte ^ mask[i % mask.len()]).collect()
            });
        let own = self.session.csrf.as_bytes();
        // The bare token, as the API gives it to programs, is good as well.
        let same = unmasked.is_some_and(|bytes| bool::from(bytes.ct_eq(own)))
            || bool::from(given.as_bytes().ct_eq(own));
        if same && !own.is_empty() {
            return Ok(());
        }
        Err(Refusal::new("access.csrf", "The form is not of this session, or is too old.")
            .missing("the page loaded again, and the form sent from there"))
    }
}

/// Pages that stand open while a one-time password waits to be changed.
const BEFORE_CHANGE: [&str; 3] = ["/me/password", "/sign-out", "/api/v1/me"];

impl FromRequestParts<Arc<App>> for Signed {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Signed, Failure> {
        let path = original(parts).path().to_owned();
        let Some(signed) = find(parts, app).await? else {
            return Err(not_signed_in(parts));
        };
        if signed.session.must_change && !BEFORE_CHANGE.contains(&path.as_str()) {
            if is_for_programs(&path) {
                return Err(Refusal::new("access.one_time_password", "The password is a one-time password.")
                    .missing("a password of your own, set on the page /me/password")
                    .into());
            }
            return Err(Failure::Elsewhere("/me/password".to_owned()));
        }
        Ok(signed)
    }
}

/// A person who may have signed in: for pages that are open to everyone.
#[derive(Debug, Clone)]
pub struct MaybeSigned(pub Option<Signed>);

impl FromRequestParts<Arc<App>> for MaybeSigned {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<MaybeSigned, Failure> {
        Ok(MaybeSigned(find(parts, app).await?))
    }
}

async fn find(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Signed>, Failure> {
    if let Some(known) = parts.extensions.get::<Signed>() {
        return Ok(Some(known.clone()));
    }
    let Some(token) = cookie(&parts.headers, app.cookie_name()) else {
        return Ok(None);
    };
    let Some(session) = app.store.session(&token).await? else {
        return Ok(None);
    };
    let source = client(parts, app).to_string();
    let signed = Signed { session, token, source, mask: app.entropy.bytes() };
    parts.extensions.insert(signed.clone());
    Ok(Some(signed))
}

/// The address as it was asked for; a nested router sees only the rest of it.
pub(crate) fn original(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |OriginalUri(uri)| uri)
}

fn not_signed_in(parts: &Parts) -> Failure {
    let uri = original(parts);
    let path = uri.path();
    if is_for_programs(path) {
        return Failure::with_status(
            StatusCode::UNAUTHORIZED,
            Refusal::new("access.sign_in", "You have not signed in.")
                .missing("the cookie of an open session, or a key: Authorization: Bearer KEY"),
        );
    }
    if parts.method != Method::GET || path == "/" && uri.query().is_none() {
        return Failure::Elsewhere("/sign-in".to_owned());
    }
    let place = uri.path_and_query().map_or(path, |place| place.as_str());
    Failure::Elsewhere(format!("/sign-in?next={}", percent(place)))
}

/// The token in the session cookie, if it has the shape of one.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value.trim());
    let value = found.next()?;
    let shaped = (32..=128).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric());
    // Two cookies of one name mean that someone beside us set one of them.
    (shaped && found.next().is_none()).then(|| value.to_owned())
}

/// The `Set-Cookie` that opens a session in the browser.
pub fn opening_cookie(app: &App, token: &str) -> Result<HeaderValue, Failure> {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    cookie_value(&format!("{}={token}; Path=/; HttpOnly; SameSite=Lax{secure}", app.cookie_name()))
}

/// The `Set-Cookie` that takes it away.
pub fn closing_cookie(app: &App) -> Result<HeaderValue, Failure> {
    let secure = if app.config.is_secure() { "; Secure" } else { "" };
    cookie_value(&format!("{}=; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age=0", app.cookie_name()))
}

fn cookie_value(text: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_str(text)
        .map_err(|e| entente_store::Fault::internal("writing the session cookie", e).into())
}

/// Where to go after signing in: a path of this server, else the front page.
pub fn place_after_sign_in(next: Option<&str>) -> String {
    let place = next.unwrap_or("/");
    let own = place.starts_with('/')
        && !place.starts_with("//")
        && !place.starts_with("/\\")
        && place.len() <= 2000
        && place.bytes().all(|b| b.is_ascii_graphic());
    if own { place.to_owned() } else { "/".to_owned() }
}

/// Escapes a text for the value of a query parameter.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The address of whoever asks: of the connection, or what a trusted proxy says.
pub fn client(parts: &Parts, app: &App) -> IpAddr {
    client_of(&parts.headers, parts.extensions.get::<ConnectInfo<SocketAddr>>(), app)
}

/// As [`client`], of a whole request.
pub(crate) fn client_of_request(request: &Request, app: &App) -> IpAddr {
    client_of(request.headers(), request.extensions().get::<ConnectInfo<SocketAddr>>(), app)
}

fn client_of(headers: &HeaderMap, connection: Option<&ConnectInfo<SocketAddr>>, app: &App) -> IpAddr {
    let mut address =
        connection.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(a)| a.ip().to_canonical());
    let trusted = &app.config.trusted_proxies;
    hidden_by_proxy(headers, address, app);
    // From the nearest hop outwards, as long as the hop that says so is trusted.
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .collect();
    for hop in said.iter().rev() {
        if !trusted.contains(&address) {
            break;
        }
        match hop.trim().parse::<IpAddr>() {
            Ok(next) => address = next.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

/// Whether the request comes through a trusted proxy that does not say for whom it asks. Then everyone
/// has the proxy's address, which is worth a word in the log; one, since it holds of every request.
pub(crate) fn hidden_by_proxy(headers: &HeaderMap, peer: IpAddr, app: &App) -> bool {
    static TOLD: Once = Once::new();
    let hidden =
        app.config.trusted_proxies.contains(&peer.to_canonical()) && !headers.contains_key("x-forwarded-for");
    if hidden {
        TOLD.call_once(|| {
            tracing::warn!(
                proxy = %peer,
                "a trusted proxy sends no X-Forwarded-For: everyone who comes through it counts as one address"
            );
        });
    }
    hidden
}

/// From where a person signs in, as the store keeps it with the session.
#[derive(Debug, Clone)]
pub struct FromWhere(pub Origin);

impl FromRequestParts<Arc<App>> for FromWhere {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<FromWhere, Self::Rejection> {
        let agent = parts.headers.get("user-agent").and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(FromWhere(Origin {
            address: client(parts, app).to_string(),
            agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        }))
    }
}

/// Who calls the API: the account of a key, or of a session; for changes, the
/// session's token must stand in the header `X-CSRF-Token`.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// From where, for the log of reads.
    pub source: String,
    /// The token of the session, where it is one.
    pub csrf: Option<String>,
}

impl Caller {
    /// The reader of a view, for this caller.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn reader(&self, app: &App, view: &ViewParameters) -> Outcome<Reader> {
        view.reader(app, &self.actor, &self.source).await
    }
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Caller, Failure> {
        if let Some(given) = parts.headers.get(AUTHORIZATION) {
            let key = given.to_str().ok().and_then(|text| {
                let (scheme, key) = text.split_once(' ')?;
                // `ApiKey` is what screening clients send.
                let known = ["bearer", "apikey"].iter().any(|own| scheme.eq_ignore_ascii_case(own));
                known.then(|| key.trim().to_owned())
            });
            let actor = match key.filter(|k| !k.is_empty() && k.len() <= 200) {
                Some(key) => app.store.api_key_actor(&key).await?,
                None => None,
            };
            let actor = actor.ok_or_else(|| {
                Failure::with_status(
                    StatusCode::UNAUTHORIZED,
                    Refusal::new("access.key", "The key is not known, or its term is over.")
                        .missing("a key in term: Authorization: Bearer KEY"),
                )
            })?;
            return Ok(Caller { actor, source: client(parts, app).to_string(), csrf: None });
        }
        let signed = Signed::from_request_parts(parts, app).await?;
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            let given = parts.headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
            signed.check_token(given)?;
        }
        Ok(Caller { csrf: Some(signed.session.csrf), actor: signed.session.actor, source: signed.source })
    }
}

/// A form of a person who has signed in, whose hidden field `csrf` is of this session.
#[derive(Debug, Clone)]
pub struct SignedForm<T> {
    /// Who sends it.
    pub signed: Signed,
    /// Its fields.
    pub form: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for SignedForm<T> {
    type Rejection = Failure;

    async fn from_request(mut request: Request, app: &Arc<App>) -> Result<SignedForm<T>, Failure> {
        let signed: Signed = request.extract_parts_with_state(app).await?;
        let pairs = form_pairs(request).await?;
        let token = pairs.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value.as_str());
        signed.check_token(token)?;
        Ok(SignedForm { signed, form: form_of(&pairs)? })
    }
}

/// A form of anyone: the sign-in form.
#[derive(Debug, Clone)]
pub struct PlainForm<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for PlainForm<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<PlainForm<T>, Failure> {
        Ok(PlainForm(form_of(&form_pairs(request).await?)?))
    }
}

async fn form_pairs(request: Request) -> Result<Vec<(String, String)>, Failure> {
    let RawForm(bytes) = RawForm::from_request(request, &()).await.map_err(|rejection| {
        Failure::with_status(
            rejection.status(),
            match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Refusal::new("body.too_large", "The form is larger than is taken here.")
                        .missing("a smaller form")
                }
                StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                    Refusal::new("body.media_type", "The body is not a form.")
                        .missing("application/x-www-form-urlencoded")
                }
                _ => {
                    Refusal::new("form.malformed", "The form cannot be read.").missing("the form sent again")
                }
            },
        )
    })?;
    Ok(form_urlencoded::parse(&bytes).into_owned().collect())
}

fn form_of<T: DeserializeOwned>(pairs: &[(String, String)]) -> Result<T, Failure> {
    let text = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    serde_urlencoded::from_str(&text).map_err(|e| {
        Failure::with_status(
            StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::new("form.malformed", format!("The form cannot be read: {e}."))
                .missing("all fields of the form"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(csrf: &str, mask: [u8; 16]) -> Signed {
        Signed {
            session: Session {
                actor: Actor::public(),
                csrf: csrf.to_owned(),
                must_change: false,
                opened_at: jiff::Timestamp::UNIX_EPOCH,
                expires_at: jiff::Timestamp::UNIX_EPOCH,
            },
            token: String::new(),
            source: String::new(),
            mask,
        }
    }

    #[test]
    fn the_token_of_a_form_is_masked_and_checked() {
        let one = signed("0123456789abcdef", [7; 16]);
        let two = signed("0123456789abcdef", [9; 16]);
        assert_ne!(one.form_token(), two.form_token());
        assert!(one.check_token(&two.form_token()).is_ok());
        assert!(one.check_token("0123456789abcdef").is_ok());
        let other = signed("fedcba9876543210", [7; 16]);
        for bad in ["", "zz", &other.form_token(), "ü", &"0".repeat(31), &"0".repeat(32)] {
            assert_eq!(one.check_token(bad).unwrap_err().code, "access.csrf", "{bad}");
        }
        assert!(signed("", [1; 16]).check_token("").is_err());
    }

    #[test]
    fn a_broken_cookie_is_no_session() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_bytes(text.as_bytes()).unwrap());
            cookie(&headers, "entente")
        };
        let token = "a".repeat(64);
        assert_eq!(read(&format!("x=1; entente={token}")), Some(token.clone()));
        for bad in ["", "entente", "entente=", "entente=short", "other=1", "entente=\u{fffd}"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(read(&format!("entente={token}; entente={token}")), None);
    }

    #[test]
    fn nobody_is_sent_to_another_server() {
        assert_eq!(place_after_sign_in(Some("/contracts?as_of=2012-09-30")), "/contracts?as_of=2012-09-30");
        for bad in ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/a b"] {
            assert_eq!(place_after_sign_in(Some(bad)), "/", "{bad}");
        }
        assert_eq!(place_after_sign_in(None), "/");
    }
}
