//! Documents: bytes held under their hash, which facts refer to.

use entente_register::ledger::{NewEvent, Refusal};
use sha2::{Digest as _, Sha256};

use super::Batch;
use crate::error::Outcome;

/// Largest document: 20 MiB.
pub(crate) const LARGEST_DOCUMENT: usize = 20 * 1024 * 1024;

/// What a document may be. Nothing that a browser would run is among them.
const MEDIA_TYPES: &[&str] = &[
    "application/pdf",
    "application/xml",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "text/csv",
    "text/plain",
];

impl Batch {
    /// Keeps a document's bytes.
    pub(super) async fn keep(&mut self, media_type: &str, bytes: &[u8]) -> Outcome<String> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !MEDIA_TYPES.contains(&essence.as_str()) {
            return Err(Refusal::new("document.media_type", "A document of this kind is not accepted.")
                .field("document")
                .missing(format!("one of {}", MEDIA_TYPES.join(", ")))
                .into());
        }
        if bytes.is_empty() {
            return Err(Refusal::new("document.empty", "The document is empty.")
                .field("document")
                .missing("a document with content")
                .into());
        }
        if bytes.len() > LARGEST_DOCUMENT {
            return Err(Refusal::new(
                "document.too_large",
                format!("The document has {} bytes.", bytes.len()),
            )
            .field("document")
            .missing(format!("at most {LARGEST_DOCUMENT} bytes"))
            .into());
        }
        let content = hex::encode(Sha256::digest(bytes));
        if self.held.contains(&content) {
            return Ok(content);
        }
        // The same bytes under another media type stay what they were first.
        self.transaction
            .connection()
            .execute(
                "keeping a document",
                "INSERT INTO document_content (content, media_type, size, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (content) DO NOTHING",
                &[
                    content.as_str().into(),
                    essence.into(),
                    i64::try_from(bytes.len()).unwrap_or(i64::MAX).into(),
                    bytes.into(),
                ],
            )
            .await?;
        self.held.insert(content.clone());
        Ok(content)
    }

    /// Refuses an event that names a document by a hash that the register does not hold.
    pub(super) async fn check_held(&mut self, event: &NewEvent) -> Outcome<()> {
        let Some(content) = event.fact.document().and_then(|document| document.content.as_ref()) else {
            return Ok(());
        };
        if self.held.contains(content) {
            return Ok(());
        }
        let row = self
            .transaction
            .connection()
            .fetch_optional(
                "looking for a document",
                "SELECT size FROM document_content WHERE content = $1",
                &[content.into()],
            )
            .await?;
        if row.is_none() {
            return Err(Refusal::new("document.not_held", "The register does not hold the document named.")
                .field("document")
                .missing("the document's bytes, kept before they are referred to")
                .into());
        }
        self.held.insert(content.clone());
        Ok(())
    }
}
