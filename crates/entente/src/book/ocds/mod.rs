//! The book as Open Contracting Data, OCDS 1.1.
//!
//! A contract is a contracting process of one release. What the standard has a field for stands there:
//! parties with their roles, the award that names the suppliers, the contract with its items and documents,
//! amendments, and a milestone of implementation for each delivery. What it has no field for (markings, the
//! terms of a line through time, the two dated acts of a delivery, claims, yearly plans) stands in an
//! extension of our own, which `docs/ocds/contract-execution` describes.
//!
//! | file | what |
//! |---|---|
//! | `out` | JSON as it is written: no member without a value, numbers as the decimal text that they are |
//! | `write` | the package: what is said of the whole book, and a release for each contract |
//! | `contract` | the contract, its items, deliveries and claims |
//! | `node` | JSON as it is read, each value with its place |
//! | `read` | packages, records and releases; the releases of a process in the order of their dates |
//! | `merge` | releases merged by the standard's rules |
//! | `process` | what a process says as rows: parties and contracts |
//! | `terms`, `acts` | the same of items; of acts, deliveries and claims |
//! | `template` | a small package to follow |
//! | `made` | the rows with the places that they come from, and what is left aside |
//!
//! The rows of [`super::export`] go in and come out, so that OCDS, CSV and workbooks can say no different
//! things, and an import has one set of rules.

mod acts;
mod contract;
mod made;
mod merge;
mod node;
mod out;
mod process;
mod read;
mod template;
mod terms;
mod write;

pub use made::{Aside, Origins, Package};
pub use node::Limits;
pub use read::{Reading, open, read};
pub use template::template;
pub use write::{Options, write};

use entente_register::access::Actor;
use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_store::{Outcome, Store};

use super::export::Rows;
use super::import as tables;
use super::report::Report;

/// The extension that says what is closed, of the standard's own registry.
pub const WITHHELD_INFORMATION: &str = "https://raw.githubusercontent.com/open-contracting-extensions/ocds_withheldInformation_extension/master/extension.json";

/// The name of our own extension, where no address is given at which it is published.
pub const CONTRACT_EXECUTION: &str = "urn:entente:ocds:contract-execution:1";

/// The prefix of identifiers, where the publisher has none of the standard's registry.
pub const PREFIX: &str = "entente";

/// Roles of the standard by the columns of a contract's row; those that it has no code for bear our own.
pub(super) const ROLES: [(&str, &str); 7] = [
    ("exporter", "supplier"),
    ("end_user", "buyer"),
    ("consignee", "consignee"),
    ("broker", "broker"),
    ("carrier", "carrier"),
    ("manufacturer", "manufacturer"),
    ("bank", "bank"),
];

/// The scheme of classifications by the control list.
pub(super) const CONTROL_LIST: &str = "controlList";

/// The tables for which the standard has no place: of money, of what comes in the way of contracts, and of what may
/// become one. Their rows stand in the package as they are, an object each, with its columns as members.
pub(super) const PLAIN: [Table; 19] = [
    Table::Rates,
    Table::Instalments,
    Table::Receipts,
    Table::Schedules,
    Table::Penalties,
    Table::Suspensions,
    Table::Slippages,
    Table::Terms,
    Table::Serials,
    Table::Milestones,
    Table::Corrective,
    Table::Offsets,
    Table::Credits,
    Table::Opportunities,
    Table::Requests,
    Table::Deadlines,
    Table::Estimates,
    Table::Opinions,
    Table::Offers,
];

/// The role of a party that makes what a line delivers.
pub(super) const ITEM_MANUFACTURER: &str = "itemManufacturer";

/// A row by the names of its columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'r> {
    table: Table,
    cells: &'r [Cell],
}

impl<'r> Row<'r> {
    /// What stands in a column.
    pub(super) fn cell(&self, column: &str) -> &'r Cell {
        const EMPTY: &Cell = &Cell::Empty;
        let place = self.table.columns().iter().position(|known| known.name == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or(EMPTY)
    }

    /// The same as text; empty if nothing stands there.
    pub(super) fn text(&self, column: &str) -> String {
        self.cell(column).to_string()
    }

    /// The names in a column that names parties.
    pub(super) fn names(&self, column: &str) -> Vec<String> {
        let text = self.text(column);
        text.split(';').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// The rows of a table without the one that names the columns.
pub(super) fn rows_of(rows: &Rows, table: Table) -> impl Iterator<Item = Row<'_>> {
    rows.get(&table).into_iter().flatten().skip(1).map(move |cells| Row { table, cells })
}

/// Imports a package: everything is kept, or nothing. What is wrong is named by its place in the document.
///
/// # Errors
/// As [`tables::import`].
pub async fn import(
    store: &Store,
    actor: &Actor,
    package: Package,
    options: tables::Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Outcome<Report> {
    let Package { tables, origins, problems, aside } = package;
    let is_trial = options.is_trial;
    // What is wrong beside the rows keeps all of it out; the rows are tried, so that every fault is named.
    let options =
        tables::Options { is_trial: is_trial || !problems.is_empty(), kinds_are_told: true, ..options };
    let mut report = tables::import(store, actor, tables, options, progress).await?;
    report.is_trial = is_trial;
    for (table, problem) in &mut report.problems {
        origins.place(*table, problem);
    }
    for (table, problem) in problems {
        report.add(table, [problem]);
    }
    report.aside = aside;
    Ok(report)
}
