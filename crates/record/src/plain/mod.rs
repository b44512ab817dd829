//! A text: the text version that a site offers of a page, a transcript with labels, or the paragraphs of a document.
//!
//! A text version has the parts of the page one after the other and no marks: section, title, lead, day, hour, place,
//! `1 of 5` with the caption of that photograph, the transcript, and what the page sets beneath it. They are told by
//! their order around the day, by lines that are nothing but a day, an hour or a count, and by the names of the groups
//! at the end. A text without a day is a transcript, with a title if its first line looks like one.

mod tail;

use std::collections::BTreeMap;

use crate::date::{self, Printed};
use crate::elision::is_elision;
use crate::label;
use crate::text::{Letter, clean, is_divider, pulled, single, some, string, unquoted};
use crate::transcript::{self, Line};
use crate::{Bodies, Form, Photograph, Record, RecordFault, SeeAlso};
use tail::{Tail, tail_of};

/// Lines among which the day of a text version is looked for.
const HEADER: usize = 12;

/// Characters below which a line that ends without a mark is a heading rather than one that goes on.
const SHORT: usize = 40;

/// Characters of a line of a text that is set in lines of one width at most.
const LONGEST_SET: usize = 100;

/// Characters of a place at most.
const LONGEST_PLACE: usize = 100;

/// Characters of a title at most, where no day shows which line is one.
const LONGEST_TITLE: usize = 200;

/// Lines of a pull quote after its first at most.
const LONGEST_QUOTE: usize = 5;

/// Quotes in marks as they are usually set that are looked for in the text, to tell pull quotes from words that are quoted.
const MOST_QUOTES: usize = 100;

/// The sections of a site under which a text version may stand, as its first line.
const SECTIONS: [&str; 10] = [
    "Events",
    "News",
    "Transcripts",
    "Speeches",
    "Commissions and Councils",
    "Trips",
    "События",
    "Новости",
    "Стенограммы",
    "Поездки",
];

/// A line of a text.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What it is for the form that it comes from.
    pub(crate) line: Line,
    /// Its words.
    pub(crate) text: String,
    /// Whether an empty line stands before it.
    pub(crate) apart: bool,
}

impl Row {
    /// A paragraph.
    pub(crate) fn paragraph(letters: impl IntoIterator<Item = Letter>, apart: bool) -> Row {
        let letters = clean(letters);
        Row { text: single(&string(&letters)), line: Line::Paragraph(letters), apart }
    }

    fn of(text: &str, apart: bool) -> Row {
        Row::paragraph(text.chars().map(|c| Letter { c, bold: false, italic: false }), apart)
    }

    /// Whether it opens a speech, as far as it shows by itself.
    fn opens(&self) -> bool {
        let Line::Paragraph(letters) = &self.line else { return false };
        label::bold(letters).is_some_and(|o| o.is_sure(letters, |_| false))
            || label::plain(letters, true, |_| false).is_some()
    }

    /// Whether it is no part of a paragraph over several lines.
    fn stands_alone(&self) -> bool {
        let text = &self.text;
        !matches!(self.line, Line::Paragraph(_))
            || is_divider(text)
            || is_elision(text)
            || pulled(text).is_some()
            || counter(text).is_some()
            || tail_of(text).is_some()
            || self.opens()
    }
}

/// Reads a text.
pub(crate) fn read(text: &str, bodies: &Bodies) -> Result<Record, RecordFault> {
    let mut rows = Vec::new();
    let mut apart = false;
    for line in text.lines() {
        let row = Row::of(line, apart);
        apart = row.text.is_empty();
        if !apart {
            rows.push(row);
        }
    }
    fill(Record::empty(Form::Text), rows, bodies)
}

