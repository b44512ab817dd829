//! `entente lists source`: from which address a list is fetched.

use clap::Args;
use entente_register::command::Command;
use entente_register::screening::ListCommand;

use crate::cli::{Context, Done};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Name of the list
    #[arg(long, value_name = "NAME")]
    list: String,
    /// The address, https://…
    #[arg(long, value_name = "ADDRESS", required_unless_present = "official", conflicts_with = "official")]
    address: Option<String>,
    /// The publisher's own address again
    #[arg(long)]
    official: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    let Arguments { list, address, official: _, reason } = arguments;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let command = ListCommand::SetSource { address: address.clone(), reason };
    store.execute(&actor, Command::List { name: list.clone(), command }).await?;
    store.close().await;
    context.out.line(&match address {
        Some(address) => format!("{list}: fetched from {address}."),
        None => format!("{list}: fetched from its publisher's own address, where that is known."),
    })
}
