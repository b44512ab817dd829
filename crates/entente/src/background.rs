//! What the server does beside answering: a signed checkpoint a day, the upkeep of the
//! measures, and the comparison of parties with what is new on the lists.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use entente_store::{CheckpointFiles, Outcome};
use jiff::SignedDuration;
use tokio::sync::watch::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;
use crate::ops;
use crate::screener::rescreen;

/// How often it is looked whether a checkpoint is due.
const LOOK: Duration = Duration::from_secs(600);
/// How often the ledger is signed.
const EVERY: SignedDuration = SignedDuration::from_hours(24);
/// How often measures are folded together.
const UPKEEP: Duration = Duration::from_secs(5);
/// How often it is looked whether parties or lists have changed.
const SCREENING: Duration = Duration::from_secs(10);
/// How long an ending task is waited for.
const GRACE: Duration = Duration::from_secs(10);

/// Tasks that run until the server ends.
pub(crate) struct Background(Vec<JoinHandle<()>>);

impl Background {
    /// Waits until they have ended; what is being written is written.
    pub(crate) async fn end(self) {
        for task in self.0 {
            if tokio::time::timeout(GRACE, task).await.is_err() {
                tracing::warn!("a task in the background did not end in time");
            }
        }
    }
}

/// Starts them. They end when `told` turns true.
///
/// # Errors
/// A refusal if checkpoints have no place.
pub(crate) fn start(app: &Arc<App>, told: &Receiver<bool>) -> Outcome<Background> {
    let files = app.config.checkpoint_files()?;
    let handle = ops::recorder()?;
    let signing = tokio::spawn(every(LOOK, told.clone(), {
        let app = app.clone();
        move || {
            let (app, files) = (app.clone(), files.clone());
            async move {
                app.imports.forget_old(app.store.now()).await;
                sign(&app, &files).await;
            }
        }
    }));
    let upkeep = tokio::spawn(every(UPKEEP, told.clone(), move || {
        handle.run_upkeep();
        std::future::ready(())
    }));
    let screened = Arc::new(AtomicI64::new(-1));
    let screening = tokio::spawn(every(SCREENING, told.clone(), {
        let app = app.clone();
        move || {
            let (app, screened) = (app.clone(), screened.clone());
            async move { screen(&app, &screened).await }
        }
    }));
    Ok(Background(vec![signing, upkeep, screening]))
}

/// Does something at once and then at every turn, until told to end.
async fn every<F: Future<Output = ()>>(
    turn: Duration,
    mut told: Receiver<bool>,
    mut work: impl FnMut() -> F,
) {
    let mut turns = interval(turn);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let ended = tokio::select! {
            // An error means that the sender is gone, which is an end as well.
            _ = told.wait_for(|end| *end) => true,
            _ = turns.tick() => false,
        };
        if ended {
            return;
        }
        work().await;
    }
}

/// Compares what is new, where anything was recorded since it was last looked.
async fn screen(app: &App, looked: &AtomicI64) {
    let done = async {
        let head = app.store.reader(&crate::screener::actor(), None, None).await?.through();
        if head == looked.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let done = rescreen(&app.store, &app.screener).await?;
        looked.store(head, Ordering::Relaxed);
        Outcome::Ok(done)
    };
    match done.await {
        Ok(done) => {
            for ran in done {
                tracing::info!(list = ran.list, compared = ran.compared, "the parties are screened");
            }
        }
        Err(error) => tracing::error!(%error, "the parties could not be screened; it is tried again"),
    }
}

async fn sign(app: &App, files: &CheckpointFiles) {
    match app.store.checkpoint_if_due(files, EVERY).await {
        Ok(None) => {}
        Ok(Some(made)) => tracing::info!(sequence = made.sequence, "the ledger is signed"),
        Err(error) => tracing::error!(%error, "the ledger could not be signed; it is tried again"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_task_works_every_turn_and_ends_when_told() {
        let (tell, told) = tokio::sync::watch::channel(false);
        let turns = Arc::new(AtomicU32::new(0));
        let counted = turns.clone();
        let task = tokio::spawn(every(Duration::from_millis(5), told, move || {
            counted.fetch_add(1, Ordering::SeqCst);
            std::future::ready(())
        }));
        tokio::time::sleep(Duration::from_millis(100)).await;
        tell.send(true).unwrap();
        task.await.unwrap();
        assert!(turns.load(Ordering::SeqCst) >= 2);
    }
}
