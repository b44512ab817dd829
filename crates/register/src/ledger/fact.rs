//! Facts: what events carry.
//!
//! A kind is versioned for ever: a published payload never changes its shape. A
//! new shape is a new variant with a new version in its kind, and the old one
//! stays, so that old bytes are always read as what they were.

use serde::{Deserialize, Serialize};

use super::canonical::{CanonicalError, canonical};
use crate::access::{AccountOpened, ClearanceSet, RoleChanged};
use crate::contract::delivery::{DeliveryAccepted, DeliveryAnnulled, DeliveryHandedOver, DeliveryReturned};
use crate::contract::line::{LineAdded, LineAmended};
use crate::contract::plan::{
    PlanAgreed, PlanApproved, PlanDrafted, PlanItemsAdded, PlanObjected, PlanProposalApproved, PlanProposed,
};
use crate::contract::serial::SerialsRecorded;
use crate::contract::{
    ClaimAnswered, ClaimEnded, ClaimOpened, ClaimRaised, ClaimSettled, ContractAmended, ContractMoved,
    ContractOpened, ContractTerms,
};
use crate::customs::discrepancy::{DiscrepancyClosed, DiscrepancyOpened};
use crate::customs::exchange::CustomsCleared;
use crate::customs::run::{RunAnswered, RunExported, UsageReceived};
use crate::embargo::{EditionJudged, EditionProposed, PolicyProposed};
use crate::forecast::ForecastPublished;
use crate::market::StatisticImported;
use crate::opportunity::{
    AdviceAsked, AdviceGiven, DeadlineExtended, OfferMade, OpportunityEstimated, OpportunityLost,
    OpportunityMoved, OpportunityRegistered, OpportunityWon,
};
use crate::partner::{GroupMember, GroupRegistered, MembershipSet, PartnerRegistered};
use crate::party::PartyRegistered;
use crate::payment::{
    InstalmentAmended, InstalmentScheduled, PenaltyAgreed, PenaltyClaimed, PenaltyMoved, PenaltyTerms,
    RateCorrected, RateRecorded, ReceiptAllocated, ReceiptAnnulled, ReceiptRecorded, ScheduleCompleted,
};
use crate::performance::{
    ActionDropped, ActionFinished, ActionMoved, CorrectiveClosed, CorrectiveMoved, CorrectiveProposed,
    MilestoneAmended, MilestoneExpected, MilestoneForecast, MilestoneMoved, MilestonePlanned,
    MilestoneReached, OffsetAccepted, OffsetAmended, OffsetClaimed, OffsetEnded, OffsetPlanDropped,
    OffsetPlanned, OffsetRejected, OffsetTerms, SlippageEnded, SlippageReported, SlippageRevised,
};

use crate::report::{ReportAccepted, ReportFiled, ReportMoved};
use crate::screening::{
    CaseClosed, CaseJudged, CaseOpened, CaseRenewed, EditionConfirmed, EditionLoaded, EditionRefused,
    ListPolicySet, ListScreened, ListSourceSet,
};
use crate::transfer::application::{Assessment, Proposal};
use crate::transfer::certificate::{
    AuthenticityAnswered, AuthenticityAsked, CertificateBound, CertificateContent, CertificateRevoked,
};
use crate::transfer::content::Content;
use crate::transfer::guidance::{GuidanceEnded, GuidanceJudged, GuidanceProposed};
use crate::transfer::inspection::{IncidentClosed, InspectionPlanned, InspectionVisited};
use crate::transfer::ledger::{
    ApplicationAffirmed, ApplicationAppealed, ApplicationGranted, CheckRecorded, ConditionMet,
    DeliveryVerified, EndUserEstablished, LicenceReopened, LicenceStopped, OpinionAsked, OpinionConfirmed,
    QuestionAnswered, QuestionAsked, WriteOffCorrected,
};
use crate::transfer::licence::{LicenceIssued, WriteOff};
use crate::transfer::opinion::Opinion;
use crate::transfer::reexport::{
    GroundRecorded, NewUserEstablished, ReexportConsented, ReexportProposal, ReexportRecorded,
    ReexportReported, ReexportRequested, RightsConsidered,
};
use crate::transfer::specimen::{NewSpecimen, SpecimenEnded, SpecimenJudged};

/// A payload without content: all there is to say stands in the event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Occurred {}

