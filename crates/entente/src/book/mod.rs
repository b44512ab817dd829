//! Bringing a book in and giving it out: whole tables of contracts, lines, plans, deliveries and payments, opportunities.
//!
//! [`import`] takes the rows of files to commands of the register, all in one batch: everything is kept or
//! nothing. What a row means is found by the references that others gave, so that a file can be brought in
//! again, with what has happened since.

mod export;
mod files;
mod import;
pub mod ocds;
mod report;
mod what;

pub use export::{About, Gathered, Rows, export, gather};
pub use files::{explain, file_of, open_book, open_table, open_tables, refused, write_csv, write_workbook};
pub use import::{Incoming, Options, import};
pub use report::{Counts, Report};
pub use what::{Opened, What};
