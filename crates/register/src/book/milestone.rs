//! Rows of the table of milestones: one for each act, so that a milestone is found again by its first one.

use jiff::civil::Date;

use super::act::act_word;
use super::layout::Fields;
use super::row::{Read, paper};
use crate::document::Document;
use crate::performance::{DelayReason, MilestoneKind};

/// What was done about a milestone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MilestoneAct {
    /// It was agreed.
    Planned {
        /// What is reached.
        kind: MilestoneKind,
        /// What it is called; the name of its kind if absent.
        name: Option<String>,
        /// Number of the line that it is of.
        line: Option<String>,
        /// Number of the instalment that it releases.
        instalment: Option<String>,
        /// The day by which it is to be reached.
        planned_on: Date,
        /// The paper that says so.
        document: Option<Document>,
    },
    /// Another day was agreed.
    Amended {
        /// That day.
        planned_on: Date,
        /// The signed amendment.
        document: Document,
        /// Why.
        reason: String,
    },
    /// It was expected on another day.
    Forecast {
        /// That day.
        expected_on: Date,
        /// Why it is late, and on whose side, where it is.
        delay: Option<DelayReason>,
        /// Why that is expected.
        reason: String,
    },
    /// It was reached.
    Reached {
        /// The evidence.
        document: Document,
    },
    /// It fell away.
    Cancelled {
        /// Why.
        reason: String,
        /// The paper behind it.
        document: Option<Document>,
    },
}

/// A row of `milestones`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MilestoneRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the milestone in the contract.
    pub milestone: String,
    /// The day of the act.
    pub on: Date,
    /// The act.
    pub act: MilestoneAct,
}

impl MilestoneAct {
    /// The word of the column `act`.
    pub fn word(&self) -> &'static str {
        match self {
            MilestoneAct::Planned { .. } => "planned",
            MilestoneAct::Amended { .. } => "amended",
            MilestoneAct::Forecast { .. } => "forecast",
            MilestoneAct::Reached { .. } => "reached",
            MilestoneAct::Cancelled { .. } => "cancelled",
        }
    }
}

/// Acts, and the columns that are of each alone.
const ACTS: [(&str, &[&str]); 5] = [
    ("planned", &["kind", "name", "line", "instalment", "planned_on"]),
    ("amended", &["planned_on"]),
    ("forecast", &["expected_on", "cause", "side"]),
    ("reached", &[]),
    ("cancelled", &[]),
];

impl MilestoneRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<MilestoneRow> {
        let (contract, milestone) = (fields.text("contract"), fields.text("milestone"));
        let on = fields.date("act_on");
        let word = act_word(&mut fields, "milestone.act", &ACTS);
        let act = word.and_then(|word| act(&mut fields, word, on));
        let row =
            (|| Some(MilestoneRow { contract: contract?, milestone: milestone?, on: on?, act: act? }))();
        fields.finish(row)
    }
}

fn act(fields: &mut Fields<'_>, word: &str, on: Option<Date>) -> Option<MilestoneAct> {
    let title = fields.optional_text("document");
    let reason = fields.optional_text("reason");
    if reason.is_none() && matches!(word, "amended" | "forecast" | "cancelled") {
        fields.demand("reason", &format!("and it is said why it was {word}"));
    }
    if title.is_none() && matches!(word, "amended" | "reached") {
        fields.demand("document", &format!("and what was {word} has a paper"));
    }
    if word == "planned" {
        let (kind, name) = (fields.word("kind"), fields.optional_text("name"));
        let (line, instalment) = (fields.optional_text("line"), fields.optional_text("instalment"));
        let planned_on = fields.date("planned_on")?;
        let document = title.zip(on).map(|(title, on)| paper(title, on));
        return Some(MilestoneAct::Planned { kind: kind?, name, line, instalment, planned_on, document });
    }
    if word == "amended" {
        let planned_on = fields.date("planned_on")?;
        return Some(MilestoneAct::Amended { planned_on, document: paper(title?, on?), reason: reason? });
    }
    if word == "forecast" {
        let expected_on = fields.date("expected_on");
        let (cause, side) = (fields.optional_word("cause"), fields.optional_word("side"));
        for (name, other) in [("cause", "side"), ("side", "cause")] {
            if fields.is_empty(name) && !fields.is_empty(other) {
                fields.demand(name, &format!("but {other} is given"));
            }
        }
        let delay = cause.zip(side).map(|(cause, side)| DelayReason { cause, side });
        return Some(MilestoneAct::Forecast { expected_on: expected_on?, delay, reason: reason? });
    }
    let document = title.zip(on).map(|(title, on)| paper(title, on));
    match word {
        "reached" => Some(MilestoneAct::Reached { document: document? }),
        _ => Some(MilestoneAct::Cancelled { reason: reason?, document }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{columns_at_fault, read_row};
    use super::super::table::Table;
    use super::*;

    /// A row by the names of its columns.
    fn read(said: &[(&str, &str)]) -> Read<MilestoneRow> {
        let base = [("contract", "P/1"), ("milestone", "M1"), ("act_on", "2012-02-01")];
        read_row(Table::Milestones, &[&base[..], said].concat(), MilestoneRow::read)
    }

    #[test]
    fn each_act_asks_for_what_it_needs_and_for_nothing_else() {
        let plan =
            [("act", "planned"), ("kind", "factory_acceptance"), ("line", "7"), ("planned_on", "2012-05-01")];
        let row = read(&plan).unwrap();
        assert_eq!((row.act.word(), row.milestone.as_str()), ("planned", "M1"));
        let late = [
            ("act", "forecast"),
            ("expected_on", "2012-06-01"),
            ("cause", "supply"),
            ("side", "seller"),
            ("reason", "Steel is late"),
        ];
        assert!(matches!(read(&late).unwrap().act, MilestoneAct::Forecast { delay: Some(_), .. }));
        for (said, at) in [
            (vec![("act", "begun")], vec!["act"]),
            (vec![("act", "planned")], vec!["kind", "planned_on"]),
            (vec![("act", "amended")], vec!["reason", "document", "planned_on"]),
            (vec![("act", "reached")], vec!["document"]),
            (vec![("act", "reached"), ("document", "Protocol"), ("name", "Trials")], vec!["name"]),
            (vec![("act", "cancelled")], vec!["reason"]),
            (vec![("act", "forecast"), ("reason", "So"), ("cause", "supply")], vec!["expected_on", "side"]),
        ] {
            assert_eq!(columns_at_fault(read(&said)), at, "{said:?}");
        }
    }
}
