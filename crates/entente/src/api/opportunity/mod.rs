//! Opportunities: from the request to the decision.

pub(crate) mod act;
pub(crate) mod object;
pub(crate) mod offer;
pub(crate) mod read;
