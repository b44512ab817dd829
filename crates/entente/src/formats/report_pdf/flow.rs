//! How the report runs over its sheets: its head, its sections, and what they are made of.

use super::chart::chart;
use super::face::Style;
use super::sheet::{BOTTOM, Ink, LEFT, Mark, PartId, RIGHT, Role, Sheets, TOP, Type};
use super::table::table;
use crate::web::brief::{Block, Shown};
use crate::web::execution_report::{Piece, ReportView};

const TITLE: Type = Type::new(Style::SerifBold, 25.0, 30.0, Ink::Black);
const DAY: Type = Type::new(Style::Serif, 13.5, 18.0, Ink::Black);
const LEAD: Type = Type::new(Style::Serif, 25.0, 31.0, Ink::Black);
const LABEL: Type = Type::new(Style::SansBold, 9.0, 12.5, Ink::Black);
const HEADING: Type = Type::new(Style::SerifBold, 15.0, 20.0, Ink::Black);
const PLACE: Type = Type::new(Style::Serif, 15.0, 20.0, Ink::Soft);
const SUBHEADING: Type = Type::new(Style::SerifBold, 11.5, 15.0, Ink::Black);
pub(super) const WORDS: Type = Type::new(Style::Sans, 9.5, 13.0, Ink::Black);
pub(super) const SMALL: Type = Type::new(Style::Sans, 8.0, 10.6, Ink::Soft);
const CAUTION: Type = Type::new(Style::Sans, 9.5, 13.0, Ink::Alarm);

/// Between two columns.
const GAP: f32 = 26.0;
const WIDE: f32 = RIGHT - LEFT;
/// The width of one of two columns.
const HALF: f32 = (WIDE - GAP) / 2.0;

/// Sets the whole.
pub(super) fn set(sheets: &mut Sheets<'_>, report: &ReportView, demonstration: bool) {
    head(sheets, report, demonstration);
    lead(sheets, &report.lead);
    let contents = front(sheets, report);
    for (index, section) in report.sections.iter().enumerate() {
        if section.apart && sheets.y > TOP {
            sheets.turn();
        }
        heading(sheets, index + 1, &section.title, opening(section.pieces.first()));
        for piece in &section.pieces {
            set_piece(sheets, piece);
        }
        if let Some(reason) = report.plan_reason.as_ref().filter(|_| section.id == "course") {
            words(sheets, SMALL, &format!("The plan is not known: {reason}."));
        }
    }
    pages_of_contents(sheets, &contents);
}

/// How much of what follows a heading stands on its sheet, at least.
fn opening(piece: Option<&Piece>) -> f32 {
    match piece {
        Some(Piece::Chart(_)) => 290.0,
        Some(Piece::Blocks(_)) => 110.0,
        _ => 80.0,
    }
}

fn head(sheets: &mut Sheets<'_>, report: &ReportView, demonstration: bool) {
    let title = sheets.part(Role::Title(report.title.clone()), None);
    sheets.paragraph(Some(title), LEFT, WIDE, TITLE, &report.title);
    let day = sheets.part(Role::Paragraph, None);
    sheets.paragraph(Some(day), LEFT, WIDE, DAY, &format!("Report of the year to {}", report.day));
    let mut known =
        format!("As known on {}. Figures of {}, in {}.", report.known_at, report.scope, report.currency);
    if !report.other_currencies.is_empty() {
        let codes: Vec<&str> = report.other_currencies.iter().map(|(code, _)| code.as_str()).collect();
        known.push_str(&format!(" Contracts in {} have a report of their own.", codes.join(", ")));
    }
    if demonstration {
        known.push_str(" Demonstration: every contract is invented.");
    }
    words(sheets, Type { ink: Ink::Soft, ..WORDS }, &known);
    if let Some(caution) = &report.caution {
        sheets.y += 4.0;
        let from = sheets.y;
        let part = sheets.part(Role::Paragraph, None);
        sheets.paragraph(Some(part), LEFT + 9.0, WIDE - 9.0, CAUTION, &format!("Not known: {caution}."));
        let to = sheets.y;
        sheets.rule((LEFT + 1.0, from + 1.0), (LEFT + 1.0, to + 1.0), 2.0, Ink::Alarm);
    }
    sheets.y += 10.0;
}

