//! The body of a request to match: examples of entities, each under its own key.

use std::collections::BTreeMap;

use entente_screening::country;
use entente_screening::entity::{COUNTRIES, Entity};
use entente_screening::lists::read_entity;
use entente_screening::model::MATCHABLE;
use serde::Serialize;
use serde_json::{Map, Value};

use super::failure::{cannot, shape};
use super::filter::check_schema;
use crate::error::Failure;

/// Queries of one request at most, as the format has it.
pub(super) const MOST_QUERIES: usize = 100;

/// Values of all properties of one query at most: each name is compared with each name of an entry.
const MOST_VALUES: usize = 200;

/// Characters of a value at most; of a name no more than some hundred are compared.
const LONGEST_VALUE: usize = 10_000;

/// What is looked for, as it was understood.
#[derive(Debug, Clone, Serialize)]
pub(super) struct QueryObject {
    id: Option<String>,
    schema: String,
    properties: BTreeMap<String, Vec<String>>,
}

/// An example.
#[derive(Debug, Clone)]
pub(super) struct Query {
    /// The key under which it is answered.
    pub(super) key: String,
    /// What is looked for.
    pub(super) entity: Entity,
}

impl Query {
    /// As it was understood: countries by their codes.
    pub(super) fn object(&self) -> QueryObject {
        let understood = |name: &str, value: &String| match COUNTRIES.contains(&name) {
            true => country::code(value).unwrap_or_else(|| value.clone()),
            false => value.clone(),
        };
        QueryObject {
            id: (!self.entity.id.is_empty()).then(|| self.entity.id.clone()),
            schema: self.entity.schema.clone(),
            properties: self
                .entity
                .properties
                .iter()
                .map(|(name, values)| {
                    (name.clone(), values.iter().map(|value| understood(name, value)).collect())
                })
                .collect(),
        }
    }
}

/// Reads the body.
pub(super) fn read(body: &[u8]) -> Result<Vec<Query>, Failure> {
    let body: Value = serde_json::from_slice(body).map_err(|error| {
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        shape(
            "body",
            format!("The body is not JSON: {words} (line {}, column {}).", error.line(), error.column()),
            "JSON in UTF-8",
        )
    })?;
    let Value::Object(mut body) = body else {
        return Err(shape(
            "body",
            "The body is no object.",
            "{\"queries\": {KEY: {\"schema\", \"properties\"}}}",
        ));
    };
    for (name, about) in [("weights", "weights of features"), ("config", "settings of an algorithm")] {
        match body.remove(name) {
            None | Some(Value::Null) => {}
            Some(Value::Object(given)) if given.is_empty() => {}
            Some(Value::Object(given)) => {
                let first: String = given.keys().next().map_or("", String::as_str).chars().take(60).collect();
                return Err(cannot(
                    &format!("body/{name}/{first}"),
                    format!("The engine takes no {about}."),
                    format!("no {name}; every officer’s score is made by the same rules"),
                ));
            }
            Some(_) => {
                return Err(shape(&format!("body/{name}"), format!("{name} is no object."), "an object"));
            }
        }
    }
    let queries = match body.remove("queries") {
        Some(Value::Object(queries)) => queries,
        Some(_) => return Err(shape("body/queries", "queries is no object.", "an object of queries by key")),
        None => return Err(shape("body/queries", "Field required.", "an object of queries by key")),
    };
    if let Some(unknown) = body.keys().next() {
        let unknown: String = unknown.chars().take(60).collect();
        let missing = "only queries, weights and config";
        return Err(cannot(
            &format!("body/{unknown}"),
            format!("There is no field {unknown:?} here."),
            missing,
        ));
    }
    if queries.is_empty() {
        return Err(cannot("body/queries", "No queries provided.", "at least one query"));
    }
    if queries.len() > MOST_QUERIES {
        return Err(cannot(
            "body/queries",
            format!("{} queries are more than are taken at once.", queries.len()),
            format!("at most {MOST_QUERIES} queries in a request"),
        ));
    }
    queries.into_iter().map(|(key, query)| one(key, query)).collect()
}

