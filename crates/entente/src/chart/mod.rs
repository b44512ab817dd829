//! Charts as SVG, made on the server: accessible, styled by the site's sheet, printable.
//!
//! A chart has `role="img"`, a title and a description, and no colour of its own:
//! its parts carry classes that `assets/entente.css` paints, so that light, dark and
//! paper each get their own. A table with the same values always stands beside it.

mod bar;
mod course;
mod lines;
mod scale;
mod span;

pub(crate) use bar::{Bar, bar};
pub(crate) use course::{Course, End, Fan, Point, course, course_shapes};
pub(crate) use lines::{Line, Lines, MOST as MOST_LINES, lines};
pub(crate) use span::{Mark, Span, Years, span, years};

use std::fmt::{self, Write as _};

/// A piece of SVG, escaped where it was made. Templates print it as it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Svg(String);

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::FastWritable for Svg {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

// Every value that goes into an `Svg` passes `escape` or is a number.
impl askama::filters::HtmlSafe for Svg {}

/// Text as it may stand in an element or an attribute.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A coordinate: one decimal is finer than any screen shows, and keeps pages small.
fn at(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A drawing in progress.
struct Drawing(String);

impl Drawing {
    /// Opens a drawing that says what it shows.
    fn open(id: &str, class: &str, width: f64, height: f64, title: &str, desc: &str) -> Drawing {
        let mut text = String::new();
        let _ = write!(
            text,
            concat!(
                "<svg class=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" ",
                "aria-labelledby=\"{}-title\" aria-describedby=\"{}-desc\">",
                "<title id=\"{}-title\">{}</title><desc id=\"{}-desc\">{}</desc>"
            ),
            class,
            at(width),
            at(height),
            id,
            id,
            id,
            escape(title),
            id,
            escape(desc)
        );
        Drawing(text)
    }

    fn close(mut self) -> Svg {
        self.0.push_str("</svg>");
        Svg(self.0)
    }
}

/// What a chart is painted on: SVG, or shapes for paper. A class says what a part is, never how it looks.
trait Canvas {
    /// A straight line.
    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64));
    /// A line through points, or the area that it encloses.
    fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool);
    /// A filled circle.
    fn dot(&mut self, class: &str, centre: (f64, f64), radius: f64);
    /// Words that begin, are centred or end at a place.
    fn text(&mut self, class: &str, anchor: &str, place: (f64, f64), words: &str);
}

impl Canvas for Drawing {
    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let _ = write!(
            self.0,
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            at(from.0),
            at(from.1),
            at(to.0),
            at(to.1)
        );
    }

    fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        if points.is_empty() {
            return;
        }
        let _ = write!(self.0, "<path class=\"{class}\" d=\"");
        for (index, point) in points.iter().enumerate() {
            let _ = write!(self.0, "{}{},{}", if index == 0 { 'M' } else { 'L' }, at(point.0), at(point.1));
        }
        self.0.push_str(if closed { "Z\"/>" } else { "\"/>" });
    }

    fn dot(&mut self, class: &str, centre: (f64, f64), radius: f64) {
        let _ = write!(
            self.0,
            "<circle class=\"{class}\" cx=\"{}\" cy=\"{}\" r=\"{}\"/>",
            at(centre.0),
            at(centre.1),
            at(radius)
        );
    }

    fn text(&mut self, class: &str, anchor: &str, place: (f64, f64), words: &str) {
        let _ = write!(
            self.0,
            "<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
            at(place.0),
            at(place.1),
            escape(words)
        );
    }
}

/// A part of a chart, for those who paint it otherwise than as SVG.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shape {
    /// A line through points, or the area that it encloses: class, points, closed.
    Path(String, Vec<(f64, f64)>, bool),
    /// A filled circle: class, centre, radius.
    Dot(String, (f64, f64), f64),
    /// Words: class, anchor, place.
    Text(String, String, (f64, f64), String),
}

/// The parts of a chart in the order in which they are painted.
#[derive(Debug, Default)]
struct Sketch(Vec<Shape>);

impl Canvas for Sketch {
    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.0.push(Shape::Path(class.to_owned(), vec![from, to], false));
    }

    fn path(&mut self, class: &str, points: &[(f64, f64)], closed: bool) {
        self.0.push(Shape::Path(class.to_owned(), points.to_vec(), closed));
    }

    fn dot(&mut self, class: &str, centre: (f64, f64), radius: f64) {
        self.0.push(Shape::Dot(class.to_owned(), centre, radius));
    }

    fn text(&mut self, class: &str, anchor: &str, place: (f64, f64), words: &str) {
        self.0.push(Shape::Text(class.to_owned(), anchor.to_owned(), place, words.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_cannot_leave_its_place() {
        let drawing =
            Drawing::open("c", "chart", 10.0, 10.0, "</title><script>alert(1)</script>", "\"'&<>").close();
        assert!(!drawing.0.contains("<script"));
        assert!(drawing.0.contains("&quot;&#39;&amp;&lt;&gt;"));
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(at(12.0), "12");
        assert_eq!(at(12.345), "12.3");
        assert_eq!(at(-0.5), "-0.5");
    }
}
