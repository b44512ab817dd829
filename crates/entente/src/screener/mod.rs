//! The lists of the register as they are asked: the editions in force, each with its index, and the runs that bring
//! the register up to date with them.

pub mod edition;
pub mod fetch;
pub mod official;
pub mod parquet;
mod run;
pub mod update;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use entente_register::access::Actor;
use entente_register::label::Clearance;
use entente_register::screening::{Held, Hit, HitReason};
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::delta::{Delta, fingerprint};
use entente_screening::score::{Score, THRESHOLD};
use entente_store::reader::{ListRow, Reader};
use entente_store::{Fault, Outcome};

pub use run::{Ran, rescreen};
pub(crate) use run::{entity, first_run};

/// The version of the engine: where it is another than that of the last run, every party is compared with everything
/// once more.
pub use entente_screening::ENGINE;

/// The threshold of runs in ten-thousandths.
pub fn threshold() -> u32 {
    ten_thousandths(THRESHOLD).unsigned_abs()
}

/// By what parties are compared here.
pub fn engine() -> entente_store::ScreeningEngine {
    entente_store::ScreeningEngine { version: ENGINE.to_owned(), threshold: threshold() }
}

/// The lowest score that can be asked for: below it everything is like everything.
pub const LOWEST: f32 = 0.3;

/// Why nobody is cleared by looking up what has nothing that could be compared.
pub fn incomparable(party: &Ready) -> Option<&'static str> {
    let nothing = party.names.is_empty() && party.identifiers.is_empty();
    nothing.then_some("the party has no name and no identifier that could be compared")
}

/// A score of the comparison as the register keeps it.
pub(crate) fn ten_thousandths(score: f32) -> i32 {
    // A score lies within -1 and 1.
    (score * 10_000.0).round().clamp(-10_000.0, 10_000.0) as i32
}

/// Who does runs: the program itself, which sees every party.
pub(crate) fn actor() -> Actor {
    Actor {
        // No sign-in name has a colon: nobody can open an account in its place.
        account: "program:screener".to_owned(),
        name: "Screening of parties".to_owned(),
        ..Actor::operator(Clearance::full())
    }
}

/// The indexes of editions, each built once.
#[derive(Debug, Default)]
pub struct Screener {
    built: Arc<Mutex<HashMap<String, Arc<Index>>>>,
    /// One index is built at a time: whoever waits for it finds it made.
    building: tokio::sync::Mutex<()>,
}

/// Indexes that are kept at most: beyond it one goes, and is built anew where it is asked for again.
/// Those of editions that are no longer in force go with every run.
const MOST_KEPT: usize = 16;

/// A list, ready to be asked.
#[derive(Debug, Clone)]
pub struct ReadyList {
    /// The list with its policy and its edition, and why it clears nobody.
    pub row: ListRow,
    /// Its entries; none where no edition is in force.
    pub index: Option<Arc<Index>>,
}

/// All lists of the register as they stand at one reader's day and horizon.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// By name.
    pub lists: Vec<ReadyList>,
}

/// An entry that a search found.
#[derive(Debug, Clone)]
pub struct FoundEntry<'l> {
    /// Its list.
    pub list: &'l ReadyList,
    /// The entry.
    pub entry: &'l Entity,
    /// How alike, and why.
    pub score: Score,
}

/// What a search gave.
#[derive(Debug, Clone, Default)]
pub struct Answer<'l> {
    /// What was found, the best first.
    pub found: Vec<FoundEntry<'l>>,
    /// Why nobody is cleared by it, list by list.
    pub held: Vec<Held>,
}

impl Screener {
    /// The lists as a reader sees them. An index is built where an edition is met for the first time, and forgotten
    /// once its edition is no longer in force and others are asked for.
    ///
    /// # Errors
    /// `access.read` if the reader may not read lists; a fault if an edition that was kept cannot be read.
    pub async fn ready(&self, reader: &Reader) -> Outcome<Lists> {
        let mut lists = Lists::default();
        for row in reader.lists().await? {
            let index = match &row.list.edition {
                Some(edition) => Some(self.index(reader, &row.list.name, edition.content()).await?),
                None => None,
            };
            lists.lists.push(ReadyList { row, index });
        }
        Ok(lists)
    }

