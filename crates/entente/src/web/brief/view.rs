//! The brief as its page shows it: every value written, every reason kept, every figure linked to how it opens.

use entente_register::brief::{Breakdown, Brief, FigureName, Known, Month, month_name};
use entente_register::money::Currency;
use jiff::civil::Date;

use super::alert::{AlertSection, sections};
use super::course;
use super::forecast::{ForecastTable, forecasts};
use super::notice::NoticeSum;
use super::pipeline::{PipelineSection, pipeline};
use crate::chart::{Bar, Svg, bar};
use crate::web::show::{self, Cell};
use crate::web::spreadsheet::ways;
use crate::web::way::Way;

/// A figure with its label.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub(crate) label: String,
    /// Where it opens; empty on paper.
    pub(crate) href: String,
    pub(crate) value: Cell,
    pub(crate) unit: String,
    /// Exact to the minor unit, where the value is rounded.
    pub(crate) exact: String,
    pub(crate) note: String,
}

/// Figures that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) title: String,
    pub(crate) figures: Vec<Shown>,
}

/// A row of a breakdown by partner or group.
#[derive(Debug, Clone)]
pub(crate) struct BreakdownRow {
    pub(crate) code: String,
    pub(crate) name: String,
    /// Members of a group.
    pub(crate) members: String,
    pub(crate) bar: Svg,
    pub(crate) delivered: String,
    pub(crate) delivered_href: String,
    pub(crate) planned: Cell,
    pub(crate) planned_href: String,
    pub(crate) execution: Cell,
    pub(crate) execution_href: String,
    pub(crate) previous: String,
    pub(crate) previous_href: String,
}

/// A month of the year.
#[derive(Debug, Clone)]
pub(crate) struct MonthRow {
    pub(crate) name: &'static str,
    pub(crate) bar: Svg,
    /// Empty after the cut-off, and after the last month that is known.
    pub(crate) delivered: String,
    pub(crate) delivered_href: String,
    /// What stands in its place there.
    pub(crate) absent: &'static str,
    pub(crate) planned: Cell,
    pub(crate) planned_href: String,
    pub(crate) previous: String,
    pub(crate) previous_href: String,
    pub(crate) delivered_sum: String,
    pub(crate) delivered_sum_href: String,
    pub(crate) planned_sum: Cell,
    pub(crate) planned_sum_href: String,
}