/// `ledger.founded.v1`: the first event of every register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerFounded {
    /// `register`, or `demonstration` where every contract is invented.
    pub purpose: String,
}

/// Why stored bytes are no fact.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The kind is not known to this program: it may be newer.
    #[error("the kind {0:?} is not known to this program")]
    UnknownKind(String),
    /// The payload does not have the shape of its kind.
    #[error("the payload is not a {kind}: {why}")]
    Shape {
        /// The kind.
        kind: String,
        /// What the reader said.
        why: String,
    },
}

macro_rules! facts {
    ($($variant:ident($payload:ty) = $kind:literal;)*) => {
        /// What an event carries, by kind.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs)] // Each payload type says what it is.
        pub enum Fact {
            $($variant($payload),)*
        }

        impl Fact {
            /// Every kind that this program writes or reads.
            pub const KINDS: &'static [&'static str] = &[$($kind),*];

            /// The kind, with its version.
            pub fn kind(&self) -> &'static str {
                match self { $(Fact::$variant(_) => $kind,)* }
            }

            /// The canonical bytes (RFC 8785).
            ///
            /// # Errors
            /// [`CanonicalError`] if the payload holds what has no exact form.
            pub fn payload(&self) -> Result<Vec<u8>, CanonicalError> {
                match self { $(Fact::$variant(payload) => canonical(payload),)* }
            }

            /// Reads stored bytes.
            ///
            /// # Errors
            /// [`DecodeError`] if the kind is unknown or the bytes are not of its shape.
            pub fn decode(kind: &str, payload: &[u8]) -> Result<Fact, DecodeError> {
                match kind {
                    $($kind => serde_json::from_slice(payload).map(Fact::$variant).map_err(|e| {
                        DecodeError::Shape { kind: kind.to_owned(), why: e.to_string() }
                    }),)*
                    _ => Err(DecodeError::UnknownKind(kind.to_owned())),
                }
            }
        }
    };
}

