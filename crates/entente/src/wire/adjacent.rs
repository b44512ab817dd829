//! `GET /entities/{id}/adjacent`: what an entity is linked with, link by link, in pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::IntoResponse as _;
use entente_screening::model::is_link;
use serde::Serialize;

use super::entry::{EntityObject, Entry};
use super::facet::{Sort, sort};
use super::failure::absent;
use super::filter::Histories;
use super::history::History;
use super::look_up::{Place, elsewhere, entry, find};
use super::parameters::Parameters;
use super::relation::Relations;
use super::scope::Total;
use super::{count, reader};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::session::{Caller, percent};

/// The parameters that are known here.
const KNOWN: [&str; 3] = ["limit", "offset", "sort"];

#[derive(Debug, Clone)]
struct Asked {
    limit: usize,
    offset: usize,
    sorts: Vec<Sort>,
}

#[derive(Debug, Serialize)]
struct LinkObject {
    limit: usize,
    offset: usize,
    total: Total,
    results: Vec<EntityObject>,
}

#[derive(Debug, Serialize)]
struct AdjacentObject {
    entity: EntityObject,
    adjacent: BTreeMap<String, LinkObject>,
}

/// An entity with the first of each of its links.
pub(super) async fn all(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    parameters: Parameters,
    uri: Uri,
) -> Answer {
    show(&app, (&id, None), &caller, &parameters, &uri).await
}

/// One link of an entity.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    Path((id, property)): Path<(String, String)>,
    caller: Caller,
    parameters: Parameters,
    uri: Uri,
) -> Answer {
    show(&app, (&id, Some(&property)), &caller, &parameters, &uri).await
}

async fn show(
    app: &App,
    (id, property): (&str, Option<&str>),
    caller: &Caller,
    parameters: &Parameters,
    uri: &Uri,
) -> Answer {
    parameters.only(&KNOWN)?;
    let (limit, offset) = parameters.page()?;
    let asked = Asked { limit, offset, sorts: Sort::read(&parameters.several("sort")?)? };
    if let Some(property) = property.filter(|property| !is_link(property)) {
        return Err(no_link(property));
    }
    count(app, caller, 1)?;
    let reader = reader(app, caller).await?;
    let lists = app.screener.ready(&reader).await?;
    let (list, own, relations) = match find(app, &reader, lists, id).await? {
        Place::Here(place) => *place,
        Place::There(other) => {
            let behind = property.map(|property| format!("/{}", percent(property))).unwrap_or_default();
            return Ok(elsewhere(&other, &format!("/adjacent{behind}"), uri.query()));
        }
    };
    let history = History::read(&app.wire, &reader, &list).await?;
    let entry = entry(&list, &own, &relations)?;
    let histories: Histories =
        history.iter().map(|history| (list.row.list.name.clone(), history.clone())).collect();
    let mut linked = relations.of(&entry);
    let page = |linked| page(linked, &entry, &asked, &relations, &histories);
    Ok(match property {
        Some(property) => Json(page(linked.remove(property).unwrap_or_default())).into_response(),
        None => {
            let adjacent = linked.into_iter().map(|(link, linked)| (link.to_owned(), page(linked))).collect();
            Json(AdjacentObject { entity: entry.object(history.as_deref()), adjacent }).into_response()
        }
    })
}

fn page(
    mut linked: Vec<Entry<'_>>,
    from: &Entry<'_>,
    asked: &Asked,
    relations: &Relations,
    histories: &Histories,
) -> LinkObject {
    sort(&mut linked, &asked.sorts, histories, |entry| *entry);
    let history: Option<&History> = histories.get(&from.list.row.list.name).map(Arc::as_ref);
    LinkObject {
        limit: asked.limit,
        offset: asked.offset,
        total: Total::of(linked.len(), false),
        results: linked
            .iter()
            .skip(asked.offset)
            .take(asked.limit)
            .map(|entry| relations.with_far_side(entry, from, history))
            .collect(),
    }
}

fn no_link(property: &str) -> Failure {
    let shown: String = property.chars().take(60).collect();
    absent(
        format!("{shown:?} is no property that leads to other entities."),
        "a link of FollowTheMoney, for example addressEntity, ownershipOwner, sanctions",
    )
}
