//! Words that are no names: forms of companies, titles, particles, numbers, places; and names that stand for others.
//!
//! All words are in the Latin letters that [`crate::text`] gives. The tables are our own, made from the laws and
//! customs that they name; they are data, and meant to be added to.

pub mod forms;
mod lookup;
pub mod nicknames;
pub mod persons;
pub mod terms;
