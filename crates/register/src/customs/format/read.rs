//! Reading what customs send.

use std::collections::BTreeSet;
use std::str::FromStr;

use csv::StringRecord;
use sha2::{Digest as _, Sha256};

use super::{
    ANSWER, END, FileKind, HEAD, LONGEST, MOST_BYTES, MOST_ROWS, ReplyRow, USAGE, UsageRow, VERSION,
};
use crate::ledger::{Fallible, Refusal, check_year, parse_date, parse_instant};
use crate::money::{Currency, Money, Quantity, Unit};

/// The highest number of a run.
const MOST_RUNS: u32 = 999_999_999;

/// A licence reply that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyFile {
    /// Number of the run that is answered.
    pub run: u32,
    /// When customs made it, as they wrote it.
    pub made_at: String,
    /// SHA-256 of the whole file, hexadecimal.
    pub content: String,
    /// Rows.
    pub rows: Vec<ReplyRow>,
}

/// Usage data that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageFile {
    /// Number of the run.
    pub run: u32,
    /// When customs made it, as they wrote it.
    pub made_at: String,
    /// SHA-256 of the whole file, hexadecimal.
    pub content: String,
    /// Rows.
    pub rows: Vec<UsageRow>,
}

/// The text of a file that comes in as bytes.
///
/// # Errors
/// `customs.too_large` or `customs.encoding`.
pub fn text_of(bytes: Vec<u8>) -> Fallible<String> {
    if bytes.len() > MOST_BYTES {
        return Err(too_large(bytes.len()));
    }
    String::from_utf8(bytes)
        .map_err(|_| refused("customs.encoding", "The file is not in UTF-8.", "the file as customs wrote it"))
}

fn too_large(bytes: usize) -> Refusal {
    let missing = format!("at most {MOST_BYTES} bytes; more in another run");
    refused("customs.too_large", format!("The file has {bytes} bytes."), missing)
}

/// Reads what customs answer to a run of licence data.
///
/// # Errors
/// `customs.malformed`, naming line and column; `customs.too_large`, `customs.trailer`, `customs.hash` or `customs.count`.
pub fn read_licence_reply(text: &str) -> Fallible<ReplyFile> {
    let opened = open(text, FileKind::LicenceReply)?;
    let mut seen = BTreeSet::new();
    let mut rows = Vec::with_capacity(opened.records.len());
    for record in &opened.records {
        let cells = Cells::of(record, "licence", &ANSWER)?;
        let licence = cells.text(1, 100)?.to_owned();
        let result = cells.get(2);
        let rejected = match result {
            "accepted" => None,
            "rejected" => Some((cells.text(3, 60)?.to_owned(), cells.text(4, LONGEST)?.to_owned())),
            _ => return Err(cells.slip(2, format!("{result:?} is no result."), "accepted or rejected")),
        };
        if !seen.insert(licence.clone()) {
            return Err(cells.slip(1, format!("Licence {licence} is answered twice."), "each licence once"));
        }
        rows.push(ReplyRow { row: cells.line, licence, rejected });
    }
    Ok(ReplyFile { run: opened.run, made_at: opened.made_at, content: opened.content, rows })
}

/// Reads what went under licences.
///
/// # Errors
/// As [`read_licence_reply`].
pub fn read_usage_data(text: &str) -> Fallible<UsageFile> {
    let opened = open(text, FileKind::UsageData)?;
    let mut seen = BTreeSet::new();
    let mut rows = Vec::with_capacity(opened.records.len());
    for record in &opened.records {
        let cells = Cells::of(record, "usage", &USAGE)?;
        let currency: Currency = cells.read(9, Currency::from_str)?;
        let delivery = match cells.get(10) {
            "" => None,
            _ => Some(cells.text(10, 100)?.to_owned()),
        };
        let row = UsageRow {
            row: cells.line,
            licence: cells.text(1, 100)?.to_owned(),
            line: cells.number(2, 10_000)?,
            declaration: cells.text(3, 60)?.to_owned(),
            item: cells.number(4, 99_999)?,
            on: cells.read(5, |text| parse_date("day", text))?,
            quantity: cells.read(6, |text| Quantity::parse("quantity", text))?,
            unit: cells.read(7, |text| Unit::parse("unit", text))?,
            value: cells.read(8, |text| Money::parse("value", text, currency))?,
            delivery,
        };
        cells.read(5, |_| check_year("day", row.on))?;
        if !seen.insert((row.licence.clone(), row.reference())) {
            let why = format!("Declaration {} is named twice for licence {}.", row.reference(), row.licence);
            return Err(cells.slip(3, why, "each item of a declaration once for a licence"));
        }
        rows.push(row);
    }
    Ok(UsageFile { run: opened.run, made_at: opened.made_at, content: opened.content, rows })
}

/// A file whose first and last records are as they should be.
struct Opened {
    run: u32,
    made_at: String,
    content: String,
    records: Vec<StringRecord>,
}

