//! The brief as an HTML document that stands by itself: to be printed, sent, or kept with the papers of a session.

use askama::Template;
use entente_register::brief::Brief;
use entente_store::Fault;

use crate::web::brief::BriefDocument;

/// Writes it. `demonstration` says whether its contracts are invented.
///
/// # Errors
/// A fault if it cannot be written.
pub fn text(brief: &Brief, demonstration: bool) -> Result<String, Fault> {
    BriefDocument::of(brief, demonstration)
        .render()
        .map_err(|e| Fault::internal("writing the brief as a document", e))
}
