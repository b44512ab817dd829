//! The brief for a terminal or a printer: 80 columns, figures flush right, every
//! convention printed, what is unknown with its reason.

use std::fmt::Display;

use entente_register::brief::{Alert, AlertKind, Breakdown, Brief, Forecast, Known};
use entente_register::money::{Decimal, Money, group};
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Columns of the whole.
const WIDTH: usize = 80;
/// Columns of a figure's name.
const NAME: usize = 36;
/// Columns of a figure: `10,700,000,000.00` and some.
const FIGURE: usize = 20;
/// Alerts of one kind that are printed; the others are counted.
const ALERTS: usize = 8;

/// The brief as text. `emphasis` sets headings in bold, for a terminal;
/// `demonstration` says that its contracts are invented.
pub fn text(brief: &Brief, emphasis: bool, demonstration: bool) -> String {
    let mut page = Page { text: String::new(), emphasis, brief };
    page.head();
    if demonstration {
        page.convention("Demonstration", "the contracts are invented; the totals are those publicly stated");
    }
    page.deliveries();
    page.contracts();
    page.order_book();
    page.payments();
    page.pipeline();
    page.forecasts();
    page.breakdown("By partner", &brief.by_partner, |row| &row.name);
    page.breakdown("By group of states", &brief.by_group, |row| &row.code);
    page.months();
    page.alerts();
    page.marking();
    page.text
}

