//! Control lists: which goods are controlled, entry by entry, as an edition of those who publish them says. An entry is named
//! as the Munitions List (`ML10.a`) or the dual-use lists (`9A012.b`) name theirs.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::indicator::check_name;
use crate::contract::line::check_category;
use crate::document::text;
use crate::embargo::Class;
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::payment::schedule::words;
use crate::transfer::check::{Check, CheckKind, CheckOutcome};
use crate::transfer::content::{Content, ON_NO_LIST};

/// Entries at most.
pub const MOST_ENTRIES: usize = 10_000;

/// Characters of all entries at most, so that an edition stays a text that a person can read.
pub const MOST_CHARACTERS: usize = 2_000_000;

/// To which of the two lists an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Arms and military equipment, ML1 to ML22.
    Munitions,
    /// Goods of civil and military use, such as 9A012.
    DualUse,
}

words! { Family, "a family of control lists", "guidance.family",
    Munitions = "munitions", "the Munitions List";
    DualUse = "dual_use", "a list of dual-use goods";
}

impl Family {
    /// That of an entry.
    pub fn of(entry: &str) -> Family {
        if entry.starts_with("ML") { Family::Munitions } else { Family::DualUse }
    }
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlEntry {
    /// Its name, such as `ML10.a`.
    pub entry: String,
    /// What it is about, in a line.
    pub title: String,
    /// What it says, where the edition is filed with its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// An edition of a control list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ControlList {
    /// Its name in the register: capital letters, digits and hyphens.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// The first day on which this edition of it applies.
    pub applies_from: Date,
    /// Its entries.
    pub entries: Vec<ControlEntry>,
}

/// An entry as it is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlRow<'l> {
    /// To which list it belongs.
    pub family: Family,
    /// By what it is found: its name in small letters.
    pub key: String,
    /// Itself.
    pub entry: &'l ControlEntry,
    /// Whether the edition has entries within it: then what is within it is one of those.
    pub is_divided: bool,
}

/// By what an entry is found.
pub fn key(entry: &str) -> String {
    entry.to_ascii_lowercase()
}

/// The keys of an entry and of all within which it lies, the entry itself first: `ml10.a.1`, `ml10.a`, `ml10`.
pub fn keys(entry: &str) -> Vec<String> {
    let whole = key(entry);
    let cuts = whole.rmatch_indices('.').map(|(at, _)| whole[..at].to_owned()).collect::<Vec<_>>();
    std::iter::once(whole).chain(cuts).collect()
}

impl ControlList {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field and the entry.
    pub fn check(&self, context: &Context) -> Fallible<()> {
        check_name("a control list", &self.name)?;
        text("guidance.title", "title", &self.title, 200)?;
        text("guidance.publisher", "publisher", &self.publisher, 200)?;
        check_year("applies_from", self.applies_from)?;
        // An edition replaces the one before when it is confirmed: one that applies later would leave a time without any.
        context.not_in_future("applies_from", self.applies_from)?;
        if self.entries.is_empty() || self.entries.len() > MOST_ENTRIES {
            return Err(Refusal::new(
                "guidance.entries",
                format!("There are {} entries.", self.entries.len()),
            )
            .field("entries")
            .missing(format!("1 to {MOST_ENTRIES}")));
        }
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        let mut characters = 0_usize;
        for (place, entry) in self.entries.iter().enumerate() {
            let at = |refusal: Refusal| {
                let field = refusal.field.clone().unwrap_or_default();
                refusal.field(format!("entries[{place}].{field}"))
            };
            check_category(&entry.entry).map_err(|refusal| at(refusal.field("entry")))?;
            text("guidance.title", "title", &entry.title, 300).map_err(at)?;
            if let Some(words) = &entry.text {
                text("guidance.text", "text", words, 20_000).map_err(at)?;
                characters = characters.saturating_add(words.chars().count());
            }
            if let Some(before) = seen.insert(key(&entry.entry), place) {
                return Err(Refusal::new(
                    "guidance.entries",
                    format!("{} stands at {} and at {}.", entry.entry, before + 1, place + 1),
                )
                .field(format!("entries[{place}].entry"))
                .missing("each entry once"));
            }
        }
        if characters > MOST_CHARACTERS {
            return Err(Refusal::new(
                "guidance.entries",
                format!("The entries have {characters} characters."),
            )
            .field("entries")
            .missing(format!(
                "at most {MOST_CHARACTERS} characters, for example the first paragraph of each"
            )));
        }
        Ok(())
    }