/// The figures that are read out first.
fn lead(sheets: &mut Sheets<'_>, figures: &[Shown]) {
    let from = sheets.y;
    sheets.rule((LEFT, from), (RIGHT, from), 1.6, Ink::Black);
    sheets.rule((LEFT, from + 2.6), (RIGHT, from + 2.6), 0.5, Ink::Black);
    #[allow(clippy::cast_precision_loss)] // Three.
    let each = WIDE / figures.len().max(1) as f32;
    let mut lowest = from;
    let mut x = LEFT;
    for (index, figure) in figures.iter().enumerate() {
        let inset = if index == 0 { 0.0 } else { 12.0 };
        let part = sheets.part(Role::Paragraph, None);
        sheets.y = from + 10.0;
        sheets.paragraph(Some(part), x + inset, each - inset - 8.0, LABEL, &figure.label);
        if let Some(reason) = &figure.value.reason {
            let text = format!("Not known: {reason}");
            sheets.paragraph(Some(part), x + inset, each - inset - 8.0, SMALL, &text);
        } else {
            sheets.y += LEAD.leading;
            let base = sheets.y - LEAD.drop();
            sheets.words(Some(part), (x + inset, base), false, LEAD, &figure.value.text);
            let after = x + inset + sheets.faces.width(LEAD.style, LEAD.size, &figure.value.text) + 5.0;
            sheets.words(Some(part), (after, base), false, SMALL, &figure.unit);
        }
        for text in [&figure.exact, &figure.note].into_iter().filter(|text| !text.is_empty()) {
            sheets.paragraph(Some(part), x + inset, each - inset - 8.0, SMALL, text);
        }
        lowest = lowest.max(sheets.y);
        x += each;
    }
    let to = lowest + 8.0;
    let mut x = LEFT;
    for _ in figures.iter().skip(1) {
        x += each;
        sheets.rule((x, from + 8.0), (x, to), 0.4, Ink::Hairline);
    }
    sheets.rule((LEFT, to), (RIGHT, to), 0.7, Ink::Black);
    sheets.y = to + 18.0;
}

/// Lines of the contents whose sheets are not known yet: part, height, whose section.
type Contents = Vec<(PartId, f32)>;

/// The conventions, and the contents beside them.
fn front(sheets: &mut Sheets<'_>, report: &ReportView) -> Contents {
    let from = sheets.y;
    let title = sheets.part(Role::Paragraph, None);
    block_title(sheets, title, LEFT, HALF + 30.0, "What these figures are figures of");
    for convention in &report.conventions {
        let part = sheets.part(Role::Paragraph, None);
        let top = sheets.y;
        sheets.y = top + 3.0;
        let base = sheets.y + WORDS.leading - WORDS.drop();
        sheets.words(Some(part), (LEFT, base), false, SMALL, convention.name);
        sheets.paragraph(Some(part), LEFT + 66.0, HALF + 30.0 - 66.0, WORDS, &convention.value);
        sheets.y += 2.5;
        sheets.rule((LEFT, sheets.y), (LEFT + HALF + 30.0, sheets.y), 0.4, Ink::Hairline);
    }
    let lowest = sheets.y;
    sheets.y = from;
    let x = LEFT + HALF + 30.0 + GAP;
    let whole = sheets.part(Role::Contents, None);
    let title = sheets.part(Role::ContentsItem, Some(whole));
    block_title(sheets, title, x, RIGHT - x, "Contents");
    let mut contents = Vec::new();
    for (index, section) in report.sections.iter().enumerate() {
        let part = sheets.part(Role::ContentsItem, Some(whole));
        sheets.y += 3.0;
        let base = sheets.y + WORDS.leading - WORDS.drop();
        sheets.words(
            Some(part),
            (x, base),
            false,
            Type { ink: Ink::Soft, ..WORDS },
            &(index + 1).to_string(),
        );
        sheets.words(Some(part), (x + 16.0, base), false, WORDS, &section.title);
        contents.push((part, base));
        sheets.y += WORDS.leading + 2.0;
        sheets.rule((x, sheets.y), (RIGHT, sheets.y), 0.4, Ink::Hairline);
    }
    sheets.y = sheets.y.max(lowest) + 8.0;
    contents
}

