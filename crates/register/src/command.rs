//! Every change that can be asked of the register.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::access::{AccountCommand, CommandKind};
use crate::contract::ContractCommand;
use crate::contract::delivery::DeliveryCommand;
use crate::contract::line::LineCommand;
use crate::contract::plan::{PlanCommand, PlanVersion};
use crate::customs::CustomsCommand;
use crate::customs::discrepancy::DiscrepancyCommand;
use crate::embargo::{EditionCommand, PolicyCommand};
use crate::forecast::ForecastCommand;
use crate::ledger::{CanonicalError, Digest, canonical};
use crate::market::{Series, StatisticCommand};
use crate::opportunity::OpportunityCommand;
use crate::partner::PartnerCommand;
use crate::party::NewParty;
use crate::payment::{InstalmentCommand, PenaltyCommand, RateCommand, ReceiptCommand, ScheduleCommand};
use crate::performance::{CorrectiveCommand, MilestoneCommand, OffsetCommand, SlippageCommand};
use crate::report::ReportCommand;
use crate::screening::{CaseCommand, ListCommand};
use crate::transfer::application::ApplicationCommand;
use crate::transfer::certificate::{CertificateCommand, NewCertificate};
use crate::transfer::guidance::{GuidanceCommand, NewGuidance};
use crate::transfer::inspection::{InspectionCommand, NewInspection};
use crate::transfer::ledger::NewApplication;
use crate::transfer::licence::LicenceCommand;
use crate::transfer::reexport::{NewReexport, ReexportCommand};
use crate::transfer::specimen::SpecimenCommand;

