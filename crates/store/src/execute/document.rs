//! Documents: bytes held under their hash, which facts refer to.

use std::collections::HashSet;

use entente_register::access::{Actor, CommandKind, Reading, may_command, may_keep_paper, may_read};
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Fallible, NewEvent, Refusal, Subject, SubjectKind};
use entente_register::market::file::MOST_BYTES;

use super::Batch;
use crate::database::Connection;
use crate::document::content_of;
use crate::error::{Fault, Outcome};
use crate::store::Store;

/// Largest document: 20 MiB.
pub const LARGEST_DOCUMENT: usize = 20 * 1024 * 1024;

/// Largest edition of a list: 512 MiB. Both databases hold one value of a gigabyte at most.
pub const LARGEST_LIST: usize = 512 * 1024 * 1024;

/// What an edition of a list may be.
const LIST_MEDIA_TYPES: &[&str] = &["application/xml", "application/zip", "text/csv", "text/plain"];

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

/// Whether bytes begin as those of a kind do: what is said of a file is not what it is.
fn begins_as(essence: &str, bytes: &[u8]) -> bool {
    let begins = |with: &[&[u8]]| with.iter().any(|with| bytes.starts_with(with));
    // A text of two bytes a letter has zeros in it, and a mark before it that says so.
    let is_text = || begins(&[b"\xff\xfe", b"\xfe\xff"]) || !bytes.contains(&0);
    match essence {
        // Some programs write a line before it.
        "application/pdf" => bytes[..bytes.len().min(1024)].windows(4).any(|four| four == b"%PDF"),
        "application/xml" => {
            let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
            is_text() && (first == Some(&b'<') || begins(&[b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\x00<"]))
        }
        "image/jpeg" => begins(&[b"\xff\xd8\xff"]),
        "image/png" => begins(&[b"\x89PNG\r\n\x1a\n"]),
        "image/tiff" => begins(&[b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]),
        "text/csv" | "text/plain" => is_text(),
        // Documents of offices are archives.
        _ => begins(&[b"PK\x03\x04"]),
    }
}

/// A document that may be kept.
struct Checked {
    essence: String,
    /// SHA-256 of the bytes, hexadecimal.
    content: String,
}

impl Checked {
    fn of(media_type: &str, bytes: &[u8]) -> Fallible<Checked> {
        let checked = Checked::within(MEDIA_TYPES, LARGEST_DOCUMENT, media_type, bytes)?;
        if begins_as(&checked.essence, bytes) {
            return Ok(checked);
        }
        Err(Refusal::new(
            "document.other_kind",
            format!("The file is no {}, though it is said to be.", checked.essence),
        )
        .field("document")
        .missing("the file as the program that made it wrote it, under its own kind"))
    }

    fn within(kinds: &[&str], most: usize, media_type: &str, bytes: &[u8]) -> Fallible<Checked> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !kinds.contains(&essence.as_str()) {
            return Err(Refusal::new("document.media_type", "A document of this kind is not accepted.")
                .field("document")
                .missing(format!("one of {}", kinds.join(", "))));
        }
        if bytes.is_empty() {
            return Err(Refusal::new("document.empty", "The document is empty.")
                .field("document")
                .missing("a document with content"));
        }
        if bytes.len() > most {
            return Err(Refusal::new(
                "document.too_large",
                format!("The document has {} bytes.", bytes.len()),
            )
            .field("document")
            .missing(format!("at most {most} bytes")));
        }
        Ok(Checked { essence, content: content_of(bytes) })
    }

    /// The same bytes under another media type stay what they were first.
    async fn write(&self, connection: &mut Connection<'_>, bytes: &[u8]) -> Result<(), Fault> {
        connection
            .execute(
                "keeping a document",
                "INSERT INTO document_content (content, media_type, size, bytes) VALUES ($1, $2, $3, $4) ON CONFLICT (content) DO NOTHING",
                &[
                    self.content.as_str().into(),
                    self.essence.as_str().into(),
                    i64::try_from(bytes.len()).unwrap_or(i64::MAX).into(),
                    bytes.into(),
                ],
            )
            .await?;
        Ok(())
    }
}

impl Store {
    /// Keeps a document's bytes and gives their content hash (SHA-256, hexadecimal), for a fact to refer to.
    ///
    /// A document is no event, so the ledger's lock is not taken: nobody who records something waits
    /// for a large file.
    ///
    /// # Errors
    /// `access.role` if the actor may give no command that names a paper; `document.*` if it is empty or
    /// beyond the limit of size, or its media type is not accepted.
    pub async fn keep_document(&self, actor: &Actor, media_type: &str, bytes: Vec<u8>) -> Outcome<String> {
        may_keep_paper(actor)?;
        self.keep_checked(actor, media_type, bytes, Checked::of).await
    }

    /// Keeps the bytes of an edition of a list and gives their content hash, as [`Store::keep_document`] does.
    ///
    /// # Errors
    /// `access.role` if the actor may load no list; `document.*` if it is empty or beyond [`LARGEST_LIST`].
    pub async fn keep_list(&self, actor: &Actor, media_type: &str, bytes: Vec<u8>) -> Outcome<String> {
        may_command(actor, CommandKind::ListLoad)?;
        let check = |media_type: &str, bytes: &[u8]| {
            Checked::within(LIST_MEDIA_TYPES, LARGEST_LIST, media_type, bytes)
        };
        self.keep_checked(actor, media_type, bytes, check).await
    }

    /// Keeps the bytes of an edition of a statistic and gives their content hash, as [`Store::keep_document`] does.
    ///
    /// # Errors
    /// `access.role` if the actor may import none; `document.*` if it is empty or beyond [`MOST_BYTES`].
    pub async fn keep_statistic(&self, actor: &Actor, bytes: Vec<u8>) -> Outcome<String> {
        may_command(actor, CommandKind::StatisticImport)?;
        let check =
            |media_type: &str, bytes: &[u8]| Checked::within(&["text/csv"], MOST_BYTES, media_type, bytes);
        self.keep_checked(actor, "text/csv", bytes, check).await
    }

    async fn keep_checked(
        &self,
        actor: &Actor,
        media_type: &str,
        bytes: Vec<u8>,
        check: impl FnOnce(&str, &[u8]) -> Fallible<Checked> + Send + 'static,
    ) -> Outcome<String> {
        let media_type = media_type.to_owned();
        let hashing =
            tokio::task::spawn_blocking(move || check(&media_type, &bytes).map(|checked| (checked, bytes)));
        let (checked, bytes) = hashing.await.map_err(|e| Fault::internal("hashing a document", e))??;
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        checked.write(&mut connection, &bytes).await?;
        connection
            .execute(
                "keeping who gave a document",
                "INSERT INTO document_giver (content, account) VALUES ($1, $2) ON CONFLICT (content, account) DO NOTHING",
                &[checked.content.as_str().into(), actor.account.as_str().into()],
            )
            .await?;
        transaction.commit().await?;
        Ok(checked.content)
    }
}

impl Batch {
    /// Keeps a document's bytes.
    pub(super) async fn keep(&mut self, media_type: &str, bytes: &[u8]) -> Outcome<String> {
        let checked = Checked::of(media_type, bytes)?;
        if !self.held.contains(&checked.content) {
            checked.write(&mut self.transaction.connection(), bytes).await?;
            self.held.insert(checked.content.clone());
        }
        Ok(checked.content)
    }

    /// Refuses an event that names a document which the register does not hold, or which is not open to the
    /// actor. The two answer alike: a hash alone must neither tell that a document is there nor open it.
    ///
    /// Open is what the actor has given, here or before, and what a subject names that the actor may see.
    pub(super) async fn check_held(&mut self, actor: &Actor, event: &NewEvent) -> Outcome<()> {
        for content in event.fact.documents().into_iter().filter_map(|document| document.content.as_ref()) {
            let open = self.held.contains(content)
                || self.was_given(actor, content).await?
                || self.is_seen(actor, content).await?;
            if !open {
                return Err(Refusal::new(
                    "document.not_held",
                    "The register does not hold the document named.",
                )
                .field("document")
                .missing("the document's bytes, kept before they are referred to")
                .into());
            }
        }
        Ok(())
    }

    async fn was_given(&mut self, actor: &Actor, content: &str) -> Result<bool, Fault> {
        let sql = "SELECT account FROM document_giver WHERE content = $1 AND account = $2";
        let values = [content.into(), actor.account.as_str().into()];
        let row =
            self.transaction.connection().fetch_optional("looking for a document", sql, &values).await?;
        Ok(row.is_some())
    }

    async fn is_seen(&mut self, actor: &Actor, content: &str) -> Outcome<bool> {
        let doing = "looking for a document";
        let sql = "SELECT subject FROM document_use WHERE content = $1 ORDER BY subject";
        let rows = {
            let mut connection = self.transaction.connection();
            self.views.flush(&mut connection).await?;
            connection.fetch(doing, sql, &[content.into()]).await?
        };
        // Many deliveries of a contract may share a paper.
        let mut asked = HashSet::new();
        for row in rows {
            let subject: Subject =
                row.text_ref(0)?.parse().map_err(|e: Refusal| Fault::damaged(doing, e.message))?;
            let seen = match subject.kind {
                SubjectKind::Plan => self.sees_papers_of_plan(actor, &subject.key).await?,
                SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty | SubjectKind::Rate => {
                    self.sees_payment(actor, &subject).await?
                }
                SubjectKind::Opportunity => self.sees_opportunity(actor, &subject.key).await?,
                SubjectKind::List => sees_lists(actor),
                SubjectKind::Statistic => may_read(actor, Reading::Partners).is_some(),
                SubjectKind::Application => {
                    self.sees_paper_of_application(actor, &subject.key, content).await?
                }
                SubjectKind::Licence => self.sees_licence(actor, &subject.key).await?,
                SubjectKind::Certificate => {
                    self.sees_paper_of_certificate(actor, &subject.key, content).await?
                }
                SubjectKind::Specimens => self.sees_specimens(actor, &subject.key).await?,
                SubjectKind::Inspection => self.sees_inspection(actor, &subject.key).await?,
                SubjectKind::Guidance => self.sees_guidance(actor, &subject.key).await?,
                SubjectKind::Reexport => self.sees_reexport(actor, &subject.key).await?,
                SubjectKind::Exchange | SubjectKind::CustomsRun | SubjectKind::Discrepancy => {
                    self.sees_customs(actor, &subject).await?
                }
                _ => {
                    let contract = contract_of(&subject.key).to_owned();
                    asked.insert(contract.clone()) && self.sees_named_contract(actor, &contract).await?
                }
            };
            if seen {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether lists are open to the actor.
pub(super) fn sees_lists(actor: &Actor) -> bool {
    may_read(actor, Reading::Screening).is_some()
        && actor.clearance.admits(&entente_register::screening::marking())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_as() {
        for (kind, bytes) in [
            ("application/pdf", b"%PDF-1.7 ".as_slice()),
            ("application/pdf", b"@PJL\n%PDF-1.4"),
            ("application/xml", b"\xef\xbb\xbf<a/>"),
            ("application/xml", b" \n<a/>"),
            ("image/png", b"\x89PNG\r\n\x1a\n"),
            ("text/csv", "имя;число".as_bytes()),
            ("text/plain", b"\xff\xfea\0"),
            ("application/vnd.oasis.opendocument.text", b"PK\x03\x04"),
        ] {
            assert!(begins_as(kind, bytes), "{kind}");
        }
        for kind in MEDIA_TYPES {
            assert!(!begins_as(kind, b"MZ\x90\0\x03\0"), "{kind}");
        }
        assert!(!begins_as("application/pdf", b"<script>"));
        assert!(!begins_as("application/xml", b"PK\x03\x04"));
    }
}
