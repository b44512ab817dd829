//! Records of an XML list, one after the other, each as a small tree.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{LARGEST_RECORD, ListFault, fault, utf8};

/// How deep a record may be.
const DEEPEST: usize = 24;

/// An element with what it holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) text: String,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The text of a child, empty where there is none.
    pub(super) fn child(&self, name: &str) -> &str {
        self.children.iter().find(|node| node.name == name).map_or("", |node| node.text.trim())
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

/// Gives each element of these names to `each`, wherever it stands; of the root's attributes, gives `attribute`.
pub(super) fn records(
    bytes: &[u8],
    names: &[&str],
    attribute: &str,
    mut each: impl FnMut(Node),
) -> Result<Option<String>, ListFault> {
    let text = utf8(bytes)?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Node> = Vec::new();
    let mut depth = 0_usize;
    let mut started = 0;
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
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                if depth == 0 {
                    found = element
                        .attributes()
                        .flatten()
                        .find(|own| own.key.local_name().as_ref() == attribute)
                        .map(|own| own.value.clone().into_owned());
                }
                depth += 1;
                if open.is_empty() && names.contains(&name.as_str()) {
                    started = at;
                }
                if !open.is_empty() || names.contains(&name.as_str()) {
                    if open.len() > DEEPEST {
                        return Err(fault(bytes, at, "elements are nested too deep"));
                    }
                    open.push(Node { name, ..Node::default() });
                }
            }
            Event::Empty(element) => {
                let name = element.local_name().as_ref().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Node { name, ..Node::default() });
                }
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let Some(node) = open.pop() {
                    match open.last_mut() {
                        Some(parent) => parent.children.push(node),
                        None => each(node),
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
    }
}
