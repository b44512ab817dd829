//! The sections of the report: what the session hears of the year, in the order in which it hears it.

use entente_register::brief::{Breakdown, Brief, FigureName, Month, month_name};

use super::attention::attention;
use super::source::sources;
use super::view::{Cell, Chart, Column, Kind, Piece, Section, Table};
use crate::chart::Bar;
use crate::web::brief::{Block, BriefView, Noted, Writer, course};
use crate::web::show;
use crate::web::way::Way;

/// All of them.
pub(super) fn sections(brief: &Brief, page: BriefView, way: &Way) -> Vec<Section> {
    let year = brief.conventions.as_of.year();
    let currency = brief.conventions.currency;
    let to = |name: FigureName| way.to(&format!("/figures/{name}"));
    let [mut schedule, before, order_book, contracts] = page.blocks.clone();
    // Said once and exactly, where it is not said in passing.
    for figure in schedule.figures.iter_mut().filter(|figure| figure.note.starts_with("owing ")) {
        figure.exact = format!("owing {}", figure.exact);
        figure.note.clear();
    }
    let section = |id, title: String, pieces| Section { id, title, apart: false, pieces };
    let apart = |id, title: String, pieces| Section { apart: true, ..section(id, title, pieces) };
    let mut all = vec![
        section(
            "execution",
            "Execution of the plan".to_owned(),
            vec![Piece::Blocks(vec![schedule, before, contracts, order_book])],
        ),
        section("course", "The course of the year".to_owned(), vec![chart(brief), months(brief, &to)]),
        section("forecasts", format!("Forecasts to the end of {year}"), forecasts(&page, year)),
    ];
    all.push(section(
        "partners",
        "Deliveries by partner".to_owned(),
        vec![breakdown(
            "table-partners",
            format!("Year to date, {currency}; the bar is what was delivered, its frame and mark the plan of the year"),
            "Partner",
            &brief.by_partner,
            brief,
            [
                &|code| to(FigureName::PartnerDelivered(code)),
                &|code| to(FigureName::PartnerPlanned(code)),
                &|code| to(FigureName::PartnerExecution(code)),
                &|code| to(FigureName::PartnerSameDate(code)),
            ],
        )],
    ));
    all.push(section(
        "groups",
        "Deliveries by group of states".to_owned(),
        vec![breakdown(
            "table-groups",
            format!("Year to date, {currency}; membership as of the cut-off, so groups may overlap"),
            "Group",
            &brief.by_group,
            brief,
            [
                &|code| to(FigureName::GroupDelivered(code)),
                &|code| to(FigureName::GroupPlanned(code)),
                &|code| to(FigureName::GroupExecution(code)),
                &|code| to(FigureName::GroupSameDate(code)),
            ],
        )],
    ));
    all.push(section("payments", "Payments".to_owned(), payments(brief, way, &to)));
    all.push(section("pipeline", "Before a contract".to_owned(), pipeline(&page)));
    all.push(apart("attention", "What needs attention".to_owned(), attention(brief, way)));
    all.push(apart("sources", "Sources of the figures".to_owned(), sources(brief, way)));
    all
}

fn chart(brief: &Brief) -> Piece {
    Piece::Chart(Box::new(Chart {
        unit: format!("Cumulative, {} {}", course::unit(brief).word, brief.conventions.currency),
        note: course::note(brief),
        drawings: course::draw(brief),
        course: course::of(brief),
    }))
}

fn months(brief: &Brief, to: &dyn Fn(FigureName) -> String) -> Piece {
    let (currency, as_of) = (brief.conventions.currency, brief.conventions.as_of);
    let exact = |minor: i64| show::exact(minor, currency);
    let most = most(brief.months.iter().flat_map(|m| [m.delivered, m.planned.value().copied()]));
    // A month that has not come is not unknown.
    let came = |value: Option<i64>, name, month: &Month| match value {
        Some(minor) => Cell::opens(exact(minor), to(name)),
        None if month.month > as_of.month() => Cell::of("–"),
        None => Cell::unknown(),
    };
    let rows = brief.months.iter().map(|m| {
        vec![
            Cell::of(month_name(m.month)),
            Cell::bar(Bar {
                value: m.delivered.unwrap_or(0),
                mark: m.planned.value().copied(),
                track: false,
                most,
            }),
            came(m.delivered, FigureName::MonthDelivered(m.month), m),
            Cell::known(&show::Cell::known(&m.planned, exact), to(FigureName::MonthPlanned(m.month))),
            came(m.delivered_sum, FigureName::MonthDeliveredSum(m.month), m),
            Cell::known(&show::Cell::known(&m.planned_sum, exact), to(FigureName::MonthPlannedSum(m.month))),
            Cell::opens(exact(m.previous), to(FigureName::MonthPrevious(m.month))),
        ]
    });
    let year = as_of.year();
    Piece::Table(Table {
        id: "table-months",
        caption: format!(
            "By month of {year}, {currency}; the bar is what was delivered, its frame and mark the plan"
        ),
        columns: vec![
            Column::new("Month", Kind::Text(1)),
            Column::new("", Kind::Bar),
            Column::new("Delivered", Kind::Number),
            Column::new("Planned", Kind::Number),
            Column::new("Delivered, sum", Kind::Number),
            Column::new("Planned, sum", Kind::Number),
            Column::new(format!("Same month {}", year - 1), Kind::Number),
        ],
        rows: rows.collect(),
    })
}

