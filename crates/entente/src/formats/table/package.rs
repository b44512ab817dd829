//! What a workbook's package may hold, by its directory, before any of it is parsed.
//!
//! A part that holds more than the directory announces is no danger: whoever reads it comes to an error
//! where the announced size ends. The parser takes one number in a part at its word, though, and sets
//! memory apart for it; so that part is unpacked once for a look at the number.

use std::io::{Cursor, Read};
use std::sync::Arc;

use zip::ZipArchive;

use super::book::{SAVE_AS, in_words};
use super::{Limits, TableError};

/// Parts of a package; a workbook has some for each sheet, picture and chart.
const PARTS: usize = 4_096;

/// Where the texts of cells are kept once each.
const STRINGS: &str = "sharedstrings.xml";

/// The attribute by which the shared strings say how many they are; the parser sets memory apart for so many.
const COUNT: &[u8] = b"uniqueCount";

/// What follows [`COUNT`] that must be seen with it: `="4294967295"`.
const AFTER: usize = 32;

/// Refuses what is no workbook, what would unpack to too much, and macros.
pub(super) fn check(bytes: &Arc<[u8]>, limits: Limits) -> Result<(), TableError> {
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let reason = "the workbook is locked by a password, or of the older format .xls";
        return Err(TableError::new(reason, format!("{SAVE_AS}, without a password")));
    }
    let mut zip = ZipArchive::new(Cursor::new(Arc::clone(bytes))).map_err(|_| no_workbook())?;
    if zip.len() > PARTS {
        return Err(too_much(&format!("more than {PARTS} parts")));
    }
    // First what is announced, before anything is unpacked.
    let mut announced = 0u64;
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|error| broken(&error))?;
        announced = announced.saturating_add(part.size());
        let name = name_of(&part.name().map_err(|error| broken(&error))?);
        if name.ends_with("vbaproject.bin") {
            return Err(TableError::new("workbooks with macros are not opened", SAVE_AS));
        }
        if part.size() > most(&name, limits) {
            return Err(too_much(&format!("more than {} in {name}", in_words(most(&name, limits)))));
        }
    }
    if announced > limits.unpacked {
        return Err(too_much(&format!("more than {}", in_words(limits.unpacked))));
    }
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|error| broken(&error))?;
        if name_of(&part.name().map_err(|error| broken(&error))?).ends_with(STRINGS) {
            let count = Count::new(part.size());
            count.check(part)?;
        }
    }
    Ok(())
}

