//! The files of the pages: one style sheet and the icon, each under a name that changes with its bytes.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// The style sheet; the brief as a document carries it within.
pub(crate) const SHEET: &str = include_str!("../../assets/entente.css");

const ICON: &str = include_str!("../../assets/icon.svg");

struct Asset {
    path: String,
    media_type: &'static str,
    text: &'static str,
}

static ASSETS: LazyLock<[Asset; 2]> = LazyLock::new(|| {
    let asset = |name: &str, ending: &str, media_type, text: &'static str| {
        let digest = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
        Asset { path: format!("/assets/{name}-{digest}.{ending}"), media_type, text }
    };
    [asset("entente", "css", "text/css; charset=utf-8", SHEET), asset("icon", "svg", "image/svg+xml", ICON)]
});

/// Address of the style sheet.
pub(crate) fn sheet_path() -> &'static str {
    &ASSETS[0].path
}

/// Address of the icon.
pub(crate) fn icon_path() -> &'static str {
    &ASSETS[1].path
}

/// `GET /assets/{name}`: kept by browsers for good, because another content has another name.
pub(crate) async fn get(Path(name): Path<String>) -> Response {
    let Some(asset) = ASSETS.iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [(CONTENT_TYPE, asset.media_type), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, asset.text).into_response()
}

/// `GET /favicon.ico`, for those who ask without having read the page.
pub(crate) async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, "public, max-age=86400")], ICON).into_response()
}
