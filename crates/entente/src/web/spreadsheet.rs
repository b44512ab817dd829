//! Lists for spreadsheets: every row of a list as it is narrowed, as CSV or as a workbook.
//!
//! Texts that a spreadsheet would take for formulas are made harmless by the writers of tables.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::brief::Known;
use entente_register::ledger::Refusal;
use entente_register::money::{Currency, Decimal, Money};
use entente_store::reader::{Listing, Page};
use entente_store::{Fault, Outcome};
use jiff::civil::{Date, date};

use super::show;
use crate::error::Answer;
use crate::formats::table::{CsvTable, Kind, Out, TableError, TableWriter, XlsxBook};

/// Rows of a table at most: a list beyond it is narrowed first.
const MOST: i64 = 100_000;

/// Letters of a text in a workbook at most, by the limits of the form.
const LONGEST: usize = 32_767;

/// The first day that a workbook can say as that of its making.
const FIRST_DAY: Date = date(1900, 3, 1);

/// Every row of a list. A table that ended before its list would pass for the whole of it, so a longer list is
/// refused.
///
/// # Errors
/// `export.too_long`, naming by what the list can be narrowed; what reading it says.
pub(super) async fn every<T, F>((what, narrowed): (&str, &str), read: impl Fn(Page) -> F) -> Answer<Vec<T>>
where
    F: Future<Output = Outcome<Listing<T>>>,
{
    whole(|total| check_length(what, narrowed, total), read).await
}

/// The rows of all pages of a list, whose length is looked at first.
///
/// # Errors
/// What the check says of the length; what reading the list says.
pub(super) async fn whole<T, F>(
    check: impl Fn(i64) -> Result<(), Refusal>,
    read: impl Fn(Page) -> F,
) -> Answer<Vec<T>>
where
    F: Future<Output = Outcome<Listing<T>>>,
{
    let mut rows = Vec::new();
    let mut page = Page::first(Page::MOST);
    loop {
        let listing = read(page).await?;
        check(listing.total)?;
        let got = i64::try_from(listing.rows.len()).unwrap_or(0);
        rows.extend(listing.rows);
        page.offset += got;
        if got == 0 || page.offset >= listing.total {
            return Ok(rows);
        }
    }
}

/// Whether a table can hold so many rows.
///
/// # Errors
/// `export.too_long`, naming by what the list can be narrowed.
pub(super) fn check_length(what: &str, narrowed: &str, total: i64) -> Result<(), Refusal> {
    if total <= MOST {
        return Ok(());
    }
    let (total, most) = (show::count(total), show::count(MOST));
    Err(Refusal::new(
        "export.too_long",
        format!("The list has {total} {what}; a table holds {most} at most."),
    )
    .missing(format!("a list narrowed by {narrowed}")))
}

/// A table to give out.
pub(super) struct Table {
    /// The name of the file, without its day and ending.
    pub(super) name: &'static str,
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<Vec<Out>>,
}

impl Table {
    /// The file, named by the day as of which it was read.
    ///
    /// # Errors
    /// `export.too_long`; `export.workbook` for what a workbook cannot hold.
    pub(super) async fn answer(self, kind: Kind, as_of: Date) -> Answer {
        let rows = i64::try_from(self.rows.len()).unwrap_or(i64::MAX);
        check_length("rows", "an earlier day, or one of its parts", rows)?;
        if kind == Kind::Xlsx {
            self.check_workbook(as_of)?;
        }
        let name = self.name;
        // A long workbook takes a second: no other visitor waits for it.
        let bytes = tokio::task::spawn_blocking(move || self.write(kind, as_of))
            .await
            .map_err(|e| Fault::internal("writing a table", e))?
            .map_err(|e| Fault::internal("writing a table", e))?;
        let (ending, media_type) = match kind {
            Kind::Csv => ("csv", "text/csv; charset=utf-8"),
            Kind::Xlsx => ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        };
        let disposition = format!("attachment; filename=\"{name}-{as_of}.{ending}\"");
        let head = [(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)];
        Ok((head, bytes).into_response())
    }

