//! The standard’s own schemas, with the extensions that a package names laid over them.

use jsonschema::{Resource, Validator};
use serde_json::Value;

const RELEASE: &str = "https://standard.open-contracting.org/schema/1__1__5/release-schema.json";

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Lays an extension over a schema, by JSON merge patch (RFC 7396), as the standard says.
fn patch(schema: &mut Value, with: &Value) {
    let (Value::Object(schema), Value::Object(with)) = (&mut *schema, with) else {
        *schema = with.clone();
        return;
    };
    for (name, value) in with {
        if value.is_null() {
            schema.remove(name);
        } else {
            patch(schema.entry(name).or_insert(Value::Null), value);
        }
    }
}

/// Makes every object of a schema refuse the members that it does not name, so that no extension is missed.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("properties").is_some_and(Value::is_object) {
                members.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            // Names of members are no schemas.
            for (name, value) in members {
                if name == "properties" || name == "definitions" {
                    value.as_object_mut().into_iter().flatten().for_each(|(_, schema)| close(schema));
                } else {
                    close(value);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn validator(package: Value, release: Value) -> Validator {
    // References are answered from here alone: the validator is built without a network.
    let registry = jsonschema::Registry::new()
        .add(RELEASE, Resource::from_contents(release))
        .unwrap()
        .prepare()
        .unwrap();
    jsonschema::draft4::options()
        .with_registry(&registry)
        .should_validate_formats(true)
        .build(&package)
        .unwrap()
}

/// The standard as it is.
pub(crate) fn standard() -> Validator {
    validator(
        parse(include_str!("schema/release-package-schema.json")),
        parse(include_str!("schema/release-schema.json")),
    )
}

/// The standard with the extensions, refusing whatever neither names.
pub(crate) fn extended() -> Validator {
    let mut release = parse(include_str!("schema/release-schema.json"));
    patch(&mut release, &parse(include_str!("schema/withheld-information.json")));
    patch(&mut release, &parse(include_str!("../../../../docs/ocds/contract-execution/release-schema.json")));
    let mut package = parse(include_str!("schema/release-package-schema.json"));
    patch(
        &mut package,
        &parse(include_str!("../../../../docs/ocds/contract-execution/release-package-schema.json")),
    );
    close(&mut release);
    close(&mut package);
    validator(package, release)
}

/// Asserts that a package is valid, with the extensions and without them.
#[track_caller]
pub(crate) fn assert_valid(package: &[u8]) -> Value {
    let package: Value = serde_json::from_slice(package).unwrap();
    for (name, validator) in [("the standard", standard()), ("the standard with the extensions", extended())]
    {
        let errors: Vec<String> = validator
            .iter_errors(&package)
            .take(5)
            .map(|error| {
                format!(
                    "{}: {}",
                    error.instance_path(),
                    error.to_string().chars().take(300).collect::<String>()
                )
            })
            .collect();
        assert!(errors.is_empty(), "by {name}:\n{}", errors.join("\n"));
    }
    package
}
