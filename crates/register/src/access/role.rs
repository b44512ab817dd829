//! Roles, and the two tables of rights.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Actor;
use crate::ledger::{Fallible, Refusal};

macro_rules! roles {
    ($($variant:ident = $word:literal, $name:literal;)*) => {
        /// A role. A person may hold several.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Role {
            $(#[doc = $name] $variant,)*
        }

        impl Role {
            /// All roles, in the order of the documentation.
            pub const ALL: &'static [Role] = &[$(Role::$variant),*];

            /// The word in data and on the command line.
            pub fn word(self) -> &'static str {
                match self { $(Role::$variant => $word,)* }
            }

            /// The name for people.
            pub fn name(self) -> &'static str {
                match self { $(Role::$variant => $name,)* }
            }
        }
    };
}

roles! {
    Chair = "chair", "Chair of the commission";
    Member = "member", "Member of the commission";
    ForeignMember = "foreign_member", "Member of a bilateral commission, for the foreign side";
    Secretary = "secretary", "Secretary of the commission";
    ContractOfficer = "contract_officer", "Contract officer";
    LicensingOfficer = "licensing_officer", "Licensing officer";
    Countersigner = "countersigner", "Countersigner";
    ConsultedAgency = "consulted_agency", "Consulted agency";
    TreatyOfficer = "treaty_officer", "Treaty officer";
    Editor = "editor", "Editor of records";
    ContentApprover = "content_approver", "Approver of content";
    ReleaseAuthority = "release_authority", "Release authority";
    Exporter = "exporter", "Exporter";
    Manufacturer = "manufacturer", "Manufacturer";
    Customs = "customs", "Customs";
    Auditor = "auditor", "Auditor";
    Administrator = "administrator", "Administrator of accounts";
    Operator = "operator", "Operator of the machine";
    Public = "public", "Public";
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Role {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Role, Refusal> {
        let folded = text.trim().to_ascii_lowercase().replace([' ', '-'], "_");
        Role::ALL.iter().copied().find(|r| r.word() == folded).ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
            Refusal::new("role.unknown", format!("{text:?} is not a role."))
                .field("role")
                .missing(format!("one of {}", known.join(", ")))
        })
    }
}

macro_rules! command_kinds {
    ($($variant:ident = $word:literal;)*) => {
        /// The commands, as rights are given on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)] // Each is named by its word.
        pub enum CommandKind { $($variant,)* }

        impl CommandKind {
            /// All commands.
            pub const ALL: &'static [CommandKind] = &[$(CommandKind::$variant),*];

            /// The word, `subject.step`.
            pub fn word(self) -> &'static str {
                match self { $(CommandKind::$variant => $word,)* }
            }
        }
    };
}

