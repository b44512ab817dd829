//! Two versions of a plan beside each other, and what a slip would do to one.

use askama::Template;
use axum::extract::Path;
use entente_register::brief::month_name;
use entente_register::contract::comparison::{ChangeKind, LineChange, Pair, Schedule, Slip};
use entente_register::contract::plan::PlanVersion;
use entente_register::money::Currency;
use entente_store::Outcome;
use entente_store::reader::{ComparedPlans, Page, PlanRow, Reader};

use super::frame::{Choice, Frame, Part};
use super::page;
use super::show;
use super::spreadsheet::{Table, every, minor, text};
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::slip::slip;

/// Two sums and their difference, written out.
#[derive(Debug, Clone)]
pub(crate) struct PairCells {
    pub(crate) name: String,
    pub(crate) earlier: String,
    pub(crate) later: String,
    pub(crate) difference: String,
}

impl PairCells {
    fn of(name: String, pair: Pair, currency: Currency) -> PairCells {
        PairCells {
            name,
            earlier: show::exact(pair.earlier, currency),
            later: show::exact(pair.later, currency),
            difference: difference(pair.difference(), currency),
        }
    }
}

/// A line that is planned otherwise.
#[derive(Debug, Clone)]
pub(crate) struct ChangeCells {
    pub(crate) href: String,
    pub(crate) number: String,
    pub(crate) partner: String,
    pub(crate) title: String,
    pub(crate) kind: &'static str,
    /// Day and amount, as it was.
    pub(crate) earlier: Vec<(String, String)>,
    /// Day and amount, as it is.
    pub(crate) later: Vec<(String, String)>,
    pub(crate) difference: String,
}

impl ChangeCells {
    fn of(change: &LineChange, title: &str, currency: Currency, way: &Way) -> ChangeCells {
        let schedule = |schedule: &Schedule| {
            schedule.iter().map(|(day, amount)| (show::day(*day), show::exact(*amount, currency))).collect()
        };
        ChangeCells {
            href: way.to(&format!("/lines/{}", change.line)),
            number: change.line.clone(),
            partner: change.partner.clone(),
            title: title.to_owned(),
            kind: kind(change.kind),
            earlier: schedule(&change.earlier),
            later: schedule(&change.later),
            difference: difference(change.difference(), currency),
        }
    }
}

fn kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "Added",
        ChangeKind::Removed => "Not in the year any more",
        ChangeKind::Moved => "Moved",
        ChangeKind::Revalued => "Another value",
        ChangeKind::Rescheduled => "Moved, another value",
    }
}

/// With its sign, as differences are written.
fn difference(minor: i64, currency: Currency) -> String {
    let exact = show::exact(minor.saturating_abs(), currency);
    match minor.signum() {
        1 => format!("+{exact}"),
        -1 => format!("−{exact}"),
        _ => exact,
    }
}

/// What is asked of a slip: a plain GET form.
#[derive(Debug, Clone)]
pub(crate) struct SlipForm {
    pub(crate) action: String,
    pub(crate) what: Vec<Choice>,
    pub(crate) months: String,
    /// The view, carried on.
    pub(crate) hidden: Vec<(String, String)>,
    /// After which day what is planned slips.
    pub(crate) after: String,
    /// Whether a slip was asked for.
    pub(crate) asked: bool,
}

#[derive(Template)]
#[template(path = "plan/comparison.html")]
pub(super) struct ComparisonPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) plan: (String, String),
    pub(super) earlier: String,
    pub(super) later: String,
    pub(super) currency: &'static str,
    pub(super) form: Option<SlipForm>,
    pub(super) year: PairCells,
    pub(super) stability: Option<String>,
    pub(super) kept: String,
    pub(super) changed: String,
    pub(super) months: Vec<PairCells>,
    pub(super) partners: Vec<PairCells>,
    pub(super) changes: Vec<ChangeCells>,
    pub(super) pages: Pages,
    /// Its own path, under which its tables stand.
    pub(super) path: String,
}

