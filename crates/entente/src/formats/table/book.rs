//! A file, a folder or an upload as sheets by name.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::xlsx::Workbook;
use super::{Limits, Rows, TableError, csv};

/// What is said of every format that is not read.
pub(super) const SAVE_AS: &str = "save as .xlsx or CSV UTF-8";

/// Sheets by name: of a workbook, of a folder with a CSV file each, or of one CSV file alone.
#[derive(Debug)]
pub struct Book {
    sheets: Vec<Sheet>,
}

/// A sheet, whose rows can be read as often as needed.
#[derive(Debug)]
pub struct Sheet {
    name: String,
    source: Source,
    limits: Limits,
}

/// Where the rows of a sheet come from.
enum Source {
    /// A CSV file, opened when its rows are asked for.
    CsvFile(PathBuf),
    /// A CSV file that was uploaded.
    CsvBytes(Arc<[u8]>),
    /// A sheet of a workbook.
    Workbook(Arc<Workbook>),
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::CsvFile(path) => f.debug_tuple("CsvFile").field(path).finish(),
            Source::CsvBytes(bytes) => write!(f, "CsvBytes({} bytes)", bytes.len()),
            Source::Workbook(_) => f.write_str("Workbook"),
        }
    }
}

impl Book {
    /// Its sheets: in the order of the workbook, or by the names of the files.
    pub fn sheets(&self) -> &[Sheet] {
        &self.sheets
    }

    /// The sheet of a name, whatever its case.
    pub fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.is_named(name))
    }

    /// A book of these sheets, no two of which have one name: a reader could not tell which one was meant.
    fn of(sheets: Vec<Sheet>, none: &str) -> Result<Book, TableError> {
        if sheets.is_empty() {
            return Err(TableError::new(none, "give a .csv or .xlsx file with the tables"));
        }
        for (at, sheet) in sheets.iter().enumerate() {
            if sheets.iter().take(at).any(|other| other.is_named(&sheet.name)) {
                let reason = "another table has the same name but for its case";
                return Err(TableError::new(reason, "give each table a name of its own").sheet(&sheet.name));
            }
        }
        Ok(Book { sheets })
    }
}

impl Sheet {
    /// Its name; of a CSV file, its name without the ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rows, read one at a time from the first on. The first that is not blank names the columns.
    pub fn rows(&self) -> Rows {
        match &self.source {
            Source::CsvFile(path) => match File::open(path) {
                Ok(file) => csv::rows(&self.name, Box::new(BufReader::new(file)), self.limits),
                Err(error) => Box::new(std::iter::once(Err(unreadable(&error).sheet(&self.name)))),
            },
            Source::CsvBytes(bytes) => {
                csv::rows(&self.name, Box::new(Cursor::new(Arc::clone(bytes))), self.limits)
            }
            Source::Workbook(workbook) => workbook.rows(&self.name),
        }
    }

    fn is_named(&self, name: &str) -> bool {
        self.name.trim().to_lowercase() == name.trim().to_lowercase()
    }
}

/// Opens a workbook, a CSV file, or a folder in which each `NAME.csv` is the sheet `NAME`.
///
/// # Errors
/// What cannot be read, and as what to save it. What is wrong within the rows is said by [`Sheet::rows`].
pub fn open(path: &Path, limits: Limits) -> Result<Book, TableError> {
    let about = path.metadata().map_err(|error| unreadable(&error).sheet(&path.display().to_string()))?;
    if about.is_dir() {
        return folder(path, limits);
    }
    let name = stem(path);
    let file = || File::open(path).map_err(|error| unreadable(&error).sheet(&name));
    match Format::of(path)? {
        Format::Csv => {
            check_text(&name, &mut BufReader::new(file()?))?;
            let source = Source::CsvFile(path.to_owned());
            Book::of(vec![Sheet { name, source, limits }], "")
        }
        Format::Xlsx => {
            check_size(&name, about.len(), limits)?;
            let mut bytes = Vec::new();
            // The file may grow while it is read.
            file()?
                .take(limits.file.saturating_add(1))
                .read_to_end(&mut bytes)
                .map_err(|error| unreadable(&error).sheet(&name))?;
            workbook(&name, bytes.into(), limits)
        }
    }
}

