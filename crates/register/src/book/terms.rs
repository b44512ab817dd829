//! Rows of the table of terms: what a contract says of claims, warranties and serial numbers, a row for each of it.

use jiff::civil::Date;

use super::layout::Fields;
use super::row::{Read, paper};
use crate::contract::ClaimKind;
use crate::contract::terms::{MOST_DAYS, MOST_MONTHS};
use crate::document::Document;
use crate::ledger::{Fallible, Refusal};

/// What a row of `terms` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// The days within which claims of a kind are raised, or all others.
    ClaimWindow(Option<ClaimKind>, u32),
    /// The months of the warranty of a line, by its number in the book, or of all others.
    Warranty(Option<String>, u32),
    /// A line of which each item is known by its serial number.
    SerialNumbers(String),
}

/// A row of `terms`. The rows of a contract and a day are its terms as a whole from that day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Reference of the contract.
    pub contract: String,
    /// From which day on.
    pub on: Date,
    /// What is agreed; nothing, where what was agreed before falls away.
    pub term: Option<Term>,
    /// Why.
    pub reason: String,
    /// The contract, its annex or an amendment.
    pub document: Option<Document>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

impl Term {
    /// The word of the column `term`.
    pub fn word(&self) -> &'static str {
        match self {
            Term::ClaimWindow(..) => "claim_window",
            Term::Warranty(..) => "warranty",
            Term::SerialNumbers(_) => "serial_numbers",
        }
    }

    /// Of which line it is, where it is of one.
    pub fn line(&self) -> Option<&str> {
        match self {
            Term::ClaimWindow(..) => None,
            Term::Warranty(line, _) => line.as_deref(),
            Term::SerialNumbers(line) => Some(line),
        }
    }
}

impl TermRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<TermRow> {
        let contract = fields.text("contract");
        let on = fields.date("agreed_on");
        let term = term(&mut fields);
        let reason = fields.text("reason");
        let title = fields.optional_text("document");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            let on = on?;
            Some(TermRow {
                contract: contract?,
                on,
                term,
                reason: reason?,
                document: title.map(|title| paper(title, on)),
                entry,
            })
        })();
        fields.finish(row)
    }
}

fn term(fields: &mut Fields<'_>) -> Option<Term> {
    let word = fields.optional("term", |name, text| match text.trim() {
        word @ ("claim_window" | "warranty" | "serial_numbers") => Ok(word.to_owned()),
        other => Err(Refusal::new("terms.term", format!("“{other}” is no term of a contract."))
            .field(name)
            .missing("claim_window, warranty or serial_numbers")),
    });
    let Some(word) = word else {
        for name in ["of", "length"] {
            if fields.is_empty("term") && !fields.is_empty(name) {
                fields.demand("term", &format!("but {name} is given"));
            }
        }
        return None;
    };
    if word == "serial_numbers" {
        if !fields.is_empty("length") {
            let refusal = Refusal::new("terms.length", "That items have serial numbers has no length.")
                .missing("nothing in this column, or claim_window or warranty as the term");
            fields.refuse("length", &refusal);
        }
        return fields.text("of").map(Term::SerialNumbers);
    }
    let length = fields.whole::<u32>("length");
    if word == "warranty" {
        let line = fields.optional_text("of");
        let months = within(fields, length?, MOST_MONTHS, "months")?;
        return Some(Term::Warranty(line, months));
    }
    let kind = fields.optional_word("of");
    let days = within(fields, length?, MOST_DAYS, "days")?;
    Some(Term::ClaimWindow(kind, days))
}

/// A length that is none is the fault of this row, though terms are judged as a whole.
fn within(fields: &mut Fields<'_>, length: u32, most: u32, unit: &str) -> Option<u32> {
    let check = |length: u32| -> Fallible<u32> {
        if (1..=most).contains(&length) {
            return Ok(length);
        }
        Err(Refusal::new("contract.terms", format!("A length of {length} {unit} is none."))
            .missing(format!("from 1 to {most} {unit}")))
    };
    match check(length) {
        Ok(length) => Some(length),
        Err(refusal) => {
            fields.refuse("length", &refusal);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Cell;
    use super::super::layout::Layout;
    use super::super::table::Table;
    use super::*;

    fn read(cells: [&str; 6]) -> Read<TermRow> {
        let header: Vec<Cell> =
            ["contract", "agreed_on", "term", "of", "length", "reason"].map(Cell::text).to_vec();
        let layout = Layout::of(Table::Terms, 1, &header).unwrap();
        let cells: Vec<Cell> =
            cells.iter().map(|text| if text.is_empty() { Cell::Empty } else { Cell::text(*text) }).collect();
        TermRow::read(layout.fields(2, &cells))
    }

    #[test]
    fn a_row_says_one_term_or_that_there_is_none() {
        let term =
            |term, of, length| read(["P/1", "2012-02-01", term, of, length, "As agreed"]).unwrap().term;
        assert_eq!(term("claim_window", "", "365"), Some(Term::ClaimWindow(None, 365)));
        let shortage = Some(ClaimKind::Shortage);
        assert_eq!(term("claim_window", "shortage", "90"), Some(Term::ClaimWindow(shortage, 90)));
        assert_eq!(term("warranty", "7", "18"), Some(Term::Warranty(Some("7".into()), 18)));
        assert_eq!(term("serial_numbers", "7", ""), Some(Term::SerialNumbers("7".into())));
        assert_eq!(term("", "", ""), None);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_column() {
        for (cells, column) in [
            (["P/1", "2012-02-01", "rebate", "", "1", "As agreed"], "term"),
            (["P/1", "2012-02-01", "", "7", "", "As agreed"], "term"),
            (["P/1", "2012-02-01", "claim_window", "theft", "90", "As agreed"], "of"),
            (["P/1", "2012-02-01", "claim_window", "", "0", "As agreed"], "length"),
            (["P/1", "2012-02-01", "claim_window", "", "10951", "As agreed"], "length"),
            (["P/1", "2012-02-01", "warranty", "", "361", "As agreed"], "length"),
            (["P/1", "2012-02-01", "warranty", "", "", "As agreed"], "length"),
            (["P/1", "2012-02-01", "serial_numbers", "", "", "As agreed"], "of"),
            (["P/1", "2012-02-01", "serial_numbers", "7", "3", "As agreed"], "length"),
            (["P/1", "2012-02-01", "", "", "", ""], "reason"),
        ] {
            let problems = read(cells).unwrap_err();
            let at: Vec<_> = problems.iter().map(|p| p.column.clone().unwrap().0).collect();
            assert_eq!(at, [column], "{cells:?}");
            assert!(problems.iter().all(|p| !p.remedy.is_empty()));
        }
    }
}
