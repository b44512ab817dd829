//! `entente group`: groups of states, who is a member when, and which part of the world they are.

use clap::{Args, Subcommand, ValueEnum};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::market::Series;
use entente_register::money::group;
use entente_register::partner::{Group, shipped};
use entente_store::reader::{ShareQuestion, ShareView};
use entente_store::{Outcome, Store};

use super::transfer::View;
use super::{Context, Done};
use crate::api::market::group_object::{
    GroupDetailObject, GroupShareObject, GroupStateObject, WORLD_BASIS, origin_words,
};

const EXAMPLES: &str = "\
Examples:
  entente group list
  entente group show BRICS --as-of 2012-09-30
  entente group share BRICS --indicator population --year 2012
  entente group share BRICS --indicator gdp_nominal --year 2012 --members-on 2025-01-01 --format json
  entente group load BRICS CSTO                    Make groups of the program facts of the register
  entente group load --all

Membership is read on the last day of the year of the figures, unless --members-on names another day. A group of the
register stands over the one of the same code that came with the program; where the register has none, the one of the
program is read, and the answer says so. Members that are suspended count; observers, partners and invited states do
not. A share is of the publisher's own figure of the world in the same edition. A member without a figure is named, and
the share is then the least that it can be.";

/// What `group` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List the groups of the register, and those that came with the program
    List {
        #[command(flatten)]
        view: View,
        /// How the list is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Show a group: who stands how to it on a day, since when and by which source
    Show {
        /// Code of the group
        group: String,
        #[command(flatten)]
        view: View,
        /// How it is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Say which part of the world a group is
    Share(Share),
    /// Make groups that came with the program facts of the register
    Load {
        /// Codes of the groups
        #[arg(required_unless_present = "all")]
        group: Vec<String>,
        /// All of them
        #[arg(long, conflicts_with = "group")]
        all: bool,
    },
}

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
struct Share {
    /// Code of the group
    group: String,
    /// Of what: population, gdp_nominal, gdp_ppp, military_expenditure, or a code of the World Bank
    #[arg(long, value_name = "NAME")]
    indicator: String,
    /// Of which year [default: the last one that the edition holds and that is over]
    #[arg(long, value_name = "YEAR")]
    year: Option<i16>,
    /// The day on which membership is read [default: the last day of the year]
    #[arg(long, value_name = "DATE")]
    members_on: Option<String>,
    /// An edition by the beginning of its hash [default: the one in force]
    #[arg(long, value_name = "HASH")]
    edition: Option<String>,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs `group`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::List { view, format } => list(context, &view, format).await,
        Verb::Show { group, view, format } => show(context, &group, &view, format).await,
        Verb::Share(arguments) => share(context, arguments).await,
        Verb::Load { group, all } => load(context, group, all).await,
    }
}

async fn list(context: &mut Context, view: &View, format: Format) -> Done {
    let (store, reader) = view.reader(context).await?;
    let found = reader.every_group().await;
    store.close().await;
    let (groups, on) = (found?, reader.as_of());
    match format {
        Format::Json => {
            let objects: Vec<_> = groups.iter().map(|group| GroupDetailObject::of(group, on)).collect();
            context.out.json(&objects)
        }
        Format::Csv => context.out.csv(
            &["code", "name", "origin", "on", "members"],
            groups.iter().map(|one| {
                let members = one.group.members_on(on).join(" ");
                vec![
                    one.code.clone(),
                    one.name.clone(),
                    one.origin.word().to_owned(),
                    on.to_string(),
                    members,
                ]
            }),
        ),
        Format::Text => groups.iter().try_for_each(|one| {
            let members = one.group.members_on(on);
            context.out.line(&format!(
                "{:<9} {} members on {on}, by the {}: {}",
                one.code,
                members.len(),
                one.origin.word(),
                one.name
            ))
        }),
    }
}

async fn show(context: &mut Context, code: &str, view: &View, format: Format) -> Done {
    let (store, reader) = view.reader(context).await?;
    let found = reader.group(code).await;
    store.close().await;
    let (view, on) = (found?, reader.as_of());
    let object = GroupDetailObject::of(&view, on);
    let cells = |one: &GroupStateObject| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        vec![
            object.code.clone(),
            one.state.clone(),
            one.since.clone(),
            one.membership.to_owned(),
            text(one.certainty),
            text(one.source.as_deref()),
            text(one.note.as_deref()),
        ]
    };
    match format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            let columns = ["group", "state", "on", "membership", "certainty", "source", "note"];
            context.out.csv(&columns, object.changes.iter().map(cells))
        }
        Format::Text => {
            context.out.line(&format!("{}  {}", view.code, view.name))?;
            context.out.line(&origin_words(&view, on))?;
            if let Some(note) = &object.origin.note {
                context.out.line(note)?;
            }
            context.out.line(&format!("\n{} members on {on}", object.members.len()))?;
            object.states.iter().try_for_each(|one| {
                let certainty = one.certainty.map(|word| format!(", certainty {word}")).unwrap_or_default();
                context
                    .out
                    .line(&format!("  {}  {:<9} since {}{certainty}", one.state, one.membership, one.since))
            })
        }
    }
}

