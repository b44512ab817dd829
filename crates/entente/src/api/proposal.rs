//! Plans between draft and approval: proposed to manufacturers and answered by them; and how stable they are.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::contract::plan::{PlanCommand, PlanPlace};
use entente_register::contract::stability::Step;
use entente_register::ledger::{Fallible, parse_date};
use entente_register::money::{Currency, Decimal, Money};
use entente_store::reader::MakerRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::{On, Paper, on, paper};
use super::change::{Change, Headers, ReceiptObject};
use super::json::Json;
use super::object::{DocumentObject, TAGGED};
use super::read::plan_version;
use crate::app::App;
use crate::error::Answer;

/// Proposes a draft to the manufacturers whose lines stand in it; items are no longer added.
#[utoipa::path(post, path = "/plans/{year}/{version}/propose", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = On, responses((status = 200, description = "Proposed", body = ReceiptObject)))]
pub(crate) async fn propose_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<On>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let command = PlanCommand::Propose { on: on(&body.on)?, document: paper(body.document)? };
    change.carry_out(&app, Command::Plan { version, command }).await
}

/// A manufacturer's agreement.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgreePlan {
    /// Number of the manufacturer; an account of the manufacturer gives its own.
    manufacturer: String,
    /// The day on which it agreed.
    #[schema(format = Date)]
    on: String,
    /// Its letter.
    document: Paper,
}

/// Records that a manufacturer agrees to a proposed version.
#[utoipa::path(post, path = "/plans/{year}/{version}/agree", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = AgreePlan, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn agree_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<AgreePlan>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let AgreePlan { manufacturer, on: day, document } = body;
    let command = PlanCommand::Agree { manufacturer, on: on(&day)?, document: document.read()? };
    change.carry_out(&app, Command::Plan { version, command }).await
}

/// A manufacturer's objection.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectToPlan {
    /// Number of the manufacturer; an account of the manufacturer gives its own.
    manufacturer: String,
    /// The day on which it objected.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
    /// What it objects to; absent or empty for all that it makes.
    #[serde(default)]
    items: Vec<Place>,
    /// Its letter.
    #[serde(default)]
    document: Option<Paper>,
}

/// What is planned of a line on a day.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    /// Number of the line.
    line: String,
    /// The day by which it is planned.
    #[schema(format = Date)]
    planned_on: String,
}

/// Records that a manufacturer objects to a proposed version.
#[utoipa::path(post, path = "/plans/{year}/{version}/object", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = ObjectToPlan, responses((status = 200, description = "Recorded", body = ReceiptObject)))]
pub(crate) async fn object_to_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<ObjectToPlan>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let items = body
        .items
        .into_iter()
        .enumerate()
        .map(|(position, place)| {
            let planned_on = parse_date(&format!("items[{position}].planned_on"), &place.planned_on)?;
            Ok(PlanPlace { line: place.line, planned_on })
        })
        .collect::<Fallible<Vec<PlanPlace>>>()?;
    let command = PlanCommand::Object {
        manufacturer: body.manufacturer,
        items,
        on: on(&body.on)?,
        document: paper(body.document)?,
        reason: body.reason,
    };
    change.carry_out(&app, Command::Plan { version, command }).await
}

/// A day and a reason.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReturnPlan {
    /// The day of the change.
    #[schema(format = Date)]
    on: String,
    /// Why.
    reason: String,
}

/// Takes a proposed version back to the draft; what was answered to it holds no longer.
#[utoipa::path(post, path = "/plans/{year}/{version}/return", tag = "plans", params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version"), Headers), request_body = ReturnPlan, responses((status = 200, description = "A draft again", body = ReceiptObject)))]
pub(crate) async fn return_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    change: Change,
    Json(body): Json<ReturnPlan>,
) -> Answer {
    let version = Some(plan_version(&year, &version)?);
    let command = PlanCommand::Return { on: on(&body.on)?, reason: body.reason };
    change.carry_out(&app, Command::Plan { version, command }).await
}

/// What a manufacturer makes of a plan version, and what it answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MakerObject {
    /// Number of the party; null of lines that name no manufacturer.
    manufacturer: Option<String>,
    /// Its name, where it is open to the caller.
    name: Option<String>,
    /// How many items.
    items: i64,
    /// Their sum.
    amount: String,
    /// `agreed` or `objected`; null where it has not answered.
    answer: Option<&'static str>,
    /// When it answered.
    #[schema(format = Date)]
    answered_on: Option<String>,
    /// What it objects to; empty for all that it makes.
    objects_to: Vec<PlaceObject>,
    /// Its letter.
    document: Option<DocumentObject>,
    /// Why it objects.
    reason: Option<String>,
}

/// What is planned of a line on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceObject {
    /// Number of the line.
    line: String,
    /// The day by which it is planned.
    #[schema(format = Date)]
    planned_on: String,
}

/// Plan stability from one version to another; the comparison of the two opens it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StabilityObject {
    /// The earlier version, `YEAR:VERSION`.
    from: String,
    /// The later version, `YEAR:VERSION`.
    to: String,
    /// Twice the value kept ÷ the value of both; null where neither plans anything.
    #[schema(value_type = Option<f64>)]
    pct: Option<Decimal>,
    /// Value that both plan for the same line in the same month.
    kept: String,
    /// Value of the earlier version.
    earlier: String,
    /// Value of the later version.
    later: String,
}

impl MakerObject {
    pub(super) fn of(maker: MakerRow, currency: Currency, subject: &str) -> MakerObject {
        let answer = maker.answer;
        MakerObject {
            manufacturer: maker.number,
            name: maker.name,
            items: maker.items,
            amount: Money::new(maker.amount, currency).decimal(),
            answer: answer.as_ref().map(|answer| answer.answer.word()),
            answered_on: answer.as_ref().map(|answer| answer.on.to_string()),
            objects_to: answer.iter().flat_map(|answer| &answer.items).map(PlaceObject::of).collect(),
            reason: answer.as_ref().and_then(|answer| answer.reason.clone()),
            document: answer
                .and_then(|answer| answer.document)
                .map(|document| DocumentObject::of(&document, subject, TAGGED)),
        }
    }
}

impl PlaceObject {
    fn of(place: &PlanPlace) -> PlaceObject {
        PlaceObject { line: place.line.clone(), planned_on: place.planned_on.to_string() }
    }
}

impl StabilityObject {
    pub(super) fn of(step: &Step, currency: Currency) -> StabilityObject {
        let decimal = |minor| Money::new(minor, currency).decimal();
        StabilityObject {
            from: step.from.to_string(),
            to: step.to.to_string(),
            pct: step.stability.share().map(|share| share.percent()),
            kept: decimal(step.stability.kept),
            earlier: decimal(step.stability.earlier),
            later: decimal(step.stability.later),
        }
    }
}
