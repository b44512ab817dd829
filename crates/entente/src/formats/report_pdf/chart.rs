//! The chart of the year on paper: the shapes of the page’s own chart, inked.

use super::face::Style;
use super::flow::SMALL;
use super::sheet::{Ink, LEFT, Mark, RIGHT, Role, Sheets, Type};
use crate::chart::{Shape, course_shapes};
use crate::web::execution_report::Chart;

/// Sets it with its unit above and what is to be seen in it below.
pub(super) fn chart(sheets: &mut Sheets<'_>, chart: &Chart) {
    let (width, height, shapes) = course_shapes(&chart.course);
    let scale = (RIGHT - LEFT) / narrow(width);
    let below = sheets.height(SMALL, &chart.note, RIGHT - LEFT);
    sheets.need(SMALL.leading + narrow(height) * scale + below + 10.0);
    let unit = sheets.part(Role::Paragraph, None);
    sheets.paragraph(Some(unit), LEFT, RIGHT - LEFT, SMALL, &chart.unit);
    let figure = sheets.part(Role::Figure(chart.note.clone()), None);
    let top = sheets.y;
    let place = |(x, y): (f64, f64)| (LEFT + narrow(x) * scale, top + narrow(y) * scale);
    for shape in &shapes {
        let mark = match shape {
            Shape::Path(class, points, closed) => {
                let points = points.iter().copied().map(place).collect();
                if *closed {
                    Mark::Area { points, ink: Ink::AccentSoft }
                } else {
                    let (width, ink, dash) = stroke(class);
                    Mark::Stroke { points, width, ink, dash }
                }
            }
            Shape::Dot(class, centre, radius) => Mark::Dot {
                centre: place(*centre),
                radius: narrow(*radius) * scale,
                ink: if class.contains("plan") {
                    Ink::Black
                } else if class.contains("previous") {
                    Ink::Soft
                } else {
                    Ink::Accent
                },
            },
            Shape::Text(class, anchor, at, words) => {
                let is_chosen = class.contains("chosen") || class.contains("delivered");
                let style = if is_chosen { Style::SansBold } else { Style::Sans };
                let ink = if is_chosen {
                    Ink::Accent
                } else if class.contains("tick") || class.contains("previous") {
                    Ink::Soft
                } else {
                    Ink::Black
                };
                let type_ = Type { style, size: 8.0, leading: 10.0, ink };
                let (x, y) = place(*at);
                let wide = sheets.faces.width(style, type_.size, words);
                let x = match anchor.as_str() {
                    "end" => x - wide,
                    "middle" => x - wide / 2.0,
                    _ => x,
                };
                Mark::Words { at: (x, y), style, size: type_.size, ink, text: words.clone() }
            }
        };
        sheets.mark(Some(figure), mark);
    }
    sheets.y = top + narrow(height) * scale + 4.0;
    let note = sheets.part(Role::Caption, None);
    sheets.paragraph(Some(note), LEFT, RIGHT - LEFT, SMALL, &chart.note);
    sheets.y += 4.0;
}

/// How a line of a class looks: width, ink, dashes.
fn stroke(class: &str) -> (f32, Ink, Vec<f32>) {
    match class {
        "chart-grid" | "chart-month" => (0.4, Ink::Hairline, Vec::new()),
        "chart-base" => (0.7, Ink::Black, Vec::new()),
        "chart-cut" => (0.6, Ink::Soft, vec![0.8, 2.0]),
        "chart-previous" => (0.8, Ink::Soft, vec![1.4, 2.0]),
        "chart-planned" => (1.0, Ink::Black, vec![4.6, 2.6]),
        "chart-delivered" => (2.0, Ink::Accent, Vec::new()),
        "chart-forecast chart-chosen" => (1.1, Ink::Accent, Vec::new()),
        "chart-forecast" => (0.5, Ink::Accent, Vec::new()),
        _ => (0.5, Ink::Soft, Vec::new()),
    }
}

/// A place in a picture: three digits are seen.
#[allow(clippy::cast_possible_truncation)]
fn narrow(value: f64) -> f32 {
    value as f32
}
