//! The link from the contract to the inspection, and the breaks in it, as each reader may see them.
//!
//! What may not be seen is not there: the graph is gathered out of what is open to the actor, and breaks are those of what is
//! open to it. Whoever is not told of certificates or inspections is told of no break of theirs.

mod cover;
mod gather;
mod list;
mod nodes;
mod types;

use entente_register::money::Unit;
use entente_register::transfer::link::delivery::is_service;

pub use types::{BreakFilter, BreakRow, LinkFocus, LinkView, Told};

/// Units of services, as a list of a query.
fn services() -> String {
    let units: Vec<String> =
        Unit::ALL.iter().filter(|unit| is_service(**unit)).map(|unit| format!("'{}'", unit.code())).collect();
    format!("({})", units.join(", "))
}
