//! The rows of a workbook's sheet, one at a time.
//!
//! A sheet is parsed on a thread of its own, which stays a few hundred rows ahead of who reads: the parser
//! borrows the workbook for as long as it reads a sheet, and a sheet of a million rows is not held in memory.

use std::any::Any;
use std::collections::VecDeque;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use entente_register::book::cell::Cell;
use jiff::civil::{Date, DateTime, Time};

use super::package::{self, broken};
use super::{COLUMNS, Limits, RawRow, Rows, Shape, TableError};

type Parser = Xlsx<Cursor<Arc<[u8]>>>;

/// Rows that are handed over at once.
const AT_ONCE: usize = 256;

/// The greatest whole number below which every other is a number of a workbook too.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The first day of a workbook that all programs number alike: Excel counts a 29th of February 1900.
const FIRST_DAY: f64 = 61.0;

/// The day after the last of a workbook, 9999-12-31.
const END_OF_DAYS: f64 = 2_958_466.0;

/// A workbook that was found fit to be parsed.
pub(super) struct Workbook {
    bytes: Arc<[u8]>,
    names: Vec<String>,
    /// A parser that nobody uses, so that texts that sheets share are parsed once.
    idle: Mutex<Option<Parser>>,
}

impl Workbook {
    /// Looks at what the package holds, and then which sheets there are.
    pub(super) fn open(bytes: Arc<[u8]>, limits: Limits) -> Result<Workbook, TableError> {
        package::check(&bytes, limits)?;
        let parser = calmly(|| parser(&bytes))?;
        let sheets = parser.sheets_metadata().iter();
        let shown = sheets.filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible);
        let names = shown.map(|sheet| sheet.name.clone()).collect();
        Ok(Workbook { bytes, names, idle: Mutex::new(Some(parser)) })
    }

    /// The sheets that are shown, in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn rows(self: &Arc<Self>, sheet: &str) -> Rows {
        let sheet = sheet.to_owned();
        Box::new(XlsxRows { sheet, state: State::Start(Arc::clone(self)), ready: VecDeque::new() })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Option<Parser>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the rows of a sheet; stops when nobody hears.
    fn send(&self, sheet: &str, to: &SyncSender<Vec<Item>>) {
        let idle = self.idle().take();
        let mut parser = match idle.map_or_else(|| parser(&self.bytes), Ok) {
            Ok(parser) => parser,
            Err(error) => return drop(to.send(vec![Err(error)])),
        };
        let mut batch = Batch { to, items: Vec::new() };
        if let Err(Stop::Error(error)) = parse(&mut parser, sheet, &mut batch) {
            batch.items.push(Err(error));
        }
        *self.idle() = Some(parser);
        drop(to.send(batch.items));
    }
}

type Item = Result<RawRow, TableError>;

struct XlsxRows {
    sheet: String,
    state: State,
    ready: VecDeque<Item>,
}

enum State {
    Start(Arc<Workbook>),
    Within(Receiver<Vec<Item>>, JoinHandle<()>),
    End,
}

impl Iterator for XlsxRows {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item.map_err(|error| error.sheet(&self.sheet)));
            }
            self.state = match std::mem::replace(&mut self.state, State::End) {
                State::Start(workbook) => {
                    let (to, from) = sync_channel(2);
                    let sheet = self.sheet.clone();
                    match thread::Builder::new()
                        .name("sheet".into())
                        .spawn(move || workbook.send(&sheet, &to))
                    {
                        Ok(thread) => State::Within(from, thread),
                        Err(error) => {
                            self.ready.push_back(Err(TableError::new(
                                format!("the sheet cannot be read now: {error}"),
                                "try again later",
                            )));
                            State::End
                        }
                    }
                }
                State::Within(from, thread) => match from.recv() {
                    Ok(items) => {
                        self.ready.extend(items);
                        State::Within(from, thread)
                    }
                    Err(_) => {
                        self.ready.extend(thread.join().err().map(|_| Err(broken(&"its parser gave up"))));
                        State::End
                    }
                },
                State::End => return None,
            };
        }
    }
}

/// Why the parsing of a sheet stopped before its end.
enum Stop {
    /// Nobody hears.
    Unheard,
    Error(TableError),
}

/// Rows that are collected before they are handed over.
struct Batch<'a> {
    to: &'a SyncSender<Vec<Item>>,
    items: Vec<Item>,
}

