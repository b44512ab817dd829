//! The lists of those under measures for spreadsheets: the lists, the editions of one, and its entries in force.

use axum::extract::Path;
use entente_store::reader::{ListRow, Page};

use super::entry::summary;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::screener::{ENGINE, threshold};
use crate::web::spreadsheet::{Table, check_length, day, optional, text, yes};
use crate::web::visit::Visit;

/// `GET /lists.csv` and `.xlsx`
pub(in crate::web) async fn lists(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.lists().await?.iter().map(list).collect();
    let columns = &[
        "list",
        "held",
        "a_hit_is",
        "max_age_days",
        "edition_dated",
        "content",
        "form",
        "entries",
        "current_on",
        "loaded_on",
        "loaded_by",
        "source",
        "parties_compared_on",
        "compared_with_it",
    ];
    Table { name: "lists", columns, rows }.answer(kind, reader.as_of()).await
}

fn list(row: &ListRow) -> Vec<Out> {
    let list = &row.list;
    let edition = list.edition.as_ref();
    let loaded = edition.map(|edition| &edition.loaded);
    vec![
        text(&list.name),
        yes(row.held.is_some()),
        text(super::asks(list.policy.standing)),
        Out::Whole(i64::from(list.policy.max_age_days)),
        day(loaded.and_then(|loaded| loaded.dated)),
        optional(edition.map(|edition| edition.content())),
        optional(loaded.map(|loaded| loaded.form.as_str())),
        loaded.map_or(Out::Empty, |loaded| Out::Whole(i64::from(loaded.entries))),
        day(loaded.and_then(|loaded| loaded.current_on)),
        day(edition.map(|edition| edition.loaded_on)),
        optional(edition.map(|edition| edition.loaded_by.as_str())),
        optional(loaded.map(|loaded| loaded.source.as_str())),
        day(list.screened.as_ref().map(|(on, _)| *on)),
        yes(list.screened_through(ENGINE, threshold()).is_some()),
    ]
}

/// `GET /lists/{name}/editions.csv` and `.xlsx`: all editions, the latest first.
pub(in crate::web) async fn editions(visit: Visit, name: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let view = reader.list(&name, Page::first(1)).await?;
    let rows = view.editions.iter().enumerate().map(|(place, row)| {
        let edition = &row.edition;
        vec![
            text(&row.list),
            day(edition.loaded.dated),
            yes(place == 0),
            text(&row.content),
            text(&edition.loaded.form),
            Out::Whole(i64::from(edition.loaded.entries)),
            Out::Date(edition.loaded_on),
            text(&edition.loaded_by),
            text(&edition.loaded.source),
        ]
    });
    let columns =
        &["list", "dated", "in_force", "content", "form", "entries", "loaded_on", "loaded_by", "source"];
    Table { name: "editions", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /lists/{name}/entries.csv` and `.xlsx`: the entries of the edition in force, in its order.
pub(in crate::web) async fn entries(visit: Visit, name: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let view = reader.list(&name, Page::first(1)).await?;
    let index = match &view.row.list.edition {
        Some(edition) => Some(visit.app.screener.index(&reader, &name, edition.content()).await?),
        None => None,
    };
    let all = index.as_ref().map(|index| index.entities()).unwrap_or_default();
    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
    check_length("entries", "looking up one party, or the edition itself as it was loaded", total)?;
    let rows = all
        .iter()
        .map(|entry| vec![text(&entry.id), text(&entry.caption), text(&entry.schema), text(summary(entry))]);
    let columns = &["identifier", "name", "schema", "what_it_says"];
    Table { name: "entries", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}
