//! What is brought in or given out by one file: a table, several, or a package.

use std::path::Path;

use clap::ValueEnum;
use entente_register::access::{Actor, CommandKind, may_command};
use entente_register::book::table::Table;
use entente_register::ledger::{Fallible, Refusal};
use entente_store::{Outcome, Store};

use super::files::{open_table, open_tables, refused};
use super::import::{Incoming, Options, import};
use super::ocds;
use super::report::Report;

/// What is brought in, or given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// All tables: a folder with a CSV file for each, or a workbook with a sheet for each
    Book,
    /// The same book, or another publisher's contracts, as Open Contracting Data (OCDS 1.1, JSON)
    Ocds,
    /// Partner states
    Partners,
    /// Groups of states, and who is a member
    Groups,
    /// Authorities and companies
    Parties,
    /// Contracts
    Contracts,
    /// Lines of contracts, and their amendments
    Lines,
    /// Yearly delivery plans
    Plan,
    /// Deliveries, handed over, accepted or returned
    Deliveries,
    /// Claims against contracts
    Claims,
    /// Money in and out: the five tables below, in a folder or a workbook
    Payments,
    /// Exchange rates
    Rates,
    /// Instalments of payment schedules, and their amendments
    Instalments,
    /// Receipts, and what they pay
    Receipts,
    /// What is said of payment schedules as a whole
    Schedules,
    /// Penalties for delay, and how they ended
    Penalties,
    /// Suspensions of contracts that were lifted
    Suspensions,
    /// Lines that are expected late, and revisions of what was said of them
    Slippages,
    /// What contracts say of claims, warranties and serial numbers
    Terms,
    /// Serial numbers of deliveries
    Serials,
    /// Milestones of contracts, and what became of them
    Milestones,
    /// Corrective plans, and what became of them
    Corrective,
    /// Offset obligations, and their amendments
    Offsets,
    /// Transactions under offset obligations, and their credit
    Credits,
    /// What may become a contract: the six tables below, in a folder or a workbook
    Pipeline,
    /// Opportunities, and how they ended
    Opportunities,
    /// What opportunities ask for
    Requests,
    /// Later deadlines of opportunities
    Deadlines,
    /// Estimates of the probability that a contract is signed
    Estimates,
    /// Advance opinions
    Opinions,
    /// Versions of offers
    Offers,
}

/// The tables of money.
const PAYMENTS: [Table; 5] =
    [Table::Rates, Table::Instalments, Table::Receipts, Table::Schedules, Table::Penalties];

/// The tables of what may become a contract.
const PIPELINE: [Table; 6] = [
    Table::Opportunities,
    Table::Requests,
    Table::Deadlines,
    Table::Estimates,
    Table::Opinions,
    Table::Offers,
];

