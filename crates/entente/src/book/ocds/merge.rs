//! Releases of one process merged into what they say together, by the standard's merging rules
//! (OCDS 1.1, “Merging”): field by field in the order of their dates, lists of objects by `id`.

use std::collections::HashMap;
use std::collections::btree_map::Entry;

use super::node::{Node, Place, Value};

/// A place where two releases say things of different sorts: an object and a list, say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clash(pub(super) Place);

/// Fields that are about a release and not about the process.
const OF_THE_RELEASE: [&str; 3] = ["id", "date", "tag"];

/// Lists of objects that are replaced whole, by the name of the field: those that the standard's schema marks
/// so. All else that bears these names is marked so, too.
const WHOLE_LISTS: [&str; 3] =
    ["additionalIdentifiers", "additionalClassifications", "rationaleClassifications"];

/// Merges a release into what the ones before it say.
///
/// # Errors
/// Where they do not fit together.
pub(super) fn merge(compiled: &mut Node, release: Node) -> Result<(), Clash> {
    let mut release = release;
    if let Value::Object(members) = &mut release.value {
        for name in OF_THE_RELEASE {
            members.remove(name);
        }
    }
    merge_values(compiled, release)
}

fn merge_values(into: &mut Node, from: Node) -> Result<(), Clash> {
    match from.value {
        Value::Object(members) => {
            let Value::Object(known) = &mut into.value else { return Err(Clash(from.place)) };
            for (name, member) in members {
                if member.value == Value::Null {
                    known.remove(&name);
                    continue;
                }
                let is_whole = is_literal(&name, &member);
                match known.entry(name) {
                    Entry::Vacant(vacant) => {
                        vacant.insert(if is_whole { member } else { first(member)? });
                    }
                    Entry::Occupied(mut occupied) if is_whole => {
                        occupied.insert(member);
                    }
                    Entry::Occupied(mut occupied) => merge_values(occupied.get_mut(), member)?,
                }
            }
            Ok(())
        }
        Value::List(elements) => {
            let Value::List(known) = &mut into.value else { return Err(Clash(from.place)) };
            let mut places: HashMap<String, usize> = HashMap::new();
            for (place, element) in known.iter().enumerate() {
                if let Some(id) = id_of(element) {
                    places.entry(id).or_insert(place);
                }
            }
            for element in elements {
                let id = id_of(&element);
                match id.as_ref().and_then(|id| places.get(id)) {
                    Some(place) => merge_values(&mut known[*place], element)?,
                    None => {
                        if let Some(id) = id {
                            places.insert(id, known.len());
                        }
                        known.push(first(element)?);
                    }
                }
            }
            Ok(())
        }
        _ => {
            *into = from;
            Ok(())
        }
    }
}

/// A value that nothing was said of before: the same as merging it into nothing.
fn first(node: Node) -> Result<Node, Clash> {
    let empty = match node.value {
        Value::Object(_) => Value::Object(Default::default()),
        Value::List(_) => Value::List(Vec::new()),
        _ => return Ok(node),
    };
    let mut made = Node { place: node.place, value: empty };
    merge_values(&mut made, node)?;
    Ok(made)
}

/// Whether a value is replaced as it is: all that is neither an object nor a list of objects with identifiers.
fn is_literal(name: &str, node: &Node) -> bool {
    match &node.value {
        Value::Object(_) => false,
        Value::List(elements) => {
            WHOLE_LISTS.contains(&name)
                || elements.iter().any(|element| !matches!(element.value, Value::Object(_)))
        }
        _ => true,
    }
}

