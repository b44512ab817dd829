//! Whether a condition is met: yes, no, or not to be told from what is known.

use std::collections::BTreeSet;

use serde::Serialize;

/// A fact of the question that is not known and on which an answer turns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missing {
    /// The field of the question.
    pub field: &'static str,
    /// What must be known, in words that follow “missing:”.
    pub what: String,
}

impl Missing {
    /// One fact.
    pub fn new(field: &'static str, what: impl Into<String>) -> Missing {
        Missing { field, what: what.into() }
    }
}

/// Three-valued: what is not known is neither met nor unmet, and says what would settle it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// Met.
    Yes,
    /// Not met.
    No,
    /// Not to be told without these facts.
    Unknown(BTreeSet<Missing>),
}

impl Fit {
    /// Met or not, as it is known.
    pub fn of(met: bool) -> Fit {
        if met { Fit::Yes } else { Fit::No }
    }

    /// Not to be told without one fact.
    pub fn unknown(field: &'static str, what: impl Into<String>) -> Fit {
        Fit::Unknown(BTreeSet::from([Missing::new(field, what)]))
    }

    /// Both. What is not met settles it, whatever is unknown beside.
    #[must_use]
    pub fn and(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::No, _) | (_, Fit::No) => Fit::No,
            (Fit::Yes, other) | (other, Fit::Yes) => other,
            (Fit::Unknown(one), Fit::Unknown(other)) => Fit::Unknown(one.into_iter().chain(other).collect()),
        }
    }

    /// Either. What is met settles it, whatever is unknown beside.
    #[must_use]
    pub fn or(self, other: Fit) -> Fit {
        match (self, other) {
            (Fit::Yes, _) | (_, Fit::Yes) => Fit::Yes,
            (Fit::No, other) | (other, Fit::No) => other,
            (Fit::Unknown(one), Fit::Unknown(other)) => Fit::Unknown(one.into_iter().chain(other).collect()),
        }
    }

    /// What is missing; nothing where it can be told.
    pub fn missing(&self) -> BTreeSet<Missing> {
        match self {
            Fit::Unknown(missing) => missing.clone(),
            Fit::Yes | Fit::No => BTreeSet::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_settles_what_is_not() {
        let unknown = || Fit::unknown("item", "the category");
        assert_eq!(unknown().and(Fit::No), Fit::No);
        assert_eq!(Fit::Yes.or(unknown()), Fit::Yes);
        assert_eq!(unknown().and(Fit::Yes), unknown());
        assert_eq!(Fit::No.or(unknown()), unknown());
        let both = unknown().and(Fit::unknown("area", "the area"));
        assert_eq!(both.missing().len(), 2);
    }
}