command_kinds! {
    LedgerFound = "ledger.found";
    AccountOpen = "account.open";
    AccountChange = "account.change";
    AccountReset = "account.reset";
    PartnerRegister = "partner.register";
    GroupChange = "group.change";
    PartyRegister = "party.register";
    ContractOpen = "contract.open";
    ContractAmend = "contract.amend";
    ContractSign = "contract.sign";
    ContractEnterIntoForce = "contract.enter_into_force";
    ContractSuspend = "contract.suspend";
    ContractResume = "contract.resume";
    ContractComplete = "contract.complete";
    ContractTerminate = "contract.terminate";
    ClaimOpen = "claim.open";
    ClaimSettle = "claim.settle";
    LineAdd = "line.add";
    LineAmend = "line.amend";
    PlanDraft = "plan.draft";
    PlanAddItems = "plan.add_items";
    PlanPropose = "plan.propose";
    PlanAgree = "plan.agree";
    PlanObject = "plan.object";
    PlanReturn = "plan.return";
    PlanApprove = "plan.approve";
    PlanDiscard = "plan.discard";
    DeliveryHandOver = "delivery.hand_over";
    DeliveryAccept = "delivery.accept";
    DeliveryReturn = "delivery.return";
    DeliveryAnnul = "delivery.annul";
    ScheduleComplete = "schedule.complete";
    ScheduleReopen = "schedule.reopen";
    ScheduleAgreePenalty = "schedule.agree_penalty";
    InstalmentSchedule = "instalment.schedule";
    InstalmentAmend = "instalment.amend";
    InstalmentWithdraw = "instalment.withdraw";
    InstalmentAnnul = "instalment.annul";
    ReceiptRecord = "receipt.record";
    ReceiptAllocate = "receipt.allocate";
    ReceiptAnnul = "receipt.annul";
    PenaltyClaim = "penalty.claim";
    PenaltyAgree = "penalty.agree";
    PenaltyWaive = "penalty.waive";
    PenaltySettle = "penalty.settle";
    PenaltyAnnul = "penalty.annul";
    RateRecord = "rate.record";
    RateCorrect = "rate.correct";
    OpportunityRegister = "opportunity.register";
    OpportunityExtend = "opportunity.extend";
    OpportunityEstimate = "opportunity.estimate";
    OpportunityAskAdvice = "opportunity.ask_advice";
    OpportunityGiveAdvice = "opportunity.give_advice";
    OpportunityOffer = "opportunity.offer";
    OpportunityWin = "opportunity.win";
    OpportunityLose = "opportunity.lose";
    OpportunityDecline = "opportunity.decline";
    OpportunityWithdraw = "opportunity.withdraw";
    ForecastPublish = "forecast.publish";
    MilestonePlan = "milestone.plan";
    MilestoneAmend = "milestone.amend";
    MilestoneForecast = "milestone.forecast";
    MilestoneReach = "milestone.reach";
    MilestoneCancel = "milestone.cancel";
    MilestoneAnnul = "milestone.annul";
    ContractAgreeTerms = "contract.agree_terms";
    ContractClose = "contract.close";
    ClaimAnswer = "claim.answer";
    DeliveryRecordSerials = "delivery.record_serials";
    SlippageReport = "slippage.report";
    SlippageRevise = "slippage.revise";
    SlippageEnd = "slippage.end";
    SlippageAnnul = "slippage.annul";
    CorrectivePropose = "corrective.propose";
    CorrectiveApprove = "corrective.approve";
    CorrectiveAct = "corrective.act";
    CorrectiveClose = "corrective.close";
    CorrectiveWithdraw = "corrective.withdraw";
    CorrectiveAnnul = "corrective.annul";
    OffsetAgree = "offset.agree";
    OffsetAmend = "offset.amend";
    OffsetPlan = "offset.plan";
    OffsetClaim = "offset.claim";
    OffsetReview = "offset.review";
    OffsetEnd = "offset.end";
    OffsetAnnul = "offset.annul";
    ReportFile = "report.file";
    ReportAccept = "report.accept";
    ReportReturn = "report.return";
    ReportWithdraw = "report.withdraw";
    ListSetPolicy = "list.set_policy";
    ListLoad = "list.load";
    ListScreen = "list.screen";
    CasePropose = "case.propose";
    CaseReview = "case.review";
    CaseConfirm = "case.confirm";
    CaseEscalate = "case.escalate";
    CaseAcknowledge = "case.acknowledge";
    CaseReopen = "case.reopen";
    EmbargoPropose = "embargo.propose";
    EmbargoReview = "embargo.review";
    EmbargoWithdraw = "embargo.withdraw";
    PolicyPropose = "policy.propose";
    PolicyReview = "policy.review";
    PolicyWithdraw = "policy.withdraw";
    ApplicationDraft = "application.draft";
    ApplicationRevise = "application.revise";
    ApplicationSubmit = "application.submit";
    ApplicationDiscard = "application.discard";
    ApplicationWithdraw = "application.withdraw";
    ApplicationAnswer = "application.answer";
    ApplicationAppeal = "application.appeal";
    ApplicationAsk = "application.ask";
    ApplicationEstablish = "application.establish";
    ApplicationRecord = "application.record";
    ApplicationAskOpinion = "application.ask_opinion";
    ApplicationGiveOpinion = "application.give_opinion";
    ApplicationAssess = "application.assess";
    ApplicationPropose = "application.propose";
    ApplicationReturn = "application.return";
    ApplicationCountersign = "application.countersign";
    LicenceWriteOff = "licence.write_off";
    LicenceCorrect = "licence.correct";
    LicenceMeet = "licence.meet";
    LicenceSuspend = "licence.suspend";
    LicenceReinstate = "licence.reinstate";
    LicenceRevoke = "licence.revoke";
    LicenceClose = "licence.close";
    LicenceVerify = "licence.verify";
    CertificateRegister = "certificate.register";
    CertificateAsk = "certificate.ask";
    CertificateAnswer = "certificate.answer";
    CertificateBind = "certificate.bind";
    CertificateRelease = "certificate.release";
    CertificateVoid = "certificate.void";
    CertificateRevoke = "certificate.revoke";
    SpecimenPropose = "specimens.propose";
    SpecimenReview = "specimens.review";
    SpecimenEnd = "specimens.end";
    InspectionPlan = "inspection.plan";
    InspectionVisit = "inspection.visit";
    InspectionCancel = "inspection.cancel";
    InspectionClose = "inspection.close";
    ApplicationConfirmOpinion = "application.confirm_opinion";
    GuidancePropose = "guidance.propose";
    GuidanceReview = "guidance.review";
    GuidanceEnd = "guidance.end";
    CustomsClear = "customs.clear";
    CustomsExport = "customs.export";
    CustomsReply = "customs.reply";
    CustomsUsage = "customs.usage";
    DiscrepancyClose = "discrepancy.close";
    ReexportRequest = "reexport.request";
    ReexportExamine = "reexport.examine";
    ReexportPropose = "reexport.propose";
    ReexportReturn = "reexport.return";
    ReexportCountersign = "reexport.countersign";
    ReexportWithdraw = "reexport.withdraw";
    ReexportReport = "reexport.report";
    ReexportClose = "reexport.close";
    ReexportRevoke = "reexport.revoke";
    StatisticImport = "statistic.import";
}

