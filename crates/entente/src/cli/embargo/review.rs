//! `entente embargo confirm`, `reject` and `withdraw`: what two people say of an edition.

use clap::Args;
use entente_register::command::Command;
use entente_register::embargo::EditionCommand;

use super::propose::nothing;
use crate::cli::{Context, Done, Halt};
use crate::embargo::bodies_first;

#[derive(Debug, Args)]
pub(super) struct Confirm {
    /// Identifiers of bodies and regimes
    #[arg(value_name = "ID", required_unless_present = "all", conflicts_with = "all")]
    ids: Vec<String>,
    /// Every edition that waits and that one did not propose oneself
    #[arg(long)]
    all: bool,
    /// The hash of the text that was read, as `pending` and `show` say it; of one edition
    #[arg(long, value_name = "HASH", conflicts_with = "all")]
    content: Option<String>,
    /// What there is to say beside the proposal
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Refuse {
    /// Identifier of the body or regime
    #[arg(value_name = "ID")]
    id: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub(super) async fn confirm(context: &mut Context, arguments: Confirm) -> Done {
    if arguments.content.is_some() && arguments.ids.len() != 1 {
        return Err(nothing("A hash is that of one text.", "one identifier with --content").into());
    }
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let mut waiting = store.reader(&actor, None, None).await?.waiting_rule_files().await?;
    // A regime is confirmed once its body is.
    bodies_first(&mut waiting);
    let ids: Vec<String> = if arguments.all {
        let foreign = waiting.iter().filter(|file| file.latest.proposal.by != actor.account);
        foreign.map(|file| file.id.clone()).collect()
    } else {
        let named = |id: &&String| waiting.iter().position(|file| file.id == **id);
        let mut ids: Vec<&String> = arguments.ids.iter().collect();
        ids.sort_by_key(named);
        ids.into_iter().cloned().collect()
    };
    if ids.is_empty() {
        let missing = "an edition that another person proposed";
        return Err(nothing("No edition waits for you.", missing).into());
    }
    let mut batch = store.batch().await?;
    for id in &ids {
        let content = arguments.content.clone();
        let command = EditionCommand::Confirm { content, reason: arguments.reason.clone() };
        batch.execute(&actor, Command::Embargo { id: id.clone(), command }).await?;
    }
    batch.commit().await?;
    store.close().await;
    for id in &ids {
        context.out.line(&format!("{id}: confirmed, and in force."))?;
    }
    Ok(())
}

pub(super) async fn reject(context: &mut Context, arguments: Refuse) -> Done {
    let command = EditionCommand::Reject { reason: arguments.reason };
    one(context, &arguments.id, command).await?;
    context.out.line(&format!("{}: rejected; what was in force stays so.", arguments.id))
}

pub(super) async fn withdraw(context: &mut Context, arguments: Refuse) -> Done {
    let command = EditionCommand::Withdraw { reason: arguments.reason };
    one(context, &arguments.id, command).await?;
    context.out.line(&format!("{}: withdrawn; what was in force stays so.", arguments.id))
}

async fn one(context: &mut Context, id: &str, command: EditionCommand) -> Result<(), Halt> {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    store.execute(&actor, Command::Embargo { id: id.to_owned(), command }).await?;
    store.close().await;
    Ok(())
}
