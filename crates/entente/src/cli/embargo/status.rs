//! `entente embargo status`, `pending` and `show`: what is in force, what waits, and what it says.

use clap::Args;
use entente_register::embargo::{Edition, EditionKind, LONGEST_WITHIN, OpenTerm, PolicyChange, RuleFile};
use entente_register::ledger::{Refusal, parse_date, parse_instant};
use entente_store::reader::EmbargoRules;
use serde::Serialize;

use super::register::of_register;
use super::{Format, listed};
use crate::cli::{Context, Done};
use crate::embargo::bodies_first;
use crate::formats::short_hash;

#[derive(Debug, Args)]
pub(super) struct Status {
    /// As of this day [default: today]
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// As known at this instant [default: now]
    #[arg(long, value_name = "INSTANT")]
    known_at: Option<String>,
    /// Also terms that end within so many days
    #[arg(long, value_name = "DAYS", default_value_t = 90, value_parser = clap::value_parser!(u32).range(0..=i64::from(LONGEST_WITHIN)))]
    within: u32,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Pending {
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// Identifier of the body or regime
    #[arg(value_name = "ID")]
    id: String,
    /// The edition of this number [default: the one that waits, or else the one in force]
    #[arg(long, value_name = "NUMBER")]
    edition: Option<u32>,
}

/// An edition, without its text.
#[derive(Debug, Serialize)]
struct EditionRow {
    number: u32,
    state: &'static str,
    file: String,
    content: String,
    rules: usize,
    proposed_by: String,
    proposed_on: String,
    reason: Option<String>,
    decided_by: Option<String>,
    decided_on: Option<String>,
    decided_because: Option<String>,
}

impl EditionRow {
    fn of(edition: &Edition) -> EditionRow {
        let decision = edition.decision.as_ref();
        EditionRow {
            number: edition.number,
            state: edition.state,
            file: edition.proposed.file.clone(),
            content: edition.proposed.content.clone(),
            rules: edition.proposed.rules.len(),
            proposed_by: edition.proposal.by.clone(),
            proposed_on: edition.proposal.on.to_string(),
            reason: edition.proposal.reason.clone(),
            decided_by: decision.map(|act| act.by.clone()),
            decided_on: decision.map(|act| act.on.to_string()),
            decided_because: decision.and_then(|act| act.reason.clone()),
        }
    }
}

#[derive(Debug, Serialize)]
struct FileRow {
    id: String,
    kind: EditionKind,
    body: String,
    in_force: Option<EditionRow>,
    waiting: Option<EditionRow>,
}

impl FileRow {
    fn of(file: &RuleFile) -> FileRow {
        FileRow {
            id: file.id.clone(),
            kind: file.kind,
            body: file.body.clone(),
            in_force: file.in_force.as_ref().map(EditionRow::of),
            waiting: file.waiting().map(EditionRow::of),
        }
    }
}

#[derive(Debug, Serialize)]
struct Answer {
    as_of: String,
    files: Vec<FileRow>,
    /// Bodies whose measures bind.
    binding: Vec<String>,
    claims_bind: bool,
    hold_beyond_scope: bool,
    /// Regimes that a body names and of which no edition is in force: while there is one, every question is held.
    missing: Vec<String>,
    terms: Vec<OpenTerm>,
}

impl Answer {
    fn of(as_of: String, mut held: EmbargoRules, terms: Vec<OpenTerm>) -> Answer {
        bodies_first(&mut held.files);
        Answer {
            as_of,
            missing: held.missing_regimes().map(str::to_owned).collect(),
            files: held.files.iter().map(FileRow::of).collect(),
            binding: held.policy.binding().map(str::to_owned).collect(),
            claims_bind: held.policy.claims_bind,
            hold_beyond_scope: held.policy.hold_beyond_scope,
            terms,
        }
    }
}

pub(super) async fn status(context: &mut Context, arguments: &Status) -> Done {
    let as_of = arguments.as_of.as_deref().map(|day| parse_date("as_of", day)).transpose()?;
    let known_at = arguments.known_at.as_deref().map(|at| parse_instant("known_at", at)).transpose()?;
    let (store, reader) = of_register(context, as_of, known_at).await?;
    let held = reader.embargo_rules().await?;
    store.close().await;
    let terms = reader.open_terms(&held.rules, arguments.within);
    let answer = Answer::of(reader.as_of().to_string(), held, terms);
    match arguments.format {
        Format::Json => context.out.json(&answer),
        Format::Text => context.out.print(&text(&answer)),
    }
}

fn text(answer: &Answer) -> String {
    let mut text = String::new();
    if answer.files.iter().all(|file| file.in_force.is_none()) {
        text.push_str("No rules are in force: every question is held.\n");
    }
    for file in &answer.files {
        match &file.in_force {
            Some(edition) => text.push_str(&format!(
                "{}  in force, edition {} ({}), {} rules; proposed by {} on {}, confirmed by {} on {}\n",
                file.id,
                edition.number,
                short_hash(&edition.content),
                edition.rules,
                edition.proposed_by,
                edition.proposed_on,
                edition.decided_by.as_deref().unwrap_or_default(),
                edition.decided_on.as_deref().unwrap_or_default(),
            )),
            None => text.push_str(&format!("{}  NOT IN FORCE\n", file.id)),
        }
        if let Some(edition) = &file.waiting {
            text.push_str(&waits(edition));
        }
    }
    if !answer.missing.is_empty() {
        text.push_str(&format!(
            "\nNot on file, so that every question is held: {}\n",
            answer.missing.join(", ")
        ));
    }
    text.push_str(&format!(
        "\nBinding: {}; measures that some only claim {}; arms beyond a measure’s items {}\n",
        answer.binding.join(", "),
        if answer.claims_bind { "bind" } else { "are shown" },
        if answer.hold_beyond_scope { "are held for the national order" } else { "are not held" },
    ));
    if !answer.terms.is_empty() {
        text.push_str(&format!("\nTerms as of {}:\n", answer.as_of));
    }
    for term in &answer.terms {
        let what = if term.over { "ENDED, CONFIRM RENEWAL" } else { "ends" };
        text.push_str(&format!(
            "  {}  {what}  {}, {} ({})\n",
            term.last_day, term.regime_name, term.citation, term.rule
        ));
    }
    text
}

fn waits(edition: &EditionRow) -> String {
    format!(
        "  waits: edition {} ({}) from {}, proposed by {} on {}: {}\n",
        edition.number,
        short_hash(&edition.content),
        edition.file,
        edition.proposed_by,
        edition.proposed_on,
        edition.reason.as_deref().unwrap_or_default()
    )
}

/// What waits for a second person.
#[derive(Debug, Serialize)]
struct Waiting {
    files: Vec<FileRow>,
    policy: Option<PolicyChange>,
}

pub(super) async fn pending(context: &mut Context, arguments: &Pending) -> Done {
    let (store, reader) = of_register(context, None, None).await?;
    let mut files = reader.waiting_rule_files().await?;
    let policy = reader.embargo_policy().await?.state;
    store.close().await;
    bodies_first(&mut files);
    let waiting = Waiting {
        files: files.iter().map(FileRow::of).collect(),
        policy: policy.and_then(|state| state.waiting().cloned()),
    };
    match arguments.format {
        Format::Json => context.out.json(&waiting),
        Format::Text => {
            let mut text = String::new();
            for file in &waiting.files {
                text.push_str(&format!("{}\n", file.id));
                text.extend(file.waiting.as_ref().map(waits));
            }
            if let Some(change) = &waiting.policy {
                text.push_str(&format!(
                    "policy\n  waits: {} bind, proposed by {} on {}: {}\n",
                    listed(&change.policy.binding),
                    change.proposal.by,
                    change.proposal.on,
                    change.proposal.reason.as_deref().unwrap_or_default()
                ));
            }
            if text.is_empty() {
                text.push_str("Nothing waits for a second person.\n");
            }
            context.out.print(&text)
        }
    }
}

pub(super) async fn show(context: &mut Context, arguments: &Show) -> Done {
    let (store, reader) = of_register(context, None, None).await?;
    let view = reader.rule_file(&arguments.id).await?;
    store.close().await;
    let edition = match arguments.edition {
        Some(number) => view.editions.iter().find(|edition| edition.number == number),
        None => view.file.waiting().or(view.file.in_force.as_ref()),
    };
    let absent = || {
        Refusal::not_found("edition", &arguments.id)
            .missing("an edition that is in force, waits, or has this number")
    };
    let edition = edition.ok_or_else(absent)?;
    context.out.note(&format!(
        "{}, edition {}, {}, SHA-256 {}",
        arguments.id,
        edition.number,
        edition.state.replace('_', " "),
        edition.proposed.content
    ));
    context.out.print(&edition.proposed.text)
}
