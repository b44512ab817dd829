//! Tables over sheets: columns as wide as what they hold, rows whole, and the head again on every sheet.

use super::face::Style;
use super::flow::SMALL;
use super::sheet::{BOTTOM, Ink, LEFT, Mark, PartId, RIGHT, Role, Sheets, TOP, Type};
use crate::chart::Bar;
use crate::web::execution_report::{Cell, Kind, Table};

const BODY: Type = Type::new(Style::Sans, 8.2, 10.8, Ink::Black);
const QUIET: Type = Type::new(Style::Sans, 7.2, 9.2, Ink::Soft);
const HEAD: Type = Type::new(Style::SansBold, 7.6, 9.4, Ink::Soft);

/// Between two columns.
const GAP: f32 = 11.0;
/// Above and below the words of a row.
const PAD: f32 = 2.4;
/// What the number of a note takes behind a text.
const NOTE: f32 = 4.5;
/// The width of a bar.
const BAR: f32 = 38.0;
/// The least width of a column of words.
const LEAST: f32 = 48.0;
/// Rows that stand on the sheet of the head, at least, where there are so many.
const TOGETHER: usize = 3;

/// A line of a cell.
struct Line {
    type_: Type,
    text: String,
    /// The number of a note behind it.
    note: Option<usize>,
}

/// A row as it is set: the lines of each cell.
struct Row<'t> {
    cells: Vec<(&'t Cell, Vec<Line>)>,
    height: f32,
}

/// Sets a table.
pub(super) fn table(sheets: &mut Sheets<'_>, table: &Table) {
    sheets.y += 5.0;
    if table.rows.is_empty() {
        let part = sheets.part(Role::Paragraph, None);
        sheets.paragraph(Some(part), LEFT, RIGHT - LEFT, SMALL, &format!("{}: none.", table.caption));
        sheets.y += 6.0;
        return;
    }
    let widths = widths(sheets, table);
    let heads = table
        .columns
        .iter()
        .zip(&widths)
        .map(|(column, width)| sheets.faces.lines(HEAD.style, HEAD.size, &column.head, *width))
        .collect::<Vec<_>>();
    let head_height = lines_height(heads.iter().map(Vec::len).max().unwrap_or(1), HEAD) + PAD + 1.0;
    let page = BOTTOM - TOP - head_height;
    let rows: Vec<Row<'_>> =
        table.rows.iter().flat_map(|row| row_of(sheets, table, row, &widths, page)).collect();
    let heights: Vec<f32> = rows.iter().map(|row| row.height).collect();
    let caption_height = sheets.height(SMALL, &table.caption, RIGHT - LEFT) + 2.0;
    let first: f32 = heights.iter().take(TOGETHER).sum();
    sheets.need((caption_height + head_height + first).min(BOTTOM - TOP));

    let whole = sheets.part(Role::Table, None);
    let caption = sheets.part(Role::Caption, Some(whole));
    sheets.paragraph(Some(caption), LEFT, RIGHT - LEFT, SMALL, &table.caption);
    sheets.y += 2.0;
    let head = sheets.part(Role::Head, Some(whole));
    let head_row = sheets.part(Role::Row, Some(head));
    let body = sheets.part(Role::Body, Some(whole));
    let room = BOTTOM - sheets.y - head_height;
    for (index, range) in breaks(&heights, room, page).into_iter().enumerate() {
        if index > 0 {
            sheets.turn();
        }
        // Read once, seen on every sheet.
        set_head(sheets, table, &heads, &widths, (index == 0).then_some(head_row));
        sheets.y += head_height - 1.0;
        sheets.rule((LEFT, sheets.y), (RIGHT, sheets.y), 0.7, Ink::Black);
        for row in &rows[range] {
            set_row(sheets, table, row, &widths, body);
        }
        sheets.rule((LEFT, sheets.y), (RIGHT, sheets.y), 0.7, Ink::Black);
    }
    sheets.y += 10.0;
}

