//! Names of persons, organisations, vessels and aircraft against lists of those under measures.
//!
//! Pure: no file, clock or network. A list is read ([`lists`]) into entities ([`entity`]). A name is cleaned and
//! brought to Latin letters ([`text`]), taken apart ([`name`]), and compared with another, word by word
//! ([`compare`]), by how words are spelled ([`spelling`]); what else is known raises or lowers it ([`score`]).

pub mod compare;
pub mod country;
pub mod date;
pub mod entity;
pub mod index;
pub mod letters;
pub mod lists;
pub mod model;
pub mod name;
pub mod score;
pub mod spelling;
pub mod text;
pub mod words;

/// The version of the rules that make scores. It changes whenever the score of any pair can change, so that a stored
/// score says by which rules it was made and can be made again; a test holds the scores of some pairs against it.
pub const ENGINE: &str = "6";
