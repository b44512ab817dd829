//! `entente embargo propose`: editions of rule files, for another person to confirm.

use std::path::PathBuf;

use clap::Args;
use entente_register::command::Command;
use entente_register::embargo::{About, EditionCommand, NewRuleFile, RuleFile, UNITED_NATIONS, about};
use entente_register::ledger::Refusal;
use serde::Serialize;

use super::{Format, text_of};
use crate::cli::{Context, Done};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files, each about one body or one regime
    #[arg(value_name = "FILE", required_unless_present = "shipped", conflicts_with = "shipped")]
    files: Vec<PathBuf>,
    /// The measures of the United Nations as they came with this program; what is in force so, or waits, is passed over
    #[arg(long)]
    shipped: bool,
    /// Why: the resolution that changed something, or what became of a term
    #[arg(long, value_name = "TEXT", required_unless_present = "shipped")]
    reason: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Proposed {
    id: String,
    file: String,
    /// `proposed`, `in_force` where this text is in force already, or `waits` where an edition waits already.
    came: &'static str,
}

pub(super) async fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let mut texts = Vec::new();
    for file in &arguments.files {
        let name =
            file.file_name().map_or_else(|| file.display(), |name| std::path::Path::new(name).display());
        texts.push((name.to_string(), text_of(file)?));
    }
    if arguments.shipped {
        texts = UNITED_NATIONS.iter().map(|text| (text.name.to_owned(), text.text.to_owned())).collect();
    }
    let mut all = Vec::new();
    for (file, text) in texts {
        all.push((about(&file, &text)?, file, text));
    }
    // A regime is read with its body.
    all.sort_by(|(one, ..), (other, ..)| (one.kind, &one.id).cmp(&(other.kind, &other.id)));
    let reason = arguments.reason.clone().unwrap_or_else(|| {
        format!("The measures of the United Nations as they came with Entente {}", env!("CARGO_PKG_VERSION"))
    });
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let held = store.reader(&actor, None, None).await?.rule_files().await?;
    let mut batch = store.batch().await?;
    let mut done = Vec::new();
    for (About { id, .. }, file, text) in all {
        let own = held.iter().find(|held| held.id == id).filter(|_| arguments.shipped);
        let came = match own.map(|own| passed_over(own, &text)) {
            Some(Some(came)) => came,
            _ => {
                let new = NewRuleFile { file: file.clone(), text, reason: reason.clone() };
                let command = EditionCommand::Propose(new);
                batch.execute(&actor, Command::Embargo { id: id.clone(), command }).await?;
                "proposed"
            }
        };
        done.push(Proposed { id, file, came });
    }
    batch.commit().await?;
    store.close().await;
    match arguments.format {
        Format::Json => context.out.json(&done),
        Format::Text => {
            for one in &done {
                context.out.line(&match one.came {
                    "proposed" => format!("{}: proposed from {}.", one.id, one.file),
                    "waits" => format!("{}: an edition waits already.", one.id),
                    _ => format!("{}: this text is in force already.", one.id),
                })?;
            }
            let proposed = done.iter().filter(|one| one.came == "proposed").count();
            if proposed > 0 {
                context.out.note(&format!(
                    "{proposed} proposed; nothing of it binds until another person confirms it: entente --as NAME embargo confirm --all"
                ));
            }
            Ok(())
        }
    }
}

/// Whether a text that came with the program is not proposed again, and why.
fn passed_over(held: &RuleFile, text: &str) -> Option<&'static str> {
    if held.in_force.as_ref().is_some_and(|edition| edition.proposed.text == text) {
        return Some("in_force");
    }
    held.waiting().map(|_| "waits")
}

/// Refuses an act without anything that it is about.
pub(super) fn nothing(message: &str, missing: &str) -> Refusal {
    Refusal::new("embargo.nothing", message).field("id").missing(missing)
}
