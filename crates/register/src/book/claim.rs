//! Rows of the table of claims: what is claimed, what the seller answered last, and how it was settled.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Act, Read, dated, paper};
use crate::contract::{ClaimKind, Settlement};
use crate::document::Document;
use crate::ledger::{Fallible, Refusal};
use crate::money::Quantity;

/// A row of `claims`. Money is decimal text: its currency is the contract’s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number within the contract.
    pub claim: u32,
    /// What is claimed.
    pub kind: ClaimKind,
    /// In words.
    pub description: String,
    /// When it was raised.
    pub opened_on: Date,
    /// Whether it is raised under warranty.
    pub warranty: bool,
    /// Number of the delivery that it is of.
    pub delivery: Option<String>,
    /// How much of it.
    pub quantity: Option<Quantity>,
    /// What is asked for in money.
    pub amount: Option<String>,
    /// The recipient’s report.
    pub document: Option<Document>,
    /// What the seller answered, and when.
    pub answered: Option<Act<ClaimAnswer>>,
    /// How it was settled, and when.
    pub settled: Option<Act<ClaimEnd>>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
    /// The same of the answer.
    pub answered_entry: Option<i64>,
    /// The same of the settlement.
    pub settled_entry: Option<i64>,
}

/// What the seller answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimAnswer {
    /// Whether the seller accepts it.
    pub accepted: bool,
    /// What the seller says.
    pub answer: String,
    /// The paper behind it.
    pub document: Option<Document>,
}

/// How a claim was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimEnd {
    /// How, where it is one of the usual ways.
    pub settlement: Option<Settlement>,
    /// How, in words.
    pub outcome: String,
    /// What was credited.
    pub credited: Option<String>,
    /// Number of the delivery by which it was made good.
    pub replacement: Option<String>,
    /// The paper behind it.
    pub document: Option<Document>,
}

/// Reads a word that is yes or no.
///
/// # Errors
/// A refusal at the column.
pub(super) fn yes_or_no(field: &str, text: &str) -> Fallible<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Refusal::new("field.word", format!("“{text}” is neither yes nor no."))
            .field(field)
            .missing("yes or no")),
    }
}

/// Decimal text, which is read as money once its contract is known.
pub(super) fn decimal(fields: &mut Fields<'_>, name: &str) -> Option<String> {
    fields.optional_number(name, |_, text| Ok(text.to_owned()))
}

impl ClaimRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<ClaimRow> {
        let contract = fields.text("contract");
        let claim = fields.whole("claim");
        let kind =
            fields.value("kind", |field, text| text.parse().map_err(|refusal: Refusal| refusal.field(field)));
        let description = fields.text("description");
        let opened_on = fields.date("opened_on");
        let warranty = fields.optional("warranty", yes_or_no).unwrap_or(false);
        let delivery = fields.optional_text("delivery");
        let quantity = fields.optional_number("quantity", Quantity::parse);
        let amount = decimal(&mut fields, "amount");
        let title = fields.optional_text("document");
        let answered = answer(&mut fields);
        let settled = end(&mut fields);
        let entry = fields.optional_whole("entry");
        let answered_entry = fields.optional_whole("answered_entry");
        let settled_entry = fields.optional_whole("settled_entry");
        let row = (|| {
            let on = opened_on?;
            Some(ClaimRow {
                contract: contract?,
                claim: claim?,
                kind: kind?,
                description: description?,
                opened_on: on,
                warranty,
                delivery,
                quantity,
                amount,
                document: title.map(|title| paper(title, on)),
                answered,
                settled,
                entry,
                answered_entry,
                settled_entry,
            })
        })();
        fields.finish(row)
    }
}

fn answer(fields: &mut Fields<'_>) -> Option<Act<ClaimAnswer>> {
    let act = dated(fields, "answered_on", "answer");
    let accepted = fields.optional("accepted", yes_or_no);
    let title = fields.optional_text("answer_document");
    beside(fields, "answered_on", &["accepted", "answer_document"]);
    if act.is_some() && fields.is_empty("accepted") {
        fields.demand("accepted", "but answered_on is given");
    }
    let (act, accepted) = act.zip(accepted)?;
    let document = title.map(|title| paper(title, act.on));
    Some(Act { on: act.on, by: ClaimAnswer { accepted, answer: act.by, document } })
}

fn end(fields: &mut Fields<'_>) -> Option<Act<ClaimEnd>> {
    let act = dated(fields, "settled_on", "outcome");
    let settlement = fields.optional_word("settlement");
    let credited = decimal(fields, "credited");
    let replacement = fields.optional_text("replacement");
    let title = fields.optional_text("settled_document");
    beside(fields, "settled_on", &["settlement", "credited", "replacement", "settled_document"]);
    let act = act?;
    let document = title.map(|title| paper(title, act.on));
    let by = ClaimEnd { settlement, outcome: act.by, credited, replacement, document };
    Some(Act { on: act.on, by })
}

/// What is said of an act has the act's day.
fn beside(fields: &mut Fields<'_>, day: &str, names: &[&str]) {
    let said = names.iter().find(|name| !fields.is_empty(name));
    if let Some(said) = said.filter(|_| fields.is_empty(day)) {
        fields.demand(day, &format!("but {said} is given"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::{columns_at_fault, read_row};
    use super::super::table::Table;
    use super::*;

    /// A row by the names of its columns.
    fn read(said: &[(&str, &str)]) -> Read<ClaimRow> {
        let base = [
            ("contract", "P/1"),
            ("claim", "1"),
            ("kind", "damage"),
            ("description", "Broken"),
            ("opened_on", "2012-06-02"),
        ];
        read_row(Table::Claims, &[&base[..], said].concat(), ClaimRow::read)
    }

    #[test]
    fn what_is_said_of_an_act_asks_for_its_day() {
        let row = read(&[
            ("answered_on", "2012-06-10"),
            ("accepted", "Yes"),
            ("answer", "So it is"),
            ("settled_on", "2012-07-01"),
            ("settlement", "credited"),
            ("outcome", "Credited"),
            ("credited", "1,000.50"),
        ])
        .unwrap();
        assert!(row.answered.is_some_and(|answered| answered.by.accepted));
        let settled = row.settled.unwrap();
        assert_eq!(settled.by.settlement, Some(Settlement::Credited));
        assert_eq!(settled.by.credited.as_deref(), Some("1000.50"));
        for (said, at) in [
            (vec![("warranty", "maybe")], vec!["warranty"]),
            (vec![("answered_on", "2012-06-10")], vec!["answer"]),
            (vec![("answered_on", "2012-06-10"), ("answer", "So")], vec!["accepted"]),
            (vec![("credited", "5")], vec!["settled_on"]),
            (vec![("settled_on", "2012-06-10"), ("settlement", "lost")], vec!["outcome", "settlement"]),
        ] {
            assert_eq!(columns_at_fault(read(&said)), at, "{said:?}");
        }
    }
}
