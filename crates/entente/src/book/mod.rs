//! Bringing a book in and giving it out: whole tables of contracts, lines, plans, deliveries and payments, opportunities.
//!
//! [`import`] takes the rows of files to commands of the register, all in one batch: everything is kept or
//! nothing. What a row means is found by the references that others gave, so that a file can be brought in
//! again, with what has happened since.

mod acts;
mod beside;
mod claim;
mod contract;
mod course;
mod delivery;
mod export;
mod files;
mod import;
mod instalment;
mod line;
mod money;
pub mod ocds;
mod opportunity;
mod party;
mod penalty;
mod pipeline;
mod plan;
mod pursuit;
mod rate;
mod receipt;
mod report;
mod serial;
mod set;
mod slippage;
mod suspension;
mod terms;
mod what;

pub use export::{About, Gathered, Rows, export, gather};
pub use files::{explain, file_of, open_book, open_table, open_tables, refused, write_csv, write_workbook};
pub use import::{Incoming, Options, import};
pub use report::{Counts, Report};
pub use what::{Opened, What};
