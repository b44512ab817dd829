//! Searching: how texts become words, and how what is typed becomes a search for them.
//!
//! Words are folded, so that neither case nor accents matter ([`fold`]); a number with separators is found whole,
//! from any of its parts on, and by each part ([`words`]). All words that are sought must be found, in whichever
//! fields of one subject; the last may be the beginning of a word ([`Query`]).

mod fold;
mod query;

pub use fold::{MOST_LETTERS, fold, words};
pub use query::{MOST_CHARACTERS, MOST_WORDS, Piece, Query, Sought, number};

use crate::payment::schedule::words as worded;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchKind {
    /// A contract.
    Contract,
    /// A line of a contract.
    Line,
    /// A delivery, by its own number or by the one that others give it.
    Delivery,
    /// An opportunity.
    Opportunity,
    /// An instalment, a receipt or a penalty.
    Payment,
    /// A paper behind a fact, other than those of deliveries.
    Document,
    /// A partner state.
    Partner,
    /// A state authority, company or person.
    Party,
    /// An application for a transfer.
    Application,
    /// A licence.
    Licence,
    /// An end-user certificate, by its own number or by the one under which its issuer registered it.
    Certificate,
}

worded! { SearchKind, "a kind of what can be found", "search.kind",
    Contract = "contract", "contracts";
    Line = "line", "lines";
    Delivery = "delivery", "deliveries";
    Opportunity = "opportunity", "opportunities";
    Payment = "payment", "payments";
    Document = "document", "documents";
    Partner = "partner", "partners";
    Party = "party", "parties";
    Application = "application", "applications";
    Licence = "licence", "licences";
    Certificate = "certificate", "end-user certificates";
}

/// Where in a subject a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchField {
    /// The register's number.
    Number,
    /// The number that others give it.
    Reference,
    /// The serial number of an item of it.
    Serial,
    /// Its name, title or designation.
    Name,
    /// The partner state.
    Partner,
    /// A party of a contract, or the one that offers.
    Party,
    /// Who is to receive what is offered.
    Customer,
    /// What is asked or offered.
    Product,
    /// Entry of the control list.
    Category,
}

worded! { SearchField, "a field of what can be found", "search.field",
    Number = "number", "number";
    Reference = "reference", "reference";
    Serial = "serial", "serial number";
    Name = "name", "name";
    Partner = "partner", "partner";
    Party = "party", "party";
    Customer = "customer", "customer";
    Product = "product", "product";
    Category = "category", "category";
}

impl SearchField {
    /// Whether a text of this field is a number: who types the whole of it looks for its subject.
    pub fn is_number(self) -> bool {
        matches!(self, SearchField::Number | SearchField::Reference | SearchField::Serial)
    }
}
