//! Many events in one row of SQLite, for verifying.
//!
//! Each event is packed as the lengths of its fields, a bar, and the fields one after the other. An
//! event with a value of another type than the table's is not packed, and so is missing.

use entente_register::ledger::{Digest, EventHeader, event_hash, payload_digest};

/// Events in one row.
pub(super) const EVENTS: i64 = 1_000;

/// Text columns, in the order in which they are packed; those at [`OPTIONAL`] may be absent.
const TEXTS: [&str; 10] = [
    "recorded_at",
    "actor",
    "subject",
    "kind",
    "occurred_on",
    "label",
    "reason",
    "command",
    "idempotency_key",
    "payload",
];
const OPTIONAL: [usize; 2] = [6, 8];

/// The query of the events after `$1` up to `$2`, packed, in order.
pub(super) fn packed_sql() -> String {
    let mut sound = vec![
        "typeof(version) = 'integer'".to_owned(),
        "typeof(salt) = 'blob' AND length(salt) = 16".to_owned(),
        "typeof(payload_digest) = 'blob' AND length(payload_digest) = 32".to_owned(),
        "typeof(hash) = 'blob' AND length(hash) = 32".to_owned(),
    ];
    let mut lengths = vec!["sequence".to_owned(), "version".to_owned()];
    let mut fields = vec!["salt".to_owned(), "payload_digest".to_owned(), "hash".to_owned()];
    for (place, column) in TEXTS.iter().enumerate() {
        if OPTIONAL.contains(&place) {
            sound.push(format!("typeof({column}) IN ('text', 'null')"));
            lengths.push(format!("COALESCE(octet_length({column}), -1)"));
            fields.push((*column).to_owned());
        } else {
            sound.push(format!("typeof({column}) = 'text'"));
            lengths.push(format!("octet_length({column})"));
            fields.push((*column).to_owned());
        }
    }
    format!(
        "SELECT CAST(group_concat(packed, '') AS BLOB) FROM (SELECT CASE WHEN {} THEN concat({}, '|', {}) END AS packed FROM event WHERE sequence > $1 AND sequence <= $2 ORDER BY sequence)",
        sound.join(" AND "),
        lengths.join(", ' ', "),
        fields.join(", ")
    )
}

/// Checks packed events from `first` to `last`, and gives the hash of the last; none if anything is amiss.
pub(super) fn check(mut packed: &[u8], first: i64, last: i64, mut previous: Digest) -> Option<Digest> {
    for sequence in first..=last {
        let bar = packed.iter().position(|byte| *byte == b'|')?;
        let mut numbers =
            std::str::from_utf8(&packed[..bar]).ok()?.split(' ').map(|number| number.parse::<i64>());
        packed = &packed[bar + 1..];
        if numbers.next()?.ok()? != sequence {
            return None;
        }
        let version = u32::try_from(numbers.next()?.ok()?).ok()?;
        let salt: [u8; 16] = fixed(&mut packed)?;
        let digest: Digest = fixed(&mut packed)?;
        let hash: Digest = fixed(&mut packed)?;
        let mut texts = [None; TEXTS.len()];
        for text in &mut texts {
            let length = numbers.next()?.ok()?;
            if let Ok(length) = usize::try_from(length) {
                *text = Some(std::str::from_utf8(take(&mut packed, length)?).ok()?);
            }
        }
        let [recorded_at, actor, subject, kind, occurred_on, label, reason, command, key, payload] = texts;
        let header = EventHeader {
            sequence,
            recorded_at: recorded_at?,
            actor: actor?,
            subject: subject?,
            version,
            kind: kind?,
            occurred_on: occurred_on?,
            label: label?,
            reason,
            command: command?,
            idempotency_key: key,
        };
        if payload_digest(&salt, payload?.as_bytes()) != digest
            || event_hash(&header, &digest, &previous) != hash
        {
            return None;
        }
        previous = hash;
    }
    packed.is_empty().then_some(previous)
}

fn take<'p>(packed: &mut &'p [u8], length: usize) -> Option<&'p [u8]> {
    let (taken, rest) = packed.split_at_checked(length)?;
    *packed = rest;
    Some(taken)
}

fn fixed<const N: usize>(packed: &mut &[u8]) -> Option<[u8; N]> {
    take(packed, N)?.try_into().ok()
}