struct Page<'a> {
    text: String,
    emphasis: bool,
    brief: &'a Brief,
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn strong(&self, text: &str) -> String {
        if self.emphasis { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    fn section(&mut self, title: &str) {
        self.line("");
        let title = self.strong(&title.to_uppercase());
        self.line(&title);
    }

    /// The marking, at the head and at the foot, as on a sheet of paper.
    fn marking(&mut self) {
        if let Some(marking) = &self.brief.marking {
            let marking = self.strong(&format!("{:^WIDTH$}", marking.to_string()));
            self.line(&marking);
        }
    }

    fn head(&mut self) {
        self.marking();
        let brief = self.brief;
        let conventions = &brief.conventions;
        let known = TimeZone::UTC.to_datetime(conventions.known_at);
        let title = self.strong("THE CHAIR’S BRIEF");
        self.line(&title);
        self.line(&format!(
            "as of {}, as known on {} at {} UTC",
            day(conventions.as_of),
            day(known.date()),
            known.strftime("%H:%M")
        ));
        self.line(&"─".repeat(WIDTH));
        self.convention("Counting rule", conventions.counting.name());
        let plan = match &brief.plan {
            Known::Value(version) => format!("version {} for {}", version.version, version.year),
            Known::Unknown(reason) => format!("none: {reason}"),
        };
        self.convention("Plan", &plan);
        let currency = format!("{}, at contract price", conventions.currency);
        self.convention("Currency", &currency);
        self.convention("Cut-off", &format!("{}, the whole day", conventions.as_of));
        if let Some(caution) = conventions.caution() {
            self.convention("Not known", &caution);
        }
        self.convention("Scope", &conventions.scope);
        if !conventions.other_currencies.is_empty() {
            let codes: Vec<&str> = conventions.other_currencies.iter().map(|c| c.code()).collect();
            self.convention(
                "Not in it",
                &format!("contracts in {}; each currency has a brief of its own", codes.join(", ")),
            );
        }
    }

    fn convention(&mut self, name: &str, value: &str) {
        self.folded(&format!("{name:<15}"), value);
    }

    /// A text behind a name, folded under itself.
    fn folded(&mut self, name: &str, text: &str) {
        let indent = width(name);
        let mut line = name.to_owned();
        let mut empty = true;
        for word in text.split_whitespace() {
            if !empty && width(&line) + 1 + width(word) > WIDTH {
                self.line(&line);
                line = " ".repeat(indent);
                empty = true;
            }
            if !empty {
                line.push(' ');
            }
            line.push_str(word);
            empty = false;
        }
        self.line(&line);
    }

    /// A figure with a remark.
    fn figure(&mut self, name: &str, value: &str, remark: &str) {
        let line = format!("  {}{}  {remark}", left(name, NAME), right(value, FIGURE));
        self.line(&line);
    }

    /// A figure that may be unknown; then its reason stands in its place.
    fn known<T>(&mut self, name: &str, known: &Known<T>, remark: &str, show: impl FnOnce(&T) -> String) {
        match known {
            Known::Value(value) => {
                let value = show(value);
                self.figure(name, &value, remark);
            }
            Known::Unknown(reason) => {
                self.folded(&format!("  {}", left(name, NAME)), &format!("unknown: {reason}"));
            }
        }
    }

    fn money(&self, minor: i64) -> String {
        Money::new(minor, self.brief.conventions.currency).grouped()
    }

    fn deliveries(&mut self) {
        let brief = self.brief;
        let d = &brief.deliveries;
        let p = &brief.previous_year;
        let year = brief.conventions.as_of.year();
        let money = |minor: &i64| Money::new(*minor, brief.conventions.currency).grouped();
        self.section(&format!("Deliveries in {year}"));
        self.figure(
            "Delivered in the year to date",
            &money(&d.delivered),
            &counted(d.count, "delivery", "deliveries"),
        );
        self.known("Plan of the year", &d.plan_year, "", money);
        self.known("Execution of the year’s plan", &d.execution_pct, "", percent);
        self.known("Plan to date", &d.plan_to_date, "", money);
        self.known("Schedule performance (SPI)", &d.spi, "", ToString::to_string);
        self.known("Lines delivered on time", &d.on_time_pct, "of all due", percent);
        self.known("  of these, due this year", &d.on_time_year_pct, "", percent);
        self.figure("Overdue", &money(&d.overdue_value), &counted(d.overdue_lines, "line", "lines"));
        self.section(&format!("Against {}", year - 1));
        self.figure(&format!("Delivered in the whole of {}", year - 1), &money(&p.delivered), "");
        self.figure(&format!("  to the same date of {}", year - 1), &money(&p.delivered_same_date), "");
        self.known("Deliveries against the same date", &p.delivered_change_pct, "", signed);
        self.known(&format!("Plan of {year} against all of {}", year - 1), &p.plan_change_pct, "", signed);
    }

    fn contracts(&mut self) {
        let c = &self.brief.contracts;
        self.section("Contracts");
        self.figure("In force", &whole(c.in_force), "");
        self.figure("Executed as planned", &whole(c.as_planned), "no overdue, no claim");
        self.figure("Behind", &whole(c.behind), "all others");
    }

    fn order_book(&mut self) {
        let o = &self.brief.order_book;
        self.section("Order book");
        let backlog = self.money(o.backlog);
        self.figure("Still to be delivered", &backlog, "");
        self.known("Years of cover", &o.years_of_cover, "by last 12 months", ToString::to_string);
        let value = self.money(o.signed);
        self.figure("New contracts signed", &value, &counted(o.signed_count, "contract", "contracts"));
        self.known("Book-to-bill", &o.book_to_bill, "", ToString::to_string);
    }

    fn forecasts(&mut self) {
        let year = self.brief.conventions.as_of.year();
        self.section(&format!("Forecasts to 31 December {year}"));
        // Wide enough for the largest amount with a space before it, however large it is.
        let amounts = self.brief.forecasts.iter().flat_map(|forecast| {
            let bounds = forecast.interval.value().map(|(low, high)| [*low, *high]);
            forecast.mid.value().copied().into_iter().chain(bounds.into_iter().flatten())
        });
        let columns = amounts.map(|minor| width(&self.money(minor)) + 1).max().unwrap_or(0).max(18);
        self.line(&format!(
            "  {}{}{}{}{}{}",
            left("method", 10),
            right("low", columns),
            right("mid", columns),
            right("high", columns),
            right(&format!("on {}", year - 1), 8),
            right("error", 6),
        ));
        for forecast in &self.brief.forecasts {
            self.forecast(forecast, columns);
        }
        self.line("  Low to high holds four outcomes in five. Error: mean of earlier years, in %.");
    }

    fn forecast(&mut self, forecast: &Forecast, columns: usize) {
        let method = forecast.method.word().replace('_', " ");
        let Known::Value(mid) = &forecast.mid else {
            let reason = forecast.mid.reason().unwrap_or_default().to_owned();
            self.folded(&format!("  {}", left(&method, 10)), &format!("unknown: {reason}"));
            return;
        };
        let (low, high) = match forecast.interval.value() {
            Some((low, high)) => (self.money(*low), self.money(*high)),
            None => ("–".to_owned(), "–".to_owned()),
        };
        let mid = self.money(*mid);
        let change =
            forecast.change_on_previous_year_pct.value().map_or("–".to_owned(), |d| signed_bare(*d));
        let error = forecast.backtest_error_pct.value().map_or("–".to_owned(), ToString::to_string);
        self.line(&format!(
            "  {}{}{}{}{}{}",
            left(&method, 10),
            right(&low, columns),
            right(&mid, columns),
            right(&high, columns),
            right(&change, 8),
            right(&error, 6),
        ));
        if let Some(reason) = forecast.interval.reason() {
            let reason = format!("no interval: {reason}");
            self.folded(&" ".repeat(12), &reason);
        }
    }

    fn breakdown(&mut self, title: &str, rows: &[Breakdown], name: fn(&Breakdown) -> &str) {
        self.section(title);
        if rows.is_empty() {
            self.line("  none");
            return;
        }
        let amounts =
            rows.iter().flat_map(|row| [row.delivered].into_iter().chain(row.planned.value().copied()));
        let columns = amounts.map(|minor| width(&self.money(minor)) + 1).max().unwrap_or(0).max(FIGURE);
        self.line(&format!(
            "  {}{}{}{}",
            left("", 26),
            right("delivered", columns),
            right("planned", columns),
            right("execution", 12)
        ));
        for row in rows {
            let planned = row.planned.value().map_or("–".to_owned(), |p| self.money(*p));
            let execution = row.execution_pct.value().map_or("–".to_owned(), percent);
            let delivered = self.money(row.delivered);
            self.line(&format!(
                "  {}{}{}{}",
                left(clipped(name(row), 25), 26),
                right(&delivered, columns),
                right(&planned, columns),
                right(&execution, 12)
            ));
        }
    }

    fn months(&mut self) {
        let year = self.brief.conventions.as_of.year();
        self.section("Month by month");
        let amounts = self.brief.months.iter().flat_map(|month| {
            let known = month.delivered.into_iter().chain(month.planned.value().copied());
            known.chain([month.previous])
        });
        let widest = amounts.map(|minor| width(&self.money(minor)) + 1).max().unwrap_or(0);
        let (first, others) = (widest.max(21), widest.max(22));
        self.line(&format!(
            "  {}{}{}{}",
            left("", 13),
            right(&format!("delivered {year}"), first),
            right(&format!("planned {year}"), others),
            right(&format!("delivered {}", year - 1), others)
        ));
        for month in &self.brief.months {
            let name = Date::new(year, month.month, 1)
                .map_or_else(|_| month.month.to_string(), |first| first.strftime("%B").to_string());
            let not_yet = if month.month > self.brief.conventions.as_of.month() { "" } else { "not known" };
            let delivered = month.delivered.map_or(not_yet.to_owned(), |d| self.money(d));
            let planned = month.planned.value().map_or("–".to_owned(), |p| self.money(*p));
            let previous = self.money(month.previous);
            self.line(&format!(
                "  {}{}{}{}",
                left(&name, 13),
                right(&delivered, first),
                right(&planned, others),
                right(&previous, others)
            ));
        }
    }

    /// Money; nothing of a register that keeps no payment schedules.
    fn payments(&mut self) {
        let money = &self.brief.payments;
        if money.contracts == 0 {
            return;
        }
        self.section("Money");
        let receipts = if money.receipts == 1 { "receipt" } else { "receipts" };
        let instalments = if money.overdue_instalments == 1 { "instalment" } else { "instalments" };
        for (name, minor, note) in [
            ("Received in the year to date", money.received, format!("{} {receipts}", money.receipts)),
            ("Overdue", money.overdue_value, format!("{} {instalments}", money.overdue_instalments)),
            (
                "Delivered and unpaid",
                money.receivable,
                format!("of {} contracts with a payment schedule", money.contracts),
            ),
            ("of which on credit", money.on_credit, String::new()),
        ] {
            let value = self.money(minor);
            self.line(&format!("  {}{}  {note}", left(name, 32), right(&value, 22)));
        }
    }

    /// Opportunities; nothing of a register that keeps none.
    fn pipeline(&mut self) {
        let pipeline = &self.brief.pipeline;
        if pipeline.registered == 0 {
            return;
        }
        self.section("Before a contract");
        let share = |pct: &Known<Decimal>| pct.value().map_or("–".to_owned(), |pct| format!("{pct} %"));
        for (name, value, note) in [
            ("Open opportunities", pipeline.open.to_string(), String::new()),
            ("Deadlines within thirty days", pipeline.due_soon.to_string(), String::new()),
            ("Unanswered past their deadline", pipeline.overdue.to_string(), String::new()),
            (
                "Win rate this year",
                share(&pipeline.win_pct),
                format!("{} won, {} lost", pipeline.won, pipeline.lost),
            ),
            ("Win rate by value", share(&pipeline.win_value_pct), String::new()),
            ("Expected order intake", self.money(pipeline.expected_intake), String::new()),
        ] {
            self.line(format!("  {}{}  {note}", left(name, 32), right(&value, 22)).trim_end());
        }
        for row in &pipeline.by_partner {
            let offered = self.money(row.offered_value);
            self.line(&format!(
                "  {}{}{}  {} due within thirty days",
                left(&row.name, 32),
                right(&row.open.to_string(), 6),
                right(&offered, 22),
                row.due_soon
            ));
        }
        for one in &pipeline.deadlines {
            self.line(&format!("  {}  {}  {}  {}", one.deadline, one.number, one.partner, one.title));
        }
    }

    fn alerts(&mut self) {
        for (kind, title) in [
            (AlertKind::Overdue, "Overdue lines"),
            (AlertKind::DueSoon, "Lines due within 90 days"),
            (AlertKind::AtRisk, "Contracts at risk"),
            (AlertKind::InstalmentOverdue, "Instalments overdue"),
        ] {
            let brief = self.brief;
            let alerts: Vec<&Alert> = brief.alerts.iter().filter(|a| a.kind == kind).collect();
            // Of a register that keeps no payment schedules there is nothing to say.
            if kind == AlertKind::InstalmentOverdue && brief.payments.contracts == 0 {
                continue;
            }
            self.section(title);
            if alerts.is_empty() {
                self.line("  none");
            }
            for alert in alerts.iter().take(ALERTS) {
                let number = alert.line.as_ref().or(alert.instalment.as_ref()).unwrap_or(&alert.contract);
                let value = self.money(alert.value);
                self.line(&format!(
                    "  {}{} {}{}",
                    left(number, 18),
                    left(&alert.partner, 4),
                    left(clipped(&alert.title, 33), 34),
                    right(&value, 19)
                ));
                self.folded(&" ".repeat(25), &alert.reason.clone());
            }
            if alerts.len() > ALERTS {
                let more = alerts.len() - ALERTS;
                self.line(&format!("  and {more} more of less value; --format json lists them all"));
            }
        }
    }
}

fn day(date: Date) -> String {
    format!("{} {} {}", date.strftime("%A"), date.day(), date.strftime("%B %Y"))
}

fn percent(share: &Decimal) -> String {
    format!("{share} %")
}

fn signed(share: &Decimal) -> String {
    format!("{} %", signed_bare(*share))
}

fn signed_bare(share: Decimal) -> String {
    if share.scaled > 0 { format!("+{share}") } else { share.to_string().replace('-', "−") }
}

fn whole(number: i64) -> String {
    group(&number.to_string())
}

fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", whole(number), if number == 1 { one } else { many })
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn left(text: impl Display, columns: usize) -> String {
    format!("{text:<columns$}", text = text.to_string())
}

fn right(text: &str, columns: usize) -> String {
    format!("{text:>columns$}")
}

/// The text, or as much of it as fits, with an ellipsis.
fn clipped(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    text.chars().take(columns.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::sample;

    #[test]
    fn the_brief_for_a_terminal() {
        let page = text(&sample::brief(), false, true);
        for line in page.lines() {
            assert!(width(line) <= WIDTH, "{} columns: {line}", width(line));
        }
        insta::assert_snapshot!(page);
    }

    #[test]
    fn what_is_unknown_is_said_with_its_reason() {
        insta::assert_snapshot!(text(&sample::nothing(), false, false));
    }

    #[test]
    fn what_came_after_the_horizon_is_said_to_be_unknown() {
        let page = text(&sample::past_the_horizon(), false, false);
        assert!(page.contains("Not known      what happened after 2012-10-01 is not known;"), "{page}");
        for month in ["November", "December"] {
            let line = page.lines().find(|line| line.trim_start().starts_with(month)).unwrap();
            assert!(line.contains("not known") && !line.contains(" 0.00 "), "{line}");
        }
    }

    #[test]
    fn a_marked_brief_says_so_at_head_and_foot() {
        let brief = Brief { marking: Some("SECRET//NAVY".parse().unwrap()), ..sample::brief() };
        let page = text(&brief, false, false);
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        assert_eq!((lines.first(), lines.last()), (Some(&"SECRET//NAVY"), Some(&"SECRET//NAVY")));
    }

    #[test]
    fn amounts_of_any_size_stand_apart() {
        let mut brief = sample::brief();
        for forecast in &mut brief.forecasts {
            forecast.mid = Known::Value(12_345_678_901_234_567);
            forecast.interval = Known::Value((11_345_678_901_234_567, 13_345_678_901_234_567));
        }
        brief.by_partner[0].delivered = 12_345_678_901_234_567;
        brief.by_partner[0].planned = Known::Value(12_345_678_901_234_567);
        brief.months[0].delivered = Some(12_345_678_901_234_567);
        brief.months[0].planned = Known::Value(12_345_678_901_234_567);
        brief.months[0].previous = 12_345_678_901_234_567;
        let page = text(&brief, false, false);
        assert!(page.contains(" 123,456,789,012,345.67 "), "{page}");
        for line in page.lines() {
            assert!(line.split_whitespace().all(|word| word.matches('.').count() < 2), "{line}");
        }
    }

    #[test]
    fn emphasis_changes_nothing_else() {
        let plain = text(&sample::brief(), false, true);
        let bold = text(&sample::brief(), true, true);
        assert_eq!(bold.replace("\u{1b}[1m", "").replace("\u{1b}[0m", ""), plain);
        assert!(!plain.contains('\u{1b}'));
    }
}