    /// Its entries as they are looked up, by key.
    pub fn rows(&self) -> Vec<ControlRow<'_>> {
        let divided: BTreeSet<String> =
            self.entries.iter().flat_map(|entry| keys(&entry.entry).into_iter().skip(1)).collect();
        let mut rows: Vec<ControlRow<'_>> = self
            .entries
            .iter()
            .map(|entry| {
                let (family, key) = (Family::of(&entry.entry), key(&entry.entry));
                ControlRow { family, is_divided: divided.contains(&key), key, entry }
            })
            .collect();
        rows.sort_by(|a, b| (a.family, &a.key).cmp(&(b.family, &b.key)));
        rows
    }

    /// What is known of it where entries are looked up.
    pub fn known(&self, number: &str, edition: &str, is_open: bool) -> ControlKnown {
        let rows = self.rows();
        ControlKnown {
            number: number.to_owned(),
            edition: edition.to_owned(),
            is_open,
            families: rows.iter().map(|row| row.family).collect(),
            entries: rows
                .into_iter()
                .map(|row| {
                    let ControlEntry { entry, title, .. } = row.entry.clone();
                    (row.key, KnownEntry { entry, title, is_divided: row.is_divided })
                })
                .collect(),
        }
    }
}

/// An entry as it is known when a transfer is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its name.
    pub entry: String,
    /// What it is about.
    pub title: String,
    /// Whether the edition has entries within it.
    pub is_divided: bool,
}

/// A control list as it is known when a transfer is checked: at least those of its entries within which a line lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlKnown {
    /// Number of its file, or what it is where the reader may not know of it.
    pub number: String,
    /// Which edition.
    pub edition: String,
    /// Whether the readers of the application may know what it says.
    pub is_open: bool,
    /// The families of which it has entries.
    pub families: BTreeSet<Family>,
    /// Entries by key.
    pub entries: BTreeMap<String, KnownEntry>,
}

impl ControlKnown {
    /// The entry that something is, or lies within; none where the list has none, or divides it into others.
    pub fn find(&self, category: &str) -> Option<&KnownEntry> {
        let whole = key(category);
        let nearest = keys(category).into_iter().find_map(|key| self.entries.get_key_value(&key))?;
        (*nearest.0 == whole || !nearest.1.is_divided).then_some(nearest.1)
    }
}

