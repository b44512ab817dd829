//! JSON as it is read: a number is the decimal text that it is, and every value knows where it stands.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt::Write as _;

use entente_register::ledger::Refusal;
use struson::reader::{JsonReader, JsonStreamReader, ReaderError, ReaderSettings, ValueType};

/// How much is read at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: u64,
    /// Values in it, of every sort.
    pub values: usize,
    /// How deep lists and objects stand in each other.
    pub depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file: 64 << 20, values: 4_000_000, depth: 32 }
    }
}

/// Where a value stands, as [`Places`] knows it.
pub(super) type Place = u32;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it is written: `1250.10`, `1e3`.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(BTreeMap<String, Node>),
}

impl Node {
    /// A member of an object that has a value.
    pub(super) fn get(&self, name: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => members.get(name).filter(|member| member.value != Value::Null),
            _ => None,
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self) -> &[Node] {
        match &self.value {
            Value::List(elements) => elements,
            _ => &[],
        }
    }

    /// The text, or the number as it is written.
    pub(super) fn word(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Root,
    /// By its number among the names.
    Member(u32),
    Element(u32),
}

/// Where all values stand, each by its parent and the step from there.
#[derive(Debug, Default)]
pub(super) struct Places {
    steps: Vec<(Place, Step)>,
    names: Vec<String>,
    numbers: BTreeMap<String, u32>,
}

impl Places {
    fn add(&mut self, parent: Place, step: Step) -> Place {
        self.steps.push((parent, step));
        // The number of values is bounded far below.
        u32::try_from(self.steps.len() - 1).unwrap_or(u32::MAX)
    }

    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn way(&self, place: Place) -> Vec<Step> {
        let mut way = Vec::new();
        let mut at = place;
        while let Some((parent, step)) = self.steps.get(at as usize) {
            if matches!(step, Step::Root) {
                break;
            }
            way.push(*step);
            at = *parent;
        }
        way.reverse();
        way
    }

    fn name(&self, number: u32) -> &str {
        self.names.get(number as usize).map_or("", String::as_str)
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.steps.len()
    }

    /// The place as a JSON pointer (RFC 6901).
    pub(super) fn pointer(&self, place: Place) -> String {
        let mut pointer = String::new();
        for step in self.way(place) {
            // Writing to a string does not fail.
            let _ = match step {
                Step::Root => Ok(()),
                Step::Member(name) => {
                    write!(pointer, "/{}", self.name(name).replace('~', "~0").replace('/', "~1"))
                }
                Step::Element(index) => write!(pointer, "/{index}"),
            };
        }
        pointer
    }

    /// The names on the way to a place, which all elements of a list have in common: `releases/contracts/items`.
    pub(super) fn path(&self, place: Place) -> String {
        let names = self.way(place).into_iter().filter_map(|step| match step {
            Step::Member(name) => Some(self.name(name).to_owned()),
            Step::Root | Step::Element(_) => None,
        });
        names.collect::<Vec<_>>().join("/")
    }
}

/// Reads a document.
///
/// # Errors
/// `ocds.unreadable`, saying where and why: it is no JSON, or beyond the limits.
pub(super) fn read(bytes: &[u8], limits: Limits) -> Result<(Node, Places), Refusal> {
    let refuse = |reason: String, missing: &str| {
        Refusal::new("ocds.unreadable", reason).field("file").missing(missing.to_owned())
    };
    if bytes.len() as u64 > limits.file {
        let reason = format!("The file has more than {} bytes.", limits.file);
        return Err(refuse(reason, "a package in several files, each with whole contracting processes"));
    }
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let settings = ReaderSettings { max_nesting_depth: Some(limits.depth), ..ReaderSettings::default() };
    let mut reader = JsonStreamReader::new_custom(bytes, settings);
    let mut parse = Parse { places: Places::default(), limits };
    let root = parse.places.add(0, Step::Root);
    let read = parse.value(&mut reader, root).and_then(|node| {
        reader.consume_trailing_whitespace()?;
        Ok(node)
    });
    match read {
        Ok(node) => Ok((node, parse.places)),
        Err(Halt::Reader(error)) => {
            Err(refuse(format!("The file is not JSON that can be read: {error}."), "a JSON file in UTF-8"))
        }
        Err(Halt::Values) => Err(refuse(
            format!("The file has more than {} values.", limits.values),
            "a package in several files, each with whole contracting processes",
        )),
        Err(Halt::Twice(place)) => {
            let reason = format!("The member {} stands twice.", parse.places.pointer(place));
            Err(refuse(reason, "each member of an object once"))
        }
    }
}

enum Halt {
    Reader(ReaderError),
    Values,
    Twice(Place),
}

impl From<ReaderError> for Halt {
    fn from(error: ReaderError) -> Halt {
        Halt::Reader(error)
    }
}

struct Parse {
    places: Places,
    limits: Limits,
}

impl Parse {
    fn step(&mut self, parent: Place, step: Step) -> Result<Place, Halt> {
        if self.places.len() >= self.limits.values {
            return Err(Halt::Values);
        }
        Ok(self.places.add(parent, step))
    }