fn most(values: impl Iterator<Item = Option<i64>>) -> i64 {
    values.flatten().max().unwrap_or(0)
}

fn forecasts(page: &BriefView, year: i16) -> Vec<Piece> {
    let noted = |value: &Noted, href: &str| match value.note {
        None => Cell::opens(value.text.clone(), href.to_owned()),
        Some(note) => Cell { note: Some(note), href: href.to_owned(), ..Cell::unknown() },
    };
    let rows = page.forecasts.rows.iter().map(|row| {
        let method = Cell::opens(row.method.clone(), row.href.clone());
        let values = [&row.mid, &row.low, &row.high, &row.change, &row.error];
        let first = if row.chosen { method.with("in the chart") } else { method };
        [first].into_iter().chain(values.map(|value| noted(value, &row.href))).collect()
    });
    let terms = page.forecasts.rows.iter().map(|row| {
        let mut text = row.rule.to_owned();
        if !row.tests.is_empty() {
            let tests: Vec<String> =
                row.tests.iter().map(|t| format!("{}: said {}, came {}", t.year, t.said, t.came)).collect();
            text.push_str(&format!(
                ". Tested on the same date of earlier years, in million {}. {}",
                page.currency,
                tests.join("; ")
            ));
        }
        text.push('.');
        if let Some(note) = &row.interval_note {
            text.push(' ');
            text.push_str(&show::capital(note));
        }
        (row.method.clone(), show::capital(&text))
    });
    let mut pieces = vec![Piece::Table(Table {
        id: "table-forecasts",
        caption: format!(
            "Deliveries of the whole year, {}; the interval holds eight times in ten",
            page.currency
        ),
        columns: vec![
            Column::new("Method", Kind::Text(1)),
            Column::new("Forecast", Kind::Number),
            Column::new("80\u{a0}% low", Kind::Number),
            Column::new("80\u{a0}% high", Kind::Number),
            Column::new(format!("On {}", year - 1), Kind::Number),
            Column::new("Back-test error", Kind::Number),
        ],
        rows: rows.collect(),
    })];
    if !page.forecasts.notes.is_empty() {
        pieces.push(Piece::Notes(page.forecasts.notes.clone()));
    }
    pieces.push(Piece::Terms(terms.collect()));
    pieces
}

/// The ways to what was delivered, planned, executed, and delivered a year before.
type Ways<'a> = [&'a dyn Fn(String) -> String; 4];

fn breakdown(
    id: &'static str,
    caption: String,
    of: &str,
    rows: &[Breakdown],
    brief: &Brief,
    to: Ways<'_>,
) -> Piece {
    if rows.is_empty() {
        return Piece::Words("None.".to_owned());
    }
    let (currency, year) = (brief.conventions.currency, brief.conventions.as_of.year());
    let exact = |minor: i64| show::exact(minor, currency);
    let most = most(rows.iter().flat_map(|row| [Some(row.delivered), row.planned.value().copied()]));
    let rows = rows.iter().map(|row| {
        let [delivered, planned, execution, previous] = to.map(|way| way(row.code.clone()));
        vec![
            named(&row.name, &row.code, &row.members),
            Cell::bar(Bar { value: row.delivered, mark: row.planned.value().copied(), track: false, most }),
            Cell::opens(exact(row.delivered), delivered),
            Cell::known(&show::Cell::known(&row.planned, exact), planned),
            Cell::known(&show::Cell::known(&row.execution_pct, show::percent), execution),
            Cell::opens(exact(row.previous_same_date), previous),
        ]
    });
    Piece::Table(Table {
        id,
        caption,
        columns: vec![
            Column::new(of, Kind::Text(1)),
            Column::new("", Kind::Bar),
            Column::new("Delivered", Kind::Number),
            Column::new("Plan of the year", Kind::Number),
            Column::new("Execution", Kind::Number),
            Column::new(format!("Same date {}", year - 1), Kind::Number),
        ],
        rows: rows.collect(),
    })
}

/// A partner, a group or a bank by its name, with its code where that says more.
fn named(name: &str, code: &str, members: &[String]) -> Cell {
    let cell = Cell::of(if name == code { name.to_owned() } else { format!("{name} ({code})") });
    if members.is_empty() { cell } else { cell.with(members.join(", ")) }
}

