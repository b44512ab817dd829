//! The places of an edition's entries by the identifiers that its list gave them, so that nobody looks through a long
//! list for one.

use std::sync::Arc;

use entente_screening::entity::Entity;
use entente_store::{Fault, Outcome};

use super::entry::Entry;
use super::kept::Kept;
use crate::screener::ReadyList;

/// The places of entries, in the order of their identifiers.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<u32>);

impl Places {
    fn of(entities: &[Entity]) -> Places {
        let own = |place: u32| entities.get(place as usize).map(|entity| entity.id.as_str());
        let mut places: Vec<u32> = (0_u32..).zip(entities).map(|(place, _)| place).collect();
        places.sort_by_key(|place| own(*place));
        Places(places)
    }

    /// The place of the first entry that has an identifier.
    fn place(&self, entities: &[Entity], id: &str) -> Option<usize> {
        let own = |place: u32| entities.get(place as usize).map(|entity| entity.id.as_str());
        let at = self.0.partition_point(|place| own(*place) < Some(id));
        let place = *self.0.get(at)?;
        (own(place) == Some(id)).then_some(place as usize)
    }

    /// The first entry of the list to which it gave an identifier.
    pub(super) fn find<'l>(&self, list: &'l ReadyList, id: &str) -> Option<Entry<'l>> {
        let index = list.index.as_ref()?;
        let entity = index.entity(self.place(index.entities(), id)?)?;
        Some(Entry { list, entity })
    }

    /// The places of a list's edition in force.
    pub(super) async fn read(kept: &Kept, list: &ReadyList) -> Outcome<Option<Arc<Places>>> {
        let (Some(edition), Some(index)) = (&list.row.list.edition, &list.index) else { return Ok(None) };
        let made = kept.places.get(&list.row.list.name, edition.content(), async {
            let index = index.clone();
            let made = tokio::task::spawn_blocking(move || Places::of(index.entities()));
            Ok(made.await.map_err(|e| Fault::internal("reading the identifiers of a list", e))?)
        });
        Ok(Some(made.await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_identifier_the_first_of_several() {
        let entities = ["30", "4", "100", "4", ""].map(|id| Entity::new(id, "Person"));
        let places = Places::of(&entities);
        let found = ["30", "4", "100", "", "5", "1"].map(|id| places.place(&entities, id));
        assert_eq!(found, [Some(0), Some(1), Some(2), Some(4), None, None]);
        assert_eq!(Places::of(&[]).place(&[], "1"), None);
    }
}
