//! `entente transfer recheck`: what is open, checked again by what is known now.

use clap::Args;
use entente_register::money::group;
use entente_store::reader::{RecheckRow, Rechecked};
use serde::Serialize;

use super::View;
use super::list::Format;
use crate::api::transfer::judged_object::CheckObject;
use crate::cli::{Context, Done, Halt, progress};

const STATUS: &str = "\
After a list was loaded, a rule confirmed or a party changed: every licence under which something may still go is checked
again, as it would be before a shipment. Exit status: 0 where nothing stands against any, 1 where something does, 2 where it
was refused. What stands stops the next shipment by itself; whether the licence is suspended or revoked is decided by people.";

#[derive(Debug, Args)]
#[command(after_help = STATUS)]
pub(super) struct Arguments {
    /// Applications of which nothing is decided yet as well
    #[arg(long)]
    applications: bool,
    #[command(flatten)]
    view: View,
    /// How the finding is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What was found.
#[derive(Debug, Serialize)]
struct Answer {
    /// Whether nothing stands against anything.
    ok: bool,
    /// How many were checked.
    checked: u64,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Row {
    application: String,
    licence: Option<String>,
    state: &'static str,
    checks: Vec<CheckObject>,
}

impl Row {
    fn of(row: &RecheckRow) -> Row {
        Row {
            application: row.application.clone(),
            licence: row.licence.clone(),
            state: row.state,
            checks: row.checks.iter().map(|check| CheckObject::of(check, None)).collect(),
        }
    }
}

const COLUMNS: [&str; 9] =
    ["application", "licence", "state", "check", "line", "about", "outcome", "why", "source"];

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let of = if arguments.applications { Rechecked::All } else { Rechecked::Licences };
    let count = progress::counter("Checked again");
    let found = reader.recheck(of, &|done| count.set_position(done)).await;
    count.finish_and_clear();
    let found = found?;
    store.close().await;
    let ok = found.rows.is_empty();
    let heard = match arguments.format {
        Format::Json => {
            let rows = found.rows.iter().map(Row::of).collect();
            context.out.json(&Answer { ok, checked: found.checked, rows })
        }
        Format::Csv => context.out.csv(&COLUMNS, found.rows.iter().flat_map(cells)),
        Format::Text => {
            let checked = group(&found.checked.to_string());
            let mut text = format!("Checked again: {checked}\n");
            if ok {
                text.push_str("Nothing stands against any of them.\n");
            }
            for row in &found.rows {
                let number = row.licence.as_ref().unwrap_or(&row.application);
                for check in &row.checks {
                    let (kind, outcome) = (check.kind.name(), check.outcome.name());
                    let about = check.words();
                    text.push_str(&format!("{number}  {outcome}: {kind}, {about}: {}\n", check.why));
                }
            }
            context.out.print(&text)
        }
    };
    // What was found is the exit status as well, whether or not anybody reads the words.
    if !ok {
        return Err(Halt::NotSound);
    }
    heard
}

fn cells(row: &RecheckRow) -> Vec<Vec<String>> {
    let cells = |check: &entente_register::transfer::check::Check| {
        vec![
            row.application.clone(),
            row.licence.clone().unwrap_or_default(),
            row.state.to_owned(),
            check.kind.word().to_owned(),
            check.line.map(|line| line.to_string()).unwrap_or_default(),
            check.about.clone(),
            check.outcome.word().to_owned(),
            check.why.clone(),
            check.source.clone(),
        ]
    };
    row.checks.iter().map(cells).collect()
}
