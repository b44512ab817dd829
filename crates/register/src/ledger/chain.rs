//! The hash chain: why an altered, missing or reordered event shows.
//!
//! A payload has a digest over a random salt and its canonical bytes. An event's
//! hash covers all its other fields, that digest and the hash before it. So a
//! payload and its salt can be erased and the chain still verifies, and without
//! the salt nobody can test a guess of what was erased against the digest.

use sha2::{Digest as _, Sha256};

use super::event::EventHeader;

/// SHA-256.
pub type Digest = [u8; 32];
/// Random bytes that make the digest of a short payload unguessable.
pub type Salt = [u8; 16];

/// The hash before the first event.
pub const GENESIS: Digest = [0; 32];

const EVENT_TAG: &[u8] = b"entente event v1\n";
const PAYLOAD_TAG: &[u8] = b"entente payload v1\n";

/// The digest of a payload: SHA-256 over a tag, the salt and the bytes, each with its length.
pub fn payload_digest(salt: &Salt, payload: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(PAYLOAD_TAG);
    field(&mut hasher, salt);
    field(&mut hasher, payload);
    hasher.finalize().into()
}

/// The hash of an event: SHA-256 over a tag and its fields in the order of the
/// table's columns, each with its length, an absent one as a lone marker.
pub fn event_hash(header: &EventHeader<'_>, payload_digest: &Digest, previous: &Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(EVENT_TAG);
    field(&mut hasher, &header.sequence.to_be_bytes());
    field(&mut hasher, header.recorded_at.as_bytes());
    field(&mut hasher, header.actor.as_bytes());
    field(&mut hasher, header.subject.as_bytes());
    field(&mut hasher, &header.version.to_be_bytes());
    field(&mut hasher, header.kind.as_bytes());
    field(&mut hasher, header.occurred_on.as_bytes());
    field(&mut hasher, header.label.as_bytes());
    optional(&mut hasher, header.reason);
    field(&mut hasher, header.command.as_bytes());
    optional(&mut hasher, header.idempotency_key);
    field(&mut hasher, payload_digest);
    field(&mut hasher, previous);
    hasher.finalize().into()
}

fn field(hasher: &mut Sha256, bytes: &[u8]) {
    hasher.update((bytes.len() as u64).to_be_bytes());
    hasher.update(bytes);
}

/// An absent field is not an empty one: its length is written as all ones.
fn optional(hasher: &mut Sha256, text: Option<&str>) {
    match text {
        Some(text) => field(hasher, text.as_bytes()),
        None => hasher.update(u64::MAX.to_be_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn header<'a>() -> EventHeader<'a> {
        EventHeader {
            sequence: 7,
            recorded_at: "2012-10-01T00:00:00.000000Z",
            actor: "operator",
            subject: "contract:O-2012-0001",
            version: 1,
            kind: "contract.opened.v1",
            occurred_on: "2012-09-30",
            label: "OFFICIAL",
            reason: None,
            command: "c",
            idempotency_key: None,
        }
    }

    #[test]
    fn the_form_of_the_hash_never_changes() {
        // Fixed for ever: a register written by any release must verify in every later one.
        let digest = payload_digest(&[1; 16], br#"{"a":1}"#);
        assert_eq!(
            hex::encode(event_hash(&header(), &digest, &GENESIS)),
            "69d4c683f52f36188e0ea0827b4a09a33bba8606b4b8c44d74887ee17b7a2226"
        );
    }

    proptest! {
        #[test]
        fn every_field_counts(which in 0usize..11, text in "[a-z]{1,12}") {
            let digest = payload_digest(&[1; 16], b"{}");
            let base = event_hash(&header(), &digest, &GENESIS);
            let mut changed = header();
            match which {
                0 => changed.sequence += 1,
                1 => changed.recorded_at = &text,
                2 => changed.actor = &text,
                3 => changed.subject = &text,
                4 => changed.version += 1,
                5 => changed.kind = &text,
                6 => changed.occurred_on = &text,
                7 => changed.label = &text,
                8 => changed.reason = Some(&text),
                9 => { changed.command = "d"; }
                _ => changed.idempotency_key = Some(&text),
            }
            prop_assert_ne!(event_hash(&changed, &digest, &GENESIS), base);
            prop_assert_ne!(event_hash(&header(), &digest, &base), base);
        }

        #[test]
        fn text_cannot_move_between_fields(a in "[a-z]{0,6}", b in "[a-z]{0,6}") {
            prop_assume!(!b.is_empty());
            let digest = payload_digest(&[1; 16], b"{}");
            let joined = format!("{a}{b}");
            let one = EventHeader { actor: &joined, subject: "", ..header() };
            let two = EventHeader { actor: &a, subject: &b, ..header() };
            prop_assert_ne!(event_hash(&one, &digest, &GENESIS), event_hash(&two, &digest, &GENESIS));
        }
    }

    #[test]
    fn an_absent_reason_is_not_an_empty_one() {
        let digest = payload_digest(&[1; 16], b"{}");
        let empty = EventHeader { reason: Some(""), ..header() };
        assert_ne!(event_hash(&header(), &digest, &GENESIS), event_hash(&empty, &digest, &GENESIS));
    }
}