/// A convention with its value.
#[derive(Debug, Clone)]
pub(crate) struct Convention {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

/// Everything on the page of the brief.
#[derive(Debug, Clone)]
pub(crate) struct BriefView {
    /// The way to its tables for spreadsheets; none on paper.
    pub(crate) way: Way,
    pub(crate) year: i16,
    pub(crate) day: String,
    pub(crate) known_at: String,
    pub(crate) currency: String,
    pub(crate) marking: Option<String>,
    pub(crate) scope: String,
    /// What is not known, where the cut-off lies past the horizon.
    pub(crate) caution: Option<String>,
    pub(crate) conventions: Vec<Convention>,
    /// Briefs of contracts in other currencies: code and link.
    pub(crate) other_currencies: Vec<(String, String)>,
    pub(crate) lead: Vec<Shown>,
    /// Schedule, the year before, order book, contracts.
    pub(crate) blocks: [Block; 4],
    pub(crate) course: [Svg; 2],
    /// `million` or `thousand`.
    pub(crate) course_unit: &'static str,
    pub(crate) course_note: String,
    pub(crate) forecasts: ForecastTable,
    /// The way to the report of the year; nothing on paper.
    pub(crate) report_href: String,
    /// The way to what was published; nothing on paper.
    pub(crate) record_href: String,
    pub(crate) partners: Vec<BreakdownRow>,
    pub(crate) groups: Vec<BreakdownRow>,
    pub(crate) months: Vec<MonthRow>,
    /// Why there is no plan, once for all the tables that would show it.
    pub(crate) plan_reason: Option<String>,
    /// Opportunities, where the register keeps any.
    pub(crate) pipeline: Option<PipelineSection>,
    pub(crate) alerts: Vec<AlertSection>,
    /// What of transfers wants attention, for whoever reads of it; nothing on paper.
    pub(crate) notices: Vec<NoticeSum>,
}

impl BriefView {
    /// A table of the brief for spreadsheets: form and address; nothing on paper.
    pub(crate) fn tables(&self, part: &str) -> Vec<(&'static str, String)> {
        let mut tables = ways(|ending| self.way.to(&format!("/brief/{part}.{ending}")));
        tables.retain(|(_, href)| !href.is_empty());
        tables
    }
}

/// How many alerts of each kind stand on the page itself.
const ALERTS: usize = 8;

/// Writes a brief for people.
pub(crate) fn view(brief: &Brief, way: &Way) -> BriefView {
    let conventions = &brief.conventions;
    let currency = conventions.currency;
    let as_of = conventions.as_of;
    let mut shown = Vec::new();
    for other in &conventions.other_currencies {
        shown.push((other.code().to_owned(), way.with("/", &[("currency", other.code())])));
    }
    BriefView {
        way: way.clone(),
        year: as_of.year(),
        day: show::full_day(as_of),
        known_at: show::long_instant(conventions.known_at),
        currency: currency.code().to_owned(),
        marking: brief.marking.as_ref().map(ToString::to_string),
        scope: conventions.scope.clone(),
        caution: conventions.caution(),
        conventions: written_conventions(brief),
        other_currencies: shown,
        lead: lead(brief, way),
        blocks: blocks(brief, way),
        course: course::draw(brief),
        course_unit: course::unit(brief).word,
        course_note: course::note(brief),
        forecasts: forecasts(brief, way),
        report_href: way.to("/execution-report"),
        record_href: way.to("/forecasts"),
        partners: breakdown(&brief.by_partner, currency, way, true),
        groups: breakdown(&brief.by_group, currency, way, false),
        months: months(&brief.months, as_of, currency, way),
        plan_reason: brief.deliveries.plan_year.reason().map(str::to_owned),
        pipeline: pipeline(brief, way),
        alerts: sections(brief, way, ALERTS),
        notices: Vec::new(),
    }
}

fn written_conventions(brief: &Brief) -> Vec<Convention> {
    let conventions = &brief.conventions;
    let plan = match &brief.plan {
        Known::Value(plan) => {
            let chosen =
                if conventions.plan.is_some() { "as chosen" } else { "the latest approved by the cut-off" };
            format!("{}, version {} ({chosen})", plan.year, plan.version)
        }
        Known::Unknown(reason) => format!("none: {reason}"),
    };
    vec![
        Convention { name: "Counted", value: show::word(conventions.counting.name()) },
        Convention { name: "Plan", value: plan },
        Convention { name: "Currency", value: format!("{}, at contract price", conventions.currency) },
        Convention { name: "Cut-off", value: show::full_day(conventions.as_of) },
        Convention { name: "As known on", value: show::long_instant(conventions.known_at) },
        Convention { name: "Of", value: conventions.scope.clone() },
    ]
}

/// Writes figures of one brief.
pub(crate) struct Writer<'a> {
    pub(crate) way: &'a Way,
    pub(crate) currency: Currency,
}

impl Writer<'_> {
    pub(crate) fn figure(
        &self,
        label: &str,
        name: &FigureName,
        value: Cell,
        unit: &str,
        note: String,
    ) -> Shown {
        Shown {
            label: label.to_owned(),
            href: self.way.to(&format!("/figures/{name}")),
            value,
            unit: unit.to_owned(),
            exact: String::new(),
            note,
        }
    }

    pub(crate) fn amount(&self, label: &str, name: &FigureName, minor: i64, note: String) -> Shown {
        let (number, unit) = show::headline(minor, self.currency);
        Shown {
            exact: format!("{} {}", show::exact(minor, self.currency), self.currency),
            ..self.figure(label, name, Cell::of(number), &unit, note)
        }
    }

    fn known_amount(&self, label: &str, name: &FigureName, value: &Known<i64>, note: String) -> Shown {
        match value {
            Known::Value(minor) => self.amount(label, name, *minor, note),
            Known::Unknown(_) => {
                self.figure(label, name, Cell::known(value, |_| String::new()), "", String::new())
            }
        }
    }
}