fn payments(brief: &Brief, way: &Way, to: &dyn Fn(FigureName) -> String) -> Vec<Piece> {
    let (money, currency) = (&brief.payments, brief.conventions.currency);
    if money.contracts == 0 {
        return vec![Piece::Words(format!(
            "No contract in {currency} has a payment schedule or a receipt: what was paid is not known."
        ))];
    }
    let writer = Writer { way, currency };
    let figures = Block {
        title: format!(
            "Of {} with a payment schedule or a receipt",
            show::counted(money.contracts, "contract", "contracts")
        ),
        figures: vec![
            writer.amount(
                "Received in the year to date",
                &FigureName::PaymentsReceived,
                money.received,
                show::counted(money.receipts, "receipt", "receipts"),
            ),
            writer.amount(
                "Overdue",
                &FigureName::PaymentsOverdue,
                money.overdue_value,
                show::counted(money.overdue_instalments, "instalment", "instalments"),
            ),
            writer.amount(
                "Delivered and unpaid",
                &FigureName::PaymentsReceivable,
                money.receivable,
                String::new(),
            ),
            writer.amount(
                "Of that, on credit",
                &FigureName::PaymentsOnCredit,
                money.on_credit,
                String::new(),
            ),
        ],
    };
    let exact = |minor: i64| Cell::of(show::exact(minor, currency));
    let open = |name, minor: i64| Cell::opens(show::exact(minor, currency), to(name));
    let by_partner = money.by_partner.iter().map(|row| {
        vec![
            named(&row.name, &row.code, &[]),
            open(FigureName::PartnerReceivable(row.code.clone()), row.receivable),
            exact(row.on_credit),
            exact(row.overdue),
        ]
    });
    let by_bank = money.by_bank.iter().map(|row| {
        let name = if row.bank == entente_register::brief::NO_BANK { &row.name } else { &row.bank };
        vec![
            named(&row.name, name, &[]),
            open(FigureName::BankExposure(row.bank.clone()), row.exposure),
            exact(row.on_credit),
        ]
    });
    vec![
        Piece::Blocks(vec![figures]),
        Piece::Table(Table {
            id: "table-exposure",
            caption: format!("Exposure by partner, {currency}: delivered and not paid for"),
            columns: vec![
                Column::new("Partner", Kind::Text(1)),
                Column::new("Unpaid", Kind::Number),
                Column::new("On credit", Kind::Number),
                Column::new("Overdue", Kind::Number),
            ],
            rows: by_partner.collect(),
        }),
        Piece::Table(Table {
            id: "table-banks",
            caption: format!(
                "Exposure by bank, {currency}: the same, laid over the open instalments as they fall due"
            ),
            columns: vec![
                Column::new("Bank", Kind::Text(1)),
                Column::new("Unpaid", Kind::Number),
                Column::new("On credit", Kind::Number),
            ],
            rows: by_bank.collect(),
        }),
    ]
}

fn pipeline(page: &BriefView) -> Vec<Piece> {
    let Some(pipeline) = &page.pipeline else {
        return vec![Piece::Words("No opportunity is registered.".to_owned())];
    };
    let figures = Block { title: "Opportunities".to_owned(), figures: pipeline.figures.clone() };
    let partners = pipeline.partners.iter().map(|row| {
        vec![
            named(&row.name, &row.code, &[]),
            Cell::opens(row.open.clone(), row.href.clone()),
            Cell::of(row.due_soon.clone()),
            Cell::of(row.offered.clone()),
        ]
    });
    let deadlines = pipeline.deadlines.iter().map(|row| {
        vec![
            Cell::opens(row.number.clone(), row.href.clone()),
            Cell::of(row.partner.clone()),
            Cell::of(row.title.clone()),
            Cell::of(row.deadline.clone()).with(row.left.clone()),
        ]
    });
    let mut pieces = vec![Piece::Blocks(vec![figures])];
    if !pipeline.partners.is_empty() {
        pieces.push(Piece::Table(Table {
            id: "table-pipeline",
            caption: format!(
                "Open opportunities by partner; what was offered last and is not decided, in {}",
                page.currency
            ),
            columns: vec![
                Column::new("Partner", Kind::Text(1)),
                Column::new("Open", Kind::Number),
                Column::new("Deadline within thirty days", Kind::Number),
                Column::new("Offered", Kind::Number),
            ],
            rows: partners.collect(),
        }));
    }
    if !pipeline.deadlines.is_empty() {
        pieces.push(Piece::Table(Table {
            id: "table-deadlines",
            caption: "Deadlines within thirty days, the nearest first".to_owned(),
            columns: vec![
                Column::new("Opportunity", Kind::Code),
                Column::new("Partner", Kind::Code),
                Column::new("What", Kind::Text(1)),
                Column::new("Deadline", Kind::Number),
            ],
            rows: deadlines.collect(),
        }));
    }
    pieces.extend(further(pipeline.further));
    pieces
}

/// That there are more.
pub(super) fn further(number: usize) -> Option<Piece> {
    (number > 0).then(|| {
        Piece::Words(format!("And {} more.", show::count(i64::try_from(number).unwrap_or(i64::MAX))))
    })
}
