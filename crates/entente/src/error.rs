//! What a request gets that does not get its answer.
//!
//! A handler returns a [`Failure`]. It leaves the handler as a status and an
//! extension of the response, and is drawn in one place, [`draw`]: as
//! `application/problem+json` (RFC 9457) for programs, as a page for people. What
//! was refused is told with its field and the missing condition; what broke is
//! logged, and told with a reference number and nothing else.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts, Query, Request, State};
use axum::http::header::{ALLOW, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use entente_register::ledger::Refusal;
use entente_store::{Error, Fault, FaultKind};
use serde::Serialize;

use crate::app::App;
use crate::server::RequestId;
use crate::session::Signed;

/// What a handler returns.
pub type Answer<T = Response> = Result<T, Failure>;

/// Why a request did not get its answer.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The domain, or the border, says no.
    Refused {
        /// The status, by [`status_of`] or as the protocol asks.
        status: StatusCode,
        /// What is missing.
        refusal: Box<Refusal>,
        /// When to come again, in seconds.
        retry_after: Option<u32>,
    },
    /// We broke.
    Broke(Arc<Fault>),
    /// The answer is at another address (status 303).
    Elsewhere(String),
}

impl Failure {
    /// A refusal of the protocol, with the status that it asks for.
    pub fn with_status(status: StatusCode, refusal: Refusal) -> Failure {
        Failure::Refused { status, refusal: Box::new(refusal), retry_after: None }
    }

    /// The refusal, if it is one: for a page that shows it in place.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Failure::Refused { refusal, .. } => Some(refusal),
            _ => None,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Failure {
        Failure::with_status(status_of(&refusal), refusal)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Failure {
        Failure::Broke(Arc::new(fault))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Refusal(refusal) => refusal.into(),
            Error::Fault(fault) => fault.into(),
        }
    }
}

/// The status of a refusal, by its code.
pub fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.code {
        "not_found" => StatusCode::NOT_FOUND,
        "conflict" => StatusCode::CONFLICT,
        "access.sign_in" | "access.session" => StatusCode::UNAUTHORIZED,
        "access.locked" | "access.too_many" => StatusCode::TOO_MANY_REQUESTS,
        code if code.starts_with("access.") => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn status_of_fault(fault: &Fault) -> StatusCode {
    match fault.kind {
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        FaultKind::Damaged | FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// After how many seconds an unavailable database is worth another try.
const RETRY_SECONDS: u32 = 5;

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        match &self {
            Failure::Refused { status, retry_after, .. } => {
                *response.status_mut() = *status;
                if let Some(seconds) = retry_after {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(*seconds));
                }
            }
            Failure::Broke(fault) => {
                *response.status_mut() = status_of_fault(fault);
                if fault.kind == FaultKind::Unavailable {
                    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(RETRY_SECONDS));
                }
            }
            Failure::Elsewhere(to) => {
                *response.status_mut() = StatusCode::SEE_OTHER;
                // A place that is no header value came from outside; the front page is always there.
                let place = HeaderValue::from_str(to).unwrap_or_else(|_| HeaderValue::from_static("/"));
                response.headers_mut().insert(LOCATION, place);
                return response;
            }
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A failure in words: the JSON object of RFC 9457, and what an error page shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the status says the sort, `code` the case.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: String,
    /// The status.
    pub status: u16,
    /// What is wrong, in words that the reader can act on.
    pub detail: String,
    /// Stable identifier for programs, for example `delivery.beyond_line`.
    pub code: String,
    /// The input field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The condition that must hold before the same request would pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// What to name to the people who run this server, where something broke.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Problem {
        Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error").to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            field: None,
            missing: None,
            reference: None,
        }
    }

    fn of(failure: &Failure, reference: &str) -> Problem {
        match failure {
            Failure::Refused { status, refusal, .. } => Problem {
                field: refusal.field.clone(),
                missing: refusal.missing.clone(),
                ..Problem::new(*status, refusal.code, refusal.message.clone())
            },
            Failure::Broke(fault) => {
                let (code, detail) = match fault.kind {
                    FaultKind::Unavailable => (
                        "fault.unavailable",
                        "The register is not available at this moment. Nothing was changed.",
                    ),
                    FaultKind::DiskFull => {
                        ("fault.disk_full", "There is no room left to write. Nothing was changed.")
                    }
                    FaultKind::Damaged | FaultKind::Internal => {
                        ("fault.internal", "Something broke on our side. Nothing was changed.")
                    }
                };
                Problem {
                    reference: Some(reference.to_owned()),
                    ..Problem::new(status_of_fault(fault), code, detail)
                }
            }
            Failure::Elsewhere(_) => Problem::new(StatusCode::SEE_OTHER, "elsewhere", "See there."),
        }
    }

    /// What the router and its layers say with a bare status.
    fn of_status(status: StatusCode, detail: &str, allow: Option<&HeaderValue>) -> Problem {
        match status {
            StatusCode::NOT_FOUND => Problem::new(status, "http.no_such_page", "There is no such page."),
            StatusCode::METHOD_NOT_ALLOWED => Problem {
                missing: allow.and_then(|a| a.to_str().ok()).map(|a| format!("one of the methods {a}")),
                ..Problem::new(status, "http.method", "This page does not take this method.")
            },
            StatusCode::PAYLOAD_TOO_LARGE => Problem {
                missing: Some("a smaller body".to_owned()),
                ..Problem::new(
                    status,
                    "body.too_large",
                    "The body of the request is larger than is taken here.",
                )
            },
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Problem::new(status, "body.media_type", "The body is of a media type that is not taken here.")
            }
            _ => Problem::new(
                status,
                "http.malformed",
                if detail.is_empty() { "The request cannot be read." } else { detail },
            ),
        }
    }

    /// As a response for programs.
    pub fn into_json(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // A structure of texts always serialises.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(CONTENT_TYPE, "application/problem+json")], body).into_response()
    }
}

