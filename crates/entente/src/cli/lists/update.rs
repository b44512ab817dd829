//! `entente lists update`: brings lists up to date.

use std::time::Duration;

use clap::Args;
use entente_register::access::Actor;
use entente_register::ledger::{Refusal, parse_date};
use entente_store::{Error, Store};
use serde::Serialize;

use super::Format;
use crate::cli::{Context, Done, progress};
use crate::formats::short_hash;
use crate::screener::edition::Loaded;
use crate::screener::fetch::Limits;
use crate::screener::update::{Update, Updated, standing, update};

const EXAMPLES: &str = "\
Without a name, every list of the register whose address is known is fetched; one that fails leaves the others alone, and
the exit status is 2. Known by themselves are un, ofac_sdn, ofac_consolidated, eu and uk; `entente lists source` sets
another address, which is recorded. Only https is fetched from, and http from this machine alone; proxies are those of the
environment (HTTPS_PROXY). A list that the server says is unchanged is not fetched again, and is known to be current.
What a mirror or a file gives is known to be current where --dated says so, or as far as the list bears a date.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    /// Name of the list [default: all lists whose address is known]
    name: Option<String>,
    /// A mirror's address, or a file
    #[arg(long, value_name = "URL|FILE", requires = "name")]
    from: Option<String>,
    /// The day on which it was the publisher's latest edition
    #[arg(long, value_name = "DATE", requires = "name")]
    dated: Option<String>,
    /// Load it though it is much smaller, older, or of another form than the edition in force, for this reason
    #[arg(long, value_name = "REASON", requires = "name")]
    despite: Option<String>,
    /// How long one list may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    time_limit: u64,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What came of one list.
#[derive(Debug, Serialize)]
struct Row {
    list: String,
    /// `in_force`, `confirmed`, `unchanged`, `refused`, or `no_source`.
    outcome: &'static str,
    edition: Option<String>,
    entries: Option<usize>,
    dated: Option<String>,
    /// Why it was refused, and what is missing.
    reason: Option<String>,
    /// Whether the list clears nobody, and nothing was fetched for it.
    held: bool,
}

impl Row {
    fn of(list: &str, updated: Updated) -> Row {
        let (outcome, Loaded { content, entries, dated, .. }) = match updated {
            Updated::InForce(loaded) => ("in_force", loaded),
            Updated::Confirmed(loaded) => ("confirmed", loaded),
            Updated::Unchanged(loaded) => ("unchanged", loaded),
        };
        Row {
            list: list.to_owned(),
            outcome,
            edition: Some(content),
            entries: Some(entries),
            dated: dated.map(|day| day.to_string()),
            reason: None,
            held: false,
        }
    }

    fn without(list: &str, outcome: &'static str, reason: String) -> Row {
        Row {
            list: list.to_owned(),
            outcome,
            edition: None,
            entries: None,
            dated: None,
            reason: Some(reason),
            held: false,
        }
    }

    fn text(&self) -> String {
        let what = match (&self.edition, &self.reason) {
            (Some(edition), _) => {
                let of = self.dated.as_ref().map(|day| format!(" of {day}")).unwrap_or_default();
                format!(
                    "edition {}{of} with {} entries",
                    short_hash(edition),
                    self.entries.unwrap_or_default()
                )
            }
            (None, reason) => reason.clone().unwrap_or_default(),
        };
        match self.outcome {
            "in_force" => format!("{}: {what} is in force.", self.list),
            "confirmed" => format!("{}: {what} is still the latest.", self.list),
            "unchanged" => format!("{}: {what} was in force already: nothing is new.", self.list),
            _ => format!("{}: {what}", self.list),
        }
    }
}

pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let current_on = arguments.dated.as_deref().map(|day| parse_date("dated", day)).transpose()?;
    let limits = Limits { time: Duration::from_secs(arguments.time_limit), ..Limits::default() };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let rows = match arguments.name {
        Some(list) => {
            let asked = Update {
                list: list.clone(),
                from: arguments.from,
                current_on,
                despite: arguments.despite,
                limits,
            };
            vec![Row::of(&list, update(&store, &actor, asked).await?)]
        }
        None => all(&store, &actor, limits).await?,
    };
    store.close().await;
    write(context, arguments.format, &rows)?;
    let refused: Vec<&str> =
        rows.iter().filter(|row| row.outcome == "refused" || row.held).map(|row| row.list.as_str()).collect();
    if refused.is_empty() {
        return Ok(());
    }
    let message =
        format!("{} of {} lists are not up to date: {}.", refused.len(), rows.len(), refused.join(", "));
    Err(Refusal::new("list.not_updated", message).missing("what stands beside each of them").into())
}

/// Every list of the register, one after the other.
async fn all(store: &Store, actor: &Actor, limits: Limits) -> Result<Vec<Row>, crate::cli::Halt> {
    let lists = store.reader(actor, None, None).await?.lists().await?;
    if lists.is_empty() {
        return Err(Refusal::new("list.none", "The register has no list.")
            .field("name")
            .missing("the name of the first: `entente lists update un`")
            .into());
    }
    let bar = progress::bar("Updating");
    bar.set_length(lists.len() as u64);
    let mut rows = Vec::new();
    for row in lists {
        let list = row.list;
        let form = list.edition.as_ref().map(|edition| edition.loaded.form.as_str());
        let has_source = standing(&list.name, list.source.as_deref(), form).is_some();
        rows.push(if has_source {
            let asked =
                Update { list: list.name.clone(), from: None, current_on: None, despite: None, limits };
            match update(store, actor, asked).await {
                Ok(updated) => Row::of(&list.name, updated),
                // One publisher that cannot be reached keeps nobody from the others.
                Err(Error::Refusal(refusal)) => {
                    let missing =
                        refusal.missing.map(|missing| format!(" Missing: {missing}.")).unwrap_or_default();
                    Row::without(&list.name, "refused", format!("{}{missing}", refusal.message))
                }
                Err(Error::Fault(fault)) => return Err(fault.into()),
            }
        } else {
            let reason = "no address is known from which it is fetched; it is loaded from files.";
            Row { held: row.held.is_some(), ..Row::without(&list.name, "no_source", reason.to_owned()) }
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(rows)
}

fn write(context: &mut Context, format: Format, rows: &[Row]) -> Done {
    match format {
        Format::Json => context.out.json(&rows),
        Format::Csv => {
            let cells = |row: &Row| {
                vec![
                    row.list.clone(),
                    row.outcome.to_owned(),
                    row.edition.clone().unwrap_or_default(),
                    row.entries.map(|entries| entries.to_string()).unwrap_or_default(),
                    row.dated.clone().unwrap_or_default(),
                    row.reason.clone().unwrap_or_default(),
                ]
            };
            let header = ["list", "outcome", "edition", "entries", "dated", "reason"];
            context.out.csv(&header, rows.iter().map(cells))
        }
        Format::Text => {
            for row in rows {
                context.out.line(&row.text())?;
            }
            Ok(())
        }
    }
}
