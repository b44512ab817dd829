//! Money in and out: the schedule of a contract, what came in, penalties, rates, and what all of it sums to.

mod contract;
mod gather;
mod rate;
mod source;
mod types;

pub use rate::RateFilter;
pub(super) use source::{exposure_rows, overdue_rows, receivable_rows};
pub use types::{
    ContractPayments, InstalmentRow, PaymentsView, PenaltyRow, RateRow, ReceiptPart, ReceiptRow, ScheduleRow,
};
