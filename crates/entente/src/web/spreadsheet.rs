//! Lists for spreadsheets: every row of a list as it is narrowed, as CSV or as a workbook.
//!
//! Texts that a spreadsheet would take for formulas are made harmless by the writers of tables.

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::ledger::Refusal;
use entente_register::money::Money;
use entente_store::reader::{Listing, Page};
use entente_store::{Fault, Outcome};
use jiff::civil::Date;

use super::show;
use crate::error::Answer;
use crate::formats::table::{CsvTable, Kind, Out, TableError, TableWriter, XlsxBook};

/// Rows of a table at most: a list beyond it is narrowed first.
const MOST: i64 = 100_000;

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

fn check_length(what: &str, narrowed: &str, total: i64) -> Result<(), Refusal> {
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
    pub(super) async fn answer(self, kind: Kind, as_of: Date) -> Answer {
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

/// What a list can be written as, with the way to each: `CSV` and `XLSX`.
pub(super) fn ways(path: impl Fn(&str) -> String) -> Vec<(&'static str, String)> {
    vec![("CSV", path("csv")), ("XLSX", path("xlsx"))]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_list_that_is_too_long_is_refused_with_the_way_on() {
        assert_eq!(check_length("contracts", "partner", MOST), Ok(()));
        let refused = check_length("contracts", "partner", MOST + 1).unwrap_err();
        assert!(refused.message.contains("100,001") && refused.missing.unwrap().contains("partner"));
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
