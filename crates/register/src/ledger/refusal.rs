//! The one error of the domain.

use serde::Serialize;

use super::Subject;

/// The domain says no, and names the condition that is missing.
///
/// The web shows it beside its field, the JSON API as `application/problem+json`
/// (RFC 9457), the command line on standard error with exit status 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    /// Stable identifier for programs, `subject.condition`, for example `delivery.beyond_line`.
    pub code: &'static str,
    /// What is wrong, in words the user can act on.
    pub message: String,
    /// The input field at fault, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The condition that must hold before the same command would pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
    /// Of a conflict: the subject, and the version of it that the caller saw. The store says what has happened since.
    #[serde(skip)]
    pub seen: Option<Box<(String, u32)>>,
}

/// What a rule returns.
pub type Fallible<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal with its code and message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), field: None, missing: None, seen: None }
    }

    /// Names the input field at fault.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Refusal {
        self.field = Some(field.into());
        self
    }

    /// Names the missing condition.
    #[must_use]
    pub fn missing(mut self, missing: impl Into<String>) -> Refusal {
        self.missing = Some(missing.into());
        self
    }

    /// The one answer for an object that does not exist and for one that the
    /// actor may not see: the two must not be told apart.
    pub fn not_found(kind: &str, key: &str) -> Refusal {
        Refusal::new("not_found", format!("There is no {kind} {key}."))
            .missing(format!("{} {kind} with this number that is open to you", article(kind)))
    }

    /// Whether this refusal is [`Refusal::not_found`].
    pub fn is_not_found(&self) -> bool {
        self.code == "not_found"
    }

    /// Another writer changed the subject first.
    pub fn conflict(subject: &Subject, expected: u32, found: u32) -> Refusal {
        let what = format!("The {} {}", subject.kind.word(), subject.key);
        let refusal = Refusal::new(
            "conflict",
            format!(
                "{what} has changed since you read it: you saw version {expected}, it is now at version {found}."
            ),
        )
        .missing("a fresh reading of the subject; nothing was written");
        Refusal { seen: Some(Box::new((subject.to_string(), expected))), ..refusal }
    }
}

/// The indefinite article before a word of ours, all of which are spoken as they are written.
fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_has_its_article() {
        let missing = |kind| Refusal::not_found(kind, "x").missing.unwrap_or_default();
        assert_eq!(missing("account"), "an account with this number that is open to you");
        assert_eq!(missing("plan version"), "a plan version with this number that is open to you");
    }
}
