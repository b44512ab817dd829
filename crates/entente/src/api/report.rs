//! Reports of exporters and manufacturers on their own contracts.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind, parse_date};
use entente_register::money::Quantity;
use entente_register::performance::DelayReason;
use entente_register::report::{MACHINE, ReportCommand, Reported};
use entente_store::reader::{Listing, ReportFilter, ReportRow, ReportView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{On, Paper, on, paper, state_of};
use super::change::{Change, Headers, ReceiptObject};
use super::json::{Asked, Json, List, Rows, View};
use super::object::{DocumentObject, HistoryObject, TAGGED};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// What happened, by the account of who reports it. Which fields there are follows from the act.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum ReportedAct {
    /// Goods were handed over to the carrier.
    HandedOver {
        /// The day of the hand-over.
        #[schema(format = Date)]
        on: String,
        /// Number of the line.
        line: String,
        /// How much, a decimal string.
        quantity: String,
        /// The number that others give the delivery.
        #[serde(default)]
        reference: Option<String>,
    },
    /// The recipient accepted a delivery.
    Accepted {
        /// The day of the acceptance.
        #[schema(format = Date)]
        on: String,
        /// Number of the delivery.
        delivery: String,
    },
    /// The items of a delivery bear these serial numbers.
    Serials {
        /// The day of the list.
        #[schema(format = Date)]
        on: String,
        /// Number of the delivery.
        delivery: String,
        /// All of them.
        serials: Vec<String>,
    },
    /// A line is expected later than agreed.
    Slips {
        /// The day of the report.
        #[schema(format = Date)]
        on: String,
        /// Number of the line.
        line: String,
        /// The day on which it is expected.
        #[schema(format = Date)]
        expected_on: String,
        /// Why, as of a slippage.
        cause: String,
        /// On whose side the cause lies.
        side: String,
        /// In words.
        description: String,
    },
    /// A milestone was reached.
    Reached {
        /// The day on which it was reached.
        #[schema(format = Date)]
        on: String,
        /// Number of the milestone.
        milestone: String,
    },
    /// A milestone is expected on another day.
    Expected {
        /// The day of the report.
        #[schema(format = Date)]
        on: String,
        /// Number of the milestone.
        milestone: String,
        /// The day on which it is expected.
        #[schema(format = Date)]
        expected_on: String,
        /// Why, where it is later than agreed.
        #[serde(default)]
        cause: Option<String>,
        /// On whose side the cause lies.
        #[serde(default)]
        side: Option<String>,
        /// In words.
        reason: String,
    },
}

impl ReportedAct {
    fn read(self) -> Fallible<Reported> {
        let day = |field: &str, text: &str| parse_date(&format!("reported.{field}"), text);
        let inside = |refusal: Refusal| {
            let field = refusal.field.as_deref().map(|field| format!("reported.{field}"));
            Refusal { field, ..refusal }
        };
        Ok(match self {
            ReportedAct::HandedOver { on, line, quantity, reference } => Reported::HandedOver {
                on: day("on", &on)?,
                line,
                quantity: Quantity::parse("reported.quantity", &quantity)?,
                reference,
            },
            ReportedAct::Accepted { on, delivery } => Reported::Accepted { on: day("on", &on)?, delivery },
            ReportedAct::Serials { on, delivery, serials } => {
                Reported::Serials { on: day("on", &on)?, delivery, serials }
            }
            ReportedAct::Slips { on, line, expected_on, cause, side, description } => Reported::Slips {
                on: day("on", &on)?,
                line,
                expected_on: day("expected_on", &expected_on)?,
                delay: DelayReason::read(&cause, &side).map_err(inside)?,
                description,
            },
            ReportedAct::Reached { on, milestone } => Reported::Reached { on: day("on", &on)?, milestone },
            ReportedAct::Expected { on, milestone, expected_on, cause, side, reason } => Reported::Expected {
                on: day("on", &on)?,
                milestone,
                expected_on: day("expected_on", &expected_on)?,
                delay: DelayReason::read_given(cause.as_deref(), side.as_deref()).map_err(inside)?,
                reason,
            },
        })
    }

    fn of(reported: &Reported) -> ReportedAct {
        let cause = |delay: &DelayReason| delay.cause.word().to_owned();
        let side = |delay: &DelayReason| delay.side.word().to_owned();
        let on = reported.on().to_string();
        match reported.clone() {
            Reported::HandedOver { line, quantity, reference, .. } => {
                ReportedAct::HandedOver { on, line, quantity: quantity.to_string(), reference }
            }
            Reported::Accepted { delivery, .. } => ReportedAct::Accepted { on, delivery },
            Reported::Serials { delivery, serials, .. } => ReportedAct::Serials { on, delivery, serials },
            Reported::Slips { line, expected_on, delay, description, .. } => ReportedAct::Slips {
                on,
                line,
                expected_on: expected_on.to_string(),
                cause: cause(&delay),
                side: side(&delay),
                description,
            },
            Reported::Reached { milestone, .. } => ReportedAct::Reached { on, milestone },
            Reported::Expected { milestone, expected_on, delay, reason, .. } => ReportedAct::Expected {
                on,
                milestone,
                expected_on: expected_on.to_string(),
                cause: delay.as_ref().map(cause),
                side: delay.as_ref().map(side),
                reason,
            },
        }
    }
}

/// A report to file.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileReport {
    /// The day of the report.
    #[schema(format = Date)]
    on: String,
    /// What happened.
    reported: ReportedAct,
    /// In words, for the officer.
    #[serde(default)]
    note: Option<String>,
    /// The evidence.
    #[serde(default)]
    document: Option<Paper>,
}

