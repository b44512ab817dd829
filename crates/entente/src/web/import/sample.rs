//! Files on the pages of imports, as hostile as people can make them.

use entente_register::book::cell::Cell;
use entente_register::book::layout::Problem;
use entente_register::book::table::Table;

use super::view::{DoneView, PreviewView, WaitingFile};
use crate::book::{Counts, Report};
use crate::formats::table::RawRow;
use crate::importing::{Done, FirstRows, Purpose};
use crate::web::sample::HOSTILE;
use crate::web::way::Way;

pub(crate) fn file(way: &Way) -> WaitingFile {
    WaitingFile {
        href: way.to("/import/00"),
        faults_href: way.to("/import/00/faults.csv"),
        name: HOSTILE.to_owned(),
        what: "Contracts",
        size: "12 KiB".to_owned(),
        content: "ab".repeat(32),
        received_at: "1 October 2012 08:30".to_owned(),
        state: "to be confirmed",
    }
}

fn done(kept: bool, problems: Vec<(Table, Problem)>) -> PreviewView {
    let counts = Counts { rows: 12, added: 10, changed: 1, unchanged: 1, not_judged: 3 };
    let row = |place, cells: [&str; 2]| RawRow { place, cells: cells.map(Cell::text).to_vec() };
    let first = FirstRows::from([(
        Table::Partners,
        vec![row(1, ["code", "name"]), row(2, ["BRA", HOSTILE]), row(3, ["IND", "India"])],
    )]);
    let report = Report {
        kept,
        is_trial: !kept,
        tables: [(Table::Partners, counts)].into(),
        problems,
        ..Report::default()
    };
    PreviewView::Done(Box::new(DoneView::of(&Done { purpose: Purpose::Trial, report, first })))
}

/// How it can stand with a file, by name.
pub(crate) fn previews() -> Vec<(&'static str, PreviewView)> {
    let problem = Problem {
        row: 4,
        column: Some(("code".to_owned(), "A".to_owned())),
        pointer: None,
        value: HOSTILE.to_owned(),
        reason: HOSTILE.to_owned(),
        remedy: HOSTILE.to_owned(),
    };
    let waiting = |turn, imports| PreviewView::Waiting { imports, turn, read: "12,000".to_owned() };
    let interrupted = |imports, began| PreviewView::Interrupted { imports, began };
    vec![
        ("import, waiting", waiting(false, false)),
        ("import, trying", waiting(true, false)),
        ("import, importing", waiting(true, true)),
        ("import, preview", done(false, Vec::new())),
        ("import, faults", done(false, vec![(Table::Partners, problem)])),
        ("import, done", done(true, Vec::new())),
        (
            "import, refused",
            PreviewView::Refused { message: HOSTILE.to_owned(), missing: HOSTILE.to_owned() },
        ),
        ("import, started again", interrupted(false, false)),
        ("import, ended in a trial", interrupted(false, true)),
        ("import, ended in an import", interrupted(true, true)),
    ]
}
