//! What needs attention, with the reasons: what is at risk first, then what is overdue, then what comes.

use entente_register::brief::{AlertKind, Brief};
use entente_register::money::Currency;

use super::section::further;
use super::view::{Cell, Column, Kind, Piece, Table};
use crate::web::brief::{AlertSection, sections};
use crate::web::show;
use crate::web::way::Way;

/// Alerts of each kind at most; the page of alerts holds all.
const ALERTS: usize = 200;

/// The pieces of the section.
pub(super) fn attention(brief: &Brief, way: &Way) -> Vec<Piece> {
    const ORDER: [AlertKind; 4] =
        [AlertKind::AtRisk, AlertKind::Overdue, AlertKind::InstalmentOverdue, AlertKind::DueSoon];
    let sections = sections(brief, way, ALERTS);
    let ordered = ORDER.into_iter().filter_map(|kind| sections.iter().find(|s| s.word == kind.word()));
    ordered.flat_map(|section| alerts(section, brief.conventions.currency)).collect()
}

fn alerts(section: &AlertSection, currency: Currency) -> Vec<Piece> {
    let mut pieces = vec![Piece::Heading(section.title.clone()), Piece::Words(section.sum.clone())];
    if section.rows.is_empty() {
        return pieces;
    }
    let mut columns = vec![
        Column::new(section.of, Kind::Code),
        Column::new("Partner", Kind::Code),
        Column::new("What", Kind::Text(5)),
    ];
    if section.dated {
        columns.push(Column::new("Due", Kind::Number));
    }
    columns.push(Column::new("Still owed", Kind::Number));
    columns.push(Column::new("Why", Kind::Text(6)));
    let rows = section.rows.iter().map(|row| {
        let mut cells = vec![
            Cell::opens(row.number.clone(), row.href.clone()),
            Cell::of(row.partner.clone()),
            Cell::of(row.title.clone()),
        ];
        if section.dated {
            cells.push(Cell::of(row.due.clone()));
        }
        cells.push(Cell::of(row.value.clone()));
        cells.push(Cell::of(show::capital(&row.reason)));
        cells
    });
    pieces.push(Piece::Table(Table {
        id: match section.word {
            "overdue" => "table-overdue",
            "due_soon" => "table-due-soon",
            "at_risk" => "table-at-risk",
            _ => "table-instalments",
        },
        caption: format!("{}, the most valuable first, {currency}", section.title),
        columns,
        rows: rows.collect(),
    }));
    pieces.extend(further(section.further));
    pieces
}
