//! Applications and licences, as each reader may see them.

mod annual;
mod application;
mod assured;
mod audit;
mod case_file;
mod certificate;
mod denial;
mod guidance;
mod inspection;
mod licence;
mod notice;
mod precedent;
mod queue;
mod recheck;
mod reexport;
mod tasks;
mod types;

pub use assured::{
    CertificateFilter, CertificateRow, CertificateView, InspectionFilter, InspectionRow, InspectionView,
    SharedCertificate, SpecimensRow, SpecimensView,
};
pub use audit::{JudgedAgain, TransferAudit, Violation, ViolationKnown};
pub use case_file::{CaseFile, CasePaper};
pub use guidance::{DestinationView, GuidanceFilter, GuidanceRow, GuidanceView, IndicatorRow};
pub use notice::NoticeCount;
pub use precedent::{ClassifyView, PrecedentRow, PrecedentsView};
pub use recheck::{Recheck, RecheckRow, Rechecked};
pub use reexport::{ReexportFilter, ReexportLine, ReexportRow, ReexportView};
pub use tasks::TransferTasks;
pub use types::{
    ApplicationFilter, ApplicationRow, ApplicationView, LicenceFilter, LicenceRow, LicenceView, OpinedView,
    TransferLink,
};
