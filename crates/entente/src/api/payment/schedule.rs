//! Changes of a contract's payment schedule and of its instalments.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::payment::{
    DueRule, InstalmentChange, InstalmentCommand, NewInstalment, PenaltyTerms, Percent, ScheduleCommand,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Amount;
use crate::api::body::{Annulment, Paper, at, on, paper};
use crate::api::change::{Change, Headers, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// A day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnDay {
    /// The day of the change.
    #[schema(format = Date)]
    on: String,
}

/// A day and a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnDayWithReason {
    /// The day of the change.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
}

/// Declares that all instalments of a contract are there: they sum to its value.
#[utoipa::path(post, path = "/contracts/{number}/schedule/complete", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OnDay, responses((status = 200, description = "Declared complete", body = ReceiptObject), (status = 201, description = "Declared complete, the first that is said of the schedule", body = ReceiptObject)))]
pub(crate) async fn complete_schedule(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnDay>,
) -> Answer {
    let command = ScheduleCommand::Complete { on: on(&body.on)? };
    change.carry_out(&app, Command::Schedule { contract: number, command }).await
}

/// Opens a schedule again that was declared complete.
#[utoipa::path(post, path = "/contracts/{number}/schedule/reopen", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = OnDayWithReason, responses((status = 200, description = "Open again", body = ReceiptObject)))]
pub(crate) async fn reopen_schedule(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnDayWithReason>,
) -> Answer {
    let command = ScheduleCommand::Reopen { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, Command::Schedule { contract: number, command }).await
}

/// What delay costs, as the contract says.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PenaltyTermsBody {
    /// From when.
    #[schema(format = Date)]
    on: String,
    /// What is late: `delivery` or `payment`.
    late: String,
    /// Per cent of the value for one period, a decimal string.
    #[schema(examples("0.5"))]
    rate_pct: String,
    /// `day`, `full_week` or `started_week`.
    period: String,
    /// Per cent of the value that is not exceeded.
    #[serde(default)]
    #[schema(examples("8"))]
    cap_pct: Option<String>,
    /// The contract or amendment that says so.
    document: Paper,
}

/// Records what delay costs under a contract.
#[utoipa::path(post, path = "/contracts/{number}/schedule/penalty-terms", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = PenaltyTermsBody, responses((status = 200, description = "Recorded", body = ReceiptObject), (status = 201, description = "Recorded, the first that is said of the schedule", body = ReceiptObject)))]
pub(crate) async fn agree_penalty(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<PenaltyTermsBody>,
) -> Answer {
    let terms = PenaltyTerms {
        late: at("late", body.late.parse())?,
        rate: Percent::parse("rate_pct", &body.rate_pct)?,
        period: at("period", body.period.parse())?,
        cap: body.cap_pct.map(|cap| Percent::parse("cap_pct", &cap)).transpose()?,
        document: body.document.read()?,
    };
    let command = ScheduleCommand::AgreePenalty { on: on(&body.on)?, terms };
    change.carry_out(&app, Command::Schedule { contract: number, command }).await
}

/// When an instalment is due.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DueBody {
    /// `fixed`, `after_signature`, `after_milestone`, `after_delivery` or `after_line`.
    rule: String,
    /// The day that is fixed, or on which the milestone is or was reached.
    #[serde(default)]
    #[schema(format = Date)]
    on: Option<String>,
    /// How many days after the act.
    #[serde(default)]
    days: Option<u32>,
    /// The milestone's name, or the number of the delivery (which may still be to come) or line.
    #[serde(default)]
    after: Option<String>,
}

impl DueBody {
    fn read(self) -> Fallible<DueRule> {
        let on = self.on.map(|on| parse_date("due.on", &on)).transpose()?;
        DueRule::of_parts(&self.rule, on, self.days, self.after).map_err(|refusal| {
            let field = refusal.field.as_deref().map(|field| field.replacen("due_", "due.", 1));
            Refusal { field, ..refusal }
        })
    }
}