/// What tells an object from the others of its list. `1` and `"1"` are two.
fn id_of(node: &Node) -> Option<String> {
    match &node.get("id")?.value {
        Value::Text(text) => Some(format!("t{text}")),
        Value::Number(number) => Some(format!("n{number}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::{Limits, read};
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Node {
        read(text.as_bytes(), Limits::default()).unwrap().0
    }

    /// As JSON again, for comparing.
    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) => text.clone(),
            Value::Text(text) => format!("{text:?}"),
            Value::List(elements) => {
                format!("[{}]", elements.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Value::Object(members) => {
                let members: Vec<_> =
                    members.iter().map(|(name, node)| format!("{name:?}:{}", show(node))).collect();
                format!("{{{}}}", members.join(","))
            }
        }
    }

    #[track_caller]
    fn assert_merged(releases: &[&str], expected: &str) {
        let mut compiled = parse("{}");
        for release in releases {
            merge(&mut compiled, parse(release)).unwrap();
        }
        assert_eq!(show(&compiled), show(&parse(expected)));
    }

    #[test]
    fn later_values_replace_earlier_ones_and_null_removes() {
        assert_merged(
            &[
                r#"{"id":"1","date":"x","tag":["tender"],"ocid":"a","tender":{"id":"t","title":"A","value":{"amount":1,"currency":"USD"}}}"#,
                r#"{"id":"2","date":"y","tag":["tender"],"ocid":"a","tender":{"title":null,"value":{"amount":2}}}"#,
            ],
            r#"{"ocid":"a","tender":{"id":"t","value":{"amount":2,"currency":"USD"}}}"#,
        );
        assert_merged(&[r#"{"a":{"b":1}}"#, r#"{"a":null}"#], "{}");
        assert_merged(&[r#"{"a":{"b":null,"c":[{"id":1,"d":null}]}}"#], r#"{"a":{"c":[{"id":1}]}}"#);
    }

    #[test]
    fn lists_of_objects_are_merged_by_identifier() {
        assert_merged(
            &[
                r#"{"parties":[{"id":"1","name":"A"},{"id":"2","name":"B"}]}"#,
                r#"{"parties":[{"id":"2","name":"C"},{"id":"3","name":"D"},{"id":"3","roles":["buyer"]}]}"#,
                r#"{"parties":[]}"#,
            ],
            r#"{"parties":[{"id":"1","name":"A"},{"id":"2","name":"C"},{"id":"3","name":"D","roles":["buyer"]}]}"#,
        );
        // A number and a text are two identifiers; what has none is added.
        assert_merged(
            &[r#"{"x":[{"id":1,"a":1},{"b":1}]}"#, r#"{"x":[{"id":"1","a":2},{"b":2}]}"#],
            r#"{"x":[{"id":1,"a":1},{"b":1},{"id":"1","a":2},{"b":2}]}"#,
        );
    }

    #[test]
    fn other_lists_are_replaced_whole() {
        assert_merged(&[r#"{"a":["x","y"]}"#, r#"{"a":["z"]}"#], r#"{"a":["z"]}"#);
        assert_merged(
            &[
                r#"{"items":[{"id":"1","additionalClassifications":[{"id":"a"},{"id":"b"}]}]}"#,
                r#"{"items":[{"id":"1","additionalClassifications":[{"id":"c"}]}]}"#,
            ],
            r#"{"items":[{"id":"1","additionalClassifications":[{"id":"c"}]}]}"#,
        );
    }

    #[test]
    fn what_does_not_fit_together_is_found() {
        for (one, two) in [
            (r#"{"a":1}"#, r#"{"a":{"b":1}}"#),
            (r#"{"a":[{"id":1}]}"#, r#"{"a":{"b":1}}"#),
            (r#"{"a":{"b":1}}"#, r#"{"a":[{"id":1}]}"#),
        ] {
            let mut compiled = parse(one);
            assert!(merge(&mut compiled, parse(two)).is_err(), "{one} {two}");
        }
    }

    fn any_json() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            (0..3u8).prop_map(|n| n.to_string()),
            (0..3u8).prop_map(|n| format!("\"{n}\"")),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|all| format!("[{}]", all.join(","))),
                prop::collection::btree_map(prop_oneof![Just("id"), Just("a"), Just("items")], inner, 0..4)
                    .prop_map(|all| {
                        let members: Vec<_> =
                            all.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
                        format!("{{{}}}", members.join(","))
                    }),
            ]
        })
    }

    proptest! {
        #[test]
        fn anything_can_be_merged_or_is_said_to_clash(one in any_json(), two in any_json()) {
            let parse = |text: &str| self::parse(&format!("{{\"x\":{text}}}"));
            let mut compiled = parse("null");
            if merge(&mut compiled, parse(&one)).is_ok() {
                let once = show(&compiled);
                let _ = merge(&mut compiled.clone(), parse(&two));
                // What says nothing changes nothing.
                merge(&mut compiled, self::parse("{}")).unwrap();
                prop_assert_eq!(show(&compiled), once);
            }
        }
    }
}
