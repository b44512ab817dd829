//! From paragraphs to blocks: who says what, and what stands between.

use std::collections::BTreeSet;

use crate::elision::{ELISION, Piece, is_elision, pieces};
use crate::label::{self, Opening};
use crate::limits::MOST_SPEAKERS;
use crate::text::{BREAK, Letter, clean, is_divider, pulled, single, string, unquoted};
use crate::{Block, Kind, Person, RecordFault};

/// A paragraph as a form gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    /// Words, which may be a speech.
    Paragraph(Vec<Letter>),
    /// What the form itself calls a heading.
    Heading(String),
    /// What the form itself calls a quote, paragraph by paragraph.
    Quote(Vec<String>),
    /// A rule drawn across the page.
    Rule,
}

/// How labels are told from other words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// They are set in bold; of the others, those that were printed before, and names in capitals.
    Bold,
    /// Nothing is set in bold: a name or a post before a colon is a label.
    Plain,
}

/// Blocks with the labels of their speakers.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    /// The blocks.
    pub(crate) blocks: Vec<Block>,
    /// Labels, each once, in order.
    pub(crate) speakers: Vec<String>,
    /// The same labels, to find.
    learnt: BTreeSet<String>,
    /// Labels and names by which a speaker is known again.
    known: BTreeSet<String>,
    /// Who is speaking.
    speaker: Option<String>,
    /// A label was printed, and nothing said under it yet: its remark, and before which block it stands.
    opened: Option<(Option<String>, usize)>,
}

/// Reads paragraphs.
///
/// # Errors
/// More speakers than a record has.
pub(crate) fn read(lines: &[Line]) -> Result<Transcript, RecordFault> {
    let paragraphs: Vec<Vec<Letter>> = lines.iter().map(paragraph_of).collect();
    let bold = paragraphs.iter().any(|p| label::bold(p).is_some_and(|o| o.is_sure(p, |_| false)));
    let labels = if bold { Labels::Bold } else { Labels::Plain };
    let mut transcript = Transcript::default();
    for (line, letters) in lines.iter().zip(&paragraphs) {
        match line {
            Line::Paragraph(_) => transcript.lines(letters, labels),
            Line::Heading(text) => transcript.push(Kind::Heading, single(text)),
            Line::Quote(paragraphs) => {
                let text: Vec<String> =
                    paragraphs.iter().map(|p| single(p)).filter(|p| !p.is_empty()).collect();
                let text = text.join("\n");
                transcript.push(Kind::Quote, unquoted(&text).unwrap_or(&text).to_owned());
            }
            Line::Rule => transcript.divide(),
        }
    }
    transcript.divide();
    if transcript.speakers.len() > MOST_SPEAKERS {
        let reason =
            format!("more than {MOST_SPEAKERS} labels of speakers, which no record of a session has");
        return Err(RecordFault::whole(reason));
    }
    Ok(transcript)
}

fn paragraph_of(line: &Line) -> Vec<Letter> {
    match line {
        Line::Paragraph(letters) => clean(letters.iter().copied()),
        _ => Vec::new(),
    }
}

impl Transcript {
    /// A paragraph, divided where its lines are: at an empty one, and before one that opens a speech or stands alone.
    fn lines(&mut self, letters: &[Letter], labels: Labels) {
        let alone = |line: &[Letter]| {
            let text = string(line);
            is_elision(&text) || is_divider(&text)
        };
        let mut start = 0;
        let mut line_start = 0;
        for at in (0..letters.len()).filter(|at| letters[*at].c == BREAK) {
            let after = &letters[at + 1..];
            // Line by line, so that a paragraph of many lines is read in one go.
            let line = &after[..after.iter().position(|l| l.c == BREAK).unwrap_or(after.len())];
            let parts = line.is_empty() || alone(line) || alone(&letters[line_start..at]);
            if parts || self.opening(line, labels).is_some() {
                self.paragraph(&letters[start..at], labels);
                start = at + 1;
            }
            line_start = at + 1;
        }
        self.paragraph(&letters[start..], labels);
    }

    /// The label with which letters begin.
    fn opening(&self, letters: &[Letter], labels: Labels) -> Option<Opening> {
        let known = |label: &str| self.is_known(label);
        if let Some(opening) = label::bold(letters) {
            return Some(opening).filter(|opening| opening.is_sure(letters, known));
        }
        label::plain(letters, labels == Labels::Plain, known)
    }

    /// Whether a label was printed before, or is the name at the end of one that was.
    fn is_known(&self, label: &str) -> bool {
        self.known.contains(label)
    }

