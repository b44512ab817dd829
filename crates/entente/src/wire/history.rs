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

/// What is kept of a list by which an entry is asked again where it changes, though the fingerprint leaves it out: a new
/// designation of who stood on the list already.
const DESIGNATING: [&str; 2] = ["topics", "programId"];

/// What an entry says: what is screened of it, and why it is on the list.
type Content = (Fingerprint, [Vec<String>; DESIGNATING.len()]);

/// What the entries of an edition say, by their identifiers, and what is known of them.
type Known = HashMap<String, (Vec<Content>, Seen)>;

/// What is known of an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The day of the first edition that had it; none where it is older than what was read.
    pub(super) first: Option<Date>,
    /// The day of the edition that changed what is screened of it or its topics; none where that is older.
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
            let mut known = Known::new();
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

/// What an entry says, however it is written.
fn content(entity: &Entity) -> Content {
    let values = |property: &str| {
        let mut values = entity.get(property).to_vec();
        values.sort_unstable();
        values.dedup();
        values
    };
    (fingerprint(entity), DESIGNATING.map(values))
}

/// What is known of the entries of an edition of a day, after the edition before. Entries that share an identifier are
/// one: who asks again asks by it, and what any of them says anew is new.
fn follow(before: &Known, entries: &[Entity], day: Option<Date>) -> Known {
    let mut after = Known::with_capacity(entries.len());
    for entity in entries {
        after.entry(entity.id.clone()).or_default().0.push(content(entity));
    }
    for (id, (own, seen)) in &mut after {
        own.sort_unstable();
        *seen = match before.get(id) {
            Some((same, earlier)) if *same == *own => *earlier,
            Some((_, earlier)) => Seen { changed: day, ..*earlier },
            None => Seen { first: day, changed: day },
        };
    }
    after
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
        let one = follow(&Known::new(), &[entry("1", "Anna"), entry("2", "Boris")], first);
        let two = follow(&one, &[entry("1", "Anna"), entry("2", "Boris B."), entry("3", "Clara")], second);
        assert_eq!(two["1"].1, Seen { first, changed: first });
        assert_eq!(two["2"].1, Seen { first, changed: second });
        assert_eq!(two["3"].1, Seen { first: second, changed: second });
    }

    #[test]
    fn a_new_designation_is_a_change_and_another_order_is_none() {
        let (first, second) = (Some(date(2026, 1, 1)), Some(date(2026, 2, 1)));
        let named = |id: &str, property: &str, values: &[&str]| {
            let mut entity = entry(id, "Anna");
            for value in values {
                entity.add(property, value);
            }
            entity
        };
        let before = [
            named("1", "topics", &["role.pep"]),
            named("2", "topics", &["role.pep", "sanction"]),
            named("3", "programId", &["A"]),
            named("4", "notes", &["x"]),
        ];
        let after = [
            named("1", "topics", &["role.pep", "sanction"]),
            named("2", "topics", &["sanction", "role.pep"]),
            named("3", "programId", &["A", "B"]),
            named("4", "notes", &["y"]),
        ];
        let known = follow(&follow(&Known::new(), &before, first), &after, second);
        let changed = ["1", "2", "3", "4"].map(|id| known[id].1.changed);
        assert_eq!(changed, [second, first, second, first]);
    }

    #[test]
    fn entries_that_share_an_identifier_change_where_any_of_them_does() {
        let (first, second) = (Some(date(2026, 1, 1)), Some(date(2026, 2, 1)));
        let known = follow(&Known::new(), &[entry("1", "Anna"), entry("1", "Boris")], first);
        let same = follow(&known, &[entry("1", "Boris"), entry("1", "Anna")], second);
        assert_eq!(same["1"].1, Seen { first, changed: first });
        for other in [vec![entry("1", "Anna B."), entry("1", "Boris")], vec![entry("1", "Boris")]] {
            assert_eq!(follow(&known, &other, second)["1"].1, Seen { first, changed: second }, "{other:?}");
        }
    }

    #[test]
    fn what_is_older_than_what_was_read_counts_as_changed_where_nobody_can_tell() {
        let history = History { from: Some(date(2026, 2, 1)), ..History::default() };
        assert!(history.changed_since("1", date(2026, 1, 1)));
        assert!(history.changed_since("1", date(2026, 2, 1)));
        assert!(!history.changed_since("1", date(2026, 2, 2)));
    }
}
