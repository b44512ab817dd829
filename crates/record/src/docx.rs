//! A document of Word 2007 or later: the paragraphs of `word/document.xml`, and nothing else of the file.
//!
//! What was deleted under tracked changes, what is set hidden, comments, fields and notes are no words of the record and
//! are left out; that there were some is said in [`Record::missing`](crate::Record::missing). A document type is
//! refused, and so is a part that unpacks to more than [`limits`](crate::limits) allow.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use crate::limits::{LARGEST_PART, MOST_PARTS};
use crate::plain::{Row, fill};
use crate::text::{BREAK, Letter, some};
use crate::transcript::Line;
use crate::{Bodies, Form, Record, RecordFault};

const PART: &str = "word/document.xml";

/// Elements whose text is no part of a document: deleted or moved away, comments, instructions of fields, what is drawn.
const NO_TEXT: [&str; 9] = [
    "del",
    "moveFrom",
    "delText",
    "instrText",
    "pict",
    "drawing",
    "object",
    "txbxContent",
    "AlternateContent",
];

/// Reads a document.
pub(crate) fn read(bytes: &[u8], bodies: &Bodies) -> Result<Record, RecordFault> {
    let xml = part(bytes)?;
    let mut document = Document::default();
    let mut reader = Reader::from_str(&xml);
    loop {
        let event = reader.read_event();
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let fault = |reason: String| in_part(RecordFault::at(xml.as_bytes(), at, reason));
        match event.map_err(|e| fault(format!("not well-formed: {e}")))? {
            Event::Eof if document.open.is_empty() => break,
            Event::Eof => return Err(fault("ends before its elements do".to_owned())),
            Event::DocType(_) => {
                return Err(fault("a document type, which no document of Word has".to_owned()));
            }
            Event::Start(start) => {
                document.start(&start);
                document.open.push(name_of(&start));
                if document.open.len() > DEEPEST {
                    return Err(fault(format!("elements more than {DEEPEST} deep")));
                }
            }
            Event::Empty(start) => {
                document.start(&start);
                document.end(&name_of(&start));
            }
            Event::End(_) => {
                if let Some(name) = document.open.pop() {
                    document.end(&name);
                }
            }
            Event::Text(text) => document.text(&text.xml10_content()),
            Event::CData(text) => document.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                let c = character(&name)
                    .ok_or_else(|| fault(format!("an entity that is not declared: &{name};")))?;
                document.text(c.encode_utf8(&mut [0; 4]));
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    if !document.is_word {
        return Err(in_part(RecordFault::whole("no document of Word: there is no element w:document")));
    }
    let mut record = Record::empty(Form::Docx);
    record.title = document.title.take();
    if document.left_out > 0 {
        let count = document.left_out;
        record
            .missing
            .push(format!("blocks: {count} stretches of deleted, hidden or drawn text are left out"));
    }
    fill(record, document.rows, bodies)
}

/// How deep the elements of a document may be; tables within tables take ten each.
const DEEPEST: usize = 256;

/// The main part, unpacked.
fn part(bytes: &[u8]) -> Result<String, RecordFault> {
    let broken = |e: &dyn std::fmt::Display| RecordFault::whole(format!("no ZIP file that can be read: {e}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(&e))?;
    if archive.len() > MOST_PARTS {
        return Err(RecordFault::whole(format!("more than {MOST_PARTS} parts, which no document has")));
    }
    let file = archive.by_name(PART).map_err(|e| {
        RecordFault::whole(format!("no document of Word: its part {PART} cannot be opened ({e})"))
    })?;
    let mut unpacked = Vec::new();
    file.take(LARGEST_PART + 1).read_to_end(&mut unpacked).map_err(|e| broken(&e))?;
    if unpacked.len() as u64 > LARGEST_PART {
        return Err(RecordFault::whole(format!("{PART} unpacks to more than {} MiB", LARGEST_PART >> 20)));
    }
    String::from_utf8(unpacked).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        in_part(RecordFault::at(e.as_bytes(), at, "not UTF-8 from here on"))
    })
}

fn in_part(fault: RecordFault) -> RecordFault {
    RecordFault { reason: format!("in {PART}: {}", fault.reason), ..fault }
}

/// The character of a reference: one of XML’s five, or a number.
fn character(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

/// The name of an element without its prefix.
fn name_of(start: &BytesStart<'_>) -> String {
    start.local_name().as_ref().to_owned()
}

/// The value `w:val` of an element.
fn value_of(start: &BytesStart<'_>) -> Option<String> {
    let attribute = start.attributes().flatten().find(|a| a.key.local_name().as_ref() == "val")?;
    Some(attribute.value.into_owned())
}

/// What is read of a document.
#[derive(Default)]
struct Document {
    rows: Vec<Row>,
    title: Option<String>,
    left_out: u64,
    is_word: bool,
    /// Elements that are open.
    open: Vec<String>,
    letters: Vec<Letter>,
    style: String,
    bold: bool,
    italic: bool,
    hidden: bool,
}

impl Document {
    fn within(&self, name: &str) -> bool {
        self.open.iter().any(|open| open == name)
    }

    fn start(&mut self, start: &BytesStart<'_>) {
        if self.in_no_text() {
            return;
        }
        let on = || !matches!(value_of(start).as_deref(), Some("0" | "false" | "off" | "none"));
        match name_of(start).as_str() {
            "document" if self.open.is_empty() => self.is_word = true,
            "p" => self.style.clear(),
            "pStyle" => self.style = value_of(start).unwrap_or_default(),
            "r" => (self.bold, self.italic, self.hidden) = (false, false, false),
            "b" if self.within("r") => self.bold = on(),
            "i" if self.within("r") => self.italic = on(),
            "vanish" | "webHidden" if self.within("r") => self.hidden = on(),
            "br" | "cr" if !self.hidden => self.letter(BREAK),
            "tab" if self.within("r") && !self.hidden => self.letter(' '),
            "noBreakHyphen" if !self.hidden => self.letter('-'),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        // The paragraphs of what is drawn are not those of the document.
        if self.in_no_text() {
            return;
        }
        match name {
            "p" => self.end_paragraph(),
            "r" => (self.bold, self.italic, self.hidden) = (false, false, false),
            _ => {}
        }
    }

    fn in_no_text(&self) -> bool {
        self.open.iter().any(|open| NO_TEXT.contains(&open.as_str()))
    }

    fn text(&mut self, text: &str) {
        let is_text = self.open.last().is_some_and(|name| matches!(name.as_str(), "t" | "delText"));
        if !is_text || text.is_empty() {
            return;
        }
        if self.hidden || self.in_no_text() {
            self.left_out += 1;
            return;
        }
        for c in text.chars() {
            self.letter(c);
        }
    }

    fn letter(&mut self, c: char) {
        self.letters.push(Letter { c, bold: self.bold, italic: self.italic });
    }

    fn end_paragraph(&mut self) {
        let mut row = Row::paragraph(std::mem::take(&mut self.letters), true);
        if row.text.is_empty() {
            return;
        }
        let style = self.style.to_lowercase();
        if style == "title" && self.title.is_none() {
            self.title = some(row.text);
            return;
        }
        if style.starts_with("heading") || style == "title" || style == "subtitle" {
            row.line = Line::Heading(row.text.clone());
        } else if style.contains("quote") {
            row.line = Line::Quote(vec![row.text.clone()]);
        }
        self.rows.push(row);
    }
}
