//! Money in and out: the page of all contracts, that of one, and the table of exchange rates.

mod cells;
mod contract;
mod page;
mod rate;
#[cfg(test)]
pub(crate) mod sample;
pub(crate) mod table;

pub(crate) use cells::RateCells;
use cells::{BankCells, InstalmentCells, PartnerCells, PenaltyCells, ReceiptCells, UnpaidCells};
#[cfg(test)]
pub(crate) use contract::{ContractPaymentsPage, view as money_view};
pub(crate) use contract::{MoneyView, get as of_contract, money};
pub(crate) use page::get as all;
#[cfg(test)]
pub(crate) use page::{PaymentsPage, view};
#[cfg(test)]
pub(crate) use rate::RatesPage;
pub(crate) use rate::get as rates;