facts! {
    LedgerFounded(LedgerFounded) = "ledger.founded.v1";
    AccountOpened(AccountOpened) = "account.opened.v1";
    AccountRoleGranted(RoleChanged) = "account.role_granted.v1";
    AccountRoleWithdrawn(RoleChanged) = "account.role_withdrawn.v1";
    AccountClearanceSet(ClearanceSet) = "account.clearance_set.v1";
    AccountDisabled(Occurred) = "account.disabled.v1";
    AccountEnabled(Occurred) = "account.enabled.v1";
    AccountPasswordReset(Occurred) = "account.password_reset.v1";
    PartnerRegistered(PartnerRegistered) = "partner.registered.v1";
    GroupRegistered(GroupRegistered) = "group.registered.v1";
    GroupMemberAdmitted(GroupMember) = "group.member_admitted.v1";
    GroupMemberLeft(GroupMember) = "group.member_left.v1";
    PartyRegistered(PartyRegistered) = "party.registered.v1";
    ContractOpened(ContractOpened) = "contract.opened.v1";
    ContractAmended(ContractAmended) = "contract.amended.v1";
    ContractSigned(ContractMoved) = "contract.signed.v1";
    ContractEnteredIntoForce(ContractMoved) = "contract.entered_into_force.v1";
    ContractSuspended(ContractMoved) = "contract.suspended.v1";
    ContractResumed(ContractMoved) = "contract.resumed.v1";
    ContractCompleted(ContractMoved) = "contract.completed.v1";
    ContractTerminated(ContractMoved) = "contract.terminated.v1";
    ClaimOpened(ClaimOpened) = "claim.opened.v1";
    ClaimSettled(ClaimSettled) = "claim.settled.v1";
    LineAdded(LineAdded) = "line.added.v1";
    LineAmended(LineAmended) = "line.amended.v1";
    PlanDrafted(PlanDrafted) = "plan.drafted.v1";
    PlanItemsAdded(PlanItemsAdded) = "plan.items_added.v1";
    PlanApproved(PlanApproved) = "plan.approved.v1";
    PlanDiscarded(Occurred) = "plan.discarded.v1";
    PlanProposed(PlanProposed) = "plan.proposed.v1";
    PlanAgreed(PlanAgreed) = "plan.agreed.v1";
    PlanObjected(PlanObjected) = "plan.objected.v1";
    PlanReturned(Occurred) = "plan.returned.v1";
    PlanProposalApproved(PlanProposalApproved) = "plan.proposal_approved.v1";
    DeliveryHandedOver(DeliveryHandedOver) = "delivery.handed_over.v1";
    DeliveryAccepted(DeliveryAccepted) = "delivery.accepted.v1";
    DeliveryReturned(DeliveryReturned) = "delivery.returned.v1";
    DeliveryAnnulled(DeliveryAnnulled) = "delivery.annulled.v1";
    ScheduleCompleted(ScheduleCompleted) = "schedule.completed.v1";
    ScheduleReopened(Occurred) = "schedule.reopened.v1";
    SchedulePenaltyAgreed(PenaltyTerms) = "schedule.penalty_agreed.v1";
    InstalmentScheduled(InstalmentScheduled) = "instalment.scheduled.v1";
    InstalmentAmended(InstalmentAmended) = "instalment.amended.v1";
    InstalmentWithdrawn(Occurred) = "instalment.withdrawn.v1";
    InstalmentAnnulled(Occurred) = "instalment.annulled.v1";
    ReceiptRecorded(ReceiptRecorded) = "receipt.recorded.v1";
    ReceiptAllocated(ReceiptAllocated) = "receipt.allocated.v1";
    ReceiptAnnulled(ReceiptAnnulled) = "receipt.annulled.v1";
    PenaltyClaimed(PenaltyClaimed) = "penalty.claimed.v1";
    PenaltyAgreed(PenaltyAgreed) = "penalty.agreed.v1";
    PenaltyWaived(PenaltyMoved) = "penalty.waived.v1";
    PenaltySettled(PenaltyMoved) = "penalty.settled.v1";
    PenaltyAnnulled(Occurred) = "penalty.annulled.v1";
    RateRecorded(RateRecorded) = "rate.recorded.v1";
    RateCorrected(RateCorrected) = "rate.corrected.v1";
    OpportunityRegistered(OpportunityRegistered) = "opportunity.registered.v1";
    OpportunityDeadlineExtended(DeadlineExtended) = "opportunity.deadline_extended.v1";
    OpportunityEstimated(OpportunityEstimated) = "opportunity.estimated.v1";
    OpportunityAdviceAsked(AdviceAsked) = "opportunity.advice_asked.v1";
    OpportunityAdviceGiven(AdviceGiven) = "opportunity.advice_given.v1";
    OpportunityOffered(OfferMade) = "opportunity.offered.v1";
    OpportunityWon(OpportunityWon) = "opportunity.won.v1";
    OpportunityLost(OpportunityLost) = "opportunity.lost.v1";
    OpportunityDeclined(OpportunityMoved) = "opportunity.declined.v1";
    OpportunityWithdrawn(OpportunityMoved) = "opportunity.withdrawn.v1";
    ForecastPublished(ForecastPublished) = "forecast.published.v1";
    MilestonePlanned(MilestonePlanned) = "milestone.planned.v1";
    MilestoneAmended(MilestoneAmended) = "milestone.amended.v1";
    MilestoneForecast(MilestoneForecast) = "milestone.forecast.v1";
    MilestoneReached(MilestoneReached) = "milestone.reached.v1";
    MilestoneCancelled(MilestoneMoved) = "milestone.cancelled.v1";
    MilestoneAnnulled(Occurred) = "milestone.annulled.v1";
    MilestoneExpected(MilestoneExpected) = "milestone.forecast.v2";
    ContractTermsAgreed(ContractTerms) = "contract.terms_agreed.v1";
    ContractClosed(ContractMoved) = "contract.closed.v1";
    ClaimRaised(ClaimRaised) = "claim.opened.v2";
    ClaimAnswered(ClaimAnswered) = "claim.answered.v1";
    ClaimEnded(ClaimEnded) = "claim.settled.v2";
    DeliverySerialsRecorded(SerialsRecorded) = "delivery.serials_recorded.v1";
    SlippageReported(SlippageReported) = "slippage.reported.v1";
    SlippageRevised(SlippageRevised) = "slippage.revised.v1";
    SlippageEnded(SlippageEnded) = "slippage.ended.v1";
    SlippageAnnulled(Occurred) = "slippage.annulled.v1";
    CorrectiveProposed(CorrectiveProposed) = "corrective.proposed.v1";
    CorrectiveApproved(CorrectiveMoved) = "corrective.approved.v1";
    CorrectiveActionFinished(ActionFinished) = "corrective.action_finished.v1";
    CorrectiveActionMoved(ActionMoved) = "corrective.action_moved.v1";
    CorrectiveActionDropped(ActionDropped) = "corrective.action_dropped.v1";
    CorrectiveClosed(CorrectiveClosed) = "corrective.closed.v1";
    CorrectiveWithdrawn(CorrectiveMoved) = "corrective.withdrawn.v1";
    CorrectiveAnnulled(Occurred) = "corrective.annulled.v1";
    OffsetAgreed(OffsetTerms) = "offset.agreed.v1";
    OffsetAmended(OffsetAmended) = "offset.amended.v1";
    OffsetPlanned(OffsetPlanned) = "offset.planned.v1";
    OffsetPlanDropped(OffsetPlanDropped) = "offset.plan_dropped.v1";
    OffsetClaimed(OffsetClaimed) = "offset.claimed.v1";
    OffsetAccepted(OffsetAccepted) = "offset.accepted.v1";
    OffsetRejected(OffsetRejected) = "offset.rejected.v1";
    OffsetDischarged(OffsetEnded) = "offset.discharged.v1";
    OffsetReleased(OffsetEnded) = "offset.released.v1";
    OffsetAnnulled(Occurred) = "offset.annulled.v1";
    ReportFiled(ReportFiled) = "report.filed.v1";
    ReportAccepted(ReportAccepted) = "report.accepted.v1";
    ReportReturned(ReportMoved) = "report.returned.v1";
    ReportWithdrawn(ReportMoved) = "report.withdrawn.v1";
    ListPolicySet(ListPolicySet) = "list.policy_set.v1";
    ListSourceSet(ListSourceSet) = "list.source_set.v1";
    ListEditionLoaded(EditionLoaded) = "list.edition_loaded.v1";
    ListEditionConfirmed(EditionConfirmed) = "list.edition_confirmed.v1";
    ListEditionRefused(EditionRefused) = "list.edition_refused.v1";
    ListScreened(ListScreened) = "list.screened.v1";
    CaseOpened(CaseOpened) = "case.opened.v1";
    CaseRenewed(CaseRenewed) = "case.renewed.v1";
    CaseLapsed(CaseRenewed) = "case.lapsed.v1";
    CaseClearanceProposed(CaseJudged) = "case.clearance_proposed.v1";
    CaseClearanceRefused(Occurred) = "case.clearance_refused.v1";
    CaseCleared(CaseJudged) = "case.cleared.v1";
    CaseConfirmed(Occurred) = "case.confirmed.v1";
    CaseEscalated(Occurred) = "case.escalated.v1";
    CaseAcknowledged(CaseJudged) = "case.acknowledged.v1";
    CaseReopened(Occurred) = "case.reopened.v1";
    CaseWithdrawn(CaseClosed) = "case.withdrawn.v1";
    EmbargoProposed(EditionProposed) = "embargo.proposed.v1";
    EmbargoConfirmed(EditionJudged) = "embargo.confirmed.v1";
    EmbargoRejected(EditionJudged) = "embargo.rejected.v1";
    EmbargoWithdrawn(EditionJudged) = "embargo.withdrawn.v1";
    PolicyProposed(PolicyProposed) = "policy.proposed.v1";
    PolicyConfirmed(Occurred) = "policy.confirmed.v1";
    PolicyRejected(Occurred) = "policy.rejected.v1";
    PolicyWithdrawn(Occurred) = "policy.withdrawn.v1";
    ApplicationDrafted(Content) = "application.drafted.v1";
    ApplicationRevised(Content) = "application.revised.v1";
    ApplicationSubmitted(Occurred) = "application.submitted.v1";
    ApplicationDiscarded(Occurred) = "application.discarded.v1";
    ApplicationWithdrawn(Occurred) = "application.withdrawn.v1";
    ApplicationAsked(QuestionAsked) = "application.asked.v1";
    ApplicationAnswered(QuestionAnswered) = "application.answered.v1";
    ApplicationEndUserEstablished(EndUserEstablished) = "application.end_user_established.v1";
    ApplicationRecorded(CheckRecorded) = "application.recorded.v1";
    ApplicationOpinionAsked(OpinionAsked) = "application.opinion_asked.v1";
    ApplicationOpinionGiven(Opinion) = "application.opinion_given.v1";
    ApplicationAssessed(Assessment) = "application.assessed.v1";
    ApplicationProposed(Proposal) = "application.proposed.v1";
    ApplicationReturned(Occurred) = "application.returned.v1";
    ApplicationGranted(ApplicationGranted) = "application.granted.v1";
    ApplicationRefused(Occurred) = "application.refused.v1";
    ApplicationAppealed(ApplicationAppealed) = "application.appealed.v1";
    LicenceIssued(LicenceIssued) = "licence.issued.v1";
    LicenceWrittenOff(WriteOff) = "licence.written_off.v1";
    LicenceCorrected(WriteOffCorrected) = "licence.corrected.v1";
    LicenceConditionMet(ConditionMet) = "licence.condition_met.v1";
    LicenceDeliveryVerified(DeliveryVerified) = "licence.delivery_verified.v1";
    LicenceSuspended(Occurred) = "licence.suspended.v1";
    LicenceStopped(LicenceStopped) = "licence.stopped.v1";
    LicenceReinstated(Occurred) = "licence.reinstated.v1";
    LicenceRevoked(Occurred) = "licence.revoked.v1";
    LicenceClosed(Occurred) = "licence.closed.v1";
    CertificateRegistered(CertificateContent) = "certificate.registered.v1";
    CertificateAuthenticityAsked(AuthenticityAsked) = "certificate.authenticity_asked.v1";
    CertificateAuthenticityAnswered(AuthenticityAnswered) = "certificate.authenticity_answered.v1";
    CertificateBound(CertificateBound) = "certificate.bound.v1";
    CertificateReleased(Occurred) = "certificate.released.v1";
    CertificateVoided(Occurred) = "certificate.voided.v1";
    CertificateRevoked(CertificateRevoked) = "certificate.revoked.v1";
    SpecimenProposed(NewSpecimen) = "specimens.proposed.v1";
    SpecimenConfirmed(SpecimenJudged) = "specimens.confirmed.v1";
    SpecimenRejected(SpecimenJudged) = "specimens.rejected.v1";
    SpecimenEnded(SpecimenEnded) = "specimens.ended.v1";
    InspectionPlanned(InspectionPlanned) = "inspection.planned.v1";
    InspectionVisited(InspectionVisited) = "inspection.visited.v1";
    InspectionCancelled(Occurred) = "inspection.cancelled.v1";
    InspectionClosed(IncidentClosed) = "inspection.closed.v1";
    ApplicationOpinionConfirmed(OpinionConfirmed) = "application.opinion_confirmed.v1";
    LicenceReopened(LicenceReopened) = "licence.reopened.v1";
    GuidanceProposed(GuidanceProposed) = "guidance.proposed.v1";
    GuidanceConfirmed(GuidanceJudged) = "guidance.confirmed.v1";
    GuidanceRejected(GuidanceJudged) = "guidance.rejected.v1";
    GuidanceWithdrawn(GuidanceJudged) = "guidance.withdrawn.v1";
    GuidanceEnded(GuidanceEnded) = "guidance.ended.v1";
    ExchangeCleared(CustomsCleared) = "exchange.cleared.v1";
    CustomsRunExported(RunExported) = "customs_run.exported.v1";
    CustomsRunAnswered(RunAnswered) = "customs_run.answered.v1";
    CustomsRunReceived(UsageReceived) = "customs_run.received.v1";
    DiscrepancyOpened(DiscrepancyOpened) = "discrepancy.opened.v1";
    DiscrepancyClosed(DiscrepancyClosed) = "discrepancy.closed.v1";
    ReexportRequested(ReexportRequested) = "reexport.requested.v1";
    ReexportGroundRecorded(GroundRecorded) = "reexport.ground_recorded.v1";
    ReexportEndUserEstablished(NewUserEstablished) = "reexport.end_user_established.v1";
    ReexportRecorded(ReexportRecorded) = "reexport.recorded.v1";
    ReexportRightsConsidered(RightsConsidered) = "reexport.rights_considered.v1";
    ReexportProposed(ReexportProposal) = "reexport.proposed.v1";
    ReexportReturned(Occurred) = "reexport.returned.v1";
    ReexportConsented(ReexportConsented) = "reexport.consented.v1";
    ReexportRefused(Occurred) = "reexport.refused.v1";
    ReexportReported(ReexportReported) = "reexport.reported.v1";
    ReexportWithdrawn(Occurred) = "reexport.withdrawn.v1";
    ReexportClosed(Occurred) = "reexport.closed.v1";
    ReexportRevoked(Occurred) = "reexport.revoked.v1";
    ApplicationAffirmed(ApplicationAffirmed) = "application.affirmed.v1";
    GroupMembershipSet(MembershipSet) = "group.membership_set.v1";
    StatisticImported(StatisticImported) = "statistic.imported.v1";
}