/// An instalment to schedule.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleInstalment {
    /// When it was agreed.
    #[schema(format = Date)]
    on: String,
    /// The number that the contract gives it; no two instalments of a contract have the same.
    #[serde(default)]
    reference: Option<String>,
    /// `advance`, `milestone`, `on_delivery`, `deferred_credit` or `retention`.
    kind: String,
    /// How much, in the contract's currency; of an instalment on credit the principal alone.
    amount: Amount,
    /// When it is due.
    due: DueBody,
    /// Who gives the credit: `bank` or `state`.
    #[serde(default)]
    lender: Option<String>,
    /// The party that pays, lends or guarantees as a bank.
    #[serde(default)]
    bank: Option<String>,
    /// Marking: the contract's, which may be left out.
    #[serde(default)]
    label: Option<String>,
    /// The paper behind it.
    #[serde(default)]
    document: Option<Paper>,
}

/// Adds an instalment to the payment schedule of a contract.
#[utoipa::path(post, path = "/contracts/{number}/instalments", tag = "payments", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = ScheduleInstalment, responses((status = 201, description = "Scheduled", body = ReceiptObject)))]
pub(crate) async fn schedule_instalment(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<ScheduleInstalment>,
) -> Answer {
    let new = NewInstalment {
        reference: body.reference,
        kind: at("kind", body.kind.parse())?,
        amount: body.amount.read("amount")?,
        due: body.due.read()?,
        lender: at("lender", body.lender.map(|lender| lender.parse()).transpose())?,
        bank: body.bank,
        label: at("label", body.label.map(|label| label.parse()).transpose())?,
        on: on(&body.on)?,
        document: paper(body.document)?,
    };
    let command = InstalmentCommand::Schedule(Box::new(new));
    change.carry_out(&app, Command::Instalment { number, command }).await
}

/// What an amendment changes; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AmendInstalment {
    /// The day of the amendment.
    #[schema(format = Date)]
    on: String,
    /// New amount.
    #[serde(default)]
    amount: Option<Amount>,
    /// New rule.
    #[serde(default)]
    due: Option<DueBody>,
    /// New bank.
    #[serde(default)]
    bank: Option<String>,
    /// The signed amendment.
    document: Paper,
    /// Why.
    reason: String,
}

/// Amends an instalment.
#[utoipa::path(post, path = "/instalments/{number}/amend", tag = "payments", params(("number" = String, Path, description = "Number of the instalment"), Headers), request_body = AmendInstalment, responses((status = 200, description = "Amended", body = ReceiptObject)))]
pub(crate) async fn amend_instalment(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<AmendInstalment>,
) -> Answer {
    let command = InstalmentCommand::Amend {
        on: on(&body.on)?,
        change: InstalmentChange {
            amount: body.amount.map(|amount| amount.read("amount")).transpose()?,
            due: body.due.map(DueBody::read).transpose()?,
            bank: body.bank,
        },
        document: body.document.read()?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Instalment { number, command }).await
}

/// Withdraws an instalment that is not to be paid any more.
#[utoipa::path(post, path = "/instalments/{number}/withdraw", tag = "payments", params(("number" = String, Path, description = "Number of the instalment"), Headers), request_body = OnDayWithReason, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_instalment(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<OnDayWithReason>,
) -> Answer {
    let command = InstalmentCommand::Withdraw { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, Command::Instalment { number, command }).await
}

/// Annuls an instalment that was recorded in error.
#[utoipa::path(post, path = "/instalments/{number}/annul", tag = "payments", params(("number" = String, Path, description = "Number of the instalment"), Headers), request_body = Annulment, responses((status = 200, description = "Annulled", body = ReceiptObject)))]
pub(crate) async fn annul_instalment(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<Annulment>,
) -> Answer {
    let command = InstalmentCommand::Annul { reason: body.reason };
    change.carry_out(&app, Command::Instalment { number, command }).await
}
