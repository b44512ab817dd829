//! Reading: what one actor may see, as of a day, as known at an instant.
//!
//! Every read goes through a [`Reader`], so rights, labels and need-to-know are
//! applied once, here. An object that the actor may not see answers exactly as one
//! that does not exist.

mod access;
mod account;
mod book;
mod brief;
mod closure;
mod comparison;
mod contract;
mod customs;
mod delivery;
mod document;
mod due;
mod embargo;
mod figure;
mod file;
mod forecast;
mod group;
mod history;
mod horizon;
mod ledger;
mod line;
mod link;
mod market;
mod opportunity;
mod partner;
mod party;
mod payment;
mod performance;
mod plan;
mod proposal;
mod read_log;
mod report;
mod screening;
mod search;
mod slippage;
pub(crate) mod sql;
mod statistic;
mod transfer;
mod types;
mod waiting;

pub use book::Book;
pub(crate) use brief::KeptBriefs;
pub use comparison::ComparedPlans;
pub use customs::{
    CustomsView, DiscrepancyFilter, DiscrepancyRow, DiscrepancyView, RunFilter, RunRow, RunView, Withheld,
};
pub use due::{DueFilter, DueLine, DueMonth, DueState};
pub use embargo::{EmbargoRules, PolicyView, RuleFileView};
pub use file::{BookSums, PartnerFile, PartyFile, StateSum, YearSum};
pub use forecast::{ForecastRecord, ForecastView};
pub use group::{GroupOrigin, GroupView, ShareCourse, ShareQuestion, ShareView};
pub use link::{BreakFilter, BreakRow, LinkFocus, LinkView, Told};
pub use market::{CourseQuestion, CourseView, DealFilter, DealsView, RankQuestion, RankView};
pub use opportunity::{OpportunityFilter, OpportunityRow, OpportunityView};
pub use party::{PartyFilter, RegisteredParty};
pub use payment::{
    ContractPayments, InstalmentRow, PaymentsView, PenaltyRow, RateFilter, RateRow, ReceiptPart, ReceiptRow,
    ScheduleRow,
};
pub use performance::{ContractPerformance, Performed};
pub(crate) use read_log::{ReadLog, find_bad_read, hash_of_read, holds_read, last_read};
pub use report::{ReportFilter, ReportRow, ReportView};
pub use screening::{
    CaseFilter, CaseOrder, CaseRow, CaseView, EditionRow, ListRow, ListView, PartyScreening, ScreenedParty,
};
pub use search::{Found, FoundKind, FoundRow, FoundText, MOST_FOUND, searched};
pub use slippage::{SlippageFilter, SlippageRow, SlippageSum, Slippages};
pub use statistic::StatisticRow;
pub use transfer::{
    ApplicationFilter, ApplicationRow, ApplicationView, CaseFile, CasePaper, CertificateFilter,
    CertificateRow, CertificateView, ClassifyView, DestinationView, GuidanceFilter, GuidanceRow,
    GuidanceView, IndicatorRow, InspectionFilter, InspectionRow, InspectionView, JudgedAgain, LicenceFilter,
    LicenceRow, LicenceView, NoticeCount, OpinedView, PrecedentRow, PrecedentsView, Recheck, RecheckRow,
    Rechecked, ReexportFilter, ReexportLine, ReexportRow, ReexportView, SharedCertificate, SpecimensRow,
    SpecimensView, TransferAudit, TransferLink, TransferTasks, Violation, ViolationKnown,
};
pub use types::*;
pub use waiting::CaseCount;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use entente_register::access::{Actor, Extent, Reading, may_read};
use entente_register::contract::delivery::Counting;
use entente_register::ledger::{Fallible, Refusal};

use crate::database::Connection;
use crate::error::Outcome;
use crate::store::Store;

use access::Labels;
use horizon::Horizon;
use sql::Parameters;

