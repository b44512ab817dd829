//! The market: statistics that others publish, kept in editions, and what is worked out from them.
//!
//! [`file`] reads the files of their publishers, [`edition`] decides which edition is in force, [`rank()`] ranks
//! exporters. Shares of groups of states stand with the groups, in [`crate::partner`].

pub mod edition;
mod exact;
pub mod file;
mod rank;
mod series;

pub use edition::{EditionInForce, NewEdition, Statistic, StatisticCommand, StatisticImported, marking};
pub use exact::Exact;
pub use rank::{Course, Measure, Period, Ranked, Ranking, Unknown, WorldBasis, courses, rank};
pub use series::Series;
