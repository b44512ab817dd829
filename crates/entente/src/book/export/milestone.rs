//! Giving out milestones, an act a row.

use std::collections::BTreeMap;

use entente_register::book::cell::Cell;
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::performance::{DelayReason, MilestonePlanned};
use jiff::civil::Date;

use super::money::{Names, Payments};
use super::{Entered, day, optional, own, said, text, title};

/// What the events of milestones fold into.
#[derive(Default)]
pub(super) struct Milestones {
    milestones: BTreeMap<String, Milestone>,
}

struct Milestone {
    entry: i64,
    planned: MilestonePlanned,
    acts: Vec<Act>,
    reached_on: Option<Date>,
}

/// What was done about a milestone.
struct Act {
    on: Date,
    word: &'static str,
    planned_on: Option<Date>,
    expected_on: Option<Date>,
    delay: Option<DelayReason>,
    document: Option<Document>,
    reason: String,
}

impl Milestones {
    /// Folds an event of a milestone.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let mut act = Act {
            on: event.on,
            word: "planned",
            planned_on: None,
            expected_on: None,
            delay: None,
            document: None,
            reason: event.reason.to_owned(),
        };
        match fact {
            Fact::MilestonePlanned(planned) => {
                act.planned_on = Some(planned.planned_on);
                act.document.clone_from(&planned.document);
                let milestone = Milestone { entry: event.entry, planned, acts: vec![act], reached_on: None };
                self.milestones.insert(key.to_owned(), milestone);
                return;
            }
            // What was recorded in error is not given out.
            Fact::MilestoneAnnulled(_) => {
                self.milestones.remove(key);
                return;
            }
            Fact::MilestoneAmended(amended) => {
                act.word = "amended";
                act.planned_on = Some(amended.planned_on);
                act.document = Some(amended.document);
            }
            Fact::MilestoneForecast(forecast) => {
                act.word = "forecast";
                act.expected_on = Some(forecast.expected_on);
            }
            Fact::MilestoneExpected(forecast) => {
                act.word = "forecast";
                act.expected_on = Some(forecast.expected_on);
                act.delay = forecast.delay;
            }
            Fact::MilestoneReached(reached) => {
                act.word = "reached";
                act.document = Some(reached.document);
            }
            Fact::MilestoneCancelled(moved) => {
                act.word = "cancelled";
                act.document = moved.document;
            }
            _ => return,
        }
        if let Some(milestone) = self.milestones.get_mut(key) {
            if act.word == "reached" {
                milestone.reached_on = Some(act.on);
            }
            milestone.acts.push(act);
        }
    }

    /// Rows of `milestones`, in the order of their entry, each followed by what became of it.
    pub(super) fn rows(&self, names: &Names<'_>, money: &Payments) -> Vec<Vec<Cell>> {
        let mut all: Vec<_> = self.milestones.iter().collect();
        all.sort_by_key(|(_, milestone)| milestone.entry);
        let mut rows = Vec::new();
        for (key, milestone) in all {
            let own = own(key);
            for act in &milestone.acts {
                // What it is, its first row says.
                let planned = (act.word == "planned").then_some(&milestone.planned);
                let instalment = planned.and_then(|planned| planned.instalment.as_deref());
                let line = planned.and_then(|planned| planned.line.as_deref());
                rows.push(vec![
                    (names.contract)(key),
                    text(own),
                    text(act.word),
                    Cell::Date(act.on),
                    optional(planned.map(|planned| planned.kind.word())),
                    optional(planned.map(|planned| planned.name.as_str())),
                    optional(line.map(|line| (names.line)(line))),
                    optional(instalment.and_then(|one| money.released(one, milestone.reached_on))),
                    day(act.planned_on),
                    day(act.expected_on),
                    optional(act.delay.map(|delay| delay.cause.word())),
                    optional(act.delay.map(|delay| delay.side.word())),
                    title(act.document.as_ref()),
                    said(&act.reason),
                ]);
            }
        }
        rows
    }
}
