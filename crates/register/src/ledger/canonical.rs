//! Canonical JSON (RFC 8785), narrowed so that it is exact everywhere.

use serde::Serialize;
use serde_json::Value;

/// Largest integer that every JSON reader holds exactly: 2^53 − 1 (RFC 8785, section 3.2.2.3).
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// A value that may not stand in a payload.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// A number with a fraction or exponent, or beyond ±(2^53 − 1).
    #[error(
        "the number {0} is not an integer within ±(2^53 − 1); write amounts and quantities as decimal strings"
    )]
    Number(String),
    /// A key outside ASCII, whose order would depend on the reader's string type.
    #[error("the key {0:?} is not ASCII")]
    Key(String),
    /// The value has no JSON form.
    #[error("the value has no JSON form: {0}")]
    Encode(String),
}

/// The canonical bytes of a value.
///
/// Numbers are integers within ±(2^53 − 1) and keys are ASCII, so that no
/// reader can differ about a rounding or an order.
///
/// # Errors
/// [`CanonicalError`] if the value holds another number or key.
pub fn canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    let value = serde_json::to_value(value).map_err(|e| CanonicalError::Encode(e.to_string()))?;
    let mut out = Vec::with_capacity(256);
    write(&value, &mut out)?;
    Ok(out)
}

fn write(value: &Value, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => match number.as_i64() {
            Some(n) if n.unsigned_abs() <= MAX_INTEGER as u64 => {
                out.extend_from_slice(n.to_string().as_bytes())
            }
            _ => return Err(CanonicalError::Number(number.to_string())),
        },
        Value::String(text) => write_string(text, out)?,
        Value::Array(items) => {
            out.push(b'[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Value::Object(map) => {
            // Sorted here, whatever order the map type of the build keeps.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by(|a, b| a.0.cmp(b.0));
            out.push(b'{');
            for (position, (key, item)) in entries.into_iter().enumerate() {
                if !key.is_ascii() {
                    return Err(CanonicalError::Key(key.clone()));
                }
                if position > 0 {
                    out.push(b',');
                }
                write_string(key, out)?;
                out.push(b':');
                write(item, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// serde_json escapes exactly as RFC 8785 section 3.2.2.2 asks: the two-character
/// forms, `\u00xx` in lower case for other controls, everything else as it is.
fn write_string(text: &str, out: &mut Vec<u8>) -> Result<(), CanonicalError> {
    serde_json::to_writer(out, text).map_err(|e| CanonicalError::Encode(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
                prop::collection::btree_map("[ -~]{0,8}", inner, 0..8)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn agrees_with_an_independent_implementation(value in value()) {
            let ours = canonical(&value).unwrap();
            let theirs = serde_json_canonicalizer::to_vec(&value).unwrap();
            prop_assert_eq!(String::from_utf8(ours).unwrap(), String::from_utf8(theirs).unwrap());
        }

        #[test]
        fn reading_back_and_writing_again_changes_nothing(value in value()) {
            let bytes = canonical(&value).unwrap();
            let again: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(canonical(&again).unwrap(), bytes);
        }
    }

    #[test]
    fn refuses_what_readers_disagree_about() {
        assert!(matches!(canonical(&json!({"a": 1.5})), Err(CanonicalError::Number(_))));
        assert!(matches!(canonical(&json!(9_007_199_254_740_992_i64)), Err(CanonicalError::Number(_))));
        assert!(matches!(canonical(&json!(u64::MAX)), Err(CanonicalError::Number(_))));
        assert!(matches!(canonical(&json!(i64::MIN + 1)), Err(CanonicalError::Number(_))));
        assert!(matches!(canonical(&json!({"ключ": 1})), Err(CanonicalError::Key(_))));
    }

    #[test]
    fn i64_min_does_not_overflow() {
        assert!(canonical(&json!(i64::MIN)).is_err());
    }
}