use CommandKind as C;
use Role as R;

/// Role × command: who may give which command.
pub const COMMAND_RIGHTS: &[(CommandKind, &[Role])] = &[
    (C::LedgerFound, &[R::Operator]),
    (C::AccountOpen, &[R::Administrator, R::Operator]),
    (C::AccountChange, &[R::Administrator, R::Operator]),
    (C::AccountReset, &[R::Administrator, R::Operator]),
    (C::PartnerRegister, &[R::Secretary, R::ContractOfficer, R::TreatyOfficer, R::Operator]),
    (C::GroupChange, &[R::Secretary, R::TreatyOfficer, R::Operator]),
    (C::PartyRegister, &[R::Secretary, R::ContractOfficer, R::LicensingOfficer, R::Operator]),
    (C::ContractOpen, &[R::ContractOfficer, R::Operator]),
    (C::ContractAmend, &[R::ContractOfficer, R::Operator]),
    (C::ContractSign, &[R::ContractOfficer, R::Operator]),
    (C::ContractEnterIntoForce, &[R::ContractOfficer, R::Operator]),
    (C::ContractSuspend, &[R::ContractOfficer, R::Operator]),
    (C::ContractResume, &[R::ContractOfficer, R::Operator]),
    (C::ContractComplete, &[R::ContractOfficer, R::Operator]),
    (C::ContractTerminate, &[R::ContractOfficer, R::Operator]),
    (C::ClaimOpen, &[R::ContractOfficer, R::Operator]),
    (C::ClaimSettle, &[R::ContractOfficer, R::Operator]),
    (C::LineAdd, &[R::ContractOfficer, R::Operator]),
    (C::LineAmend, &[R::ContractOfficer, R::Operator]),
    (C::PlanDraft, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::PlanAddItems, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::PlanPropose, &[R::Secretary, R::ContractOfficer, R::Operator]),
    // A manufacturer answers for its own party alone: the rule of plans says so.
    (C::PlanAgree, &[R::Secretary, R::ContractOfficer, R::Manufacturer, R::Operator]),
    (C::PlanObject, &[R::Secretary, R::ContractOfficer, R::Manufacturer, R::Operator]),
    (C::PlanReturn, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::PlanApprove, &[R::Chair]),
    (C::PlanDiscard, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::DeliveryHandOver, &[R::ContractOfficer, R::Operator]),
    (C::DeliveryAccept, &[R::ContractOfficer, R::Operator]),
    (C::DeliveryReturn, &[R::ContractOfficer, R::Operator]),
    (C::DeliveryAnnul, &[R::ContractOfficer, R::Operator]),
    (C::ScheduleComplete, &[R::ContractOfficer, R::Operator]),
    (C::ScheduleReopen, &[R::ContractOfficer, R::Operator]),
    (C::ScheduleAgreePenalty, &[R::ContractOfficer, R::Operator]),
    (C::InstalmentSchedule, &[R::ContractOfficer, R::Operator]),
    (C::InstalmentAmend, &[R::ContractOfficer, R::Operator]),
    (C::InstalmentWithdraw, &[R::ContractOfficer, R::Operator]),
    (C::InstalmentAnnul, &[R::ContractOfficer, R::Operator]),
    (C::ReceiptRecord, &[R::ContractOfficer, R::Operator]),
    (C::ReceiptAllocate, &[R::ContractOfficer, R::Operator]),
    (C::ReceiptAnnul, &[R::ContractOfficer, R::Operator]),
    (C::PenaltyClaim, &[R::ContractOfficer, R::Operator]),
    (C::PenaltyAgree, &[R::ContractOfficer, R::Operator]),
    (C::PenaltyWaive, &[R::ContractOfficer, R::Operator]),
    (C::PenaltySettle, &[R::ContractOfficer, R::Operator]),
    (C::PenaltyAnnul, &[R::ContractOfficer, R::Operator]),
    (C::RateRecord, &[R::ContractOfficer, R::Operator]),
    (C::RateCorrect, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityRegister, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityExtend, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityEstimate, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityAskAdvice, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityGiveAdvice, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityOffer, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityWin, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityLose, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityDecline, &[R::ContractOfficer, R::Operator]),
    (C::OpportunityWithdraw, &[R::ContractOfficer, R::Operator]),
    (C::ForecastPublish, &[R::Chair, R::Secretary, R::ContractOfficer, R::Operator]),
    (C::MilestonePlan, &[R::ContractOfficer, R::Operator]),
    (C::MilestoneAmend, &[R::ContractOfficer, R::Operator]),
    (C::MilestoneForecast, &[R::ContractOfficer, R::Operator]),
    (C::MilestoneReach, &[R::ContractOfficer, R::Operator]),
    (C::MilestoneCancel, &[R::ContractOfficer, R::Operator]),
    (C::MilestoneAnnul, &[R::ContractOfficer, R::Operator]),
    (C::ContractAgreeTerms, &[R::ContractOfficer, R::Operator]),
    (C::ContractClose, &[R::ContractOfficer, R::Operator]),
    (C::ClaimAnswer, &[R::ContractOfficer, R::Operator]),
    (C::DeliveryRecordSerials, &[R::ContractOfficer, R::Operator]),
    (C::SlippageReport, &[R::ContractOfficer, R::Operator]),
    (C::SlippageRevise, &[R::ContractOfficer, R::Operator]),
    (C::SlippageEnd, &[R::ContractOfficer, R::Operator]),
    (C::SlippageAnnul, &[R::ContractOfficer, R::Operator]),
    (C::CorrectivePropose, &[R::ContractOfficer, R::Operator]),
    (C::CorrectiveApprove, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::CorrectiveAct, &[R::ContractOfficer, R::Operator]),
    (C::CorrectiveClose, &[R::ContractOfficer, R::Operator]),
    (C::CorrectiveWithdraw, &[R::ContractOfficer, R::Operator]),
    (C::CorrectiveAnnul, &[R::ContractOfficer, R::Operator]),
    (C::OffsetAgree, &[R::ContractOfficer, R::Operator]),
    (C::OffsetAmend, &[R::ContractOfficer, R::Operator]),
    (C::OffsetPlan, &[R::ContractOfficer, R::Operator]),
    (C::OffsetClaim, &[R::ContractOfficer, R::Operator]),
    (C::OffsetReview, &[R::Secretary, R::ContractOfficer, R::Operator]),
    (C::OffsetEnd, &[R::ContractOfficer, R::Operator]),
    (C::OffsetAnnul, &[R::ContractOfficer, R::Operator]),
    (C::ReportFile, &[R::Exporter, R::Manufacturer]),
    (C::ReportAccept, &[R::ContractOfficer, R::Operator]),
    (C::ReportReturn, &[R::ContractOfficer, R::Operator]),
    (C::ReportWithdraw, &[R::Exporter, R::Manufacturer]),
    (C::ListSetPolicy, &[R::Secretary, R::LicensingOfficer, R::Operator]),
    (C::ListLoad, &[R::Secretary, R::LicensingOfficer, R::Operator]),
    // A run goes over every party, whatever its marking.
    (C::ListScreen, &[R::Operator]),
    // A hit is decided about by those who answer for it, not by whoever keeps the machine.
    (C::CasePropose, &[R::Secretary, R::ContractOfficer, R::LicensingOfficer]),
    (C::CaseReview, &[R::Secretary, R::LicensingOfficer, R::Countersigner]),
    (C::CaseConfirm, &[R::Secretary, R::LicensingOfficer, R::Countersigner]),
    (C::CaseEscalate, &[R::Secretary, R::ContractOfficer, R::LicensingOfficer, R::Countersigner]),
    (C::CaseAcknowledge, &[R::Secretary, R::ContractOfficer, R::LicensingOfficer]),
    (C::CaseReopen, &[R::Secretary, R::LicensingOfficer, R::Countersigner]),
    // Whoever keeps the machine may propose the files that came with the program, and confirms none: what binds is
    // answered for by two people of the commission.
    (C::EmbargoPropose, &[R::Secretary, R::LicensingOfficer, R::TreatyOfficer, R::Operator]),
    (C::EmbargoReview, &[R::Secretary, R::LicensingOfficer, R::Countersigner, R::TreatyOfficer]),
    (C::EmbargoWithdraw, &[R::Secretary, R::LicensingOfficer, R::TreatyOfficer, R::Operator]),
    (C::PolicyPropose, &[R::Secretary, R::LicensingOfficer, R::TreatyOfficer]),
    (C::PolicyReview, &[R::Chair, R::Secretary, R::LicensingOfficer, R::Countersigner]),
    (C::PolicyWithdraw, &[R::Secretary, R::LicensingOfficer, R::TreatyOfficer]),
    // An exporter applies for its own party alone: the rule of applications says so. Whoever keeps the machine decides on
    // no transfer.
    (C::ApplicationDraft, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationRevise, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationSubmit, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationDiscard, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationWithdraw, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationAnswer, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationAppeal, &[R::Exporter, R::LicensingOfficer]),
    (C::ApplicationAsk, &[R::LicensingOfficer]),
    (C::ApplicationEstablish, &[R::LicensingOfficer]),
    (C::ApplicationRecord, &[R::LicensingOfficer]),
    (C::ApplicationAskOpinion, &[R::LicensingOfficer]),
    (C::ApplicationGiveOpinion, &[R::LicensingOfficer, R::ConsultedAgency]),
    (C::ApplicationAssess, &[R::LicensingOfficer]),
    (C::ApplicationPropose, &[R::LicensingOfficer]),
    (C::ApplicationReturn, &[R::Chair, R::LicensingOfficer, R::Countersigner]),
    (C::ApplicationCountersign, &[R::Chair, R::Countersigner]),
    (C::LicenceWriteOff, &[R::LicensingOfficer, R::Customs]),
    (C::LicenceCorrect, &[R::LicensingOfficer, R::Customs]),
    (C::LicenceMeet, &[R::LicensingOfficer]),
    (C::LicenceSuspend, &[R::Chair, R::LicensingOfficer, R::Countersigner]),
    (C::LicenceReinstate, &[R::Chair, R::LicensingOfficer, R::Countersigner]),
    (C::LicenceRevoke, &[R::Chair, R::Countersigner]),
    (C::LicenceClose, &[R::LicensingOfficer]),
    (C::LicenceVerify, &[R::LicensingOfficer]),
    // Certificates are handed in on paper, and whoever transfers records nothing of what speaks for the transfer.
    (C::CertificateRegister, &[R::LicensingOfficer]),
    (C::CertificateAsk, &[R::LicensingOfficer]),
    (C::CertificateAnswer, &[R::LicensingOfficer]),
    (C::CertificateBind, &[R::LicensingOfficer]),
    (C::CertificateRelease, &[R::LicensingOfficer]),
    (C::CertificateVoid, &[R::LicensingOfficer]),
    (C::CertificateRevoke, &[R::LicensingOfficer]),
    (C::SpecimenPropose, &[R::LicensingOfficer, R::TreatyOfficer]),
    (C::SpecimenReview, &[R::LicensingOfficer, R::Countersigner, R::TreatyOfficer]),
    (C::SpecimenEnd, &[R::LicensingOfficer, R::Countersigner, R::TreatyOfficer]),
    (C::InspectionPlan, &[R::LicensingOfficer]),
    (C::InspectionVisit, &[R::LicensingOfficer]),
    (C::InspectionCancel, &[R::LicensingOfficer]),
    (C::InspectionClose, &[R::Chair, R::LicensingOfficer, R::Countersigner]),
    (C::ApplicationConfirmOpinion, &[R::ConsultedAgency]),
    (C::GuidancePropose, &[R::Secretary, R::LicensingOfficer, R::TreatyOfficer]),
    (C::GuidanceReview, &[R::Chair, R::LicensingOfficer, R::Countersigner, R::TreatyOfficer]),
    (C::GuidanceEnd, &[R::Chair, R::Countersigner]),
    // One person says up to which marking customs are told, and another sends it: the rule of the exchange says so.
    (C::CustomsClear, &[R::Chair, R::Countersigner]),
    (C::CustomsExport, &[R::LicensingOfficer]),
    (C::CustomsReply, &[R::LicensingOfficer, R::Customs]),
    (C::CustomsUsage, &[R::LicensingOfficer, R::Customs]),
    (C::DiscrepancyClose, &[R::LicensingOfficer]),
    // A state asks on paper, and officers record what it asks and what it reports.
    (C::ReexportRequest, &[R::LicensingOfficer]),
    (C::ReexportExamine, &[R::LicensingOfficer]),
    (C::ReexportPropose, &[R::LicensingOfficer]),
    (C::ReexportReturn, &[R::Chair, R::LicensingOfficer, R::Countersigner]),
    (C::ReexportCountersign, &[R::Chair, R::Countersigner]),
    (C::ReexportWithdraw, &[R::LicensingOfficer]),
    (C::ReexportReport, &[R::LicensingOfficer]),
    (C::ReexportClose, &[R::LicensingOfficer]),
    (C::ReexportRevoke, &[R::Chair, R::Countersigner]),
    (C::StatisticImport, &[R::Secretary, R::ContractOfficer, R::TreatyOfficer, R::Operator]),
];

