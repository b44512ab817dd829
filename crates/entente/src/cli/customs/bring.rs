//! Files of customs that are brought in.

use std::path::{Path, PathBuf};

use clap::Args;
use entente_register::command::Command;
use entente_register::customs::CustomsCommand;
use entente_register::customs::format::{MOST_BYTES, text_of};
use entente_register::customs::run::{CustomsRun, RowOutcome, RunContent};
use entente_register::ledger::Refusal;

use crate::cli::{Context, Done, Halt};

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file, as customs wrote it
    file: PathBuf,
    /// Say what would become of it, and keep nothing
    #[arg(long = "try")]
    only_try: bool,
}

#[derive(Debug, Args)]
pub(super) struct Reply {
    /// The file, as customs wrote it
    file: PathBuf,
}

/// The text of a file; no more of it is read than may be brought in.
fn read(path: &Path) -> Result<String, Halt> {
    use std::io::Read as _;
    let unreadable = |e: std::io::Error| {
        Refusal::new("file.unreadable", format!("{} cannot be read: {e}.", path.display()))
            .field("file")
            .missing("a file that can be read")
    };
    let most = u64::try_from(MOST_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(text_of(bytes)?)
}

pub(super) async fn import(context: &mut Context, arguments: &Import) -> Done {
    let command = CustomsCommand::Usage { file: read(&arguments.file)? };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let (repeated, run) = if arguments.only_try {
        let (receipt, run) = store.try_customs(&actor, command).await?;
        (receipt.repeated, run)
    } else {
        let receipt = store.execute(&actor, Command::Customs(command)).await?;
        let reader = store.reader(&actor, None, None).await?;
        (receipt.repeated, reader.customs_run(&receipt.subject.key).await?.run)
    };
    store.close().await;
    if repeated {
        context.out.line(&format!("{} was brought in before: nothing has changed.", run.key))?;
    } else if arguments.only_try {
        context.out.line("Tried: nothing was recorded.")?;
    }
    told(&run).iter().try_for_each(|line| context.out.line(line))
}

/// What became of each row.
pub(super) fn told(run: &CustomsRun) -> Vec<String> {
    let RunContent::In(received) = &run.content else { return Vec::new() };
    let accepted = received.accepted();
    let refused = received.rows.len() - accepted;
    let mut lines =
        vec![format!("{}: {} rows, {accepted} accepted, {refused} refused", run.key, received.rows.len())];
    for row in &received.rows {
        let what = format!("line {}: {} line {}, {}", row.row, row.licence, row.line, row.reference);
        lines.push(match &row.outcome {
            RowOutcome::Accepted => format!("  {what}: written off"),
            RowOutcome::OnRecord => format!("  {what}: on record before"),
            RowOutcome::Refused { code, words, discrepancy } => {
                format!("  {what}: {discrepancy}, {words} [{code}]")
            }
        });
    }
    lines
}

pub(super) async fn reply(context: &mut Context, arguments: &Reply) -> Done {
    let command = CustomsCommand::Reply { file: read(&arguments.file)? };
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let receipt = store.execute(&actor, Command::Customs(command)).await?;
    let run = store.reader(&actor, None, None).await?.customs_run(&receipt.subject.key).await?.run;
    store.close().await;
    if receipt.repeated {
        return context
            .out
            .line(&format!("{} was answered by this file before: nothing has changed.", run.key));
    }
    let RunContent::Out(_, Some((_, answer))) = &run.content else { return Ok(()) };
    context.out.line(&format!(
        "{}: {} accepted, {} rejected",
        run.key,
        answer.accepted,
        answer.rejected.len()
    ))?;
    answer.rejected.iter().try_for_each(|one| {
        context.out.line(&format!("  {}: {}, {} [{}]", one.licence, one.discrepancy, one.words, one.code))
    })
}
