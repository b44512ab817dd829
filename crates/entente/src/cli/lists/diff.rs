//! `entente lists diff`: what two editions of a list have in common, and what not.

use std::path::Path;

use clap::Args;
use entente_register::ledger::{Refusal, parse_date};
use entente_screening::entity::Entity;
use entente_screening::lists::delta::{Delta, delta};
use entente_store::Store;
use serde::Serialize;

use super::Format;
use crate::cli::{Context, Done, Halt};
use crate::screener::{delta_rows, edition, entries};

/// What `diff` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The older edition: a file, a list's name for the edition in force, NAME@DATE for the one in force on a day, or
    /// NAME@HASH
    older: String,
    /// The newer edition, in the same ways
    newer: String,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Object<'d> {
    added: Vec<Entry<'d>>,
    removed: Vec<Entry<'d>>,
    changed: Vec<Changed<'d>>,
    unchanged: usize,
}

#[derive(Debug, Serialize)]
struct Entry<'d> {
    id: &'d str,
    caption: &'d str,
}

#[derive(Debug, Serialize)]
struct Changed<'d> {
    #[serde(flatten)]
    entry: Entry<'d>,
    /// Whether something changed by which its bearer is told from others.
    screened: bool,
    fields: &'d [entente_screening::lists::delta::FieldChange],
}

pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let mut store = None;
    let older = of(context, &mut store, &arguments.older).await?;
    let newer = of(context, &mut store, &arguments.newer).await?;
    if let Some(store) = store {
        store.close().await;
    }
    let delta = delta(&older, &newer);
    match arguments.format {
        Format::Json => context.out.json(&object(&delta)),
        Format::Csv => {
            context.out.csv(&["change", "id", "caption", "field", "before", "after"], delta_rows(&delta))
        }
        Format::Text => context.out.print(&text(&delta)),
    }
}

/// The entries of an edition.
async fn of(context: &Context, store: &mut Option<Store>, named: &str) -> Result<Vec<Entity>, Halt> {
    let file = Path::new(named);
    if file.is_file() {
        return Ok(edition::read(named, &edition::read_file(file)?)?.entries);
    }
    let (list, which) = named.split_once('@').map_or((named, None), |(list, which)| (list, Some(which)));
    if store.is_none() {
        *store = Some(context.open_existing().await?);
    }
    // It was opened just above where it was not.
    let Some(store) = store else { return Err(Refusal::not_found("edition", named).into()) };
    let actor = context.actor(store).await?;
    let day = which.filter(|which| which.contains('-')).map(|day| parse_date("edition", day)).transpose()?;
    let content = match which {
        Some(hash) if day.is_none() => {
            store.reader(&actor, None, None).await?.edition(list, hash).await?.content
        }
        _ => {
            let lists = store.reader(&actor, day, None).await?.lists().await?;
            let edition =
                lists.into_iter().find(|row| row.list.name == list).and_then(|row| row.list.edition);
            let edition = edition.ok_or_else(|| {
                Refusal::new(
                    "edition.not_found",
                    format!("{named} is neither a file nor an edition of a list."),
                )
                .field("edition")
                .missing("a file, a list with an edition in force, NAME@DATE or NAME@HASH")
            })?;
            edition.content().to_owned()
        }
    };
    let reader = store.reader(&actor, None, None).await?;
    Ok(entries(&reader, list, &content).await?)
}

fn entry(entity: &Entity) -> Entry<'_> {
    Entry { id: &entity.id, caption: &entity.caption }
}

fn object<'d>(delta: &'d Delta<'_>) -> Object<'d> {
    Object {
        added: delta.added.iter().map(|entity| entry(entity)).collect(),
        removed: delta.removed.iter().map(|entity| entry(entity)).collect(),
        changed: delta
            .changed
            .iter()
            .map(|change| Changed {
                entry: entry(change.after),
                screened: change.screened,
                fields: &change.fields,
            })
            .collect(),
        unchanged: delta.unchanged,
    }
}

fn text(delta: &Delta<'_>) -> String {
    let mut text = format!(
        "{} added, {} removed, {} changed, {} say the same.\n",
        delta.added.len(),
        delta.removed.len(),
        delta.changed.len(),
        delta.unchanged
    );
    for (sign, entries) in [("+", &delta.added), ("-", &delta.removed)] {
        for entity in entries {
            text.push_str(&format!("{sign} {}  {}\n", entity.id, entity.caption));
        }
    }
    for change in &delta.changed {
        let keeping = if change.screened { "" } else { "  (only how the list is kept)" };
        text.push_str(&format!("~ {}  {}{keeping}\n", change.after.id, change.after.caption));
        for field in &change.fields {
            for (sign, values) in [("-", &field.before), ("+", &field.after)] {
                for value in values {
                    text.push_str(&format!("    {} {sign} {value}\n", field.field));
                }
            }
        }
    }
    text
}