    /// Whether a workbook can hold it.
    fn check_workbook(&self, as_of: Date) -> Result<(), Refusal> {
        let refused = |what: String| {
            Err(Refusal::new("export.workbook", format!("A workbook cannot hold {what}."))
                .missing("the same table as CSV, which has no such limit"))
        };
        if as_of < FIRST_DAY {
            return refused(format!("{as_of} as its day"));
        }
        for row in &self.rows {
            for (cell, column) in row.iter().zip(self.columns) {
                let Out::Text(text) = cell else { continue };
                // A text of so few bytes has no more letters.
                if text.len() > LONGEST && text.encode_utf16().count() > LONGEST {
                    return refused(format!(
                        "a text of the column {column}: it is longer than {LONGEST} letters"
                    ));
                }
            }
        }
        Ok(())
    }

    fn write(&self, kind: Kind, as_of: Date) -> Result<Vec<u8>, TableError> {
        match kind {
            Kind::Csv => {
                let mut table = CsvTable::new(Vec::new());
                self.write_to(&mut table)?;
                table.into_inner()
            }
            Kind::Xlsx => {
                let mut book = XlsxBook::new(as_of)?;
                self.write_to(&mut book.sheet(self.name)?)?;
                book.into_bytes()
            }
        }
    }

    fn write_to(&self, table: &mut impl TableWriter) -> Result<(), TableError> {
        table.header(self.columns)?;
        for row in &self.rows {
            table.row(row)?;
        }
        table.finish()
    }
}

/// A text; nothing where there is none.
pub(super) fn text(text: impl Into<String>) -> Out {
    Out::Text(text.into())
}

/// A day; nothing where there is none.
pub(super) fn day(on: Option<Date>) -> Out {
    on.map_or(Out::Empty, Out::Date)
}

/// An amount, without its currency.
pub(super) fn amount(money: Money) -> Out {
    Out::Amount(money.decimal())
}

/// An amount in minor units of a currency, without it.
pub(super) fn minor(minor: i64, currency: Currency) -> Out {
    amount(Money::new(minor, currency))
}

/// A text that may be wanting.
pub(super) fn optional(given: Option<impl Into<String>>) -> Out {
    given.map_or(Out::Empty, text)
}

/// An exact number; nothing where it is not known.
pub(super) fn known(value: &Known<Decimal>) -> Out {
    value.value().map_or(Out::Empty, |value| Out::Amount(value.to_string()))
}

/// `yes` or `no`.
pub(super) fn yes(holds: bool) -> Out {
    text(if holds { "yes" } else { "no" })
}

/// What a list can be written as, with the way to each: `CSV` and `XLSX`.
pub(super) fn ways(path: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    vec![("CSV", path("csv")), ("XLSX", path("xlsx"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_too_long_is_refused_with_the_way_on() {
        assert_eq!(check_length("contracts", "partner", MOST), Ok(()));
        let refused = check_length("contracts", "partner", MOST + 1).unwrap_err();
        assert!(refused.message.contains("100,001") && refused.missing.unwrap().contains("partner"));
    }

    #[test]
    fn what_a_workbook_cannot_hold_is_refused_with_the_way_on() {
        let table = |letters: usize| Table {
            name: "list",
            columns: &["note"],
            rows: vec![vec![text("é".repeat(letters))]],
        };
        let day = date(2012, 9, 30);
        assert_eq!(table(LONGEST).check_workbook(day), Ok(()));
        assert!(table(LONGEST).write(Kind::Xlsx, day).is_ok());
        let refused = table(LONGEST + 1).check_workbook(day).unwrap_err();
        assert!(refused.message.contains("note") && refused.missing.unwrap().contains("CSV"));
        assert_eq!(table(1).check_workbook(date(1900, 2, 28)).unwrap_err().code, "export.workbook");
        assert!(table(1).write(Kind::Xlsx, FIRST_DAY).is_ok());
    }

    #[test]
    fn both_forms_hold_the_same_and_no_formula() {
        let table = || Table {
            name: "list",
            columns: &["number", "amount", "on"],
            rows: vec![vec![text("=1+1"), Out::Amount("1250.50".into()), Out::Date(date(2012, 9, 30))]],
        };
        let csv = table().write(Kind::Csv, date(2012, 9, 30)).unwrap();
        assert_eq!(String::from_utf8(csv).unwrap(), "number,amount,on\r\n'=1+1,1250.50,2012-09-30\r\n");
        let book = table().write(Kind::Xlsx, date(2012, 9, 30)).unwrap();
        let mut read: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(book)).unwrap();
        let range = calamine::Reader::worksheet_range(&mut read, "list").unwrap();
        assert_eq!(range.get((1, 0)).unwrap().to_string(), "=1+1");
        assert_eq!(range.get((1, 1)).unwrap().to_string(), "1250.5");
    }
}
