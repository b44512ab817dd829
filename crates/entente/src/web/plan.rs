//! Delivery plans: all versions, and a version's page.

use askama::Template;
use axum::extract::Path;
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::SubjectKind;
use entente_register::money::Money;
use entente_store::reader::{Page, PlanRow, PlanView};

use super::figure::SourceView;
use super::frame::{Frame, Part};
use super::history::{Act, acts};
use super::page;
use super::proposal::{self, CourseCells, Forms, MakerCells, PlanForm};
use super::show;
use super::sign_in::Fault;
use super::spreadsheet::{Table, amount, day, every, text, ways};
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
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
    /// Its items for spreadsheets: form and address.
    pub(super) tables: Vec<(&'static str, String)>,
    pub(super) items: Vec<SourceView>,
    pub(super) proposed_on: Option<String>,
    pub(super) makers: Vec<MakerCells>,
    pub(super) course: Option<CourseCells>,
    pub(super) forms: Forms,
    pub(super) fault: Option<Fault>,
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

/// `GET /plans.csv` and `.xlsx`: every version that is open to the reader.
pub(super) async fn export_list(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.plans().await?;
    let rows = rows.iter().map(|row| {
        vec![
            Out::Whole(i64::from(row.version.year)),
            Out::Whole(i64::from(row.version.version)),
            text(&row.state),
            day(row.approved_on),
            Out::Whole(row.items),
            amount(row.amount),
            text(row.amount.currency.code()),
            text(row.label.to_string()),
        ]
    });
    let columns = &["year", "version", "state", "approved_on", "items", "amount", "currency", "label"];
    Table { name: "plans", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /plans/{version}`
pub(super) async fn get(visit: Visit, Path(version): Path<String>) -> Answer {
    page(&version_page(&visit, version.parse()?, None).await?)
}

/// The page of a version, with what was refused of a form.
pub(super) async fn version_page(
    visit: &Visit,
    version: PlanVersion,
    refused: Option<(Fault, PlanForm)>,
) -> Answer<PlanPage> {
    let reader = visit.reader().await?;
    let plan = reader.plan(version, visit.page).await?;
    let (fault, typed) = refused.unzip();
    let name = format!("Plan {}, version {}", version.year, version.version);
    let title = if fault.is_some() { format!("Error: {name}") } else { name };
    let frame = visit.frame(Part::Plans, title, &reader).marked(Some(&plan.row.label));
    let way = visit.way();
    let today = visit.app.store.today().to_string();
    let of = (way.to(&format!("/plans/{version}")), visit.signed.form_token(), today);
    let sees_all = visit.actor().clearance.is_full();
    let forms = proposal::forms(&plan, visit.actor(), of, typed);
    Ok(PlanPage { forms, fault, ..plan_page(&plan, sees_all, frame, visit.pages(&plan.items), &way) })
}

/// Columns of a plan's items for a spreadsheet.
const COLUMNS: &[&str] = &["planned_on", "line", "contract", "partner", "title", "amount", "currency"];

/// `GET /plans/{version}/items.csv` and `.xlsx`: every item of a version.
pub(super) async fn export(visit: Visit, Path(version): Path<String>, kind: Kind) -> Answer {
    let version: PlanVersion = version.parse()?;
    let reader = visit.reader().await?;
    let currency = reader.plan(version, Page::first(1)).await?.row.amount.currency;
    let read = &reader;
    let items = |page| async move { Ok(read.plan(version, page).await?.items) };
    let rows = every(("items", "a version with fewer items"), items).await?;
    let rows = rows
        .iter()
        .map(|row| {
            vec![
                day(row.date),
                text(&row.number),
                text(&row.contract),
                text(&row.partner),
                text(&row.title),
                amount(Money::new(row.amount, currency)),
                text(currency.code()),
            ]
        })
        .collect();
    Table { name: "plan", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

/// Writes it for people.
pub(super) fn plan_page(plan: &PlanView, sees_all: bool, frame: Frame, pages: Pages, way: &Way) -> PlanPage {
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
        tables: ways(|ending| way.to(&format!("/plans/{own}/items.{ending}"))),
        slip_href: way.to(&format!("/plans/{own}/slip")),
        frame,
        plan: PlanCells::of(&plan.row, way, None),
        approved_on: plan.row.approved_on.map(show::full_day),
        items: plan.items.rows.iter().map(|row| SourceView::of(row, currency, way)).collect(),
        proposed_on: plan.proposed_on.map(show::full_day),
        makers: proposal::makers(plan, sees_all, way),
        course: proposal::course(&plan.course, currency, way),
        forms: Forms::default(),
        fault: None,
        history: acts(&plan.history, SubjectKind::Plan, &plan.row.version.key(), way),
        pages,
    }
}

/// Writes the list for people.
#[cfg(test)]
pub(super) fn plans_page(rows: &[PlanRow], frame: Frame, way: &Way) -> PlansPage {
    PlansPage { frame, rows: rows.iter().map(|row| PlanCells::of(row, way, Some(way))).collect() }
}