/// The number of its sheet beside each line of the contents, now that they are known.
fn pages_of_contents(sheets: &mut Sheets<'_>, contents: &Contents) {
    let pages: Vec<usize> = sheets.places.iter().map(|(_, sheet, _)| sheet + 1).collect();
    for ((part, base), page) in contents.iter().zip(pages) {
        let text = page.to_string();
        let x = RIGHT - sheets.faces.width(WORDS.style, WORDS.size, &text);
        let mark =
            Mark::Words { at: (x, *base), style: WORDS.style, size: WORDS.size, ink: Ink::Black, text };
        if let Some(first) = sheets.sheets.first_mut() {
            first.push((Some(*part), mark));
        }
    }
}

fn heading(sheets: &mut Sheets<'_>, number: usize, title: &str, opening: f32) {
    if sheets.y > TOP {
        sheets.y += 16.0;
    }
    sheets.need(HEADING.leading + 10.0 + opening);
    sheets.places.push((format!("{number} {title}"), sheets.sheets.len() - 1, sheets.y));
    let y = sheets.y;
    sheets.rule((LEFT, y), (RIGHT, y), 0.7, Ink::Black);
    sheets.y += 5.0;
    let part = sheets.part(Role::Heading(title.to_owned()), None);
    let base = sheets.y + PLACE.leading - PLACE.drop();
    sheets.words(Some(part), (LEFT, base), false, PLACE, &number.to_string());
    sheets.paragraph(Some(part), LEFT + 22.0, WIDE - 22.0, HEADING, title);
    sheets.y += 4.0;
}

fn set_piece(sheets: &mut Sheets<'_>, piece: &Piece) {
    match piece {
        Piece::Heading(title) => {
            sheets.y += 8.0;
            sheets.need(SUBHEADING.leading + 75.0);
            let part = sheets.part(Role::Subheading(title.clone()), None);
            sheets.paragraph(Some(part), LEFT, WIDE, SUBHEADING, title);
        }
        Piece::Words(text) => words(sheets, WORDS, text),
        Piece::Blocks(all) => blocks(sheets, all),
        Piece::Table(one) => table(sheets, one),
        Piece::Notes(notes) => {
            let list = sheets.part(Role::List, None);
            sheets.y -= 4.0;
            for (index, note) in notes.iter().enumerate() {
                let item = sheets.part(Role::Item, Some(list));
                sheets.paragraph(Some(item), LEFT, WIDE, SMALL, &format!("{}. {note}", index + 1));
            }
            sheets.y += 8.0;
        }
        Piece::Terms(terms) => {
            for (name, text) in terms {
                let part = sheets.part(Role::Paragraph, None);
                let type_ = Type { size: 8.4, leading: 11.4, ..SMALL };
                sheets.need(LABEL.leading + type_.leading * 2.0);
                sheets.paragraph(Some(part), LEFT, WIDE, LABEL, name);
                sheets.paragraph(Some(part), LEFT, WIDE, type_, text);
                sheets.y += 5.0;
            }
            sheets.y += 3.0;
        }
        Piece::Chart(one) => chart(sheets, one),
    }
}

fn words(sheets: &mut Sheets<'_>, type_: Type, text: &str) {
    let part = sheets.part(Role::Paragraph, None);
    sheets.paragraph(Some(part), LEFT, WIDE, type_, text);
}

