//! Suggestions of control-list entries for goods that are described in words: entries that bear the words, and how the same
//! words were classified before. They decide nothing: whoever applies classifies, and the authority looks at it.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::content::TransferLine;
use crate::embargo::Class;
use crate::search::{Query, words};

/// Entries at most that are suggested.
pub const MOST_SUGGESTED: usize = 20;

/// An entry of a list in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedEntry {
    /// Number of the list’s file.
    pub list: String,
    /// Which edition.
    pub edition: String,
    /// The entry.
    pub entry: String,
    /// What it is about, in a line.
    pub title: String,
    /// What it says, where that is on file.
    pub text: Option<String>,
}

/// An entry that bears what is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggested {
    /// The entry.
    pub listed: ListedEntry,
    /// How many of the words stand in its name, title or text.
    pub found: usize,
}

/// How many of the words a text bears.
fn borne(query: &Query, text: &str) -> Vec<bool> {
    let words = words(text);
    query.words().iter().map(|sought| words.iter().any(|word| sought.fits(word))).collect()
}

/// The entries that bear most of the words, and at least half of them: those that bear them in the title first.
pub fn suggest(query: &Query, entries: Vec<ListedEntry>) -> Vec<Suggested> {
    let count = |borne: &[bool]| borne.iter().filter(|is| **is).count();
    let mut found: Vec<(usize, Suggested)> = entries
        .into_iter()
        .filter_map(|listed| {
            let title = borne(query, &format!("{} {}", listed.entry, listed.title));
            let text = listed.text.as_deref().map(|text| borne(query, text)).unwrap_or_default();
            let either: Vec<bool> = title
                .iter()
                .enumerate()
                .map(|(place, is)| *is || text.get(place).copied().unwrap_or_default())
                .collect();
            let all = count(&either);
            (all > 0 && all * 2 >= either.len()).then(|| (count(&title), Suggested { listed, found: all }))
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |one: &(usize, Suggested)| (std::cmp::Reverse(one.1.found), std::cmp::Reverse(one.0));
        (key(a), &a.1.listed.entry, &a.1.listed.list).cmp(&(key(b), &b.1.listed.entry, &b.1.listed.list))
    });
    found.truncate(MOST_SUGGESTED);
    found.into_iter().map(|(_, suggested)| suggested).collect()
}

/// How goods that bear the words were classified before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// The entry.
    pub category: String,
    /// The class by which embargo rules know them.
    pub class: Class,
    /// In how many applications.
    pub applications: usize,
    /// In how many of them it was granted.
    pub granted: usize,
    /// The last of them: its number, its day, and how it describes the goods.
    pub last: (String, Date, String),
}

/// An application whose lines were classified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifiedIn<'a> {
    /// Its number.
    pub number: &'a str,
    /// When it was submitted.
    pub on: Date,
    /// Whether it was granted.
    pub is_granted: bool,
    /// Its lines.
    pub lines: &'a [TransferLine],
}

/// How lines that bear all words were classified: the most frequent first.
pub fn classified(query: &Query, applications: &[ClassifiedIn<'_>]) -> Vec<Classified> {
    let mut by: BTreeMap<(&str, &str), Classified> = BTreeMap::new();
    for application in applications {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for line in application.lines {
            let of = (line.category.as_str(), line.class.word());
            if seen.contains(&of) || !borne(query, &line.description).iter().all(|is| *is) {
                continue;
            }
            seen.push(of);
            let last = || (application.number.to_owned(), application.on, line.description.clone());
            let one = by.entry(of).or_insert_with(|| Classified {
                category: of.0.to_owned(),
                class: line.class,
                applications: 0,
                granted: 0,
                last: last(),
            });
            one.applications += 1;
            one.granted += usize::from(application.is_granted);
            if (one.last.1, one.last.0.as_str()) < (application.on, application.number) {
                one.last = last();
            }
        }
    }
    let mut all: Vec<Classified> = by.into_values().collect();
    all.sort_by(|a, b| {
        let key = |one: &Classified| (std::cmp::Reverse(one.granted), std::cmp::Reverse(one.applications));
        (key(a), &a.category, a.class.word()).cmp(&(key(b), &b.category, b.class.word()))
    });
    all
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::transfer::tests::content_of_lines;

    fn listed(entry: &str, title: &str, text: &str) -> ListedEntry {
        ListedEntry {
            list: "O-CL-MUNITIONS".into(),
            edition: "1 of 2012-01-01".into(),
            entry: entry.into(),
            title: title.into(),
            text: (!text.is_empty()).then(|| text.to_owned()),
        }
    }

    #[test]
    fn entries_that_bear_more_of_the_words_come_first() {
        let entries = vec![
            listed("ML15", "Imaging equipment", "Image intensifiers, infrared, for night vision"),
            listed("ML5", "Fire control equipment", "Weapon sights, bombing computers"),
            listed("ML1", "Small arms", "Rifles"),
            listed("6A002", "Optical sensors", ""),
        ];
        let found = |words: &str| -> Vec<String> {
            let query = Query::parse(words).unwrap();
            suggest(&query, entries.clone()).into_iter().map(|one| one.listed.entry).collect()
        };
        assert_eq!(found("night vision sights"), ["ML15"], "half of the words at least");
        assert_eq!(found("weapon sights"), ["ML5"]);
        assert_eq!(found("equip"), ["ML15", "ML5"], "the beginning of a word, in the titles");
        assert_eq!(found("ml1"), ["ML1", "ML15"], "the entry itself, and what its name begins");
        assert!(found("tractors").is_empty());
    }

    #[test]
    fn what_was_granted_most_often_comes_first() {
        let mut content = content_of_lines(3);
        for (line, (words, category)) in content.lines.iter_mut().zip([
            ("Night sight NS-4", "ML5.b"),
            ("Night sight NS-4", "ML5.b"),
            ("Charger", "ML5.b"),
        ]) {
            line.description = words.to_owned();
            line.category = category.to_owned();
        }
        let mut other = content.clone();
        other.lines[0].category = "ML15.c".to_owned();
        let of = |number, day, is_granted, lines| ClassifiedIn {
            number,
            on: date(2012, 5, day),
            is_granted,
            lines,
        };
        let all = [
            of("A", 1, true, &content.lines[..]),
            of("B", 3, false, &other.lines),
            of("C", 2, true, &content.lines),
        ];
        let found = classified(&Query::parse("night sight").unwrap(), &all);
        let told: Vec<(&str, usize, usize, &str)> = found
            .iter()
            .map(|one| (one.category.as_str(), one.applications, one.granted, one.last.0.as_str()))
            .collect();
        assert_eq!(told, [("ML5.b", 3, 2, "B"), ("ML15.c", 1, 0, "B")]);
    }
}
