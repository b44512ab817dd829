//! Objects that reads of a contract's performance give out.

use entente_register::contract::ContractTerms;
use entente_register::contract::closure::Condition;
use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::performance::{CorrectivePlan, Milestone, Slippage};
use entente_store::reader::{ContractPerformance, Performed};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::offset_object::OffsetObject;
use crate::api::object::{DocumentObject, SubjectHistoryObject, TAGGED};

/// How a contract is performed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "ContractPerformance")]
pub(crate) struct ContractPerformanceObject {
    /// Number of the contract.
    contract: String,
    /// Milestones, in the order of the days on which they were reached or are planned.
    milestones: Vec<MilestoneObject>,
    /// Slippages, the open ones first.
    slippages: Vec<SlippageObject>,
    /// Corrective plans, those under way first.
    corrective_plans: Vec<CorrectivePlanObject>,
    /// Offset obligations.
    offsets: Vec<OffsetObject>,
    /// Windows of claims, warranties and serial numbers.
    terms: TermsObject,
    /// What must hold before the contract is completed or, once it is completed or terminated, closed.
    conditions: Vec<ConditionObject>,
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
    /// Why it is expected later than agreed: the cause.
    cause: Option<&'static str>,
    /// On whose side the cause lies.
    side: Option<&'static str>,
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
            slippages: view.slippages.into_iter().map(slippage).collect(),
            corrective_plans: view.corrective_plans.into_iter().map(|one| corrective(one, as_of)).collect(),
            offsets: view.offsets.into_iter().map(|one| OffsetObject::of(one, as_of)).collect(),
            terms: terms(view.terms),
            conditions: view.conditions.into_iter().map(condition).collect(),
            history: SubjectHistoryObject::all(view.history),
            label: view.label.to_string(),
        }
    }
}

/// A slippage as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SlippageObject {
    /// Number.
    number: String,
    /// `open` or `ended`.
    state: &'static str,
    /// Number of the line.
    line: String,
    /// When it was reported.
    #[schema(format = Date)]
    reported_on: String,
    /// The day by which the line was due then.
    #[schema(format = Date)]
    due_on: String,
    /// The day on which it is expected.
    #[schema(format = Date)]
    expected_on: String,
    /// Days between the two.
    days: i64,
    /// Why.
    cause: &'static str,
    /// On whose side the cause lies.
    side: &'static str,
    /// In words.
    description: String,
    /// How often it was revised.
    revisions: u32,
    /// When it ended.
    #[schema(format = Date)]
    ended_on: Option<String>,
    /// How it ended: `delivered`, `made_good`, `date_amended` or `fell_away`.
    end: Option<&'static str>,
    /// The last paper.
    document: Option<DocumentObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

/// A corrective plan as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CorrectivePlanObject {
    /// Number.
    number: String,
    /// `proposed`, `approved`, `closed` or `withdrawn`.
    state: &'static str,
    /// What it is about, `KIND:NUMBER`.
    about: String,
    /// Number of the claim that it is about.
    claim: Option<u32>,
    /// What is to be reached.
    goal: String,
    /// What is to be done.
    actions: Vec<ActionObject>,
    /// When it was proposed.
    #[schema(format = Date)]
    proposed_on: String,
    /// When it was approved.
    #[schema(format = Date)]
    approved_on: Option<String>,
    /// When it was closed.
    #[schema(format = Date)]
    closed_on: Option<String>,
    /// Whether it helped, once it is closed.
    effective: Option<bool>,
    /// How that is known.
    outcome: Option<String>,
    /// When it was withdrawn.
    #[schema(format = Date)]
    withdrawn_on: Option<String>,
    /// Why it was withdrawn.
    withdrawn_because: Option<String>,
    /// The last paper.
    document: Option<DocumentObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

/// An action of a corrective plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionObject {
    /// Number within the plan.
    action: u32,
    /// What.
    what: String,
    /// Who answers for it.
    responsible: String,
    /// By when.
    #[schema(format = Date)]
    due_on: String,
    /// The day that was agreed first.
    #[schema(format = Date)]
    first_due_on: String,
    /// When it was done.
    #[schema(format = Date)]
    finished_on: Option<String>,
    /// What shows it.
    result: Option<String>,
    /// When it was dropped.
    #[schema(format = Date)]
    dropped_on: Option<String>,
    /// Why it was dropped.
    dropped_because: Option<String>,
    /// Whether its day has passed and it is still to be done.
    overdue: bool,
    /// The paper that shows it.
    document: Option<DocumentObject>,
}