/// Opens a file that was uploaded under a name; the name's ending says what it is.
///
/// # Errors
/// As [`open`].
pub fn open_bytes(name: &str, bytes: &[u8], limits: Limits) -> Result<Book, TableError> {
    let path = Path::new(name);
    let name = stem(path);
    match Format::of(path)? {
        Format::Csv => {
            check_text(&name, &mut Cursor::new(bytes))?;
            let source = Source::CsvBytes(bytes.into());
            Book::of(vec![Sheet { name, source, limits }], "")
        }
        Format::Xlsx => workbook(&name, bytes.into(), limits),
    }
}

fn workbook(name: &str, bytes: Arc<[u8]>, limits: Limits) -> Result<Book, TableError> {
    check_size(name, bytes.len() as u64, limits)?;
    let workbook = Arc::new(Workbook::open(bytes, limits).map_err(|error| error.sheet(name))?);
    let sheets = workbook.names().iter().map(|sheet| Sheet {
        name: sheet.clone(),
        source: Source::Workbook(Arc::clone(&workbook)),
        limits,
    });
    Book::of(sheets.collect(), "the workbook has no sheet that is shown")
}

fn folder(path: &Path, limits: Limits) -> Result<Book, TableError> {
    let unreadable = |error| unreadable(&error).sheet(&path.display().to_string());
    let mut sheets = Vec::new();
    for entry in path.read_dir().map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        let name = stem(&file);
        // Spreadsheet programs and systems keep files of their own beside the tables: `.~lock.lines.csv#`.
        if name.starts_with(['.', '~']) || !file.is_file() {
            continue;
        }
        match ending(&file).as_str() {
            "csv" => {
                let head = File::open(&file).map_err(unreadable)?;
                check_text(&name, &mut BufReader::new(head))?;
                sheets.push(Sheet { name, source: Source::CsvFile(file), limits });
            }
            // A table that is passed over without a word would be missed too late.
            "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" => {
                let reason = "in a folder only CSV files are read, and this is a workbook";
                return Err(
                    TableError::new(reason, "give the workbook by itself, or take it away").sheet(&name)
                );
            }
            _ => {}
        }
    }
    sheets.sort_by(|a, b| a.name.cmp(&b.name));
    Book::of(sheets, "the folder has no CSV file").map_err(|error| match error.sheet {
        Some(_) => error,
        None => error.sheet(&path.display().to_string()),
    })
}

/// What is read.
enum Format {
    Csv,
    Xlsx,
}

impl Format {
    /// By the ending of the name.
    fn of(path: &Path) -> Result<Format, TableError> {
        let reason = match ending(path).as_str() {
            "csv" => return Ok(Format::Csv),
            "xlsx" => return Ok(Format::Xlsx),
            "" => "the file's name has no ending, which says what it is".to_owned(),
            "xlsm" | "xltm" | "xlsb" => "workbooks with macros are not opened".to_owned(),
            other => format!(".{other} files are not read"),
        };
        Err(TableError::new(reason, SAVE_AS).sheet(&stem(path)))
    }
}

fn ending(path: &Path) -> String {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default()
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Refuses what is no text at all, before anything is read from it.
fn check_text(name: &str, input: &mut dyn BufRead) -> Result<(), TableError> {
    let head = input.fill_buf().map_err(|error| unreadable(&error).sheet(name))?;
    let reason = match head {
        [b'P', b'K', 3, 4, ..] | [0xD0, 0xCF, 0x11, 0xE0, ..] => "the file is a workbook, not CSV",
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, ..] | [_, 0, ..] => "the file is UTF-16, not UTF-8",
        _ => return Ok(()),
    };
    Err(TableError::new(reason, csv::SAVE_AS).sheet(name).row(1).column(0))
}

fn check_size(name: &str, bytes: u64, limits: Limits) -> Result<(), TableError> {
    if bytes <= limits.file {
        return Ok(());
    }
    let reason = format!("the workbook has more than {}", in_words(limits.file));
    Err(TableError::new(reason, "save its sheets as CSV UTF-8").sheet(name))
}

/// A number of bytes for people.
pub(super) fn in_words(bytes: u64) -> String {
    if bytes >= 1 << 20 { format!("{} MiB", bytes >> 20) } else { format!("{bytes} bytes") }
}

fn unreadable(error: &std::io::Error) -> TableError {
    TableError::new(format!("the file cannot be read: {error}"), "see that it is there and may be read")
}
