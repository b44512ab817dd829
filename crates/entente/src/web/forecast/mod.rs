//! Published forecasts: the record of the methods with the list, and the page of one.

pub(in crate::web) mod page;
pub(in crate::web) mod record;
pub(in crate::web) mod table;
