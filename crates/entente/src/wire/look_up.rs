//! `GET /entities/{id}`: one entry, with what it is linked with.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse as _, Response};
use entente_store::reader::Reader;

use super::entry::Entry;
use super::failure::{absent, cannot};
use super::history::History;
use super::parameters::Parameters;
use super::relation::Relations;
use super::{count, reader};
use crate::app::App;
use crate::error::{Answer, Failure};
use crate::screener::{Lists, ReadyList};
use crate::session::{Caller, percent};

/// Where an identifier leads.
pub(super) enum Place {
    /// To an entity of a list, named by its own identifier, and the links of that list.
    Here(Box<(ReadyList, String, Arc<Relations>)>),
    /// To another address, because a list's own identifier was given.
    There(String),
}

/// Finds an entity by its identifier. A list's own identifier is as good as long as one list alone has it.
pub(super) async fn find(app: &App, reader: &Reader, lists: Lists, id: &str) -> Result<Place, Failure> {
    let mut by_own: Vec<String> = Vec::new();
    for list in lists.lists {
        let relations = Relations::read(&app.wire, reader, &list).await?;
        let found = match &relations {
            Some(relations) => relations.find(&list, id).map(|entry| entry.entity.id.clone()),
            None => {
                let entities = list.index.as_ref().map_or(&[][..], |index| index.entities());
                let found =
                    entities.iter().map(|entity| Entry { list: &list, entity }).find(|entry| entry.is(id));
                match found {
                    Some(entry) if entry.id() == id => Some(entry.entity.id.clone()),
                    Some(entry) => {
                        by_own.push(entry.id());
                        None
                    }
                    None => None,
                }
            }
        };
        if let Some(own) = found {
            return Ok(Place::Here(Box::new((list, own, relations.unwrap_or_default()))));
        }
    }
    match by_own.as_slice() {
        [one] => Ok(Place::There(percent(one))),
        [] => Err(absent(
            "No such entity!",
            "the identifier of an entry of an edition in force, as a search or a match gives it",
        )),
        several => Err(cannot(
            "path/entity_id",
            "Several lists have an entry with this identifier.",
            format!("one of {}", several.join(", ")),
        )),
    }
}

/// The entry of a place, which was found there.
pub(super) fn entry<'p>(
    list: &'p ReadyList,
    own: &str,
    relations: &'p Relations,
) -> Result<Entry<'p>, Failure> {
    let entities = || list.index.as_ref().map_or(&[][..], |index| index.entities());
    let found = relations
        .find(list, own)
        .or_else(|| entities().iter().find(|entity| entity.id == own).map(|entity| Entry { list, entity }));
    found.ok_or_else(|| absent("No such entity!", "the identifier of an entry of an edition in force"))
}

/// The answer that leads on to another entity, with what stands behind it in the path.
pub(super) fn elsewhere(id: &str, behind: &str, query: Option<&str>) -> Response {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let place = format!("/entities/{id}{behind}{query}");
    (StatusCode::PERMANENT_REDIRECT, [(LOCATION, place)]).into_response()
}

/// Shows an entity.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    caller: Caller,
    parameters: Parameters,
    uri: axum::http::Uri,
) -> Answer {
    parameters.only(&["nested"])?;
    let nested = parameters.flag("nested")?.unwrap_or(true);
    count(&app, &caller, 1)?;
    let reader = reader(&app, &caller).await?;
    let lists = app.screener.ready(&reader).await?;
    let (list, own, relations) = match find(&app, &reader, lists, &id).await? {
        Place::Here(place) => *place,
        Place::There(other) => return Ok(elsewhere(&other, "", uri.query())),
    };
    let history = History::read(&app.wire, &reader, &list).await?;
    let history = history.as_deref();
    let entry = entry(&list, &own, &relations)?;
    let object = if nested { relations.nested(&entry, history) } else { entry.object(history) };
    Ok(Json(object).into_response())
}