/// What can be read, as rights are given on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reading {
    /// The chair's brief, the sources of its figures, and published forecasts.
    Brief,
    /// Contracts, their lines, deliveries, performance and documents.
    Contracts,
    /// Payment schedules, receipts, penalties and what they sum to.
    Payments,
    /// Opportunities, their offers, and what they show of themselves.
    Opportunities,
    /// Delivery plans.
    Plans,
    /// Partner states and groups, and what others publish of states and of the market.
    Partners,
    /// Accounts of persons.
    Accounts,
    /// Lists of those under measures, runs over them, and cases; the rules of embargoes, and whose of them bind.
    Screening,
    /// Applications for transfers: of an exporter its own, without what is thought of them inside; of an agency those that
    /// it was asked about.
    Applications,
    /// Licences and what was written off of them.
    Licences,
    /// End-user certificates: of an exporter its own, without what is asked about them inside.
    Certificates,
    /// Specimen signatures, and inspections after shipment with what they found.
    Inspections,
    /// What transfers are weighed by: standing assessments, denials of others, quotas, figures, agencies, routing.
    Guidance,
    /// Runs to customs and from them, and discrepancies: of customs, without what is thought of them inside.
    Customs,
    /// Requests to pass on what was delivered: business of states, and of no exporter.
    Reexports,
    /// The ledger itself: sequences, hashes, actors, the log of reads.
    Ledger,
}

