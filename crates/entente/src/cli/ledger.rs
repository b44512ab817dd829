//! `entente ledger verify | rebuild | export | checkpoint`: the ledger itself.

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use entente_register::access::{Reading, Role, may_read};
use entente_register::ledger::Refusal;
use entente_store::{
    Bad, CheckpointFiles, Error, Fault, FaultKind, Fingerprint, Outcome, Progress, Store, Verification,
    VerifyOptions, silent,
};

use super::out::errors_are_terminal;
use super::progress::bar;
use super::{Context, Done, Halt};
use crate::config::Config;

const EXAMPLES: &str = "\
Examples:
  entente ledger verify                    Whether the ledger is what was written
  entente ledger verify --deep             The same, and whether the views follow from it
  entente ledger verify --format json      {\"ok\",\"events\",\"first_bad\":{\"sequence\",\"fault\"}}
  entente ledger checkpoint                Sign where the ledger stands
  entente ledger export > ledger.ndjson    Every event, a line each

`verify` ends with status 0 if the ledger is sound and 1 if it is not.";

/// What `ledger` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Find whether the ledger is what was written, and the first event that is not
    Verify {
        /// Also decode and fold every event, and compare the views with a rebuild
        #[arg(long)]
        deep: bool,
        /// How the finding is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        /// Fingerprint of the key by which every checkpoint must be signed, of which there must be one
        /// [default: of the key file]
        #[arg(long, value_name = "FINGERPRINT")]
        key: Option<String>,
        #[command(flatten)]
        files: Files,
    },
    /// Rebuild the views from the events
    Rebuild {},
    /// Write every event as a line of JSON, its payload as it is stored
    Export {
        /// File to write; standard output if none is named
        file: Option<PathBuf>,
    },
    /// Sign where the ledger stands, in the database and in a file outside it
    Checkpoint {
        /// How the checkpoint is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
        #[command(flatten)]
        files: Files,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

#[derive(Debug, Args)]
struct Files {
    /// Secret key that signs checkpoints [default: beside the SQLite file, its name with .key;
    /// in checkpoint_folder where one is configured]
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Checkpoints outside the database [default: beside the SQLite file, its name with
    /// .checkpoints; in checkpoint_folder where one is configured]
    #[arg(long, value_name = "FILE")]
    checkpoints: Option<PathBuf>,
}

impl Files {
    /// Where they are; and whether the caller says so.
    fn place(self, config: &Config) -> Result<(CheckpointFiles, bool), Refusal> {
        let named = self.checkpoints.is_some();
        let beside = config.checkpoint_files()?;
        let files = CheckpointFiles {
            key: self.key_file.unwrap_or(beside.key),
            checkpoints: self.checkpoints.unwrap_or(beside.checkpoints),
        };
        Ok((files, named))
    }
}

/// Does what is asked of the ledger.
pub(crate) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::Verify { deep, format, key, files } => verify(context, deep, format, key, files).await,
        Verb::Rebuild {} => {
            let store = open_as(context, Some(Role::Operator)).await?;
            let events = store.rebuild(progress("rebuilding the views")).await?;
            context.out.line(&format!("The views are rebuilt from {} events.", grouped(events)))?;
            store.close().await;
            Ok(())
        }
        Verb::Export { file } => export(context, file).await,
        Verb::Checkpoint { format, files } => {
            let store = open_as(context, Some(Role::Operator)).await?;
            let (files, _) = files.place(&context.config)?;
            let made = store.checkpoint(&files).await?;
            store.close().await;
            let fingerprint = made.fingerprint();
            match format {
                Format::Json => context.out.line(
                    &json!({
                        "sequence": made.sequence,
                        "hash": hex::encode(made.hash),
                        "signed_at": made.signed_at_text(),
                        "key": fingerprint.to_string(),
                        "file": files.checkpoints.display().to_string(),
                    })
                    .to_string(),
                ),
                Format::Text => context.out.line(&format!(
                    "Signed at {}: event {} with hash {}.\nKey {fingerprint}\nWritten to the database and to {}.",
                    made.signed_at_text(),
                    made.sequence,
                    hex::encode(made.hash),
                    files.checkpoints.display()
                )),
            }
        }
    }
}

async fn verify(
    context: &mut Context,
    deep: bool,
    format: Format,
    key: Option<String>,
    files: Files,
) -> Done {
    let key = key.map(|text| text.parse::<Fingerprint>()).transpose()?;
    let (files, named) = files.place(&context.config)?;
    // A file that nobody named need not be there.
    let files = (named || files.checkpoints.exists()).then_some(files);
    let options = VerifyOptions { deep, key, files };
    let found = match look(context, &options).await {
        Ok(found) => found,
        // What cannot even be read as a database of ours is not sound: that is the finding.
        Err(Error::Fault(fault)) if fault.kind == FaultKind::Damaged => Verification {
            events: 0,
            checkpoints: 0,
            first_bad: Some(Bad { sequence: 0, fault: fault.to_string() }),
            first_bad_read: None,
        },
        Err(error) => return Err(error.into()),
    };
    let told = match format {
        Format::Json => as_json(&found),
        Format::Text => as_text(&found, deep),
    };
    let heard = context.out.line(&told);
    // What was found is the exit status as well, whether or not anybody reads the words.
    if !found.ok() {
        return Err(Halt::NotSound);
    }
    heard
}

fn as_json(found: &Verification) -> String {
    let bad = found.first_bad.as_ref().map(|bad| json!({ "sequence": bad.sequence, "fault": bad.fault }));
    let mut told = json!({ "ok": found.ok(), "events": found.events, "first_bad": bad });
    // Named only where there is one: what reads this knows the three keys.
    if let Some(row) = found.first_bad_read {
        told["first_bad_read"] = json!(row);
    }
    told.to_string()
}

fn as_text(found: &Verification, deep: bool) -> String {
    if found.ok() {
        let views = if deep { "; the views follow from it" } else { "" };
        let (events, checkpoints) = (grouped(found.events), grouped(found.checkpoints));
        return format!("The ledger is sound: events {events}, checkpoints {checkpoints}{views}.");
    }
    let mut lines = Vec::new();
    match &found.first_bad {
        Some(bad) => lines.push(format!(
            "The ledger is NOT sound.\nFirst bad event: {}\nFault: {}",
            bad.sequence, bad.fault
        )),
        None => lines.push("The events are sound; the log of reads is NOT.".to_owned()),
    }
    if let Some(row) = found.first_bad_read {
        lines.push(format!("First bad row of the log of reads: {row}"));
    }
    lines.join("\n")
}

async fn look(context: &Context, options: &VerifyOptions) -> Outcome<Verification> {
    let store = open_as(context, None).await?;
    let found = store.verify(options, progress("verifying")).await;
    store.close().await;
    found
}

async fn export(context: &mut Context, file: Option<PathBuf>) -> Done {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let Some(path) = file else {
        let mut out = context.out.clone();
        let mut halt = None;
        let mut sink = |part: &[u8]| {
            out.bytes(part).map_err(|ended| {
                halt = Some(ended);
                std::io::Error::other("standard output takes no more")
            })
        };
        let done = store.export(&actor, &mut sink, silent()).await;
        return match halt {
            Some(halt) => Err(halt),
            None => Ok(done.map(|_| ())?),
        };
    };
    let doing = "writing the export";
    let mut file = std::fs::File::create_new(&path).map_err(|e| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Halt::Refused(
            Refusal::new("export.exists", format!("The file {} exists already.", path.display()))
                .field("file")
                .missing("a file that does not exist"),
        ),
        _ => Halt::Broke(Fault::internal(doing, e)),
    })?;
    let mut sink = |part: &[u8]| file.write_all(part);
    let exported = store.export(&actor, &mut sink, progress("exporting")).await;
    let exported = match exported {
        Ok(events) => file.sync_all().map(|()| events).map_err(|e| Fault::internal(doing, e).into()),
        Err(error) => Err(error),
    };
    if exported.is_err() {
        // Half an export is none.
        let _ = std::fs::remove_file(&path);
    }
    let events = exported?;
    context.out.note(&format!("{} events are in {}.", grouped(events), path.display()));
    Ok(())
}

/// Opens the register, which must be there, for someone who may read the ledger and, where one is asked for, has the role.
async fn open_as(context: &Context, role: Option<Role>) -> Outcome<Store> {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    if may_read(&actor, Reading::Ledger).is_none() || role.is_some_and(|role| !actor.roles.contains(&role)) {
        let wanted = match role {
            Some(role) => format!("the role {}", role.name()),
            None => "a role that reads the ledger".to_owned(),
        };
        return Err(Refusal::new("access.role", format!("{} may not do this.", actor.name))
            .missing(wanted)
            .into());
    }
    Ok(store)
}

/// A bar on a terminal, nothing elsewhere.
fn progress(doing: &'static str) -> Progress {
    if !errors_are_terminal() {
        return silent();
    }
    let bar = bar(doing);
    std::sync::Arc::new(move |done: i64, all: i64| {
        bar.set_length(all.unsigned_abs());
        bar.set_position(done.unsigned_abs());
        if done >= all {
            bar.finish_and_clear();
        }
    })
}

fn grouped(count: i64) -> String {
    entente_register::money::group(&count.to_string())
}
