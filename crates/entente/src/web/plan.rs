//! Delivery plans: all versions, and a version's page.

use askama::Template;
use axum::extract::Path;
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::SubjectKind;
use entente_store::reader::{PlanRow, PlanView};

use super::figure::SourceView;
use super::frame::{Frame, Part};
use super::history::{Act, acts};
use super::page;
use super::show;
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
use crate::parameters::ViewParameters;

/// A version in a list.
#[derive(Debug, Clone)]
pub(crate) struct PlanCells {
    pub(crate) year: i16,
    pub(crate) version: u32,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) approved_on: Option<String>,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) items: String,
    /// The brief with this version; none for one that no brief may use.
    pub(crate) brief_href: Option<String>,
}

impl PlanCells {
    /// `brief` leads to the brief by a version, where a brief may use this one.
    fn of(row: &PlanRow, way: &Way, brief: Option<&Way>) -> PlanCells {
        PlanCells {
            year: row.version.year,
            version: row.version.version,
            href: way.to(&format!("/plans/{}", row.version)),
            state: show::capital(&row.state),
            approved_on: row.approved_on.map(show::day),
            amount: show::exact(row.amount.minor, row.amount.currency),
            currency: row.amount.currency.code().to_owned(),
            items: show::count(row.items),
            brief_href: brief
                .filter(|_| row.state == "frozen")
                .map(|brief| brief.with("/", &[("plan", &row.version.to_string())])),
        }
    }
}

#[derive(Template)]
#[template(path = "plan/list.html")]
pub(super) struct PlansPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<PlanCells>,
}

#[derive(Template)]
#[template(path = "plan/page.html")]
pub(super) struct PlanPage {
    pub(super) frame: Frame,
    pub(super) plan: PlanCells,
    pub(super) approved_on: Option<String>,
    /// Other versions of the year: name, and the way to the comparison with this one.
    pub(super) others: Vec<(String, String)>,
    /// The way to a what-if.
    pub(super) slip_href: String,
    pub(super) items: Vec<SourceView>,
    pub(super) history: Vec<Act>,
    pub(super) pages: Pages,
}

/// `GET /plans`
pub(super) async fn list(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.plans().await?;
    // A link to the brief names its own plan, in the place of the one that the view names.
    let brief = Way::of(&ViewParameters { plan: None, ..visit.view });
    let way = visit.way();
    let year = reader.as_of().year();
    page(&PlansPage {
        frame: visit
            .frame(Part::Plans, "Delivery plans", &reader)
            .marked_by(rows.iter().map(|row| &row.label)),
        rows: rows
            .iter()
            .map(|row| PlanCells::of(row, &way, (row.version.year == year).then_some(&brief)))
            .collect(),
    })
}

/// `GET /plans/{version}`
pub(super) async fn get(visit: Visit, Path(version): Path<String>) -> Answer {
    let version: PlanVersion = version.parse()?;
    let reader = visit.reader().await?;
    let plan = reader.plan(version, visit.page).await?;
    let frame = visit
        .frame(Part::Plans, format!("Plan {}, version {}", version.year, version.version), &reader)
        .marked(Some(&plan.row.label));
    page(&plan_page(&plan, frame, visit.pages(&plan.items), &visit.way()))
}

/// Writes it for people.
pub(super) fn plan_page(plan: &PlanView, frame: Frame, pages: Pages, way: &Way) -> PlanPage {
    let currency = plan.row.amount.currency;
    let own = plan.row.version;
    let others = plan
        .others
        .iter()
        .map(|other| {
            // The earlier version stands first, whichever page one comes from.
            let (first, second) = (own.min(*other), own.max(*other));
            let path = format!("/plans/{first}/compare");
            (format!("version {}", other.version), way.with(&path, &[("with", &second.to_string())]))
        })
        .collect();
    PlanPage {
        others,
        slip_href: way.to(&format!("/plans/{own}/slip")),
        frame,
        plan: PlanCells::of(&plan.row, way, None),
        approved_on: plan.row.approved_on.map(show::full_day),
        items: plan.items.rows.iter().map(|row| SourceView::of(row, currency, way)).collect(),
        history: acts(&plan.history, SubjectKind::Plan, &plan.row.version.key(), way),
        pages,
    }
}

/// Writes the list for people.
#[cfg(test)]
pub(super) fn plans_page(rows: &[PlanRow], frame: Frame, way: &Way) -> PlansPage {
    PlansPage { frame, rows: rows.iter().map(|row| PlanCells::of(row, way, Some(way))).collect() }
}
