//! A page as a tree, built as browsers build it (html5ever), in one flat vector and within [`limits`](crate::limits).
//!
//! The tree is read without recursion, so that no depth of elements can exhaust a stack; and the building stops where
//! elements are too many, too deep, or take too many steps to sort out.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, ParseOpts, QualName, parse_document};

use crate::RecordFault;
use crate::limits::{DEEPEST, LONGEST_TAG, MOST_NODES, MOST_STEPS};

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

/// A node in building: its number, and its name for the builder.
#[derive(Debug, Clone)]
struct Handle {
    id: Id,
    name: Rc<QualName>,
}

/// Where html5ever builds.
#[derive(Debug)]
struct Sink {
    nodes: RefCell<Vec<Node>>,
    nameless: Rc<QualName>,
    /// What was appended: whether the building moves on.
    moves: Cell<u64>,
    /// Looks at open elements, and pairs of attributes that were compared.
    steps: Cell<u64>,
    deepest: Cell<u32>,
}

impl Default for Sink {
    fn default() -> Self {
        let nameless = Rc::new(QualName::new(None, Namespace::default(), LocalName::default()));
        Sink {
            nodes: RefCell::new(vec![Node::default()]),
            nameless,
            moves: Cell::new(0),
            steps: Cell::new(0),
            deepest: Cell::new(0),
        }
    }
}

impl Sink {
    /// What of the page goes beyond a limit.
    fn fault(&self) -> Option<String> {
        if self.nodes.borrow().len() > MOST_NODES {
            Some(format!("more than {MOST_NODES} elements and stretches of text"))
        } else if self.deepest.get() > DEEPEST {
            Some(format!("elements more than {DEEPEST} deep"))
        } else if self.steps.get() > MOST_STEPS {
            Some("tags that do not close each other, too many to sort out".to_owned())
        } else {
            None
        }
    }

    fn step(&self, steps: u64) {
        self.steps.set(self.steps.get().saturating_add(steps));
    }

    fn make(&self, what: What) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { what, ..Node::default() });
        nodes.len() - 1
    }

    fn nothing(&self) -> Handle {
        Handle { id: self.make(What::Nothing), name: self.nameless.clone() }
    }

    /// Puts a node, or text, into a parent before one of its children, or at its end.
    fn put(&self, parent: Id, before: Option<Id>, child: NodeOrText<Handle>) {
        self.moves.set(self.moves.get() + 1);
        let id = match child {
            NodeOrText::AppendNode(handle) => {
                self.cut(handle.id);
                handle.id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let beside = match before {
                    Some(before) => nodes[before].before,
                    None => nodes[parent].last,
                };
                if let Some(What::Text(already)) = beside.map(|id| &mut nodes[id].what) {
                    already.push_str(&text);
                    return;
                }
                drop(nodes);
                self.make(What::Text(text.into()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let depth = nodes[parent].depth + 1;
        self.deepest.set(self.deepest.get().max(depth));
        let previous = match before {
            Some(before) => nodes[before].before.replace(id),
            None => nodes[parent].last.replace(id),
        };
        match previous {
            Some(previous) => nodes[previous].after = Some(id),
            None => nodes[parent].first = Some(id),
        }
        let node = &mut nodes[id];
        (node.parent, node.before, node.after, node.depth) = (Some(parent), previous, before, depth);
    }

    /// Takes a node out of its parent.
    fn cut(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let node = &mut nodes[id];
        let (parent, before, after) = (node.parent.take(), node.before.take(), node.after.take());
        let Some(parent) = parent else { return };
        match before {
            Some(before) => nodes[before].after = after,
            None => nodes[parent].first = after,
        }
        match after {
            Some(after) => nodes[after].before = before,
            None => nodes[parent].last = before,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Self;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle { id: 0, name: self.nameless.clone() }
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        self.step(1);
        target.name.expanded()
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> Handle {
        // The tokenizer compares each attribute of a tag with those before it.
        let many = attributes.len() as u64;
        self.step(many.saturating_mul(many) / 2);
        self.moves.set(self.moves.get() + 1);
        let id = self.make(What::Element(name.local.clone(), attributes));
        Handle { id, name: Rc::new(name) }
    }

    fn create_comment(&self, _: StrTendril) -> Handle {
        self.nothing()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.nothing()
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        self.put(parent.id, None, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        if self.nodes.borrow()[element.id].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// What a template holds stands in no tree: it is no part of the page until a script puts it there.
    fn get_template_contents(&self, _: &Handle) -> Handle {
        self.nothing()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        self.step(1);
        x.id == y.id
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(handle) = &child {
            // Taken out first: it may be what stands before the sibling now.
            self.cut(handle.id);
        }
        let parent = self.nodes.borrow()[sibling.id].parent;
        if let Some(parent) = parent {
            self.put(parent, Some(sibling.id), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &Handle, attributes: Vec<Attribute>) {
        if let What::Element(_, own) = &mut self.nodes.borrow_mut()[target.id].what {
            for attribute in attributes {
                self.step(own.len() as u64);
                if own.iter().all(|a| a.name != attribute.name) {
                    own.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.cut(target.id);
    }

    fn reparent_children(&self, node: &Handle, parent: &Handle) {
        loop {
            let first = self.nodes.borrow()[node.id].first;
            let Some(first) = first else { break };
            self.step(1);
            let child = Handle { id: first, name: self.nameless.clone() };
            self.put(parent.id, None, NodeOrText::AppendNode(child));
        }
    }
}
