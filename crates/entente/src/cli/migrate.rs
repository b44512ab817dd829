//! `entente migrate`: makes the schema, or brings an older one up to this program.

use clap::Args;

use super::{Context, Done};

/// What `migrate` takes: nothing of its own.
#[derive(Debug, Args)]
pub(crate) struct Arguments {}

/// Opening a register is what upgrades it, also by `serve`; this does nothing else, and shows how far it is.
pub(crate) async fn run(context: &mut Context, _: Arguments) -> Done {
    context.no_account("migrate")?;
    let store = context.open().await?;
    context.out.line(&format!("The register in {:?} is ready for this program.", store.url()))?;
    store.close().await;
    Ok(())
}