impl Reading {
    /// All readings.
    pub const ALL: [Reading; 16] = [
        Reading::Brief,
        Reading::Contracts,
        Reading::Payments,
        Reading::Opportunities,
        Reading::Plans,
        Reading::Partners,
        Reading::Accounts,
        Reading::Screening,
        Reading::Applications,
        Reading::Licences,
        Reading::Certificates,
        Reading::Inspections,
        Reading::Guidance,
        Reading::Customs,
        Reading::Reexports,
        Reading::Ledger,
    ];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Reading::Brief => "brief",
            Reading::Contracts => "contracts",
            Reading::Payments => "payments",
            Reading::Opportunities => "opportunities",
            Reading::Plans => "plans",
            Reading::Partners => "partners",
            Reading::Accounts => "accounts",
            Reading::Screening => "screening",
            Reading::Applications => "applications",
            Reading::Licences => "licences",
            Reading::Certificates => "certificates",
            Reading::Inspections => "inspections",
            Reading::Guidance => "guidance",
            Reading::Customs => "customs",
            Reading::Reexports => "reexports",
            Reading::Ledger => "ledger",
        }
    }
}

/// How far a right to read goes. Labels apply besides, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// Only what the person's own party is named in.
    Own,
    /// Everything within the clearance.
    All,
}

