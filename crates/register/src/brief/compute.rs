//! From gathered facts to the brief.

use super::{Brief, Facts};

/// Works out the brief.
pub fn compute(_facts: &Facts) -> Brief {
    todo!()
}
