//! The demonstration's papers: small texts that say of themselves that they are invented.

use entente_register::contract::{ClaimKind, Settlement};
use entente_register::document::Document;
use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

/// The media type of every paper.
pub(super) const MEDIA_TYPE: &str = "text/plain; charset=utf-8";

/// What recipients complain of, in which words, and how it is settled.
pub(super) const COMPLAINTS: [(ClaimKind, &str, &str, Option<Settlement>); 6] = [
    (
        ClaimKind::Shortage,
        "Fewer pieces in two crates than the packing list says",
        "Sent after",
        Some(Settlement::Replaced),
    ),
    (
        ClaimKind::Overage,
        "One crate more than the packing list says",
        "Returned at the exporter’s cost",
        None,
    ),
    (
        ClaimKind::Damage,
        "Water damage to packing and connectors",
        "Repaired on site",
        Some(Settlement::Repaired),
    ),
    (ClaimKind::WrongItem, "Spare parts of an earlier series", "Exchanged", Some(Settlement::Replaced)),
    (
        ClaimKind::Quality,
        "Two units below the agreed output at the acceptance test",
        "Replaced under guarantee",
        Some(Settlement::Replaced),
    ),
    (
        ClaimKind::Documentation,
        "Manuals delivered without their second volume",
        "Volumes sent after",
        Some(Settlement::Replaced),
    ),
];

/// A paper: what the register refers to, and its bytes.
pub(super) struct Paper {
    /// As an event refers to it.
    pub(super) document: Document,
    /// The text.
    pub(super) bytes: Vec<u8>,
}

/// Writes a paper: a title, its date, and what it says as names and values.
pub(super) fn paper(title: String, dated: Date, says: &[(&str, String)], closing: &str) -> Paper {
    let width = says.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = format!(
        "DEMONSTRATION: invented\n\
         This paper belongs to a demonstration register. It records no real contract, party or delivery.\n\n\
         {}\n{dated}\n\n",
        title.to_uppercase()
    );
    for (name, value) in says {
        text.push_str(&format!("{name:<width$}  {value}\n"));
    }
    text.push_str(&format!("\n{closing}\n"));
    let bytes = text.into_bytes();
    let content = Some(hex::encode(Sha256::digest(&bytes)));
    Paper { document: Document { title, dated, content }, bytes }
}