/// Fills a record from lines.
///
/// # Errors
/// Lines that give neither a day nor a speaker nor where they were published: they are no record.
pub(crate) fn fill(mut record: Record, rows: Vec<Row>, bodies: &Bodies) -> Result<Record, RecordFault> {
    let rest = header(&mut record, &rows);
    let body = &rows[rest..];
    let end = tail::start(body);
    let tail = tail::read(&mut record, &body[end..]);
    let lines = body_lines(&mut record, joined(&body[..end]));
    let transcript = transcript::read(&lines)?;
    if record.date.is_none() && transcript.speakers.is_empty() && !tail {
        return Err(RecordFault::whole(
            "no record: no line gives a day (October 17, 2012), a speaker (Chair: …) or a section of publication",
        ));
    }
    record.people = transcript::people(&transcript.speakers);
    (record.blocks, record.speakers) = (transcript.blocks, transcript.speakers);
    record.id = record.direct_link.as_deref().and_then(|link| {
        let last = link.trim_end_matches('/').rsplit('/').next()?;
        some(last.to_owned()).filter(|id| id.len() <= 20 && id.bytes().all(|b| b.is_ascii_digit()))
    });
    name_body(&mut record, bodies);
    let captions = record.photographs.len();
    if let Some(photos) = record.photos.filter(|photos| u32::try_from(captions).is_ok_and(|c| c < *photos)) {
        record.missing.push(format!("photographs: of {photos}, the captions of {captions} are given"));
    }
    record.say_missing();
    Ok(record)
}

fn name_body(record: &mut Record, bodies: &Bodies) {
    let title = record.title.as_deref().and_then(|title| bodies.in_title(title));
    let section = bodies.in_sections(record.sections.iter().map(String::as_str));
    let found = match (title, section) {
        (Some((None, _)), Some(section)) => Some(section),
        (title, section) => title.or(section),
    };
    if let Some((name, printed)) = found {
        record.body = Some(name.map_or_else(|| printed.clone(), str::to_owned));
        record.body_as_printed = Some(printed);
    }
}

/// Reads what stands before the text, and gives where the text begins.
fn header(record: &mut Record, rows: &[Row]) -> usize {
    let open = rows
        .iter()
        .take(HEADER)
        .take_while(|row| !row.opens() && !is_divider(&row.text) && !is_elision(&row.text));
    let day = open.enumerate().find_map(|(at, row)| Some((at, date::date(&row.text)?)));
    let Some((at, Printed { date, time, language })) = day else {
        return untitled(record, rows);
    };
    record.date = Some(date);
    record.time = time;
    record.language = language.map(str::to_owned);

    let mut before: Vec<&str> = rows[..at].iter().map(|row| row.text.as_str()).collect();
    if before.len() > 1 && SECTIONS.contains(&before[0]) {
        before.remove(0);
    }
    let mut before = before.into_iter();
    if record.title.is_none() {
        record.title = before.next().map(str::to_owned);
    }
    record.lead = some(before.collect::<Vec<_>>().join(" "));

    let mut next = at + 1;
    if record.time.is_none()
        && let Some(time) = rows.get(next).and_then(|row| date::time(&row.text))
    {
        record.time = Some(time);
        next += 1;
    }
    if let Some(row) = rows.get(next) {
        let ends = row.text.ends_with(['.', '!', '?', ':', ';', ',']);
        if !ends && !row.stands_alone() && row.text.chars().count() <= LONGEST_PLACE {
            record.place = Some(row.text.clone());
            next += 1;
        }
    }
    next
}

/// The title of a text without a day, if its first line looks like one.
fn untitled(record: &mut Record, rows: &[Row]) -> usize {
    let Some(first) = rows.first().filter(|_| record.title.is_none() && rows.len() > 1) else { return 0 };
    let ends = first.text.ends_with(['.', '!', '?', ':', ';', ',']);
    let heads = matches!(first.line, Line::Heading(_)) || !first.stands_alone();
    if ends || !heads || first.text.chars().count() > LONGEST_TITLE {
        return 0;
    }
    record.title = Some(first.text.clone());
    1
}

/// Lines with what goes on over the end of one put together.
fn joined(rows: &[Row]) -> Vec<Row> {
    // A text that is set in lines of one width has empty lines between its paragraphs.
    let apart = rows.iter().filter(|row| row.apart).count();
    let set =
        apart > 1 && apart < rows.len() && rows.iter().all(|row| row.text.chars().count() <= LONGEST_SET);
    let mut joined: Vec<Row> = Vec::new();
    for row in rows {
        let goes_on = |before: &Row| {
            let unended =
                before.text.chars().count() >= SHORT && before.text.ends_with(char::is_alphanumeric);
            let words = matches!(before.line, Line::Paragraph(_))
                && !is_divider(&before.text)
                && !is_elision(&before.text)
                && pulled(&before.text).is_none()
                && tail_of(&before.text).is_none();
            let goes_on =
                unended || set && !before.text.ends_with(['.', '!', '?', '…', '”', '“', '"', '»', ':']);
            words && goes_on && !row.apart && !row.stands_alone()
        };
        match joined.last_mut().filter(|before| goes_on(before)) {
            Some(before) => {
                before.text.push(' ');
                before.text.push_str(&row.text);
                if let (Line::Paragraph(all), Line::Paragraph(more)) = (&mut before.line, &row.line) {
                    all.push(Letter { c: ' ', bold: false, italic: false });
                    all.extend_from_slice(more);
                }
            }
            None => joined.push(row.clone()),
        }
    }
    joined
}

