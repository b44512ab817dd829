//! Briefs that were worked out, kept while the ledger stands still.
//!
//! A brief opens into hundreds of figures, and each of them is read out of all facts of it.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use entente_register::label::Clearance;

use super::Computed;
use crate::error::Outcome;
use crate::reader::{BriefOptions, Reader};

/// How much is kept: lines and contracts of all briefs together, some hundred bytes each.
const MOST: u64 = 200_000;

/// What a brief follows from. Labels and rights are today's, whatever the horizon, and follow from the ledger:
/// the hash of its last event stands for all of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    head: [u8; 32],
    horizon: i64,
    known_at: Timestamp,
    as_of: Date,
    clearance: Clearance,
    options: BriefOptions,
}

/// By the rows that it holds.
#[derive(Clone)]
struct Rows;

impl Weighter<Key, Arc<Computed>> for Rows {
    fn weight(&self, _: &Key, computed: &Arc<Computed>) -> u64 {
        let facts = &computed.facts;
        let unpaid = facts.payments.instalments.len();
        let rows = facts.open_lines.len() + facts.contracts.len() + facts.delivered.len() + unpaid;
        1 + rows as u64
    }
}

/// The briefs that were read last.
pub(crate) struct KeptBriefs(Cache<Key, Arc<Computed>, Rows>);

impl Default for KeptBriefs {
    fn default() -> KeptBriefs {
        KeptBriefs(Cache::with_weighter(16, MOST, Rows))
    }
}

impl KeptBriefs {
    /// The brief as it is kept, or else as it is made now. Those who ask for one that is being made wait for it.
    pub(super) async fn get(
        &self,
        reader: &Reader,
        options: &BriefOptions,
        make: impl Future<Output = Outcome<Computed>>,
    ) -> Outcome<Arc<Computed>> {
        let key = Key {
            head: reader.horizon.head,
            horizon: reader.horizon.sequence,
            known_at: reader.known_at,
            as_of: reader.as_of,
            clearance: reader.actor.clearance.clone(),
            options: *options,
        };
        self.0.get_or_insert_async(&key, async { Ok(Arc::new(make.await?)) }).await
    }
}
