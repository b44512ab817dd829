//! The demonstration built into an empty register.

use std::sync::Arc;

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::label::Clearance;
use entente_register::screening::ListCommand;
use entente_store::reader::Page;
use entente_store::{DatabaseUrl, Entropy, Error, Fault, ManualClock, Outcome, Store, StoreOptions};
use jiff::Timestamp;

use super::calendar::SHOWN_ON;
use super::{SEED, Step, screening, steps};
use crate::screener;

/// As known when a demonstration is shown.
pub const SHOWN_AT: &str = "2012-10-01T00:00:00Z";

/// What the building is told of: steps done, and steps in all.
pub type Progress<'a> = &'a mut (dyn FnMut(usize, usize) + Send);

/// Steps between two tellings.
const TOLD_EVERY: usize = 200;

/// Makes sure that a database holds the demonstration: builds it into an empty one,
/// and leaves one that is there as it is. Says whether it was built now.
///
/// # Errors
/// `ledger.founded` where the database holds another register; a fault if the
/// database does not answer. Nothing is kept then.
pub async fn make(url: &DatabaseUrl, progress: Progress<'_>) -> Outcome<bool> {
    let clock = Arc::new(ManualClock::at(Timestamp::UNIX_EPOCH));
    let entropy = Arc::new(Entropy::seeded(SEED));
    let options = StoreOptions { clock: Arc::<ManualClock>::clone(&clock), entropy };
    let store = Store::open(url, options).await?.screened_by(crate::screener::engine());
    let made = made_in(&store, &clock, progress).await;
    store.close().await;
    made
}

async fn made_in(store: &Store, clock: &ManualClock, progress: Progress<'_>) -> Outcome<bool> {
    if store.setting("demonstration").await?.as_deref() == Some("true") {
        return Ok(false);
    }
    match build(store, clock, progress).await {
        Ok(()) => Ok(true),
        // The facts were kept, and the power failed before the settings were.
        Err(Error::Refusal(refusal)) if refusal.code == "ledger.founded" => {
            if !founded_as_demonstration(store).await? {
                return Err(refusal.into());
            }
            settle(store).await?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Builds the demonstration into an empty register whose clock is `clock`.
///
/// # Errors
/// `ledger.founded` if the register is not empty; a fault if the database does not
/// answer. Nothing is kept then.
pub async fn build(store: &Store, clock: &ManualClock, progress: Progress<'_>) -> Outcome<()> {
    let steps = steps();
    let all = steps.len();
    let mut batch = store.batch().await?;
    // The last entry of the ledger so far: up to it the parties are compared.
    let mut through = 0;
    for (done, step) in steps.into_iter().enumerate() {
        if done % TOLD_EVERY == 0 {
            progress(done, all);
        }
        match step {
            Step::At(at) => clock.set(at),
            Step::KeepDocument { media_type, bytes, content } => {
                let kept = batch.keep_document(media_type, &bytes).await?;
                foretold(&content, &kept)?;
            }
            Step::KeepList { bytes, content } => {
                let kept = batch.keep_document("text/csv", &bytes).await?;
                foretold(&content, &kept)?;
            }
            Step::Screen { list, bytes, parties } => {
                let run = screening::run(&bytes, &parties, through)?;
                let command = Command::List { name: list, command: ListCommand::Screen(Box::new(run)) };
                through = batch.execute(&screener::actor(), command).await?.sequence;
            }
            Step::Execute { actor, request, subject } => {
                let receipt = batch.execute(&actor, *request).await?;
                through = receipt.sequence;
                if let Some(subject) = subject {
                    foretold(&subject.to_string(), &receipt.subject.to_string())?;
                }
            }
        }
    }
    batch.commit().await?;
    settle(store).await?;
    progress(all, all);
    Ok(())
}

/// Papers and plans name what the register will call a thing, so the two must agree.
fn foretold(said: &str, given: &str) -> Result<(), Fault> {
    if said == given {
        return Ok(());
    }
    Err(Fault::internal("building the demonstration", format!("{said} was foretold and {given} given")))
}

/// As of when the demonstration is shown if nobody says otherwise.
async fn settle(store: &Store) -> Outcome<()> {
    store.set_setting("default_as_of", &SHOWN_ON.to_string()).await?;
    store.set_setting("default_known_at", SHOWN_AT).await?;
    // The last one says that nothing is missing.
    store.set_setting("demonstration", "true").await
}

/// Whether the first event founds a demonstration.
async fn founded_as_demonstration(store: &Store) -> Outcome<bool> {
    let reader = store.reader(&Actor::operator(Clearance::full()), None, None).await?;
    let total = reader.events(Page::first(1)).await?.total;
    let first = reader.events(Page { offset: (total - 1).max(0), limit: 1 }).await?;
    let payload = first.rows.first().and_then(|event| event.payload.as_deref());
    Ok(payload == Some(r#"{"purpose":"demonstration"}"#))
}
