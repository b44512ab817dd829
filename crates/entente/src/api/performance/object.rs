//! Objects that reads of a contract's performance give out.

use entente_register::ledger::SubjectKind;
use entente_register::performance::Milestone;
use entente_store::reader::{ContractPerformance, Performed};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, SubjectHistoryObject, TAGGED};

/// How a contract is performed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ContractPerformance")]
pub(crate) struct ContractPerformanceObject {
    /// Number of the contract.
    contract: String,
    /// Milestones, in the order of the days on which they were reached or are planned.
    milestones: Vec<MilestoneObject>,
    /// What has happened to all of these, the latest last.
    history: Vec<SubjectHistoryObject>,
    /// Marking of all of it.
    label: String,
}

/// A milestone as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MilestoneObject {
    /// Number.
    number: String,
    /// `entry_into_force`, `advance_received`, `factory_acceptance`, `first_article`, `training_completed`,
    /// `end_of_warranty` or `other`.
    kind: &'static str,
    /// What it is called.
    name: String,
    /// `planned`, `reached` or `cancelled`.
    state: &'static str,
    /// The day by which it is to be reached, as it is agreed.
    #[schema(format = Date)]
    planned_on: String,
    /// The day on which it is expected, where that is another.
    #[schema(format = Date)]
    expected_on: Option<String>,
    /// When it was reached.
    #[schema(format = Date)]
    reached_on: Option<String>,
    /// When it was cancelled.
    #[schema(format = Date)]
    cancelled_on: Option<String>,
    /// Why it was cancelled.
    cancelled_because: Option<String>,
    /// Whether its day has passed and it is not reached.
    overdue: bool,
    /// Days behind the day that is agreed, as it was reached or stands; below zero where it is ahead.
    days_late: Option<i64>,
    /// Number of the line that it is of.
    line: Option<String>,
    /// Number of the instalment that it releases, for those who may read payments.
    instalment: Option<String>,
    /// The evidence once it is reached, else the last paper.
    document: Option<DocumentObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl ContractPerformanceObject {
    pub(super) fn of(view: ContractPerformance, as_of: Date) -> ContractPerformanceObject {
        ContractPerformanceObject {
            contract: view.contract,
            milestones: view.milestones.into_iter().map(|one| milestone(one, as_of)).collect(),
            history: SubjectHistoryObject::all(view.history),
            label: view.label.to_string(),
        }
    }
}

fn milestone(one: Performed<Milestone>, as_of: Date) -> MilestoneObject {
    let Performed { state, version } = one;
    let subject = SubjectKind::Milestone.subject(&state.number).to_string();
    MilestoneObject {
        kind: state.kind.word(),
        state: state.state,
        planned_on: state.planned_on.to_string(),
        expected_on: state.expected_on.map(|day| day.to_string()),
        reached_on: state.reached_on.map(|day| day.to_string()),
        cancelled_on: state.cancelled.as_ref().map(|(day, _)| day.to_string()),
        overdue: state.is_overdue(as_of),
        days_late: state.days_late(as_of),
        cancelled_because: state.cancelled.map(|(_, why)| why),
        document: state.document.as_ref().map(|paper| DocumentObject::of(paper, &subject, TAGGED)),
        number: state.number,
        name: state.name,
        line: state.line,
        instalment: state.instalment,
        version,
    }
}
