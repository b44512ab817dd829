//! Slippages of all contracts: the list, what it sums to, and its table for spreadsheets.

use askama::Template;
use entente_register::performance::{DelayCause, DelaySide};
use entente_store::reader::{Listing, Page, SlippageFilter, SlippageRow, SlippageSum};

use super::slippage::SlippageCells;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, every, minor, text, ways};
use crate::web::visit::{Pages, Visit, one_of};
use crate::web::way::Way;

/// A slippage in the list.
#[derive(Debug, Clone)]
pub(crate) struct SlippageListCells {
    pub(crate) cells: SlippageCells,
    pub(crate) goods: String,
    /// The contract, and its page.
    pub(crate) contract: (String, String),
    pub(crate) title: String,
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    pub(crate) owed: String,
    pub(crate) currency: String,
}

/// What slippages of one reason sum to.
#[derive(Debug, Clone)]
pub(crate) struct SumCells {
    pub(crate) cause: String,
    pub(crate) side: String,
    /// The list of these alone.
    pub(crate) href: String,
    pub(crate) slippages: String,
    /// Days late on the average, rounded.
    pub(crate) days: String,
    pub(crate) owed: String,
    pub(crate) currency: String,
}

/// The form above the list.
#[derive(Debug, Clone)]
pub(crate) struct SlippageForm {
    pub(crate) partners: Vec<Choice>,
    pub(crate) states: Vec<Choice>,
    pub(crate) causes: Vec<Choice>,
    pub(crate) sides: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) clear: Option<String>,
}