/// Role × subject: who may read what. The administrator manages accounts and reads no content.
pub const READ_RIGHTS: &[(Reading, &[(Role, Extent)])] = &[
    (
        Reading::Brief,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Contracts,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::ForeignMember, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::ConsultedAgency, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Customs, Extent::All),
            (R::Exporter, Extent::Own),
            (R::Manufacturer, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Payments,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::Exporter, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Opportunities,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::Exporter, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Plans,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::Manufacturer, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Partners,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::ForeignMember, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::ConsultedAgency, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Editor, Extent::All),
            (R::ContentApprover, Extent::All),
            (R::ReleaseAuthority, Extent::All),
            (R::Exporter, Extent::All),
            (R::Manufacturer, Extent::All),
            (R::Customs, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Accounts,
        &[(R::Administrator, Extent::All), (R::Auditor, Extent::All), (R::Operator, Extent::All)],
    ),
    (
        Reading::Screening,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Customs, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Applications,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::ConsultedAgency, Extent::Own),
            (R::Exporter, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Licences,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::ContractOfficer, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::Customs, Extent::All),
            (R::Exporter, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Certificates,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Exporter, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Inspections,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Guidance,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Customs,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::Customs, Extent::Own),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (
        Reading::Reexports,
        &[
            (R::Chair, Extent::All),
            (R::Member, Extent::All),
            (R::Secretary, Extent::All),
            (R::LicensingOfficer, Extent::All),
            (R::Countersigner, Extent::All),
            (R::TreatyOfficer, Extent::All),
            (R::Auditor, Extent::All),
            (R::Operator, Extent::All),
        ],
    ),
    (Reading::Ledger, &[(R::Auditor, Extent::All), (R::Operator, Extent::All)]),
];

