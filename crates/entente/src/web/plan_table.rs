//! What stands beside a plan's items for spreadsheets: who makes them, and how the year's plan changed.

use axum::extract::Path;
use entente_register::contract::plan::{PlanAnswer, PlanVersion};
use entente_store::reader::Page;

use super::spreadsheet::{Table, day, minor, optional, text};
use super::visit::Visit;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};

/// `GET /plans/{version}/manufacturers.csv` and `.xlsx`
pub(super) async fn manufacturers(visit: Visit, version: Path<String>, kind: Kind) -> Answer {
    let version: PlanVersion = version.parse()?;
    let reader = visit.reader().await?;
    let plan = reader.plan(version, Page::first(1)).await?;
    let currency = plan.row.amount.currency;
    let rows = plan.makers.iter().map(|maker| {
        let answer = maker.answer.as_ref();
        let items = answer.map(|answer| {
            let items = answer.items.iter().map(|item| format!("{} {}", item.line, item.planned_on));
            items.collect::<Vec<_>>().join(", ")
        });
        vec![
            text(version.to_string()),
            optional(maker.number.as_deref()),
            optional(maker.name.as_deref()),
            Out::Whole(maker.items),
            minor(maker.amount, currency),
            text(currency.code()),
            optional(answer.map(|answer| match answer.answer {
                PlanAnswer::Agreed => "agreed",
                PlanAnswer::Objected => "objected",
            })),
            day(answer.map(|answer| answer.on)),
            optional(answer.and_then(|answer| answer.reason.as_deref())),
            optional(items.filter(|items| !items.is_empty())),
        ]
    });
    let columns = &[
        "plan",
        "party",
        "party_name",
        "items",
        "amount",
        "currency",
        "answer",
        "answered_on",
        "reason",
        "objects_to",
    ];
    Table { name: "manufacturers", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /plans/{version}/stability.csv` and `.xlsx`: from each approved version of the year to the next.
pub(super) async fn stability(visit: Visit, version: Path<String>, kind: Kind) -> Answer {
    let version: PlanVersion = version.parse()?;
    let reader = visit.reader().await?;
    let plan = reader.plan(version, Page::first(1)).await?;
    let currency = plan.row.amount.currency;
    let rows = plan.course.steps.iter().map(|step| {
        vec![
            text(step.from.to_string()),
            text(step.to.to_string()),
            step.stability.share().map_or(Out::Empty, |share| Out::Amount(share.percent().to_string())),
            minor(step.stability.kept, currency),
            minor(step.stability.earlier, currency),
            minor(step.stability.later, currency),
            text(currency.code()),
        ]
    });
    let columns = &["from", "to", "stability_pct", "kept", "earlier", "later", "currency"];
    Table { name: "stability", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}