#[derive(Template)]
#[template(path = "performance/list.html")]
pub(crate) struct SlippagesPage {
    pub(crate) frame: Frame,
    pub(crate) form: SlippageForm,
    pub(crate) sums: Vec<SumCells>,
    pub(crate) rows: Vec<SlippageListCells>,
    pub(crate) pages: Pages,
    /// The list for spreadsheets: form and address.
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// The list is of what is open unless something else is asked for.
fn filter(visit: &Visit) -> Answer<SlippageFilter> {
    let states = [("open", Some("open")), ("ended", Some("ended")), ("all", None)];
    let state = one_of("state", visit.parameter("state"), &states, Some("open"))?;
    let causes: Vec<(&'static str, Option<DelayCause>)> =
        DelayCause::ALL.iter().map(|cause| (cause.word(), Some(*cause))).collect();
    let sides: Vec<(&'static str, Option<DelaySide>)> =
        DelaySide::ALL.iter().map(|side| (side.word(), Some(*side))).collect();
    Ok(SlippageFilter {
        state: state.map(str::to_owned),
        cause: one_of("cause", visit.parameter("cause"), &causes, None)?,
        side: one_of("side", visit.parameter("side"), &sides, None)?,
        partner: visit.parameter("partner").map(str::to_owned),
    })
}

fn form(filter: &SlippageFilter, visit: &Visit, partners: &[(String, String)], way: &Way) -> SlippageForm {
    let choice = |value: &str, name: &str, chosen: bool| Choice {
        value: value.to_owned(),
        name: show::capital(name),
        chosen,
    };
    let state = filter.state.as_deref();
    let mut causes = vec![choice("", "all causes", filter.cause.is_none())];
    causes.extend(
        DelayCause::ALL.iter().map(|cause| choice(cause.word(), cause.name(), filter.cause == Some(*cause))),
    );
    let mut sides = vec![choice("", "all sides", filter.side.is_none())];
    sides.extend(
        DelaySide::ALL.iter().map(|side| choice(side.word(), side.name(), filter.side == Some(*side))),
    );
    let narrowed = SlippageFilter { state: Some("open".to_owned()), ..SlippageFilter::default() };
    SlippageForm {
        partners: Choice::partners("All partners", partners, filter.partner.as_deref()),
        states: vec![
            choice("open", "open", state == Some("open")),
            choice("ended", "ended", state == Some("ended")),
            choice("all", "open and ended", state.is_none()),
        ],
        causes,
        sides,
        hidden: visit.hidden(),
        clear: (*filter != narrowed).then(|| way.to("/slippages")),
    }
}

/// `GET /slippages`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let found = reader.slippages(&filter, visit.page).await?;
    let partners = reader.partners().await?;
    let way = visit.way();
    let own = visit.narrowing();
    let listing = Listing { rows: found.rows, total: found.total, page: found.page };
    crate::web::page(&SlippagesPage {
        frame: visit.frame(Part::Calendar, "Slippages", &reader).marked(found.label.as_ref()),
        form: form(&filter, &visit, &partners, &way),
        sums: found.sums.iter().map(|sum| sum_cells(sum, &own, &way)).collect(),
        rows: listing.rows.iter().map(|row| cells(row, &way)).collect(),
        pages: visit.pages(&listing),
        tables: ways(|ending| way.with(&format!("/slippages.{ending}"), &own)),
    })
}

fn cells(row: &SlippageRow, way: &Way) -> SlippageListCells {
    SlippageListCells {
        cells: SlippageCells::of(&row.slippage, way),
        goods: row.description.clone(),
        contract: (row.contract.clone(), way.to(&format!("/contracts/{}", row.contract))),
        title: row.title.clone(),
        partner: row.partner.clone(),
        partner_name: row.partner_name.clone(),
        owed: show::exact(row.owed.minor, row.owed.currency),
        currency: row.owed.currency.to_string(),
    }
}

fn sum_cells(sum: &SlippageSum, own: &[(&str, &str)], way: &Way) -> SumCells {
    let (cause, side) = (sum.delay.cause, sum.delay.side);
    let mut narrowed: Vec<(&str, &str)> =
        own.iter().copied().filter(|(name, _)| !matches!(*name, "cause" | "side")).collect();
    narrowed.extend([("cause", cause.word()), ("side", side.word())]);
    let mean = entente_register::money::divide_rounded(sum.days.into(), sum.slippages.max(1).into());
    SumCells {
        cause: show::capital(cause.name()),
        side: side.name().to_owned(),
        href: way.with("/slippages", &narrowed),
        slippages: show::count(sum.slippages),
        days: show::counted(i64::try_from(mean).unwrap_or(i64::MAX), "day", "days"),
        owed: show::exact(sum.owed, sum.currency),
        currency: sum.currency.to_string(),
    }
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "number",
    "state",
    "line",
    "goods",
    "contract",
    "title",
    "partner",
    "partner_name",
    "due_on",
    "expected_on",
    "days",
    "cause",
    "side",
    "description",
    "owed",
    "currency",
    "label",
];

/// `GET /slippages.csv` and `.xlsx`: the whole list as it is narrowed.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let narrowed = ("slippages", "state, cause, side or partner");
    let rows = every(narrowed, async |page| reader.slippage_rows(&filter, page).await).await?;
    let rows = rows.iter().map(exported).collect();
    Table { name: "slippages", columns: COLUMNS, rows }.answer(kind, reader.as_of()).await
}

/// `GET /slippages/sums.csv` and `.xlsx`: what the list sums to, by reason and currency.
pub(in crate::web) async fn export_sums(visit: Visit, kind: Kind) -> Answer {
    let filter = filter(&visit)?;
    let reader = visit.reader().await?;
    let found = reader.slippages(&filter, Page::first(1)).await?;
    let rows = found.sums.iter().map(|sum| {
        vec![
            text(sum.delay.cause.word()),
            text(sum.delay.side.word()),
            Out::Whole(sum.slippages),
            Out::Whole(sum.days),
            minor(sum.owed, sum.currency),
            text(sum.currency.code()),
        ]
    });
    let columns = &["cause", "side", "slippages", "days_of_all", "owed", "currency"];
    Table { name: "slippage-sums", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

fn exported(row: &SlippageRow) -> Vec<Out> {
    let slippage = &row.slippage;
    vec![
        text(&slippage.number),
        text(slippage.state),
        text(&slippage.line),
        text(&row.description),
        text(&row.contract),
        text(&row.title),
        text(&row.partner),
        text(&row.partner_name),
        Out::Date(slippage.due_on),
        Out::Date(slippage.expected_on),
        Out::Whole(slippage.days()),
        text(slippage.delay.cause.word()),
        text(slippage.delay.side.word()),
        text(&slippage.description),
        amount(row.owed),
        text(row.owed.currency.code()),
        text(slippage.label.to_string()),
    ]
}

/// Rows of the list for the tests of the pages.
#[cfg(test)]
pub(crate) fn sample_rows(way: &Way) -> Vec<SlippageListCells> {
    super::sample::slippage_rows().iter().map(|row| cells(row, way)).collect()
}

/// Sums of the list for the tests of the pages.
#[cfg(test)]
pub(crate) fn sample_sums(way: &Way) -> Vec<SumCells> {
    super::sample::slippage_sums().iter().map(|sum| sum_cells(sum, &[], way)).collect()
}
