//! What two editions of a list do not have in common.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::Refusal;
use entente_register::screening::marking;
use entente_screening::entity::Entity;
use entente_screening::lists::delta::{Delta, delta};
use entente_store::Fault;
use entente_store::reader::{EditionRow, Page};

use super::entry::{FieldCells, field};
use super::{edition_words, entry_path};
use crate::error::Answer;
use crate::formats::short_hash;
use crate::formats::table::Kind;
use crate::screener::{delta_rows, entries};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, text, ways};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Entries of each sort that a page shows at most; the table has all.
const SHOWN: usize = 100;

/// An entry that is new or gone.
#[derive(Debug, Clone)]
pub(crate) struct EntryCells {
    pub(crate) id: String,
    pub(crate) caption: String,
    /// None where it has no page: nothing of a preview has.
    pub(crate) href: Option<String>,
}

/// An entry that says something else.
#[derive(Debug, Clone)]
pub(crate) struct ChangedCells {
    pub(crate) entry: EntryCells,
    /// Whether something changed by which its bearer is told from others.
    pub(crate) screened: bool,
    pub(crate) fields: Vec<FieldCells>,
}

/// What differs, for people.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeltaView {
    pub(crate) added: Vec<EntryCells>,
    pub(crate) removed: Vec<EntryCells>,
    pub(crate) changed: Vec<ChangedCells>,
    /// How many there are in all of the three, and of those that say the same.
    pub(crate) counts: [String; 4],
    /// How many are not shown; empty where all are.
    pub(crate) beyond: [String; 3],
}

impl DeltaView {
    /// `list` is whose pages the entries have; none where they have none yet.
    pub(crate) fn of(delta: &Delta<'_>, list: Option<(&str, &Way)>) -> DeltaView {
        let entry = |entity: &Entity| EntryCells {
            id: entity.id.clone(),
            caption: entity.caption.clone(),
            href: list.map(|(name, way)| way.to(&entry_path(name, &entity.id))),
        };
        let numbers = [delta.added.len(), delta.removed.len(), delta.changed.len(), delta.unchanged];
        let count = |number: usize| show::count(i64::try_from(number).unwrap_or(i64::MAX));
        let beyond = |number: usize| if number > SHOWN { count(number - SHOWN) } else { String::new() };
        DeltaView {
            added: delta.added.iter().take(SHOWN).map(|entity| entry(entity)).collect(),
            removed: delta.removed.iter().take(SHOWN).map(|entity| entry(entity)).collect(),
            changed: delta
                .changed
                .iter()
                .take(SHOWN)
                .map(|change| ChangedCells {
                    entry: entry(change.after),
                    screened: change.screened,
                    fields: change.fields.iter().map(field).collect(),
                })
                .collect(),
            counts: numbers.map(count),
            beyond: [numbers[0], numbers[1], numbers[2]].map(beyond),
        }
    }
}

#[derive(Template)]
#[template(path = "screening/changes.html")]
pub(crate) struct ChangesPage {
    pub(crate) frame: Frame,
    pub(crate) list: (String, String),
    pub(crate) from: Vec<Choice>,
    pub(crate) to: Vec<Choice>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) action: String,
    pub(crate) delta: DeltaView,
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// Both editions with their entries.
struct Both {
    name: String,
    editions: Vec<EditionRow>,
    from: String,
    to: String,
    older: Vec<Entity>,
    newer: Vec<Entity>,
}

/// `GET /lists/{name}/changes?from=HASH&to=HASH`
pub(in crate::web) async fn get(visit: Visit, Path(name): Path<String>) -> Answer {
    let both = read(&visit, name).await?;
    let way = visit.way();
    let reader = visit.reader().await?;
    let choices = |chosen: &str| -> Vec<Choice> {
        let choice = |row: &EditionRow| Choice {
            value: row.content.clone(),
            name: format!(
                "{} ({})",
                edition_words(row.edition.loaded.dated, row.edition.loaded_on),
                short_hash(&row.content)
            ),
            chosen: row.content == chosen,
        };
        let mut seen = Vec::new();
        let mut once = |row: &&EditionRow| {
            let is_new = !seen.contains(&row.content);
            seen.push(row.content.clone());
            is_new
        };
        both.editions.iter().filter(|row| once(row)).map(choice).collect()
    };
    let action = format!("/lists/{}/changes", both.name);
    let asked = [("from", both.from.as_str()), ("to", both.to.as_str())];
    let page = ChangesPage {
        frame: visit
            .frame(Part::Screening, format!("Changes of the list {}", both.name), &reader)
            .marked(Some(&marking())),
        list: (both.name.clone(), way.to(&format!("/lists/{}", both.name))),
        from: choices(&both.from),
        to: choices(&both.to),
        hidden: visit.hidden(),
        tables: ways(|form| way.with(&format!("{action}.{form}"), &asked)),
        action,
        delta: DeltaView::default(),
    };
    let comparing = tokio::task::spawn_blocking(move || {
        DeltaView::of(&delta(&both.older, &both.newer), Some((&both.name, &way)))
    });
    let delta = comparing.await.map_err(|e| Fault::internal("comparing two editions", e))?;
    crate::web::page(&ChangesPage { delta, ..page })
}

/// `GET /lists/{name}/changes.csv`, `.xlsx`
pub(in crate::web) async fn export(visit: Visit, Path(name): Path<String>, kind: Kind) -> Answer {
    let both = read(&visit, name).await?;
    let comparing = tokio::task::spawn_blocking(move || delta_rows(&delta(&both.older, &both.newer)));
    let rows = comparing.await.map_err(|e| Fault::internal("comparing two editions", e))?;
    let columns = &["change", "id", "caption", "field", "before", "after"];
    let rows = rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect();
    Table { name: "changes", columns, rows }.answer(kind, visit.reader().await?.as_of()).await
}

/// The two editions that are asked for: the one in force and the one before it where none is named.
async fn read(visit: &Visit, name: String) -> Answer<Both> {
    let reader = visit.reader().await?;
    let editions = reader.list(&name, Page::first(1)).await?.editions;
    let nth = |place: usize| {
        editions.get(place).map(|row| row.content.clone()).ok_or_else(|| {
            Refusal::new("edition.one", format!("There is no second edition of the list {name} yet."))
                .field("from")
                .missing("two editions to compare")
        })
    };
    let named = |parameter: &'static str| {
        let Some(hash) = visit.parameter(parameter) else { return Ok(None) };
        let found = editions.iter().find(|row| row.content == hash);
        found.map(|row| Some(row.content.clone())).ok_or_else(|| Refusal::not_found("edition", hash))
    };
    let to = match named("to")? {
        Some(to) => to,
        None => nth(0)?,
    };
    let from = match named("from")? {
        Some(from) => from,
        None => nth(1)?,
    };
    let older = entries(&reader, &name, &from).await?;
    let newer = entries(&reader, &name, &to).await?;
    Ok(Both { name, editions, from, to, older, newer })
}
