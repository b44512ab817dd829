//! `GET /catalog`: the lists of the register, and whether they may be relied on.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use entente_register::screening::Held;
use serde::Serialize;

use super::entry::instant;
use super::parameters::Parameters;
use super::reader;
use super::scope::{ALL, HeldObject};
use crate::app::App;
use crate::error::Answer;
use crate::screener::{Lists, ReadyList};
use crate::session::Caller;

#[derive(Debug, Serialize)]
struct Coverage {
    frequency: &'static str,
}

#[derive(Debug, Serialize)]
struct Dataset {
    name: String,
    title: String,
    summary: String,
    category: &'static str,
    entity_count: u64,
    thing_count: u64,
    version: Option<String>,
    updated_at: Option<String>,
    last_export: Option<String>,
    coverage: Coverage,
    /// The lists that it is made of.
    children: Vec<String>,
    load: bool,
    index_version: Option<String>,
    /// Whether it may be relied on: what this format calls current.
    index_current: bool,
    held: Vec<HeldObject>,
}

#[derive(Debug, Serialize)]
pub(super) struct Catalog {
    datasets: Vec<Dataset>,
    current: Vec<String>,
    outdated: Vec<String>,
    index_stale: bool,
}

/// The lists.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    caller: Caller,
    parameters: Parameters,
) -> Answer<Json<Catalog>> {
    parameters.only(&[])?;
    // Their state alone: no index is built for it.
    let rows = reader(&app, &caller).await?.lists().await?;
    let lists = Lists { lists: rows.into_iter().map(|row| ReadyList { row, index: None }).collect() };
    let mut datasets: Vec<Dataset> = lists.lists.iter().map(of_list).collect();
    let (current, outdated): (Vec<&Dataset>, Vec<&Dataset>) =
        datasets.iter().partition(|dataset| dataset.index_current);
    let names = |datasets: Vec<&Dataset>| datasets.iter().map(|dataset| dataset.name.clone()).collect();
    let (current, outdated): (Vec<String>, Vec<String>) = (names(current), names(outdated));
    let held = lists.held(None);
    datasets.insert(0, of_all(&datasets, &held));
    Ok(Json(Catalog { current, outdated, index_stale: !held.is_empty(), datasets }))
}

fn of_all(lists: &[Dataset], held: &[Held]) -> Dataset {
    let entries = lists.iter().map(|list| list.entity_count).sum();
    Dataset {
        name: ALL.to_owned(),
        title: "All lists of the register".to_owned(),
        summary: "A party is screened by all of them.".to_owned(),
        category: "sanctions",
        entity_count: entries,
        thing_count: entries,
        version: None,
        updated_at: lists.iter().filter_map(|list| list.updated_at.clone()).max(),
        // What is known to be current of all is so up to the day of the oldest.
        last_export: lists.iter().map(|list| list.last_export.clone()).min().flatten(),
        coverage: Coverage { frequency: "unknown" },
        children: lists.iter().map(|list| list.name.clone()).collect(),
        load: true,
        index_version: None,
        index_current: held.is_empty(),
        held: HeldObject::all(held),
    }
}

fn of_list(ready: &ReadyList) -> Dataset {
    let list = &ready.row.list;
    let loaded = list.edition.as_ref().map(|edition| &edition.loaded);
    let entries = loaded.map_or(0, |loaded| u64::from(loaded.entries));
    let content = list.edition.as_ref().map(|edition| edition.content().to_owned());
    let dated = loaded.and_then(|loaded| loaded.dated);
    Dataset {
        name: list.name.clone(),
        title: format!("List {}", list.name),
        summary: format!(
            "{}; an edition may be relied on for {} days",
            match list.policy.standing.word() {
                "binding" => "Binding: two people clear a hit",
                _ => "Advisory: a hit is acknowledged with a reason",
            },
            list.policy.max_age_days
        ),
        category: "sanctions",
        entity_count: entries,
        thing_count: entries,
        version: dated.map(|day| day.to_string()).or_else(|| content.clone()),
        updated_at: list.edition.as_ref().map(|edition| instant(edition.loaded_on)),
        last_export: loaded.and_then(|loaded| loaded.current_on).map(instant),
        coverage: Coverage { frequency: "unknown" },
        children: Vec::new(),
        load: true,
        index_version: content,
        index_current: ready.row.held.is_none(),
        held: ready
            .row
            .held
            .iter()
            .map(|held| HeldObject::all(std::slice::from_ref(held)))
            .next()
            .unwrap_or_default(),
    }
}
