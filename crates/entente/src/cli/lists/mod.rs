//! `entente lists`: lists of those under measures, kept in the register.

mod diff;
mod source;
mod status;
mod update;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entente_register::command::Command;
use entente_register::ledger::parse_date;
use entente_register::screening::{ListCommand, ListPolicy, Standing};
use serde::Serialize;

use super::{Context, Done};
use crate::formats::short_hash;
use crate::screener::edition::{Incoming, load, read_file};
use crate::screener::{Screener, rescreen};

const EXAMPLES: &str = "\
Examples:
  entente lists load --list un un_consolidated.xml
  entente lists load --list ofac sdn.xml --dated 2024-09-26
  entente lists update un
  entente lists update un --from https://mirror.example.org/un.xml
  entente lists update --format json
  entente lists source --list ofac --address https://mirror.example.org/sdn.xml --reason \"The mirror of the ministry\"
  entente lists policy --list un --standing binding --max-age 7 --reason \"Decision 14 of the commission\"
  entente lists status
  entente lists diff un@2024-09-26 un
  entente lists diff old.xml new.xml --format csv > changes.csv
  entente lists rescreen

An edition is read whole or refused with the line and column, and kept for ever. One that is empty, unreadable,
older, or more than 20 % smaller is refused, and the one before stays in force. A list without a policy is binding
with a maximum age of 7 days. A list that is missing, or older than its policy allows, clears nobody.";

/// What `lists` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Bring an edition of a list into force, from a file
    Load(Load),
    /// Bring lists up to date from their publishers, from an address that was set, from a mirror, or from a file
    Update(update::Arguments),
    /// Set the address from which a list is fetched, or go back to its publisher's
    Source(source::Arguments),
    /// Say which editions are in force, since when, and whether they may be relied on
    Status {
        /// How it is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Of this day [default: today]
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
    /// Say what was added, removed and really changed between two editions
    Diff(diff::Arguments),
    /// Set what a list asks for, and how old its edition may be
    Policy(Policy),
    /// Compare the parties of the register with what is new on the lists
    Rescreen {
        /// How it is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

/// How an answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

#[derive(Debug, Args)]
struct Load {
    /// Name of the list: small letters, digits, - and _
    #[arg(long, value_name = "NAME")]
    list: String,
    /// The file: UN, OFAC, EU or UK XML or CSV, FollowTheMoney, CSV of one's own, or a ZIP archive of these
    file: PathBuf,
    /// The day on which the file was the publisher's latest edition [default: the date that it bears]
    #[arg(long, value_name = "DATE")]
    dated: Option<String>,
    /// Load it though it is much smaller, or older, than the edition in force, for this reason
    #[arg(long, value_name = "REASON")]
    despite: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct Policy {
    /// Name of the list
    #[arg(long, value_name = "NAME")]
    list: String,
    /// Binding: two people clear a hit. Advisory: one person acknowledges it with a reason
    #[arg(long, value_enum)]
    standing: StandingOption,
    /// Days for which an edition may be relied on
    #[arg(long, value_name = "DAYS")]
    max_age: u32,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum StandingOption {
    Binding,
    Advisory,
}

#[derive(Debug, Serialize)]
struct LoadedObject<'l> {
    list: &'l str,
    edition: &'l str,
    entries: usize,
    dated: Option<String>,
    /// `in_force`, or `unchanged` where it was so already.
    outcome: &'static str,
}

/// Runs `lists`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::Load(arguments) => bring_in(context, arguments).await,
        Verb::Update(arguments) => update::run(context, arguments).await,
        Verb::Source(arguments) => source::run(context, arguments).await,
        Verb::Status { format, as_of } => status::run(context, format, as_of.as_deref()).await,
        Verb::Diff(arguments) => diff::run(context, arguments).await,
        Verb::Policy(arguments) => set_policy(context, arguments).await,
        Verb::Rescreen { format } => screen_anew(context, format).await,
    }
}

async fn bring_in(context: &mut Context, arguments: Load) -> Done {
    let current_on = arguments.dated.as_deref().map(|day| parse_date("dated", day)).transpose()?;
    let bytes = read_file(&arguments.file)?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let name = arguments.file.file_name().unwrap_or(arguments.file.as_os_str());
    let incoming = Incoming {
        seen: None,
        list: arguments.list.clone(),
        bytes,
        source: name.to_string_lossy().into_owned(),
        current_on,
        despite: arguments.despite,
    };
    let loaded = load(&store, &actor, incoming).await?;
    store.close().await;
    let object = LoadedObject {
        list: &arguments.list,
        edition: &loaded.content,
        entries: loaded.entries,
        dated: loaded.dated.map(|day| day.to_string()),
        outcome: if loaded.receipt.is_some() { "in_force" } else { "unchanged" },
    };
    let dated = object.dated.as_deref().unwrap_or_default();
    match arguments.format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            let cells = [object.list, object.edition, &object.entries.to_string(), dated, object.outcome]
                .map(str::to_owned);
            context.out.csv(&["list", "edition", "entries", "dated", "outcome"], [cells.to_vec()])
        }
        Format::Text => {
            let of = if dated.is_empty() { String::new() } else { format!(" of {dated}") };
            let what = format!(
                "{}: edition {}{of} with {} entries",
                object.list,
                short_hash(&loaded.content),
                object.entries
            );
            context.out.line(&match &loaded.receipt {
                Some(_) => format!("{what} is in force."),
                None => format!("{what} was in force already: nothing is new."),
            })
        }
    }
}

async fn set_policy(context: &mut Context, arguments: Policy) -> Done {
    let standing = match arguments.standing {
        StandingOption::Binding => Standing::Binding,
        StandingOption::Advisory => Standing::Advisory,
    };
    let policy = ListPolicy { standing, max_age_days: arguments.max_age };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let command = ListCommand::SetPolicy { policy, reason: arguments.reason };
    store.execute(&actor, Command::List { name: arguments.list.clone(), command }).await?;
    store.close().await;
    context.out.line(&format!(
        "{}: {}, an edition may be relied on for {} days.",
        arguments.list,
        standing.word(),
        arguments.max_age
    ))
}

async fn screen_anew(context: &mut Context, format: Format) -> Done {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    entente_register::access::may_command(&actor, entente_register::access::CommandKind::ListScreen)?;
    let done = rescreen(&store, &Screener::default()).await?;
    store.close().await;
    match format {
        Format::Json => context.out.json(&done),
        Format::Csv => context.out.csv(
            &["list", "edition", "compared", "new_parties", "hits", "cases"],
            done.iter().map(|ran| {
                let numbers =
                    [ran.compared as usize, ran.new_parties, ran.hits, ran.cases].map(|n| n.to_string());
                [ran.list.clone(), ran.edition.clone()].into_iter().chain(numbers).collect()
            }),
        ),
        Format::Text if done.is_empty() => context.out.line("Nothing is new on either side."),
        Format::Text => {
            for ran in done {
                context.out.line(&format!(
                    "{}: {} entries compared with every party, {} parties with every entry: {} hits; {} cases looked at again.",
                    ran.list, ran.compared, ran.new_parties, ran.hits, ran.cases
                ))?;
            }
            Ok(())
        }
    }
}
