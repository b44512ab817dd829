//! `entente demo`: a register of invented contracts whose totals are the publicly
//! stated ones, its brief, its sign-in names, and the pages.
//!
//! A demonstration that is there is opened as it is, never built again. Passwords
//! are for one use and new at each start, until their owner chooses one.

use std::path::PathBuf;

use clap::Args;
use entente_register::access::Actor;
use entente_register::label::Clearance;
use entente_register::ledger::Refusal;
use entente_store::reader::Page;
use entente_store::{DatabaseUrl, Outcome, Store};

use super::brief::{Format, print};
use super::progress::bar;
use super::{Context, Done, Halt, Listening};
use crate::app::{App, Defaults};
use crate::config::data_folder;
use crate::parameters::ViewParameters;
use crate::{demo, server};

const EXAMPLES: &str = "\
Examples:
  entente demo                              Build it, print its brief, serve it on 127.0.0.1:8080
  entente demo --data /tmp/demonstration    The same with the register in a folder of your choice
  entente demo --listen 127.0.0.1:8081      The same on another port
  entente demo --no-serve                   Without serving

All contracts are invented. The totals are those that were publicly stated.";

/// What `demo` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of the register, which is the file entente.db in it
    /// [default: the folder demonstration in the folder for data of programs]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Print, and do not serve
    #[arg(long)]
    no_serve: bool,
    #[command(flatten)]
    pub(super) listening: Listening,
}

/// Makes sure that the demonstration is there, prints it, and serves it.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    context.no_account("demo")?;
    let url = place(context, arguments.data)?;
    // Before the building, which takes a while: a taken port is told at once.
    let listener = match arguments.no_serve {
        true => None,
        false => Some(server::bind(context.config.listen).await?),
    };
    let bar = bar("building the demonstration");
    let made = demo::make(&url, &mut |done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    })
    .await
    .map_err(not_a_demonstration);
    bar.finish_and_clear();
    made?;
    context.config.database = url;
    let store = context.open().await?;
    show(context, &store).await?;
    let Some(listener) = listener else {
        store.close().await;
        return Ok(());
    };
    let address = listener.local_addr().unwrap_or(context.config.listen);
    let app = App::new(store, context.config.clone()).await?;
    context.out.line(&format!("\nServing on http://{address}/ until Ctrl+C."))?;
    Ok(server::serve(app, listener).await?)
}

/// Where the demonstration is: in the folder named, else in the database named, else in a folder of its own.
fn place(context: &Context, data: Option<PathBuf>) -> Result<DatabaseUrl, Refusal> {
    Ok(match data {
        Some(folder) => DatabaseUrl::Sqlite(folder.join("entente.db")),
        None if context.database_named => context.config.database.clone(),
        None => DatabaseUrl::Sqlite(data_folder()?.join("demonstration").join("entente.db")),
    })
}

fn not_a_demonstration(error: entente_store::Error) -> Halt {
    match error {
        entente_store::Error::Refusal(refusal) if refusal.code == "ledger.founded" => Refusal::new(
            "demo.other_register",
            "The register that is there is no demonstration; it is left as it is.",
        )
        .field("data")
        .missing("an empty folder, for example --data /tmp/demonstration")
        .into(),
        error => error.into(),
    }
}

/// Prints brief, head of the ledger and sign-in names.
async fn show(context: &mut Context, store: &Store) -> Done {
    let operator = Actor::operator(Clearance::full());
    let defaults = Defaults::of(store).await?;
    let view = ViewParameters::default().or(&defaults);
    let reader = store.reader(&operator, view.as_of, view.known_at).await?;
    print(&mut context.out, &reader.brief(&view.options()).await?, Format::Text, defaults.demonstration)?;
    let now = store.reader(&operator, None, None).await?;
    let events = now.events(Page::first(1)).await?;
    let hash = events.rows.first().map_or("none", |event| event.hash.as_str());
    context.out.line("\nLEDGER")?;
    context.out.line(&format!("  {} events; hash of the last:\n  {hash}", events.total))?;
    let names = sign_in_names(store).await?;
    context.out.line("\nSIGN-IN NAMES, each with a password for one use")?;
    for (account, name, password) in names {
        context.out.line(&format!("  {account:<19}{name:<41}{password}"))?;
    }
    Ok(())
}

/// Accounts that are open: sign-in name, person, and a new one-time password or why there is none.
async fn sign_in_names(store: &Store) -> Outcome<Vec<(String, String, String)>> {
    let reader = store.reader(&Actor::operator(Clearance::full()), None, None).await?;
    let mut names = Vec::new();
    for row in reader.accounts().await? {
        let account = row.actor.account;
        if row.disabled {
            continue;
        }
        let password = match store.must_change_password(&account).await? {
            true => store.give_one_time_password(&account).await?,
            false => "the password that its owner chose".to_owned(),
        };
        names.push((account, row.actor.name, password));
    }
    Ok(names)
}
