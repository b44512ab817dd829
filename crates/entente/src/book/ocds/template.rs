//! A small package for people and programs to follow.

use entente_register::book::cell::{self, Cell};
use entente_register::book::table::Table;
use entente_store::Outcome;
use jiff::Timestamp;

use super::write::{Options, write};
use super::{CONTRACT_EXECUTION, PLAIN, PREFIX};
use crate::book::export::{About, Gathered, Rows};

/// A valid package with one of everything, made of the examples that the columns of the tables give.
///
/// # Errors
/// A fault if it cannot be written.
pub fn template() -> Outcome<Vec<u8>> {
    // A template is the same whenever it is made.
    let at = jiff::civil::date(2012, 9, 30)
        .at(12, 0, 0, 0)
        .in_tz("UTC")
        .map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp());
    let mut rows = Rows::new();
    for table in Table::ALL {
        let columns = table.columns();
        let header = columns.iter().map(|column| Cell::text(column.name)).collect();
        let row = columns.iter().map(|column| example(column.example)).collect();
        // A schedule of payments is whole or not at all: one example of each row is none.
        rows.insert(table, if PLAIN.contains(&table) { vec![header] } else { vec![header, row] });
    }
    let seller = ["Example Works", "company", "RUS", "OFFICIAL"].map(Cell::text).to_vec();
    rows.entry(Table::Parties).or_default().push(seller);
    let book = Gathered {
        rows,
        contracts: vec![About { number: "O-2012-0001".to_owned(), recorded_at: at, ..About::default() }],
        parties: vec!["O-P0001".to_owned(), "O-P0002".to_owned()],
    };
    let options = Options {
        publisher: "Example commission".to_owned(),
        prefix: PREFIX.to_owned(),
        extension: CONTRACT_EXECUTION.to_owned(),
        published: at,
        is_public: false,
    };
    let mut bytes = Vec::new();
    write(&book, &options, &mut bytes)?;
    Ok(bytes)
}

fn example(text: &str) -> Cell {
    let said = Cell::text(text);
    match (cell::date("example", &said), cell::number("example", &said)) {
        (Ok(date), _) => Cell::Date(date),
        (_, Ok(number)) => Cell::Number(number),
        _ => said,
    }
}
