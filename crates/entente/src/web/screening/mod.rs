//! The pages of screening: a party looked up, a file of parties, cases, and lists with their editions and entries.
//!
//! | address | what |
//! |---|---|
//! | `/screening` | one party looked up on the lists, with the words that met and what raised or lowered the score |
//! | `/screening/file` | a file of parties, answered at once; what came of it is kept for a while in memory |
//! | `/cases`, `/cases/{number}` | hits of the register's parties, and what people decide about them |
//! | `/lists`, `/lists/{name}` | what is in force, and whether it may be relied on |
//! | `/lists/{name}/changes` | what two editions do not have in common |
//! | `/lists/{name}/entries/{entry}` | an entry, and its history over the editions |
//! | `/acts/load-list`, `/lists/{name}/acts/load` | an edition sent, seen, and brought into force |
//!
//! Acts on cases and policies are forms of [`super::act`].

pub(in crate::web) mod case;
pub(in crate::web) mod changes;
pub(in crate::web) mod entry;
mod explain;
pub(in crate::web) mod file;
pub(in crate::web) mod file_answer;
pub(crate) mod kept;
pub(in crate::web) mod list;
pub(in crate::web) mod lists;
pub(in crate::web) mod load;
pub(in crate::web) mod lookup;
pub(in crate::web) mod party;
pub(in crate::web) mod queue;
#[cfg(test)]
pub(crate) mod sample;
pub(in crate::web) mod table;

use entente_register::screening::{Held, Standing};
use entente_screening::entity::Entity;
use entente_store::reader::{CaseFilter, ListRow, Reader};
use jiff::civil::Date;

use super::search::Tab;
use super::show;
use super::visit::Visit;
use super::way::Way;
use crate::error::Answer;
use crate::formats::short_hash;
use crate::session::percent;

/// Where one is among the pages of screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Lookup,
    File,
    Cases,
    Lists,
    Embargoes,
}

/// The ways between the pages of screening, with how many cases wait and how many lists clear nobody.
pub(in crate::web) async fn tabs(visit: &Visit, reader: &Reader, place: Place) -> Answer<Vec<Tab>> {
    let counts = reader.case_counts(&CaseFilter::default()).await?;
    let waiting = counts.iter().filter(|count| !count.settled).map(|count| count.cases).sum();
    let held = reader.lists().await?.iter().filter(|row| row.held.is_some()).count();
    let proposed = reader.waiting_rule_files().await?.len();
    Ok(tabs_of(&visit.way(), place, waiting, held, proposed))
}

pub(in crate::web) fn tabs_of(
    way: &Way,
    current: Place,
    waiting: i64,
    held: usize,
    proposed: usize,
) -> Vec<Tab> {
    let wait = if waiting == 0 { String::new() } else { format!("{} waiting", show::count(waiting)) };
    let held = if held == 0 { String::new() } else { format!("{held} held") };
    let confirm = if proposed == 0 { String::new() } else { format!("{proposed} to confirm") };
    [
        (Place::Lookup, "One party", "/screening", String::new()),
        (Place::File, "A file of parties", "/screening/file", String::new()),
        (Place::Cases, "Cases", "/cases", wait),
        (Place::Lists, "Lists", "/lists", held),
        (Place::Embargoes, "Embargoes", "/embargo", confirm),
    ]
    .into_iter()
    .map(|(place, name, path, count)| Tab {
        name: name.to_owned(),
        count,
        href: Some(way.to(path)),
        current: place == current,
    })
    .collect()
}

/// A score, rounded down, so that none looks as if it reached what it does not: `0.921`.
fn score(ten_thousandths: i64) -> String {
    let ten_thousandths = ten_thousandths.clamp(0, 10_000);
    format!("{}.{:03}", ten_thousandths / 10_000, ten_thousandths % 10_000 / 10)
}

/// What raises or lowers a score: `+0.05`.
fn signed(ten_thousandths: i32) -> String {
    let hundredths = (ten_thousandths.unsigned_abs() + 50) / 100;
    let sign = if ten_thousandths < 0 { '\u{2212}' } else { '+' };
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// What a list asks for.
fn asks(standing: Standing) -> &'static str {
    match standing {
        Standing::Binding => "binding",
        Standing::Advisory => "advisory",
    }
}

