//! Opportunities: the list, the page of one, and what they show of themselves.

mod gather;
mod list;
mod types;

pub(super) use gather::opportunity_rows;
pub use types::{OpportunityFilter, OpportunityRow, OpportunityView};
