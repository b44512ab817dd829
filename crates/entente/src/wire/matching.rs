//! `POST /match/{dataset}`: examples of entities, looked up on lists.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::response::IntoResponse as _;
use entente_register::screening::Held;
use entente_screening::entity::Ready;
use entente_screening::score::{Reason, THRESHOLD, Told};
use entente_store::Fault;
use rayon::prelude::*;
use serde::Serialize;

use super::entry::{EntityObject, Entry};
use super::failure::{cannot, shape};
use super::filter::{Filter, Histories, histories};
use super::parameters::Parameters;
use super::query::{MOST_QUERIES, Query, QueryObject, read};
use super::scope::{HeldObject, Scope, Total};
use super::{algorithm, count, reader};
use crate::api::body;
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::screener::{LOWEST, incomparable};
use crate::session::Caller;

/// The parameters that are known here.
const KNOWN: [&str; 10] = [
    "limit",
    "threshold",
    "cutoff",
    "algorithm",
    "include_dataset",
    "exclude_schema",
    "exclude_dataset",
    "topics",
    "changed_since",
    "exclude_entity_ids",
];

/// Results of a query where nobody says how many, and at most.
const LIMIT: (usize, usize) = (5, 500);

/// Results of all queries of a request together at most: each is given with everything that its list says of it.
const MOST_RESULTS: usize = 5_000;

/// What is asked of every query of a request.
#[derive(Debug, Clone)]
struct Asked {
    limit: usize,
    /// From which score on a result is a match.
    threshold: f32,
    /// Below which score nothing is given.
    cutoff: f32,
    filter: Filter,
}

#[derive(Debug, Serialize)]
struct FeatureObject {
    detail: String,
    score: f32,
    query: String,
    candidate: String,
    /// Of the name: word by word what met and what did not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    words: Vec<Told>,
}

#[derive(Debug, Serialize)]
struct ScoredObject {
    #[serde(flatten)]
    entity: EntityObject,
    score: f32,
    #[serde(rename = "match")]
    is_match: bool,
    explanations: BTreeMap<&'static str, FeatureObject>,
}

#[derive(Debug, Serialize)]
struct MatchesObject {
    status: u16,
    results: Vec<ScoredObject>,
    total: Total,
    query: QueryObject,
    /// Why nobody is cleared by this answer; empty where the lists may be relied on.
    held: Vec<HeldObject>,
}

#[derive(Debug, Serialize)]
struct MatchObject {
    responses: BTreeMap<String, MatchesObject>,
    limit: usize,
    /// The editions by which it was answered, by the names of the lists, and the version of the engine: what the
    /// answer can be made again by.
    editions: BTreeMap<String, String>,
    engine: &'static str,
}

/// Looks examples up.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Path(dataset): Path<String>,
    caller: Caller,
    parameters: Parameters,
    request: Request,
) -> Answer {
    parameters.only(&KNOWN)?;
    algorithm::check(parameters.one("algorithm")?)?;
    let threshold = parameters.score("threshold", LOWEST)?.unwrap_or(THRESHOLD);
    let cutoff = parameters.score("cutoff", LOWEST)?.unwrap_or(THRESHOLD).min(threshold);
    let limit = parameters.whole("limit", LIMIT.0, 1, LIMIT.1)?;
    let mut asked = Asked { limit, threshold, cutoff, filter: Filter::of_match(&parameters)? };
    let queries = read(&body(request, &app).await?)?;
    check_results(limit, queries.len())?;
    count(&app, &caller, queries.len())?;
    let reader = reader(&app, &caller).await?;
    let scope = Scope::of(app.screener.ready(&reader).await?, &dataset, &parameters)?;
    scope.check(&parameters)?;
    asked.filter.settle(&app.wire, &scope).await?;
    let histories = histories(&app.wire, &reader, &scope).await?;
    let editions = scope
        .lists
        .lists
        .iter()
        .filter_map(|list| {
            Some((list.row.list.name.clone(), list.row.list.edition.as_ref()?.content().to_owned()))
        })
        .collect();
    let strict = parameters.strict;
    let working = tokio::task::spawn_blocking(move || {
        let one = |query: Query| {
            let answer = answer(&scope, &query, &asked, &histories);
            (query.key, answer)
        };
        queries.into_par_iter().map(one).collect::<BTreeMap<_, _>>()
    });
    let responses = working.await.map_err(|e| Fault::internal("looking entities up on lists", e))?;
    if strict && let Some((key, _)) = responses.iter().find(|(_, answer)| !answer.held.is_empty()) {
        return Err(nothing_to_compare(key));
    }
    let object = MatchObject { responses, limit, editions, engine: crate::screener::ENGINE };
    Ok(([("x-batch-size", MOST_QUERIES.to_string())], Json(object)).into_response())
}

/// Refuses a request whose answer might have more results than one answer holds.
fn check_results(limit: usize, queries: usize) -> Result<(), Failure> {
    let results = limit.saturating_mul(queries);
    if results <= MOST_RESULTS {
        return Ok(());
    }
    Err(shape(
        "query/limit",
        format!("{queries} queries with up to {limit} results each are up to {results} results."),
        format!("fewer queries or a smaller limit: at most {MOST_RESULTS} results in an answer"),
    ))
}

fn nothing_to_compare(key: &str) -> Failure {
    cannot(
        &format!("body/queries/{}/properties", key.replace('/', "~1")),
        "HELD: the query has no name and no identifier that could be compared.",
        "a name or an identifier, or a request without Prefer: handling=strict",
    )
}

fn answer(scope: &Scope, query: &Query, asked: &Asked, histories: &Histories) -> MatchesObject {
    let ready = Ready::new(&query.entity);
    let mut held = scope.held.clone();
    if let Some(reason) = incomparable(&ready) {
        held.push(Held { code: "nothing_to_compare", reason: format!("Nobody is cleared: {reason}.") });
    }
    let found = scope.lists.search(&ready, None, asked.cutoff, usize::MAX).found;
    let mut results: Vec<ScoredObject> = Vec::new();
    let mut matches = 0;
    // The best come first.
    for found in found {
        let score = found.score;
        let is_match = score.score >= asked.threshold;
        let is_given = results.len() < asked.limit;
        if !is_match && !is_given {
            break;
        }
        let entry = Entry { list: found.list, entity: found.entry };
        if !asked.filter.holds(&entry, histories) {
            continue;
        }
        // As the format counts: matches, also those beyond the limit.
        matches += usize::from(is_match);
        if is_given {
            results.push(ScoredObject {
                entity: entry.object(histories.get(&entry.list.row.list.name).map(Arc::as_ref)),
                score: shown(score.score),
                is_match,
                explanations: explained(score.reasons),
            });
        }
    }
    MatchesObject {
        status: 200,
        results,
        total: Total::of(matches, !held.is_empty()),
        query: query.object(),
        held: HeldObject::all(&held),
    }
}

/// A score as it is shown everywhere: in thousandths.
fn shown(score: f32) -> f32 {
    (score * 1_000.0).round() / 1_000.0
}

fn explained(reasons: Vec<Reason>) -> BTreeMap<&'static str, FeatureObject> {
    reasons
        .into_iter()
        .map(|reason| {
            let Reason { feature, score, detail, query, candidate, words } = reason;
            (feature, FeatureObject { detail, score: shown(score), query, candidate, words })
        })
        .collect()
}
