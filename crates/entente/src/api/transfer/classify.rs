//! Control-list entries for goods in words, and what was decided before of goods like these.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::search::Query;
use entente_store::reader::{ClassifyView, PrecedentsView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::json::{Asked, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// An entry of a control list that bears what is sought.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SuggestedObject {
    /// The entry.
    pub(crate) entry: String,
    /// What it is about.
    pub(crate) title: String,
    /// What it says, where that is on file.
    text: Option<String>,
    /// Number of the list.
    pub(crate) list: String,
    /// Which edition of it.
    pub(crate) edition: String,
    /// How many of the words it bears.
    words: usize,
}

/// How such goods were classified before.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassifiedObject {
    /// The entry.
    pub(crate) category: String,
    /// The class by which embargo rules know them.
    pub(crate) class: &'static str,
    /// In how many applications.
    pub(crate) applications: usize,
    /// In how many of them it was granted.
    pub(crate) granted: usize,
    /// The last of them.
    pub(crate) last_application: String,
    /// When that was submitted.
    #[schema(format = Date)]
    last_on: String,
    /// How it describes the goods.
    pub(crate) last_description: String,
}

/// What is suggested for goods in words.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassificationObject {
    /// Control lists in force that are open to the caller: number and edition.
    lists: Vec<(String, String)>,
    /// Entries that bear the words: those that bear most of them first.
    pub(crate) entries: Vec<SuggestedObject>,
    /// How such goods were classified in applications that are open to the caller.
    pub(crate) classified: Vec<ClassifiedObject>,
    /// Marking of what is given.
    label: Option<String>,
}

impl ClassificationObject {
    pub(crate) fn of(view: ClassifyView) -> ClassificationObject {
        let entries = view.suggested.into_iter().map(|one| SuggestedObject {
            entry: one.listed.entry,
            title: one.listed.title,
            text: one.listed.text,
            list: one.listed.list,
            edition: one.listed.edition,
            words: one.found,
        });
        let classified = view.classified.into_iter().map(|one| ClassifiedObject {
            category: one.category,
            class: one.class.word(),
            applications: one.applications,
            granted: one.granted,
            last_application: one.last.0,
            last_on: one.last.1.to_string(),
            last_description: one.last.2,
        });
        ClassificationObject {
            lists: view.lists.into_iter().collect(),
            entries: entries.collect(),
            classified: classified.collect(),
            label: view.label.map(|label| label.to_string()),
        }
    }
}

/// Control-list entries that bear words, and how goods in these words were classified before. They decide nothing.
#[utoipa::path(get, path = "/classification", tag = "transfers", params(View, ("q" = String, Query, description = "Goods in words, or the beginning of an entry", example = "night vision")), responses((status = 200, description = "What is suggested", body = ClassificationObject)))]
pub(crate) async fn classify(State(app): State<Arc<App>>, caller: Caller, asked: Asked) -> Answer {
    asked.only(&["q"])?;
    let query = Query::parse(asked.other("q")?.unwrap_or_default())?;
    let reader = caller.reader(&app, &asked.view).await?;
    asked.answer(&ClassificationObject::of(reader.classify(&query).await?))
}

/// An earlier decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PrecedentObject {
    /// Number of the application.
    pub(crate) application: String,
    /// What it was about.
    pub(crate) title: String,
    /// State of destination.
    pub(crate) destination: String,
    /// How near it is: `user_entry`, `user_head`, `state_entry`, `state_head` or `user`.
    nearness: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub(crate) near: &'static str,
    /// When it was decided.
    #[schema(format = Date)]
    pub(crate) decided_on: String,
    /// `granted`, `partly` or `refused`, of what is near.
    pub(crate) outcome: &'static str,
    /// Number of the licence.
    pub(crate) licence: Option<String>,
    /// By which criteria something was refused.
    pub(crate) criteria: Vec<&'static str>,
    /// On how many conditions something was granted.
    conditions: usize,
}

/// How many precedents came to what.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct OutcomesObject {
    granted: usize,
    partly: usize,
    refused: usize,
}

/// What was decided before of goods like these.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PrecedentsObject {
    /// How many there are.
    pub(crate) total: usize,
    /// Whether older ones were not looked at.
    more: bool,
    outcomes: OutcomesObject,
    /// The nearest, ten at most.
    pub(crate) rows: Vec<PrecedentObject>,
}

impl PrecedentsObject {
    pub(crate) fn of(view: PrecedentsView) -> PrecedentsObject {
        use entente_register::transfer::precedent::Outcome;
        let many = |outcome| view.outcomes.get(&outcome).copied().unwrap_or_default();
        PrecedentsObject {
            total: view.total,
            more: view.is_more,
            outcomes: OutcomesObject {
                granted: many(Outcome::Granted),
                partly: many(Outcome::Partly),
                refused: many(Outcome::Refused),
            },
            rows: view
                .rows
                .into_iter()
                .map(|row| PrecedentObject {
                    application: row.precedent.application,
                    title: row.title,
                    destination: row.destination,
                    nearness: row.precedent.nearness.word(),
                    near: row.precedent.nearness.name(),
                    decided_on: row.precedent.on.to_string(),
                    outcome: row.precedent.outcome.word(),
                    licence: row.licence,
                    criteria: row.criteria.into_iter().map(|one| one.word()).collect(),
                    conditions: row.conditions,
                })
                .collect(),
        }
    }
}

/// What was decided before of goods like those of an application, for the same end user or the same state: none for an applicant
/// or an agency.
#[utoipa::path(get, path = "/applications/{number}/precedents", tag = "transfers", params(("number" = String, Path, description = "Number of the application", example = "O-T2026-0001"), View), responses((status = 200, description = "Precedents", body = PrecedentsObject)))]
pub(crate) async fn read_precedents(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&[])?;
    let reader = caller.reader(&app, &asked.view).await?;
    let application = reader.application(&number).await?;
    asked.answer(&PrecedentsObject::of(reader.precedents(&application).await?))
}
