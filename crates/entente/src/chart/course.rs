//! The course of a year: what came, what was planned, last year, and the fan to the year's end.

use super::scale::{Scale, decimals, spread, ticks};
use super::{Canvas, Drawing, Shape, Sketch, Svg};

/// A cumulative amount at the end of a day of the year (0 is the start of 1 January).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    /// Days gone.
    pub(crate) day: i64,
    /// Minor units.
    pub(crate) value: i64,
}

/// An interval that opens from the cut-off to the year's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fan {
    /// Low at the year's end.
    pub(crate) low: i64,
    /// High at the year's end.
    pub(crate) high: i64,
}

/// What stands at the year's end: a forecast, the plan, or last year's total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct End {
    /// Class of its mark: `plan`, `previous`, `forecast` or `forecast chosen`.
    pub(crate) class: &'static str,
    /// In words, short.
    pub(crate) label: String,
    /// The amount.
    pub(crate) value: i64,
    /// The amount for people.
    pub(crate) amount: String,
}

/// A year's course, all lines cumulative.
#[derive(Debug, Clone)]
pub(crate) struct Course {
    /// Begins the identifiers of its parts; unique on the page.
    pub(crate) id: String,
    /// What it shows.
    pub(crate) title: String,
    /// What is to be seen in it, in words.
    pub(crate) desc: String,
    /// Days of the year.
    pub(crate) days: i64,
    /// Minor units in one of the unit in which the scale is written.
    pub(crate) unit: i64,
    /// Day on which each month begins, then the year's length.
    pub(crate) months: Vec<i64>,
    /// What came, up to the cut-off.
    pub(crate) delivered: Vec<Point>,
    /// What was planned.
    pub(crate) planned: Vec<Point>,
    /// Last year.
    pub(crate) previous: Vec<Point>,
    /// The cut-off in words, short.
    pub(crate) cut_off: String,
    /// The fan of the chosen forecast.
    pub(crate) fan: Option<Fan>,
    /// What stands at the year's end.
    pub(crate) ends: Vec<End>,
}

/// Measures of one drawing. Two are made, because text in a drawing shrinks with it.
struct Measure {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    gap: f64,
    letters: bool,
}

const TOP: f64 = 22.0;
const BOTTOM: f64 = 26.0;

/// Draws it for a wide place and for a narrow one; the sheet shows the one that fits.
pub(crate) fn course(course: &Course) -> [Svg; 2] {
    [
        draw(
            course,
            &Measure {
                class: "chart wide",
                width: 860.0,
                height: 400.0,
                left: 50.0,
                right: 176.0,
                gap: 16.0,
                letters: false,
            },
        ),
        draw(
            course,
            &Measure {
                class: "chart narrow",
                width: 372.0,
                height: 300.0,
                left: 40.0,
                right: 96.0,
                gap: 26.0,
                letters: true,
            },
        ),
    ]
}

/// Its shapes for paper: width, height, and what stands where.
pub(crate) fn course_shapes(course: &Course) -> (f64, f64, Vec<Shape>) {
    let measure = Measure {
        class: "",
        width: 760.0,
        height: 360.0,
        left: 46.0,
        right: 168.0,
        gap: 16.0,
        letters: false,
    };
    let mut sketch = Sketch::default();
    paint(&mut sketch, course, &measure);
    (measure.width, measure.height, sketch.0)
}

fn draw(course: &Course, measure: &Measure) -> Svg {
    let id = format!("{}-{}", course.id, if measure.letters { "narrow" } else { "wide" });
    let mut drawing =
        Drawing::open(&id, measure.class, measure.width, measure.height, &course.title, &course.desc);
    paint(&mut drawing, course, measure);
    drawing.close()
}

#[allow(clippy::cast_precision_loss)] // A picture needs three digits of the amount.
fn paint(drawing: &mut impl Canvas, course: &Course, measure: &Measure) {
    let most = [&course.delivered, &course.planned, &course.previous]
        .into_iter()
        .flatten()
        .map(|p| p.value)
        .chain(course.ends.iter().map(|e| e.value))
        .chain(course.fan.iter().map(|f| f.high))
        .max()
        .unwrap_or(0) as f64
        * 1.04;
    let ticks = ticks(most, if measure.letters { 4 } else { 6 });
    // As many decimals as the steps have, so that no two ticks read alike.
    let decimals = decimals(ticks.get(1).map_or(0.0, |step| step / course.unit as f64));
    let x = Scale { domain: (0.0, course.days as f64), range: (measure.left, measure.width - measure.right) };
    let y =
        Scale { domain: (0.0, if most > 0.0 { most } else { 1.0 }), range: (measure.height - BOTTOM, TOP) };
    let place = |p: &Point| (x.place(p.day as f64), y.place(p.value as f64));

    for tick in &ticks {
        let height = y.place(*tick);
        let class = if *tick == 0.0 { "chart-base" } else { "chart-grid" };
        drawing.line(class, (x.range.0, height), (x.range.1, height));
        let text = entente_register::money::group(&format!("{:.decimals$}", tick / course.unit as f64));
        drawing.text("chart-tick", "end", (x.range.0 - 8.0, height + 4.0), &text);
    }
    month_names(drawing, course, measure, &x);

    let last = course.delivered.last().copied();
    if let Some(last) = last {
        let over = x.place(last.day as f64);
        drawing.line("chart-cut", (over, TOP - 6.0), (over, y.range.0));
        let (anchor, shift) = if last.day * 5 > course.days * 4 { ("end", -6.0) } else { ("start", 6.0) };
        drawing.text("chart-note", anchor, (over + shift, TOP - 4.0), &course.cut_off);
        if let Some(fan) = &course.fan {
            let end = course.days;
            let corner = |value| place(&Point { day: end, value });
            drawing.path("chart-fan", &[place(&last), corner(fan.low), corner(fan.high)], true);
        }
    }
    let path = |points: &[Point]| points.iter().map(place).collect::<Vec<_>>();
    drawing.path("chart-previous", &path(&course.previous), false);
    drawing.path("chart-planned", &path(&course.planned), false);
    if let Some(last) = last {
        for end in course.ends.iter().filter(|e| e.class.starts_with("forecast")) {
            let class =
                if end.class.ends_with("chosen") { "chart-forecast chart-chosen" } else { "chart-forecast" };
            let tip = Point { day: course.days, value: end.value };
            drawing.path(class, &[place(&last), place(&tip)], false);
        }
    }
    drawing.path("chart-delivered", &path(&course.delivered), false);
    if let Some(last) = last {
        drawing.dot("chart-now", place(&last), 4.0);
    }
    ends(drawing, course, measure, &x, &y);
}

