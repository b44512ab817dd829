//! The views: tables made for reading, kept in the same transaction as the events.
//!
//! [`Views::apply`] is the one way from a recorded event to rows. Appending and
//! rebuilding both go through it, so that a rebuilt view is equal to the byte.
//! Rows are gathered and written by [`Views::flush`]; whoever reads a view within
//! the same transaction flushes first.

mod account;
mod assurance;
mod buffer;
mod contract;
mod course;
mod customs;
mod delivery;
mod document;
mod embargo;
mod folded;
mod forecast;
mod guidance;
mod label;
mod line;
mod link;
mod opportunity;
mod partner;
mod payment;
mod performance;
mod plan;
mod reference;
mod screening;
mod search;
mod serial;
mod series;
mod statistic;
mod transfer;

use std::sync::LazyLock;

use jiff::civil::Date;

use entente_register::contract::line::LineSums;
use entente_register::ledger::{Fact, SubjectKind, canonical};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Recorded;

/// `known_to` of a row that still stands.
pub(crate) const STANDING: i64 = i64::MAX;

/// `valid_to` of a row without an end.
pub(crate) const NO_END: &str = "9999-12-31";

/// The same as a date.
static END_OF_DAYS: LazyLock<Date> = LazyLock::new(|| jiff::civil::date(9999, 12, 31));

/// The whole of a state or fact as the JSON of a row.
fn content_of<T: Serialize>(doing: &'static str, whole: &T) -> Result<String, Fault> {
    let content = canonical(whole).map_err(|e| Fault::internal(doing, e))?;
    String::from_utf8(content).map_err(|e| Fault::internal(doing, e))
}

/// Rows gathered in memory before they are written.
const MOST_ROWS: usize = 8_000;

/// Subjects whose standing rows are remembered between events.
const MOST_REMEMBERED: usize = 60_000;

/// The views within one transaction that holds the ledger's lock.
#[derive(Default)]
pub(crate) struct Views {
    labels: label::Labels,
    series: series::Series,
    partners: partner::Partners,
    contracts: contract::Contracts,
    lines: line::Lines,
    courses: course::Courses,
    deliveries: delivery::Deliveries,
    documents: document::Documents,
    plans: plan::Plans,
    references: reference::References,
    payments: payment::Payments,
    opportunities: opportunity::Opportunities,
    forecasts: forecast::Forecasts,
    search: search::Search,
    performances: performance::Performances,
    serials: serial::Serials,
    screenings: screening::Screenings,
    embargoes: embargo::Embargoes,
    transfers: transfer::Transfers,
    assurances: assurance::Assurances,
    guidances: guidance::Guidances,
    links: link::Links,
    customs: customs::Customs,
    statistics: statistic::Statistics,
}

impl Views {
    /// Views that know of all events up to this one.
    pub(crate) fn at(sequence: i64) -> Views {
        let mut views = Views::default();
        views.lines.note(sequence);
        views
    }

