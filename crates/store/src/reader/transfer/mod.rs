//! Applications and licences, as each reader may see them.

mod annual;
mod application;
mod audit;
mod licence;
mod queue;
mod types;

pub use audit::{TransferAudit, Violation, ViolationKnown};
pub use types::{
    ApplicationFilter, ApplicationRow, ApplicationView, LicenceFilter, LicenceRow, LicenceView, TransferLink,
};