impl Fact {
    /// The document that the fact stands on, where it is one.
    pub fn document(&self) -> Option<&crate::document::Document> {
        match self {
            Fact::ContractAmended(a) => Some(&a.amendment.document),
            Fact::ContractSigned(m)
            | Fact::ContractEnteredIntoForce(m)
            | Fact::ContractSuspended(m)
            | Fact::ContractResumed(m)
            | Fact::ContractCompleted(m)
            | Fact::ContractTerminated(m)
            | Fact::ContractClosed(m) => m.document.as_ref(),
            Fact::ContractTermsAgreed(terms) => terms.document.as_ref(),
            Fact::ClaimRaised(c) => c.document.as_ref(),
            Fact::ClaimAnswered(c) => c.document.as_ref(),
            Fact::ClaimSettled(c) => c.document.as_ref(),
            Fact::ClaimEnded(c) => c.document.as_ref(),
            Fact::LineAdded(l) => l.document.as_ref(),
            Fact::LineAmended(l) => Some(&l.document),
            Fact::PlanApproved(p) => Some(&p.document),
            Fact::PlanProposed(p) => p.document.as_ref(),
            Fact::PlanAgreed(p) => Some(&p.document),
            Fact::PlanObjected(p) => p.document.as_ref(),
            Fact::PlanProposalApproved(p) => Some(&p.document),
            Fact::DeliveryHandedOver(d) => Some(&d.document),
            Fact::DeliveryAccepted(d) => Some(&d.document),
            Fact::DeliveryReturned(d) => d.document.as_ref(),
            Fact::SchedulePenaltyAgreed(t) => Some(&t.document),
            Fact::InstalmentScheduled(i) => i.document.as_ref(),
            Fact::InstalmentAmended(i) => Some(&i.document),
            Fact::ReceiptRecorded(r) => Some(&r.document),
            Fact::PenaltyClaimed(p) => p.document.as_ref(),
            Fact::PenaltyAgreed(p) => Some(&p.document),
            Fact::PenaltyWaived(p) | Fact::PenaltySettled(p) => p.document.as_ref(),
            Fact::RateRecorded(r) => r.document.as_ref(),
            Fact::RateCorrected(r) => r.document.as_ref(),
            Fact::OpportunityRegistered(o) => o.document.as_ref(),
            Fact::OpportunityDeadlineExtended(o) => o.document.as_ref(),
            Fact::OpportunityAdviceGiven(o) => Some(&o.document),
            Fact::OpportunityOffered(o) => Some(&o.document),
            Fact::OpportunityWon(o) => o.document.as_ref(),
            Fact::OpportunityLost(o) => o.document.as_ref(),
            Fact::OpportunityDeclined(o) | Fact::OpportunityWithdrawn(o) => o.document.as_ref(),
            Fact::MilestonePlanned(m) => m.document.as_ref(),
            Fact::MilestoneAmended(m) => Some(&m.document),
            Fact::MilestoneReached(m) => Some(&m.document),
            Fact::MilestoneCancelled(m) => m.document.as_ref(),
            Fact::DeliverySerialsRecorded(s) => s.document.as_ref(),
            Fact::SlippageReported(s) => s.document.as_ref(),
            Fact::SlippageRevised(s) => s.document.as_ref(),
            Fact::SlippageEnded(s) => s.document.as_ref(),
            Fact::CorrectiveProposed(c) => c.document.as_ref(),
            Fact::CorrectiveApproved(c) | Fact::CorrectiveWithdrawn(c) => c.document.as_ref(),
            Fact::CorrectiveActionFinished(c) => c.document.as_ref(),
            Fact::CorrectiveClosed(c) => c.document.as_ref(),
            Fact::ReportFiled(r) => r.document.as_ref(),
            Fact::ReportAccepted(r) => Some(&r.document),
            Fact::ListEditionLoaded(l) => Some(&l.document),
            Fact::StatisticImported(s) => Some(&s.document),
            Fact::OffsetAgreed(o) => Some(&o.document),
            Fact::OffsetAmended(o) => Some(&o.document),
            Fact::OffsetClaimed(o) => Some(&o.document),
            Fact::OffsetAccepted(o) => Some(&o.document),
            Fact::OffsetRejected(o) => o.document.as_ref(),
            Fact::OffsetDischarged(o) | Fact::OffsetReleased(o) => Some(&o.document),
            Fact::ApplicationEndUserEstablished(e) => Some(&e.established.document),
            Fact::ApplicationRecorded(r) => Some(&r.document),
            Fact::ApplicationOpinionGiven(o) => o.document.as_ref(),
            Fact::ApplicationAppealed(a) => a.document.as_ref(),
            Fact::LicenceWrittenOff(w) => Some(&w.document),
            Fact::LicenceConditionMet(c) => Some(&c.document),
            Fact::LicenceDeliveryVerified(v) => Some(&v.document),
            Fact::CertificateRegistered(c) => Some(&c.document),
            Fact::CertificateAuthenticityAsked(a) => Some(&a.document),
            Fact::CertificateAuthenticityAnswered(a) => Some(&a.document),
            Fact::CertificateRevoked(r) => Some(&r.document),
            Fact::SpecimenProposed(s) => Some(&s.document),
            Fact::SpecimenEnded(s) => Some(&s.document),
            Fact::InspectionVisited(v) => Some(&v.document),
            Fact::InspectionClosed(c) => Some(&c.document),
            Fact::GuidanceProposed(g) => Some(&g.document),
            Fact::GuidanceEnded(g) => Some(&g.document),
            Fact::ExchangeCleared(c) => Some(&c.document),
            Fact::CustomsRunExported(r) => Some(&r.file),
            Fact::CustomsRunAnswered(r) => Some(&r.file),
            Fact::CustomsRunReceived(r) => Some(&r.file),
            Fact::DiscrepancyClosed(d) => Some(&d.document),
            Fact::ReexportRequested(r) => Some(&r.document),
            Fact::ReexportGroundRecorded(g) => Some(&g.document),
            Fact::ReexportEndUserEstablished(e) => Some(&e.established.document),
            Fact::ReexportRecorded(r) => Some(&r.document),
            Fact::ReexportRightsConsidered(r) => Some(&r.document),
            Fact::ReexportReported(r) => Some(&r.document),
            _ => None,
        }
    }

