//! What the licensing authority does about an application, up to the second signature.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::ledger::{Fallible, parse_date};
use entente_register::transfer::application::{
    ApplicationCommand, Assessment, Condition, LineDecision, Proposal, Weighed,
};
use entente_register::transfer::check::EndUserStanding;
use entente_register::transfer::opinion::Criterion;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{TransferDay, TransferReason, about};
use crate::api::body::{Paper, at, on};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A question to the applicant.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskApplicant {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// The question; the applicant reads it.
    text: String,
}

/// Asks the applicant something, which stops the clock.
#[utoipa::path(post, path = "/applications/{number}/questions", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = AskApplicant, responses((status = 200, description = "Asked", body = ReceiptObject)))]
pub(crate) async fn ask_applicant(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AskApplicant>,
) -> Answer {
    let command = ApplicationCommand::Ask { on: on(&body.on)?, text: body.text };
    change.carry_out(&app, about(number, command)).await
}

/// Who an end user is. Which fields there are follows from what it is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum EndUserIs {
    /// An authority of a recognised government.
    Authority {
        /// Its state, ISO 3166-1 alpha-3.
        state: String,
    },
    /// Authorised by such a government.
    Authorised {
        /// The state.
        state: String,
    },
    /// An operation under a mandate of the United Nations, or the United Nations themselves.
    Mission {
        /// Its name, for example `MONUSCO`.
        name: String,
    },
    /// Serves no government, or is controlled by those who do not.
    NonState,
}

impl EndUserIs {
    pub(in crate::api) fn read(self) -> EndUserStanding {
        match self {
            EndUserIs::Authority { state } => EndUserStanding::Authority { state },
            EndUserIs::Authorised { state } => EndUserStanding::Authorised { state },
            EndUserIs::Mission { name } => EndUserStanding::Mission { name },
            EndUserIs::NonState => EndUserStanding::NonState,
        }
    }

    pub(in crate::api) fn of(standing: EndUserStanding) -> EndUserIs {
        match standing {
            EndUserStanding::Authority { state } => EndUserIs::Authority { state },
            EndUserStanding::Authorised { state } => EndUserIs::Authorised { state },
            EndUserStanding::Mission { name } => EndUserIs::Mission { name },
            EndUserStanding::NonState => EndUserIs::NonState,
        }
    }
}

/// An end user, established.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EstablishEndUser {
    /// The day.
    #[schema(format = Date)]
    pub(in crate::api) on: String,
    /// Number of the party, an end user of the application.
    pub(in crate::api) party: String,
    /// Who it is.
    pub(in crate::api) standing: EndUserIs,
    /// The paper that shows it.
    pub(in crate::api) document: Paper,
}

/// Records who an end user is, by which paper.
#[utoipa::path(post, path = "/applications/{number}/end-users", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = EstablishEndUser, responses((status = 200, description = "Established", body = ReceiptObject)))]
pub(crate) async fn establish_end_user(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EstablishEndUser>,
) -> Answer {
    let command = ApplicationCommand::Establish {
        on: on(&body.on)?,
        party: body.party,
        standing: body.standing.read(),
        document: body.document.read()?,
    };
    change.carry_out(&app, about(number, command)).await
}

/// What a check asks to have on record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordForCheck {
    /// The day.
    #[schema(format = Date)]
    pub(in crate::api) on: String,
    /// `key` of the check.
    pub(in crate::api) check: String,
    /// `consideration`, `notification`, `approval` or `consultation`: what the check needs, or what is more.
    pub(in crate::api) kind: String,
    /// The number under which it is filed.
    pub(in crate::api) reference: String,
    /// The paper.
    pub(in crate::api) document: Paper,
    /// Why the transfer goes on, where another state refused the same and was consulted.
    #[serde(default)]
    pub(in crate::api) reason: Option<String>,
}

/// Records the approval, notification, consideration or consultation that a check asks for.
#[utoipa::path(post, path = "/applications/{number}/records", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = RecordForCheck, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn record_for_check(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<RecordForCheck>,
) -> Answer {
    let command = ApplicationCommand::Record {
        on: on(&body.on)?,
        check: body.check,
        kind: at("kind", body.kind.parse())?,
        reference: body.reference,
        document: body.document.read()?,
        reason: body.reason,
    };
    change.carry_out(&app, about(number, command)).await
}

/// How one criterion was weighed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WeighedBody {
    /// The risk that is left: `none`, `low`, `medium`, `high` or `overriding`.
    risk: String,
    /// By what evidence.
    evidence: String,
    /// What lessens it.
    #[serde(default)]
    mitigation: Option<String>,
}

/// The assessment: every criterion weighed, and what follows.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AssessApplication {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// By criterion, all of them: `article_6`, `article_7`, `obligations`, `human_rights`, `internal_situation`,
    /// `regional_peace`, `national_security`, `buyer_behaviour`, `diversion`, `development`.
    weighed: BTreeMap<String, WeighedBody>,
    /// What follows, in words.
    conclusion: String,
}

