//! `GET /algorithms`: the one engine, and what it looks at.

use std::collections::BTreeMap;

use axum::Json;
use serde::Serialize;

use super::failure::cannot;
use crate::error::Failure;
use crate::screener::ENGINE;
use crate::session::Caller;

/// The name of the engine in this format.
const NAME: &str = "entente";

/// What `algorithm` may be beside the engine’s name.
const BEST: &str = "best";

const DESCRIPTION: &str = "Names word by word, in any script, by how they are spelled and sound; what else is known \
     raises or lowers the score a little, and a slip in a date of birth never takes a hit below the threshold.";

/// Each feature, by how much it moves a score at most, and what it looks at.
const FEATURES: [(&str, f32, &str); 5] = [
    ("name", 1.0, "The most alike pair of names, word by word; it decides"),
    ("identifier", 0.95, "A passport, register, tax or vessel’s number in common; then the score is no less"),
    ("birth_date", -0.25, "Days of birth: 0.05 for the same day, down to -0.25 for years far apart"),
    ("country", -0.08, "Countries: 0.02 for one in common, -0.08 for none"),
    ("gender", -0.1, "Another gender"),
];

#[derive(Debug, Clone, Serialize)]
struct FeatureDoc {
    description: &'static str,
    coefficient: f32,
    url: &'static str,
}

#[derive(Debug, Serialize)]
struct Docs {
    name: &'static str,
    description: String,
    /// There is nothing to set.
    config: BTreeMap<&'static str, FeatureDoc>,
    features: BTreeMap<&'static str, FeatureDoc>,
}

#[derive(Debug, Serialize)]
struct Algorithm {
    name: &'static str,
    description: String,
    features: BTreeMap<&'static str, FeatureDoc>,
    docs: Docs,
}

#[derive(Debug, Serialize)]
pub(super) struct Algorithms {
    algorithms: [Algorithm; 1],
    default: &'static str,
    best: &'static str,
}

/// The engine.
pub(super) async fn get(_: Caller) -> Json<Algorithms> {
    let doc = |(name, coefficient, description)| (name, FeatureDoc { description, coefficient, url: "" });
    let features: BTreeMap<_, _> = FEATURES.into_iter().map(doc).collect();
    let description = format!("{DESCRIPTION} Version {ENGINE}.");
    let docs = Docs {
        name: NAME,
        description: description.clone(),
        config: BTreeMap::new(),
        features: features.clone(),
    };
    Json(Algorithms {
        algorithms: [Algorithm { name: NAME, description, features, docs }],
        default: NAME,
        best: NAME,
    })
}

/// Refuses an algorithm that is not there.
pub(super) fn check(name: Option<&str>) -> Result<(), Failure> {
    match name {
        None | Some(NAME | BEST) => Ok(()),
        Some(other) => Err(cannot(
            "query/algorithm",
            format!("Unknown algorithm: {:?}.", other.chars().take(60).collect::<String>()),
            format!("{BEST}, or {NAME}; scores of other algorithms are not made here"),
        )),
    }
}