    /// Changes the views by one event.
    pub(crate) async fn apply(
        &mut self,
        connection: &mut Connection<'_>,
        recorded: &Recorded,
    ) -> Result<(), Fault> {
        match &recorded.event.fact {
            Fact::LedgerFounded(_) => {}
            Fact::AccountOpened(_)
            | Fact::AccountRoleGranted(_)
            | Fact::AccountRoleWithdrawn(_)
            | Fact::AccountClearanceSet(_)
            | Fact::AccountDisabled(_)
            | Fact::AccountEnabled(_)
            | Fact::AccountPasswordReset(_) => account::apply(connection, recorded).await?,
            Fact::PartnerRegistered(_)
            | Fact::GroupRegistered(_)
            | Fact::GroupMemberAdmitted(_)
            | Fact::GroupMemberLeft(_)
            | Fact::GroupMembershipSet(_) => self.partners.apply(recorded),
            Fact::StatisticImported(imported) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.statistics.import(connection, recorded, imported, label).await?;
            }
            Fact::PartyRegistered(party) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.series.note_party(&recorded.event.subject.key)?;
                self.partners.register_party(recorded, party, label);
            }
            Fact::ContractOpened(opened) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.series.note_contract(&recorded.event.subject.key)?;
                let number = &recorded.event.subject.key;
                self.references.add(Scope::Contracts, &opened.reference, number, recorded.sequence);
                self.contracts.open(recorded, opened, label)?;
            }
            Fact::ContractAmended(_)
            | Fact::ContractSigned(_)
            | Fact::ContractEnteredIntoForce(_)
            | Fact::ContractSuspended(_)
            | Fact::ContractResumed(_)
            | Fact::ContractCompleted(_)
            | Fact::ContractTerminated(_)
            | Fact::ContractTermsAgreed(_)
            | Fact::ContractClosed(_)
            | Fact::ClaimOpened(_)
            | Fact::ClaimRaised(_)
            | Fact::ClaimAnswered(_)
            | Fact::ClaimSettled(_)
            | Fact::ClaimEnded(_) => {
                self.contracts.change(connection, recorded).await?;
                if let Fact::ContractSigned(_) | Fact::ContractCompleted(_) | Fact::ContractTerminated(_) =
                    recorded.event.fact
                {
                    let contract = &recorded.event.subject.key;
                    let last = self.series.last(connection, &line_series(contract)).await?;
                    for position in 1..=last {
                        self.follow(connection, &format!("{contract}.{position}"), recorded.sequence).await?;
                    }
                }
            }
            Fact::LineAdded(added) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                let position = self.series.note_line(&recorded.event.subject.key)?;
                let number = &recorded.event.subject.key;
                let contract = entente_register::contract::line::contract_of(number);
                if let Some(reference) = &added.reference {
                    self.references.add(Scope::LinesOf(contract), reference, number, recorded.sequence);
                }
                let partner = self.contracts.partner(connection, contract).await?.to_owned();
                self.lines.add(recorded, added, position, partner, label)?;
                self.follow(connection, number, recorded.sequence).await?;
            }
            Fact::LineAmended(amended) => {
                self.lines.amend(connection, recorded, amended).await?;
                self.follow(connection, &recorded.event.subject.key, recorded.sequence).await?;
            }
            Fact::DeliveryHandedOver(_)
            | Fact::DeliveryAccepted(_)
            | Fact::DeliveryReturned(_)
            | Fact::DeliveryAnnulled(_) => {
                if let Fact::DeliveryHandedOver(handed_over) = &recorded.event.fact
                    && let Some(reference) = &handed_over.reference
                {
                    let contract = entente_register::contract::line::contract_of(&handed_over.line);
                    let number = &recorded.event.subject.key;
                    self.references.add(Scope::DeliveriesOf(contract), reference, number, recorded.sequence);
                }
                if let Fact::DeliveryAnnulled(_) = &recorded.event.fact {
                    self.serials.take_back(connection, recorded).await?;
                }
                let acts = delivery::acts(&recorded.event);
                self.lines.count(connection, recorded, &acts).await?;
                for act in &acts {
                    let line = self.lines.get(connection, act.line).await?;
                    self.deliveries.record(recorded, act, line)?;
                }
            }
            Fact::DeliverySerialsRecorded(new) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.serials.record(connection, recorded, new, label).await?;
            }
            Fact::PlanDrafted(_)
            | Fact::PlanApproved(_)
            | Fact::PlanProposalApproved(_)
            | Fact::PlanDiscarded(_) => {
                self.plans.apply(connection, &mut self.series, recorded).await?;
            }
            Fact::PlanProposed(_) | Fact::PlanAgreed(_) | Fact::PlanObjected(_) | Fact::PlanReturned(_) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.plans.act(recorded, label)?;
                self.plans.apply(connection, &mut self.series, recorded).await?;
            }
            Fact::PlanItemsAdded(added) => {
                for item in &added.items {
                    let line = self.lines.get(connection, &item.line).await?;
                    self.plans.add_item(connection, recorded, item, line).await?;
                }
                self.plans.apply(connection, &mut self.series, recorded).await?;
            }
            Fact::ScheduleCompleted(_)
            | Fact::ScheduleReopened(_)
            | Fact::SchedulePenaltyAgreed(_)
            | Fact::InstalmentScheduled(_)
            | Fact::InstalmentAmended(_)
            | Fact::InstalmentWithdrawn(_)
            | Fact::InstalmentAnnulled(_)
            | Fact::ReceiptRecorded(_)
            | Fact::ReceiptAllocated(_)
            | Fact::ReceiptAnnulled(_)
            | Fact::PenaltyClaimed(_)
            | Fact::PenaltyAgreed(_)
            | Fact::PenaltyWaived(_)
            | Fact::PenaltySettled(_)
            | Fact::PenaltyAnnulled(_)
            | Fact::RateRecorded(_)
            | Fact::RateCorrected(_) => self.pay(connection, recorded).await?,
            Fact::OpportunityRegistered(_)
            | Fact::OpportunityDeadlineExtended(_)
            | Fact::OpportunityEstimated(_)
            | Fact::OpportunityAdviceAsked(_)
            | Fact::OpportunityAdviceGiven(_)
            | Fact::OpportunityOffered(_)
            | Fact::OpportunityWon(_)
            | Fact::OpportunityLost(_)
            | Fact::OpportunityDeclined(_)
            | Fact::OpportunityWithdrawn(_) => {
                if let Fact::OpportunityRegistered(new) = &recorded.event.fact {
                    let number = &recorded.event.subject.key;
                    self.series.note_contract(number)?;
                    if let Some(reference) = &new.reference {
                        self.references.add(Scope::Opportunities, reference, number, recorded.sequence);
                    }
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.opportunities.apply(connection, recorded, label).await?;
            }
            Fact::ForecastPublished(said) => {
                self.series.note_contract(&recorded.event.subject.key)?;
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.forecasts.publish(recorded, said, label)?;
            }
            Fact::MilestonePlanned(_)
            | Fact::MilestoneAmended(_)
            | Fact::MilestoneForecast(_)
            | Fact::MilestoneExpected(_)
            | Fact::MilestoneReached(_)
            | Fact::MilestoneCancelled(_)
            | Fact::MilestoneAnnulled(_)
            | Fact::SlippageReported(_)
            | Fact::SlippageRevised(_)
            | Fact::SlippageEnded(_)
            | Fact::SlippageAnnulled(_)
            | Fact::CorrectiveProposed(_)
            | Fact::CorrectiveApproved(_)
            | Fact::CorrectiveActionFinished(_)
            | Fact::CorrectiveActionMoved(_)
            | Fact::CorrectiveActionDropped(_)
            | Fact::CorrectiveClosed(_)
            | Fact::CorrectiveWithdrawn(_)
            | Fact::CorrectiveAnnulled(_)
            | Fact::OffsetAgreed(_)
            | Fact::OffsetAmended(_)
            | Fact::OffsetPlanned(_)
            | Fact::OffsetPlanDropped(_)
            | Fact::OffsetClaimed(_)
            | Fact::OffsetAccepted(_)
            | Fact::OffsetRejected(_)
            | Fact::OffsetDischarged(_)
            | Fact::OffsetReleased(_)
            | Fact::OffsetAnnulled(_)
            | Fact::ReportFiled(_)
            | Fact::ReportAccepted(_)
            | Fact::ReportReturned(_)
            | Fact::ReportWithdrawn(_) => {
                if recorded.version == 1 {
                    self.series.note_payment(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.performances.apply(connection, recorded, label).await?;
            }
            Fact::ListPolicySet(_)
            | Fact::ListSourceSet(_)
            | Fact::ListEditionLoaded(_)
            | Fact::ListEditionConfirmed(_)
            | Fact::ListEditionRefused(_)
            | Fact::ListScreened(_)
            | Fact::CaseOpened(_)
            | Fact::CaseRenewed(_)
            | Fact::CaseLapsed(_)
            | Fact::CaseClearanceProposed(_)
            | Fact::CaseClearanceRefused(_)
            | Fact::CaseCleared(_)
            | Fact::CaseConfirmed(_)
            | Fact::CaseEscalated(_)
            | Fact::CaseAcknowledged(_)
            | Fact::CaseReopened(_)
            | Fact::CaseWithdrawn(_) => {
                if let Fact::CaseOpened(_) = &recorded.event.fact {
                    self.series.note_payment(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.screenings.apply(connection, recorded, label).await?;
            }
            Fact::EmbargoProposed(_)
            | Fact::EmbargoConfirmed(_)
            | Fact::EmbargoRejected(_)
            | Fact::EmbargoWithdrawn(_)
            | Fact::PolicyProposed(_)
            | Fact::PolicyConfirmed(_)
            | Fact::PolicyRejected(_)
            | Fact::PolicyWithdrawn(_) => {
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.embargoes.apply(connection, recorded, label).await?;
            }
            Fact::ApplicationDrafted(_)
            | Fact::ApplicationRevised(_)
            | Fact::ApplicationSubmitted(_)
            | Fact::ApplicationDiscarded(_)
            | Fact::ApplicationWithdrawn(_)
            | Fact::ApplicationAsked(_)
            | Fact::ApplicationAnswered(_)
            | Fact::ApplicationEndUserEstablished(_)
            | Fact::ApplicationRecorded(_)
            | Fact::ApplicationOpinionAsked(_)
            | Fact::ApplicationOpinionGiven(_)
            | Fact::ApplicationOpinionConfirmed(_)
            | Fact::ApplicationAssessed(_)
            | Fact::ApplicationProposed(_)
            | Fact::ApplicationReturned(_)
            | Fact::ApplicationGranted(_)
            | Fact::ApplicationAffirmed(_)
            | Fact::ApplicationRefused(_)
            | Fact::ApplicationAppealed(_)
            | Fact::LicenceIssued(_)
            | Fact::LicenceWrittenOff(_)
            | Fact::LicenceCorrected(_)
            | Fact::LicenceConditionMet(_)
            | Fact::LicenceDeliveryVerified(_)
            | Fact::LicenceStopped(_)
            | Fact::LicenceReopened(_)
            | Fact::LicenceSuspended(_)
            | Fact::LicenceReinstated(_)
            | Fact::LicenceRevoked(_)
            | Fact::LicenceClosed(_) => {
                if recorded.version == 1 {
                    self.series.note_contract(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                if let Fact::LicenceIssued(issued) = &recorded.event.fact {
                    self.assurances.note_end_users(recorded, issued.end_users());
                }
                self.transfers.apply(connection, recorded, label).await?;
            }
            Fact::GuidanceProposed(_)
            | Fact::GuidanceConfirmed(_)
            | Fact::GuidanceRejected(_)
            | Fact::GuidanceWithdrawn(_)
            | Fact::GuidanceEnded(_) => {
                if recorded.version == 1 && is_numbered(&recorded.event.fact) {
                    self.series.note_contract(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.guidances.apply(connection, recorded, label).await?;
            }
            Fact::CertificateRegistered(_)
            | Fact::CertificateAuthenticityAsked(_)
            | Fact::CertificateAuthenticityAnswered(_)
            | Fact::CertificateBound(_)
            | Fact::CertificateReleased(_)
            | Fact::CertificateVoided(_)
            | Fact::CertificateRevoked(_)
            | Fact::SpecimenProposed(_)
            | Fact::SpecimenConfirmed(_)
            | Fact::SpecimenRejected(_)
            | Fact::SpecimenEnded(_)
            | Fact::InspectionPlanned(_)
            | Fact::InspectionVisited(_)
            | Fact::InspectionCancelled(_)
            | Fact::InspectionClosed(_)
            | Fact::ReexportRequested(_)
            | Fact::ReexportGroundRecorded(_)
            | Fact::ReexportEndUserEstablished(_)
            | Fact::ReexportRecorded(_)
            | Fact::ReexportRightsConsidered(_)
            | Fact::ReexportProposed(_)
            | Fact::ReexportReturned(_)
            | Fact::ReexportConsented(_)
            | Fact::ReexportRefused(_)
            | Fact::ReexportReported(_)
            | Fact::ReexportWithdrawn(_)
            | Fact::ReexportClosed(_)
            | Fact::ReexportRevoked(_) => {
                // Specimens are found under the number of their party, and have none of their own.
                if recorded.version == 1 && recorded.event.subject.kind != SubjectKind::Specimens {
                    self.series.note_contract(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.assurances.apply(connection, recorded, label).await?;
            }
            Fact::ExchangeCleared(_)
            | Fact::CustomsRunExported(_)
            | Fact::CustomsRunAnswered(_)
            | Fact::CustomsRunReceived(_)
            | Fact::DiscrepancyOpened(_)
            | Fact::DiscrepancyClosed(_) => {
                // A register has one exchange, which has no number.
                if recorded.version == 1 && recorded.event.subject.kind != SubjectKind::Exchange {
                    self.series.note_contract(&recorded.event.subject.key)?;
                }
                let label = self.labels.id(connection, &recorded.event.label).await?;
                self.customs.apply(connection, recorded, label).await?;
            }
        }
        for number in self.lines.take_moved() {
            self.follow(connection, &number, recorded.sequence).await?;
        }
        self.documents.note(recorded);
        self.link(connection, recorded).await?;
        self.note_words(connection, recorded).await?;
        self.lines.note(recorded.sequence);
        if self.gathered() >= MOST_ROWS {
            self.flush(connection).await?;
        }
        Ok(())
    }

    /// Changes the views of payments.
    async fn pay(&mut self, connection: &mut Connection<'_>, recorded: &Recorded) -> Result<(), Fault> {
        let event = &recorded.event;
        let number = &event.subject.key;
        let contract = entente_register::contract::line::contract_of(number);
        let reference = match &event.fact {
            Fact::InstalmentScheduled(new) => {
                new.reference.as_deref().map(|r| (Scope::InstalmentsOf(contract), r))
            }
            Fact::ReceiptRecorded(new) => new.reference.as_deref().map(|r| (Scope::ReceiptsOf(contract), r)),
            _ => None,
        };
        if let Some((scope, reference)) = reference {
            self.references.add(scope, reference, number, recorded.sequence);
        }
        if matches!(
            event.fact,
            Fact::InstalmentScheduled(_) | Fact::ReceiptRecorded(_) | Fact::PenaltyClaimed(_)
        ) {
            self.series.note_payment(number)?;
        }
        let label = self.labels.id(connection, &event.label).await?;
        let partner = match event.subject.kind {
            SubjectKind::Rate => String::new(),
            _ => self.contracts.partner(connection, contract).await?.to_owned(),
        };
        let of = payment::Of { partner: &partner, label };
        self.payments.apply(connection, recorded, of).await
    }

    /// Finds the course of a line anew, if its contract is signed.
    async fn follow(
        &mut self,
        connection: &mut Connection<'_>,
        number: &str,
        sequence: i64,
    ) -> Result<(), Fault> {
        let contract = entente_register::contract::line::contract_of(number);
        let Some(term) = self.contracts.term(connection, contract).await? else { return Ok(()) };
        let line = self.lines.get_counted(connection, number).await?;
        self.courses.follow(connection, number, line, term, sequence).await
    }

    /// Writes what is gathered.
    pub(crate) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        self.labels.flush(connection).await?;
        self.series.flush(connection).await?;
        self.partners.flush(connection).await?;
        self.contracts.flush(connection).await?;
        self.lines.flush(connection).await?;
        self.courses.flush(connection).await?;
        self.deliveries.flush(connection).await?;
        self.documents.flush(connection).await?;
        self.plans.flush(connection).await?;
        self.references.flush(connection).await?;
        self.payments.flush(connection).await?;
        self.opportunities.flush(connection).await?;
        self.forecasts.flush(connection).await?;
        self.search.flush(connection).await?;
        self.performances.flush(connection).await?;
        self.serials.flush(connection).await?;
        self.screenings.flush(connection).await?;
        self.embargoes.flush(connection).await?;
        self.transfers.flush(connection).await?;
        self.assurances.flush(connection).await?;
        self.guidances.flush(connection).await?;
        self.links.flush(connection).await?;
        self.customs.flush(connection).await?;
        self.statistics.flush(connection).await?;
        if self.lines.remembered() + self.contracts.remembered() > MOST_REMEMBERED {
            self.lines.forget();
            self.courses.forget();
            self.contracts.forget();
            connection.read_no_more_before();
        }
        Ok(())
    }

    /// What was written is committed: all of it can be read again.
    pub(crate) fn committed(&mut self) {
        self.references.committed();
    }

    /// The last number given in a series.
    pub(crate) async fn last_number(
        &mut self,
        connection: &mut Connection<'_>,
        series: &str,
    ) -> Result<i64, Fault> {
        self.series.last(connection, series).await
    }

    /// The subjects that bear a reference.
    pub(crate) async fn referenced(
        &mut self,
        connection: &mut Connection<'_>,
        scope: Scope<'_>,
        reference: &str,
    ) -> Result<Vec<String>, Fault> {
        self.references.find(connection, scope, reference).await
    }

    /// Looks for many references at once.
    pub(crate) async fn prefetch_references(
        &mut self,
        connection: &mut Connection<'_>,
        wanted: impl Iterator<Item = (Scope<'_>, &str)>,
    ) -> Result<(), Fault> {
        self.references.prefetch(connection, wanted).await
    }

    /// The present sums of a line.
    pub(crate) async fn line_sums(
        &mut self,
        connection: &mut Connection<'_>,
        line: &str,
    ) -> Result<LineSums, Fault> {
        Ok(self.lines.get(connection, line).await?.sums())
    }

    fn gathered(&self) -> usize {
        self.contracts.gathered()
            + self.lines.gathered()
            + self.courses.gathered()
            + self.deliveries.gathered()
            + self.documents.gathered()
            + self.plans.gathered()
            + self.references.gathered()
            + self.payments.gathered()
            + self.forecasts.gathered()
            + self.opportunities.gathered()
            + self.search.gathered()
            + self.performances.gathered()
            + self.serials.gathered()
            + self.screenings.gathered()
            + self.embargoes.gathered()
            + self.transfers.gathered()
            + self.assurances.gathered()
            + self.guidances.gathered()
            + self.links.gathered()
            + self.customs.gathered()
            + self.statistics.gathered()
    }
}

/// Whether a file of guidance has a number of a series, and not one of what it is about.
fn is_numbered(fact: &Fact) -> bool {
    matches!(fact, Fact::GuidanceProposed(proposed) if proposed.content.kind().series().is_some())
}

/// A folded state, as [`content_of`] wrote it.
fn state_of<T: DeserializeOwned>(doing: &'static str, content: &str) -> Result<T, Fault> {
    serde_json::from_str(content).map_err(|e| Fault::damaged(doing, e))
}

/// A row that the ledger says must be there is not.
fn absent(what: &str, key: &str) -> Fault {
    Fault::damaged("updating the views", format!("the view holds no {what} {key}"))
}

pub(crate) use plan::{ActContent, PROPOSED, RETURNED};
pub(crate) use reference::Scope;
pub(crate) use series::{
    application_series, case_series, certificate_series, contract_series, discrepancy_series,
    forecast_series, guidance_series, inspection_series, licence_series, line_series, opportunity_series,
    party_series, payment_series, plan_series, reexport_series,
};
