//! Entities of FollowTheMoney: a JSON object a line.

use super::{Edition, LARGEST_RECORD, ListFault, utf8};
use crate::entity::Entity;

/// Reads the entities of a list. What has no name (addresses, relations) is passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Edition, ListFault> {
    let mut edition = read_all(bytes)?;
    edition.entries.retain(|entity| entity.names().next().is_some() || !entity.get("lastName").is_empty());
    Ok(edition)
}

/// Reads all entities.
pub(super) fn read_all(bytes: &[u8]) -> Result<Edition, ListFault> {
    let text = utf8(bytes)?;
    let mut entries = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() {
            continue;
        }
        let fault = |column: u64, reason: String| ListFault { line: place as u64 + 1, column, reason };
        if line.len() > LARGEST_RECORD {
            return Err(fault(1, "a record of more than 16 MiB".to_owned()));
        }
        let entity: Entity = serde_json::from_str(line)
            .map_err(|error| fault(error.column() as u64, format!("no entity of FollowTheMoney: {error}")))?;
        entries.push(entity);
    }
    Ok(Edition { dated: None, entries })
}
