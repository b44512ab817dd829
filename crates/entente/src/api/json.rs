//! Bodies in and out: strict JSON, and representations with their `ETag`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse as _;
use entente_register::ledger::{Fallible, Refusal};
use entente_store::Fault;
use entente_store::reader::{Listing, Page};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::app::App;
use crate::error::{Answer, Failure};
use crate::limit::short;
use crate::parameters::{NAMES, PageParameters, ViewParameters, query_pairs};
use crate::session::original;

/// The parameters of every read.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "a description; `Asked` reads them")]
pub(crate) struct View {
    /// Acts dated after this day do not count; today if absent.
    #[param(format = Date, example = "2012-09-30")]
    as_of: Option<String>,
    /// What was recorded after this instant is not known; now if absent. A day alone means its end.
    #[param(example = "2012-10-01T00:00:00Z")]
    known_at: Option<String>,
    /// Which act makes a delivery count: `title_passed` or `handed_over`.
    counting: Option<String>,
    /// The plan version, `YEAR:VERSION`; the latest approved by the cut-off if absent.
    plan: Option<String>,
    /// ISO 4217 code; USD if absent.
    currency: Option<String>,
}

/// Which part of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "a description; `Asked` reads them")]
pub(crate) struct Rows {
    /// Rows to pass over.
    #[param(minimum = 0)]
    offset: Option<i64>,
    /// Rows to give, 50 if absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
}

/// What a read asks for.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// As of when, as known when, by which conventions.
    pub(crate) view: ViewParameters,
    /// Which part of a list.
    pub(crate) page: Page,
    /// Whether a part of a list was asked for.
    paged: bool,
    others: BTreeMap<String, String>,
    path: String,
    known_tags: Option<String>,
}

impl Asked {
    /// A parameter of this read alone.
    ///
    /// # Errors
    /// `parameter.too_long`.
    pub(crate) fn other(&self, name: &str) -> Fallible<Option<&str>> {
        let value = self.others.get(name).map(String::as_str).filter(|v| !v.is_empty());
        if let Some(value) = value {
            short(name, value)?;
        }
        Ok(value)
    }

    /// Refuses parameters that the read does not know: a slip must not pass for an answer.
    ///
    /// # Errors
    /// `parameter.unknown`, naming it.
    pub(crate) fn only(&self, names: &[&str]) -> Fallible<()> {
        let Some(unknown) = self.others.keys().find(|name| !names.contains(&name.as_str())) else {
            return Ok(());
        };
        let name: String = unknown.chars().take(60).collect();
        let known: Vec<&str> = names.iter().copied().chain(NAMES).collect();
        Err(Refusal::new("parameter.unknown", format!("There is no parameter {name:?} here."))
            .field(name)
            .missing(format!("only parameters among {}", known.join(", "))))
    }

    /// Refuses the parameters of a view where nothing obeys them.
    ///
    /// # Errors
    /// `parameter.unknown`, naming the first.
    pub(crate) fn no_view(&self) -> Fallible<()> {
        let Some((name, _)) = self.view.pairs().into_iter().next() else { return Ok(()) };
        Err(Refusal::new("parameter.unknown", format!("There is no parameter {name:?} here."))
            .field(name)
            .missing("no parameter of a view: what is here is read as it stands"))
    }

    /// The answer, or 304 where the caller has it already.
    pub(crate) fn answer<T: Serialize>(&self, value: &T) -> Answer {
        let (body, tag) = represent(value)?;
        let known = !self.paged
            && self
                .known_tags
                .as_ref()
                .is_some_and(|tags| tags.split(',').any(|t| same_tag(t, &tag) || t.trim() == "*"));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            ([(CONTENT_TYPE, "application/json")], body).into_response()
        };
        // A part of a list has a tag that no `If-Match` could ever meet, since that is of the whole.
        if !self.paged
            && let Ok(value) = HeaderValue::from_str(&tag)
        {
            response.headers_mut().insert(ETAG, value);
        }
        Ok(response)
    }

    /// A page of a list with the link to the next.
    pub(crate) fn list<T: Serialize>(&self, listing: Listing<T>) -> Answer {
        let shown = listing.page.offset.saturating_add(i64::try_from(listing.rows.len()).unwrap_or(0));
        let next = (shown < listing.total && !listing.rows.is_empty()).then(|| self.link(shown));
        self.answer(&List {
            rows: listing.rows,
            total: listing.total,
            offset: listing.page.offset,
            limit: listing.page.limit,
            next,
        })
    }

    /// A list that comes whole.
    pub(crate) fn whole<T: Serialize>(&self, rows: Vec<T>) -> Answer {
        self.answer(&Whole { rows })
    }

    fn link(&self, offset: i64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.view.pairs());
        for (name, value) in &self.others {
            query.append_pair(name, value);
        }
        query.append_pair("offset", &offset.to_string());
        query.append_pair("limit", &self.page.limit.to_string());
        format!("{}?{}", self.path, query.finish())
    }
}

