//! What opportunities show of themselves: win rate, days to answer, expected order intake.

use askama::Template;
use entente_register::ledger::Fallible;
use entente_register::opportunity::analysis::{Analysis, Rates};
use jiff::civil::Date;

use crate::api::opportunity_period;
use crate::error::Answer;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Opportunities of one partner, of one product group, or all.
#[derive(Debug, Clone)]
pub(crate) struct RatesCells {
    pub(crate) name: String,
    /// The list that it is of; empty where there is none.
    pub(crate) href: String,
    pub(crate) open: String,
    pub(crate) won: String,
    pub(crate) lost: String,
    /// Empty where nothing was decided.
    pub(crate) win: String,
    /// By value, one a currency.
    pub(crate) by_value: Vec<String>,
    pub(crate) answers: String,
    pub(crate) mean: String,
    pub(crate) median: String,
}

/// Expected order intake.
#[derive(Debug, Clone)]
pub(crate) struct IntakeCells {
    pub(crate) currency: String,
    pub(crate) year: String,
    pub(crate) count: String,
    pub(crate) value: String,
    pub(crate) expected: String,
    /// The sum of a currency.
    pub(crate) is_sum: bool,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct AnalysisView {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) period: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) whole: RatesCells,
    pub(crate) partners: Vec<RatesCells>,
    pub(crate) products: Vec<RatesCells>,
    pub(crate) causes: Vec<(String, String)>,
    pub(crate) intake: Vec<IntakeCells>,
    pub(crate) without_estimate: String,
}

#[derive(Template)]
#[template(path = "opportunity/analysis.html")]
pub(crate) struct AnalysisPage {
    pub(crate) frame: Frame,
    pub(crate) view: AnalysisView,
}

/// The period that is asked for.
pub(super) fn period(visit: &Visit, as_of: Date) -> Fallible<(Date, Date)> {
    opportunity_period(as_of, visit.parameter("from"), visit.parameter("to"))
}

/// `GET /opportunities/analysis`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let period = period(&visit, reader.as_of())?;
    let (analysis, label) = reader.opportunity_analysis(period).await?;
    let names = reader.partners().await?;
    let hidden = visit.hidden();
    let frame = visit.frame(Part::Opportunities, "Opportunities: analysis", &reader).marked(label.as_ref());
    crate::web::page(&AnalysisPage { frame, view: view(&analysis, &names, hidden, &visit.way()) })
}

/// Writes it for people.
pub(crate) fn view(
    analysis: &Analysis,
    names: &[(String, String)],
    hidden: Vec<(String, String)>,
    way: &Way,
) -> AnalysisView {
    let name = |code: &str| {
        let found = names.iter().find(|(own, _)| own == code);
        found.map_or_else(|| code.to_owned(), |(code, name)| format!("{name} ({code})"))
    };
    let (from, to) = analysis.period;
    AnalysisView {
        from: from.to_string(),
        to: to.to_string(),
        period: format!("{} to {}", show::day(from), show::day(to)),
        hidden,
        whole: cells("All", &analysis.whole, String::new()),
        partners: analysis
            .by_partner
            .iter()
            .map(|row| cells(&name(&row.code), row, way.with("/opportunities", &[("partner", &row.code)])))
            .collect(),
        products: analysis.by_product.iter().map(|row| cells(&row.code, row, String::new())).collect(),
        causes: analysis
            .causes
            .iter()
            .map(|(cause, lost)| (show::capital(cause.name()), show::count(*lost)))
            .collect(),
        intake: intake(analysis),
        without_estimate: match analysis.without_estimate {
            0 => String::new(),
            number => show::counted(number, "opportunity", "opportunities"),
        },
    }
}

fn cells(name: &str, row: &Rates, href: String) -> RatesCells {
    let days = row.days.value();
    RatesCells {
        name: name.to_owned(),
        href,
        open: show::count(row.open),
        won: show::count(row.won),
        lost: show::count(row.lost),
        win: row.win_pct.value().map(|pct| show::percent(*pct)).unwrap_or_default(),
        by_value: row
            .by_value
            .iter()
            .filter_map(|one| Some(format!("{} {}", show::percent(*one.pct.value()?), one.currency)))
            .collect(),
        answers: show::count(row.answers),
        mean: days.map(|days| days.mean.to_string()).unwrap_or_default(),
        median: days.map(|days| days.median.to_string()).unwrap_or_default(),
    }
}

/// The years of each currency, and their sum where there are several.
fn intake(analysis: &Analysis) -> Vec<IntakeCells> {
    let mut rows = Vec::new();
    for same in analysis.intake.chunk_by(|a, b| a.currency == b.currency) {
        let sum = |of: fn(&entente_register::opportunity::analysis::Intake) -> i64| {
            same.iter().fold(0_i64, |sum, row| sum.saturating_add(of(row)))
        };
        rows.extend(same.iter().map(|row| IntakeCells {
            currency: row.currency.code().to_owned(),
            year: row.year.map_or_else(|| "no day estimated".to_owned(), |year| year.to_string()),
            count: show::count(row.count),
            value: show::exact(row.value, row.currency),
            expected: show::exact(row.expected, row.currency),
            is_sum: false,
        }));
        if let [first, _, ..] = same {
            rows.push(IntakeCells {
                currency: first.currency.code().to_owned(),
                year: "all years".to_owned(),
                count: show::count(sum(|row| row.count)),
                value: show::exact(sum(|row| row.value), first.currency),
                expected: show::exact(sum(|row| row.expected), first.currency),
                is_sum: true,
            });
        }
    }
    rows
}
