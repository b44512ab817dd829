//! The body of an article: its paragraphs, without what only stands beside them.

use std::collections::BTreeSet;

use super::words;
use crate::Mention;
use crate::text::{BREAK, Letter, some};
use crate::transcript::Line;
use crate::tree::{Id, Step, Tree};

/// Classes of what stands in a body and is no part of the text: cards, sliders, tags, the status of publication.
const ASIDE: [&str; 15] = [
    // What the page’s own script leaves out of a copied selection.
    "masha-ignore",
    "read__cut",
    "read__bottommeta",
    "read__tags",
    "read__status",
    "read__tooltip",
    "read__tabs",
    "read__updated",
    "slider",
    "slide",
    "media",
    "gallery",
    "hidden",
    "hidden-copy",
    "visually-hidden",
];

/// Elements that hold no text of an article.
const NO_TEXT: [&str; 22] = [
    "script", "style", "template", "noscript", "noembed", "noframes", "iframe", "object", "embed", "svg",
    "math", "figure", "picture", "video", "audio", "canvas", "form", "button", "select", "textarea", "nav",
    "aside",
];

/// Elements that stand on lines of their own.
const BLOCKS: [&str; 33] = [
    "p",
    "div",
    "section",
    "article",
    "header",
    "footer",
    "main",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "table",
    "caption",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "pre",
    "address",
    "center",
    "details",
    "summary",
    "fieldset",
    "blockquote",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
];

/// Whether an element is the body of an article.
pub(super) fn is_body(tree: &Tree, id: Id) -> bool {
    tree.is(id, "e-content") || tree.is(id, "entry-content") || tree.has_word(id, "itemprop", "articleBody")
}

/// Whether an element stands on lines of its own.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Whether an element is no part of the text in which it stands.
pub(super) fn is_aside(tree: &Tree, id: Id) -> bool {
    NO_TEXT.contains(&tree.name(id))
        || tree.attribute(id, "hidden").is_some()
        || tree.attribute(id, "aria-hidden") == Some("true")
        || tree.attribute(id, "role") == Some("complementary")
        || tree
            .attribute(id, "class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|class| ASIDE.contains(&class)))
        || tree.attribute(id, "style").is_some_and(|style| {
            let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

/// The paragraphs of all bodies of an article, in order.
pub(super) fn lines(tree: &Tree, article: Id) -> Vec<Line> {
    let mut reader = Reader::default();
    let mut body = None;
    let mut steps = tree.steps(article);
    while let Some(step) = steps.next() {
        match step {
            Step::Enter(id) if body.is_none() && is_body(tree, id) => body = Some(id),
            Step::Leave(id) if body == Some(id) => {
                reader.end();
                body = None;
            }
            _ if body.is_none() => {}
            Step::Text(text) => reader.text(text),
            Step::Enter(id) if is_aside(tree, id) => {
                if is_block(tree.name(id)) {
                    reader.end_paragraph();
                }
                steps.pass(id);
            }
            Step::Enter(id) => reader.enter(tree.name(id)),
            Step::Leave(id) => reader.leave(tree.name(id)),
        }
    }
    reader.end();
    reader.lines
}

/// Persons linked in the text, each once.
pub(super) fn mentions(tree: &Tree, article: Id) -> Vec<Mention> {
    let mut seen = BTreeSet::new();
    let mut mentions = Vec::new();
    for body in tree.outermost(article, |id| is_body(tree, id)) {
        for id in tree.outermost(body, |id| tree.is(id, "person_tag")) {
            let said = |class: &str| {
                let id = tree.find(id, |id| tree.is(id, class))?;
                some(words(tree, id))
            };
            let printed = words(tree, id);
            let name = said("tooltip_title");
            if !printed.is_empty() && seen.insert(name.clone().unwrap_or_else(|| printed.clone())) {
                mentions.push(Mention {
                    printed,
                    name,
                    post: said("tooltip_description_dark").or_else(|| said("tooltip_description")),
                });
            }
        }
    }
    mentions
}

/// Collects paragraphs.
#[derive(Default)]
struct Reader {
    lines: Vec<Line>,
    letters: Vec<Letter>,
    bold: usize,
    italic: usize,
    /// How many quotes are open, and what they say so far.
    quotes: usize,
    quote: Vec<String>,
    heading: bool,
}

impl Reader {
    fn enter(&mut self, name: &str) {
        if is_block(name) {
            self.end_paragraph();
        }
        match name {
            "b" | "strong" => self.bold += 1,
            "i" | "em" | "cite" => self.italic += 1,
            "br" => self.letter(BREAK),
            "td" | "th" => self.letter(' '),
            "blockquote" => self.quotes += 1,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = true,
            "hr" => self.lines.push(Line::Rule),
            _ => {}
        }
    }

    fn leave(&mut self, name: &str) {
        if is_block(name) {
            self.end_paragraph();
        }
        match name {
            "b" | "strong" => self.bold = self.bold.saturating_sub(1),
            "i" | "em" | "cite" => self.italic = self.italic.saturating_sub(1),
            "blockquote" => {
                self.quotes = self.quotes.saturating_sub(1);
                if self.quotes == 0 {
                    self.end_quote();
                }
            }
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        for c in text.chars() {
            self.letter(if c == BREAK { ' ' } else { c });
        }
    }

    fn letter(&mut self, c: char) {
        self.letters.push(Letter { c, bold: self.bold > 0, italic: self.italic > 0 });
    }

    fn end_paragraph(&mut self) {
        if self.letters.iter().all(|l| l.c.is_whitespace()) {
            return self.letters.clear();
        }
        let letters = std::mem::take(&mut self.letters);
        if self.quotes > 0 {
            self.quote.push(letters.iter().map(|l| l.c).collect());
        } else if self.heading {
            self.lines.push(Line::Heading(letters.iter().map(|l| l.c).collect()));
        } else {
            self.lines.push(Line::Paragraph(letters));
        }
    }

    fn end_quote(&mut self) {
        if !self.quote.is_empty() {
            self.lines.push(Line::Quote(std::mem::take(&mut self.quote)));
        }
    }

    /// Ends a body, whatever is open still.
    fn end(&mut self) {
        self.end_paragraph();
        self.end_quote();
        *self = Reader { lines: std::mem::take(&mut self.lines), ..Reader::default() };
    }
}
