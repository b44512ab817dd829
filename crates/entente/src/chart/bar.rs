//! A bar in a table's cell: what came, against what was planned.

use std::fmt::Write as _;

use super::{Svg, at};

/// One bar. All amounts are in the same unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bar {
    /// What came.
    pub(crate) value: i64,
    /// What was planned, shown as a mark.
    pub(crate) mark: Option<i64>,
    /// Whether the whole width is shown as what it is a part of.
    pub(crate) track: bool,
    /// The value that fills the whole width, the same for all bars of a table.
    pub(crate) most: i64,
}

/// Width of the drawing; the sheet stretches it to its cell.
const WIDTH: f64 = 200.0;

/// Draws it. It is hidden from readers of the text: the cells beside it say the same.
#[allow(clippy::cast_precision_loss)] // A picture needs three digits of the amount.
pub(crate) fn bar(bar: &Bar) -> Svg {
    let place = |value: i64| (value as f64 / bar.most.max(1) as f64 * WIDTH).clamp(0.0, WIDTH);
    let mut text = format!(
        "<svg class=\"bar\" viewBox=\"0 0 {} 12\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">",
        at(WIDTH)
    );
    if bar.track {
        let _ = write!(
            text,
            "<rect class=\"bar-track\" x=\"0\" y=\"3.5\" width=\"{}\" height=\"5\"/>",
            at(WIDTH)
        );
    }
    if let Some(mark) = bar.mark {
        let _ = write!(
            text,
            "<rect class=\"bar-plan\" x=\"0\" y=\"2\" width=\"{}\" height=\"8\"/>",
            at(place(mark))
        );
    }
    let _ = write!(
        text,
        "<rect class=\"bar-value\" x=\"0\" y=\"3.5\" width=\"{}\" height=\"5\"/>",
        at(place(bar.value))
    );
    if let Some(mark) = bar.mark {
        let x = place(mark).clamp(0.75, WIDTH - 0.75);
        let _ =
            write!(text, "<line class=\"bar-mark\" x1=\"{0}\" y1=\"0.5\" x2=\"{0}\" y2=\"11.5\"/>", at(x));
    }
    text.push_str("</svg>");
    Svg(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_never_leaves_its_cell() {
        for (value, mark, most) in [(-5, None, 10), (20, Some(30), 10), (1, Some(0), 0)] {
            let text = bar(&Bar { value, mark, track: false, most }).to_string();
            assert!(!text.contains("width=\"-") && !text.contains("NaN"), "{text}");
            assert!(!text.contains("style="));
        }
        assert!(
            bar(&Bar { value: 5, mark: None, track: false, most: 10 })
                .to_string()
                .contains("width=\"100\" height=\"5\"")
        );
    }
}