/// Which rows stand on each sheet, where so much room is left on the first and so much on each other. A row
/// higher than a sheet stands on one of its own.
fn breaks(heights: &[f32], room: f32, page: f32) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let (mut from, mut left) = (0, room);
    for (index, height) in heights.iter().enumerate() {
        if *height > left && (index > from || left < page) {
            ranges.push(from..index);
            (from, left) = (index, page);
        }
        left -= height;
    }
    ranges.push(from..heights.len());
    ranges
}

fn lines_height(lines: usize, type_: Type) -> f32 {
    #[allow(clippy::cast_precision_loss)] // Some dozens.
    let lines = lines as f32;
    lines * type_.leading
}

/// The widths of the columns: numbers and bars what they need, words what is left, in their proportion.
fn widths(sheets: &Sheets<'_>, table: &Table) -> Vec<f32> {
    let faces = sheets.faces;
    let column = |index: usize, kind: Kind| {
        let cells = table.rows.iter().filter_map(|row| row.get(index));
        let body = cells
            .map(|cell| {
                let note = if cell.note.is_some() { NOTE } else { 0.0 };
                let text = faces.width(BODY.style, BODY.size, &cell.text) + note;
                text.max(faces.width(QUIET.style, QUIET.size, &cell.sub))
            })
            .fold(0.0, f32::max);
        let head = &table.columns[index].head;
        let word = head.split(' ').map(|word| faces.width(HEAD.style, HEAD.size, word)).fold(0.0, f32::max);
        match kind {
            Kind::Bar => Some(BAR),
            // A head of some words is set in lines, unless the numbers below it are narrow.
            Kind::Number | Kind::Code => {
                Some(body.max(word).max(faces.width(HEAD.style, HEAD.size, head).min(64.0)) + 0.5)
            }
            Kind::Text(_) | Kind::Path(_) => None,
        }
    };
    let fixed: Vec<Option<f32>> =
        table.columns.iter().enumerate().map(|(index, c)| column(index, c.kind)).collect();
    #[allow(clippy::cast_precision_loss)] // Less than ten.
    let gaps = GAP * table.columns.len().saturating_sub(1) as f32;
    let left = RIGHT - LEFT - gaps - fixed.iter().flatten().sum::<f32>();
    let weight = |kind: Kind| match kind {
        Kind::Text(weight) | Kind::Path(weight) => f32::from(weight),
        _ => 0.0,
    };
    let weights: f32 = table.columns.iter().map(|column| weight(column.kind)).sum();
    let texts = fixed.iter().filter(|width| width.is_none()).count();
    // Where numbers leave too little for words, they give of theirs: their texts are set in lines.
    #[allow(clippy::cast_precision_loss)]
    let wanted = LEAST * texts as f32;
    let (left, shrink) = if left >= wanted {
        (left, 1.0)
    } else {
        let numbers: f32 = fixed.iter().flatten().sum();
        (wanted, ((numbers - (wanted - left)) / numbers.max(1.0)).max(0.2))
    };
    table
        .columns
        .iter()
        .zip(fixed)
        .map(|(column, fixed)| match fixed {
            Some(width) => width * shrink,
            None => left * weight(column.kind) / weights.max(1.0),
        })
        .collect()
}

/// A row in lines; in several rows where it is higher than a sheet.
fn row_of<'t>(
    sheets: &Sheets<'_>,
    table: &Table,
    row: &'t [Cell],
    widths: &[f32],
    page: f32,
) -> Vec<Row<'t>> {
    let faces = sheets.faces;
    let mut cells: Vec<(&Cell, Vec<Line>)> = Vec::new();
    for ((cell, column), width) in row.iter().zip(&table.columns).zip(widths) {
        let main = match column.kind {
            _ if cell.is_unknown => Type { ink: Ink::Soft, ..BODY },
            Kind::Path(_) | Kind::Code => Type { size: 7.8, ..BODY },
            _ => BODY,
        };
        let mut lines = Vec::new();
        for (type_, text) in [(main, &cell.text), (QUIET, &cell.sub)] {
            if !text.is_empty() {
                let set = faces.lines(type_.style, type_.size, text, *width);
                lines.extend(set.into_iter().map(|text| Line { type_, text, note: None }));
            }
        }
        if let Some(last) = lines.last_mut() {
            last.note = cell.note;
        }
        cells.push((cell, lines));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Some dozens.
    let most = ((page - 2.0 * PAD) / BODY.leading).max(1.0) as usize;
    let mut rows = Vec::new();
    loop {
        let rest: Vec<(&Cell, Vec<Line>)> = cells
            .iter_mut()
            .map(|(cell, lines)| (*cell, if lines.len() > most { lines.split_off(most) } else { Vec::new() }))
            .collect();
        let height = cells
            .iter()
            .map(|(_, lines)| lines.iter().map(|line| line.type_.leading).sum::<f32>())
            .fold(BODY.leading, f32::max)
            + 2.0 * PAD;
        rows.push(Row { cells, height });
        if rest.iter().all(|(_, lines)| lines.is_empty()) {
            return rows;
        }
        cells = rest;
    }
}

