//! What is decided of many subjects together: as a preview, or for good.

use entente_register::access::Actor;
use entente_register::ledger::Refusal;
use entente_store::{Batch, Error, Request, Store};

use super::super::Act;
use super::super::filled::Filled;
use super::super::standing::Standing;
use crate::error::{Answer, Failure};

/// What comes of the act for one subject.
pub(super) type Outcome = Result<(), Refusal>;

/// A subject as it was seen when it was chosen.
pub(super) struct Chosen<'a> {
    pub(super) number: &'a str,
    /// How it stands now.
    pub(super) at: &'a Standing,
    /// The version that was seen.
    pub(super) seen: u32,
}

/// Decides the act for every subject, and keeps what comes of it only where it is for good and none is refused.
///
/// # Errors
/// What is not about one of the subjects: a fault of the database.
pub(super) async fn decide(
    store: &Store,
    actor: &Actor,
    (act, filled): (&Act, &Filled),
    chosen: &[Chosen<'_>],
    for_good: Option<&str>,
) -> Answer<Vec<Outcome>> {
    // What can be said without the lock is said without it.
    let mut requests = Vec::with_capacity(chosen.len());
    for one in chosen {
        // What is sent twice is answered as it was: only the rule behind the lock may say no then.
        let possible = if for_good.is_some() { Ok(()) } else { (act.possible)(one.at) };
        requests.push(possible.and_then(|()| (act.read)(one.at, filled)));
    }
    if requests.iter().all(Result::is_err) {
        return Ok(requests.into_iter().map(|request| request.map(drop)).collect());
    }
    let mut batch = store.batch().await?;
    let mut outcomes = Vec::with_capacity(chosen.len());
    for (one, command) in chosen.iter().zip(requests) {
        let command = match command {
            Ok(command) => command,
            Err(refusal) => {
                outcomes.push(Err(refusal));
                continue;
            }
        };
        let key = for_good.map(|once| format!("form-{once}-{}", one.number));
        let request = Request { command, expected_version: Some(one.seen), idempotency_key: key };
        match batch.execute(actor, request).await {
            Ok(_) => outcomes.push(Ok(())),
            Err(Error::Refusal(refusal)) => outcomes.push(Err(refusal)),
            Err(Error::Fault(fault)) => {
                batch.give_up().await;
                return Err(Failure::from(fault));
            }
        }
    }
    end(batch, for_good.is_some() && outcomes.iter().all(Result::is_ok)).await?;
    Ok(outcomes)
}

async fn end(batch: Batch, keep: bool) -> Answer<()> {
    if keep {
        batch.commit().await?;
    } else {
        batch.give_up().await;
    }
    Ok(())
}
