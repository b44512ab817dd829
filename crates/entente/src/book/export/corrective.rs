//! Giving out corrective plans, an act a row; a proposal is a row for each of its actions.

use std::collections::BTreeMap;

use entente_register::book::cell::Cell;
use entente_register::document::Document;
use entente_register::ledger::{Fact, Subject, SubjectKind};
use entente_register::performance::CorrectiveProposed;
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, day, number, optional, own, said, text, title};

/// What the events of corrective plans fold into.
#[derive(Default)]
pub(super) struct Correctives {
    plans: BTreeMap<String, Plan>,
}

struct Plan {
    entry: i64,
    on: Date,
    proposed: CorrectiveProposed,
    acts: Vec<Act>,
}

/// What became of a plan.
struct Act {
    on: Date,
    word: &'static str,
    action: Option<u32>,
    due_on: Option<Date>,
    effective: Option<bool>,
    reason: String,
    document: Option<Document>,
}

impl Correctives {
    /// Folds an event of a corrective plan.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let mut act = Act {
            on: event.on,
            word: "approved",
            action: None,
            due_on: None,
            effective: None,
            reason: event.reason.to_owned(),
            document: None,
        };
        match fact {
            Fact::CorrectiveProposed(proposed) => {
                let plan = Plan { entry: event.entry, on: event.on, proposed, acts: Vec::new() };
                self.plans.insert(key.to_owned(), plan);
                return;
            }
            // What was recorded in error is not given out.
            Fact::CorrectiveAnnulled(_) => {
                self.plans.remove(key);
                return;
            }
            Fact::CorrectiveApproved(moved) => act.document = moved.document,
            Fact::CorrectiveActionFinished(finished) => {
                act.word = "finished";
                act.action = Some(finished.action);
                act.reason = finished.result;
                act.document = finished.document;
            }
            Fact::CorrectiveActionMoved(moved) => {
                act.word = "moved";
                act.action = Some(moved.action);
                act.due_on = Some(moved.due_on);
            }
            Fact::CorrectiveActionDropped(dropped) => {
                act.word = "dropped";
                act.action = Some(dropped.action);
            }
            Fact::CorrectiveClosed(closed) => {
                act.word = "closed";
                act.effective = Some(closed.effective);
                act.reason = closed.outcome;
                act.document = closed.document;
            }
            Fact::CorrectiveWithdrawn(moved) => {
                act.word = "withdrawn";
                act.document = moved.document;
            }
            _ => return,
        }
        if let Some(plan) = self.plans.get_mut(key) {
            plan.acts.push(act);
        }
    }

    /// Rows of `corrective`, in the order of their entry, each followed by what became of it.
    pub(super) fn rows(&self, names: &Names<'_>) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.plans.iter().collect();
        all.sort_by_key(|(_, plan)| plan.entry);
        let mut rows = Vec::new();
        for (key, plan) in all {
            let own = own(key);
            let (about, about_number) = about(&plan.proposed, names);
            for (place, action) in plan.proposed.actions.iter().enumerate() {
                rows.push(vec![
                    (names.contract)(key),
                    text(own),
                    text("proposed"),
                    Cell::Date(plan.on),
                    text(about),
                    about_number.clone(),
                    text(&plan.proposed.goal),
                    number(place + 1),
                    text(&action.what),
                    text(&action.responsible),
                    Cell::Date(action.due_on),
                    Cell::Empty,
                    Cell::Empty,
                    title(plan.proposed.document.as_ref()),
                ]);
            }
            for act in &plan.acts {
                rows.push(vec![
                    (names.contract)(key),
                    text(own),
                    text(act.word),
                    Cell::Date(act.on),
                    Cell::Empty,
                    Cell::Empty,
                    Cell::Empty,
                    act.action.map_or(Cell::Empty, number),
                    Cell::Empty,
                    Cell::Empty,
                    day(act.due_on),
                    optional(act.effective.map(|helped| if helped { "yes" } else { "no" })),
                    said(&act.reason),
                    title(act.document.as_ref()),
                ]);
            }
        }
        rows
    }
}

/// What a plan is about, by its number in the book.
fn about(proposed: &CorrectiveProposed, names: &Names<'_>) -> (&'static str, Cell) {
    if let Some(claim) = proposed.claim {
        return ("claim", number(claim));
    }
    let Ok(subject) = proposed.about.parse::<Subject>() else { return ("contract", Cell::Empty) };
    let own = own(&subject.key);
    match subject.kind {
        SubjectKind::Line => ("line", text((names.line)(&subject.key))),
        SubjectKind::Slippage => ("slippage", text(own)),
        SubjectKind::Milestone => ("milestone", text(own)),
        _ => ("contract", Cell::Empty),
    }
}
