//! Whatever stands in a file, reading it gives rows or a reason, and never fails otherwise.

use entente::book::ocds;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Values of every sort at every depth, with the names that the reader looks for.
fn any_value() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "id",
        "ocid",
        "date",
        "tag",
        "releases",
        "records",
        "compiledRelease",
        "contracts",
        "awards",
        "suppliers",
        "awardID",
        "parties",
        "roles",
        "name",
        "items",
        "terms",
        "quantity",
        "unit",
        "value",
        "amount",
        "currency",
        "documents",
        "documentType",
        "title",
        "milestones",
        "implementation",
        "delivery",
        "amendments",
        "period",
        "startDate",
        "endDate",
        "dateSigned",
        "status",
        "buyer",
        "address",
        "countryName",
        "identifier",
        "scheme",
        "book",
        "plans",
        "groups",
        "members",
        "marking",
        "partner",
        "claims",
        "classification",
        "details",
        "state",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "1",
            "a",
            "USD",
            "active",
            "supplier",
            "buyer",
            "2012-01-01T00:00:00Z",
            "2012-13-01",
            "GB-COH",
            ";",
            "é"
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(7, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(names.clone(), inner, 0..8).prop_map(|all| Value::Object(
                all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

/// A sound package with something else in one place.
fn spoilt() -> impl Strategy<Value = Value> {
    let sound: Value = serde_json::from_slice(&ocds::template().unwrap()).unwrap();
    let mut places = Vec::new();
    walk(&sound, String::new(), &mut places);
    (prop::sample::select(places), any_value()).prop_map(move |(place, value)| {
        let mut package = sound.clone();
        *package.pointer_mut(&place).unwrap() = value;
        package
    })
}

fn walk(value: &Value, at: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| walk(value, format!("{at}/{name}"), places))
        }
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(place, value)| walk(value, format!("{at}/{place}"), places))
        }
        _ => {}
    }
    places.push(at);
}

fn read(text: &str) {
    if let Ok(package) = ocds::read(text.as_bytes(), ocds::Reading::default()) {
        for table in package.tables {
            let width = table.table.columns().len();
            table.rows.for_each(|row| assert_eq!(row.unwrap().cells.len(), width));
        }
        assert!(package.problems.iter().all(|(_, problem)| problem.pointer.is_some()));
    }
}

proptest! {
    #[test]
    fn any_json_is_read_or_refused(value in any_value(), twice in any::<bool>()) {
        read(&value.to_string());
        let releases = if twice { json!([value, value]) } else { json!([value]) };
        read(&json!({"version": "1.1", "releases": releases}).to_string());
        read(&json!({"version": "1.1", "releases": [{"ocid": "a", "contracts": [value]}, {"ocid": "a", "contracts": [value]}]}).to_string());
    }

    #[test]
    fn a_package_with_anything_in_one_place_is_read_or_refused(package in spoilt(), cut in 0.0f64..1.0) {
        let text = package.to_string();
        read(&text);
        let mut end = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        read(&text[..end]);
    }
}
