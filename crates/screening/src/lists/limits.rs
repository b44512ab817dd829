//! How much of a list is read before it is refused: what no list that is published comes near to, and what a machine
//! holds easily.

use crate::entity::Entity;

/// Bytes of a list beyond which it is not read.
pub const LARGEST: u64 = 4 << 30;

/// Bytes of one record beyond which a list is refused.
pub const LARGEST_RECORD: usize = 16 << 20;

/// Bytes of one value beyond which a list is refused.
pub const LONGEST_VALUE: usize = 1 << 20;

/// Values of one property beyond which a list is refused.
pub const MOST_VALUES: usize = 10_000;

/// Elements of one XML record beyond which a list is refused.
pub const MOST_NODES: usize = 40_000;

/// Attributes of one XML element beyond which a list is refused.
pub const MOST_ATTRIBUTES: usize = 64;

/// Bytes of a value that others refer to by its number, beyond which a list is refused: a long one, referred to by
/// many entries, would fill a memory from a small file.
pub const LONGEST_REFERRED: usize = 8 << 10;

/// How deep the elements of an XML record may be.
pub const DEEPEST: usize = 24;

/// Entries of a list beyond which it is refused.
pub const MOST_ENTRIES: usize = 20_000_000;

/// Refuses what is too much of one entry, and an entry that nothing can refer to.
pub(super) fn check(entity: &Entity) -> Result<(), String> {
    if entity.id.is_empty() {
        return Err("an entry without an identifier".to_owned());
    }
    check_values(entity)
}

/// Refuses what is too much of one entity, which may lack an identifier.
pub(super) fn check_values(entity: &Entity) -> Result<(), String> {
    const LONG: &str = "a text of more than 1 MiB";
    let too_long = |text: &String| text.len() > LONGEST_VALUE;
    if [&entity.id, &entity.caption, &entity.schema].into_iter().any(too_long) {
        return Err(LONG.to_owned());
    }
    for (property, values) in &entity.properties {
        if values.len() > MOST_VALUES {
            return Err(format!("{property} has more than {MOST_VALUES} values"));
        }
        if too_long(property) || values.iter().any(too_long) {
            return Err(LONG.to_owned());
        }
    }
    Ok(())
}