/// Whether each line is an entry of a control list, as it says: a row for each line, and one alone where no list is on file.
pub(crate) fn controls(content: &Content, known: &[ControlKnown]) -> Vec<Check> {
    let check = |line, about: &str, outcome, why: String, by: Option<&ControlKnown>| Check {
        kind: CheckKind::ControlList,
        line,
        about: about.to_owned(),
        outcome,
        why,
        source: by.map_or_else(|| "control lists".to_owned(), |by| by.number.clone()),
        edition: by.map(|by| by.edition.clone()).unwrap_or_default(),
        needs: None,
    };
    let mut checks = Vec::new();
    let mut is_untold = false;
    for (number, line) in (1..).zip(&content.lines) {
        let (category, family) = (line.category.as_str(), Family::of(&line.category));
        let mut row = |outcome, why, by| checks.push(check(Some(number), category, outcome, why, by));
        if (line.class, category) == (Class::Uncontrolled, ON_NO_LIST) {
            row(CheckOutcome::Shown, "It is said to be on no list.".to_owned(), None);
            continue;
        }
        let is_said_otherwise = match line.class {
            Class::Uncontrolled => true,
            Class::DualUse => family == Family::Munitions,
            _ => false,
        };
        if is_said_otherwise {
            let why = format!(
                "{category} is an entry of {}, and the line is said to be {}.",
                family.name(),
                line.class.word().replace('-', " ")
            );
            row(CheckOutcome::Hold, why, None);
            continue;
        }
        let lists: Vec<&ControlKnown> =
            known.iter().filter(|known| known.families.contains(&family)).collect();
        let found = lists.iter().find_map(|list| list.find(category).map(|entry| (*list, entry)));
        match (found, lists.as_slice()) {
            (Some((list, entry)), _) if list.is_open => {
                let is_itself = key(&entry.entry) == key(category);
                let within = if is_itself { "" } else { "within " };
                let why = format!("It is {within}{}: {}", entry.entry, entry.title);
                row(CheckOutcome::Pass, why, Some(list));
            }
            (Some((list, _)), _) => {
                row(CheckOutcome::Pass, format!("{category} is an entry of it."), Some(list));
            }
            (None, []) => is_untold = true,
            (None, [first, ..]) => {
                let why = format!("No control list that is on file has an entry {category}.");
                row(CheckOutcome::Hold, why, Some(first));
            }
        }
    }
    if is_untold {
        let why = "No control list is on file with which all lines could be compared.".to_owned();
        checks.push(check(None, "", CheckOutcome::Shown, why, None));
    }
    checks
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::tests::by;
    use super::*;
    use crate::transfer::tests::content_of_lines;

    fn entry(name: &str) -> ControlEntry {
        ControlEntry { entry: name.to_owned(), title: format!("What {name} is"), text: None }
    }

    fn list(entries: &[&str]) -> ControlList {
        ControlList {
            name: "MUNITIONS".into(),
            title: "Munitions List".into(),
            publisher: "The commission".into(),
            applies_from: date(2012, 1, 1),
            entries: entries.iter().map(|name| entry(name)).collect(),
        }
    }

    /// What comes of one line of a category, by what is on file.
    fn of_line(category: &str, class: Class, known: &[ControlKnown]) -> (CheckOutcome, String) {
        let mut content = content_of_lines(1);
        content.lines[0].category = category.to_owned();
        content.lines[0].class = class;
        let checks = controls(&content, known);
        assert_eq!(checks.len(), 1, "{checks:?}");
        (checks[0].outcome, checks[0].why.clone())
    }

    #[test]
    fn a_line_is_an_entry_or_lies_within_one_that_is_not_divided() {
        let known =
            [list(&["ML5", "ML10", "ML10.a", "ML10.c"]).known("O-CL-MUNITIONS", "1 of 2012-01-01", true)];
        let arms = Class::OtherArms;
        for (category, outcome, why) in [
            ("ML10.c", CheckOutcome::Pass, "It is ML10.c: What ML10.c is"),
            ("ML5.b", CheckOutcome::Pass, "It is within ML5: What ML5 is"),
            ("ML10", CheckOutcome::Pass, "It is ML10: What ML10 is"),
            ("ML10.b", CheckOutcome::Hold, "No control list that is on file has an entry ML10.b."),
            ("ML1", CheckOutcome::Hold, "No control list that is on file has an entry ML1."),
            (
                "9A012",
                CheckOutcome::Shown,
                "No control list is on file with which all lines could be compared.",
            ),
        ] {
            assert_eq!(of_line(category, arms, &known), (outcome, why.to_owned()), "{category}");
        }
        assert_eq!(of_line("ML10.c", arms, &[]).0, CheckOutcome::Shown);
    }

    #[test]
    fn what_the_munitions_list_names_is_not_said_to_be_civil() {
        for class in [Class::DualUse, Class::Uncontrolled] {
            let (outcome, why) = of_line("ML10.c", class, &[]);
            assert_eq!(outcome, CheckOutcome::Hold, "{why}");
        }
        let (outcome, why) = of_line("9A012", Class::Uncontrolled, &[]);
        assert_eq!(outcome, CheckOutcome::Hold, "{why}");
        assert_eq!(of_line(ON_NO_LIST, Class::Uncontrolled, &[]).0, CheckOutcome::Shown);
    }

    #[test]
    fn readers_who_may_not_know_of_a_list_are_told_no_title() {
        let known = [list(&["ML10"]).known("a control list that is marked higher", "", false)];
        let (outcome, why) = of_line("ML10.c", Class::OtherArms, &known);
        assert_eq!((outcome, why.as_str()), (CheckOutcome::Pass, "ML10.c is an entry of it."));
    }

    #[test]
    fn an_edition_that_is_not_whole_is_refused_with_its_place() {
        let context = by("l.officer");
        assert!(list(&["ML5", "9A012"]).check(&context).is_ok());
        for (entries, field) in [
            (vec![], "entries"),
            (vec!["ML5", "PL5001"], "entries[1].entry"),
            (vec!["ML5.b", "ML6", "ML5.B"], "entries[2].entry"),
        ] {
            let refusal = list(&entries).check(&context).unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some(field), "{refusal:?}");
        }
        let later = ControlList { applies_from: date(2013, 1, 1), ..list(&["ML5"]) };
        assert_eq!(later.check(&context).unwrap_err().field.as_deref(), Some("applies_from"));
    }

    /// The rule as one would write it without keys: the nearest entry that holds it, unless entries divide that one.
    fn plainly(entries: &[String], category: &str) -> Option<String> {
        let holds = |outer: &str, inner: &str| inner == outer || inner.starts_with(&format!("{outer}."));
        let nearest =
            entries.iter().filter(|entry| holds(entry, category)).max_by_key(|entry| entry.len())?;
        let is_divided = entries.iter().any(|entry| entry != nearest && holds(nearest, entry));
        (nearest == category || !is_divided).then(|| nearest.clone())
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_the_rule_says(
            entries in proptest::collection::btree_set("ML[1-3](\\.[ab](\\.[12])?)?", 0..12),
            category in "ML[1-3](\\.[ab](\\.[12])?)?",
        ) {
            let names: Vec<String> = entries.into_iter().collect();
            let names_of: Vec<&str> = names.iter().map(String::as_str).collect();
            let known = list(&names_of).known("O-CL-MUNITIONS", "1", true);
            let found = known.find(&category).map(|found| found.entry.clone());
            prop_assert_eq!(found, plainly(&names, &category));
        }
    }
}
