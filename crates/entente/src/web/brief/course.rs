//! The chart of the brief: the year's deliveries against its plan, cumulative by month, with the fan to the year's end.
//!
//! Cumulative, because the question of the session is whether the year's plan will
//! be reached, and a fan of a year's total has its place only on a cumulative scale.
//! The amounts of each single month stand in the table below it.

use entente_register::brief::{Brief, Conventions, Known, Method};
use jiff::civil::date;

use super::forecast::{chosen, short_name};
use crate::chart::{Course, End, Fan, Point, Svg, course};
use crate::web::show::{self, ChartUnit};

/// Draws it, wide and narrow.
pub(crate) fn draw(brief: &Brief) -> [Svg; 2] {
    course(&of(brief))
}

/// What it draws.
pub(crate) fn of(brief: &Brief) -> Course {
    let conventions = &brief.conventions;
    let currency = conventions.currency;
    let year = conventions.as_of.year();
    let unit = unit(brief);
    let amount = |minor: i64| unit.write(minor);
    let over = is_over(conventions);
    let mut ends = Vec::new();
    // From days that are not known no fan opens.
    let best = chosen(brief).filter(|_| !over && conventions.known_until().is_none());
    // Where the plan is the forecast of the fan, it stands at the year's end once, as that.
    let is_fan = best.is_some_and(|best| best.method == Method::Plan);
    if let Some(plan) = brief.deliveries.plan_year.value().filter(|_| !is_fan) {
        ends.push(End { class: "plan", label: "Plan".to_owned(), value: *plan, amount: amount(*plan) });
    }
    ends.push(End {
        class: "previous",
        label: (year - 1).to_string(),
        value: brief.previous_year.delivered,
        amount: amount(brief.previous_year.delivered),
    });
    if over {
        let value = brief.deliveries.delivered;
        ends.push(End { class: "delivered", label: "Delivered".to_owned(), value, amount: amount(value) });
    } else if conventions.known_until().is_none() {
        for forecast in &brief.forecasts {
            let Known::Value(mid) = forecast.mid else { continue };
            let is_best = best.is_some_and(|best| best.method == forecast.method);
            // The plan stands there already.
            if forecast.method == Method::Plan && !is_best {
                continue;
            }
            ends.push(End {
                class: if is_best { "forecast chosen" } else { "forecast" },
                label: short_name(forecast.method).to_owned(),
                value: mid,
                amount: amount(mid),
            });
        }
    }
    Course {
        id: "course".to_owned(),
        title: format!("Deliveries and plan of {year}, cumulative, in {} {currency}", unit.word),
        desc: note(brief),
        days: i64::from(conventions.as_of.days_in_year()),
        unit: unit.minor,
        months: month_starts(year),
        delivered: delivered(brief),
        planned: cumulative(brief, |index| brief.months[index].planned.value().copied()),
        previous: cumulative(brief, |index| Some(brief.months[index].previous)),
        cut_off: match conventions.known_until() {
            Some(day) => format!("known to {}", show::day(day)),
            None => show::day(conventions.as_of),
        },
        fan: best.and_then(|best| best.interval.value()).map(|(low, high)| Fan { low: *low, high: *high }),
        ends,
    }
}

/// The unit of its scale, by the largest amount in it.
pub(crate) fn unit(brief: &Brief) -> ChartUnit {
    let deliveries = &brief.deliveries;
    let plan = deliveries.plan_year.value().copied();
    let forecasts = brief.forecasts.iter().flat_map(|forecast| {
        let high = forecast.interval.value().map(|(_, high)| *high);
        forecast.mid.value().copied().into_iter().chain(high)
    });
    let most = [deliveries.delivered, brief.previous_year.delivered].into_iter().chain(plan).chain(forecasts);
    ChartUnit::of(most.max().unwrap_or(0), brief.conventions.currency)
}

/// What is to be seen in it, in words: the chart's description, and the line below it.
pub(crate) fn note(brief: &Brief) -> String {
    let conventions = &brief.conventions;
    let currency = conventions.currency;
    let amount = |minor: i64| {
        let (number, unit) = show::headline(minor, currency);
        format!("{number} {unit}")
    };
    let mut text = format!(
        "By {} {} was delivered",
        show::long_day(conventions.as_of),
        amount(brief.deliveries.delivered)
    );
    if let Known::Value(plan) = &brief.deliveries.plan_to_date {
        text.push_str(&format!(", against {} planned by then", amount(*plan)));
    }
    text.push('.');
    if let Some(day) = conventions.known_until() {
        text.push_str(&format!(
            " What happened after {} is not known: the line of deliveries ends there, and no fan is drawn.",
            show::long_day(day)
        ));
        return text;
    }
    if is_over(conventions) {
        return text;
    }
    match chosen(brief) {
        Some(best) => {
            if let Known::Value((low, high)) = &best.interval {
                text.push_str(&format!(
                    " The fan is the 80 % interval of one forecast, {}: {} to {} at the year’s end. Of the forecasts that have an interval, it has the smallest back-test error.",
                    best.method.name(),
                    show::millions(*low, currency),
                    amount(*high)
                ));
            }
        }
        None => text.push_str(
            " No forecast has an interval yet, so no fan is drawn; the reasons stand with the forecasts.",
        ),
    }
    text
}

/// Whether the whole year is known.
fn is_over(conventions: &Conventions) -> bool {
    let as_of = conventions.as_of;
    as_of.day_of_year() == as_of.days_in_year() && conventions.known_until().is_none()
}

/// Day on which each month begins, counted from 0, then the year's length.
fn month_starts(year: i16) -> Vec<i64> {
    let mut days: Vec<i64> =
        (1..=12).map(|month| i64::from(date(year, month, 1).day_of_year()) - 1).collect();
    days.push(i64::from(date(year, 1, 1).days_in_year()));
    days
}

fn delivered(brief: &Brief) -> Vec<Point> {
    let as_of = brief.conventions.as_of;
    let last = brief.conventions.known_until().unwrap_or(as_of);
    let starts = month_starts(as_of.year());
    let mut points = vec![Point { day: 0, value: 0 }];
    let mut sum = 0;
    for (index, month) in brief.months.iter().enumerate() {
        let Some(value) = month.delivered else { break };
        sum += value;
        let end = starts.get(index + 1).copied().unwrap_or(0);
        points.push(Point { day: end.min(i64::from(last.day_of_year())), value: sum });
    }
    points
}

/// Sums at the ends of months; nothing if one of them is not known.
fn cumulative(brief: &Brief, value: impl Fn(usize) -> Option<i64>) -> Vec<Point> {
    let starts = month_starts(brief.conventions.as_of.year());
    let mut points = vec![Point { day: 0, value: 0 }];
    let mut sum = 0;
    for index in 0..brief.months.len().min(12) {
        let Some(value) = value(index) else { return Vec::new() };
        sum += value;
        points.push(Point { day: starts[index + 1], value: sum });
    }
    points
}