fn is_right(kind: Kind) -> bool {
    kind == Kind::Number
}

fn set_head(
    sheets: &mut Sheets<'_>,
    table: &Table,
    heads: &[Vec<String>],
    widths: &[f32],
    row: Option<PartId>,
) {
    let most = heads.iter().map(Vec::len).max().unwrap_or(1);
    let mut x = LEFT;
    for ((column, lines), width) in table.columns.iter().zip(heads).zip(widths) {
        let part = row.map(|row| sheets.part(Role::ColumnHead, Some(row)));
        // Heads stand on the line below them.
        let mut y = sheets.y + lines_height(most - lines.len(), HEAD);
        for line in lines {
            y += HEAD.leading;
            let right = is_right(column.kind);
            let at = if right { x + width } else { x };
            sheets.words(part, (at, y - HEAD.drop()), right, HEAD, line);
        }
        x += width + GAP;
    }
}

fn set_row(sheets: &mut Sheets<'_>, table: &Table, row: &Row<'_>, widths: &[f32], body: PartId) {
    let top = sheets.y;
    let part = sheets.part(Role::Row, Some(body));
    let mut x = LEFT;
    for (index, (((cell, lines), column), width)) in
        row.cells.iter().zip(&table.columns).zip(widths).enumerate()
    {
        let role = if index == 0 { Role::RowHead } else { Role::Cell };
        let part = sheets.part(role, Some(part));
        if let Some(bar) = &cell.bar {
            set_bar(sheets, bar, x, top + PAD + BODY.leading / 2.0, *width);
        }
        let right = is_right(column.kind);
        let mut y = top + PAD;
        for line in lines {
            y += line.type_.leading;
            let base = y - line.type_.drop();
            let behind = if line.note.is_some() { NOTE } else { 0.0 };
            let at = if right { x + width - behind } else { x };
            sheets.words(Some(part), (at, base), right, line.type_, &line.text);
            if let Some(note) = line.note {
                let type_ = Type { size: 5.6, ..QUIET };
                let wide = sheets.faces.width(line.type_.style, line.type_.size, &line.text);
                let x = if right { at } else { at + wide };
                sheets.words(Some(part), (x + 0.8, base - 3.0), false, type_, &note.to_string());
            }
        }
        x += width + GAP;
    }
    sheets.y = top + row.height;
    sheets.rule((LEFT, sheets.y), (RIGHT, sheets.y), 0.35, Ink::Hairline);
}

/// A bar, for the eye: the cells beside it say the same.
#[allow(clippy::cast_precision_loss)] // A picture needs three digits of the amount.
fn set_bar(sheets: &mut Sheets<'_>, bar: &Bar, x: f32, middle: f32, width: f32) {
    let place = |value: i64| (value as f32 / bar.most.max(1) as f32 * width).clamp(0.0, width);
    let mut area = |from: f32, to: f32, half: f32, ink| {
        if to > from {
            let points =
                vec![(from, middle - half), (to, middle - half), (to, middle + half), (from, middle + half)];
            sheets.mark(None, Mark::Area { points, ink });
        }
    };
    if let Some(mark) = bar.mark {
        area(x, x + place(mark), 2.8, Ink::AccentSoft);
    }
    area(x, x + place(bar.value), 1.7, Ink::Accent);
    if let Some(mark) = bar.mark {
        let at = x + place(mark);
        sheets.rule((at, middle - 3.8), (at, middle + 3.8), 0.9, Ink::Black);
    }
}

