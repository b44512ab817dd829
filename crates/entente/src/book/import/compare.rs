//! What a row says of an act beside what the register was told of it: its day, its paper, its reason.

use entente_register::document::Document;
use entente_register::ledger::{Event, Fact};
use jiff::civil::Date;

/// What of an act is otherwise: the column, and what the register holds.
pub(super) type Otherwise<'c> = Option<(&'c str, String)>;

/// The last act of a sort.
pub(super) fn last(events: &[Event], is: impl Fn(&Fact) -> bool) -> Option<&Event> {
    events.iter().rev().find(|event| event.fact.as_ref().is_some_and(&is))
}

/// A day that a row says, beside that of an act.
pub(super) fn day<'c>(column: &'c str, said: Date, event: &Event) -> Otherwise<'c> {
    (said != event.occurred_on).then(|| (column, format!("it was on {}", event.occurred_on)))
}

/// The title of a paper that a row names, beside that of the paper that was recorded.
pub(super) fn title<'c>(column: &'c str, said: Option<&Document>, held: Option<&Document>) -> Otherwise<'c> {
    let (said, held) = (said?, held?);
    (said.title != held.title).then(|| (column, format!("the paper is “{}”", held.title)))
}

/// Words that a row says, beside those that were recorded.
pub(super) fn words<'c>(column: &'c str, said: Option<&str>, held: Option<&str>) -> Otherwise<'c> {
    let (said, held) = (said?, held?);
    (said != held).then(|| (column, format!("“{held}”")))
}
