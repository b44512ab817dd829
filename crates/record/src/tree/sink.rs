//! Where html5ever builds: the nodes of a [`Tree`](super::Tree), and a count of the work.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, ExpandedName, LocalName, Namespace, QualName};

use super::{Id, Node, What};
use crate::limits::{DEEPEST, MOST_NODES, MOST_STEPS};

/// A node in building: its number, and its name for the builder.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    id: Id,
    name: Rc<QualName>,
}

/// Where html5ever builds.
#[derive(Debug)]
pub(super) struct Sink {
    pub(super) nodes: RefCell<Vec<Node>>,
    nameless: Rc<QualName>,
    /// What was appended: whether the building moves on.
    pub(super) moves: Cell<u64>,
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
    pub(super) fn fault(&self) -> Option<String> {
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