impl What {
    /// The word on the command line, in addresses and in forms.
    pub fn word(self) -> &'static str {
        match self {
            What::Book => "book",
            What::Ocds => "ocds",
            What::Payments => "payments",
            What::Pipeline => "pipeline",
            what => what.table().map_or("book", Table::word),
        }
    }

    /// By its word.
    pub fn named(word: &str) -> Option<What> {
        What::value_variants().iter().copied().find(|what| what.word() == word)
    }

    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            What::Book => "Whole book: a workbook with a sheet for each table",
            What::Ocds => "Open Contracting Data: a package of OCDS 1.1",
            What::Partners => "Partner states",
            What::Groups => "Groups of states",
            What::Parties => "Parties: authorities and companies",
            What::Contracts => "Contracts",
            What::Lines => "Lines of contracts, and their amendments",
            What::Plan => "Yearly delivery plans",
            What::Deliveries => "Deliveries",
            What::Claims => "Claims against contracts",
            What::Payments => "Payments: a workbook of the five tables of money",
            What::Rates => "Exchange rates",
            What::Instalments => "Instalments of payment schedules",
            What::Receipts => "Receipts, and what they pay",
            What::Schedules => "Payment schedules as a whole",
            What::Penalties => "Penalties for delay, and how they ended",
            What::Suspensions => "Suspensions of contracts that were lifted",
            What::Slippages => "Slippages, and their revisions",
            What::Terms => "Terms of claims, warranties and serial numbers",
            What::Serials => "Serial numbers of deliveries",
            What::Milestones => "Milestones, and what became of them",
            What::Corrective => "Corrective plans, and what became of them",
            What::Offsets => "Offset obligations, and their amendments",
            What::Credits => "Transactions under offset obligations, and their credit",
            What::Pipeline => "Opportunities with all of theirs: a workbook of the six tables",
            What::Opportunities => "Opportunities, and how they ended",
            What::Requests => "What opportunities ask for",
            What::Deadlines => "Later deadlines of opportunities",
            What::Estimates => "Estimates of opportunities",
            What::Opinions => "Advance opinions",
            What::Offers => "Versions of offers",
        }
    }

    /// The table; none for all of them.
    pub fn table(self) -> Option<Table> {
        match self {
            What::Book | What::Ocds | What::Payments | What::Pipeline => None,
            What::Partners => Some(Table::Partners),
            What::Groups => Some(Table::Groups),
            What::Parties => Some(Table::Parties),
            What::Contracts => Some(Table::Contracts),
            What::Lines => Some(Table::Lines),
            What::Plan => Some(Table::Plan),
            What::Deliveries => Some(Table::Deliveries),
            What::Claims => Some(Table::Claims),
            What::Rates => Some(Table::Rates),
            What::Instalments => Some(Table::Instalments),
            What::Receipts => Some(Table::Receipts),
            What::Schedules => Some(Table::Schedules),
            What::Penalties => Some(Table::Penalties),
            What::Suspensions => Some(Table::Suspensions),
            What::Slippages => Some(Table::Slippages),
            What::Terms => Some(Table::Terms),
            What::Serials => Some(Table::Serials),
            What::Milestones => Some(Table::Milestones),
            What::Corrective => Some(Table::Corrective),
            What::Offsets => Some(Table::Offsets),
            What::Credits => Some(Table::Credits),
            What::Opportunities => Some(Table::Opportunities),
            What::Requests => Some(Table::Requests),
            What::Deadlines => Some(Table::Deadlines),
            What::Estimates => Some(Table::Estimates),
            What::Opinions => Some(Table::Opinions),
            What::Offers => Some(Table::Offers),
        }
    }

    /// All tables that it has.
    pub fn tables(self) -> Vec<Table> {
        match self {
            What::Payments => PAYMENTS.to_vec(),
            What::Pipeline => PIPELINE.to_vec(),
            what => what.table().map_or(Table::ALL.to_vec(), |table| vec![table]),
        }
    }

    /// The command without which no row of it can be brought in.
    pub fn command(self) -> CommandKind {
        match self {
            What::Book | What::Ocds | What::Contracts => CommandKind::ContractOpen,
            What::Partners => CommandKind::PartnerRegister,
            What::Groups => CommandKind::GroupChange,
            What::Parties => CommandKind::PartyRegister,
            What::Lines => CommandKind::LineAdd,
            What::Plan => CommandKind::PlanDraft,
            What::Deliveries => CommandKind::DeliveryHandOver,
            What::Claims => CommandKind::ClaimOpen,
            What::Payments | What::Instalments => CommandKind::InstalmentSchedule,
            What::Rates => CommandKind::RateRecord,
            What::Receipts => CommandKind::ReceiptRecord,
            What::Schedules => CommandKind::ScheduleComplete,
            What::Penalties => CommandKind::PenaltyClaim,
            What::Suspensions => CommandKind::ContractSuspend,
            What::Slippages => CommandKind::SlippageReport,
            What::Terms => CommandKind::ContractAgreeTerms,
            What::Serials => CommandKind::DeliveryRecordSerials,
            What::Milestones => CommandKind::MilestonePlan,
            What::Corrective => CommandKind::CorrectivePropose,
            What::Offsets => CommandKind::OffsetAgree,
            What::Credits => CommandKind::OffsetClaim,
            What::Pipeline | What::Opportunities | What::Requests => CommandKind::OpportunityRegister,
            What::Deadlines => CommandKind::OpportunityExtend,
            What::Estimates => CommandKind::OpportunityEstimate,
            What::Opinions => CommandKind::OpportunityAskAdvice,
            What::Offers => CommandKind::OpportunityOffer,
        }
    }

    /// Passes if someone may bring it in: so that nobody sends a file in vain. Each row is judged again by
    /// the command that it means.
    ///
    /// # Errors
    /// `access.role`, naming the roles that may.
    pub fn check(self, actor: &Actor) -> Fallible<()> {
        may_command(actor, self.command())
    }
}

/// A file that was opened as what it is said to be.
pub enum Opened {
    /// Tables, a reader of rows each.
    Tables(Vec<Incoming<'static>>),
    /// A package of Open Contracting Data, read as a whole.
    Package(ocds::Package),
}

impl Opened {
    /// Opens a file, or a folder.
    ///
    /// # Errors
    /// A refusal if it cannot be read as what it is said to be.
    pub fn of(path: &Path, what: What, reading: ocds::Reading) -> Result<Opened, Refusal> {
        Ok(match (what, what.table()) {
            (What::Ocds, _) => Opened::Package(ocds::open(path, reading)?),
            (_, Some(table)) => Opened::Tables(open_table(path, table).map_err(|error| refused(&error))?),
            (what, None) => {
                Opened::Tables(open_tables(path, &what.tables()).map_err(|error| refused(&error))?)
            }
        })
    }

    /// With its rows led through something on their way.
    #[must_use]
    pub fn through(self, lead: impl FnMut(Incoming<'static>) -> Incoming<'static>) -> Opened {
        match self {
            Opened::Tables(tables) => Opened::Tables(tables.into_iter().map(lead).collect()),
            Opened::Package(package) => {
                let tables = package.tables.into_iter().map(lead).collect();
                Opened::Package(ocds::Package { tables, ..package })
            }
        }
    }

    /// Imports it: everything is kept, or nothing.
    ///
    /// # Errors
    /// As [`import`].
    pub async fn import(
        self,
        store: &Store,
        actor: &Actor,
        options: Options,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Outcome<Report> {
        match self {
            Opened::Tables(tables) => import(store, actor, tables, options, progress).await,
            Opened::Package(package) => ocds::import(store, actor, package, options, progress).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_command_line() {
        for what in What::value_variants() {
            assert_eq!(
                what.to_possible_value().map(|v| v.get_name().to_owned()).as_deref(),
                Some(what.word())
            );
            assert_eq!(What::named(what.word()), Some(*what));
        }
    }
}