/// Passes if one of the actor's roles gives the command.
///
/// # Errors
/// `access.role`, naming the roles that may.
pub fn may_command(actor: &Actor, command: CommandKind) -> Fallible<()> {
    let allowed = COMMAND_RIGHTS.iter().find(|row| row.0 == command).map_or(&[][..], |row| row.1);
    if actor.roles.iter().any(|role| allowed.contains(role)) {
        return Ok(());
    }
    let names: Vec<&str> = allowed.iter().map(|r| r.name()).collect();
    Err(Refusal::new("access.role", format!("{} may not do this ({}).", actor.name, command.word()))
        .missing(format!("one of the roles {}", names.join(", "))))
}

/// Commands that name the paper behind them: who may give one of them may hand in papers.
pub const WITH_PAPERS: &[CommandKind] = &[
    C::ContractSign,
    C::ContractAmend,
    C::ContractEnterIntoForce,
    C::ContractResume,
    C::ContractComplete,
    C::ContractTerminate,
    C::ClaimSettle,
    C::LineAdd,
    C::LineAmend,
    C::PlanPropose,
    C::PlanAgree,
    C::PlanObject,
    C::PlanApprove,
    C::DeliveryHandOver,
    C::DeliveryAccept,
    C::DeliveryReturn,
    C::ScheduleAgreePenalty,
    C::InstalmentSchedule,
    C::InstalmentAmend,
    C::ReceiptRecord,
    C::PenaltyClaim,
    C::PenaltyAgree,
    C::PenaltyWaive,
    C::PenaltySettle,
    C::RateRecord,
    C::RateCorrect,
    C::OpportunityRegister,
    C::OpportunityExtend,
    C::OpportunityGiveAdvice,
    C::OpportunityOffer,
    C::OpportunityWin,
    C::OpportunityLose,
    C::OpportunityDecline,
    C::OpportunityWithdraw,
    C::MilestonePlan,
    C::MilestoneAmend,
    C::MilestoneReach,
    C::MilestoneCancel,
    C::ContractAgreeTerms,
    C::ContractClose,
    C::ClaimAnswer,
    C::DeliveryRecordSerials,
    C::SlippageReport,
    C::SlippageRevise,
    C::SlippageEnd,
    C::CorrectivePropose,
    C::CorrectiveApprove,
    C::CorrectiveAct,
    C::CorrectiveClose,
    C::CorrectiveWithdraw,
    C::OffsetAgree,
    C::OffsetAmend,
    C::OffsetClaim,
    C::OffsetReview,
    C::OffsetEnd,
    C::ClaimOpen,
    C::ReportFile,
    C::ReportAccept,
    C::ApplicationDraft,
    C::ApplicationRevise,
    C::ApplicationAnswer,
    C::ApplicationAppeal,
    C::ApplicationEstablish,
    C::ApplicationRecord,
    C::ApplicationGiveOpinion,
    C::LicenceWriteOff,
    C::LicenceMeet,
    C::LicenceVerify,
    C::CertificateRegister,
    C::CertificateAsk,
    C::CertificateAnswer,
    C::CertificateRevoke,
    C::SpecimenPropose,
    C::SpecimenEnd,
    C::InspectionVisit,
    C::InspectionClose,
    C::GuidancePropose,
    C::GuidanceEnd,
    C::CustomsClear,
    C::DiscrepancyClose,
    C::ReexportRequest,
    C::ReexportExamine,
    C::ReexportReport,
];

