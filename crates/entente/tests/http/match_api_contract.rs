//! The contract of screening clients: answers are checked against its schemas where it is at hand.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};

#[expect(clippy::print_stderr, reason = "why something is skipped is said where tests say it")]
fn contract() -> Option<&'static Value> {
    static CONTRACT: OnceLock<Option<Value>> = OnceLock::new();
    CONTRACT
        .get_or_init(|| {
            let near = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/contracts");
            let folder = std::env::var_os("ENTENTE_TEST_CONTRACTS").map_or(near, PathBuf::from);
            let file = folder.join("yente-openapi.json");
            let Ok(text) = std::fs::read_to_string(&file) else {
                eprintln!("skipped: {} is not there (ENTENTE_TEST_CONTRACTS)", file.display());
                return None;
            };
            Some(serde_json::from_str(&text).unwrap())
        })
        .as_ref()
}

/// Fails where an answer is not of a schema of the contract.
#[track_caller]
pub(crate) fn check(schema: &str, answer: &Value) {
    let Some(contract) = contract() else { return };
    let whole = json!({
        "$ref": format!("#/components/schemas/{schema}"),
        "components": contract["components"],
    });
    let validator = jsonschema::draft202012::new(&whole).unwrap();
    let wrong: Vec<String> =
        validator.iter_errors(answer).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{schema}: {wrong:#?}\n{answer:#}");
}

/// The parameters of a request of the contract, by their names.
pub(crate) fn parameters(path: &str, method: &str) -> Vec<String> {
    let Some(contract) = contract() else { return Vec::new() };
    let all = contract["paths"][path][method]["parameters"].as_array().unwrap();
    all.iter()
        .filter(|one| one["in"] == "query")
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect()
}