impl FromRequestParts<Arc<App>> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Asked, Failure> {
        let pairs = query_pairs(parts)?;
        let known_tags = parts.headers.get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let view = ViewParameters::parse(&pairs)?;
        let PageParameters(page) = PageParameters::parse(&pairs)?;
        let paged =
            pairs.iter().any(|(name, value)| (name == "offset" || name == "limit") && !value.is_empty());
        let others = pairs
            .into_iter()
            .filter(|(name, _)| !NAMES.contains(&name.as_str()) && name != "offset" && name != "limit")
            .collect();
        Ok(Asked { view, page, paged, others, path: original(parts).path().to_owned(), known_tags })
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// The rows of the page.
    pub(crate) rows: Vec<T>,
    /// Rows in all, of those that are open to the caller.
    pub(crate) total: i64,
    /// Rows passed over.
    pub(crate) offset: i64,
    /// Rows asked for.
    pub(crate) limit: i64,
    /// Where the next page is; null on the last.
    pub(crate) next: Option<String>,
}

/// A list that comes whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Whole<T> {
    /// The rows.
    pub(crate) rows: Vec<T>,
}

/// A representation as bytes, and its tag: a hash of them, telling nothing of versions.
pub(crate) fn represent<T: Serialize>(value: &T) -> Result<(Vec<u8>, String), Fault> {
    let mut body = serde_json::to_vec(value).map_err(|e| Fault::internal("writing JSON", e))?;
    body.push(b'\n');
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..16]));
    Ok((body, tag))
}

/// Whether two tags are the same; one made weak by a cache on the way still names the same.
pub(crate) fn same_tag(given: &str, own: &str) -> bool {
    given.trim().trim_start_matches("W/") == own
}

/// A body of strict JSON: unknown fields are refused, a malformed place is named.
#[derive(Debug, Clone)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Json<T>, Failure> {
        check_media_type(request.headers())?;
        let bytes = body(request, app).await?;
        let text = if bytes.is_empty() { &b"{}"[..] } else { &bytes[..] };
        serde_json::from_slice(text).map(Json).map_err(|e| of_json(&e))
    }
}

fn check_media_type(headers: &HeaderMap) -> Result<(), Failure> {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    // A command without a body needs no type; nor can a form of another site send this one unasked.
    if essence.is_empty() || essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Failure::with_status(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Refusal::new("body.media_type", "The body is not JSON.").missing("Content-Type: application/json"),
    ))
}

/// The whole body, within the limit.
pub(crate) async fn body(request: Request, app: &Arc<App>) -> Result<Bytes, Failure> {
    Bytes::from_request(request, app).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Failure::with_status(
                StatusCode::PAYLOAD_TOO_LARGE,
                Refusal::new("body.too_large", "The body of the request is larger than is taken here.")
                    .missing("a smaller body"),
            );
        }
        Failure::with_status(
            StatusCode::BAD_REQUEST,
            Refusal::new("body.broken", "The body of the request broke off.").missing("the whole body"),
        )
    })
}

fn of_json(error: &serde_json::Error) -> Failure {
    let place = format!("line {}, column {}", error.line(), error.column());
    let words = error.to_string();
    // What is wrong, without the place that serde_json puts behind it.
    let words = words.split(" at line ").next().unwrap_or_default();
    match error.classify() {
        serde_json::error::Category::Data => {
            let mut refusal = Refusal::new(
                "json.shape",
                format!("The body is not what this request takes: {words} ({place})."),
            )
            .missing("the fields that the description at /api/v1/openapi.json names");
            // serde names the field between backticks where it is about one.
            if let Some(field) = words.split('`').nth(1).filter(|_| words.contains("field")) {
                refusal = refusal.field(field);
            }
            Failure::with_status(StatusCode::UNPROCESSABLE_ENTITY, refusal)
        }
        _ => Failure::with_status(
            StatusCode::BAD_REQUEST,
            Refusal::new("json.malformed", format!("The body is not JSON: {words} ({place})."))
                .missing("JSON in UTF-8"),
        ),
    }
}
