//! Records of an XML list, one after the other, each as a small tree.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::limits::{DEEPEST, LARGEST_RECORD, LONGEST_VALUE, MOST_ATTRIBUTES, MOST_NODES};
use super::{ListFault, fault, utf8};

/// An element with what it holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The text of a child, empty where there is none.
    pub(super) fn child(&self, name: &str) -> &str {
        self.children.iter().find(|node| node.name == name).map_or("", |node| node.text.trim())
    }

    /// The value of an attribute, empty where there is none.
    pub(super) fn attribute(&self, name: &str) -> &str {
        self.attributes.iter().find(|own| own.0 == name).map_or("", |own| own.1.trim())
    }

    /// All elements of a name, however deep they are, in their order.
    pub(super) fn deep<'n>(&'n self, name: &str) -> Vec<&'n Node> {
        // No deeper than records may be.
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.deep(name));
        }
        found
    }

    /// The children of a name.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |node| node.name == name)
    }

    /// The texts two steps down: `TITLE/VALUE`.
    pub(super) fn texts<'n>(&'n self, name: &'n str, below: &'n str) -> impl Iterator<Item = &'n str> {
        self.all(name).flat_map(move |node| node.all(below)).map(|node| node.text.trim())
    }
}

/// The name of the first element of a text, without prefix; empty where none is seen.
pub(super) fn root(text: &str) -> &str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |own| own.1);
        } else if after.starts_with(['?', '!']) {
            rest = after;
        } else {
            let end = after.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/'));
            let name = &after[..end.unwrap_or(after.len())];
            return name.rsplit(':').next().unwrap_or_default();
        }
    }
    ""
}

/// What is read of an XML list.
pub(super) struct Plan<'p> {
    /// The name of the root; another file is refused.
    pub(super) root: &'p str,
    /// Which elements are records, wherever they stand.
    pub(super) records: &'p [&'p str],
    /// The attribute of the root that is wanted.
    pub(super) attribute: &'p str,
}

/// Gives each record to `each`, whose objection is a fault at the record, and returns the attribute of the root.
/// Prefixes of names are passed over.
pub(super) fn records(
    bytes: &[u8],
    plan: &Plan<'_>,
    mut each: impl FnMut(Node) -> Result<(), String>,
) -> Result<Option<String>, ListFault> {
    let text = utf8(bytes)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Node> = Vec::new();
    let (mut depth, mut started, mut nodes) = (0_usize, 0, 0_usize);
    let mut found = None;
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(bytes.len());
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or(at);
            fault(bytes, at, format!("no well-formed XML: {error}"))
        })?;
        match event {
            Event::Eof if depth > 0 => {
                return Err(fault(bytes, at, "the file ends before its last element is closed"));
            }
            Event::Eof => return Ok(found),
            Event::DocType(_) => {
                return Err(fault(
                    bytes,
                    at,
                    "a document type, which may define entities; lists are published without",
                ));
            }
            Event::Start(ref element) | Event::Empty(ref element) => {
                let closed = matches!(event, Event::Empty(_));
                let name = element.local_name().as_ref().to_owned();
                if depth == 0 {
                    if name != plan.root {
                        let reason = format!("the first element is {name}; this list's is {}", plan.root);
                        return Err(fault(bytes, at, reason));
                    }
                    found = attributes(bytes, at, element)?
                        .into_iter()
                        .find(|own| own.0 == plan.attribute)
                        .map(|own| own.1);
                }
                if open.is_empty() && plan.records.contains(&name.as_str()) {
                    (started, nodes) = (at, 0);
                }
                if !open.is_empty() || plan.records.contains(&name.as_str()) {
                    nodes += 1;
                    if open.len() > DEEPEST {
                        return Err(fault(bytes, at, "elements are nested too deep"));
                    }
                    if nodes > MOST_NODES {
                        let reason = format!("a record of more than {MOST_NODES} elements");
                        return Err(fault(bytes, at, reason));
                    }
                    let attributes = attributes(bytes, at, element)?;
                    let node = Node { name, attributes, ..Node::default() };
                    match open.last_mut() {
                        Some(parent) if closed => parent.children.push(node),
                        None if closed => each(node).map_err(|reason| fault(bytes, started, reason))?,
                        _ => open.push(node),
                    }
                }
                depth += usize::from(!closed);
                if depth > DEEPEST * 2 {
                    return Err(fault(bytes, at, "elements are nested too deep"));
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some(node) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => each(node).map_err(|reason| fault(bytes, started, reason))?,
                    }
                }
            }
            Event::Text(piece) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(piece.as_ref());
                }
            }
            Event::CData(piece) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(piece.as_ref());
                }
            }
            Event::GeneralRef(reference) => {
                let letter = match reference.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let letter = letter.ok_or_else(|| fault(bytes, at, "an entity that XML does not know"))?;
                if let Some(node) = open.last_mut() {
                    node.text.push(letter);
                }
            }
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
        if !open.is_empty() && at - started > LARGEST_RECORD {
            return Err(fault(bytes, at, "a record of more than 16 MiB"));
        }
        if open.last().is_some_and(|node| node.text.len() > LONGEST_VALUE) {
            return Err(fault(bytes, at, "a text of more than 1 MiB"));
        }
    }
}

/// The attributes of an element with their references resolved; namespaces and prefixes are passed over.
fn attributes(
    bytes: &[u8],
    at: usize,
    element: &quick_xml::events::BytesStart<'_>,
) -> Result<Vec<(String, String)>, ListFault> {
    let mut all = Vec::new();
    for own in element.attributes() {
        if all.len() >= MOST_ATTRIBUTES {
            return Err(fault(bytes, at, format!("an element of more than {MOST_ATTRIBUTES} attributes")));
        }
        let own = own.map_err(|error| fault(bytes, at, format!("no well-formed XML: {error}")))?;
        let value = own
            .normalized_value(quick_xml::XmlVersion::Implicit1_0)
            .map_err(|error| fault(bytes, at, format!("an attribute that cannot be read: {error}")))?;
        if value.len() > LONGEST_VALUE {
            return Err(fault(bytes, at, "a text of more than 1 MiB"));
        }
        all.push((own.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(all)
}
