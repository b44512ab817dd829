//! Opinions of agencies line by line, and the assessment, for people.

use entente_register::document::Document;
use entente_register::transfer::application::{Application, Assessment, Risk};
use entente_register::transfer::opinion::{Criterion, Stance, combine};
use jiff::civil::Date;

use crate::web::history::Paper;
use crate::web::show;

/// An agency that was asked.
#[derive(Debug, Clone)]
pub(crate) struct AgencyCells {
    pub(crate) name: String,
    pub(crate) asked_on: String,
    pub(crate) due_on: String,
    /// It is awaited, and its day has passed.
    pub(crate) late: bool,
    /// What it said waits for a second person of it.
    pub(crate) unconfirmed: bool,
    pub(crate) paper: Option<Paper>,
}

/// What an agency says of a line.
#[derive(Debug, Clone)]
pub(crate) struct StanceCells {
    /// `approve`, `proviso`, `refuse` or `awaited`.
    pub(crate) shape: &'static str,
    pub(crate) word: &'static str,
    pub(crate) criteria: String,
    /// The condition, or the reason.
    pub(crate) words: String,
}

/// What is said of a line.
#[derive(Debug, Clone)]
pub(crate) struct OpinionLine {
    pub(crate) number: usize,
    pub(crate) what: String,
    pub(crate) stances: Vec<StanceCells>,
    /// What they say together.
    pub(crate) together: &'static str,
    pub(crate) disputed: bool,
}

/// Opinions, a row for each line and a column for each agency.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpinionsView {
    pub(crate) agencies: Vec<AgencyCells>,
    pub(crate) lines: Vec<OpinionLine>,
    /// On how many lines agencies disagree.
    pub(crate) disputed: usize,
}

/// Criteria as people read them.
pub(in crate::web) fn criteria<'c>(criteria: impl IntoIterator<Item = &'c Criterion>) -> String {
    criteria.into_iter().map(|one| one.name()).collect::<Vec<_>>().join("; ")
}

/// The words of a stance.
pub(in crate::web) fn stance(stance: Option<&Stance>) -> StanceCells {
    let cells = |shape, word| StanceCells { shape, word, criteria: String::new(), words: String::new() };
    match stance {
        None => cells("awaited", "Awaited"),
        Some(Stance::Approve) => cells("approve", "Approves"),
        Some(Stance::Proviso { condition }) => {
            StanceCells { words: condition.clone(), ..cells("proviso", "Approves on a condition") }
        }
        Some(Stance::Refuse { criteria: by, reason }) => {
            StanceCells { words: reason.clone(), criteria: criteria(by), ..cells("refuse", "Refuses") }
        }
    }
}

impl OpinionsView {
    pub(in crate::web) fn of(
        this: &Application,
        as_of: Date,
        named: impl Fn(&str) -> String,
        paper: impl Fn(&Document) -> Paper,
    ) -> OpinionsView {
        let agencies = this.consulted.iter().map(|(agency, consulted)| AgencyCells {
            name: named(agency),
            asked_on: show::day(consulted.asked_on),
            due_on: show::day(consulted.due_on),
            late: consulted.is_awaited() && consulted.due_on < as_of,
            unconfirmed: consulted.waits.is_some(),
            paper: consulted.opinion.as_ref().and_then(|opinion| opinion.document.as_ref()).map(&paper),
        });
        let lines: Vec<OpinionLine> = this
            .content
            .lines
            .iter()
            .enumerate()
            .map(|(place, line)| {
                let stances = this.consulted.values().map(|consulted| {
                    stance(consulted.opinion.as_ref().and_then(|opinion| opinion.lines.get(place)))
                });
                let combined = combine(this.opinions(), place);
                OpinionLine {
                    number: place + 1,
                    what: line.description.clone(),
                    stances: stances.collect(),
                    together: match (combined.approve.is_empty(), combined.refuse.is_empty()) {
                        (true, true) => "Nothing said yet",
                        (false, true) if combined.conditions.is_empty() => "Approved",
                        (false, true) => "Approved on conditions",
                        (true, false) => "Refused",
                        (false, false) => "They disagree",
                    },
                    disputed: combined.is_disputed(),
                }
            })
            .collect();
        OpinionsView {
            agencies: agencies.collect(),
            disputed: lines.iter().filter(|line| line.disputed).count(),
            lines,
        }
    }
}

/// A criterion as it was weighed.
#[derive(Debug, Clone)]
pub(crate) struct WeighedCells {
    pub(crate) criterion: String,
    pub(crate) risk: String,
    pub(crate) risk_word: &'static str,
    pub(crate) grave: bool,
    pub(crate) evidence: String,
    pub(crate) mitigation: String,
}

/// The worksheet.
#[derive(Debug, Clone)]
pub(crate) struct AssessmentView {
    pub(crate) by: String,
    pub(crate) rows: Vec<WeighedCells>,
    pub(crate) conclusion: String,
}

impl AssessmentView {
    pub(in crate::web) fn of((by, assessment): &(String, Assessment)) -> AssessmentView {
        let rows = assessment.weighed.iter().map(|(criterion, one)| WeighedCells {
            criterion: show::capital(criterion.name()),
            risk: show::capital(one.risk.name()),
            risk_word: one.risk.word(),
            grave: one.risk >= Risk::High,
            evidence: one.evidence.clone(),
            mitigation: one.mitigation.clone().unwrap_or_default(),
        });
        AssessmentView { by: by.clone(), rows: rows.collect(), conclusion: assessment.conclusion.clone() }
    }
}
