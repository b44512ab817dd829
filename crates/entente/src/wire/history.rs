//! Since when an entry stands on its list, and since when as it is: from the editions that the register holds.

use std::collections::HashMap;
use std::sync::Arc;

use entente_screening::entity::Entity;
use entente_screening::lists::delta::{Fingerprint, fingerprint};
use entente_store::reader::Reader;
use entente_store::{Fault, Outcome};
use jiff::civil::Date;

use super::kept::Kept;
use crate::screener::{ReadyList, entries};

/// Entries of earlier editions that are read at most, of the latest first. What stood there before may be older.
const MOST_ENTRIES: u64 = 50_000;

/// What is known of an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The day of the first edition that had it; none where it is older than what was read.
    pub(super) first: Option<Date>,
    /// The day of the edition that changed what is screened of it; none where that is older.
    pub(super) changed: Option<Date>,
}

/// What is known of all entries of an edition.
#[derive(Debug, Default)]
pub(super) struct History {
    seen: HashMap<String, Seen>,
    /// Of those that are not named.
    others: Seen,
    /// The day of the oldest edition that was read, where older ones were not.
    from: Option<Date>,
}

impl History {
    /// What is known of an entry.
    pub(super) fn of(&self, id: &str) -> Seen {
        self.seen.get(id).copied().unwrap_or(self.others)
    }

    /// Whether an entry is new or has changed since a day, or may have: then it is asked again.
    pub(super) fn changed_since(&self, id: &str, day: Date) -> bool {
        match self.of(id).changed {
            Some(changed) => changed >= day,
            None => self.from.is_none_or(|from| from >= day),
        }
    }

    /// The history of a list's edition in force.
    pub(super) async fn read(
        kept: &Kept,
        reader: &Reader,
        list: &ReadyList,
    ) -> Outcome<Option<Arc<History>>> {
        let (Some(edition), Some(index)) = (&list.row.list.edition, &list.index) else { return Ok(None) };
        let name = &list.row.list.name;
        let made = kept.histories.get(name, edition.content(), async {
            let editions = reader.editions(name).await?;
            let mut room = MOST_ENTRIES;
            let mut taken = Vec::new();
            for row in editions.iter().skip(1) {
                match room.checked_sub(u64::from(row.edition.loaded.entries)) {
                    Some(left) => room = left,
                    None => break,
                }
                taken.push(row);
            }
            let whole = taken.len() + 1 >= editions.len();
            let oldest = taken.last().copied().or(editions.first()).map(|row| row.edition.loaded_on);
            let since = if whole { oldest } else { None };
            let mut history = History {
                others: Seen { first: since, changed: since },
                from: if whole { None } else { oldest },
                ..History::default()
            };
            if taken.is_empty() {
                return Ok(history);
            }
            let mut known: HashMap<String, (Fingerprint, Seen)> = HashMap::new();
            for (place, row) in taken.iter().rev().enumerate() {
                let read = entries(reader, name, &row.content).await?;
                let day = if place == 0 { since } else { Some(row.edition.loaded_on) };
                let before = std::mem::take(&mut known);
                let next = tokio::task::spawn_blocking(move || follow(&before, &read, day));
                known = next.await.map_err(|e| Fault::internal("comparing editions of a list", e))?;
            }
            let (index, day) = (index.clone(), Some(edition.loaded_on));
            let next = tokio::task::spawn_blocking(move || follow(&known, index.entities(), day));
            let last = next.await.map_err(|e| Fault::internal("comparing editions of a list", e))?;
            history.seen = last.into_iter().map(|(id, (_, seen))| (id, seen)).collect();
            Ok(history)
        });
        Ok(Some(made.await?))
    }
}

/// What is known of the entries of an edition of a day, after the edition before.
fn follow(
    before: &HashMap<String, (Fingerprint, Seen)>,
    entries: &[Entity],
    day: Option<Date>,
) -> HashMap<String, (Fingerprint, Seen)> {
    let one = |entity: &Entity| {
        let own = fingerprint(entity);
        let seen = match before.get(&entity.id) {
            Some((same, seen)) if *same == own => *seen,
            Some((_, seen)) => Seen { changed: day, ..*seen },
            None => Seen { first: day, changed: day },
        };
        (entity.id.clone(), (own, seen))
    };
    entries.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn entry(id: &str, name: &str) -> Entity {
        let mut entity = Entity::new(id, "Person");
        entity.add("name", name);
        entity
    }

    #[test]
    fn what_is_new_and_what_changed_is_told_from_what_stays() {
        let (first, second) = (Some(date(2026, 1, 1)), Some(date(2026, 2, 1)));
        let one = follow(&HashMap::new(), &[entry("1", "Anna"), entry("2", "Boris")], first);
        let two = follow(&one, &[entry("1", "Anna"), entry("2", "Boris B."), entry("3", "Clara")], second);
        assert_eq!(two["1"].1, Seen { first, changed: first });
        assert_eq!(two["2"].1, Seen { first, changed: second });
        assert_eq!(two["3"].1, Seen { first: second, changed: second });
    }

    #[test]
    fn what_is_older_than_what_was_read_counts_as_changed_where_nobody_can_tell() {
        let history = History { from: Some(date(2026, 2, 1)), ..History::default() };
        assert!(history.changed_since("1", date(2026, 1, 1)));
        assert!(history.changed_since("1", date(2026, 2, 1)));
        assert!(!history.changed_since("1", date(2026, 2, 2)));
    }
}
