//! Rows of the table of penalties, read as what they mean.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Act, Read, paper};
use crate::document::Document;
use crate::ledger::{Fallible, Refusal};
use crate::payment::{Percent, Period};

/// What is late, by the word of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateKind {
    /// A delivery.
    Delivery,
    /// A line.
    Line,
    /// An instalment.
    Instalment,
}

/// How a penalty ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PenaltyEnd {
    /// Settled, by which paper.
    Settled(Document),
    /// Waived: why, and by which paper.
    Waived(String, Option<Document>),
}

/// A row of `penalties`. Amounts are decimal text: their currency is the contract's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyRow {
    /// Reference of the contract.
    pub contract: String,
    /// What is late, and its number in the contract.
    pub late: (LateKind, String),
    /// The day of the claim.
    pub on: Date,
    /// What is late is worth this.
    pub value: String,
    /// When it was due.
    pub due_on: Date,
    /// When it came.
    pub done_on: Option<Date>,
    /// The share of the value for one period.
    pub rate: Percent,
    /// The period.
    pub period: Period,
    /// The share that is not exceeded.
    pub cap: Option<Percent>,
    /// What is claimed.
    pub amount: String,
    /// The letter of claim.
    pub document: Option<Document>,
    /// What was agreed: the amount, and the paper.
    pub agreed: Option<Act<(String, Document)>>,
    /// How it ended.
    pub ended: Option<Act<PenaltyEnd>>,
}

impl LateKind {
    /// The word of the column `late`.
    pub fn word(self) -> &'static str {
        match self {
            LateKind::Delivery => "delivery",
            LateKind::Line => "line",
            LateKind::Instalment => "instalment",
        }
    }

    fn read(field: &str, text: &str) -> Fallible<LateKind> {
        let all = [LateKind::Delivery, LateKind::Line, LateKind::Instalment];
        all.into_iter().find(|kind| kind.word() == text.trim()).ok_or_else(|| {
            Refusal::new("penalty.late", format!("“{text}” is nothing for which a penalty is claimed."))
                .field(field)
                .missing("delivery, line or instalment")
        })
    }
}

impl PenaltyRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<PenaltyRow> {
        let contract = fields.text("contract");
        let kind = fields.value("late", LateKind::read);
        let of = fields.text("of");
        let on = fields.date("claimed_on");
        let value = fields.number("value", |_, text| Ok(text.to_owned()));
        let due_on = fields.date("due_on");
        let done_on = fields.optional_date("done_on");
        let rate = fields.number("rate_pct", Percent::parse);
        let period = fields.word("period");
        let cap = fields.optional_number("cap_pct", Percent::parse);
        let amount = fields.number("amount", |_, text| Ok(text.to_owned()));
        let title = fields.optional_text("document");
        let agreed = agreed(&mut fields);
        let ended = ended(&mut fields);
        let row = (|| {
            let on = on?;
            Some(PenaltyRow {
                contract: contract?,
                late: (kind?, of?),
                on,
                value: value?,
                due_on: due_on?,
                done_on,
                rate: rate?,
                period: period?,
                cap,
                amount: amount?,
                document: title.map(|title| paper(title, on)),
                agreed,
                ended,
            })
        })();
        fields.finish(row)
    }
}

fn agreed(fields: &mut Fields<'_>) -> Option<Act<(String, Document)>> {
    let on = fields.optional_date("agreed_on");
    let amount = fields.optional_number("agreed_amount", |_, text| Ok(text.to_owned()));
    let title = fields.optional_text("agreed_document");
    all_or_none(fields, &["agreed_on", "agreed_amount", "agreed_document"]);
    let on = on?;
    Some(Act { on, by: (amount?, paper(title?, on)) })
}

fn ended(fields: &mut Fields<'_>) -> Option<Act<PenaltyEnd>> {
    let on = fields.optional_date("ended_on");
    let end = fields.optional("end", |name, text| match text.trim() {
        word @ ("settled" | "waived") => Ok(word.to_owned()),
        other => Err(Refusal::new("penalty.end", format!("“{other}” is no end of a penalty."))
            .field(name)
            .missing("settled or waived")),
    });
    let title = fields.optional_text("ended_document");
    let reason = fields.optional_text("ended_reason");
    all_or_none(fields, &["ended_on", "end"]);
    for (name, is_said) in [("ended_document", title.is_some()), ("ended_reason", reason.is_some())] {
        if is_said && fields.is_empty("end") {
            fields.demand("end", &format!("but {name} is given"));
        }
    }
    let (on, end) = on.zip(end)?;
    let document = title.map(|title| paper(title, on));
    let by = if end == "settled" {
        if reason.is_some() {
            let refusal = Refusal::new("penalty.end", "A penalty that was settled has no reason.")
                .missing("nothing in this column, or waived as its end");
            fields.refuse("ended_reason", &refusal);
        }
        if document.is_none() {
            fields.demand("ended_document", "and what was settled has a paper");
        }
        PenaltyEnd::Settled(document?)
    } else {
        if reason.is_none() {
            fields.demand("ended_reason", "and what was waived has a reason");
        }
        PenaltyEnd::Waived(reason?, document)
    };
    Some(Act { on, by })
}

/// Notes each of some columns that is empty while another of them is not.
fn all_or_none(fields: &mut Fields<'_>, names: &[&str]) {
    let Some(said) = names.iter().find(|name| !fields.is_empty(name)) else { return };
    let because = format!("but {said} is given");
    for name in names {
        if fields.is_empty(name) {
            fields.demand(name, &because);
        }
    }
}
