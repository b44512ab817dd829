//! Rows of what comes in the way of a contract, suspensions and slippages, read as what they mean.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Act, Read, paper};
use crate::document::Document;
use crate::performance::{DelayReason, SlippageEnd};

/// A row of `suspensions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspensionRow {
    /// Reference of the contract.
    pub contract: String,
    /// From when it was suspended, and why.
    pub suspended: Act<String>,
    /// From when it was in force again.
    pub resumed: Act<Option<Document>>,
    /// Place in the order of entry, of the suspension.
    pub entry: Option<i64>,
    /// The same of the day from which it was in force again.
    pub resumed_entry: Option<i64>,
}

/// A row of `slippages`: the slippage as it is from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlippageRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the line.
    pub line: String,
    /// Number of the slippage in the contract.
    pub slippage: String,
    /// The day of the report, or of its revision.
    pub on: Date,
    /// The day on which the line is expected.
    pub expected_on: Date,
    /// Why, and on whose side.
    pub delay: DelayReason,
    /// In words.
    pub description: Option<String>,
    /// The paper behind it.
    pub document: Option<Document>,
    /// Why it was revised.
    pub reason: Option<String>,
    /// How it ended, and by which paper.
    pub ended: Option<Act<(SlippageEnd, Option<Document>)>>,
    /// Place in the order of entry, of the report or its revision.
    pub entry: Option<i64>,
    /// The same of its end.
    pub ended_entry: Option<i64>,
}

impl SuspensionRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<SuspensionRow> {
        let contract = fields.text("contract");
        let suspended_on = fields.date("suspended_on");
        let reason = fields.text("reason");
        let resumed_on = fields.date("resumed_on");
        let title = fields.optional_text("resumed_document");
        let entry = fields.optional_whole("entry");
        let resumed_entry = fields.optional_whole("resumed_entry");
        let row = (|| {
            let on = resumed_on?;
            Some(SuspensionRow {
                contract: contract?,
                suspended: Act { on: suspended_on?, by: reason? },
                resumed: Act { on, by: title.map(|title| paper(title, on)) },
                entry,
                resumed_entry,
            })
        })();
        fields.finish(row)
    }
}

impl SlippageRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<SlippageRow> {
        let (contract, line) = (fields.text("contract"), fields.text("line"));
        let slippage = fields.text("slippage");
        let on = fields.date("reported_on");
        let expected_on = fields.date("expected_on");
        let cause = fields.word("cause");
        let side = fields.word("side");
        let description = fields.optional_text("description");
        let title = fields.optional_text("document");
        let reason = fields.optional_text("reason");
        let ended_on = fields.optional_date("ended_on");
        let end = fields.optional_word("end");
        let paper_of_end = fields.optional_text("ended_document");
        if fields.is_empty("ended_on") && (end.is_some() || paper_of_end.is_some()) {
            fields.demand("ended_on", "but its end is given");
        }
        if ended_on.is_some() && fields.is_empty("end") {
            fields.demand("end", "but ended_on is given");
        }
        let ended = ended_on
            .zip(end)
            .map(|(on, end)| Act { on, by: (end, paper_of_end.map(|title| paper(title, on))) });
        let entry = fields.optional_whole("entry");
        let ended_entry = fields.optional_whole("ended_entry");
        let row = (|| {
            let on = on?;
            Some(SlippageRow {
                contract: contract?,
                line: line?,
                slippage: slippage?,
                on,
                expected_on: expected_on?,
                delay: DelayReason { cause: cause?, side: side? },
                description,
                document: title.map(|title| paper(title, on)),
                reason,
                ended,
                entry,
                ended_entry,
            })
        })();
        fields.finish(row)
    }
}