#[cfg(test)]
mod tests {
    use super::super::face::Faces;
    use super::*;
    use crate::web::execution_report::Column;

    #[test]
    fn rows_are_whole_and_no_sheet_is_overfull() {
        assert_eq!(breaks(&[10.0; 5], 100.0, 100.0), vec![0..5; 1]);
        assert_eq!(breaks(&[10.0; 5], 25.0, 30.0), [0..2, 2..5]);
        assert_eq!(breaks(&[10.0; 7], 20.0, 30.0), [0..2, 2..5, 5..7]);
        assert_eq!(breaks(&[50.0, 10.0], 20.0, 60.0), [0..0, 0..2], "nothing fits on the first");
        assert_eq!(breaks(&[90.0, 10.0], 60.0, 60.0), [0..1, 1..2], "one that fits nowhere");
    }

    fn sample(rows: usize, what: &str) -> Table {
        Table {
            id: "t",
            caption: "Caption".to_owned(),
            columns: vec![
                Column::new("Line", Kind::Code),
                Column::new("What", Kind::Text(1)),
                Column::new("Still owed", Kind::Number),
            ],
            rows: (0..rows)
                .map(|row| vec![Cell::of(format!("O-{row}")), Cell::of(what), Cell::of("10,700,000,000.00")])
                .collect(),
        }
    }

    fn texts(sheet: &[super::super::sheet::Placed]) -> Vec<(f32, f32, bool, &str)> {
        sheet
            .iter()
            .filter_map(|(part, mark)| match mark {
                Mark::Words { at, text, .. } => Some((at.0, at.1, part.is_some(), text.as_str())),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn the_head_stands_on_every_sheet_and_is_read_once() {
        let faces = Faces::read().unwrap();
        let mut sheets = Sheets::new(&faces);
        table(&mut sheets, &sample(200, "Радиолокационная станция"));
        assert!(sheets.sheets.len() > 3);
        for (index, sheet) in sheets.sheets.iter().enumerate() {
            let heads: Vec<_> = texts(sheet).into_iter().filter(|t| t.3 == "Still owed").collect();
            assert_eq!(heads.len(), 1, "sheet {index}");
            assert_eq!(heads[0].2, index == 0, "only the first is read");
            assert!(texts(sheet).iter().all(|t| t.1 > TOP && t.1 < BOTTOM && t.0 >= LEFT && t.0 < RIGHT));
        }
        let rows = sheets.sheets.iter().flat_map(|s| texts(s)).filter(|t| t.3.starts_with("O-")).count();
        assert_eq!(rows, 200);
    }

    #[test]
    fn a_row_higher_than_a_sheet_goes_on_on_the_next() {
        let faces = Faces::read().unwrap();
        let mut sheets = Sheets::new(&faces);
        let long = "word ".repeat(4000);
        table(&mut sheets, &sample(1, &long));
        assert!(sheets.sheets.len() > 1);
        let all: Vec<_> = sheets.sheets.iter().flat_map(|sheet| texts(sheet)).collect();
        assert!(all.iter().all(|t| t.1 < BOTTOM), "nothing stands below the foot");
        assert_eq!(all.iter().flat_map(|t| t.3.split(' ')).filter(|w| *w == "word").count(), 4000);
    }

    #[test]
    fn columns_of_numbers_are_as_wide_as_what_they_hold() {
        let faces = Faces::read().unwrap();
        let sheets = Sheets::new(&faces);
        let widths = widths(&sheets, &sample(3, "x"));
        assert!((widths.iter().sum::<f32>() + 2.0 * GAP - (RIGHT - LEFT)).abs() < 0.01, "{widths:?}");
        assert!(widths[2] >= faces.width(BODY.style, BODY.size, "10,700,000,000.00"));
        assert!(widths[1] > widths[2]);
    }
}