/// A change. The store checks rights by its [`Command::kind`], loads the states
/// and facts that its rule needs, and appends what the rule decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Command {
    /// Founds an empty register.
    Found {
        /// `register` or `demonstration`.
        purpose: String,
    },
    /// A change of the account with this sign-in name.
    Account {
        /// Sign-in name.
        account: String,
        /// The change.
        command: AccountCommand,
    },
    /// A change of partners or groups.
    Partner(PartnerCommand),
    /// Registers a party.
    Party(NewParty),
    /// A change of a contract; without a number, a new one.
    Contract {
        /// Number of the contract.
        number: Option<String>,
        /// The change.
        command: ContractCommand,
    },
    /// Adds a line to a contract, or amends a line.
    Line {
        /// Number of the contract for a new line, of the line otherwise.
        number: String,
        /// The change.
        command: LineCommand,
    },
    /// A change of a plan version; without one, a new version of the drafted year.
    Plan {
        /// Which version.
        version: Option<PlanVersion>,
        /// The change.
        command: PlanCommand,
    },
    /// An act of delivery; without a number, a new delivery.
    Delivery {
        /// Number of the delivery.
        number: Option<String>,
        /// The act.
        command: DeliveryCommand,
    },
    /// A change of a contract's payment schedule as a whole.
    Schedule {
        /// Number of the contract.
        contract: String,
        /// The change.
        command: ScheduleCommand,
    },
    /// Adds an instalment to a contract, or changes one.
    Instalment {
        /// Number of the contract for a new instalment, of the instalment otherwise.
        number: String,
        /// The change.
        command: InstalmentCommand,
    },
    /// Records money that has come in, or changes what it pays.
    Receipt {
        /// Number of the contract for a new receipt, of the receipt otherwise.
        number: String,
        /// The change.
        command: ReceiptCommand,
    },
    /// Claims a penalty for delay, or takes one further.
    Penalty {
        /// Number of the contract for a new claim, of the penalty otherwise.
        number: String,
        /// The change.
        command: PenaltyCommand,
    },
    /// A change of the table of exchange rates; without a number, a new rate.
    Rate {
        /// Key of the rate.
        number: Option<String>,
        /// The change.
        command: RateCommand,
    },
    /// A change of an opportunity; without a number, a new one.
    Opportunity {
        /// Number of the opportunity.
        number: Option<String>,
        /// The change.
        command: OpportunityCommand,
    },
    /// Publishes a forecast.
    Forecast(ForecastCommand),
    /// Plans a milestone of a contract, or changes one.
    Milestone {
        /// Number of the contract for a new milestone, of the milestone otherwise.
        number: String,
        /// The change.
        command: MilestoneCommand,
    },
    /// Reports that a line slips, or changes such a report.
    Slippage {
        /// Number of the contract for a new slippage, of the slippage otherwise.
        number: String,
        /// The change.
        command: SlippageCommand,
    },
    /// Proposes a corrective plan of a contract, or changes one.
    Corrective {
        /// Number of the contract for a new plan, of the plan otherwise.
        number: String,
        /// The change.
        command: CorrectiveCommand,
    },
    /// Files a report on a contract, or takes one further.
    Report {
        /// Number of the contract for a new report, of the report otherwise.
        number: String,
        /// The change.
        command: ReportCommand,
    },
    /// Agrees on an offset obligation of a contract, or changes one.
    Offset {
        /// Number of the contract for a new obligation, of the obligation otherwise.
        number: String,
        /// The change.
        command: OffsetCommand,
    },
    /// A change of a list of those under measures; the first one makes it.
    List {
        /// Name of the list.
        name: String,
        /// The change.
        command: ListCommand,
    },
    /// What a person does about a case.
    Case {
        /// Number of the case.
        number: String,
        /// The act.
        command: CaseCommand,
    },
    /// A change of a file of embargo rules; the first proposal makes it.
    Embargo {
        /// Identifier of the regime or body.
        id: String,
        /// The change.
        command: EditionCommand,
    },
    /// A change of the policy that says whose measures bind.
    Policy(PolicyCommand),
    /// Drafts an application for a transfer.
    Draft(NewApplication),
    /// A change of an application.
    Application {
        /// Number of the application.
        number: String,
        /// The change.
        command: ApplicationCommand,
    },
    /// A change of a licence.
    Licence {
        /// Number of the licence.
        number: String,
        /// The change.
        command: LicenceCommand,
    },
    /// Registers an end-user certificate.
    Certify(NewCertificate),
    /// A change of an end-user certificate.
    Certificate {
        /// Number of the certificate.
        number: String,
        /// The change.
        command: CertificateCommand,
    },
    /// A change of the specimen signatures of an authority.
    Specimens {
        /// Number of the authority’s party.
        authority: String,
        /// The change.
        command: SpecimenCommand,
    },
    /// Opens a file of what transfers are weighed by.
    Guide(NewGuidance),
    /// A change of such a file.
    Guidance {
        /// Its number.
        number: String,
        /// The change.
        command: GuidanceCommand,
    },
    /// Plans an inspection of what went under a licence.
    Inspect(NewInspection),
    /// A change of an inspection.
    Inspection {
        /// Number of the inspection.
        number: String,
        /// The change.
        command: InspectionCommand,
    },
    /// A file that goes to customs or comes from them, or up to which marking they are told.
    Customs(CustomsCommand),
    /// Registers a request to pass on what was delivered.
    AskReexport(NewReexport),
    /// A change of such a request.
    Reexport {
        /// Number of the request.
        number: String,
        /// The change.
        command: ReexportCommand,
    },
    /// A change of a discrepancy with customs.
    Discrepancy {
        /// Number of the discrepancy.
        number: String,
        /// The change.
        command: DiscrepancyCommand,
    },
    /// Brings an edition of a statistic into force.
    Statistic {
        /// Which statistic.
        series: Series,
        /// The change.
        command: StatisticCommand,
    },
}

impl Command {
    /// A digest of what is asked, the version that was seen included: two requests are the same if theirs is.
    ///
    /// # Errors
    /// [`CanonicalError`] if the command holds what has no exact form.
    pub fn digest(&self, expected_version: Option<u32>) -> Result<Digest, CanonicalError> {
        let mut hasher = Sha256::new();
        hasher.update(b"entente request v1\n");
        hasher.update(canonical(&(self, expected_version))?);
        Ok(hasher.finalize().into())
    }

