//! A list by itself: its policy, its editions, and what has happened to it.

use askama::Template;
use axum::extract::Path;
use entente_register::access::{CommandKind, may_command};
use entente_register::ledger::SubjectKind;
use entente_register::screening::{List, marking};
use entente_store::reader::{EditionRow, ListView};
use jiff::civil::Date;

use super::lists::{ListCells, form};
use super::{edition_words, entry_path};
use crate::error::Answer;
use crate::formats::short_hash;
use crate::screener::official::official;
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, acts};
use crate::web::show;
use crate::web::visit::{Pages, Visit};
use crate::web::way::Way;

/// An edition for people.
#[derive(Debug, Clone)]
pub(crate) struct EditionLine {
    pub(crate) dated: String,
    pub(crate) hash: String,
    /// Its bytes, as they were loaded.
    pub(crate) href: String,
    pub(crate) entries: String,
    pub(crate) form: String,
    pub(crate) loaded_on: String,
    pub(crate) loaded_by: String,
    pub(crate) source: String,
    pub(crate) in_force: bool,
    /// What it changed of the one before it.
    pub(crate) changes: Option<String>,
}

#[derive(Template)]
#[template(path = "screening/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) list: ListCells,
    /// Since when the policy is so, and why.
    pub(crate) policy: Option<(String, String)>,
    /// From where it is fetched, and whose address that is; empty where none is known.
    pub(crate) fetched: (String, &'static str),
    pub(crate) offers: Offers,
    /// To the form by which an edition is loaded, for those who may.
    pub(crate) load: Option<String>,
    pub(crate) cases: String,
    pub(crate) entries: String,
    pub(crate) editions: Vec<EditionLine>,
    pub(crate) history: Vec<Act>,
    pub(crate) pages: Pages,
}

/// `GET /lists/{name}`
pub(in crate::web) async fn get(visit: Visit, Path(name): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let view = reader.list(&name, visit.page).await?;
    let way = visit.way();
    let may_load = may_command(visit.actor(), CommandKind::ListLoad).is_ok();
    crate::web::page(&ListPage {
        frame: visit.frame(Part::Screening, format!("List {name}"), &reader).marked(Some(&marking())),
        offers: Offers::of(&visit, &reader, Stands::List(Box::new(view.clone()))),
        load: may_load.then(|| way.to(&format!("/lists/{name}/acts/load"))),
        pages: visit.pages(&view.history),
        ..page(&view, reader.as_of(), &way)
    })
}

/// Writes it for people.
pub(crate) fn page(view: &ListView, as_of: Date, way: &Way) -> ListPage {
    let list = &view.row.list;
    let name = &list.name;
    let lines = view.editions.iter().enumerate().map(|(place, row)| {
        let before = view.editions.get(place + 1);
        EditionLine {
            dated: edition_words(row.edition.loaded.dated, row.edition.loaded_on),
            hash: short_hash(&row.content).to_owned(),
            href: way.to(&format!("/lists/{name}/documents/{}", row.content)),
            entries: show::count(i64::from(row.edition.loaded.entries)),
            form: form(&row.edition.loaded.form),
            loaded_on: show::day(row.edition.loaded_on),
            loaded_by: row.edition.loaded_by.clone(),
            source: row.edition.loaded.source.clone(),
            in_force: place == 0,
            changes: before.map(|before| changes(name, before, row, way)),
        }
    });
    ListPage {
        frame: Frame::default(),
        list: ListCells::of(&view.row, as_of, way),
        policy: list.policy_set.as_ref().map(|(day, reason)| (show::day(*day), reason.clone())),
        fetched: fetched(list),
        offers: Offers::default(),
        load: None,
        cases: way.with("/cases", &[("list", name.as_str()), ("state", "all")]),
        entries: way.to(&format!("/lists/{name}/entries")),
        editions: lines.collect(),
        history: acts(&view.history.rows, SubjectKind::List, name, way),
        pages: Pages::default(),
    }
}

/// The address from which a list is fetched, and whose it is.
fn fetched(list: &List) -> (String, &'static str) {
    let form = list.edition.as_ref().map(|edition| edition.loaded.form.as_str());
    match (&list.source, official(&list.name, form)) {
        (Some(address), _) => (address.clone(), "set here"),
        (None, Some(official)) => (official.address.to_owned(), "the publisher’s own"),
        (None, None) => (String::new(), ""),
    }
}

fn changes(name: &str, before: &EditionRow, after: &EditionRow, way: &Way) -> String {
    way.with(&format!("/lists/{name}/changes"), &[("from", &before.content), ("to", &after.content)])
}

/// An entry in the list of them.
#[derive(Debug, Clone)]
pub(crate) struct EntryLine {
    pub(crate) caption: String,
    pub(crate) href: String,
    pub(crate) id: String,
    pub(crate) summary: String,
}

#[derive(Template)]
#[template(path = "screening/entries.html")]
pub(crate) struct EntriesPage {
    pub(crate) frame: Frame,
    pub(crate) list: ListCells,
    pub(crate) rows: Vec<EntryLine>,
    pub(crate) pages: Pages,
}

/// `GET /lists/{name}/entries`: the entries of the edition in force, in its order.
pub(in crate::web) async fn entries(visit: Visit, Path(name): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let view = reader.list(&name, entente_store::reader::Page::first(1)).await?;
    let way = visit.way();
    let index = match &view.row.list.edition {
        Some(edition) => Some(visit.app.screener.index(&reader, &name, edition.content()).await?),
        None => None,
    };
    let all = index.as_ref().map(|index| index.entities()).unwrap_or_default();
    let page = visit.page;
    let from = usize::try_from(page.offset).unwrap_or(usize::MAX);
    let rows: Vec<EntryLine> = all
        .iter()
        .skip(from)
        .take(usize::try_from(page.limit).unwrap_or(50))
        .map(|entry| EntryLine {
            caption: entry.caption.clone(),
            href: way.to(&entry_path(&name, &entry.id)),
            id: entry.id.clone(),
            summary: super::entry::summary(entry),
        })
        .collect();
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let listing = entente_store::reader::Listing { rows, total, page };
    crate::web::page(&EntriesPage {
        frame: visit.frame(Part::Screening, format!("Entries of {name}"), &reader).marked(Some(&marking())),
        list: ListCells::of(&view.row, reader.as_of(), &way),
        pages: visit.pages(&listing),
        rows: listing.rows,
    })
}