fn lead(brief: &Brief, way: &Way) -> Vec<Shown> {
    let writer = Writer { way, currency: brief.conventions.currency };
    let deliveries = &brief.deliveries;
    let year = brief.conventions.as_of.year();
    let delivered = writer.amount(
        "Delivered, year to date",
        &FigureName::Delivered,
        deliveries.delivered,
        format!("in {}", show::counted(deliveries.count, "delivery", "deliveries")),
    );
    let plan_note = match &brief.plan {
        Known::Value(plan) => format!("plan version {}", plan.version),
        Known::Unknown(_) => String::new(),
    };
    let plan = writer.known_amount(
        &format!("Plan of {year}"),
        &FigureName::PlanYear,
        &deliveries.plan_year,
        plan_note,
    );
    let execution_note = deliveries
        .plan_to_date
        .value()
        .map(|plan| {
            let (number, unit) = show::headline(*plan, writer.currency);
            format!("planned to date: {number} {unit}")
        })
        .unwrap_or_default();
    let execution = writer.figure(
        "Execution of the plan",
        &FigureName::ExecutionPct,
        Cell::known(&deliveries.execution_pct, show::percent),
        "",
        execution_note,
    );
    vec![delivered, plan, execution]
}

fn blocks(brief: &Brief, way: &Way) -> [Block; 4] {
    let writer = Writer { way, currency: brief.conventions.currency };
    let year = brief.conventions.as_of.year();
    let last = year - 1;
    let day = brief.conventions.as_of.strftime("%-d %B").to_string();
    let (deliveries, previous, book) = (&brief.deliveries, &brief.previous_year, &brief.order_book);
    let none = String::new;
    let schedule = vec![
        writer.known_amount("Plan to date", &FigureName::PlanToDate, &deliveries.plan_to_date, none()),
        writer.figure(
            "Schedule performance (SPI)",
            &FigureName::Spi,
            Cell::known(&deliveries.spi, show::ratio),
            "",
            "index: delivered ÷ plan to date".to_owned(),
        ),
        writer.figure(
            "Lines delivered on time",
            &FigureName::OnTimePct,
            Cell::known(&deliveries.on_time_pct, show::percent),
            "",
            none(),
        ),
        writer.figure(
            &format!("On time, due in {year}"),
            &FigureName::OnTimeYearPct,
            Cell::known(&deliveries.on_time_year_pct, show::percent),
            "",
            none(),
        ),
        Shown {
            exact: format!("{} {}", show::exact(deliveries.overdue_value, writer.currency), writer.currency),
            ..writer.figure(
                "Overdue",
                &FigureName::Overdue,
                Cell::of(show::count(deliveries.overdue_lines)),
                if deliveries.overdue_lines == 1 { "line" } else { "lines" },
                {
                    let (number, unit) = show::headline(deliveries.overdue_value, writer.currency);
                    format!("owing {number} {unit}")
                },
            )
        },
    ];
    let before = vec![
        writer.amount(
            &format!("Delivered in {last}"),
            &FigureName::PreviousDelivered,
            previous.delivered,
            none(),
        ),
        writer.amount(
            &format!("Delivered to {day} {last}"),
            &FigureName::PreviousSameDate,
            previous.delivered_same_date,
            none(),
        ),
        writer.figure(
            "Deliveries, same date",
            &FigureName::PreviousChangePct,
            Cell::known(&previous.delivered_change_pct, show::change),
            "",
            none(),
        ),
        writer.figure(
            &format!("Plan {year} on all of {last}"),
            &FigureName::PlanChangePct,
            Cell::known(&previous.plan_change_pct, show::change),
            "",
            none(),
        ),
    ];
    let order_book = vec![
        writer.amount("Order book", &FigureName::Backlog, book.backlog, none()),
        writer.figure(
            "Cover",
            &FigureName::YearsOfCover,
            Cell::known(&book.years_of_cover, show::ratio),
            "years",
            none(),
        ),
        writer.amount(
            "New contracts, year to date",
            &FigureName::Signed,
            book.signed,
            show::counted(book.signed_count, "contract", "contracts"),
        ),
        writer.figure(
            "Book-to-bill",
            &FigureName::BookToBill,
            Cell::known(&book.book_to_bill, show::ratio),
            "",
            none(),
        ),
    ];
    let contract = |label: &str, name: FigureName, number: i64| {
        writer.figure(label, &name, Cell::of(show::count(number)), "", none())
    };
    let contracts = vec![
        contract("In force", FigureName::InForce, brief.contracts.in_force),
        contract("As planned", FigureName::AsPlanned, brief.contracts.as_planned),
        contract("Behind", FigureName::Behind, brief.contracts.behind),
    ];
    [
        Block { title: "Schedule".to_owned(), figures: schedule },
        Block { title: format!("Against {last}"), figures: before },
        Block { title: "Order book".to_owned(), figures: order_book },
        Block { title: "Contracts".to_owned(), figures: contracts },
    ]
}