#[allow(clippy::cast_precision_loss)]
fn month_names(drawing: &mut impl Canvas, course: &Course, measure: &Measure, x: &Scale) {
    const NAMES: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    for (name, span) in NAMES.iter().zip(course.months.windows(2)) {
        let (from, to) = (x.place(span[0] as f64), x.place(span[1] as f64));
        let base = measure.height - BOTTOM;
        drawing.line("chart-month", (to, base), (to, base + 4.0));
        let name = if measure.letters { &name[..1] } else { name };
        drawing.text("chart-tick", "middle", ((from + to) / 2.0, base + 18.0), name);
    }
}

/// Marks at the year's end with their labels, moved apart where they would meet.
#[allow(clippy::cast_precision_loss)]
fn ends(drawing: &mut impl Canvas, course: &Course, measure: &Measure, x: &Scale, y: &Scale) {
    let edge = x.place(course.days as f64);
    let wanted: Vec<f64> = course.ends.iter().map(|end| y.place(end.value as f64)).collect();
    let places = spread(&wanted, measure.gap, TOP, y.range.0 - 4.0);
    for ((end, from), to) in course.ends.iter().zip(wanted).zip(places) {
        drawing.dot(&format!("chart-end {}", end.class), (edge, from), 3.0);
        drawing.path("chart-leader", &[(edge + 5.0, from), (edge + 12.0, to), (edge + 16.0, to)], false);
        let class = format!("chart-label {}", end.class);
        if measure.letters {
            drawing.text(&class, "start", (edge + 19.0, to), &end.label);
            drawing.text("chart-amount", "start", (edge + 19.0, to + 11.0), &end.amount);
        } else {
            drawing.text(&class, "start", (edge + 20.0, to + 4.0), &end.label);
            drawing.text("chart-amount", "end", (measure.width - 1.0, to + 4.0), &end.amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Course {
        Course {
            id: "course".into(),
            title: "Plan & deliveries".into(),
            desc: "d".into(),
            days: 366,
            unit: 100_000_000,
            months: vec![0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366],
            delivered: vec![Point { day: 0, value: 0 }, Point { day: 274, value: 1_070_000_000_000 }],
            planned: vec![Point { day: 0, value: 0 }, Point { day: 366, value: 1_356_000_000_000 }],
            previous: vec![],
            cut_off: "30 Sep".into(),
            fan: Some(Fan { low: 1_300_000_000_000, high: 1_500_000_000_000 }),
            ends: vec![
                End {
                    class: "plan",
                    label: "Plan".into(),
                    value: 1_356_000_000_000,
                    amount: "13,560".into(),
                },
                End {
                    class: "forecast chosen",
                    label: "Run-rate".into(),
                    value: 1_429_270_072_993,
                    amount: "14,293".into(),
                },
            ],
        }
    }

    #[test]
    fn a_course_says_what_it_shows_and_paints_nothing_itself() {
        for svg in course(&sample()) {
            let text = svg.to_string();
            assert!(text.contains("role=\"img\"") && text.contains("<desc"));
            assert!(text.contains("Plan &amp; deliveries"));
            assert!(text.contains(">15,000<"), "the scale reaches the fan's top");
            assert!(!text.contains("style=") && !text.contains("fill=") && !text.contains("NaN"));
        }
    }

    #[test]
    fn no_two_ticks_read_alike() {
        for (most, unit) in [(1_070_000_000, 100_000_000), (150_000_000, 100_000_000), (9_900, 100_000)] {
            let small = Course {
                unit,
                delivered: vec![Point { day: 0, value: 0 }, Point { day: 274, value: most }],
                planned: vec![],
                fan: None,
                ends: vec![],
                ..sample()
            };
            for svg in course(&small) {
                let text = svg.to_string();
                let ticks: Vec<&str> = text
                    .split("class=\"chart-tick\"")
                    .skip(1)
                    .filter(|part| part.contains("text-anchor=\"end\""))
                    .filter_map(|part| part.split('>').nth(1)?.split('<').next())
                    .collect();
                let different: std::collections::BTreeSet<&&str> = ticks.iter().collect();
                assert!(ticks.len() > 2 && different.len() == ticks.len(), "{most}: {ticks:?}");
            }
        }
    }

    #[test]
    fn a_year_without_anything_is_drawn_empty() {
        let empty = Course {
            delivered: vec![],
            planned: vec![],
            previous: vec![],
            fan: None,
            ends: vec![],
            ..sample()
        };
        for svg in course(&empty) {
            assert!(!svg.to_string().contains("NaN"));
        }
    }
}
