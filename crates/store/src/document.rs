//! Documents by their content: whether bytes are those that a hash names, and which hash an event names.

use entente_register::ledger::Fact;
use sha2::{Digest as _, Sha256};

/// The name of a document's bytes: SHA-256, hexadecimal.
pub(crate) fn content_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Whether bytes are those that a hash names.
pub(crate) fn is_content(content: &str, bytes: &[u8]) -> bool {
    content_of(bytes) == content
}

/// The hashes of the documents that a stored event names; none also where the payload cannot be read.
pub(crate) fn named_documents(kind: &str, payload: &str) -> Vec<String> {
    // Most events name none, and are not read for it.
    if !payload.contains("\"content\":\"") {
        return Vec::new();
    }
    let Ok(fact) = Fact::decode(kind, payload.as_bytes()) else { return Vec::new() };
    fact.documents().into_iter().filter_map(|document| document.content.clone()).collect()
}
