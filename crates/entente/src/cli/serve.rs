//! `entente serve`: pages and JSON API.

use clap::Args;

use super::{Context, Done, Listening};
use crate::app::App;
use crate::server;

/// What `serve` takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(super) listening: Listening,
}

/// Serves until told to end.
pub(crate) async fn run(context: &mut Context, _: Arguments) -> Done {
    context.no_account("serve")?;
    let listener = server::bind(context.config.listen).await?;
    let address = listener.local_addr().unwrap_or(context.config.listen);
    let store = context.open().await?;
    let app = App::new(store, context.config.clone()).await?;
    let shown =
        context.config.public_address.as_ref().map_or_else(String::new, |a| format!(", for people {a}"));
    context.out.line(&format!("Serving on http://{address}{shown}"))?;
    Ok(server::serve(app, listener).await?)
}
