//! A corrective plan as a part of the contract's page.

use entente_register::document::Document;
use entente_register::ledger::{Subject, SubjectKind};
use entente_register::performance::{Action, CorrectivePlan};
use jiff::civil::Date;

use super::milestone::place;
use crate::web::history::Paper;
use crate::web::show;
use crate::web::way::Way;

/// A corrective plan, written for people.
#[derive(Debug, Clone)]
pub(crate) struct CorrectiveCells {
    /// Its place under the contract, `C1`.
    pub(crate) place: String,
    pub(crate) goal: String,
    /// `slippage S1`, `claim 2`; the contract as a whole where it is empty.
    pub(crate) about: String,
    /// `proposed on 1 Jul 2012`.
    pub(crate) course: String,
    /// How it ended, or why it was withdrawn.
    pub(crate) outcome: Option<String>,
    pub(crate) actions: Vec<ActionCells>,
    pub(crate) paper: Option<Paper>,
}

/// An action, written for people.
#[derive(Debug, Clone)]
pub(crate) struct ActionCells {
    pub(crate) number: usize,
    pub(crate) what: String,
    pub(crate) responsible: String,
    pub(crate) due_on: String,
    /// The day that was agreed first, where it is another.
    pub(crate) first_due_on: Option<String>,
    /// `done on 1 Jul 2012`; none while it is to be done.
    pub(crate) done: Option<String>,
    /// What shows it, or why it was dropped.
    pub(crate) result: Option<String>,
    pub(crate) overdue: bool,
    pub(crate) paper: Option<Paper>,
}

impl CorrectiveCells {
    pub(super) fn of(one: &CorrectivePlan, as_of: Date, way: &Way) -> CorrectiveCells {
        let paper = |document: &Option<Document>| {
            document.as_ref().map(|paper| Paper::of(paper, SubjectKind::Corrective, &one.number, way))
        };
        let on = |word: &str, day: Date| format!("{word} on {}", show::day(day));
        let course = match (&one.closed, &one.withdrawn, one.approved_on) {
            (Some((day, true, _)), _, _) => on("closed, it helped,", *day),
            (Some((day, false, _)), _, _) => on("closed, it did not help,", *day),
            (None, Some((day, _)), _) => on("withdrawn", *day),
            (None, None, Some(day)) => on("approved", day),
            (None, None, None) => on("proposed", one.proposed.0),
        };
        CorrectiveCells {
            place: place(&one.number),
            goal: one.goal.clone(),
            about: about(one),
            course,
            outcome: one
                .closed
                .as_ref()
                .map(|(_, _, how)| how.clone())
                .or_else(|| one.withdrawn.as_ref().map(|(_, why)| why.clone())),
            actions: (1..)
                .zip(&one.actions)
                .map(|(number, action)| ActionCells {
                    number,
                    what: action.what.clone(),
                    responsible: action.responsible.clone(),
                    due_on: show::day(action.due_on),
                    first_due_on: (action.first_due_on != action.due_on)
                        .then(|| show::day(action.first_due_on)),
                    done: done(action),
                    result: action.finished.as_ref().or(action.dropped.as_ref()).map(|(_, why)| why.clone()),
                    overdue: one.is_open() && action.is_overdue(as_of),
                    paper: paper(&action.document),
                })
                .collect(),
            paper: paper(&one.document),
        }
    }
}

fn done(action: &Action) -> Option<String> {
    let finished = action.finished.as_ref().map(|(day, _)| format!("done on {}", show::day(*day)));
    finished.or_else(|| action.dropped.as_ref().map(|(day, _)| format!("dropped on {}", show::day(*day))))
}

fn about(one: &CorrectivePlan) -> String {
    let subject = one.about.parse::<Subject>().ok().filter(|subject| subject.kind != SubjectKind::Contract);
    let claim = one.claim.map(|claim| format!("claim {claim}"));
    let all: Vec<String> = subject
        .map(|subject| format!("{} {}", subject.kind.word(), place(&subject.key)))
        .into_iter()
        .chain(claim)
        .collect();
    all.join(", ")
}
