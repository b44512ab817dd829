//! Bringing the register up to date with its lists: only what is new on either side is compared.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use entente_register::command::Command;
use entente_register::party::PartyKind;
use entente_register::screening::{Case, Found, Judged, ListCommand, ListScreened, Run, Verdict};
use entente_screening::entity::{Entity, Ready};
use entente_screening::index::Index;
use entente_screening::lists::delta::delta;
use entente_screening::score::{THRESHOLD, score};
use entente_store::reader::{ListRow, Reader, ScreenedParty};
use entente_store::{Fault, Outcome, Store};
use rayon::prelude::*;
use serde::Serialize;

use super::{ENGINE, Screener, actor, entries, hit, threshold};

/// What was done for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ran {
    /// Name of the list.
    pub list: String,
    /// The hash of the edition.
    pub edition: String,
    /// Entries that were compared with every party.
    pub compared: u32,
    /// Parties that were compared with every entry.
    pub new_parties: usize,
    /// Pairs that score at the threshold or above, of those compared.
    pub hits: usize,
    /// Cases whose pair was looked at once more.
    pub cases: usize,
}

/// Compares what is new since the last run over each list. Where nothing is, nothing is done.
///
/// # Errors
/// `list.run` where another run came between: it is to be tried again; a fault if the database does not answer.
pub async fn rescreen(store: &Store, screener: &Screener) -> Outcome<Vec<Ran>> {
    let mut done = Vec::new();
    let actor = actor();
    let reader = store.reader(&actor, None, None).await?;
    let lists = reader.lists().await?;
    let due: Vec<&ListRow> = lists.iter().filter(|row| row.list.edition.is_some()).collect();
    if due.is_empty() {
        return Ok(done);
    }
    let parties = reader.screened_parties().await?;
    for row in due {
        let Some(work) = Work::of(&reader, screener, row, &parties).await? else { continue };
        let name = row.list.name.clone();
        let (compared, new_parties) = (work.compared(), work.new.len());
        let cases = reader.live_cases(&name).await?;
        let doing = tokio::task::spawn_blocking(move || work.run(&cases));
        let run = doing.await.map_err(|e| Fault::internal("screening the parties", e))?;
        let edition = run.screened.edition.clone();
        let (hits, cases) = (run.found.len(), run.judged.len());
        let command = Command::List { name: name.clone(), command: ListCommand::Screen(Box::new(run)) };
        store.execute(&actor, command).await?;
        done.push(Ran { list: name, edition, compared, new_parties, hits, cases });
    }
    screener.keep_only(&lists);
    Ok(done)
}

/// What a run over a list has to compare.
struct Work {
    edition: String,
    through: i64,
    since: Option<String>,
    index: Arc<Index>,
    /// Entries that every party is to be compared with; none for all.
    changed: Option<Index>,
    /// Parties that are compared with every entry.
    new: Vec<ScreenedParty>,
    /// Parties that are compared with what has changed.
    old: Vec<ScreenedParty>,
}

impl Work {
    /// None where nothing is new.
    async fn of(
        reader: &Reader,
        screener: &Screener,
        row: &ListRow,
        parties: &[ScreenedParty],
    ) -> Outcome<Option<Work>> {
        let Some(edition) = &row.list.edition else { return Ok(None) };
        let (name, content) = (row.list.name.as_str(), edition.content());
        let before = row.list.screened.as_ref().map(|(_, run)| run);
        let before = before.filter(|run| run.engine == ENGINE && run.threshold == threshold());
        let through = before.map_or(0, |run| run.through);
        let is_old = |party: &ScreenedParty| before.is_some() && party.sequence <= through;
        // Mostly nothing is new, and then no party is copied.
        if before.is_some_and(|run| run.edition == content) && parties.iter().all(is_old) {
            return Ok(None);
        }
        let (old, new): (Vec<_>, Vec<_>) = parties.iter().cloned().partition(is_old);
        let index = screener.index(reader, name, content).await?;
        let changed = match before {
            None => None,
            Some(run) if run.edition == content => Some(Index::default()),
            Some(run) => {
                let older = entries(reader, name, &run.edition).await?;
                let newer = index.entities();
                let delta = delta(&older, newer);
                let changed = delta.changed.iter().filter(|change| change.screened);
                let ids: HashSet<&str> = delta
                    .added
                    .iter()
                    .map(|entry| entry.id.as_str())
                    .chain(changed.map(|change| change.after.id.as_str()))
                    .collect();
                // An identifier may stand there more than once.
                let entries = newer.iter().filter(|entry| ids.contains(entry.id.as_str()));
                Some(Index::new(entries.cloned().collect()))
            }
        };
        Ok(Some(Work {
            edition: content.to_owned(),
            through: reader.through(),
            since: before.map(|run| run.edition.clone()),
            index,
            changed,
            new,
            old,
        }))
    }