async fn share(context: &mut Context, arguments: Share) -> Done {
    let question = ShareQuestion {
        group: arguments.group,
        indicator: Series::indicator(&arguments.indicator)?,
        year: arguments.year,
        members_on: arguments.members_on.as_deref().map(|day| parse_date("members_on", day)).transpose()?,
        edition: arguments.edition,
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = reader.group_share(&question).await;
    store.close().await;
    let view = found?;
    let object = GroupShareObject::of(&view);
    match arguments.format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            if let Some(unknown) = &object.unknown {
                context.out.note(&format!("Unknown: {unknown}"));
            }
            let columns = [
                "group",
                "indicator",
                "year",
                "members_on",
                "state",
                "name",
                "membership",
                "value",
                "share_pct",
            ];
            let year = object.year.map(|year| year.to_string()).unwrap_or_default();
            let members_on = object.members_on.clone().unwrap_or_default();
            let row = |state: &str, name: &str, membership: &str, value: Option<&String>, share: String| {
                let all = [&object.group, object.indicator, &year, &members_on, state, name, membership];
                let mut cells: Vec<String> = all.map(str::to_owned).to_vec();
                cells.extend([value.cloned().unwrap_or_default(), share]);
                cells
            };
            let share = |share: Option<entente_register::money::Decimal>| {
                share.map(|one| one.to_string()).unwrap_or_default()
            };
            let mut rows: Vec<Vec<String>> = object
                .member_figures
                .iter()
                .map(|one| {
                    row(&one.state, &one.name, one.membership, one.value.as_ref(), share(one.share_pct))
                })
                .collect();
            rows.push(row("", "Members together", "", object.sum.as_ref(), share(object.share_pct)));
            rows.push(row("WLD", "World, as published", "", object.world.as_ref(), String::new()));
            context.out.csv(&columns, rows)
        }
        Format::Text => print_share(context, &view, &object),
    }
}

fn print_share(context: &mut Context, view: &ShareView, object: &GroupShareObject) -> Done {
    let name = view.indicator.name();
    let Some(share) = &view.share else {
        context.out.line(&format!("{}, {name}", object.group))?;
        return context.out.line(&format!("Unknown: {}", view.unknown.clone().unwrap_or_default()));
    };
    let head = match (share.share, share.is_complete()) {
        (Some(part), true) => format!("{part} % of the world"),
        (Some(part), false) => format!("at least {part} % of the world"),
        (None, _) => format!("unknown: {}", view.unknown.clone().unwrap_or_default()),
    };
    context.out.line(&format!("{}, {name}, {}: {head}", object.group, share.year))?;
    context.out.line(&format!("{} of {} members have a figure", share.with_figure, share.members.len()))?;
    context.out.line("")?;
    for member in &share.members {
        let value =
            member.value.map_or_else(|| "unknown".to_owned(), |value| group(&value.rounded(0).to_string()));
        let part = member.share.map(|part| format!("{part} %")).unwrap_or_default();
        let suspended = if member.membership.word() == "suspended" { " (suspended)" } else { "" };
        context
            .out
            .line(&format!("  {}  {:<28} {value:>22}  {part:>7}{suspended}", member.state, member.name))?;
    }
    let total = |value: Option<entente_register::market::Exact>| {
        value.map_or_else(|| "unknown".to_owned(), |value| group(&value.rounded(0).to_string()))
    };
    let part = share.share.map(|part| format!("{part} %")).unwrap_or_default();
    context.out.line(&format!("       {:<28} {:>22}  {part:>7}", "Members together", total(share.sum)))?;
    context.out.line(&format!("  WLD  {:<28} {:>22}", "World, as published", total(share.world)))?;
    context.out.line("")?;
    context.out.line(&origin_words(&view.group, share.members_on))?;
    context.out.line(&format!("Basis: {}.", view.indicator.basis()))?;
    context.out.line(&format!("World: {WORLD_BASIS}"))?;
    if let Some(edition) = &view.edition {
        context.out.line(&format!("Edition: {}.", edition.citation()))?;
    }
    Ok(())
}

async fn load(context: &mut Context, codes: Vec<String>, all: bool) -> Done {
    let codes = if all { shipped::codes().collect() } else { codes };
    let groups: Vec<shipped::ShippedGroup> =
        codes.iter().map(|code| of_program(code)).collect::<Fallible<_>>()?;
    let store = context.open_existing().await?;
    let done = load_into(context, &store, &groups).await;
    store.close().await;
    for (code, commands) in done? {
        context.out.line(&match commands {
            0 => format!("{code}: the register holds it already, nothing is new."),
            count => format!("{code}: loaded, {count} entries of the ledger."),
        })?;
    }
    Ok(())
}

fn of_program(code: &str) -> Fallible<shipped::ShippedGroup> {
    shipped::find(code)?.ok_or_else(|| {
        let known: Vec<String> = shipped::codes().collect();
        Refusal::not_found("group", code).field("group").missing(format!("one of {}", known.join(", ")))
    })
}

/// Loads all of them, or none.
async fn load_into(
    context: &Context,
    store: &Store,
    groups: &[shipped::ShippedGroup],
) -> Outcome<Vec<(String, usize)>> {
    let actor = context.actor(store).await?;
    let mut batch = store.batch().await?;
    let mut done = Vec::with_capacity(groups.len());
    for shipped in groups {
        let held: Option<Group> = batch.group_state(&shipped.code).await?.cloned();
        let commands = match shipped::loading(shipped, held.as_ref()) {
            Ok(commands) => commands,
            Err(refusal) => {
                batch.give_up().await;
                return Err(refusal.into());
            }
        };
        let count = commands.len();
        for command in commands {
            if let Err(error) = batch.execute(&actor, Command::Partner(command)).await {
                batch.give_up().await;
                return Err(error);
            }
        }
        done.push((shipped.code.clone(), count));
    }
    batch.commit().await?;
    Ok(done)
}