/// A part's name as the parser looks for it.
fn name_of(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// The most that a part may hold. Sheets are parsed as they are read; what is parsed as a whole takes many
/// times its size in memory, and there is little of it in a workbook that people made.
fn most(name: &str, limits: Limits) -> u64 {
    if name.ends_with(STRINGS) {
        limits.unpacked / 4
    } else if name.ends_with(".rels") || (name.ends_with(".xml") && !name.contains("/worksheets/")) {
        limits.unpacked / 32
    } else {
        limits.unpacked
    }
}

/// Sees to it that the shared strings say no number that they cannot be.
struct Count {
    /// A string takes at least so many bytes of XML that there are no more than this.
    most: u64,
    /// What was seen last, and may go on in the next bytes.
    seen: Vec<u8>,
}

impl Count {
    fn new(size: u64) -> Count {
        Count { most: size / "<si/>".len() as u64, seen: Vec::new() }
    }

    fn check(mut self, mut part: impl Read) -> Result<(), TableError> {
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = part.read(&mut buffer).map_err(|error| broken(&error))?;
            self.look(&buffer[..read], read == 0)?;
            if read == 0 {
                return Ok(());
            }
        }
    }

    fn look(&mut self, bytes: &[u8], is_end: bool) -> Result<(), TableError> {
        // In UTF-16, or in an encoding with escapes, the attribute could not be told.
        if bytes.iter().any(|&byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
            return Err(no_workbook());
        }
        self.seen.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(found) = find(&self.seen[at..], COUNT) {
            let rest = &self.seen[at + found + COUNT.len()..];
            if rest.len() < AFTER && !is_end {
                break;
            }
            if !self.is_possible(rest) {
                return Err(too_much("more texts announced than it holds"));
            }
            at += found + COUNT.len();
        }
        let kept = self.seen.len().saturating_sub(COUNT.len() + AFTER);
        self.seen.drain(..kept.max(at));
        Ok(())
    }

    /// What follows the attribute's name: a number that can be, or no value at all, as within a text.
    fn is_possible(&self, rest: &[u8]) -> bool {
        let rest = &rest[..rest.len().min(AFTER)];
        let Some(value) = rest.strip_prefix(b"=\"").or_else(|| rest.strip_prefix(b"='")) else {
            return !matches!(rest.trim_ascii_start().first(), Some(b'=') | None);
        };
        let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let is_whole = matches!(value.get(digits), Some(b'"' | b'\''));
        let number = std::str::from_utf8(&value[..digits]).ok().and_then(|text| text.parse::<u64>().ok());
        is_whole && number.is_some_and(|number| number <= self.most)
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn no_workbook() -> TableError {
    TableError::new("the file is no workbook", SAVE_AS)
}

fn too_much(what: &str) -> TableError {
    TableError::new(format!("the workbook unpacks to too much: {what}"), "save its sheets as CSV UTF-8")
}

/// A workbook that its own program may be able to mend.
pub(super) fn broken(error: &dyn std::fmt::Display) -> TableError {
    TableError::new(
        format!("the workbook is broken: {error}"),
        "open it in a spreadsheet program and save it again as .xlsx",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::table::tests::package;

    const LIMITS: Limits = Limits { file: 1 << 20, unpacked: 1 << 20, row: 1 << 20 };

    fn refusal(bytes: Vec<u8>) -> String {
        check(&bytes.into(), LIMITS).map_or_else(|error| error.to_string(), |()| "taken".to_owned())
    }

    #[test]
    fn what_is_no_package_is_refused() {
        for bytes in [&b"a,b\n1,2\n"[..], b"", b"PK\x03\x04 and no more"] {
            assert_eq!(refusal(bytes.to_vec()), format!("the file is no workbook; {SAVE_AS}"));
        }
        assert!(refusal(vec![0xD0, 0xCF, 0x11, 0xE0, 0]).contains("without a password"));
        assert_eq!(
            refusal(package(&[("xl/vbaProject.bin", "x")])),
            format!("workbooks with macros are not opened; {SAVE_AS}")
        );
    }

    #[test]
    fn bombs_are_refused_by_what_they_announce() {
        let much = " ".repeat(600 << 10);
        let sheets = package(&[("xl/worksheets/sheet1.xml", &much), ("xl/worksheets/sheet2.xml", &much)]);
        assert!(sheets.len() < 10_000, "{}", sheets.len());
        assert!(refusal(sheets).contains("unpacks to too much: more than 1 MiB"));
        assert_eq!(refusal(package(&[("xl/worksheets/sheet1.xml", &much)])), "taken");
        assert!(
            refusal(package(&[("xl/styles.xml", &much)])).contains("more than 32768 bytes in xl/styles.xml")
        );
        assert!(refusal(package(&[("xl/sharedStrings.xml", &much)])).contains("in xl/sharedstrings.xml"));
    }

    #[test]
    fn shared_strings_do_not_announce_more_than_they_are() {
        let strings = |head: &str| refusal(package(&[("xl/sharedStrings.xml", head)]));
        assert_eq!(strings("<sst count='9' uniqueCount=\"2\"><si/><si/>"), "taken");
        assert_eq!(strings("<sst><si><t>uniqueCount of things: uniqueCount</t></si>"), "taken");
        for head in ["=\"99999999999\"", "='99999'", " = \"9\"", "=\"&#57;9\"", "=\"1\u{e9}\"", "=\"9"] {
            let said = strings(&format!("{}<sst uniqueCount{head}>", " ".repeat((64 << 10) - 20)));
            assert!(said.contains("more texts announced than it holds"), "{head}: {said}");
        }
        let wide: String = "<sst uniqueCount=\"99999999999\">".chars().flat_map(|c| [c, '\0']).collect();
        assert!(strings(&wide).contains("no workbook"));
    }
}