fn block_title(sheets: &mut Sheets<'_>, part: PartId, x: f32, width: f32, title: &str) {
    sheets.paragraph(Some(part), x, width, LABEL, title);
    sheets.y += 2.5;
    sheets.rule((x, sheets.y), (x + width, sheets.y), 0.7, Ink::Black);
}

/// Blocks of figures, two beside each other; a block stands whole on one sheet. One alone is set in two columns.
fn blocks(sheets: &mut Sheets<'_>, blocks: &[Block]) {
    if let [one] = blocks {
        let (left, right) = one.figures.split_at(one.figures.len().div_ceil(2));
        let column =
            |title: &str, figures: &[Shown]| Block { title: title.to_owned(), figures: figures.to_vec() };
        return columns(sheets, &[column(&one.title, left), column("", right)]);
    }
    columns(sheets, blocks);
}

fn columns(sheets: &mut Sheets<'_>, blocks: &[Block]) {
    sheets.y += 2.0;
    let width = HALF;
    for pair in blocks.chunks(2) {
        let height = pair.iter().map(|one| block_height(sheets, one, width)).fold(0.0, f32::max);
        sheets.need(height.min(BOTTOM - TOP));
        let (from, sheet) = (sheets.y, sheets.sheets.len());
        let mut lowest = from;
        let mut x = LEFT;
        for one in pair {
            // Beside the first, unless that ran over its sheet.
            if sheets.sheets.len() == sheet {
                sheets.y = from;
            }
            block(sheets, one, x, width);
            lowest = lowest.max(sheets.y);
            x += HALF + GAP;
        }
        sheets.y = lowest + 12.0;
    }
}

/// The value of a figure, what stands below it, and how much of the width its label has.
fn item(sheets: &Sheets<'_>, figure: &Shown, width: f32) -> (String, Vec<String>, f32) {
    let value = format!("{} {}", figure.value.text, figure.unit).trim().to_owned();
    if let Some(reason) = &figure.value.reason {
        return (String::new(), vec![format!("Not known: {reason}")], width);
    }
    let below: Vec<String> =
        [&figure.exact, &figure.note].into_iter().filter(|text| !text.is_empty()).cloned().collect();
    let left = width - sheets.faces.width(WORDS.style, WORDS.size, &value) - 10.0;
    (value, below, left.max(width / 3.0))
}

fn item_height(sheets: &Sheets<'_>, figure: &Shown, width: f32) -> f32 {
    let (_, below, left) = item(sheets, figure, width);
    let below: f32 = below.iter().map(|text| sheets.height(SMALL, text, width)).sum();
    sheets.height(WORDS, &figure.label, left) + below + 6.0
}

fn block_height(sheets: &Sheets<'_>, block: &Block, width: f32) -> f32 {
    let items: f32 = block.figures.iter().map(|figure| item_height(sheets, figure, width)).sum();
    sheets.height(LABEL, &block.title, width) + 2.5 + items
}

fn block(sheets: &mut Sheets<'_>, block: &Block, x: f32, width: f32) {
    let title = sheets.part(Role::Subheading(block.title.clone()), None);
    block_title(sheets, title, x, width, &block.title);
    for figure in &block.figures {
        let height = item_height(sheets, figure, width);
        sheets.need(height);
        let (value, below, left) = item(sheets, figure, width);
        let part = sheets.part(Role::Paragraph, None);
        sheets.y += 2.5;
        let base = sheets.y + WORDS.leading - WORDS.drop();
        sheets.paragraph(Some(part), x, left, WORDS, &figure.label);
        sheets.words(Some(part), (x + width, base), true, WORDS, &value);
        for text in &below {
            for line in sheets.faces.lines(SMALL.style, SMALL.size, text, width) {
                sheets.y += SMALL.leading;
                let at = if value.is_empty() { x } else { x + width };
                sheets.words(Some(part), (at, sheets.y - SMALL.drop()), !value.is_empty(), SMALL, &line);
            }
        }
        sheets.y += 3.5;
        sheets.rule((x, sheets.y), (x + width, sheets.y), 0.4, Ink::Hairline);
    }
}
