//! What one batch leaves to the next: states and standing rows, so that a line met again is not read again.
//!
//! It is good for one place of the ledger only. Whoever locks the head compares: if another process has
//! appended since, or anything was taken back, what was remembered is dropped.

use std::sync::{Arc, Mutex};

use entente_register::ledger::Digest;

use super::states::States;
use crate::ledger::Head;
use crate::view::Views;

/// States and standing rows as of a place of the ledger; nothing waits to be written.
pub(super) struct Remembered {
    sequence: i64,
    hash: Digest,
    pub(super) views: Views,
    pub(super) states: States,
}

/// What the last batch of this process has left. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Memory(Arc<Mutex<Option<Remembered>>>);

impl Memory {
    /// What was left at this head; nothing remembered where the ledger is elsewhere.
    pub(super) fn take(&self, head: &Head) -> Remembered {
        let left = self.0.lock().ok().and_then(|mut left| left.take());
        left.filter(|left| left.sequence == head.sequence && left.hash == head.hash).unwrap_or_else(|| {
            Remembered {
                sequence: head.sequence,
                hash: head.hash,
                views: Views::at(head.sequence),
                states: States::default(),
            }
        })
    }

    /// Leaves what is known at a head that is committed.
    pub(super) fn keep(&self, head: &Head, mut views: Views, mut states: States) {
        views.committed();
        if states.is_full() {
            states.make_room();
        }
        states.committed();
        if let Ok(mut left) = self.0.lock() {
            *left = Some(Remembered { sequence: head.sequence, hash: head.hash, views, states });
        }
    }

    /// Forgets all.
    pub(crate) fn forget(&self) {
        if let Ok(mut left) = self.0.lock() {
            *left = None;
        }
    }
}