    /// How many entries every party is compared with.
    fn compared(&self) -> u32 {
        let entries = self.changed.as_ref().map_or(self.index.len(), Index::len);
        u32::try_from(entries).unwrap_or(u32::MAX)
    }

    fn run(self, cases: &[Case]) -> Run {
        let find = |party: &ScreenedParty, index: &Index| -> Vec<Found> {
            let entity = entity(party);
            // Of entries with one identifier the best hit counts, and the best come first.
            let mut seen = HashSet::new();
            index
                .find(&Ready::new(&entity), THRESHOLD)
                .iter()
                .filter_map(|found| Some((index.entity(found.entry)?, &found.score)))
                .filter(|(entry, _)| seen.insert(entry.id.clone()))
                .map(|(entry, score)| Found {
                    party: party.number.clone(),
                    entry: entry.id.clone(),
                    hit: hit(&self.edition, &entity, entry, score),
                })
                .collect()
        };
        let mut found: Vec<Found> =
            self.new.par_iter().flat_map_iter(|party| find(party, &self.index)).collect();
        if let Some(changed) = self.changed.as_ref().filter(|changed| !changed.is_empty()) {
            found.par_extend(self.old.par_iter().flat_map_iter(|party| find(party, changed)));
        }
        let judged = self.judge(cases);
        let screened = ListScreened {
            compared: self.compared(),
            edition: self.edition,
            engine: ENGINE.to_owned(),
            threshold: threshold(),
            through: self.through,
            since: self.since,
        };
        Run { screened, found, judged }
    }

    /// Looks at the pair of every case that there is once more.
    fn judge(&self, cases: &[Case]) -> Vec<Judged> {
        let parties: HashMap<&str, &ScreenedParty> =
            self.new.iter().chain(&self.old).map(|party| (party.number.as_str(), party)).collect();
        let mut entries: HashMap<&str, Vec<&Entity>> = HashMap::new();
        if !cases.is_empty() {
            let wanted: HashSet<&str> = cases.iter().map(|case| case.entry.as_str()).collect();
            let all = self.index.entities().iter();
            for entry in all.filter(|entry| wanted.contains(entry.id.as_str())) {
                entries.entry(&entry.id).or_default().push(entry);
            }
        }
        cases
            .iter()
            .filter_map(|case| {
                let party = entity(parties.get(case.party.as_str())?);
                let ready = Ready::new(&party);
                let scored = entries
                    .get(case.entry.as_str())
                    .into_iter()
                    .flatten()
                    .map(|entry| (*entry, score(&ready, &Ready::new(entry))))
                    .max_by(|a, b| a.1.score.total_cmp(&b.1.score));
                let verdict = match scored {
                    None => Verdict::Removed,
                    Some((entry, score)) => {
                        let hit = hit(&self.edition, &party, entry, &score);
                        if hit.score >= threshold() { Verdict::Stands(hit) } else { Verdict::Below(hit) }
                    }
                };
                Some(Judged { case: case.number.clone(), verdict })
            })
            .collect()
    }
}

/// A run over an edition of a list that was not gone over before: every party with every entry.
pub(crate) fn first_run(edition: &str, through: i64, index: Arc<Index>, parties: Vec<ScreenedParty>) -> Run {
    let edition = edition.to_owned();
    Work { edition, through, since: None, index, changed: None, new: parties, old: Vec::new() }.run(&[])
}

/// A party as it is compared.
pub(crate) fn entity(party: &ScreenedParty) -> Entity {
    let schema = match party.kind {
        PartyKind::StateAuthority => "PublicBody",
        PartyKind::Company => "Company",
        PartyKind::Person => "Person",
    };
    let mut entity = Entity::new(party.number.as_str(), schema);
    entity.caption.clone_from(&party.name);
    entity.add("name", &party.name);
    entity.add("country", &party.state);
    entity
}
