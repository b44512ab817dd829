//! A milestone as a row of the contract's page.

use entente_register::ledger::SubjectKind;
use entente_register::performance::Milestone;
use jiff::civil::Date;

use crate::web::history::{Paper, path};
use crate::web::show;
use crate::web::way::Way;

/// A milestone, written for people.
#[derive(Debug, Clone)]
pub(crate) struct MilestoneCells {
    /// Its place under the contract, `M3`.
    pub(crate) place: String,
    pub(crate) name: String,
    /// The kind, where the name does not say it already.
    pub(crate) kind: Option<String>,
    /// The line that it is of, and its page.
    pub(crate) line: Option<(String, String)>,
    /// The place of the instalment that it releases, and the page of payments.
    pub(crate) instalment: Option<(String, String)>,
    pub(crate) planned_on: String,
    /// To come, expected on another day, reached or cancelled: the word and the day.
    pub(crate) course: String,
    pub(crate) course_on: String,
    /// `12 days late`, `3 days early`; empty where neither.
    pub(crate) late: String,
    /// Whether it is late and still to come.
    pub(crate) is_late: bool,
    pub(crate) overdue: bool,
    /// Why it is expected later than agreed, and on whose side.
    pub(crate) delay: Option<String>,
    /// Why it was cancelled.
    pub(crate) reason: Option<String>,
    pub(crate) paper: Option<Paper>,
}

impl MilestoneCells {
    pub(super) fn of(one: &Milestone, as_of: Date, way: &Way) -> MilestoneCells {
        let (course, day) = match (one.reached_on, &one.cancelled) {
            (Some(day), _) => ("reached", Some(day)),
            (_, Some((day, _))) => ("cancelled", Some(*day)),
            (None, None) if one.expected_on.is_some() => ("expected", one.expected_on),
            _ => ("to come", None),
        };
        let days = one.days_late(as_of).unwrap_or(0);
        let kind = show::capital(one.kind.name());
        MilestoneCells {
            place: place(&one.number),
            kind: (kind != one.name).then_some(kind),
            name: one.name.clone(),
            line: one.line.as_ref().map(|line| (line.clone(), way.to(&path(SubjectKind::Line, line)))),
            instalment: one
                .instalment
                .as_ref()
                .map(|number| (place(number), way.to(&path(SubjectKind::Instalment, number)))),
            planned_on: show::day(one.planned_on),
            course: course.to_owned(),
            course_on: day.map(show::day).unwrap_or_default(),
            late: match days {
                0 => String::new(),
                late if late > 0 => format!("{} late", show::counted(late, "day", "days")),
                early => format!("{} early", show::counted(early.saturating_neg(), "day", "days")),
            },
            is_late: days > 0 && one.reached_on.is_none(),
            delay: one.delay.map(|delay| show::capital(&delay.words())),
            overdue: one.is_overdue(as_of),
            reason: one.cancelled.as_ref().map(|(_, why)| why.clone()),
            paper: one
                .document
                .as_ref()
                .map(|paper| Paper::of(paper, SubjectKind::Milestone, &one.number, way)),
        }
    }
}

/// The end of a number under its contract, `M3` of `O-2012-0001.M3`.
pub(super) fn place(number: &str) -> String {
    number.rsplit_once('.').map_or(number, |(_, own)| own).to_owned()
}