    /// A value; the reader refuses what stands too deep, so the recursion is bounded.
    fn value(&mut self, reader: &mut JsonStreamReader<&[u8]>, place: Place) -> Result<Node, Halt> {
        let value = match reader.peek()? {
            ValueType::Null => {
                reader.next_null()?;
                Value::Null
            }
            ValueType::Boolean => Value::Bool(reader.next_bool()?),
            ValueType::Number => Value::Number(reader.next_number_as_string()?),
            ValueType::String => Value::Text(reader.next_string()?),
            ValueType::Array => {
                let mut elements = Vec::new();
                reader.begin_array()?;
                while reader.has_next()? {
                    let index = u32::try_from(elements.len()).unwrap_or(u32::MAX);
                    let at = self.step(place, Step::Element(index))?;
                    elements.push(self.value(reader, at)?);
                }
                reader.end_array()?;
                Value::List(elements)
            }
            ValueType::Object => {
                let mut members = BTreeMap::new();
                reader.begin_object()?;
                while reader.has_next()? {
                    let name = reader.next_name_owned()?;
                    let number = self.places.number(&name);
                    let at = self.step(place, Step::Member(number))?;
                    let member = self.value(reader, at)?;
                    match members.entry(name) {
                        Entry::Vacant(vacant) => vacant.insert(member),
                        Entry::Occupied(_) => return Err(Halt::Twice(at)),
                    };
                }
                reader.end_object()?;
                Value::Object(members)
            }
        };
        Ok(Node { place, value })
    }
}

/// A JSON number as plain decimal text, exactly: `1.25e3` gives `1250`; zeros that say nothing are left out.
/// None for one that has more digits than any figure of a register.
pub(super) fn plain(number: &str) -> Option<String> {
    const MOST: i32 = 40;
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{decimals}");
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Where the point stands in the digits.
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    if !(-MOST..=MOST).contains(&point) || digits.len() > MOST as usize {
        return None;
    }
    let (whole, decimals) = match usize::try_from(point) {
        Ok(point) if point <= digits.len() => {
            let (whole, decimals) = digits.split_at(point);
            (whole.to_owned(), decimals.to_owned())
        }
        Ok(point) => (format!("{digits:0<point$}"), String::new()),
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if whole == "0" && decimals.is_empty() { "" } else { sign };
    Some(match decimals.is_empty() {
        true => format!("{sign}{whole}"),
        false => format!("{sign}{whole}.{decimals}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (written, expected) in [
            ("0.1", "0.1"),
            ("0.2", "0.2"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("9007199254740993", "9007199254740993"),
            ("1e3", "1000"),
            ("1.25E+3", "1250"),
            ("12.5e-1", "1.25"),
            ("5e-3", "0.005"),
            ("-0", "0"),
            ("-1.50", "-1.5"),
            ("1250.00", "1250"),
            ("0e9", "0"),
        ] {
            assert_eq!(plain(written).as_deref(), Some(expected), "{written}");
        }
        for written in ["1e99", "1e-99", "1e999999999999", &"9".repeat(41), "", "1x"] {
            assert_eq!(plain(written), None, "{written}");
        }
    }

    #[test]
    fn places_are_pointers() {
        let (node, places) = read(br#"{"a": [1, {"b/c~d": null}]}"#, Limits::default()).unwrap();
        let Value::Object(last) = &node.get("a").unwrap().elements()[1].value else { panic!("{node:?}") };
        assert_eq!(places.pointer(last["b/c~d"].place), "/a/1/b~1c~0d");
        assert_eq!(places.path(last["b/c~d"].place), "a/b/c~d");
        assert_eq!(places.pointer(node.place), "");
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_place() {
        let said = |text: &str| read(text.as_bytes(), Limits::default()).unwrap_err().message;
        assert!(said("{\"a\": \n  tru}").contains("line 1"), "{}", said("{\"a\": \n  tru}"));
        assert_eq!(said(r#"{"a": {"b": 1, "b": 2}}"#), "The member /a/b stands twice.");
        assert!(said(&"[".repeat(100_000)).contains("nesting depth"), "{}", said(&"[".repeat(100)));
        assert!(said("{} {}").contains("not JSON"), "{}", said("{} {}"));
        let small = Limits { file: 10, values: 3, ..Limits::default() };
        assert!(read(b"[1, 2, 3, 4]", small).unwrap_err().message.contains("more than 10 bytes"));
        assert!(read(b"[1,2,3,4]", small).unwrap_err().message.contains("more than 3 values"));
        assert!(read("\u{feff}[]".as_bytes(), Limits::default()).is_ok());
        assert!(read(b"\xff", Limits::default()).is_err());
    }

    proptest! {
        #[test]
        fn a_plain_number_is_the_same_number(whole in 0u64..1_000_000_000, decimals in 0u32..1_000_000, shift in 0usize..12) {
            let written = format!("{whole}.{decimals:06}");
            let digits = format!("{whole}{decimals:06}");
            let by_exponent = format!("{digits}{}e-{}", "0".repeat(shift), 6 + shift);
            prop_assert_eq!(plain(&written), plain(&by_exponent));
        }

        #[test]
        fn no_bytes_make_reading_fail_otherwise(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, Limits::default());
        }
    }
}
