//! What every text of a table for a spreadsheet must be.

/// A text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}