impl Batch<'_> {
    fn push(&mut self, item: Item) -> Result<(), Stop> {
        self.items.push(item);
        if self.items.len() < AT_ONCE {
            return Ok(());
        }
        self.to.send(std::mem::take(&mut self.items)).map_err(|_| Stop::Unheard)
    }
}

/// Parses a sheet from its first cell to its last.
fn parse(parser: &mut Parser, sheet: &str, batch: &mut Batch<'_>) -> Result<(), Stop> {
    let is_1904 = parser.has_1904_epoch();
    let stop = |error: calamine::XlsxError| Stop::Error(broken(&error));
    let mut reader = parser.worksheet_cells_reader(sheet).map_err(stop)?;
    let mut shape = Shape::default();
    let mut current = 0;
    let mut cells = Vec::new();
    loop {
        let next = reader.next_cell().map_err(|error| match broken(&error) {
            error if current > 0 => Stop::Error(error.row(current)),
            error => Stop::Error(error),
        })?;
        let place = next.as_ref().map(|cell| u64::from(cell.get_position().0) + 1);
        if place != Some(current) {
            match shape.row(current, std::mem::take(&mut cells)) {
                Ok(None) => {}
                Ok(Some(row)) => batch.push(Ok(row))?,
                Err(error) => batch.push(Err(error))?,
            }
        }
        let (Some(next), Some(place)) = (next, place) else { return Ok(()) };
        if place < current {
            return Err(Stop::Error(broken(&"its rows are out of order").row(place)));
        }
        current = place;
        let column = next.get_position().1 as usize;
        let cell = cell(next.get_value(), is_1904);
        if cell.is_empty() {
            continue;
        }
        if column >= COLUMNS {
            return Err(Stop::Error(broken(&"a cell is beyond the last column").row(place)));
        }
        if cells.len() <= column {
            cells.resize(column + 1, Cell::Empty);
        }
        cells[column] = cell;
    }
}

/// What stands in a cell; of a formula, what it gave when the workbook was saved.
fn cell(value: &DataRef<'_>, is_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(number.to_string()),
        DataRef::Float(number) => self::number(*number),
        DataRef::String(text) => Cell::text(text.as_str()),
        DataRef::SharedString(text) => Cell::text(*text),
        DataRef::Bool(is_true) => Cell::Other(if *is_true { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(moment) => date(moment, is_1904),
        DataRef::DateTimeIso(text) => iso_date(text),
        DataRef::DurationIso(text) => Cell::Other(text.clone()),
        DataRef::Error(error) => Cell::Other(error.to_string()),
    }
}

/// A number as its shortest decimal text; what is too great to be exact is no value.
fn number(number: f64) -> Cell {
    // What is not a number is not within either.
    if number.abs() <= EXACT {
        // Nought has no sign.
        Cell::Number((number + 0.0).to_string())
    } else {
        Cell::Other(number.to_string())
    }
}

/// A day; with a time of day, or where programs number days differently, no value.
fn date(moment: &ExcelDateTime, is_1904: bool) -> Cell {
    let value = moment.as_f64();
    let first = if is_1904 { 0.0 } else { FIRST_DAY };
    if moment.is_duration() || !(first..END_OF_DAYS).contains(&value) {
        return Cell::Other(value.to_string());
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if value.fract() != 0.0 {
        return Cell::Other(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"));
    }
    let year = i16::try_from(year).unwrap_or_default();
    let part = |part| i8::try_from(part).unwrap_or_default();
    Date::new(year, part(month), part(day)).map_or_else(|_| Cell::Other(value.to_string()), Cell::Date)
}

/// A day as some programs write it: `2012-09-30`, `2012-09-30T00:00:00`.
fn iso_date(text: &str) -> Cell {
    match text.trim_end_matches('Z').parse::<DateTime>() {
        Ok(moment) if moment.time() == Time::midnight() => Cell::Date(moment.date()),
        _ => Cell::Other(text.to_owned()),
    }
}

fn parser(bytes: &Arc<[u8]>) -> Result<Parser, TableError> {
    Xlsx::new(Cursor::new(Arc::clone(bytes))).map_err(|error| broken(&error))
}

/// A parser that meets what it did not foresee may panic; that is the file's fault, not ours.
fn calmly<T>(parse: impl FnOnce() -> Result<T, TableError>) -> Result<T, TableError> {
    catch_unwind(AssertUnwindSafe(parse))
        .unwrap_or_else(|_: Box<dyn Any + Send>| Err(broken(&"its parser gave up")))
}
