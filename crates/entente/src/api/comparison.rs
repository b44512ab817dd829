//! Plans beside each other, as the API gives them.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::contract::comparison::{LineChange, Pair, Schedule};
use entente_register::money::{Currency, Decimal, Money};
use entente_store::reader::ComparedPlans;
use serde::Serialize;
use utoipa::ToSchema;

use super::json::{Asked, Rows, View};
use super::object::PlanRowObject;
use super::read::plan_version;
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;
use crate::slip;

/// Two schedules of a year beside each other.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonObject {
    /// The version that is compared.
    earlier: PlanRowObject,
    /// The version it is compared with; null for the same version after a slip.
    later: Option<PlanRowObject>,
    /// Sums of the year.
    year: PairObject,
    /// Plan stability: twice the value that both plan for the same line in the same month ÷ the value of both, which is
    /// 1 − Σ|difference of a line in a month| ÷ the value of both; null where neither plans anything.
    #[schema(value_type = Option<f64>)]
    stability_pct: Option<Decimal>,
    /// Value that both plan for the same line in the same month.
    kept: String,
    /// Sums by month, January first.
    months: Vec<PairObject>,
    /// Sums by partner.
    by_partner: Vec<PartnerPairObject>,
    /// Lines that are planned alike.
    alike: usize,
    /// Lines that are planned otherwise, in all.
    total: i64,
    /// A page of them, the greatest change first.
    changes: Vec<ChangeObject>,
}

/// Two sums.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PairObject {
    /// By the earlier schedule.
    earlier: String,
    /// By the later one.
    later: String,
    /// By how much the later is more.
    difference: String,
}

/// Two sums of one partner.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerPairObject {
    /// Code of the partner.
    partner: String,
    #[serde(flatten)]
    sums: PairObject,
}

/// A line that is planned otherwise.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeObject {
    /// Number of the line.
    line: String,
    /// Number of the contract.
    contract: String,
    /// Code of the partner.
    partner: String,
    /// What it is.
    title: String,
    /// `added`, `removed`, `moved`, `revalued` or `rescheduled`.
    change: &'static str,
    /// What was planned.
    earlier: Vec<PlannedObject>,
    /// What is planned.
    later: Vec<PlannedObject>,
    /// By how much the value changes.
    difference: String,
}

/// A planned delivery.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlannedObject {
    /// The day by which it is planned.
    #[schema(format = Date)]
    planned_on: String,
    /// Planned value.
    amount: String,
}

impl PairObject {
    fn of(pair: Pair, currency: Currency) -> PairObject {
        let decimal = |minor| Money::new(minor, currency).decimal();
        PairObject {
            earlier: decimal(pair.earlier),
            later: decimal(pair.later),
            difference: decimal(pair.difference()),
        }
    }
}

impl ChangeObject {
    fn of(change: &LineChange, title: &str, currency: Currency) -> ChangeObject {
        let planned = |schedule: &Schedule| {
            schedule
                .iter()
                .map(|(day, amount)| PlannedObject {
                    planned_on: day.to_string(),
                    amount: Money::new(*amount, currency).decimal(),
                })
                .collect()
        };
        ChangeObject {
            line: change.line.clone(),
            contract: change.contract.clone(),
            partner: change.partner.clone(),
            title: title.to_owned(),
            change: change.kind.word(),
            earlier: planned(&change.earlier),
            later: planned(&change.later),
            difference: Money::new(change.difference(), currency).decimal(),
        }
    }
}

impl ComparisonObject {
    fn of(compared: &ComparedPlans) -> ComparisonObject {
        let currency = compared.earlier.amount.currency;
        let comparison = &compared.comparison;
        ComparisonObject {
            earlier: PlanRowObject::of(&compared.earlier),
            later: compared.later.as_ref().map(PlanRowObject::of),
            year: PairObject::of(comparison.year, currency),
            stability_pct: comparison.stability().map(|share| share.percent()),
            kept: Money::new(comparison.kept, currency).decimal(),
            months: comparison.months.iter().map(|pair| PairObject::of(*pair, currency)).collect(),
            by_partner: comparison
                .partners
                .iter()
                .map(|(partner, pair)| PartnerPairObject {
                    partner: partner.clone(),
                    sums: PairObject::of(*pair, currency),
                })
                .collect(),
            alike: comparison.alike,
            total: compared.changes.total,
            changes: compared
                .changes
                .rows
                .iter()
                .map(|(change, title)| ChangeObject::of(change, title, currency))
                .collect(),
        }
    }
}

/// A plan version beside another one of the same year.
#[utoipa::path(
    get, path = "/plans/{year}/{version}/compare", tag = "plans",
    params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version, from 1"), ("with" = String, Query, description = "The version to compare with, `YEAR:VERSION`"), View, Rows),
    responses((status = 200, description = "The comparison", body = ComparisonObject))
)]
pub(crate) async fn compare_plans(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["with"])?;
    let (earlier, later) = (plan_version(&year, &version)?, slip::with(asked.other("with")?)?);
    let reader = caller.reader(&app, &asked.view).await?;
    let compared = reader.compare_plans(earlier, later, asked.page).await?;
    asked.answer(&ComparisonObject::of(&compared))
}

/// A plan version as a slip of what is planned after the day would leave it. Nothing is recorded.
#[utoipa::path(
    get, path = "/plans/{year}/{version}/slip", tag = "plans",
    params(("year" = i16, Path, description = "Calendar year"), ("version" = u32, Path, description = "Version, from 1"), ("what" = String, Query, description = "What slips: `partner:CODE` or `manufacturer:NUMBER`"), ("months" = i8, Query, description = "By how many months, 1 to 12"), View, Rows),
    responses((status = 200, description = "The version beside what the slip leaves of it", body = ComparisonObject))
)]
pub(crate) async fn slip_plan(
    State(app): State<Arc<App>>,
    Path((year, version)): Path<(String, String)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["what", "months"])?;
    let version = plan_version(&year, &version)?;
    let reader = caller.reader(&app, &asked.view).await?;
    let slip = slip::slip(asked.other("what")?, asked.other("months")?, reader.as_of())?;
    let compared = reader.slip_plan(version, slip.as_ref(), asked.page).await?;
    asked.answer(&ComparisonObject::of(&compared))
}