/// Records the assessment; the last one holds.
#[utoipa::path(post, path = "/applications/{number}/assessment", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = AssessApplication, responses((status = 200, description = "Assessed", body = ReceiptObject)))]
pub(crate) async fn assess_application(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AssessApplication>,
) -> Answer {
    let weighed = body.weighed.into_iter().map(|(criterion, weighed)| {
        let field = format!("weighed.{criterion}");
        let risk = at(&format!("{field}.risk"), weighed.risk.parse())?;
        let weighed = Weighed { risk, evidence: weighed.evidence, mitigation: weighed.mitigation };
        Ok((at(&field, criterion.parse())?, weighed))
    });
    let assessment = Assessment { weighed: weighed.collect::<Fallible<_>>()?, conclusion: body.conclusion };
    let command = ApplicationCommand::Assess { on: on(&body.on)?, assessment };
    change.carry_out(&app, about(number, command)).await
}

/// What is decided of a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "decision", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum DecidedLine {
    /// It may go.
    Grant,
    /// It may not.
    Refuse {
        /// By which criteria.
        criteria: Vec<String>,
        /// Why; the applicant reads it once it is signed.
        reason: String,
    },
}

impl DecidedLine {
    fn read(self, place: usize) -> Fallible<LineDecision> {
        Ok(match self {
            DecidedLine::Grant => LineDecision::Grant,
            DecidedLine::Refuse { criteria, reason } => {
                LineDecision::Refuse { criteria: read_criteria(place, criteria)?, reason }
            }
        })
    }

    pub(super) fn of(line: LineDecision) -> DecidedLine {
        match line {
            LineDecision::Grant => DecidedLine::Grant,
            LineDecision::Refuse { criteria, reason } => {
                DecidedLine::Refuse { criteria: criteria_words(&criteria), reason }
            }
        }
    }
}

/// The criteria that a line names.
pub(super) fn read_criteria(place: usize, words: Vec<String>) -> Fallible<BTreeSet<Criterion>> {
    let field = format!("lines[{place}].criteria");
    words.into_iter().map(|word| at(&field, word.parse())).collect()
}

pub(super) fn criteria_words(criteria: &BTreeSet<Criterion>) -> Vec<String> {
    criteria.iter().map(|criterion| criterion.word().to_owned()).collect()
}

/// A condition of a licence.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposedCondition {
    /// What is to be done.
    text: String,
    /// By when; null for one that comes before the first shipment.
    #[serde(default)]
    #[schema(format = Date)]
    due_on: Option<String>,
}

impl ProposedCondition {
    pub(super) fn of(condition: Condition) -> ProposedCondition {
        ProposedCondition { text: condition.text, due_on: condition.due_on.map(|day| day.to_string()) }
    }
}

/// A decision that another person is to sign.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProposeDecision {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Of each line, in their order.
    lines: Vec<DecidedLine>,
    /// The first day of validity, where any line is granted.
    #[serde(default)]
    #[schema(format = Date)]
    valid_from: Option<String>,
    /// The last one.
    #[serde(default)]
    #[schema(format = Date)]
    valid_until: Option<String>,
    /// On what conditions.
    #[serde(default)]
    conditions: Vec<ProposedCondition>,
    /// Days after a shipment within which its delivery is to be verified; absent for the usual 90.
    #[serde(default)]
    verification_days: Option<u32>,
    /// By which rule disagreements of agencies are resolved: `strictest`, or `chair`, who then signs.
    rule: String,
    /// Why.
    reason: String,
}

/// Proposes a decision. Any change of the application takes it back.
#[utoipa::path(post, path = "/applications/{number}/propose", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = ProposeDecision, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_decision(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ProposeDecision>,
) -> Answer {
    let day = |field: &str, text: Option<String>| text.map(|day| parse_date(field, &day)).transpose();
    let lines = body.lines.into_iter().enumerate().map(|(place, line)| line.read(place));
    let conditions = body.conditions.into_iter().enumerate().map(|(place, condition)| {
        let due_on = day(&format!("conditions[{place}].due_on"), condition.due_on)?;
        Ok(Condition { text: condition.text, due_on })
    });
    let proposal = Proposal {
        lines: lines.collect::<Fallible<_>>()?,
        valid_from: day("valid_from", body.valid_from)?,
        valid_until: day("valid_until", body.valid_until)?,
        conditions: conditions.collect::<Fallible<_>>()?,
        verification_days: body.verification_days,
        rule: at("rule", body.rule.parse())?,
        reason: body.reason,
    };
    let command = ApplicationCommand::Propose { on: on(&body.on)?, proposal };
    change.carry_out(&app, about(number, command)).await
}

/// Returns what another person proposed.
#[utoipa::path(post, path = "/applications/{number}/return", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = TransferReason, responses((status = 200, description = "Returned", body = ReceiptObject)))]
pub(crate) async fn return_proposal(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferReason>,
) -> Answer {
    let command = ApplicationCommand::Return { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, about(number, command)).await
}

/// Signs what another person proposed. All checks are made once more; what is granted is a licence by the same act.
#[utoipa::path(post, path = "/applications/{number}/countersign", tag = "transfers", params(("number" = String, Path, description = "Number of the application"), Headers), request_body = TransferDay, responses((status = 200, description = "Signed", body = ReceiptObject)))]
pub(crate) async fn countersign_decision(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<TransferDay>,
) -> Answer {
    let command = ApplicationCommand::Countersign { on: on(&body.on)? };
    change.carry_out(&app, about(number, command)).await
}
