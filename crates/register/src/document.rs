//! Documents: the paper behind a fact, held by its content hash.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ledger::{Context, Fallible, Refusal, check_year};

/// A document as an event refers to it. The bytes stand apart, under their hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What it is, for people: `Acceptance certificate 14/2012`.
    pub title: String,
    /// The date that the document bears.
    pub dated: Date,
    /// SHA-256 of its bytes, hexadecimal; none where the paper is held outside the register.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// Longest title, in characters.
const MAX_TITLE: usize = 200;

impl Document {
    /// Checks title, date and hash. A paper stands behind what has happened: none is dated after the day on
    /// which it is recorded.
    ///
    /// # Errors
    /// `document.title`, `document.in_future`, `date.out_of_range` or `document.content`.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        text("document.title", "document", &self.title, MAX_TITLE)?;
        check_year("document.dated", self.dated)?;
        if self.dated > context.today {
            return Err(Refusal::new(
                "document.in_future",
                format!(
                    "{} is dated {}, after today, {}: a paper that is recorded has been written.",
                    self.title, self.dated, context.today
                ),
            )
            .field("document.dated")
            .missing(format!("the date that the document bears, up to {}", context.today)));
        }
        if let Some(hash) = &self.content
            && !(hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
        {
            return Err(Refusal::new(
                "document.content",
                "The content hash is not 64 lower-case hexadecimal digits.",
            )
            .field("document")
            .missing("the SHA-256 of a document that the register holds"));
        }
        Ok(())
    }
}

/// Refuses text that is empty, longer than `most` characters, or that holds control characters.
///
/// # Errors
/// The given code, naming the field.
pub fn text(code: &'static str, field: &str, value: &str, most: usize) -> Fallible<()> {
    let length = value.chars().count();
    let named =
        |message: String, missing: String| Err(Refusal::new(code, message).field(field).missing(missing));
    if value.trim().is_empty() {
        return named(format!("The {} is empty.", words(field)), format!("a {}", words(field)));
    }
    if length > most {
        return named(
            format!("The {} has {length} characters.", words(field)),
            format!("at most {most} characters"),
        );
    }
    if value.chars().any(|c| c.is_control() && c != '\n') {
        return named(format!("The {} holds control characters.", words(field)), "plain text".to_owned());
    }
    Ok(())
}

fn words(field: &str) -> String {
    field.replace('_', " ")
}