/// Writes it for people.
pub(super) fn comparison_page(
    compared: &ComparedPlans,
    form: Option<SlipForm>,
    frame: Frame,
    pages: Pages,
    way: &Way,
) -> ComparisonPage {
    let currency = compared.earlier.amount.currency;
    let comparison = &compared.comparison;
    let version = |row: &PlanRow| format!("Version {}", row.version.version);
    let plan = compared.earlier.version;
    let later = match &compared.later {
        Some(later) => version(later),
        None => "After the slip".to_owned(),
    };
    ComparisonPage {
        title: match &compared.later {
            Some(later) => format!(
                "Plan of {}: version {} beside version {}",
                plan.year, plan.version, later.version.version
            ),
            None => format!("Plan of {}, version {}: what if deliveries slip?", plan.year, plan.version),
        },
        plan: (format!("{}, version {}", plan.year, plan.version), way.to(&format!("/plans/{plan}"))),
        earlier: version(&compared.earlier),
        later,
        currency: currency.code(),
        year: PairCells::of(plan.year.to_string(), comparison.year, currency),
        stability: comparison.stability().map(|share| show::percent(share.percent())),
        kept: show::exact(comparison.kept, currency),
        changed: format!(
            "{} planned otherwise, {} alike",
            show::counted(compared.changes.total, "line", "lines"),
            show::count(i64::try_from(comparison.alike).unwrap_or(i64::MAX)),
        ),
        months: (1..)
            .zip(comparison.months)
            .map(|(month, pair)| PairCells::of(month_name(month).to_owned(), pair, currency))
            .collect(),
        partners: comparison
            .partners
            .iter()
            .map(|(code, pair)| PairCells::of(code.clone(), *pair, currency))
            .collect(),
        changes: compared
            .changes
            .rows
            .iter()
            .map(|(change, title)| ChangeCells::of(change, title, currency, way))
            .collect(),
        path: match &compared.later {
            Some(_) => format!("/plans/{plan}/compare"),
            None => format!("/plans/{plan}/slip"),
        },
        form,
        frame,
        pages,
    }
}

/// `GET /plans/{version}/compare?with=YEAR:VERSION`
pub(super) async fn compare(visit: Visit, Path(version): Path<String>) -> Answer {
    let earlier: PlanVersion = version.parse()?;
    let later: PlanVersion = crate::slip::with(visit.parameter("with"))?;
    let reader = visit.reader().await?;
    let compared = reader.compare_plans(earlier, later, visit.page).await?;
    let frame = visit
        .frame(Part::Plans, format!("Plans {earlier} and {later}"), &reader)
        .marked(Some(&compared.label));
    page(&comparison_page(&compared, None, frame, visit.pages(&compared.changes), &visit.way()))
}

/// `GET /plans/{version}/slip?what=partner:BRA&months=2`
pub(super) async fn what_if(visit: Visit, Path(version): Path<String>) -> Answer {
    let version: PlanVersion = version.parse()?;
    let reader = visit.reader().await?;
    let asked: Option<Slip> = slip(visit.parameter("what"), visit.parameter("months"), reader.as_of())?;
    let compared = reader.slip_plan(version, asked.as_ref(), visit.page).await?;
    let chosen = visit.parameter("what").unwrap_or_default();
    let choice = |value: String, name: String| Choice { chosen: value == chosen, value, name };
    let partners = compared
        .comparison
        .partners
        .keys()
        .map(|code| choice(format!("partner:{code}"), format!("All deliveries to {code}")));
    let makers = compared
        .manufacturers
        .iter()
        .map(|(number, name)| choice(format!("manufacturer:{number}"), format!("All that {name} makes")));
    let form = SlipForm {
        action: format!("/plans/{version}/slip"),
        what: partners.chain(makers).collect(),
        months: visit.parameter("months").unwrap_or("1").to_owned(),
        hidden: visit.hidden(),
        after: show::full_day(reader.as_of()),
        asked: asked.is_some(),
    };
    let frame = visit
        .frame(Part::Plans, format!("Plan {version} after a slip"), &reader)
        .marked(Some(&compared.label));
    page(&comparison_page(&compared, Some(form), frame, visit.pages(&compared.changes), &visit.way()))
}

