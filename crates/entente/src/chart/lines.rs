//! Lines over the years, all on one scale that begins at nought: shares of several over time.

use super::scale::{Scale, decimals, spread, ticks};
use super::{Canvas, Drawing, Svg};

/// One line. A year without a value is a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// What it is of, short.
    pub(crate) name: String,
    /// Years in order, with their value in tenths.
    pub(crate) points: Vec<(i16, Option<i64>)>,
}

/// Lines of one chart.
#[derive(Debug, Clone)]
pub(crate) struct Lines<'a> {
    /// Begins the identifiers of its parts; unique on the page.
    pub(crate) id: &'a str,
    /// What it shows.
    pub(crate) title: &'a str,
    /// What is to be seen in it, in words.
    pub(crate) desc: &'a str,
    /// What is drawn; at most [`MOST`].
    pub(crate) lines: &'a [Line],
}

/// As many lines as have a look of their own.
pub(crate) const MOST: usize = 5;

const TOP: f64 = 14.0;
const BOTTOM: f64 = 28.0;

/// Pixels between the names of two lines.
const GAP: f64 = 15.0;

/// A size in which it is drawn.
struct Measure {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    /// Years written under it at most.
    years: usize,
}

/// For a wide place and for a narrow one; the sheet shows the one that fits.
const MEASURES: [Measure; 2] = [
    Measure { class: "wide", width: 760.0, height: 320.0, left: 44.0, right: 150.0, years: 9 },
    Measure { class: "narrow", width: 360.0, height: 280.0, left: 32.0, right: 104.0, years: 4 },
];

/// Draws it for a wide place and for a narrow one; nothing where no line has a value.
pub(crate) fn lines(chart: &Lines<'_>) -> Vec<Svg> {
    MEASURES.iter().filter_map(|measure| draw(chart, measure)).collect()
}

#[allow(clippy::cast_precision_loss)] // A picture needs three digits of a share.
fn draw(chart: &Lines<'_>, measure: &Measure) -> Option<Svg> {
    let drawn = &chart.lines[..chart.lines.len().min(MOST)];
    let all = || drawn.iter().flat_map(|line| &line.points);
    let most = all().filter_map(|(_, value)| *value).max()?;
    let (first, last) = (all().map(|point| point.0).min()?, all().map(|point| point.0).max()?);
    let (ground, right) = (measure.height - BOTTOM, measure.width - measure.right);
    let years = Scale { domain: (f64::from(first), f64::from(last)), range: (measure.left, right) };
    let top = most as f64 / 10.0 * 1.05;
    let values = Scale { domain: (0.0, if top > 0.0 { top } else { 1.0 }), range: (ground, TOP) };
    let place = |year: i16, value: i64| (years.place(f64::from(year)), values.place(value as f64 / 10.0));
    let (id, class) = (format!("{}-{}", chart.id, measure.class), format!("chart {}", measure.class));
    let mut drawing = Drawing::open(&id, &class, measure.width, measure.height, chart.title, chart.desc);
    let ticks = ticks(top, 5);
    let digits = decimals(ticks.get(1).copied().unwrap_or(1.0));
    for tick in &ticks {
        let height = values.place(*tick);
        let class = if *tick == 0.0 { "chart-base" } else { "chart-grid" };
        drawing.line(class, (years.range.0, height), (years.range.1, height));
        drawing.text("chart-tick", "end", (measure.left - 6.0, height + 4.0), &format!("{tick:.digits$}"));
    }
    let step = usize::try_from(last - first).unwrap_or(0).div_ceil(measure.years.max(2) - 1).max(1);
    for year in (first..=last).step_by(step) {
        let over = years.place(f64::from(year));
        drawing.text("chart-tick", "middle", (over, ground + 18.0), &year.to_string());
    }
    let mut ends: Vec<(&str, (f64, f64))> = Vec::new();
    for (number, line) in (1..).zip(drawn) {
        let class = format!("chart-line chart-line-{number}");
        for stretch in line.points.split(|(_, value)| value.is_none()) {
            let points: Vec<(f64, f64)> =
                stretch.iter().filter_map(|(year, value)| Some(place(*year, (*value)?))).collect();
            match points.as_slice() {
                [] => {}
                [one] => drawing.dot(&format!("chart-dot-{number}"), *one, 3.0),
                points => drawing.path(&class, points, false),
            }
        }
        let end = line.points.iter().rev().find_map(|(year, value)| Some(place(*year, (*value)?)));
        ends.extend(end.map(|end| (line.name.as_str(), end)));
    }
    let heights: Vec<f64> = ends.iter().map(|(_, end)| end.1).collect();
    let places = spread(&heights, GAP, TOP, ground);
    for ((name, end), height) in ends.iter().zip(places) {
        drawing.line("chart-leader", (end.0 + 3.0, end.1), (right + 10.0, height));
        drawing.text("chart-label", "start", (right + 13.0, height + 4.0), name);
    }
    Some(drawing.close())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, points: &[(i16, Option<i64>)]) -> Line {
        Line { name: name.to_owned(), points: points.to_vec() }
    }

    fn drawn(all: &[Line]) -> Option<String> {
        let chart = Lines { id: "c", title: "Shares", desc: "Words", lines: all };
        let both = lines(&chart);
        assert!(both.is_empty() || both.len() == 2);
        both.first().map(ToString::to_string)
    }

    #[test]
    fn a_gap_is_no_line_and_a_lone_year_is_a_dot() {
        let text = drawn(&[
            line("A <b>", &[(2008, Some(307)), (2009, Some(300)), (2010, None), (2011, Some(290))]),
            line("B", &[(2008, Some(259)), (2009, None), (2010, None), (2011, None)]),
        ])
        .unwrap();
        assert_eq!(text.matches("<path").count(), 1);
        assert_eq!(text.matches("<circle").count(), 2);
        assert!(text.contains("A &lt;b&gt;") && !text.contains("NaN") && !text.contains("style="));
    }

    #[test]
    fn nothing_is_drawn_of_nothing_and_noughts_stay_on_the_ground() {
        assert_eq!(drawn(&[]), None);
        assert_eq!(drawn(&[line("A", &[(2010, None)])]), None);
        let flat = drawn(&[line("A", &[(2010, Some(0)), (2011, Some(0))])]).unwrap();
        assert!(!flat.contains("NaN") && !flat.contains("inf"));
        let many: Vec<Line> =
            (0..9).map(|n| line(&n.to_string(), &[(2010, Some(n)), (2011, Some(n))])).collect();
        assert_eq!(drawn(&many).unwrap().matches("<path").count(), MOST);
    }
}
