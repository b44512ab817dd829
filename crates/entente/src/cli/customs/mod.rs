//! `entente customs`: files to customs and from them, and discrepancies.

mod bring;
mod list;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_store::{Fault, Store};

use super::transfer::View;
use super::{Context, Done};

const EXAMPLES: &str = "\
Examples:
  entente --as l.officer customs export --output out.csv   The next run of licence data, recorded and written
  entente customs file OUT-7 --output out.csv              The file of a run once more, to the byte
  entente --as c.customs customs import usage.csv --try    What would become of write-offs; nothing is kept
  entente --as c.customs customs import usage.csv          Write-offs, each judged by its licence
  entente customs file IN-3 --reply                        The reply to a run of write-offs
  entente --as c.customs customs reply answer.csv          What customs took of a run of licence data
  entente customs list --direction in --format csv
  entente customs show IN-3                                A run, row by row
  entente customs discrepancies --state open

A file is taken whole or refused with its line and column. The numbers of runs have no holes; the same file again changes
nothing and says so. `import` ends with status 0 also where rows were refused: each is a discrepancy, and is printed.
The format stands in docs/customs-exchange.md.";

/// What `customs` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Record the next run of licence data, and write its file
    Export(Export),
    /// Write the file of a run, or the reply to it, to the byte
    File(File),
    /// Bring in usage data: write-offs of what went under licences
    Import(bring::Import),
    /// Bring in what customs answer to a run of licence data
    Reply(bring::Reply),
    /// List the runs, the last first
    List(list::Runs),
    /// Show a run by its key, such as OUT-7 or IN-3
    Show(list::Show),
    /// List discrepancies, those that are open first
    Discrepancies(list::Discrepancies),
}

#[derive(Debug, Args)]
struct Export {
    /// Write the file here instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct File {
    /// Key of the run, such as OUT-7 or IN-3
    run: String,
    /// The reply to it, and not the file itself
    #[arg(long)]
    reply: bool,
    /// Write the file here instead of standard output
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Runs `customs`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::Export(arguments) => export(context, &arguments).await,
        Verb::File(arguments) => file(context, &arguments).await,
        Verb::Import(arguments) => bring::import(context, &arguments).await,
        Verb::Reply(arguments) => bring::reply(context, &arguments).await,
        Verb::List(arguments) => list::runs(context, &arguments).await,
        Verb::Show(arguments) => list::show(context, &arguments).await,
        Verb::Discrepancies(arguments) => list::discrepancies(context, &arguments).await,
    }
}

async fn export(context: &mut Context, arguments: &Export) -> Done {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let receipt = store.execute(&actor, Command::Customs(CustomsCommand::Export)).await?;
    let key = receipt.subject.key;
    let written = write(context, &store, &key, false, arguments.output.as_deref()).await;
    store.close().await;
    // The run is recorded, whatever became of the writing: it says how the file is had once more.
    context.out.note(&format!("Run {key} is recorded; `entente customs file {key}` writes it again."));
    written
}

async fn file(context: &mut Context, arguments: &File) -> Done {
    let store = context.open_existing().await?;
    let written = write(context, &store, &arguments.run, arguments.reply, arguments.output.as_deref()).await;
    store.close().await;
    written
}

/// Writes a file of a run.
async fn write(
    context: &mut Context,
    store: &Store,
    key: &str,
    is_reply: bool,
    output: Option<&Path>,
) -> Done {
    let actor = context.actor(store).await?;
    let bytes = store.reader(&actor, None, None).await?.customs_file(key, is_reply).await?.bytes;
    let Some(path) = output else { return context.out.bytes(&bytes) };
    let written = std::fs::File::create(path).and_then(|mut file| file.write_all(&bytes));
    written.map_err(|e| Fault::internal(format!("writing {}", path.display()), e).into())
}
