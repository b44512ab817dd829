//! Rows of the table of serial numbers, read as what they mean.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Read, paper};
use crate::document::Document;

/// A row of `serials`. The rows of a delivery and a day are all its serial numbers from that day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the delivery in the contract.
    pub delivery: String,
    /// The day on which it was recorded.
    pub on: Date,
    /// As it stands on the item.
    pub serial: String,
    /// The list that was handed over, or the protocol of the inspection.
    pub document: Option<Document>,
    /// Why it was recorded again.
    pub reason: Option<String>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

impl SerialRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<SerialRow> {
        let (contract, delivery) = (fields.text("contract"), fields.text("delivery"));
        let on = fields.date("recorded_on");
        let serial = fields.text("serial");
        let title = fields.optional_text("document");
        let reason = fields.optional_text("reason");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            let on = on?;
            Some(SerialRow {
                contract: contract?,
                delivery: delivery?,
                on,
                serial: serial?,
                document: title.map(|title| paper(title, on)),
                reason,
                entry,
            })
        })();
        fields.finish(row)
    }
}
