//! Records of sessions, read out of what was published of them: a page of a site, its text version, a document.
//!
//! Pure: no file, clock or network. [`parse`] tells by the bytes which [`Form`] it has before it and gives a
//! [`Record`], or a [`RecordFault`] with its place where there is none. What a page does not give is left empty and
//! said in [`Record::missing`]; nothing is guessed in its place.
//!
//! The rules come from how such pages are built (microformats2 and schema.org names, `meta` elements, the classes of
//! their parts), never from what one of them says:
//!
//! * The **transcript** is what stands in the body of the article and in none of its cards: a part that the page's own
//!   script leaves out of a copied selection (`masha-ignore`), that is `complementary`, hidden or a template, says nothing.
//! * A **speech** opens with a label in bold and a colon. It is continued by every paragraph after it until another
//!   label or a dividing line (`* * *`). Each paragraph is a block of its own that bears the label as it was printed at
//!   the opening, and all but the first of them `continues`; so whoever joins the texts of equal labels, or those of
//!   an opening and what continues it, has what was said. A quote, a note, a heading and an elision do not end a speech:
//!   such pages print a label whenever the speaker changes.
//! * An **elision**, `<…>` in every spelling ([`elision`]), is a block, and splits the paragraph in which it stands.
//! * `photos` is a **count**, as the page gives it on its tab; what can be told of each stands in `photographs`.
//! * The **body** that met is found by its aliases ([`body`]), and kept as it was printed beside.

pub mod body;
pub mod date;
mod docx;
pub mod elision;
mod html;
mod label;
pub mod limits;
mod plain;
mod record;
mod text;
mod transcript;
mod tree;

pub use body::Bodies;
pub use record::{Block, Kind, Mention, Person, Photograph, Record, SeeAlso};

/// Why nothing could be read. No part of a record is given then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct RecordFault {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// What is wrong, and what is needed.
    pub reason: String,
}

impl RecordFault {
    /// A fault of a whole, which has no better place than its beginning.
    fn whole(reason: impl Into<String>) -> Self {
        RecordFault { line: 1, column: 1, reason: reason.into() }
    }

    /// A fault at a byte of a text; what comes after the last whole character before it does not count.
    fn at(bytes: &[u8], offset: usize, reason: impl Into<String>) -> Self {
        let before = bytes.get(..offset).unwrap_or(bytes);
        let line = before.split(|b| *b == b'\n').count() as u64;
        let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() as u64 + 1;
        RecordFault { line, column, reason: reason.into() }
    }
}

/// The forms that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// A page of a site.
    Html,
    /// The text version of a page, or a transcript with labels.
    Text,
    /// A document of Word 2007 or later.
    Docx,
}

impl Form {
    /// The form that bytes look like; what looks like no other is text.
    pub fn of(bytes: &[u8]) -> Form {
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Form::Docx;
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        match bytes {
            // `<…>`, an elision, opens no page.
            [b'<', next, ..] if next.is_ascii_alphabetic() || matches!(next, b'!' | b'?') => Form::Html,
            _ => Form::Text,
        }
    }

    /// Reads a record.
    ///
    /// # Errors
    /// What is larger than [`limits`] allow, is not UTF-8, or holds no record, with its place.
    pub fn read(self, bytes: &[u8], bodies: &Bodies) -> Result<Record, RecordFault> {
        if bytes.len() > limits::LARGEST {
            return Err(RecordFault::whole(format!(
                "more than {} MiB, which no page of a record has; give the page alone",
                limits::LARGEST >> 20
            )));
        }
        match self {
            Form::Html => html::read(utf8(bytes)?, bodies),
            Form::Text => plain::read(utf8(bytes)?, bodies),
            Form::Docx => docx::read(bytes, bodies),
        }
    }
}

/// Reads a record in the form that its bytes look like.
///
/// # Errors
/// As [`Form::read`].
///
/// ```
/// let page = "<article class=h-entry><h1 class=p-name>Meeting</h1><div class=e-content>\
///     <p><b>Chair:</b> Let us begin.</p><p>&lt;…&gt;</p></div></article>";
/// let record = entente_record::parse(page.as_bytes(), &entente_record::Bodies::standard())?;
/// assert_eq!(record.speakers, ["Chair"]);
/// assert_eq!(record.blocks.len(), 2);
/// # Ok::<(), entente_record::RecordFault>(())
/// ```
pub fn parse(bytes: &[u8], bodies: &Bodies) -> Result<Record, RecordFault> {
    Form::of(bytes).read(bytes, bodies)
}

/// Bytes as text, without a mark of byte order.
fn utf8(bytes: &[u8]) -> Result<&str, RecordFault> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            let at = text.find('\0').unwrap_or(0);
            Err(RecordFault::at(bytes, at, "a zero byte: neither a page nor text"))
        }
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        Err(error) => {
            let at = error.valid_up_to();
            Err(RecordFault::at(bytes, at, "not UTF-8 from here on; save the page or the text in UTF-8"))
        }
    }
}
