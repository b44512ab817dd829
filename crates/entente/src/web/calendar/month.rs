//! A month: how many lines are due on each day, and which.

use askama::Template;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::Money;
use entente_store::reader::{DueFilter, DueLine, DueMonth, DueState, Page};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::DueCells;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, amount, day, every, text, ways};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A day of the month's sheet.
#[derive(Debug, Clone)]
pub(crate) struct DayCell {
    pub(crate) day: i8,
    /// Where its lines stand on the page; empty for a day without any.
    pub(crate) href: String,
    pub(crate) label: String,
    pub(crate) lines: String,
    /// Whether something due on it is overdue.
    pub(crate) late: bool,
    pub(crate) within: bool,
    pub(crate) today: bool,
}

/// The lines of one day.
#[derive(Debug, Clone)]
pub(crate) struct DayLines {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) rows: Vec<DueCells>,
}

/// A month of the year, with the way to it.
#[derive(Debug, Clone)]
pub(crate) struct MonthLink {
    pub(crate) name: &'static str,
    pub(crate) href: String,
    pub(crate) lines: String,
    /// Of them, those that still owe something.
    pub(crate) open: String,
    pub(crate) current: bool,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct CalendarView {
    pub(crate) name: String,
    pub(crate) month: String,
    pub(crate) year: i16,
    pub(crate) previous: String,
    pub(crate) next: String,
    pub(crate) previous_year: String,
    pub(crate) next_year: String,
    pub(crate) feed: String,
    /// The month for spreadsheets: form and address.
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) timeline: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) partners: Vec<Choice>,
    pub(crate) months: Vec<MonthLink>,
    pub(crate) weeks: Vec<Vec<DayCell>>,
    pub(crate) days: Vec<DayLines>,
    /// `12 lines, of which 3 are overdue`.
    pub(crate) summary: String,
    /// Lines of the month beyond those that the page shows.
    pub(crate) beyond: String,
    pub(crate) counted: String,
}

#[derive(Template)]
#[template(path = "calendar/month.html")]
pub(crate) struct CalendarPage {
    pub(crate) frame: Frame,
    pub(crate) view: CalendarView,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Lines that the page shows at most.
const MOST: i64 = 500;

/// Reads a month, `2012-09`.
///
/// # Errors
/// `month.malformed`, naming the parameter.
pub(crate) fn month_of(text: &str) -> Fallible<Date> {
    parse_date("month", &format!("{text}-01")).map_err(|_| {
        Refusal::new("month.malformed", format!("{text:?} is no month."))
            .field("month")
            .missing("a year and a month, for example 2012-09")
    })
}

/// `GET /calendar`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let month = match visit.parameter("month") {
        Some(text) => month_of(text)?,
        None => reader.as_of().first_of_month(),
    };
    let partner = visit.parameter("partner").map(str::to_owned);
    let of = |from: Date, to: Date| DueFilter {
        from: Some(from),
        to: Some(to),
        partner: partner.clone(),
        ..DueFilter::default()
    };
    let found = reader.calendar(&of(month, month.last_of_month()), Page::first(MOST)).await?;
    let year = month.year();
    let months = reader.calendar_months(&of(date(year, 1, 1), date(year, 12, 31))).await?;
    let names = reader.partners().await?;
    let hidden = visit.hidden();
    let frame = visit
        .frame(Part::Calendar, format!("Calendar, {} {year}", MONTHS[index(month)]), &reader)
        .marked_by(found.rows.iter().map(|row| &row.label));
    let shown = Shown {
        month,
        today: reader.as_of(),
        partner: partner.as_deref(),
        rows: &found.rows,
        total: found.total,
        months: &months,
    };
    let view = view(
        &shown,
        Choice::partners("All", &names, partner.as_deref()),
        hidden,
        reader_counting(&visit).to_owned(),
        &visit.way(),
    );
    crate::web::page(&CalendarPage { frame, view })
}

/// Columns of the list for a spreadsheet.
const COLUMNS: &[&str] = &[
    "due_on",
    "line",
    "contract",
    "title",
    "partner",
    "description",
    "quantity",
    "unit",
    "delivered_quantity",
    "amount",
    "currency",
    "delivered_amount",
    "state",
    "completed_on",
    "label",
];

/// `GET /calendar.csv` and `.xlsx`: the lines of a month, or of the year where none is named.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let (from, to) = match visit.parameter("month") {
        Some(text) => month_of(text).map(|month| (month, month.last_of_month()))?,
        None => (reader.as_of().first_of_year(), reader.as_of().last_of_year()),
    };
    let filter = DueFilter {
        from: Some(from),
        to: Some(to),
        partner: visit.parameter("partner").map(str::to_owned),
        ..DueFilter::default()
    };
    let rows = every(("lines", "month or partner"), |page| reader.calendar(&filter, page)).await?;
    table("calendar", &rows).answer(kind, reader.as_of()).await
}

/// Lines that are due as a table.
pub(in crate::web) fn table(name: &'static str, rows: &[DueLine]) -> Table {
    Table { name, columns: COLUMNS, rows: rows.iter().map(exported).collect() }
}

fn exported(row: &DueLine) -> Vec<Out> {
    vec![
        Out::Date(row.due_on),
        text(&row.line),
        text(&row.contract),
        text(&row.title),
        text(&row.partner),
        text(&row.description),
        Out::Amount(row.quantity.to_string()),
        text(row.unit.code()),
        Out::Amount(row.delivered.to_string()),
        amount(row.amount),
        text(row.amount.currency.code()),
        amount(Money::new(row.delivered_amount, row.amount.currency)),
        text(row.state.word()),
        day(row.completed_on),
        text(row.label.to_string()),
    ]
}