fn breakdown(rows: &[Breakdown], currency: Currency, way: &Way, partner: bool) -> Vec<BreakdownRow> {
    let most = rows
        .iter()
        .flat_map(|row| [row.delivered, row.planned.value().copied().unwrap_or(0)])
        .max()
        .unwrap_or(0);
    let name = |row: &Breakdown, what: usize| {
        let code = row.code.clone();
        let name = match (partner, what) {
            (true, 0) => FigureName::PartnerDelivered(code),
            (true, 1) => FigureName::PartnerPlanned(code),
            (true, 2) => FigureName::PartnerExecution(code),
            (true, _) => FigureName::PartnerSameDate(code),
            (false, 0) => FigureName::GroupDelivered(code),
            (false, 1) => FigureName::GroupPlanned(code),
            (false, 2) => FigureName::GroupExecution(code),
            (false, _) => FigureName::GroupSameDate(code),
        };
        way.to(&format!("/figures/{name}"))
    };
    rows.iter()
        .map(|row| BreakdownRow {
            code: row.code.clone(),
            name: row.name.clone(),
            members: if partner { String::new() } else { row.members.join(", ") },
            bar: bar(&Bar { value: row.delivered, mark: row.planned.value().copied(), track: false, most }),
            delivered: show::exact(row.delivered, currency),
            delivered_href: name(row, 0),
            planned: Cell::known(&row.planned, |minor| show::exact(minor, currency)),
            planned_href: name(row, 1),
            execution: Cell::known(&row.execution_pct, show::percent),
            execution_href: name(row, 2),
            previous: show::exact(row.previous_same_date, currency),
            previous_href: name(row, 3),
        })
        .collect()
}

fn months(months: &[Month], as_of: Date, currency: Currency, way: &Way) -> Vec<MonthRow> {
    let most = months
        .iter()
        .flat_map(|m| [m.delivered.unwrap_or(0), m.planned.value().copied().unwrap_or(0), m.previous])
        .max()
        .unwrap_or(0);
    let exact = |minor: i64| show::exact(minor, currency);
    let to = |name: fn(i8) -> FigureName, month: &Month| way.to(&format!("/figures/{}", name(month.month)));
    months
        .iter()
        .map(|month| MonthRow {
            name: month_name(month.month),
            bar: bar(&Bar {
                value: month.delivered.unwrap_or(0),
                mark: month.planned.value().copied(),
                track: false,
                most,
            }),
            delivered: month.delivered.map(exact).unwrap_or_default(),
            delivered_href: to(FigureName::MonthDelivered, month),
            absent: if month.month > as_of.month() { "not yet" } else { "not known" },
            planned: Cell::known(&month.planned, exact),
            planned_href: to(FigureName::MonthPlanned, month),
            previous: exact(month.previous),
            previous_href: to(FigureName::MonthPrevious, month),
            delivered_sum: month.delivered_sum.map(exact).unwrap_or_default(),
            delivered_sum_href: to(FigureName::MonthDeliveredSum, month),
            planned_sum: Cell::known(&month.planned_sum, exact),
            planned_sum_href: to(FigureName::MonthPlannedSum, month),
        })
        .collect()
}
