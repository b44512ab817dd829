//! `entente lists status`: what is in force, and whether it may be relied on.

use entente_register::ledger::parse_date;
use entente_store::reader::ListRow;
use serde::Serialize;

use super::Format;
use crate::cli::{Context, Done};
use crate::formats::short_hash;
use crate::screener::update::standing;
use crate::screener::{ENGINE, threshold};

#[derive(Debug, Serialize)]
struct Row {
    list: String,
    standing: &'static str,
    max_age_days: u32,
    /// Whether the policy was set, or is the default.
    policy_set: bool,
    /// From where `lists update` fetches it.
    fetched_from: Option<String>,
    edition: Option<String>,
    form: Option<String>,
    entries: Option<u32>,
    dated: Option<String>,
    current_on: Option<String>,
    loaded_on: Option<String>,
    loaded_by: Option<String>,
    source: Option<String>,
    /// Up to which entry of the ledger the parties were compared with this edition by this engine.
    screened_through: Option<i64>,
    held: Option<String>,
}

impl Row {
    fn of(row: ListRow) -> Row {
        let ListRow { list, held } = row;
        let edition = list.edition.as_ref();
        let loaded = edition.map(|edition| &edition.loaded);
        Row {
            standing: list.policy.standing.word(),
            max_age_days: list.policy.max_age_days,
            policy_set: list.policy_set.is_some(),
            fetched_from: standing(
                &list.name,
                list.source.as_deref(),
                loaded.map(|loaded| loaded.form.as_str()),
            ),
            edition: edition.map(|edition| edition.content().to_owned()),
            form: loaded.map(|loaded| loaded.form.clone()),
            entries: loaded.map(|loaded| loaded.entries),
            dated: loaded.and_then(|loaded| loaded.dated).map(|day| day.to_string()),
            current_on: loaded.and_then(|loaded| loaded.current_on).map(|day| day.to_string()),
            loaded_on: edition.map(|edition| edition.loaded_on.to_string()),
            loaded_by: edition.map(|edition| edition.loaded_by.clone()),
            source: loaded.map(|loaded| loaded.source.clone()),
            screened_through: list.screened_through(ENGINE, threshold()),
            held: held.map(|held| held.reason),
            list: list.name,
        }
    }
}

pub(super) async fn run(context: &mut Context, format: Format, as_of: Option<&str>) -> Done {
    let as_of = as_of.map(|day| parse_date("as_of", day)).transpose()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let lists = store.reader(&actor, as_of, None).await?.lists().await?;
    store.close().await;
    let rows: Vec<Row> = lists.into_iter().map(Row::of).collect();
    match format {
        Format::Json => context.out.json(&rows),
        Format::Csv => {
            let header = [
                "list",
                "standing",
                "max_age_days",
                "edition",
                "entries",
                "dated",
                "current_on",
                "loaded_on",
                "loaded_by",
                "source",
                "screened_through",
                "held",
                "fetched_from",
            ];
            context.out.csv(&header, rows.into_iter().map(cells))
        }
        Format::Text if rows.is_empty() => context.out.line(
            "The register has no list; it clears nobody. Load one: entente lists load --list NAME FILE",
        ),
        Format::Text => {
            for row in rows {
                context.out.print(&text(&row))?;
            }
            Ok(())
        }
    }
}

fn cells(row: Row) -> Vec<String> {
    vec![
        row.list,
        row.standing.to_owned(),
        row.max_age_days.to_string(),
        row.edition.unwrap_or_default(),
        row.entries.map(|entries| entries.to_string()).unwrap_or_default(),
        row.dated.unwrap_or_default(),
        row.current_on.unwrap_or_default(),
        row.loaded_on.unwrap_or_default(),
        row.loaded_by.unwrap_or_default(),
        row.source.unwrap_or_default(),
        row.screened_through.map(|through| through.to_string()).unwrap_or_default(),
        row.held.unwrap_or_default(),
        row.fetched_from.unwrap_or_default(),
    ]
}

fn text(row: &Row) -> String {
    let default = if row.policy_set { "" } else { " (no policy was set)" };
    let mut text =
        format!("{}\n  policy     {}, for {} days{default}\n", row.list, row.standing, row.max_age_days);
    if let (Some(edition), Some(entries)) = (&row.edition, row.entries) {
        let none = "no date".to_owned();
        text.push_str(&format!(
            "  edition    {} of {}, {entries} entries, from {}\n  in force   since {}, by {}; known to be current on {}\n",
            short_hash(edition),
            row.dated.as_ref().unwrap_or(&none),
            row.source.as_deref().unwrap_or_default(),
            row.loaded_on.as_deref().unwrap_or_default(),
            row.loaded_by.as_deref().unwrap_or_default(),
            row.current_on.as_deref().unwrap_or("no day"),
        ));
    }
    if let Some(address) = &row.fetched_from {
        text.push_str(&format!("  updated    from {address}\n"));
    }
    text.push_str(&match row.screened_through {
        Some(through) => format!("  screened   parties up to entry {through} of the ledger\n"),
        None => "  screened   no party yet: entente lists rescreen\n".to_owned(),
    });
    match &row.held {
        Some(held) => text.push_str(&format!("  HELD       {held}\n")),
        None => text.push_str("  may be relied on\n"),
    }
    text
}