/// Whether an answer under this path is for programs.
pub fn is_for_programs(path: &str) -> bool {
    path == "/api"
        || path.starts_with("/api/")
        || path.starts_with("/health/")
        || path == "/metrics"
        || crate::wire::is_wire(path)
}

/// The longest bare message of a layer that is shown.
const MAX_BARE: usize = 2000;

/// Draws every failure, of handlers and of layers, for its reader.
pub(crate) async fn draw(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let programs = is_for_programs(request.uri().path());
    let wire = crate::wire::is_wire(request.uri().path());
    let reference = request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone());
    // A change is not asked again by a form of the view.
    let asked = (request.method() == Method::GET)
        .then(|| Query::<Vec<(String, String)>>::try_from_uri(request.uri()).ok())
        .flatten()
        .map(|Query(pairs)| (request.uri().path().to_owned(), pairs));
    let (parts, body) = request.into_parts();
    // Only pages for people say who has signed in.
    let kept = (!programs).then(|| parts.clone());
    let response = next.run(Request::from_parts(parts, body)).await;
    let status = response.status();
    let failure = response.extensions().get::<Failure>().cloned();
    if failure.is_none() && !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let problem = match &failure {
        Some(failure) => {
            if let Failure::Broke(fault) = failure {
                tracing::error!(kind = ?fault.kind, doing = %fault.doing, cause = %fault.cause, "a request broke");
            }
            Problem::of(failure, &reference)
        }
        None => {
            let bare =
                parts.headers.get(CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
            if !bare {
                return Response::from_parts(parts, body);
            }
            let bytes = to_bytes(body, MAX_BARE).await.unwrap_or_default();
            Problem::of_status(status, &String::from_utf8_lossy(&bytes), parts.headers.get(ALLOW))
        }
    };
    let mut drawn = if wire {
        crate::wire::draw(&problem)
    } else if programs {
        problem.into_json()
    } else {
        // Where the database is away nobody can be known, and the page says what it has to say without a name.
        let signed = match kept {
            Some(mut kept) => Signed::from_request_parts(&mut kept, &app).await.ok(),
            None => None,
        };
        crate::web::failure_page(
            &app,
            &problem,
            signed.as_ref(),
            asked.as_ref().map(|(path, pairs)| (path.as_str(), pairs.as_slice())),
        )
    };
    *drawn.status_mut() = status;
    for name in [RETRY_AFTER, ALLOW, axum::http::header::WWW_AUTHENTICATE] {
        if let Some(value) = parts.headers.remove(&name) {
            drawn.headers_mut().insert(name, value);
        }
    }
    drawn
}