fn open(text: &str, kind: FileKind) -> Fallible<Opened> {
    if text.len() > MOST_BYTES {
        return Err(too_large(text.len()));
    }
    // A mark before the first letter is none of the file’s.
    let covered = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (covered, hash, counted) = trailer(covered)?;
    let found = hex::encode(Sha256::digest(covered.as_bytes()));
    if found != hash {
        let why = format!("The trailer says that the file has the hash {hash}; it has {found}.");
        return Err(refused("customs.hash", why, "the file as customs wrote it, to the letter"));
    }
    let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(covered.as_bytes());
    let mut records = reader.into_records().map(|record| {
        record.map_err(|_| {
            refused("customs.malformed", "The file cannot be read as records.", "records in UTF-8")
        })
    });
    let first = records.next().transpose()?.ok_or_else(|| {
        refused(
            "customs.malformed",
            "The file has a trailer alone.",
            "the first record, with what the file is",
        )
    })?;
    let head = Cells::of(&first, "file", &HEAD)?;
    if head.get(1) != VERSION {
        let why = format!("The file is of version {:?} of the format.", head.get(1));
        return Err(head.slip(1, why, format!("version {VERSION}")));
    }
    if head.get(2) != kind.word() {
        let why = format!("The file is {:?}, and {} is brought in here.", head.get(2), kind.name());
        return Err(head.slip(2, why, kind.word()));
    }
    let run = head.number(3, MOST_RUNS)?;
    head.read(4, |text| parse_instant("made_at", text))?;
    let made_at = head.get(4).to_owned();
    let said = head.count(5)?;
    let mut rows = Vec::new();
    for record in records {
        rows.push(record?);
        if rows.len() > MOST_ROWS {
            let why = format!("The file has more than {MOST_ROWS} rows.");
            return Err(refused("customs.too_large", why, "fewer rows; more in another run"));
        }
    }
    if rows.len() != said || said != counted {
        let why =
            format!("The first record says {said} rows, the trailer {counted}; {} stand there.", rows.len());
        return Err(refused("customs.count", why, "the file as customs wrote it, with all its rows"));
    }
    let content = hex::encode(Sha256::digest(text.as_bytes()));
    Ok(Opened { run, made_at, content, records: rows })
}

/// What stands before the trailer, the hash that it says, and how many rows.
fn trailer(text: &str) -> Fallible<(&str, &str, usize)> {
    let none = || {
        refused(
            "customs.trailer",
            "The last line is no trailer: the file broke off, or something stands after it.",
            format!("a last line with {}", END.join(", ")),
        )
    };
    let whole = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text)).unwrap_or(text);
    let at = whole.rfind('\n').map_or(0, |at| at + 1);
    let cells: Vec<&str> = whole[at..].split(',').collect();
    let ["end", records, hash] = cells.as_slice() else { return Err(none()) };
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let records = records.parse().map_err(|_| none())?;
    if !is_hash {
        return Err(none());
    }
    Ok((&text[..at], hash, records))
}

fn refused(code: &'static str, why: impl Into<String>, missing: impl Into<String>) -> Refusal {
    Refusal::new(code, why).field("file").missing(missing)
}

/// A record with the names of its columns.
struct Cells<'r> {
    record: &'r StringRecord,
    line: u32,
    columns: &'r [&'static str],
}

impl<'r> Cells<'r> {
    /// A record of a kind, with all its columns.
    fn of(record: &'r StringRecord, kind: &str, columns: &'r [&'static str]) -> Fallible<Cells<'r>> {
        let line = record.position().map_or(0, csv::Position::line);
        let cells = Cells { record, line: u32::try_from(line).unwrap_or(u32::MAX), columns };
        if cells.get(0) != kind {
            let why = format!("{:?} is no record that stands here.", cells.get(0));
            return Err(cells.slip(0, why, kind));
        }
        if record.len() != columns.len() {
            let why = format!("Line {line}: the record has {} columns.", record.len());
            let missing = format!("{} columns: {}", columns.len(), columns.join(", "));
            return Err(refused("customs.malformed", why, missing));
        }
        // Also where nothing else is read of a cell: a record is a line.
        let broken = (0..columns.len()).find(|column| cells.get(*column).chars().any(char::is_control));
        match broken {
            Some(column) => {
                Err(cells.slip(column, "The field holds control characters.", "plain text on one line"))
            }
            None => Ok(cells),
        }
    }

    fn get(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or_default()
    }

    fn slip(&self, column: usize, why: impl Into<String>, missing: impl Into<String>) -> Refusal {
        let name = self.columns.get(column).copied().unwrap_or_default();
        let why = format!("Line {}, column {} ({name}): {}", self.line, column + 1, why.into());
        refused("customs.malformed", why, missing)
    }

    /// A text that is there, on one line.
    fn text(&self, column: usize, most: usize) -> Fallible<&'r str> {
        let text = self.get(column);
        if text.trim() != text || text.is_empty() {
            return Err(self.slip(column, "The field is empty, or has blanks around it.", "a text"));
        }
        if text.chars().count() > most {
            return Err(self.slip(column, "The field is too long.", format!("at most {most} letters")));
        }
        Ok(text)
    }

    /// A whole number from 1.
    fn number(&self, column: usize, most: u32) -> Fallible<u32> {
        let number = self.digits(column)?;
        match u32::try_from(number) {
            Ok(number) if (1..=most).contains(&number) => Ok(number),
            _ => Err(self.slip(
                column,
                format!("{number} is no number that can stand here."),
                format!("a number from 1 to {most}"),
            )),
        }
    }

    /// How many, from none.
    fn count(&self, column: usize) -> Fallible<usize> {
        Ok(usize::try_from(self.digits(column)?).unwrap_or(usize::MAX))
    }

    fn digits(&self, column: usize) -> Fallible<u64> {
        let text = self.get(column);
        let is_shaped = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        text.parse().ok().filter(|_| is_shaped).ok_or_else(|| {
            self.slip(column, format!("{text:?} is no whole number."), "digits, without a zero before them")
        })
    }

    /// A field as its own type reads it.
    fn read<T>(&self, column: usize, read: impl FnOnce(&str) -> Fallible<T>) -> Fallible<T> {
        read(self.get(column))
            .map_err(|slip| self.slip(column, slip.message, slip.missing.unwrap_or_default()))
    }
}