/// Files a report on a contract of one’s own. It changes nothing until a contract officer accepts it.
#[utoipa::path(post, path = "/contracts/{number}/reports", tag = "reports", params(("number" = String, Path, description = "Number of the contract"), Headers), request_body = FileReport, responses((status = 201, description = "Filed", body = ReceiptObject)))]
pub(crate) async fn file_report(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<FileReport>,
) -> Answer {
    let command = ReportCommand::File {
        on: on(&body.on)?,
        reported: body.reported.read()?,
        note: body.note,
        document: paper(body.document)?,
    };
    change.carry_out(&app, Command::Report { number, command }).await
}

/// Accepts a report: the act that it reports is recorded in the same command, or neither is.
#[utoipa::path(post, path = "/reports/{number}/accept", tag = "reports", params(("number" = String, Path, description = "Number of the report"), Headers), request_body = On, responses((status = 200, description = "Accepted, and the act recorded", body = ReceiptObject)))]
pub(crate) async fn accept_report(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let command = ReportCommand::Accept { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, Command::Report { number, command }).await
}

/// A day and a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndReport {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
}

/// Returns a report to who filed it.
#[utoipa::path(post, path = "/reports/{number}/return", tag = "reports", params(("number" = String, Path, description = "Number of the report"), Headers), request_body = EndReport, responses((status = 200, description = "Returned", body = ReceiptObject)))]
pub(crate) async fn return_report(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EndReport>,
) -> Answer {
    let command = ReportCommand::Return { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, Command::Report { number, command }).await
}

/// Withdraws a report of one’s own.
#[utoipa::path(post, path = "/reports/{number}/withdraw", tag = "reports", params(("number" = String, Path, description = "Number of the report"), Headers), request_body = EndReport, responses((status = 200, description = "Withdrawn", body = ReceiptObject)))]
pub(crate) async fn withdraw_report(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<EndReport>,
) -> Answer {
    let command = ReportCommand::Withdraw { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, Command::Report { number, command }).await
}

/// A report.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Report")]
pub(crate) struct ReportObject {
    #[serde(flatten)]
    row: ReportRowObject,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

/// A report in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportRowObject {
    /// Number.
    number: String,
    /// `filed`, `accepted`, `returned` or `withdrawn`.
    state: &'static str,
    /// Number of the contract.
    contract: String,
    /// What the contract is about.
    title: String,
    /// Number of the party that reports.
    party: String,
    /// Its name, where the reader may know it.
    party_name: Option<String>,
    /// What happened, by its account.
    reported: ReportedAct,
    /// In words, for the officer.
    note: Option<String>,
    /// When it was filed.
    #[schema(format = Date)]
    filed_on: String,
    /// When it was accepted, returned or withdrawn.
    #[schema(format = Date)]
    ended_on: Option<String>,
    /// Why it was returned or withdrawn.
    reason: Option<String>,
    /// What was recorded by it, `KIND:NUMBER`.
    recorded: Option<String>,
    /// The evidence on which it was accepted, else that which it bears.
    document: Option<DocumentObject>,
    /// Marking.
    label: String,
}

impl ReportRowObject {
    fn of(row: ReportRow) -> ReportRowObject {
        let report = row.report;
        let subject = SubjectKind::Report.subject(&report.number).to_string();
        let evidence = report.evidence.as_ref().or(report.filed.document.as_ref());
        ReportRowObject {
            state: report.state,
            contract: row.contract,
            title: row.title,
            party_name: row.party_name,
            reported: ReportedAct::of(&report.filed.reported),
            filed_on: report.filed_on.to_string(),
            ended_on: report.ended.as_ref().map(|(day, _)| day.to_string()),
            document: evidence.map(|paper| DocumentObject::of(paper, &subject, TAGGED)),
            reason: report.ended.map(|(_, why)| why).filter(|why| !why.is_empty()),
            recorded: report.recorded,
            party: report.filed.party,
            note: report.filed.note,
            label: report.label.to_string(),
            number: report.number,
        }
    }
}

impl ReportObject {
    fn of(view: ReportView) -> ReportObject {
        let subject = SubjectKind::Report.subject(&view.row.report.number).to_string();
        ReportObject {
            row: ReportRowObject::of(view.row),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}

/// Reports, those that wait for an officer and were filed first before the others.
#[utoipa::path(get, path = "/reports", tag = "reports", params(View, Rows, ("state" = Option<String>, Query, description = "Only this state"), ("contract" = Option<String>, Query, description = "Only of this contract")), responses((status = 200, description = "A page of reports", body = List<ReportRowObject>)))]
pub(crate) async fn list_reports(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["state", "contract"])?;
    let filter = ReportFilter {
        state: asked.other("state")?.map(|state| state_of(&MACHINE, "a report", &[], state)).transpose()?,
        contract: asked.other("contract")?.map(str::to_owned),
    };
    let found = caller.reader(&app, &asked.view).await?.reports(&filter, asked.page).await?;
    let rows = found.rows.into_iter().map(ReportRowObject::of).collect();
    asked.list(Listing { rows, total: found.total, page: found.page })
}

/// A report with what has happened to it.
#[utoipa::path(get, path = "/reports/{number}", tag = "reports", params(("number" = String, Path, description = "Number of the report", example = "O-2012-0015.N1"), View), responses((status = 200, description = "The report", body = ReportObject)))]
pub(crate) async fn read_report(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let view = caller.reader(&app, &asked.view).await?.report(&number).await?;
    asked.answer(&ReportObject::of(view))
}
