//! Two versions of a plan beside each other, and what a slip would do to one.

use askama::Template;
use axum::extract::Path;
use entente_register::brief::month_name;
use entente_register::contract::comparison::{ChangeKind, LineChange, Pair, Schedule, Slip};
use entente_register::contract::plan::PlanVersion;
use entente_register::money::Currency;
use entente_store::reader::{ComparedPlans, PlanRow};

use super::frame::{Choice, Frame, Part};
use super::page;
use super::show;
use super::visit::{Pages, Visit};
use super::way::Way;
use crate::error::Answer;
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