    /// As what it stands in the table of rights.
    pub fn kind(&self) -> CommandKind {
        match self {
            Command::Found { .. } => CommandKind::LedgerFound,
            Command::Account { command, .. } => match command {
                AccountCommand::Open(_) => CommandKind::AccountOpen,
                AccountCommand::ResetPassword => CommandKind::AccountReset,
                _ => CommandKind::AccountChange,
            },
            Command::Partner(PartnerCommand::Register { .. }) => CommandKind::PartnerRegister,
            Command::Partner(_) => CommandKind::GroupChange,
            Command::Party(_) => CommandKind::PartyRegister,
            Command::Contract { command, .. } => match command {
                ContractCommand::Open(_) => CommandKind::ContractOpen,
                ContractCommand::Amend { .. } => CommandKind::ContractAmend,
                ContractCommand::Sign { .. } => CommandKind::ContractSign,
                ContractCommand::EnterIntoForce { .. } => CommandKind::ContractEnterIntoForce,
                ContractCommand::Suspend { .. } => CommandKind::ContractSuspend,
                ContractCommand::Resume { .. } => CommandKind::ContractResume,
                ContractCommand::Complete { .. } => CommandKind::ContractComplete,
                ContractCommand::Terminate { .. } => CommandKind::ContractTerminate,
                ContractCommand::AgreeTerms { .. } => CommandKind::ContractAgreeTerms,
                ContractCommand::Close { .. } => CommandKind::ContractClose,
                ContractCommand::OpenClaim(_) => CommandKind::ClaimOpen,
                ContractCommand::AnswerClaim { .. } => CommandKind::ClaimAnswer,
                ContractCommand::SettleClaim(_) => CommandKind::ClaimSettle,
            },
            Command::Line { command, .. } => match command {
                LineCommand::Add(_) => CommandKind::LineAdd,
                LineCommand::Amend { .. } => CommandKind::LineAmend,
            },
            Command::Plan { command, .. } => match command {
                PlanCommand::Draft { .. } => CommandKind::PlanDraft,
                PlanCommand::AddItems { .. } => CommandKind::PlanAddItems,
                PlanCommand::Propose { .. } => CommandKind::PlanPropose,
                PlanCommand::Agree { .. } => CommandKind::PlanAgree,
                PlanCommand::Object { .. } => CommandKind::PlanObject,
                PlanCommand::Return { .. } => CommandKind::PlanReturn,
                PlanCommand::Approve { .. } => CommandKind::PlanApprove,
                PlanCommand::Discard => CommandKind::PlanDiscard,
            },
            Command::Delivery { command, .. } => match command {
                DeliveryCommand::HandOver { .. } => CommandKind::DeliveryHandOver,
                DeliveryCommand::Accept { .. } => CommandKind::DeliveryAccept,
                DeliveryCommand::Return { .. } => CommandKind::DeliveryReturn,
                DeliveryCommand::RecordSerials { .. } => CommandKind::DeliveryRecordSerials,
                DeliveryCommand::Annul { .. } => CommandKind::DeliveryAnnul,
            },
            Command::Schedule { command, .. } => match command {
                ScheduleCommand::Complete { .. } => CommandKind::ScheduleComplete,
                ScheduleCommand::Reopen { .. } => CommandKind::ScheduleReopen,
                ScheduleCommand::AgreePenalty { .. } => CommandKind::ScheduleAgreePenalty,
            },
            Command::Instalment { command, .. } => match command {
                InstalmentCommand::Schedule(_) => CommandKind::InstalmentSchedule,
                InstalmentCommand::Amend { .. } => CommandKind::InstalmentAmend,
                InstalmentCommand::Withdraw { .. } => CommandKind::InstalmentWithdraw,
                InstalmentCommand::Annul { .. } => CommandKind::InstalmentAnnul,
            },
            Command::Receipt { command, .. } => match command {
                ReceiptCommand::Record(_) => CommandKind::ReceiptRecord,
                ReceiptCommand::Allocate { .. } => CommandKind::ReceiptAllocate,
                ReceiptCommand::Annul { .. } => CommandKind::ReceiptAnnul,
            },
            Command::Penalty { command, .. } => match command {
                PenaltyCommand::Claim { .. } | PenaltyCommand::CarryOver(_) => CommandKind::PenaltyClaim,
                PenaltyCommand::Agree { .. } => CommandKind::PenaltyAgree,
                PenaltyCommand::Waive { .. } => CommandKind::PenaltyWaive,
                PenaltyCommand::Settle { .. } => CommandKind::PenaltySettle,
                PenaltyCommand::Annul { .. } => CommandKind::PenaltyAnnul,
            },
            Command::Rate { command, .. } => match command {
                RateCommand::Record { .. } => CommandKind::RateRecord,
                RateCommand::Correct { .. } => CommandKind::RateCorrect,
            },
            Command::Opportunity { command, .. } => match command {
                OpportunityCommand::Register(_) => CommandKind::OpportunityRegister,
                OpportunityCommand::Extend { .. } => CommandKind::OpportunityExtend,
                OpportunityCommand::Estimate { .. } => CommandKind::OpportunityEstimate,
                OpportunityCommand::AskAdvice { .. } => CommandKind::OpportunityAskAdvice,
                OpportunityCommand::GiveAdvice { .. } => CommandKind::OpportunityGiveAdvice,
                OpportunityCommand::Offer(_) => CommandKind::OpportunityOffer,
                OpportunityCommand::Win { .. } => CommandKind::OpportunityWin,
                OpportunityCommand::Lose { .. } => CommandKind::OpportunityLose,
                OpportunityCommand::Decline { .. } => CommandKind::OpportunityDecline,
                OpportunityCommand::Withdraw { .. } => CommandKind::OpportunityWithdraw,
            },
            Command::Forecast(ForecastCommand::Publish(_)) => CommandKind::ForecastPublish,
            Command::Milestone { command, .. } => match command {
                MilestoneCommand::Plan(_) => CommandKind::MilestonePlan,
                MilestoneCommand::Amend { .. } => CommandKind::MilestoneAmend,
                MilestoneCommand::Forecast { .. } => CommandKind::MilestoneForecast,
                MilestoneCommand::Reach { .. } => CommandKind::MilestoneReach,
                MilestoneCommand::Cancel { .. } => CommandKind::MilestoneCancel,
                MilestoneCommand::Annul { .. } => CommandKind::MilestoneAnnul,
            },
            Command::Slippage { command, .. } => match command {
                SlippageCommand::Report { .. } => CommandKind::SlippageReport,
                SlippageCommand::Revise { .. } => CommandKind::SlippageRevise,
                SlippageCommand::End { .. } => CommandKind::SlippageEnd,
                SlippageCommand::Annul { .. } => CommandKind::SlippageAnnul,
            },
            Command::Corrective { command, .. } => match command {
                CorrectiveCommand::Propose { .. } => CommandKind::CorrectivePropose,
                CorrectiveCommand::Approve { .. } => CommandKind::CorrectiveApprove,
                CorrectiveCommand::FinishAction { .. }
                | CorrectiveCommand::MoveAction { .. }
                | CorrectiveCommand::DropAction { .. } => CommandKind::CorrectiveAct,
                CorrectiveCommand::Close { .. } => CommandKind::CorrectiveClose,
                CorrectiveCommand::Withdraw { .. } => CommandKind::CorrectiveWithdraw,
                CorrectiveCommand::Annul { .. } => CommandKind::CorrectiveAnnul,
            },
            Command::Report { command, .. } => match command {
                ReportCommand::File { .. } => CommandKind::ReportFile,
                ReportCommand::Accept { .. } => CommandKind::ReportAccept,
                ReportCommand::Return { .. } => CommandKind::ReportReturn,
                ReportCommand::Withdraw { .. } => CommandKind::ReportWithdraw,
            },
            Command::Offset { command, .. } => match command {
                OffsetCommand::Agree { .. } => CommandKind::OffsetAgree,
                OffsetCommand::Amend { .. } => CommandKind::OffsetAmend,
                OffsetCommand::Plan { .. } | OffsetCommand::DropPlan { .. } => CommandKind::OffsetPlan,
                OffsetCommand::Claim { .. } => CommandKind::OffsetClaim,
                OffsetCommand::Accept { .. } | OffsetCommand::Reject { .. } => CommandKind::OffsetReview,
                OffsetCommand::Discharge { .. } | OffsetCommand::Release { .. } => CommandKind::OffsetEnd,
                OffsetCommand::Annul { .. } => CommandKind::OffsetAnnul,
            },
            Command::List { command, .. } => match command {
                ListCommand::SetPolicy { .. } | ListCommand::SetSource { .. } => CommandKind::ListSetPolicy,
                ListCommand::Load(_) | ListCommand::Refuse { .. } => CommandKind::ListLoad,
                ListCommand::Screen(_) => CommandKind::ListScreen,
            },
            Command::Case { command, .. } => match command {
                CaseCommand::Propose { .. } => CommandKind::CasePropose,
                CaseCommand::Clear { .. } | CaseCommand::Refuse { .. } => CommandKind::CaseReview,
                CaseCommand::Confirm { .. } => CommandKind::CaseConfirm,
                CaseCommand::Escalate { .. } => CommandKind::CaseEscalate,
                CaseCommand::Acknowledge { .. } => CommandKind::CaseAcknowledge,
                CaseCommand::Reopen { .. } => CommandKind::CaseReopen,
            },
            Command::Embargo { command, .. } => match command {
                EditionCommand::Propose(_) => CommandKind::EmbargoPropose,
                EditionCommand::Confirm { .. } | EditionCommand::Reject { .. } => CommandKind::EmbargoReview,
                EditionCommand::Withdraw { .. } => CommandKind::EmbargoWithdraw,
            },
            Command::Policy(command) => match command {
                PolicyCommand::Propose { .. } => CommandKind::PolicyPropose,
                PolicyCommand::Confirm { .. } | PolicyCommand::Reject { .. } => CommandKind::PolicyReview,
                PolicyCommand::Withdraw { .. } => CommandKind::PolicyWithdraw,
            },
            Command::Draft(_) => CommandKind::ApplicationDraft,
            Command::Application { command, .. } => command.kind(),
            Command::Licence { command, .. } => command.kind(),
            Command::Certify(_) => CommandKind::CertificateRegister,
            Command::Certificate { command, .. } => command.kind(),
            Command::Specimens { command, .. } => command.kind(),
            Command::Guide(_) => CommandKind::GuidancePropose,
            Command::Guidance { command, .. } => command.kind(),
            Command::Inspect(_) => CommandKind::InspectionPlan,
            Command::Inspection { command, .. } => command.kind(),
            Command::Customs(command) => command.kind(),
            Command::Discrepancy { command, .. } => command.kind(),
            Command::AskReexport(_) => CommandKind::ReexportRequest,
            Command::Reexport { command, .. } => command.kind(),
            Command::Statistic { command: StatisticCommand::Import(_), .. } => CommandKind::StatisticImport,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::money::Quantity;
    use jiff::civil::date;

    #[test]
    fn a_digest_tells_every_part_of_a_request_from_another() {
        let hand_over = |line: &str, pieces, title: &str| Command::Delivery {
            number: None,
            command: DeliveryCommand::HandOver {
                line: line.into(),
                reference: None,
                quantity: Quantity::whole(pieces),
                on: date(2012, 3, 1),
                document: Document { title: title.into(), dated: date(2012, 3, 1), content: None },
            },
        };
        let asked = hand_over("O-2012-0001.1", 6, "Waybill").digest(None).unwrap();
        assert_eq!(hand_over("O-2012-0001.1", 6, "Waybill").digest(None).unwrap(), asked);
        for (other, seen) in [
            (hand_over("O-2012-0001.1", 6, "Waybill"), Some(0)),
            (hand_over("O-2012-0001.1", 5, "Waybill"), None),
            (hand_over("O-2012-0001.2", 6, "Waybill"), None),
            (hand_over("O-2012-0001.1", 6, "Waybill 2"), None),
        ] {
            assert_ne!(other.digest(seen).unwrap(), asked, "{other:?}");
        }
        // It stands in registers: another program must give the same.
        let discard = Command::Plan {
            version: Some(PlanVersion { year: 2012, version: 3 }),
            command: PlanCommand::Discard,
        };
        insta::assert_snapshot!(hex::encode(discard.digest(Some(2)).unwrap()));
        // As programs wrote it that knew of no reason.
        let document = Document { title: "Decision".into(), dated: date(2012, 3, 1), content: None };
        let approve = PlanCommand::Approve { on: date(2012, 3, 1), document, reason: None };
        assert_eq!(
            String::from_utf8(canonical(&approve).unwrap()).unwrap(),
            r#"{"Approve":{"document":{"dated":"2012-03-01","title":"Decision"},"on":"2012-03-01"}}"#
        );
    }
}
