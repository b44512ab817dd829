//! Bodies of changes, and reading their fields into the register's types, so that
//! each slip is a refusal that names its field.

use entente_register::document::Document;
use entente_register::ledger::{Fallible, Machine, Refusal, parse_date};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

/// The paper behind a fact.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paper {
    /// What it is, for people.
    #[schema(examples("Acceptance certificate 14/2012"))]
    title: String,
    /// The date that it bears.
    #[schema(format = Date)]
    dated: String,
    /// SHA-256 of its bytes, as POST /api/v1/documents gave it; absent where the paper is held elsewhere.
    #[serde(default)]
    content: Option<String>,
}

impl Paper {
    /// As the register holds it.
    pub(crate) fn read(self) -> Fallible<Document> {
        Ok(Document {
            title: self.title,
            dated: parse_date("document.dated", &self.dated)?,
            content: self.content,
        })
    }
}

/// Reads a paper that need not be there.
pub(crate) fn paper(given: Option<Paper>) -> Fallible<Option<Document>> {
    given.map(Paper::read).transpose()
}

/// A day, and the paper behind what happened on it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnWithPaper {
    /// The day of the change.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// The paper behind it.
    pub(crate) document: Paper,
}

/// A day, and perhaps a paper.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct On {
    /// The day of the change.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// The paper behind it.
    #[serde(default)]
    pub(crate) document: Option<Paper>,
}

/// A day and a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnWithReason {
    /// The day of the change.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// Why.
    pub(crate) reason: String,
    /// The paper behind it.
    #[serde(default)]
    pub(crate) document: Option<Paper>,
}

/// Why something falls away that was recorded in error.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Annulment {
    /// Why.
    pub(crate) reason: String,
}

/// Nothing beside what the path says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// The day in the field `on`.
pub(crate) fn on(text: &str) -> Fallible<Date> {
    parse_date("on", text)
}

/// The state of a filter: one of a machine, or a word beside them. `what` is what is in a state: `a report`.
pub(crate) fn state_of(machine: &Machine, what: &str, beside: &[&str], state: &str) -> Fallible<String> {
    let known: Vec<&str> = machine.states().into_iter().chain(beside.iter().copied()).collect();
    if known.contains(&state) {
        return Ok(state.to_owned());
    }
    Err(Refusal::new("parameter.unknown", format!("{state:?} is no state of {what}."))
        .field("state")
        .missing(format!("one of {}", known.join(", "))))
}

/// Puts the name of the body's field on a refusal that a type's own reading made.
pub(crate) fn at<T>(field: &str, read: Fallible<T>) -> Fallible<T> {
    read.map_err(|refusal| Refusal { field: Some(field.to_owned()), ..refusal })
}
