//! What is worked out of an edition once and kept while it is in force.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use entente_store::Outcome;

use super::history::History;
use super::places::Places;
use super::relation::Relations;
use super::words::Words;

/// What is kept of the lists.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(super) histories: OfLists<History>,
    pub(super) places: OfLists<Places>,
    pub(super) relations: OfLists<Relations>,
    pub(super) words: OfLists<Words>,
}

/// One thing of each list, with the edition of which it is; that of another edition takes its place.
#[derive(Debug)]
pub(super) struct OfLists<T> {
    kept: Mutex<BTreeMap<String, (String, Arc<T>)>>,
    /// One is made at a time: whoever waits for it finds it made.
    making: tokio::sync::Mutex<()>,
}

impl<T> Default for OfLists<T> {
    fn default() -> OfLists<T> {
        OfLists { kept: Mutex::default(), making: tokio::sync::Mutex::default() }
    }
}

impl<T> OfLists<T> {
    /// What is kept of this edition, or else what is made now.
    pub(super) async fn get(
        &self,
        list: &str,
        edition: &str,
        make: impl Future<Output = Outcome<T>>,
    ) -> Outcome<Arc<T>> {
        let known = || {
            let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.get(list).filter(|(own, _)| own == edition).map(|(_, thing)| thing.clone())
        };
        if let Some(thing) = known() {
            return Ok(thing);
        }
        let _one = self.making.lock().await;
        if let Some(thing) = known() {
            return Ok(thing);
        }
        let made = Arc::new(make.await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(list.to_owned(), (edition.to_owned(), made.clone()));
        Ok(made)
    }
}
