//! `entente transfer denial`: what other states may be told of what was refused.

use clap::Args;
use entente_register::label::Clearance;

use super::View;
use super::list::Format;
use crate::api::transfer::annual::audience_of;
use crate::cli::{Context, Done};
use crate::formats::denial::{COLUMNS, DenialNotificationObject, rows, text};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Number of the application
    number: String,
    /// Up to which marking is told
    #[arg(long, value_name = "MARKING", default_value = "PUBLIC")]
    audience: String,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let audience = audience_of(Some(&arguments.audience))?;
    let (store, reader) = arguments.view.reader(context).await?;
    let told = reader.denial_notification(&arguments.number, &Clearance::of(audience)).await?;
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&DenialNotificationObject::of(&told, audience)),
        Format::Csv => context.out.csv(&COLUMNS, rows(&told)),
        Format::Text => context.out.print(&text(&told, audience)),
    }
}
