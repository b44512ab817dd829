//! Sheets of paper before they are written: what stands where, and what it is to those who hear it read.
//!
//! All measures are points; the origin is the upper left corner.

use super::face::{Faces, Style};

/// A4.
pub(super) const WIDTH: f32 = 595.28;
/// A4.
pub(super) const HEIGHT: f32 = 841.89;
/// Left and right of what is printed.
pub(super) const LEFT: f32 = 48.0;
/// The right edge of what is printed.
pub(super) const RIGHT: f32 = WIDTH - 48.0;
/// Where the text of a sheet begins.
pub(super) const TOP: f32 = 66.0;
/// Where it ends.
pub(super) const BOTTOM: f32 = HEIGHT - 62.0;

/// Colours of ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    Soft,
    Alarm,
    Accent,
    AccentSoft,
    Hairline,
}

/// What is set on a sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line of words that begins at a place on its base line.
    Words { at: (f32, f32), style: Style, size: f32, ink: Ink, text: String },
    /// A line through points: width, and the lengths of its dashes.
    Stroke { points: Vec<(f32, f32)>, width: f32, ink: Ink, dash: Vec<f32> },
    /// A filled area.
    Area { points: Vec<(f32, f32)>, ink: Ink },
    /// A filled circle.
    Dot { centre: (f32, f32), radius: f32, ink: Ink },
}

/// What a part of the report is to those who hear it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    Title(String),
    Heading(String),
    Subheading(String),
    Paragraph,
    Caption,
    Contents,
    ContentsItem,
    List,
    Item,
    Table,
    Head,
    Body,
    Row,
    ColumnHead,
    RowHead,
    Cell,
    /// A picture, and what is to be seen in it.
    Figure(String),
}

/// A part's place among all parts.
pub(super) type PartId = usize;

/// A part of the report, with the parts within it.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) role: Role,
    pub(super) parts: Vec<PartId>,
}

/// A mark, and the part of the report that it belongs to; none for what is there for the eye only.
pub(super) type Placed = (Option<PartId>, Mark);

/// The sheets as they are filled.
pub(super) struct Sheets<'f> {
    pub(super) faces: &'f Faces,
    pub(super) sheets: Vec<Vec<Placed>>,
    pub(super) parts: Vec<Part>,
    /// The parts that are within no other, in their order.
    pub(super) roots: Vec<PartId>,
    /// Sections: title, sheet, height on it.
    pub(super) places: Vec<(String, usize, f32)>,
    /// How far the sheet is filled.
    pub(super) y: f32,
}

impl<'f> Sheets<'f> {
    pub(super) fn new(faces: &'f Faces) -> Sheets<'f> {
        Sheets {
            faces,
            sheets: vec![Vec::new()],
            parts: Vec::new(),
            roots: Vec::new(),
            places: Vec::new(),
            y: TOP,
        }
    }

    /// Begins another sheet.
    pub(super) fn turn(&mut self) {
        self.sheets.push(Vec::new());
        self.y = TOP;
    }

    /// Begins another sheet if not so much is left on this one.
    pub(super) fn need(&mut self, height: f32) {
        if self.y > TOP && self.y + height > BOTTOM {
            self.turn();
        }
    }

    /// A part within another, or within none.
    pub(super) fn part(&mut self, role: Role, within: Option<PartId>) -> PartId {
        let id = self.parts.len();
        self.parts.push(Part { role, parts: Vec::new() });
        match within.and_then(|within| self.parts.get_mut(within)) {
            Some(outer) => outer.parts.push(id),
            None => self.roots.push(id),
        }
        id
    }

    /// Sets a mark on the sheet that is being filled.
    pub(super) fn mark(&mut self, part: Option<PartId>, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push((part, mark));
        }
    }

    /// A straight line for the eye.
    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.mark(None, Mark::Stroke { points: vec![from, to], width, ink, dash: Vec::new() });
    }

    /// A line of words, set by its left or its right end.
    pub(super) fn words(
        &mut self,
        part: Option<PartId>,
        at: (f32, f32),
        to_right: bool,
        type_: Type,
        text: &str,
    ) {
        if text.is_empty() {
            return;
        }
        let Type { style, size, ink, .. } = type_;
        let x = if to_right { at.0 - self.faces.width(style, size, text) } else { at.0 };
        self.mark(part, Mark::Words { at: (x, at.1), style, size, ink, text: text.to_owned() });
    }

    /// Lines of words from here down, over as many sheets as it takes.
    pub(super) fn paragraph(&mut self, part: Option<PartId>, x: f32, width: f32, type_: Type, text: &str) {
        for line in self.faces.lines(type_.style, type_.size, text, width) {
            self.need(type_.leading);
            self.y += type_.leading;
            self.words(part, (x, self.y - type_.drop()), false, type_, &line);
        }
    }

    /// How high such lines are.
    pub(super) fn height(&self, type_: Type, text: &str, width: f32) -> f32 {
        let lines = self.faces.lines(type_.style, type_.size, text, width).len();
        #[allow(clippy::cast_precision_loss)] // Some dozens.
        let lines = lines as f32;
        lines * type_.leading
    }
}

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Type {
    pub(super) style: Style,
    pub(super) size: f32,
    /// From base line to base line.
    pub(super) leading: f32,
    pub(super) ink: Ink,
}

impl Type {
    pub(super) const fn new(style: Style, size: f32, leading: f32, ink: Ink) -> Type {
        Type { style, size, leading, ink }
    }

    /// From the foot of a line to its base line.
    pub(super) fn drop(self) -> f32 {
        (self.leading - self.size) / 2.0 + self.size * 0.22
    }
}
