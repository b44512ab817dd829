//! Formats in which the program writes and reads, one a file.

pub mod brief_basis;
pub mod brief_html;
pub mod brief_json;
pub mod brief_text;
pub(crate) mod calendar;
pub(crate) mod case_file;
pub(crate) mod control_list;
pub mod denial;
pub mod figure;
pub mod payment;
pub mod pipeline;
pub mod report_html;
pub mod report_pdf;
#[cfg(test)]
mod sample;
pub mod table;

/// As much of a hash as tells editions apart.
pub(crate) fn short_hash(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}
