//! Every change that can be asked of the register.

use crate::access::{AccountCommand, CommandKind};
use crate::contract::ContractCommand;
use crate::contract::delivery::DeliveryCommand;
use crate::contract::line::LineCommand;
use crate::contract::plan::{PlanCommand, PlanVersion};
use crate::partner::PartnerCommand;
use crate::party::NewParty;

/// A change. The store checks rights by its [`Command::kind`], loads the states
/// and facts that its rule needs, and appends what the rule decides.
#[derive(Debug, Clone, PartialEq, Eq)]
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
}

impl Command {
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
                ContractCommand::OpenClaim { .. } => CommandKind::ClaimOpen,
                ContractCommand::SettleClaim { .. } => CommandKind::ClaimSettle,
            },
            Command::Line { command, .. } => match command {
                LineCommand::Add(_) => CommandKind::LineAdd,
                LineCommand::Amend { .. } => CommandKind::LineAmend,
            },
            Command::Plan { command, .. } => match command {
                PlanCommand::Draft { .. } => CommandKind::PlanDraft,
                PlanCommand::AddItems { .. } => CommandKind::PlanAddItems,
                PlanCommand::Approve { .. } => CommandKind::PlanApprove,
                PlanCommand::Discard => CommandKind::PlanDiscard,
            },
            Command::Delivery { command, .. } => match command {
                DeliveryCommand::HandOver { .. } => CommandKind::DeliveryHandOver,
                DeliveryCommand::Accept { .. } => CommandKind::DeliveryAccept,
                DeliveryCommand::Return { .. } => CommandKind::DeliveryReturn,
                DeliveryCommand::Annul { .. } => CommandKind::DeliveryAnnul,
            },
        }
    }
}