/// The paragraphs of the text, with counts of photographs and pages to see also taken out.
fn body_lines(record: &mut Record, rows: Vec<Row>) -> Vec<Line> {
    let quotes: Vec<usize> = (0..rows.len())
        .filter(|at| unquoted(&rows[*at].text).is_some_and(|quote| !quote.is_empty()))
        .take(MOST_QUOTES)
        .filter(|at| is_copy(&rows, *at))
        .collect();
    let pulls: BTreeMap<usize, usize> =
        (0..rows.len()).filter_map(|at| Some((at, pull_end(&rows, at)?))).collect();
    let mut lines = Vec::new();
    let mut rows = rows.into_iter().enumerate().peekable();
    while let Some((at, row)) = rows.next() {
        if let Some((number, photos)) = counter(&row.text) {
            record.photos = Some(record.photos.map_or(photos, |p| p.max(photos)));
            if let Some((_, caption)) = rows.next_if(|(_, next)| !next.stands_alone()) {
                record.photographs.push(Photograph { number, caption: Some(caption.text), source: None });
            }
        } else if tail_of(&row.text) == Some(Tail::SeeAlso) {
            // Each is a title, and may have a day.
            while let Some((_, title)) = rows.next_if(|(_, next)| !next.stands_alone()) {
                let date = rows.next_if(|(_, next)| date::date(&next.text).is_some());
                let date = date.and_then(|(_, row)| date::date(&row.text)).map(|printed| printed.date);
                record.see_also.push(SeeAlso { title: title.text, link: None, date });
                let dated = date.is_some();
                if !dated || rows.peek().is_none_or(|(_, next)| next.text.ends_with('.')) {
                    break;
                }
            }
        } else if let Some(end) = pulls.get(&at) {
            let mut quote = vec![row.text];
            while let Some((_, row)) = rows.next_if(|(at, _)| at <= end) {
                quote.push(row.text);
            }
            lines.push(Line::Quote(quote));
        } else if quotes.contains(&at) {
            lines.push(Line::Quote(vec![row.text]));
        } else {
            lines.push(row.line);
        }
    }
    lines
}

/// The last line of a pull quote of several lines, set between `”` and `“`, that begins with a line.
fn pull_end(rows: &[Row], at: usize) -> Option<usize> {
    let opens = rows[at].text.strip_prefix('”').is_some_and(|rest| !rest.contains(['”', '“']));
    let after = rows.get(at + 1..).filter(|_| opens)?;
    let length =
        after.iter().take(LONGEST_QUOTE).position(|row| row.text.contains(['”', '“']) || row.opens())?;
    let last = &after[length].text;
    last.strip_suffix('“').is_some_and(|inside| !inside.contains(['”', '“'])).then_some(at + 1 + length)
}

/// Whether what stands in quotation marks is a copy of words elsewhere in the text: a pull quote, and not said again.
fn is_copy(rows: &[Row], at: usize) -> bool {
    let Some(quote) = unquoted(&rows[at].text) else { return false };
    // The case of its first letter may differ.
    let from = quote.char_indices().nth(1).map_or(quote.len(), |(at, _)| at);
    let rest = quote[from..].trim_end_matches('.');
    rest.len() > from && rows.iter().enumerate().any(|(other, row)| other != at && row.text.contains(rest))
}

/// `1 of 5`: which photograph is shown, and of how many.
fn counter(text: &str) -> Option<(u32, u32)> {
    let words: Vec<&str> = text.split(' ').take(4).collect();
    let [number, "of" | "из", count] = words.as_slice() else { return None };
    let read = |digits: &str| {
        let sound = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
        sound.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let (number, count) = (read(number)?, read(count)?);
    (number >= 1 && number <= count).then_some((number, count))
}
