//! `entente transfer classify` and `precedents`: entries for goods in words, and what was decided before of goods like these.

use clap::{Args, ValueEnum};
use entente_register::search::Query;

use super::View;
use crate::api::transfer::classify::{ClassificationObject, PrecedentsObject};
use crate::cli::{Context, Done};

/// How it is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Debug, Args)]
pub(super) struct Classify {
    /// The goods in words, or the beginning of an entry
    #[arg(value_name = "WORDS", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Precedents {
    /// Number of the application
    #[arg(value_name = "NUMBER")]
    number: String,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub(super) async fn classify(context: &mut Context, arguments: &Classify) -> Done {
    let query = Query::parse(&arguments.words.join(" "))?;
    let (store, reader) = arguments.view.reader(context).await?;
    let found = ClassificationObject::of(reader.classify(&query).await?);
    store.close().await;
    if let Format::Json = arguments.format {
        return context.out.json(&found);
    }
    if found.entries.is_empty() {
        context.out.line("No entry of a control list in force bears these words.")?;
    }
    for one in &found.entries {
        context.out.line(&format!("{:<10}  {}  ({}, {})", one.entry, one.title, one.list, one.edition))?;
    }
    for one in &found.classified {
        let applications = if one.applications == 1 { "application" } else { "applications" };
        context.out.line(&format!(
            "{:<10}  {}: in {} {applications}, granted in {}; the last is {}, {}",
            one.category,
            one.class,
            one.applications,
            one.granted,
            one.last_application,
            one.last_description
        ))?;
    }
    Ok(())
}

pub(super) async fn precedents(context: &mut Context, arguments: &Precedents) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let application = reader.application(&arguments.number).await?;
    let found = PrecedentsObject::of(reader.precedents(&application).await?);
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&found),
        Format::Text if found.rows.is_empty() => {
            context.out.line("Nothing like it was decided before, of what is open to you.")
        }
        Format::Text => found.rows.iter().try_for_each(|row| {
            let licence =
                row.licence.as_ref().map(|licence| format!(", licence {licence}")).unwrap_or_default();
            let criteria = match row.criteria.is_empty() {
                true => String::new(),
                false => format!(" by {}", row.criteria.join(", ")),
            };
            context.out.line(&format!(
                "{}  {}  {:<8}  {}: {} to {}{licence}{criteria}",
                row.application, row.decided_on, row.outcome, row.near, row.title, row.destination
            ))
        }),
    }
}
