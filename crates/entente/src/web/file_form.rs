//! Forms with a file, read part by part: what is said where one is none, breaks off, or is larger than is taken.

use std::sync::Arc;

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::StatusCode;
use entente_register::ledger::Refusal;

use crate::app::App;
use crate::error::{Answer, Failure};

/// The body as the form that it must be; `page` is what sends it.
///
/// # Errors
/// `body.media_type`.
pub(in crate::web) async fn open(request: Request, app: &Arc<App>, page: &str) -> Answer<Multipart> {
    Multipart::from_request(request, app).await.map_err(|_| {
        Failure::with_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::new("body.media_type", "The body is not a form with a file.")
                .missing(format!("multipart/form-data, as {page} sends it")),
        )
    })
}

/// Why the form could not be read; `too_large` is what is said of its file.
pub(in crate::web) fn broken(error: &MultipartError, too_large: impl FnOnce() -> Failure) -> Failure {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return too_large();
    }
    Failure::with_status(
        StatusCode::BAD_REQUEST,
        Refusal::new("form.malformed", "The form with the file broke off, or cannot be read.")
            .field("file")
            .missing("the file sent again"),
    )
}

/// The bytes of a field, of at most so many; `too_large` is what is said of more.
///
/// # Errors
/// What is said where there are more, or the form breaks off.
pub(in crate::web) async fn bytes(
    mut field: Field<'_>,
    most: usize,
    broken: impl Fn(&MultipartError) -> Failure,
    too_large: impl FnOnce() -> Failure,
) -> Answer<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(piece) = field.chunk().await.map_err(|e| broken(&e))? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > most {
            return Err(too_large());
        }
    }
    Ok(bytes)
}

/// A field that is no file, of at most so many bytes.
///
/// # Errors
/// `body.too_large`, or what is said where the form breaks off.
pub(in crate::web) async fn text(
    field: Field<'_>,
    most: usize,
    broken: impl Fn(&MultipartError) -> Failure,
) -> Answer<String> {
    let too_large = || {
        Failure::with_status(
            StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::new("body.too_large", "A field of the form is larger than is taken here.")
                .missing("the form as the page sends it"),
        )
    };
    let bytes = bytes(field, most, broken, too_large).await?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
