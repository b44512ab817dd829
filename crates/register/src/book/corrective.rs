//! Rows of the table of corrective plans: one for each act, and of what is proposed one for each action.

use jiff::civil::Date;

use super::act::act_word;
use super::claim::yes_or_no;
use super::layout::Fields;
use super::row::{Read, paper};
use crate::document::Document;
use crate::ledger::Refusal;
use crate::performance::NewAction;

/// What a corrective plan is about, by its number in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectiveAbout {
    /// The contract as a whole.
    Contract,
    /// A line.
    Line(String),
    /// A slippage.
    Slippage(String),
    /// A milestone.
    Milestone(String),
    /// A claim.
    Claim(u32),
}

/// What was done about a corrective plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // Fields: as those of the facts.
pub enum CorrectiveAct {
    /// It was proposed, with this action among others.
    Proposed {
        about: CorrectiveAbout,
        goal: String,
        number: u32,
        action: NewAction,
        document: Option<Document>,
    },
    Approved {
        document: Option<Document>,
    },
    Finished {
        action: u32,
        result: String,
        document: Option<Document>,
    },
    Moved {
        action: u32,
        due_on: Date,
        reason: String,
    },
    Dropped {
        action: u32,
        reason: String,
    },
    Closed {
        effective: bool,
        outcome: String,
        document: Option<Document>,
    },
    Withdrawn {
        reason: String,
        document: Option<Document>,
    },
}

/// A row of `corrective`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectiveRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the plan in the contract.
    pub plan: String,
    /// The day of the act.
    pub on: Date,
    /// The act.
    pub act: CorrectiveAct,
}

/// Acts, and the columns that are of each alone.
const ACTS: [(&str, &[&str]); 7] = [
    ("proposed", &["about", "about_number", "goal", "action", "what", "responsible", "due_on"]),
    ("approved", &[]),
    ("finished", &["action"]),
    ("moved", &["action", "due_on"]),
    ("dropped", &["action"]),
    ("closed", &["effective"]),
    ("withdrawn", &[]),
];

impl CorrectiveAct {
    /// The word of the column `act`.
    pub fn word(&self) -> &'static str {
        match self {
            CorrectiveAct::Proposed { .. } => "proposed",
            CorrectiveAct::Approved { .. } => "approved",
            CorrectiveAct::Finished { .. } => "finished",
            CorrectiveAct::Moved { .. } => "moved",
            CorrectiveAct::Dropped { .. } => "dropped",
            CorrectiveAct::Closed { .. } => "closed",
            CorrectiveAct::Withdrawn { .. } => "withdrawn",
        }
    }
}

impl CorrectiveRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<CorrectiveRow> {
        let (contract, plan) = (fields.text("contract"), fields.text("plan"));
        let on = fields.date("act_on");
        let word = act_word(&mut fields, "corrective.act", &ACTS);
        let act = word.and_then(|word| act(&mut fields, word, on));
        let row = (|| Some(CorrectiveRow { contract: contract?, plan: plan?, on: on?, act: act? }))();
        fields.finish(row)
    }
}

fn act(fields: &mut Fields<'_>, word: &str, on: Option<Date>) -> Option<CorrectiveAct> {
    let document = fields.optional_text("document").zip(on).map(|(title, on)| paper(title, on));
    if word == "proposed" {
        let about = about(fields);
        let (goal, number) = (fields.text("goal"), fields.whole::<u32>("action"));
        let (what, responsible) = (fields.text("what"), fields.text("responsible"));
        let due_on = fields.date("due_on");
        let action = NewAction { what: what?, responsible: responsible?, due_on: due_on? };
        return Some(CorrectiveAct::Proposed {
            about: about?,
            goal: goal?,
            number: number?,
            action,
            document,
        });
    }
    if word == "approved" {
        return Some(CorrectiveAct::Approved { document });
    }
    let reason = fields.optional_text("reason");
    if reason.is_none() && fields.is_empty("reason") {
        fields.demand("reason", &format!("and what was {word} has one"));
    }
    let action = if matches!(word, "finished" | "moved" | "dropped") { fields.whole("action") } else { None };
    match word {
        "finished" => Some(CorrectiveAct::Finished { action: action?, result: reason?, document }),
        "moved" => {
            let due_on = fields.date("due_on");
            Some(CorrectiveAct::Moved { action: action?, due_on: due_on?, reason: reason? })
        }
        "dropped" => Some(CorrectiveAct::Dropped { action: action?, reason: reason? }),
        "closed" => {
            let effective = fields.value("effective", yes_or_no);
            Some(CorrectiveAct::Closed { effective: effective?, outcome: reason?, document })
        }
        _ => Some(CorrectiveAct::Withdrawn { reason: reason?, document }),
    }
}

fn about(fields: &mut Fields<'_>) -> Option<CorrectiveAbout> {
    let word = fields.value("about", |name, text| {
        ["contract", "line", "slippage", "milestone", "claim"]
            .into_iter()
            .find(|word| *word == text.trim())
            .ok_or_else(|| {
                Refusal::new("corrective.about", format!("A corrective plan is not about “{text}”."))
                    .field(name)
                    .missing("contract, line, slippage, milestone or claim")
            })
    })?;
    match word {
        "contract" => {
            if !fields.is_empty("about_number") {
                let refusal =
                    Refusal::new("corrective.about", "The contract as a whole has no number in itself.")
                        .missing("nothing in this column, or what has this number");
                fields.refuse("about_number", &refusal);
            }
            Some(CorrectiveAbout::Contract)
        }
        "line" => Some(CorrectiveAbout::Line(fields.text("about_number")?)),
        "slippage" => Some(CorrectiveAbout::Slippage(fields.text("about_number")?)),
        "milestone" => Some(CorrectiveAbout::Milestone(fields.text("about_number")?)),
        _ => Some(CorrectiveAbout::Claim(fields.whole("about_number")?)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{columns_at_fault, read_row};
    use super::super::table::Table;
    use super::*;

    fn read(said: &[(&str, &str)]) -> Read<CorrectiveRow> {
        let base = [("contract", "P/1"), ("plan", "C1"), ("act_on", "2012-02-01")];
        read_row(Table::Corrective, &[&base[..], said].concat(), CorrectiveRow::read)
    }

    #[test]
    fn each_act_asks_for_what_it_needs_and_for_nothing_else() {
        let propose = [
            ("act", "proposed"),
            ("about", "slippage"),
            ("about_number", "S1"),
            ("goal", "In time"),
            ("action", "1"),
            ("what", "A second shift"),
            ("responsible", "Director"),
            ("due_on", "2012-05-01"),
        ];
        assert_eq!(read(&propose).unwrap().act.word(), "proposed");
        for (said, at) in [
            (vec![("act", "begun")], vec!["act"]),
            (
                vec![("act", "proposed"), ("about", "rain")],
                vec!["about", "goal", "action", "what", "responsible", "due_on"],
            ),
            (vec![("act", "approved"), ("goal", "So")], vec!["goal"]),
            (vec![("act", "moved"), ("action", "1")], vec!["reason", "due_on"]),
            (vec![("act", "closed"), ("reason", "Measured")], vec!["effective"]),
        ] {
            assert_eq!(columns_at_fault(read(&said)), at, "{said:?}");
        }
    }
}
