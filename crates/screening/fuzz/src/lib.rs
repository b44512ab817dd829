//! What holds for any bytes: a reader gives all of a list or a fault with its place, panics on nothing, and gives no
//! more than it was given. Run by the fuzzer, and over changed seeds by the tests of `entente-screening`.

use entente_screening::entity::{Entity, Ready};
use entente_screening::lists::delta::{delta, fingerprint};
use entente_screening::lists::{self, Form, ListFault, limits};
use entente_screening::score::score;

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 12] = [
    ("un", un),
    ("ofac_xml", ofac_xml),
    ("ofac_advanced", ofac_advanced),
    ("ofac_csv", ofac_csv),
    ("eu", eu),
    ("uk_xml", uk_xml),
    ("uk_csv", uk_csv),
    ("follow_the_money", follow_the_money),
    ("own", own),
    ("zip", zip),
    ("delta_of_editions", delta_of_editions),
    ("names", names),
];

/// The United Nations' list.
pub fn un(bytes: &[u8]) {
    read(Form::Un, bytes);
}

/// OFAC's XML.
pub fn ofac_xml(bytes: &[u8]) {
    read(Form::OfacXml, bytes);
}

/// OFAC's advanced XML.
pub fn ofac_advanced(bytes: &[u8]) {
    read(Form::OfacAdvanced, bytes);
}

/// OFAC's CSV: alone, and as all files of a set.
pub fn ofac_csv(bytes: &[u8]) {
    read(Form::OfacCsv, bytes);
    let (one, other) = halves(bytes);
    let _ = checked(bytes, lists::read_set(&[("sdn.csv", one), ("alt.csv", other), ("add.csv", other)]));
}

/// The European Union's list.
pub fn eu(bytes: &[u8]) {
    read(Form::Eu, bytes);
}

/// The UK sanctions list, XML.
pub fn uk_xml(bytes: &[u8]) {
    read(Form::UkXml, bytes);
}

/// The UK's lists, CSV.
pub fn uk_csv(bytes: &[u8]) {
    read(Form::UkCsv, bytes);
}

/// Entities of FollowTheMoney, and changes of them.
pub fn follow_the_money(bytes: &[u8]) {
    read(Form::FollowTheMoney, bytes);
    let (one, other) = halves(bytes);
    if let Ok(next) = lists::apply(one, other) {
        assert!(next.len() <= bytes.len() + 2);
        // What comes of changes can be read, or holds nothing that can be searched for.
        let _ = checked(next.as_bytes(), Form::FollowTheMoney.read(next.as_bytes()));
    }
}

/// A list of one's own, and parties.
pub fn own(bytes: &[u8]) {
    read(Form::Csv, bytes);
    if let Err(fault) = lists::read_parties(bytes) {
        placed(bytes, &fault);
    }
}

/// An archive, and whatever the bytes look like.
pub fn zip(bytes: &[u8]) {
    let form = Form::of(bytes);
    if form != Form::Zip {
        read(form, bytes);
    }
    let _ = Form::Zip.read(bytes);
}

/// Two editions, the halves of the bytes, each of the form that it looks like.
pub fn delta_of_editions(bytes: &[u8]) {
    let (one, other) = halves(bytes);
    let entries = |bytes: &[u8]| lists::read_parties(bytes).unwrap_or_default();
    let (older, newer) = (entries(one), entries(other));
    let found = delta(&older, &newer);
    assert!(delta(&older, &older).is_empty());
    let back = delta(&newer, &older);
    assert_eq!(found.added, back.removed);
    assert_eq!(found.removed, back.added);
    assert_eq!((found.changed.len(), found.unchanged), (back.changed.len(), back.unchanged));
    for change in &found.changed {
        assert!(!change.fields.is_empty());
        assert!(change.fields.iter().all(|field| field.before != field.after));
    }
    for entity in &newer {
        assert_eq!(fingerprint(entity).to_string().parse(), Ok(fingerprint(entity)));
    }
}

/// Two names, the halves of the text, of each kind of bearer.
pub fn names(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (one, other) = text.split_once('\n').unwrap_or((&text, &text));
    for schema in ["Person", "Company", "Vessel", "LegalEntity"] {
        let ready = |name: &str| {
            let mut entity = Entity::new("1", schema);
            entity.add("name", name);
            entity.add("birthDate", name);
            entity.add("country", name);
            Ready::new(&entity)
        };
        let (one, other) = (ready(one), ready(other));
        for found in [score(&one, &other), score(&other, &one), score(&one, &one)] {
            assert!((0.0..=1.0).contains(&found.score), "{found:?}");
        }
    }
}

fn halves(bytes: &[u8]) -> (&[u8], &[u8]) {
    // A byte that no text has parts them, or the middle.
    let at = bytes.iter().position(|byte| *byte == 0xff).unwrap_or(bytes.len() / 2);
    let (one, other) = bytes.split_at(at);
    (one, other.strip_prefix(&[0xff]).unwrap_or(other))
}

fn read(form: Form, bytes: &[u8]) {
    let _ = checked(bytes, form.read(bytes));
}

/// A fault has a place within the bytes; entries have identifiers and hold no more than there was.
fn checked(bytes: &[u8], read: Result<lists::Edition, ListFault>) -> Option<lists::Edition> {
    let edition = match read {
        Ok(edition) => edition,
        Err(fault) => {
            placed(bytes, &fault);
            return None;
        }
    };
    assert!(!edition.entries.is_empty());
    let mut held = 0;
    for entity in &edition.entries {
        assert!(!entity.id.is_empty());
        for values in entity.properties.values() {
            assert!(values.len() <= limits::MOST_VALUES);
            held += values.iter().map(String::len).sum::<usize>();
        }
    }
    assert!(held <= bytes.len() * 8 + (64 << 10), "{held} bytes of {}", bytes.len());
    Some(edition)
}

fn placed(bytes: &[u8], fault: &ListFault) {
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    assert!(fault.line >= 1 && fault.column >= 1 && fault.line <= lines + 1, "{fault} of {lines} lines");
    assert!(!fault.reason.is_empty());
}
