//! A book: the tables by which contracts, lines, plans, deliveries, payments and opportunities are brought in and
//! given out.
//!
//! A table has columns with names, a row has cells, and a cell is what a file says: text, a number, a
//! date. [`table`] says which tables and columns there are, [`cell`] reads single values, and [`row`]
//! reads a row as what it means. Nothing here knows CSV from a workbook, and nothing asks the register.

mod act;
pub mod cell;
pub mod claim;
mod columns;
pub mod corrective;
pub mod course;
pub mod layout;
pub mod milestone;
pub mod offset;
pub mod opportunity;
pub mod payment;
pub mod penalty;
pub mod row;
pub mod serial;
pub mod table;
pub mod terms;
