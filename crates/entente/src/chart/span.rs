//! A stretch of time with marks on it, one a row of a table, all on the same scale of years.

use jiff::civil::{Date, date};

use super::scale::Scale;
use super::{Canvas, Drawing, Svg};

/// The scale of all rows of a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Years {
    /// The first year.
    pub(crate) from: i16,
    /// The last year.
    pub(crate) to: i16,
    /// The day as of which is read.
    pub(crate) today: Date,
}

/// A day with its class: how what is due on it stands.
#[derive(Debug, Clone)]
pub(crate) struct Mark {
    pub(crate) on: Date,
    pub(crate) class: &'static str,
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Span<'a> {
    /// For the identifiers within the page.
    pub(crate) id: &'a str,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) marks: &'a [Mark],
    /// What it shows, in words.
    pub(crate) title: &'a str,
    pub(crate) words: &'a str,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 24.0;

impl Years {
    /// Days from the first of the scale: exact in a float.
    fn place(self, day: Date) -> f64 {
        let first = date(self.from, 1, 1);
        let days = |day: Date| f64::from((day - first).get_days());
        let end = days(date(self.to, 12, 31)) + 1.0;
        let scale = Scale { domain: (0.0, end), range: (0.0, WIDTH) };
        scale.place(days(day).clamp(0.0, end))
    }

    fn grid(self, drawing: &mut Drawing) {
        for year in self.from..=self.to {
            let x = self.place(date(year, 1, 1));
            drawing.line("chart-grid", (x, 0.0), (x, HEIGHT));
        }
        if (self.from..=self.to).contains(&self.today.year()) {
            let x = self.place(self.today);
            drawing.line("chart-cut", (x, 0.0), (x, HEIGHT));
        }
    }
}

/// The head of the column: the years.
pub(crate) fn years(scale: Years) -> Svg {
    let words = format!("The years {} to {}, and the day as of which is read", scale.from, scale.to);
    let mut drawing = Drawing::open("years", "chart span", WIDTH, HEIGHT, "Scale of years", &words);
    scale.grid(&mut drawing);
    for year in scale.from..=scale.to {
        let x = scale.place(date(year, 1, 1)) + 4.0;
        drawing.text("chart-label", "start", (x, 16.0), &year.to_string());
    }
    drawing.close()
}

/// One row on the scale.
pub(crate) fn span(scale: Years, row: &Span<'_>) -> Svg {
    let mut drawing = Drawing::open(row.id, "chart span", WIDTH, HEIGHT, row.title, row.words);
    scale.grid(&mut drawing);
    let middle = HEIGHT / 2.0;
    drawing.line("span-line", (scale.place(row.from), middle), (scale.place(row.to), middle));
    let shown = row.marks.iter().filter(|mark| (scale.from..=scale.to).contains(&mark.on.year()));
    for mark in shown {
        drawing.dot(mark.class, (scale.place(mark.on), middle), 4.0);
    }
    drawing.close()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_the_scale_ends_at_its_edge() {
        let scale = Years { from: 2012, to: 2013, today: date(2012, 9, 30) };
        assert!(scale.place(date(2010, 5, 5)).abs() < 1e-9);
        assert!((scale.place(date(2020, 5, 5)) - WIDTH).abs() < 1e-9);
        let marks = [
            Mark { on: date(2012, 7, 1), class: "span-open" },
            Mark { on: date(2015, 7, 1), class: "span-open" },
        ];
        let (from, to) = (date(2010, 1, 1), date(2015, 7, 1));
        let row = Span { id: "a", from, to, marks: &marks, title: "<b>", words: "two" };
        let drawn = span(scale, &row).to_string();
        assert_eq!(drawn.matches("<circle").count(), 1);
        assert!(drawn.contains("x1=\"0\"") && drawn.contains("x2=\"640\"") && !drawn.contains("<b>"));
    }
}
