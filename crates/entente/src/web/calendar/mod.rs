//! Lines by the day on which they are due: a month as a calendar, years as a timeline, and iCalendar.

pub(in crate::web) mod feed;
pub(in crate::web) mod month;
pub(in crate::web) mod timeline;

use entente_store::reader::{DueLine, DueState};

use super::show;
use super::way::Way;

/// A line that is due.
#[derive(Debug, Clone)]
pub(crate) struct DueCells {
    pub(crate) line: String,
    pub(crate) due_on: String,
    pub(crate) href: String,
    pub(crate) description: String,
    pub(crate) contract_href: String,
    pub(crate) title: String,
    pub(crate) partner: String,
    pub(crate) quantity: String,
    pub(crate) delivered: String,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) state: &'static str,
    /// The state in words, with its day where it has one.
    pub(crate) words: String,
}

impl DueCells {
    /// Writes a line for people.
    pub(in crate::web) fn of(row: &DueLine, way: &Way) -> DueCells {
        DueCells {
            line: row.line.clone(),
            due_on: show::day(row.due_on),
            href: way.to(&format!("/lines/{}", row.line)),
            description: row.description.clone(),
            contract_href: way.to(&format!("/contracts/{}", row.contract)),
            title: row.title.clone(),
            partner: row.partner_name.clone(),
            quantity: format!("{} {}", row.quantity, row.unit.counted(row.quantity)),
            delivered: row.delivered.to_string(),
            amount: show::exact(row.amount.minor, row.amount.currency),
            currency: row.amount.currency.code().to_owned(),
            state: row.state.word(),
            words: match (row.state, row.completed_on) {
                (DueState::Delivered, Some(on)) => format!("delivered {}", show::day(on)),
                (DueState::Ended, _) => "contract ended".to_owned(),
                (state, _) => state.word().to_owned(),
            },
        }
    }
}
