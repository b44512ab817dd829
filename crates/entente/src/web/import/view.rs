//! What the pages of imports show.

use entente_register::book::cell::{self, Cell};
use entente_register::book::layout::Layout;
use entente_register::book::table::{Column, Table};

use crate::book::{Report, What};
use crate::formats::table::{CsvTable, Out, RawRow, TableError, TableWriter as _};
use crate::importing::{Done, Entry, Purpose, SHOWN, Stage};
use crate::web::show;
use crate::web::way::Way;

/// What can be brought in.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) word: &'static str,
    pub(crate) name: &'static str,
    pub(crate) chosen: bool,
    /// Endings of its templates.
    pub(crate) templates: &'static [&'static str],
    /// The names of its columns, those that are needed first.
    pub(crate) needed: String,
}

impl Offer {
    pub(crate) fn of(what: What, chosen: bool) -> Offer {
        let columns = what.table().map(Table::columns).unwrap_or_default();
        let needed: Vec<&str> = columns.iter().filter(|c| c.is_required).map(|c| c.name).collect();
        Offer {
            word: what.word(),
            name: what.name(),
            chosen,
            templates: match what {
                What::Ocds => &["json"],
                What::Book | What::Payments | What::Pipeline => &["xlsx"],
                _ => &["csv", "xlsx"],
            },
            needed: needed.join(", "),
        }
    }

    #[cfg(test)]
    pub(crate) fn all() -> Vec<Offer> {
        use clap::ValueEnum as _;
        What::value_variants().iter().map(|what| Offer::of(*what, *what == What::Contracts)).collect()
    }
}

/// A file that waits.
#[derive(Debug, Clone)]
pub(crate) struct WaitingFile {
    pub(crate) href: String,
    /// Where its faults can be had as a table.
    pub(crate) faults_href: String,
    pub(crate) name: String,
    pub(crate) what: &'static str,
    pub(crate) size: String,
    pub(crate) content: String,
    pub(crate) received_at: String,
    /// How it stands with it, in a few words.
    pub(crate) state: &'static str,
}

impl WaitingFile {
    pub(crate) fn of(entry: &Entry, way: &Way) -> WaitingFile {
        let kept = &entry.kept;
        WaitingFile {
            href: way.to(&format!("/import/{}", kept.id())),
            faults_href: way.to(&format!("/import/{}/faults.csv", kept.id())),
            name: kept.name().to_owned(),
            what: kept.what().name(),
            size: size(kept.size()),
            content: kept.content().to_owned(),
            received_at: show::instant(kept.received_at()),
            state: match entry.stage() {
                Stage::Waiting(_) => "waits its turn",
                Stage::Running(Purpose::Trial) => "is being tried",
                Stage::Running(Purpose::Import) => "is being imported",
                Stage::Done(done) if done.report.kept => "imported",
                Stage::Done(done) if done.report.is_clean() => "to be confirmed",
                Stage::Done(_) => "with faults",
                Stage::Refused(_) => "refused",
                Stage::Interrupted(_) => "to be tried again",
            },
        }
    }
}

fn size(bytes: u64) -> String {
    let whole = |n: u64| show::count(i64::try_from(n).unwrap_or(i64::MAX));
    match bytes {
        0..10_240 => format!("{} bytes", whole(bytes)),
        10_240..10_485_760 => format!("{} KiB", whole(bytes / 1_024)),
        _ => format!("{} MiB", whole(bytes / 1_048_576)),
    }
}

/// What became of the rows of a table.
#[derive(Debug, Clone)]
pub(crate) struct CountCells {
    pub(crate) table: &'static str,
    pub(crate) rows: String,
    pub(crate) added: String,
    pub(crate) changed: String,
    pub(crate) unchanged: String,
    /// Empty where all were judged.
    pub(crate) not_judged: String,
}

/// A fault.
#[derive(Debug, Clone)]
pub(crate) struct FaultCells {
    pub(crate) table: &'static str,
    pub(crate) row: String,
    pub(crate) column: String,
    pub(crate) value: String,
    pub(crate) reason: String,
    pub(crate) remedy: String,
}

