//! A page as a tree, built as browsers build it (html5ever), in one flat vector and within [`limits`](crate::limits).
//!
//! The tree is read without recursion, so that no depth of elements can exhaust a stack; and the building stops where
//! elements are too many, too deep, or take too many steps to sort out.

mod sink;

use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, LocalName, ParseOpts, parse_document};

use crate::RecordFault;
use crate::limits::LONGEST_TAG;
use sink::Sink;

/// Bytes that are read between two looks at the limits.
const STRIDE: usize = 1 << 10;

/// A page.
#[derive(Debug)]
pub(crate) struct Tree(Vec<Node>);

/// A node by its number; the document is 0.
pub(crate) type Id = usize;

#[derive(Debug, Default)]
struct Node {
    parent: Option<Id>,
    first: Option<Id>,
    last: Option<Id>,
    before: Option<Id>,
    after: Option<Id>,
    depth: u32,
    what: What,
}

#[derive(Debug, Default)]
enum What {
    /// The document, a comment: without name and text.
    #[default]
    Nothing,
    Element(LocalName, Vec<Attribute>),
    Text(String),
}

/// A step through a part of a page.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// An element begins.
    Enter(Id),
    /// An element ends.
    Leave(Id),
    /// Text.
    Text(&'a str),
}

impl Tree {
    /// Builds the tree of a page.
    ///
    /// # Errors
    /// What goes beyond the limits, with its place.
    pub(crate) fn read(page: &str) -> Result<Tree, RecordFault> {
        let mut parser = parse_document(Sink::default(), ParseOpts::default());
        let (mut at, mut moved, mut moved_at) = (0, 0, 0);
        while at < page.len() {
            let mut end = (at + STRIDE).min(page.len());
            while !page.is_char_boundary(end) {
                end += 1;
            }
            parser.process(StrTendril::from_slice(&page[at..end]));
            at = end;
            let sink = &parser.tokenizer.sink.sink;
            if sink.moves.get() != moved {
                (moved, moved_at) = (sink.moves.get(), at);
            }
            let fault = if at - moved_at > LONGEST_TAG {
                Some(format!("a tag or comment of more than {} KiB", LONGEST_TAG >> 10))
            } else {
                sink.fault()
            };
            if let Some(reason) = fault {
                return Err(RecordFault::at(page.as_bytes(), at, format!("before here: {reason}")));
            }
        }
        let sink = parser.finish();
        match sink.fault() {
            Some(reason) => {
                Err(RecordFault::at(page.as_bytes(), page.len(), format!("before here: {reason}")))
            }
            None => Ok(Tree(sink.nodes.into_inner())),
        }
    }

    /// The steps through what stands in an element, itself left out.
    pub(crate) fn steps(&self, root: Id) -> Steps<'_> {
        Steps { tree: self, root, next: self.0.get(root).and_then(|node| node.first).map(|id| (id, true)) }
    }

    /// The elements in a part of a page, in order.
    pub(crate) fn elements(&self, root: Id) -> impl Iterator<Item = Id> + '_ {
        self.steps(root).filter_map(|step| match step {
            Step::Enter(id) => Some(id),
            _ => None,
        })
    }

    /// The elements in a part of a page for which something holds, in order, and none that stands in another of them.
    pub(crate) fn outermost(&self, root: Id, holds: impl Fn(Id) -> bool) -> Vec<Id> {
        let mut found = Vec::new();
        let mut steps = self.steps(root);
        while let Some(step) = steps.next() {
            if let Step::Enter(id) = step
                && holds(id)
            {
                found.push(id);
                steps.pass(id);
            }
        }
        found
    }

    /// The first element in a part of a page for which something holds.
    pub(crate) fn find(&self, root: Id, holds: impl Fn(Id) -> bool) -> Option<Id> {
        self.elements(root).find(|id| holds(*id))
    }

    /// The name of an element; empty for what is none.
    pub(crate) fn name(&self, id: Id) -> &str {
        match self.0.get(id).map(|node| &node.what) {
            Some(What::Element(name, _)) => name,
            _ => "",
        }
    }

    /// An attribute of an element.
    pub(crate) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        let What::Element(_, attributes) = &self.0.get(id)?.what else { return None };
        attributes.iter().find(|a| &*a.name.local == name).map(|a| &*a.value)
    }

    /// Whether an attribute of words, as `class` or `rel`, has one.
    pub(crate) fn has_word(&self, id: Id, attribute: &str, word: &str) -> bool {
        self.attribute(id, attribute).is_some_and(|words| words.split_ascii_whitespace().any(|w| w == word))
    }

    /// Whether an element is of a class.
    pub(crate) fn is(&self, id: Id, class: &str) -> bool {
        self.has_word(id, "class", class)
    }

    /// The element in which another stands.
    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        self.0.get(id)?.parent
    }
}

/// Steps through a part of a page.
pub(crate) struct Steps<'a> {
    tree: &'a Tree,
    root: Id,
    /// The next node, and whether it is entered or left.
    next: Option<(Id, bool)>,
}

impl Steps<'_> {
    /// Goes on after the element that was entered last, past all that is in it; it is not left.
    pub(crate) fn pass(&mut self, id: Id) {
        self.next = self.after(id);
    }

    fn after(&self, id: Id) -> Option<(Id, bool)> {
        let node = self.tree.0.get(id)?;
        match (node.after, node.parent) {
            (Some(after), _) => Some((after, true)),
            (None, Some(parent)) if parent != self.root => Some((parent, false)),
            _ => None,
        }
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        loop {
            let (id, enters) = self.next?;
            let node = self.tree.0.get(id)?;
            self.next = match node.first {
                Some(first) if enters => Some((first, true)),
                None if enters && matches!(node.what, What::Element(..)) => Some((id, false)),
                _ => self.after(id),
            };
            match &node.what {
                What::Element(..) if enters => return Some(Step::Enter(id)),
                What::Element(..) => return Some(Step::Leave(id)),
                What::Text(text) => return Some(Step::Text(text)),
                What::Nothing => {}
            }
        }
    }
}