/// The page of an entry. Identifiers are the publisher's, and may hold any sign.
fn entry_path(list: &str, entry: &str) -> String {
    format!("/lists/{list}/entries/{}", percent(entry))
}

/// Why nobody is cleared, without the command that the reason ends with: the page has the way itself.
fn held_words(held: &Held) -> String {
    let cut = [": load", ": `entente", ": bring it up to date"]
        .iter()
        .filter_map(|end| held.reason.find(end))
        .min();
    match cut {
        Some(cut) => format!("{}.", &held.reason[..cut]),
        None => held.reason.clone(),
    }
}

/// Of which day an edition is, as people name it: `of 26 Sep 2024`; where it bears no date, since when it is in force.
fn edition_words(dated: Option<Date>, loaded_on: Date) -> String {
    match dated {
        Some(day) => format!("of {}", show::day(day)),
        None => format!("loaded {}", show::day(loaded_on)),
    }
}

/// A list on which it was looked, by which edition.
#[derive(Debug, Clone)]
pub(crate) struct EditionCells {
    pub(crate) list: String,
    pub(crate) href: String,
    pub(crate) asks: &'static str,
    /// `of 26 Sep 2024, 1,002 entries`; empty where none is in force.
    pub(crate) edition: String,
    pub(crate) hash: String,
    /// Why it clears nobody.
    pub(crate) held: Option<String>,
}

impl EditionCells {
    fn of(row: &ListRow, way: &Way) -> EditionCells {
        let edition = row.list.edition.as_ref();
        EditionCells {
            list: row.list.name.clone(),
            href: way.to(&format!("/lists/{}", row.list.name)),
            asks: asks(row.list.policy.standing),
            edition: edition
                .map(|edition| {
                    let entries = show::counted(i64::from(edition.loaded.entries), "entry", "entries");
                    format!("{}, {entries}", edition_words(edition.loaded.dated, edition.loaded_on))
                })
                .unwrap_or_default(),
            hash: edition.map(|edition| short_hash(edition.content()).to_owned()).unwrap_or_default(),
            held: row.held.as_ref().map(held_words),
        }
    }
}

/// The entry of an identifier. Where several stand under it, they are one: what they say together.
fn merged<'e>(entries: impl IntoIterator<Item = &'e Entity>, id: &str) -> Option<Entity> {
    let mut found: Option<Entity> = None;
    for entry in entries.into_iter().filter(|entry| entry.id == id) {
        match &mut found {
            None => found = Some(entry.clone()),
            Some(found) => {
                for (property, values) in &entry.properties {
                    values.iter().for_each(|value| found.add(property, value));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_never_written_higher_than_they_are() {
        assert_eq!(
            (score(6_999), score(7_000), score(10_000)),
            ("0.699".into(), "0.700".into(), "1.000".into())
        );
        assert_eq!(
            (signed(500), signed(-1_200), signed(-40)),
            ("+0.05".into(), "−0.12".into(), "−0.00".into())
        );
    }

    #[test]
    fn a_reason_on_a_page_names_no_command() {
        assert_eq!(held_words(&Held::missing("un")), "No edition of the list un is in force.");
        assert_eq!(held_words(&Held::no_list()), "The register has no list.");
        let other = Held { code: "other", reason: "It is so.".to_owned() };
        assert_eq!(held_words(&other), "It is so.");
    }

    #[test]
    fn entries_under_one_identifier_are_one() {
        let entry = |id: &str, name: &str| {
            let mut entry = Entity::new(id, "Person");
            entry.add("name", name);
            entry
        };
        let all = [entry("1", "A"), entry("2", "B"), entry("1", "C")];
        assert_eq!(merged(&all, "1").unwrap().get("name"), ["A", "C"]);
        assert!(merged(&all, "3").is_none());
        assert_eq!(entry_path("un", "a/b ?"), "/lists/un/entries/a%2Fb%20%3F");
    }
}