    /// Forgets the indexes of editions that are not in force on these lists.
    fn keep_only(&self, lists: &[ListRow]) {
        let used: Vec<&str> = lists
            .iter()
            .filter_map(|row| row.list.edition.as_ref())
            .map(|edition| edition.content())
            .collect();
        self.built
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|content, _| used.contains(&content.as_str()));
    }

    /// The index of an edition that the register holds.
    ///
    /// # Errors
    /// `not_found` where the register holds none that is open to the reader; a fault if it cannot be read.
    pub async fn index(&self, reader: &Reader, list: &str, content: &str) -> Outcome<Arc<Index>> {
        if let Some(index) = self.made(content) {
            return Ok(index);
        }
        let _one = self.building.lock().await;
        if let Some(index) = self.made(content) {
            return Ok(index);
        }
        let entries = entries(reader, list, content).await?;
        let (built, key) = (self.built.clone(), content.to_owned());
        // It is kept also where whoever asked has given up: the next finds it.
        let building = tokio::task::spawn_blocking(move || {
            let index = Arc::new(Index::new(entries));
            let mut built = built.lock().unwrap_or_else(PoisonError::into_inner);
            if built.len() >= MOST_KEPT
                && let Some(other) = built.keys().next().cloned()
            {
                built.remove(&other);
            }
            built.insert(key, index.clone());
            index
        });
        Ok(building.await.map_err(|e| Fault::internal("building the index of a list", e))?)
    }

    fn made(&self, content: &str) -> Option<Arc<Index>> {
        self.built.lock().unwrap_or_else(PoisonError::into_inner).get(content).cloned()
    }
}

impl Lists {
    /// Looks an entity up on all lists, or on those named.
    pub fn search(&self, query: &Ready, only: Option<&[String]>, threshold: f32, limit: usize) -> Answer<'_> {
        let mut answer = Answer { held: self.held(only), ..Answer::default() };
        let named = |list: &&ReadyList| only.is_none_or(|only| only.contains(&list.row.list.name));
        for list in self.lists.iter().filter(named) {
            let Some(index) = &list.index else { continue };
            for hit in index.find(query, threshold) {
                if let Some(entry) = index.entity(hit.entry) {
                    answer.found.push(FoundEntry { list, entry, score: hit.score });
                }
            }
        }
        answer.found.sort_by(|a, b| b.score.score.total_cmp(&a.score.score));
        answer.found.truncate(limit);
        answer
    }

    /// Why nobody is cleared by an answer of all lists, or of those named: lists that are missing or may not be relied
    /// on.
    pub fn held(&self, only: Option<&[String]>) -> Vec<Held> {
        let named = |list: &&ReadyList| only.is_none_or(|only| only.contains(&list.row.list.name));
        let mut held: Vec<Held> =
            self.lists.iter().filter(named).filter_map(|list| list.row.held.clone()).collect();
        let absent = |name: &&String| !self.lists.iter().any(|list| list.row.list.name == **name);
        held.extend(only.unwrap_or_default().iter().filter(absent).map(|name| Held::missing(name)));
        if self.lists.is_empty() && only.is_none() {
            held.push(Held::no_list());
        }
        held
    }
}

/// The entries of an edition that the register holds.
///
/// # Errors
/// A fault if it cannot be read: it was read when it was loaded.
pub async fn entries(reader: &Reader, list: &str, content: &str) -> Outcome<Vec<Entity>> {
    let bytes = reader.edition_bytes(list, content).await?;
    let name = list.to_owned();
    let reading = tokio::task::spawn_blocking(move || {
        edition::read(&name, &bytes).map(|edition| {
            let mut entries = edition.entries;
            for entry in &mut entries {
                entry.datasets = vec![name.clone()];
            }
            entries
        })
    });
    let entries = reading.await.map_err(|e| Fault::internal("reading an edition of a list", e))?;
    entries.map_err(|refusal| Fault::damaged("reading an edition of a list", refusal.message).into())
}

/// A hit as the register keeps it.
fn hit(edition: &str, party: &Entity, entry: &Entity, score: &Score) -> Hit {
    Hit {
        edition: edition.to_owned(),
        engine: ENGINE.to_owned(),
        score: ten_thousandths(score.score).unsigned_abs(),
        reasons: reasons(score),
        caption: entry.caption.clone(),
        party_content: fingerprint(party).to_string(),
        entry_content: fingerprint(entry).to_string(),
    }
}

/// The reasons of a score as the register keeps them.
pub(crate) fn reasons(score: &Score) -> Vec<HitReason> {
    let kept = score.reasons.iter().map(|reason| HitReason {
        feature: reason.feature.to_owned(),
        score: ten_thousandths(reason.score),
        detail: reason.detail.clone(),
        query: reason.query.clone(),
        candidate: reason.candidate.clone(),
    });
    kept.collect()
}

/// A row for each entry that is new or gone, and for each field that changed.
pub(crate) fn delta_rows(delta: &Delta<'_>) -> Vec<Vec<String>> {
    let row = |what: &str, entity: &Entity, rest: [String; 3]| {
        [what.to_owned(), entity.id.clone(), entity.caption.clone()].into_iter().chain(rest).collect()
    };
    let none = || [const { String::new() }; 3];
    let mut rows: Vec<Vec<String>> = delta.added.iter().map(|entity| row("added", entity, none())).collect();
    rows.extend(delta.removed.iter().map(|entity| row("removed", entity, none())));
    for change in &delta.changed {
        for field in &change.fields {
            let rest = [field.field.clone(), field.before.join("; "), field.after.join("; ")];
            rows.push(row("changed", change.after, rest));
        }
    }
    rows
}