/// How many years past what is known a day may lie as of which is read. Contracts run for years ahead;
/// a day beyond them all is a slip of the finger, and a year of it would be work for nothing.
const YEARS_AHEAD: i16 = 10;

/// Refuses a day far past the horizon's and today.
fn check_day(as_of: Date, known_at: Timestamp, today: Date) -> Fallible<()> {
    let known = TimeZone::UTC.to_datetime(known_at).date().max(today);
    let latest = known.checked_add(YEARS_AHEAD.years()).unwrap_or(Date::MAX);
    if as_of <= latest {
        return Ok(());
    }
    Err(Refusal::new("as_of.too_far", format!("Nothing can be said as of {as_of}: it lies too far ahead."))
        .field("as_of")
        .missing(format!("a day up to {latest}")))
}

/// What one actor may see, as of a day, at one horizon of the ledger.
pub struct Reader {
    store: Store,
    actor: Actor,
    as_of: Date,
    known_at: Timestamp,
    source: String,
    counting: Counting,
    horizon: Horizon,
    labels: Labels,
}

impl Reader {
    /// Of which contracts figures are that the actor is shown: by the clearance, and by whether the role sees its own
    /// alone. It says nothing of what there is beyond.
    pub fn scope(&self) -> String {
        let scope = self.actor.clearance.scope();
        match may_read(&self.actor, Reading::Contracts) {
            Some(Extent::Own) => scope.replacen("contracts", "your own contracts", 1),
            _ => scope,
        }
    }

    /// Pins the horizon; see [`Store::reader`].
    ///
    /// # Errors
    /// `as_of.too_far`, naming the latest day.
    pub(crate) async fn open(
        store: &Store,
        actor: &Actor,
        as_of: Option<Date>,
        known_at: Option<Timestamp>,
    ) -> Outcome<Reader> {
        let mut transaction = store.database.read().await?;
        Reader::open_on(store, &mut transaction.connection(), actor, as_of, known_at).await
    }

    /// Pins the horizon as a connection sees the ledger: one that writes sees what it has written.
    ///
    /// # Errors
    /// `as_of.too_far`, naming the latest day.
    pub(crate) async fn open_on(
        store: &Store,
        connection: &mut Connection<'_>,
        actor: &Actor,
        as_of: Option<Date>,
        known_at: Option<Timestamp>,
    ) -> Outcome<Reader> {
        let as_of = as_of.unwrap_or_else(|| store.today());
        let (horizon, known_at) = Horizon::find(connection, known_at, store.now()).await?;
        check_day(as_of, known_at, store.today())?;
        // Labels and rights are today's, whatever the horizon.
        let labels = Labels::load(connection, &actor.clearance).await?;
        Ok(Reader {
            store: store.clone(),
            actor: actor.clone(),
            as_of,
            known_at,
            source: "command line".to_owned(),
            counting: Counting::TitlePassed,
            horizon,
            labels,
        })
    }

    /// Says from where is read, for the log of reads: a network address; `command line` if not said.
    #[must_use]
    pub fn from_source(mut self, source: &str) -> Reader {
        source.clone_into(&mut self.source);
        self
    }

    /// By which rule contracts and lines count what is delivered; when title passed if not said. (A brief
    /// and its figures are asked with their own conventions.)
    #[must_use]
    pub fn counting_by(mut self, rule: Counting) -> Reader {
        self.counting = rule;
        self
    }

    /// Who reads.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The day as of which is read.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The last entry of the ledger that is seen.
    pub fn known_to(&self) -> i64 {
        self.horizon.sequence
    }

    /// What was recorded after this is not seen.
    pub fn known_at(&self) -> Timestamp {
        self.known_at
    }

    /// How far the actor may read.
    fn check(&self, reading: Reading) -> Fallible<Extent> {
        access::check(&self.actor, reading)
    }

    /// Parameters of a query: the horizon and the day.
    fn parameters(&self) -> Parameters<'static> {
        Parameters::new(self.horizon.sequence, self.as_of.to_string())
    }
}