/// The first rows of a table, as they were understood.
#[derive(Debug, Clone)]
pub(crate) struct FirstRowsCells {
    pub(crate) table: &'static str,
    /// Names of the columns, and whether they hold numbers.
    pub(crate) columns: Vec<(&'static str, bool)>,
    /// Where a row stands, and its cells.
    pub(crate) rows: Vec<(u64, Vec<String>)>,
}

/// What of a package the register has no place for.
#[derive(Debug, Clone)]
pub(crate) struct AsideCells {
    pub(crate) place: String,
    pub(crate) reason: String,
}

/// How it stands with a file, for people.
#[derive(Debug, Clone)]
pub(crate) enum PreviewView {
    /// Under way.
    Waiting { imports: bool, turn: bool, read: String },
    /// Gone through.
    Done(Box<DoneView>),
    /// Refused as a whole.
    Refused { message: String, missing: String },
    /// Not gone through, or not to the end.
    Interrupted { imports: bool, began: bool },
}

/// What became of a file that was gone through.
#[derive(Debug, Clone)]
pub(crate) struct DoneView {
    /// Whether it is in the register now.
    pub(crate) kept: bool,
    /// Whether it was to be imported, and was not.
    pub(crate) changed_since: bool,
    pub(crate) clean: bool,
    /// Whether anything would be new or changed.
    pub(crate) changes: bool,
    pub(crate) counts: Vec<CountCells>,
    pub(crate) faults: Vec<FaultCells>,
    /// How many there are, in words.
    pub(crate) number: String,
    /// How many are on the page, where that is not all.
    pub(crate) shown: Option<usize>,
    /// How many are counted but not kept by name.
    pub(crate) more: Option<String>,
    pub(crate) first: Vec<FirstRowsCells>,
    pub(crate) aside: Vec<AsideCells>,
}

/// Faults on the page; all that are kept stand in the table that can be had.
const FAULTS: usize = 200;

impl PreviewView {
    pub(crate) fn of(entry: &Entry, stage: &Stage) -> PreviewView {
        let read = entry.read.load(std::sync::atomic::Ordering::Relaxed);
        let read = show::count(i64::try_from(read).unwrap_or(i64::MAX));
        match stage {
            Stage::Waiting(purpose) => {
                PreviewView::Waiting { imports: *purpose == Purpose::Import, turn: false, read }
            }
            Stage::Running(purpose) => {
                PreviewView::Waiting { imports: *purpose == Purpose::Import, turn: true, read }
            }
            Stage::Done(done) => PreviewView::Done(Box::new(DoneView::of(done))),
            Stage::Refused(refusal) => PreviewView::Refused {
                message: refusal.message.clone(),
                missing: refusal.missing.clone().unwrap_or_default(),
            },
            Stage::Interrupted(purpose) => PreviewView::Interrupted {
                imports: *purpose == Some(Purpose::Import),
                began: purpose.is_some(),
            },
        }
    }

    pub(crate) fn title(&self) -> &'static str {
        match self {
            PreviewView::Waiting { imports: true, .. } => "Importing",
            PreviewView::Waiting { .. } => "Trying the file",
            PreviewView::Done(done) if done.kept => "Imported",
            PreviewView::Done(done) if done.clean => "Preview of the import",
            PreviewView::Done(_) => "Faults in the file",
            PreviewView::Refused { .. } => "The file is not taken",
            PreviewView::Interrupted { .. } => "To be tried again",
        }
    }
}

