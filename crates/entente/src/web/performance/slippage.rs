//! A slippage as a row of the contract's page.

use entente_register::ledger::SubjectKind;
use entente_register::performance::Slippage;

use super::milestone::place;
use crate::web::history::{Paper, path};
use crate::web::show;
use crate::web::way::Way;

/// A slippage, written for people.
#[derive(Debug, Clone)]
pub(crate) struct SlippageCells {
    /// Its place under the contract, `S1`.
    pub(crate) place: String,
    /// The line, and its page.
    pub(crate) line: (String, String),
    pub(crate) description: String,
    pub(crate) due_on: String,
    pub(crate) expected_on: String,
    /// `45 days`.
    pub(crate) days: String,
    pub(crate) cause: String,
    pub(crate) side: String,
    /// `revised 2 times`, where it was.
    pub(crate) revised: Option<String>,
    /// `delivered on 1 Jul 2012`; none while it is open.
    pub(crate) ended: Option<String>,
    pub(crate) paper: Option<Paper>,
}

impl SlippageCells {
    pub(super) fn of(one: &Slippage, way: &Way) -> SlippageCells {
        SlippageCells {
            place: place(&one.number),
            line: (one.line.clone(), way.to(&path(SubjectKind::Line, &one.line))),
            description: one.description.clone(),
            due_on: show::day(one.due_on),
            expected_on: show::day(one.expected_on),
            days: show::counted(one.days(), "day", "days"),
            cause: show::capital(one.delay.cause.name()),
            side: one.delay.side.name().to_owned(),
            revised: (one.revisions > 0)
                .then(|| format!("revised {}", show::counted(i64::from(one.revisions), "time", "times"))),
            ended: one.ended.map(|(day, end)| format!("{} on {}", end.name(), show::day(day))),
            paper: one
                .document
                .as_ref()
                .map(|paper| Paper::of(paper, SubjectKind::Slippage, &one.number, way)),
        }
    }
}
