//! The files of partners and parties for spreadsheets: each section as a table.

use axum::extract::Path;
use entente_register::money::Currency;
use entente_store::reader::{BookSums, DueFilter};

use super::file::running;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::calendar::month;
use crate::web::opportunity;
use crate::web::spreadsheet::{Table, every, minor, text, yes};
use crate::web::visit::Visit;

/// A table of a partner's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfPartner {
    /// Contracts by state.
    Contracts,
    /// Deliveries by year.
    Years,
    /// Lines that still owe something.
    Due,
    /// Opportunities that have not ended.
    Opportunities,
}

/// `GET /partners/{code}/years.csv` and the like.
pub(in crate::web) async fn of_partner(
    visit: Visit,
    code: Path<String>,
    of: OfPartner,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let options = visit.view.options();
    // Who may not open the file is told so before anything of it is read.
    let file = reader.partner_file(&code, &options).await?;
    let currency = file.currency;
    let table = match of {
        OfPartner::Contracts => states(&file.sums, currency),
        OfPartner::Years => {
            let this = reader.as_of().year();
            let rows = file.years.iter().flatten().rev().map(|year| {
                vec![
                    Out::Whole(i64::from(year.year)),
                    yes(year.year == this),
                    minor(year.amount, currency),
                    text(currency.code()),
                    Out::Whole(year.deliveries),
                    text(options.counting.word()),
                ]
            });
            let columns = &["year", "to_date", "delivered", "currency", "deliveries", "counting"];
            Table { name: "delivered-by-year", columns, rows: rows.collect() }
        }
        OfPartner::Due => {
            let own = DueFilter { partner: Some(code.0.clone()), open: true, ..DueFilter::default() };
            let rows = every(("lines", "an earlier day"), |page| reader.calendar(&own, page)).await?;
            month::table("due", &rows)
        }
        OfPartner::Opportunities => {
            let running = running(&code);
            let rows = |page| reader.opportunities(&running, page);
            opportunity::list::table(&every(("opportunities", "an earlier day"), rows).await?)
        }
    };
    table.answer(kind, reader.as_of()).await
}

/// A table of a party's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfParty {
    /// Contracts in which it stands, by state.
    Contracts,
    /// Lines of what it makes that still owe something.
    Due,
}

/// `GET /parties/{number}/due.csv` and the like.
pub(in crate::web) async fn of_party(visit: Visit, number: Path<String>, of: OfParty, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let file = reader.party_file(&number, &visit.view.options()).await?;
    let table = match of {
        OfParty::Contracts => states(&file.sums, file.currency),
        OfParty::Due => {
            let made = DueFilter { manufacturer: Some(number.0), open: true, ..DueFilter::default() };
            let rows = every(("lines", "an earlier day"), |page| reader.calendar(&made, page)).await?;
            month::table("due", &rows)
        }
    };
    table.answer(kind, reader.as_of()).await
}

fn states(sums: &BookSums, currency: Currency) -> Table {
    let rows = sums.states.iter().map(|row| {
        vec![text(&row.state), Out::Whole(row.contracts), minor(row.amount, currency), text(currency.code())]
    });
    let columns = &["state", "contracts", "amount", "currency"];
    Table { name: "contracts-by-state", columns, rows: rows.collect() }
}