    /// All documents that the fact stands on or brings: an application comes with several.
    pub fn documents(&self) -> Vec<&crate::document::Document> {
        match self {
            Fact::ApplicationDrafted(content) | Fact::ApplicationRevised(content) => {
                content.documents.iter().collect()
            }
            Fact::ApplicationAnswered(answered) => answered.documents.iter().collect(),
            Fact::InspectionVisited(visited) => {
                let accounted = visited.accounted.iter().map(|one| &one.document);
                std::iter::once(&visited.document).chain(accounted).collect()
            }
            Fact::CustomsRunReceived(received) => vec![&received.file, &received.reply],
            _ => self.document().into_iter().collect(),
        }
    }

    /// What happened, in words, for a history.
    pub fn words(&self) -> String {
        let kind = self.kind();
        let stem = kind.rsplit_once(".v").map_or(kind, |(stem, _)| stem);
        stem.replace(['.', '_'], " ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One stored payload of every kind: these bytes stand in registers for ever.
    #[test]
    fn every_stored_kind_is_read_and_written_back_unchanged() {
        let fixture = include_str!("../../tests/payloads.txt");
        let mut seen = Vec::new();
        for line in fixture.lines().filter(|l| !l.is_empty()) {
            let (kind, payload) = line.split_once(' ').unwrap();
            let fact = Fact::decode(kind, payload.as_bytes()).unwrap_or_else(|e| panic!("{kind}: {e}"));
            assert_eq!(fact.kind(), kind);
            assert_eq!(String::from_utf8(fact.payload().unwrap()).unwrap(), payload, "{kind}");
            seen.push(kind);
        }
        for kind in Fact::KINDS {
            assert!(seen.contains(kind), "no stored payload of {kind} in tests/payloads.txt");
        }
    }

    #[test]
    fn an_unknown_kind_is_named() {
        assert_eq!(
            Fact::decode("contract.sold.v9", b"{}"),
            Err(DecodeError::UnknownKind("contract.sold.v9".into()))
        );
    }

    #[test]
    fn an_unknown_field_is_refused() {
        assert!(matches!(Fact::decode("account.disabled.v1", br#"{"x":1}"#), Err(DecodeError::Shape { .. })));
    }
}