impl DoneView {
    pub(crate) fn of(done: &Done) -> DoneView {
        let report = &done.report;
        let number = report.problems.len() as u64 + report.more;
        let words = |n: u64| show::count(i64::try_from(n).unwrap_or(i64::MAX));
        let counts = report.tables.iter().map(|(table, counts)| CountCells {
            table: table.word(),
            rows: words(counts.rows),
            added: words(counts.added),
            changed: words(counts.changed),
            unchanged: words(counts.unchanged),
            not_judged: if counts.not_judged == 0 { String::new() } else { words(counts.not_judged) },
        });
        DoneView {
            kept: report.kept,
            changed_since: done.purpose == Purpose::Import && !report.kept,
            clean: report.is_clean(),
            changes: report.tables.values().any(|counts| counts.added + counts.changed > 0),
            counts: counts.collect(),
            faults: report.problems.iter().take(FAULTS).map(fault).collect(),
            number: if number == 1 { "1 fault".to_owned() } else { format!("{} faults", words(number)) },
            shown: (report.problems.len() > FAULTS).then_some(FAULTS),
            more: (report.more > 0).then(|| words(report.more)),
            first: done.first.iter().filter_map(|(table, rows)| first(*table, rows)).collect(),
            aside: report
                .aside
                .iter()
                .map(|aside| AsideCells {
                    place: match aside.count {
                        1 => aside.pointer.clone(),
                        count => format!("{} and {} more", aside.pointer, count - 1),
                    },
                    reason: aside.reason.to_string(),
                })
                .collect(),
        }
    }
}

type Placed = (Table, entente_register::book::layout::Problem);

fn column((_, problem): &Placed) -> String {
    match (&problem.column, &problem.pointer) {
        (_, Some(pointer)) => pointer.clone(),
        (Some((name, letter)), None) if letter.is_empty() => name.clone(),
        (Some((name, letter)), None) => format!("{name} ({letter})"),
        (None, None) => String::new(),
    }
}

fn fault(placed: &Placed) -> FaultCells {
    let (table, problem) = placed;
    FaultCells {
        table: table.word(),
        row: if problem.pointer.is_some() { String::new() } else { problem.row.to_string() },
        column: column(placed),
        value: problem.value.chars().take(200).collect(),
        reason: problem.reason.clone(),
        remedy: problem.remedy.clone(),
    }
}

/// All faults as a table for a spreadsheet.
///
/// # Errors
/// What cannot be written.
pub(crate) fn faults(report: &Report) -> Result<Vec<u8>, TableError> {
    let mut table = CsvTable::with_mark(Vec::new())?;
    table.header(&["table", "row", "column", "letter", "place", "value", "reason", "remedy"])?;
    for (of, problem) in &report.problems {
        let (name, letter) = problem.column.clone().unwrap_or_default();
        let text = |text: &str| Out::Text(text.to_owned());
        let row = match problem.pointer {
            Some(_) => Out::Empty,
            None => Out::Whole(i64::try_from(problem.row).unwrap_or(i64::MAX)),
        };
        table.row(&[
            text(of.word()),
            row,
            text(&name),
            text(&letter),
            text(problem.pointer.as_deref().unwrap_or_default()),
            text(&problem.value),
            text(&problem.reason),
            text(&problem.remedy),
        ])?;
    }
    table.finish()?;
    table.into_inner()
}

/// The first rows, each value as it was read: a date as a date, a number without its grouping.
fn first(table: Table, rows: &[RawRow]) -> Option<FirstRowsCells> {
    let (header, rows) = rows.split_first()?;
    let layout = Layout::of(table, header.place, &header.cells).ok()?;
    let columns: Vec<(&Column, usize)> = layout.columns().collect();
    let cells = |row: &RawRow| {
        let value = |(column, place): &(&Column, usize)| {
            row.cells.get(*place).map(|cell| understood(column, cell)).unwrap_or_default()
        };
        (row.place, columns.iter().map(value).collect())
    };
    Some(FirstRowsCells {
        table: table.word(),
        columns: columns.iter().map(|(column, _)| (column.name, is_number(column))).collect(),
        rows: rows.iter().take(SHOWN).map(cells).collect(),
    })
}

fn is_number(column: &Column) -> bool {
    let example = Cell::text(column.example);
    !example.is_empty() && cell::number(column.name, &example).is_ok()
}

/// What a cell says as what its column holds, which the column's example tells; as it stands where it does not.
fn understood(column: &Column, given: &Cell) -> String {
    let example = Cell::text(column.example);
    if given.is_empty() {
        String::new()
    } else if cell::date(column.name, &example).is_ok() {
        cell::date(column.name, given).map_or_else(|_| given.to_string(), |date| date.to_string())
    } else if is_number(column) {
        cell::number(column.name, given).unwrap_or_else(|_| given.to_string())
    } else {
        given.to_string().chars().take(120).collect()
    }
}
