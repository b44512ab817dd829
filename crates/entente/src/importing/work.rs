//! The trial and the import: the same code as the command line's, one at a time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_store::{Error, Fault, FaultKind, Outcome};
use tokio::runtime::Handle;

use super::{Done, Entry, FirstRows, Purpose, Stage};
use crate::app::App;
use crate::book::{Incoming, Opened, Options, ocds};
use crate::formats::table::TableError;

/// Rows of each table that a preview shows, beside the one that names the columns.
pub(crate) const SHOWN: usize = 10;

/// Begins to go through a file, in its turn. Nothing happens where something is under way with it already.
pub(crate) fn begin(app: &Arc<App>, entry: &Arc<Entry>, actor: &Actor, purpose: Purpose) {
    let begins = entry.stage.send_if_modified(|stage| {
        let begins = stage.is_still() && !is_in(stage);
        if begins {
            *stage = Stage::Waiting(purpose);
        }
        begins
    });
    if begins {
        let (app, entry, actor) = (app.clone(), entry.clone(), actor.clone());
        tokio::spawn(async move { run(app, entry, actor, purpose).await });
    }
}

/// Whether it is imported already: a form that is sent twice imports once.
fn is_in(stage: &Stage) -> bool {
    matches!(stage, Stage::Done(done) if done.report.kept)
}

async fn run(app: Arc<App>, entry: Arc<Entry>, actor: Actor, purpose: Purpose) {
    // The semaphore is never closed.
    let Ok(_turn) = app.imports.turn.clone().acquire_owned().await else { return };
    entry.read.store(0, Ordering::Relaxed);
    entry.stage.send_replace(Stage::Running(purpose));
    let began = std::time::Instant::now();
    let worked = {
        let (app, entry, handle) = (app.clone(), entry.clone(), Handle::current());
        // Rows are read and judged for minutes on end, so not among the threads that answer requests.
        tokio::task::spawn_blocking(move || handle.block_on(work(&app, &entry, &actor, purpose))).await
    };
    let stage = match worked {
        _ if app.imports.ending.load(Ordering::Relaxed)
            && !matches!(&worked, Ok(Ok(done)) if done.report.kept) =>
        {
            Stage::Interrupted(Some(purpose))
        }
        Ok(Ok(done)) => Stage::Done(Arc::new(done)),
        Ok(Err(Error::Refusal(refusal))) => Stage::Refused(refusal),
        Ok(Err(Error::Fault(fault))) => broken(&fault, purpose),
        Err(panicked) => broken(&Fault::internal("importing a file", panicked), purpose),
    };
    tracing::info!(
        what = entry.kept.what().word(),
        import = purpose == Purpose::Import,
        kept = is_in(&stage),
        rows = entry.read.load(Ordering::Relaxed),
        seconds = began.elapsed().as_secs_f64(),
        "a file was gone through"
    );
    if is_in(&stage) {
        entry.kept.remove().await;
    } else if !matches!(stage, Stage::Interrupted(_))
        && let Err(fault) = entry.kept.note(None)
    {
        tracing::warn!(doing = %fault.doing, cause = %fault.cause, "the record of a file stays as it was");
    }
    entry.stage.send_replace(stage);
}

fn broken(fault: &Fault, purpose: Purpose) -> Stage {
    let told = match fault.kind {
        FaultKind::Unavailable => Refusal::new("import.busy", "The register is being written to by another.")
            .missing("another try in a while"),
        FaultKind::DiskFull => Refusal::new("import.disk_full", "There is no room left to write.")
            .missing("room on the machine of the register, and then another try"),
        FaultKind::Damaged | FaultKind::Internal => return broke(fault, purpose),
    };
    tracing::warn!(doing = %fault.doing, cause = %fault.cause, "an import was not possible");
    Stage::Refused(told)
}

fn broke(fault: &Fault, purpose: Purpose) -> Stage {
    tracing::error!(kind = ?fault.kind, doing = %fault.doing, cause = %fault.cause, "an import broke");
    Stage::Interrupted(Some(purpose))
}

async fn work(app: &App, entry: &Entry, actor: &Actor, purpose: Purpose) -> Outcome<Done> {
    let kept = &entry.kept;
    kept.note(Some(purpose))?;
    // What is imported is what was seen, to the byte.
    if !kept.is_whole()? {
        return Err(Refusal::new("import.altered", "The bytes that were kept are not those that were sent.")
            .missing("the file sent again")
            .into());
    }
    let reading = ocds::Reading { category: kept.category().map(str::to_owned), ..ocds::Reading::default() };
    let first = Arc::new(Mutex::new(FirstRows::new()));
    let lead = |incoming: Incoming<'static>| led(incoming, first.clone(), app.imports.ending.clone());
    let opened = Opened::of(&kept.path(), kept.what(), reading)?.through(lead);
    let options = Options { is_trial: purpose == Purpose::Trial, ..Options::default() };
    let progress = |rows| entry.read.store(rows, Ordering::Relaxed);
    let report = opened.import(&app.store, actor, options, &progress).await?;
    let first = std::mem::take(&mut *first.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Done { purpose, report, first })
}

/// The rows of a table, of which the first are noted as they pass; they end with a fault where the server ends.
fn led(
    incoming: Incoming<'static>,
    first: Arc<Mutex<FirstRows>>,
    ending: Arc<AtomicBool>,
) -> Incoming<'static> {
    let table = incoming.table;
    let mut noted = 0;
    let mut is_over = false;
    let mut rows = incoming.rows;
    let led = std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        if ending.load(Ordering::Relaxed) {
            is_over = true;
            return Some(Err(TableError::new("the server is ending", "try it again once it is back")));
        }
        let row = rows.next()?;
        if noted <= SHOWN
            && let Ok(row) = &row
        {
            noted += 1;
            first.lock().unwrap_or_else(PoisonError::into_inner).entry(table).or_default().push(row.clone());
        }
        Some(row)
    });
    Incoming { table, rows: Box::new(led) }
}