    /// Keeps a label, with the names of several words that may stand at its end.
    fn learn(&mut self, label: &str) {
        if !self.learnt.insert(label.to_owned()) {
            return;
        }
        self.speakers.push(label.to_owned());
        let ends = label.rmatch_indices(' ').skip(1).take(3).map(|(at, _)| label[at + 1..].to_owned());
        self.known.extend(ends);
        self.known.insert(label.to_owned());
    }

    fn paragraph(&mut self, letters: &[Letter], labels: Labels) {
        let text = single(&string(letters));
        // What a script would fill in says nothing.
        if text.is_empty() || text.contains("{{") && text.contains("}}") {
            return;
        }
        if is_divider(&text) {
            self.divide();
            return self.push(Kind::Note, text);
        }
        if is_elision(&text) {
            return self.text(ELISION);
        }
        if let Some(opening) = self.opening(letters, labels) {
            self.settle();
            self.learn(&opening.label);
            self.speaker = Some(opening.label);
            self.opened = Some((opening.remark, self.blocks.len()));
            return self.text(&single(&string(&letters[opening.rest.min(letters.len())..])));
        }
        if let Some(quote) = pulled(&text) {
            return self.push(Kind::Quote, quote.to_owned());
        }
        let set = |how: fn(&Letter) -> bool| letters.iter().filter(|l| l.c != ' ' && l.c != BREAK).all(how);
        let elided = pieces(&text).contains(&Piece::Elision);
        if !elided && set(|l| l.bold) {
            self.push(Kind::Heading, text);
        } else if !elided && (set(|l| l.italic) || is_bracketed(&text)) {
            self.push(Kind::Note, text);
        } else {
            self.text(&text);
        }
    }

    /// Words of whoever speaks, or of nobody, divided at elisions.
    fn text(&mut self, text: &str) {
        for piece in pieces(text) {
            match piece {
                Piece::Elision => self.push(Kind::Elision, ELISION.to_owned()),
                Piece::Text(text) => match self.speaker.clone() {
                    None => self.push(Kind::Paragraph, text.to_owned()),
                    Some(label) => {
                        let opened = self.opened.take();
                        self.blocks.push(Block {
                            kind: Kind::Speech,
                            label: Some(label),
                            text: text.to_owned(),
                            continues: opened.is_none(),
                            remark: opened.and_then(|(remark, _)| remark),
                        });
                    }
                },
            }
        }
    }

    fn push(&mut self, kind: Kind, text: String) {
        if text.is_empty() {
            return;
        }
        self.blocks.push(Block { kind, label: None, text, continues: false, remark: None });
    }

    /// Gives a label under which nothing was said, or all was left out, a block of its own: it was printed.
    fn settle(&mut self) {
        if let (Some((remark, at)), Some(label)) = (self.opened.take(), self.speaker.clone()) {
            let text = String::new();
            self.blocks
                .insert(at, Block { kind: Kind::Speech, label: Some(label), text, continues: false, remark });
        }
    }

    /// Ends the speech: after a dividing line something else begins.
    fn divide(&mut self) {
        self.settle();
        self.speaker = None;
    }
}

/// Whether all of a text stands in one pair of brackets.
fn is_bracketed(text: &str) -> bool {
    [('(', ')'), ('[', ']')].into_iter().any(|(open, close)| {
        text.strip_prefix(open)
            .and_then(|rest| rest.trim_end_matches('.').strip_suffix(close))
            .is_some_and(|inside| !inside.contains([open, close]))
    })
}

/// Labels that are of one speaker: one that is the name at the end of another, or before its comma. What could be of
/// two speakers is of neither.
pub(crate) fn people(speakers: &[String]) -> Vec<Person> {
    let is_name_of = |name: &str, label: &str| {
        let long = name.contains(' ') || name.contains('.');
        long && (label.ends_with(&format!(" {name}")) || label.starts_with(&format!("{name}, ")))
    };
    let mut people: Vec<Person> = Vec::new();
    for label in speakers {
        let matching: Vec<usize> = people
            .iter()
            .enumerate()
            .filter(|(_, person)| person.labels.iter().any(|l| is_name_of(label, l) || is_name_of(l, label)))
            .map(|(at, _)| at)
            .collect();
        match matching.as_slice() {
            [at] => {
                let person = &mut people[*at];
                person.labels.push(label.clone());
                if label.chars().count() < person.name.chars().count() {
                    person.name.clone_from(label);
                }
            }
            _ => people.push(Person { name: label.clone(), labels: vec![label.clone()] }),
        }
    }
    people
}
