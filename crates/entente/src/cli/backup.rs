//! `entente backup FILE` and `entente restore FILE`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use entente_store::{Backup, BackupProgress, BackupStep};
use indicatif::ProgressBar;

use super::{Context, Done, progress};

const BACKUP_EXAMPLES: &str = "\
Examples:
  entente backup register-2012-10-01.backup
  entente --database postgres:///entente backup --overwrite nightly.backup

Others go on reading and writing meanwhile. The file holds everything that the register
holds, with the hashes of passwords: keep it as the register is kept.";

const RESTORE_EXAMPLES: &str = "\
Examples:
  entente --database sqlite:new.db restore register-2012-10-01.backup
  entente --database postgres:///entente restore register-2012-10-01.backup

The database must be empty, and may be of the other kind: so a register moves from
SQLite to PostgreSQL. Everything is restored, or nothing.";

/// What `backup` takes.
#[derive(Debug, Args)]
#[command(after_help = BACKUP_EXAMPLES)]
pub(crate) struct Save {
    /// The file to write
    file: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    overwrite: bool,
}

/// What `restore` takes.
#[derive(Debug, Args)]
#[command(after_help = RESTORE_EXAMPLES)]
pub(crate) struct Restore {
    /// The file that `entente backup` wrote
    file: PathBuf,
}

/// Saves the register in a file.
pub(crate) async fn save(context: &mut Context, arguments: Save) -> Done {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let (bar, progress) = bar();
    let saved = store.backup(&actor, &arguments.file, arguments.overwrite, &progress).await;
    bar.finish_and_clear();
    store.close().await;
    context.out.line(&told("Saved", &saved?, &arguments.file))
}

/// Puts a file back into an empty database.
pub(crate) async fn restore(context: &mut Context, arguments: Restore) -> Done {
    context.no_account("restore")?;
    let store = context.open().await?;
    let (bar, progress) = bar();
    let restored = store.restore(&arguments.file, &progress).await;
    bar.finish_and_clear();
    store.close().await;
    let restored = restored?;
    context.out.note(&format!(
        "Passwords and keys for programs are as they were at {}: look through `entente user keys NAME` for keys closed since.",
        restored.made_at
    ));
    context.out.line(&told("Restored", &restored, &arguments.file))
}

fn told(verb: &str, backup: &Backup, file: &std::path::Path) -> String {
    let preposition = if verb == "Saved" { "to" } else { "from" };
    format!(
        "{verb} {} events and {} rows in all {preposition} {} ({} bytes, made at {}).\nHead of the ledger: {}",
        backup.events,
        backup.rows,
        file.display(),
        backup.bytes,
        backup.made_at,
        backup.head
    )
}

/// A bar on standard error, where a person looks at it.
fn bar() -> (ProgressBar, BackupProgress) {
    let bar = progress::bar("");
    let drawn = bar.clone();
    let progress: BackupProgress = Arc::new(move |step, done, total| {
        let words = match step {
            BackupStep::Saving => "Saving",
            BackupStep::Checking => "Checking the file",
            BackupStep::Restoring => "Restoring",
            BackupStep::Rebuilding => "Rebuilding the views",
        };
        if drawn.message() != words {
            drawn.set_message(words);
        }
        drawn.set_length(total);
        drawn.set_position(done);
    });
    (bar, progress)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_in_two_lines() {
        let backup = Backup {
            events: 12,
            head: "ab".repeat(32),
            rows: 30,
            bytes: 4_096,
            made_at: "2012-10-01T00:00:00.000000Z".into(),
        };
        insta::assert_snapshot!(told("Saved", &backup, "x.backup".as_ref()), @r"
        Saved 12 events and 30 rows in all to x.backup (4096 bytes, made at 2012-10-01T00:00:00.000000Z).
        Head of the ledger: abababababababababababababababababababababababababababababababab
        ");
    }
}