fn one(key: String, query: Value) -> Result<Query, Failure> {
    let place = |rest: &str| format!("body/queries/{}{rest}", key.replace('/', "~1"));
    let Value::Object(query) = query else {
        return Err(shape(&place(""), "The query is no object.", "an object with schema and properties"));
    };
    let Some(Value::String(schema)) = query.get("schema") else {
        return Err(shape(&place("/schema"), "Field required.", "the name of a schema, for example Person"));
    };
    check_schema(&place("/schema"), schema)?;
    if !MATCHABLE.contains(&schema.as_str()) && schema != "Thing" {
        return Err(cannot(
            &place("/schema"),
            format!("Nothing is matched by an example of {schema}."),
            format!("one of {}", MATCHABLE.join(", ")),
        ));
    }
    let Some(Value::Object(properties)) = query.get("properties") else {
        return Err(shape(&place("/properties"), "Field required.", "an object of properties"));
    };
    check_values(properties, &place)?;
    let entity = read_entity(Value::Object(query)).map_err(|words| {
        shape(&place(""), format!("The query is no entity: {words}."), "an entity of FollowTheMoney")
    })?;
    Ok(Query { key, entity })
}

fn check_values(properties: &Map<String, Value>, place: &dyn Fn(&str) -> String) -> Result<(), Failure> {
    let mut values = 0;
    for (name, value) in properties {
        let own = match value {
            Value::Array(own) => own.as_slice(),
            one => std::slice::from_ref(one),
        };
        values += own.len();
        let plain = |value: &Value| {
            matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null)
        };
        let shown: String = name.chars().take(60).collect();
        if !own.iter().all(plain) {
            return Err(shape(
                &place(&format!("/properties/{shown}")),
                format!("{shown} has a value that is no text."),
                "a text, or a list of texts",
            ));
        }
        let long = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() > LONGEST_VALUE);
        if own.iter().any(long) {
            return Err(cannot(
                &place(&format!("/properties/{shown}")),
                format!("{shown} has a value of more than {LONGEST_VALUE} characters."),
                "a shorter text",
            ));
        }
    }
    if values > MOST_VALUES {
        return Err(cannot(
            &place("/properties"),
            format!("The query has {values} values."),
            format!("at most {MOST_VALUES} values of all properties"),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> (u16, String) {
        let Err(Failure::Refused { status, refusal, .. }) = read(body.as_bytes()) else {
            panic!("{body} was taken");
        };
        (status.as_u16(), refusal.field.unwrap_or_default())
    }

    #[test]
    fn a_body_that_cannot_be_answered_is_refused_with_its_place() {
        for (body, status, place) in [
            ("", 422, "body"),
            ("[]", 422, "body"),
            ("{}", 422, "body/queries"),
            (r#"{"queries":{}}"#, 400, "body/queries"),
            (r#"{"queries":[]}"#, 422, "body/queries"),
            (r#"{"queries":{"q":{"properties":{}}}}"#, 422, "body/queries/q/schema"),
            (r#"{"queries":{"q":{"schema":"xxx","properties":{}}}}"#, 400, "body/queries/q/schema"),
            (r#"{"queries":{"q":{"schema":"Sanction","properties":{}}}}"#, 400, "body/queries/q/schema"),
            (r#"{"queries":{"q":{"schema":"Person"}}}"#, 422, "body/queries/q/properties"),
            (
                r#"{"queries":{"q":{"schema":"Person","properties":{"name":[{}]}}}}"#,
                422,
                "body/queries/q/properties/name",
            ),
            (r#"{"queries":{},"weights":{"name":0.3}}"#, 400, "body/weights/name"),
            (r#"{"queries":{},"config":7}"#, 422, "body/config"),
            (r#"{"queries":{},"more":1}"#, 400, "body/more"),
        ] {
            assert_eq!(refused(body), (status, place.to_owned()), "{body}");
        }
    }

    #[test]
    fn countries_are_understood_however_they_are_written() {
        let body = r#"{"queries":{"q":{"schema":"Person","properties":{"name":"A","country":["Russia"]}}},"weights":{}}"#;
        let queries = read(body.as_bytes()).unwrap();
        assert_eq!(queries[0].object().properties["country"], ["ru"]);
    }
}