/// A table of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Lines that are planned otherwise, each with the days on which it was and is planned.
    Changes,
    /// The sums of each month.
    Months,
    /// The sums of each partner.
    Partners,
}

/// What is compared with a version.
enum With {
    Version(PlanVersion),
    /// Itself, after a slip; without one nothing changes.
    Slip(Option<Slip>),
}

impl With {
    async fn read(&self, reader: &Reader, plan: PlanVersion, page: Page) -> Outcome<ComparedPlans> {
        match self {
            With::Version(later) => reader.compare_plans(plan, *later, page).await,
            With::Slip(slip) => reader.slip_plan(plan, slip.as_ref(), page).await,
        }
    }
}

/// `GET /plans/{version}/compare/changes.csv?with=YEAR:VERSION` and the like.
pub(super) async fn export_compared(visit: Visit, version: Path<String>, of: Of, kind: Kind) -> Answer {
    let with = With::Version(crate::slip::with(visit.parameter("with"))?);
    export(&visit, version.parse()?, &with, of, kind).await
}

/// `GET /plans/{version}/slip/changes.csv?what=partner:BRA&months=2` and the like.
pub(super) async fn export_slipped(visit: Visit, version: Path<String>, of: Of, kind: Kind) -> Answer {
    let as_of = visit.reader().await?.as_of();
    let with = With::Slip(slip(visit.parameter("what"), visit.parameter("months"), as_of)?);
    export(&visit, version.parse()?, &with, of, kind).await
}

async fn export(visit: &Visit, plan: PlanVersion, with: &With, of: Of, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let read = &reader;
    let compared = with.read(read, plan, Page::first(1)).await?;
    let currency = compared.earlier.amount.currency;
    let table = match of {
        Of::Months => {
            let months = (1_i64..).zip(compared.comparison.months);
            pairs(
                "plan-months",
                &["month", "earlier", "later", "difference", "currency"],
                currency,
                months,
                Out::Whole,
            )
        }
        Of::Partners => {
            let partners = compared.comparison.partners;
            pairs(
                "plan-partners",
                &["partner", "earlier", "later", "difference", "currency"],
                currency,
                partners,
                text,
            )
        }
        Of::Changes => {
            let changes = |page| async move { Ok(with.read(read, plan, page).await?.changes) };
            let changes = every(("lines", "a version with fewer items"), changes).await?;
            changed(&changes, currency)
        }
    };
    table.answer(kind, reader.as_of()).await
}

fn pairs<K>(
    name: &'static str,
    columns: &'static [&'static str],
    currency: Currency,
    rows: impl IntoIterator<Item = (K, Pair)>,
    key: impl Fn(K) -> Out,
) -> Table {
    let rows = rows.into_iter().map(|(of, pair)| {
        vec![
            key(of),
            minor(pair.earlier, currency),
            minor(pair.later, currency),
            minor(pair.difference(), currency),
            text(currency.code()),
        ]
    });
    Table { name, columns, rows: rows.collect() }
}

/// A row for each day on which a line was or is planned, so that the amounts of the rows sum.
fn changed(changes: &[(LineChange, String)], currency: Currency) -> Table {
    let rows = changes.iter().flat_map(|(change, title)| {
        let days: std::collections::BTreeSet<_> = change.earlier.keys().chain(change.later.keys()).collect();
        days.into_iter().map(move |day| {
            let of = |schedule: &Schedule| schedule.get(day).copied().unwrap_or(0);
            let (earlier, later) = (of(&change.earlier), of(&change.later));
            vec![
                text(&change.line),
                text(&change.contract),
                text(&change.partner),
                text(title),
                text(change.kind.word()),
                Out::Date(*day),
                minor(earlier, currency),
                minor(later, currency),
                minor(later.saturating_sub(earlier), currency),
                text(currency.code()),
            ]
        })
    });
    Table {
        name: "plan-changes",
        columns: &[
            "line",
            "contract",
            "partner",
            "title",
            "change",
            "planned_on",
            "earlier",
            "later",
            "difference",
            "currency",
        ],
        rows: rows.collect(),
    }
}