/// Whether the actor may hand in a paper, for a fact to refer to.
///
/// # Errors
/// `access.role`, naming the roles that may.
pub fn may_keep_paper(actor: &Actor) -> Fallible<()> {
    if WITH_PAPERS.iter().any(|command| may_command(actor, *command).is_ok()) {
        return Ok(());
    }
    let allowed = |role: &&Role| {
        let holder = Actor { roles: vec![**role], ..actor.clone() };
        WITH_PAPERS.iter().any(|command| may_command(&holder, *command).is_ok())
    };
    let names: Vec<&str> = Role::ALL.iter().filter(allowed).map(|role| role.name()).collect();
    Err(Refusal::new("access.role", format!("{} may not hand in documents.", actor.name))
        .missing(format!("one of the roles {}", names.join(", "))))
}

/// How far the actor may read, at the widest of the roles; none if not at all.
pub fn may_read(actor: &Actor, reading: Reading) -> Option<Extent> {
    let rows = READ_RIGHTS.iter().find(|row| row.0 == reading).map_or(&[][..], |row| row.1);
    rows.iter().filter(|(role, _)| actor.roles.contains(role)).map(|row| row.1).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_reading_has_its_row() {
        for kind in CommandKind::ALL {
            assert_eq!(COMMAND_RIGHTS.iter().filter(|row| row.0 == *kind).count(), 1, "{}", kind.word());
        }
        for reading in Reading::ALL {
            assert_eq!(READ_RIGHTS.iter().filter(|row| row.0 == reading).count(), 1, "{}", reading.word());
        }
    }

    #[test]
    fn an_administrator_manages_accounts_and_reads_no_content() {
        let rows = |role| {
            READ_RIGHTS
                .iter()
                .filter(move |r| r.1.iter().any(|x| x.0 == role))
                .map(|r| r.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(rows(Role::Administrator), [Reading::Accounts]);
        assert!(rows(Role::Public).is_empty());
        assert!(
            COMMAND_RIGHTS
                .iter()
                .filter(|r| r.1.contains(&Role::Administrator))
                .all(|r| r.0.word().starts_with("account."))
        );
    }

    /// The whole table as reviewed output: a change of rights shows in the diff.
    #[test]
    fn the_table_of_rights() {
        let mut text = String::new();
        for (command, roles) in COMMAND_RIGHTS {
            let words: Vec<&str> = roles.iter().map(|r| r.word()).collect();
            text.push_str(&format!("{:<28} {}\n", command.word(), words.join(" ")));
        }
        text.push('\n');
        for (reading, rows) in READ_RIGHTS {
            let words: Vec<String> = rows
                .iter()
                .map(|(r, e)| format!("{}{}", r.word(), if *e == Extent::Own { "(own)" } else { "" }))
                .collect();
            text.push_str(&format!("read {:<23} {}\n", reading.word(), words.join(" ")));
        }
        insta::assert_snapshot!(text);
    }
}