/// By which rule lines count as delivered.
pub(super) fn reader_counting(visit: &Visit) -> &'static str {
    visit.view.options().counting.name()
}

/// What a month's page is made of.
pub(crate) struct Shown<'a> {
    pub(crate) month: Date,
    pub(crate) today: Date,
    pub(crate) partner: Option<&'a str>,
    pub(crate) rows: &'a [DueLine],
    pub(crate) total: i64,
    pub(crate) months: &'a [DueMonth],
}

/// The place of a month in its year, from 0.
fn index(month: Date) -> usize {
    usize::try_from(month.month() - 1).unwrap_or(0)
}

/// Writes it for people.
pub(crate) fn view(
    shown: &Shown<'_>,
    partners: Vec<Choice>,
    hidden: Vec<(String, String)>,
    counted: String,
    way: &Way,
) -> CalendarView {
    let month = shown.month;
    let to = |month: Date| {
        let text = month.strftime("%Y-%m").to_string();
        way.with("/calendar", &[("month", &text), ("partner", shown.partner.unwrap_or_default())])
    };
    let moved = |months: i32| to(month.saturating_add(months.months()));
    let overdue = shown.rows.iter().filter(|row| row.state == DueState::Overdue).count() as i64;
    let mut summary = show::counted(shown.total, "line is due", "lines are due");
    if overdue > 0 {
        summary.push_str(&format!(", of which {} overdue", show::counted(overdue, "is", "are")));
    }
    let beyond = shown.total - shown.rows.len() as i64;
    CalendarView {
        name: month.strftime("%B %Y").to_string(),
        month: month.strftime("%Y-%m").to_string(),
        year: month.year(),
        previous: moved(-1),
        next: moved(1),
        previous_year: moved(-12),
        next_year: moved(12),
        tables: ways(|ending| {
            let text = month.strftime("%Y-%m").to_string();
            let own = [("month", text.as_str()), ("partner", shown.partner.unwrap_or_default())];
            way.with(&format!("/calendar.{ending}"), &own)
        }),
        feed: way.with("/calendar.ics", &[("partner", shown.partner.unwrap_or_default())]),
        timeline: way.with("/timeline", &[("partner", shown.partner.unwrap_or_default())]),
        hidden,
        partners,
        months: (0..12)
            .map(|place| {
                let own = date(month.year(), place + 1, 1);
                let due = shown.months.iter().find(|due| due.month == own);
                MonthLink {
                    name: MONTHS[index(own)],
                    href: to(own),
                    lines: due.map(|due| show::count(due.lines)).unwrap_or_default(),
                    open: due.filter(|due| due.open > 0).map(|due| show::count(due.open)).unwrap_or_default(),
                    current: own == month,
                }
            })
            .collect(),
        weeks: weeks(shown),
        days: shown
            .rows
            .chunk_by(|a, b| a.due_on == b.due_on)
            .map(|rows| DayLines {
                id: format!("day-{}", rows[0].due_on.day()),
                name: rows[0].due_on.strftime("%A, %-d %B").to_string(),
                rows: rows.iter().map(|row| DueCells::of(row, way)).collect(),
            })
            .collect(),
        summary,
        beyond: if beyond > 0 {
            show::counted(beyond, "further line", "further lines")
        } else {
            String::new()
        },
        counted,
    }
}

/// Whole weeks from Monday that hold the month.
fn weeks(shown: &Shown<'_>) -> Vec<Vec<DayCell>> {
    let month = shown.month;
    let before = month.weekday().to_monday_zero_offset();
    let mut day = month.saturating_sub(before.days());
    let mut weeks = Vec::new();
    while day <= month.last_of_month() {
        let mut week = Vec::with_capacity(7);
        for _ in 0..7 {
            let within = day.month() == month.month();
            let due: Vec<&DueLine> = shown.rows.iter().filter(|row| within && row.due_on == day).collect();
            let lines = due.len() as i64;
            week.push(DayCell {
                day: day.day(),
                href: if lines > 0 { format!("#day-{}", day.day()) } else { String::new() },
                label: format!("{}: {}", show::full_day(day), show::counted(lines, "line due", "lines due")),
                lines: show::counted(lines, "line", "lines"),
                late: due.iter().any(|row| row.state == DueState::Overdue),
                within,
                today: day == shown.today,
            });
            day = day.tomorrow().unwrap_or(Date::MAX);
        }
        weeks.push(week);
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_a_year_and_a_month() {
        assert_eq!(month_of("2012-09").unwrap(), date(2012, 9, 1));
        for wrong in ["2012", "2012-13", "2012-9", "2012-09-01", "", "-"] {
            assert_eq!(month_of(wrong).unwrap_err().code, "month.malformed", "{wrong}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_hold_the_whole_month() {
        for month in [date(2012, 2, 1), date(2012, 9, 1), date(2012, 10, 1), date(2010, 2, 1)] {
            let shown = Shown { month, today: month, partner: None, rows: &[], total: 0, months: &[] };
            let weeks = weeks(&shown);
            let within: Vec<i8> =
                weeks.iter().flatten().filter(|cell| cell.within).map(|cell| cell.day).collect();
            assert_eq!(within, (1..=month.last_of_month().day()).collect::<Vec<_>>());
            assert!(weeks.iter().all(|week| week.len() == 7));
            assert!(weeks.iter().all(|week| week.iter().any(|cell| cell.within)), "{month}: no empty week");
        }
    }
}
