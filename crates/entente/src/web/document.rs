//! A document: its page, and its file.
//!
//! What people wrote is never shown as a page of ours: plain text is shown within
//! the page as text, and everything is given as a file to keep, in a sandbox.

use askama::Template;
use axum::body::Bytes;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use entente_register::ledger::{Refusal, Subject};
use entente_store::reader::DocumentContent;
use sha2::{Digest, Sha256};

use super::frame::{Frame, Part};
use super::history::{path, subject};
use super::page;
use super::show;
use super::visit::Visit;
use super::way::Way;
use crate::error::Answer;

/// Bytes of a text that is shown in its page; a list of those under measures can have hundreds of millions.
const SHOWN: usize = 1 << 20;

/// Everything on a document's page.
#[derive(Debug, Clone)]
pub(crate) struct DocumentView {
    pub(crate) title: String,
    pub(crate) dated: String,
    pub(crate) of: String,
    pub(crate) of_href: String,
    pub(crate) media_type: String,
    pub(crate) size: String,
    pub(crate) hash: String,
    /// Whether the bytes have this hash.
    pub(crate) sound: bool,
    pub(crate) file_href: String,
    /// The text, where it is plain text.
    pub(crate) text: Option<String>,
}

#[derive(Template)]
#[template(path = "document.html")]
pub(super) struct DocumentPage {
    pub(super) frame: Frame,
    pub(super) document: DocumentView,
}

type Place = (String, String, String);

fn place((word, number, content): Place) -> Result<(Subject, String), Refusal> {
    let subject = subject(&word, &number).ok_or_else(|| Refusal::not_found("document", &content))?;
    Ok((subject, content))
}

/// `GET /{subjects}/{number}/documents/{content}`
pub(super) async fn get(visit: Visit, Path(named): Path<Place>) -> Answer {
    let (subject, hash) = place(named)?;
    let reader = visit.reader().await?;
    let content = reader.document(&subject, &hash).await?;
    page(&DocumentPage {
        frame: visit
            .frame(Part::Contracts, content.document.title.clone(), &reader)
            .marked(Some(&content.label)),
        document: view(&content, &subject, &hash, &visit.way()),
    })
}

/// `GET /{subjects}/{number}/documents/{content}/file`
pub(super) async fn file(visit: Visit, Path(named): Path<Place>) -> Answer {
    let (subject, hash) = place(named)?;
    let content = visit.reader().await?.document(&subject, &hash).await?;
    let name = file_name(&content);
    // The media type is the register's word on it, and the browser is told to keep, not to show.
    let headers = [
        (CONTENT_TYPE, safe_type(&content.media_type)),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, Bytes::from(content.bytes)).into_response())
}

/// Writes it for people.
pub(crate) fn view(content: &DocumentContent, subject: &Subject, hash: &str, way: &Way) -> DocumentView {
    let own = path(subject.kind, &subject.key);
    let is_text = content.media_type.split(';').next() == Some("text/plain");
    DocumentView {
        title: content.document.title.clone(),
        dated: show::full_day(content.document.dated),
        of: format!("{} {}", show::capital(subject.kind.word()), own.rsplit('/').next().unwrap_or_default()),
        of_href: way.to(&own),
        media_type: content.media_type.clone(),
        size: format!("{} bytes", show::count(i64::try_from(content.bytes.len()).unwrap_or(i64::MAX))),
        hash: hash.to_owned(),
        sound: hex::encode(Sha256::digest(&content.bytes)) == hash,
        file_href: way.to(&format!("{own}/documents/{hash}/file")),
        text: (is_text && content.bytes.len() <= SHOWN)
            .then(|| String::from_utf8(content.bytes.clone()).ok())
            .flatten(),
    }
}

/// A name of plain letters from the title.
fn file_name(content: &DocumentContent) -> String {
    let mut name: String = content
        .document
        .title
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .take(80)
        .collect();
    while name.contains("--") {
        name = name.replace("--", "-");
    }
    let ending = match content.media_type.split(';').next().unwrap_or_default() {
        "text/plain" => "txt",
        "application/pdf" => "pdf",
        "text/csv" => "csv",
        "application/json" => "json",
        "application/xml" => "xml",
        "application/zip" => "zip",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        _ => "bin",
    };
    format!("{}.{ending}", name.trim_matches('-'))
}

/// The media type, if it is one of those that no browser runs.
fn safe_type(media_type: &str) -> String {
    match media_type.split(';').next().unwrap_or_default().trim() {
        known @ ("application/pdf" | "text/csv" | "application/json" | "image/png" | "image/jpeg") => {
            known.to_owned()
        }
        "text/plain" => "text/plain; charset=utf-8".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::sample;

    #[test]
    fn a_file_has_a_plain_name_and_is_never_a_page() {
        let mut content = sample::document();
        content.document.title = "Acceptance \"certificate\"\r\n14/2012".to_owned();
        assert_eq!(file_name(&content), "acceptance-certificate-14-2012.txt");
        assert_eq!(safe_type("text/html"), "application/octet-stream");
        assert_eq!(safe_type("image/svg+xml"), "application/octet-stream");
        assert_eq!(safe_type("text/plain"), "text/plain; charset=utf-8");
    }
}
