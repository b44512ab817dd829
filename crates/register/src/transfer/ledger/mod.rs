//! Transfers in the ledger: each application and each licence is a subject of its own. A licence is issued by the same
//! command that signs the decision, and bears the marking of its application.

mod decide;
mod fact;
mod sight;

pub use decide::{
    ApplicationFacts, LicenceFacts, NewApplication, RegisterFacts, decide_application, decide_licence,
    draft_application,
};
pub use fact::{
    ApplicationAffirmed, ApplicationAppealed, ApplicationGranted, CheckRecorded, ConditionMet,
    DeliveryVerified, EndUserEstablished, LicenceReopened, LicenceStopped, OpinionAsked, OpinionConfirmed,
    QuestionAnswered, QuestionAsked, WriteOffCorrected,
};
pub use sight::{AUTHORITY, Sight, state_outside};