/// Windows of claims, warranties and serial numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TermsObject {
    /// Within which days claims are raised.
    claim_windows: Vec<ClaimWindowObject>,
    /// How long the warranty runs.
    warranties: Vec<WarrantyObject>,
    /// Numbers of lines of which each item is known by its serial number.
    serialised: Vec<String>,
}

/// The days within which claims are raised.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimWindowObject {
    /// Of which claims; of all others, where it is absent.
    kind: Option<&'static str>,
    /// Days after the acceptance of the delivery.
    days: u32,
}

/// How long what a line delivers is under warranty.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WarrantyObject {
    /// Number of the line; of all others, where it is absent.
    line: Option<String>,
    /// Months after the acceptance of the delivery.
    months: u32,
}

/// A condition of the next step.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ConditionObject {
    /// Identifier for programs: the code of the refusal where it does not hold.
    code: &'static str,
    /// What must hold.
    condition: &'static str,
    /// Whether it holds.
    met: bool,
    /// What stands in its way.
    open: Option<String>,
}

fn terms(terms: ContractTerms) -> TermsObject {
    TermsObject {
        claim_windows: terms
            .claim_windows
            .iter()
            .map(|one| ClaimWindowObject { kind: one.kind.map(|kind| kind.word()), days: one.days })
            .collect(),
        warranties: terms
            .warranties
            .into_iter()
            .map(|one| WarrantyObject { line: one.line, months: one.months })
            .collect(),
        serialised: terms.serialised,
    }
}

fn condition(one: Condition) -> ConditionObject {
    ConditionObject { code: one.code, condition: one.words, met: one.open.is_none(), open: one.open }
}

fn slippage(one: Performed<Slippage>) -> SlippageObject {
    let Performed { state, version } = one;
    let subject = SubjectKind::Slippage.subject(&state.number).to_string();
    SlippageObject {
        state: state.state,
        days: state.days(),
        reported_on: state.reported_on.to_string(),
        due_on: state.due_on.to_string(),
        expected_on: state.expected_on.to_string(),
        cause: state.delay.cause.word(),
        side: state.delay.side.word(),
        revisions: state.revisions,
        ended_on: state.ended.map(|(day, _)| day.to_string()),
        end: state.ended.map(|(_, end)| end.word()),
        document: state.document.as_ref().map(|paper| DocumentObject::of(paper, &subject, TAGGED)),
        number: state.number,
        line: state.line,
        description: state.description,
        version,
    }
}

fn corrective(one: Performed<CorrectivePlan>, as_of: Date) -> CorrectivePlanObject {
    let Performed { state, version } = one;
    let subject = SubjectKind::Corrective.subject(&state.number).to_string();
    let paper = |document: &Option<Document>| {
        document.as_ref().map(|paper| DocumentObject::of(paper, &subject, TAGGED))
    };
    let actions = (1..).zip(&state.actions).map(|(action, one)| ActionObject {
        action,
        what: one.what.clone(),
        responsible: one.responsible.clone(),
        due_on: one.due_on.to_string(),
        first_due_on: one.first_due_on.to_string(),
        finished_on: one.finished.as_ref().map(|(day, _)| day.to_string()),
        result: one.finished.as_ref().map(|(_, result)| result.clone()),
        dropped_on: one.dropped.as_ref().map(|(day, _)| day.to_string()),
        dropped_because: one.dropped.as_ref().map(|(_, why)| why.clone()),
        overdue: state.is_open() && one.is_overdue(as_of),
        document: paper(&one.document),
    });
    CorrectivePlanObject {
        actions: actions.collect(),
        document: paper(&state.document),
        state: state.state,
        about: state.about,
        claim: state.claim,
        goal: state.goal,
        proposed_on: state.proposed.0.to_string(),
        approved_on: state.approved_on.map(|day| day.to_string()),
        closed_on: state.closed.as_ref().map(|(day, _, _)| day.to_string()),
        effective: state.closed.as_ref().map(|(_, effective, _)| *effective),
        outcome: state.closed.map(|(_, _, outcome)| outcome),
        withdrawn_on: state.withdrawn.as_ref().map(|(day, _)| day.to_string()),
        withdrawn_because: state.withdrawn.map(|(_, why)| why),
        number: state.number,
        version,
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
        cause: state.delay.map(|delay| delay.cause.word()),
        side: state.delay.map(|delay| delay.side.word()),
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
